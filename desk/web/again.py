"""The records are being written, and somebody has just typed a page full: it is kept for them, to be sent again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.web.context import POST, Visit
from desk.web.render import show

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

KEPT_UNDER = ("/mentions/", "/incidents/")
"""Where what was typed is put back into the page. Never a password, a code, a file, or who told the school."""


def show_busy(request: Request) -> Response:
    """Not now. A form about a post or an incident stands in the answer as it was sent, with a button that sends it again."""
    visit: Visit | None = getattr(request.state, "visit", None)
    path = request.url.path
    if visit is None or visit.form is None or request.method != POST or not path.startswith(KEPT_UNDER):
        return show(request, "message.html.j2", 503, message="busy_now")
    pairs = visit.form.pairs
    typed = tuple(value for _, value in pairs if len(value.split()) > 1)
    return show(request, "busy_again.html.j2", 503, action=path, pairs=pairs, typed=typed)

"""To the school's directory and back (OpenID Connect); what is asked and checked there is the gate's business."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.sign_in_port import Away, SignedIn, WhyDeclined
from desk.sign_in_words import BY_DIRECTORY, SIGN_IN_WORDS, TOO_MANY
from desk.web.context import visit_of
from desk.web.cookies import OPENID, drop_cookie, read_cookie, set_cookie
from desk.web.forms import sent
from desk.web.paths import START
from desk.web.render import Problem, show
from desk.web.sign_in import begin_session, sign_in_page

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from desk.web.context import Desk
    from mentionwatch.accounts import Viewer


def take_openid(request: Request, desk: Desk, _viewer: Viewer | None) -> Response:
    """A page that goes on to the directory by itself: `form-action 'self'` holds a browser back from a redirect there."""
    form, visit = sent(request, "key"), visit_of(request)
    answer = desk.sign_in.begin_openid(form.text("key"), visit.lang, visit.now)
    if not isinstance(answer, Away):
        return _declined(request, desk, answer.why)
    response = show(
        request, "onward.html.j2", words=SIGN_IN_WORDS, onward=answer.address, onward_says="to_directory"
    )
    # It comes back from another site: a strict cookie would stay behind.
    set_cookie(response, desk.site, OPENID, answer.state, same_site="lax")
    return response


def page_back(request: Request, desk: Desk, _viewer: Viewer | None) -> Response:
    """Back from it. Again a page that goes on by itself: a strict cookie does not travel a way that began elsewhere."""
    visit, asked = visit_of(request), request.query_params
    answer = desk.sign_in.finish_openid(
        asked.get("state", ""), read_cookie(request, desk.site, OPENID), asked.get("code", ""),
        asked.get("iss", ""), visit.address, visit.now,
    )  # fmt: skip
    if isinstance(answer, SignedIn):
        onward = show(request, "onward.html.j2", onward=START, onward_says="onward")
        response = begin_session(request, desk, onward, answer)
    else:
        response = _declined(request, desk, answer.why)
    drop_cookie(response, desk.site, OPENID)
    return response


def _declined(request: Request, desk: Desk, why: WhyDeclined) -> Response:
    pair = TOO_MANY if why is WhyDeclined.TOO_MANY else BY_DIRECTORY
    problem = Problem("", pair[visit_of(request).lang == "cy"])
    return sign_in_page(request, desk, 403, to=START, problems=(problem,))

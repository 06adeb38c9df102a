"""Reporting a post: first the question about the picture, then the form it leads to, then a receipt (L16, L19, D16).

Until the question is answered with no there is no field for a file. Who told the school is in no page, whatever
happens: not in the receipt, not in a form that is shown again.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse

from desk.acts import Busy, RefusedHere
from desk.report_form import MOST_ADDRESS, MOST_LINE, MOST_TEXT, ReportTyped, read_report
from desk.report_words import REPORT_WORDS
from desk.web.context import visit_of
from desk.web.forms import sent
from desk.web.render import Problem, show, speaker

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from desk.web.context import Desk
    from mentionwatch.accounts import Viewer

QUESTION, POST_FORM, STOP_FORM, RECEIPT = "/report", "/report/post", "/report/sealed", "/report/receipt"
_FIELDS = ("address", "platform", "posted", "posted_on", "posted_time", "reporter")


def page_question(request: Request, _desk: Desk, _viewer: Viewer) -> Response:
    return show(request, "report.html.j2", words=REPORT_WORDS)


def take_answer(request: Request, _desk: Desk, _viewer: Viewer) -> Response:
    """Where the answer leads. Whoever is not sure goes the sealed way."""
    answer = sent(request, "image").text("image")
    if answer not in ("no", "yes"):
        problem = Problem("image", speaker(request, REPORT_WORDS)("answer_question"))
        return show(request, "report.html.j2", 422, words=REPORT_WORDS, problems=(problem,))
    return RedirectResponse(f"{POST_FORM}?image=no" if answer == "no" else STOP_FORM, 303)


def page_post_form(request: Request, _desk: Desk, _viewer: Viewer) -> Response:
    """The form with a field for a file: only for whoever comes from the question."""
    if request.query_params.get("image") != "no":
        return RedirectResponse(QUESTION, 303)
    return _form_page(request, is_indecent=False)


def page_stop_form(request: Request, _desk: Desk, _viewer: Viewer) -> Response:
    return _form_page(request, is_indecent=True)


def _form_page(
    request: Request,
    status: int = 200,
    *,
    is_indecent: bool,
    typed: ReportTyped | None = None,
    problems: tuple[Problem, ...] = (),
) -> Response:
    return show(
        request, "report_form.html.j2", status, words=REPORT_WORDS, problems=problems, is_indecent=is_indecent,
        action=STOP_FORM if is_indecent else POST_FORM, typed=typed or ReportTyped(), is_again=typed is not None,
        most_address=MOST_ADDRESS, most_line=MOST_LINE, most_text=MOST_TEXT,
    )  # fmt: skip


def take_post(request: Request, desk: Desk, viewer: Viewer) -> Response:
    form = sent(request, *_FIELDS, "text", "picture", "image")
    if form.text("image") != "no":
        return RedirectResponse(QUESTION, 303)
    upload = form.file("picture")
    typed = _typed(request, form.text("text"), upload.data if upload else b"")
    return _take(request, desk, viewer, typed, is_indecent=False)


def take_stop(request: Request, desk: Desk, viewer: Viewer) -> Response:
    """Without words and without a file: the table lets no file through here, and another field is refused."""
    sent(request, *_FIELDS)
    return _take(request, desk, viewer, _typed(request), is_indecent=True)


def _typed(request: Request, text: str = "", picture: bytes = b"") -> ReportTyped:
    form = visit_of(request).form
    if form is None:
        raise HTTPException(400)
    return ReportTyped(**{name: form.text(name) for name in _FIELDS}, text=text, picture=picture)


def _take(request: Request, desk: Desk, viewer: Viewer, typed: ReportTyped, *, is_indecent: bool) -> Response:
    visit, say = visit_of(request), speaker(request, REPORT_WORDS)
    read = read_report(typed, visit.now, is_indecent=is_indecent)
    if isinstance(read, tuple):
        problems = tuple(Problem(one.field, say(one.key)) for one in read)
        return _form_page(request, 422, is_indecent=is_indecent, typed=typed, problems=problems)
    outcome = desk.reports.take_report(viewer, read, visit.lang, visit.now) if desk.reports else Busy()
    if isinstance(outcome, RefusedHere):
        problem = Problem(outcome.field, outcome.reason)
        return _form_page(request, 422, is_indecent=is_indecent, typed=typed, problems=(problem,))
    if isinstance(outcome, Busy):
        problem = Problem("", say("report_busy"))
        return _form_page(request, 503, is_indecent=is_indecent, typed=typed, problems=(problem,))
    way = "sealed" if is_indecent else "post"
    query = urlencode({"number": outcome.id, "way": way, "proof": _proof(request, outcome.id, way)})
    return RedirectResponse(f"{RECEIPT}?{query}", 303)


def _proof(request: Request, number: str, way: str) -> str:
    """Ties a receipt to the session that got it: nobody tries out numbers, and no link shows a made-up one."""
    said = f"receipt {way} {number}".encode("utf-8", "replace")
    return hmac.new(visit_of(request).csrf.encode(), said, hashlib.sha256).hexdigest()


def page_receipt(request: Request, _desk: Desk, _viewer: Viewer) -> Response:
    """The same words for a post that was known and one that was not: that may be nothing for this viewer (L31)."""
    number, way = (request.query_params.get(name, "") for name in ("number", "way"))
    proof = request.query_params.get("proof", "").encode("utf-8", "replace")
    if not hmac.compare_digest(proof, _proof(request, number, way).encode()):
        raise HTTPException(404)
    return show(
        request, "report_receipt.html.j2", words=REPORT_WORDS, number=number, is_indecent=way == "sealed"
    )

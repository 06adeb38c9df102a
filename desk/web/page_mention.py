"""One mention: why it is here, who looked, when it goes; its words, opened on purpose; and what a person says it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from desk.acts import Busy, Done, NoSuch, Outcome, Overtaken, RefusedHere
from desk.audit_words import say_role
from desk.evidence_words import CHECK_SAYS, EVIDENCE_WORDS
from desk.first_words import FIRST_SAYS, FIRST_WORDS, say_turn_to
from desk.mention_port import CorrectionGiven, MentionActs, judging_roles
from desk.mention_words import MENTION_WORDS
from desk.not_ours_words import NOT_OURS_WORDS
from desk.standard_reasons import find_reason, reasons_of
from desk.summary import SummaryGiven, is_covered
from desk.summary_words import SUMMARY_WORDS
from desk.web.evidence_part import evidence_of
from desk.web.forms import Form, sent, whole_number
from desk.web.page_not_ours import may_judge, show_gone
from desk.web.page_opening import may_open
from desk.web.paging import latest_part
from desk.web.paths import START, from_start, mention_path
from desk.web.render import Problem, go, said_of, show, speaker
from desk.web.shown_before import FIELD, prove
from mentionwatch.accounts import Right
from mentionwatch.labels import Harm, Label, Route

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from desk.pages import MentionDetail
    from desk.web.context import Desk
    from mentionwatch.accounts import Viewer

LEAST_REASON = 5
CORRECTED = "corrected"
PER_PAGE = 50
"""Of who looked, the latest: a page weighs the same however often a post was opened."""
_KNOWN_VERBS = frozenset(
    key.removeprefix("did_") for key in MENTION_WORDS if key.startswith("did_") and key != "did_something"
)


def _acts(desk: Desk) -> MentionActs:
    if desk.mentions is None:
        raise HTTPException(404)
    return desk.mentions


def _read(request: Request, desk: Desk, viewer: Viewer) -> MentionDetail:
    found = desk.records.mention(viewer, request.path_params["id"], viewer.lang)
    if found is None:
        raise HTTPException(404)
    return found


def _show(
    request: Request,
    viewer: Viewer,
    detail: MentionDetail,
    form: Form | None = None,
    problems: tuple[Problem, ...] = (),
    status: int = 200,
    *,
    opened: bool = False,
    is_known_now: bool = True,
    summary: Form | None = None,
) -> Response:
    """`opened`: the words are in this answer. `is_known_now`: what others said meanwhile counts as read with this page.

    `summary`: a summary that could not be taken, to be shown again.
    """
    say = speaker(request, MENTION_WORDS)
    there = str(sum(look.verb == CORRECTED for look in detail.looks))
    seen = there if form is None or is_known_now else form.text("seen")
    revision = str(detail.mention.revision) if form is None else form.text("revision")
    looks = [
        (
            say(f"did_{look.verb}" if look.verb in _KNOWN_VERBS else "did_something"),
            say_role(look.role, say.lang),
            look.happened_at,
        )
        for look in detail.looks
    ]
    mention = detail.mention
    return show(
        request,
        "mention.html.j2",
        status,
        words={**EVIDENCE_WORDS, **MENTION_WORDS, **FIRST_WORDS, **SUMMARY_WORDS, **NOT_OURS_WORDS},
        problems=problems,
        said=said_of(request, "taken_down", "summary_stored", *FIRST_SAYS, *CHECK_SAYS),
        may_sum_up=(opened or summary is not None) and not mention.is_withheld and is_covered(mention),
        first=detail.first_reading,
        first_roles=say_turn_to(detail.first_reading, say.lang),
        summary_role=say_role(detail.summary.role, say.lang) if detail.summary else "",
        summary_typed=summary.text("summary") if summary else "",
        summary_revision=summary.text("revision") if summary else str(mention.revision),
        detail=detail,
        evidence=evidence_of(request, viewer, mention.id),
        m=mention,
        path=mention_path(mention.id),
        came="?from=start" if from_start(request) else "",
        is_covered=is_covered(mention),
        opened=opened,
        looks=latest_part(request, looks, PER_PAGE, "looks"),
        form=form or Form(()),
        seen=seen,
        revision=revision,
        may_correct=viewer.has(Right.CORRECT) and not mention.is_withheld,
        roles=judging_roles(viewer),
        has_steps=viewer.has(Right.TAKE_STEPS)
        and not mention.incident
        and mention.label in (Label.CONCERN, Label.POSITIVE),
        sees_list=viewer.has(Right.MENTIONS),
        may_open=may_open(viewer, mention),
        may_throw_away=may_judge(viewer, detail),
        shown=prove(viewer.account_id, mention.id),
        labels=tuple((label.value, say.label(label)) for label in Label),
        short_reasons=tuple((say.label(label), reasons_of(label)) for label in Label),
        harms=tuple((harm.value, say.harm(harm)) for harm in Harm),
        routes=(("", say("no_route")), *((route.value, say.route(route)) for route in Route)),
    )


def page_mention(request: Request, desk: Desk, viewer: Viewer) -> Response:
    return _show(request, viewer, _read(request, desk, viewer))


def page_back(request: Request, desk: Desk, viewer: Viewer) -> Response:
    """The address of a form, loaded as a page (after a change of language): back to the mention, words covered."""
    return go(mention_path(_read(request, desk, viewer).mention.id))


def open_words(request: Request, desk: Desk, viewer: Viewer) -> Response:
    """Noted first, shown then, in this answer only: nothing that can be loaded again holds the words."""
    sent(request)
    detail = _read(request, desk, viewer)
    if detail.mention.is_withheld:
        raise HTTPException(404)
    outcome = _acts(desk).open_words(viewer, detail.mention.id)
    if isinstance(outcome, Busy):
        return show(request, "message.html.j2", 503, message="busy_now")
    if isinstance(outcome, NoSuch):
        raise HTTPException(404)
    return _show(request, viewer, _read(request, desk, viewer), opened=True)


def take_correction(request: Request, desk: Desk, viewer: Viewer) -> Response:
    form = sent(
        request,
        "label",
        "route",
        "because",
        "reason",
        "as_role",
        "seen",
        "revision",
        FIELD,
        several=("harms",),
    )
    detail = desk.records.mention(viewer, request.path_params["id"], viewer.lang)
    if detail is None:
        return show_gone(request, desk, viewer, form)
    say = speaker(request, MENTION_WORDS)
    chosen = find_reason(form.text("because"))
    if chosen is None and form.text("because"):
        raise HTTPException(400)
    # A short reason says what the post is too.
    label = form.text("label") or (chosen.label.value if chosen else "")
    reason = form.text("reason") or (chosen.text(viewer.lang) if chosen else "")
    problems = []
    if label not in tuple(Label):
        problems.append(Problem("label", say("need_label")))
    elif chosen and chosen.label != label:
        problems.append(Problem("label", say("because_of_another", label=say.label(chosen.label))))
    if len(reason) < LEAST_REASON:
        problems.append(Problem("reason", say("need_reason")))
    elif chosen and form.text("reason"):
        problems.append(Problem("reason", say("one_reason")))
    if not form.text("as_role"):
        problems.append(Problem("as_role", say("need_role")))
    if problems:
        return _show(request, viewer, detail, form, tuple(problems), 422, is_known_now=False)
    given = CorrectionGiven(
        detail.mention.id, label, form.all("harms"), form.text("route"), reason,
        form.text("as_role"), whole_number(form.text("revision")), whole_number(form.text("seen")),
    )  # fmt: skip
    if any(harm not in tuple(Harm) for harm in given.harms) or given.route not in ("", *Route):
        raise HTTPException(400)
    outcome = _acts(desk).correct(viewer, given, viewer.lang)
    if isinstance(outcome, Busy):
        # What was read before it was sent will do: the records may be held for a while yet.
        busy = (Problem("", say("busy_now")),)
        return _show(request, viewer, detail, form, busy, 503, is_known_now=False)
    return _answer(request, desk, viewer, form, outcome)


def take_summary(request: Request, desk: Desk, viewer: Viewer) -> Response:
    """What somebody who has read it first says of it. Their own words come back with whatever is wrong with them."""
    detail = _read(request, desk, viewer)
    form = sent(request, "summary", "revision", "seen")
    say = speaker(request, MENTION_WORDS | SUMMARY_WORDS)
    if desk.summaries is None:
        raise HTTPException(404)
    given = SummaryGiven(
        detail.mention.id,
        form.text("summary"),
        whole_number(form.text("revision")),
        form.text("seen") == "yes",
    )
    outcome = desk.summaries.write_summary(viewer, given, viewer.lang)
    if isinstance(outcome, NoSuch):
        raise HTTPException(404)
    if isinstance(outcome, Done):
        return go(mention_path(detail.mention.id), "summary_stored")
    if isinstance(outcome, Busy):
        return _show(request, viewer, detail, None, (Problem("", say("busy_now")),), 503, summary=form)
    if isinstance(outcome, RefusedHere):
        problem = Problem(outcome.field, outcome.reason)
        return _show(request, viewer, detail, None, (problem,), 422, summary=form)
    told = say("summary_meanwhile", role=say.role(outcome.role), when=say.moment(outcome.at))
    now = _read(request, desk, viewer)
    return _show(request, viewer, now, None, (Problem("", told),), 409, summary=form)


def _answer(request: Request, desk: Desk, viewer: Viewer, form: Form, outcome: Outcome) -> Response:
    """Done: on to a page that can be loaded again. Anything else: the same form, with what was written in it."""
    say = speaker(request, MENTION_WORDS)
    if isinstance(outcome, NoSuch):
        raise HTTPException(404)
    if isinstance(outcome, RefusedHere | Overtaken):
        detail = _read(request, desk, viewer)
        if isinstance(outcome, RefusedHere):
            problem = Problem(outcome.field, outcome.reason)
            return _show(request, viewer, detail, form, (problem,), 422, is_known_now=False)
        told = say("corrected_meanwhile", role=say.role(outcome.role), when=say.moment(outcome.at))
        return _show(request, viewer, detail, form, (Problem("", told),), 409)
    return go(START if from_start(request) else mention_path(request.path_params["id"]), "taken_down")

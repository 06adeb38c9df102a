"""One incident: where it stands, what this person may do next, and a form for every step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from desk.acts import Busy, Done, NoSuch, Outcome, Overtaken, StepGiven
from desk.audit_words import say_role
from desk.choice_words import say_choice
from desk.document_words import DOCUMENT_WORDS
from desk.evidence_words import CHECK_SAYS, EVIDENCE_WORDS
from desk.first_words import FIRST_SAYS, FIRST_WORDS, say_turn_to
from desk.incident_words import INCIDENT_WORDS
from desk.render import raise_first
from desk.sentence_words import REASON
from desk.sentences import Answered, Offered, chosen_name, list_sentences, read_sentence
from desk.step_form import (
    CONFLICT,
    EASY,
    EFFECT,
    GRAVE,
    HARM,
    LEAST_REASON,
    LIMB_PAIR,
    OFFENCE,
    TICK,
    FactField,
    Settled,
    StepPage,
    Wrong,
    is_twice,
    needs_occasions,
    read_given,
    reason_from,
    settle,
    split_pair,
)
from desk.summary_words import SUMMARY_WORDS
from desk.support_words import SUPPORT_WORDS
from desk.web.evidence_part import evidence_of
from desk.web.forms import Form, sent
from desk.web.last_step import SAID, name_step, note_step, tell_step
from desk.web.paging import latest_part
from desk.web.paths import START, from_start, incident_path
from desk.web.render import Problem, go, said_of, show, speaker
from incidents.facts import FactKind
from incidents.steps import Event
from mentionwatch.accounts import Right

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from desk.acts import StepActs
    from desk.pages import StepLine
    from desk.web.context import Desk
    from desk.web.render import PageSpeaker
    from mentionwatch.accounts import Viewer

_GRAVE = frozenset(event.value for event in GRAVE)
_TICK = f"fact_{CONFLICT}"
_SHORT_KEYS = ("author", HARM, OFFENCE)
_EASY = tuple(event.value for event in EASY)
PER_PAGE = 50
"""Of what happened, the latest: a page weighs the same however long an incident has gone on."""


def page_incident(request: Request, desk: Desk, viewer: Viewer) -> Response:
    page = desk.records.incident(viewer, request.path_params["id"], viewer.lang)
    if page is None:
        raise HTTPException(404)
    mine: list[StepLine] = []
    theirs: list[StepLine] = []
    acts = frozenset(viewer.protocol_roles) if desk.steps and viewer.has(Right.TAKE_STEPS) else frozenset()
    for step in (*page.at_once, *page.open_steps):
        (mine if acts.intersection(step.open_to) else theirs).append(step)
    easy = sorted((step for step in mine if step.event in _EASY), key=lambda step: _EASY.index(step.event))
    return show(
        request,
        "incident.html.j2",
        words={
            **DOCUMENT_WORDS,
            **EVIDENCE_WORDS,
            **INCIDENT_WORDS,
            "card_link": SUPPORT_WORDS["card_link"],
            **FIRST_WORDS,
            **SUMMARY_WORDS,
        },
        told=tell_step(request, desk, viewer, page.incident),
        said=said_of(request, "snoozed", "snooze_ended", *FIRST_SAYS, *CHECK_SAYS),
        page=page,
        history=latest_part(request, page.history, PER_PAGE, "history"),
        first=page.first_reading,
        first_roles=say_turn_to(page.first_reading, viewer.lang),
        summary_role=say_role(page.summary.role, viewer.lang) if page.summary else "",
        letters=desk.documents.documents(viewer, page.incident.id) if desk.documents else None,
        evidence=evidence_of(request, viewer, page.incident.id),
        easy=easy,
        mine=[step for step in mine if step not in easy],
        theirs=theirs,
        acts=acts,
        grave=_GRAVE,
        say_choice=say_choice,
        path=incident_path(page.incident.id),
    )


def steps_of(desk: Desk) -> StepActs:
    """How this desk takes steps. Raises HTTPException 404 for one that only reads."""
    if desk.steps is None:
        raise HTTPException(404)
    return desk.steps


def _step_page(request: Request, desk: Desk, viewer: Viewer) -> StepPage:
    found = steps_of(desk).step_page(
        viewer, request.path_params["id"], request.path_params["event"], viewer.lang
    )
    if found is None:
        raise HTTPException(404)
    return found


def page_step(request: Request, desk: Desk, viewer: Viewer) -> Response:
    return _show_step(request, _step_page(request, desk, viewer), Form(()))


def _show_step(
    request: Request, page: StepPage, form: Form, problems: tuple[Problem, ...] = (), status: int = 200
) -> Response:
    """What happened after the form was made stays unseen until this person has been told of it: then 409."""
    seen = form.text("seen") if form.text("seen") and status != 409 else str(page.seen)
    twice = {
        field.key
        for field in page.fields
        if len(field.names) == 3 and is_twice(form.text(field.names[0]), form.text(field.names[1]))
    }
    say = speaker(request, INCIDENT_WORDS)
    settled = _settle(request, page, form, say.lang)
    asked = [field for field in page.fields if not _is_answered(field, page, settled)]
    keys = {field.key for field in asked if field.must_be_given}
    pair = tuple(field for field in asked if field.key in (EFFECT, HARM)) if {EFFECT, HARM} <= keys else ()
    return show(
        request, "step.html.j2", status, words=INCIDENT_WORDS, problems=problems,
        page=page, form=form, twice=twice, seen=seen, back=incident_path(page.id),
        asked_fields=[field for field in asked if field.must_be_given and field not in pair],
        optional_fields=[field for field in asked if not field.must_be_given],
        pair=pair, pair_name=LIMB_PAIR, settled=settled,
        settled_lines=[(field, settled.get(field.key)) for field in page.fields if settled.get(field.key)],
        conflict=_TICK, from_start=from_start(request),
        name=_name_of(page, say),
        short_keys=_SHORT_KEYS, sentences=lambda key: list_sentences(page.event, key, say.lang),
        reason_key=reason_from(page, settled), reason=_read_words(form, _list_offered(page, say.lang))[REASON].text,
    )  # fmt: skip


def _name_of(page: StepPage, say: PageSpeaker) -> str:
    """What a form is called: as the link to it, where that is enough; else what the protocol says of the step."""
    return say("named_safeguarding") if page.event is Event.SAFEGUARDING else name_step(page.event, say)


def _settle(request: Request, page: StepPage, form: Form, lang: str) -> Settled:
    return settle(page, lambda key: _settled(request, form, key), lang)


def _settled(request: Request, form: Form, key: str) -> str:
    """What the address answers, unless the form that was sent says otherwise."""
    answer = request.query_params.get(key, "")
    return answer if form.text(f"fact_{key}") in ("", answer) else ""


def _is_answered(field: FactField, page: StepPage, settled: Settled) -> bool:
    """Asked no more: the link said it, the button says it, or it belongs to an offence that was not named."""
    if settled.get(field.key) or (page.says_conflict and field.key == CONFLICT):
        return True
    offence = settled.get(OFFENCE)
    return bool(offence) and (field.key == TICK or (field.key == "occasion" and not needs_occasions(offence)))


def take_step(request: Request, desk: Desk, viewer: Viewer) -> Response:
    page = _step_page(request, desk, viewer)
    names = [name for field in page.fields for name in field.names]
    several = [field.name for field in page.fields if field.is_ticks]
    say = speaker(request, INCIDENT_WORDS)
    offered = _list_offered(page, say.lang)
    fields = (
        "as_role",
        "confirm",
        "seen",
        _TICK,
        LIMB_PAIR,
        REASON,
        *names,
        *map(chosen_name, (REASON, *names)),
    )
    form = sent(request, *fields, several=several)
    said = _read_words(form, offered)
    given, wrong = read_given(page.fields, _said_of(form, said), form.all)
    labels = {name: _label(field, say) for field in page.fields for name in field.names} | {
        REASON: say("step_reason")
    }
    problems = [_problem(one, offered, labels[one.field], say) for one in wrong]
    problems += [
        Problem(chosen_name(name), say("both_said", label=labels[name]))
        for name, one in said.items()
        if one.is_both
    ]
    if not form.text("as_role"):
        problems.append(Problem("as_role", say("need_role")))
    reason, as_fact = said[REASON].text, reason_from(page, _settle(request, page, form, say.lang))
    if as_fact:
        reason = reason or _reason_of(given, as_fact, say.lang)
    elif len(reason) < LEAST_REASON:
        key = "need_reason_or_own" if offered[REASON] else "need_reason"
        problems.append(Problem(chosen_name(REASON) if offered[REASON] and not reason else REASON, say(key)))
    # Deciding at once is confirmed by a fact that is among the fields. Sent after somebody else handed it over, it confirms
    # too: what became of it is told by `seen`.
    ticked = form.text("confirm") if _TICK in names else form.text("confirm") or form.text(_TICK)
    if not page.says_conflict and ticked != "yes":
        problems.append(Problem("confirm", say("need_confirm")))
    if problems:
        return _show_step(request, page, form, tuple(problems), 422)
    seen = form.text("seen")
    if not (seen.isascii() and seen.isdigit() and len(seen) < 9):
        raise HTTPException(400)
    asked = StepGiven(page.id, page.event.value, form.text("as_role"), reason, given, int(seen))
    outcome = steps_of(desk).take_step(viewer, asked, viewer.lang)
    return _answer(request, desk, viewer, form, page.event, outcome)


def _list_offered(page: StepPage, lang: str) -> Mapping[str, Offered]:
    """What each field offers in which words must be typed, by its name; what was said before is only typed anew."""
    texts = {
        field.name: field.key for field in page.fields if field.kind is FactKind.TEXT and field.must_be_given
    }
    return {name: list_sentences(page.event, key, lang) for name, key in (*texts.items(), (REASON, REASON))}


def _read_words(form: Form, offered: Mapping[str, Offered]) -> Mapping[str, Answered]:
    """What was said in each of them: the sentence that was chosen, or the words that were typed."""
    return {
        name: read_sentence(each, form.text(chosen_name(name)), form.text(name))
        for name, each in offered.items()
    }


def _said_of(form: Form, said: Mapping[str, Answered]) -> Callable[[str], str]:
    """The fields of the form; the one choice that says whom and how, as the two facts it says."""
    pair = dict(zip((f"fact_{EFFECT}", f"fact_{HARM}"), split_pair(form.text(LIMB_PAIR)), strict=True))
    return lambda name: (said[name].text if name in said else form.text(name)) or pair.get(name, "")


def _problem(one: Wrong, offered: Mapping[str, Offered], label: str, say: PageSpeaker) -> Problem:
    """Where sentences are offered and nothing was said, it is said beside the first of them."""
    if one.key == "ask_text" and offered.get(one.field):
        return Problem(chosen_name(one.field), say("ask_sentence", label=label))
    return Problem(one.field, say(one.key, label=label))


def _reason_of(given: Sequence[tuple[str, str]], fact: str, lang: str) -> str:
    """The reason a fact gives, after the offence it is about: "Harassment: it goes on despite warnings"."""
    facts = dict(given)
    because = facts.get(fact, "")
    return because and f"{raise_first(say_choice(OFFENCE, facts.get(OFFENCE, ''), lang))}: {because}"


def _label(field: FactField, say: PageSpeaker) -> str:
    return say.protocol(field.says)


def _answer(
    request: Request, desk: Desk, viewer: Viewer, form: Form, event: Event, outcome: Outcome
) -> Response:
    """Done: on to a page that can be loaded again. Anything else: the same form, with what was written in it."""
    id_ = request.path_params["id"]
    if isinstance(outcome, Done):
        note_step(viewer, event, id_)
        if from_start(request):
            return go(START, SAID)
        # After stepping back, or after the stop rule, it may be none of theirs any more.
        if desk.records.incident(viewer, id_, viewer.lang) is None:
            return go("/incidents", "step_taken_away")
        return go(incident_path(id_), SAID)
    if isinstance(outcome, NoSuch):
        raise HTTPException(404)
    say = speaker(request, INCIDENT_WORDS)
    page = _step_page(request, desk, viewer)
    if isinstance(outcome, Busy):
        return _show_step(request, page, form, (Problem("", say("busy_now")),), 503)
    if isinstance(outcome, Overtaken):
        told = say("overtaken", what=say.happened(outcome.event), role=say.role(outcome.role), when=say.moment(outcome.at))  # fmt: skip
        return _show_step(request, page, form, (Problem("", told),), 409)
    return _show_step(request, page, form, (Problem(_field_id(page, outcome.field), outcome.reason),), 422)


def _field_id(page: StepPage, key: str) -> str:
    return next((field.names[0] for field in page.fields if field.key == key), key)

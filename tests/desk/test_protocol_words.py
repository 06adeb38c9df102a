"""Whatever the protocol can say, it says in Welsh and in plain English: every row, fact, clock, guard and refusal."""

from __future__ import annotations

import ast
import inspect
import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from types import ModuleType
from typing import Any

import pytest

from desk import protocol_vocabulary as pv
from desk import vocabulary
from desk.protocol_words import WELSH, group_refusals, in_english, in_welsh, recorded_by_software, split_quote
from desk.web_words import WebSpeaker
from incidents import fact_guards as f
from incidents import guards as g
from incidents import protocol
from incidents.deadlines import ClockName
from incidents.facts import Facts
from incidents.protocol import find_refusal
from incidents.standing import DocumentKind, DocumentMade, IncidentNow, Track, TrackState
from incidents.steps import Actor, Event
from incidents.transitions import TRANSITIONS
from mentionwatch.labels import AuthorKind, Channel, IncidentState, Role
from mentionwatch.law import OFFENCES
from mentionwatch.policy import PolicyPack, RuleKey
from tests.incidents.packs import LLANBEDROG, NOW, PACKS, PEOPLE, standing, with_values, without
from warehouse import incidents as stored_incidents
from warehouse import store, telling

TABLES: tuple[tuple[type[StrEnum], Mapping[Any, tuple[str, str]]], ...] = (
    (AuthorKind, vocabulary.AUTHORS),
    (Channel, vocabulary.CHANNELS),
    (Track, pv.TRACKS),
    (TrackState, pv.TRACK_STATES),
    (ClockName, pv.CLOCKS),
    (DocumentKind, pv.DOCUMENTS),
    (Actor, pv.ACTORS),
)
ENGLISH = set("the is not has have no of and was been this it who that with by or from step".split())
CODES = {state.value for state in IncidentState} | {
    value.value for value in (*Role, *AuthorKind, *DocumentKind) if "_" in value
}


@pytest.mark.parametrize("values, table", TABLES, ids=lambda item: getattr(item, "__name__", ""))
def test_every_value_of_the_protocol_has_words_in_both_languages(
    values: type[StrEnum], table: Mapping[Any, tuple[str, str]]
) -> None:
    assert set(table) == set(values)
    for english, welsh in table.values():
        assert english and welsh and english != welsh and "_" not in english + welsh


def test_every_step_fact_and_need_of_the_protocol_has_welsh_words() -> None:
    said = {row.summary for row in TRANSITIONS} | {row.needs for row in TRANSITIONS if row.needs}
    said |= {fact.says for row in TRANSITIONS for fact in row.facts}
    assert [each for each in sorted(said) if each not in WELSH] == []


def test_every_event_is_told_in_words_also_those_only_the_night_or_a_merge_writes() -> None:
    written = set(stored_incidents.ARRIVALS.values())
    source = inspect.getsource(store) + inspect.getsource(telling)
    written |= set(re.findall(r'book\.note\(place\.told, "(\w+)"', source))
    written |= set(re.findall(r'event = "(\w+)" if .* else "(\w+)"', source)[0])
    written |= set(re.findall(r'event = "(\w+)"$', source, re.MULTILINE))
    assert {"open", "seen_gone", "seen_again", "edited", "seen_elsewhere", "reported_again"} <= written
    assert {event.value for event in Event} | written <= set(pv.HAPPENED)
    for english, welsh in pv.HAPPENED.values():
        assert english and welsh and english != welsh


def _told(module: ModuleType, *only: str) -> list[tuple[str, list[str]]]:
    """Every sentence a module's functions can return, as its fixed pieces in order, with the function's name."""
    found: list[tuple[str, list[str]]] = []
    for function in ast.parse(inspect.getsource(module)).body:
        if not isinstance(function, ast.FunctionDef) or (only and function.name not in only):
            continue
        returns = [node.value for node in ast.walk(function) if isinstance(node, ast.Return)]
        for value in itertools.chain.from_iterable(map(_branches, returns)):
            pieces = [part.value for part in value.values if isinstance(part, ast.Constant)] if isinstance(value, ast.JoinedStr) else [value.value]  # fmt: skip
            texts = [piece for piece in pieces if isinstance(piece, str) and piece]
            if texts:
                found.append((function.name, texts))
    return found


def _branches(value: ast.expr | None) -> Iterator[ast.JoinedStr | ast.Constant]:
    if isinstance(value, ast.IfExp):
        yield from _branches(value.body)
        yield from _branches(value.orelse)
    elif isinstance(value, ast.BinOp):
        yield from _branches(value.left)
    elif isinstance(value, ast.JoinedStr | ast.Constant):
        yield value


def _is_said(pieces: list[str], said: list[str]) -> bool:
    told = re.compile(".*" + ".*".join(map(re.escape, pieces)) + ".*", re.DOTALL)
    return any(told.fullmatch(one) for one in said)


S = IncidentState
PARENT = standing(S.PREPARED)
BARE = standing(S.PREPARED, author=None, has_evidence=False, documents=())
LATE = NOW + timedelta(days=2)


def _by(now: IncidentNow, **facts: str) -> IncidentNow:
    return replace(now, facts=now.facts.with_more(Facts(tuple(facts.items()))))


def _guard_refusals() -> list[str]:
    pack = LLANBEDROG
    old = replace(PARENT, documents=(DocumentMade(DocumentKind.REMOVAL, "x", is_current=False),))
    merged = replace(PARENT, before_merge=S.INTERNAL, merged_at=NOW - timedelta(days=31))
    given = replace(PARENT, tracks=((Track.LETTER_CHECK, TrackState.OPEN),))
    kinds = [standing(S.INTERNAL, author=kind) for kind in AuthorKind]
    asked = [
        g.has_evidence(BARE, pack),
        *(g.author_is(*AuthorKind)(BARE, pack) for _ in "1"),
        *(g.author_is(AuthorKind.PUPIL, AuthorKind.FORMER_PUPIL)(now, pack) for now in kinds),
        *(g.author_is(AuthorKind.STAFF)(now, pack) for now in kinds),
        *(g.may_be_contacted(now, pack) for now in kinds),
        g.may_be_contacted(BARE, pack),
        g.may_be_contacted(_by(PARENT, safeguarding_kind="adult_at_school"), pack),
        g.support_is_closed(PARENT, pack),
        g.limit_passed(replace(PARENT, deadline_at=LATE), pack),
        g.meeting_passed(_by(PARENT, meeting_at=LATE.isoformat()), pack),
        g.on_school_account(PARENT, pack),
        *(g.document_made(kind)(BARE, pack) for kind in DocumentKind),
        g.document_made(DocumentKind.REMOVAL)(old, pack),
        g.another_reads(replace(given, actor="the writer"), pack),
        g.another_reads(replace(given, since=()), pack),
        g.another_reads(replace(given, tracks=()), pack),
        g.second_reader_agrees(given, pack),
        g.second_reader_agrees(
            _by(replace(given, tracks=((Track.LETTER_CHECK, TrackState.DONE),)), letter_found="not_right"),
            pack,
        ),
        g.can_be_undone(PARENT, pack),
        g.can_be_undone(merged, pack),
        g.advice_recorded(PARENT, pack),
        g.heard_or_silent(PARENT, pack),
    ]
    return [one for one in asked if one]


def _facts(*pairs: tuple[str, str]) -> Facts:
    return Facts(pairs)


def _fact_guard_refusals() -> list[str]:
    pack, head = LLANBEDROG, Role.HEAD
    cansfield, heys = PACKS["cansfield"], PACKS["grappenhall_heys"]
    early = DocumentMade(DocumentKind.REMOVAL, "somebody", deadline_at=NOW + timedelta(hours=1))
    evening = NOW.isoformat()
    calls: list[tuple[Callable[..., str], IncidentNow, Facts, PolicyPack, Role]] = [
        (f.evidence_or_gap, BARE, _facts(), pack, head),
        (f.press_facts, PARENT, _facts(), cansfield, head),
        (f.press_facts, PARENT, _facts(("approval", "yes")), cansfield, Role.OPERATOR),
        (f.press_facts, PARENT, _facts(), heys, head),
        (f.meeting_is_ahead, PARENT, _facts(("meeting_at", (NOW - timedelta(days=1)).isoformat())), pack, head),
        (f.invitation_by_letter, BARE, _facts(("means", "letter")), pack, head),
        (f.invitation_by_letter, PARENT, _facts(("means", "telephone")), pack, head),
        (f.nothing_ahead("met_at"), PARENT, _facts(("met_at", LATE.isoformat())), pack, head),
        (f.meeting_points, PARENT, _facts(("checklist", "tea: done")), pack, head),
        (f.meeting_points, PARENT, _facts(("checklist", "expectations: done")), pack, head),
        (f.ladder, PARENT, _facts(("ladder", "reminder soon")), pack, head),
        (f.ladder, PARENT, _facts(("ladder", f"ended {evening}\nreminder {evening}")), pack, head),
        (f.ladder, PARENT, _facts(("ladder", f"reminder {evening}")), pack, head),
        (f.cross_reference, PARENT, _facts(("cross_reference", "r1 nowhere: because of the harm")), pack, head),
        (f.cross_reference, PARENT, _facts(("cross_reference", "r9 inappropriate: because of the harm")), pack, head),
        (f.cross_reference, PARENT, _facts(("cross_reference", "r1 inappropriate: bad")), pack, head),
        (f.cross_reference, PARENT, _facts(), pack, head),
        *((f.offence_fits, BARE, _facts(("offence", one.id), ("tick", "strange")), pack, head) for one in OFFENCES),
        *((f.offence_fits, BARE, _facts(("offence", one.id), ("tick", "\n".join(tick.id for tick in one.ticks[:n]))), pack, head) for one in OFFENCES for n in range(len(one.ticks) + 1)),
        (f.offence_fits, PARENT, _facts(("offence", "other"), ("proportionate", "so")), pack, head),
        (f.letter_fits, PARENT, _facts(("second_reader", "the office")), pack, head),
        (f.letter_fits, replace(PARENT, documents=(early,)), _facts(("second_reader", "x"), ("letter_posted_at", evening)), pack, head),
        (f.letter_fits, PARENT, _facts(("second_reader", "x"), ("screenshot", "yes")), pack, head),
        (f.letter_fits, replace(PARENT, entered_at=None, documents=(DocumentMade(DocumentKind.REMOVAL, "x", made_at=LATE),)), _facts(("second_reader", "y"), ("letter_posted_at", evening)), pack, head),
        (f.gone_twice, PARENT, _facts(), pack, head),
        (f.platform_answered, PARENT, _facts(("outcome", "no_answer")), pack, head),
        (f.later_limit, replace(PARENT, deadline_at=LATE), _facts(("until", evening)), pack, head),
        *((f.who_may_ask, PARENT, _facts(), PACKS["brighton_hill"], role) for role in PEOPLE if role is not head),
        (f.answered_where, PARENT, _facts(("where", "school_account")), pack, head),
        (f.invitation_by_letter, replace(PARENT, entered_at=None, documents=(DocumentMade(DocumentKind.INVITATION, "x", deadline_at=LATE),)), _facts(("means", "letter"), ("meeting_at", evening)), pack, head),
        (f.days_ahead("review_on"), PARENT, _facts(("review_on", "2001-01-01")), pack, head),
        (f.ban_notice_fits, replace(PARENT, documents=(DocumentMade(DocumentKind.BAN_NOTICE, "x", deadline_at=LATE),)), _facts(("respond_by", "2001-01-01")), pack, head),
        (f.looked_after_limit, replace(PARENT, deadline_at=LATE), _facts(("looked_at", evening)), pack, head),
        (f.gone_since_asked, replace(PARENT, entered_at=NOW), _facts(("first_gone_at", "2001-01-01T10:00:00+00:00")), pack, head),
        (f.proposed_to_share, _by(PARENT, proposal="thank"), _facts(), pack, head),
        (f.ban_has_review, PARENT, _facts(("ban", "imposed")), pack, head),
        (f.sharing_gates, PARENT, _facts(), pack, head),
        (f.deputy_posts, PARENT, _facts(), cansfield, Role.CO_HEAD),
        (f.own_space_value, PARENT, _facts(("action", "block")), pack, head),
    ]  # fmt: skip
    return [one for guard, now, facts, of, role in calls if (one := guard(now, facts, of, role))]


def _protocol_refusals() -> list[str]:
    """Every refusal of every row, in every state, for every person, under every pack, wherever an incident may stand."""
    tracks = tuple((track, TrackState.DONE) for track in Track)
    silent = without(LLANBEDROG, RuleKey.MEETING)
    said: set[str] = set()
    for pack, state in itertools.product((*PACKS.values(), silent), S):
        stands = [
            standing(state),
            standing(state, author=None, documents=(), has_evidence=False, subjects=frozenset(Role)),
            standing(state, Role.CO_HEAD, tracks=tracks, subjects=frozenset({Role.CO_HEAD, Role.DEPUTY})),
            standing(state, author=AuthorKind.PUPIL, deadline_at=LATE),
        ]
        for now, row in itertools.product(stands, TRANSITIONS):
            said |= {find_refusal(row, now, role, pack) for role in PEOPLE}
    return sorted(said - {""})


ORIGINS = {
    "guards": (g, (), _guard_refusals),
    "fact_guards": (f, (), _fact_guard_refusals),
    "protocol": (protocol, ("_switched_off", "_barred", "_wrong_person", "find_refusal"), _protocol_refusals),
}


@pytest.mark.parametrize("origin", ORIGINS)
def test_every_refusal_is_reached_and_none_stays_english_or_shows_a_code(origin: str) -> None:
    """L13, L22, L31: a person reads why a step is not open in the language of the page, in words."""
    module, only, drive = ORIGINS[origin]
    said = drive()
    missed = [(name, pieces) for name, pieces in _told(module, *only) if not _is_said(pieces, said)]
    assert missed == [], "each sentence in the source was driven out of its guard"
    for english in {split_quote(one)[0] for one in said}:
        welsh = in_welsh(english)
        assert welsh != english, english
        own = re.sub(r"POINT: .*|(?<!\w)'[^']*'|--fact \S+|\w+\.toml|values = \[.*?\]", " ", welsh)
        assert ENGLISH & set(re.findall(r"[a-z_]+", own.lower())) == set(), welsh
        plain = re.sub(
            r"incident letter .*|--fact \S+|values = \[.*?\]|\[adopt\.\w+\]", "", in_english(english)
        )
        assert [code for code in CODES if re.search(rf"\b{code}\b", plain)] == [], plain


@pytest.mark.parametrize("name", PACKS)
def test_what_a_refusal_quotes_is_the_policys_own_clause_or_said_in_welsh(name: str) -> None:
    pack = PACKS[name]
    clauses = {clause.cite() for _, clause in pack.clauses}
    for key in (*RuleKey, "overlay", "decider", "conflict"):
        english = protocol.quote_rule(pack, key)
        _, quoted, lang = WebSpeaker("cy").refusal(f"it was not merged [{english}]")
        is_clause = any(english.startswith(f"{cited}: ") for cited in clauses)
        assert (lang == "en") == is_clause, english
        assert (quoted == english) == is_clause


def test_a_refusal_with_brackets_in_it_keeps_them_and_names_the_clause_apart() -> None:
    row = next(row for row in TRANSITIONS if row.event is Event.OWN_SPACE_ACTION)
    pack = without(LLANBEDROG, RuleKey.OWN_SPACE)
    why = find_refusal(row, standing(S.INTERNAL), Role.HEAD, pack)
    said, quoted, _ = WebSpeaker("cy").refusal(why)
    assert "[adopt.own_space]" in said and quoted == "heb ei osod gan eich polisi"
    adopted = with_values(LLANBEDROG, RuleKey.OWN_SPACE, "block")
    assert find_refusal(row, standing(S.INTERNAL, channel=Channel.SCHOOL_ACCOUNT), Role.HEAD, adopted) == ""


def test_the_same_cause_is_told_once_with_everybody_it_stands_for() -> None:
    row = next(row for row in TRANSITIONS if row.event is Event.NO_CASE)
    now = standing(S.AWAITING_DECISION)
    refusals = tuple(
        (role, find_refusal(row, now, role, LLANBEDROG)) for role in PEOPLE if role is not Role.HEAD
    )
    ((roles, why),) = group_refusals(refusals)
    assert set(roles) == set(PEOPLE) - {Role.HEAD}
    assert in_english(why).startswith("only the headteacher may do this [")
    assert in_welsh(why).startswith("dim ond y pennaeth a gaiff wneud hyn [")


def test_what_the_night_wrote_is_translated_and_what_a_person_wrote_is_not() -> None:
    """I9: a person's own reason stays word for word in both languages."""
    why = "flagged: threat, privacy; page not copied: dns; automatic: not set by your policy"
    assert recorded_by_software(why, "cy") == (
        "amlygwyd: bygythiad, ffeithiau preifat; ni chopïwyd y dudalen: ni ellir dod o hyd i'r cyfeiriad; "
        "awtomatig: heb ei osod gan eich polisi"
    )
    assert WebSpeaker("cy").recorded(why, Role.PIPELINE).startswith("amlygwyd")
    assert WebSpeaker("cy").recorded("it was not merged", Role.HEAD) == "it was not merged"

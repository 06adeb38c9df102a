"""The five packs that ship, read from their files, and small values to decide steps on."""

from __future__ import annotations

import random
import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files

from incidents.fact_guards import MEETING_POINTS
from incidents.facts import Fact, FactKind, Facts
from incidents.protocol import IncidentNow, Move, decide_move, facts_asked
from incidents.standing import DocumentKind, DocumentMade, Track, TrackState
from incidents.steps import Event, Transition
from incidents.transitions import BY_EVENT
from mentionwatch.labels import AuthorKind, Channel, IncidentState, Role
from mentionwatch.law.offences import find_offence
from mentionwatch.policy import PolicyPack, RuleKey
from mentionwatch.policy_file import parse_pack
from mentionwatch.tables import Table

PACK_NAMES = ("llanbedrog", "brighton_hill", "cansfield", "caldecote", "grappenhall_heys")
NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
"""A Tuesday morning in term."""
REASON = "looked at, and talked over"


def read_pack(name: str) -> PolicyPack:
    """One shipped pack."""
    text = files("mentionwatch.packs").joinpath(f"{name}.toml").read_text("utf-8")
    return parse_pack(Table(f"{name}.toml", tomllib.loads(text)), text)


PACKS = {name: read_pack(name) for name in PACK_NAMES}
LLANBEDROG = PACKS["llanbedrog"]
PEOPLE = tuple(role for role in Role if role is not Role.PIPELINE)
ALL_DOCUMENTS = tuple(DocumentMade(kind, "the writer") for kind in DocumentKind)


def standing(
    state: IncidentState,
    decider: Role = Role.HEAD,
    *,
    has_evidence: bool = True,
    subjects: frozenset[Role] = frozenset(),
    has_deputy: bool = True,
    author: AuthorKind | None = AuthorKind.PARENT,
    facts: tuple[tuple[str, str], ...] = (),
    tracks: tuple[tuple[Track, TrackState], ...] = (),
    documents: tuple[DocumentMade, ...] = ALL_DOCUMENTS,
    channel: Channel = Channel.OTHER,
    at: datetime = NOW,
    deadline_at: datetime | None = None,
    entered_at: datetime | None = None,
) -> IncidentNow:
    """An incident that stands in `state` since yesterday, with every document made and a parent as its author."""
    known = (("author", author.value), *facts) if author else facts
    return IncidentNow(
        id="2026-0001",
        state=state,
        decider=decider,
        pack="test@1",
        has_evidence=has_evidence,
        subjects=subjects,
        has_deputy=has_deputy,
        facts=Facts(known),
        tracks=tracks,
        evidence=("r1",),
        documents=documents,
        channel=channel,
        deadline_at=deadline_at,
        entered_at=entered_at or at - timedelta(days=1),
        at=at,
        before_merge=IncidentState.INTERNAL if state is IncidentState.MERGED else None,
        merged_at=at - timedelta(days=1) if state is IncidentState.MERGED else None,
        actor="the office",
    )


def row_of(event: Event) -> Transition:
    """The row of an event."""
    return BY_EVENT[event]


def without(pack: PolicyPack, key: RuleKey) -> PolicyPack:
    """The pack, silent on one point."""
    return replace(pack, rules=tuple(rule for rule in pack.rules if rule.key is not key))


def with_values(pack: PolicyPack, key: RuleKey, *values: str) -> PolicyPack:
    """The pack, saying something else on one point; a clause of its own is borrowed for it."""
    rule = replace(next(rule for rule in pack.rules if rule.clause), key=key, values=values, note="")
    return replace(without(pack, key), rules=(*without(pack, key).rules, rule))


def _text(now: IncidentNow, key: str) -> str:
    return {
        "into": "2026-0002",
        "proportionate": "two threats to life on one evening, both public",
        "second_reader": "another person",
    }.get(key, f"what is to be said about {key}")


def _instant(now: IncidentNow, key: str, dice: random.Random) -> datetime:
    assert now.at is not None
    if key == "meeting_at":
        return now.at + timedelta(days=3)
    if key == "until":
        return max(now.at, now.deadline_at or now.at) + timedelta(minutes=dice.randrange(1, 9 * 24 * 60))
    return now.at - timedelta(hours=9 if key == "first_gone_at" else 1)


def _lines(now: IncidentNow, key: str, pack: PolicyPack) -> list[str]:
    assert now.at is not None
    if key == "checklist":
        return [f"{point}: done" for point in MEETING_POINTS]
    if key == "ladder":
        return [f"{step} {(now.at - timedelta(minutes=9 - place)).isoformat()}" for place, step in enumerate(("reminder", "ended"))]  # fmt: skip
    if key == "cross_reference":
        return [f"{item} {pack.clauses[0][0]}: it harms a member of staff" for item in now.evidence]
    return [f"{(now.at - timedelta(days=day)).date()} 10:00 in the evening" for day in (2, 1)]


def _ticks(offence: str) -> list[str]:
    return [] if offence == "other" else [tick.id for tick in find_offence(offence).ticks]


def _choice(now: IncidentNow, fact: Fact, pack: PolicyPack, dice: random.Random) -> str:
    choices = list(fact.choices)
    invitation = now.made(DocumentKind.INVITATION)
    if fact.key == "means" and "letter" in choices and not (invitation and invitation.is_current):
        choices.remove("letter")
    if fact.key == "where" and now.channel is not Channel.SCHOOL_ACCOUNT:
        choices.remove("school_account")
    if fact.key == "outcome" and now.at and now.entered_at and now.at - now.entered_at < timedelta(days=28):
        choices.remove("no_answer")
    if fact.key == "action":
        choices = [choice for choice in choices if pack.has(RuleKey.OWN_SPACE, choice)]
    return dice.choice(choices)


def lawful_facts(
    row: Transition, now: IncidentNow, pack: PolicyPack, dice: random.Random | None = None
) -> list[tuple[str, str]]:
    """What a careful person states with a step, from the step's own declarations and where the incident stands."""
    dice = dice or random.Random(row.id)  # the same facts every time a test asks without dice
    given: list[tuple[str, str]] = []
    for fact in facts_asked(row, pack):
        if fact.key == "until" and row.event is not Event.EXTEND and dice.random() < 0.5:
            continue
        if fact.key == "tick":
            given += [(fact.key, tick) for tick in _ticks(dict(given)["offence"])]
        elif fact.kind is FactKind.LIST:
            given += [(fact.key, line) for line in _lines(now, fact.key, pack)]
        elif fact.kind is FactKind.INSTANT:
            given.append((fact.key, _instant(now, fact.key, dice).isoformat()))
        elif fact.kind is FactKind.DAY:
            assert now.at is not None
            given.append((fact.key, (now.at + timedelta(days=14)).date().isoformat()))
        elif fact.kind is FactKind.CHOICE:
            given.append((fact.key, _choice(now, fact, pack, dice)))
        else:
            given.append((fact.key, "yes" if fact.kind is FactKind.YES else _text(now, fact.key)))
    return given


def replaced(given: list[tuple[str, str]], key: str, *values: str) -> list[tuple[str, str]]:
    """The same facts with other values for one key; without any, the fact is not given."""
    return [pair for pair in given if pair[0] != key] + [(key, value) for value in values]


def take(
    now: IncidentNow,
    event: Event,
    role: Role | None = None,
    pack: PolicyPack = LLANBEDROG,
    given: list[tuple[str, str]] | None = None,
) -> Move:
    """One step, decided by the decider unless said otherwise, with lawful facts unless said otherwise."""
    facts = lawful_facts(row_of(event), now, pack) if given is None else given
    return decide_move(now, event, role or now.decider, REASON, pack, facts)

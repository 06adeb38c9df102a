"""Taking a step: the protocol decides, the warehouse stores state, event and audit row together, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flows.home import Home
from flows.leak_check import refuse_leaks
from flows.records import erase_for_good
from flows.standing import Context, Standing, past_event, read_standing
from incidents.history import DEADLINE, MERGE_UNDONE, MERGED_IN, Told, gather, list_in_force
from incidents.protocol import Move, decide_move
from incidents.steps import Event
from incidents.transitions import BY_EVENT
from mentionwatch.errors import Refused
from mentionwatch.labels import IncidentState, Role
from mentionwatch.model import AuditEvent
from warehouse.connection import Warehouse
from warehouse.custody import mentions_of
from warehouse.incident_steps import (
    FollowUp,
    IncidentMove,
    IncidentRow,
    incident,
    incident_events,
    open_follow_up,
    record_move,
)
from warehouse.protocol_records import keep_pack
from warehouse.session import Reading, Writing


@dataclass(frozen=True, slots=True)
class StepAsked:
    """What a person wants to do. `given` are facts as typed, key and value."""

    id: str
    event: Event
    role: Role
    reason: str
    given: tuple[tuple[str, str], ...] = ()


def _audit(asked: StepAsked, move: Move, context: Context, pack: str) -> AuditEvent:
    # The person's own words stay in the incident's log: the audit log holds no post text (I9).
    what = f"{asked.event.value}: {move.source.value} to {move.target.value}"
    if asked.event is Event.RECUSE:
        what += f"; decides now: {move.decider.value}, the one before has no more access to decisions"
    return AuditEvent(context.at, context.actor, asked.role, "moved", "incident", asked.id, what, pack)


def _open_if_new(writing: Writing, standing: Standing) -> None:
    if standing.is_new:
        row = standing.row
        open_follow_up(
            writing,
            FollowUp(row.id, row.canonical_url, row.track, row.state, row.decider, row.clause, row.pack, row.opened_at),
        )  # fmt: skip


def _store(
    writing: Writing, standing: Standing, asked: StepAsked, move: Move, context: Context, pack: str
) -> IncidentRow:
    details = dict(move.facts.pairs)
    if move.deadline_at is not None:
        details[DEADLINE] = move.deadline_at.isoformat()
    is_reopened = asked.event in (Event.REOPEN, Event.UNDO_MERGE)
    limit = move.deadline_at
    if asked.event is Event.UNDO_MERGE:
        limit = _earliest(writing, _with_all_within(writing, standing.row.id))
    step = IncidentMove(
        incident_id=standing.row.id,
        expected=move.source,
        event=asked.event.value,
        to=move.target,
        actor=context.actor,
        role=asked.role,
        reason=asked.reason.strip(),
        at=context.at,
        pack=pack,
        decider=move.decider,
        deadline_at=limit,
        details=tuple(details.items()),
        sets_deadline=is_reopened,
    )
    return record_move(writing, step, _audit(asked, move, context, pack))


def take_step(asked: StepAsked, context: Context) -> IncidentRow:
    """Decide one step and store it. Raises `Refused` quoting the clause, `ConfigError` for an unknown incident."""
    with Warehouse(context.home.folder).writer() as writing:
        standing = read_standing(writing, asked.id, context)
        said = (asked.reason, *(part for pair in asked.given for part in pair))
        # Words of a merge stand in the log of both.
        other = dict(asked.given).get("into", "") if asked.event is Event.MERGE else standing.row.id
        refuse_leaks(context.home, said, mentions_together(writing, standing.row.id, other))
        move = decide_move(standing.now, asked.event, asked.role, asked.reason, standing.pack, asked.given)
        keep_pack(writing, context.pack, context.at)
        _open_if_new(writing, standing)
        if asked.event is Event.MERGE:
            return _merge(writing, standing, asked, move, context)
        if asked.event is Event.UNDO_MERGE:
            return _undo(writing, standing, asked, move, context)
        pack = context.pack.version if asked.event is Event.ADOPT_PACK else standing.row.pack
        row = _store(writing, standing, asked, move, context, pack)
    if asked.event is Event.MUST_DELETE:
        erase_for_good(context.home, [row.mention_id], "must be deleted by policy", context.at, context.actor)
    return row


def _other(writing: Writing, standing: Standing, id_: str, context: Context) -> Standing:
    if id_ == standing.row.id:
        raise Refused(f"refused: {id_} cannot be merged into itself")
    other = read_standing(writing, id_, context)
    if other.row.track != standing.row.track or other.now.state not in BY_EVENT[Event.STOP_IMAGE].sources:
        raise Refused(
            f"refused: {id_} is {other.now.state.value}: an incident is merged into one that is still open"
        )
    return other


def _note_on_other(
    writing: Writing, other: Standing, event: str, from_id: str, deadline_at: datetime | None, asked: StepAsked, context: Context
) -> None:  # fmt: skip
    step = IncidentMove(
        incident_id=other.row.id,
        expected=other.row.state,
        event=event,
        to=other.row.state,
        actor=context.actor,
        role=asked.role,
        reason=asked.reason.strip(),
        at=context.at,
        pack=other.row.pack,
        deadline_at=deadline_at,
        details=(("merged", from_id),),
        sets_deadline=True,
    )
    audit = AuditEvent(context.at, context.actor, asked.role, "moved", "incident", other.row.id, f"{event}: {from_id}", other.row.pack)  # fmt: skip
    record_move(writing, step, audit)


def _gathered(reading: Reading, id_: str) -> Told:
    return gather([past_event(event) for event in incident_events(reading, id_)])


def merged_into(reading: Reading, id_: str) -> tuple[str, ...]:
    """The incidents that are merged into this one now, in order; one that was reopened since is its own again."""
    noted = (past_event(event) for event in incident_events(reading, id_))
    names = dict.fromkeys(event.facts.get("merged") for event in noted if event.event == MERGED_IN)
    return tuple(name for name in names if _is_within(reading, name, id_))


def _is_within(reading: Reading, id_: str, other: str) -> bool:
    told = _gathered(reading, id_)
    return told.merged_at is not None and told.facts.get("into") == other


def _with_all_within(reading: Reading, id_: str) -> tuple[str, ...]:
    """An incident and whatever was merged into it, and into that. Nothing is merged into itself, so this ends."""
    within = (one for name in merged_into(reading, id_) for one in _with_all_within(reading, name))
    return (id_, *within)


def mentions_together(reading: Reading, *ids: str) -> tuple[str, ...]:
    """The mentions of these incidents and of all that are one with them now: they share a timeline, and their reporters."""
    found: dict[str, None] = {}
    for id_ in ids:
        outermost = id_
        while (told := _gathered(reading, outermost)).merged_at is not None:
            outermost = told.facts.get("into")
        for one in _with_all_within(reading, outermost):
            found |= dict.fromkeys(mentions_of(reading, one))
    return tuple(found)


def _earliest(reading: Reading, ids: Sequence[str]) -> datetime | None:
    """The earliest of the own limits of these: a merge never gives anybody more time."""
    told = (_gathered(reading, id_) for id_ in ids)
    return min((one.own_deadline_at for one in told if one.own_deadline_at), default=None)


def _merge(
    writing: Writing, standing: Standing, asked: StepAsked, move: Move, context: Context
) -> IncidentRow:
    other = _other(writing, standing, move.facts.get("into"), context)
    ids = (*_with_all_within(writing, other.row.id), *_with_all_within(writing, standing.row.id))
    limit = _earliest(writing, ids)
    row = _store(writing, standing, asked, move, context, standing.row.pack)
    _note_on_other(writing, other, MERGED_IN, standing.row.id, limit, asked, context)
    return row


def _undo(
    writing: Writing, standing: Standing, asked: StepAsked, move: Move, context: Context
) -> IncidentRow:
    other = read_standing(writing, standing.now.facts.get("into"), context)
    row = _store(writing, standing, asked, move, context, standing.row.pack)
    limit = _earliest(writing, _with_all_within(writing, other.row.id))
    _note_on_other(writing, other, MERGE_UNDONE, standing.row.id, limit, asked, context)
    return row


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """One thing that happened to an incident or to one merged into it, with where that led."""

    at: datetime
    incident: str
    event: str
    role: Role
    state: IncidentState
    reason: str
    facts: tuple[tuple[str, str], ...]


def read_timeline(home: Home, id_: str, context: Context) -> tuple[TimelineLine, ...]:
    """Both timelines while two incidents are one, in order of time; a merge that was undone leaves no trace here.

    The log itself keeps everything: `evidence verify` and the audit pages show it.
    """
    with Warehouse(home.folder).live_reader() as reading:
        standing = read_standing(reading, id_, context)
        found = []
        for one in _with_all_within(reading, standing.row.id):
            rows = incident_events(reading, one) if incident(reading, one) else ()
            found += [(one, event) for event in list_in_force([past_event(row) for row in rows])]
    lines = [
        TimelineLine(event.at, one, event.event, event.role, event.to_state, event.reason, event.facts.pairs)
        for one, event in found
    ]
    return tuple(sorted(lines, key=lambda line: (line.at, line.incident)))

"""Taking a step: the protocol decides, the warehouse stores state, event and audit row together, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from desk.masking import tidy
from flows.exhibit_files import take_back_sealed
from flows.home import Home
from flows.leak_check import refuse_leaks
from flows.merging import gathered, mentions_together, past_event, with_all_within
from flows.records import erase_for_good
from flows.standing import Context, Standing, read_standing, refuse_clock_behind
from incidents.history import DEADLINE, MERGE_UNDONE, MERGED_IN, PastEvent, list_in_force
from incidents.protocol import Move, decide_move
from incidents.steps import Event
from incidents.transitions import BY_EVENT
from mentionwatch.errors import Refused
from mentionwatch.labels import IncidentState, Role
from mentionwatch.model import AuditEvent
from warehouse.connection import Warehouse
from warehouse.erase import held_mentions
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
    """What a person wants to do. `given` are facts as typed, key and value.

    `seen`: how many things had happened when they looked; a step decided on older news is not taken. None: not said.
    """

    id: str
    event: Event
    role: Role
    reason: str
    given: tuple[tuple[str, str], ...] = ()
    seen: int | None = None


class OvertakenByAnother(Refused):
    """Somebody else acted first: `event`, in which role, and when."""

    def __init__(self, id_: str, latest: PastEvent) -> None:
        self.event, self.role, self.at = latest.event, latest.role, latest.at
        super().__init__(
            f"refused: {id_}: {latest.event} was recorded by the {latest.role.value} meanwhile. Look at it again, then decide"
        )


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
        limit = _earliest(writing, with_all_within(writing, standing.row.id))
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


def _check_moment(reading: Reading, standing: Standing, asked: StepAsked, context: Context) -> None:
    """Raises `Refused` for a clock behind the log, a hold on what must go, and a hold on the other half of a merge."""
    refuse_clock_behind(standing, asked.event.value, context.at)
    now = standing.now
    refused = f"refused: {now.id} {asked.event.value}: "
    if asked.event is Event.MUST_DELETE and (
        held := held_mentions(reading, context.at).get(standing.row.mention_id)
    ):
        raise Refused(f"{refused}it is held: {held}. Ask whoever placed the hold first")
    if asked.event in (Event.UNDO_MERGE, Event.REOPEN) and now.merged_at is not None:
        other = now.facts.get("into")
        if not other:
            raise Refused(f"{refused}the record of the merge was erased; nothing is left to part")
        state = read_standing(reading, other, context).now.state
        if state in (IncidentState.POLICE_HOLD, IncidentState.STOP_IMAGE):
            raise Refused(
                f"{refused}{other}, into which it was merged, is {state.value}: nothing is parted from it until that is over"
            )


def take_step(asked: StepAsked, context: Context) -> IncidentRow:
    """Decide one step and store it. Raises `Refused` quoting the clause, `ConfigError` for an unknown incident."""
    return take_steps((asked,), context)


def take_steps(steps: Sequence[StepAsked], context: Context) -> IncidentRow:
    """Steps of one incident in this order: all in one transaction, or none. At least one; raises as `take_step`."""
    tidied = [
        replace(one, reason=tidy(one.reason), given=tuple((key, tidy(value)) for key, value in one.given))
        for one in steps
    ]
    with Warehouse(context.home.folder).writer() as writing:
        rows = [_take(writing, asked, context) for asked in tidied]
    for asked, row in zip(tidied, rows, strict=True):
        if asked.event is Event.MUST_DELETE:
            erase_for_good(
                context.home, [row.mention_id], "must be deleted by policy", context.at, context.actor
            )
    return rows[-1]


def _take(writing: Writing, asked: StepAsked, context: Context) -> IncidentRow:
    standing = read_standing(writing, asked.id, context)
    if asked.seen is not None and asked.seen != len(standing.events) and standing.events:
        raise OvertakenByAnother(asked.id, standing.events[-1])
    _check_moment(writing, standing, asked, context)
    # Values beside each other, as they are shown; keys too, because a refusal repeats them.
    said = (asked.reason, *(value for _, value in asked.given), *(key for key, _ in asked.given))
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
    if row.state is IncidentState.STOP_IMAGE:
        take_back_sealed(writing, context.home)
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


def _earliest(reading: Reading, ids: Sequence[str]) -> datetime | None:
    """The earliest of the own limits of these: a merge never gives anybody more time."""
    told = (gathered(reading, id_) for id_ in ids)
    return min((one.own_deadline_at for one in told if one.own_deadline_at), default=None)


def _merge(
    writing: Writing, standing: Standing, asked: StepAsked, move: Move, context: Context
) -> IncidentRow:
    other = _other(writing, standing, move.facts.get("into"), context)
    ids = (*with_all_within(writing, other.row.id), *with_all_within(writing, standing.row.id))
    limit = _earliest(writing, ids)
    row = _store(writing, standing, asked, move, context, standing.row.pack)
    _note_on_other(writing, other, MERGED_IN, standing.row.id, limit, asked, context)
    return row


def _undo(
    writing: Writing, standing: Standing, asked: StepAsked, move: Move, context: Context
) -> IncidentRow:
    other = read_standing(writing, standing.now.facts.get("into"), context)
    row = _store(writing, standing, asked, move, context, standing.row.pack)
    limit = _earliest(writing, with_all_within(writing, other.row.id))
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
        for one in with_all_within(reading, standing.row.id):
            rows = incident_events(reading, one) if incident(reading, one) else ()
            found += [(one, event) for event in list_in_force([past_event(row) for row in rows])]
    lines = [
        TimelineLine(event.at, one, event.event, event.role, event.to_state, event.reason, event.facts.pairs)
        for one, event in found
    ]
    return tuple(sorted(lines, key=lambda line: (line.at, line.incident)))

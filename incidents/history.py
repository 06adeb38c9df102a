"""From the events of an incident to where it stands: facts, tracks, the limit of its own, and what a merge hides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from incidents.facts import NO_FACTS, Facts
from incidents.standing import Track, TrackState
from incidents.steps import Event
from incidents.transitions import BY_NAME
from mentionwatch.labels import PASSED_OVER, IncidentState, Role

MERGED_IN, MERGE_UNDONE = "merged_in", "merge_undone"
"""What the other incident of a merge records. Nobody types them."""

_STARTS_ANEW = frozenset({Event.POLICE_WAIT.value, Event.EXTEND.value})
"""Steps that stay in their state and start its clock anew."""

DEADLINE = "deadline_at"
"""The key under which an event keeps the limit it set."""


@dataclass(frozen=True, slots=True)
class PastEvent:
    """One stored event. `from_state` None: the first one. `event` may be one the pipeline alone writes."""

    number: int
    event: str
    from_state: IncidentState | None
    to_state: IncidentState
    role: Role
    actor: str
    at: datetime
    reason: str = ""
    facts: Facts = NO_FACTS
    pack: str = ""


def _is_undone(event: PastEvent, by: PastEvent) -> bool:
    if by.event == Event.UNDO_MERGE.value:
        return event.event == Event.MERGE.value
    return event.event == MERGED_IN and event.facts.get("merged") == by.facts.get("merged")


def list_in_force(events: Sequence[PastEvent]) -> tuple[PastEvent, ...]:
    """Without merges that were undone, and without their undoing: the timeline is as if neither had been."""
    kept: list[PastEvent] = []
    for event in events:
        if event.event in (Event.UNDO_MERGE.value, MERGE_UNDONE):
            # After an erasure the log no longer says what was merged: then nothing is found to take out.
            if places := [place for place, earlier in enumerate(kept) if _is_undone(earlier, event)]:
                del kept[places[-1]]
        else:
            kept.append(event)
    return tuple(kept)


@dataclass(frozen=True, slots=True)
class Told:
    """What the events in force say. `own_deadline_at` is the incident's own limit, whatever was merged into it.

    `since` is when each track came to where it stands; `passed_over` the roles that stepped back for good.
    """

    facts: Facts
    tracks: tuple[tuple[Track, TrackState], ...]
    own_deadline_at: datetime | None
    entered_at: datetime | None
    before_merge: IncidentState | None
    merged_at: datetime | None
    since: tuple[tuple[Track, datetime], ...] = ()
    passed_over: frozenset[Role] = frozenset()
    fresh_since: datetime | None = None


def _forget_at_reopening(facts: Facts) -> Facts:
    """A reopened incident is decided anew; who wrote it and what it touches stays known."""
    kept = {"author", "connection", "gap_evidence"}
    return Facts(tuple(pair for pair in facts.pairs if pair[0] in kept))


def _follow(facts: Facts, event: PastEvent) -> Facts:
    if event.event == Event.REOPEN.value:
        facts = _forget_at_reopening(facts)
    elif event.event == Event.RECUSE.value:
        # Whom the one before had named asks and invites in nobody's name any more (L31).
        facts = Facts(tuple(pair for pair in facts.pairs if pair[0] != "delegate"))
    facts = facts.with_more(event.facts)
    if event.event == Event.MUST_DELETE.value:
        facts = facts.with_more(Facts((("gap_evidence", "deleted at once, as the policy says"),)))
    return facts


def gather(events: Sequence[PastEvent]) -> Told:
    """Fold the events. Pure: the same events always say the same."""
    facts, tracks = NO_FACTS, dict.fromkeys(Track, TrackState.NONE)
    deadline: datetime | None = None
    entered: datetime | None = None
    before: IncidentState | None = None
    merged: datetime | None = None
    since: dict[Track, datetime] = {}
    passed_over: set[Role] = set()
    fresh: datetime | None = None
    for event in list_in_force(events):
        if event.event == Event.REOPEN.value:
            deadline = None
        if event.event in (Event.REOPEN.value, Event.RECUSE.value):
            fresh = event.at
        facts = _follow(facts, event)
        deadline = event.facts.instant(DEADLINE) or deadline
        passed_over |= {Role(role) for role in event.facts.get(PASSED_OVER).split()}
        row = BY_NAME.get(event.event)
        if row is not None and row.track is not None and row.track_target is not None:
            tracks[row.track], since[row.track] = row.track_target, event.at
        if event.event == Event.MERGE.value:
            before, merged = event.from_state, event.at
        elif event.to_state is not IncidentState.MERGED:
            before, merged = None, None
        if event.to_state is not event.from_state or event.event in _STARTS_ANEW:
            entered = event.at
    return Told(
        facts,
        tuple(tracks.items()),
        deadline,
        entered,
        before,
        merged,
        tuple(since.items()),
        frozenset(passed_over),
        fresh,
    )

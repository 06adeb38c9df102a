"""Whom the steps of an incident asked for something, and whether it came: read from its events, which say when and by whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace
from datetime import datetime

from desk.awaited import TRACK_WORDS, Awaited
from flows.need_to_know import may_see, sight_of
from flows.standing import Standing
from incidents.deadlines import ClockName
from incidents.history import MERGED_IN, PastEvent, list_in_force
from incidents.standing import Track, TrackState
from incidents.steps import Event
from incidents.transitions import BY_NAME, TRANSITIONS
from mentionwatch.accounts import Account, Right
from mentionwatch.labels import Role
from warehouse.need_to_know import Sight
from warehouse.session import Reading

_CLOCKS = {Track.SAFEGUARDING: ClockName.SAFEGUARDING, Track.SAFETY: ClockName.SAFETY}
_ANSWERS: dict[Track, Event] = {
    row.track: row.event
    for row in TRANSITIONS
    if row.track in TRACK_WORDS and row.track_target is TrackState.DONE
}


def _latest(events: tuple[PastEvent, ...], track: Track, to: TrackState) -> PastEvent | None:
    for event in reversed(events):
        row = BY_NAME.get(event.event)
        if row is not None and row.track is track and row.track_target is to:
            return event
    return None


def _new_since(standing: Standing, events: Iterable[PastEvent]) -> datetime | None:
    """When something came to it that whoever was asked before was not told of."""
    came = [event.at for event in events if event.event in (Event.REOPEN.value, MERGED_IN)]
    if standing.about is not None:
        came.append(standing.about.captured_at)
    return max(came, default=None)


def list_awaited(standing: Standing, may_take: Set[str] = frozenset()) -> tuple[Awaited, ...]:
    """What was asked and is not answered, or answered where that is worth a word. `may_take`: the reader's own open steps."""
    events = list_in_force(standing.events)
    due = {clock.name: clock.due_at for clock in standing.clocks}
    new_at, found = _new_since(standing, events), list[Awaited]()
    for track, words in TRACK_WORDS.items():
        asked = _latest(events, track, TrackState.OPEN)
        if asked is None:
            continue
        is_answered = standing.now.track(track) is TrackState.DONE
        answer = _latest(events, track, TrackState.DONE) if is_answered else None
        if is_answered and not words.answered[0]:
            continue
        name = _CLOCKS.get(track)
        found.append(
            Awaited(
                track,
                asked.role,
                asked.at,
                due.get(name) if name and not is_answered else None,
                answer.at if answer else None,
                not is_answered and _ANSWERS[track].value in may_take,
                is_before=new_at is not None and asked.at < new_at,
            )
        )
    return tuple(found)


def mark_nobodys(
    reading: Reading, sight: Sight, people: Sequence[Account], asked: Mapping[str, Sequence[Awaited]]
) -> Mapping[str, tuple[Awaited, ...]]:
    """The same by incident, each with whether the safeguarding lead's answer is nobody's to give: no account has that role, or
    whoever has it may not know of the incident (L31), as a head who is the lead, too, of what is about the head."""
    leads = {
        each.roles: each.viewer
        for each in people
        if each.is_active and Role.DSL in each.viewer.protocol_roles and each.viewer.has(Right.TAKE_STEPS)
    }

    def is_nobodys(id_: str, one: Awaited) -> bool:
        if one.track is not Track.SAFEGUARDING or one.is_mine or one.answered_at is not None:
            return False
        return not any(may_see(reading, sight_of(reading, sight, lead), id_) for lead in leads.values())

    return {
        id_: tuple(replace(one, is_nobodys=is_nobodys(id_, one)) for one in each)
        for id_, each in asked.items()
    }

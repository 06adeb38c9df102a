"""Whom the steps of an incident asked for something, and whether it came: read from its events, which say when and by whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import replace
from datetime import datetime

from desk.awaited import TRACK_WORDS, Awaited
from flows.deciders import Deciders
from flows.standing import Standing
from incidents.deadlines import ClockName
from incidents.history import MERGED_IN, PastEvent, list_in_force
from incidents.standing import Track, TrackState
from incidents.steps import Event
from incidents.transitions import BY_NAME, TRANSITIONS
from mentionwatch.labels import Role

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


def mark_nobodys(awaited: Sequence[Awaited], id_: str, deciders: Deciders) -> tuple[Awaited, ...]:
    """The same, each with whether the safeguarding lead's answer is nobody's to give: nobody who takes steps has that role, or
    whoever has it may not know of the incident (L31), as a head who is the lead, too, of what is about the head."""

    def is_nobodys(one: Awaited) -> bool:
        if one.track is not Track.SAFEGUARDING or one.is_mine or one.answered_at is not None:
            return False
        return not deciders.may_anybody(id_, Role.DSL)

    return tuple(replace(one, is_nobodys=is_nobodys(one)) for one in awaited)

"""What a post asks anew that has an incident, or whose address has one: one rule for the night and for reports (ADR 0040).

A finished incident is taken up again by a person (T36), and its post is on no list any more. So what may need a person is
put before one as an incident of its own, which names the earlier one. While one is open, what is seen is told there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Final

from mentionwatch.labels import GRAVE_ROUTES, UNDECIDED, EntryKind, Harm, IncidentState, Role, Route
from warehouse.incidents import Place
from warehouse.session import Reading, at_utc, to_utc

FOUND_HARMLESS: Final = ("no_case", "concern_close")
"""The steps (T08, P04) that end an incident because of what its words are: the same words are no news."""

_ENDED = frozenset({IncidentState.RESOLVED, IncidentState.CLOSED})
_WITH_POLICE = frozenset({IncidentState.STOP_IMAGE, IncidentState.POLICE_HOLD})


class Answer(Enum):
    """What comes of it. `LEAVE`: nothing, it is no matter of that incident. `TELL`, `STOP`: told there, or stopped there (T04)."""

    LEAVE = "leave"
    TELL = "tell"
    STOP = "stop"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a source shows of a post. `words` is their digest, `route` where they would go, `harms` what they hold.

    `opens`: they open an incident by themselves; `asks`: they ask for a person. `is_of_incident`: the post is in one;
    else another mention of its address is. `is_shown`: with these words another mention of its incidents is shown at its
    source already; `is_shown_at_all`: with any.
    """

    words: str
    route: Route
    harms: frozenset[Harm]
    is_stop: bool
    opens: bool
    asks: bool
    is_of_incident: bool
    is_new_words: bool
    is_back: bool
    is_sealed: bool
    is_shown: bool
    is_shown_at_all: bool


@dataclass(frozen=True, slots=True)
class _Words:
    """What one mention said from `since` until `until`, and how that was judged; it was gone from `gone_at` on, and is still."""

    mention: str
    incident: str
    content_sha256: str
    route: Route
    harms: frozenset[Harm]
    since: datetime
    until: datetime | None
    gone_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Step:
    """A step by which a person put an incident where it then stood. `is_after_stop`: it had been stopped before (T04)."""

    incident: str
    event: str
    to: IncidentState
    at: datetime
    is_after_stop: bool


@dataclass(slots=True)
class Past:
    """What people said of the words of a post, as they stood when it was said; asked where it matters.

    `incidents` are those of the post, `place` where it stands now. What a person reported is no word of an incident here:
    whoever reports asks by that alone. Nor is what was gone when it was said, but for the post itself (`mention`).
    Of a sealed post only what was said after the stop counts: before it nobody had spoken of the image.
    """

    reading: Reading
    place: Place
    incidents: tuple[str, ...]
    mention: str
    is_sealed: bool
    _read: tuple[tuple[_Step, tuple[_Words, ...]], ...] | None = field(default=None)

    def found_harmless(self, words: str) -> bool:
        """Did the last end that came while it said these words say that they are nothing, or only a concern?"""
        ends = [step for step, said in self._ends() if any(one.content_sha256 == words for one in said)]
        return bool(ends) and ends[-1].event in FOUND_HARMLESS

    def has_ended_harmless(self) -> bool:
        """Did its last end say so, of whatever words?"""
        return any(step.event in FOUND_HARMLESS for step, _ in self._ends()[-1:])

    def has_decided(self, words: str) -> bool:
        """Did a person put the incident where it stands while it said these words?"""
        return any(one.content_sha256 == words for one in self._decided())

    def knows_of(self, route: Route, harms: frozenset[Harm]) -> bool:
        """Did a person put it there knowing words as grave as these, of the same harms? Of a threat nobody knows the next one."""
        return (
            route is Route.POLICE
            and bool(harms)
            and Harm.THREAT not in harms
            and any(one.route in GRAVE_ROUTES and harms <= one.harms for one in self._decided())
        )

    def _ends(self) -> list[tuple[_Step, tuple[_Words, ...]]]:
        return [
            (step, said)
            for step, said in self._steps()
            if step.to in _ENDED and (step.is_after_stop or not self.is_sealed)
        ]

    def _decided(self) -> list[_Words]:
        here = {self.place.inner.id, self.place.told.id}
        return [
            one
            for step, said in self._steps()
            if step.incident in here and step.to not in UNDECIDED
            for one in said
        ]

    def _steps(self) -> tuple[tuple[_Step, tuple[_Words, ...]], ...]:
        if self._read is None:
            ids = list(dict.fromkeys((*self.incidents, self.place.told.id)))
            opened_for: dict[str, str] = dict(
                self.reading.rows(
                    "SELECT id, mention_id FROM incidents WHERE id IN (SELECT unnest(?::VARCHAR[]))", [ids]
                )
            )
            words = _read_words(self.reading, ids, sorted(set(opened_for.values())))
            self._read = tuple(
                (step, tuple(one for one in words if self._is_of(one, step, opened_for)))
                for step in _read_steps(self.reading, ids)
            )
        return self._read

    def _is_of(self, said: _Words, step: _Step, opened_for: Mapping[str, str]) -> bool:
        """Were these words of the incident that the step moved, and there to be read?"""
        inside = {step.incident}
        if self.place.outer is not None and step.incident == self.place.outer.id:
            inside.add(self.place.inner.id)
        is_inside = said.incident in inside or any(opened_for.get(id_) == said.mention for id_ in inside)
        is_said = said.since <= step.at and (said.until is None or said.until > step.at)
        is_there = said.mention == self.mention or said.gone_at is None or said.gone_at > step.at
        return is_inside and is_said and is_there


def _read_words(reading: Reading, incidents: Sequence[str], mentions: Sequence[str]) -> tuple[_Words, ...]:
    found = reading.rows(
        "SELECT m.id, coalesce(m.incident_id, ''), r.content_sha256, c.route, c.harms, r.captured_at, "
        "lead(r.captured_at) OVER (PARTITION BY r.mention_id ORDER BY r.revision), CASE WHEN m.is_gone THEN m.gone_at END "
        "FROM revisions AS r JOIN mentions AS m ON m.id = r.mention_id "
        "JOIN classifications AS c ON c.mention_id = r.mention_id AND c.revision = r.revision "
        "WHERE m.kind <> ? AND m.id IN (SELECT id FROM mentions WHERE incident_id IN (SELECT unnest(?::VARCHAR[])) "
        "UNION SELECT unnest(?::VARCHAR[]))",
        [EntryKind.REPORT.value, list(incidents), list(mentions)],
    )
    return tuple(
        _Words(
            row[0],
            row[1],
            row[2],
            Route(row[3]),
            frozenset(map(Harm, row[4])),
            at_utc(row[5]),
            to_utc(row[6]),
            to_utc(row[7]),
        )
        for row in found
    )


def _read_steps(reading: Reading, incidents: Sequence[str]) -> list[_Step]:
    found: list[_Step] = []
    stopped: set[str] = set()
    for id_, event, to, at, role in reading.rows(
        "SELECT incident_id, event, to_state, happened_at, role FROM incident_events "
        "WHERE incident_id IN (SELECT unnest(?::VARCHAR[])) AND from_state IS DISTINCT FROM to_state ORDER BY seq",
        [list(incidents)],
    ):
        if to == IncidentState.STOP_IMAGE.value:
            stopped.add(id_)
        if role != Role.PIPELINE.value:
            found.append(_Step(id_, event, IncidentState(to), at_utc(at), id_ in stopped))
    return found


def answer(seen: Seen, place: Place, past: Past) -> Answer:
    """What comes of what a source shows of a post that stands in `place`."""
    if not (seen.is_of_incident or seen.opens or seen.is_stop or seen.is_sealed):
        return Answer.LEAVE
    if place.is_over:
        return Answer.OPEN if _is_news(seen, past) else Answer.TELL
    if seen.is_stop:
        # Of several that are one, what the others are about is not frozen with it.
        if place.is_merged:
            return Answer.OPEN
        return Answer.TELL if place.told.state is IncidentState.STOP_IMAGE else Answer.STOP
    # Else a threat would stand as an edit in the log of what is no urgent matter: nobody would be asked today.
    return Answer.OPEN if _is_outdone(seen, place, past) else Answer.TELL


def _is_outdone(seen: Seen, place: Place, past: Past) -> bool:
    """Are the words a matter for others than the school, where people deal with a matter of the school's own?

    What was opened for the police and is on another route now was put there by a person, who knew other words.
    """
    at = place.told
    if not seen.is_new_words or seen.route not in GRAVE_ROUTES or at.state in _WITH_POLICE:
        return False
    if at.state in UNDECIDED:
        return at.route not in GRAVE_ROUTES and not past.has_decided(seen.words)
    # A number that counts up in them is nothing to put before a person each night.
    return not past.has_decided(seen.words) and not past.knows_of(seen.route, seen.harms)


def _is_news(seen: Seen, past: Past) -> bool:
    """Nobody is at it any more: is there something that somebody should be told?"""
    if seen.is_stop:
        return True
    if past.found_harmless(seen.words):
        return False
    if not seen.is_of_incident:
        # Another source shows what is still there: the same post. Of a sealed one nobody reads whether it is.
        return (seen.opens and not seen.is_shown) or (seen.is_sealed and not seen.is_shown_at_all)
    return seen.asks or (seen.is_back and not past.has_ended_harmless())

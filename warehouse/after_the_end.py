"""What a post asks anew that has an incident, or whose address has one: one rule for the night and for reports (ADR 0040).

A finished incident is taken up again by a person (T36), and its post is on no list any more. So what may need a person is
put before one as an incident of its own, which names the earlier one. While one is open, what is seen is told there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from mentionwatch.labels import GRAVE_ROUTES, UNDECIDED, IncidentState, Route
from warehouse.incidents import Place
from warehouse.session import Reading

EDITED: Final = "edited after its incident had ended"
BACK: Final = "shown again after it was gone and its incident had ended"
ELSEWHERE: Final = "shown at another source after its incident had ended"

FOUND_HARMLESS: Final = ("no_case", "concern_close")
"""The steps (T08, P04) that end an incident because of what its words are: the same words are no news."""

_WITH_POLICE = frozenset({IncidentState.STOP_IMAGE, IncidentState.POLICE_HOLD})


class Answer(Enum):
    """What comes of it. `LEAVE`: nothing, it is no matter of that incident. `TELL`, `STOP`: told there, or stopped there (T04)."""

    LEAVE = "leave"
    TELL = "tell"
    STOP = "stop"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a source shows of a post. `words` is their digest, `route` where they would go.

    `opens`: they open an incident by themselves; `asks`: they ask for a person. `is_of_incident`: the post is in one;
    else another mention of its address is. `is_shown`: with these words some mention of the post is shown at its source
    already; `is_shown_at_all`: with any.
    """

    words: str
    route: Route
    is_stop: bool
    opens: bool
    asks: bool
    is_of_incident: bool
    is_new_words: bool
    is_back: bool
    is_sealed: bool
    is_shown: bool
    is_shown_at_all: bool


@dataclass(slots=True)
class Past:
    """What was said of a post, and how its incidents ended, at an address or in these incidents; asked where it matters."""

    reading: Reading
    canonical_url: str
    incidents: tuple[str, ...]
    _endings: tuple[tuple[str, frozenset[str]], ...] | None = field(default=None)

    def has_said(self, words: str) -> bool:
        """Were these the words of a mention of the post at any time?"""
        return bool(
            self.reading.rows(
                f"SELECT 1 FROM ({_SAID}) WHERE content_sha256 = ? LIMIT 1",  # noqa: S608 -- our own words
                [*self._post(), words],
            )
        )

    def has_ended_harmless(self) -> bool:
        """Did its last end say that its words are nothing, or only a concern?"""
        return any(event in FOUND_HARMLESS for event, _ in self.endings()[:1])

    def found_harmless(self, words: str) -> bool:
        """Did the last end that came while it said these words say so of them?"""
        said = [event for event, there in self.endings() if words in there]
        return bool(said) and said[0] in FOUND_HARMLESS

    def endings(self) -> tuple[tuple[str, frozenset[str]], ...]:
        """The steps that ended its incidents, the latest first, each with the words its mentions had then."""
        if self._endings is None:
            found = self.reading.rows(
                f"WITH said AS ({_SAID}) SELECT e.event, list(s.content_sha256) FROM incident_events AS e "  # noqa: S608 -- our own words
                "LEFT JOIN said AS s ON s.since <= e.happened_at AND (s.until IS NULL OR s.until > e.happened_at) "
                "WHERE e.incident_id IN (SELECT unnest(?::VARCHAR[])) AND e.to_state IN ('RESOLVED', 'CLOSED') "
                "AND e.from_state IS DISTINCT FROM e.to_state GROUP BY e.seq, e.event ORDER BY e.seq DESC",
                [*self._post(), list(self.incidents)],
            )
            self._endings = tuple(
                (event, frozenset(word for word in words if word)) for event, words in found
            )
        return self._endings

    def _post(self) -> tuple[object, ...]:
        return (self.canonical_url, self.canonical_url, list(self.incidents))


_SAID = (
    "SELECT r.content_sha256, r.captured_at AS since, lead(r.captured_at) OVER (PARTITION BY r.mention_id ORDER BY r.revision) AS until "
    "FROM revisions AS r JOIN mentions AS m ON m.id = r.mention_id "
    "WHERE (? <> '' AND m.canonical_url = ?) OR m.incident_id IN (SELECT unnest(?::VARCHAR[]))"
)
"""What the mentions of a post said, and until when; two `?` for its address and one for its incidents."""


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
    is_outdone = seen.is_new_words and _is_outdone(place, seen.route) and not past.has_said(seen.words)
    return Answer.OPEN if is_outdone else Answer.TELL


def _is_outdone(place: Place, route: Route) -> bool:
    """Are words that go `route` a matter for others than the school, where people deal with a matter of the school's own?

    What was opened for the police and is on another route now was put there by a person, who knew other words.
    """
    at = place.told
    if route not in GRAVE_ROUTES or at.state in _WITH_POLICE:
        return False
    return at.route not in GRAVE_ROUTES or at.state not in UNDECIDED


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

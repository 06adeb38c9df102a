"""What is open under the protocol: incidents, and concerns and good news that have become more than that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from incidents.incident_rows import CONCERN_TRACK, ENDED, GOOD_NEWS_TRACK
from incidents.standing import Track
from incidents.steps import Event
from mentionwatch.labels import FINISHED, IncidentState
from warehouse.clause import EVERYTHING, Clause
from warehouse.incident_steps import CONCERN, INCIDENT, POSITIVE, IncidentRow, incident_rows
from warehouse.session import Reading

LIVE: Final = tuple(state for state in IncidentState if state not in FINISHED)
_RAISED: Final = tuple(state for state in LIVE if state not in CONCERN_TRACK | GOOD_NEWS_TRACK | ENDED)
"""Where no concern and no good news stands by itself: a decision was asked for (P05), or an image stopped it (T04)."""
_QUIET: Final = tuple(state for state in LIVE if state not in _RAISED)
_ASKING: Final = (Event.SAFEGUARDING.value, Event.SAFETY.value)
ASKED: Final = (Track.SAFEGUARDING, Track.SAFETY)
"""What somebody is asked for beside a concern, and must answer the same day."""


def list_open(
    reading: Reading, states: Sequence[IncidentState] = LIVE, seen: Clause = EVERYTHING
) -> tuple[IncidentRow, ...]:
    """Incidents in these states, and what was raised from a concern or good news; `seen` as for `incident_rows`."""
    raised = (row for track in (CONCERN, POSITIVE) for row in incident_rows(reading, _RAISED, track, seen))
    return (*incident_rows(reading, states, INCIDENT, seen), *raised)


def list_asking(reading: Reading, seen: Clause = EVERYTHING) -> tuple[IncidentRow, ...]:
    """Concerns and good news where they begin, beside which somebody was once asked for something: answered or not."""
    asked = Clause(
        "i.id IN (SELECT incident_id FROM incident_events WHERE event IN (SELECT unnest(?::VARCHAR[])))",
        (list(_ASKING),),
    )
    return tuple(
        row for track in (CONCERN, POSITIVE) for row in incident_rows(reading, _QUIET, track, seen & asked)
    )

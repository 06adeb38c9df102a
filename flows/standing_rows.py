"""What is stored of many incidents, concerns and good news: a few queries for all of them, not some for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flows.merging import mentions_together, past_event
from incidents.history import MERGED_IN, PastEvent
from incidents.steps import Event
from warehouse.custody import mentions_among
from warehouse.incident_steps import IncidentRow, events_among, incidents_among
from warehouse.protocol_records import DocumentRow, documents_among
from warehouse.reading import MentionFilter, MentionRow, list_mentions
from warehouse.session import Reading

_MERGING = frozenset({Event.MERGE.value, MERGED_IN})


@dataclass(frozen=True, slots=True)
class StandingRows:
    """Rows by the id that was asked for. `together`: the posts of an incident and of all that is one with it now."""

    incidents: Mapping[str, IncidentRow]
    about: Mapping[str, MentionRow]
    events: Mapping[str, tuple[PastEvent, ...]]
    documents: Mapping[str, tuple[DocumentRow, ...]]
    together: Mapping[str, tuple[MentionRow, ...]]


def read_standing_rows(reading: Reading, ids: Sequence[str]) -> StandingRows:
    """What is there of these; an id that is neither an incident nor a mention has no row in the answer."""
    incidents = incidents_among(reading, ids)
    about = {id_: incidents[id_].mention_id if id_ in incidents else id_ for id_ in ids}
    events = {
        id_: tuple(past_event(event) for event in found) for id_, found in events_among(reading, ids).items()
    }
    together = _together(reading, events)
    wanted = dict.fromkeys((*about.values(), *(one for found in together.values() for one in found)))
    mentions = (
        {row.id: row for row in list_mentions(reading, MentionFilter(ids=tuple(wanted)))} if wanted else {}
    )
    return StandingRows(
        incidents=incidents,
        about={id_: mentions[mention] for id_, mention in about.items() if mention in mentions},
        events=events,
        documents=documents_among(reading, ids),
        together={
            id_: tuple(mentions[one] for one in found if one in mentions) for id_, found in together.items()
        },
    )


def _together(reading: Reading, events: Mapping[str, Sequence[PastEvent]]) -> dict[str, tuple[str, ...]]:
    """The mentions of each. Few were ever merged, and only those have to be followed from one to the next."""
    merged = [id_ for id_, found in events.items() if any(event.event in _MERGING for event in found)]
    alone = mentions_among(reading, [id_ for id_ in events if id_ not in merged])
    return alone | {id_: mentions_together(reading, id_) for id_ in merged}

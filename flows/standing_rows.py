"""What is stored of many incidents, concerns and good news: a few queries for all of them, not some for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flows.merging import incidents_together, past_event
from incidents.history import MERGED_IN, PastEvent, gather
from incidents.steps import Event
from mentionwatch.labels import Role
from warehouse.custody import mentions_among
from warehouse.each import each_of
from warehouse.earlier import of_one_post, roles_kept_out
from warehouse.incident_steps import IncidentRow, events_among, incidents_among
from warehouse.protocol_records import DocumentRow, documents_among
from warehouse.reading import MentionRow, rows_of
from warehouse.session import Reading
from warehouse.subjects import roles_among

_MERGING = frozenset({Event.MERGE.value, MERGED_IN})


@dataclass(frozen=True, slots=True)
class StandingRows:
    """Rows by the id that was asked for. `together`: the posts of an incident and of all that is one with it now.

    `passed_over`: who stepped back from any of those or from an earlier incident of the same post, and whom it is about as
    stored: also in words that are sealed now, or that its author took back (L31).
    """

    incidents: Mapping[str, IncidentRow]
    about: Mapping[str, MentionRow]
    events: Mapping[str, tuple[PastEvent, ...]]
    documents: Mapping[str, tuple[DocumentRow, ...]]
    together: Mapping[str, tuple[MentionRow, ...]]
    passed_over: Mapping[str, frozenset[Role]]


@dataclass(frozen=True, slots=True)
class _Stored:
    """What is there under one id, its posts by their ids."""

    incident: IncidentRow | None
    about: str
    events: tuple[PastEvent, ...]
    documents: tuple[DocumentRow, ...]
    together: tuple[str, ...]
    passed_over: frozenset[Role]


_TABLES = ("incidents", "incident_events", "documents", "mentions", "subjects")
_MOST_KEPT = 2_000


def read_standing_rows(reading: Reading, ids: Sequence[str]) -> StandingRows:
    """What is there of these; an id that is neither an incident nor a mention has no row in the answer."""
    stored = _stored(reading, ids)
    posts = tuple(
        dict.fromkeys(
            (
                *(one.about for one in stored.values()),
                *(post for one in stored.values() for post in one.together),
            )
        )
    )
    mentions = rows_of(reading, posts)
    return StandingRows(
        incidents={id_: one.incident for id_, one in stored.items() if one.incident is not None},
        about={id_: mentions[one.about] for id_, one in stored.items() if one.about in mentions},
        events={id_: one.events for id_, one in stored.items()},
        documents={id_: one.documents for id_, one in stored.items()},
        together={
            id_: tuple(mentions[post] for post in one.together if post in mentions)
            for id_, one in stored.items()
        },
        passed_over={id_: one.passed_over for id_, one in stored.items()},
    )


def _stored(reading: Reading, ids: Sequence[str]) -> dict[str, _Stored]:
    """Kept by id: each reader's list is another, and most of what is on them the same."""
    kept: dict[str, _Stored] = reading.store("standing", _TABLES)
    return each_of(kept, ids, lambda missing: _read_stored(reading, missing), _MOST_KEPT)


def _read_stored(reading: Reading, ids: Sequence[str]) -> dict[str, _Stored]:
    incidents, documents = incidents_among(reading, ids), documents_among(reading, ids)
    events = {
        id_: tuple(past_event(event) for event in found) for id_, found in events_among(reading, ids).items()
    }
    # Few were ever merged, and only those have to be followed from one to the next.
    merged = [id_ for id_, found in events.items() if any(event.event in _MERGING for event in found)]
    one_with = {id_: incidents_together(reading, id_) for id_ in merged}
    posts = mentions_among(reading, [*ids, *(each for whole in one_with.values() for each in whole)])
    together = {
        id_: tuple(dict.fromkeys(post for each in one_with.get(id_, (id_,)) for post in posts[each]))
        for id_ in ids
    }
    about = {id_: incidents[id_].mention_id if id_ in incidents else id_ for id_ in ids}
    out = _read_out(reading, events, one_with, {id_: (*together[id_], about[id_]) for id_ in ids})
    return {
        id_: _Stored(incidents.get(id_), about[id_], events[id_], documents[id_], together[id_], out[id_])
        for id_ in ids
    }


def _read_out(
    reading: Reading,
    events: Mapping[str, tuple[PastEvent, ...]],
    one_with: Mapping[str, tuple[str, ...]],
    posts: Mapping[str, tuple[str, ...]],
) -> dict[str, frozenset[Role]]:
    """Who is out of each of these; few have more than their own steps and posts to be asked."""
    wholes = {id_: one_with.get(id_, (id_,)) for id_ in posts}
    others = of_one_post(reading, {each for whole in wholes.values() for each in whole})
    all_posts = list({post for found in posts.values() for post in found})
    about, taken_up = roles_among(reading, all_posts), incidents_among(reading, all_posts)
    out = {}
    for id_, whole in wholes.items():
        is_one_of_several = len(whole) > 1 or any(each in others for each in whole)
        if is_one_of_several or any(post in taken_up and post != id_ for post in posts[id_]):
            all_on_it = (*whole, *(other for each in whole for other in others.get(each, ())))
            out[id_] = roles_kept_out(reading, all_on_it, posts[id_])
        else:
            own = (about.get(post, frozenset()) for post in posts[id_])
            out[id_] = gather(events[id_]).passed_over.union(*own)
    return out

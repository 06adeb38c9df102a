"""What incidents of one post have to do with one another: merged into one, on the same address, and whom they keep out."""

from __future__ import annotations

import json
from collections.abc import Collection

from mentionwatch.labels import PASSED_OVER, IncidentState, Role
from warehouse.custody import mentions_among
from warehouse.session import Reading
from warehouse.subjects import stored_roles


def merges(reading: Reading) -> dict[str, str]:
    """Every incident that is merged now, with what it was merged into; empty where that was erased and nobody knows."""
    found = reading.rows(
        "SELECT i.id, arg_max(coalesce(e.details_json, '{}'), e.number) FROM incidents AS i "
        "JOIN incident_events AS e ON e.incident_id = i.id AND e.event = 'merge' WHERE i.state = ? GROUP BY i.id",
        [IncidentState.MERGED.value],
    )
    return {id_: str(json.loads(details).get("into", "")) for id_, details in found}


def _all_merged_with(reading: Reading, ids: Collection[str]) -> frozenset[str]:
    """These, what they are part of, and all that is part of that."""
    whole, more = set(ids), True
    pairs = tuple(merges(reading).items())
    while more:
        more = False
        for one, into in pairs:
            if into and (one in whole) is not (into in whole):
                whole |= {one, into}
                more = True
    return frozenset(whole)


def of_one_post(reading: Reading, ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Each of these incidents with the others on its post, where there are any: a post goes with its latest one.

    A hold on an earlier one holds all the same, and the post is kept for as long as any of them says.
    """
    found: dict[str, list[str]] = {}
    for id_, other in reading.rows(
        "SELECT i.id, j.id FROM incidents AS i JOIN incidents AS j ON j.mention_id = i.mention_id AND i.mention_id <> '' "
        "WHERE i.track = 'incident' AND j.track = 'incident' AND j.id <> i.id AND i.id IN (SELECT unnest(?::VARCHAR[])) "
        "UNION SELECT i.id, j.id FROM incidents AS i JOIN incidents AS j ON j.canonical_url = i.canonical_url AND i.canonical_url <> '' "
        "WHERE i.track = 'incident' AND j.track = 'incident' AND j.id <> i.id AND i.id IN (SELECT unnest(?::VARCHAR[])) ORDER BY ALL",
        [list(ids), list(ids)],
    ):
        found.setdefault(id_, []).append(other)
    return {id_: tuple(others) for id_, others in found.items()}


def roles_kept_out(reading: Reading, incidents: Collection[str], posts: Collection[str]) -> frozenset[Role]:
    """Who is out of what concerns these posts, of which these are the incidents, earlier ones too (L31).

    Whom the posts are about, or any post of the incidents, in whatever revision; and who stepped back from one of the incidents,
    from what is one with it now, or from a post as a concern.
    """
    whole = mentions_among(reading, list(incidents)) if incidents else {}
    of_it = tuple(dict.fromkeys((*posts, *(id_ for found in whole.values() for id_ in found))))
    stepped = reading.rows(
        "SELECT details_json FROM incident_events WHERE incident_id IN (SELECT unnest(?::VARCHAR[])) AND contains(details_json, ?)",
        # A concern that is taken up bears the id of its post.
        [[*(_all_merged_with(reading, incidents) if incidents else ()), *of_it], f'"{PASSED_OVER}"'],
    )
    names = {name for (details,) in stepped for name in str(json.loads(details).get(PASSED_OVER, "")).split()}
    return stored_roles(reading, of_it) | {Role(name) for name in names}

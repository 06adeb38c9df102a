"""What a post asks anew whose incident has ended: it is edited, or it is back (ADR 0040).

A finished incident is taken up again by a person (T36), and its post is on no list any more. So what may need a person is
put before one as an incident of its own, which names the earlier one.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace
from typing import Final

from mentionwatch.labels import SETTLED, IncidentState
from mentionwatch.model import IncidentIntent
from warehouse.session import Reading

EDITED: Final = "edited after its incident had ended"
BACK: Final = "shown again after it was gone and its incident had ended"

FOUND_HARMLESS: Final = ("no_case", "concern_close")
"""The steps (T08, P04) that end an incident because of what its words are: the same words are no news."""


def with_reason(intent: IncidentIntent, reason: str) -> IncidentIntent:
    """The same, saying first why it is opened."""
    return replace(intent, reasons=(reason, *intent.reasons))


def has_said(reading: Reading, incident_id: str, content_sha256: str) -> bool:
    """Were these the words of a post of this incident at any time?"""
    return bool(
        reading.rows(
            "SELECT 1 FROM revisions AS r JOIN mentions AS m ON m.id = r.mention_id WHERE m.incident_id = ? AND r.content_sha256 = ? LIMIT 1",
            [incident_id, content_sha256],
        )
    )


def is_over(reading: Reading, incident_id: str, state: IncidentState) -> bool:
    """Has it ended, and what it was merged into, too?"""
    seen = {incident_id}
    while state is IncidentState.MERGED:
        merge = reading.row(
            "SELECT coalesce(details_json, '{}') FROM incident_events WHERE incident_id = ? AND event = 'merge' ORDER BY number DESC LIMIT 1",
            [incident_id],
        )
        incident_id = str(json.loads(merge[0]).get("into", "")) if merge else ""
        row = reading.row("SELECT state FROM incidents WHERE id = ?", [incident_id])
        if row is None or incident_id in seen:
            return True
        seen.add(incident_id)
        state = IncidentState(row[0])
    return state in SETTLED


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


def was_found_harmless(reading: Reading, incident_id: str) -> bool:
    """Did the last step that moved it say that its words are nothing, or only a concern?"""
    last = reading.row(
        "SELECT event FROM incident_events WHERE incident_id = ? AND from_state IS DISTINCT FROM to_state ORDER BY number DESC LIMIT 1",
        [incident_id],
    )
    return last is not None and last[0] in FOUND_HARMLESS

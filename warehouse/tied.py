"""Does every stored post stand in the lists? They join its three rows by the time of capture too (docs/adr/0034).

A row that lost its fellow, or bears another time than it, would be in no list and missed by nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from warehouse.reading import TIES
from warehouse.session import Reading

_TIED: Final = f"(({TIES[0]}) OR ({TIES[1]}))"
_CHOSEN: Final = (
    "WHERE {id} IN (SELECT unnest(?::VARCHAR[])) "
    "OR {id} IN (SELECT id FROM mentions WHERE incident_id IN (SELECT unnest(?::VARCHAR[])))"
)
_UNTIED: Final = (
    (
        "mention",
        "its first time is not that of its capture, or that capture is missing: no list shows it",
        "SELECT m.id FROM mentions AS m ANTI JOIN revisions AS r "  # noqa: S608 -- our own conditions
        f"ON r.mention_id = m.id AND r.revision = m.revision AND {_TIED} {{chosen}} ORDER BY m.id",
        "m.id",
    ),
    (
        "revision",
        "its post is missing or stands at an earlier capture: no list shows it",
        "SELECT r.mention_id || '/' || r.revision FROM revisions AS r ANTI JOIN mentions AS m "
        "ON m.id = r.mention_id AND m.revision >= r.revision {chosen} ORDER BY r.mention_id, r.revision",
        "r.mention_id",
    ),
    (
        "revision",
        "its judgement is missing or bears another time: no list shows it",
        "SELECT r.mention_id || '/' || r.revision FROM revisions AS r ANTI JOIN classifications AS c "
        "ON c.mention_id = r.mention_id AND c.revision = r.revision AND c.classified_at = r.captured_at {chosen} "
        "ORDER BY r.mention_id, r.revision",
        "r.mention_id",
    ),
)


def find_untied(reading: Reading, ids: Sequence[str] = ()) -> tuple[tuple[str, str, str], ...]:
    """Kind, id and cause of each row that would be left out of lists, among these mentions (or incidents' mentions) or all.

    Each table is read once or twice, in the few columns the ties are of: seconds at five million mentions.
    """
    found = list[tuple[str, str, str]]()
    for kind, cause, sql, id_ in _UNTIED:
        chosen = _CHOSEN.format(id=id_) if ids else ""
        values = [list(ids), list(ids)] if ids else []
        found += [(kind, row[0], cause) for row in reading.rows(sql.format(chosen=chosen), values)]
    return tuple(found)

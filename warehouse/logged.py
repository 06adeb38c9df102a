"""What the audit log says must be so now: which holds stand and what is sealed. A row changed by hand does not undo it.

The log is chained and signed; the rows that say the same in a table are not. An erasure, itself in the log, ends both.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from warehouse.about import NUMBER
from warehouse.session import Reading, to_utc
from warehouse.verify import Finding

_HELD = (
    "SELECT object_kind, object_id, happened_at, actor, TRY_CAST(regexp_extract(reason, $1, 1) AS TIMESTAMPTZ), "
    # Named one by one: with all columns DuckDB reads the whole log, with these the rows of these four verbs.
    "regexp_replace(reason, $1, '') FROM (SELECT object_kind, object_id, happened_at, actor, reason, verb, seq FROM audit "
    "WHERE verb IN ('held', 'released', 'erased', 'purged') AND object_kind IN ('mention', 'incident') "
    "QUALIFY row_number() OVER (PARTITION BY object_kind, object_id ORDER BY seq DESC) = 1) WHERE verb = 'held'"
)
_HEAD = r"^(?:until ([^ ;]+)|purpose [a-z_]+)(?:; |$)"


@dataclass(frozen=True, slots=True)
class _Stands:
    """A hold as one side tells it. `reason` None: its words were taken out of the log."""

    at: datetime
    actor: str
    until: datetime | None
    reason: str | None


def write_until(until: datetime | None, reason: str) -> str:
    """The reason of a hold that lapses by itself, as the audit log takes it down: the log, too, must know when."""
    return f"until {until.isoformat()}; {reason}" if until else reason


def _logged_holds(reading: Reading) -> Mapping[tuple[str, str], _Stands]:
    return reading.remembered(
        ("holds",),
        lambda: {
            (row[0], row[1]): _Stands(row[2], row[3], to_utc(row[4]), row[5])
            for row in reading.rows(_HELD, [_HEAD])
        },
    )


def _stored_holds(reading: Reading) -> dict[tuple[str, str], _Stands]:
    return {
        (row[0], row[1]): _Stands(row[2], row[3], to_utc(row[4]), row[5])
        for row in reading.rows("SELECT object_kind, object_id, held_at, actor, until_at, reason FROM holds")
    }


def find_changed_holds(reading: Reading) -> list[Finding]:
    """Holds that are gone or changed though nobody released them, and holds nobody ever placed; each by its object."""
    logged, stored = _logged_holds(reading), _stored_holds(reading)
    found = list[Finding]()
    for key in sorted(logged.keys() | stored.keys()):
        said, there = logged.get(key), stored.get(key)
        if there is None:
            cause = "its hold is missing, though the audit log says that it was placed and nowhere that it was released"
        elif said is None:
            cause = "is held, though the audit log says nothing of a hold that stands"
        elif there.until != said.until:
            cause = "its hold was changed: the audit log says that it ends at another time"
        elif (there.at, there.actor) != (said.at, said.actor) or said.reason not in (None, there.reason):
            cause = "its hold was changed: the audit log says otherwise"
        else:
            continue
        found.append(Finding("hold", key[1], cause))
    return found


def logged_holds(reading: Reading, now: datetime) -> dict[tuple[str, str], str]:
    """Kind and id of what must not be deleted at `now` by the log's word, with the reason."""
    return {
        key: said.reason or "held, by the audit log"
        for key, said in _logged_holds(reading).items()
        if said.until is None or said.until > now
    }


_SEALED = (
    "SELECT DISTINCT s.object_id FROM audit AS s WHERE s.verb = 'sealed' AND s.object_kind = 'mention' AND NOT EXISTS ("
    "SELECT 1 FROM audit AS e WHERE e.object_kind = 'mention' AND e.object_id = s.object_id AND e.verb IN ('erased', 'purged') "
    "AND e.seq > s.seq)"
)


def logged_seals(reading: Reading) -> frozenset[str]:
    """Mentions that were sealed, by the log's word. Nothing the software does takes a seal off (B13, T04)."""
    return reading.remembered(("seals",), lambda: frozenset(row[0] for row in reading.rows(_SEALED)))


_STOPPED = "(is_sealed OR incident_id IN (SELECT id FROM incidents WHERE state = 'STOP_IMAGE'))"


def sealed_mentions(reading: Reading) -> set[str]:
    """What nobody is shown and nobody draws: sealed by its row or by the log's word, or in an incident under the stop rule."""
    stopped = reading.rows(f"SELECT id FROM mentions WHERE {_STOPPED}")  # noqa: S608 -- fixed text
    return {row[0] for row in stopped} | logged_seals(reading)


def sealed_among(reading: Reading, ids: Collection[str]) -> set[str]:
    """The same of these mentions alone: asked by id, no other mention is read."""
    stopped = reading.rows(
        f"SELECT id FROM mentions WHERE id IN (SELECT unnest(?::VARCHAR[])) AND {_STOPPED}",  # noqa: S608 -- fixed text
        [list(ids)],
    )
    return {row[0] for row in stopped} | logged_seals(reading).intersection(ids)


def find_misfiled(reading: Reading) -> list[Finding]:
    """Rows of the log that are filed under another record than theirs, twice or nowhere; one finding for all of them."""
    wrong = reading.row(
        f"SELECT count(*), min(coalesce(a.seq, f.seq)) FROM (SELECT seq, {NUMBER} AS about FROM audit) AS a "  # noqa: S608 -- fixed text
        "FULL JOIN (SELECT seq, min(about) AS about, count(*) AS times FROM audit_about GROUP BY seq) AS f ON f.seq = a.seq "
        "WHERE a.seq IS NULL OR f.seq IS NULL OR f.times > 1 OR f.about <> a.about"
    )
    if wrong is None or not wrong[0]:
        return []
    cause = f"{wrong[0]} rows are not filed under the record they are about: pages may leave out what was done with it"
    return [Finding("audit", str(wrong[1]), cause)]


def find_unsealed(reading: Reading) -> list[Finding]:
    """Mentions that are not sealed in the database though the audit log says that they were."""
    return [
        Finding("mention", row[0], "was sealed by the stop rule, and the seal was taken off by hand")
        for row in reading.rows(
            f"SELECT id FROM mentions WHERE NOT is_sealed AND id IN ({_SEALED}) ORDER BY id"  # noqa: S608 -- fixed text
        )
    ]

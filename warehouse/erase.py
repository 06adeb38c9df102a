"""Deleting for good: rows, then the file itself. DuckDB leaves deleted bytes in its file, so the file is rewritten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from mentionwatch.labels import Role
from mentionwatch.model import AuditEvent
from warehouse.chain import append_audit
from warehouse.connection import Warehouse
from warehouse.earlier import of_one_post
from warehouse.files import checkpoint
from warehouse.logged import logged_holds, logged_seals
from warehouse.publish import publish
from warehouse.reporters import ReporterStore
from warehouse.rewrite import rewrite
from warehouse.session import Reading, Row, Writing, as_utc, clean_text

FROZEN = "possible illegal image: frozen until a person lifts it"

_BY_MENTION = (
    "revisions",
    "evidence",
    "classifications",
    "decisions",
    "pictures",
    "subjects",
    "subjects_read",
    "summaries",
    "summary_asks",
)
_WITH_KEYS = ("revisions", "summaries")


@dataclass(frozen=True, slots=True)
class Burial:
    """One mention to delete. `reason` goes on its tombstone: a retention class, or why it is erased."""

    mention_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Erasure:
    """What `erase` did: deleted, not there, and held back with the reason."""

    erased: tuple[str, ...]
    unknown: tuple[str, ...]
    held: Mapping[str, str]
    note: str = ""


def held_mentions(reading: Reading, now: datetime) -> dict[str, str]:
    """Mentions nobody may delete now, with the reason (I11): held themselves, through their incident, or sealed.

    What the audit log says counts as much as the tables: taking a row out by hand frees nothing.
    """
    logged = logged_holds(reading, now)
    by_log = dict.fromkeys(logged_seals(reading), FROZEN)
    incidents = {which: why for (kind, which), why in logged.items() if kind == "incident"}
    for number, why in reading.rows(
        "SELECT object_id, reason FROM holds WHERE object_kind = 'incident' AND (until_at IS NULL OR until_at > ?)",
        [now],
    ):
        incidents[number] = why
    # The post went with its latest incident, and is held by what was said of an earlier one (ADR 0040).
    for number, others in of_one_post(reading, tuple(incidents)).items():
        incidents |= {other: incidents[number] for other in others if other not in incidents}
    held = [[which for kind, which in logged if kind == "mention"], list(incidents)]
    # Asked of those few: a school has millions of mentions and holds a handful.
    for id_, number in reading.rows(
        "SELECT id, incident_id FROM mentions WHERE id IN (SELECT unnest(?::VARCHAR[])) "
        "UNION SELECT id, incident_id FROM mentions WHERE incident_id IN (SELECT unnest(?::VARCHAR[]))",
        held,
    ):
        if why := logged.get(("mention", id_)) or incidents.get(number):
            by_log[id_] = why
    found = reading.rows(
        "SELECT object_id, reason FROM holds WHERE object_kind = 'mention' AND (until_at IS NULL OR until_at > ?) "
        "UNION ALL SELECT m.id, 'incident ' || i.id || ' is with the police' FROM mentions AS m JOIN incidents AS i ON i.id = m.incident_id "
        "WHERE i.state = 'POLICE_HOLD' "
        "UNION ALL SELECT id, ? FROM mentions WHERE is_sealed",
        [now, FROZEN],
    )
    return by_log | dict(found)


def bury(
    writing: Writing, burials: Sequence[Burial], basis: str, now: datetime, actor: str, role: Role
) -> None:
    """Delete mentions and everything that hangs on them, inside the caller's transaction.

    Their keys are destroyed as soon as the transaction is kept, so that nobody reads their words again. Who reported them is forgotten, and
    the school's key is changed, with `finish_compaction`. What stays: a tombstone without content, the numbers and hashes of the logs, and
    incidents emptied of words. `basis` is retention or erasure. The bytes are gone only after `compact`.
    """
    ids = [burial.mention_id for burial in burials]
    if not ids:
        return
    if basis == "erasure":
        _forget_cursors(writing, ids)
    reasons = [clean_text(burial.reason) for burial in burials]
    writing.run(
        "INSERT INTO tombstones SELECT m.id, m.source, m.revision, CASE WHEN ? = 'retention' THEN m.content_sha256 END, ?, b.reason, ? "
        "FROM (SELECT unnest(?::VARCHAR[]) AS id, unnest(?::VARCHAR[]) AS reason) AS b JOIN mentions AS m USING (id) "
        "ON CONFLICT (mention_id) DO UPDATE SET revision = excluded.revision, content_sha256 = excluded.content_sha256, "
        "basis = excluded.basis, reason = excluded.reason, erased_at = excluded.erased_at",
        [basis, basis, now, ids, reasons],
    )
    _empty_incidents(writing, ids)
    writing.run(
        "UPDATE audit SET reason = NULL, salt = NULL WHERE (object_kind = 'mention' AND object_id IN (SELECT unnest(?::VARCHAR[]))) "
        "OR (object_kind = 'revision' AND split_part(object_id, '/', 1) IN (SELECT unnest(?::VARCHAR[])))",
        [ids, ids],
    )
    keys = list[Row]()
    for table in _BY_MENTION:
        sql = f"DELETE FROM {table} WHERE mention_id IN (SELECT unnest(?::VARCHAR[]))"  # noqa: S608 -- fixed names
        if table in _WITH_KEYS:
            keys += writing.rows(f"{sql} RETURNING key_id", [ids])
        else:
            writing.run(sql, [ids])
    writing.run(
        "DELETE FROM holds WHERE object_kind = 'mention' AND object_id IN (SELECT unnest(?::VARCHAR[]))",
        [ids],
    )
    writing.run("DELETE FROM mentions WHERE id IN (SELECT unnest(?::VARCHAR[]))", [ids])
    keys += writing.rows(
        "DELETE FROM objects WHERE sha256 NOT IN ("
        "SELECT warc_sha256 FROM evidence WHERE warc_sha256 IS NOT NULL UNION SELECT text_sha256 FROM evidence WHERE text_sha256 IS NOT NULL "
        "UNION SELECT raw_sha256 FROM evidence WHERE raw_sha256 IS NOT NULL UNION SELECT sha256 FROM pictures WHERE sha256 IS NOT NULL) RETURNING key_id"
    )
    going = {row[0] for row in keys if row[0] is not None}
    # After the commit: were it taken back, what stays must open. A kill in between is made good by `finish_compaction`.
    writing.once_kept(lambda: writing.keys.destroy(going, as_utc(now).isoformat()))
    ask_for_rewriting(writing, now)
    append_audit(
        writing,
        [
            AuditEvent(
                now,
                actor,
                role,
                "erased" if basis == "erasure" else "purged",
                "mention",
                burial.mention_id,
                burial.reason,
            )
            for burial in burials
        ],
    )


def ask_for_rewriting(writing: Writing, now: datetime) -> None:
    """Remembered in the file: a kill between deleting and rewriting must not leave the bytes for ever."""
    writing.run(
        "INSERT INTO meta VALUES ('compaction_due', ?) ON CONFLICT DO NOTHING", [as_utc(now).isoformat()]
    )


def _empty_incidents(writing: Writing, ids: Sequence[str]) -> None:
    """Take the words out of incidents that lose their last mention; numbers, states, times and hashes stay."""
    emptied = [
        row[0]
        for row in writing.rows(
            "SELECT DISTINCT i.id FROM incidents AS i LEFT JOIN mentions AS m ON m.incident_id = i.id "
            "WHERE m.id IN (SELECT unnest(?::VARCHAR[])) OR i.mention_id IN (SELECT unnest(?::VARCHAR[])) "
            "EXCEPT SELECT incident_id FROM mentions WHERE incident_id IS NOT NULL AND id NOT IN (SELECT unnest(?::VARCHAR[]))",
            [ids, ids, ids],
        )
    ]
    if not emptied:
        return
    writing.run(
        "UPDATE incidents SET canonical_url = NULL, summary = '', reasons_json = '[]' WHERE id IN (SELECT unnest(?::VARCHAR[]))",
        [emptied],
    )
    writing.run(
        "UPDATE incident_events SET reason = NULL, details_json = NULL, salt = NULL WHERE incident_id IN (SELECT unnest(?::VARCHAR[]))",
        [emptied],
    )
    writing.run(
        "UPDATE audit SET reason = NULL, salt = NULL WHERE object_kind = 'incident' AND object_id IN (SELECT unnest(?::VARCHAR[]))",
        [emptied],
    )


def _forget_cursors(writing: Writing, ids: Sequence[str]) -> None:
    """A collector's cursor may name the post. Its source starts afresh then; keys absorb what comes again."""
    writing.run(
        "UPDATE cursors SET cursor_json = NULL WHERE EXISTS (SELECT 1 FROM mentions AS m JOIN revisions AS r ON r.mention_id = m.id "
        "WHERE m.id IN (SELECT unnest(?::VARCHAR[])) AND m.source = cursors.source AND (contains(cursor_json, m.native_id) OR contains(cursor_json, r.url)))",
        [ids],
    )


def erase(
    warehouse: Warehouse,
    ids: Sequence[str],
    reason: str,
    now: datetime,
    actor: str,
    role: Role = Role.OPERATOR,
) -> Erasure:
    """Erase mentions at a person's request: rows, file and published copy. A held mention stays and is named."""
    with warehouse.writer() as writing:
        there = {
            row[0]
            for row in writing.rows(
                "SELECT id FROM mentions WHERE id IN (SELECT unnest(?::VARCHAR[]))", [list(ids)]
            )
        }
        held = {id_: why for id_, why in held_mentions(writing, now).items() if id_ in ids}
        erased = tuple(id_ for id_ in dict.fromkeys(ids) if id_ in there and id_ not in held)
        bury(writing, [Burial(id_, reason) for id_ in erased], "erasure", now, actor, role)
    note = ""
    if finish_compaction(warehouse):
        note = publish(warehouse).note
    return Erasure(erased, tuple(id_ for id_ in dict.fromkeys(ids) if id_ not in there), held, note)


def finish_compaction(warehouse: Warehouse) -> bool:
    """If something was deleted since the file was last rewritten: forget who reported it, destroy its keys, change the school's, rewrite.

    True when it was. The flag goes with the rewriting, so that a kill in between does all of it on the next day.
    """
    # Alone: a page of the same process that opened the keys meanwhile would take what is half written for a kill's leavings.
    with (
        warehouse.exclusive(),
        warehouse.explained(),
        warehouse.opened(read_only=True) as connection,
        closing(warehouse.keyring(connection)) as keys,
    ):
        reading = Reading(connection, keys)
        due = reading.row("SELECT content FROM meta WHERE name = 'compaction_due'")
        if due is None:
            return False
        # Also those of reports that were never stored. Inside the lock, so that no report is half way in.
        ReporterStore(warehouse.folder).keep({row[0] for row in reading.rows("SELECT id FROM mentions")})
        numbers = reading.rows(
            "SELECT key_id FROM revisions UNION ALL SELECT key_id FROM objects UNION ALL SELECT key_id FROM summaries"
        )
        # Files of before say only that it is due, not since when.
        deleted_at = "" if due[0] == "yes" else due[0]
        keys.destroy_all_but({row[0] for row in numbers}, deleted_at)
    compact(warehouse)
    return True


def compact(warehouse: Warehouse) -> None:
    """Copy everything that is still there into a new file and put it in the old one's place.

    The file is held throughout. Raises `Retriable` when the disk is full, and leaves the old file as it was.
    """
    with warehouse.exclusive(), warehouse.explained():
        with warehouse.opened() as connection:
            checkpoint(connection)
        rewrite(warehouse.path, warehouse.spill_path, is_done=True)

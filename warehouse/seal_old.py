"""Carries a database of before migration 0008 over: what lay in it in plain is sealed, in the migration's transaction."""

from __future__ import annotations

from collections.abc import Callable

from warehouse.keyring import Keyring
from warehouse.objects import OBJECT_COLUMNS, bound_to
from warehouse.sealing import cipher, seal
from warehouse.session import Row, Writing, at_utc
from warehouse.shapes import SAMPLE, STORED_COLUMNS
from warehouse.withholding import ASKS
from warehouse.words import Words, seal_words

_BATCH = 500
_PLAIN = ("plain_revisions", "plain_classifications", "plain_objects", "plain_authors")

_WORDS = """
SELECT r.title, r.text, coalesce(a.handle, ''), coalesce(c.reasons_json, '[]'), r.scope_reasons,
       r.mention_id, r.revision, r.run_id, r.url, r.lang, r.posted_at, r.posted_at_basis, r.edited_at, r.captured_at,
       r.content_sha256, r.scope, r.scope_score, r.flags, r.place, r.parent_id
FROM plain_revisions AS r LEFT JOIN plain_classifications AS c USING (mention_id, revision)
LEFT JOIN plain_authors AS a USING (mention_id, revision) WHERE r.rowid >= ? AND r.rowid < ? ORDER BY r.rowid
"""
_FIELDS = (
    "mention_id", "revision", "run_id", "url", "lang", "posted_at", "posted_at_basis", "edited_at", "captured_at",
    "content_sha256", "scope", "scope_score", "flags", "place", "parent_id",
)  # fmt: skip
_OBJECTS = "SELECT sha256, kind, media_type, size, stored_at, zstd FROM plain_objects WHERE rowid >= ? AND rowid < ? ORDER BY rowid"
_FACTS = f"""
INSERT INTO classifications BY NAME
SELECT * EXCLUDE (reasons_json), contains(reasons_json, '{SAMPLE}') AS is_sample, contains(reasons_json, '{ASKS}') AS is_doubtful
FROM plain_classifications ORDER BY rowid
"""  # noqa: S608 -- our own constants


def seal_old(writing: Writing) -> bool:
    """Seal every row of the plain tables and drop them. True: there were some, and the file still holds their bytes.

    Their keys are on the disk when this returns, before the transaction commits. `compaction_due` has the next
    retention rewrite the file even if a kill keeps `Warehouse` from doing so at once.
    """
    done = _carry_over(
        writing, "plain_revisions", _WORDS, "revisions", lambda row: _revision(writing.keys, row)
    )
    done += _carry_over(writing, "plain_objects", _OBJECTS, "objects", lambda row: _object(writing.keys, row))
    writing.run(_FACTS)
    for table in _PLAIN:
        writing.run(f"DROP TABLE {table}")
    if done:
        writing.run("INSERT INTO meta VALUES ('compaction_due', 'yes') ON CONFLICT DO NOTHING")
    writing.keep_keys()
    return done > 0


def _carry_over(
    writing: Writing, old: str, select: str, new: str, sealed: Callable[[Row], dict[str, object]]
) -> int:
    columns = STORED_COLUMNS if new == "revisions" else OBJECT_COLUMNS
    done = 0
    for (end,) in writing.rows(f"SELECT coalesce(max(rowid), -1) + 1 FROM {old}"):  # noqa: S608 -- fixed names
        for start in range(0, end, _BATCH):
            fields = [sealed(row) for row in writing.rows(select, [start, start + _BATCH])]
            writing.insert(new, columns, [tuple(row[name] for name in columns) for row in fields])
            done += len(fields)
    return done


def _aware(row: Row) -> Row:
    return tuple(at_utc(value) if hasattr(value, "tzinfo") else value for value in row)


def _revision(keys: Keyring, row: Row) -> dict[str, object]:
    title, text, handle, reasons_json, scope_reasons, *rest = _aware(row)
    fields = dict(zip(_FIELDS, rest, strict=True))
    words = Words(title, text, handle, reasons_json, tuple(scope_reasons))
    sealed, number = seal_words(keys, words, str(fields["mention_id"]), int(str(fields["revision"])))
    return {**fields, "sealed": sealed, "key_id": number}


def _object(keys: Keyring, row: Row) -> dict[str, object]:
    sha256, kind, media_type, size, stored_at, body = _aware(row)
    number, key = keys.make()
    return {
        "sha256": sha256,
        "kind": kind,
        "media_type": media_type,
        "size": size,
        "stored_at": stored_at,
        "sealed": seal(cipher(key), bytes(body), bound_to(sha256, kind, media_type)),
        "key_id": number,
    }

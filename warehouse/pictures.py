"""Pictures made of stored bytes: rows of the table and the PNG among the objects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from warehouse.logged import sealed_among, sealed_mentions
from warehouse.objects import StoredObject, read_object, store_objects
from warehouse.session import Reading, Writing, at_utc

NONE = "none"
"""The kind of a row that says why there is no picture."""


@dataclass(frozen=True, slots=True)
class PictureStored:
    """One picture, or why there is none: then `kind` is none, `png` empty and `cause` a code. Sizes in pixels."""

    mention_id: str
    revision: int
    kind: str
    png: bytes
    sha256: str
    warc_sha256: str
    width: int
    height: int
    browser: str
    cause: str
    made_at: datetime


def store_picture(writing: Writing, one: PictureStored) -> bool:
    """Keep a picture, in place of an earlier one of its kind; one that was made takes away the word that there is none.

    False, and nothing is kept, when its capture was erased or sealed while it was drawn.
    """
    there = writing.row(
        "SELECT 1 FROM evidence WHERE mention_id = ? AND revision = ? AND warc_sha256 = ?",
        [one.mention_id, one.revision, one.warc_sha256],
    )
    if there is None or sealed_among(writing, [one.mention_id]):
        return False
    if one.kind != NONE:
        store_objects(writing, [StoredObject("shot", "image/png", one.png)], one.made_at)
        writing.run(
            "DELETE FROM pictures WHERE mention_id = ? AND revision = ? AND kind = 'none'",
            [one.mention_id, one.revision],
        )
    writing.run(
        "INSERT INTO pictures (mention_id, revision, kind, sha256, warc_sha256, width, height, browser, cause, made_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (mention_id, revision, kind) DO UPDATE SET sha256 = excluded.sha256, "
        "warc_sha256 = excluded.warc_sha256, width = excluded.width, height = excluded.height, browser = excluded.browser, "
        "cause = excluded.cause, made_at = excluded.made_at",
        [
            one.mention_id,
            one.revision,
            one.kind,
            one.sha256 or None,
            one.warc_sha256,
            one.width or None,
            one.height or None,
            one.browser,
            one.cause,
            one.made_at,
        ],
    )
    return True


def read_pictures(reading: Reading, mention_ids: Sequence[str]) -> list[PictureStored]:
    """The pictures of these mentions with their bytes, oldest revision first; none of a sealed mention.

    Raises `ValueError` naming the object when stored bytes no longer match their digest.
    """
    found = reading.rows(
        "SELECT p.mention_id, p.revision, p.kind, p.sha256, p.warc_sha256, p.width, p.height, p.browser, p.cause, p.made_at "
        "FROM pictures AS p WHERE p.mention_id IN (SELECT unnest(?::VARCHAR[])) ORDER BY p.mention_id, p.revision, p.kind",
        [sorted(set(mention_ids) - sealed_among(reading, mention_ids))],
    )
    return [
        PictureStored(
            row[0],
            row[1],
            row[2],
            (read_object(reading, row[3]) or b"") if row[3] else b"",
            row[3] or "",
            row[4],
            row[5] or 0,
            row[6] or 0,
            row[7],
            row[8],
            at_utc(row[9]),
        )
        for row in found
    ]


def lacking_pictures(reading: Reading, most: int) -> list[tuple[str, int]]:
    """Mention and revision of evidence that has bytes and no word on a picture yet: incidents first, then the newest."""
    return [
        (row[0], row[1])
        for row in reading.rows(
            "SELECT e.mention_id, e.revision FROM evidence AS e JOIN mentions AS m ON m.id = e.mention_id "
            "LEFT JOIN pictures AS p ON p.mention_id = e.mention_id AND p.revision = e.revision "
            "WHERE p.mention_id IS NULL AND m.id NOT IN (SELECT unnest(?::VARCHAR[])) AND e.warc_sha256 IS NOT NULL AND e.method <> 'manual' "
            "ORDER BY m.incident_id IS NULL, e.captured_at DESC, e.mention_id LIMIT ?",
            [sorted(sealed_mentions(reading)), most],
        )
    ]

"""What a first reader says of a post in their own words, sealed as the post's words are, and erased with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from mentionwatch.accounts import DeskRole
from mentionwatch.labels import Role
from mentionwatch.model import AuditEvent
from warehouse.chain import append_audit
from warehouse.sealing import SealBroken, cipher, open_sealed, seal
from warehouse.session import Reading, Writing, as_utc, at_utc, clean_text
from warehouse.summary_asks import answer_asks

SUMMARISED = "summarised"


@dataclass(frozen=True, slots=True)
class Summary:
    """Of one revision of a mention: the text, and who wrote it in which role, when."""

    mention_id: str
    revision: int
    text: str = field(repr=False)
    account_id: str
    role: Role | DeskRole
    written_at: datetime


def _bind(mention_id: str, revision: int) -> bytes:
    return f"mentionwatch summary of {mention_id}/{revision}".encode()


def store_summary(writing: Writing, summary: Summary, pack: str = "") -> None:
    """Store it in place of an earlier one of the same revision, with its audit row, which holds no word of it.

    Whoever asked for one has their answer.
    """
    number, key = writing.keys.make()
    bound = _bind(summary.mention_id, summary.revision)
    sealed = seal(cipher(key), clean_text(summary.text).encode(), bound)
    writing.run(
        "DELETE FROM summaries WHERE mention_id = ? AND revision = ?", [summary.mention_id, summary.revision]
    )
    writing.run(
        "INSERT INTO summaries (mention_id, revision, account_id, role, written_at, sealed, key_id) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            summary.mention_id,
            summary.revision,
            summary.account_id,
            summary.role.value,
            as_utc(summary.written_at),
            sealed,
            number,
        ],
    )
    answer_asks(writing, summary.mention_id, summary.written_at)
    append_audit(
        writing,
        [
            AuditEvent(
                summary.written_at,
                summary.account_id,
                summary.role,
                SUMMARISED,
                "mention",
                summary.mention_id,
                pack=pack,
            )
        ],
    )


def read_summary(reading: Reading, mention_id: str) -> Summary | None:
    """The summary of the words the mention has now; None where there is none, it does not open, or the post is sealed."""
    row = reading.row(
        "SELECT s.revision, s.account_id, s.role, s.written_at, s.sealed, s.key_id FROM summaries AS s "
        "JOIN mentions AS m ON m.id = s.mention_id AND m.revision = s.revision WHERE m.id = ? AND NOT m.is_sealed",
        [mention_id],
    )
    if row is None:
        return None
    text = _open(reading.keys.find([row[5]])[row[5]], bytes(row[4]), mention_id, row[0])
    if isinstance(text, SealBroken):
        return None
    return Summary(mention_id, row[0], text, row[1], _role(row[2]), at_utc(row[3]))


def summed_at(reading: Reading, ids: Sequence[str]) -> dict[tuple[str, int], datetime]:
    """Which revisions of these mentions somebody has summed up, and when; no word of it."""
    found = reading.rows(
        "SELECT mention_id, revision, written_at FROM summaries WHERE mention_id IN (SELECT unnest(?::VARCHAR[]))",
        [list(ids)],
    )
    return {(row[0], row[1]): at_utc(row[2]) for row in found}


def open_summaries(reading: Reading) -> dict[tuple[str, int], str | SealBroken]:
    """What was written of each revision, by mention and revision; where it cannot be opened, why."""
    rows = reading.rows("SELECT mention_id, revision, sealed, key_id FROM summaries")
    keys = reading.keys.find([row[3] for row in rows])
    return {
        (id_, revision): _open(keys[number], bytes(sealed), id_, revision)
        for id_, revision, sealed, number in rows
    }


def _open(key: bytes | SealBroken, sealed: bytes, mention_id: str, revision: int) -> str | SealBroken:
    if isinstance(key, SealBroken):
        return key
    try:
        return open_sealed(cipher(key), sealed, _bind(mention_id, revision)).decode()
    except SealBroken as broken:
        return broken


def _role(name: str) -> Role | DeskRole:
    return Role(name) if name in tuple(Role) else DeskRole(name)


def has_opened(reading: Reading, mention_id: str, account_id: str) -> bool:
    """Has this person opened its words, as the audit log says?"""
    return (
        reading.row(
            "SELECT 1 FROM audit WHERE object_kind = 'mention' AND object_id = ? AND actor = ? AND verb = 'words_opened'",
            [mention_id, account_id],
        )
        is not None
    )

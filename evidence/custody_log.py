"""The custody log: entries tied to one another and signed, so that what was done with evidence cannot be unsaid.

An entry is canonical JSON (RFC 8785), its SHA-256 stands in the next entry, and the school's Ed25519 key signs its bytes.
What an entry may hold is in evidence/custody_entry.py, how a log is checked in evidence/custody_check.py.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from evidence.custody_entry import (
    GENESIS,
    Draft,
    Entry,
    Event,
    Purpose,
    commit_words,
    decode_entry,
    encode_entry,
    object_commit,
)
from evidence.signing_keys import SIGNATURE_BYTES, SigningKey, key_id
from mentionwatch.errors import Refused
from mentionwatch.labels import Role

__all__ = [
    "Draft",
    "Entry",
    "Event",
    "Head",
    "Purpose",
    "SealedEntry",
    "commit_words",
    "decode_entry",
    "encode_entry",
    "find_head",
    "find_steps_back",
    "is_key_of",
    "next_kid",
    "object_commit",
    "rotate_to",
    "seal_entries",
]

_DRAFT_NAMES = tuple(field.name for field in fields(Draft))


@dataclass(frozen=True, slots=True)
class SealedEntry:
    """One row of the table `custody`: `body` is the canonical JSON, `sha256` its hash in hex, `signature` 64 bytes over `body`."""

    seq: int
    body: bytes
    sha256: str
    signature: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """Where the log ends: last place, last hash, and the key that goes on (empty: the log has not begun)."""

    seq: int = 0
    sha256: str = GENESIS
    kid: str = ""


def seal_entries(head: Head, key: SigningKey, drafts: Sequence[Draft]) -> tuple[SealedEntry, ...]:
    """Number, link and sign drafts after `head`, in order.

    Raises `Refused` when another key is to go on with this log, or for a draft after a rotation: the next key's word.
    """
    seq, prev, kid = head.seq, head.sha256, key.kid
    if head.kid not in ("", kid):
        raise Refused(f"refused: the custody log goes on with key {head.kid}, this is {kid}")
    sealed, sign = [], key.signer()
    for number, draft in enumerate(drafts, 1):
        seq += 1
        given = {name: getattr(draft, name) for name in _DRAFT_NAMES}
        body = encode_entry(Entry(**given, seq=seq, prev=prev, kid=kid))
        prev = hashlib.sha256(body).hexdigest()
        sealed.append(SealedEntry(seq, body, prev, sign(body)))
        if draft.event is Event.KEY_ROTATED and number < len(drafts):
            raise Refused("refused: after a rotation the custody log goes on with the next key")
    return tuple(sealed)


def rotate_to(public: bytes, at: datetime, actor_id: str, role: Role) -> Draft:
    """The old key's last word: its signature on this hands the log over to the key with that public half."""
    commit = hashlib.sha256(public).hexdigest()
    return Draft(
        at=at, event=Event.KEY_ROTATED, actor_id=actor_id, role=role, purpose=Purpose.UPKEEP,
        object_commit=commit,
    )  # fmt: skip


def find_head(last: SealedEntry | None) -> Head:
    """Where a log with that last row ends. Raises `Refused` for a row that is no entry: nothing may be built on it."""
    if last is None:
        return Head()
    entry = decode_entry(last.body)
    if isinstance(entry, str) or len(last.signature) != SIGNATURE_BYTES:
        raise Refused(
            f"refused: entry {last.seq} of the custody log cannot be read. Run: mentionwatch evidence verify"
        )
    return Head(last.seq, hashlib.sha256(last.body).hexdigest(), next_kid(entry))


def next_kid(entry: Entry) -> str:
    """The key that must sign what comes after this entry."""
    return entry.object_commit[:16] if entry.event is Event.KEY_ROTATED else entry.kid


def is_key_of(commit: str, public: bytes) -> bool:
    """Is that the key a rotation speaks of?"""
    return hashlib.sha256(public).hexdigest() == commit and commit.startswith(key_id(public))


def find_steps_back(entries: Iterable[Entry]) -> list[int]:
    """The places where the clock was behind the entry before: no change to the log, but a reader must be told."""
    found, latest = [], None
    for entry in entries:
        if latest is not None and entry.at < latest:
            found.append(entry.seq)
        latest = entry.at
    return found

"""One entry of the custody log: who did what to which piece of evidence, when and why, and how that is spelt.

No address and no words get in, for the log outlives what it speaks of: a field holds an id, a code of a closed
list, or a salted commitment. A person or body outside (who received an export, under which police reference) is
written down in a sealed record elsewhere; the log holds `commit_words(salt, that record)`, and destroying the salt
takes away the link while the chain stays whole.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from types import NoneType

from mentionwatch.errors import Refused
from mentionwatch.labels import Role

VERSION = 1
GENESIS = "0" * 64
"""What the first entry follows on from."""

_COMMITMENT = re.compile(r"[0-9a-f]{64}")
_ID = re.compile(r"[0-9a-f]{32}|[0-9a-f]{64}|[0-7][0-9A-HJKMNP-TV-Z]{25}")
_INCIDENT = re.compile(r"[A-Z]{0,3}-?[0-9]{4}-[0-9]{1,6}|" + _ID.pattern)
_AUTHORITY = re.compile(r"[A-Z]{1,3}[0-9]{1,4}|" + _COMMITMENT.pattern)
_KID = re.compile(r"[0-9a-f]{16}")


class Event(StrEnum):
    """What can happen to evidence. Values are stored: a change is a migration. A mistake gets a `correction`, never an edit."""

    CAPTURED = "captured"
    SEALED = "sealed"
    VIEWED = "viewed"
    VERIFIED = "verified"
    VERIFY_FAILED = "verify_failed"
    EXPORTED = "exported"
    REDACTED = "redacted"
    HANDED_OVER = "handed_over"
    RECEIVED_BACK = "received_back"
    HELD = "held"
    RELEASED = "released"
    RECHECKED = "rechecked"
    KEY_DESTROYED = "key_destroyed"
    COMPACTED = "compacted"
    CHECKPOINTED = "checkpointed"
    ROLE_CHANGED = "role_changed"
    MANUAL_INTAKE = "manual_intake"
    CORRECTION = "correction"
    KEY_ROTATED = "key_rotated"
    """The last entry a key signs: `object_commit` is the SHA-256 of the public half of the one that follows."""


class Purpose(StrEnum):
    """What for. A closed list, so that nobody can write a sentence here. Values are stored."""

    NONE = ""
    MONITORING = "monitoring"
    DECISION = "decision"
    CHECK = "check"
    SITE_REPORT = "site_report"
    LETTER = "letter"
    MEETING = "meeting"
    SAFEGUARDING = "safeguarding"
    POLICE = "police"
    COURT = "court"
    SUBJECT_ACCESS = "subject_access"
    COMPLAINT = "complaint"
    RETENTION = "retention"
    ERASURE = "erasure"
    UPKEEP = "upkeep"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is to be entered. Raises `Refused` when a field could carry words: see `_GRAMMAR` for what each may hold.

    `before_ok` and `after_ok`: did the object have its SHA-256 before and after (None: no object was touched).
    `actor_id`: an id or commitment of a person, or the role itself (`pipeline`). `record`: the hash of the row in which the
    act was written down first.
    """

    at: datetime
    event: Event
    actor_id: str
    role: Role
    purpose: Purpose = Purpose.NONE
    authority: str = ""
    object_commit: str = ""
    capture_id: str = ""
    incident_id: str = ""
    before_ok: bool | None = None
    after_ok: bool | None = None
    recipient: str = ""
    record: str = ""

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise Refused("refused: an entry of the custody log needs a time with its zone")
        for name, kind in (("event", Event), ("role", Role), ("purpose", Purpose)):
            if not isinstance(getattr(self, name), kind):
                raise Refused(f"refused: {name} in the custody log is a code of its list, not free text")
        for name in ("before_ok", "after_ok"):
            if type(getattr(self, name)) not in (bool, NoneType):
                raise Refused(f"refused: {name} in the custody log is yes, no or nothing")
        for name, (grammar, what) in _GRAMMAR.items():
            said = getattr(self, name)
            if not isinstance(said, str) or (said and not grammar.fullmatch(said)):
                # What was given is not repeated: it may be the very words that must not get out.
                raise Refused(f"refused: {name} in the custody log is {what}; words and addresses stay out")
        if not self.actor_id:
            raise Refused("refused: an entry of the custody log needs an actor")
        if self.event is Event.KEY_ROTATED and not self.object_commit:
            raise Refused("refused: a rotation in the custody log names the key that follows")


_GRAMMAR = {
    "actor_id": (
        re.compile("|".join((_ID.pattern, *(role.value for role in Role)))),
        "an id, a commitment or a role",
    ),
    "authority": (_AUTHORITY, "a rule's number (T28) or the commitment of a sealed record"),
    "object_commit": (_COMMITMENT, "64 hex digits"),
    "capture_id": (_ID, "an id"),
    "incident_id": (_INCIDENT, "an incident's number"),
    "recipient": (_COMMITMENT, "the commitment of a sealed record"),
    "record": (_COMMITMENT, "64 hex digits"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Draft):
    """One entry as it is signed. `prev` is the SHA-256 of the entry before, `kid` the key that signs."""

    v: int = VERSION
    seq: int
    prev: str
    kid: str

    def __post_init__(self) -> None:
        Draft.__post_init__(self)
        if type(self.v) is not int or self.v != VERSION or type(self.seq) is not int or self.seq < 1:
            raise Refused("refused: not the version or the number of a custody entry")
        if not _COMMITMENT.fullmatch(self.prev) or not _KID.fullmatch(self.kid):
            raise Refused("refused: not a link or a key id of a custody entry")


def object_commit(salt: bytes, sha256: bytes) -> str:
    """What stands for an object: SHA-256(salt || its SHA-256), in hex. Without the salt it says nothing of the object."""
    if len(salt) < 16 or len(sha256) != 32:
        raise ValueError("a commitment needs 16 bytes of salt at least and a SHA-256 of 32 bytes")
    return hashlib.sha256(salt + sha256).hexdigest()


def commit_words(salt: bytes, words: str) -> str:
    """What stands for a recipient, an authority or an actor whose name is kept sealed elsewhere. Hex."""
    return object_commit(salt, hashlib.sha256(words.encode()).digest())


def write_time(at: datetime) -> str:
    """`2026-11-21T02:30:00.000000Z`: always UTC, always as long."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


_NAMES = tuple(field.name for field in fields(Entry))
_NAME_SET = frozenset(_NAMES)
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"))


def encode_entry(entry: Entry) -> bytes:
    """The bytes that are hashed and signed: canonical JSON (RFC 8785), every field there, ASCII."""
    import rfc8785

    shown = {name: getattr(entry, name) for name in _NAMES}
    # Of a StrEnum the library wants the plain text.
    shown |= {
        "at": write_time(entry.at),
        "event": entry.event.value,
        "role": entry.role.value,
        "purpose": entry.purpose.value,
    }
    return rfc8785.dumps(shown)


def decode_entry(body: bytes) -> Entry | str:
    """The entry of signed bytes, or in a few words why they are none. Only the one canonical spelling is accepted."""
    try:
        shown = json.loads(body)
    except (ValueError, RecursionError):
        return "holds no entry"
    if type(shown) is not dict or shown.keys() != _NAME_SET:
        return "holds no entry"
    try:
        # Besides the library that wrote it, the standard one spells it the same: there is nothing here but ASCII, whole numbers, yes and no.
        if _CANONICAL.encode(shown).encode() != body:
            return "is not spelt as entries are"
        at = shown["at"]
        shown["at"] = datetime.fromisoformat(at)
        if write_time(shown["at"]) != at:
            return "is not spelt as entries are"
        shown["event"], shown["role"] = Event(shown["event"]), Role(shown["role"])
        shown["purpose"] = Purpose(shown["purpose"])
        return Entry(**shown)
    except (ValueError, TypeError, Refused):
        return "holds what no entry may hold"

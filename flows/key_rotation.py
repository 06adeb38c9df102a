"""Another key for the custody log: the one in use signs that the next goes on, and its secret half is destroyed.

Written ahead, so that a kill at any point leaves a home that works: the next key is on the disk under its name, and its public
half is written down, before any entry speaks of it; the old key is destroyed only after that entry is stored. What broke off
in between is finished when the key is used next (evidence/signing_keys.py: open_key).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from evidence.checkpoint import Checkpoint
from evidence.custody_entry import Purpose
from evidence.custody_log import SealedEntry
from evidence.key_spans import KeySpan, SealedRoot, find_spans, follow_keys
from evidence.signing_keys import NEXT_KEY_FILE, SigningKey, make_key, read_key
from flows.checkpoints import make_checkpoint
from flows.custody import open_custody_key, read_head, sign_custody
from flows.custody_end import refuse_cut, settle_end
from flows.custody_public import announce_public, read_earlier, read_public_keys
from flows.home import Home
from flows.signing import MAY_SIGN, read_reason, refuse_future
from mentionwatch.errors import ConfigError, Refused
from mentionwatch.ids import digest
from mentionwatch.labels import Role
from mentionwatch.model import AuditEvent
from warehouse.chain import append_audit
from warehouse.connection import Warehouse
from warehouse.custody_rows import stream_entries, write_purpose
from warehouse.session import Reading

ROTATED = "key_rotated"
"""Verb of the audit log; the object is the SHA-256 of the next key's public half."""


@dataclass(frozen=True, slots=True)
class Rotated:
    """A rotation that was done: the key that was given up (its id), the one that goes on, and the entry that says so."""

    earlier: str
    kid: str
    public: bytes
    seq: int


@dataclass(frozen=True, slots=True)
class Vouched:
    """Whom a check of the log may believe: public keys by id, whose turn it was, and what is wrong with the keys given."""

    public: dict[str, bytes]
    spans: tuple[KeySpan, ...]
    troubles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeyListed:
    """One key that signed, or will: its span is None while it has signed nothing."""

    kid: str
    public: bytes
    span: KeySpan | None


def rotate_key(home: Home, role: Role, actor: str, reason: str, at: datetime) -> Rotated:
    """Make a key, have the one in use sign the log over to it, destroy the old secret half, seal a checkpoint with the new one.

    Raises `Refused` for a role that does not answer for it, a reason that says nothing, a log that was cut off or has not
    begun; `ConfigError` when the key in use is missing or the next one cannot be made. Nothing has changed then.
    """
    if role not in (*MAY_SIGN, Role.OPERATOR):
        raise Refused(f"refused: the {role.value} does not change the signing key [custody]. Ask the head")
    words = read_reason(home, reason, "changing the signing key")
    refuse_future(home, at, datetime.now(UTC))
    warehouse = Warehouse(home.folder)
    with warehouse.writer() as writing:
        refuse_cut(writing, home)
        head = read_head(writing)
        if not head.kid:
            raise Refused(
                "refused: the custody log has not begun, so there is no key to change [custody]. "
                "Run: mentionwatch evidence checkpoint"
            )
        current = open_custody_key(home, head)
        following = _make_next(home, current)
        announce_public(home, following.public)
        said = write_purpose(Purpose.UPKEEP.value, words)
        append_audit(writing, [AuditEvent(at, actor, role, ROTATED, "key", digest(following.public), said)])
        sign_custody(writing, home, following)
        seq = read_head(writing).seq
    with warehouse.writer() as writing:
        # Only now is it stored: the next key takes the place of the old one, which is gone with that.
        open_custody_key(home, read_head(writing))
        make_checkpoint(writing, home, at)
    settle_end(home)
    return Rotated(current.kid, following.kid, following.public, seq)


def _make_next(home: Home, current: SigningKey) -> SigningKey:
    """The next key, on the disk; the one that an earlier try left, if it did. Raises `ConfigError` for one that may not follow."""
    path = home.keys / NEXT_KEY_FILE
    mend = "Delete that file: it has signed nothing"
    if not path.exists():
        return make_key(path)
    try:
        found = read_key(path)
    except ConfigError as error:
        raise ConfigError(str(path), "", error.cause, mend) from None
    if found.kid == current.kid or found.kid in read_earlier(home):
        raise ConfigError(str(path), "", f"is key {found.kid}, which has signed this log already", mend)
    return found


def _read_log(reading: Reading) -> list[SealedEntry]:
    return [SealedEntry(row.seq, row.body, row.sha256, row.signature) for row in stream_entries(reading)]


def _sealed_roots(series: Sequence[Checkpoint]) -> list[SealedRoot]:
    found = list[SealedRoot]()
    for one in series:
        try:
            found.append(one.sealed_root)
        except ValueError:
            # A number that no checkpoint of ours held: `check_checkpoints` names it.
            continue
    return found


def vouch_keys(reading: Reading, home: Home, kept: Path | None, series: Sequence[Checkpoint]) -> Vouched:
    """The keys to check the log with: those of the home, or those of a copy kept elsewhere and what leads on from them.

    The first key or the last is enough, as long as `keys/` or an exhibit still has the others. Raises `ConfigError` for a
    file that cannot be read, and for a copy that holds no key.
    """
    rows, given = _read_log(reading), read_public_keys(home, kept)
    spans = find_spans(rows)
    if kept is None:
        return Vouched(given, spans, ())
    public = follow_keys(rows, given, read_public_keys(home), _sealed_roots(series))
    used = {span.kid for span in spans}
    strange = [kid for kid in given if spans and kid not in used]
    return Vouched(
        public,
        spans,
        tuple(f"never came to key {kid}, which was kept elsewhere: its end was cut off" for kid in strange),
    )


def list_keys(reading: Reading, home: Home) -> tuple[KeyListed, ...]:
    """Every key the log came to, in the order of their turns; before the log has begun, the key that will sign it.

    Raises `ConfigError` for a file in `keys/` that cannot be read.
    """
    public, spans = read_public_keys(home), find_spans(_read_log(reading))
    if not spans:
        return tuple(KeyListed(kid, half, None) for kid, half in public.items())
    return tuple(KeyListed(span.kid, public.get(span.kid, b""), span) for span in spans)

"""How a report is written down so that it says nothing: one key, one line a report, AES-256-GCM.

A line is a keyed hash of the mention, and the sealed rest with the id itself inside. The hash and the place of
the line are the record's authenticated data: a line given to another mention, moved or taken out is noticed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import stat
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from mentionwatch.errors import ConfigError, Fatal
from warehouse.session import as_utc, clean_text

KEY_BYTES = 32
_FORMAT = b"mentionwatch-reporters-1"
_NONCE_BYTES = 12
_BLOCK = 512
"""Records are filled up to a multiple of this: the length of a name is not to be read off the file."""


@dataclass(frozen=True, slots=True)
class SealedReport:
    """Who reported a mention, where they saw it, when they said so, and when they saw it (C03; None: not told)."""

    mention_id: str
    reporter: str = field(repr=False)
    platform: str = field(repr=False)
    reported_at: datetime
    seen_at: datetime | None = None


class Sealer:
    """Seals and opens lines under one key. What is derived from the key for one purpose serves no other."""

    def __init__(self, key: bytes) -> None:
        self._seal_key = _derive(key, b"seal")
        self._tag_key = _derive(key, b"mention")
        self.header = _FORMAT + b" " + _derive(key, b"which key")[:16].hex().encode() + b"\n"

    def tag(self, mention_id: str) -> bytes:
        """What stands for the mention outside: it cannot be computed without the key."""
        return hmac.digest(self._tag_key, mention_id.encode(), hashlib.sha256).hex().encode()

    def seal(self, report: SealedReport, number: int) -> bytes:
        """The line of that number, with its newline."""
        # Here, as below: most commands neither seal nor open, and the library takes its time to load.
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        words = json.dumps(
            {
                "mention": report.mention_id,
                "reporter": clean_text(report.reporter),
                "platform": clean_text(report.platform),
                "reported_at": as_utc(report.reported_at).isoformat(),
                "seen_at": as_utc(report.seen_at).isoformat() if report.seen_at else None,
            },
            ensure_ascii=False,
        ).encode()
        words += b" " * (-len(words) % _BLOCK)
        tag, nonce = self.tag(report.mention_id), os.urandom(_NONCE_BYTES)
        sealed = AESGCM(self._seal_key).encrypt(nonce, words, _bind(tag, number))
        return tag + b" " + base64.b64encode(nonce + sealed) + b"\n"

    def open(self, line: bytes, file: str, number: int) -> SealedReport:
        """The report of a line. Raises `Fatal`, naming file and line, when anything of it was changed or moved."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        tag, _, sealed = line.partition(b" ")
        try:
            body = base64.b64decode(sealed, validate=True)
            nonce, rest = body[:_NONCE_BYTES], body[_NONCE_BYTES:]
            words = AESGCM(self._seal_key).decrypt(nonce, rest, _bind(tag, number))
        except (InvalidTag, binascii.Error, ValueError):
            raise Fatal(
                f"{file}: line {number} was changed or moved, or one before it is missing. Put back {Path(file).name} and its key from one backup"
            ) from None
        row = json.loads(words)
        return SealedReport(
            row["mention"],
            row["reporter"],
            row["platform"],
            datetime.fromisoformat(row["reported_at"]),
            datetime.fromisoformat(row["seen_at"]) if row["seen_at"] else None,
        )


def _bind(tag: bytes, number: int) -> bytes:
    return _FORMAT + b" %d " % number + tag


def _derive(key: bytes, purpose: bytes) -> bytes:
    return hmac.digest(key, _FORMAT + b" " + purpose, hashlib.sha256)


def read_key(path: Path, loss: str = "without it nobody can read who reported") -> bytes:
    """The key in a file. Raises `ConfigError` when it is not there, open to others, or no key, with what is lost."""
    from_backup = f"Put it back from a backup: {loss}"
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        key = path.read_bytes()
    except FileNotFoundError:
        raise ConfigError(str(path), "", "there is no such file", from_backup) from None
    except OSError as error:
        raise ConfigError(
            str(path), "", f"cannot be read: {error.strerror}", "Make it a file that only you may read"
        ) from None
    if os.name == "posix" and mode & 0o077:
        raise ConfigError(str(path), "", "other users of this machine can read it", f"Run: chmod 600 {path}")
    if len(key) != KEY_BYTES:
        raise ConfigError(str(path), "", f"holds {len(key)} bytes, not {KEY_BYTES}", from_backup)
    return key

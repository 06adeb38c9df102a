"""Evidence bytes under their own digest: compressed, then sealed under a key of their own; equal bytes are stored once."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256 as sha256_of

import zstandard

from mentionwatch.ids import digest
from warehouse.keyring import need
from warehouse.sealing import SealBroken, cipher, derive, open_sealed, seal
from warehouse.session import Reading, Row, Writing

ZSTD_LEVEL = 3
"""Measured: level 10 saves 3 % more and takes 18 times as long."""

MOST_BYTES = 64 * 1024 * 1024
"""No stored object is larger; a frame that claims more was tampered with."""

OBJECT_COLUMNS = ("sha256", "kind", "media_type", "size", "stored_at", "sealed", "key_id")


@dataclass(frozen=True, slots=True)
class StoredObject:
    """Bytes to keep. `kind` is warc, text or raw."""

    kind: str
    media_type: str
    body: bytes

    @property
    def sha256(self) -> str:
        return digest(self.body)


def store_objects(writing: Writing, found: Sequence[StoredObject], now: datetime) -> None:
    """Store what is not there yet."""
    by_digest = {item.sha256: item for item in found}
    if not by_digest:
        return
    there = {
        row[0]
        for row in writing.rows(
            "SELECT sha256 FROM objects WHERE sha256 IN (SELECT unnest(?::VARCHAR[]))", [list(by_digest)]
        )
    }
    packer = zstandard.ZstdCompressor(level=ZSTD_LEVEL)
    rows: list[Row] = []
    for sha256, item in by_digest.items():
        if sha256 not in there:
            number, key = writing.keys.make()
            sealed = seal(
                cipher(key), packer.compress(item.body), bound_to(sha256, item.kind, item.media_type)
            )
            rows.append((sha256, item.kind, item.media_type, len(item.body), now, sealed, number))
    writing.insert("objects", OBJECT_COLUMNS, rows)


def bound_to(sha256: str, kind: str, media_type: str) -> bytes:
    """What is bound into the seal of an object: given another digest, kind or media type it does not open."""
    return f"mentionwatch object {sha256} {kind} {media_type}".encode()


_mine = threading.local()


def _unpacker() -> zstandard.ZstdDecompressor:
    # Making one takes five times as long as unpacking a page; one serves one thread.
    if not hasattr(_mine, "unpacker"):
        _mine.unpacker = zstandard.ZstdDecompressor()
    made: zstandard.ZstdDecompressor = _mine.unpacker
    return made


def unpack(body: bytes, size: int) -> bytes:
    """The stored bytes. Raises `ValueError` when they are not what was stored.

    zstandard obeys no output limit when the frame states its size, so the stated size is looked at first.
    """
    if size > MOST_BYTES:
        raise ValueError("too large")
    try:
        if zstandard.frame_content_size(body) != size:
            raise ValueError("stored size differs")
        return _unpacker().decompress(body, max_output_size=size)
    except zstandard.ZstdError as error:
        raise ValueError(str(error)) from None


def open_object(
    key: bytes | SealBroken, sealed: bytes, sha256: str, kind: str, media: str, size: int
) -> bytes:
    """The bytes of an object. Raises `ValueError`, which says what is wrong, unless they are the ones that were stored."""
    body = unpack(open_sealed(cipher(need(key)), sealed, bound_to(sha256, kind, media)), size)
    if sha256_of(body).hexdigest() != sha256:
        raise ValueError("its bytes no longer have this SHA-256")
    return body


def read_object(reading: Reading, sha256: str) -> bytes | None:
    """The bytes with that digest, checked; None when they are not (or no longer) stored."""
    row = reading.row("SELECT key_id, sealed, kind, media_type, size FROM objects WHERE sha256 = ?", [sha256])
    if row is None:
        return None
    key = reading.keys.find([row[0]])[row[0]]
    try:
        return open_object(key, bytes(row[1]), sha256, row[2], row[3], int(row[4]))
    except ValueError as error:
        raise ValueError(f"object {sha256}: {error}") from None


def commit_salts(reading: Reading, digests: Sequence[str]) -> dict[str, bytes]:
    """Digest of an object to the 32 bytes of salt under which a log may hold it: SHA-256(salt || digest).

    The salt is made of the object's key and goes with it: afterwards nobody can confirm a guess of short words. An object
    that is not there, or whose key is not, is missing in the answer.
    """
    rows = reading.rows(
        "SELECT sha256, key_id FROM objects WHERE sha256 IN (SELECT unnest(?::VARCHAR[]))", [list(digests)]
    )
    keys = reading.keys.find([row[1] for row in rows]) if rows else {}
    return {
        sha256: derive(key, b"commit")
        for sha256, number in rows
        if not isinstance(key := keys[number], SealBroken)
    }

"""What the tests of exhibits share: a signed custody extract made without the product's own code, stamps, small pictures."""

from __future__ import annotations

import hashlib
import io
import json
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder, decode_timestamp_response

from evidence.exhibit import (
    Exhibit,
    ExhibitRevision,
    Opening,
    ProvenEntry,
    SignedCheckpoint,
    SignedCustody,
    Stamp,
)
from evidence.picture_values import Covered, Picture, PictureKind
from evidence.signing_keys import SigningKey
from evidence.warc import write_resource
from mentionwatch.ids import digest
from tests.evidence.time_stamper import Authority
from tests.evidence.values import NOW, URL, make_exhibit, make_revision

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
PUBLIC = KEY.public_key().public_bytes_raw()
KID = hashlib.sha256(PUBLIC).hexdigest()[:16]
SALT = b"s" * 16
SIGNER = SigningKey(PUBLIC, b"k" * 32)


def unpack(body: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def lay_out(found: dict[str, bytes], folder: Path) -> Path:
    for name, body in found.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    return folder


def run(script: Path, *arguments: str, bare: bool = True) -> subprocess.CompletedProcess[str]:
    """The verifier as somebody else would run it; `bare`: nothing but the standard library is there."""
    flags = ["-I", "-S"] if bare else ["-I"]
    return subprocess.run(
        [sys.executable, *flags, str(script), *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
        env={"PYTHONIOENCODING": "utf-8"},
    )


def make_png(shade: int = 0, *extra: tuple[bytes, bytes]) -> bytes:
    """One grey pixel; `extra` chunks go in before it."""
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        *extra,
        (b"IDAT", zlib.compress(bytes((0, shade)))),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


def make_picture(source: bytes, shade: int = 0, **more: object) -> Picture:
    png = make_png(shade)
    values: dict[str, object] = {
        "png": png,
        "sha256": digest(png),
        "kind": PictureKind.CLIP,
        "width": 1,
        "height": 1,
        "browser": "Chromium 156",
        "fonts_sha256": "9" * 64,
        "source_sha256": digest(source),
        "has_passage": True,
        "is_cut": False,
    }
    return Picture(**(values | more))  # type: ignore[arg-type]


def make_covered(source: bytes) -> Picture:
    return make_picture(source, 7, covered=(Covered("the person who is spoken of", 1),))


def tree(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962 2.1, word for word."""
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + tree(leaves[:half]) + tree(leaves[half:])).digest()


def path(index: int, leaves: Sequence[bytes]) -> tuple[bytes, ...]:
    """PATH of RFC 6962 2.1.1, word for word."""
    if len(leaves) == 1:
        return ()
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    if index < half:
        return (*path(index, leaves[:half]), tree(leaves[half:]))
    return (*path(index - half, leaves[half:]), tree(leaves[:half]))


def canonical(shown: dict[str, object]) -> bytes:
    return json.dumps(shown, sort_keys=True, separators=(",", ":")).encode()


def make_entries(commits: Sequence[str]) -> list[bytes]:
    """The log's bodies, each with the SHA-256 of the one before."""
    bodies, prev = list[bytes](), "0" * 64
    for seq, commit in enumerate(commits, 1):
        at = (NOW + timedelta(seconds=seq)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        bodies.append(
            canonical(
                {"v": 1, "seq": seq, "at": at, "event": "captured", "actor_id": "pipeline", "role": "pipeline",
                 "object_commit": commit, "prev": prev, "kid": KID}
            )
        )  # fmt: skip
        prev = hashlib.sha256(bodies[-1]).hexdigest()
    return bodies


def make_custody(objects: Sequence[str], shown: Sequence[int] = (3, 4, 6), size: int = 7) -> SignedCustody:
    """A log of `size` entries with entries `shown` in the extract; the first of them speak of `objects`.

    The last entry shown may lie beyond the checkpoint: it is then without a proof.
    """
    opened = dict(zip(shown, objects, strict=False))
    commits = [
        hashlib.sha256(SALT + bytes.fromhex(opened[seq])).hexdigest() if seq in opened else f"{seq:064x}"
        for seq in range(1, max(size, *shown) + 1)
    ]
    bodies = make_entries(commits)
    counted = bodies[:size]
    entries = tuple(
        ProvenEntry(
            seq=seq,
            body=bodies[seq - 1],
            sha256=hashlib.sha256(bodies[seq - 1]).hexdigest(),
            signature=KEY.sign(bodies[seq - 1]),
            kid=KID,
            tree_size=size if seq <= size else 0,
            path=path(seq - 1, counted) if seq <= size else (),
            opening=Opening(SALT, opened[seq]) if seq in opened else None,
        )
        for seq in shown
    )
    root = tree(counted)
    body = canonical(
        {"v": 1, "tree_size": size, "root": root.hex(), "first_seq": 1, "last_seq": size, "prev_root": "0" * 64,
         "at": NOW.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), "kid": KID}
    )  # fmt: skip
    checkpoint = SignedCheckpoint(size, root, NOW, KID, body, KEY.sign(body))
    return SignedCustody(entries, (checkpoint,), ((KID, PUBLIC),))


def ask_stamp(authority: Authority, content: bytes) -> Stamp:
    """A real stamp of openssl's authority over some bytes."""
    query = (
        TimestampRequestBuilder().data(content).hash_algorithm(HashAlgorithm.SHA256).nonce(nonce=True).build()
    )
    token = authority.answer(query.as_bytes())
    at = decode_timestamp_response(token).tst_info.gen_time.astimezone(UTC)
    return Stamp(authority.common_name, token, at, authority.root_pem)


def with_stamps(signed: SignedCustody, *stamps: Stamp) -> SignedCustody:
    (checkpoint,) = signed.checkpoints
    return replace(signed, checkpoints=(replace(checkpoint, stamps=stamps),))


def make_full(authority: Authority, *more: ExhibitRevision) -> Exhibit:
    """One of everything: a page with picture and covered picture, an API item, custody with a stamp and a pending one."""
    page = make_revision()
    page = replace(page, pictures=(make_picture(page.warc),), redacted=(make_covered(page.warc),))
    item = make_revision(
        revision=2, method="api", text="Ail neges\nMrs Jane Bloggs", posted_at=None, raw=b'{"a": 1}', raw_sha256=digest(b'{"a": 1}')
    )  # fmt: skip
    signed = make_custody([page.warc_sha256, item.warc_sha256])
    (checkpoint,) = signed.checkpoints
    stamp = ask_stamp(authority, checkpoint.body + checkpoint.signature)
    pending = Stamp("Ail awdurdod", why="did not answer")
    exhibit = make_exhibit(page, item, *more)
    return replace(exhibit, signed=with_stamps(signed, stamp, pending))


def picture_warc(body: bytes = b"\x89PNG", media_type: str = "image/png") -> bytes:
    """What was handed in, as the resource record it is stored in."""
    return write_resource(URL, body, media_type, NOW)

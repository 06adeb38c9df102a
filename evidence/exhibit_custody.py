"""The signed custody extract as files: each entry, checkpoint and stamp byte for byte, so that openssl alone can check it."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping

from evidence.exhibit_page import one_line
from evidence.exhibit_values import Exhibit, ProvenEntry, SignedCheckpoint, SignedCustody, Stamp
from evidence.exhibit_words import (
    NO_CHECKPOINT,
    NO_SIGNED,
    PENDING,
    STAMPED,
    UNSTAMPED,
    Pair,
    Tongue,
    say_moment,
    write_utc,
)

FOLDER = "custody"
LIST, LIST_SIG = "SHA256SUMS", "SHA256SUMS.sig"
_SPKI = bytes.fromhex("302a300506032b6570032100")
"""What stands before the 32 bytes of an Ed25519 key in a public-key file (RFC 8410 section 4)."""


def write_public_key(public: bytes) -> bytes:
    """The key as openssl reads it (PEM, RFC 8410). Raises `ValueError` when it does not have 32 bytes."""
    if len(public) != 32:
        raise ValueError("an Ed25519 public key has 32 bytes")
    coded = base64.b64encode(_SPKI + public).decode()
    return f"-----BEGIN PUBLIC KEY-----\n{coded}\n-----END PUBLIC KEY-----\n".encode()


def _key_file(kid: str) -> str:
    return f"{FOLDER}/key-{re.sub(r'[^0-9a-f]', '', kid)}.pem"


def _entry_file(seq: int) -> str:
    return f"{FOLDER}/entry-{seq}"


def _checkpoint_file(checkpoint: SignedCheckpoint) -> str:
    return f"{FOLDER}/checkpoint-{checkpoint.tree_size}"


def _stamps(checkpoint: SignedCheckpoint) -> Iterator[tuple[str, Stamp]]:
    for number, stamp in enumerate(checkpoint.stamps, 1):
        yield f"{FOLDER}/stamp-{checkpoint.tree_size}-{number}", stamp


def _entry_fact(entry: ProvenEntry) -> dict[str, object]:
    return {
        "seq": entry.seq,
        "file": _entry_file(entry.seq),
        "sha256": entry.sha256,
        "kid": entry.kid,
        "tree_size": entry.tree_size or None,
        "path": [one.hex() for one in entry.path],
    }


def custody_files(signed: SignedCustody, objects: Mapping[str, str]) -> dict[str, bytes]:
    """Name to bytes. `objects`: SHA-256 to name of what is in this exhibit; an entry is opened for those alone.

    An opening of anything else is left out: a digest of words that are not there would let a reader test guesses.
    """
    found = dict[str, bytes]()
    if not signed.entries and not signed.checkpoints and not signed.public_keys:
        return found
    for kid, public in signed.public_keys:
        found[_key_file(kid)] = write_public_key(public)
    for entry in (*signed.entries, *signed.rotations):
        name = _entry_file(entry.seq)
        found[f"{name}.json"], found[f"{name}.sig"] = entry.body, entry.signature
    entries = list[dict[str, object]]()
    for entry in signed.entries:
        fact = _entry_fact(entry)
        if entry.opening and entry.opening.sha256 in objects:
            fact["opening"] = {"salt": entry.opening.salt.hex(), "sha256": entry.opening.sha256}
        entries.append(fact)
    checkpoints = list[dict[str, object]]()
    for checkpoint in signed.checkpoints:
        name, stamps = _checkpoint_file(checkpoint), list[dict[str, object]]()
        found[f"{name}.json"], found[f"{name}.sig"] = checkpoint.body, checkpoint.signature
        found[f"{name}.sealed"] = checkpoint.body + checkpoint.signature
        for file, stamp in _stamps(checkpoint):
            if stamp.token:
                found[f"{file}.tsr"], found[f"{file}.roots.pem"] = stamp.token, stamp.roots_pem
            state = ("stamped" if stamp.stamped_at else "unread") if stamp.token else "pending"
            stamps.append({
                "tsa": stamp.tsa, "file": file if stamp.token else None, "state": state,
                "stamped_at": write_utc(stamp.stamped_at) if stamp.stamped_at and stamp.token else None,
                "why": one_line(stamp.why) or None,
            })  # fmt: skip
        checkpoints.append({
            "tree_size": checkpoint.tree_size, "root": checkpoint.root.hex(), "at": write_utc(checkpoint.at),
            "kid": checkpoint.kid, "file": name, "stamps": stamps,
        })  # fmt: skip
    keys = [
        {"kid": kid, "public": public.hex(), "file": _key_file(kid)} for kid, public in signed.public_keys
    ]
    proofs = {
        "keys": keys,
        "entries": entries,
        "rotations": [_entry_fact(entry) for entry in signed.rotations],
        "checkpoints": checkpoints,
    }
    found[f"{FOLDER}/proofs.json"] = (json.dumps(proofs, indent=1) + "\n").encode()
    return found


def custody_rows(exhibit: Exhibit, *, with_notes: bool) -> bytes:
    """The rows of the audit log. Notes may hold a digest of words; a covered copy goes without them."""
    rows = [
        {
            "seq": line.seq,
            "at": write_utc(line.at),
            "role": line.role,
            "verb": line.verb,
            "object_kind": line.object_kind,
            "object_id": line.object_id,
            "note": (line.note or None) if with_notes else None,
            "commitment": line.commitment,
            "pack": line.pack or None,
            "prev_hash": line.prev_hash,
            "hash": line.hash,
        }
        for line in exhibit.custody
    ]
    return (json.dumps({"rows": rows, "ends": dict(exhibit.heads)}, indent=1) + "\n").encode()


def signature_commands(signed: SignedCustody, list_kid: str = "") -> tuple[str, ...]:
    """What checks each signature with openssl 3, one line each, to be typed in the unpacked folder."""
    signers = [(_entry_file(entry.seq), entry.kid) for entry in (*signed.entries, *signed.rotations)]
    signers += [(_checkpoint_file(checkpoint), checkpoint.kid) for checkpoint in signed.checkpoints]
    named = [(f"{name}.json", f"{name}.sig", kid) for name, kid in signers]
    named += [(LIST, LIST_SIG, list_kid)] if list_kid else []
    return tuple(
        f"openssl pkeyutl -verify -pubin -inkey {_key_file(kid)} -rawin -in {body} -sigfile {signature}"
        for body, signature, kid in named
    )


def stamp_commands(signed: SignedCustody) -> tuple[str, ...]:
    """What checks each stamp with openssl, at the time the stamp names: certificates run out, stamps do not."""
    return tuple(
        f"openssl ts -verify -data {_checkpoint_file(checkpoint)}.sealed -in {file}.tsr"
        f" -CAfile {file}.roots.pem"
        f"{f' -attime {int(stamp.stamped_at.timestamp())}' if stamp.stamped_at else ''}"
        for checkpoint in signed.checkpoints
        for file, stamp in _stamps(checkpoint)
        if stamp.token
    )


def stamp_limits(signed: SignedCustody) -> tuple[Pair, ...]:
    """What the custody extract has and what it lacks, one line each."""
    if not signed.entries and not signed.checkpoints:
        return (NO_SIGNED,)
    found = list[Pair]()
    late = ", ".join(str(entry.seq) for entry in signed.entries if not entry.tree_size)
    if late:
        found.append((NO_CHECKPOINT[0].format(late), NO_CHECKPOINT[1].format(late)))
    for checkpoint in signed.checkpoints:
        size = str(checkpoint.tree_size)
        if not checkpoint.stamps:
            found.append((UNSTAMPED[0].format(size), UNSTAMPED[1].format(size)))
        for stamp in checkpoint.stamps:
            tsa, at = one_line(stamp.tsa), stamp.stamped_at
            if not stamp.token or at is None:
                found.append((PENDING[0].format(size, tsa), PENDING[1].format(size, tsa)))
            else:
                found.append((
                    STAMPED[0].format(size, tsa, say_moment(at, Tongue.EN)),
                    STAMPED[1].format(size, tsa, say_moment(at, Tongue.CY)),
                ))  # fmt: skip
    return tuple(found)

"""The part of the signed custody log that goes into an exhibit: its entries, their way to a checkpoint, the stamps."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from evidence.custody_entry import decode_entry
from evidence.custody_log import SealedEntry
from evidence.exhibit_values import ProvenEntry, SignedCheckpoint, SignedCustody, Stamp
from evidence.key_spans import find_rotations
from evidence.merkle import hash_leaf, prove_inclusion
from flows.checkpoints import to_checkpoint
from flows.custody_config import CustodyConfig
from warehouse.custody_rows import (
    CheckpointStored,
    CustodyStored,
    StampStored,
    read_checkpoints,
    read_stamps,
    stream_entries,
)
from warehouse.session import Reading


def gather_proofs(
    reading: Reading, audit_seqs: Collection[int], config: CustodyConfig, public_keys: dict[str, bytes]
) -> SignedCustody:
    """The entries that signed for these rows of the audit log, each proven by a checkpoint that counted it.

    By the newest one with all its stamps, where there is one; what came after it by the latest, whose stamps may be pending.
    """
    rows = list(stream_entries(reading))
    checkpoints = read_checkpoints(reading)
    stamps = read_stamps(reading)
    chosen = _choose(checkpoints, stamps, config)
    seqs = set(audit_seqs)
    # Whoever knows one of the school's keys can tell the others from these.
    handed = {entry.seq for _, entry in find_rotations(SealedEntry(*_plain(row)) for row in rows)}
    leaves = [hash_leaf(row.body) for row in rows[: max((one.tree_size for one in chosen), default=0)]]
    entries, rotations = (
        tuple(
            _prove(
                row, leaves[: min((one.tree_size for one in chosen if row.seq <= one.tree_size), default=0)]
            )
            for row in part
        )
        for part in (
            [row for row in rows if row.audit_seq in seqs and row.seq not in handed],
            [row for row in rows if row.seq in handed],
        )
    )
    signed = tuple(
        _signed(one, [each for each in stamps if each.tree_size == one.tree_size], config) for one in chosen
    )
    return SignedCustody(entries, signed, tuple(sorted(public_keys.items())), rotations)


def _plain(row: CustodyStored) -> tuple[int, bytes, str, bytes]:
    return row.seq, row.body, row.sha256, row.signature


def _choose(
    checkpoints: Sequence[CheckpointStored], stamps: Sequence[StampStored], config: CustodyConfig
) -> list[CheckpointStored]:
    """The newest checkpoint with all the stamps that are asked for (with most of them, if none has all), and the latest."""
    asked = {each.name for each in config.stampers}

    def count(one: CheckpointStored) -> int:
        given = {each.authority for each in stamps if each.tree_size == one.tree_size and each.stamped_at}
        return min(len(given & asked), config.wanted) if asked else len(given)

    stamped = [one for one in checkpoints if count(one)]
    best = max(stamped, key=lambda one: (count(one), one.tree_size), default=None)
    latest = checkpoints[-1:]
    return list(latest) if best is None or best in latest else [best, *latest]


def _prove(row: CustodyStored, leaves: list[bytes]) -> ProvenEntry:
    entry = decode_entry(row.body)
    kid = "" if isinstance(entry, str) else entry.kid
    counted = row.seq <= len(leaves)
    return ProvenEntry(
        row.seq,
        row.body,
        row.sha256,
        row.signature,
        kid,
        len(leaves) if counted else 0,
        prove_inclusion(leaves, row.seq - 1) if counted else (),
    )


def _signed(row: CheckpointStored, stamps: list[StampStored], config: CustodyConfig) -> SignedCheckpoint:
    one = to_checkpoint(row)
    answers = {each.authority: each for each in stamps}
    roots = {each.name: each.roots_pem for each in config.stampers}
    told = [
        Stamp(
            name,
            answers[name].token if name in answers else b"",
            answers[name].stamped_at if name in answers else None,
            roots.get(name, b""),
            answers[name].cause if name in answers else "not asked yet",
        )
        for name in dict.fromkeys((*roots, *answers))
    ]
    return SignedCheckpoint(
        one.tree_size,
        one.root,
        one.at,
        one.kid,
        one.body,
        one.signature,
        tuple(told),
    )

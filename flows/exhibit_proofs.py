"""The part of the signed custody log that goes into an exhibit: its entries, their way to a checkpoint, the stamps."""

from __future__ import annotations

from collections.abc import Collection

from evidence.custody_entry import decode_entry
from evidence.exhibit_values import ProvenEntry, SignedCheckpoint, SignedCustody, Stamp
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
    """The entries that signed for these rows of the audit log, each proven by the latest checkpoint that counted it."""
    rows = list(stream_entries(reading))
    checkpoints = read_checkpoints(reading)
    latest = checkpoints[-1] if checkpoints else None
    wanted = [row for row in rows if row.audit_seq in set(audit_seqs)]
    leaves = [hash_leaf(row.body) for row in rows[: latest.tree_size]] if latest else []
    entries = tuple(_prove(row, leaves) for row in wanted)
    if latest is None:
        return SignedCustody(entries, (), tuple(sorted(public_keys.items())))
    stamps = [row for row in read_stamps(reading) if row.tree_size == latest.tree_size]
    return SignedCustody(entries, (_signed(latest, stamps, config),), tuple(sorted(public_keys.items())))


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

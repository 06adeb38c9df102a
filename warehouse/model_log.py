"""What the audit log knows of models: whether a verdict of the gate still stands."""

from __future__ import annotations

from warehouse.session import Reading


def was_withdrawn(reading: Reading, fingerprint: str, gate_sha256: str) -> bool:
    """Did a person take this very model out of use after the gate had said this of it?"""
    return (
        reading.row(
            "SELECT 1 FROM audit WHERE object_kind = 'model' AND verb = 'rolled_back' AND object_id = ? AND seq > "
            "(SELECT max(seq) FROM audit WHERE object_kind = 'model' AND verb = 'gated' AND object_id = ?)",
            [fingerprint, gate_sha256],
        )
        is not None
    )

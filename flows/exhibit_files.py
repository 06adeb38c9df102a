"""The folder people hand exhibits out from: nothing half written stays in it, and what is there is in the log."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from flows.home import Home
from flows.private_files import partial_of
from warehouse.custody import sealed_ids
from warehouse.session import Reading

LOGGED: Final = "exhibit sha256 "
"""What the digest of an exhibit follows in the audit log's reason of its export."""


def sweep_partials(home: Home) -> None:
    """Remove what a kill left of exhibits that were never put in place. Only while the warehouse's lock is held: nobody exports then."""
    for path in home.exhibits.glob(partial_of(Path("*.zip")).name):
        path.unlink(missing_ok=True)


def take_back_sealed(reading: Reading, home: Home) -> None:
    """What may show an image that was stopped leaves the folder people hand exhibits out from (B13, T04).

    Under the lock: an export that is being made finds it sealed. That it went is in the log: `sealed`.
    """
    there = sorted(home.exhibits.glob("*.zip*"))
    ids = sealed_ids(reading) if there else frozenset[str]()
    for path in there:
        name = path.name.split(".zip")[0]
        if name in ids or name.removesuffix("-covered") in ids:
            path.unlink()


def find_unlisted(reading: Reading, home: Home) -> list[str]:
    """Names of the ZIPs in the folder whose very bytes no export entered: put there or changed by hand."""
    known = {
        row[0]
        for row in reading.rows(
            "SELECT regexp_extract(reason, ?, 1) FROM audit WHERE verb = 'exported' AND reason IS NOT NULL",
            [f"{LOGGED}([0-9a-f]{{64}})"],
        )
    }
    return [path.name for path in sorted(home.exhibits.glob("*.zip")) if _digest(path) not in known]


def _digest(path: Path) -> str:
    """Empty for what cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""

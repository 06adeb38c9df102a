"""DuckDB files: how one is opened, attached and locked down, and how a finished one takes another's place."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

STORAGE_VERSION = "v1.0.0"
"""Every DuckDB from 1.0 on opens it; measured with 1.2.2, 1.5.5 and 2.0.0, write-ahead log included."""

ROW_GROUP_SIZE = 16384
"""An eighth of DuckDB's own: a checkpoint rewrites the last row group, here 60 ms instead of 2.6 s."""

MEMORY_MB = 600
"""DuckDB would take four fifths of the machine; beyond this it spills beside the database."""

_OF_FILE, _OF_MACHINE = 4, 0.8
"""Indexes do not spill: what a night touches of them stays in memory until it is stored. With ids drawn at random that comes to five times 73
bytes a mention, a fifth of the file: at five million a night of 1,000 posts needs 0.9 GB, one of 4,000 1.5 GB."""

_SWAP_TRIES = 20
_SWAP_PAUSE_S = 0.1


def open_in_memory(spill: Path | None) -> duckdb.DuckDBPyConnection:
    """A DuckDB without extensions, ready to attach a file. `spill` is made only when memory runs short.

    None: nothing is ever spilt, and what does not fit into memory is refused. For words in the open.
    """
    import duckdb

    connection = duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "checkpoint_threshold": "1GB",
            "temp_directory": str(spill) if spill else "",
            "memory_limit": f"{MEMORY_MB}MB",
            "dynamic_or_filter_threshold": "2000",
        }
    )
    connection.execute("SET GLOBAL TimeZone = 'UTC'")  # for cursors as well
    return connection


def memory_mb(size: int) -> int:
    """How much memory DuckDB may take for a database of so many bytes: more for a large one, as long as the machine has it."""
    wanted = MEMORY_MB + size // _OF_FILE // 1_000_000
    if not hasattr(os, "sysconf"):  # Windows does not say; it pages what it has not
        return wanted
    there = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1_000_000
    return max(MEMORY_MB, min(wanted, int(_OF_MACHINE * there)))


def attach(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    name: str,
    *,
    read_only: bool,
    row_group_size: int = ROW_GROUP_SIZE,
) -> None:
    """Attach a file under `name`, in the storage version all supported DuckDBs read."""
    quoted = str(path).replace("'", "''")
    options = (
        "READ_ONLY" if read_only else f"STORAGE_VERSION '{STORAGE_VERSION}', ROW_GROUP_SIZE {row_group_size}"
    )
    connection.execute(f"ATTACH '{quoted}' AS {name} ({options})")
    if (most := memory_mb(path.stat().st_size)) > MEMORY_MB:
        connection.execute(f"SET GLOBAL memory_limit = '{most}MB'")
    if not read_only:
        # Closing would checkpoint every time; the log is durable, and folded in by size and at each publish.
        connection.execute("PRAGMA disable_checkpoint_on_shutdown")


def lock_down(connection: duckdb.DuckDBPyConnection) -> None:
    """From here on: no other file, no network, no extension, no setting (CVE-2024-22682)."""
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def checkpoint(connection: duckdb.DuckDBPyConnection) -> None:
    """Explicit and after a commit, so that a failure here costs nothing."""
    connection.execute("CHECKPOINT")


def sync(path: Path) -> None:
    """Make a finished file durable before it takes another's place."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make a rename durable; Windows has no such call and needs none."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def replace_file(new: Path, target: Path) -> bool:
    """os.replace with patience: on Windows a file somebody has open cannot be replaced. False: it still cannot."""
    for _ in range(_SWAP_TRIES):
        try:
            new.replace(target)
        except PermissionError:
            time.sleep(_SWAP_PAUSE_S)
        else:
            sync_folder(target.parent)
            return True
    return False


def put(path: Path, content: bytes) -> None:
    """Write a small file for its owner only; on the disk when this returns."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags, 0o600)
    try:
        while content:
            content = content[os.write(handle, content) :]
        os.fsync(handle)
    finally:
        os.close(handle)

"""Files for the school's own account: whole or not at all, readable by nobody else on the machine."""

from __future__ import annotations

import os
from pathlib import Path

from mentionwatch.errors import ConfigError
from warehouse.session import disk_full, is_disk_full, unwritable


def partial_of(path: Path) -> Path:
    """The file beside it that is written first."""
    return path.with_name(path.name + ".part")


def write_beside(path: Path, content: bytes) -> Path:
    """The file beside `path`, mode 0600, on the disk when this returns: to be put in its place in one step, by `replace`.

    The folder is made with mode 0700. Leaves nothing behind when it fails, with whatever `OSError` that was.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = partial_of(path)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return partial


def write_whole(path: Path, content: bytes) -> None:
    """Replace `path` in one step, mode 0600, on the disk before it counts; otherwise as `write_beside`."""
    partial = write_beside(path, content)
    try:
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def write_plainly(
    path: Path, content: bytes, mend: str = "Name a new file in a folder that you may write to"
) -> None:
    """As `write_whole`, for what a person asked for. Raises `Retriable` when the disk is full, `ConfigError` with `mend` for a
    place that cannot be written to: each one line."""
    try:
        write_whole(path, content)
    except OSError as error:
        if is_disk_full(error):
            raise disk_full(str(path.parent)) from None
        cause = f"cannot be written: {error.strerror or type(error).__name__}"
        raise ConfigError(str(path), "", cause, mend) from None


def write_beside_keys(path: Path, content: bytes) -> None:
    """As `write_plainly`, for the software's own files in `keys/`: nothing there is lost when it cannot be written to."""
    write_plainly(path, content, unwritable(path.parent))

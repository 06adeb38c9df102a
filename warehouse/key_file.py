"""The file of wrapped keys, `HOME/keys/object_keys.sqlite`, as SQLite sees it: open, begin, insert, read.

A key is wrapped under the school's key with AES-256-GCM, which takes as long as AES key wrap (RFC 3394) and, other
than that, binds the number of the key: a wrapped key put under another number is refused.
"""

from __future__ import annotations

import errno
import os
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from mentionwatch.errors import ConfigError, Fatal, MentionwatchError, Retriable
from warehouse.files import sync
from warehouse.sealing import SealBroken, cipher, derive, open_sealed, seal
from warehouse.session import unwritable
from warehouse.sqlite_faults import SqliteFault, fault_of

_SCHEMA = """
CREATE TABLE header (format INTEGER NOT NULL, file_id TEXT NOT NULL, kek_id TEXT NOT NULL);
CREATE TABLE keys (
    id INTEGER PRIMARY KEY, wrapped BLOB, destroyed_at TEXT, CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
);
"""
_FORMAT = 1
_MOST_VALUES = 900

Stored = tuple[int, bytes | None, str | None]
"""Number, wrapped key (None: destroyed), when it was destroyed (ISO 8601; "" when nobody knows)."""


class SchoolKey:
    """The school's key: wraps and unwraps. `id` tells keys apart and says nothing of them."""

    def __init__(self, key: bytes) -> None:
        self._under = cipher(derive(key, b"wrap"))
        self.id = derive(key, b"which key")[:16].hex()

    def wrap(self, number: int, key: bytes, file_id: str) -> bytes:
        """60 bytes."""
        return seal(self._under, key, _bind(number, file_id))

    def unwrap(self, number: int, wrapped: bytes, file_id: str) -> bytes:
        """The key. Raises `SealBroken` when it was changed or is another number's."""
        return open_sealed(self._under, wrapped, _bind(number, file_id))


def _bind(number: int, file_id: str) -> bytes:
    return b"mentionwatch key %d of " % number + file_id.encode()


class KeyFile:
    """One open file of wrapped keys. Whoever uses it holds the database's lock."""

    def __init__(self, path: Path, *, durable: bool = True) -> None:
        self.path = path
        with self._explained():
            self._connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)
            # EXTRA: without it a journal that was deleted may come back after a power cut and take the keys along,
            # while the database has already stored what they open.
            self._connection.execute(f"PRAGMA synchronous = {'EXTRA' if durable else 'OFF'}")
            self._connection.execute("PRAGMA secure_delete = ON")
            self._connection.execute("PRAGMA temp_store = MEMORY")
            self._connection.execute(f"PRAGMA journal_mode = {'DELETE' if durable else 'OFF'}")
            row = self._connection.execute("SELECT format, file_id, kek_id FROM header").fetchone()
        if row is None or row[0] != _FORMAT:
            raise self._damaged("it does not say what it is")
        self.file_id: str = row[1]
        self.kek_id: str = row[2]

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def add(self, rows: Iterable[Stored]) -> None:
        """Add rows: on the disk when this returns, all or none."""
        with self._explained(), self._connection:
            self._connection.executemany("INSERT INTO keys VALUES (?, ?, ?)", rows)

    def destroy(self, numbers: Iterable[int], destroyed_at: str) -> None:
        """Overwrite these keys and leave their numbers with the date: on the disk when this returns, all or none."""
        with self._explained(), self._connection:
            self._connection.executemany(
                "UPDATE keys SET wrapped = NULL, destroyed_at = ? WHERE id = ? AND wrapped IS NOT NULL",
                ((destroyed_at, number) for number in numbers),
            )

    def find(self, numbers: Sequence[int]) -> Iterator[Stored]:
        """The rows with these numbers; what is not there is not in the answer."""
        for start in range(0, len(numbers), _MOST_VALUES):
            part = numbers[start : start + _MOST_VALUES]
            marks = ",".join("?" * len(part))
            with self._explained():
                yield from self._connection.execute(
                    f"SELECT id, wrapped, destroyed_at FROM keys WHERE id IN ({marks})",  # noqa: S608 -- question marks
                    part,
                ).fetchall()

    def every(self) -> list[Stored]:
        """All rows, by number."""
        with self._explained():
            return self._connection.execute(
                "SELECT id, wrapped, destroyed_at FROM keys ORDER BY id"
            ).fetchall()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """One plain line for whatever SQLite says; a full disk as the operating system says it."""
        try:
            yield
        except sqlite3.Error as error:
            raise self._explain(error) from None

    def _explain(self, error: sqlite3.Error) -> MentionwatchError | OSError:
        match fault_of(error):
            case SqliteFault.FULL:
                return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.path))
            case SqliteFault.BUSY:
                return Retriable(f"{self.path}: another program has it open. Close it and run again")
            case SqliteFault.DENIED:
                return ConfigError(
                    str(self.path), "", f"cannot be written: {error}", unwritable(self.path.parent)
                )
            case SqliteFault.DAMAGED:
                return self._damaged(str(error))

    def _damaged(self, cause: str) -> Fatal:
        return Fatal(
            f"{self.path}: cannot be read as a file of keys ({cause}). Put it back from a backup, with {self.path.parent / 'school.key'} as it was then"
        )


def begin(path: Path, kek_id: str, rows: Iterable[Stored] = (), file_id: str = "") -> None:
    """Write a whole new file with these rows; on the disk when this returns. For its owner only."""
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    connection = sqlite3.connect(path)
    try:
        connection.executescript(_SCHEMA)
        connection.execute(
            "INSERT INTO header VALUES (?, ?, ?)", [_FORMAT, file_id or secrets.token_hex(16), kek_id]
        )
        connection.commit()
    finally:
        connection.close()
    file = KeyFile(path, durable=False)
    try:
        file.add(rows)
    finally:
        file.close()
    sync(path)


def rewrap(rows: Iterable[Stored], old: SchoolKey, new: SchoolKey, file_id: str) -> Iterator[Stored]:
    """The rows under another school key. One that does not open is passed on as it is: its object will be named."""
    for number, wrapped, destroyed_at in rows:
        if wrapped is not None:
            with suppress(SealBroken):
                wrapped = new.wrap(number, old.unwrap(number, wrapped, file_id), file_id)
        yield number, wrapped, destroyed_at

"""The file of accounts, `HOME/keys/accounts.sqlite`, as SQLite sees it: made, opened, changed whole or not at all.

It lies beside the keys and not in the warehouse: signing in never waits for a night that writes (ADR 0028). What must not be
read in it is sealed under `accounts.key`, which lies beside it; the school's key will not do, since each erasure changes it.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from mentionwatch.errors import ConfigError, Fatal, MentionwatchError, Retriable
from warehouse.files import put, sync_folder
from warehouse.sealed_lines import read_key
from warehouse.sealing import KEY_BYTES, cipher, derive, open_sealed, seal
from warehouse.session import as_utc, clean_text, disk_full, is_disk_full, unwritable
from warehouse.sqlite_faults import SqliteFault, fault_of

FORMAT = 3
"""The schema, as `PRAGMA user_version` says it."""

_SCHEMA = (
    "CREATE TABLE accounts (id TEXT PRIMARY KEY, login TEXT NOT NULL UNIQUE, shown_as TEXT NOT NULL, roles TEXT NOT NULL, "
    "lang TEXT NOT NULL, email TEXT NOT NULL, is_active INTEGER NOT NULL, wants_mail INTEGER NOT NULL, reads_first INTEGER NOT NULL, "
    "made_at INTEGER NOT NULL, password TEXT, totp BLOB, totp_step INTEGER NOT NULL DEFAULT 0, totp_new BLOB)",
    "CREATE TABLE recovery_codes (account_id TEXT NOT NULL, code_hash TEXT NOT NULL, PRIMARY KEY (account_id, code_hash))",
    "CREATE TABLE sessions (token_hash TEXT PRIMARY KEY, account_id TEXT NOT NULL, made_at INTEGER NOT NULL, "
    "seen_at INTEGER NOT NULL, is_locked INTEGER NOT NULL DEFAULT 0, is_strong INTEGER NOT NULL)",
    "CREATE INDEX sessions_of_account ON sessions (account_id)",
    "CREATE TABLE tries (tag TEXT PRIMARY KEY, failures INTEGER NOT NULL, failed_at INTEGER NOT NULL, is_told INTEGER NOT NULL DEFAULT 0)",
    "CREATE TABLE known_addresses (account_id TEXT NOT NULL, tag TEXT NOT NULL, seen_at INTEGER NOT NULL, PRIMARY KEY (account_id, tag))",
    "CREATE TABLE links (link_hash TEXT PRIMARY KEY, kind TEXT NOT NULL, account_id TEXT NOT NULL, made_at INTEGER NOT NULL, ends_at INTEGER NOT NULL)",
    "CREATE TABLE openid_people (issuer TEXT NOT NULL, subject TEXT NOT NULL, account_id TEXT NOT NULL, made_at INTEGER NOT NULL, PRIMARY KEY (issuer, subject))",
    "CREATE TABLE openid_tries (state_hash TEXT PRIMARY KEY, sealed BLOB NOT NULL, link_hash TEXT NOT NULL, made_at INTEGER NOT NULL)",
    "CREATE TABLE outbox (number INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL UNIQUE, happened_at INTEGER NOT NULL, actor TEXT NOT NULL, "
    "role TEXT NOT NULL, verb TEXT NOT NULL, object_id TEXT NOT NULL, why TEXT NOT NULL)",
)
_SINCE_2 = (
    "CREATE TABLE given_roles (account_id TEXT NOT NULL, role TEXT NOT NULL, given_by TEXT NOT NULL, given_at INTEGER NOT NULL, "
    "counts INTEGER NOT NULL, PRIMARY KEY (account_id, role))",
)
_SINCE_3 = ("ALTER TABLE accounts ADD COLUMN reader_wanted_since INTEGER",)
_WAIT_S = 10.0
_LOSS = "without it nobody's second factor can be checked"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

Row = tuple[Any, ...]


def to_us(moment: datetime) -> int:
    """Microseconds since 1970, as the file holds a time."""
    return (as_utc(moment) - _EPOCH) // _MICROSECOND


def hash_secret(secret: str) -> str:
    """SHA-256 of a secret of at least 112 random bits, which needs no salt and no slow hash (ASVS 6.5.2)."""
    return hashlib.sha256(clean_text(secret).encode()).hexdigest()


class Hold:
    """The open file inside one transaction. Text that UTF-8 cannot hold goes in with U+FFFD in its place."""

    def __init__(self, connection: sqlite3.Connection, key: bytes) -> None:
        self._connection, self._key = connection, key

    def rows(self, sql: str, *values: object) -> list[Row]:
        """All rows of a query; `?` stand for `values`."""
        return self._connection.execute(sql, _clean(values)).fetchall()

    def row(self, sql: str, *values: object) -> Row | None:
        """The first row, or None."""
        found = self.rows(sql, *values)
        return found[0] if found else None

    def run(self, sql: str, *values: object) -> int:
        """One statement; how many rows it changed."""
        return self._connection.execute(sql, _clean(values)).rowcount

    def tag(self, *parts: str) -> str:
        """What stands for a login or an address where it is only counted: it cannot be guessed without the key."""
        words = "\n".join(clean_text(part) for part in parts)
        return hmac.digest(derive(self._key, b"tag"), words.encode(), hashlib.sha256).hex()

    def seal(self, secret: bytes, account_id: str) -> bytes:
        """A secret of one account, sealed: under another account it does not open."""
        return seal(cipher(derive(self._key, b"seal")), secret, account_id.encode())

    def open(self, sealed: bytes, account_id: str) -> bytes:
        """The secret again. Raises `SealBroken` when it was changed or moved."""
        return open_sealed(cipher(derive(self._key, b"seal")), sealed, account_id.encode())


def _clean(values: tuple[object, ...]) -> list[object]:
    return [clean_text(value) if isinstance(value, str) else value for value in values]


class AccountStore:
    """The accounts of one home. Safe from any thread and process: each use opens the file for itself, for milliseconds."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "keys" / "accounts.sqlite"
        self.key_path = folder / "keys" / "accounts.key"

    @contextmanager
    def change(self) -> Iterator[Hold]:
        """One transaction that may write: on the disk when the block ends, nothing of it when it raises.

        Raises `Retriable` when another program holds the file too long, `Fatal` when it is damaged.
        """
        with self._opened() as (connection, key), self._explained():
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield Hold(connection, key)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def look(self) -> Iterator[Hold]:
        """The file to be read, as it was at one moment."""
        with self._opened() as (connection, key), self._explained():
            connection.execute("BEGIN")
            yield Hold(connection, key)

    @contextmanager
    def _opened(self) -> Iterator[tuple[sqlite3.Connection, bytes]]:
        if not self.path.exists():
            self._begin()
        if os.name == "posix" and self.path.stat().st_mode & 0o077:
            raise ConfigError(
                str(self.path), "", "other users of this machine can read it", f"Run: chmod 600 {self.path}"
            )
        key = read_key(self.key_path, _LOSS)
        with self._explained():
            connection = sqlite3.connect(
                f"{self.path.absolute().as_uri()}?mode=rw", uri=True, timeout=_WAIT_S, isolation_level=None
            )
        try:
            with self._explained():
                # No write-ahead log: one file, so one to back up; EXTRA, so that a session that was ended stays ended
                # and a code that was used stays used whatever happens to the power.
                connection.execute("PRAGMA synchronous = EXTRA")
                connection.execute("PRAGMA secure_delete = ON")
                connection.execute("PRAGMA temp_store = MEMORY")
                self._bring_up_to_date(connection)
            yield connection, key
        finally:
            connection.close()

    def _not_ours(self) -> ConfigError:
        return ConfigError(
            str(self.path.parent),
            "",
            "cannot be written to",
            unwritable(self.path.parent),
        )

    def _begin(self) -> None:
        try:
            self._make_files()
        except PermissionError:
            raise self._not_ours() from None
        except OSError as error:
            if is_disk_full(error):
                raise disk_full(str(self.path.parent)) from None
            raise

    def _make_files(self) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self.key_path.exists():
            mine = self.key_path.with_name(f"{self.key_path.name}.{secrets.token_hex(8)}")
            put(mine, secrets.token_bytes(KEY_BYTES))
            # A link, not a rename: whoever of two comes second takes the key of the first.
            with suppress(FileExistsError):
                os.link(mine, self.key_path)
            mine.unlink()
        with suppress(FileExistsError):
            os.close(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        sync_folder(self.path.parent)

    def _bring_up_to_date(self, connection: sqlite3.Connection) -> None:
        found = connection.execute("PRAGMA user_version").fetchone()[0]
        if found > FORMAT:
            raise Fatal(
                f"{self.path}: written by a newer mentionwatch (format {found}, this one knows {FORMAT}). Update mentionwatch"
            )
        if found == FORMAT:
            return
        connection.execute("BEGIN IMMEDIATE")
        # Asked again: of two that come at once, the second finds it done.
        found = connection.execute("PRAGMA user_version").fetchone()[0]
        for version, statements in enumerate((_SCHEMA, _SINCE_2, _SINCE_3), 1):
            for statement in statements if found < version else ():
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {FORMAT}")
        connection.execute("COMMIT")

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """One plain line for whatever SQLite says."""
        try:
            yield
        except sqlite3.Error as error:
            raise self._explain(error) from None

    def _explain(self, error: sqlite3.Error) -> MentionwatchError:
        match fault_of(error):
            case SqliteFault.FULL:
                return disk_full(str(self.path.parent))
            case SqliteFault.BUSY:
                return Retriable(f"{self.path}: another program has it open. Close it and try again")
            case SqliteFault.DENIED:
                return self._not_ours()
            case SqliteFault.DAMAGED:
                return Fatal(
                    f"{self.path}: cannot be read as a file of accounts ({error}). Put it back from a backup, with {self.key_path.name}"
                )

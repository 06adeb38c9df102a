"""The outbox: which e-mail was handed over to the mail server. A row stands before the first word to the server.

Its own small SQLite file, `HOME/outbox.sqlite` (0600), and no table of the warehouse: DuckDB has one writer, and an
e-mail must neither wait for a night that writes nor hold one up. It is no key, and does not live among them. A row
holds the account's id, a day and a state: no address, no name, nothing of what the e-mail said.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Self

from mentionwatch.errors import Fatal, Retriable
from mentionwatch.ids import stable_id
from warehouse.session import disk_full
from warehouse.sqlite_faults import SqliteFault, fault_of

FORMAT = 1
LONGEST_WAIT = timedelta(minutes=15)
"""Longer than a mail server may take over its last reply (RFC 5321, 4.5.3.2.6: ten minutes): whoever waited is gone."""
KEPT = timedelta(days=92)
_WAIT_S = 20.0
_SCHEMA = """
CREATE TABLE header (format INTEGER NOT NULL, home_id TEXT NOT NULL);
CREATE TABLE letters (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, day TEXT NOT NULL, recipient TEXT NOT NULL, lang TEXT NOT NULL,
    about TEXT NOT NULL, state TEXT NOT NULL, tries INTEGER NOT NULL, code TEXT NOT NULL, changed_at TEXT NOT NULL
) WITHOUT ROWID;
"""


class LetterKind(StrEnum):
    """Which e-mail it is."""

    MORNING = "morning"
    ACT_NOW = "act_now"


class LetterState(StrEnum):
    """How far an e-mail has come.

    QUEUED: the server cannot have taken it, since the line that ends it was never sent: trying again is safe.
    HANDING_OVER: that line is about to be sent, was sent, or the process died over it. SENT: the server took it.
    UNKNOWN: nobody knows whether it did; not tried again by itself. REFUSED: the server said no, for good.
    """

    QUEUED = "queued"
    HANDING_OVER = "handing over"
    SENT = "sent"
    UNKNOWN = "unknown"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Letter:
    """One e-mail to one person. `about`: of an alert, the incidents it was written for, sorted, by comma.

    `code`: the server's number or the kind of failure of the last try, never the server's words.
    """

    id: str
    kind: LetterKind
    day: date
    recipient: str
    lang: str
    about: str
    state: LetterState
    tries: int
    code: str
    changed_at: datetime

    @property
    def message_id(self) -> str:
        """The Message-ID header: the same however often it is tried, so that a mail program can see a double."""
        return f"<{self.id}@mentionwatch.invalid>"

    def stands_at(self, now: datetime) -> LetterState:
        """Its state; somebody who has been handing over for too long has died over it."""
        if self.state is LetterState.HANDING_OVER and abs(now - self.changed_at) > LONGEST_WAIT:
            return LetterState.UNKNOWN
        return self.state


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _letter(row: tuple[str, str, str, str, str, str, str, int, str, str]) -> Letter:
    id_, kind, day, recipient, lang, about, state, tries, code, changed_at = row
    return Letter(
        id_, LetterKind(kind), date.fromisoformat(day), recipient, lang, about, LetterState(state), tries, code,
        _instant(changed_at),
    )  # fmt: skip


class Outbox:
    """The open file. Every change is on the disk when its method returns. `durable` False is for counting in tests."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.path = folder / "outbox.sqlite"
        # SQLite gives its journal the rights of the file; it would make the file itself for everybody.
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
        with self._explained():
            self._connection = sqlite3.connect(self.path, timeout=_WAIT_S, isolation_level=None)
            # EXTRA: a journal that comes back after a power cut would take "handing over" back.
            self._connection.execute(f"PRAGMA synchronous = {'EXTRA' if durable else 'OFF'}")
            self._connection.execute(f"PRAGMA journal_mode = {'DELETE' if durable else 'MEMORY'}")
            self._connection.execute("PRAGMA secure_delete = ON")
            self.home_id = self._begin()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _begin(self) -> str:
        with self._writing():
            if not self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                for statement in filter(str.strip, _SCHEMA.split(";")):
                    self._connection.execute(statement)
                self._connection.execute("INSERT INTO header VALUES (?, ?)", (FORMAT, secrets.token_hex(16)))
        found = self._connection.execute("SELECT format, home_id FROM header").fetchone()
        if found is None or found[0] != FORMAT:
            raise Fatal(f"{self.path} was written by another version of mentionwatch; use that one")
        return str(found[1])

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            found = fault_of(error)
            if found is SqliteFault.BUSY:
                raise Retriable(f"{self.path} is in use by another process; try again in a minute") from None
            if found is SqliteFault.FULL:
                raise disk_full(str(self.path.parent)) from None
            name = getattr(error, "sqlite_errorname", "")
            raise Fatal(f"{self.path} cannot be used ({name or 'sqlite error'})") from None
        except sqlite3.DatabaseError:
            # A new one would not know what was sent today: a person decides that, not a program.
            raise Fatal(
                f"{self.path} is damaged; move it away, and mentionwatch begins a new one that knows of no e-mail sent before"
            ) from None

    def recipient_of(self, address: str) -> str:
        """The id of an address that belongs to no account; says nothing of it to whoever does not hold this file."""
        return stable_id("recipient", home=self.home_id, address=address.lower())

    def queue(
        self, kind: LetterKind, day: date, recipient: str, lang: str, now: datetime, about: str = ""
    ) -> Letter:
        """The row of this e-mail, written if it was not there. Its id follows from home, day, recipient and language."""
        id_ = stable_id(
            "letter", home=self.home_id, what=kind.value, day=day.isoformat(), to=recipient, lang=lang, about=about
        )  # fmt: skip
        values = (
            id_,
            kind.value,
            day.isoformat(),
            recipient,
            lang,
            about,
            LetterState.QUEUED.value,
            now.isoformat(),
        )
        with self._explained():
            with self._writing():
                self._connection.execute(
                    "DELETE FROM letters WHERE day < ?", ((now - KEPT).date().isoformat(),)
                )
                self._connection.execute(
                    "INSERT OR IGNORE INTO letters VALUES (?, ?, ?, ?, ?, ?, ?, 0, '', ?)", values
                )
            return _letter(self._connection.execute("SELECT * FROM letters WHERE id = ?", (id_,)).fetchone())

    def take(self, id_: str, now: datetime) -> bool:
        """QUEUED becomes HANDING_OVER; False when somebody else was first. From here on it is not tried again by itself."""
        return self._move(
            "state = ?, tries = tries + 1", (LetterState.HANDING_OVER,), id_, LetterState.QUEUED, now
        )

    def settle(self, id_: str, state: LetterState, code: str, now: datetime) -> None:
        """What the server said to what was taken."""
        self._move("state = ?, code = ?", (state, code), id_, LetterState.HANDING_OVER, now)

    def note(self, id_: str, code: str, now: datetime) -> None:
        """A try that never came to the end of the letter, and why; it stays QUEUED."""
        self._move("tries = tries + 1, code = ?", (code,), id_, LetterState.QUEUED, now)

    def refuse(self, id_: str, code: str, now: datetime) -> None:
        """The server said no before it saw the letter."""
        self._move(
            "tries = tries + 1, state = ?, code = ?",
            (LetterState.REFUSED, code),
            id_,
            LetterState.QUEUED,
            now,
        )

    def release(self, letter: Letter, now: datetime) -> None:
        """A person says that it is to be tried again, although it may arrive twice; as it was when they looked: of two who say
        so at once, the second leaves what the first has in hand by then alone."""
        self._move("state = ?", (LetterState.QUEUED,), letter.id, letter.state, now, letter.tries)

    def _move(
        self,
        what: str,
        values: tuple[str, ...],
        id_: str,
        from_: LetterState,
        now: datetime,
        tries: int | None = None,
    ) -> bool:
        with self._explained(), self._writing():
            done = self._connection.execute(
                f"UPDATE letters SET {what}, changed_at = ? WHERE id = ? AND state = ? AND tries = coalesce(?, tries)",  # noqa: S608 -- ours
                (*values, now.isoformat(), id_, from_, tries),
            )
        return done.rowcount == 1

    def letters(self, kind: LetterKind, day: date | None = None) -> tuple[Letter, ...]:
        """Every row of that kind, of one day or of all that are kept."""
        with self._explained():
            rows = self._connection.execute(
                "SELECT * FROM letters WHERE kind = ? AND day = coalesce(?, day) ORDER BY day, id",
                (kind.value, day.isoformat() if day else None),
            ).fetchall()
        return tuple(map(_letter, rows))

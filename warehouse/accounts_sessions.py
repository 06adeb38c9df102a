"""Sessions of the desk, on the server: of the token only its SHA-256 is kept (ASVS 7.2.1, 7.2.2)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from warehouse.accounts import TOKEN_BYTES
from warehouse.accounts_file import Hold, hash_secret, to_us
from warehouse.session import from_us

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
"""After so long without a page, and after so long at all, a person signs in anew (ASVS 7.3.1, 7.3.2)."""

TOUCHED_EVERY = timedelta(minutes=1)
"""A page younger than this is not written down: a session may end a minute early, never late."""

STEP_BACK = timedelta(minutes=5)
"""A clock put right by less than this ends no session; by more it does, or else a stolen token would live on."""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session that is not over. `is_strong`: a second factor was shown, or the school's directory vouches."""

    token_hash: str
    account_id: str
    made_at: datetime
    seen_at: datetime
    is_locked: bool
    is_strong: bool


def is_over(made_at: datetime, seen_at: datetime, now: datetime) -> bool:
    """Is a session made and last seen then over at `now`?"""
    if now < max(made_at, seen_at) - STEP_BACK:
        return True
    return now - seen_at >= IDLE or now - made_at >= ABSOLUTE


def start_session(
    hold: Hold, account_id: str, now: datetime, *, is_strong: bool, since: datetime | None = None
) -> str:
    """A new session; returns its token, which is nowhere else. Sessions that are over go.

    `since`: when the one it goes on from was made: another token makes no session longer.
    """
    hold.run(
        "DELETE FROM sessions WHERE made_at <= ? OR seen_at <= ?", to_us(now - ABSOLUTE), to_us(now - IDLE)
    )
    token = secrets.token_urlsafe(TOKEN_BYTES)
    hold.run(
        "INSERT INTO sessions (token_hash, account_id, made_at, seen_at, is_strong) VALUES (?, ?, ?, ?, ?)",
        hash_secret(token), account_id, to_us(since or now), to_us(now), int(is_strong),
    )  # fmt: skip
    return token


def find_session(hold: Hold, token: str, now: datetime) -> SessionRow | None:
    """The session of a token, unless it is over."""
    token_hash = hash_secret(token)
    row = hold.row(
        "SELECT account_id, made_at, seen_at, is_locked, is_strong FROM sessions WHERE token_hash = ?",
        token_hash,
    )
    made_at, seen_at = (from_us(row[1]), from_us(row[2])) if row else (None, None)
    if row is None or made_at is None or seen_at is None or is_over(made_at, seen_at, now):
        return None
    return SessionRow(token_hash, row[0], made_at, seen_at, bool(row[3]), bool(row[4]))


def sessions_of(hold: Hold, account_id: str, now: datetime) -> tuple[SessionRow, ...]:
    """An account's sessions that are not over, the latest used first."""
    found = []
    for token_hash, made, seen, is_locked, is_strong in hold.rows(
        "SELECT token_hash, made_at, seen_at, is_locked, is_strong FROM sessions WHERE account_id = ? ORDER BY seen_at DESC, made_at DESC",
        account_id,
    ):
        made_at, seen_at = from_us(made), from_us(seen)
        if made_at and seen_at and not is_over(made_at, seen_at, now):
            found.append(
                SessionRow(token_hash, account_id, made_at, seen_at, bool(is_locked), bool(is_strong))
            )
    return tuple(found)


def touch_session(hold: Hold, session: SessionRow, now: datetime) -> None:
    """It was used just now; never put back by a clock that was."""
    hold.run(
        "UPDATE sessions SET seen_at = ? WHERE token_hash = ? AND seen_at < ?",
        to_us(now), session.token_hash, to_us(now),
    )  # fmt: skip


def lock_session(hold: Hold, token: str) -> None:
    """It shows nothing until it is unlocked."""
    hold.run("UPDATE sessions SET is_locked = 1 WHERE token_hash = ?", hash_secret(token))


def end_session(hold: Hold, token: str) -> None:
    """It is over, at once."""
    hold.run("DELETE FROM sessions WHERE token_hash = ?", hash_secret(token))


def end_sessions(hold: Hold, account_id: str) -> int:
    """All of an account's are over, at once; returns how many there were."""
    return hold.run("DELETE FROM sessions WHERE account_id = ?", account_id)

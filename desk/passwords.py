"""Passwords: kept as Argon2id, judged by length and by how common they are, never by what signs they hold (ASVS 6.2)."""

from __future__ import annotations

import secrets
import threading
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from desk.common_passwords import is_common

if TYPE_CHECKING:
    from argon2 import PasswordHasher

LEAST, ADVISED, MOST = 8, 15, 1024
"""Signs: refused below (ASVS 6.2.1), advised from, refused above (6.2.9 asks for at least 64)."""

_AT_ONCE = 4
_turns = threading.BoundedSemaphore(_AT_ONCE)
"""A hash takes 19 MiB and a twentieth of a second: so many at once and no more, whoever knocks."""


class Weak(StrEnum):
    """Why a password is not taken."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    COMMON = "common"


@cache
def _hasher() -> PasswordHasher:
    # Here: no other command needs the library. The figures are OWASP's second choice for Argon2id (19 MiB, 2 passes, 1 lane).
    from argon2 import PasswordHasher, Type

    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)


@cache
def _nobodys() -> str:
    """The hash of a password nobody has: an unknown login costs as much time as a known one (ASVS 6.3.8)."""
    return _hasher().hash(secrets.token_bytes(16))


def judge_password(password: str, about: tuple[str, ...] = ()) -> Weak | None:
    """Why the password is not taken, or None. `about`: words near at hand (login, name, school) that make it guessable.

    Counted in signs, taken exactly as typed: no trimming, no change of case (ASVS 6.2.8), any sign allowed (6.2.5).
    """
    if len(password) < LEAST:
        return Weak.TOO_SHORT
    if len(password) > MOST:
        return Weak.TOO_LONG
    return Weak.COMMON if is_common(password, about) else None


def hash_password(password: str) -> str:
    """The password as it is kept, with its salt and the figures it was made with."""
    with _turns:
        return _hasher().hash(_bytes(password))


def check_password(password: str, kept: str) -> bool:
    """Is it the password? `kept` "" stands for nobody's: as much work, and always False."""
    from argon2.exceptions import InvalidHashError, VerificationError

    known = bool(kept) and len(password) <= MOST
    with _turns:
        try:
            _hasher().verify(kept if known else _nobodys(), _bytes(password[:MOST]))
        except (VerificationError, InvalidHashError):
            return False
    return known


def is_outdated(kept: str) -> bool:
    """Was it hashed with other figures than today's? Then it is hashed anew at the next sign-in."""
    return bool(kept) and _hasher().check_needs_rehash(kept)


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")

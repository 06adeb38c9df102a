"""Sign-ins with the school's directory that are under way: kept from the moment the browser leaves until it comes back, once."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from warehouse.accounts_file import Hold, hash_secret, to_us

LASTS = timedelta(minutes=10)
_MOST = 500
"""Whoever begins sign-ins by the thousand pushes out the oldest, and fills no disk."""


@dataclass(frozen=True, slots=True)
class Underway:
    """What was kept. `link_hash` is the invitation it began with; "" for none."""

    nonce: str
    verifier: str
    link_hash: str


def keep_start(hold: Hold, state: str, nonce: str, verifier: str, link_hash: str, now: datetime) -> None:
    """Keep a sign-in that begins."""
    sealed = hold.seal(json.dumps([nonce, verifier]).encode(), hash_secret(state))
    hold.run("DELETE FROM openid_tries WHERE made_at <= ? OR made_at > ?", to_us(now - LASTS), to_us(now + LASTS))  # fmt: skip
    hold.run(
        "DELETE FROM openid_tries WHERE state_hash IN (SELECT state_hash FROM openid_tries ORDER BY made_at DESC LIMIT -1 OFFSET ?)",
        _MOST - 1,
    )
    hold.run("INSERT INTO openid_tries VALUES (?, ?, ?, ?)", hash_secret(state), sealed, link_hash, to_us(now))  # fmt: skip


def take_start(hold: Hold, state: str, now: datetime) -> Underway | None:
    """The sign-in of that state, once and within ten minutes."""
    row = hold.row(
        "SELECT sealed, link_hash, made_at FROM openid_tries WHERE state_hash = ?", hash_secret(state)
    )
    hold.run("DELETE FROM openid_tries WHERE state_hash = ?", hash_secret(state))
    if row is None or abs(to_us(now) - row[2]) >= LASTS // timedelta(microseconds=1):
        return None
    nonce, verifier = json.loads(hold.open(row[0], hash_secret(state)))
    return Underway(nonce, verifier, row[1])

"""How long whoever guesses must wait: by account and by address, growing, never for good (ASVS 6.3.1).

An account can be guessed at from anywhere, so its wait is shared by all addresses it was never used from; from an address
where its person has signed in before, a wait of its own counts. Whoever guesses elsewhere cannot keep the head out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from warehouse.accounts_file import Hold, to_us
from warehouse.session import from_us

FREE_ACCOUNT, FREE_ADDRESS = 4, 20
"""So many failures cost nothing; a whole school may sit behind one address."""

FIRST_S, MOST_S = 5, 900
FORGOTTEN = timedelta(hours=24)
KNOWN_FOR = timedelta(days=30)
"""An address stays known to an account for so long after it was last used there."""


@dataclass(frozen=True, slots=True)
class Counters:
    """The rows one try is counted in. `account` is "" where no login was typed (the school's directory was asked).

    `is_known`: this account's person signed in from this address before. `since`: the address's last failure before
    this try, as the file holds a time; None where it had none.
    """

    account: str
    address: str
    is_known: bool
    since: int | None


def wait_after(failures: int, free: int) -> timedelta:
    """How long after the last failure the next try is looked at: 5 s, doubling, at most a quarter of an hour."""
    if failures <= free:
        return timedelta()
    return timedelta(seconds=min(MOST_S, FIRST_S * 2 ** min(failures - free - 1, 20)))


def fold_address(address: str) -> str:
    """An address as it is counted: of IPv6 the network of 64 bits, which one household has whole."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ip_network((found, 64), strict=False))
    return str(found)


def counters_of(hold: Hold, login: str, account_id: str, address: str, now: datetime) -> Counters:
    """Where a try is counted. `login` is folded; `account_id` is "" where there is no such account."""
    place = fold_address(address)
    known = account_id and hold.row(
        "SELECT 1 FROM known_addresses WHERE account_id = ? AND tag = ? AND seen_at > ?",
        account_id, hold.tag("known", place), to_us(now - KNOWN_FOR),
    )  # fmt: skip
    parts = ("pair", login, place) if known else ("account", login)
    tag = hold.tag("address", place)
    return Counters(hold.tag(*parts), tag, bool(known), _last_failure(hold, tag, now))


def address_counters(hold: Hold, address: str, now: datetime) -> Counters:
    """Where a try without a login is counted."""
    tag = hold.tag("address", fold_address(address))
    return Counters("", tag, False, _last_failure(hold, tag, now))


def _last_failure(hold: Hold, tag: str, now: datetime) -> int | None:
    row = hold.row("SELECT min(failed_at, ?) FROM tries WHERE tag = ?", to_us(now), tag)
    return int(row[0]) if row else None


def wait_left(hold: Hold, counters: Counters, now: datetime) -> timedelta:
    """How long until a try is looked at; zero: now. Where the clock went back, the wait begins anew from there."""
    return max(
        _left(hold, counters.account, FREE_ACCOUNT, now), _left(hold, counters.address, FREE_ADDRESS, now)
    )


def _left(hold: Hold, tag: str, free: int, now: datetime) -> timedelta:
    row = hold.row("SELECT failures, failed_at FROM tries WHERE tag = ?", tag)
    failed_at = from_us(row[1]) if row else None
    if row is None or failed_at is None:
        return timedelta()
    if now < failed_at:
        # Neither opened nor shut for as long as the clock was wrong.
        hold.run("UPDATE tries SET failed_at = ? WHERE tag = ?", to_us(now), tag)
        failed_at = now
    return max(timedelta(), wait_after(row[0], free) - (now - failed_at))


def charge(hold: Hold, counters: Counters, now: datetime) -> None:
    """Count a try as a failure before it is looked at: many at once are not looked at for the price of one."""
    hold.run("DELETE FROM tries WHERE failed_at < ?", to_us(now - FORGOTTEN))
    for tag in filter(None, (counters.account, counters.address)):
        hold.run(
            "INSERT INTO tries (tag, failures, failed_at) VALUES (?, 1, ?) "
            "ON CONFLICT (tag) DO UPDATE SET failures = failures + 1, failed_at = excluded.failed_at, is_told = 0",
            tag, to_us(now),
        )  # fmt: skip


def forgive(hold: Hold, counters: Counters, account_id: str, address: str, now: datetime) -> None:
    """The try was right: the account's count is gone, the address is known. Of the address's count goes this try, and what the
    same person failed there before; nobody else there waits for it: the last failure is again the one before this try.
    """
    own = (
        hold.row("SELECT failures FROM tries WHERE tag = ?", counters.account) if counters.is_known else None
    )
    hold.run("DELETE FROM tries WHERE tag = ?", counters.account)
    hold.run(
        "UPDATE tries SET failures = max(0, failures - ?), failed_at = CASE WHEN failed_at = ? THEN coalesce(?, failed_at) "
        "ELSE failed_at END WHERE tag = ?",
        max(1, own[0] if own else 1), to_us(now), counters.since, counters.address,
    )  # fmt: skip
    hold.run(
        "INSERT INTO known_addresses VALUES (?, ?, ?) ON CONFLICT (account_id, tag) DO UPDATE SET seen_at = excluded.seen_at",
        account_id, hold.tag("known", fold_address(address)), to_us(now),
    )  # fmt: skip
    hold.run("DELETE FROM known_addresses WHERE seen_at <= ?", to_us(now - KNOWN_FOR))


def tell_once(hold: Hold, counters: Counters) -> bool:
    """Is this the first try refused unseen since the last failure? The log holds one of them, not a flood."""
    return bool(
        hold.run(
            "UPDATE tries SET is_told = 1 WHERE tag IN (?, ?) AND is_told = 0",
            counters.account,
            counters.address,
        )
    )


def forget_tries(hold: Hold, login: str, account_id: str) -> None:
    """A person who may has put the account right: nobody waits for it, and no address is known to it."""
    hold.run("DELETE FROM tries WHERE tag = ?", hold.tag("account", login))
    hold.run("DELETE FROM known_addresses WHERE account_id = ?", account_id)

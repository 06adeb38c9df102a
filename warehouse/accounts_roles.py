"""Roles that were given and that a head has not looked at: those that wait for a head's word, and those that count already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mentionwatch.accounts import DeskRole
from warehouse.accounts_file import Hold, to_us
from warehouse.session import from_us


@dataclass(frozen=True, slots=True)
class RoleGiven:
    """One role of one account. `counts`: it is among the account's roles; else it waits. `given_by`: an account or the command line."""

    account_id: str
    role: DeskRole
    given_by: str
    given_at: datetime
    counts: bool


def put_given(hold: Hold, given: RoleGiven) -> None:
    """Keep it, in place of what was known of that role before."""
    hold.run(
        "INSERT INTO given_roles VALUES (?, ?, ?, ?, ?) ON CONFLICT (account_id, role) DO UPDATE SET "
        "given_by = excluded.given_by, given_at = excluded.given_at, counts = excluded.counts",
        given.account_id, given.role.value, given.given_by, to_us(given.given_at), int(given.counts),
    )  # fmt: skip


def list_given(hold: Hold, account_id: str = "") -> tuple[RoleGiven, ...]:
    """Those of one account, or all, the oldest first."""
    found = []
    for owner, role, given_by, at, counts in hold.rows(
        "SELECT account_id, role, given_by, given_at, counts FROM given_roles WHERE ? IN ('', account_id) "
        "ORDER BY given_at, account_id, role",
        account_id,
    ):
        given_at = from_us(at)
        assert given_at is not None  # noqa: S101 -- the column is NOT NULL
        found.append(RoleGiven(owner, DeskRole(role), given_by, given_at, bool(counts)))
    return tuple(found)


def waiting_roles(hold: Hold, account_id: str) -> frozenset[DeskRole]:
    """The roles of an account that wait for a head's word."""
    return frozenset(each.role for each in list_given(hold, account_id) if not each.counts)


def drop_given(hold: Hold, account_id: str, role: DeskRole) -> None:
    """It was looked at, or taken away."""
    hold.run("DELETE FROM given_roles WHERE account_id = ? AND role = ?", account_id, role.value)

"""Accounts of the desk: their rows, the invitations and keys that open once, and what waits for the audit log.

Every function takes the open file (`AccountStore.change` or `.look`). Nothing here decides who may do what: `flows` does.
"""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from mentionwatch.accounts import Account, DeskRole
from mentionwatch.labels import Role
from mentionwatch.model import AuditEvent
from warehouse.accounts_file import AccountStore, Hold, Row, hash_secret, to_us
from warehouse.session import from_us

__all__ = ["AccountStore", "Hold"]

_COLUMNS = "id, login, shown_as, roles, lang, email, is_active, wants_mail, reads_first, made_at, reader_wanted_since"
TOKEN_BYTES = 32
"""256 random bits (ASVS 7.2.3 asks for 128)."""


class LinkKind(StrEnum):
    """What a link that opens once is for."""

    FIRST = "first"
    JOIN = "join"
    RESET = "reset"


@dataclass(frozen=True, slots=True)
class Link:
    """A link that opens once, as the file knows it. `account_id` is "" for the first key."""

    kind: LinkKind
    account_id: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event that is not in the audit log yet. `event_id` tells it from every other, so that it goes in once."""

    number: int
    event_id: str
    event: AuditEvent


def fold_login(login: str) -> str:
    """A login as it is compared: one form of each letter, no case, no spaces around it."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def _account(row: Row) -> Account:
    made_at = from_us(row[9])
    assert made_at is not None  # noqa: S101 -- the column is NOT NULL
    roles = frozenset(DeskRole(name) for name in str(row[3]).split(",") if name)
    return Account(
        row[0], row[1], row[2], roles, row[4], row[5], bool(row[6]), bool(row[7]), bool(row[8]), made_at, from_us(row[10])
    )  # fmt: skip


def list_accounts(hold: Hold) -> tuple[Account, ...]:
    """All of them, by login."""
    return tuple(_account(row) for row in hold.rows(f"SELECT {_COLUMNS} FROM accounts ORDER BY login"))  # noqa: S608 -- fixed


def find_account(hold: Hold, account_id: str) -> Account | None:
    """The account with that id."""
    row = hold.row(f"SELECT {_COLUMNS} FROM accounts WHERE id = ?", account_id)  # noqa: S608 -- fixed
    return _account(row) if row else None


def find_login(hold: Hold, login: str) -> Account | None:
    """The account with that login, whatever its case."""
    row = hold.row(f"SELECT {_COLUMNS} FROM accounts WHERE login = ?", fold_login(login))  # noqa: S608 -- fixed
    return _account(row) if row else None


def put_account(hold: Hold, account: Account) -> None:
    """Write an account, new or changed; its password, second factor and sessions stay as they are."""
    roles = ",".join(role.value for role in DeskRole if role in account.roles)
    values = (
        account.id, fold_login(account.login), account.shown_as, roles, account.lang, account.email, int(account.is_active),
        int(account.wants_mail), int(account.reads_first), to_us(account.made_at),
        None if account.reader_wanted_since is None else to_us(account.reader_wanted_since),
    )  # fmt: skip
    sets = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS.split(", ")[1:])
    hold.run(
        f"INSERT INTO accounts ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET {sets}",  # noqa: S608 -- fixed
        *values,
    )


def password_of(hold: Hold, account_id: str) -> str:
    """The password's hash; "" for an account that has none yet."""
    row = hold.row("SELECT coalesce(password, '') FROM accounts WHERE id = ?", account_id)
    return str(row[0]) if row else ""


def joined_accounts(hold: Hold) -> frozenset[str]:
    """The accounts that have a password, or somebody of a directory."""
    found = hold.rows(
        "SELECT id FROM accounts WHERE password IS NOT NULL UNION SELECT account_id FROM openid_people"
    )
    return frozenset(str(row[0]) for row in found)


def set_password(hold: Hold, account_id: str, password_hash: str) -> None:
    """Put the hash of a new password; "" takes the password away."""
    hold.run("UPDATE accounts SET password = nullif(?, '') WHERE id = ?", password_hash, account_id)


# --- links that open once -------------------------------------------------------------------------


def make_link(hold: Hold, kind: LinkKind, account_id: str, now: datetime, lasts: timedelta) -> str:
    """A new link; the ones of that kind made before for that account open nothing any more."""
    hold.run("DELETE FROM links WHERE (kind = ? AND account_id = ?) OR ends_at <= ?", kind.value, account_id, to_us(now))  # fmt: skip
    token = secrets.token_urlsafe(TOKEN_BYTES)
    hold.run(
        "INSERT INTO links VALUES (?, ?, ?, ?, ?)",
        hash_secret(token), kind.value, account_id, to_us(now), to_us(now + lasts),
    )  # fmt: skip
    return token


def read_link(hold: Hold, token_hash: str, now: datetime) -> Link | None:
    """What a link opens, while it does. A clock set back before it was made opens none."""
    row = hold.row(
        "SELECT kind, account_id, ends_at FROM links WHERE link_hash = ? AND made_at <= ? AND ends_at > ?",
        token_hash, to_us(now + timedelta(minutes=5)), to_us(now),
    )  # fmt: skip
    ends_at = from_us(row[2]) if row else None
    return Link(LinkKind(row[0]), row[1], ends_at) if row and ends_at else None


def use_link(hold: Hold, token_hash: str, now: datetime) -> Link | None:
    """The same, and it opens nothing any more."""
    link = read_link(hold, token_hash, now)
    if link and hold.run("DELETE FROM links WHERE link_hash = ?", token_hash):
        return link
    return None


def drop_links(hold: Hold, account_id: str) -> None:
    """No link of that account opens anything any more."""
    hold.run("DELETE FROM links WHERE account_id = ?", account_id)


# --- people of the school's own directory ---------------------------------------------------------


def link_person(hold: Hold, issuer: str, subject: str, account_id: str, now: datetime) -> bool:
    """Tie a person of a directory to an account. False: that person is tied to another one."""
    hold.run("INSERT INTO openid_people VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", issuer, subject, account_id, to_us(now))  # fmt: skip
    return find_person(hold, issuer, subject) == account_id


def find_person(hold: Hold, issuer: str, subject: str) -> str:
    """The account of a person of a directory; "" for none."""
    row = hold.row("SELECT account_id FROM openid_people WHERE issuer = ? AND subject = ?", issuer, subject)
    return str(row[0]) if row else ""


def has_person(hold: Hold, account_id: str) -> bool:
    """Is somebody of a directory this account?"""
    return hold.row("SELECT 1 FROM openid_people WHERE account_id = ?", account_id) is not None


def unlink_people(hold: Hold, account_id: str) -> None:
    """Nobody of a directory is this account any more."""
    hold.run("DELETE FROM openid_people WHERE account_id = ?", account_id)


# --- what waits for the audit log -----------------------------------------------------------------


def queue_audit(hold: Hold, event: AuditEvent) -> None:
    """Keep an event in the same transaction as what it tells of; the audit log gets it when the warehouse is free."""
    hold.run(
        "INSERT INTO outbox (event_id, happened_at, actor, role, verb, object_id, why) VALUES (?, ?, ?, ?, ?, ?, ?)",
        secrets.token_hex(8), to_us(event.at), event.actor, event.role.value, event.verb, event.object_id, event.reason,
    )  # fmt: skip


def waiting_audit(hold: Hold, most: int = 1000) -> tuple[Waiting, ...]:
    """The oldest events that wait, in order."""
    found = []
    for number, event_id, at, actor, role, verb, object_id, why in hold.rows(
        "SELECT number, event_id, happened_at, actor, role, verb, object_id, why FROM outbox ORDER BY number LIMIT ?",
        most,
    ):
        happened_at = from_us(at)
        assert happened_at is not None  # noqa: S101 -- the column is NOT NULL
        reason = f"{why} {event_id}".strip()
        found.append(
            Waiting(
                number,
                event_id,
                AuditEvent(happened_at, actor, _role(role), verb, "account", object_id, reason),
            )
        )
    return tuple(found)


def _role(value: str) -> Role | DeskRole:
    return Role(value) if value in tuple(Role) else DeskRole(value)


def drop_waiting(hold: Hold, up_to: int) -> None:
    """These are in the audit log now."""
    hold.run("DELETE FROM outbox WHERE number <= ?", up_to)

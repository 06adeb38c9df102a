"""Roles somebody gives, and a head's word on them: an administrator alone opens no safeguarding matter (ADR 0031).

A role that opens such matters waits when an administrator who is no head gives it, or makes a link for an account that has it:
whoever holds a link is that account. It counts once a head says so whose own account it is not. The command line on the
machine itself is the root of trust and waits for nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from desk.sign_in_port import Done, GivenRole, NotDone, WhyNot
from flows.accounts_told import tell
from mentionwatch.accounts import HEADS, OPENS_GRAVE, TOLD_WHEN_GIVEN, Account, DeskRole, Right, Viewer
from warehouse import accounts as rows
from warehouse.accounts_file import AccountStore, Hold
from warehouse.accounts_roles import RoleGiven, drop_given, list_given, put_given, waiting_roles
from warehouse.accounts_sessions import end_sessions

COMMAND_LINE = Viewer("command-line", "", frozenset({DeskRole.ADMIN}), "en")
"""Who acts where no account does: whoever may run commands on the machine that holds the home."""


def is_alone(hold: Hold, viewer: Viewer) -> bool:
    """Does this administrator need a head's word? Not a head, not the command line, and not before a head has joined."""
    return viewer != COMMAND_LINE and not viewer.roles & HEADS and bool(joined_heads(hold))


def joined_heads(hold: Hold) -> frozenset[str]:
    """The active accounts of heads whose person has come in."""
    joined = rows.joined_accounts(hold)
    return frozenset(
        each.id
        for each in rows.list_accounts(hold)
        if each.is_active and each.roles & HEADS and each.id in joined
    )


def is_last_head(hold: Hold, viewer: Viewer, account: Account) -> bool:
    """Would this administrator take away the last one whose word they need? Only a head or the command line may."""
    return is_alone(hold, viewer) and joined_heads(hold) == {account.id}


def give(hold: Hold, viewer: Viewer, account: Account, wanted: frozenset[DeskRole], now: datetime) -> Account:
    """The account with those of `wanted` that count now; the others are kept waiting. What is new is kept for the heads to see."""
    waits = (wanted - account.roles) & OPENS_GRAVE if is_alone(hold, viewer) else frozenset[DeskRole]()
    before = {each.role: each for each in list_given(hold, account.id)}
    for role in frozenset(before) - wanted:
        drop_given(hold, account.id, role)
    for role in (wanted - account.roles) & TOLD_WHEN_GIVEN:
        if role not in before or before[role].counts != (role not in waits):
            put_given(hold, RoleGiven(account.id, role, viewer.account_id, now, role not in waits))
    return replace(account, roles=wanted - waits)


def note_first(hold: Hold, account: Account, now: datetime) -> None:
    """What the first account gave itself, for the heads who come after to see."""
    for role in account.roles & TOLD_WHEN_GIVEN:
        put_given(hold, RoleGiven(account.id, role, COMMAND_LINE.account_id, now, counts=True))


def hold_back(hold: Hold, viewer: Viewer, account: Account, now: datetime) -> Account:
    """Before a link is made: whoever opens it is the account, so its grave roles wait again, or are shown to the heads."""
    is_counted = not is_alone(hold, viewer)
    for role in account.roles & OPENS_GRAVE:
        put_given(hold, RoleGiven(account.id, role, viewer.account_id, now, is_counted))
    return account if is_counted else replace(account, roles=account.roles - OPENS_GRAVE)


def given_to(hold: Hold, viewer: Viewer) -> tuple[GivenRole, ...]:
    """What this head has to say a word on, or to see; the chair sees what a head gave. Nobody is shown their own."""
    if not viewer.has(Right.ROLES):
        return ()
    accounts = {each.id: each for each in rows.list_accounts(hold)}
    joined = rows.joined_accounts(hold)
    return tuple(
        GivenRole(
            accounts[each.account_id], each.role, giver.shown_as if giver else "", each.given_at, each.counts,
            each.account_id in joined and accounts[each.account_id].is_active,
        )
        for each in list_given(hold)
        if each.account_id in accounts and _concerns(viewer, each, giver := accounts.get(each.given_by))
    )  # fmt: skip


class RoleWords:
    """The heads' part of `Gate`: what was given, and their word on it."""

    store: AccountStore
    on_audit: Callable[[], object]

    def waiting_roles(self, account_id: str) -> frozenset[DeskRole]:
        """The roles of an account that wait for a head's word."""
        with self.store.look() as hold:
            return waiting_roles(hold, account_id)

    def given_roles(self, viewer: Viewer) -> tuple[GivenRole, ...]:
        """As `given_to` says."""
        with self.store.look() as hold:
            return given_to(hold, viewer)

    def confirm_role(self, viewer: Viewer, account_id: str, role: DeskRole, now: datetime) -> Done | NotDone:
        """It counts from now on, or is seen where it counted already."""
        with self.store.change() as hold:
            found = self._given(hold, viewer, account_id, role)
            if isinstance(found, NotDone):
                return found
            given, account = found
            if not given.counts:
                if not viewer.roles & HEADS:
                    return NotDone(WhyNot.NOT_ALLOWED)
                if account.id not in rows.joined_accounts(hold) or not account.is_active:
                    return NotDone(WhyNot.NOT_JOINED)
                rows.put_account(hold, replace(account, roles=account.roles | {role}))
                end_sessions(hold, account.id)
            drop_given(hold, account.id, role)
            tell(hold, viewer, "role_seen" if given.counts else "role_confirmed", account.id, now, role.value)
        self.on_audit()
        return Done()

    def decline_role(self, viewer: Viewer, account_id: str, role: DeskRole, now: datetime) -> Done | NotDone:
        """The account has it no more, and is signed out."""
        with self.store.change() as hold:
            found = self._given(hold, viewer, account_id, role)
            if isinstance(found, NotDone):
                return found
            _, account = found
            others = {
                each.id
                for each in rows.list_accounts(hold)
                if each.is_active and DeskRole.ADMIN in each.roles
            }
            if role is DeskRole.ADMIN and others <= {account.id}:
                return NotDone(WhyNot.LAST_ADMIN)
            rows.put_account(hold, replace(account, roles=account.roles - {role}))
            end_sessions(hold, account.id)
            drop_given(hold, account.id, role)
            tell(hold, viewer, "role_declined", account.id, now, role.value)
        self.on_audit()
        return Done()

    def _given(
        self, hold: Hold, viewer: Viewer, account_id: str, role: DeskRole
    ) -> tuple[RoleGiven, Account] | NotDone:
        account = rows.find_account(hold, account_id)
        for each in list_given(hold, account_id):
            if (
                account
                and each.role is role
                and _concerns(viewer, each, rows.find_account(hold, each.given_by))
            ):
                return each, account
        return NotDone(WhyNot.NO_SUCH_ACCOUNT)


def _concerns(viewer: Viewer, given: RoleGiven, giver: Account | None) -> bool:
    """Is it for this person to see? Never what they gave or got themselves."""
    if viewer.account_id in (given.account_id, given.given_by):
        return False
    by_head = giver is not None and bool(giver.roles & HEADS)
    return bool(viewer.roles & HEADS) or (DeskRole.CHAIR in viewer.roles and by_head)

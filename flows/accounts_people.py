"""What an administrator does with accounts: list, invite, change roles, disable, reset. Every act is told to the audit log."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from desk.sign_in_port import Done, Invited, NotDone, Person, WhyNot
from flows.accounts_roles import COMMAND_LINE as COMMAND_LINE
from flows.accounts_roles import RoleWords, give, hold_back, is_last_head
from flows.accounts_told import tell
from mentionwatch.accounts import HEADS, Account, DeskRole, Right, Viewer
from warehouse import accounts as rows
from warehouse.accounts_factor import drop_factor
from warehouse.accounts_file import AccountStore, Hold
from warehouse.accounts_sessions import end_sessions
from warehouse.accounts_throttle import forget_tries

INVITATION_LASTS = timedelta(hours=72)
_MOST_LOGIN, _MOST_NAME, _MOST_EMAIL = 100, 100, 254
_LOGIN = re.compile(r"[^\s\x00-\x1f\x7f,;<>\"']{2,100}")
_EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f,;<>\"']{1,64}@[A-Za-z0-9.-]{1,253}")


def check_person(person: Person) -> WhyNot | None:
    """What is wrong with what was typed about a person, or None."""
    name = person.shown_as.strip()
    login = rows.fold_login(person.login)
    # Not printable: signs nobody sees, or that turn the text around; two logins would look the same.
    if not _LOGIN.fullmatch(login) or not login.isprintable() or len(person.login) > _MOST_LOGIN:
        return WhyNot.BAD_LOGIN
    if not 1 <= len(name) <= _MOST_NAME or not name.isprintable() or person.lang not in ("en", "cy"):
        return WhyNot.BAD_NAME
    email = person.email.strip()
    if email and (len(email) > _MOST_EMAIL or not email.isprintable() or not _EMAIL.fullmatch(email)):
        return WhyNot.BAD_EMAIL
    return None


class People(RoleWords):
    """The administrator's part of `Gate`. Whoever lacks the right gets `NOT_ALLOWED`, whatever the page thought."""

    store: AccountStore
    on_audit: Callable[[], object]

    def accounts(self, viewer: Viewer) -> tuple[Account, ...] | NotDone:
        """All accounts, by login."""
        if not viewer.has(Right.ACCOUNTS):
            return NotDone(WhyNot.NOT_ALLOWED)
        with self.store.look() as hold:
            return rows.list_accounts(hold)

    def joined(self) -> frozenset[str]:
        """The accounts whose person has come in once: by a password, or with the school's directory."""
        with self.store.look() as hold:
            return rows.joined_accounts(hold)

    def add(self, viewer: Viewer, person: Person, now: datetime) -> Invited | NotDone:
        """Make an account without a password, and the link with which its person chooses one within 72 hours (ASVS 6.4.1)."""
        why = check_person(person) or (None if person.roles else WhyNot.NO_ROLE)
        if not viewer.has(Right.ACCOUNTS):
            why = WhyNot.NOT_ALLOWED
        if why:
            return NotDone(why)
        with self.store.change() as hold:
            if rows.find_login(hold, person.login):
                return NotDone(WhyNot.LOGIN_TAKEN)
            account = Account(
                secrets.token_hex(8), rows.fold_login(person.login), person.shown_as.strip(), frozenset(),
                person.lang, person.email.strip(), True, False, False, now,
            )  # fmt: skip
            account = give(hold, viewer, account, person.roles, now)
            rows.put_account(hold, account)
            key = rows.make_link(hold, rows.LinkKind.JOIN, account.id, now, INVITATION_LASTS)
            tell(hold, viewer, "account_invited", account.id, now, _roles(account, person.roles))
        self.on_audit()
        return Invited(account, key, now + INVITATION_LASTS)

    def invite_again(self, viewer: Viewer, account_id: str, now: datetime) -> Invited | NotDone:
        """A new link for somebody who let theirs run out; the old one opens nothing. Who has signed in before needs `reset`,
        which takes away what they had: nobody comes into another's account unnoticed."""
        with self.store.change() as hold:
            account = self._subject(hold, viewer, account_id)
            if isinstance(account, NotDone):
                return account
            if (
                rows.password_of(hold, account.id)
                or rows.has_person(hold, account.id)
                or not account.is_active
            ):
                return NotDone(WhyNot.NEEDS_RESET)
            account = hold_back(hold, viewer, account, now)
            rows.put_account(hold, account)
            key = rows.make_link(hold, rows.LinkKind.JOIN, account.id, now, INVITATION_LASTS)
            tell(hold, viewer, "account_invited", account.id, now, _roles(account))
        self.on_audit()
        return Invited(account, key, now + INVITATION_LASTS)

    def change_roles(
        self, viewer: Viewer, account_id: str, roles: frozenset[DeskRole], now: datetime
    ) -> Done | NotDone:
        """Other roles, from the next page on: the person's sessions are over (ASVS 7.4.5). Nobody changes their own."""
        with self.store.change() as hold:
            account = self._another(hold, viewer, account_id)
            if isinstance(account, NotDone):
                return account
            if not roles:
                return NotDone(WhyNot.NO_ROLE)
            if DeskRole.ADMIN not in roles and self._is_last_admin(hold, account):
                return NotDone(WhyNot.LAST_ADMIN)
            if not roles & HEADS and is_last_head(hold, viewer, account):
                return NotDone(WhyNot.LAST_HEAD)
            changed = give(hold, viewer, account, roles, now)
            rows.put_account(hold, changed)
            end_sessions(hold, account.id)
            tell(
                hold,
                viewer,
                "roles_changed",
                account.id,
                now,
                f"from {_roles(account)} to {_roles(changed, roles)}",
            )
        self.on_audit()
        return Done()

    def change_person(
        self, viewer: Viewer, account_id: str, shown_as: str, email: str, lang: str, now: datetime
    ) -> Done | NotDone:
        """Another name, e-mail address or language: people marry, and addresses change. Sessions go on."""
        with self.store.change() as hold:
            account = self._subject(hold, viewer, account_id)
            if isinstance(account, NotDone):
                return account
            why = check_person(Person(account.login, shown_as, account.roles, lang, email))
            if why:
                return NotDone(why)
            rows.put_account(
                hold, replace(account, shown_as=shown_as.strip(), email=email.strip(), lang=lang)
            )
            tell(hold, viewer, "account_changed", account.id, now)
        self.on_audit()
        return Done()

    def disable(self, viewer: Viewer, account_id: str, now: datetime) -> Done | NotDone:
        """Nobody signs in with it any more, its sessions and links are over (ASVS 7.4.2). The account stays, for the log."""
        with self.store.change() as hold:
            account = self._another(hold, viewer, account_id)
            if isinstance(account, NotDone):
                return account
            if self._is_last_admin(hold, account):
                return NotDone(WhyNot.LAST_ADMIN)
            if is_last_head(hold, viewer, account):
                return NotDone(WhyNot.LAST_HEAD)
            rows.put_account(hold, replace(account, is_active=False))
            end_sessions(hold, account.id)
            rows.drop_links(hold, account.id)
            tell(hold, viewer, "account_disabled", account.id, now)
        self.on_audit()
        return Done()

    def reset(self, viewer: Viewer, account_id: str, now: datetime) -> Invited | NotDone:
        """Begin an account anew: password, second factor, directory link and sessions go, a new link is made; it is active again."""
        with self.store.change() as hold:
            account = self._another(hold, viewer, account_id)
            if isinstance(account, NotDone):
                return account
            if is_last_head(hold, viewer, account):
                return NotDone(WhyNot.LAST_HEAD)
            account = hold_back(hold, viewer, replace(account, is_active=True), now)
            rows.put_account(hold, account)
            rows.set_password(hold, account.id, "")
            drop_factor(hold, account.id)
            rows.unlink_people(hold, account.id)
            end_sessions(hold, account.id)
            forget_tries(hold, account.login, account.id)
            key = rows.make_link(hold, rows.LinkKind.JOIN, account.id, now, INVITATION_LASTS)
            tell(hold, viewer, "account_reset", account.id, now)
        self.on_audit()
        return Invited(account, key, now + INVITATION_LASTS)

    def end_all(self, viewer: Viewer, account_id: str, now: datetime) -> Done | NotDone:
        """Every session of that account is over, at once: one's own, or as administrator anybody's (ASVS 7.4.5, 7.5.2)."""
        with self.store.change() as hold:
            if viewer.account_id != account_id:
                account = self._subject(hold, viewer, account_id)
                if isinstance(account, NotDone):
                    return account
            end_sessions(hold, account_id)
            tell(hold, viewer, "sessions_ended", account_id, now)
        self.on_audit()
        return Done()

    def _subject(self, hold: Hold, viewer: Viewer, account_id: str) -> Account | NotDone:
        if not viewer.has(Right.ACCOUNTS):
            return NotDone(WhyNot.NOT_ALLOWED)
        return rows.find_account(hold, account_id) or NotDone(WhyNot.NO_SUCH_ACCOUNT)

    def _another(self, hold: Hold, viewer: Viewer, account_id: str) -> Account | NotDone:
        """Somebody else's account: this is done to nobody by themselves."""
        account = self._subject(hold, viewer, account_id)
        is_own = isinstance(account, Account) and account.id == viewer.account_id
        return NotDone(WhyNot.YOURSELF) if is_own else account

    def _is_last_admin(self, hold: Hold, account: Account) -> bool:
        admins = {
            each.id for each in rows.list_accounts(hold) if each.is_active and DeskRole.ADMIN in each.roles
        }
        return admins == {account.id}


def _roles(account: Account, wanted: frozenset[DeskRole] = frozenset()) -> str:
    """The roles that count, and those of `wanted` that wait."""
    counts = "+".join(role.value for role in DeskRole if role in account.roles)
    waits = "+".join(role.value for role in DeskRole if role in wanted - account.roles)
    return " ".join(part for part in (counts, f"waiting {waits}" if waits else "") if part)

"""Signing in: the first key, invitations, password with second factor, sessions, the token of a form (ASVS 6 and 7)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from desk.passwords import check_password, hash_password, is_outdated, judge_password
from desk.second_factor import find_step, fold_recovery_code, is_recovery_code
from desk.sign_in_port import Declined, NotDone, Person, Session, SignedIn, WhyDeclined, WhyNot
from flows.accounts_people import check_person
from flows.accounts_roles import note_first
from flows.accounts_told import tell
from mentionwatch.accounts import Account, DeskRole, Viewer
from warehouse import accounts as rows
from warehouse.accounts_factor import factor_of, use_recovery_code, use_step
from warehouse.accounts_file import AccountStore, Hold, hash_secret
from warehouse.accounts_sessions import (
    TOUCHED_EVERY,
    end_session,
    end_sessions,
    find_session,
    lock_session,
    start_session,
    touch_session,
)
from warehouse.accounts_throttle import charge, counters_of, forgive, tell_once, wait_left
from warehouse.sealing import SealBroken

FIRST_KEY_LASTS = timedelta(hours=24)
_MOST_TOKEN = 100
_CSRF = b"mentionwatch form"


def viewer_of_account(account: Account) -> Viewer:
    """The account as who asks for a page."""
    return Viewer(account.id, account.shown_as, account.roles, account.lang)


class Signing:
    """Who is at the door. Safe from any thread; every method is one transaction on the disk, or nothing.

    `school` is a tuple of words everybody knows (its names): no password is made of them. `needs_factor`: whoever signs in
    by password must have a second factor. `on_audit` is called after something was queued for the audit log.
    """

    def __init__(
        self,
        folder: Path,
        school: tuple[str, ...] = (),
        *,
        needs_factor: bool = True,
        on_audit: Callable[[], object] = lambda: None,
    ) -> None:
        self.store = AccountStore(folder)
        self.school = school
        self.needs_factor = needs_factor
        self.on_audit = on_audit

    # --- keys that open once ----------------------------------------------------------------------

    def first_key(self, now: datetime) -> str | None:
        """A key that makes the first account, to be printed once; None when there are accounts (ASVS 6.3.2: no default one).

        A key printed before opens nothing any more.
        """
        with self.store.change() as hold:
            if rows.list_accounts(hold):
                return None
            return rows.make_link(hold, rows.LinkKind.FIRST, "", now, FIRST_KEY_LASTS)

    def is_first_key(self, key: str, now: datetime) -> bool:
        """Does the key open, still? Changes nothing: for the page with the form."""
        with self.store.look() as hold:
            link = rows.read_link(hold, hash_secret(key), now)
            return link is not None and link.kind is rows.LinkKind.FIRST

    def open_first(self, key: str, person: Person, password: str, now: datetime) -> SignedIn | NotDone:
        """Make the first account, whose roles include administrator, and sign its person in. The key opens nothing afterwards."""
        # Before a password is hashed: that is much work, and anybody may knock.
        if not self.is_first_key(key, now):
            return NotDone(WhyNot.LINK_OVER)
        why = check_person(person) or self._judge(password, person.login, person.shown_as)
        if why:
            return NotDone(why)
        kept = hash_password(password)
        with self.store.change() as hold:
            link = rows.read_link(hold, hash_secret(key), now)
            if link is None or link.kind is not rows.LinkKind.FIRST or rows.list_accounts(hold):
                return NotDone(WhyNot.LINK_OVER)
            rows.use_link(hold, hash_secret(key), now)
            account = Account(
                secrets.token_hex(8), rows.fold_login(person.login), person.shown_as.strip(),
                person.roles | {DeskRole.ADMIN}, person.lang, person.email.strip(), True, False, False, now,
            )  # fmt: skip
            rows.put_account(hold, account)
            note_first(hold, account, now)
            rows.set_password(hold, account.id, kept)
            tell(hold, account, "account_made", account.id, now)
            signed_in = self._let_in(hold, account, now, is_strong=False)
        self.on_audit()
        return signed_in

    def invited(self, key: str, now: datetime) -> Account | None:
        """Whose invitation it is, while it opens: for the page with the form. Changes nothing."""
        with self.store.look() as hold:
            link = rows.read_link(hold, hash_secret(key), now)
            account = rows.find_account(hold, link.account_id) if link else None
            return account if account and account.is_active else None

    def accept(self, key: str, password: str, now: datetime) -> SignedIn | NotDone:
        """Choose the password of an account one was invited to, and be signed in. The link opens nothing afterwards."""
        account = self.invited(key, now)
        if account is None:
            return NotDone(WhyNot.LINK_OVER)
        why = self._judge(password, account.login, account.shown_as)
        if why:
            return NotDone(why)
        kept = hash_password(password)
        with self.store.change() as hold:
            link = rows.use_link(hold, hash_secret(key), now)
            current = rows.find_account(hold, link.account_id) if link else None
            if current is None or not current.is_active:
                return NotDone(WhyNot.LINK_OVER)
            rows.set_password(hold, current.id, kept)
            end_sessions(hold, current.id)
            tell(hold, current, "password_set", current.id, now)
            signed_in = self._let_in(hold, current, now, is_strong=False)
        self.on_audit()
        return signed_in

    # --- signing in and out -----------------------------------------------------------------------

    def sign_in(
        self, login: str, password: str, code: str, address: str, now: datetime
    ) -> SignedIn | Declined:
        """Let a person in, or not. `code`: of their app, or a recovery code; "" where they have no second factor yet.

        An unknown login, a wrong password and a wrong code take the same time and get the same answer.
        """
        answer = self._try(login, password, code, address, now)
        self.on_audit()
        return answer

    def _try(
        self, login: str, password: str, code: str, address: str, now: datetime, session: str = ""
    ) -> SignedIn | Declined:
        folded = rows.fold_login(login)
        with self.store.change() as hold:
            account = rows.find_login(hold, folded)
            counters = counters_of(hold, folded, account.id if account else "", address, now)
            if wait_left(hold, counters, now):
                if tell_once(hold, counters):
                    tell(hold, account, "refused", "", now, WhyDeclined.TOO_MANY)
                return Declined(WhyDeclined.TOO_MANY)
            charge(hold, counters, now)
            kept = rows.password_of(hold, account.id) if account else ""
        # Outside the transaction: a hash takes a twentieth of a second, and others sign in meanwhile.
        is_right = check_password(password, kept)
        renewed = hash_password(password) if is_right and is_outdated(kept) else ""
        with self.store.change() as hold:
            account = rows.find_account(hold, account.id) if account else None
            found = find_session(hold, session, now) if session else None
            why = self._why_not(hold, account, kept, is_right, code, now, is_unlocking=bool(session))
            if session and found is None:
                # It ended while the password was looked at: signed out elsewhere, or an administrator was there.
                why = why or WhyDeclined.WRONG
            if why or account is None:
                tell(hold, account, "refused", "", now, why or WhyDeclined.UNKNOWN)
                return Declined(why or WhyDeclined.UNKNOWN)
            forgive(hold, counters, account.id, address, now)
            if renewed:
                rows.set_password(hold, account.id, renewed)
            if found is None:
                is_strong = bool(factor_of(hold, account.id).secret)
                return self._let_in(hold, account, now, is_strong=is_strong)
            end_session(hold, session)
            # The password is typed again for a change of one's own account too, where nothing was hidden.
            verb = "unlocked" if found.is_locked else "password_given"
            return self._let_in(hold, account, now, is_strong=found.is_strong, verb=verb, since=found.made_at)

    def _why_not(
        self,
        hold: Hold,
        account: Account | None,
        kept: str,
        is_right: bool,
        code: str,
        now: datetime,
        *,
        is_unlocking: bool,
    ) -> WhyDeclined | None:
        if account is None:
            return WhyDeclined.UNKNOWN
        # The password may have been changed while it was looked at.
        if not is_right or rows.password_of(hold, account.id) != kept:
            return WhyDeclined.WRONG
        if not account.is_active:
            return WhyDeclined.DISABLED
        if not is_unlocking and not self._shows_factor(hold, account, code, now):
            return WhyDeclined.WRONG_CODE
        return None

    def _shows_factor(self, hold: Hold, account: Account, code: str, now: datetime) -> bool:
        try:
            factor = factor_of(hold, account.id)
        except SealBroken:
            return False
        if not factor.secret:
            return True
        if is_recovery_code(code):
            used = use_recovery_code(hold, account.id, fold_recovery_code(code))
            if used:
                tell(hold, account, "recovery_code_used", account.id, now)
            return used
        step = find_step(factor.secret, code, factor.last_step, now)
        return step is not None and use_step(hold, account.id, step)

    def _let_in(
        self,
        hold: Hold,
        account: Account,
        now: datetime,
        *,
        is_strong: bool,
        verb: str = "signed_in",
        since: datetime | None = None,
    ) -> SignedIn:
        token = start_session(hold, account.id, now, is_strong=is_strong, since=since)
        tell(hold, account, verb, account.id, now)
        return SignedIn(token, viewer_of_account(account))

    def sign_out(self, token: str, now: datetime) -> None:
        """The session is over, at once (ASVS 7.4.1). A token that is none changes nothing."""
        with self.store.change() as hold:
            session = find_session(hold, token[:_MOST_TOKEN], now)
            account = rows.find_account(hold, session.account_id) if session else None
            end_session(hold, token[:_MOST_TOKEN])
            if account:
                tell(hold, account, "signed_out", account.id, now)
        self.on_audit()

    # --- sessions ---------------------------------------------------------------------------------

    def session_of(self, token: str, now: datetime) -> Session | None:
        """The session of a token, unless it is over or its account disabled. Looking keeps it from going idle."""
        if not token or len(token) > _MOST_TOKEN:
            return None
        with self.store.look() as hold:
            row = find_session(hold, token, now)
            account = rows.find_account(hold, row.account_id) if row else None
        if row is None or account is None or not account.is_active:
            return None
        if now - row.seen_at >= TOUCHED_EVERY:
            with self.store.change() as hold:
                touch_session(hold, row, now)
        return Session(viewer_of_account(account), row.is_locked, self.needs_factor and not row.is_strong)

    def lock(self, token: str) -> None:
        """Quick hide: the session shows nothing until the password is typed again."""
        with self.store.change() as hold:
            lock_session(hold, token[:_MOST_TOKEN])

    def unlock(self, token: str, password: str, address: str, now: datetime) -> SignedIn | Declined:
        """The password again, counted and throttled as at sign-in; a new token replaces the old one (ASVS 7.2.4)."""
        session = self.session_of(token, now)
        if session is None:
            return Declined(WhyDeclined.WRONG)
        with self.store.look() as hold:
            account = rows.find_account(hold, session.viewer.account_id)
        if account is None:
            return Declined(WhyDeclined.WRONG)
        answer = self._try(account.login, password, "", address, now, session=token)
        self.on_audit()
        return answer

    # --- forms ------------------------------------------------------------------------------------

    def csrf_of(self, token: str) -> str:
        """What every form of this session carries (ASVS 3.5.1): it cannot be told without the token, and tells nothing of it.

        Empty where there is no session: no form is of one.
        """
        return hmac.digest(token.encode("utf-8", "replace"), _CSRF, hashlib.sha256).hex() if token else ""

    def _judge(self, password: str, *about: str) -> WhyNot | None:
        weak = judge_password(password, (*about, *self.school))
        return WhyNot(weak.value) if weak else None

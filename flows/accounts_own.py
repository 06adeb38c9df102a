"""What a person does with their own account: password, second factor, language, mail, reading first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from desk.passwords import hash_password
from desk.second_factor import (
    draw_address,
    find_step,
    fold_recovery_code,
    make_recovery_codes,
    make_secret,
    secret_address,
    typed_secret,
)
from desk.sign_in_port import (
    Declined,
    Done,
    NotDone,
    Offer,
    OpenSession,
    OwnAccount,
    Proved,
    SignedIn,
    WhyNot,
    Wishes,
)
from flows.accounts_signing import Signing
from flows.accounts_told import tell
from mentionwatch.accounts import Account
from warehouse import accounts as rows
from warehouse.accounts_factor import (
    drop_factor,
    factor_of,
    offer_factor,
    offered_factor,
    recovery_codes_left,
    take_factor,
)
from warehouse.accounts_file import Hold, hash_secret
from warehouse.accounts_sessions import end_sessions, find_session, sessions_of


class OwnAccounts(Signing):
    """The part of `Gate` for whoever is signed in. What guards the account asks for the password again (ASVS 7.5.1)."""

    def own_account(self, token: str, now: datetime) -> OwnAccount | None:
        """The account behind a session, for its own page; None when the session is over or locked."""
        session = self.session_of(token, now)
        if session is None or session.is_locked:
            return None
        with self.store.look() as hold:
            account = rows.find_account(hold, session.viewer.account_id)
            if account is None:
                return None
            return OwnAccount(
                account,
                bool(rows.password_of(hold, account.id)),
                bool(factor_of(hold, account.id).secret),
                recovery_codes_left(hold, account.id),
            )

    def own_sessions(self, token: str, now: datetime) -> tuple[OpenSession, ...]:
        """Where the person is signed in at this moment, the latest used first (ASVS 7.5.2); none for a session that is over."""
        own = self.own_account(token, now)
        if own is None:
            return ()
        this = hash_secret(token)
        with self.store.look() as hold:
            found = sessions_of(hold, own.account.id, now)
        return tuple(OpenSession(each.made_at, each.seen_at, each.token_hash == this) for each in found)

    def change_settings(self, token: str, wishes: Wishes, now: datetime) -> Done | NotDone:
        """Language, morning mail, whether they offer to read abusive words before somebody else has to, or want that of others."""
        own = self.own_account(token, now)
        if own is None:
            return NotDone(WhyNot.SIGNED_OUT)
        if wishes.lang not in ("en", "cy"):
            return NotDone(WhyNot.BAD_NAME)
        with self.store.change() as hold:
            current = rows.find_account(hold, own.account.id)
            if current is None:
                return NotDone(WhyNot.SIGNED_OUT)
            since = (current.reader_wanted_since or now) if wishes.wants_reader else None
            changed = replace(
                current, lang=wishes.lang, wants_mail=wishes.wants_mail, reads_first=wishes.reads_first,
                reader_wanted_since=since,
            )  # fmt: skip
            rows.put_account(hold, changed)
        return Done()

    def change_password(
        self, token: str, password: str, new: str, address: str, now: datetime
    ) -> SignedIn | NotDone:
        """A new password, for the old one (ASVS 6.2.2, 6.2.3). All sessions end; a new one replaces this one (7.4.3)."""
        own = self.own_account(token, now)
        if own is None:
            return NotDone(WhyNot.SIGNED_OUT)
        why = self._judge(new, own.account.login, own.account.shown_as)
        if why:
            return NotDone(why)
        kept = hash_password(new)

        def change(hold: Hold, account: Account) -> None:
            rows.set_password(hold, account.id, kept)
            tell(hold, account, "password_changed", account.id, now)

        return self._with_password(token, password, address, now, change)

    def offer_factor(
        self, token: str, password: str, address: str, now: datetime
    ) -> tuple[SignedIn, Offer] | NotDone:
        """Begin a second factor: a secret that counts once a code of it was typed. The old one counts until then."""
        offers: list[Offer] = []

        def change(hold: Hold, account: Account) -> None:
            secret = make_secret()
            offer_factor(hold, account.id, secret)
            picture = draw_address(
                secret_address(secret, account.login, self.school[0] if self.school else "")
            )
            offers.append(Offer(picture, typed_secret(secret)))

        answer = self._with_password(token, password, address, now, change)
        return answer if isinstance(answer, NotDone) else (answer, offers[0])

    def prove_factor(self, token: str, code: str, now: datetime) -> Proved | NotDone:
        """The first code of the offered second factor: it counts from now on, and ten recovery codes with it.

        All sessions of the account end; a new one replaces this one.
        """
        own = self.own_account(token, now)
        if own is None:
            return NotDone(WhyNot.SIGNED_OUT)
        codes = make_recovery_codes()
        with self.store.change() as hold:
            if find_session(hold, token, now) is None:
                return NotDone(WhyNot.SIGNED_OUT)
            secret = offered_factor(hold, own.account.id)
            step = find_step(secret, code, factor_of(hold, own.account.id).last_step, now) if secret else None
            if step is None:
                return NotDone(WhyNot.WRONG_CODE)
            take_factor(hold, own.account.id, step, [fold_recovery_code(each) for each in codes])
            end_sessions(hold, own.account.id)
            tell(hold, own.account, "factor_set", own.account.id, now)
            signed_in = self._let_in(hold, own.account, now, is_strong=True, verb="session_renewed")
        self.on_audit()
        return Proved(signed_in, codes)

    def drop_factor(self, token: str, password: str, address: str, now: datetime) -> SignedIn | NotDone:
        """Do without the second factor. Where the school wants one, only the page that sets one up is open afterwards."""

        def change(hold: Hold, account: Account) -> None:
            drop_factor(hold, account.id)
            tell(hold, account, "factor_dropped", account.id, now)

        return self._with_password(token, password, address, now, change, is_strong=False)

    def _with_password(
        self,
        token: str,
        password: str,
        address: str,
        now: datetime,
        change: Callable[[Hold, Account], None],
        *,
        is_strong: bool | None = None,
    ) -> SignedIn | NotDone:
        """The change in one transaction, after the password was typed again; all sessions end and a new one begins."""
        session = self.session_of(token, now)
        if session is None or session.is_locked:
            return NotDone(WhyNot.SIGNED_OUT)
        answer = self.unlock(token, password, address, now)
        if isinstance(answer, Declined):
            return NotDone(WhyNot.WRONG_PASSWORD)
        with self.store.change() as hold:
            account = rows.find_account(hold, answer.viewer.account_id)
            row = find_session(hold, answer.token, now)
            # Begun anew or disabled this very moment: what was open a moment ago changes nothing any more.
            if account is None or row is None:
                return NotDone(WhyNot.SIGNED_OUT)
            change(hold, account)
            strong = row.is_strong if is_strong is None else is_strong
            end_sessions(hold, account.id)
            signed_in = self._let_in(
                hold, account, now, is_strong=strong, verb="session_renewed", since=row.made_at
            )
        self.on_audit()
        return signed_in

"""Signing in with the school's own directory (OpenID Connect), as the gate does it: by invitation, never by e-mail address."""

from __future__ import annotations

import hmac
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from desk.openid import Client, Provider, finish_sign_in, read_provider, start_sign_in
from desk.sign_in_port import Away, Declined, SignedIn, WhyDeclined
from flows.accounts_signing import Signing
from flows.accounts_told import tell
from mentionwatch.accounts import Account
from mentionwatch.fetching import Fault, Fetch
from warehouse import accounts as rows
from warehouse.accounts_file import Hold, hash_secret
from warehouse.accounts_openid import keep_start, take_start
from warehouse.accounts_throttle import address_counters, charge, forgive, tell_once, wait_left
from warehouse.sealing import SealBroken

_KNOWN_FOR, _FAILED_FOR = timedelta(minutes=10), timedelta(seconds=30)
_MOST_WORDS = 2048


@dataclass(slots=True)
class _Answer:
    at: datetime
    found: Provider | Fault


class Directory:
    """The school's directory: what it is, asked at most once in ten minutes, after a failure once in thirty seconds."""

    def __init__(self, client: Client, fetch: Fetch) -> None:
        self.client, self.fetch = client, fetch
        self._answer: _Answer | None = None
        self._one_at_a_time = threading.Lock()

    def provider(self, now: datetime) -> Provider | Fault:
        """Its description, or why there is none."""
        with self._one_at_a_time:
            last = self._answer
            if last is not None:
                lasts = _FAILED_FOR if isinstance(last.found, Fault) else _KNOWN_FOR
                if timedelta() <= now - last.at < lasts:
                    return last.found
            found = read_provider(self.fetch, self.client.issuer)
            self._answer = _Answer(now, found)
            return found


class DirectorySigning(Signing):
    """The part of `Gate` for people of a directory."""

    directory: Directory | None = None

    @property
    def has_directory(self) -> bool:
        """May people come in with the school's directory?"""
        return self.directory is not None

    def begin_openid(self, key: str, lang: str, now: datetime) -> Away | Declined:
        """Send a browser to the directory. `key` is an invitation's, which ties its account to whoever comes back; else "".

        `Away.state` goes into a cookie of that browser (SameSite=Lax: it comes back from another site).
        """
        provider = self.directory.provider(now) if self.directory else None
        if self.directory is None or not isinstance(provider, Provider):
            return Declined(WhyDeclined.PROVIDER)
        start = start_sign_in(provider, self.directory.client, lang)
        link = hash_secret(key) if key else ""
        with self.store.change() as hold:
            keep_start(hold, start.state, start.nonce, start.verifier, link, now)
        return Away(start.address, start.state)

    def finish_openid(
        self, state: str, cookie: str, code: str, issuer: str, address: str, now: datetime
    ) -> SignedIn | Declined:
        """A browser came back. `state`, `code` and `issuer` ("" where the directory sends no `iss`) are from its address,
        `cookie` is what `begin_openid` gave this browser: another browser's sign-in is refused (RFC 6749, section 10.12)."""
        answer = self._finish(state, cookie, code, issuer, address, now)
        self.on_audit()
        return answer

    def _finish(
        self, state: str, cookie: str, code: str, issuer: str, address: str, now: datetime
    ) -> SignedIn | Declined:
        directory = self.directory
        if directory is None:
            return Declined(WhyDeclined.PROVIDER)
        with self.store.change() as hold:
            counters = address_counters(hold, address, now)
            if wait_left(hold, counters, now):
                if tell_once(hold, counters):
                    tell(hold, None, "refused", "", now, WhyDeclined.TOO_MANY)
                return Declined(WhyDeclined.TOO_MANY)
            charge(hold, counters, now)
            is_same = bool(state) and hmac.compare_digest(_bytes(state), _bytes(cookie))
            try:
                underway = take_start(hold, state, now) if is_same else None
            except SealBroken:
                underway = None
        provider = directory.provider(now)
        if underway is None or not isinstance(provider, Provider) or not 0 < len(code) <= _MOST_WORDS:
            return self._refuse(WhyDeclined.PROVIDER, now)
        if (issuer or provider.names_itself) and issuer != provider.issuer:
            return self._refuse(WhyDeclined.PROVIDER, now)
        found = finish_sign_in(
            directory.fetch, provider, directory.client, code, underway.verifier, underway.nonce, now
        )
        if isinstance(found, Fault):
            return self._refuse(WhyDeclined.PROVIDER, now)
        with self.store.change() as hold:
            account = self._account(hold, found.issuer, found.subject, underway.link_hash, now)
            if account is None or not account.is_active:
                why = WhyDeclined.DISABLED if account else WhyDeclined.NOT_INVITED
                tell(hold, account, "refused", "", now, why)
                return Declined(why)
            forgive(hold, counters, account.id, address, now)
            return self._let_in(hold, account, now, is_strong=True)

    def _account(
        self, hold: Hold, issuer: str, subject: str, link_hash: str, now: datetime
    ) -> Account | None:
        known = rows.find_person(hold, issuer, subject)
        if known or not link_hash:
            return rows.find_account(hold, known)
        link = rows.read_link(hold, link_hash, now)
        account = rows.find_account(hold, link.account_id) if link else None
        if (
            account is None
            or not account.is_active
            or not rows.link_person(hold, issuer, subject, account.id, now)
        ):
            return None
        rows.use_link(hold, link_hash, now)
        tell(hold, account, "directory_linked", account.id, now)
        return account

    def _refuse(self, why: WhyDeclined, now: datetime) -> Declined:
        with self.store.change() as hold:
            tell(hold, None, "refused", "", now, why)
        return Declined(why)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")

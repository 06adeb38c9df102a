"""What the pages ask of sign-in, as values and one protocol; `flows/accounts.py` answers (desk may not import flows).

Tokens, passwords and codes pass through here and are kept nowhere on this side. Every answer is a value: a page
never has to read an error's words to know what to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from mentionwatch.accounts import Account, DeskRole, Viewer


class Why(StrEnum):
    """Why sign-in, or a change of an account, was declined. What an attacker could learn from is one word: WRONG."""

    WRONG = "wrong"
    """Login, password or code do not belong together (which of them is never said)."""
    CODE_NEEDED = "code_needed"
    """The password is right; this account has a second factor and no code was given."""
    THROTTLED = "throttled"
    """Too many tries, by account or by address: not looked at."""
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    TOO_COMMON = "too_common"
    """Among the common passwords, or made of the school's or the person's own words (ASVS V6.2.4, V6.2.11)."""
    SAME = "same"
    """The new password is the old one."""
    LOGIN_TAKEN = "login_taken"
    BAD_LOGIN = "bad_login"
    NO_SUCH_KEY = "no_such_key"
    """The link was used already, is too old, or never existed."""
    LAST_ADMIN = "last_admin"
    """The change would leave nobody who may look after accounts."""
    NOT_ALLOWED = "not_allowed"
    """A directory decides that, or it would leave the account without a second factor that it must have."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session. `token` goes into the cookie and nowhere else; its hash is what is kept."""

    token: str
    viewer: Viewer


@dataclass(frozen=True, slots=True)
class Declined:
    """No, and why."""

    why: Why


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What a person says of themselves when an account is made: by the first-run link, or by an invitation."""

    login: str
    shown_as: str
    password: str
    lang: str


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A second factor offered but not yet in use: the text an app reads (otpauth://), and the secret to type."""

    address: str
    secret: str


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """The account of whoever looks, for their own page."""

    account: Account
    has_second_factor: bool
    is_of_directory: bool
    recovery_left: int
    last_at: datetime | None
    """The sign-in before this one, so that a person notices a stranger's."""
    others_open: int
    """Sessions of theirs that are open elsewhere."""


class SignIn(Protocol):
    """Sign-in as the pages know it. Times are aware UTC; `address` is the caller's network address, for the throttle."""

    def first_key(self) -> str | None:
        """The key of the first-run link, drawn anew; None as soon as any account exists."""
        ...

    def open_first(
        self, key: str, person: NewPerson, roles: frozenset[DeskRole], address: str, now: datetime
    ) -> SignedIn | Declined:
        """The first account, with the right key, once."""
        ...

    def is_first_key(self, key: str, now: datetime) -> bool:
        """May the first-run page be shown?"""
        ...

    def is_invitation(self, key: str, now: datetime) -> bool:
        """May the page of an invitation (or of a reset) be shown?"""
        ...

    def accept(self, key: str, person: NewPerson, address: str, now: datetime) -> SignedIn | Declined:
        """The account an invitation (or a reset) leads to, with its new password; the link ends with it."""
        ...

    def sign_in(
        self, login: str, password: str, code: str, address: str, now: datetime
    ) -> SignedIn | Declined:
        """A session for these. `code` is a one-time code or a recovery code; empty when none was given."""
        ...

    def viewer_of(self, token: str, now: datetime) -> Viewer | None:
        """Who looks, while the session lasts and is not locked (idle 30 minutes, absolute 12 hours)."""
        ...

    def is_locked(self, token: str, now: datetime) -> bool:
        """Is it a session that its person has hidden?"""
        ...

    def csrf_of(self, token: str) -> str:
        """The text every form of this session carries; nobody who has not the token can make it."""
        ...

    def sign_out(self, token: str) -> None:
        """End this session."""
        ...

    def end_all(self, account_id: str) -> None:
        """End every session of an account."""
        ...

    def lock(self, token: str) -> None:
        """Hide the pages until the password is given again."""
        ...

    def unlock(self, token: str, password: str, address: str, now: datetime) -> SignedIn | Declined:
        """The session again, under a new token."""
        ...

    def own(self, viewer: Viewer, token: str, now: datetime) -> OwnAccount:
        """What the person's own page shows."""
        ...

    def set_lang(self, account_id: str, lang: str) -> None:
        """en or cy, kept with the account."""
        ...

    def set_wishes(self, account_id: str, reads_first: bool, wants_mail: bool) -> None:
        """What the person offers and wants."""
        ...

    def change_password(
        self, token: str, old: str, new: str, address: str, now: datetime
    ) -> SignedIn | Declined:
        """A new password: every session of the account ends, and this one goes on under a new token."""
        ...

    def offer_second_factor(self, account_id: str, now: datetime) -> Enrolment:
        """A secret to be confirmed by a first code. Asking again before it is confirmed gives the same one."""
        ...

    def confirm_second_factor(
        self, token: str, password: str, code: str, address: str, now: datetime
    ) -> tuple[str, ...] | Declined:
        """In use from now on; the recovery codes, shown once."""
        ...

    def openid_start(self, now: datetime) -> tuple[str, str] | None:
        """Where to send the browser, and the text to keep in its cookie until it returns; None without a directory."""
        ...

    def openid_return(
        self, kept: str, query: Mapping[str, str], address: str, now: datetime
    ) -> SignedIn | Declined:
        """The browser came back from the directory with `query`; `kept` is what its cookie held."""
        ...

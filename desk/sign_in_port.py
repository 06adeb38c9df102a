"""What the pages ask of sign-in, as values and one protocol; `flows/accounts.py` answers (desk may not import flows).

Values, never exceptions, and none of them says more to a stranger than to the person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from desk.people_port import PeoplePort
from mentionwatch.accounts import Account, DeskRole, Viewer


class WhyDeclined(StrEnum):
    """Why a sign-in was refused: for the audit log. The page says one and the same for all of them (ASVS 6.3.8)."""

    WRONG = "wrong"
    WRONG_CODE = "wrong_code"
    UNKNOWN = "unknown"
    DISABLED = "disabled"
    TOO_MANY = "too_many"
    PROVIDER = "provider"
    NOT_INVITED = "not_invited"


class WhyNot(StrEnum):
    """Why a change was not made: said to the signed-in person, field by field."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    COMMON = "common"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105 -- a reason, no secret
    WRONG_CODE = "wrong_code"
    LINK_OVER = "link_over"
    LOGIN_TAKEN = "login_taken"
    BAD_LOGIN = "bad_login"
    BAD_NAME = "bad_name"
    BAD_EMAIL = "bad_email"
    NO_ROLE = "no_role"
    NO_SUCH_ACCOUNT = "no_such_account"
    NOT_ALLOWED = "not_allowed"
    YOURSELF = "yourself"
    LAST_ADMIN = "last_admin"
    LAST_HEAD = "last_head"
    NOT_JOINED = "not_joined"
    NEEDS_RESET = "needs_reset"
    SIGNED_OUT = "signed_out"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session. `token` goes into the cookie and nowhere else."""

    token: str
    viewer: Viewer


@dataclass(frozen=True, slots=True)
class Declined:
    """Nobody was let in."""

    why: WhyDeclined


@dataclass(frozen=True, slots=True)
class NotDone:
    """Nothing was changed."""

    why: WhyNot


@dataclass(frozen=True, slots=True)
class Done:
    """The change is made, and on the disk."""


@dataclass(frozen=True, slots=True)
class Away:
    """Where the browser goes to sign in with the school's directory, and the state it must bring back in its cookie."""

    address: str
    state: str


@dataclass(frozen=True, slots=True)
class Session:
    """A session that is not over, as the guard of the pages needs it.

    `viewer` is who it is; they may see pages only when `is_open`. `is_locked`: hidden, until the password is typed again.
    `needs_factor`: only the page that sets up the second factor is open to them.
    """

    viewer: Viewer
    is_locked: bool
    needs_factor: bool

    @property
    def is_open(self) -> bool:
        return not (self.is_locked or self.needs_factor)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is to have an account, as an administrator typed it."""

    login: str
    shown_as: str
    roles: frozenset[DeskRole]
    lang: str = "en"
    email: str = ""


@dataclass(frozen=True, slots=True)
class Invited:
    """An account and the link that opens it once. `key` is the link's secret part: shown once, to whoever made it."""

    account: Account
    key: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class GivenRole:
    """A role somebody was given. `counts`: it opens pages already, and wants only to be seen; else it waits for a head's word.

    `giver`: the shown name of whoever gave it; empty for the command line. `has_joined`: its person has come in.
    """

    account: Account
    role: DeskRole
    giver: str
    given_at: datetime
    counts: bool
    has_joined: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """A second factor to set up: its picture (inline SVG), the same to type, both shown to its person only."""

    picture: str
    typed: str


@dataclass(frozen=True, slots=True)
class Proved:
    """The second factor counts from now on. `codes`: ten for the day it is lost, shown once. A new session replaces the old."""

    signed_in: SignedIn
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One place where a person is signed in. `is_this`: the one they look from."""

    made_at: datetime
    seen_at: datetime
    is_this: bool


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """A person's own account as they see it."""

    account: Account
    has_password: bool
    has_factor: bool
    codes_left: int


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person chooses on their own page. `wants_reader`: somebody is asked to read abusive words before they do."""

    lang: str
    wants_mail: bool
    reads_first: bool
    wants_reader: bool


class SignIn(PeoplePort, Protocol):
    """Sign-in as the pages know it. Times are aware UTC; `address` is the browser's network address, for the throttle."""

    def is_first_key(self, key: str, now: datetime) -> bool:
        """May the page of the first account be shown?"""
        ...

    def open_first(self, key: str, person: Person, password: str, now: datetime) -> SignedIn | NotDone:
        """The first account, with the right key, once."""
        ...

    def invited(self, key: str, now: datetime) -> Account | None:
        """Whose invitation (or reset) it is, while it opens."""
        ...

    def accept(self, key: str, password: str, now: datetime) -> SignedIn | NotDone:
        """Choose the password of an account one was invited to."""
        ...

    def sign_in(
        self, login: str, password: str, code: str, address: str, now: datetime
    ) -> SignedIn | Declined:
        """A session for these. `code`: of their app, or a recovery code; empty when none was given."""
        ...

    def sign_out(self, token: str, now: datetime) -> None:
        """End this session."""
        ...

    def session_of(self, token: str, now: datetime) -> Session | None:
        """The session, while it lasts (idle 30 minutes, absolute 12 hours); also a hidden one."""
        ...

    def note_refused(self, viewer: Viewer, where: str, now: datetime, *, is_form: bool) -> None:
        """Tell the audit log of a page or form that was refused to somebody signed in; each at most once an hour.

        `where`: method and path pattern of our own table. Never raises: a refusal stays one whatever happens to the log.
        """
        ...

    def lock(self, token: str) -> None:
        """Quick hide: nothing is shown until the password is typed again."""
        ...

    def unlock(self, token: str, password: str, address: str, now: datetime) -> SignedIn | Declined:
        """The session again, under a new token."""
        ...

    def csrf_of(self, token: str) -> str:
        """The text every form of this session carries; nobody who has not the token can make it."""
        ...

    def own_account(self, token: str, now: datetime) -> OwnAccount | None:
        """The account behind a session, for its own page."""
        ...

    def own_sessions(self, token: str, now: datetime) -> tuple[OpenSession, ...]:
        """Where the person of a session is signed in, the latest used first; none for a session that is over."""
        ...

    def change_settings(self, token: str, wishes: Wishes, now: datetime) -> Done | NotDone:
        """Language, morning mail, and who reads abusive words first."""
        ...

    def change_password(
        self, token: str, password: str, new: str, address: str, now: datetime
    ) -> SignedIn | NotDone:
        """A new password, for the old one: every session ends, and this one goes on under a new token."""
        ...

    def offer_factor(
        self, token: str, password: str, address: str, now: datetime
    ) -> tuple[SignedIn, Offer] | NotDone:
        """Begin a second factor: it counts once a code of it was typed."""
        ...

    def prove_factor(self, token: str, code: str, now: datetime) -> Proved | NotDone:
        """The first code of the offered second factor; the recovery codes, shown once."""
        ...

    def end_all(self, viewer: Viewer, account_id: str, now: datetime) -> Done | NotDone:
        """Every session of that account is over."""
        ...

    @property
    def has_directory(self) -> bool:
        """May people come in with the school's directory (OpenID Connect)?"""
        ...

    def begin_openid(self, key: str, lang: str, now: datetime) -> Away | Declined:
        """Send a browser to the directory; `key` is an invitation's, or empty."""
        ...

    def finish_openid(
        self, state: str, cookie: str, code: str, issuer: str, address: str, now: datetime
    ) -> SignedIn | Declined:
        """A browser came back; `cookie` is the state this browser was given."""
        ...

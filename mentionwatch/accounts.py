"""People of the desk: their roles, what a role may open at all, and who looks at this moment.

A right opens a kind of page. Which incidents and mentions such a page then shows is decided for each of them (L31):
nobody sees what a post says about themselves, nor what they need not know.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mentionwatch.labels import Role


class DeskRole(StrEnum):
    """What a person is at the desk. The first seven act in the protocol; the others decide nothing there."""

    HEAD = "head"
    CO_HEAD = "co_head"
    DEPUTY = "deputy"
    SLT = "slt"
    CHAIR = "chair"
    DSL = "dsl"
    OFFICE = "office"
    REVIEWER = "reviewer"
    ANALYST = "analyst"
    ADMIN = "admin"


class Right(StrEnum):
    """A kind of thing a page shows or does."""

    DIGEST = "digest"
    INCIDENTS = "incidents"
    MENTIONS = "mentions"
    GOOD_NEWS = "good_news"
    OPEN_WORDS = "open_words"
    TAKE_STEPS = "take_steps"
    CORRECT = "correct"
    EVIDENCE = "evidence"
    REPORT = "report"
    SOURCES = "sources"
    FIGURES = "figures"
    ACCOUNTS = "accounts"
    AUDIT = "audit"
    ROLES = "roles"
    OWN_ACCOUNT = "own_account"


HEADS = frozenset({DeskRole.HEAD, DeskRole.CO_HEAD})
OPENS_GRAVE = HEADS | {DeskRole.DEPUTY, DeskRole.CHAIR, DeskRole.DSL}
"""Roles that open safeguarding and police matters: an administrator alone gives none of them (ADR 0031)."""

TOLD_WHEN_GIVEN = frozenset(DeskRole) - {DeskRole.ANALYST}
"""Roles of which the heads are told when somebody gets one."""

PROTOCOL_ROLES: Mapping[DeskRole, Role] = {
    DeskRole.HEAD: Role.HEAD,
    DeskRole.CO_HEAD: Role.CO_HEAD,
    DeskRole.DEPUTY: Role.DEPUTY,
    DeskRole.SLT: Role.SLT,
    DeskRole.CHAIR: Role.CHAIR,
    DeskRole.DSL: Role.DSL,
    DeskRole.OFFICE: Role.OPERATOR,
}
"""In which role of the protocol a person of the desk takes steps; the others take none."""

_DECIDES = frozenset(Right) - {Right.ACCOUNTS, Right.AUDIT, Right.ROLES}
_OWN = frozenset({Right.OWN_ACCOUNT})
RIGHTS: Mapping[DeskRole, frozenset[Right]] = {
    DeskRole.HEAD: _DECIDES | {Right.AUDIT, Right.ROLES},
    DeskRole.CO_HEAD: _DECIDES | {Right.AUDIT, Right.ROLES},
    DeskRole.DEPUTY: _DECIDES,
    DeskRole.SLT: _DECIDES,
    DeskRole.DSL: _DECIDES,
    DeskRole.CHAIR: _OWN
    | {
        Right.DIGEST,
        Right.INCIDENTS,
        Right.OPEN_WORDS,
        Right.TAKE_STEPS,
        Right.EVIDENCE,
        Right.FIGURES,
        Right.ROLES,
    },
    DeskRole.OFFICE: _OWN
    | {
        Right.DIGEST,
        Right.INCIDENTS,
        Right.MENTIONS,
        Right.GOOD_NEWS,
        Right.OPEN_WORDS,
        Right.TAKE_STEPS,
        Right.REPORT,
        Right.SOURCES,
    },
    DeskRole.REVIEWER: _OWN
    | {Right.MENTIONS, Right.GOOD_NEWS, Right.OPEN_WORDS, Right.CORRECT, Right.REPORT, Right.SOURCES},
    DeskRole.ANALYST: _OWN | {Right.FIGURES, Right.SOURCES},
    DeskRole.ADMIN: _OWN | {Right.ACCOUNTS, Right.AUDIT, Right.SOURCES},
}


@dataclass(frozen=True, slots=True)
class Account:
    """One person who may sign in. `id` is drawn at random and is what logs say; `login` and `email` appear in none.

    `lang` is en or cy. `wants_mail`: the morning e-mail goes to `email`. `reads_first`: offers to read abusive words
    before somebody else has to (wellbeing). `reader_wanted_since`: since when they want somebody to read such words
    before they do; None: they do not.
    """

    id: str
    login: str
    shown_as: str
    roles: frozenset[DeskRole]
    lang: str
    email: str
    is_active: bool
    wants_mail: bool
    reads_first: bool
    made_at: datetime
    reader_wanted_since: datetime | None = None

    @property
    def viewer(self) -> Viewer:
        """This person, looking."""
        return Viewer(self.id, self.shown_as, self.roles, self.lang)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks for a page, once the session is known. `account_id` is what the audit log says."""

    account_id: str
    shown_as: str
    roles: frozenset[DeskRole]
    lang: str

    @property
    def protocol_roles(self) -> tuple[Role, ...]:
        """The roles of the protocol this person may act in, in the order of `DeskRole`."""
        return tuple(role for desk_role, role in PROTOCOL_ROLES.items() if desk_role in self.roles)

    @property
    def logged_as(self) -> Role | DeskRole:
        """The role the audit log says: the first they take steps in, else what they are at the desk, else the software,
        which turned somebody unknown away (ASVS 16.2.1)."""
        at_desk = next((role for role in DeskRole if role in self.roles), Role.PIPELINE)
        return next(iter(self.protocol_roles), at_desk)

    def has(self, right: Right) -> bool:
        """Does any of their roles open that kind of page? Their own account is everybody's, also of who waits for a role."""
        return right is Right.OWN_ACCOUNT or any(right in RIGHTS[role] for role in self.roles)

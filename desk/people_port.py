"""What the page of accounts asks of the gate, as one protocol; `flows/accounts_people.py` answers."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from mentionwatch.accounts import Account, DeskRole, Viewer

if TYPE_CHECKING:
    from desk.sign_in_port import Done, GivenRole, Invited, NotDone, Person


class PeoplePort(Protocol):
    """Everybody's accounts, for an administrator. Whoever lacks the right gets NOT_ALLOWED; every act is audited."""

    def accounts(self, viewer: Viewer) -> tuple[Account, ...] | NotDone:
        """All accounts, by login."""
        ...

    def joined(self) -> frozenset[str]:
        """The ids of those whose person has come in once."""
        ...

    def waiting_roles(self, account_id: str) -> frozenset[DeskRole]:
        """The roles of an account that wait for a head's word."""
        ...

    def given_roles(self, viewer: Viewer) -> tuple[GivenRole, ...]:
        """What a head has to say a word on, or to see; the chair what a head gave."""
        ...

    def confirm_role(self, viewer: Viewer, account_id: str, role: DeskRole, now: datetime) -> Done | NotDone:
        """It counts, or is seen."""
        ...

    def decline_role(self, viewer: Viewer, account_id: str, role: DeskRole, now: datetime) -> Done | NotDone:
        """It is taken away."""
        ...

    def add(self, viewer: Viewer, person: Person, now: datetime) -> Invited | NotDone:
        """A new account and the link that opens it once."""
        ...

    def invite_again(self, viewer: Viewer, account_id: str, now: datetime) -> Invited | NotDone:
        """A new link for somebody who has not come in yet."""
        ...

    def change_roles(
        self, viewer: Viewer, account_id: str, roles: frozenset[DeskRole], now: datetime
    ) -> Done | NotDone:
        """Other roles; the person's sessions end."""
        ...

    def change_person(
        self, viewer: Viewer, account_id: str, shown_as: str, email: str, lang: str, now: datetime
    ) -> Done | NotDone:
        """Another name, address or language."""
        ...

    def disable(self, viewer: Viewer, account_id: str, now: datetime) -> Done | NotDone:
        """Nobody signs in with it any more."""
        ...

    def reset(self, viewer: Viewer, account_id: str, now: datetime) -> Invited | NotDone:
        """Password, second factor and sessions go; a new link; the account is active again."""
        ...

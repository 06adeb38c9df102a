"""Who gets e-mail: the people of the desk who want it; for a school without accounts the addresses of `smtp.to`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flows.home import Home
from flows.mailing import ADDRESS, read_shared_addresses
from flows.outbox import Outbox
from mentionwatch.accounts import Account, DeskRole, Right, Viewer
from mentionwatch.labels import Role
from mentionwatch.mornings import Mornings
from mentionwatch.settings import Environment
from warehouse.accounts import list_accounts
from warehouse.accounts_file import AccountStore


@dataclass(frozen=True, slots=True)
class Recipient:
    """One address. `viewer` None: an address of `smtp.to`, of which nobody knows whose it is."""

    id: str
    address: str
    lang: str
    viewer: Viewer | None = None

    @property
    def roles(self) -> frozenset[DeskRole]:
        """Of an address without an account: none."""
        return self.viewer.roles if self.viewer else frozenset()


def read_accounts(home: Home) -> tuple[Account, ...]:
    """The people of the desk; none, and no file made, for a school that has no accounts."""
    store = AccountStore(home.folder)
    if not store.path.exists():
        return ()
    with store.look() as hold:
        return list_accounts(hold)


def _of_account(account: Account) -> Recipient:
    return Recipient(account.id, account.email, account.lang, account.viewer)


def _can_get_mail(account: Account) -> bool:
    return account.is_active and bool(ADDRESS.fullmatch(account.email))


def morning_readers(
    accounts: Iterable[Account], home: Home, environment: Environment, box: Outbox, lang: str
) -> tuple[Recipient, ...]:
    """Everybody who gets the morning e-mail, each in their own language; `lang` where nobody knows whose address it is.

    Raises `ConfigError` for a wrong `smtp.to`, which only a school without accounts needs.
    """
    people = tuple(accounts)
    if not people:
        shared = dict.fromkeys(read_shared_addresses(home, environment))
        return tuple(Recipient(box.recipient_of(address), address, lang) for address in shared)
    found = (_of_account(each) for each in people if each.wants_mail and _can_get_mail(each))
    return tuple(each for each in found if each.viewer is not None and each.viewer.has(Right.DIGEST))


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Who does not get the morning e-mail, of the `readers`: the active people who may read digests. Each counts once."""

    readers: int
    no_address: int
    not_asked: int

    def say(self) -> tuple[str, ...]:
        """What is missing and who mends it, a line each; numbers only."""
        if not self.readers:
            return (
                "No active account may read digests: an administrator gives the roles, on the desk under Accounts.",
            )
        lines = []
        if self.no_address:
            lines.append(
                f"{_people(self.no_address)} no e-mail address: an administrator writes it, on the desk under Accounts."
            )
        if self.not_asked:
            lines.append(
                f"{_people(self.not_asked)} not asked for the morning e-mail: each does so for themselves, on the desk under "
                'Your account, with "Send me the morning e-mail".'
            )
        return tuple(lines)


def _people(number: int) -> str:
    return "1 person has" if number == 1 else f"{number} people have"


def left_out(accounts: Iterable[Account]) -> LeftOut:
    """Why some of these accounts get no morning e-mail. Shared addresses (`smtp.to`) are no matter of it."""
    readers = [each for each in accounts if each.is_active and each.viewer.has(Right.DIGEST)]
    nowhere = sum(not ADDRESS.fullmatch(each.email) for each in readers)
    asked_not = sum(bool(ADDRESS.fullmatch(each.email)) and not each.wants_mail for each in readers)
    return LeftOut(len(readers), nowhere, asked_not)


def stand_ins(accounts: Iterable[Account], decider: Role) -> Iterator[tuple[Recipient, ...]]:
    """Who is told where no duty contact may know (L31), group after group: whoever decides, the safeguarding lead, all who take steps."""
    able = [each for each in accounts if _can_get_mail(each) and each.viewer.has(Right.TAKE_STEPS)]
    for role in (decider, Role.DSL):
        yield tuple(_of_account(each) for each in able if role in each.viewer.protocol_roles)
    yield tuple(map(_of_account, able))


def duty_contacts(accounts: Iterable[Account], mornings: Mornings) -> tuple[Recipient, ...]:
    """Who is told at any hour that something cannot wait: whoever has the role, also if they want no morning e-mail."""
    if mornings.duty is None:
        return ()
    return tuple(
        _of_account(each) for each in accounts if mornings.duty in each.roles and _can_get_mail(each)
    )

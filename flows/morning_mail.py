"""The morning e-mail and the word to the duty contact: who, when, and with which digest. Prefect and the command line
call it; the outbox sees to it that nobody gets one twice."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from desk.digest import Digest, cannot_wait
from desk.words import LONDON
from flows.accounts_roles import given_to
from flows.digest import read_digest
from flows.first_reading import find_asked
from flows.home import Home, calendar_of, read_school
from flows.mailing import read_door, wants_mail
from flows.need_to_know import read_sight
from flows.open_matters import list_open
from flows.outbox import Outbox
from flows.outbox_sending import Sending, is_all_dealt_with, raise_if_waiting, send_alert, send_morning
from flows.recipients import Recipient, duty_contacts, morning_readers, read_accounts, stand_ins
from mentionwatch.accounts import Account, DeskRole
from mentionwatch.errors import MentionwatchError
from mentionwatch.mornings import OPENS, held_days, is_sending_time
from mentionwatch.policy import PolicyPack
from mentionwatch.school import SchoolFile
from mentionwatch.settings import Environment, read_environment
from warehouse.accounts_file import AccountStore
from warehouse.connection import Warehouse
from warehouse.need_to_know import seen_incidents
from warehouse.session import Reading

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Mailroom:
    """What every e-mail of one home needs, read once. `clock` gives aware times."""

    home: Home
    school: SchoolFile
    pack: PolicyPack
    environment: Environment
    accounts: tuple[Account, ...]
    clock: Clock

    def today(self) -> date:
        """The day in London."""
        return self.clock().astimezone(LONDON).date()


def _reader(room: Mailroom, day: date) -> Callable[[Recipient], Digest]:
    """The digest as each may know it; built once for all who may know the same."""
    built: dict[frozenset[DeskRole], Digest] = {}

    def read(to: Recipient) -> Digest:
        if to.roles not in built:
            built[to.roles] = read_digest(room.home, room.school, room.pack, day, to.lang, to.viewer)
        return built[to.roles]

    return read


def _held(room: Mailroom, day: date) -> Callable[[Recipient], int]:
    mornings = room.school.mornings
    days = held_days(calendar_of(room.school, room.pack, room.clock()), day)
    return lambda to: 0 if mornings.goes_to(to.roles, False) else days


def _given(room: Mailroom) -> Callable[[Recipient], int]:
    """How many given roles this head has not looked at (ADR 0031): as many as their start page says."""

    def count(to: Recipient) -> int:
        if to.viewer is None:
            return 0
        with AccountStore(room.home.folder).look() as hold:
            return len(given_to(hold, to.viewer))

    return count


def _to_read(room: Mailroom) -> Callable[[Recipient], int]:
    """How many posts colleagues ask this person to read first: as many as their start page says."""

    def count(to: Recipient) -> int:
        if to.viewer is None:
            return 0
        with Warehouse(room.home.folder).live_reader() as reading:
            return len(find_asked(room.home, reading, room.school, room.pack, to.viewer))

    return count


def send_by_hand(room: Mailroom, day: date, lang: str = "", *, again: bool = False) -> Sending:
    """A person sends the e-mail of a day now, whatever the hour. Who has it already gets no second one.

    `lang`: for addresses without an account, else the digest's language.

    Raises `ConfigError` for a wrong setting, `Retriable` when the server could not be spoken to.
    """
    door = read_door(room.home, room.environment)
    with Outbox(room.home.folder) as box:
        readers = morning_readers(
            room.accounts, room.home, room.environment, box, lang or room.school.digest_lang
        )
        sending = send_morning(
            room.home, door, box, readers, day, _reader(room, day), room.clock, room.school.desk_url,
            given=_given(room), to_read=_to_read(room), again=again,
        )  # fmt: skip
    raise_if_waiting(sending, door)
    return sending


def send_on_time(room: Mailroom) -> Sending | None:
    """Today's e-mail, if it is time for it and somebody has not had it; None when there is nothing to do.

    Raises as `send_by_hand`.
    """
    now = room.clock()
    local = now.astimezone(LONDON)
    if not wants_mail(room.home, room.environment) or not is_sending_time(local.replace(tzinfo=None)):
        return None
    day = local.date()
    is_school_day = calendar_of(room.school, room.pack, now).is_school_day(day)
    door = read_door(room.home, room.environment)
    with Outbox(room.home.folder) as box:
        readers = _readers_on(room, box, is_school_day)
        if is_all_dealt_with(box, readers, day, now):
            return None
        sending = send_morning(
            room.home, door, box, readers, day, _reader(room, day), room.clock, room.school.desk_url, _held(room, day),
            _given(room), _to_read(room),
        )  # fmt: skip
    raise_if_waiting(sending, door)
    return sending


def is_morning_over(room: Mailroom, page: Path) -> bool:
    """Was today's page written since seven, and today's e-mail dealt with? Then a later run has nothing to do."""
    now = room.clock()
    opened_at = datetime.combine(room.today(), OPENS, LONDON)
    if not page.exists() or datetime.fromtimestamp(page.stat().st_mtime, UTC) < opened_at:
        return False
    if not wants_mail(room.home, room.environment):
        return True
    is_school_day = calendar_of(room.school, room.pack, now).is_school_day(room.today())
    with Outbox(room.home.folder) as box:
        return is_all_dealt_with(box, _readers_on(room, box, is_school_day), room.today(), now)


def _readers_on(room: Mailroom, box: Outbox, is_school_day: bool) -> tuple[Recipient, ...]:
    everybody = morning_readers(room.accounts, room.home, room.environment, box, room.school.digest_lang)
    return tuple(each for each in everybody if room.school.mornings.goes_to(each.roles, is_school_day))


def _urgent_for(room: Mailroom, reading: Reading, to: Recipient) -> frozenset[str]:
    """What cannot wait and this person may know of: an e-mail at night is news of its own (L31)."""
    if to.viewer is None:
        return frozenset()
    sight = read_sight(reading, to.viewer, room.school, room.pack)
    rows = list_open(reading, seen=seen_incidents(sight))
    return frozenset(row.id for row in rows if cannot_wait(row.state, row.route, row.kind))


def _who_is_told(room: Mailroom, reading: Reading) -> tuple[tuple[Recipient, frozenset[str]], ...]:
    """The duty contacts; for what none of them may know of, or where the role stands empty, whoever decides it.

    Where those are not there, or may not know of it either: the safeguarding lead, and last anybody who takes steps.
    """
    told = {
        each: _urgent_for(room, reading, each) for each in duty_contacts(room.accounts, room.school.mornings)
    }
    urgent = [row for row in list_open(reading) if cannot_wait(row.state, row.route, row.kind)]
    known = frozenset[str]().union(*told.values())
    for row in urgent:
        if row.id in known:
            continue
        for group in stand_ins(room.accounts, row.decider):
            if knowing := [each for each in group if row.id in _urgent_for(room, reading, each)]:
                told |= {each: told.get(each, frozenset()) | {row.id} for each in knowing}
                break
    return tuple((to, ids) for to, ids in told.items() if ids)


def alert_duty(room: Mailroom) -> Sending | None:
    """Tell the duty contact, at any hour and without content, of what cannot wait and was not told before.

    None when nobody is on duty or nothing is urgent. Raises as `send_by_hand`.
    """
    if room.school.mornings.duty is None or not wants_mail(room.home, room.environment):
        return None
    with Warehouse(room.home.folder).live_reader() as reading:
        contacts = _who_is_told(room, reading)
    if not contacts:
        return None
    door = read_door(room.home, room.environment)
    with Outbox(room.home.folder) as box:
        sending = send_alert(room.home, door, box, contacts, room.today(), room.clock, room.school.desk_url)
    raise_if_waiting(sending, door)
    return sending


def tell_duty(home: Home, now: datetime) -> None:
    """`alert_duty` at the end of other work, which must not fail for a mail server's sake.

    What could not be sent waits in the outbox; the next hourly look tries again, and the morning's run says aloud what
    is wrong.
    """
    school, pack = read_school(home)
    with suppress(MentionwatchError):
        alert_duty(Mailroom(home, school, pack, read_environment(), read_accounts(home), lambda: now))

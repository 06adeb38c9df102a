"""When e-mail goes out and to whom: seven o'clock on school days, holidays as the school says, act now at any hour."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from flows.cli import main
from flows.home import Home, read_school
from flows.mailing import read_door
from flows.morning_mail import Mailroom, is_morning_over, send_by_hand, send_on_time
from flows.outbox import LONGEST_WAIT, LetterKind, Outbox
from flows.outbox_sending import send_alert
from flows.recipients import LeftOut, duty_contacts, left_out, morning_readers, read_accounts
from mentionwatch.accounts import Account, DeskRole
from mentionwatch.calendar import Closure, SchoolCalendar
from mentionwatch.errors import ConfigError
from mentionwatch.mornings import Holidays, Mornings, held_days, parse_desk_url, parse_mornings
from mentionwatch.settings import Environment, read_environment
from mentionwatch.tables import Table
from tests.flows.mail_server import Inbox, an_inbox
from town.home import write_home
from warehouse.accounts import put_account
from warehouse.accounts_file import AccountStore

FRIDAY = datetime(2026, 11, 20, 7, tzinfo=UTC)
SATURDAY = FRIDAY + timedelta(days=1)
HEAD, DEPUTY, OFFICE = (frozenset({each}) for each in (DeskRole.HEAD, DeskRole.DEPUTY, DeskRole.OFFICE))


def account(name: str, roles: frozenset[DeskRole], **changes: object) -> Account:
    values: dict[str, object] = {
        "id": f"a-{name}", "login": name, "shown_as": name.title(), "roles": roles, "lang": "en",
        "email": f"{name}@school.example", "is_active": True, "wants_mail": True, "reads_first": False, "made_at": FRIDAY,
    }  # fmt: skip
    return Account(**(values | changes))  # type: ignore[arg-type]


PEOPLE = (
    account("head", HEAD),
    account("deputy", DEPUTY, lang="cy"),
    account("quiet", HEAD, wants_mail=False),
    account("gone", HEAD, is_active=False),
    account("analyst", frozenset({DeskRole.ANALYST})),
    account("nowhere", OFFICE, email=""),
    account("reviewer", frozenset({DeskRole.REVIEWER})),
)


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, int]]:
    with an_inbox() as found:
        yield found


def an_environment(port: int) -> Environment:
    values = {"HOST": "127.0.0.1", "PORT": str(port), "TLS": "none", "SENDER": "w@school.example"}
    return read_environment({f"MENTIONWATCH_SMTP_{key}": value for key, value in values.items()})


def a_room(folder: Path, port: int, now: datetime, more: str = "") -> Mailroom:
    if not (folder / "school.toml").exists():
        write_home(folder, "http://127.0.0.1:9")
    path = folder / "school.toml"
    if more:
        path.write_text(
            path.read_text(encoding="utf-8").replace("[digest]\n", f"[digest]\n{more}\n"), "utf-8"
        )
    home = Home(folder)
    school, pack = read_school(home)
    return Mailroom(home, school, pack, an_environment(port), PEOPLE, lambda: now)


def readers(box: Inbox) -> list[str]:
    found = [str(each.rcpt_tos[0]).partition("@")[0] for each in box.envelopes]
    assert all(len(each.rcpt_tos) == 1 for each in box.envelopes)
    box.envelopes.clear()
    return sorted(found)


def test_everybody_who_wants_it_and_may_read_a_digest_gets_their_own_in_their_own_language(
    inbox: tuple[Inbox, int], tmp_path: Path
) -> None:
    """Protocol 5, point 11: language choice per person. Nobody sees another's address."""
    box, port = inbox
    send_on_time(a_room(tmp_path, port, FRIDAY))
    by_name = {each.rcpt_tos[0]: message_from_bytes(each.content, policy=default) for each in box.envelopes}
    assert {name: found["Content-Language"] for name, found in by_name.items()} == {
        "head@school.example": "en",
        "deputy@school.example": "cy",
    }
    for name, message in by_name.items():
        assert message["To"] == name
        others = set(by_name) - {name}
        assert not any(other.encode() in message.as_bytes() for other in others)


def test_nothing_goes_out_before_seven_nor_in_the_evening_and_only_once_between(
    inbox: tuple[Inbox, int], tmp_path: Path
) -> None:
    """Protocol 5, point 8, and reliability 5, row "schedule": a doubled trigger makes no second e-mail."""
    box, port = inbox
    for hour, minute in ((2, 40), (6, 59), (18, 0)):
        assert send_on_time(a_room(tmp_path, port, FRIDAY.replace(hour=hour, minute=minute))) is None
        assert readers(box) == []
    assert send_on_time(a_room(tmp_path, port, FRIDAY)) is not None
    assert readers(box) == ["deputy", "head"]
    for hour in (7, 8, 11, 17):
        assert send_on_time(a_room(tmp_path, port, FRIDAY.replace(hour=hour, minute=30))) is None
        assert readers(box) == []


def test_seven_is_seven_in_london_also_in_summer(inbox: tuple[Inbox, int], tmp_path: Path) -> None:
    box, port = inbox
    summer = datetime(2026, 7, 1, 6, 0, tzinfo=UTC)
    assert send_on_time(a_room(tmp_path, port, summer - timedelta(minutes=1))) is None
    assert send_on_time(a_room(tmp_path, port, summer)) is not None
    assert readers(box) == ["deputy", "head"]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", []),
        ('holidays = "hold"', []),
        ('holidays = "send"', ["deputy", "head"]),
        ('holidays = "deputy"', ["deputy"]),
    ],
)
def test_a_day_without_school_is_held_or_goes_to_the_rota(
    inbox: tuple[Inbox, int], tmp_path: Path, more: str, expected: list[str]
) -> None:
    """Protocol 5, point 8: holiday rota or hold."""
    box, port = inbox
    send_on_time(a_room(tmp_path, port, SATURDAY, more))
    assert readers(box) == expected
    monday = SATURDAY + timedelta(days=2)
    send_on_time(a_room(tmp_path, port, monday))
    told = {each.rcpt_tos[0].partition("@")[0]: each.content for each in box.envelopes}
    assert sorted(told) == ["deputy", "head"]
    assert (b"Days without school before today: 2." in told["head"]) is ("head" not in expected)


def test_days_without_school_are_counted_back_to_the_last_with() -> None:
    calendar = SchoolCalendar((Closure(date(2026, 12, 21), date(2027, 1, 1)),))
    assert held_days(calendar, date(2027, 1, 4)) == 16
    assert held_days(calendar, date(2026, 11, 20)) == 0


def test_a_run_later_in_the_morning_has_nothing_to_do_once_all_is_sent(
    inbox: tuple[Inbox, int], tmp_path: Path
) -> None:
    box, port = inbox
    room = a_room(tmp_path, port, FRIDAY)
    page = room.home.digests / "2026-11-20.html"
    assert not is_morning_over(room, page)
    page.parent.mkdir(exist_ok=True)
    page.write_text("x", "utf-8")
    assert not is_morning_over(room, page)
    send_on_time(room)
    assert is_morning_over(room, page)
    assert readers(box) == ["deputy", "head"]


def test_a_person_may_send_at_any_hour_and_nobody_gets_a_second_one(
    inbox: tuple[Inbox, int], tmp_path: Path
) -> None:
    box, port = inbox
    room = a_room(tmp_path, port, SATURDAY.replace(hour=22))
    assert send_by_hand(room, room.today()).sent == 2
    assert send_by_hand(room, room.today()).had_it == 2
    assert readers(box) == ["deputy", "head"]


# --- Act now.


def test_only_the_duty_contact_is_told_at_night_once_of_each_incident_and_of_none_by_name(
    inbox: tuple[Inbox, int], tmp_path: Path
) -> None:
    """Protocol 5, points 6 and 8: only (a) breaks quiet hours, only to the duty contact, without content."""
    box, port = inbox
    room = a_room(tmp_path, port, FRIDAY.replace(hour=2, minute=41))
    contacts = duty_contacts(PEOPLE, Mornings(duty=DeskRole.DEPUTY))
    assert [each.id for each in contacts] == ["a-deputy"]

    friday = FRIDAY.date()

    def alert(*ids: str, day: date) -> list[str]:
        door = read_door(room.home, room.environment)
        with Outbox(tmp_path) as books:
            told = [(each, frozenset(ids)) for each in contacts]
            send_alert(room.home, door, books, told, day, room.clock, "https://desk.school.example")
        for each in box.envelopes:
            assert b"2026-0" not in each.content.replace(b"2026-11-2", b"")
        return readers(box)

    assert alert("2026-0007", "2026-0008", day=friday) == ["deputy"]
    assert alert("2026-0007", day=friday) == []
    assert alert("2026-0008", "2026-0007", day=SATURDAY.date()) == []
    assert alert("2026-0007", "2026-0009", day=friday) == ["deputy"]


def test_an_alert_the_server_would_not_take_is_tried_again(inbox: tuple[Inbox, int], tmp_path: Path) -> None:
    box, port = inbox
    room = a_room(tmp_path, port, FRIDAY)
    contacts = duty_contacts(PEOPLE, Mornings(duty=DeskRole.HEAD))
    assert {each.id for each in contacts} == {"a-head", "a-quiet"}, "duty is no matter of wanting e-mail"
    told = [(each, frozenset({"2026-0001"})) for each in contacts]
    with Outbox(tmp_path) as books:
        dead = read_door(room.home, an_environment(9))
        said = send_alert(room.home, dead, books, told, FRIDAY.date(), room.clock)
        assert said.waiting == 2 and readers(box) == []
        door = read_door(room.home, room.environment)
        said = send_alert(room.home, door, books, told, FRIDAY.date(), room.clock)
        assert said.sent == 2 and readers(box) == ["head", "quiet"]
        assert len(books.letters(LetterKind.ACT_NOW)) == 2


def test_where_nobody_is_on_duty_nobody_is_woken() -> None:
    assert duty_contacts(PEOPLE, Mornings()) == ()


# --- Where the addresses come from.


def test_the_addresses_of_the_settings_are_for_schools_without_accounts(tmp_path: Path) -> None:
    environment = read_environment({"MENTIONWATCH_SMTP_TO": "office@school.example, office@school.example"})
    home = Home(tmp_path)
    with Outbox(tmp_path) as box:
        (shared,) = morning_readers((), home, environment, box, "cy")
        assert (shared.address, shared.lang, shared.viewer) == ("office@school.example", "cy", None)
        assert "office" not in shared.id
        assert [each.id for each in morning_readers(PEOPLE, home, environment, box, "cy")] == [
            "a-head",
            "a-deputy",
        ]


def test_who_gets_no_morning_e_mail_is_counted_by_what_is_missing() -> None:
    """Whoever sends it by hand learns why somebody does not get it: a number and a way out each, no name, no address."""
    assert left_out(PEOPLE) == LeftOut(readers=4, no_address=1, not_asked=1)
    no_address, not_asked = left_out(PEOPLE).say()
    assert no_address.startswith("1 person has no e-mail address")
    assert not_asked.startswith("1 person has not asked for the morning e-mail")
    two = (account("a", HEAD, wants_mail=False, email=""), account("b", HEAD, wants_mail=False))
    assert left_out(two) == LeftOut(readers=2, no_address=1, not_asked=1), "each person is counted once"
    (nobody,) = left_out((account("analyst", frozenset({DeskRole.ANALYST})),)).say()
    assert nobody.startswith("No active account may read digests")
    assert left_out(PEOPLE[:2]).say() == ()


def test_a_digest_sent_to_nobody_says_why_and_its_json_stays_as_it_was(
    inbox: tuple[Inbox, int],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A bare "Sent to 0 addresses" leaves the person before the screen with nothing to do."""
    box, port = inbox
    write_home(tmp_path, "http://127.0.0.1:9")
    for key, value in {
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "TLS": "none",
        "SENDER": "w@school.example",
    }.items():
        monkeypatch.setenv(f"MENTIONWATCH_SMTP_{key}", value)
    (tmp_path / "keys").mkdir(mode=0o700, exist_ok=True)
    asked = ["digest", "--home", str(tmp_path), "--send", "--format", "json", "--date", "2026-11-20"]
    with AccountStore(tmp_path).change() as hold:
        put_account(hold, PEOPLE[2])
    assert main(asked) == 0
    out, err = capsys.readouterr()
    assert "Sent to 0 addresses" in err and "1 person has not asked" in err and "quiet" not in err
    assert main([each for each in asked if each != "--send"]) == 0
    assert capsys.readouterr().out == out and readers(box) == []
    with AccountStore(tmp_path).change() as hold:
        put_account(hold, PEOPLE[0])
    assert main(asked) == 0 and readers(box) == ["head"]
    assert "has not asked" not in capsys.readouterr().err, "somebody got it: nothing is missing"
    assert main(asked) == 0 and readers(box) == []
    assert "Sent before: 1." in capsys.readouterr().err


def test_the_people_come_from_the_desks_own_file(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir(mode=0o700)
    assert read_accounts(Home(tmp_path)) == ()
    assert not (tmp_path / "keys" / "accounts.sqlite").exists()
    with AccountStore(tmp_path).change() as hold:
        put_account(hold, PEOPLE[0])
    assert read_accounts(Home(tmp_path)) == (PEOPLE[0],)


# --- school.toml.


def table(**values: object) -> Table:
    return Table("school.toml", values, "digest")


def test_holidays_and_duty_are_read_and_a_wrong_word_is_named() -> None:
    assert parse_mornings(table()) == Mornings(Holidays.HOLD, None, None)
    assert parse_mornings(table(holidays="slt", duty="dsl")) == Mornings(
        Holidays.ROTA, DeskRole.SLT, DeskRole.DSL
    )
    for wrong in ({"holidays": "never"}, {"duty": "caretaker"}):
        with pytest.raises(ConfigError, match="Write one of"):
            parse_mornings(table(**wrong))


@pytest.mark.parametrize(
    "url",
    ["https://desk.school.example", "https://desk.school.example:8443/watch", "http://127.0.0.1:8020", ""],
)
def test_an_address_of_the_desk_is_taken(url: str) -> None:
    wanted = table(desk_url=url + "/") if url else table()
    assert parse_desk_url(wanted) == url


@pytest.mark.parametrize(
    "url",
    [
        "http://desk.school.example", "https://", "javascript:alert(1)", "https://me@desk.example", "https://d.example/?k=1",
        "https://d.example/#x", "https://d.example/ x", 'https://d.example/"><b>', "https://d.example:x", "//d.example",
        "https://d\u0435sk.example", "http://169.254.1.1", "https://d.example\\@e.example",
    ],
)  # fmt: skip
def test_an_address_of_the_desk_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="desk_url"):
        parse_desk_url(table(desk_url=url))


# --- The books.


def test_the_file_is_the_schools_alone_and_holds_no_address(inbox: tuple[Inbox, int], tmp_path: Path) -> None:
    box, port = inbox
    room = a_room(tmp_path, port, FRIDAY)
    send_by_hand(room, room.today())
    path = tmp_path / "outbox.sqlite"
    assert path.stat().st_mode & 0o777 == 0o600
    content = path.read_bytes()
    assert b"school.example" not in content and b"Head" not in content and readers(box)


def test_an_identity_follows_from_home_day_person_and_language(tmp_path: Path) -> None:
    homes = [tmp_path / name for name in "ab"]
    for each in homes:
        each.mkdir()
    with Outbox(homes[0]) as one, Outbox(homes[1]) as other:
        day = FRIDAY.date()
        ids = [
            box.queue(LetterKind.MORNING, on, to, lang, FRIDAY).message_id
            for box in (one, other)
            for on in (day, day + timedelta(days=1))
            for to in ("a-1", "a-2")
            for lang in ("en", "cy")
        ]
        assert len(set(ids)) == 16
        assert one.queue(LetterKind.MORNING, day, "a-1", "en", FRIDAY + LONGEST_WAIT).message_id == ids[0]


def test_of_many_who_send_one_letter_at_once_one_may_end_it(tmp_path: Path) -> None:
    """Reliability 5, row "schedule": 1,000 overlaps, one digest."""
    from concurrent.futures import ThreadPoolExecutor

    with Outbox(tmp_path, durable=False) as box:
        ids = [box.queue(LetterKind.MORNING, FRIDAY.date(), f"a-{n}", "en", FRIDAY).id for n in range(125)]

    def take_all(_: int) -> int:
        with Outbox(tmp_path, durable=False) as mine:
            return sum(mine.take(each, FRIDAY) for each in ids)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take_all, range(8))) == len(ids)


def test_whoever_changes_their_language_in_the_morning_gets_no_second_one(
    inbox: tuple[Inbox, int], tmp_path: Path
) -> None:
    box, port = inbox
    room = a_room(tmp_path, port, FRIDAY)
    send_on_time(room)
    changed = (account("head", HEAD, lang="cy"), PEOPLE[1])
    assert (
        send_on_time(Mailroom(room.home, room.school, room.pack, room.environment, changed, room.clock))
        is None
    )
    assert readers(box) == ["deputy", "head"]

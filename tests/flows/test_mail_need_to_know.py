"""E-mail keeps need-to-know, on a home that a real sweep of the town filled: numbers by reader, and who is told at night."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from desk.mail_words import MAIL_WORDS
from desk.render import render_html, render_text
from desk.sign_in_port import Invited, Person
from flows.accounts import Gate
from flows.digest import read_digest
from flows.home import Home, read_school
from flows.morning_mail import Mailroom, alert_duty, send_by_hand
from flows.school_now import SchoolNow
from flows.showing import HomeRecords
from mentionwatch.accounts import Account, DeskRole, Viewer
from mentionwatch.labels import Role
from mentionwatch.mornings import Mornings
from tests.flows.mail_server import Inbox, an_inbox
from tests.flows.swept import write_swept_home
from tests.flows.test_mail_hours import account, an_environment, readers
from warehouse.accounts import put_account, set_password
from warehouse.accounts_file import AccountStore
from warehouse.connection import Warehouse
from warehouse.summary_asks import SummaryAsk, store_ask

NIGHT = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
ROLES = (DeskRole.HEAD, DeskRole.DEPUTY, DeskRole.OFFICE, DeskRole.CHAIR)
PEOPLE = tuple(account(role.value, frozenset({role})) for role in ROLES)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("mail") / "home")
    write_swept_home(home.folder, NIGHT)
    return home


@pytest.fixture
def inbox(home: Home) -> Iterator[tuple[Inbox, int]]:
    (home.folder / "outbox.sqlite").unlink(missing_ok=True)
    with an_inbox() as found:
        yield found


def a_room(
    home: Home, port: int, duty: DeskRole | None = None, people: tuple[Account, ...] = PEOPLE
) -> Mailroom:
    school, pack = read_school(home)
    school = dataclasses.replace(school, mornings=Mornings(duty=duty))
    return Mailroom(home, school, pack, an_environment(port), people, lambda: NIGHT)


def test_each_reader_is_told_the_numbers_of_what_they_may_know(inbox: tuple[Inbox, int], home: Home) -> None:
    """L31: the need-to-know of the desk holds in e-mail; the head is not counted what is about the head."""
    box, port = inbox
    room = a_room(home, port)
    send_by_hand(room, room.today())
    numbers = {
        each.rcpt_tos[0].partition("@")[0]: int(
            re.findall(r"(\d+) to review", message_from_bytes(each.content, policy=default)["Subject"])[0]
        )
        for each in box.envelopes
    }
    whole = read_digest(home, room.school, room.pack, room.today()).to_review
    assert numbers["chair"] < numbers["head"] < numbers["deputy"] <= whole
    assert Path(home.folder / "outbox.sqlite").exists()


def test_a_head_is_told_how_many_roles_wait_for_their_word_and_nobody_else_is(
    inbox: tuple[Inbox, int], home: Home
) -> None:
    """ADR 0031: as many as the start page says, in one line without a name; to an administrator and a deputy nothing."""
    box, port = inbox
    gate, admin = Gate(home.folder), Viewer("admin", "", frozenset({DeskRole.ADMIN}), "en")
    people = (*PEOPLE, account("admin", frozenset({DeskRole.ADMIN, DeskRole.DSL})))
    with gate.store.change() as hold:
        for each in people:
            put_account(hold, each)
            set_password(hold, each.id, "kept")
    person = Person("eirlys@school.example", "Eirlys Owen", frozenset({DeskRole.DSL, DeskRole.OFFICE}))
    assert isinstance(gate.add(admin, person, NIGHT), Invited)
    head = Viewer("head", "", frozenset({DeskRole.HEAD}), "en")
    waiting = len(gate.given_roles(head))
    assert waiting == 2
    room = a_room(home, port, people=people)
    send_by_hand(room, room.today())
    bodies = {
        each.rcpt_tos[0].partition("@")[0]: str(message_from_bytes(each.content, policy=default))
        for each in box.envelopes
    }
    told = MAIL_WORDS["mail_given"][0].split(":")[0]
    assert {name for name, body in bodies.items() if told in body} == {"head"}
    assert f"{told}: {waiting}." in bodies["head"]
    assert not any("Eirlys" in body for body in bodies.values())


def test_what_waits_from_before_is_counted_in_the_digest_as_on_the_start_page(home: Home) -> None:
    """Two numbers on one morning are of the same things, and L31 holds in both; on the night's own day nothing is from before."""
    school, pack = read_school(home)
    records, later = HomeRecords(home, SchoolNow(home, school, pack)), NIGHT + timedelta(days=1)
    whole = read_digest(home, school, pack, later.date())
    assert whole.earlier > 2 and whole.to_review >= whole.earlier and "earlier" in render_html(whole, "en")
    assert f"waiting from before: {whole.earlier}" in render_text(whole, "en")
    assert read_digest(home, school, pack, NIGHT.date()).earlier == 0
    numbers = {}
    for role in (DeskRole.HEAD, DeskRole.DEPUTY):
        viewer = Viewer(role.value, "", frozenset({role}), "en")
        numbers[role] = read_digest(home, school, pack, later.date(), viewer=viewer).earlier
        start = records.start(viewer, "en", later)
        assert (start.earlier, len(start.look)) == (numbers[role], numbers[role])
    assert max(numbers.values()) <= whole.earlier
    bare = Viewer("it", "", frozenset({DeskRole.ADMIN}), "en")
    assert read_digest(home, school, pack, later.date(), viewer=bare).earlier == 0


def plain_text(message: EmailMessage) -> str:
    """The part for people without HTML, as they read it."""
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_who_offered_to_read_first_is_told_how_many_posts_ask_and_nothing_of_them(
    inbox: tuple[Inbox, int], home: Home
) -> None:
    """L31, issue 6.4: a bare count, of what they may know of, to nobody who did not offer and not to the one who asks."""
    box, port = inbox
    willing = {"a-deputy", "a-office"}
    people = tuple(dataclasses.replace(each, reads_first=each.id in willing) for each in PEOPLE)
    with AccountStore(home.folder).change() as hold:
        for each in people:
            put_account(hold, each)
    with Warehouse(home.folder).writer() as writing:
        grave = writing.rows(
            "SELECT i.mention_id FROM incidents AS i JOIN mentions AS m ON m.id = i.mention_id WHERE NOT m.is_sealed "
            "AND i.route IN ('police', 'safeguarding') AND i.mention_id NOT IN (SELECT mention_id FROM subjects)"
        )
        for (id_,) in grave:
            store_ask(writing, SummaryAsk(id_, "a-head", Role.HEAD, NIGHT))
    assert grave
    room = a_room(home, port, people=people)
    send_by_hand(room, room.today())
    bodies = {
        each.rcpt_tos[0].partition("@")[0]: plain_text(message_from_bytes(each.content, policy=default))
        for each in box.envelopes
    }
    told = MAIL_WORDS["mail_to_read"][0].split(":")[0]
    assert {name for name, body in bodies.items() if told in body} == {"deputy"}
    assert f"{told}: {len(grave)}." in bodies["deputy"]
    assert not any(id_ in body for (id_,) in grave for body in bodies.values())


def test_what_no_duty_contact_may_know_of_is_told_to_whoever_decides_it(
    inbox: tuple[Inbox, int], home: Home
) -> None:
    """The office on duty sees no police or safeguarding route; a threat against the head is told to the deputy."""
    box, port = inbox
    alert_duty(a_room(home, port, DeskRole.OFFICE))
    assert readers(box) == ["deputy", "head"]


@pytest.mark.parametrize(
    ("others", "told"),
    [
        # Nobody has the role that decides; or whoever has it is the head, too, whom it is about.
        ({"dsl": frozenset({DeskRole.DSL})}, "dsl"),
        ({"both": frozenset({DeskRole.HEAD, DeskRole.DEPUTY}), "dsl": frozenset({DeskRole.DSL})}, "dsl"),
        ({"office": frozenset({DeskRole.OFFICE}), "cohead": frozenset({DeskRole.CO_HEAD})}, ""),
    ],
)
def test_a_threat_at_night_is_told_to_somebody_though_whoever_decides_is_not_there_or_must_not_know(
    inbox: tuple[Inbox, int], home: Home, others: dict[str, frozenset[DeskRole]], told: str
) -> None:
    """L31, L25: about the head, who is on duty and hears nothing of it; else the safeguarding lead; never whom it is about."""
    box, port = inbox
    duty = {"head": frozenset({DeskRole.HEAD})}
    people = tuple(account(name, roles) for name, roles in (duty | others).items())
    alert_duty(a_room(home, port, DeskRole.HEAD, people))
    told_of = {"head", *({"both"} & others.keys()), *({told} - {""})}
    assert set(readers(box)) == told_of
    (home.folder / "outbox.sqlite").unlink(missing_ok=True)
    alert_duty(a_room(home, port, DeskRole.HEAD, (account("head", duty["head"]), account("deputy", frozenset({DeskRole.DEPUTY})), *people[1:])))  # fmt: skip
    assert "deputy" in readers(box), "where somebody else decides, they are told"


def test_where_the_school_names_nobody_on_duty_a_night_stays_quiet(
    inbox: tuple[Inbox, int], home: Home
) -> None:
    box, port = inbox
    assert alert_duty(a_room(home, port)) is None
    assert readers(box) == []
    assert alert_duty(a_room(home, port, DeskRole.DSL)) is not None, (
        "nobody is the DSL: those who decide are told"
    )
    assert "deputy" in readers(box)

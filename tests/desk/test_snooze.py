"""Putting an incident off: one person's own queue, never what cannot wait, logged, and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from desk.acts import Done
from flows.desk_steps import HomeSteps
from flows.home import Home, read_school
from flows.incident_work import StepAsked, take_step
from flows.school_now import SchoolNow
from flows.showing import HomeRecords
from flows.standing import read_context
from incidents.steps import Event
from mentionwatch.accounts import DeskRole, Viewer
from mentionwatch.labels import Role
from tests.desk.signed_in import Running, csrf_in, serving, sign_in
from tests.flows.swept import write_swept_home
from warehouse.connection import Warehouse
from warehouse.snoozes import snoozed_incidents

NIGHT = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
CALM, URGENT = "2026-0003", "2026-0005"


@dataclass
class Now:
    at: datetime = FRIDAY


@pytest.fixture(scope="module")
def now() -> Now:
    return Now()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, now: Now) -> Iterator[Running]:
    home = Home(tmp_path_factory.mktemp("snooze") / "home")
    write_swept_home(home.folder, NIGHT)
    school, pack = read_school(home)
    asked = StepAsked(CALM, Event.HAND_OVER, Role.OPERATOR, "to be decided", (("conflict_checked", "yes"),))
    take_step(asked, read_context(home, school, pack, FRIDAY, "the office"))
    found = SchoolNow(home, school, pack)
    steps = HomeSteps(home, found, lambda: now.at)
    with serving(HomeRecords(home, found), home, steps=steps) as made:
        yield made


def hidden(desk: Running, at: datetime) -> dict[str, frozenset[str]]:
    with Warehouse(desk.home.folder).live_reader() as reading:
        accounts = [str(id_) for (id_,) in reading.rows("SELECT DISTINCT account_id FROM snoozes")]
        return {id_: found for id_ in accounts if (found := snoozed_incidents(reading, id_, at))}


def logged(desk: Running) -> list[tuple[str, str]]:
    with Warehouse(desk.home.folder).live_reader() as reading:
        return [(str(verb), str(actor)) for verb, actor in reading.rows(
            "SELECT verb, actor FROM audit WHERE verb LIKE 'snooze%' ORDER BY seq")]  # fmt: skip


def test_put_off_until_the_next_school_morning_for_oneself_alone_and_back_again(desk: Running) -> None:
    """Friday noon to Monday seven o'clock in London; one audit row each way, and no row of words."""
    before = len(logged(desk))
    with sign_in(desk, DeskRole.HEAD) as client, sign_in(desk, DeskRole.DSL) as other:
        page = client.get(f"/incidents/{CALM}/snooze").text
        assert "23 November 2026, 07:00" in page
        form = {"csrf": csrf_in(page)}
        assert client.post(f"/incidents/{CALM}/snooze", data=form).status_code == 422
        assert hidden(desk, FRIDAY) == {}
        answer = client.post(f"/incidents/{CALM}/snooze", data={**form, "confirm": "yes"})
        assert answer.status_code == 303
        assert "left out of your queue" in client.get(answer.headers["location"]).text
        [(account, found)] = hidden(desk, FRIDAY).items()
        assert found == {CALM} and hidden(desk, MONDAY - timedelta(seconds=1)) and not hidden(desk, MONDAY)
        # Twice is once.
        assert client.post(f"/incidents/{CALM}/snooze", data={**form, "confirm": "yes"}).status_code == 303
        assert "You have put this off" in client.get(f"/incidents/{CALM}/snooze").text
        assert "You have put this off" not in other.get(f"/incidents/{CALM}/snooze").text
        answer = client.post(f"/incidents/{CALM}/snooze/end", data=form)
        assert answer.status_code == 303 and hidden(desk, FRIDAY) == {}
        assert client.post(f"/incidents/{CALM}/snooze/end", data=form).status_code == 303
    assert logged(desk)[before:] == [("snoozed", account), ("snooze_ended", account)]


def test_what_cannot_wait_is_not_put_off_and_the_reason_is_said(desk: Running, now: Now) -> None:
    """Protocol 5.4: never what stands under act now, nor what is due before then."""
    before = logged(desk)
    for lang, urgent, due in (("en", "Act now", "Due before: decide"), ("cy", "Gweithredu nawr", "cyn hynny: penderfynu")):  # fmt: skip
        with sign_in(desk, DeskRole.DSL, lang=lang) as client:
            csrf = csrf_in(client.get("/account").text)
            page = client.get(f"/incidents/{URGENT}/snooze").text
            assert urgent in page and "confirm" not in page
            sent = client.post(f"/incidents/{URGENT}/snooze", data={"csrf": csrf, "confirm": "yes"})
            assert sent.status_code == 422 and urgent in sent.text
            now.at = FRIDAY + timedelta(days=4)
            try:
                sent = client.post(f"/incidents/{CALM}/snooze", data={"csrf": csrf, "confirm": "yes"})
            finally:
                now.at = FRIDAY
            assert sent.status_code == 422
            assert due in sent.text or "23 " in sent.text or "24 " in sent.text
    assert hidden(desk, FRIDAY) == {} and logged(desk) == before


def test_what_may_not_be_known_of_is_not_put_off(desk: Running) -> None:
    """L31: the same bytes as for a number nobody has; without the token nothing at all."""
    with sign_in(desk, DeskRole.OFFICE) as client:
        csrf = csrf_in(client.get("/account").text)
        answers = [client.get(f"/incidents/{id_}/snooze") for id_ in (URGENT, "2020-9999")]
        for path in ("snooze", "snooze/end"):
            data = {"csrf": csrf, **({"confirm": "yes"} if path == "snooze" else {})}
            answers += [client.post(f"/incidents/{id_}/{path}", data=data) for id_ in (URGENT, "2020-9999")]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.text for answer in answers}) == 1
        assert client.post(f"/incidents/{CALM}/snooze", data={"confirm": "yes"}).status_code == 403
    assert hidden(desk, FRIDAY) == {}


def test_it_is_left_out_of_the_decisions_of_that_person_until_then(desk: Running) -> None:
    """Still among the open incidents of their page; in everybody else's queue as before."""
    school, pack = read_school(desk.home)
    found = SchoolNow(desk.home, school, pack)
    records, steps = HomeRecords(desk.home, found), HomeSteps(desk.home, found, lambda: FRIDAY)
    head, other = (Viewer(id_, "", frozenset({DeskRole.HEAD}), "en") for id_ in ("h1", "h2"))

    def asked(viewer: Viewer, at: datetime) -> tuple[set[str], set[str]]:
        page = records.start(viewer, "en", at)
        return {row.line.id for row in page.decisions}, {row.line.id for row in page.elsewhere}

    assert CALM in asked(head, FRIDAY)[0]
    assert isinstance(steps.snooze(head, CALM), Done)
    assert CALM not in asked(head, FRIDAY)[0] and CALM in asked(head, FRIDAY)[1]
    assert CALM in asked(other, FRIDAY)[0] and CALM in asked(head, MONDAY)[0]
    assert isinstance(steps.end_snooze(head, CALM), Done)
    assert CALM in asked(head, FRIDAY)[0]


def test_what_somebody_else_has_done_with_it_since_was_not_put_off(desk: Running) -> None:
    """T07: handed on to somebody who had put it off, it asks them at once and not after the holidays; one's own note ends nothing."""
    school, pack = read_school(desk.home)
    found = SchoolNow(desk.home, school, pack)
    records, steps = HomeRecords(desk.home, found), HomeSteps(desk.home, found, lambda: FRIDAY)
    deputy = Viewer("d1", "", frozenset({DeskRole.DEPUTY}), "en")
    later = FRIDAY + timedelta(minutes=5)

    def asked() -> bool:
        return CALM in {row.line.id for row in records.start(deputy, "en", later).decisions}

    def take(event: Event, role: Role, actor: str) -> None:
        step = StepAsked(CALM, event, role, "the writer is my cousin")
        take_step(step, read_context(desk.home, school, pack, later, actor))

    assert isinstance(steps.snooze(deputy, CALM), Done)
    take(Event.NOTE, Role.DEPUTY, "d1")
    assert not asked() and hidden(desk, later) == {"d1": {CALM}}
    take(Event.RECUSE, Role.HEAD, "h1")
    assert asked() and hidden(desk, later) == {}
    page = steps.snooze_page(deputy, CALM)
    assert page is not None and not page.is_on and page.until_at == MONDAY

"""Opening an incident from a post's page, and the card for the person targeted (issue 6, points 3 and 4; L16, L31, T01)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from html import unescape
from itertools import chain

import httpx
import pytest

from desk.acts import Done, NoSuch, Overtaken, RefusedHere
from desk.opening_port import OpeningGiven
from desk.opening_words import OPENING_WORDS
from desk.support_words import SUPPORT_WORDS
from flows.desk_opening import HomeOpenings
from flows.home import Home, read_school
from flows.need_to_know import read_sight
from flows.school_now import SchoolNow
from flows.shipped import read_help_lines
from mentionwatch.accounts import DeskRole, Viewer
from mentionwatch.labels import Label, Role
from tests.desk.matrix_home import serving_whole
from tests.desk.signed_in import Running, csrf_in, sign_in
from tests.flows.swept import write_shadow_home
from warehouse.connection import Warehouse
from warehouse.need_to_know import may_know
from warehouse.reading import MentionFilter, MentionRow, list_mentions

NIGHT = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
MORNING = NIGHT + timedelta(hours=5)
WHY = "it names a child's teacher"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """After the first of two first nights: the classifier has opened nothing but what the stop rule opens."""
    home = Home(tmp_path_factory.mktemp("care") / "home")
    write_shadow_home(home.folder, NIGHT)
    with serving_whole(home) as running:
        yield running
        assert running.crashes == []


def stored(desk: Running) -> tuple[MentionRow, ...]:
    with Warehouse(desk.home.folder).live_reader() as reading:
        return list_mentions(reading, MentionFilter())


def seen_by(desk: Running, role: DeskRole) -> set[str]:
    with Warehouse(desk.home.folder).live_reader() as reading:
        sight = read_sight(reading, Viewer("a1", "", frozenset({role}), "en"), *read_school(desk.home))
        return {row.id for row in list_mentions(reading, MentionFilter()) if may_know(reading, sight, row.id)}


def unopened(desk: Running, place: int, *labels: Label) -> MentionRow:
    wanted, known = labels or (Label.INAPPROPRIATE, Label.NEUTRAL), seen_by(desk, DeskRole.HEAD)
    return [
        row
        for row in stored(desk)
        if row.label in wanted and not row.incident and not row.is_sealed and row.id in known
    ][place]


def send(client: httpx.Client, path: str, **fields: str) -> httpx.Response:
    return client.post(path, data={"csrf": csrf_in(client.get("/account").text), **fields})


def opened(desk: Running, id_: str) -> list[tuple[object, ...]]:
    with Warehouse(desk.home.folder).live_reader() as reading:
        return reading.rows(
            "SELECT e.role, e.event, e.actor FROM incident_events AS e JOIN incidents AS i ON i.id = e.incident_id "
            "WHERE i.mention_id = ? ORDER BY e.number",
            [id_],
        )


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_a_post_of_the_first_nights_is_opened_by_a_person_with_reason_and_confirmation(
    desk: Running, lang: str
) -> None:
    """L16, T01: the page of the post leads there; nothing happens before both are given; the account's id is on record."""
    at = int(lang == "cy")
    row = unopened(desk, 0)
    path = f"/mentions/{row.id}/incident"
    with sign_in(desk, DeskRole.HEAD, lang=lang) as client:
        assert f'href="{path}"' in client.get(f"/mentions/{row.id}").text
        page = client.get(path)
        assert page.status_code == 200 and row.text[:30] not in page.text and row.url not in page.text
        assert OPENING_WORDS["open_what"][at] in unescape(page.text)
        short = send(client, path, as_role="head", reason="x")
        assert short.status_code == 422
        for key in ("open_need_reason", "open_need_confirm"):
            assert OPENING_WORDS[key][at] in unescape(short.text)
        other = send(client, path, as_role="dsl", reason=WHY, confirm="yes")
        assert other.status_code == 422 and WHY in unescape(other.text)
        secret = send(client, path, as_role="head", reason="password: hunter2-Aberglaslyn", confirm="yes")
        assert secret.status_code == 422 and not opened(desk, row.id)
        assert client.post(path, data={"as_role": "head", "reason": WHY, "confirm": "yes"}).status_code == 403
        done = send(client, path, as_role="head", reason=WHY, confirm="yes")
        assert done.status_code == 303 and done.headers["location"].endswith("?said=step_taken")
        assert WHY[1:] in unescape(client.get(done.headers["location"]).text)
        assert client.get(path).headers["location"] == f"/mentions/{row.id}"
        # The same page once more: told, and no second incident.
        late = send(client, path, as_role="head", reason="a second thought", confirm="yes")
        assert late.status_code == 409 and "a second thought" in late.text
    roles = opened(desk, row.id)
    assert [event for _, event, _ in roles] == ["open", "preserve", "note"]
    assert {role for role, _, _ in roles} == {"head"}
    assert all(re.fullmatch(r"[0-9a-f]{16}", str(actor)) for _, _, actor in roles)


def test_of_two_who_open_it_at_once_one_does_and_the_other_is_told(desk: Running) -> None:
    row = unopened(desk, 0)
    acts = HomeOpenings(desk.home, SchoolNow(desk.home, *read_school(desk.home)), lambda: MORNING)
    people = [
        (Viewer("a" * 16, "", frozenset({DeskRole.HEAD}), "en"), "head"),
        (Viewer("b" * 16, "", frozenset({DeskRole.DSL}), "en"), "dsl"),
    ]
    with ThreadPoolExecutor() as pool:
        found = list(
            pool.map(lambda one: acts.open_incident(one[0], OpeningGiven(row.id, one[1], WHY), "en"), people)
        )
    assert sorted(type(one).__name__ for one in found) == ["Done", "Overtaken"]
    won = people[0 if isinstance(found[0], Done) else 1][1]
    [told] = [one for one in found if isinstance(one, Overtaken)]
    assert told.role is Role(won) and len(opened(desk, row.id)) == 3


def test_who_may_not_know_of_a_post_opens_nothing_and_learns_nothing(desk: Running) -> None:
    """L31: the same bytes as for an id that never was; nothing is stored."""
    barred = sorted({row.id for row in stored(desk)} - seen_by(desk, DeskRole.HEAD))
    assert barred, "the town's posts speak of the head"
    acts = HomeOpenings(desk.home, SchoolNow(desk.home, *read_school(desk.home)), lambda: MORNING)
    head = Viewer("c" * 16, "", frozenset({DeskRole.HEAD}), "en")
    with sign_in(desk, DeskRole.HEAD) as client:
        never = client.get("/mentions/m000/incident")
        for id_ in barred[:3]:
            here = client.get(f"/mentions/{id_}/incident")
            assert here.status_code == 404 and here.content == never.content
            before = opened(desk, id_)
            assert (
                send(client, f"/mentions/{id_}/incident", as_role="head", reason=WHY, confirm="yes").content
                == never.content
            )
            assert isinstance(acts.open_incident(head, OpeningGiven(id_, "head", WHY), "en"), NoSuch)
            assert opened(desk, id_) == before
    with sign_in(desk, DeskRole.REVIEWER) as client:
        assert client.get(f"/mentions/{unopened(desk, 0).id}/incident").status_code == 404


def test_a_concern_is_taken_up_by_its_own_steps(desk: Running) -> None:
    row = unopened(desk, 0, Label.CONCERN)
    acts = HomeOpenings(desk.home, SchoolNow(desk.home, *read_school(desk.home)), lambda: MORNING)
    head = Viewer("c" * 16, "", frozenset({DeskRole.HEAD}), "cy")
    assert isinstance(acts.open_incident(head, OpeningGiven(row.id, "head", WHY), "cy"), RefusedHere)
    with sign_in(desk, DeskRole.HEAD) as client:
        assert f'href="/mentions/{row.id}/incident"' not in client.get(f"/mentions/{row.id}").text


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_the_card_for_the_person_targeted_is_in_both_languages_and_holds_nothing_of_the_post(
    desk: Running, lang: str
) -> None:
    """Issue 6, point 4: help lines with source and date, what happens next; no word, number, place or time of the post."""
    acts = HomeOpenings(desk.home, SchoolNow(desk.home, *read_school(desk.home)), lambda: MORNING)
    id_, head = unopened(desk, 0).id, Viewer("d" * 16, "", frozenset({DeskRole.HEAD}), lang)
    assert isinstance(acts.open_incident(head, OpeningGiven(id_, "head", WHY), lang), Done)
    row = next(row for row in stored(desk) if row.id == id_)
    with sign_in(desk, DeskRole.DSL, lang=lang) as client:
        assert (
            f'href="/incidents/{row.incident}/support-card"' in client.get(f"/incidents/{row.incident}").text
        )
        answer = client.get(f"/incidents/{row.incident}/support-card")
        assert client.get("/incidents/2020-9999/support-card").status_code == 404
    page = unescape(answer.text)
    assert answer.status_code == 200 and len(answer.content) < 100_000
    for key, pair in SUPPORT_WORDS.items():
        if key not in ("card_link", "card_page", "card_note", "card_source", "card_stale"):
            assert all(words in page for words in pair), key
    cards = read_help_lines("wales")
    assert len(cards) >= 6
    for card in cards:
        for words in (card.title, card.text, *card.sources):
            assert words.english in page and words.welsh in page, card.id
    main = page.split("<main")[1].split("</main>")[0].replace(f'href="/incidents/{row.incident}"', "")
    posted = [
        row.source,
        row.url,
        row.native_id,
        row.id,
        row.incident or "?",
        *row.text.split("\n"),
        row.title,
    ]
    assert [part for part in posted if len(part) > 3 and part in main] == []


def test_nobody_is_asked_to_read_what_is_about_them(desk: Running) -> None:
    """Issue 6, point 4; L31: in no list, queue, digest or page of theirs, so no task of theirs either."""
    about_head = {row.id: row for row in stored(desk)}.keys() - seen_by(desk, DeskRole.HEAD)
    rows = [row for row in stored(desk) if row.id in about_head]
    assert rows
    with sign_in(desk, DeskRole.HEAD) as client:
        pages = [
            client.get(path).text
            for path in ("/", "/mentions", "/incidents", "/good-news", f"/digest/{NIGHT.date()}")
        ]
    # An address with the mark behind it: a comment's address begins with that of its thread.
    told = list(chain.from_iterable((row.id, row.incident or row.id, f'{row.url}"') for row in rows))
    assert [part for part in told for page in pages if part in page] == []


def test_every_word_is_there_in_both_languages() -> None:
    for english, welsh in (*OPENING_WORDS.values(), *SUPPORT_WORDS.values()):
        assert english and welsh and english != welsh
        assert set(re.findall(r"{\w+}", english)) == set(re.findall(r"{\w+}", welsh))

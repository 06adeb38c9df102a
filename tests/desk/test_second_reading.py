"""A letter is read by a second person before it goes: asked for, found on their start page, answered once, at both doors (T27, L41)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import httpx
import pytest

from desk.document_port import SecondReading
from desk.passage_words import PASSAGE_WORDS
from desk.queue_words import QUEUE_WORDS
from flows.home import Home
from incidents.steps import Event
from mentionwatch.accounts import DeskRole
from tests.desk.letters_home import (
    DOCUMENTS,
    ID,
    NOW,
    commands,
    make,
    make_letter_home,
    serving_copy,
)
from tests.desk.signed_in import Running, csrf_in, sign_in
from warehouse.connection import Warehouse
from warehouse.incident_steps import incident_events

HEAD, DEPUTY, DSL, OFFICE, CHAIR, ADMIN = (
    DeskRole.HEAD, DeskRole.DEPUTY, DeskRole.DSL, DeskRole.OFFICE, DeskRole.CHAIR, DeskRole.ADMIN,
)  # fmt: skip
ASK, READ, SENT = (f"/incidents/{ID}/steps/{event.value}" for event in (Event.LETTER_CHECK_ASKED, Event.LETTER_READ, Event.LETTER_SENT))  # fmt: skip


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return make_letter_home(tmp_path_factory.mktemp("reading"))


@pytest.fixture
def desk(template: Home, tmp_path: Path) -> Iterator[Running]:
    with serving_copy(template, tmp_path) as running:
        yield running


def take(client: httpx.Client, path: str, seen: str = "", **fields: str) -> httpx.Response:
    """The form of a step as a browser sends it."""
    page = client.get(path).text
    role = re.search(r'name="as_role" value="(\w+)"', page)
    known = re.search(r'name="seen" value="(\d+)"', page)
    base = {
        "csrf": csrf_in(client.get("/account").text), "confirm": "yes", "reason": "the tone is right and the day is right",
        "as_role": role[1] if role else "head", "seen": seen or (known[1] if known else "1"),
    }  # fmt: skip
    return client.post(path, data={**base, **fields})


def asked(desk: Running) -> None:
    """The head wrote it and gave it to be read."""
    with sign_in(desk, HEAD, OFFICE) as client:
        assert make(client, as_role="head").status_code == 303
        page = client.get(f"{DOCUMENTS}/1/en").text
        assert f'href="{ASK}"' in page and f'href="{READ}"' not in page
        answer = take(client, ASK, as_role="operator", reason="please look at the tone")
        assert answer.status_code == 303, answer.text[-3000:]
        assert "Given to a second reader" in client.get(f"{DOCUMENTS}/1/en").text


def happened(desk: Running) -> list[tuple[str, str]]:
    with Warehouse(desk.home.folder).live_reader() as reading:
        return [(one.event, one.role.value) for one in incident_events(reading, ID)]


def test_t27_the_second_reader_finds_it_on_the_start_page_reads_it_and_says_it_is_right(
    desk: Running,
) -> None:
    """T27, L41: asked, found, read, answered with a reason and a tick; then it may go, and the record says each of it."""
    with sign_in(desk, DEPUTY) as client:
        assert READ not in client.get("/").text
    asked(desk)
    with sign_in(desk, HEAD, OFFICE) as client:
        shut = client.get(SENT).text
        assert "the letter is with its second reader" in shut.lower() and 'name="confirm"' not in shut
    with sign_in(desk, DEPUTY) as client:
        assert READ in client.get("/").text
        assert "Read the letter as second reader" in client.get("/").text
        assert f'href="{DOCUMENTS}"' in client.get(READ).text
        page = client.get(f"{DOCUMENTS}/1/en").text
        assert f'href="{READ}"' in page and "take them down by" in page
        for lacking in ({"confirm": ""}, {"reason": ""}, {}):
            answer = take(client, READ, **({"fact_letter_found": "right", **lacking} if lacking else {}))
            assert answer.status_code == 422, lacking
        answer = take(client, READ, fact_letter_found="right")
        assert answer.status_code == 303, answer.text[-3000:]
        assert READ not in client.get("/").text
        assert "A second person found it right" in client.get(f"{DOCUMENTS}/1/en").text
    with sign_in(desk, HEAD, OFFICE) as client:
        assert 'name="confirm"' in client.get(SENT).text
    assert happened(desk)[-2:] == [("letter_check_asked", "operator"), ("letter_read", "deputy")]


def test_t27_whoever_wrote_it_is_not_asked_and_cannot_answer(desk: Running) -> None:
    """T27: never the maker, whatever role they choose; also on their start page."""
    with sign_in(desk, HEAD, OFFICE) as client:
        assert make(client, as_role="head").status_code == 303
        assert take(client, ASK, as_role="operator").status_code == 303
        assert READ not in client.get("/").text
        page = client.get(READ)
        assert "whoever wrote the letter does not read it second" in page.text.lower()
        seen = str(len(happened(desk)))
        answer = take(client, READ, seen=seen, as_role="head", fact_letter_found="right")
        assert answer.status_code == 422, answer.text[-2000:]
    assert "letter_read" not in {event for event, _ in happened(desk)}


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_t27_found_not_right_it_does_not_go_until_it_is_made_again(desk: Running, lang: str) -> None:
    """T27: with the reason; a letter made since is not the one that was read, and is given to be read anew."""
    asked(desk)
    with sign_in(desk, DEPUTY) as client:
        assert (
            take(client, READ, fact_letter_found="not_right", reason="it names the wrong meeting").status_code
            == 303
        )
    said = {"en": "found the letter not right: make it again", "cy": "nad yw&#39;r llythyr yn iawn: lluniwch ef eto"}[lang]  # fmt: skip
    with sign_in(desk, HEAD, OFFICE, lang=lang) as client:
        assert said in client.get(SENT).text
        assert "It names the wrong meeting" in client.get(f"/incidents/{ID}").text
    # By the command, later: the desk's own clock stands still.
    later = NOW.replace(minute=30).isoformat()
    made = commands(desk.home).run("incident", "letter", ID, "removal", "--as", "head", "--now", later)
    assert made.code == 0, made.err
    told = commands(desk.home).run("incident", "show", ID, "--json", "--now", later)
    assert told.code == 0, told.err
    again = commands(desk.home).move("letter_read", "deputy", "it is right now", "--fact", "letter_found=right", "--now", later)  # fmt: skip
    assert again.code == 5 and "letter_check" in again.err, "nobody gave them this one"


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_t27_an_answer_of_not_right_stands_on_the_start_page_of_who_made_it_and_who_asked(
    desk: Running, lang: str
) -> None:
    """T27: theirs until it is asked for again, and nobody else's; the page says where to look, no word of the reader."""
    said, at = QUEUE_WORDS["letter_wrong"][lang == "cy"], f'<a href="{DOCUMENTS}">'
    with sign_in(desk, HEAD, lang=lang) as maker, sign_in(desk, HEAD, OFFICE, lang=lang) as asker:
        assert make(maker, as_role="head").status_code == 303
        assert take(asker, ASK, as_role="operator", reason="please look at the tone").status_code == 303
        for client in (maker, asker):
            assert said not in unescape(client.get("/").text), "it is still being read"
        with sign_in(desk, DEPUTY) as reader:
            found = {"fact_letter_found": "not_right", "reason": "it names the wrong meeting"}
            assert take(reader, READ, **found).status_code == 303
            assert at not in reader.get("/").text
        for client in (maker, asker):
            page = unescape(client.get("/").text)
            assert said in page and at in page and "wrong meeting" not in page
        with sign_in(desk, HEAD, OFFICE, lang=lang) as other, sign_in(desk, CHAIR) as barred:
            assert at not in other.get("/").text and at not in barred.get("/").text
        assert take(asker, ASK, as_role="operator", reason="the day is right now").status_code == 303
        for client in (maker, asker):
            assert said not in unescape(client.get("/").text)


def test_t27_a_letter_made_again_asks_nobody_to_mend_it(desk: Running) -> None:
    """T27: made again, it is another letter: what was found of the one before stands on no start page."""
    with sign_in(desk, HEAD, OFFICE) as client:
        assert make(client, as_role="head").status_code == 303
        assert take(client, ASK, as_role="operator").status_code == 303
        with sign_in(desk, DEPUTY) as reader:
            assert take(reader, READ, fact_letter_found="not_right").status_code == 303
        assert QUEUE_WORDS["letter_wrong"][0] in client.get("/").text
        later = NOW.replace(minute=30).isoformat()
        made = commands(desk.home).run("incident", "letter", ID, "removal", "--as", "head", "--now", later)
        assert made.code == 0, made.err
        assert QUEUE_WORDS["letter_wrong"][0] not in client.get("/").text


def test_t27_two_answer_at_once_one_wins_and_the_other_is_told(desk: Running) -> None:
    """ASVS V2.3.4: the second is told who was first, and what they wrote stays."""
    asked(desk)
    with sign_in(desk, DEPUTY) as first, sign_in(desk, DSL) as second:
        seen = re.search(r'name="seen" value="(\d+)"', second.get(READ).text)
        assert seen
        assert take(first, READ, fact_letter_found="right").status_code == 303
        late = take(
            second, READ, seen=seen[1], as_role="dsl", fact_letter_found="not_right", reason="wrong day in it"
        )
    assert late.status_code in (409, 422) and "wrong day in it" in late.text
    assert [event for event, _ in happened(desk)].count("letter_read") == 1


def test_l31_who_may_not_know_of_it_is_asked_nothing_and_finds_nothing(desk: Running) -> None:
    """L31, ASVS V8.2.2: for the chair and an administrator the step answers as an address that does not exist."""
    asked(desk)
    for role in (CHAIR, ADMIN):
        with sign_in(desk, role) as client:
            nothing = client.get("/no/such/page").content
            assert client.get(READ).content == nothing
            assert take(client, READ, fact_letter_found="right").content == nothing
            assert READ not in client.get("/").text


def test_t27_the_command_answers_too(desk: Running) -> None:
    """Both doors: `incident move ID letter_read`; what was answered shows at the desk."""
    asked(desk)
    said = commands(desk.home).move("letter_read", "deputy", "read it twice", "--fact", "letter_found=not_right", "--now", NOW.isoformat())  # fmt: skip
    assert said.code == 0, said.err
    with sign_in(desk, HEAD) as client:
        assert "A second person found it not right" in client.get(f"{DOCUMENTS}/1/en").text


def test_every_way_a_second_reading_may_stand_has_words() -> None:
    for one in SecondReading:
        assert one is SecondReading.NONE or f"reading_{one.value}" in PASSAGE_WORDS

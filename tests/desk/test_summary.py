"""Read by someone else first (issue 6, point 4): a colleague's own words stand for the covered post, and quote nothing of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.summary import LEAST, MOST, RUN, find_summary_fault
from desk.summary_words import SUMMARY_WORDS
from flows.home import Home
from mentionwatch.accounts import DeskRole
from tests.desk.matrix_home import serving_whole
from tests.desk.signed_in import Running, csrf_in, sign_in
from tests.flows.swept import write_swept_home
from warehouse.connection import Warehouse
from warehouse.erase import erase
from warehouse.reading import MentionFilter, MentionRow, list_mentions
from warehouse.summaries import read_summary

NIGHT = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
MORNING = NIGHT + timedelta(hours=5)
CALM = "Zanzibarish criticism, aimed at grown-ups as a group"
POST = "They are all thieves and liars, every last one of them at that place"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = Home(tmp_path_factory.mktemp("summary") / "home")
    write_swept_home(home.folder, NIGHT)
    with serving_whole(home) as running:
        yield running
        assert running.crashes == []


def covered(desk: Running, place: int) -> MentionRow:
    with Warehouse(desk.home.folder).live_reader() as reading:
        rows = list_mentions(reading, MentionFilter())
    return [row for row in rows if row.incident and not row.is_sealed and len(row.text.split()) > RUN][place]


def send(client: httpx.Client, path: str, **fields: str) -> httpx.Response:
    return client.post(path, data={"csrf": csrf_in(client.get("/account").text), **fields})


def sum_up(client: httpx.Client, row: MentionRow, text: str, seen: str = "no") -> httpx.Response:
    return send(client, f"/mentions/{row.id}/summary", summary=text, revision=str(row.revision), seen=seen)


def logged(desk: Running, id_: str) -> list[tuple[object, ...]]:
    with Warehouse(desk.home.folder).live_reader() as reading:
        return reading.rows(
            "SELECT actor, role, reason FROM audit WHERE object_id = ? AND verb = 'summarised' ORDER BY seq",
            [id_],
        )


def files_with(desk: Running, word: str) -> list[str]:
    return [
        path.name
        for path in desk.home.folder.rglob("*")
        if path.is_file() and word.encode() in path.read_bytes()
    ]


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_what_a_first_reader_writes_stands_for_the_covered_words(desk: Running, lang: str) -> None:
    """Only after opening; no title, no log and no file in the clear holds it; the next reader opens by choice."""
    row, at = covered(desk, 0 if lang == "en" else 1), int(lang == "cy")
    path = f"/mentions/{row.id}"
    with sign_in(desk, DeskRole.DSL, lang=lang) as first, sign_in(desk, DeskRole.DEPUTY, lang=lang) as next_:
        assert sum_up(first, row, CALM).status_code == 404, "they have not opened it"
        assert SUMMARY_WORDS["summary_none"][at] in unescape(first.get(path).text)
        assert f'action="{path}/summary"' not in first.get(path).text
        opened = send(first, f"{path}/words")
        assert f'action="{path}/summary"' in opened.text
        for wrong, key in (
            (f"It says {' '.join(row.text.split()[:RUN])} and so on", "summary_copied"),
            ("short", "summary_length"),
            ("They say “awful things” about grown-ups", "summary_quotes"),
            ("Ring me on 01758 701234 about this post", "summary_private"),
        ):
            refused = sum_up(first, row, wrong)
            assert refused.status_code == 422 and SUMMARY_WORDS[key][at] in unescape(refused.text), key
            assert wrong.split()[-1] in refused.text and row.text[:40] not in unescape(refused.text)
        edited = send(first, f"{path}/summary", summary=CALM, revision="7", seen="no")
        assert edited.status_code == 422 and SUMMARY_WORDS["summary_edited"][at] in unescape(edited.text)
        assert first.post(f"{path}/summary", data={"summary": CALM}).status_code == 403
        assert logged(desk, row.id) == []

        done = sum_up(first, row, CALM)
        assert done.headers["location"] == f"{path}?said=summary_stored"
        page = next_.get(path)
        title = page.text.split("<title>")[1].split("</title>")[0]
        if page.status_code == 200:
            assert CALM in page.text and row.text[:40] not in unescape(page.text)
            assert SUMMARY_WORDS["summary_of"][at] in unescape(page.text) and "Zanzibarish" not in title
            assert f'action="{path}/words#words"' in page.text
        # Somebody who had the form open before is told, and keeps what they wrote.
        late = sum_up(first, row, "Another view of the very same thing")
        assert late.status_code == 409 and "Another view of the very same thing" in late.text
        assert sum_up(first, row, "Another view of the very same thing", "yes").status_code == 303
    with Warehouse(desk.home.folder).live_reader() as reading:
        found = read_summary(reading, row.id)
    assert found is not None and found.text == "Another view of the very same thing"
    told = logged(desk, row.id)
    assert [(role, reason) for _, role, reason in told] == [("dsl", "")] * 2 or [
        (role, reason) for _, role, reason in told
    ] == [("dsl", None)] * 2
    assert all(re.fullmatch(r"[0-9a-f]{16}", str(actor)) for actor, _, _ in told)
    assert files_with(desk, "Zanzibarish") == [] and files_with(desk, "very same thing") == []


def test_the_incident_shows_it_too_and_only_to_who_may_know(desk: Running) -> None:
    """Issue 6, point 4: whoever decides an incident reads the colleague's words there; the post stays covered."""
    row = covered(desk, 3)
    path = f"/incidents/{row.incident}"
    with sign_in(desk, DeskRole.DSL) as first, sign_in(desk, DeskRole.DSL, lang="cy") as next_:
        assert SUMMARY_WORDS["summary_of"][0] not in unescape(first.get(path).text)
        send(first, f"/mentions/{row.id}/words")
        assert sum_up(first, row, CALM).status_code == 303
        page = unescape(next_.get(path).text)
        assert CALM in page and SUMMARY_WORDS["summary_of"][1] in page and row.text[:40] not in page
        assert f'action="/mentions/{row.id}/words#words"' in page
        assert "Zanzibarish" not in page.split("<title>")[1].split("</title>")[0]
    with sign_in(desk, DeskRole.REVIEWER) as client:
        answer = client.get(path)
    assert answer.status_code == 404 and CALM not in answer.text


def test_who_may_not_know_of_the_post_sums_nothing_up(desk: Running) -> None:
    """L31: the same bytes as for an id that never was."""
    row = covered(desk, 2)
    with sign_in(desk, DeskRole.REVIEWER) as client:
        here = sum_up(client, row, CALM)
        never = send(client, "/mentions/m000/summary", summary=CALM, revision="1", seen="no")
    assert here.status_code == never.status_code == 404 and here.content == never.content
    assert logged(desk, row.id) == []


def test_it_goes_with_the_post_and_its_key_with_it(desk: Running) -> None:
    """Erased means gone: row and key; and those of others still open after a new school key."""
    with Warehouse(desk.home.folder).live_reader() as reading:
        rows = list_mentions(reading, MentionFilter())
    free = [row for row in rows if row.needs_person and not row.incident and not row.is_sealed]
    gone, stays = free[0], free[1]
    with sign_in(desk, DeskRole.DSL) as client:
        for row in (gone, stays):
            send(client, f"/mentions/{row.id}/words")
            assert sum_up(client, row, CALM).status_code == 303
    assert erase(Warehouse(desk.home.folder), [gone.id], "asked for", MORNING, "h").erased == (gone.id,)
    with Warehouse(desk.home.folder).live_reader() as reading:
        kept = [id_ for (id_,) in reading.rows("SELECT mention_id FROM summaries")]
        found = read_summary(reading, stays.id)
    assert gone.id not in kept and found is not None and found.text == CALM


WORD = st.text("abcdefghij", min_size=1, max_size=6)


@given(st.lists(WORD, min_size=RUN, max_size=30), st.data())
def test_no_run_of_words_of_the_post_passes_however_it_is_dressed(
    words: list[str], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(words) - RUN))
    joint = data.draw(st.sampled_from([" ", ", ", " - ", "\n", ".  ", "\u200b "]))
    dressed = joint.join(word.upper() if data.draw(st.booleans()) else word for word in words[at : at + RUN])
    said = f"Somebody writes {dressed} of the place"
    assert find_summary_fault(said, "", " ".join(words)) in ("summary_copied", "summary_length")


@pytest.mark.parametrize("text", ["x" * (LEAST - 1), "x" * (MOST + 1), " " * 40])
def test_a_summary_is_short_and_not_empty(text: str) -> None:
    assert find_summary_fault(text, POST) == "summary_length"


def test_own_words_pass_and_a_short_post_is_not_repeated_whole() -> None:
    assert find_summary_fault(CALM, "", POST) == ""
    assert (
        find_summary_fault("The whole of it is: total rubbish school.", "", "Total rubbish")
        == "summary_copied"
    )


def test_every_word_is_there_in_both_languages() -> None:
    for english, welsh in SUMMARY_WORDS.values():
        assert english and welsh and english != welsh
        assert set(re.findall(r"{\w+}", english)) == set(re.findall(r"{\w+}", welsh))

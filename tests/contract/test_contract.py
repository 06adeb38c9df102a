"""What every collector promises, asked of each of them against real HTTP on loopback."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import unquote_plus

import pytest

from mentionwatch.labels import FaultKind
from mentionwatch.model import Collected, Cursor, Faulted, Unchanged
from tests.contract.nights import CASES, Nights, fault_of, profile
from town.reddit_api import CLIENT_SECRET
from town.server import POSTS, RETRY_AFTER_S, Trouble
from town.story import CHAIR, DEPUTY, HEAD

Open = Callable[..., Nights]
EVERY = pytest.mark.parametrize("kind", list(CASES))


def test_a_first_look_delivers_everything_once_with_the_words_intact(nights: Nights) -> None:
    result = nights.look()
    assert isinstance(result, Collected) and result.fault is None, result
    ids = [entry.native_id for entry in result.entries]
    assert len(ids) == len(set(ids))
    found = nights.changed(result)
    expected = nights.case.expected(nights.town)
    assert set(expected) <= set(found)
    for native_id, words in expected.items():
        assert words in found[native_id].text, native_id


def test_welsh_letters_arrive_as_they_were_written(open_nights: Open) -> None:
    wanted = {"wikipedia": "tŷ gwydr", "reddit": "giât", "feed": "gŵyr ifanc"}
    for kind, words in wanted.items():
        nights = open_nights(kind)
        if kind == "feed":
            nights.collector = nights.case.build(nights.town, url=f"{nights.town.base}/papur/feed.xml")
        found = nights.changed(nights.look())
        assert any(words in entry.text for entry in found.values()), kind


def test_times_are_aware_utc_and_those_of_the_source(nights: Nights) -> None:
    found = nights.changed(nights.look())
    at = {post.key: nights.town.stage.at(post) for post in POSTS}
    for entry in found.values():
        assert entry.posted_at is not None and entry.posted_at.utcoffset() == timedelta(0)
        assert entry.edited_at is None or entry.edited_at > entry.posted_at
        key = entry.native_id.rpartition(":")[2]
        assert entry.posted_at == at.get(key, entry.posted_at)


def test_a_second_look_delivers_nothing_new(nights: Nights) -> None:
    nights.changed(nights.look())
    again = nights.look()
    assert not isinstance(again, Faulted) and again.fault is None
    assert nights.changed(again) == {}


@pytest.mark.parametrize("kind", ["feed", "wikipedia"])
def test_a_source_without_news_is_unchanged(open_nights: Open, kind: str) -> None:
    nights = open_nights(kind)
    nights.changed(nights.look())
    nights.town.forget_visits()
    assert isinstance(nights.look(), Unchanged)
    if kind == "feed":
        assert [visit.status for visit in nights.town.visits("/blog/atom.xml")] == [304]


def test_an_edit_keeps_the_id_and_changes_the_content(nights: Nights) -> None:
    """L17: a new revision, never an overwrite."""
    nights.changed(nights.look())
    nights.town.tell_edit()
    found = nights.changed(nights.look())
    assert nights.case.edited_id in found
    assert nights.known[nights.case.edited_id].revision == 2
    assert nights.changed(nights.look()) == {}, "an edit is told once"


def test_what_its_author_took_down_is_gone_and_stays_gone(nights: Nights) -> None:
    nights.changed(nights.look())
    nights.town.tell_deletion()
    result = nights.look()
    assert isinstance(result, Collected)
    gone = {item.native_id: item.basis for item in result.gone}
    assert gone.get(nights.case.gone_id)
    nights.changed(result)
    again = nights.look()
    assert not (isinstance(again, Collected) and again.gone), "gone is told once"
    assert nights.changed(again) == {}


def test_nothing_is_gone_while_the_source_is_broken(nights: Nights) -> None:
    """0 false "gone"."""
    nights.changed(nights.look())
    for trouble in (Trouble.NOTHING_LISTED, Trouble.SERVER_ERROR, Trouble.TRUNCATED):
        nights.town.break_path(nights.case.listed, trouble)
        result = nights.look()
        assert not (isinstance(result, Collected) and result.gone), trouble
    nights.town.mend()
    result = nights.look()
    assert not (isinstance(result, Collected) and result.gone)
    assert nights.changed(result) == {}


def test_what_appears_late_with_an_earlier_date_is_not_lost(nights: Nights) -> None:
    nights.changed(nights.look())
    nights.town.tell_late_news()
    nights.town.tell_edit()
    assert nights.case.late_id in nights.changed(nights.look())


TROUBLES = [
    (Trouble.RATE_LIMITED, FaultKind.RATE_LIMITED),
    (Trouble.SERVER_ERROR, FaultKind.SERVER_ERROR),
    (Trouble.FORBIDDEN, FaultKind.HTTP_401_403),
    (Trouble.NOT_FOUND, FaultKind.HTTP_404_410),
    (Trouble.GONE, FaultKind.HTTP_404_410),
    (Trouble.HTML, FaultKind.NOT_A_FEED),
    (Trouble.EMPTY_BODY, FaultKind.EMPTY),
    (Trouble.RESET, FaultKind.SERVER_ERROR),
    (Trouble.REDIRECT_NOWHERE, FaultKind.UNEXPECTED),
]


@pytest.mark.parametrize(("trouble", "kind_of_fault"), TROUBLES)
def test_each_trouble_is_named_and_loses_nothing(
    nights: Nights, trouble: Trouble, kind_of_fault: FaultKind
) -> None:
    nights.town.break_path(nights.case.listed, trouble)
    result = nights.look()
    assert isinstance(result, Faulted), result
    assert fault_of(result).kind is kind_of_fault
    assert "\n" not in fault_of(result).detail
    if trouble is Trouble.RATE_LIMITED:
        assert fault_of(result).retry_after_s == RETRY_AFTER_S
        assert len(nights.town.visits(nights.case.listed)) == 1, "who is told to wait asks no more"
    nights.town.mend()
    assert set(nights.case.expected(nights.town)) <= set(nights.changed(nights.look()))


def test_an_answer_that_breaks_off_is_called_truncated(nights: Nights) -> None:
    nights.town.break_path(nights.case.listed, Trouble.TRUNCATED)
    assert fault_of(nights.look()).kind is FaultKind.TRUNCATED
    nights.town.mend()
    nights.changed(nights.look())
    assert set(nights.case.expected(nights.town)) <= set(nights.known)


@EVERY
@pytest.mark.parametrize("trouble", [Trouble.SLOW, Trouble.DRIP])
def test_a_server_that_never_finishes_is_left_in_time(open_nights: Open, kind: str, trouble: Trouble) -> None:
    nights = open_nights(kind, total_s=0.3)
    nights.town.break_path(nights.case.listed, trouble)
    assert fault_of(nights.look()).kind is FaultKind.TIMEOUT
    assert len(nights.town.visits(nights.case.listed)) <= 2


def test_news_during_trouble_arrives_afterwards(nights: Nights) -> None:
    nights.changed(nights.look())
    nights.town.tell_edit()
    nights.town.break_path(nights.case.listed, Trouble.SERVER_ERROR)
    assert isinstance(nights.look(), Faulted)
    nights.town.mend()
    assert nights.case.edited_id in nights.changed(nights.look())


def test_missing_credentials_are_named_with_the_way_to_give_them(open_nights: Open) -> None:
    nights = open_nights("reddit")
    request = nights.request()
    object.__setattr__(request, "credentials", {})
    fault = fault_of(nights.collector.collect(request))
    assert fault.kind is FaultKind.CREDENTIALS
    for words in (
        "MENTIONWATCH_REDDIT_CLIENT_ID",
        "MENTIONWATCH_REDDIT_CLIENT_SECRET",
        "keys/credentials.toml",
    ):
        assert words in fault.detail
    assert nights.town.visits("/reddit") == ()


def test_refused_credentials_are_called_credentials(open_nights: Open) -> None:
    nights = open_nights("reddit")
    for path in ("/reddit/", "/reddit-api/"):
        nights.town.mend()
        nights.town.break_path(path, Trouble.UNAUTHORISED)
        fault = fault_of(nights.look())
        assert fault.kind is FaultKind.CREDENTIALS
        assert CLIENT_SECRET not in fault.detail


def test_no_query_holds_the_name_of_a_person(nights: Nights) -> None:
    """I13: queries are built from the school's names only."""
    nights.changed(nights.look())
    nights.town.tell_edit()
    nights.look()
    authors = {post.author for post in POSTS if " " not in post.author}
    for visit in nights.town.visits():
        sent = unquote_plus(visit.target) + visit.body.decode()
        for name in (HEAD, DEPUTY, CHAIR, *authors - {""}):
            assert not re.search(rf"\b{re.escape(name)}\b", sent, re.IGNORECASE), sent
        assert "/user/" not in sent and "usercontribs" not in sent


def test_the_same_cursor_gives_the_same_answer(nights: Nights) -> None:
    nights.changed(nights.look())
    nights.town.tell_edit()
    nights.town.tell_late_news()
    assert nights.collector.collect(nights.request()) == nights.collector.collect(nights.request())


def test_the_cursor_is_json_survives_a_round_trip_and_holds_no_words(nights: Nights) -> None:
    result = nights.look()
    nights.changed(result)
    assert isinstance(result, Collected)
    cursor = json.loads(result.cursor.json)
    nights.cursor = Cursor(json.dumps(cursor))
    assert nights.changed(nights.look()) == {}
    for entry in result.entries:
        for words in (entry.author, entry.text[:40]):
            assert not words or words not in result.cursor.json


def test_a_cursor_nobody_understands_starts_afresh(nights: Nights) -> None:
    for text in ("", "[]", "null", "{", '{"v": 99}', '{"v": 1, "marks": 3, "pages": [1], "feeds": []}'):
        nights.cursor = Cursor(text)
        result = nights.collector.collect(nights.request())
        assert isinstance(result, Collected) and result.fault is None, text


def test_no_picture_script_font_or_film_is_ever_asked_for(nights: Nights) -> None:
    nights.changed(nights.look())
    nights.town.tell_edit()
    nights.town.tell_deletion()
    nights.look()
    assert nights.town.media_visits() == ()


def test_evidence_is_the_sources_own_bytes_where_there_is_no_page(nights: Nights) -> None:
    for entry in nights.changed(nights.look()).values():
        if entry.has_page:
            assert entry.url.startswith(nights.town.base) and not entry.raw
        else:
            assert entry.raw_media_type == "application/json"
            json.loads(entry.raw)


def test_the_profile_under_test_does_name_people() -> None:
    people = profile()
    assert people.head_surnames and people.deputy_surnames and people.chair_surnames

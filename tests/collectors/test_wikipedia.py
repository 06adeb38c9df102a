"""Wikipedia beyond the contract: differences, reverts seen early and late, hidden edits, errors of the API."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from collectors.base import CollectRequest
from collectors.fetch import Door
from collectors.wiki_edits import (
    REVERTED,
    REVERTS,
    Step,
    judge_history,
    read_diff,
)
from collectors.wikipedia import WikipediaCollector, make_wikipedia
from mentionwatch.errors import ConfigError
from mentionwatch.labels import FaultKind
from mentionwatch.model import Collected, CollectResult, Cursor, EntryFound, Faulted, KnownItem, SourceSpec
from mentionwatch.tables import Table
from tests.collectors.loopback import Loopback, answer, send
from tests.contract.nights import fingerprint, open_door, profile
from town.server import Town
from town.wiki_api import API, diff_table

SPEC = SourceSpec("wikipedia", "wikipedia")


def make(api_url: str, **options: object) -> WikipediaCollector:
    fields = {"api_url": api_url, "pages": ["Ysgol Aberwylan"], **options}
    return make_wikipedia(SPEC, Table("sources.toml", fields, "source[1]"), profile())


def look(
    collector: WikipediaCollector,
    door: Door,
    now: datetime,
    cursor: Cursor | None = None,
    known: Mapping[str, KnownItem] | None = None,
) -> CollectResult:
    return collector.collect(CollectRequest(profile(), cursor, known or {}, now, door, {}))


def collected(result: CollectResult) -> Collected:
    assert isinstance(result, Collected), result
    return result


def by_id(result: Collected) -> dict[str, EntryFound]:
    return {entry.native_id: entry for entry in result.entries}


def stored(result: Collected) -> dict[str, KnownItem]:
    return {e.native_id: KnownItem(e.native_id, "m", e.url, fingerprint(e), 1) for e in result.entries}


@pytest.fixture
def collector(town: Town) -> WikipediaCollector:
    return make(f"{town.base}{API}")


# --- what an edit says -----------------------------------------------------------------------------


def test_an_edit_is_its_added_lines_its_removed_words_and_its_summary(
    collector: WikipediaCollector, door: Door, now: datetime
) -> None:
    found = by_id(collected(look(collector, door, now)))
    vandal = found["1003"]
    assert vandal.title == "Ysgol Aberwylan"
    assert vandal.text.startswith("The head Trefalun")
    assert "[removed]" in vandal.text and "1907" in vandal.text
    assert found["1005"].text.endswith("[summary] county eisteddfod")
    assert found["1001"].text.startswith("'''Ysgol Aberwylan'''"), "the first edit is the whole article"
    assert vandal.url == f"{collector.api_url.removesuffix('api.php')}index.php?oldid=1003&diff=prev"
    raw = json.loads(vandal.raw)
    assert raw["revision"]["revid"] == 1003 and "body" in raw["change"]["compare"]


def test_an_edit_that_takes_abuse_out_does_not_repeat_it(
    collector: WikipediaCollector, door: Door, now: datetime
) -> None:
    found = by_id(collected(look(collector, door, now)))
    assert found["1003"].flags == (REVERTED,)
    assert found["1004"].flags == (REVERTS,)
    assert "pervert" in found["1003"].text and "pervert" not in found["1004"].text


def test_the_markup_of_a_difference_becomes_plain_text() -> None:
    added, removed = read_diff(
        diff_table("same\nold <b>line</b> & more", "same\nnew <b>line</b> & more\nextra")
    )
    assert added == "new <b>line</b> & more\nextra"
    assert removed == "old"
    assert read_diff("<td class='diff-addedline'>cut off")[0] == "cut off"
    assert read_diff("<td class='diff-addedline'>a</td><td>b</td>c") == ("a", "")
    huge = read_diff(f'<td class="diff-addedline"><div>{"é" * 50_000}</div></td>')[0]
    assert len(huge.encode()) <= 20_000


# --- reverts ---------------------------------------------------------------------------------------


def steps(*sha1s: str) -> list[Step]:
    return [Step(number, sha1) for number, sha1 in enumerate(sha1s, 1)]


def test_a_return_to_an_earlier_text_undoes_what_lies_between() -> None:
    flags = judge_history(steps("a", "b", "c", "a", "d"), {})
    assert flags == {1: (), 2: (REVERTED,), 3: (REVERTED,), 4: (REVERTS,), 5: ()}


def test_an_edit_that_changes_nothing_reverts_nothing() -> None:
    assert judge_history(steps("a", "a", "b"), {}) == {1: (), 2: (), 3: ()}


def test_hidden_texts_are_not_taken_for_equal() -> None:
    assert judge_history(steps("", "b", ""), {}) == {1: (), 2: (), 3: ()}


def test_tags_tell_what_texts_do_not() -> None:
    tags = {1: frozenset({"mw-reverted"}), 2: frozenset({"mw-undo", "visualeditor"})}
    assert judge_history(steps("a", "b"), tags) == {1: (REVERTED,), 2: (REVERTS,)}


def test_a_stored_edit_that_is_undone_later_is_delivered_again(
    town: Town, collector: WikipediaCollector, door: Door, now: datetime
) -> None:
    first = collected(look(collector, door, now))
    town.tell_edit()
    second = collected(look(collector, door, now, first.cursor, stored(first)))
    assert set(by_id(second)) == {"1006", "1007"}
    assert by_id(second)["1006"].flags == (REVERTED,)
    assert fingerprint(by_id(second)["1006"]) != fingerprint(by_id(first)["1006"])


def test_one_that_nobody_stored_is_not(
    town: Town, collector: WikipediaCollector, door: Door, now: datetime
) -> None:
    first = collected(look(collector, door, now))
    town.tell_edit()
    assert set(by_id(collected(look(collector, door, now, first.cursor)))) == {"1007"}


# --- hidden and missing ----------------------------------------------------------------------------


def test_a_hidden_edit_is_gone_when_stored_and_only_counted_when_not(
    town: Town, collector: WikipediaCollector, door: Door, now: datetime
) -> None:
    first = collected(look(collector, door, now))
    town.tell_deletion()
    second = collected(look(collector, door, now, first.cursor, stored(first)))
    assert [(gone.native_id, "hidden" in gone.basis) for gone in second.gone] == [("1005", True)]
    fresh = collected(look(collector, door, now))
    assert "1005" not in by_id(fresh)
    assert any("hidden" in note for note in fresh.not_looked_at)
    assert fresh.fault is None, "neighbours of a hidden edit cannot be compared, and that is no fault"


def test_a_missing_article_is_named_and_the_others_are_read(town: Town, door: Door, now: datetime) -> None:
    collector = make(f"{town.base}{API}", pages=["Ysgol Aberwylan", "No such article"])
    result = collected(look(collector, door, now))
    assert result.fault is not None and result.fault.kind is FaultKind.HTTP_404_410
    assert any("No such article" in note for note in result.not_looked_at)
    assert result.entries
    nothing = look(make(f"{town.base}{API}", pages=["No such article"]), door, now)
    assert isinstance(nothing, Faulted) and nothing.fault.kind is FaultKind.HTTP_404_410


def test_articles_are_found_by_the_schools_names(town: Town, door: Door, now: datetime) -> None:
    collector = make(f"{town.base}{API}", pages=[])
    result = collected(look(collector, door, now))
    assert "Ysgol Aberwylan" in {entry.title for entry in result.entries}
    searches = [
        parse_qs(urlsplit(visit.target).query)["srsearch"][0]
        for visit in town.visits(API)
        if "srsearch" in visit.target
    ]
    assert '"Ysgol Aberwylan"' in searches
    assert len(searches) > 1 and all(query.count('"') == 2 for query in searches), "a name at a time"


# --- the API ---------------------------------------------------------------------------------------


def test_calls_are_polite(town: Town, collector: WikipediaCollector, door: Door, now: datetime) -> None:
    """API etiquette: a contact, maxlag, no robots.txt needed, format version 2."""
    collected(look(collector, door, now))
    visits = town.visits(API)
    assert all("maxlag=5" in visit.target and "formatversion=2" in visit.target for visit in visits)
    assert all("office@ysgolaberwylan.example" in visit.header("User-Agent") for visit in visits)
    assert town.visits("/robots.txt") == ()


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("ratelimited", FaultKind.RATE_LIMITED),
        ("maxlag", FaultKind.SERVER_ERROR),
        ("readapidenied", FaultKind.HTTP_401_403),
        ("internal_api_error_DBQueryError", FaultKind.SERVER_ERROR),
        ("something-new\n<b>", FaultKind.UNEXPECTED),
    ],
)
def test_errors_of_the_api_have_their_kinds(
    server: Loopback, now: datetime, code: str, kind: FaultKind
) -> None:
    body = json.dumps({"error": {"code": code, "info": "words"}}).encode()
    server.routes["/w/api.php"] = send(
        answer(body, content_type="application/json", retry_after="9" if code == "maxlag" else "")
    )
    door = open_door(server.base)
    result = look(make(f"{server.base}/w/api.php"), door, now)
    door.close()
    assert isinstance(result, Faulted) and result.fault.kind is kind
    assert "\n" not in result.fault.detail and "<" not in result.fault.detail
    if code == "maxlag":
        assert result.fault.retry_after_s == 9.0
        assert sum(server.hits.values()) == 1, "a lagging wiki is asked once"


@pytest.mark.parametrize(
    "value",
    [
        [],
        7,
        {"query": []},
        {"query": {"pages": {"7": {}}}},
        {
            "query": {
                "pages": [{"pageid": 5, "title": "T", "revisions": [{"revid": "x"}, None, {"revid": 1e99}]}]
            }
        },
        {"query": {"pages": [{"pageid": 5, "title": "T"}]}, "continue": {"rvcontinue": {"a": 1}}},
    ],
)
def test_json_of_another_shape_never_crashes_and_never_looks_clear(
    server: Loopback, now: datetime, value: object
) -> None:
    server.routes["/w/api.php"] = send(answer(json.dumps(value).encode(), content_type="application/json"))
    door = open_door(server.base)
    result = look(make(f"{server.base}/w/api.php"), door, now)
    door.close()
    assert result.fault is not None
    assert not (isinstance(result, Collected) and result.entries)


def test_a_first_look_says_how_far_back_it_went(server: Loopback, now: datetime) -> None:
    revisions = [
        {"revid": n, "parentid": n - 1, "timestamp": "2026-11-01T00:00:00Z", "sha1": f"{n}", "user": "U"}
        for n in range(40, 60)
    ]
    page = {"pageid": 5, "title": "T", "revisions": revisions}
    body = {"query": {"pages": [page]}, "continue": {"rvcontinue": "39"}, "compare": {"body": ""}}
    server.routes["/w/api.php"] = send(answer(json.dumps(body).encode(), content_type="application/json"))
    door = open_door(server.base)
    result = collected(look(make(f"{server.base}/w/api.php"), door, now))
    door.close()
    assert len(result.entries) == 20
    assert any("before the last 20" in note for note in result.not_looked_at)


def test_a_title_that_cannot_be_one_is_refused() -> None:
    with pytest.raises(ConfigError, match="cannot be a title"):
        make("http://127.0.0.1/w/api.php", pages=["A|B"])

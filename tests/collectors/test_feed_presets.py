"""Presets and options of the feed collector."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from collectors.base import Collector, CollectRequest, Secret
from collectors.feed import FeedCollector, make_feed
from collectors.presets import google_news_urls, unwrap, whatdotheyknow_feed
from mentionwatch.errors import ConfigError
from mentionwatch.fetching import Fault, Fetched, FetchRequest
from mentionwatch.labels import EntryKind, FaultKind
from mentionwatch.model import (
    Cursor,
    Faulted,
)
from mentionwatch.school import SchoolProfile
from mentionwatch.tables import Table
from tests.collectors.feed_bench import SCHOOL, SPEC, Bench, atom, item, rss
from tests.collectors.loopback import answer, send

# --- presets and options ---


def test_queries_hold_the_schools_names_and_no_persons(bench: Bench) -> None:
    """I13: English always, Welsh where there are Welsh names."""
    urls = google_news_urls(SCHOOL)
    queries = [parse_qs(urlsplit(url).query) for url in urls]
    assert [query["ceid"] for query in queries] == [["GB:en"], ["GB:cy"]]
    assert queries[0]["q"] == ['"Ysgol Llanfair" OR "Llanfair Primary School"'] and queries[1]["q"] == [
        '"Ysgol Llanfair"'
    ]
    assert not any("Price" in url for url in urls)
    english = SchoolProfile(name="St Mary's", names=(), places=())
    assert len(google_news_urls(english)) == 1
    assert len(google_news_urls(dataclasses.replace(english, lang="cy"))) == 2
    wordy = SchoolProfile(
        name='Saint "Q" School',
        names=tuple(f"A rather long name of a school number {n}" for n in range(30)),
        places=(),
    )
    longest = [parse_qs(urlsplit(url).query)["q"][0] for url in google_news_urls(wordy)]
    assert (
        len(longest) > 2
        and all(len(query) <= 400 for query in longest)
        and longest[0].startswith('"Saint Q School"')
    )


def options(bench: Bench, **values: object) -> FeedCollector:
    return make_feed(SPEC, Table("sources.toml", values, "source[1]"), SCHOOL)


def test_news_search_is_served_by_a_stand_in_and_merges_its_editions(bench: Bench) -> None:
    collector = bench.collector = options(bench, preset="google_news", url=f"{bench.server.base}/rss/search")
    assert len(collector.urls) == 2
    bench.server.routes["/rss/search"] = send(answer(rss(item(1), item(2)), content_type="text/xml"))
    result = bench.collected()
    assert len(result.entries) == 2 and result.fetched == 4 and result.fault is None
    bench.server.routes["/rss/search"] = send(answer(rss(), content_type="text/xml"))
    assert bench.fault() is FaultKind.EMPTY


def test_an_alert_without_news_yet_is_normal(bench: Bench) -> None:
    bench.collector = options(bench, preset="google_alerts", url=f"{bench.server.base}/feed")
    bench.serve(atom())
    assert bench.fault() is None and bench.fault() is None


def test_alert_links_are_unwrapped(bench: Bench) -> None:
    assert (
        unwrap("https://www.google.com/url?rct=j&sa=t&url=https://paper.example/a%3Fb%3D1&ct=ga")
        == "https://paper.example/a?b=1"
    )
    assert (
        unwrap("https://www.google.com/url?url=javascript:x") == "https://www.google.com/url?url=javascript:x"
    )
    bench.collector = options(bench, preset="google_alerts", url=f"{bench.server.base}/feed")
    entry_xml = "<entry><id>tag:google,1</id><title type='html'>The &lt;b&gt;School&lt;/b&gt;</title><link href='https://www.google.com/url?url=https://paper.example/9&amp;ct=ga'/><published>2026-11-20T10:00:00Z</published></entry>"
    bench.serve(atom(entry_xml))
    entry = bench.collected().entries[0]
    assert (entry.url, entry.title) == ("https://paper.example/9", "The School")


def test_the_address_of_an_alert_feed_is_a_secret(bench: Bench) -> None:
    secret = Secret(f"{bench.server.base}/feed?hush=1")
    bench.collector = options(bench, preset="google_alerts")
    assert bench.collector.urls == ()
    missing = bench.look()
    assert isinstance(missing, Faulted) and missing.fault.kind is FaultKind.CREDENTIALS
    seen: list[FetchRequest] = []

    def fetch(request: FetchRequest) -> Fetched | Fault:
        seen.append(request)
        return Fetched(
            request.url, request.url, 200, "OK", (), rss(item(1, link="", guid="g")), b"", bench.now
        )

    request = CollectRequest(SCHOOL, None, {}, bench.now, fetch, {"feed_url": secret})
    result = bench.collector.collect(request)
    assert seen[0].url == str(secret) and "hush" not in repr(result) and "hush" not in repr(request)
    broken = dataclasses.replace(request, fetch=bench.door)
    assert "hush" not in repr(bench.collector.collect(broken))


def test_foi_pages_become_their_feeds(bench: Bench) -> None:
    base = "https://www.whatdotheyknow.com"
    assert whatdotheyknow_feed(f"{base}/body/ysgol_x") == f"{base}/feed/body/ysgol_x"
    assert whatdotheyknow_feed(f"{base}/feed/search/x?y=1") == f"{base}/feed/search/x?y=1"
    collector = options(bench, preset="whatdotheyknow", url=f"{base}/body/x")
    assert collector.entry_kind is EntryKind.REQUEST and collector.urls == (f"{base}/feed/body/x",)


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({}, "url"),
        ({"url": "ftp://x/"}, "url"),
        ({"url": "https://u:p@x.example/"}, "url"),
        ({"url": "https://x/", "kind": "edit"}, "kind"),
        ({"preset": "bing"}, "preset"),
        ({"preset": "whatdotheyknow"}, "url"),
    ],
)
def test_a_wrong_option_names_its_key_and_the_mend(bench: Bench, values: dict[str, str], word: str) -> None:
    with pytest.raises(ConfigError, match=rf"source\[1\]\.{word}.*(Write|Add)"):
        options(bench, **values)


def test_a_cursor_of_another_version_starts_afresh(bench: Bench) -> None:
    bench.serve(rss(item(1)))
    for text in ("", "{}", "[]", '{"v":1}', '{"v":1,"feeds":{"x":{}}}', '{"v":9,"feeds":{}}'):
        bench.cursor = Cursor(text)
        assert len(bench.collected().entries) == 1


def test_a_cursor_holds_no_address_and_no_text(bench: Bench) -> None:
    bench.serve(rss(item(1)))
    cursor = bench.collected().cursor.json
    assert "paper.example" not in cursor and "Story" not in cursor and "/feed" not in cursor


def test_the_callable_contract_is_met(bench: Bench) -> None:
    make: Callable[..., Collector] = make_feed
    collector = make(SPEC, Table("s", {"url": "https://x.example/f", "kind": "comment"}), SCHOOL)
    assert collector.kind == "feed" and collector.urls == ("https://x.example/f",) and collector.spec is SPEC

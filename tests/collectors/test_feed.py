"""The feed collector against real feeds served on loopback: entries, times, identity, hostile content."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from mentionwatch.labels import EntryKind, PostedAtBasis
from mentionwatch.model import (
    EntryFound,
)
from tests.collectors.feed_bench import Bench, atom, item, one, rss


def test_an_rss_item_becomes_an_entry(bench: Bench) -> None:
    entry = one(
        bench,
        item(
            1,
            description="&lt;p&gt;Head &amp;amp; staff&lt;/p&gt;&lt;p&gt;met&lt;/p&gt;",
            author="jo@x.example (Jo Jones)",
        ),
    )
    assert entry == EntryFound(
        source="paper",
        native_id="https://paper.example/1",
        kind=EntryKind.ARTICLE,
        url="https://paper.example/1",
        title="Story 1",
        text="Head & staff\nmet",
        posted_at=datetime(2026, 11, 19, 10, tzinfo=UTC),
        posted_at_basis=PostedAtBasis.FEED,
        author="Jo Jones",
        place="Gwynedd",
    )


def test_an_atom_entry_tells_when_it_was_edited(bench: Bench) -> None:
    bench.serve(
        atom(
            "<entry><id>tag:x,1</id><title type='html'>&lt;b&gt;Hi&lt;/b&gt;</title><link href='/post/1'/><published>2026-11-19T10:00:00Z</published>"
            "<updated>2026-11-20T10:00:00Z</updated><author><name>Jo</name></author><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>A</p><p>B</p></div></content></entry>",
            "<entry><id>tag:x,2</id><title>Only updated</title><updated>2026-11-18T10:00:00Z</updated></entry>",
        )
    )
    first, second = bench.collected().entries
    assert (first.title, first.text, first.author) == ("Hi", "A\nB", "Jo")
    assert first.url == f"{bench.server.base}/post/1" and first.edited_at == datetime(
        2026, 11, 20, 10, tzinfo=UTC
    )
    assert (
        second.posted_at == datetime(2026, 11, 18, 10, tzinfo=UTC)
        and "posted_at_from_updated" in second.flags
    )


def test_a_json_feed_is_read(bench: Bench) -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "7", "url": "/7", "title": "A & B <c>", "content_html": "<p>x</p>", "date_published": "2026-11-20T10:00:00Z", "authors": [{"name": "Jo"}]}, {"id": 8, "content_text": "1 < 2 & 3"}]}  # fmt: skip
    bench.serve(json.dumps(feed).encode(), content_type="application/feed+json")
    first, second = bench.collected().entries
    assert (first.native_id, first.url, first.text, first.author) == (
        "7",
        f"{bench.server.base}/7",
        "x",
        "Jo",
    )
    assert (second.native_id, second.text, second.posted_at) == ("8", "1 < 2 & 3", None)


# --- times (L18) ---


@pytest.mark.parametrize(
    ("date", "hour"),
    [
        ("Sat, 20 Jun 2026 10:00:00 BST", 9),
        ("Gwener, 20 Tachwedd 2026 10:00", 10),
        ("20/11/2026 10:00", 10),
        ("Fri, 20 Nov 2026 10:00 GMT", 10),
        ("1795168800", 10),
    ],
)
def test_british_and_welsh_dates_are_read(bench: Bench, date: str, hour: int) -> None:
    entry = one(bench, item(1, date))
    assert entry.posted_at is not None and entry.posted_at.hour == hour


@pytest.mark.parametrize(
    "date", ["Sun, 22 Nov 2026 10:00:00 GMT", "Fri, 20 Nov 2015 10:00:00 GMT", "a while ago", "17"]
)
def test_l18_an_unbelievable_time_stays_unknown(bench: Bench, date: str) -> None:
    entry = one(bench, item(1, date))
    assert (entry.posted_at, entry.posted_at_basis) == (
        None,
        PostedAtBasis.UNKNOWN,
    ) and "date_estimated" in entry.flags


def test_l18_a_missing_time_is_never_the_time_of_capture(bench: Bench) -> None:
    assert one(bench, "<item><guid>1</guid><title>x</title></item>").posted_at is None


# --- identity ---


def test_changed_tracking_does_not_make_a_new_item(bench: Bench) -> None:
    ids = []
    for round_ in "ab":
        url = f"https://paper.example/1?utm_source={round_}"
        ids.append(one(bench, item(1, guid=url, link=url)).native_id)
    assert ids[0] == ids[1]


def test_a_guid_that_changes_at_every_look_is_still_one_item(bench: Bench) -> None:
    bench.serve(rss(*(item(n, guid=f"first-{n}") for n in range(5))))
    first = bench.collected().entries
    bench.store(first)
    for word in ("second", "third"):
        bench.serve(rss(*(item(n, guid=f"{word}-{n}") for n in range(5))))
        result = bench.collected()
        assert [e.native_id for e in result.entries] == [e.native_id for e in first] and not result.gone


def test_comments_are_told_apart_by_the_fragment_of_their_url(bench: Bench) -> None:
    bench.serve(rss(*(item(n, guid="", link=f"https://blog.example/post/#comment-{n}") for n in range(3))))
    assert len(bench.collected().entries) == 3


@pytest.mark.parametrize(
    "fields",
    [
        {"guid": "", "link": ""},
        {"guid": "same"},
        {"guid": "same", "link": ""},
        {"guid": "https://x.example/", "link": "https://x.example/"},
        {"guid": "", "link": "https://x.example/"},
        {"guid": "", "link": "", "pubDate": ""},
    ],
)
def test_items_of_careless_feeds_keep_their_own_identity(bench: Bench, fields: dict[str, str]) -> None:
    bench.serve(rss(*(item(n, **fields) for n in range(5))))
    first = {entry.native_id for entry in bench.collected().entries}
    bench.serve(rss(*(item(n, **fields) for n in range(1, 6))))
    second = {entry.native_id for entry in bench.collected().entries}
    assert len(first) == len(second) == 5 and len(first | second) == 6


def test_an_exact_repeat_counts_once(bench: Bench) -> None:
    bench.serve(rss(item(1), item(1), item(2)))
    assert len(bench.collected().entries) == 2


# --- hostile content ---


def test_markup_scripts_and_control_characters_never_reach_an_entry(bench: Bench) -> None:
    entry = one(
        bench,
        item(
            1,
            title="&lt;script&gt;alert(1)&lt;/script&gt;Hello\x00 &#8238;dlrow",
            description="&lt;form&gt;x&lt;/form&gt;\x01",
        ),
    )
    assert (entry.title, entry.text) == ("Hello dlrow", "x") and "control_characters_removed" in entry.flags


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "mailto:a@b.example"]
)
def test_a_link_that_is_no_page_is_not_a_url(bench: Bench, link: str) -> None:
    entry = one(bench, item(1, link=link, guid="g1"))
    assert (entry.url, entry.has_page) == (f"{bench.server.base}/feed", False)
    assert json.loads(entry.raw)["title"] == "Story 1" and entry.raw_media_type == "application/json"


def test_overlong_titles_and_texts_are_cut_and_marked(bench: Bench) -> None:
    entry = one(bench, item(1, title="ŵ" * 5000, description="word " * 100_000))
    assert len(entry.title.encode()) <= 1024 and len(entry.text.encode()) <= 256 * 1024
    assert {"title_cut", "text_cut"} <= set(entry.flags)


def test_more_than_two_thousand_items_are_said_to_be_there(bench: Bench) -> None:
    bench.serve(rss(*(f"<item><guid>{n}</guid></item>" for n in range(2100))))
    result = bench.collected()
    assert len(result.entries) == 2000 and result.not_looked_at == (
        "100 further items of the feed, beyond the first 2,000",
    )

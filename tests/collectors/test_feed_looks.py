"""The feed collector night after night: asking again, faults, silence, vanished items."""

from __future__ import annotations

import gzip
from datetime import timedelta

import pytest

from mentionwatch.labels import FaultKind
from mentionwatch.model import (
    Faulted,
    Unchanged,
)
from tests.collectors.feed_bench import Bench, item, one, rss
from tests.collectors.loopback import answer, loopback, send

# --- asking again ---


def test_unchanged_feeds_cost_a_question(bench: Bench) -> None:
    bench.serve(rss(item(1)), etag='"v1"', last_modified="Fri, 20 Nov 2026 10:00:00 GMT")
    bench.collected()
    assert isinstance(bench.look(), Unchanged)
    assert (
        b'If-None-Match: "v1"' in bench.server.requests[-1]
        and b"If-Modified-Since: Fri" in bench.server.requests[-1]
    )
    bench.serve(b"", "304 Not Modified", content_length="")
    assert isinstance(bench.look(), Unchanged)


def test_every_seventh_look_asks_without_validators(bench: Bench) -> None:
    bench.serve(rss(item(1)), etag='"v1"')
    conditional = []
    for _ in range(14):
        bench.look()
        conditional.append(b"If-None-Match" in bench.server.requests[-1])
    assert [number for number, is_conditional in enumerate(conditional) if not is_conditional] == [0, 6, 13]


def test_an_etag_that_http_cannot_carry_back_is_forgotten(bench: Bench) -> None:
    bench.serve(rss(item(1)), etag='"caf\u00e9"')
    bench.collected()
    bench.serve(rss(item(1), item(2)), etag='"caf\u00e9"')
    assert len(bench.collected().entries) == 2


def test_a_304_nobody_asked_for_is_not_good_news(bench: Bench) -> None:
    bench.serve(b"", "304 Not Modified", content_length="")
    assert isinstance(bench.look(), Faulted)


def test_an_edit_keeps_its_identity_and_shows_the_new_text(bench: Bench) -> None:
    one(bench, item(1))
    entry = one(bench, item(1, description="Other text"))
    assert (entry.native_id, entry.text) == ("https://paper.example/1", "Other text")


# --- which fault ---


@pytest.mark.parametrize(
    ("body", "headers", "kind"),
    [
        (b"<!doctype html><html><body>Access denied</body></html>", {}, FaultKind.NOT_A_FEED),
        (b'{"items": []}', {}, FaultKind.NOT_A_FEED),
        (b"just words", {}, FaultKind.NOT_A_FEED),
        (b"", {}, FaultKind.EMPTY),
        (b" \n ", {}, FaultKind.EMPTY),
        (b"x", {"status": "403 Forbidden"}, FaultKind.HTTP_401_403),
        (b"x", {"status": "410 Gone"}, FaultKind.HTTP_404_410),
        (b"x", {"status": "429 Slow"}, FaultKind.RATE_LIMITED),
        (b"x", {"status": "503 Down"}, FaultKind.SERVER_ERROR),
        (b"<rss version='2.0'><channel><item>" + b"<x>" * 5000, {}, FaultKind.TOO_LARGE),
    ],
)
def test_each_failure_has_its_name(
    bench: Bench, body: bytes, headers: dict[str, str], kind: FaultKind
) -> None:
    bench.serve(body, **headers)
    result = bench.look()
    assert isinstance(result, Faulted) and result.fault.kind is kind


def test_a_feed_without_entries_says_so_every_night(bench: Bench) -> None:
    bench.serve(rss(item(1)))
    bench.collected()
    bench.serve(rss(), etag='"e"')
    for _ in range(3):
        result = bench.collected()
        assert result.fault is not None and result.fault.kind is FaultKind.EMPTY and not result.gone


def test_a_broken_off_feed_gives_what_it_has_and_is_asked_for_whole_next_time(bench: Bench) -> None:
    bench.serve(rss(*(item(n) for n in range(10))), etag='"v1"')
    bench.store(bench.collected().entries)
    whole = rss(*(item(n, description=f"New {n}") for n in range(10)))
    packed = gzip.compress(whole)
    bench.serve(packed[: int(len(packed) * 0.6)], content_encoding="gzip", etag='"v2"')
    result = bench.collected()
    assert (
        result.fault is not None
        and result.fault.kind is FaultKind.TRUNCATED
        and 0 < len(result.entries) <= 10
    )
    assert not result.gone and bench.server.hits["/9"] == 0
    bench.serve(whole, etag='"v2"')
    assert len(bench.collected().entries) == 10


def test_badly_formed_feeds_are_read_as_far_as_they_go(bench: Bench) -> None:
    bench.serve(b"\n junk before " + rss(item(1, title="Fish & chips <b>hot"), item(2)))
    result = bench.collected()
    assert len(result.entries) == 2 and result.fault is None and "Fish & chips" in result.entries[0].title


def test_a_feed_that_fell_silent_is_frozen(bench: Bench) -> None:
    daily = [item(n, f"Fri, {20 - n:02} Nov 2026 10:00:00 GMT") for n in range(10)]
    bench.serve(rss(*daily), etag='"v1"')
    assert bench.fault() is None and bench.fault() is None
    bench.now += timedelta(days=13)
    assert bench.fault() is None
    bench.now += timedelta(days=2)
    result = bench.look()
    assert (
        isinstance(result, Unchanged) and result.fault is not None and result.fault.kind is FaultKind.FROZEN
    )
    bench.serve(rss(item(1, "Sat, 05 Dec 2026 10:00:00 GMT", guid="new"), *daily), etag='"v2"')
    assert bench.fault() is None


def test_a_slow_feed_is_given_six_of_its_own_gaps(bench: Bench) -> None:
    monthly = [item(n, f"{1} {month} 2026 10:00 GMT") for n, month in enumerate(("Nov", "Oct", "Sep", "Aug"))]
    bench.serve(rss(*monthly))
    bench.look()
    bench.now += timedelta(days=120)
    assert bench.fault() is None
    bench.now += timedelta(days=60)
    assert bench.fault() is FaultKind.FROZEN


# --- vanished items ---


@pytest.mark.parametrize(
    ("status", "is_gone"),
    [("404 Not Found", True), ("410 Gone", True), ("200 OK", False), ("500 No", False), ("403 No", False)],
)
def test_an_item_missing_from_the_middle_is_asked_for_once(bench: Bench, status: str, is_gone: bool) -> None:
    def page(n: int) -> str:
        return f"{bench.server.base}/{n}"

    bench.serve(rss(*(item(n, link=page(n)) for n in range(5))))
    entries = bench.collected().entries
    bench.store(entries)
    bench.server.routes["/2"] = send(answer(b"", status))
    bench.serve(rss(*(item(n, link=page(n)) for n in (0, 1, 3, 4))))
    result = bench.collected()
    assert [gone.native_id for gone in result.gone] == ([entries[2].native_id] if is_gone else [])
    asked = bench.server.hits["/2"]
    bench.serve(rss(*(item(n, link=page(n)) for n in (0, 1, 3, 4, 6))))
    bench.collected()
    assert bench.server.hits["/2"] == asked and bench.server.hits["/0"] == 0
    if is_gone:
        assert "its page answers 4" in result.gone[0].basis and result.gone[0].observed_at == bench.now


def test_items_that_fell_off_the_end_are_not_asked_for(bench: Bench) -> None:
    bench.serve(rss(*(item(n, link=f"{bench.server.base}/{n}") for n in range(1, 6))))
    bench.store(bench.collected().entries)
    bench.serve(rss(*(item(n, link=f"{bench.server.base}/{n}") for n in range(4))))
    assert not bench.collected().gone and bench.server.hits["/5"] == 0 == bench.server.hits["/4"]


def test_a_page_that_could_not_be_asked_is_asked_once_more(bench: Bench) -> None:
    bench.serve(rss(*(item(n, link=f"{bench.server.base}/{n}") for n in range(5))))
    bench.store(bench.collected().entries)
    bench.server.routes["/2"] = lambda _c, _r: "close"
    bench.serve(rss(*(item(n, link=f"{bench.server.base}/{n}") for n in (0, 1, 3, 4))))
    assert not bench.collected().gone
    del bench.server.routes["/2"]
    bench.serve(rss(*(item(n, link=f"{bench.server.base}/{n}") for n in (0, 1, 3, 4, 6))))
    assert len(bench.collected().gone) == 1


def test_a_link_into_another_private_origin_is_never_asked(bench: Bench) -> None:
    with loopback() as canary:
        bench.serve(rss(*(item(n, link=f"{canary.base}/{n}") for n in range(5))))
        bench.store(bench.collected().entries)
        bench.serve(rss(*(item(n, link=f"{canary.base}/{n}") for n in (0, 1, 3, 4))))
        assert not bench.collected().gone and canary.connections == 0

"""Feeds written by hand, and a bench that serves one and looks at it night after night."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from collectors.base import Collector, CollectRequest, Secret
from collectors.feed import make_feed
from collectors.fetch import Door
from mentionwatch.ids import content_sha256, mention_id
from mentionwatch.labels import FaultKind
from mentionwatch.model import (
    Collected,
    CollectResult,
    Cursor,
    EntryFound,
    Faulted,
    KnownItem,
    SourceSpec,
)
from mentionwatch.school import SchoolProfile
from mentionwatch.tables import Table
from tests.collectors.loopback import Loopback, answer, send

SCHOOL = SchoolProfile(
    name="Ysgol Llanfair", names=("Llanfair Primary School",), places=("Llanfair",), head_surnames=("Price",)
)
SPEC = SourceSpec(name="paper", collector="feed", place="Gwynedd")


def item(number: int, date: str = "", **fields: str) -> str:
    values = {
        "title": f"Story {number}",
        "link": f"https://paper.example/{number}",
        "guid": f"https://paper.example/{number}",
        "pubDate": date or f"Fri, {20 - number % 20:02} Nov 2026 10:00:00 GMT",
        "description": f"Text {number}",
    } | fields
    return (
        "<item>" + "".join(f"<{name}>{value}</{name}>" for name, value in values.items() if value) + "</item>"
    )


def rss(*items: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Paper</title>'
        + "".join(items)
        + "</channel></rss>"
    ).encode()


def atom(*entries: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Blog</title>'
        + "".join(entries)
        + "</feed>"
    ).encode()


class Bench:
    """One feed on a server, looked at as often as a test likes; remembers cursor and stored items."""

    def __init__(self, server: Loopback, door: Door, now: datetime) -> None:
        self.server, self.door, self.now = server, door, now
        self.cursor: Cursor | None = None
        self.known: dict[str, KnownItem] = {}
        self.collector: Collector = make_feed(
            SPEC, Table("sources.toml", {"url": f"{server.base}/feed"}), SCHOOL
        )

    def serve(self, body: bytes, status: str = "200 OK", **headers: str) -> None:
        self.server.routes["/feed"] = send(
            answer(body, status, **({"content_type": "application/rss+xml"} | headers))
        )

    def look(self, credentials: Mapping[str, Secret] | None = None) -> CollectResult:
        request = CollectRequest(SCHOOL, self.cursor, self.known, self.now, self.door, credentials or {})
        result = self.collector.collect(request)
        assert self.collector.collect(request) == result or self.server.hits["/once"], (
            "collect is not idempotent"
        )
        if not isinstance(result, Faulted):
            self.cursor = result.cursor
        return result

    def collected(self) -> Collected:
        result = self.look()
        assert isinstance(result, Collected), result
        return result

    def store(self, entries: tuple[EntryFound, ...]) -> None:
        for entry in entries:
            sha = content_sha256(entry.title, entry.text)
            self.known[entry.native_id] = KnownItem(
                entry.native_id, mention_id("paper", entry.native_id), entry.url, sha, 1, entry.posted_at
            )

    def fault(self) -> FaultKind | None:
        result = self.look()
        return result.fault.kind if result.fault else None


def one(bench: Bench, *items: str) -> EntryFound:
    bench.serve(rss(*(items or (item(1),))))
    return bench.collected().entries[0]

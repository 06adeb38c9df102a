"""Nights of one collector against the town: cursor and stored items go from look to look as in the sweep."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from ipaddress import ip_network

from collectors.base import Collector, CollectRequest, Secret
from collectors.fetch import Door, Limits
from collectors.registry import make_collector
from mentionwatch.fetching import Fault
from mentionwatch.ids import content_sha256, mention_id
from mentionwatch.model import (
    Collected,
    CollectResult,
    Cursor,
    EntryFound,
    Faulted,
    KnownItem,
    SourceSpec,
)
from mentionwatch.school import SchoolProfile, parse_school
from mentionwatch.tables import Table
from town.home import school_toml
from town.reddit_api import CLIENT_ID, CLIENT_SECRET
from town.server import POSTS, Town
from town.story import Leaves, Post, Venue
from town.story_reddit import REDDIT, SUBREDDIT, THREAD_PARKING
from town.story_wiki import EDITS, HIDDEN_LATER, UNDONE_LATER

PUBLIC_STATES = frozenset({"reverted"})
KEYS: Mapping[str, Secret] = {"client_id": Secret(CLIENT_ID), "client_secret": Secret(CLIENT_SECRET)}


def profile() -> SchoolProfile:
    import tomllib

    return parse_school(Table("school.toml", tomllib.loads(school_toml()))).profile


@dataclass(frozen=True)
class Case:
    """One collector under the contract. `listed` is the path that trouble is made at; `expected` maps native
    ids of a first look to words that must be in the entry."""

    kind: str
    options: Callable[[Town], dict[str, object]]
    listed: str
    expected: Callable[[Town], dict[str, str]]
    edited_id: str
    gone_id: str
    late_id: str
    credentials: Mapping[str, Secret] = field(default_factory=dict)

    def build(self, town: Town, **changes: object) -> Collector:
        table = Table("sources.toml", self.options(town) | changes, "source[1]")
        spec = SourceSpec("contract", self.kind, place="Aberwylan")
        collector = make_collector(spec, table, profile())
        table.finish()
        return collector


def blog_id(key: str) -> str:
    return f"tag:wylan.example,2026:{key}"


def _shown(town: Town, venue: Venue) -> list[Post]:
    return [post for post in POSTS if post.venue is venue and town.stage.shows(post)]


CASES = {
    "feed": Case(
        kind="feed",
        options=lambda town: {"url": f"{town.base}/blog/atom.xml", "kind": "post"},
        listed="/blog/atom.xml",
        expected=lambda town: {
            blog_id(post.key): town.stage.text(post)[:60] for post in _shown(town, Venue.BLOG)
        },
        edited_id=blog_id("crossing-patrol"),
        gone_id=blog_id("cinio-ysgol"),
        late_id=blog_id("old-photographs"),
    ),
    "reddit": Case(
        kind="reddit",
        options=lambda town: {
            "api_url": f"{town.base}/reddit",
            "oauth_url": f"{town.base}/reddit-api/",
            "subreddits": [SUBREDDIT],
        },
        listed="/reddit-api/",
        expected=lambda town: {
            post.key: town.stage.text(post)[:60] for post in REDDIT if town.stage.shows(post)
        },
        edited_id="t3_awterm",
        gone_id=next(post.key for post in REDDIT if post.leaves is Leaves.AUTHOR),
        late_id="t3_awlate",
        credentials=KEYS,
    ),
    "wikipedia": Case(
        kind="wikipedia",
        options=lambda town: {
            "api_url": f"{town.base}/wiki/w/api.php",
            "pages": ["Ysgol Aberwylan"],
            "search": True,
        },
        listed="/wiki/w/api.php",
        expected=lambda town: {
            str(edit.revid): edit.comment
            for edit in EDITS
            if edit.page == "Ysgol Aberwylan" and not edit.is_later
        },
        edited_id=str(UNDONE_LATER),
        gone_id=str(HIDDEN_LATER),
        late_id="1007",
    ),
}
THREAD = THREAD_PARKING


@dataclass(kw_only=True)
class Looks:
    """`look` is one night of one collector: it keeps cursor and stored items as the warehouse would."""

    collector: Collector
    door: Door
    now: datetime
    credentials: Mapping[str, Secret] = field(default_factory=dict)
    cursor: Cursor | None = None
    known: dict[str, KnownItem] = field(default_factory=dict)

    def request(self) -> CollectRequest:
        return CollectRequest(
            profile=profile(),
            cursor=self.cursor,
            known=dict(self.known),
            now=self.now,
            fetch=self.door,
            credentials=self.credentials,
        )

    def look(self) -> CollectResult:
        result = self.collector.collect(self.request())
        self.now += timedelta(minutes=10)
        if not isinstance(result, Faulted):
            self.cursor = result.cursor
        return result

    def changed(self, result: CollectResult) -> dict[str, EntryFound]:
        """What is new or edited against the stored items; stores it."""
        found = {}
        for entry in result.entries if isinstance(result, Collected) else ():
            content = fingerprint(entry)
            before = self.known.get(entry.native_id)
            if before is not None and before.content_sha256 == content:
                continue
            found[entry.native_id] = entry
            self.known[entry.native_id] = KnownItem(
                native_id=entry.native_id,
                mention_id=mention_id(entry.source, entry.native_id),
                url=entry.url,
                content_sha256=content,
                revision=before.revision + 1 if before else 1,
                posted_at=entry.posted_at,
            )
        for gone in result.gone if isinstance(result, Collected) else ():
            self.known[gone.native_id] = replace(self.known[gone.native_id], is_gone=True)
        return found


@dataclass(kw_only=True)
class Nights(Looks):
    """Looks at the town."""

    town: Town
    case: Case


def fingerprint(entry: EntryFound) -> str:
    return content_sha256(
        entry.title, entry.text, tuple(flag for flag in entry.flags if flag in PUBLIC_STATES)
    )


def fault_of(result: CollectResult) -> Fault:
    assert result.fault is not None, result
    return result.fault


def open_door(base: str, total_s: float = 3.0) -> Door:
    return Door(
        user_agent="mentionwatch/0.1 (+office@ysgolaberwylan.example)",
        allow_networks=[ip_network("127.0.0.1/32")],
        configured_origins=[base],
        limits=Limits(connect_s=0.5, total_s=total_s),
    )

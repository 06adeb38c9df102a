"""RSS, Atom and JSON feeds: local papers, blogs, councils, reviews, FOI pages, search and alert feeds."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from collectors.base import CollectRequest
from collectors.conditional import fault_for_status, sendable
from collectors.feed_entries import Built, EntryRules, build_entries, vanished
from collectors.feed_state import FeedState, frozen, load_states, save_states, short_hash, usual_gap_s
from collectors.parser_pool import ParsedFeed, ParserPool, shared_pool
from collectors.presets import (
    GOOGLE_ALERTS_PAGE,
    GOOGLE_NEWS,
    Preset,
    google_news_urls,
    unwrap,
    whatdotheyknow_feed,
)
from mentionwatch.fetching import Fault, Fetched, FetchRequest
from mentionwatch.labels import EntryKind, FaultKind
from mentionwatch.model import (
    Collected,
    CollectResult,
    EntryFound,
    Faulted,
    GoneFound,
    KnownItem,
    SourceSpec,
    Unchanged,
)
from mentionwatch.school import SchoolProfile
from mentionwatch.tables import Table
from mentionwatch.urls import origin

_ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
_KINDS = ("article", "post", "comment", "review", "request")
_MOST_GONE_CHECKS = 10
_MAY_BE_EMPTY = frozenset({Preset.GOOGLE_NEWS, Preset.GOOGLE_ALERTS, Preset.WHATDOTHEYKNOW})


@dataclass(frozen=True, slots=True)
class _Look:
    """One feed of the source, looked at once."""

    state: FeedState
    result: Built | None = None
    fetched: int = 0
    more: int = 0
    gone: tuple[GoneFound, ...] = ()
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class FeedCollector:
    """One feed, or the few search feeds of a preset, as one source.

    `collect` asks conditionally, parses in a killable child, and asks the page of a stored item that
    vanished from the middle of the feed. `urls` is empty where the address itself is the credential.
    """

    kind: ClassVar[str] = "feed"
    credential_names: ClassVar[tuple[str, ...]] = ("feed_url",)

    spec: SourceSpec
    urls: tuple[str, ...]
    preset: Preset = Preset.NONE
    entry_kind: EntryKind = EntryKind.ARTICLE
    pool: Callable[[], ParserPool] = shared_pool

    def collect(self, request: CollectRequest) -> CollectResult:
        """Look at every feed of the source. Faults of the outside world come back as values."""
        secret = (
            request.credentials.get("feed_url", "")
            if self.preset is Preset.GOOGLE_ALERTS and not self.urls
            else ""
        )
        urls = self.urls or ((str(secret),) if secret else ())
        if not urls:
            mend = "put the alert's feed address into the credential feed_url"
            return Faulted(Fault(FaultKind.CREDENTIALS, f"the address of the alert feed is missing: {mend}"))
        states = load_states(request.cursor)
        looks: dict[str, _Look | Fault] = {}
        by_hash = {short_hash(native_id): item for native_id, item in request.known.items()}
        for url in urls:
            key = short_hash(url)
            page = GOOGLE_ALERTS_PAGE if secret else url
            looks[key] = self._look(url, page, states.get(key), request, by_hash)
        return _combine(looks, states)

    def _look(
        self,
        url: str,
        page_url: str,
        known_state: FeedState | None,
        request: CollectRequest,
        by_hash: Mapping[str, KnownItem],
    ) -> _Look | Fault:
        state = known_state or FeedState()
        is_full = known_state is None or state.is_full_look_due
        answer = request.fetch(
            FetchRequest(
                url=url,
                source_url=url,
                headers=(("Accept", _ACCEPT),),
                etag="" if is_full else state.etag,
                last_modified="" if is_full else state.last_modified,
            )
        )
        if isinstance(answer, Fault):
            return answer
        bad_status = fault_for_status(answer)
        if bad_status is not None:
            return bad_status
        body_sha256 = hashlib.sha256(answer.body).hexdigest()
        if answer.status == 304 or (body_sha256 == state.sha256 and not answer.truncated):
            state = replace(state, looks=state.looks + 1)
            return _Look(state, fault=frozen(state, request.now))
        parsed = self._parse(answer)
        if isinstance(parsed, Fault):
            return parsed
        rules = EntryRules(
            spec=self.spec,
            kind=self.entry_kind,
            page_url=page_url,
            now=request.now,
            unwrap=unwrap if self.preset is Preset.GOOGLE_ALERTS else str,
        )
        built = build_entries(parsed.items, rules, state, by_hash)
        return self._judge(url, answer, parsed, built, state, request, by_hash)

    def _parse(self, answer: Fetched) -> ParsedFeed | Fault:
        if not answer.body.strip():
            return Fault(FaultKind.EMPTY, "the feed is an empty file")
        parsed = self.pool().parse(answer.body, answer.url_final, answer.header("content-type"))
        is_feed = isinstance(parsed, ParsedFeed) and (parsed.version or parsed.items)
        if not is_feed and answer.truncated:
            return Fault(FaultKind.TRUNCATED, "the feed broke off before anything could be read")
        if isinstance(parsed, ParsedFeed) and not parsed.version:
            start = answer.body[:2048].lower()
            what = "a web page" if b"<html" in start or b"<!doctype html" in start else "something else"
            return Fault(FaultKind.NOT_A_FEED, f"the address delivers {what}, not a feed")
        return parsed

    def _judge(
        self,
        url: str,
        answer: Fetched,
        parsed: ParsedFeed,
        built: Built,
        state: FeedState,
        request: CollectRequest,
        by_hash: Mapping[str, KnownItem],
    ) -> _Look:
        """Truncated, empty and frozen feeds keep what is good and say so; their validators are forgotten, so
        that the next look sees the whole again."""
        now_s = request.now.timestamp()
        before = {native for native, _ in state.seen}
        is_new = any(native not in before for native, _ in built.seen)
        times = [at for entry in built.entries for at in (entry.posted_at, entry.edited_at) if at is not None]
        after = replace(
            state,
            looks=state.looks + 1,
            etag=sendable(answer.header("etag")),
            last_modified=sendable(answer.header("last-modified")),
            sha256=hashlib.sha256(answer.body).hexdigest(),
            newest_at=max([state.newest_at, *(at.timestamp() for at in times)]),
            last_new_at=now_s if is_new else state.last_new_at,
            usual_gap_s=usual_gap_s([e.posted_at for e in built.entries if e.posted_at]) or state.usual_gap_s,
            history=max(state.history, len(built.seen)),
            seen=built.seen,
            again=(),
        )
        forgetful = replace(after, etag="", last_modified="", sha256="", again=state.again)
        if answer.truncated:
            rest = tuple(pair for pair in state.seen if pair[0] not in {native for native, _ in built.seen})
            fault = Fault(FaultKind.TRUNCATED, "the feed broke off part-way: what arrived is kept")
            return _Look(
                replace(forgetful, seen=built.seen + rest), built, len(built.entries), parsed.more, (), fault
            )
        if not built.entries:
            if state.history == 0 and self.preset in _MAY_BE_EMPTY:
                return _Look(after, built)
            fault = Fault(FaultKind.EMPTY, "a feed without a single entry")
            return _Look(replace(forgetful, seen=state.seen), built, fault=fault)
        gone, again = self._ask_vanished(url, built, state, request, by_hash)
        silence = frozen(after, request.now) if before and not is_new else None
        return _Look(replace(after, again=again), built, len(built.entries), parsed.more, gone, silence)

    def _ask_vanished(
        self,
        url: str,
        built: Built,
        state: FeedState,
        request: CollectRequest,
        by_hash: Mapping[str, KnownItem],
    ) -> tuple[tuple[GoneFound, ...], tuple[str, ...]]:
        """Absence from a feed proves nothing: only the page's own 404 or 410 does. One question per item,
        a second one at the next look when the first went unanswered."""
        gone: list[GoneFound] = []
        again: list[str] = []
        missing = vanished(built, state, by_hash, state.again)
        for item in missing[:_MOST_GONE_CHECKS]:
            if not origin(item.url) or item.url == url:
                continue
            answer = request.fetch(FetchRequest(url=item.url, source_url=url))
            if isinstance(answer, Fault):
                hashed = short_hash(item.native_id)
                again.extend([hashed] if hashed not in state.again else [])
            elif answer.status in (404, 410):
                basis = f"left the feed while older items stayed, and its page answers {answer.status}"
                gone.append(GoneFound(item.native_id, request.now, basis))
        again.extend(short_hash(item.native_id) for item in missing[_MOST_GONE_CHECKS:])
        return tuple(gone), tuple(again)


def _combine(looks: Mapping[str, _Look | Fault], states: Mapping[str, FeedState]) -> CollectResult:
    done = {key: look for key, look in looks.items() if isinstance(look, _Look)}
    faults = [look if isinstance(look, Fault) else look.fault for look in looks.values()]
    fault = next((fault for fault in faults if fault is not None), None)
    if not done and fault is not None:
        return Faulted(fault)
    # The state of a feed that could not be looked at stays where it was.
    old = {key: states[key] for key in looks if key in states}
    cursor = save_states(old | {key: look.state for key, look in done.items()})
    read = [look for look in done.values() if look.result is not None]
    if not read and len(done) == len(looks):
        return Unchanged(cursor, fault)
    entries: dict[str, EntryFound] = {}
    for look in read:
        for entry in look.result.entries if look.result else ():
            entries.setdefault(entry.native_id, entry)
    more = sum(look.more for look in read)
    return Collected(
        entries=tuple(entries.values()),
        cursor=cursor,
        fetched=sum(look.fetched for look in read),
        gone=tuple(gone for look in read for gone in look.gone if gone.native_id not in entries),
        fault=fault,
        not_looked_at=(f"{more} further items of the feed, beyond the first 2,000",) if more else (),
    )


def make_feed(spec: SourceSpec, table: Table, profile: SchoolProfile) -> FeedCollector:
    """Read the options of a feed source: `url`, `preset`, `kind`. Raises `ConfigError` with the mend."""
    wanted = table.text("preset", Preset.NONE)
    if wanted not in tuple(Preset):
        raise table.wrong(
            "preset", f"is {wanted!r}", f"Write preset = one of {', '.join(map(repr, map(str, Preset)))}"
        )
    preset = Preset(wanted)
    default = EntryKind.REQUEST if preset is Preset.WHATDOTHEYKNOW else EntryKind.ARTICLE
    kind = table.text("kind", default)
    if kind not in _KINDS:
        raise table.wrong("kind", f"is {kind!r}", f"Write kind = one of {', '.join(map(repr, _KINDS))}")
    is_needed = preset in (Preset.NONE, Preset.WHATDOTHEYKNOW)
    url = table.text("url", None if is_needed else "", example='"https://paper.example/feed.xml"')
    if url and (not origin(url) or "@" in url.partition("://")[2].partition("/")[0]):
        raise table.wrong(
            "url", "is not a plain http or https address", 'Write url = "https://paper.example/feed.xml"'
        )
    urls: tuple[str, ...] = (url,) if url else ()
    if preset is Preset.GOOGLE_NEWS:
        urls = google_news_urls(profile, url or GOOGLE_NEWS)
    elif preset is Preset.WHATDOTHEYKNOW:
        urls = (whatdotheyknow_feed(url),)
    return FeedCollector(spec, urls, preset, EntryKind(kind))

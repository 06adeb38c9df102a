"""Parsed items to entries: identity that survives careless feeds, times that are believed or left unknown."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from collectors.feed_state import FeedState, short_hash
from collectors.parser_pool import ParsedItem
from mentionwatch.ids import digest
from mentionwatch.labels import EntryKind, PostedAtBasis
from mentionwatch.model import EntryFound, KnownItem, SourceSpec
from mentionwatch.urls import canonical_url, origin

_LATEST = timedelta(hours=1)
_EARLIEST = timedelta(days=3653)
_TRACKING_FRAGMENTS = ("utm_", "xtor=", "ref=")


@dataclass(frozen=True, slots=True)
class EntryRules:
    """How one source's items become entries. `page_url` stands in for an item without a usable link."""

    spec: SourceSpec
    kind: EntryKind
    page_url: str
    now: datetime
    unwrap: Callable[[str], str] = str


def believable(seconds: float | None, now: datetime) -> datetime | None:
    """A time from a feed, unless it lies over an hour ahead or over ten years back."""
    if seconds is None:
        return None
    try:
        at = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return at if now - _EARLIEST <= at <= now + _LATEST else None


def usable_link(link: str) -> str:
    """The link when it is an http(s) URL; empty for javascript:, data: and the rest."""
    return link if origin(link) else ""


@lru_cache(maxsize=4096)
def identity_url(url: str) -> str:
    """One spelling per item: canonical, yet with its fragment, which is all that tells comments apart."""
    fragment = url.partition("#")[2].strip()
    canonical = canonical_url(url)
    is_telling = fragment and "#" not in canonical and not fragment.lower().startswith(_TRACKING_FRAGMENTS)
    return f"{canonical}#{fragment}" if is_telling else canonical


def _page_key(link: str) -> str:
    """What stands for a link in the cursor: a site that moves from http to https stays the same."""
    return short_hash(identity_url(link).partition("://")[2]) if link else ""


def _shared(pairs: Iterable[tuple[str, str]]) -> set[str]:
    """Keys that stand with more than one distinct other half: they identify nothing."""
    return {key for key, count in Counter(key for key, _ in set(pairs)).items() if count > 1}


def _native_ids(items: Sequence[ParsedItem], links: Sequence[str]) -> list[str]:
    """An id per item from guid, else link, else title and date; a guid or link that different items share
    is no id. Tracking parameters are no part of it. Empty for an exact repeat."""
    rows = list(zip(items, links, strict=True))
    bad_guids = _shared((item.native_id, f"{link}\n{item.title}") for item, link in rows if item.native_id)
    has_guid = [bool(item.native_id) and item.native_id not in bad_guids for item in items]
    unnamed = [row for row, named in zip(rows, has_guid, strict=True) if not named]
    bad_links = _shared((link, item.title) for item, link in unnamed if link)
    used: set[str] = set()
    ids = []
    for (item, link), named in zip(rows, has_guid, strict=True):
        if named:
            native = identity_url(item.native_id)
        elif link and link not in bad_links:
            native = identity_url(link)
        else:
            words = "\n".join((item.title, item.stamp, "" if item.title and item.stamp else item.text))
            native = f"text:{digest(words.encode('utf-8', 'replace'))[:32]}"
        ids.append("" if native in used else native)
        used.add(native)
    return ids


def _aliases(
    ids: Sequence[str], links: Sequence[str], state: FeedState, by_hash: Mapping[str, KnownItem]
) -> list[str]:
    """A feed that invents a new guid at every look still shows the same page: an unknown id takes over the
    stored one when its link belonged, in the last look, to a stored item that is gone from this one."""
    current = {short_hash(native) for native in ids}
    before = {native for native, _ in state.seen}
    pages = [_page_key(link) for link in links]
    now, then = Counter(pages), Counter(page for _, page in state.seen)
    owner = {link: native for native, link in state.seen if link and then[link] == 1}
    settled = []
    for native, page in zip(ids, pages, strict=True):
        hashed = short_hash(native)
        old = owner.get(page, "") if page and now[page] == 1 else ""
        is_new = native and hashed not in before and hashed not in by_hash
        stored = by_hash.get(old) if is_new and old and old not in current else None
        settled.append(stored.native_id if stored else native)
    return settled


def _entry(item: ParsedItem, native_id: str, link: str, rules: EntryRules) -> EntryFound:
    published, updated = believable(item.published, rules.now), believable(item.updated, rules.now)
    flags = list(item.flags)
    posted_at = published
    if item.published is None and updated is not None:
        posted_at = updated
        flags.append("posted_at_from_updated")
    edited_at = updated if updated and posted_at and updated > posted_at else None
    if posted_at is None:
        # Unknown stays unknown: the time of capture must never pass for the time of posting (L18).
        flags.append("date_estimated")
    raw = b""
    if not link:
        flags.append("no_usable_link")
        fields = {
            "id": item.native_id,
            "link": item.link,
            "title": item.title,
            "text": item.text,
            "date": item.stamp,
        }
        raw = json.dumps(fields, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")
    return EntryFound(
        source=rules.spec.name,
        native_id=native_id,
        kind=rules.kind,
        url=link or rules.page_url,
        title=item.title,
        text=item.text,
        posted_at=posted_at,
        posted_at_basis=PostedAtBasis.FEED if posted_at else PostedAtBasis.UNKNOWN,
        edited_at=edited_at,
        author=item.author,
        place=rules.spec.place,
        flags=tuple(flags),
        has_page=bool(link),
        raw=raw,
        raw_media_type="application/json" if raw else "",
    )


@dataclass(frozen=True, slots=True)
class Built:
    """Entries in feed order, and the hash pairs (native id, link) that the next look compares with."""

    entries: tuple[EntryFound, ...]
    seen: tuple[tuple[str, str], ...]


def build_entries(
    items: Sequence[ParsedItem], rules: EntryRules, state: FeedState, by_hash: Mapping[str, KnownItem]
) -> Built:
    """All items of one look as entries, exact repeats once."""
    links = [usable_link(rules.unwrap(item.link)) for item in items]
    ids = _aliases(_native_ids(items, links), links, state, by_hash)
    entries: dict[str, EntryFound] = {}
    seen = []
    for item, native_id, link in zip(items, ids, links, strict=True):
        if native_id and native_id not in entries:
            entries[native_id] = _entry(item, native_id, link, rules)
            seen.append((short_hash(native_id), _page_key(link)))
    return Built(tuple(entries.values()), tuple(seen))


def vanished(
    built: Built, state: FeedState, by_hash: Mapping[str, KnownItem], again: Iterable[str] = ()
) -> list[KnownItem]:
    """Stored items that were in the last look and are missing from the middle of this one: something older
    is still listed. Items that merely fell off the end are not among them."""
    current = {native for native, _ in built.seen}
    times = [entry.posted_at for entry in built.entries if entry.posted_at]
    oldest = min(times) if times else None
    last_kept = max((place for place, (native, _) in enumerate(state.seen) if native in current), default=-1)
    asked = {native for native in again if native not in current}
    for place, (native, _) in enumerate(state.seen):
        item = by_hash.get(native)
        if native in current or item is None:
            continue
        is_inside = item.posted_at > oldest if item.posted_at and oldest else place < last_kept
        if is_inside:
            asked.add(native)
    found = (by_hash[native] for native in sorted(asked) if native in by_hash)
    return [item for item in found if not item.is_gone]

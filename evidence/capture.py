"""One fetch, everything derived from it: bytes, hashes, text, circumstances (L17, L18).

A capture that fails is a snapshot too: it says why, and the words the source delivered stay with the mention.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from importlib.metadata import version

from evidence.text import is_readable, make_storable, read_page
from evidence.warc import write_exchange, write_resource
from mentionwatch import __version__
from mentionwatch.fetching import Fault, Fetch, Fetched, FetchRequest
from mentionwatch.ids import digest
from mentionwatch.labels import CaptureMethod, EntryKind, FaultKind
from mentionwatch.model import EntryFound, Snapshot

PAGE_BYTES = 2 * 1024 * 1024


@cache
def name_software() -> str:
    """Written on every capture, so that a later reader knows what made it."""
    return f"mentionwatch {__version__}, warcio {version('warcio')}"


def _failed(entry: EntryFound, at: datetime, fault: Fault, fetched: Fetched | None = None) -> Snapshot:
    return Snapshot(
        captured_at=at,
        method=CaptureMethod.NONE,
        url_requested=entry.url,
        url_final=fetched.url_final if fetched else "",
        http_status=fetched.status if fetched else None,
        redirects=fetched.redirects if fetched else (),
        robots=fetched.robots if fetched else "",
        software=name_software(),
        fault=fault,
    )


def _find_status_fault(fetched: Fetched) -> Fault | None:
    status = fetched.status
    if status == 200:
        if not is_readable(fetched.media_type):
            return Fault(FaultKind.REFUSED_BY_POLICY, f"the page is {fetched.media_type}; only text is kept")
        return None
    kinds = {
        401: FaultKind.HTTP_401_403,
        403: FaultKind.HTTP_401_403,
        404: FaultKind.HTTP_404_410,
        410: FaultKind.HTTP_404_410,
    }
    if status == 429:
        return Fault(FaultKind.RATE_LIMITED, "the site asks us to come back later")
    kind = FaultKind.SERVER_ERROR if status >= 500 else kinds.get(status, FaultKind.UNEXPECTED)
    return Fault(kind, f"the page answered {status}")


def capture(entry: EntryFound, source_url: str, fetch: Fetch, now: datetime) -> Snapshot:
    """The evidence of one entry, as of now.

    Entries without a page keep the source's own bytes. `source_url` is the configured URL on whose behalf
    the page is fetched; private networks are reachable only at its origin.
    """
    if not entry.has_page:
        return keep_raw(entry, now)
    fetched = fetch(FetchRequest(entry.url, source_url, max_bytes=PAGE_BYTES))
    if isinstance(fetched, Fault):
        return _failed(entry, now, fetched)
    fault = _find_status_fault(fetched)
    if fault is not None:
        return _failed(entry, fetched.fetched_at, fault, fetched)
    warc = write_exchange(fetched)
    text = read_page(fetched.body, fetched.media_type)
    return Snapshot(
        captured_at=fetched.fetched_at,
        method=CaptureMethod.GUARDED_HTTP,
        url_requested=fetched.url_requested,
        url_final=fetched.url_final,
        http_status=fetched.status,
        warc=warc,
        warc_sha256=digest(warc),
        page_sha256=digest(fetched.body),
        text=text,
        text_sha256=digest(text.encode()),
        redirects=fetched.redirects,
        remote_ip=fetched.remote_ip,
        robots=fetched.robots,
        truncated=fetched.truncated,
        software=name_software(),
    )


def keep_raw(entry: EntryFound, now: datetime) -> Snapshot:
    """The evidence of an entry that has no page: what the API, or the person who reported it, delivered."""
    body = entry.raw or make_storable(f"{entry.title}\n{entry.text}".strip()).encode()
    warc = write_resource(entry.url, body, entry.raw_media_type or "text/plain", now)
    # A picture is never decoded: it may show what nobody may look at. Its bytes are the evidence.
    readable = is_readable(entry.raw_media_type)
    text = make_storable(entry.text) or (read_page(body, entry.raw_media_type) if readable else "")
    return Snapshot(
        captured_at=now,
        method=CaptureMethod.MANUAL if entry.kind is EntryKind.REPORT else CaptureMethod.API,
        url_requested=entry.url,
        warc=warc,
        warc_sha256=digest(warc),
        page_sha256=digest(body),
        text=text,
        text_sha256=digest(text.encode()),
        software=name_software(),
    )


def withhold(entry: EntryFound, now: datetime) -> Snapshot:
    """The stop rule (B13, T04): nothing is fetched and nothing kept; the record says so."""
    return _failed(
        entry,
        now,
        Fault(
            FaultKind.REFUSED_BY_POLICY,
            "stop rule: possible indecent or intimate image; nothing fetched, nothing kept",
        ),
    )

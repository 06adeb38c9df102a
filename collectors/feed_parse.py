"""The parsing child: feed bytes in, plain-text items out, over pipes. Only this process runs feedparser.

It is started, limited and killed by parser_pool.py. Message in: two lengths (network order, 4 bytes each),
JSON `{"url", "media_type", "most", "seconds"}`, body. Message out: one length, JSON
`{"version", "items", "more"}` or `{"fault"}`. End of input ends the process: it cannot outlive its parent.
One byte before the first answer says that the parser is loaded.
"""

from __future__ import annotations

import calendar
import contextlib
import io
import json
import re
import struct
import sys
import xml.sax
from collections.abc import Iterable
from typing import BinaryIO
from urllib.parse import urljoin

from collectors.feed_dates import parse_date
from collectors.feed_hardening import Hostile, harden
from collectors.markup import clean, cut, to_text

if sys.platform != "win32":  # there the parent's clock is the only limit
    import resource

TITLE_BYTES = 1024
TEXT_BYTES = 256 * 1024
_LONGEST_ID = 2048
_LONGEST_AUTHOR = 200
_LONGEST_TAG = 32 * 1024
_FAILURES = (
    ValueError, TypeError, AttributeError, LookupError, ArithmeticError, RecursionError, AssertionError,
    xml.sax.SAXException, OSError,
)  # fmt: skip
_CONTROL_BYTES = bytes(range(9)) + b"\x0b\x0c" + bytes(range(0x0E, 0x20))
# One byte for one, so offsets stay; DEL is legal in XML and the cleaning of each field finds and flags it.
_TO_DEL = bytes.maketrans(_CONTROL_BYTES, b"\x7f" * len(_CONTROL_BYTES))
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff", b"\x00<", b"<\x00", b"\x00\x00\x00<")
_NAMED = re.compile(r"\(([^()]{1,200})\)\s*\Z")
_ADDRESSED = re.compile(r"<[^<>]{0,200}>")
_DATED = re.compile(rb"<(?:pubDate|published|updated|dc:date)\b[^>]*>([^<]{4,60})<", re.IGNORECASE)


def _reject_absurd_tags(body: bytes) -> None:
    for piece in body.split(b"<"):
        if (
            len(piece) > _LONGEST_TAG
            and not piece.startswith((b"![CDATA[", b"!--"))
            and b">" not in piece[:_LONGEST_TAG]
        ):
            raise Hostile("one tag is longer than any real one")


def _drop_surplus(body: bytes, most: int) -> tuple[bytes, int]:
    """Keep the newest `most` items before any parsing: 20,000 of them take feedparser a quarter minute."""
    end = b"</item>" if b"</item>" in body else b"</entry>"
    start = end.replace(b"</", b"<")[:-1]
    surplus = body.count(end) - most
    if surplus <= 0:
        return body, 0
    pieces = body.split(end)
    first, items, tail = pieces[0], pieces[:-1], pieces[-1]
    head = first[: first.find(start)] if start in first else b""
    items[0] = first[len(head) :]
    dates = [_DATED.search(item) for item in (items[0], items[-1])]
    stamps = [parse_date(found[1].decode("ascii", "replace")) if found else None for found in dates]
    is_newest_last = bool(stamps[0] and stamps[1] and stamps[1] > stamps[0])
    kept = items[-most:] if is_newest_last else items[:most]
    return head + b"".join(item + end for item in kept) + tail, surplus


def _plain(source: str) -> tuple[str, bool]:
    """Plain text of one field and whether control characters were taken out, before or after decoding."""
    # Before, because NUL would end the text for the HTML parser; after, because entities can hide them.
    cleaned, was_dirty = clean(source)
    text, is_dirty = clean(to_text(cleaned))
    return text, was_dirty or is_dirty


def _item(
    native_id: str,
    link: str,
    title: str,
    text: str,
    published: float | None,
    updated: float | None,
    author: str,
    stamp: str,
) -> list[object]:
    """One item as the parent expects it, in the order of `ParsedItem`."""
    (native_id, bad_id), (link, bad_link) = clean(native_id), clean(link)
    (title, bad_title), (text, bad_text) = _plain(title), _plain(text)
    title, is_title_cut = cut(" ".join(title.split()), TITLE_BYTES)
    text, is_text_cut = cut(text, TEXT_BYTES)
    author, _ = _plain(author[: _LONGEST_AUTHOR * 4])
    flags = {
        "control_characters_removed": bad_id or bad_link or bad_title or bad_text,
        "title_cut": is_title_cut,
        "text_cut": is_text_cut,
    }
    return [
        native_id.strip()[:_LONGEST_ID],
        link.strip()[:_LONGEST_ID],
        title,
        text,
        published,
        updated,
        " ".join(author.split())[:_LONGEST_AUTHOR],
        clean(stamp)[0].strip()[:80],
        [name for name, is_set in flags.items() if is_set],
    ]


def _seconds(parsed: object) -> float | None:
    if not isinstance(parsed, tuple):
        return None
    try:
        return float(calendar.timegm(parsed))
    except (ValueError, OverflowError):
        return None


def _body_of(entry: dict[str, object]) -> str:
    contents = dict.get(entry, "content")
    if isinstance(contents, list):
        for content in contents:
            value = content.get("value")
            if isinstance(value, str) and value.strip():
                return value
    summary = dict.get(entry, "summary")
    return summary if isinstance(summary, str) else ""


def _text(entry: dict[str, object], *keys: str) -> str:
    for key in keys:
        value = dict.get(entry, key)
        if isinstance(value, str) and value:
            return value
    return ""


def _author_of(entry: dict[str, object]) -> str:
    """The name alone, from Atom's element or from RSS's `address (Name)` and `Name <address>`."""
    authors = dict.get(entry, "authors")
    first = authors[0] if isinstance(authors, list) and authors else None
    name = first.get("name") if isinstance(first, dict) else None
    if isinstance(name, str) and name:
        return name
    text = _text(entry, "author")[: _LONGEST_AUTHOR * 4]
    named = _NAMED.search(text)
    return named[1] if named else _ADDRESSED.sub("", text)


def _xml_items(entries: Iterable[dict[str, object]], version: str) -> Iterable[list[object]]:
    for entry in entries:
        published = _seconds(dict.get(entry, "published_parsed") or dict.get(entry, "created_parsed"))
        updated = _seconds(dict.get(entry, "updated_parsed"))
        if published is None and version.startswith("rss"):
            # RSS has no date of change: what feedparser files there is Dublin Core's date of the item.
            published, updated = updated, None
        yield _item(
            _text(entry, "id"),
            _text(entry, "link"),
            _text(entry, "title"),
            _body_of(entry),
            published,
            updated,
            _author_of(entry),
            _text(entry, "published", "created", "updated"),
        )


def _parse_json(body: bytes, url: str, most: int) -> dict[str, object]:
    """JSON Feed 1.x. Version empty when it is some other JSON."""
    try:
        feed = json.loads(body.decode("utf-8-sig", "replace"))
    except ValueError:
        return {"version": "", "items": [], "more": 0}
    if (
        not isinstance(feed, dict)
        or "jsonfeed.org" not in str(feed.get("version"))
        or not isinstance(feed.get("items"), list)
    ):
        return {"version": "", "items": [], "more": 0}
    rows = [row for row in feed["items"] if isinstance(row, dict)]
    items = []
    for row in rows[:most]:
        at = {key: parse_date(str(row.get(key) or "")) for key in ("date_published", "date_modified")}
        seconds = {key: value.timestamp() if value else None for key, value in at.items()}
        authors = row.get("authors") or [row.get("author")]
        first = authors[0] if isinstance(authors, list) and authors else None
        plain = (
            str(row.get("content_text") or row.get("summary") or "")
            .replace("&", "&amp;")
            .replace("<", "&lt;")
        )
        link = str(row.get("url") or row.get("external_url") or "")
        items.append(
            _item(
                str(row.get("id") or ""),
                urljoin(url, link) if link else "",
                str(row.get("title") or "").replace("&", "&amp;"),
                str(row.get("content_html") or "") or plain,
                seconds["date_published"],
                seconds["date_modified"],
                str(first.get("name") or "") if isinstance(first, dict) else "",
                str(row.get("date_published") or ""),
            )
        )
    return {"version": "json", "items": items, "more": max(0, len(rows) - most)}


def parse(body: bytes, url: str, media_type: str, most: int) -> dict[str, object]:
    """Items of a feed, newest `most`. `version` is empty when the bytes are no feed (bozo says nothing).

    Bytes only: feedparser would open a text argument as a file or URL. Raises what feedparser raises.
    """
    import feedparser

    if not body.startswith(_WIDE):
        body = body.translate(_TO_DEL)
        if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
            return _parse_json(body, url, most)
        _reject_absurd_tags(body)
    body, more = _drop_surplus(body, most)
    headers = {"content-location": url} | ({"content-type": media_type} if media_type else {})
    found = feedparser.parse(
        io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )
    entries = found.entries[:most]
    more += len(found.entries) - len(entries)
    version = str(dict.get(found, "version") or "")
    return {"version": version, "items": list(_xml_items(entries, version)), "more": more}


def _limit_memory(megabytes: int) -> None:
    if sys.platform == "win32":
        return
    for kind, value in (
        (resource.RLIMIT_AS, megabytes * 1024 * 1024),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (value, value))


def _limit_time(seconds: float) -> None:
    """Processor time for this one job, so that a stuck job dies even when the parent was killed meanwhile."""
    if sys.platform == "win32":
        return
    usage = resource.getrusage(resource.RUSAGE_SELF)
    with contextlib.suppress(ValueError, OSError):
        used = int(usage.ru_utime + usage.ru_stime)
        resource.setrlimit(
            resource.RLIMIT_CPU, (used + int(seconds) + 2, resource.getrlimit(resource.RLIMIT_CPU)[1])
        )


def _read(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Answer until the input ends."""
    while True:
        try:
            head, size = struct.unpack("!II", _read(source, 8))
            job = json.loads(_read(source, head))
            body = _read(source, size)
        except EOFError:
            return
        _limit_time(job["seconds"])
        try:
            answer = parse(body, job["url"], job["media_type"], job["most"])
        except Hostile as error:
            answer = {"fault": str(error), "hostile": True}
        except MemoryError:
            answer = {"fault": "reading it takes more memory than a feed may", "hostile": True}
        except _FAILURES as error:
            answer = {"fault": f"the feed parser gave up ({type(error).__name__})"}
        reply = json.dumps(answer).encode()
        sink.write(struct.pack("!I", len(reply)) + reply)
        sink.flush()


def main() -> None:
    """Entry of the child process; argv[2] is the memory limit in MB."""
    sink = sys.stdout.buffer
    sys.stdout = sys.stderr
    # Loads feedparser, before the limit, so that every job has the same room.
    harden()
    _limit_memory(int(sys.argv[2]))
    sink.write(b"+")
    sink.flush()
    serve(sys.stdin.buffer, sink)

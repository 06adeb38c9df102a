"""One WACZ 1.1.1 of several WARCs, for any replay program. The WARC bytes inside stay what they were, record by record.

https://specs.webrecorder.net/wacz/1.1.1/ and https://specs.webrecorder.net/cdxj/0.1.0/. The same values give the same
bytes: WARCs and pages are put in by the caller's order, times are the caller's.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from mentionwatch.ids import digest

VERSION = "1.1.1"
ARCHIVE = "archive/data.warc.gz"
_INDEXED = ("response", "resource", "revisit", "metadata")
_LENGTH = re.compile(rb"^content-length:[ \t]*([0-9]{1,15})[ \t]*$", re.I | re.M)


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """One capture: its WARC, uncompressed, and what a list of pages says of it."""

    url: str
    title: str
    captured_at: datetime
    warc: bytes


@dataclass(frozen=True, slots=True)
class Wacz:
    """The file, and where in `ARCHIVE` each capture's gzip members begin and end, so that its WARC can be cut out again."""

    body: bytes
    ranges: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class _Record:
    data: bytes
    headers: dict[str, str]
    block: bytes


def split_records(warc: bytes) -> tuple[bytes, ...]:
    """The records of an uncompressed WARC, each with its closing blank lines; joined they are the WARC again.

    Raises `ValueError` for bytes that are no whole WARC.
    """
    return tuple(record.data for record in _read_records(warc))


def resource_types(warc: bytes) -> tuple[str, ...]:
    """Media types of all resource records, lower case, without parameters. Raises `ValueError` as `split_records`."""
    return tuple(
        record.headers.get("content-type", "application/octet-stream").partition(";")[0].strip().lower()
        for record in _read_records(warc)
        if record.headers.get("warc-type") == "resource"
    )


def _read_records(warc: bytes) -> list[_Record]:
    found, at = list[_Record](), 0
    while at < len(warc):
        head_end = warc.find(b"\r\n\r\n", at)
        if head_end < 0 or not warc.startswith(b"WARC/", at):
            raise ValueError("a record of the WARC has no head")
        head = warc[at:head_end].replace(b"\r\n", b"\n")
        length = _LENGTH.search(head)
        if length is None:
            raise ValueError("a record of the WARC does not say how long it is")
        block_end = head_end + 4 + int(length[1])
        end = block_end + 4
        if warc[block_end:end] != b"\r\n\r\n":
            raise ValueError("a record of the WARC is cut off")
        headers = dict[str, str]()
        for line in head.decode("utf-8", "replace").split("\n")[1:]:
            name, _, value = line.partition(":")
            headers.setdefault(name.strip().lower(), value.strip())
        found.append(_Record(warc[at:end], headers, warc[head_end + 4 : block_end]))
        at = end
    return found


def write_surt(url: str) -> str:
    """The key a replay program looks an address up by: host turned round, lower case, query in order."""
    if not url.lower().startswith(("http://", "https://")):
        return url
    try:
        parts = urlsplit(re.sub(r"^(https?://)www\d*\.", r"\1", url.lower()))
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return url
    usual = {"http": 80, "https": 443}[parts.scheme]
    where = ",".join(reversed(host.split("."))) + (f":{port}" if port and port != usual else "")
    return f"{where}){parts.path or '/'}{_sort_query(parts)}"


def _sort_query(parts: SplitResult) -> str:
    if not parts.query:
        return ""
    pairs = sorted(parse_qsl(parts.query, keep_blank_values=True), key=lambda pair: pair[0])
    return "?" + urlencode(pairs, errors="replace")


def _index_line(record: _Record, offset: int, length: int) -> str:
    url = record.headers.get("warc-target-uri", "")
    moment = re.sub(r"[^0-9]", "", record.headers.get("warc-date", ""))[:14]
    facts = {"url": url, "mime": _mime(record), "length": str(length), "offset": str(offset)}
    facts["filename"] = ARCHIVE.rpartition("/")[2]
    if record.headers.get("warc-type") == "response":
        facts["status"] = _status(record)
    for key, name in (("digest", "warc-payload-digest"), ("recordDigest", "warc-block-digest")):
        if record.headers.get(name):
            facts[key] = record.headers[name]
    key = re.sub(r"\s", "%20", write_surt(url))
    return f"{key} {moment} {json.dumps(facts, sort_keys=True)}\n"


def _mime(record: _Record) -> str:
    if record.headers.get("warc-type") != "response":
        return record.headers.get("content-type", "application/octet-stream")
    head = record.block.partition(b"\r\n\r\n")[0].decode("latin-1")
    said = re.search(r"^content-type:[ \t]*([^;\r\n]*)", head, re.I | re.M)
    return (said[1].strip().lower() if said else "") or "unknown"


def _status(record: _Record) -> str:
    """`200` of `HTTP/1.1 200 OK`; empty when the answer begins otherwise."""
    said = re.match(rb"HTTP/[0-9.]+ ([0-9]{3})\b", record.block)
    return said[1].decode() if said else ""


def _is_answer(record: _Record) -> bool:
    kind = record.headers.get("warc-type")
    return kind in _INDEXED and (kind != "response" or bool(_status(record)))


def write_wacz(pages: Sequence[ArchivedPage], title: str, software: str, made_at: datetime) -> Wacz:
    """The WACZ of captures, in order. Raises `ValueError` when one of them is no whole WARC."""
    archive, index, ranges = bytearray(), list[str](), list[tuple[int, int]]()
    for page in pages:
        begin = len(archive)
        for record in _read_records(page.warc):
            # One gzip member a record, as readers that seek want it; no time and no name in its head.
            member = zlib.compress(record.data, 9, 31)
            if _is_answer(record):
                index.append(_index_line(record, len(archive), len(member)))
            archive += member
        ranges.append((begin, len(archive)))
    files = {
        ARCHIVE: bytes(archive),
        "indexes/index.cdx": "".join(sorted(index, key=str.encode)).encode(),
        "pages/pages.jsonl": _write_pages(pages),
    }
    package = {
        "profile": "data-package",
        "title": title,
        "software": software,
        "created": _iso(made_at),
        "wacz_version": VERSION,
        "resources": [
            {
                "name": name.rpartition("/")[2],
                "path": name,
                "hash": f"sha256:{digest(body)}",
                "bytes": len(body),
            }
            for name, body in files.items()
        ],
    }
    described = json.dumps(package, indent=1).encode()
    files["datapackage.json"] = described
    own = {"path": "datapackage.json", "hash": f"sha256:{digest(described)}"}
    files["datapackage-digest.json"] = json.dumps(own, indent=1).encode()
    return Wacz(write_zip(files, made_at, stored=("archive/",)), tuple(ranges))


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _write_pages(pages: Sequence[ArchivedPage]) -> bytes:
    lines: list[dict[str, str]] = [{"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}]
    lines += [
        {"id": f"page-{number}", "url": page.url, "ts": _iso(page.captured_at), "title": page.title}
        for number, page in enumerate(pages, 1)
    ]
    return "".join(f"{json.dumps(line)}\n" for line in lines).encode()


def write_zip(files: dict[str, bytes], made_at: datetime, stored: tuple[str, ...] = ()) -> bytes:
    """A ZIP with names in order and one time for all; names that begin as one of `stored` are not deflated."""
    out, at = io.BytesIO(), made_at.astimezone(UTC)
    with zipfile.ZipFile(out, "w") as archive:
        for name, body in sorted(files.items()):
            entry = zipfile.ZipInfo(name, (at.year, at.month, at.day, at.hour, at.minute, at.second))
            entry.compress_type = (
                zipfile.ZIP_STORED if stored and name.startswith(stored) else zipfile.ZIP_DEFLATED
            )
            entry.create_system = 3
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, body)
    return out.getvalue()

"""The one document that a WARC holds, ready to be drawn; or why it is not drawn. Nothing is decoded but text."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from io import BytesIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeadersParserException

from evidence.picture_card import write_card
from evidence.picture_values import NoPicture, NoPictureKind
from evidence.text import is_readable

BODY_BYTES = 4 * 1024 * 1024
"""Twice what a capture takes in; a bomb of compressed nothing ends here."""

_PAGES = frozenset({"text/html", "application/xhtml+xml", ""})
_ENCODINGS = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9][A-Za-z0-9._:-]{0,39})", re.I)


# The last: warcio trips over a record that has lost its address.
_DAMAGE = (ArchiveLoadFailed, StatusAndHeadersParserException, zlib.error, EOFError, OSError, ValueError, AttributeError)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stored:
    """A document and the Content-Type it is answered with. `is_card`: made by us from data or plain words."""

    body: bytes
    content_type: str
    is_card: bool


def read_stored(warc: bytes) -> Stored | NoPicture:
    """The first response or resource of a WARC. Any fault of the bytes is a value."""
    try:
        for record in ArchiveIterator(BytesIO(warc)):
            if record.rec_type in ("response", "resource"):
                return _read_record(record)
    except _DAMAGE:
        return NoPicture(NoPictureKind.UNREADABLE)
    return NoPicture(NoPictureKind.UNREADABLE)


def _read_record(record: ArcWarcRecord) -> Stored | NoPicture:
    headers = record.http_headers if record.rec_type == "response" else record.rec_headers
    if headers is None:
        return NoPicture(NoPictureKind.UNREADABLE)
    declared = str(headers.get_header("Content-Type") or "")
    media_type = declared.partition(";")[0].strip().lower()
    if media_type.partition("/")[0] in ("image", "video", "audio"):
        return NoPicture(NoPictureKind.MEDIA)
    if not is_readable(media_type):
        return NoPicture(NoPictureKind.NOT_TEXT)
    if record.rec_type == "response":
        encoding = str(headers.get_header("Content-Encoding") or "").strip().lower()
        if encoding not in _ENCODINGS:
            return NoPicture(NoPictureKind.UNREADABLE)
    body = _read_body(record)
    if body is None:
        return NoPicture(NoPictureKind.TOO_LARGE)
    if media_type not in _PAGES:
        at = str(record.rec_headers.get_header("WARC-Date") or "")
        return Stored(write_card(body, media_type, at).encode(), "text/html; charset=utf-8", is_card=True)
    charset = _CHARSET.search(declared)
    # The browser must take the bytes for markup and for nothing else, whatever they look like.
    kind = media_type or "text/html"
    return Stored(body, f"{kind}; charset={charset.group(1)}" if charset else kind, is_card=False)


def _read_body(record: ArcWarcRecord) -> bytes | None:
    """The decoded body; None when it is longer than a page may be."""
    stream = record.content_stream()
    kept, size = [], 0
    while piece := stream.read(65536):
        size += len(piece)
        if size > BODY_BYTES:
            return None
        kept.append(piece)
    return b"".join(kept)

"""What the tests of pictures share: WARCs of small pages, a real browser or the reason why there is none, PNG pixels."""

from __future__ import annotations

import os
import struct
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from evidence.browser import find_browser
from evidence.picture import NoPicture, Picture
from evidence.warc import write_exchange
from mentionwatch.fetching import Fetched

WORDS = "Nobody at the gate again this morning, and the crossing was not manned."
NAME = "Dai Example"


def require_browser() -> Path:
    """The browser of this machine; the build fails where it should have one."""
    found = find_browser()
    if found is None:
        cause = "pictures need a browser: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(cause)
        pytest.skip(cause)
    return found


def keep(page: str | bytes, content_type: str = "text/html; charset=utf-8", **headers: str) -> bytes:
    """The WARC of a page as it came over the wire."""
    body = page.encode() if isinstance(page, str) else page
    more = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    url = "https://example.org/news/1"
    headers_kept = (("Content-Type", content_type), *more)
    at = datetime(2026, 11, 21, 2, 30, tzinfo=UTC)
    return write_exchange(Fetched(url, url, 200, "OK", headers_kept, body, body, at))


def drawn(outcome: Picture | NoPicture) -> Picture:
    """The picture, or a failed test that says why there is none."""
    assert isinstance(outcome, Picture), outcome.cause
    return outcome


def read_pixels(png: bytes) -> list[bytes]:
    """Rows of red, green and blue of an 8-bit PNG (ISO/IEC 15948: filters of section 9)."""
    at, data, width, channels = 8, b"", 0, 3
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        kind, chunk = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            width, _, depth, colour = struct.unpack(">IIBB", chunk[:10])
            assert depth == 8 and colour in (2, 6)
            channels = 3 if colour == 2 else 4
        elif kind == b"IDAT":
            data += chunk
        at += length + 12
    raw, stride, rows = zlib.decompress(data), width * channels, []
    above = bytearray(stride)
    for begin in range(0, len(raw), stride + 1):
        how, line = raw[begin], bytearray(raw[begin + 1 : begin + 1 + stride])
        for i in range(stride) if how else ():
            a = line[i - channels] if i >= channels else 0
            b, c = above[i], above[i - channels] if i >= channels else 0
            if how == 1:
                guess = a
            elif how == 2:
                guess = b
            elif how == 3:
                guess = (a + b) // 2
            else:
                p = a + b - c
                near = (abs(p - a), abs(p - b), abs(p - c))
                guess = (a, b, c)[near.index(min(near))]
            line[i] = (line[i] + guess) & 255
        above = line
        rows.append(bytes(line) if channels == 3 else _drop_alpha(line))
    return rows


def _drop_alpha(line: bytearray) -> bytes:
    kept = bytearray(line)
    del kept[3::4]
    return bytes(kept)


def thread(posts: int, cited: int, words: str = WORDS) -> str:
    """A forum page: who, when and what, and styles of its own."""
    other = "Has anybody seen the new timetable for the buses? It was on the board by the door. " * 3
    rows = "".join(
        f"<article><h3>Writer {number}</h3><time>20 November, 18:0{number % 10}</time>"
        f"<p>{words if number == cited else other + str(number)}</p></article>"
        for number in range(posts)
    )
    style = "<style>article{border:1px solid #999;margin:12px;padding:8px}h3{margin:0;color:#036}</style>"
    return f"<!doctype html><title>t</title>{style}<h1>The gate</h1>{rows}"

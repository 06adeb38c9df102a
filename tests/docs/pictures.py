"""The pictures in docs/: drawn of the town's first night, each with the digest of the page it was drawn from.

python -m tests.docs.pictures

draws them anew, with Chromium. tests/docs/test_pictures.py makes the pages again and compares: a picture cannot show
what the product no longer does.
"""

from __future__ import annotations

import hashlib
import re
import struct
import sys
import tempfile
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from desk.render import render_html
from desk.words import LANGUAGES
from flows.digest import read_digest
from flows.home import Home, read_school
from tests.flows.swept import write_swept_home
from tests.desk.chromium import open_browser

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
NIGHT = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
KEYWORD = b"drawn-from"
WIDTH, MARGIN = 1000, 24
_HEAD = b"\x89PNG\r\n\x1a\n"


def make_pages(folder: Path) -> dict[str, str]:
    """The digest of the town's first night, by the name of its picture."""
    home = Home(folder / "home")
    write_swept_home(home.folder, NIGHT)
    school, pack = read_school(home)
    return {
        f"digest-{lang}.png": render_html(read_digest(home, school, pack, NIGHT.date(), lang), lang)
        for lang in LANGUAGES
    }


def digest_of(html: str) -> str:
    """SHA-256 of what is to be seen: without covered words, and without the port the town had."""
    seen = re.sub(r'<details class="covered">.*?</details>', "", html, flags=re.DOTALL)
    return hashlib.sha256(re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1", seen).encode()).hexdigest()


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    at = len(_HEAD)
    while at < len(png):
        size = struct.unpack(">I", png[at : at + 4])[0]
        whole = png[at : at + 12 + size]
        yield whole[4:8], whole[8:-4], whole
        at += len(whole)


def mark(png: bytes, digest: str) -> bytes:
    """The picture with this digest in a text chunk, after its header (PNG third edition, 11.3.3.2)."""
    body = b"tEXt" + KEYWORD + b"\0" + digest.encode()
    ours = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    (_, _, header), *rest = _chunks(png)
    return _HEAD + header + ours + b"".join(whole for _, _, whole in rest)


def read_mark(png: bytes) -> str:
    """The digest of the page it was drawn from; empty if it does not say."""
    for kind, body, _ in _chunks(png):
        keyword, _, value = body.partition(b"\0")
        if (kind, keyword) == (b"tEXt", KEYWORD):
            return value.decode()
    return ""


def main() -> None:
    """Draw all of them: the page's beginning, to the end of its second incident."""
    with tempfile.TemporaryDirectory() as folder:
        pages = make_pages(Path(folder))
    with open_browser() as browser:
        page = browser.new_page(viewport={"width": WIDTH, "height": 700}, java_script_enabled=False)
        for name, html in pages.items():
            page.set_content(html)
            box = page.locator("article.act").nth(1).bounding_box()
            assert box is not None
            clip = {"x": 0.0, "y": 0.0, "width": float(WIDTH), "height": box["y"] + box["height"] + MARGIN}
            png = page.screenshot(full_page=True, clip={**clip})  # type: ignore[arg-type]
            (DOCS / name).write_bytes(mark(png, digest_of(html)))
            sys.stdout.write(f"docs/{name}\n")


if __name__ == "__main__":
    main()

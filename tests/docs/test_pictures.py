"""The pictures of the digest in docs/ show what the product shows today (issue 6, point 7); those of the desk: tests/desk/test_desk_docs.py."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.pictures import DOCS, digest_of, make_pages, mark, read_mark


@pytest.mark.slow
def test_every_picture_was_drawn_from_the_page_as_it_is_now(tmp_path: Path) -> None:
    """Words, style, order, the invented town and what the classifier makes of it: any change asks for a new picture."""
    pages = make_pages(tmp_path)
    assert {path.name for path in DOCS.glob("digest-*.png")} == set(pages), "every picture has its page"
    old = [name for name, html in pages.items() if read_mark((DOCS / name).read_bytes()) != digest_of(html)]
    assert old == [], "draw them anew: python -m tests.docs.pictures"


def test_what_is_covered_and_where_the_town_stood_make_no_other_picture() -> None:
    page = '<p>a</p><details class="covered"><p>{}</p></details><a href="http://127.0.0.1:{}/b">b</a>'
    assert digest_of(page.format("one", 4000)) == digest_of(page.format("two", 50001))
    assert digest_of(page.format("one", 4000)) != digest_of(page.replace("<p>a", "<p>c").format("one", 4000))


def test_a_picture_says_what_it_was_drawn_from_and_is_whole() -> None:
    for path in DOCS.glob("digest-*.png"):
        png = path.read_bytes()
        assert re.fullmatch(r"[0-9a-f]{64}", read_mark(png))
        again = mark(png, "0" * 64)
        assert read_mark(again) == "0" * 64 and len(again) > len(png), (
            "the last word is the first in the file"
        )

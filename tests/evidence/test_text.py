"""Hostile and broken pages give plain text or nothing, quickly and without an error."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.text import MAX_CHARACTERS, read_text

PAGE = """<!DOCTYPE html><html lang="cy"><head><title>Tab</title><style>p {color: red}</style>
<script>var secret = "steal()";</script></head><body><!-- hidden note -->
<h1>Ffair haf</h1><p>Roedd hi'n <b>wych</b> iawn, ŵy a tŷ.</p>
<blockquote>Somebody else said this</blockquote>
<img src="/x.png" onerror="alert(1)" alt="a picture"><p>Last line &amp; end</p></body></html>"""


def test_words_are_kept_quotes_of_others_too_and_code_is_not() -> None:
    text = read_text(PAGE.encode(), "text/html")
    for words in ("Ffair haf", "wych", "ŵy a tŷ", "Somebody else said this", "Last line & end"):
        assert words in text
    for code in ("steal()", "color: red", "hidden note", "onerror", "alert(1)", "<"):
        assert code not in text


def test_each_block_of_a_page_is_a_line_of_its_own_and_inline_words_stay_together() -> None:
    """The second look needs what stood before and after a passage; a minified page has no white space."""
    page = "<html><body><nav>Menu</nav><p>one <b>t</b>wo\nthree</p><p>four<br>five</p><ul><li>six<li>seven</ul><footer>End</footer></body></html>"
    assert read_text(page.encode(), "text/html").splitlines() == [
        "Menu",
        "one two three",
        "four",
        "five",
        "six",
        "seven",
        "End",
    ]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<p>Mae'r ŵyl yfory</p>", "Mae'r ŵyl yfory"),
        ("no markup at all &amp; more", "no markup at all & more"),
        ("<a>one</a><b>two</b>", "onetwo"),
        ("<p>one</p><p>two</p>", "one\ntwo"),
        ("<p>seen<script>if (a<b) unseen()</script> again</p>", "seen again"),
        ("<html><body>" + "<div>" * 300 + "deep", "deep"),
    ],
)
def test_a_page_that_is_no_whole_document_still_gives_its_words(body: str, words: str) -> None:
    """Found by running: the HTML library gives nothing at all for these."""
    assert read_text(body.encode(), "text/html") == words


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" \n\t ",
        b"\x00\x01\x02\xff\xfe",
        b"<" * 200_000,
        b"<script>" * 50_000,
        b"<div>" * 100_000,
        b"<!--" * 50_000,
        b"&" * 200_000,
        b"<a href='" * 50_000,
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><p>&a;</p>',
        b"<?xml version='1.0'?><!DOCTYPE l [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><l>&b;</l>",
        b"&#0;&#xD800;&#99999999999;<p>x",
    ],
    ids=lambda body: repr(body[:12]),
)
def test_a_hostile_page_neither_raises_nor_stalls(body: bytes) -> None:
    before = time.process_time()
    for kind in ("text/html", "application/xml", "application/json", "text/plain", ""):
        assert len(read_text(body, kind)) <= MAX_CHARACTERS
    assert time.process_time() - before < 20


def test_an_entity_of_a_page_reads_no_file_of_this_machine() -> None:
    body = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x><p>&a; end</p></x>'
    for kind in ("text/html", "application/xml"):
        assert "root:" not in read_text(body, kind)


@pytest.mark.parametrize("kind", ["image/png", "video/mp4", "font/woff2", "application/octet-stream"])
def test_what_is_no_text_is_not_read(kind: str) -> None:
    assert read_text(b"<p>words</p>", kind) == ""


def test_json_is_shown_with_its_own_letters_and_broken_json_is_nothing() -> None:
    assert '"tŷ"' in read_text(b'{"a": "t\\u0177"}', "application/json")
    assert read_text(b"{", "application/json") == ""
    assert read_text(b'{"a":' * 100_000, "application/json") == ""


def test_a_long_page_is_cut() -> None:
    assert len(read_text(b"word " * 200_000, "text/plain")) == MAX_CHARACTERS
    assert len(read_text(b"<html><body><p>" + b"word " * 200_000, "text/html")) <= MAX_CHARACTERS


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["text/html", "application/json", "text/plain", ""]))
def test_any_bytes_at_all_give_a_text(body: bytes, kind: str) -> None:
    read_text(body, kind).encode("utf-8", "surrogatepass")

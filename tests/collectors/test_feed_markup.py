"""HTML fragments become plain, inert text."""

from __future__ import annotations

import time

import pytest

from collectors.markup import clean, cut, to_text

CASES = {
    "plain text": "plain text",
    "  spaced \t out\xa0text ": "spaced out text",
    "Tom &amp; Jerry &pound;5": "Tom & Jerry £5",
    "<p>one</p><p>two<br>three</p>": "one\ntwo\nthree",
    "<b>bold</b>er <a href='javascript:x()'>link</a>": "bolder link",
    "<script>alert(1)</script>after": "after",
    "before<style>p{}</style><svg><text>x</text></svg> after": "before after",
    "<SCRIPT SRC=//x></SCRIPT>a": "a",
    "<img src=x onerror=alert(1)>caption": "caption",
    "<!-- hidden -->shown": "shown",
    "3 < 4 and 5 > 2": "3 < 4 and 5 > 2",
    "<ul><li>a<li>b</ul>": "a\nb",
    "<td>a</td><div>b</div>": "a\nb",
    "<p>Ŵy â ŷ &#x2019;</p>": "Ŵy â ŷ ’",
    "<?xml version='1.0' encoding='latin-1'?><p>ŵ</p>": "ŵ",
    "": "",
    "<p></p>": "",
    "<form action=/x><input value=y>text</form>": "text",
}


@pytest.mark.parametrize("source", CASES)
def test_a_fragment_becomes_what_a_reader_would_read(source: str) -> None:
    assert to_text(source) == CASES[source]


def test_absurd_nesting_is_over_quickly_and_loses_no_text() -> None:
    start = time.process_time()
    assert to_text("<div>" * 100_000 + "end") == "end"
    assert time.process_time() - start < 2


def test_control_characters_and_direction_overrides_are_taken_out_and_told() -> None:
    assert clean("a\x00b\u202ec\u2066d\ud800e\x85f") == ("abcde\x85f", True)
    assert clean("Llŷn ŵ 😀 \n\t") == ("Llŷn ŵ 😀 \n\t", False)


def test_cutting_keeps_whole_characters() -> None:
    assert cut("ŵŵŵ", 5) == ("ŵŵ", True) and cut("ŵŵ", 4) == ("ŵŵ", False)

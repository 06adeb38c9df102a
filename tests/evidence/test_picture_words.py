"""Words are found however they are cut up; stored bytes, however damaged, end in a value."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.picture import NoPicture
from evidence.picture_layout import Box, Layout, Run
from evidence.picture_stored import Stored, read_stored
from evidence.picture_words import find_name, find_passage
from tests.evidence.pictures import keep, thread


def lay_out(pieces: list[tuple[str, int]]) -> Layout:
    """Texts, each in the block of that number."""
    box = Box(0, 0, 10, 10)
    runs = tuple(Run(text, 0, block, box, ((0, len(text), box),)) for text, block in pieces)
    return Layout(runs, (-1,), {}, {}, (0,), ("#document",), (0,), (1.0,), 10)


@given(
    name=st.text("abcdefghijklmnŵŷâ", min_size=5, max_size=12),
    between=st.text("-_ \u200b\u00ad.\u0301", max_size=3),
    cuts=st.sets(st.integers(1, 30)),
    blocks=st.booleans(),
    before=st.text(max_size=10),
)
@settings(max_examples=200, deadline=None)
def test_a_long_name_is_found_in_any_disguise(
    name: str, between: str, cuts: set[int], blocks: bool, before: str
) -> None:
    spread = unicodedata.normalize("NFD", between.join(name).upper())
    whole = f"{before} {spread}"
    places = [0, *sorted(cut for cut in cuts if cut < len(whole)), len(whole)]
    pieces = [(whole[a:b], number if blocks else 0) for number, (a, b) in enumerate(pairwise(places))]
    assert find_name(lay_out(pieces), name)


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_short_name_is_found_as_a_word_only(before: str, after: str) -> None:
    assert find_name(lay_out([(f"{before} Al {after}", 0)]), "al")
    assert not find_name(lay_out([("always a ball, and all of it", 0)]), "al")
    assert not find_name(lay_out([("words", 0)]), " . ")


@given(st.text("abc ŵ.,!\n", min_size=1, max_size=60), st.integers(0, 60))
def test_a_passage_is_found_over_nodes_and_line_breaks(passage: str, cut: int) -> None:
    words = passage.split()
    has_words = any(letter.isalnum() for letter in passage)
    shown = f"Before.  {'  '.join(words)}\u00a0— after"
    found = find_passage(lay_out([(shown[:cut], 0), (shown[cut:], 0)]), passage)
    assert (found is not None) is has_words


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_any_damage_to_a_warc_is_a_value(data: st.DataObject) -> None:
    warc = bytearray(keep(thread(2, 1)))
    for _ in range(data.draw(st.integers(1, 4))):
        warc[data.draw(st.integers(0, len(warc) - 1))] = data.draw(st.integers(0, 255))
    kept = bytes(warc[: data.draw(st.integers(0, len(warc)))])
    assert isinstance(read_stored(kept), Stored | NoPicture)

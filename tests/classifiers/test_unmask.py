"""What hides a word is taken off, and nothing a reader sees is lost."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.unmask import unmask


@pytest.mark.parametrize(
    ("hidden", "plain"),
    (
        ("k1ll", "kill"),
        ("k1ll3r", "killer"),
        ("st@b", "stab"),
        ("t34ch3r", "teacher"),
        ("k.i.l.l him", "kill him"),
        ("s-t-a-b", "stab"),
        ("ki\u200bll", "kill"),
        ("ki\u00adll", "kill"),
        ("\u202eki\u202cll", "kill"),
        ("кill", "kill"),
        ("𝐤𝐢𝐥𝐥", "kill"),
        ("ｋｉｌｌ", "kill"),
        ("diiiiie", "diie"),
        ("don’t", "don't"),
    ),
)
def test_a_dressed_up_word_reads_as_it_means(hidden: str, plain: str) -> None:
    assert unmask(hidden) == plain


@pytest.mark.parametrize(
    "text",
    (
        "Y7 and Year 10, the U11s and yr10a",
        "3pm, 11c, gr8 m8, b4",
        "e.g. the U.K.",
        "tŷ’r ysgol".replace("’", "'"),
        "dŵr, gêm, sŵn, Siân",
        "👍🏽 👨‍👩‍👧",
        "!!! ... ???",
        "office@hazelbrook.example",
    ),
)
def test_ordinary_writing_stays(text: str) -> None:
    assert unmask(text) == text


@given(st.text())
def test_reading_twice_changes_nothing_more(text: str) -> None:
    once = unmask(text)
    assert unmask(once) == once


@given(st.text())
def test_blanks_stay_where_they_are_so_that_stretches_may_be_read_one_by_one(text: str) -> None:
    blanks = re.compile(r"\s+")
    assert "".join(blanks.findall(unmask(text))) == "".join(blanks.findall(text))
    assert "".join(unmask(part) for part in re.split(r"(\s+)", text)) == unmask(text)

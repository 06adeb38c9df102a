"""Every row of the security standard we answer to has a test that exists, a reason, or is called open; the page is current."""

from __future__ import annotations

from collections import Counter

from tests.docs.asvs import PAGE, missing_tests, write_page
from tests.docs.asvs_numbers import LEVELS
from tests.docs.asvs_row import Row
from tests.docs.asvs_rows import ROWS

OPEN: set[str] = set()
"""Rows that are known to be open. A row is closed by a test or a reason, and taken out here."""


def test_every_named_test_exists_and_is_collected() -> None:
    assert missing_tests() == []
    assert missing_tests((Row("V0", "nothing", ("desk/test_guard::test_no_such", "desk/no::test_x", "desk/cases::test_x")),)) != []  # fmt: skip


def test_the_numbers_are_those_of_the_standard() -> None:
    """70 requirements of level 1, 183 of level 2, 92 of level 3: the sums the standard itself gives."""
    assert Counter(LEVELS.values()) == {1: 70, 2: 183, 3: 92}


def test_every_row_of_levels_1_and_2_is_there_once_and_in_order() -> None:
    assert [row.id for row in ROWS] == [id_ for id_, level in LEVELS.items() if level < 3]


def test_every_row_is_proved_or_explained() -> None:
    assert [row.id for row in ROWS if not (row.tests or row.reason or row.still_open)] == []
    assert {row.id for row in ROWS if row.still_open} == OPEN


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == write_page()

"""Every row of the security standard we answer to has a test that exists, a reason, or is called open; the page is current."""

from __future__ import annotations

from tests.docs.asvs import PAGE, missing_tests, write_page
from tests.docs.asvs_rows import ROWS, Row

OPEN = {"V7.4.4", "V15.1"}
"""Rows that are known to be open. A row is closed by a test or a reason, and taken out here."""


def test_every_named_test_exists() -> None:
    assert missing_tests() == []
    assert missing_tests((Row("V0", "nothing", ("desk/test_guard::test_no_such", "desk/no::test_x")),)) != []


def test_every_row_is_proved_or_explained_once() -> None:
    ids = [row.id for row in ROWS]
    assert len(set(ids)) == len(ids)
    assert [row.id for row in ROWS if not (row.tests or row.reason or row.still_open)] == []
    assert {row.id for row in ROWS if row.still_open} == OPEN


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == write_page()

"""A running desk without records whose clock the test moves: for the tests of signing in.

from tests.desk.clocked import Clock
from tests.desk.clocked import clock as clock
from tests.desk.clocked import desk as desk
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.home import Home
from tests.desk.signed_in import Running, serving
from tests.desk.test_guard import few_records

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
PASSWORD = "three herons over Aberglaslyn"


class Clock:
    """A time that a test moves."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(tmp_path: Path, clock: Clock) -> Iterator[Running]:
    with serving(few_records(), Home(tmp_path), clock, needs_factor=False) as running:
        yield running

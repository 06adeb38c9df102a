"""What all tests share: the repository root on the path, a clock that stands still."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))


@pytest.fixture
def now() -> datetime:
    """The run's clock in tests: a Saturday in November, half past two in London."""
    return datetime(2026, 11, 21, 2, 30, tzinfo=UTC)

"""What all tests share: the repository root on the path, a clock that stands still."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from tests.once import limit_threads, share_empty_database, share_shipped_models  # noqa: E402 -- found by the lines above

limit_threads()
share_shipped_models()
share_empty_database()
# A machine that is busy with something else is no fault of what is tested.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that hold slow tests come first: dealt to several processes, none of them is left over at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture
def now() -> datetime:
    """The run's clock in tests: a Saturday in November, half past two in London."""
    return datetime(2026, 11, 21, 2, 30, tzinfo=UTC)

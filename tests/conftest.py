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


LONGEST = (
    "tests/desk/test_every_page.py",
    "tests/desk/test_matrix.py",
    "tests/incidents/test_reporter_leaks.py",
    "tests/incidents/test_random_walks.py",
    "tests/classifiers/test_model.py",
    "tests/evidence/test_picture_cover.py",
)
"""By the processor time they were measured to take, the first 170 s on an idle machine."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long come first: dealt to several processes, none of them is left over at the end."""
    places = {ROOT / name: place for place, name in enumerate(LONGEST)}
    long = {
        item.path for item in items if any(item.iter_markers("slow")) or any(item.iter_markers("browser"))
    }
    items.sort(key=lambda item: (places.get(item.path, len(places)), item.path not in long))


@pytest.fixture
def now() -> datetime:
    """The run's clock in tests: a Saturday in November, half past two in London."""
    return datetime(2026, 11, 21, 2, 30, tzinfo=UTC)

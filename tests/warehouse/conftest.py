"""A warehouse in a folder of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from warehouse.connection import Warehouse


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path, wait_s=5)

"""A home that somebody else holds, as a night does while it writes, for pages that are asked for meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from warehouse.connection import Warehouse
from warehouse.turns import Turns

PATIENCE_S = 1.0


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Held all the while; whoever wants it waits a second instead of half a minute, and is refused as after that."""
    with Warehouse(folder).exclusive(), pytest.MonkeyPatch.context() as patch:
        # A property stands before what each instance was made with.
        patch.setattr(Turns, "wait_s", property(lambda _: PATIENCE_S, lambda _, __: None), raising=False)
        yield

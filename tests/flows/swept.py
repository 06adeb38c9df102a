"""A home after one night of the town: swept once a process, and a copy for each that wants one.

A night with nothing done to it is the same for all. Whoever changes the home before its night, or has the town tell of
more in a later one, sweeps a home of their own (`plain.sweep_plainly`).
"""

from __future__ import annotations

import atexit
import shutil
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from tests.flows.plain import sweep_plainly
from town.home import write_home
from town.server import Town


@cache
def _swept(night: datetime, venues: tuple[str, ...]) -> Path:
    kept = Path(mkdtemp(prefix="swept-"))
    atexit.register(shutil.rmtree, kept, ignore_errors=True)
    with Town(night) as town:
        write_home(kept / "home", town.base)
        sweep_plainly(kept / "home", night, list(venues))
    return kept / "home"


def write_shadow_home(folder: Path, night: datetime) -> None:
    """The home of the town after the first of two first nights, in which nothing but what the stop rule finds opens an incident."""
    with Town(night) as town:
        write_home(folder, town.base)
        file = folder / "school.toml"
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("shadow_nights = 0", "shadow_nights = 2"), encoding="utf-8")
        sweep_plainly(folder, night)


def write_swept_home(folder: Path, night: datetime, *venues: str) -> None:
    """The home of the town after its first night, in a folder that is not there yet; `venues`: only these sources were looked at.

    The town itself has ended. The copy is its caller's own to change.
    """
    shutil.copytree(_swept(night, venues), folder)

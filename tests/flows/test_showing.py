"""What `incident show` says in a terminal: one language, 80 columns, the words of the post covered."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from flows.cli import main
from tests.flows.plain import sweep_plainly
from town.home import write_home
from town.server import Town


@pytest.mark.slow
def test_an_incident_is_shown_in_the_terminals_one_language_and_in_80_columns(
    tmp_path: Path, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    """The school of the town works in Welsh; the terminal speaks English throughout."""
    home = tmp_path / "home"
    with Town(now) as town:
        write_home(home, town.base)
        report = sweep_plainly(home, now)
    for incident in report.incidents_opened:
        assert main(["incident", "show", incident, "--home", str(home)]) == 0
        said = capsys.readouterr().out
        assert "Check the evidence" in said and "Gwiriwch" not in said
        too_wide = [line for line in said.splitlines() if len(line) > 79 and "http" not in line]
        assert too_wide == []

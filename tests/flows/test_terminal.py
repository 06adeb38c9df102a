"""What a person reads in a terminal of eighty columns: the first thing, the night, the places, an incident's refusals."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.cli import build_parser, main
from flows.commands.demo import say_places
from flows.commands.nightly import say_report
from flows.commands.protocol_text import show_refusals
from flows.home import Home
from flows.standing import StepForRoles
from incidents.steps import Event
from mentionwatch.labels import Role, Verdict
from mentionwatch.model import LabelCounts, NightReport

NIGHT = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
COLUMNS = 80


def _lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


def test_who_types_no_command_is_told_the_first_ones_and_where_to_read_on(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Contract: 2 is bad usage, on standard error. Every command it names is one."""
    with pytest.raises(SystemExit) as stopped:
        main([])
    said = capsys.readouterr()
    assert stopped.value.code == 2 and said.out == ""
    assert "--help" in said.err and "docs/how-to/commands.md" in said.err
    named = [line.split()[1] for line in said.err.splitlines() if line.startswith("  ./run ")]
    assert len(named) >= 5 and set(named) <= set(build_parser().format_help().split())
    assert Path("docs/how-to/commands.md").exists() and max(map(len, said.err.splitlines())) <= COLUMNS


def test_a_night_and_the_places_of_the_demo_fit_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Paths are said as they are typed from here: only somebody else's long folder is longer than a line."""
    monkeypatch.chdir(tmp_path)
    home = Home(tmp_path / "var" / "demo")
    counts = LabelCounts(1444, 1106, 135, 118, 1115, 112, 113)
    report = NightReport(
        "r", NIGHT, NIGHT, Verdict.DEGRADED, (), counts,
        tuple(f"2026-{number:04}" for number in range(1, 10)), str(home.digests / "2026-11-20.html"),
    )  # fmt: skip
    say_report(report)
    say_places(home, report, replace(report, digest=str(home.digests / "2026-11-22.html")))
    lines = _lines(capsys)
    assert [line for line in lines if len(line) > COLUMNS] == []
    assert "Digest: var/demo/digests/2026-11-20.html" in lines
    assert any(line.endswith("./run incident show 2026-0001 --home var/demo") for line in lines)
    assert "1115 neutral" in " ".join(lines) and "113 inappropriate" in " ".join(
        line.strip() for line in lines
    )


def test_of_the_refusals_of_an_incident_each_reason_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    """With the roles it stands in the way of and every step it refuses them; nothing that was refused is left out."""
    about = "the post mentions the deputy, who therefore does not decide: another role does it [A rule]"
    none = "ban stands at none [Another rule]"
    show_refusals(
        (
            StepForRoles(Event.MERGE.value, "", "anyone", (), (Role.HEAD,), ((Role.DEPUTY, about),)),
            StepForRoles(
                Event.BREACH_NOTE.value,
                "",
                "anyone",
                (),
                (Role.HEAD,),
                ((Role.DEPUTY, about), (Role.CHAIR, none)),
            ),
            StepForRoles(
                Event.BAN_HEARD.value, "", "anyone", (), (), ((Role.HEAD, none), (Role.DEPUTY, none))
            ),
        )
    )
    lines = _lines(capsys)
    said = " ".join(line.strip() for line in lines)
    assert said.count("another role does it") == 1 and said.count("ban stands at none") == 1
    assert "refuses deputy: merge, breach_note" in said
    assert "refuses chair: breach_note" in said and "refuses everybody: ban_heard" in said
    assert max(map(len, lines)) <= COLUMNS

"""The reporter's name goes from the report into the sealed store, and from there to one screen for one look."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.commands.reporter import reporter_show
from flows.home import Home, read_school
from flows.learning import model_in_use
from flows.reporting import HumanReport, Reported, take_report
from mentionwatch.errors import ConfigError, Refused
from tests.incidents.homes import THREAT, URL, Desk, make_desk
from warehouse.connection import Warehouse
from warehouse.erase import compact
from warehouse.reporters import ReporterStore

CANARY = "Zanzibar Quuxley"
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SEEN_AT = NOW - timedelta(days=2, hours=3)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return make_desk(tmp_path / "home")


def take(desk: Desk, reporter: str = CANARY, seen_at: datetime | None = SEEN_AT) -> Reported:
    home = Home(desk.folder)
    school, pack = read_school(home)
    report = HumanReport(URL, None, THREAT, reporter=reporter, platform="QuuxleyNet", seen_at=seen_at)
    return take_report(home, school, pack, model_in_use(str(home.folder)), report, NOW)


def show(
    desk: Desk, mention: str, role: str = "dsl", purpose: str = "to keep her safe", *, json: bool = True
) -> int:
    return reporter_show(
        argparse.Namespace(home=str(desk.folder), mention=mention, role=role, purpose=purpose, json=json, now=NOW)
    )  # fmt: skip


def looks(desk: Desk) -> list[tuple[object, ...]]:
    with Warehouse(desk.folder).live_reader() as reading:
        return reading.rows("SELECT role, reason FROM audit WHERE verb = 'opened_reporter' ORDER BY seq")


def test_the_name_is_shown_for_one_logged_look_with_time_seen_and_time_reported(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    """L19, D16; C03: when it was seen against when it was reported."""
    mention = take(desk).mention
    assert show(desk, mention) == 0
    assert json.loads(capsys.readouterr().out) == {
        "mention": mention,
        "reports": [
            {
                "reporter": CANARY,
                "platform": "QuuxleyNet",
                "reported_at": "2026-11-21T09:00:00Z",
                "seen_at": "2026-11-19T06:00:00Z",
            }
        ],
    }
    assert show(desk, mention, "chair", "the lead is not to be asked", json=False) == 0
    said = capsys.readouterr().out
    assert CANARY in said and "seen 2026-11-19T06:00:00Z, reported 2026-11-21T09:00:00Z" in said
    assert looks(desk) == [("dsl", "to keep her safe"), ("chair", "the lead is not to be asked")]


@pytest.mark.parametrize(
    ("role", "purpose"), [("head", "to keep her safe"), ("operator", "to keep her safe"), ("dsl", "because")]
)
def test_nobody_else_sees_the_name_and_nobody_without_a_purpose(
    desk: Desk, role: str, purpose: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """L19."""
    mention = take(desk).mention
    with pytest.raises(Refused, match="promised anonymity"):
        show(desk, mention, role, purpose)
    with pytest.raises(ConfigError):
        show(desk, mention, "pipeline", purpose)
    assert capsys.readouterr().out == "" and looks(desk) == []


def test_a_name_with_hostile_signs_is_shown_as_text(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    show(desk, take(desk, "\x1b[2J\u202eyelxuuQ\n").mention, json=False)
    said = capsys.readouterr().out
    assert "\x1b" not in said and "\u202e" not in said and "[2J" in said


def test_a_report_without_name_platform_and_time_seen_seals_nothing(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    mention = desk.report().row["mention"]
    assert not (desk.folder / "reporters").exists()
    assert show(desk, mention, json=False) == 0
    assert "Nobody's name is kept" in capsys.readouterr().out and len(looks(desk)) == 1
    take(desk, "", SEEN_AT)
    assert [report.seen_at for report in ReporterStore(desk.folder).read(mention)] == [SEEN_AT]


def test_a_report_cut_off_after_its_reporter_was_sealed_is_whole_when_it_is_made_again_or_forgotten(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """L19: nobody can ask for a name that no mention leads to, and it does not stay."""
    store = ReporterStore(desk.folder)
    with monkeypatch.context() as cut:
        cut.setattr("flows.storing.store_nights", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            take(desk)
    ((mention, names),) = store.names_by_mention().items()
    assert names == (CANARY,) and desk.run("mentions", "--json").rows == []
    with pytest.raises(Refused, match="no mention of that id"):
        show(desk, mention)
    assert take(desk).mention == mention and len(store.read(mention)) == 1
    assert desk.run("erase", mention).code == 0 and store.names() == ()
    compact(Warehouse(desk.folder))
    assert capsys.readouterr().out == ""

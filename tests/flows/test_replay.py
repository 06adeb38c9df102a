"""`replay`: what a change would do to what is stored, before anybody makes it. It reads, and it shows no words."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from tests.flows.plain import sweep_plainly
from tests.incidents.homes import Desk
from town.home import write_home
from town.server import Town
from town.story import SCHOOL

NIGHT = datetime(2026, 11, 21, 2, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The town's home after one night."""
    folder = tmp_path_factory.mktemp("replay") / "home"
    with Town(NIGHT) as town:
        write_home(folder, town.base)
        assert sweep_plainly(folder, NIGHT).incidents_opened
        yield folder


@pytest.fixture
def desk(home: Path, tmp_path: Path) -> Desk:
    return Desk(Path(shutil.copytree(home, tmp_path / "home")))


def files(folder: Path) -> dict[str, str]:
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith(".lock")
    }


def texts(folder: Path) -> list[str]:
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
        return [row[0] for row in connection.execute("SELECT text FROM revisions").fetchall()]


def test_with_nothing_changed_nothing_would_change_and_nothing_is_written(desk: Desk) -> None:
    """The sample of a night is in it: a replay draws the same one."""
    before = files(desk.folder)
    found = desk.run("replay", "--json").row
    assert found["mentions"] == len(texts(desk.folder)) and found["sealed"] == 0
    assert (
        found["changed"]
        == found["opening"]
        == found["not_opening"]
        == found["asking"]
        == found["not_asking"]
        == []
    )
    assert all(row["was"] == row["label"] for row in found["labels"])
    assert sum(row["mentions"] for row in found["labels"]) == found["mentions"]
    assert files(desk.folder) == before


def test_a_threshold_shows_what_it_would_do_by_id_and_without_words(desk: Desk) -> None:
    before = files(desk.folder)
    lowest = desk.run("replay", "--threshold", "label_high=0", "--json")
    found = lowest.row
    assert {row["label"] for row in found["labels"]} == {"inappropriate"}
    assert found["opening"] and not found["not_opening"]
    assert set(found["opening"]) <= set(found["changed"])
    shown = desk.run("replay", "--threshold", "label_high=0")
    assert all(id_ in shown.out for id_ in found["changed"])
    assert max(map(len, shown.out.splitlines())) <= 110
    for said in (lowest.out, shown.out):
        assert not [text for text in texts(desk.folder) if text[:30] in said]
    strict = desk.run("replay", "--threshold", "label_high=1", "--json").row
    assert strict["not_opening"] and not strict["opening"]
    assert "inappropriate" not in {row["label"] for row in strict["labels"]}
    assert files(desk.folder) == before


@pytest.mark.parametrize(
    "given",
    ["nothing=0.5", "label_high", "label_high=1.01", "label_high=-0.1", "label_high=nan", "label_high=much", "=0.5"],
)  # fmt: skip
def test_a_threshold_nobody_knows_or_out_of_range_is_one_line_and_exit_2(desk: Desk, given: str) -> None:
    said = desk.run("replay", "--threshold", given)
    assert said.code == 2 and said.out == "" and said.err.count("\n") == 1 and "--threshold" in said.err


def test_another_profile_shows_what_would_be_out_of_scope(desk: Desk, tmp_path: Path) -> None:
    changed = tmp_path / "changed.toml"
    text = (desk.folder / "school.toml").read_text(encoding="utf-8")
    same = desk.run("replay", "--school", str(desk.folder / "school.toml"), "--json").row
    assert same["changed"] == []
    word = SCHOOL.split()[-1]
    changed.write_text(text.replace("[school]\n", f'[school]\nexclude = ["{word}"]\n'), encoding="utf-8")
    found = desk.run("replay", "--school", str(changed), "--json").row
    out = sum(row["mentions"] for row in found["labels"] if row["label"] is None)
    assert (
        out > found["mentions"] / 2 and found["not_opening"] and not found["opening"] and not found["asking"]
    )
    missing = desk.run("replay", "--school", str(tmp_path / "none.toml"))
    assert missing.code == 2 and missing.err.count("\n") == 1


def test_sealed_mentions_are_passed_over_and_counted(desk: Desk) -> None:
    with duckdb.connect(str(desk.folder / "warehouse.duckdb")) as connection:
        (sealed,) = connection.execute("SELECT min(id) FROM mentions").fetchall()[0]
        connection.execute("UPDATE mentions SET is_sealed = true WHERE id = ?", [sealed])
    said = desk.run("replay", "--threshold", "label_high=0", "--json")
    assert said.row["sealed"] == 1 and said.row["mentions"] == len(texts(desk.folder)) - 1
    assert sealed not in said.out


def test_only_what_came_since_a_day_and_a_model_that_is_not_there(desk: Desk, tmp_path: Path) -> None:
    assert desk.run("replay", "--since", "2026-11-21", "--json").row["mentions"] == len(texts(desk.folder))
    assert desk.run("replay", "--since", "2026-11-22", "--json").row["mentions"] == 0
    said = desk.run("replay", "--model", str(tmp_path / "none"))
    assert said.code != 0 and said.err.count("\n") == 1 and said.out == ""

"""`replay`: what a change would do to what is stored, before anybody makes it. It reads, and it shows no words."""

from __future__ import annotations

import hashlib
import json
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from flows.commands.shadow import _say_toml
from flows.home import Home, read_school
from flows.replay import make_rescoper, read_specs
from tests.flows.plain import sweep_plainly
from tests.incidents.homes import Desk
from tests.warehouse.opened import words_in
from town.home import write_home
from town.server import Town
from town.story import SCHOOL
from warehouse.connection import Warehouse
from warehouse.reading import list_mentions
from warehouse.shadow import unopened

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
    return [words.text for _, _, words in words_in(folder)]


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
    assert max(map(len, shown.out.splitlines())) <= 80
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
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("{}")
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / "manifest.json").write_text('{"name": "x"}')
    for name in ("none", "empty", "file", "damaged"):
        said = desk.run("replay", "--model", str(tmp_path / name))
        assert said.code == 2 and said.err.count("\n") == 1 and said.out == "" and "--model" in said.err


def test_a_persons_correction_is_not_what_the_classifier_said(desk: Desk) -> None:
    """What the classifier called neutral and a person sends to the police: no replay and no report counts that as its own."""
    noise = desk.run("shadow", "--json").row["sources"]
    rows = desk.run("mentions", "--json").rows
    calm = next(row["id"] for row in rows if (row["label"], row["route"]) == ("neutral", "none"))
    bad = next(row["id"] for row in rows if row["label"] == "inappropriate")
    for id_, label, route in ((calm, "inappropriate", "police"), (bad, "concern", "complaint")):
        said = desk.run(
            "correct", id_, "--label", label, "--route", route, "--as", "head", "--reason", "read it twice"
        )
        assert said.code == 0, said.err
    found = desk.run("replay", "--json").row
    assert found["opening"] == found["not_opening"] == found["asking"] == found["not_asking"] == []
    assert found["changed"] == []
    after = desk.run("shadow", "--json").row
    assert [row | {"corrected": 0} for row in after["sources"]] == [row | {"corrected": 0} for row in noise]
    assert sum(row["corrected"] for row in after["sources"]) == 2


def test_a_persons_inappropriate_waits_to_be_opened_in_report_and_digest_alike(desk: Desk) -> None:
    rows = desk.run("mentions", "--json").rows
    calm = next(row["id"] for row in rows if (row["label"], row["scope"]) == ("neutral", "certain"))
    said = desk.run("correct", calm, "--label", "inappropriate", "--as", "head", "--reason", "read it twice")
    assert said.code == 0, said.err
    with Warehouse(desk.folder).live_reader() as reading:
        waits = unopened(reading, NIGHT - timedelta(days=28), NIGHT + timedelta(days=1))
    assert calm in waits
    assert set(desk.run("shadow", "--json").row["unopened"]) == set(waits)


@pytest.mark.parametrize("sources", [None, "", "[[source]", '[[source]]\nname = "x"\n'])
def test_sources_toml_is_not_needed_to_look_at_what_is_stored(desk: Desk, sources: str | None) -> None:
    path = desk.folder / "sources.toml"
    school = read_school(Home(desk.folder))[0].profile
    with Warehouse(desk.folder).live_reader() as reading:
        rows = list_mentions(reading)
        whole = make_rescoper(reading, school, read_specs(Home(desk.folder), school))
    before = desk.run("shadow", "--json").row
    path.unlink()
    if sources is not None:
        path.write_text(sources, encoding="utf-8")
    assert desk.run("shadow", "--json").row == before
    without = replace(whole, specs=read_specs(Home(desk.folder), school))
    assert whole.specs and without.specs == {}
    assert [without.decide(row) for row in rows] == [whole.decide(row) for row in rows]
    assert desk.run("replay", "--since", "2030-01-01", "--json").row["mentions"] == 0


def test_what_was_asked_for_is_judged_before_the_home(desk: Desk, tmp_path: Path) -> None:
    nowhere = Desk(tmp_path / "nowhere")
    for given in (
        ("--threshold", "sure=2"),
        ("--school", str(tmp_path)),
        ("--school", str(tmp_path / "none.toml")),
        ("--model", str(tmp_path / "none")),
    ):
        said = desk.run("replay", *given)
        assert said.code == 2 and said.out == "" and said.err.count("\n") == 1
        assert "Errno" not in said.err and given[1] in said.err
        assert nowhere.run("replay", *given).err == said.err


def test_what_people_read_fits_a_terminal(desk: Desk) -> None:
    finished = ("shadow", "end", "--as", "head", "--reason", "there is little noise " * 9)
    school = desk.folder / "school.toml"
    text = school.read_text(encoding="utf-8")
    school.write_text(text.replace("shadow_nights = 0", "shadow_nights = 14"), encoding="utf-8")
    for command in (("replay", "--since", "2030-01-01"), ("shadow",), finished, ("shadow",)):
        said = desk.run(*command)
        assert said.code == 0, said.err
        assert max(map(len, said.out.splitlines())) <= 80


def test_a_list_that_is_too_long_for_a_line_is_still_the_same_list(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = [f"word number {number} \u2018ŵ\u2019" for number in range(20)]
    _say_toml(f"exclude = {json.dumps(words, ensure_ascii=False)}")
    _say_toml('places = ["Corby"]')
    said = capsys.readouterr().out
    assert max(map(len, said.splitlines())) <= 80 and 'places = ["Corby"]\n' in said
    assert tomllib.loads(said) == {"exclude": words, "places": ["Corby"]}

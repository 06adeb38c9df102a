"""The contract that scripts outside the project rely on: commands, keys, types, value sets, exit codes."""

from __future__ import annotations

import argparse
import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from flows.cli import build_parser, main
from mentionwatch import errors
from tests.flows.nights import clean_environment, cli
from town.home import write_home
from town.server import BROKEN_FEED, Town

pytestmark = [pytest.mark.slow]
NOW = "2026-11-21T02:30:00Z"
LABELS = {"positive", "neutral", "concern", "inappropriate"}
HARMS = {"threat", "hate", "harassment", "defamation", "sexual", "privacy", "impersonation"}
ROUTES = {"police", "safeguarding", "internal", "complaint", "none"}
VERDICTS = {"clear", "mentions", "degraded", "blind"}
ERROR_KINDS = set(
    "dns tls timeout refused_by_policy http_401_403 http_404_410 rate_limited server_error not_a_feed "
    "truncated too_large empty frozen credentials terms unexpected".split()
)
COUNTS = {"collected", "out_of_scope", "possible", *LABELS}
SWEEP = set(
    "run_id started_at finished_at verdict sources counts incidents_opened digest".split(),
)
SOURCE = set("name collector verdict fetched new edited gone error last_ok_at".split())
MENTION = set(
    "id source native_id kind url title text lang posted_at posted_at_basis captured_at revision scope label "
    "needs_person harms route incident".split()
)
COMMANDS = (
    "init --pack llanbedrog --name N --lang cy --place A B --authority T --authority-on 2026-09-01 --dpia R --dpia-on 2026-09-01",
    "init --pack llanbedrog --register r.csv --id 7",
    "sweep --now 2026-11-21T02:30:00Z --source a b --json",
    "scope",
    "classify",
    "mentions --since 2026-11-01 --label concern --source a --json",
    "report --url http://a.example/ --posted-at 2026-11-20T10:00:00Z --text t --screenshot f --reporter r --platform p",
    "digest --date 2026-11-21 --lang cy --format json --send",
    "incident list --json",
    "incident show I --json",
    "incident move I E --as head --reason R --json",
    "evidence verify",
    "evidence verify a b",
    "evidence export I",
    "recheck --now 2026-11-21T02:30:00Z",
    "publish",
    "query SELECT",
    "retention --now 2026-11-21T02:30:00Z --dry-run",
    "access somebody",
    "erase a b",
    "status --json",
    "desk --port 9000",
    "train",
    "evaluate",
    "schedule",
)


@dataclass(frozen=True)
class Swept:
    """One real night of a home with three sources of its own, and what the command said."""

    home: Path
    code: int
    out: str
    error: str


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Swept]:
    home = tmp_path_factory.mktemp("contract") / "home"
    with Town(datetime(2026, 11, 21, 2, 30, tzinfo=UTC)) as town:
        write_home(home, town.base)
        agreed = 'terms_ok_by = "The office"\nterms_ok_on = 2026-09-01\nplace = "Aberwylan, Sir Wylan"\n'
        sources = "".join(
            f'[[source]]\nname = "{name}"\ncollector = "feed"\nurl = "{town.base}{path}"\n{agreed}\n'
            for name, path in (
                ("paper", "/paper/feed.xml"),
                ("blog", "/blog/atom.xml"),
                ("notices", BROKEN_FEED),
            )
        )
        fetch = '[fetch]\nallow_networks = ["127.0.0.1/32"]\nsecond_look_seconds = 0\n\n'
        (home / "sources.toml").write_text(fetch + sources, encoding="utf-8")
        done = _run("sweep", "--home", str(home), "--now", NOW, "--json")
    yield Swept(home, done.returncode, done.stdout, done.stderr)


def _run(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        cli(*arguments),
        env=clean_environment(),
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def _is_instant(text: object) -> bool:
    return (
        isinstance(text, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", text) is not None
    )


def _check_source(source: dict[str, Any]) -> None:
    assert source.keys() - {"not_looked_at"} == SOURCE
    assert source["verdict"] in VERDICTS
    assert all(
        type(source[name]) is int and source[name] >= 0 for name in ("fetched", "new", "edited", "gone")
    )
    if source["error"] is not None:
        assert source["error"].keys() == {"kind", "detail"}
        assert source["error"]["kind"] in ERROR_KINDS
        assert isinstance(source["error"]["detail"], str) and source["error"]["detail"]
    assert source["last_ok_at"] is None or _is_instant(source["last_ok_at"])


@pytest.mark.prefect
def test_a_sweep_with_json_prints_the_one_object_of_the_contract(swept: Swept) -> None:
    assert swept.code == 3
    assert swept.error == ""
    assert swept.out.count("\n") == 1
    report = json.loads(swept.out)
    assert report.keys() == SWEEP
    assert isinstance(report["run_id"], str) and report["run_id"]
    assert report["started_at"] == NOW
    assert _is_instant(report["finished_at"]) and report["finished_at"] >= report["started_at"]
    assert report["verdict"] == "degraded"
    assert [source["name"] for source in report["sources"]] == ["paper", "blog", "notices"]
    for source in report["sources"]:
        assert source["collector"] == "feed"
        _check_source(source)
    paper, _, notices = report["sources"]
    assert paper["verdict"] == "mentions" and paper["new"] > 0 and paper["last_ok_at"] == NOW
    assert notices["verdict"] == "blind" and notices["error"]["kind"] == "not_a_feed"
    assert notices["last_ok_at"] is None
    assert report["counts"].keys() == COUNTS
    assert all(type(value) is int and value >= 0 for value in report["counts"].values())
    assert report["counts"]["collected"] == sum(source["fetched"] for source in report["sources"])
    assert sum(report["counts"][label] for label in LABELS) == sum(
        source["new"] + source["edited"] for source in report["sources"]
    )
    assert all(isinstance(number, str) for number in report["incidents_opened"])
    assert Path(report["digest"]).is_file()
    assert Path(report["digest"]).parent == swept.home / "digests"


@pytest.mark.prefect
def test_a_home_holds_what_the_contract_says(swept: Swept) -> None:
    for name in ("school.toml", "sources.toml", "warehouse.duckdb", "analysis.duckdb"):
        assert (swept.home / name).is_file(), name
    for name in ("keys", "digests", "logs"):
        assert (swept.home / name).is_dir(), name
    assert (swept.home / "keys").stat().st_mode & 0o777 == 0o700


@pytest.mark.prefect
def test_mentions_with_json_are_lines_with_the_keys_of_the_contract_newest_first(swept: Swept) -> None:
    done = _run("mentions", "--home", str(swept.home), "--json")
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    report = json.loads(swept.out)
    assert len(rows) == sum(source["new"] for source in report["sources"])
    for row in rows:
        assert row.keys() == MENTION
        assert row["kind"] in {"post", "comment", "review", "edit", "article", "request", "report"}
        assert row["posted_at"] is None or _is_instant(row["posted_at"])
        assert row["posted_at_basis"] in {"feed", "page", "api", "human", "unknown"}
        assert row["captured_at"] == NOW
        assert row["revision"] == 1
        assert row["scope"] in {"certain", "possible"}
        assert row["label"] in LABELS and row["route"] in ROUTES and set(row["harms"]) <= HARMS
        assert type(row["needs_person"]) is bool
        assert row["lang"] in {"en", "cy", "other"}
        assert row["incident"] is None or row["incident"] in report["incidents_opened"]
        assert row["scope"] == "certain" or row["incident"] is None
    posted = [row["posted_at"] or "" for row in rows]
    assert posted == sorted(posted, reverse=True)
    one = _run("mentions", "--home", str(swept.home), "--json", "--source", "blog", "--label", "concern")
    expected = [row for row in rows if row["source"] == "blog" and row["label"] == "concern"]
    assert [json.loads(line) for line in one.stdout.splitlines()] == expected


@pytest.mark.prefect
def test_status_with_json_says_what_is_wrong_and_exits_3(
    swept: Swept, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["status", "--home", str(swept.home), "--json"])
    found = json.loads(capsys.readouterr().out)
    assert code == 3
    assert found["healthy"] is False
    assert any("notices" in trouble for trouble in found["troubles"])
    assert found["last_run"].keys() == {"run_id", "started_at", "finished_at", "verdict"}
    assert found["last_run"]["started_at"] == NOW and found["last_run"]["verdict"] == "degraded"
    assert _is_instant(found["next_run"])
    for source in found["sources"]:
        _check_source(source)
    given = [(source["name"], source["verdict"]) for source in json.loads(swept.out)["sources"]]
    assert sorted((source["name"], source["verdict"]) for source in found["sources"]) == sorted(given)


STREAM = [
    '{"id": "1", "title": "Open day", "text": "Ysgol Aberwylan in Aberwylan opens its doors", "place": null}',
    "{not json",
    '{"id": "2"}',
    '{"id": "3", "text": "The tide tables for next week"}',
    '{"text": "no id"}',
    "[1, 2]",
    '{"id": 4, "text": "'
    + "Diolch yn fawr i staff Ysgol Aberwylan, Aberwylan am ddiwrnod gwych. " * 3
    + '"}',
    '{"id": "5", "text": ["a list"]}',
    "",
    '{"id": "6", "text": ""}',
]
WANTED = [("1", True), (None, False), ("2", False), ("3", True), (None, False), (None, False)]
WANTED += [("4", True), ("5", False), ("6", True)]


def _check_stream(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    """Order kept, bad lines answered; the good answers."""
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(row.get("id"), "error" not in row) for row in rows] == WANTED
    for row in rows:
        if "error" in row:
            assert row.keys() <= {"id", "error"} and isinstance(row["error"], str) and row["error"]
    return [row for row in rows if "error" not in row]


def test_scope_answers_every_line_in_order(tmp_path: Path) -> None:
    write_home(tmp_path / "home", "http://127.0.0.1:9")
    done = _run("scope", "--home", str(tmp_path / "home"), stdin="\n".join(STREAM) + "\n")
    rows = _check_stream(done)
    for row in rows:
        assert row.keys() == {"id", "scope", "score", "reasons"}
        assert row["scope"] in {"certain", "possible", "out"}
        assert isinstance(row["score"], int | float) and 0 <= row["score"] <= 1
        assert all(isinstance(reason, str) for reason in row["reasons"])
    assert [row["scope"] for row in rows] == ["certain", "out", "certain", "out"]


def test_classify_answers_every_line_in_order_without_a_home() -> None:
    rows = _check_stream(_run("classify", stdin="\n".join(STREAM)))
    for row in rows:
        assert row.keys() == set("id label probabilities harms route needs_person reasons lang model".split())
        assert row["label"] in LABELS and row["route"] in ROUTES and set(row["harms"]) <= HARMS
        assert row["probabilities"].keys() == LABELS
        assert sum(row["probabilities"].values()) == pytest.approx(1, abs=1e-6)
        assert type(row["needs_person"]) is bool
        assert row["lang"] in {"en", "cy", "other"}
        assert isinstance(row["model"], str) and row["model"]
        for reason in row["reasons"]:
            assert {"why", "weight"} <= reason.keys() <= {"span", "why", "weight"}
            assert isinstance(reason["why"], str) and isinstance(reason["weight"], int | float)
            if "span" in reason:
                start, end = reason["span"]
                assert 0 <= start < end
    assert rows[2]["lang"] == "cy"


@pytest.mark.parametrize("line", COMMANDS)
def test_the_parser_knows_every_command_of_the_contract(line: str) -> None:
    command, *rest = line.split()
    act = [rest.pop(0)] if command in ("incident", "evidence") else []
    found = build_parser().parse_args([command, *act, "--home", "H", *rest])
    assert found.home == "H"
    assert callable(getattr(__import__(f"flows.commands.{found.module}", fromlist=["x"]), found.function))
    before = build_parser().parse_args(["--home", "H", command, *act, *rest])
    assert before.home == "H"


def test_the_exit_codes_are_those_of_the_contract() -> None:
    assert errors.MentionwatchError.exit_code == 1
    assert errors.ConfigError.exit_code == 2
    assert errors.AnotherRunHoldsTheLock.exit_code == 4
    assert errors.Refused.exit_code == 5


@pytest.mark.parametrize(
    "line", ["", "swep", "sweep --now yesterday", "mentions --label bad", "incident", "erase"]
)
def test_bad_usage_exits_2(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(line.split())
    assert stopped.value.code == 2
    assert capsys.readouterr().out == ""


def test_an_unexpected_failure_exits_1_with_one_line_and_the_traceback_in_the_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_home(tmp_path / "home", "http://127.0.0.1:9")

    def crash(arguments: argparse.Namespace) -> int:
        raise ZeroDivisionError("the words of a post")

    monkeypatch.setattr("flows.commands.nightly.status", crash)
    assert main(["status", "--home", str(tmp_path / "home")]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "ZeroDivisionError" in said and "words of a post" not in said
    log = (tmp_path / "home" / "logs" / "errors.log").read_text(encoding="utf-8")
    assert "ZeroDivisionError" in log and "in crash" in log and "words of a post" not in log

"""What the documents say is so: links lead somewhere, commands exist and parse, files exist, SQL and TOML are taken."""

from __future__ import annotations

import argparse
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from flows.cli import build_parser
from flows.home import Home, read_pack, read_sources
from mentionwatch.labels import Label, Role
from mentionwatch.profiles import derive_profile
from mentionwatch.settings import FetchSettings, parse_fetch
from mentionwatch.tables import Table
from tests.warehouse.factory import NOW, make_audit, make_night, make_write
from warehouse.connection import Warehouse
from warehouse.decisions import Decision, record_decision
from warehouse.dictionary import render
from warehouse.ledger import start_run
from warehouse.publish import PUBLISHED, publish, query_published
from warehouse.store import store_nights

ROOT = Path(__file__).resolve().parent.parent.parent
HOW_TO, ADR = ROOT / "docs" / "how-to", ROOT / "docs" / "adr"


def tracked(pattern: str) -> list[Path]:
    """Files of the repository, new ones included, ignored ones not; without git, all that is no build product."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", pattern],
        cwd=ROOT,
        capture_output=True,
    )
    if listed.returncode == 0:
        names = listed.stdout.decode().split("\0")
        return [path for name in names if name and (path := ROOT / name).is_file()]
    hidden = {".venv", ".git", "__pycache__", "var"}
    return [
        path
        for path in sorted(ROOT.rglob(pattern))
        if path.is_file() and not hidden & set(path.relative_to(ROOT).parts)
    ]


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def blocks(path: Path, language: str) -> list[str]:
    """The fenced blocks of a page in one language."""
    return re.findall(rf"^ *```{language}\n(.*?)^ *```$", read(path), re.MULTILINE | re.DOTALL)


PAGES = tracked("*.md")
LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)\s#]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_to_a_file(page: Path) -> None:
    text = re.sub(r"```.*?```", "", read(page), flags=re.DOTALL)
    assert [link for link in LINK.findall(text) if not (page.parent / link).exists()] == []


# --- commands -------------------------------------------------------------------------------------


def _subcommands() -> dict[str, argparse.ArgumentParser]:
    return next(
        dict(action.choices)
        for action in build_parser()._actions
        if isinstance(action, argparse._SubParsersAction)
    )


def test_every_command_is_described_and_no_other() -> None:
    assert sorted(re.findall(r"^## (\S+)$", read(HOW_TO / "commands.md"), re.MULTILINE)) == sorted(
        _subcommands()
    )


def _options(parser: argparse.ArgumentParser) -> set[str]:
    return {
        option
        for action in parser._actions
        for option in action.option_strings
        if option.startswith("--") and option not in ("--help", "--home")
    }


@pytest.mark.parametrize("name", sorted(_subcommands()))
def test_every_option_of_a_command_is_in_its_section_and_no_other(name: str) -> None:
    page = read(HOW_TO / "commands.md")
    section = re.split(r"^## ", page.partition(f"\n## {name}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]
    words = {word for word in re.findall(r"(?<![\w-])--[a-z][a-z-]+", section) if word != "--home"}
    parsers = [_subcommands()[name]]
    for action in parsers[0]._actions:
        if isinstance(action, argparse._SubParsersAction):
            parsers += action.choices.values()
    # Prefect's own options stand beside ours where its command line is named.
    assert words - {"--all"} == set().union(*(_options(parser) for parser in parsers))


SHOWN = [
    (page.name, line)
    for page in [*sorted(HOW_TO.glob("*.md")), ROOT / "README.md"]
    for line in re.findall(
        r"(?:\./run|run\.cmd) ([a-z][^`|\n]*)", re.sub(r" *\\\n +", " ", read(page)), re.MULTILINE
    )
]


@pytest.mark.parametrize(("page", "line"), SHOWN)
def test_every_command_line_that_is_shown_is_one_the_parser_takes(page: str, line: str) -> None:
    words = shlex.split(line, comments=True)
    if line.rstrip().endswith(" …"):
        words = words[:-1]
    assert build_parser().parse_args(words).command == words[0]


def test_there_are_command_lines_to_try() -> None:
    assert {words.split()[0] for _, words in SHOWN} >= set(_subcommands()) - {"train", "desk"}


def test_the_exit_codes_are_those_of_the_contract() -> None:
    rows = re.findall(r"^\| (\d+) \| ", read(HOW_TO / "commands.md"), re.MULTILINE)
    assert [int(row) for row in rows] == [0, 1, 2, 3, 4, 5, 130]


# --- files ----------------------------------------------------------------------------------------

PATH = re.compile(r"`([\w.-]+/[\w./*-]*|[\w-]+\.(?:yaml|toml|md))`")
OF_A_HOME = ("keys/", "logs/", "digests/", "exhibits/", "governors/", "models/")


def _missing(page: Path) -> list[str]:
    named = [name for name in PATH.findall(read(page)) if not name.startswith(OF_A_HOME)]
    beside = {"school.toml", "sources.toml", "our-policy.toml"}
    return [name for name in named if Path(name).name not in beside and not any(ROOT.glob(name.rstrip("/")))]


def test_the_files_that_internals_names_exist() -> None:
    page = ROOT / "docs" / "internals.md"
    assert len(PATH.findall(read(page))) > 60
    assert _missing(page) == []


@pytest.mark.parametrize(
    "page", [ROOT / "docs" / "promises.md", *sorted(ADR.glob("*.md"))], ids=lambda p: p.name
)
def test_the_files_that_promises_and_decisions_name_exist(page: Path) -> None:
    assert [name for name in _missing(page) if "/" in name and "." in name] == []


def test_the_list_of_decisions_is_whole() -> None:
    listed = re.findall(r"^- \[(.+)\]\((.+)\)$", read(ADR / "README.md"), re.MULTILINE)
    there = {path.name: read(path).splitlines()[0].removeprefix("# ") for path in ADR.glob("0*.md")}
    assert {name: title for title, name in listed} == there
    assert [int(name[:4]) for name in sorted(there)] == list(range(1, len(there) + 1))


@pytest.mark.parametrize("page", sorted(ADR.glob("0*.md")), ids=lambda path: path.name)
def test_a_decision_says_why_what_and_what_follows(page: Path) -> None:
    heads = re.findall(r"^## (.+)$", read(page), re.MULTILINE)
    assert heads[:2] == ["Context", "Decision"] and heads[-1] == "Consequences"
    assert re.search(r"^Status: \w+", read(page), re.MULTILINE)


def test_decisions_that_the_code_refers_to_exist() -> None:
    named = {number for path in tracked("*.toml") for number in re.findall(r"docs/adr/(\d{4})", read(path))}
    assert named
    assert [number for number in sorted(named) if not list(ADR.glob(f"{number}-*.md"))] == []


def test_the_readme_names_the_two_commands() -> None:
    text = read(ROOT / "README.md")
    assert "./run demo" in text and "./check" in text and "run.cmd demo" in text
    assert "@@" not in text


# --- what analysts and technicians copy -----------------------------------------------------------

ANALYSTS = HOW_TO / "for-analysts.md"
SQL = blocks(ANALYSTS, "sql")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    warehouse = Warehouse(tmp_path_factory.mktemp("home"))
    writes = [
        make_write("p1", label=Label.POSITIVE),
        make_write("p2", opens=True, label=Label.INAPPROPRIATE),
        make_write("p3", "Parking at the gate again", label=Label.CONCERN),
        make_write("p4", "Term dates for the spring", label=Label.CONCERN),
    ]
    with warehouse.writer() as writing:
        start_run(writing, "run-1", NOW, "llanbedrog 2021", "s.11", "0.1.0")
        store_nights(writing, [make_night(writes=writes)], NOW)
        start_run(writing, "run-2", NOW, "llanbedrog 2021", "s.11", "0.1.0")
        store_nights(writing, [make_night("run-2", gone=["p1"])], NOW)
        decision = Decision(
            writes[3].mention.id, 1, Label.NEUTRAL, "somebody", Role.HEAD, "no complaint", NOW
        )
        record_decision(writing, decision, make_audit())
    publish(warehouse)
    return warehouse


@pytest.mark.parametrize("sql", SQL, ids=range(len(SQL)))
def test_the_analysts_sql_runs_and_finds_something(published: Warehouse, sql: str) -> None:
    assert query_published(published, sql).rows


def test_the_analysts_have_sql_on_every_table_but_the_lookup_of_sources() -> None:
    used = set(re.findall(r"(?:FROM|JOIN) (\w+)", "\n".join(SQL)))
    assert used >= set(PUBLISHED) - {"sources", "classifications"}
    assert all(f"`{table}`" in read(ANALYSTS) for table in PUBLISHED)


def test_the_analysts_python_runs(published: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(published.folder)
    (code,) = blocks(ANALYSTS, "python")
    names: dict[str, object] = {}
    exec(compile(code, str(ANALYSTS), "exec"), names)  # noqa: S102 -- our own page
    assert len(names["labels"]) == 4  # type: ignore[arg-type]


SOURCES = HOW_TO / "add-a-source.md"


@pytest.mark.parametrize("block", [text for text in blocks(SOURCES, "toml") if "[[source]]" in text])
def test_every_source_that_is_shown_is_one_that_mentionwatch_reads(block: str, tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.sources_file.write_text(block, encoding="utf-8")
    profile = derive_profile("Oakfield Primary School", ("Oakfield", "Hampshire"), "en")
    _, collectors = read_sources(home, profile)
    assert all(each.spec.terms_ok_by and each.spec.terms_ok_on for each in collectors)


def test_the_fetch_settings_that_are_listed_are_those_there_are() -> None:
    rows = re.findall(
        r"^\| `(\w+)` \| ([^|]+) \|", read(SOURCES).partition("## The `[fetch]`")[2], re.MULTILINE
    )
    default = FetchSettings()
    known = {
        "contact": "empty",
        "allow_networks": "none",
        "per_host_pause_seconds": f"{default.per_host_pause_s:g}",
        "total_seconds": f"{default.total_s:g}",
        "second_look_seconds": f"{default.second_look_s:g}",
        "workers": f"{default.workers:g}",
    }
    assert dict(rows) == known
    parse_fetch(Table("x", {"contact": "a", "workers": 1, "allow_networks": ["10.1.2.0/24"]}))


def test_the_policy_pack_that_is_shown_whole_is_one_that_mentionwatch_reads(tmp_path: Path) -> None:
    (block,) = blocks(HOW_TO / "write-a-policy-pack.md", "toml")
    (tmp_path / "our-policy.toml").write_text(block, encoding="utf-8")
    pack = read_pack("our-policy.toml", Table(str(tmp_path / "school.toml"), {}))
    assert pack.version.startswith("oakfield@2026-09-01+")
    assert pack.monitoring_clause is None and pack.conflict_order is None


def test_the_data_dictionary_is_current() -> None:
    assert read(ROOT / "docs" / "data-dictionary.md") == render(), (
        "run: python -m warehouse.dictionary > docs/data-dictionary.md"
    )


# --- nothing foreign ------------------------------------------------------------------------------

# Put together here, so that this file does not find itself.
FOREIGN = (
    "/work" + "/",
    "/tmp/" + "bash",
    "." + "library",
    "/root" + "/",
    "pypi" + ".org",
    "python" + "hosted.org",
    "anaconda" + ".org",
    "registry.npm" + "js.org",
    "proxy.go" + "lang.org",
)


def test_no_file_names_this_machine_or_a_package_index() -> None:
    found = []
    for path in tracked("*"):
        try:
            text = read(path)
        except UnicodeDecodeError:
            continue
        found += [(str(path.relative_to(ROOT)), word) for word in FOREIGN if word in text]
    assert found == []

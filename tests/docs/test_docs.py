"""What the documents say is so: links lead somewhere, commands exist, files exist, SQL runs, nothing foreign is named."""

from __future__ import annotations

import argparse
import re
import subprocess
from pathlib import Path

import pytest

from flows.cli import build_parser
from tests.warehouse.factory import NOW, make_night, make_write
from warehouse.connection import Warehouse
from warehouse.ledger import start_run
from warehouse.publish import publish, query_published
from warehouse.store import store_nights

ROOT = Path(__file__).resolve().parent.parent.parent


def tracked(pattern: str) -> list[Path]:
    """Files of the repository, new ones included, ignored ones not."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", pattern],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    return [path for name in listed.decode().split("\0") if name and (path := ROOT / name).is_file()]


PAGES = tracked("*.md")
LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)\s#]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_to_a_file(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert [link for link in LINK.findall(text) if not (page.parent / link).exists()] == []


def test_every_command_is_described_and_no_other() -> None:
    subparsers = next(
        action for action in build_parser()._actions if isinstance(action, argparse._SubParsersAction)
    )
    page = (ROOT / "docs/how-to/commands.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^## (\S+)$", page, re.MULTILINE)) == sorted(subparsers.choices)


def test_the_files_that_internals_names_exist() -> None:
    page = (ROOT / "docs/internals.md").read_text(encoding="utf-8")
    named = re.findall(r"`([\w./-]+/[\w.-]*)`", page)
    assert len(named) > 30
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_list_of_decisions_is_whole() -> None:
    folder = ROOT / "docs/adr"
    listed = re.findall(r"^- \[(.+)\]\((.+)\)$", (folder / "README.md").read_text(), re.MULTILINE)
    there = {path.name: path.read_text().splitlines()[0].removeprefix("# ") for path in folder.glob("0*.md")}
    assert {name: title for title, name in listed} == there
    assert [int(name[:4]) for name in sorted(there)] == list(range(1, len(there) + 1))


def test_the_readme_names_the_two_commands() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "./run demo" in text and "./check" in text and "run.cmd demo" in text
    assert "@@" not in text


SQL = re.findall(
    r"```sql\n(.*?)```", (ROOT / "docs/how-to/for-analysts.md").read_text(encoding="utf-8"), re.DOTALL
)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    warehouse = Warehouse(tmp_path_factory.mktemp("home"))
    with warehouse.writer() as writing:
        start_run(writing, "run-1", NOW, "llanbedrog 2021", "s.11", "0.1.0")
        store_nights(writing, [make_night(writes=[make_write("p1"), make_write("p2", opens=True)])], NOW)
    publish(warehouse)
    return warehouse


@pytest.mark.parametrize("sql", SQL)
def test_the_analysts_sql_runs(published: Warehouse, sql: str) -> None:
    assert query_published(published, sql).columns


def test_the_analysts_have_sql_to_run() -> None:
    assert len(SQL) >= 5


# Put together here, so that this file does not find itself.
FOREIGN = [
    "/work" + "/",
    "/tmp/bash" + "_jobs",
    ".lib" + "rary/",
    "/root" + "/",
    "pypi" + ".org/simple",
    "index" + "-url",
]


def test_no_file_names_a_machine_or_a_package_index() -> None:
    found = []
    for path in tracked("*"):
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [(str(path.relative_to(ROOT)), word) for word in FOREIGN if word in text]
    assert found == []

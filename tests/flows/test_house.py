"""The house itself: what is imported is ours, what is scheduled exists, what is installed is pinned."""

from __future__ import annotations

import importlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.conftest import LONGEST
from tests.flows.nights import ROOT, clean_environment

SHIPPED = (
    "mentionwatch",
    "collectors",
    "classifiers",
    "evidence",
    "incidents",
    "warehouse",
    "desk",
    "flows",
)
"""The product itself."""
PACKAGES = (*SHIPPED, "town")
LONGEST_MODULE = 450
PLAN = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))
DEPLOYMENTS = {each["name"]: each for each in PLAN["deployments"]}
REQUIREMENTS = sorted(ROOT.glob("requirements*.txt"))


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_with_a_common_name_is_ours(name: str) -> None:
    place = importlib.import_module(name).__file__
    assert place is not None
    assert Path(place).resolve() == ROOT / name / "__init__.py"


def test_packages_are_ours_in_another_folder_with_a_package_of_the_same_name(tmp_path: Path) -> None:
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "__init__.py").write_text("raise SystemExit('not ours')\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-P", "-m", "flows.cli", "--version"],
        cwd=tmp_path,
        env=clean_environment(),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("mentionwatch ")


@pytest.mark.parametrize("deployment", DEPLOYMENTS.values(), ids=DEPLOYMENTS)
def test_a_deployment_names_a_flow_that_exists_and_runs_once_at_a_time(
    deployment: dict[str, object],
) -> None:
    from prefect import Flow

    entry = str(deployment["entrypoint"])
    module, _, name = entry.rpartition(".")
    flow = getattr(importlib.import_module(module), name)
    assert isinstance(flow, Flow)
    assert deployment["work_pool"] == {"name": "mentionwatch", "work_queue_name": "default"}
    assert deployment["concurrency_limit"] == {"limit": 1, "collision_strategy": "CANCEL_NEW"}
    given = deployment["parameters"]
    assert isinstance(given, dict)
    schema = flow.parameters
    assert set(given) <= set(schema.properties), "a parameter the flow does not take"
    assert set(schema.required) <= set(given), "a parameter nobody gives"
    schedules = deployment["schedules"]
    assert isinstance(schedules, list) and len(schedules) == 1
    assert schedules[0]["timezone"] == "Europe/London"
    assert schedules[0]["active"] is True


def test_the_sweep_is_scheduled_for_half_past_two_in_london() -> None:
    nightly = [each for each in DEPLOYMENTS.values() if each["entrypoint"] == "flows.sweep.sweep"]
    assert [each["schedules"] for each in nightly] == [
        [{"cron": "30 2 * * *", "timezone": "Europe/London", "active": True}]
    ]


@pytest.mark.parametrize(("words", "code"), [(["--help"], 0), (["-h"], 0), (["--fast"], 2), (["tests"], 2)])
def test_check_says_what_it_does_at_once_and_installs_nothing_for_that(
    tmp_path: Path, words: list[str], code: int
) -> None:
    """On a machine where nothing is installed yet; an argument it does not know never runs the whole check."""
    for name in ("flows/bootstrap.py", "tests/run_checks.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    done = subprocess.run([sys.executable, tmp_path / "flows" / "bootstrap.py", "check", *words], capture_output=True, text=True, timeout=60)  # fmt: skip
    assert done.returncode == code and "usage: check" in (done.stderr if code else done.stdout)
    assert not (tmp_path / ".venv").exists()
    assert "---" not in done.stdout, "no lane ran"


def test_the_files_that_are_to_begin_first_are_there() -> None:
    """`./check`: a name that fits no file would put nothing first."""
    assert [name for name in LONGEST if not (ROOT / name).is_file()] == []


def test_no_module_is_too_long() -> None:
    folders = (*PACKAGES, "tests", "bench")
    long = {
        str(path.relative_to(ROOT)): lines
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_MODULE
    }
    assert long == {}


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.name)
def test_requirements_are_exact_hashed_and_name_no_index(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links|^-i ", text, re.MULTILINE)
    whole = text.replace("\\\n", " ").splitlines()
    lines = [line.strip() for line in whole if line.strip() and not line.strip().startswith("#")]
    assert len(lines) > 20
    for line in lines:
        assert re.match(r"[A-Za-z0-9._-]+(\[[a-z0-9,_-]+\])?==\S+ ", line), line
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", line), line


def test_there_are_requirements_to_run_and_to_check() -> None:
    assert [path.name for path in REQUIREMENTS] == [
        "requirements-dev.txt",
        "requirements-picture.txt",
        "requirements.txt",
    ]

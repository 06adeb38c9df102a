"""A scheduled run really appears, and runs: not only that a deployment is accepted (there is a known trap with versions)."""

from __future__ import annotations

import os
import re
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import yaml

from flows.home import Home
from flows.schedule import CODE, next_run_at, served
from town.home import write_home
from town.server import Town
from warehouse.connection import Warehouse
from warehouse.ledger import last_run

PATIENCE_S = 240.0


def _every_minute(folder: Path) -> Path:
    """prefect.yaml as it ships, with the nightly schedule moved to every minute and the other schedules off."""
    plan = yaml.safe_load((CODE / "prefect.yaml").read_text(encoding="utf-8"))
    for deployment in plan["deployments"]:
        for each in deployment["schedules"]:
            each["active"] = deployment["name"] == "nightly"
            each["cron"] = "* * * * *"
    path = folder / "prefect.yaml"
    path.write_text(yaml.safe_dump(plan), encoding="utf-8")
    return path


def _runs(client: httpx.Client) -> list[dict[str, object]]:
    found: list[dict[str, object]] = client.post("/flow_runs/filter", json={"sort": "START_TIME_ASC"}).json()
    return found


@pytest.mark.prefect
def test_a_scheduled_run_appears_and_does_the_night(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with Town() as town:
        write_home(home.folder, town.base)
        with served(home, _every_minute(tmp_path)) as running:
            user, _, word = running.environment["PREFECT_API_AUTH_STRING"].partition(":")
            with httpx.Client(
                base_url=running.api_url, auth=(user, word), trust_env=False, timeout=30
            ) as client:
                deadline = time.monotonic() + PATIENCE_S
                finished: list[dict[str, object]] = []
                scheduled: list[dict[str, object]] = []
                while time.monotonic() < deadline and not finished:
                    runs = _runs(client)
                    scheduled = [run for run in runs if run["auto_scheduled"]]
                    finished = [
                        run for run in scheduled if run["state_type"] in ("COMPLETED", "FAILED", "CRASHED")
                    ]
                    time.sleep(2)
                assert scheduled, "the scheduler created no run"
                assert finished, f"no scheduled run ended: {[run['state_type'] for run in scheduled][:5]}"
                assert finished[0]["state_type"] == "COMPLETED"
                artifacts = client.post("/artifacts/filter", json={}).json()
                assert {"sources", "digest"} <= {artifact["key"] for artifact in artifacts}
                kept = str(artifacts) + str(runs)
                assert "hammer" not in kept, "a post's words reached Prefect"
                # no way in without the password: other users of the machine have no business here
                assert httpx.get(f"{running.api_url}/health", trust_env=False).status_code in (200, 401)
                assert (
                    httpx.post(f"{running.api_url}/flow_runs/filter", json={}, trust_env=False).status_code
                    == 401
                )
    with Warehouse(home.folder).live_reader() as reading:
        night = last_run(reading)
    assert night is not None
    assert len(night.sources) >= 5
    assert list(home.digests.glob("*.html"))


def test_half_past_two_exists_once_on_both_clock_change_nights() -> None:
    spring = next_run_at(datetime(2027, 3, 27, 12, tzinfo=UTC))
    autumn = next_run_at(datetime(2027, 10, 30, 12, tzinfo=UTC))
    assert spring.astimezone(UTC) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert autumn.astimezone(UTC) == datetime(2027, 10, 31, 2, 30, tzinfo=UTC)
    assert next_run_at(spring) > spring


def test_the_shipped_plan_is_nightly_at_half_past_two_in_london_one_at_a_time() -> None:
    plan = yaml.safe_load((CODE / "prefect.yaml").read_text(encoding="utf-8"))
    nightly = next(each for each in plan["deployments"] if each["name"] == "nightly")
    assert [(each["cron"], each["timezone"]) for each in nightly["schedules"]] == [
        ("30 2 * * *", "Europe/London")
    ]
    assert nightly["concurrency_limit"]["limit"] == 1
    assert nightly["entrypoint"] == "flows.sweep.sweep"
    assert nightly["work_pool"]["name"] == "mentionwatch"


@pytest.mark.prefect
def test_a_server_whose_parent_is_killed_ends_by_itself(tmp_path: Path) -> None:
    script = (
        "import os, pathlib, sys\n"
        "from flows.local_server import prefect_api\n"
        f"with prefect_api(pathlib.Path({str(tmp_path / 'prefect')!r}), pathlib.Path({str(tmp_path / 'log')!r})) as url:\n"
        "    print(url, flush=True)\n"
        "    sys.stdin.read()\n"
    )
    import sys

    environment = {key: value for key, value in os.environ.items() if key != "PREFECT_API_URL"} | {
        "PYTHONPATH": str(CODE)
    }
    child = subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert child.stdout is not None
    url = child.stdout.readline().strip()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/api", url)
    child.kill()
    child.wait()
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            httpx.get(f"{url}/health", trust_env=False, timeout=2)
        except httpx.TransportError:
            return
        time.sleep(0.2)
    raise AssertionError("the server outlived its parent")

"""The nightly run on a machine without a Prefect of its own: server, work pool, deployments and worker in one."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from flows.home import Home
from flows.local_server import QUIET, end_server, free_port, start_server, wait_until_ready
from mentionwatch.errors import Fatal

LONDON = ZoneInfo("Europe/London")
HOUR, MINUTE = 2, 30
"""02:30 exists exactly once on both clock-change nights; 01:30 does not."""
LATE = timedelta(hours=26)
"""A run is late when the last one began longer ago than a day and two hours of grace."""

CODE = Path(__file__).resolve().parent.parent
POOL = "mentionwatch"


def next_run_at(now: datetime) -> datetime:
    """The next half past two in London after `now`."""
    local = now.astimezone(LONDON)
    today = local.replace(hour=HOUR, minute=MINUTE, second=0, microsecond=0)
    return today if today > local else (today + timedelta(days=1)).replace(hour=HOUR, minute=MINUTE)


@dataclass(frozen=True, slots=True)
class Served:
    """A running schedule: the API and the worker's process."""

    api_url: str
    worker: subprocess.Popen[bytes]
    environment: dict[str, str]


def _run(arguments: list[str], environment: dict[str, str], log: Path) -> None:
    done = subprocess.run(  # noqa: S603 -- our own interpreter
        [sys.executable, "-m", "prefect", *arguments],
        env=environment,
        cwd=CODE,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    with log.open("a", encoding="utf-8") as sink:
        sink.write(done.stdout + done.stderr)
    if done.returncode:
        raise Fatal(f"prefect {' '.join(arguments[:2])} ended with {done.returncode}; see {log}")


def _environment(home: Home, api_url: str, password: str) -> dict[str, str]:
    return {
        **os.environ,
        **QUIET,
        "PREFECT_HOME": str(home.prefect),
        "PREFECT_API_URL": api_url,
        "PREFECT_API_AUTH_STRING": password,
        "MENTIONWATCH_HOME": str(home.folder),
        "MENTIONWATCH_CODE": str(CODE),
        "PYTHONPATH": str(CODE),
    }


@contextmanager
def served(home: Home, prefect_file: Path = CODE / "prefect.yaml") -> Iterator[Served]:
    """Server up, pool there, deployments in, worker on; all of it ends with the block, or with this process."""
    import secrets

    home.logs.mkdir(mode=0o700, parents=True, exist_ok=True)
    log = home.logs / "prefect.log"
    port, password = free_port(), f"mentionwatch:{secrets.token_urlsafe(24)}"
    server = start_server(home.prefect, port, password, log)
    worker: subprocess.Popen[bytes] | None = None
    try:
        wait_until_ready(server, port, password, log)
        environment = _environment(home, f"http://127.0.0.1:{port}/api", password)
        _run(["work-pool", "create", POOL, "--type", "process", "--overwrite"], environment, log)
        _run(["--no-prompt", "deploy", "--all", "--prefect-file", str(prefect_file)], environment, log)
        with log.open("ab") as sink:
            worker = subprocess.Popen(  # noqa: S603 -- our own interpreter
                [
                    sys.executable,
                    "-m",
                    "prefect",
                    "worker",
                    "start",
                    "--pool",
                    POOL,
                    "--type",
                    "process",
                    "--limit",
                    "1",
                ],
                env=environment,
                cwd=CODE,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
            )
        yield Served(environment["PREFECT_API_URL"], worker, environment)
    finally:
        if worker is not None:
            worker.terminate()
            try:
                worker.wait(timeout=20)
            except subprocess.TimeoutExpired:
                worker.kill()
        end_server(server)


def serve(home: Home) -> int:
    """Serve until stopped by hand; a server or worker that dies ends it with code 1, so that a service manager restarts it."""
    with served(home) as running:
        sys.stdout.write(f"Serving the deployments of prefect.yaml for {home.folder}; stop with Ctrl-C\n")
        sys.stdout.flush()
        while running.worker.poll() is None:
            time.sleep(1)
    sys.stderr.write(f"mentionwatch: the Prefect worker ended by itself; see {home.logs / 'prefect.log'}\n")
    return 1

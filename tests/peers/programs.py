"""Finding, starting and ending the real servers. Everything lives in a folder of its own and listens on loopback."""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

PACKAGES = (
    "apt-get install --no-install-recommends php-cli php-sqlite3 php-mbstring php-xml php-intl php-mysql "
    "mediawiki wordpress wordpress-theme-twentytwentythree mariadb-server"
)
START_S = 60.0


def need(programs: Sequence[str], folders: Sequence[str], extensions: Sequence[str]) -> None:
    """Skip with the line that installs what is missing; fail with it where the check must be whole (CI)."""
    missing = [
        name for name in programs if shutil.which(name) is None and not Path(f"/usr/sbin/{name}").exists()
    ]
    missing += [name for name in folders if not Path(name).is_dir()]
    if shutil.which("php"):
        listed = subprocess.run(["php", "-m"], capture_output=True, text=True, check=True).stdout.split()
        missing += [f"php-{name}" for name in extensions if name not in listed]
    if not missing:
        return
    line = f"not installed: {', '.join(missing)}. {PACKAGES}"
    if os.environ.get("CI"):
        pytest.fail(line)
    pytest.skip(line)


def free_port() -> int:
    """A port that nobody listens on, below those the system hands out by itself: the installers write it into
    the site's settings seconds before the server takes it, and no other test may be given it meanwhile."""
    dice = random.SystemRandom()
    while True:
        port = dice.randrange(15_000, 30_000)
        try:
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:
            continue


def run(command: Sequence[str], folder: Path, what: str) -> str:
    """Run to the end; its output. The end of both streams tells why it failed."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, f"{what}: {done.stdout[-1500:]}{done.stderr[-1500:]}"
    return done.stdout


def wait_until(is_ready: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + START_S
    while not is_ready():
        assert time.monotonic() < until, f"{what} did not start"
        time.sleep(0.1)


def children(pid: int) -> list[int]:
    """The processes that one started itself."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:  # ended while we were reading
            continue
        if int(fields[1]) == pid:
            found.append(int(entry.parent.name))
    return found


@contextmanager
def process(
    command: Sequence[str], folder: Path, log: Path, **environment: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A server that ends with the block, and its workers with it: PHP's outlive the one that started them."""
    with log.open("ab") as sink:
        running = subprocess.Popen(
            command, cwd=folder, stdout=sink, stderr=sink, env=os.environ | environment
        )
    try:
        yield running
    finally:
        workers = children(running.pid)
        running.terminate()
        for worker in workers:
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGTERM)
        try:
            running.wait(timeout=20)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


@contextmanager
def php_server(folder: Path, port: int, log: Path) -> Iterator[str]:
    """PHP's own web server over a folder; its base address."""
    base = f"http://127.0.0.1:{port}"
    # One more worker than the sweep asks at once: a page may ask its own server.
    with process(["php", "-S", f"127.0.0.1:{port}"], folder, log, PHP_CLI_SERVER_WORKERS="4") as running:

        def answers() -> bool:
            assert running.poll() is None, f"the PHP server ended: {log.read_text()[-500:]}"
            try:
                httpx.get(f"{base}/", trust_env=False, timeout=30)
            except httpx.TransportError:
                return False
            return True

        wait_until(answers, "the PHP server")
        yield base


def copy_package(source: str, folder: Path, without: Sequence[str]) -> None:
    """A Debian package's web root as plain files: it is made of links, some of which lead nowhere."""
    # cp complains about those and copies the rest, which is what is wanted.
    subprocess.run(["cp", "-rL", f"{source}/.", str(folder)], capture_output=True, check=False)
    for name in without:
        (folder / name).unlink(missing_ok=True)

"""Finding, starting and ending the real servers. Everything lives in a folder of its own and listens on loopback."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

PACKAGES = (
    "apt-get install --no-install-recommends php-cli php-sqlite3 php-mbstring php-xml php-intl php-mysql "
    "mediawiki wordpress wordpress-theme-twentytwentythree mariadb-server"
)
START_S = 60.0


def need(programs: Sequence[str], folders: Sequence[str]) -> None:
    """Skip with the line that installs what is missing; fail with it where the check must be whole (CI)."""
    missing = [
        name for name in programs if shutil.which(name) is None and not Path(f"/usr/sbin/{name}").exists()
    ]
    missing += [name for name in folders if not Path(name).is_dir()]
    if not missing:
        return
    line = f"not installed: {', '.join(missing)}. {PACKAGES}"
    if os.environ.get("CI"):
        pytest.fail(line)
    pytest.skip(line)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def run(command: Sequence[str], folder: Path, what: str) -> str:
    """Run to the end; its output. The end of both streams tells why it failed."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, f"{what}: {done.stdout[-1500:]}{done.stderr[-1500:]}"
    return done.stdout


def wait_until(is_ready: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + START_S
    while not is_ready():
        assert time.monotonic() < until, f"{what} did not start"
        time.sleep(0.1)


@contextmanager
def process(
    command: Sequence[str], folder: Path, log: Path, **environment: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A server that ends with the block."""
    with log.open("ab") as sink:
        running = subprocess.Popen(
            command, cwd=folder, stdout=sink, stderr=sink, env=os.environ | environment
        )
    try:
        yield running
    finally:
        running.terminate()
        try:
            running.wait(timeout=20)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


@contextmanager
def php_server(folder: Path, port: int, log: Path) -> Iterator[str]:
    """PHP's own web server over a folder; its base address."""
    base = f"http://127.0.0.1:{port}"

    def answers() -> bool:
        try:
            httpx.get(f"{base}/", trust_env=False, timeout=30)
        except httpx.TransportError:
            return False
        return True

    # One more worker than the sweep asks at once: a page may ask its own server.
    with process(["php", "-S", f"127.0.0.1:{port}"], folder, log, PHP_CLI_SERVER_WORKERS="4"):
        wait_until(answers, "the PHP server")
        yield base


def copy_package(source: str, folder: Path, without: Sequence[str]) -> None:
    """A Debian package's web root as plain files: it is made of links, some of which lead nowhere."""
    # cp complains about those and copies the rest, which is what is wanted.
    subprocess.run(["cp", "-rL", f"{source}/.", str(folder)], capture_output=True, check=False)
    for name in without:
        (folder / name).unlink(missing_ok=True)

"""A Prefect API for one process on a machine without Prefect: loopback, behind a password, dies with us.

Prefect starts a temporary server by itself, but leaves it running when its parent is killed outright, and
lets every user of the machine talk to it. This one watches its standard input: when the parent is gone,
however it went, the pipe closes and the server exits.
"""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from mentionwatch.errors import Fatal

START_TIMEOUT_S = 120.0
QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    "PREFECT_RESULTS_DEFAULT_SERIALIZER": "json",
    "PREFECT_CLI_PROMPT": "false",
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
}
"""No telemetry, no pickled results, no log lines in Prefect's database."""


def prepare_environment(prefect_home: Path) -> None:
    """Set what Prefect reads at import time. Call before the first `import prefect`."""
    for key, value in QUIET.items():
        os.environ.setdefault(key, value)
    os.environ.setdefault("PREFECT_HOME", str(prefect_home))
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "WARNING")


def free_port() -> int:
    """A loopback port nobody listens on at this moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_server(prefect_home: Path, port: int, password: str, log: Path) -> subprocess.Popen[bytes]:
    """Start the server as a child that ends when our end of its standard input closes."""
    environment = {
        **os.environ,
        **QUIET,
        "PREFECT_HOME": str(prefect_home),
        "PREFECT_UI_ENABLED": "0",
        "PREFECT_SERVER_API_AUTH_STRING": password,
        "PREFECT_API_AUTH_STRING": password,
    }
    environment.pop("PREFECT_API_URL", None)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as sink:
        return subprocess.Popen(  # noqa: S603 -- our own interpreter and module
            [sys.executable, "-m", "flows.local_server", str(port)],
            stdin=subprocess.PIPE,
            stdout=sink,
            stderr=sink,
            env=environment,
            cwd=Path(__file__).resolve().parent.parent,
        )


def wait_until_ready(child: subprocess.Popen[bytes], port: int, password: str, log: Path) -> None:
    """Block until the API answers. Raises `Fatal` naming the log when it does not."""
    user, _, word = password.partition(":")
    deadline = time.monotonic() + START_TIMEOUT_S
    with httpx.Client(trust_env=False, auth=(user, word)) as client:
        while time.monotonic() < deadline:
            if child.poll() is not None:
                raise Fatal(f"Prefect's local server ended with code {child.returncode}; see {log}")
            try:
                if client.get(f"http://127.0.0.1:{port}/api/health", timeout=5).status_code == httpx.codes.OK:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.1)
    raise Fatal(f"Prefect's local server did not answer within {START_TIMEOUT_S:.0f} s; see {log}")


def end_server(server: subprocess.Popen[bytes]) -> None:
    """It ends when its standard input does; one that does not is killed."""
    if server.stdin is not None:
        server.stdin.close()
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


@contextmanager
def prefect_api(prefect_home: Path, log: Path) -> Iterator[str]:
    """A Prefect API for the length of the block; yields its URL. An API named in the environment is used as is."""
    prepare_environment(prefect_home)
    existing = os.environ.get("PREFECT_API_URL", "")
    if existing:
        yield existing
        return
    port, password = free_port(), f"mentionwatch:{secrets.token_urlsafe(24)}"
    child = start_server(prefect_home, port, password, log)
    try:
        wait_until_ready(child, port, password, log)
        from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_URL, temporary_settings

        url = f"http://127.0.0.1:{port}/api"
        with temporary_settings({PREFECT_API_URL: url, PREFECT_API_AUTH_STRING: password}):
            yield url
    finally:
        end_server(child)


def _serve(port: int) -> None:
    import uvicorn
    from prefect.server.api.server import create_app

    server = uvicorn.Server(
        uvicorn.Config(
            create_app, factory=True, host="127.0.0.1", port=port, log_level="error", lifespan="on"
        )
    )

    def end_with_parent() -> None:
        sys.stdin.buffer.read()
        server.should_exit = True
        time.sleep(5)
        os._exit(0)

    threading.Thread(target=end_with_parent, daemon=True).start()
    server.run()


if __name__ == "__main__":
    _serve(int(sys.argv[1]))

"""What the tests start, they end."""

from __future__ import annotations

import socket
from pathlib import Path

import httpx
import pytest

from tests.peers.programs import free_port, need, php_server, wait_until

pytestmark = pytest.mark.peers


def test_no_worker_of_a_php_server_outlives_its_block(tmp_path: Path) -> None:
    need(["php"], [], [])
    web = tmp_path / "web"
    web.mkdir()
    (web / "index.php").write_text("<?php echo 'here';", encoding="utf-8")
    port = free_port()
    with php_server(web, port, tmp_path / "log") as base:
        assert httpx.get(base, trust_env=False).text == "here"

    def refuses() -> bool:
        with socket.socket() as asking:
            return asking.connect_ex(("127.0.0.1", port)) != 0

    wait_until(refuses, "the end of the PHP server")


def test_a_missing_program_skips_here_and_fails_where_the_check_must_be_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="apt-get install"):
        need(["no-such-program"], [], [])
    monkeypatch.setenv("CI", "1")
    with pytest.raises(pytest.fail.Exception, match="no-such-program"):
        need(["no-such-program"], [], [])

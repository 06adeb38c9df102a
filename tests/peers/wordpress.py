"""A real WordPress on a private MariaDB: posts are made, edited and binned by WordPress itself."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.peers.programs import copy_package, free_port, php_server, process, run, wait_until

SOURCE = "/usr/share/wordpress"
THEME = "/usr/share/wordpress/wp-content/themes/twentytwentythree"
"""Debian ships WordPress without one, and then every page is empty."""
SCRIPT = Path(__file__).with_suffix(".php")


@dataclass
class Blog:
    """A blog being served. `changed_at` is the blog's own clock of changes: seven seconds a change."""

    base: str
    root: Path
    changed_at: datetime = field(default_factory=lambda: datetime.now(UTC) + timedelta(minutes=1))

    @property
    def feed(self) -> str:
        return f"{self.base}/?feed=atom"

    @property
    def comments_feed(self) -> str:
        return f"{self.base}/?feed=comments-rss2"

    def _do(self, what: str, **fields: object) -> dict[str, Any]:
        self.changed_at += timedelta(seconds=7)
        fields["changed"] = _stamp(self.changed_at)
        job = {"do": what, "root": str(self.root), "host": self.base.removeprefix("http://"), **fields}
        done = subprocess.run(
            ["php", str(SCRIPT)], input=json.dumps(job), capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stdout[-1000:] + done.stderr[-1000:]
        found: dict[str, Any] = json.loads(done.stdout[done.stdout.rindex("{") :])
        assert isinstance(found["id"], int), found
        return found

    def install(self) -> None:
        self._do("install", password=secrets.token_urlsafe(16))

    def post(self, title: str, text: str, at: datetime) -> tuple[int, str]:
        """A published post: its number and its address."""
        found = self._do("post", title=title, text=text, at=_stamp(at))
        return found["id"], found["url"]

    def edit(self, id_: int, text: str) -> None:
        self._do("edit", id=id_, text=text)

    def clear(self) -> None:
        """No posts: the feed shows ten, so other tests' posts would hide this one's."""
        self._do("clear")

    def trash(self, id_: int) -> None:
        assert self._do("trash", id=id_)["id"] == id_

    def restore(self, id_: int) -> None:
        """Out of the bin and published again."""
        assert self._do("restore", id=id_)["id"] == id_

    def lock(self, id_: int) -> None:
        """From now on its page asks for a password."""
        self._do("lock", id=id_, password=secrets.token_urlsafe(8))

    def hide(self, id_: int) -> None:
        """Private: only its editors see it."""
        self._do("hide", id=id_)

    def comment(self, post: int, author: str, text: str, at: datetime) -> int:
        found = self._do("comment", id=post, author=author, text=text, at=_stamp(at))
        return int(found["id"])

    def trash_comment(self, id_: int) -> None:
        assert self._do("trash_comment", id=id_)["id"] == id_


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


@contextmanager
def _mariadb() -> Iterator[Path]:
    """A database server of our own: no network, its own folder, gone afterwards; yields its socket."""
    # A socket's path may have 107 characters, fewer than a test's own folder has.
    folder = Path(tempfile.mkdtemp(prefix="mw-db-"))
    owner = ["--user=root"] if os.geteuid() == 0 else []
    data, sock = folder / "data", folder / "s"
    try:
        run(
            ["mariadb-install-db", "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal",
             "--skip-test-db", *owner],
            folder,
            "MariaDB's installer",
        )  # fmt: skip
        server = shutil.which("mariadbd") or "/usr/sbin/mariadbd"
        command = [
            server, "--no-defaults", f"--datadir={data}", f"--socket={sock}", "--skip-networking",
            f"--pid-file={folder / 'pid'}", "--innodb-flush-log-at-trx-commit=0", *owner,
        ]  # fmt: skip
        with process(command, folder, folder / "log"):
            wait_until(sock.exists, "MariaDB")
            run(
                ["mariadb", "--no-defaults", f"--socket={sock}", "-uroot", "-e", "CREATE DATABASE wp"],
                folder,
                "MariaDB",
            )
            yield sock
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def wordpress(folder: Path) -> Iterator[Blog]:
    """Install and serve one, in about ten seconds."""
    web = folder / "wp"
    web.mkdir(parents=True)
    copy_package(SOURCE, web, ["wp-config.php"])
    port = free_port()
    with _mariadb() as sock:
        (web / "wp-config.php").write_text(
            "<?php\n"
            "define('DB_NAME', 'wp'); define('DB_USER', 'root'); define('DB_PASSWORD', '');\n"
            f"define('DB_HOST', 'localhost:{sock}'); define('DB_CHARSET', 'utf8mb4');\n"
            f"define('WP_HOME', 'http://127.0.0.1:{port}'); define('WP_SITEURL', 'http://127.0.0.1:{port}');\n"
            "define('WP_HTTP_BLOCK_EXTERNAL', true); define('DISABLE_WP_CRON', true);\n"
            "define('AUTOMATIC_UPDATER_DISABLED', true); define('WP_DEBUG', false);\n"
            "$table_prefix = 'wp_';\n"
            "if (!defined('ABSPATH')) { define('ABSPATH', __DIR__ . '/'); }\n"
            "require_once ABSPATH . 'wp-settings.php';\n",
            encoding="utf-8",
        )
        blog = Blog(f"http://127.0.0.1:{port}", web)
        blog.install()
        with php_server(web, port, folder / "php.log"):
            yield blog

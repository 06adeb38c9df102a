"""A real MediaWiki on SQLite, edited over its own API as readers and administrators do."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.peers.programs import copy_package, free_port, php_server, run

SOURCE = "/usr/share/mediawiki"


@dataclass
class Wiki:
    """`admin` is logged in; edits without it come from an address."""

    base: str
    folder: Path
    admin: httpx.Client

    @property
    def api_url(self) -> str:
        return f"{self.base}/api.php"

    def _post(self, client: httpx.Client, **fields: str) -> dict[str, Any]:
        answer = client.post(self.api_url, data={"format": "json", "formatversion": "2", **fields})
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        assert "error" not in found, found["error"]
        return found

    def _token(self, client: httpx.Client, kind: str) -> str:
        params = {"action": "query", "meta": "tokens", "type": kind, "format": "json", "formatversion": "2"}
        return str(client.get(self.api_url, params=params).json()["query"]["tokens"][f"{kind}token"])

    def log_in(self, name: str, password: str) -> None:
        token = self._token(self.admin, "login")
        found = self._post(self.admin, action="login", lgname=name, lgpassword=password, lgtoken=token)
        assert found["login"]["result"] == "Success", found

    def edit(self, title: str, text: str, summary: str, *, by_admin: bool = False) -> int:
        """A new revision; its number."""
        with httpx.Client(trust_env=False, timeout=300) as anybody:
            client = self.admin if by_admin else anybody
            token = self._token(client, "csrf")
            found = self._post(
                client, action="edit", title=title, text=text, summary=summary, token=token, bot="0"
            )
        return int(found["edit"]["newrevid"])

    def add(self, title: str, line: str, summary: str, *, by_admin: bool = False) -> int:
        """A line at the end of an article."""
        return self.edit(title, f"{self.text(title)}\n\n{line}", summary, by_admin=by_admin)

    def text(self, title: str) -> str:
        params = {
            "action": "query", "prop": "revisions", "titles": title, "rvprop": "content", "rvslots": "main",
            "format": "json", "formatversion": "2",
        }  # fmt: skip
        pages = self.admin.get(self.api_url, params=params).json()["query"]["pages"]
        return str(pages[0]["revisions"][0]["slots"]["main"]["content"])

    def undo(self, title: str, revid: int) -> None:
        """What the button does: an edit that takes one revision back, and the tags that follow."""
        token = self._token(self.admin, "csrf")
        self._post(
            self.admin, action="edit", title=title, undo=str(revid), token=token, summary="rv vandalism"
        )
        self.run_jobs()

    def roll_back(self, title: str, user: str) -> None:
        """All edits that one user made last, in one step."""
        token = self._token(self.admin, "rollback")
        self._post(self.admin, action="rollback", title=title, user=user, token=token)
        self.run_jobs()

    def author(self, revid: int) -> str:
        params = {
            "action": "query", "prop": "revisions", "revids": str(revid), "rvprop": "user",
            "format": "json", "formatversion": "2",
        }  # fmt: skip
        pages = self.admin.get(self.api_url, params=params).json()["query"]["pages"]
        return str(pages[0]["revisions"][0]["user"])

    def hide(self, revid: int) -> None:
        """Revision deletion: the edit stays in the history, its text and summary are hidden from readers."""
        token = self._token(self.admin, "csrf")
        self._post(
            self.admin, action="revisiondelete", type="revision", ids=str(revid), hide="content|comment",
            token=token,
        )  # fmt: skip

    def move(self, title: str, to: str, *, leave_redirect: bool = True) -> None:
        token = self._token(self.admin, "csrf")
        fields = {} if leave_redirect else {"noredirect": "1"}
        self._post(self.admin, action="move", **{"from": title}, to=to, token=token, **fields)

    def delete(self, title: str) -> None:
        token = self._token(self.admin, "csrf")
        self._post(self.admin, action="delete", title=title, token=token, reason="test")

    def restore(self, title: str) -> None:
        token = self._token(self.admin, "csrf")
        self._post(self.admin, action="undelete", title=title, token=token, reason="test")

    def run_jobs(self) -> None:
        """The wiki marks an undone edit in a job, not at once."""
        run(["php", "maintenance/runJobs.php"], self.folder, "MediaWiki's jobs")


@contextmanager
def mediawiki(folder: Path) -> Iterator[Wiki]:
    """Install and serve one, in a few seconds."""
    web, data = folder / "w", folder / "data"
    web.mkdir(parents=True)
    data.mkdir()
    copy_package(SOURCE, web, ["LocalSettings.php"])
    port = free_port()
    password = secrets.token_urlsafe(16)
    run(
        [
            "php", "maintenance/install.php", "--dbtype", "sqlite", "--dbpath", str(data), "--dbname", "wiki",
            "--server", f"http://127.0.0.1:{port}", "--scriptpath", "", "--pass", password, "Wylan Wiki", "Admin",
        ],
        web,
        "MediaWiki's installer",
    )  # fmt: skip
    with (web / "LocalSettings.php").open("a", encoding="utf-8") as settings:
        settings.write("$wgJobRunRate = 0;\n$wgRateLimits = [];\n")
        settings.write("$wgGroupPermissions['sysop']['deleterevision'] = true;\n")
    with (
        php_server(web, port, folder / "php.log") as base,
        httpx.Client(trust_env=False, timeout=300) as admin,
    ):
        wiki = Wiki(base, web, admin)
        wiki.log_in("Admin", password)
        yield wiki

"""To the school's directory and back through the desk's own pages, against a real provider (ASVS V10.5, V3.3.2)."""

from __future__ import annotations

import html
import re
from pathlib import Path

import httpx

from desk.openid import Client
from desk.web.cookies import OPENID, SESSION
from desk.web.openid_pages import page_back
from desk.web.routes import TABLE
from flows.accounts_directory import Directory
from flows.accounts_opening import BACK
from flows.home import Home
from tests.desk.signed_in import Running, send, serving
from tests.desk.test_guard import few_records
from tests.desk.test_openid import door, invite
from tests.desk.test_openid import issuer as issuer


def _leave(client: httpx.Client, page: str, key: str) -> str:
    """The address the desk's page goes on to."""
    answer = send(client, "/sign-in/openid", page, key=key)
    assert answer.status_code == 200
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', answer.text)
    assert found
    return html.unescape(found.group(1))


def _agree(address: str) -> str:
    """Where the provider sends the browser after that person said yes."""
    answer = httpx.post(address, data={"sub": "subject-1"}, follow_redirects=False)
    assert answer.status_code == 302
    return answer.headers["location"]


def _is_in(desk: Running, client: httpx.Client) -> bool:
    assert desk.site.cookie(SESSION)
    return client.get("/account").status_code == 200


def test_by_the_directory_and_back_with_a_lax_cookie_then_a_strict_one(tmp_path: Path, issuer: str) -> None:
    assert any(row.path == BACK and row.handler is page_back for row in TABLE)
    with serving(few_records(), Home(tmp_path)) as desk, desk.visitor() as client, desk.visitor() as thief:
        opened = door(issuer)
        desk.gate.directory = Directory(Client(issuer, "desk", desk.base + BACK, "a secret"), opened)
        key = invite(desk.gate).key
        address = _leave(client, f"/join?key={key}", key)
        assert address.startswith(issuer) and "code_challenge=" in address
        back = _agree(address)
        assert back.startswith(f"{desk.base}{BACK}?")
        stolen = thief.get(back)
        assert stolen.status_code == 403 and not _is_in(desk, thief), "only the browser that left comes back"
        cookies = client.get(back).headers.get_list("set-cookie")
        kept = {each.split("=")[0]: each.lower() for each in cookies}
        assert "samesite=strict" in kept[desk.site.cookie(SESSION)]
        assert "max-age=0" in kept[desk.site.cookie(OPENID)]
        assert _is_in(desk, client)
        assert client.get(back).status_code == 403, "an answer is taken once"
        opened.close()

"""An exhibit of a post that is in no incident, from its own page: with a purpose, confirmed, in both logs, never of what is sealed."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from flows.home import Home
from mentionwatch.accounts import DeskRole
from tests.desk.matrix_home import serving_whole
from tests.desk.signed_in import Running, csrf_in, sign_in
from tests.incidents.homes import Desk, make_desk
from warehouse.connection import Warehouse

HEAD, DEPUTY, OFFICE, ADMIN, ANALYST = (
    DeskRole.HEAD, DeskRole.DEPUTY, DeskRole.OFFICE, DeskRole.ADMIN, DeskRole.ANALYST,
)  # fmt: skip
FREE, SINGS, THREAT, WORRY = "concert", "singer", "threat", "worry"
POSTS = {
    FREE: "Ysgol Llanbedrog has a concert on Tuesday",
    SINGS: "Ysgol Llanbedrog has a concert on Monday, the headteacher sings",
    WORRY: "I am worried that Ysgol Llanbedrog never answers my e-mails about the late bus",
    THREAT: "I will stab Gwenllian Prys of the kitchen of Ysgol Llanbedrog, I know the house",
}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Desk, dict[str, str]]:
    made = make_desk(tmp_path_factory.mktemp("posts") / "home")
    said = {key: made.report(text, f"https://social.example/{key}") for key, text in POSTS.items()}
    assert all(one.code == 0 for one in said.values())
    assert said[THREAT].row["incident"] and not said[FREE].row["incident"] and not said[SINGS].row["incident"]
    return made, {key: str(one.row["mention"]) for key, one in said.items()}


@pytest.fixture
def ids(template: tuple[Desk, dict[str, str]]) -> dict[str, str]:
    return template[1]


@pytest.fixture
def desk(
    template: tuple[Desk, dict[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Running]:
    # A machine without a browser: what leaves is what matters here, not how it looks.
    monkeypatch.setattr("flows.exhibit_drawing.find_browser", lambda: None)
    home = Home(Path(shutil.copytree(template[0].folder, tmp_path / "home")))
    with serving_whole(home) as running:
        yield running
        assert running.crashes == []


def of(id_: str) -> str:
    return f"/mentions/{id_}/exhibit"


def export(client: httpx.Client, path: str, **fields: str) -> httpx.Response:
    csrf = csrf_in(client.get("/account").text)
    base = {"csrf": csrf, "as_role": "head", "purpose": "police", "which": "whole", "confirm": "yes"}
    return client.post(path, data={**base, **fields})


def log(desk: Running) -> list[tuple[str, str, str, str]]:
    with Warehouse(desk.home.folder).live_reader() as reading:
        return [
            tuple(row)
            for row in reading.rows("SELECT verb, role, object_kind, object_id FROM audit ORDER BY seq")
        ]


@pytest.mark.parametrize("lang, says", [("en", "is in no incident"), ("cy", "mewn unrhyw ddigwyddiad")])
def test_it_is_made_from_the_posts_own_page_and_stands_in_audit_and_custody_log(
    desk: Running, ids: dict[str, str], lang: str, says: str
) -> None:
    """I8, T02: as the command makes it, with its purpose; ASVS V5.4.1: an attachment under a name the program chose."""
    free = ids[FREE]
    with sign_in(desk, HEAD, lang=lang) as client:
        assert of(free) in client.get(f"/mentions/{free}").text
        page = client.get(of(free)).text
        assert says in page and f'href="/mentions/{free}"' in page and f'href="/incidents/{free}"' not in page
        file = export(client, of(free))
    assert file.status_code == 200, file.text[-2000:]
    assert file.headers["content-disposition"] == f'attachment; filename="{free}.zip"'
    assert file.headers["cache-control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        assert "manifest.json" in archive.namelist()
    assert log(desk)[-1] == ("exported", "head", "mention", free)
    with Warehouse(desk.home.folder).live_reader() as reading:
        ((reason,),) = reading.rows("SELECT reason FROM audit WHERE verb = 'exported'")
        ((signed,),) = reading.rows("SELECT count(*) FROM custody WHERE audit_seq = (SELECT max(seq) FROM audit)")  # fmt: skip
    assert reason.startswith("purpose police; exhibit sha256 ") and signed == 1


def test_without_purpose_or_tick_nothing_leaves(desk: Running, ids: dict[str, str]) -> None:
    """Never one click: what it is for, which one, and a tick."""
    before = log(desk)
    with sign_in(desk, HEAD) as client:
        for missing in ("purpose", "which", "confirm"):
            answer = export(client, of(ids[FREE]), **{missing: ""})
            assert answer.status_code == 422 and f'href="#{missing}"' in answer.text
    assert log(desk) == before and not list(desk.home.exhibits.glob("*.zip"))


def test_what_is_sealed_leaves_by_this_way_neither(desk: Running, ids: dict[str, str]) -> None:
    """B13, T04: a possible indecent image is handed out by nobody, in an incident or in none."""
    with Warehouse(desk.home.folder).writer() as writing:
        writing.run("UPDATE mentions SET is_sealed = TRUE WHERE id = ?", [ids[FREE]])
    with sign_in(desk, HEAD, DeskRole.DSL) as client:
        assert of(ids[FREE]) not in client.get(f"/mentions/{ids[FREE]}").text
        answer = export(client, of(ids[FREE]))
    assert answer.status_code in (404, 422) and not list(desk.home.exhibits.glob("*.zip"))
    assert "exported" not in {verb for verb, *_ in log(desk)}


def test_inside_an_incident_its_own_exhibit_holds_it_and_each_address_is_for_its_own_kind(
    desk: Running, ids: dict[str, str]
) -> None:
    """A post of an incident has no exhibit beside the incident's; a post of none has none under incidents."""
    with sign_in(desk, HEAD) as client:
        nothing = client.get("/no/such/page").content
        assert of(ids[THREAT]) not in client.get(f"/mentions/{ids[THREAT]}").text
        for path in (of(ids[THREAT]), of("2026-0001"), f"/incidents/{ids[FREE]}/exhibit"):
            assert client.get(path).content == nothing, path
            assert export(client, path).content == nothing, path
        assert client.get("/incidents/2026-0001/exhibit").status_code == 200
    assert not list(desk.home.exhibits.glob("*.zip"))


def test_l31_whoever_may_not_know_of_the_post_or_handles_no_evidence_finds_nothing(
    desk: Running, ids: dict[str, str]
) -> None:
    """L31, ASVS V8.2.2: the head of a post about the head, the office, an administrator, an analyst: the same bytes as nothing."""
    for role, id_ in ((HEAD, ids[SINGS]), (OFFICE, ids[FREE]), (ADMIN, ids[FREE]), (ANALYST, ids[FREE])):
        with sign_in(desk, role) as client:
            nothing = client.get("/no/such/page").content
            for answer in (client.get(of(id_)), export(client, of(id_))):
                assert (answer.status_code, answer.content) == (404, nothing), role
    with sign_in(desk, DEPUTY) as client:
        assert export(client, of(ids[SINGS]), as_role="deputy").status_code == 200


def test_a_concern_that_was_taken_up_has_one_under_both_of_its_addresses(
    desk: Running, ids: dict[str, str]
) -> None:
    """Its page as a mention offers one, and no link of ours leads nowhere."""
    worry = ids[WORRY]
    said = Desk(desk.home.folder).run("incident", "move", worry, "note", "--as", "head", "--reason", "taken up by the office")  # fmt: skip
    assert said.code == 0, said.err
    with sign_in(desk, HEAD) as client:
        assert of(worry) in client.get(f"/mentions/{worry}").text
        assert client.get(of(worry)).status_code == 200
        assert client.get(f"/incidents/{worry}/exhibit").status_code == 200

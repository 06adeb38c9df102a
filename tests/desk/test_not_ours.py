"""At the desk: a post that is not about the school is destroyed on a page of its own, and the next night does not bring it back."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import httpx
import pytest

from desk.not_ours_words import NOT_OURS_WORDS, RULES
from desk.refused import EDITED_SINCE, NOT_A_JUDGE
from desk.render import raise_first
from flows.corrections import CorrectionAsked, take_correction
from flows.desk_not_ours import HomeNotOurs
from flows.forgetting_later import Forgetter
from flows.home import Home, read_school
from flows.need_to_know import read_sight
from flows.records import is_forgetting_due
from flows.school_now import SchoolNow
from mentionwatch.accounts import DeskRole, Viewer
from mentionwatch.labels import Label, Role, ScopeRule
from tests.desk.matrix_home import serving_whole
from tests.desk.signed_in import Running, csrf_in, sign_in
from tests.desk.test_matrix import form_of
from tests.flows.plain import sweep_plainly
from town.home import write_home
from town.server import Town
from warehouse.connection import Warehouse
from warehouse.keyring import KeyDestroyed
from warehouse.need_to_know import may_know
from warehouse.not_ours import read_judged
from warehouse.people import Hold, place_hold
from warehouse.publish import publish
from warehouse.reading import MentionFilter, MentionRow, list_mentions
from warehouse.words import open_words

NIGHT = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
REASON = "it is the school of that name in another county"


@dataclass(frozen=True)
class Asked:
    """A desk that answers first, and what it asked to have finished."""

    desk: Running
    asked: list[str]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home after a night of a town that goes on, so that a later night can ask it again."""
    folder = tmp_path_factory.mktemp("not_ours") / "home"
    with Town(NIGHT) as town:
        write_home(folder, town.base)
        sweep_plainly(folder, NIGHT)
        yield folder


@contextmanager
def serving(
    template: Path, folder: Path, on_forgotten: Callable[[], None] | None = None
) -> Iterator[Running]:
    home = Home(Path(shutil.copytree(template, folder / "home")))
    with serving_whole(home, on_forgotten=on_forgotten) as running:
        yield running
        assert running.crashes == []


@pytest.fixture
def desk(template: Path, tmp_path: Path) -> Iterator[Running]:
    with serving(template, tmp_path) as running:
        yield running


@pytest.fixture
def unhurried(template: Path, tmp_path: Path) -> Iterator[Asked]:
    asked = list[str]()
    with serving(template, tmp_path, lambda: asked.append("asked")) as running:
        yield Asked(running, asked)


def stored(desk: Running) -> tuple[MentionRow, ...]:
    with Warehouse(desk.home.folder).live_reader() as reading:
        return list_mentions(reading, MentionFilter())


def free(desk: Running) -> list[MentionRow]:
    return [row for row in stored(desk) if not row.incident and not row.is_sealed and len(row.text) > 40]


def send(client: httpx.Client, path: str, **fields: str) -> httpx.Response:
    return client.post(path, data={"csrf": csrf_in(client.get("/account").text), **fields})


def filled(client: httpx.Client, path: str, **more: str) -> dict[str, str]:
    """The form as the page has it, filled in."""
    return {**form_of(client.get(path).text, path), "reason": REASON, "confirm": "yes", **more}


def holding(desk: Running, text: str) -> list[str]:
    files = [path for path in desk.home.folder.rglob("*") if path.is_file()]
    return [path.name for path in files if text.encode() in path.read_bytes()]


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_from_the_post_to_nothing_and_no_night_brings_it_back(desk: Running, lang: str) -> None:
    """L02; issue 6, point 3: reason and tick first; then no page, file, list or number has it, and the next night counts it out."""
    at, row = int(lang == "cy"), free(desk)[0]
    path = f"/mentions/{row.id}/not-ours"
    with sign_in(desk, DeskRole.DSL, DeskRole.HEAD, lang=lang) as client:
        assert f'href="{path}"' in client.get(f"/mentions/{row.id}").text
        page = client.get(path)
        for key in ("foreign_what", "foreign_final", "foreign_kept"):
            assert NOT_OURS_WORDS[key][at] in unescape(page.text)
        assert row.text[:30] not in unescape(page.text) and row.url not in page.text
        empty = send(client, path, **filled(client, path, reason="x", as_role="", confirm=""))
        assert empty.status_code == 422
        for field in ("as_role", "reason", "confirm"):
            assert f'href="#{field}"' in empty.text and f'id="{field}' in empty.text
        for wrong, says in (
            ({"as_role": "chair"}, NOT_A_JUDGE[at]),
            ({"revision": "7"}, EDITED_SINCE[at]),
            ({"reason": "password: hunter2-Aberglaslyn"}, ""),
        ):
            refused = send(client, path, **filled(client, path, **wrong))
            assert refused.status_code == 422 and says in unescape(refused.text), wrong
        assert send(client, path, **filled(client, path, revision="x")).status_code == 400
        assert client.post(path, data=filled(client, path)).status_code == 403
        assert row.id in {one.id for one in stored(desk)}
        done = send(client, path, **filled(client, path, as_role="head"))
        assert (done.status_code, done.headers["location"]) == (303, "/?said=foreign_done")
        assert NOT_OURS_WORDS["foreign_done"][at] in unescape(client.get(done.headers["location"]).text)
        assert client.get(f"/mentions/{row.id}").status_code == 404
        assert row.id not in client.get("/mentions").text
        sources = unescape(client.get("/sources").text)
        assert (
            any(raise_first(pair[at]) in sources for pair in RULES.values()) and row.text[:30] not in sources
        )
    assert holding(desk, row.url) == [] and holding(desk, row.id) != []
    with Warehouse(desk.home.folder).live_reader() as reading:
        judged = read_judged(reading, row.id)
    assert judged is not None and (judged.role, judged.reason) == (Role.HEAD, REASON)
    assert re.fullmatch(r"[0-9a-f]{16}", judged.actor)
    again = sweep_plainly(desk.home.folder, NIGHT + timedelta(days=1))
    assert again.counts.out_of_scope >= 1 and row.id not in {one.id for one in stored(desk)}


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_the_answer_waits_for_the_keys_and_not_for_the_files(unhurried: Asked, lang: str) -> None:
    """L02: keys and exhibits are gone when the page says so; files are written anew beside the desk, pages go on meanwhile."""
    desk, asked, at = unhurried.desk, unhurried.asked, int(lang == "cy")
    row, warehouse = free(desk)[0], Warehouse(desk.home.folder)
    publish(warehouse)
    exhibit = desk.home.exhibits / f"{row.id}.zip"
    exhibit.parent.mkdir(exist_ok=True)
    exhibit.write_bytes(b"made from it")
    with warehouse.live_reader() as reading:
        sealed = reading.rows(
            "SELECT mention_id, revision, sealed, key_id FROM revisions WHERE mention_id = ?", [row.id]
        )
    file, school_key = warehouse.path.stat().st_ino, (desk.home.keys / "school.key").read_bytes()
    path = f"/mentions/{row.id}/not-ours"
    with sign_in(desk, DeskRole.DSL, lang=lang) as client:
        assert NOT_OURS_WORDS["foreign_what"][at] in unescape(client.get(path).text)
        done = send(client, path, **filled(client, path))
        assert (done.status_code, asked) == (303, ["asked"])
        assert warehouse.path.stat().st_ino == file and is_forgetting_due(desk.home)
        with warehouse.live_reader() as reading:
            (words,) = open_words(reading.keys, [(one[0], one[1], one[2], one[3]) for one in sealed])
        assert isinstance(words, KeyDestroyed) and not exhibit.exists()
        assert NOT_OURS_WORDS["foreign_done"][at] in unescape(client.get(done.headers["location"]).text)
        assert row.id not in client.get("/mentions").text
        with warehouse.reader() as reading:
            assert reading.rows("SELECT 1 FROM mentions WHERE id = ?", [row.id]), "as the page says"
        later = Forgetter(desk.home, desk.crashes.append)
        later.start()
        later.stop()
        assert client.get("/mentions").status_code == 200
    assert not is_forgetting_due(desk.home) and holding(desk, row.url) == []
    assert warehouse.path.stat().st_ino != file
    assert (desk.home.keys / "school.key").read_bytes() != school_key
    with warehouse.reader() as reading:
        assert not reading.rows("SELECT 1 FROM mentions WHERE id = ?", [row.id])


def test_of_two_with_the_page_open_one_wins_and_the_other_is_told(desk: Running) -> None:
    """ASVS 2.3.4. Whoever was shown the post is told; a made-up proof, or somebody else's, is answered as for no post (L31)."""
    row = free(desk)[0]
    path, correct = f"/mentions/{row.id}/not-ours", f"/mentions/{row.id}/correct"
    with (
        sign_in(desk, DeskRole.DSL) as first,
        sign_in(desk, DeskRole.SLT, lang="cy") as late,
        sign_in(desk, DeskRole.DEPUTY) as guessing,
    ):
        given, theirs = filled(first, path), filled(late, path)
        label = {
            **form_of(late.get(f"/mentions/{row.id}").text, correct),
            "label": "neutral",
            "reason": REASON,
        }
        label = {key: value for key, value in label.items() if key not in ("harms", "route")}
        assert send(first, path, **given).status_code == 303
        for answer in (send(late, path, **theirs), send(late, correct, **label)):
            assert answer.status_code == 409 and REASON in answer.text
            assert "arweinydd diogelu" in answer.text and row.text[:30] not in unescape(answer.text)
        never = guessing.get("/mentions/m000")
        for shown in (theirs["shown"], "0" * 64, "", "é"):
            answer = send(guessing, path, **{**theirs, "shown": shown})
            assert answer.status_code == 404 and answer.content == never.content
    with Warehouse(desk.home.folder).live_reader() as reading:
        assert reading.rows("SELECT role FROM not_ours") == [("dsl",)]


def test_a_label_given_meanwhile_is_shown_first(desk: Running) -> None:
    row = free(desk)[0]
    path = f"/mentions/{row.id}/not-ours"
    with sign_in(desk, DeskRole.DSL) as client:
        given = filled(client, path)
        asked = CorrectionAsked(row.id, Label.CONCERN, Role.HEAD, "it is about our gate")
        take_correction(desk.home, asked, "somebody", desk.clock(), read_school(desk.home)[1].version)
        late = send(client, path, **given)
        assert late.status_code == 409 and REASON in late.text and "headteacher" in late.text
        assert (
            send(client, path, **form_of(late.text, path) | {"reason": REASON, "confirm": "yes"}).status_code
            == 303
        )


def test_what_the_school_is_busy_with_says_why_it_stays(desk: Running) -> None:
    """An incident, a hold: the page has the reason and no form; a form sent all the same is refused."""
    open_ = next(row for row in stored(desk) if row.incident and not row.is_sealed)
    held = free(desk)[0]
    with Warehouse(desk.home.folder).writer() as writing:
        from tests.warehouse.factory import make_audit

        entered = replace(make_audit("held"), object_kind="mention", object_id=held.id)
        place_hold(writing, Hold("mention", held.id, "the police asked", "h", NIGHT), entered)
    with sign_in(desk, DeskRole.DSL) as client:
        spare = filled(client, f"/mentions/{free(desk)[1].id}/not-ours")
        for row, key in ((open_, "tied_open"), (held, "tied_held")):
            path = f"/mentions/{row.id}/not-ours"
            page = client.get(path)
            assert NOT_OURS_WORDS[key][0] in unescape(page.text) and f'action="{path}"' not in page.text
            refused = send(client, path, **{**spare, "revision": str(row.revision)})
            assert refused.status_code == 422 and NOT_OURS_WORDS[key][0] in unescape(refused.text)
            assert REASON in refused.text and "police asked" not in refused.text
        sealed = next((row for row in stored(desk) if row.is_sealed), None)
        if sealed is not None:
            assert client.get(f"/mentions/{sealed.id}/not-ours").status_code == 303
            assert send(client, f"/mentions/{sealed.id}/not-ours", **spare).status_code == 404
    assert {open_.id, held.id} <= {row.id for row in stored(desk)}


def test_the_act_itself_asks_who_may_know(desk: Running) -> None:
    """L31, behind the page: the head about whom a post is, a reviewer and the office destroy nothing."""
    school, pack = read_school(desk.home)
    acts = HomeNotOurs(desk.home, SchoolNow(desk.home, school, pack), desk.clock)
    before = stored(desk)
    for role, as_role in (
        (DeskRole.HEAD, "head"),
        (DeskRole.REVIEWER, "operator"),
        (DeskRole.OFFICE, "operator"),
    ):
        viewer = Viewer("a1", "", frozenset({role}), "en")
        with Warehouse(desk.home.folder).live_reader() as reading:
            sight = read_sight(reading, viewer, school, pack)
            barred = [row for row in before if not may_know(reading, sight, row.id)]
        from desk.acts import NoSuch, RefusedHere
        from desk.not_ours_port import NotOursGiven

        for row in barred:
            given = NotOursGiven(row.id, as_role, REASON, row.revision, 0)
            assert isinstance(acts.judge(viewer, given, "en"), NoSuch)
        if role is not DeskRole.HEAD:
            given = NotOursGiven(free(desk)[0].id, as_role, REASON, 1, 0)
            assert isinstance(acts.judge(viewer, given, "en"), NoSuch | RefusedHere)
            with sign_in(desk, role) as client:
                assert client.get(f"/mentions/{free(desk)[0].id}/not-ours").status_code == 404
    assert stored(desk) == before


def test_every_word_is_there_in_both_languages() -> None:
    assert set(RULES) == set(ScopeRule)
    for english, welsh in (*NOT_OURS_WORDS.values(), *RULES.values()):
        assert english and welsh and english != welsh
        assert set(re.findall(r"{\w+}", english)) == set(re.findall(r"{\w+}", welsh))

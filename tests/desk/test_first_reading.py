"""Asked to read a post first, so that a colleague need not (issue 6, point 4): by the button, by a wish, for whom, until when."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import httpx
import pytest

from desk.first_words import FIRST_WORDS
from desk.queue_words import QUEUE_WORDS
from desk.sign_in_words import DESK_ROLES
from flows.first_reading import find_asked
from flows.home import Home, read_school
from mentionwatch.accounts import DeskRole, Viewer
from mentionwatch.labels import Role
from tests.desk.matrix_home import serving_whole
from tests.desk.signed_in import Running, make_session, send, sign_in
from tests.flows.swept import write_swept_home
from warehouse.access import export_person
from warehouse.connection import Warehouse
from warehouse.erase import erase
from warehouse.reading import MentionFilter, MentionRow, list_mentions
from warehouse.subjects import SubjectsFound, store_subjects

NIGHT = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
MORNING = NIGHT + timedelta(hours=5)
CALM = "Somebody is angry about grown-ups of this place as a group"
HEAD, DEPUTY, DSL, REVIEWER, OFFICE, CHAIR = (
    DeskRole.HEAD, DeskRole.DEPUTY, DeskRole.DSL, DeskRole.REVIEWER, DeskRole.OFFICE, DeskRole.CHAIR,
)  # fmt: skip


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("first") / "home")
    write_swept_home(home.folder, NIGHT)
    return home


@pytest.fixture
def desk(template: Home, tmp_path: Path) -> Iterator[Running]:
    home = Home(Path(shutil.copytree(template.folder, tmp_path / "home")))
    with serving_whole(home, lambda: MORNING) as running:
        yield running
        assert running.crashes == []


def posts(desk: Running, *, grave: bool = True) -> list[MentionRow]:
    """Covered posts of open incidents the head may know of, in no particular order but always the same."""
    with Warehouse(desk.home.folder).live_reader() as reading:
        rows = list_mentions(reading, MentionFilter())
        about = {id_ for (id_,) in reading.rows("SELECT mention_id FROM subjects")}
        heavy = {
            id_
            for (id_,) in reading.rows("SELECT id FROM incidents WHERE route IN ('police', 'safeguarding')")
        }
        first = {id_ for (id_,) in reading.rows("SELECT mention_id FROM incidents")}
    found = [row for row in rows if row.id in first and not row.is_sealed and row.id not in about]
    return [row for row in found if (row.incident in heavy) is grave]


def wish(client: httpx.Client, **ticks: str) -> None:
    assert send(client, "/account/wishes", **ticks).status_code == 303


def stored(desk: Running) -> list[tuple[object, ...]]:
    with Warehouse(desk.home.folder).live_reader() as reading:
        return reading.rows(
            "SELECT mention_id, answered_at IS NOT NULL, taken_back_at IS NOT NULL FROM summary_asks ORDER BY ALL"
        )


def logged(desk: Running, id_: str) -> list[tuple[object, ...]]:
    with Warehouse(desk.home.folder).live_reader() as reading:
        return reading.rows(
            "SELECT verb, role FROM audit WHERE object_id = ? AND verb LIKE 'summar%' ORDER BY seq", [id_]
        )


def page_of(client: httpx.Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return unescape(answer.text)


def says(page: str, key: str, at: int = 0) -> bool:
    """Is this sentence there, whatever stands where it names a time or roles?"""
    return all(part in page for part in re.split(r"{\w+}", FIRST_WORDS[key][at]))


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_one_button_asks_the_colleague_finds_it_and_their_words_end_it(desk: Running, lang: str) -> None:
    """Asked without reading, once however often pressed; on the start page of who offered, no word of the post; gone when answered."""
    row, at = posts(desk)[0], int(lang == "cy")
    path = f"/mentions/{row.id}"
    with sign_in(desk, HEAD, lang=lang) as head, sign_in(desk, DEPUTY, lang=lang) as reader:
        wish(reader, reads_first="yes")
        assert f'href="{path}"' not in page_of(reader, "/")
        before = page_of(head, path)
        assert says(before, "first_ask", at) and not says(before, "first_asked", at)
        for _ in range(2):
            answer = send(head, f"{path}/ask")
            assert answer.headers["location"] == f"{path}?said=first_noted"
        assert stored(desk) == [(row.id, False, False)] and logged(desk, row.id) == [
            ("summary_asked", "head")
        ]
        for where in (path, f"/incidents/{row.incident}"):
            page = page_of(head, where)
            assert says(page, "first_asked", at) and not says(page, "first_ask", at), where
            assert says(page, "first_take_back", at) and not says(page, "first_nobody", at)
            assert row.text[:40] not in page
        start = page_of(reader, "/")
        assert f'href="{path}"' in start and QUEUE_WORDS["to_read_first"][at] in start
        assert QUEUE_WORDS["asks_for_you"][at].split("{")[0] in start and row.text[:40] not in start
        assert QUEUE_WORDS["to_read_first"][at] not in page_of(head, "/"), "nobody asks themselves"
        assert says(page_of(reader, path), "first_you", at)

        opened = send(reader, f"{path}/words")
        assert row.text[:40] in unescape(opened.text)
        done = send(reader, f"{path}/summary", summary=CALM, revision=str(row.revision), seen="no")
        assert done.status_code == 303
        assert f'href="{path}"' not in page_of(reader, "/")
        page = page_of(head, path)
        assert CALM in page and not any(
            says(page, key, at) for key in ("first_asked", "first_ask", "first_take_back")
        )
        assert send(head, f"{path}/ask").status_code == 303, "pressed on a page from before"
    assert stored(desk) == [(row.id, True, False)]
    assert logged(desk, row.id) == [("summary_asked", "head"), ("summarised", "deputy")]


def test_the_button_of_an_incident_leads_back_to_the_incident(desk: Running) -> None:
    """Also from the page of the incident; without a token nothing is asked (ASVS V3.5.1)."""
    row = posts(desk)[0]
    with sign_in(desk, HEAD) as head:
        assert f'action="/mentions/{row.id}/ask?from=incident"' in page_of(head, f"/incidents/{row.incident}")
        assert head.post(f"/mentions/{row.id}/ask", data={"csrf": "x"}).status_code == 403
        assert stored(desk) == []
        answer = send(head, f"/mentions/{row.id}/ask?from=incident")
        assert answer.headers["location"] == f"/incidents/{row.incident}?said=first_noted"


def test_taken_back_it_asks_nobody_and_only_who_asked_can(desk: Running) -> None:
    """What one person asked another's button does not end; asked again, it stands again, and the log has each of it."""
    row = posts(desk)[0]
    path = f"/mentions/{row.id}"
    with sign_in(desk, HEAD) as head, sign_in(desk, DEPUTY) as other, sign_in(desk, DSL) as reader:
        wish(reader, reads_first="yes")
        send(head, f"{path}/ask")
        page = page_of(other, path)
        assert says(page, "first_asked") and not says(page, "first_ask") and not says(page, "first_take_back")
        assert send(other, f"{path}/ask/end").status_code == 303
        assert stored(desk) == [(row.id, False, False)] and f'href="{path}"' in page_of(reader, "/")
        assert send(head, f"{path}/ask/end").headers["location"] == f"{path}?said=first_ended"
        assert stored(desk) == [(row.id, False, True)] and f'href="{path}"' not in page_of(reader, "/")
        assert says(page_of(head, path), "first_ask")
        send(head, f"{path}/ask")
        assert stored(desk) == [(row.id, False, False)] and f'href="{path}"' in page_of(reader, "/")
    assert [verb for verb, _ in logged(desk, row.id)] == [
        "summary_asked",
        "summary_ask_ended",
        "summary_asked",
    ]


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_where_nobody_offered_the_page_says_so_and_whom_to_turn_to(desk: Running, lang: str) -> None:
    """Honest: who may know of it is named by role; who may not is not; without anybody else it says that."""
    row, at = posts(desk)[0], int(lang == "cy")
    path = f"/mentions/{row.id}"
    with sign_in(desk, HEAD, lang=lang) as head:
        assert not says(page_of(head, path), "first_nobody_at_all", at), "nobody was to be asked yet"
        send(head, f"{path}/ask")
        assert says(page_of(head, path), "first_nobody_at_all", at)
        with sign_in(desk, REVIEWER) as reviewer:
            wish(reviewer, reads_first="yes")
            assert says(page_of(head, path), "first_nobody_at_all", at), "a reviewer may not know of it"
            with sign_in(desk, DSL) as dsl:
                page = page_of(head, path)
                turn = FIRST_WORDS["first_nobody"][at].split("{roles}")[0] + DESK_ROLES[DSL][at] + "."
                assert turn in page and not says(page, "first_nobody_at_all", at)
                assert says(page, "first_asked", at), "it stands, and still nobody offered"
                assert f'href="{path}"' not in page_of(reviewer, "/")
                wish(dsl, reads_first="yes")
                assert f'href="{path}"' in page_of(dsl, "/"), "who offers later finds it"
            assert not says(page_of(head, path), "first_nobody", at)


def test_l31_who_may_not_know_of_it_asks_nothing_and_is_asked_nothing(desk: Running) -> None:
    """L31: the same bytes as for an id that never was; and nobody is asked to read what is about themselves."""
    row, free = posts(desk)[0], posts(desk, grave=False)[0]
    with sign_in(desk, HEAD) as head, sign_in(desk, REVIEWER) as barred, sign_in(desk, CHAIR) as chair:
        for client in (barred, chair):
            wish(client, reads_first="yes")
        for act in ("ask", "ask/end"):
            here = send(barred, f"/mentions/{row.id}/{act}")
            never = send(barred, f"/mentions/m000/{act}")
            assert here.status_code == never.status_code == 404 and here.content == never.content
        assert stored(desk) == []
        send(head, f"/mentions/{row.id}/ask")
        for client in (barred, chair):
            assert row.id not in page_of(client, "/")
        with sign_in(desk, DEPUTY) as deputy, sign_in(desk, DSL) as dsl:
            wish(deputy, reads_first="yes")
            wish(dsl, reads_first="yes")
            send(head, f"/mentions/{free.id}/ask")
            assert free.id in page_of(deputy, "/") and free.id in page_of(dsl, "/")
            with Warehouse(desk.home.folder).writer() as writing:
                store_subjects(writing, [SubjectsFound(free.id, free.revision, frozenset({Role.DEPUTY}), "")])
            assert free.id not in page_of(deputy, "/") and free.id in page_of(dsl, "/")


def test_nobody_reads_abuse_for_somebody_who_may_not_know_of_it_any_more(desk: Running) -> None:
    """L31: the post was edited to name the head who asked; another who asks is answered as before."""
    row = posts(desk, grave=False)[0]
    with sign_in(desk, HEAD) as head, sign_in(desk, DEPUTY) as reader, sign_in(desk, DSL) as dsl:
        wish(reader, reads_first="yes")
        send(head, f"/mentions/{row.id}/ask")
        assert row.id in page_of(reader, "/")
        with Warehouse(desk.home.folder).writer() as writing:
            store_subjects(writing, [SubjectsFound(row.id, row.revision, frozenset({Role.HEAD}), "")])
        assert row.id not in page_of(reader, "/")
        assert not says(page_of(reader, f"/mentions/{row.id}"), "first_you")
        send(dsl, f"/mentions/{row.id}/ask")
        assert row.id in page_of(reader, "/")


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_a_wish_asks_from_the_moment_the_incident_is_there_and_nothing_is_written_for_it(
    desk: Running, lang: str
) -> None:
    """The head at seven: her colleague has it before she opens the desk; once she has read it herself nobody need any more."""
    row, at = posts(desk)[0], int(lang == "cy")
    path = f"/mentions/{row.id}"
    with sign_in(desk, HEAD, lang=lang) as head, sign_in(desk, DEPUTY, lang=lang) as reader:
        wish(reader, reads_first="yes")
        wish(head, wants_reader="yes")
        assert 'name="wants_reader" value="yes" checked' in " ".join(head.get("/account").text.split())
        start = page_of(reader, "/")
        assert all(
            f'href="/mentions/{each.id}"' in start for each in (*posts(desk), *posts(desk, grave=False))
        )
        page = page_of(head, path)
        assert says(page, "first_by_wish", at) and not says(page, "first_ask", at)
        assert not says(page, "first_take_back", at), "what the wish asks, the wish ends"
        assert stored(desk) == [] and logged(desk, row.id) == []
        # Changing the language keeps what was wished.
        send(head, "/language", lang=lang, back="/")
        assert says(page_of(head, path), "first_by_wish", at)
        send(head, f"{path}/words")
        assert f'href="{path}"' not in page_of(reader, "/")
        wish(head)
        assert QUEUE_WORDS["to_read_first"][at] not in page_of(reader, "/")


def test_a_wish_asks_for_nothing_its_person_may_not_know_of(desk: Running) -> None:
    """L31: the office wishes; what went to the police is not asked for, and its page there is none for them."""
    grave, light = posts(desk), posts(desk, grave=False)
    assert grave and light
    with sign_in(desk, OFFICE) as office, sign_in(desk, DEPUTY) as reader:
        wish(reader, reads_first="yes")
        wish(office, wants_reader="yes")
        start = page_of(reader, "/").split('id="read-first"')[1].split("</section>")[0]
    assert [each.id for each in light if each.id not in start] == []
    assert [each.id for each in grave if each.id in start] == []


def test_the_e_mail_says_as_many_as_the_start_page_and_an_incident_that_is_over_asks_nobody(
    desk: Running,
) -> None:
    """`find_asked` is what both count: of nobody who did not offer, and nothing of what was decided and closed."""
    row = posts(desk)[0]
    school, pack = read_school(desk.home)
    viewer, _ = make_session(desk.gate, MORNING, DEPUTY)

    def asked(of: Viewer) -> list[str]:
        with Warehouse(desk.home.folder).live_reader() as reading:
            return [one.mention_id for one in find_asked(desk.home, reading, school, pack, of)]

    with sign_in(desk, HEAD) as head, sign_in(desk, DSL) as reader:
        send(head, f"/mentions/{row.id}/ask")
        wish(reader, reads_first="yes")
        assert asked(viewer) == []
        with desk.gate.store.look() as hold:
            offered = hold.rows("SELECT id FROM accounts WHERE reads_first = 1")[0][0]
        dsl = Viewer(str(offered), "", frozenset({DSL}), "en")
        assert asked(dsl) == [row.id]
        with Warehouse(desk.home.folder).writer() as writing:
            writing.run("UPDATE incidents SET state = 'CLOSED' WHERE id = ?", [row.incident])
        assert asked(dsl) == []
        page = page_of(head, f"/mentions/{row.id}")
        assert not any(says(page, key) for key in ("first_ask", "first_asked", "first_nobody"))


def test_it_is_exported_with_the_post_and_erased_with_it(desk: Running) -> None:
    """UK GDPR Art. 15 and 17: when colleagues were asked is said to whom the post names, and goes when the post goes."""
    row = posts(desk)[0]
    with sign_in(desk, HEAD) as head:
        send(head, f"/mentions/{row.id}/ask")
    warehouse = Warehouse(desk.home.folder)
    word = max(row.text.split(), key=len)
    found = export_person(warehouse, word, MORNING, "h", "request 7")
    assert [one.first_reader_asked_at for one in found if one.mention_id == row.id] == [(MORNING,)]
    with warehouse.writer() as writing:
        writing.run("DELETE FROM holds")
        writing.run("DELETE FROM audit WHERE verb = 'held'")
    assert erase(warehouse, [row.id], "asked for", MORNING, "h").erased == (row.id,)
    assert stored(desk) == []


def test_every_word_is_there_in_both_languages() -> None:
    for english, welsh in FIRST_WORDS.values():
        assert english and welsh and english != welsh
        assert english.count("{") == welsh.count("{")

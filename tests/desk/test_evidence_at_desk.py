"""Evidence at the desk: whether it is as it was, until when it is kept, a check of a few captures, and exhibits on record."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from desk.document_port import FileFetched
from desk.evidence_port import CheckState, ExhibitGiven, HeldBy
from desk.evidence_words import CAUSES, CLASSES, EVIDENCE_WORDS, HELD, METHODS, PURPOSES, REFUSED, STATES
from flows.arguments_evidence import PURPOSES as ALL_PURPOSES
from flows.custody_end import settle_end
from flows.desk_evidence import HomeEvidence
from flows.home import Home, read_school
from flows.verifying import log_verified, verify_all
from mentionwatch.accounts import DeskRole
from mentionwatch.labels import CaptureMethod, Role
from tests.desk.matrix_home import serving_whole
from tests.desk.signed_in import Running, csrf_in, make_session, sign_in
from tests.incidents.homes import Desk, make_desk
from warehouse.connection import Warehouse
from warehouse.retention import OUTCOMES, RetentionClasses, due, ends_of

ID = "2026-0001"
WORDS = "I will stab Gwenllian Prys of the kitchen of Ysgol Llanbedrog, I know the house"
HEAD, DSL, OFFICE, CHAIR, SLT = DeskRole.HEAD, DeskRole.DSL, DeskRole.OFFICE, DeskRole.CHAIR, DeskRole.SLT
PAGE, EXHIBIT, CHECK = f"/incidents/{ID}", f"/incidents/{ID}/exhibit", f"/incidents/{ID}/evidence"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    made = make_desk(tmp_path_factory.mktemp("evidence") / "home")
    assert made.report(WORDS).code == 0
    return made


@pytest.fixture
def desk(template: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    # A machine without a browser: what leaves is what matters here, not how it looks.
    monkeypatch.setattr("flows.exhibit_drawing.find_browser", lambda: None)
    home = Home(Path(shutil.copytree(template.folder, tmp_path / "home")))
    with serving_whole(home) as running:
        yield running
        assert running.crashes == []


def verbs(desk: Running) -> list[tuple[str, str, str]]:
    with Warehouse(desk.home.folder).live_reader() as reading:
        return [tuple(row) for row in reading.rows("SELECT verb, role, object_kind FROM audit ORDER BY seq")]


def mention(desk: Running) -> str:
    with Warehouse(desk.home.folder).live_reader() as reading:
        ((found,),) = reading.rows("SELECT id FROM mentions")
    return str(found)


def nightly(desk: Running) -> None:
    """What the night does: check everything and enter how it ended."""
    school, _ = read_school(desk.home)
    log_verified(desk.home, verify_all(desk.home, school), (), datetime.now(UTC), "pipeline", Role.PIPELINE)


def spoil(desk: Running) -> None:
    """One byte of what is stored is another."""
    with Warehouse(desk.home.folder).writer() as writing:
        writing.run("UPDATE objects SET sealed = sealed || '\\x00'::BLOB")


def export(client: httpx.Client, **fields: str) -> httpx.Response:
    csrf = csrf_in(client.get("/account").text)
    base = {"csrf": csrf, "as_role": "head", "purpose": "police", "which": "whole", "confirm": "yes"}
    return client.post(EXHIBIT, data={**base, **fields})


def test_a_capture_says_when_it_was_checked_last_and_how_that_ended(desk: Running) -> None:
    """L17, T07: nothing is checked while a page is made; what the night entered is told, in both languages."""
    with sign_in(desk, HEAD) as client, sign_in(desk, HEAD, lang="cy") as welsh:
        page = client.get(PAGE).text
        assert "not checked yet" in page.lower() and "handed in by a person" in page.lower()
        assert "kept while its incident is open" in page.lower()
        assert WORDS not in page
        nightly(desk)
        assert "as it was stored" in client.get(PAGE).text and "fel y&#39;i cadwyd" in welsh.get(PAGE).text
        spoil(desk)
        assert "NOT as it was stored" not in client.get(PAGE).text, "a page checks nothing"
        nightly(desk)
        page, cy = client.get(PAGE).text, welsh.get(PAGE).text
        assert "NOT as it was stored" in page and "was changed or moved after it was sealed" in page.lower()
        assert "NID fel y&#39;i cadwyd" in cy and "was changed" not in cy
        there = f"/mentions/{mention(desk)}"
        assert "NOT as it was stored" in client.get(there).text


def test_a_check_of_one_incident_is_made_on_request_and_entered(desk: Running) -> None:
    """I9: by whom and in which role; the whole log is the night's business."""
    with sign_in(desk, DSL) as client:
        csrf = csrf_in(client.get("/account").text)
        done = client.post(CHECK, data={"csrf": csrf})
        assert done.status_code == 303 and done.headers["location"] == f"{PAGE}?said=now_as_stored"
        assert verbs(desk)[-1] == ("verified", "dsl", "mention")
        page = client.get(done.headers["location"]).text
        assert "Checked just now" in page and "as it was stored" in page
        spoil(desk)
        there = client.post(f"/mentions/{mention(desk)}/evidence", data={"csrf": csrf})
        assert there.headers["location"].endswith("?said=now_changed")
        assert verbs(desk)[-1] == ("verify_failed", "dsl", "mention")
        assert "NOT as it was stored" in client.get(PAGE).text
        assert client.get(CHECK).headers["location"] == PAGE, "a form's address, loaded as a page, leads back"
    with sign_in(desk, OFFICE) as client:
        csrf = csrf_in(client.get("/account").text)
        assert client.post(CHECK, data={"csrf": csrf}).status_code == 404
        assert client.get(EXHIBIT).status_code == 404


def test_an_exhibit_is_made_with_a_purpose_and_stands_in_the_custody_log(desk: Running) -> None:
    """T07, I8: as the command makes it; ASVS V5.4.1: an attachment under a name the program chose."""
    with sign_in(desk, HEAD) as client:
        page = client.get(EXHIBIT).text
        assert "For the police" in page and "Captures in it: 1" in page
        file = export(client)
        assert file.status_code == 200, file.text[-2000:]
        assert file.headers["content-disposition"] == f'attachment; filename="{ID}.zip"'
        assert file.headers["content-type"] == "application/zip"
        assert file.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in file.headers["content-security-policy"]
        with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
            assert "manifest.json" in archive.namelist()
    assert verbs(desk)[-1] == ("exported", "head", "incident")
    with Warehouse(desk.home.folder).live_reader() as reading:
        ((reason,),) = reading.rows("SELECT reason FROM audit WHERE verb = 'exported'")
        ((signed,),) = reading.rows(
            "SELECT count(*) FROM custody WHERE audit_seq = (SELECT max(seq) FROM audit)"
        )
    assert reason.startswith("purpose police; exhibit sha256 ") and signed == 1


def test_a_covered_exhibit_needs_to_be_told_whom_it_covers_and_keeps_no_name(desk: Running) -> None:
    with sign_in(desk, HEAD, lang="cy") as client:
        empty = export(client, which="covered")
        assert (
            empty.status_code == 422 and 'href="#names"' in empty.text and "un ar bob llinell" in empty.text
        )
        file = export(client, which="covered", names="Gwenllian Prys\nPrys")
    assert file.status_code == 200 and f'filename="{ID}-covered.zip"' in file.headers["content-disposition"]
    assert b"Gwenllian" not in file.content
    with Warehouse(desk.home.folder).live_reader() as reading:
        assert reading.rows("SELECT count(*) FROM audit WHERE reason LIKE '%Prys%'") == [(0,)]


def test_of_two_who_have_names_covered_at_once_nobody_is_handed_the_others_copy(
    desk: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T07, L21: what leaves is what was asked for and what the log names; the other's copy shows what was to be covered."""
    other, _ = make_session(desk.gate, desk.clock(), HEAD)
    settled = list[int]()

    def meanwhile(home: Home) -> None:
        settle_end(home)
        settled.append(1)
        if len(settled) == 2:  # the file is in its place, and not read yet
            assert desk.desk.evidence
            given = ExhibitGiven(ID, "head", "police", ("kitchen",), picture_checked=True)
            assert isinstance(desk.desk.evidence.make_exhibit(other, given, "en"), FileFetched)

    monkeypatch.setattr("flows.exhibits.settle_end", meanwhile)
    with sign_in(desk, HEAD) as client:
        answer = export(client, which="covered", names="Gwenllian Prys\nPrys")
        assert answer.status_code == 422 and "It changed while the exhibit was being made" in answer.text
        assert len(settled) == 4
        assert export(client, which="covered", names="Gwenllian Prys\nPrys").status_code == 200


def test_without_purpose_tick_or_role_nothing_is_made_and_the_names_are_kept(desk: Running) -> None:
    before = verbs(desk)
    with sign_in(desk, HEAD) as client:
        for missing in ("purpose", "which", "confirm"):
            answer = export(client, **{missing: "", "names": "Gwenllian Prys"})
            assert answer.status_code == 422 and f'href="#{missing}"' in answer.text
            assert ">Gwenllian Prys</textarea>" in answer.text
        assert "none of your roles" in export(client, as_role="operator").text
        assert export(client, decider="head").status_code == 400
    assert verbs(desk) == before and not list(desk.home.exhibits.glob("*.zip"))


def test_damaged_evidence_is_handed_out_to_nobody(desk: Running) -> None:
    spoil(desk)
    with sign_in(desk, HEAD) as client:
        answer = export(client)
    assert answer.status_code == 422 and "not as it was captured" in answer.text


def test_what_is_sealed_shows_no_digest_and_makes_no_exhibit(desk: Running) -> None:
    """B13, T04."""
    said = Desk(desk.home.folder).move("stop_image", "dsl", "there is a picture behind the link")
    assert said.code == 0, said.err
    with sign_in(desk, HEAD, DSL) as client:
        page = client.get(PAGE).text
        assert "sealed: shown, copied and handed out by nobody" in page.lower()
        assert "proof_hash" not in page and "…</code>" not in page and EXHIBIT not in page
        assert "indecent or intimate image" in client.get(EXHIBIT).text
        answer = export(client)
    assert answer.status_code == 422 and not list(desk.home.exhibits.glob("*.zip"))


def test_whoever_may_not_know_of_it_is_told_nothing(desk: Running) -> None:
    """L31: the chair, an administrator, the office without the right; the same bytes as what is not there."""
    for roles in ((CHAIR,), (DeskRole.ADMIN,), (DeskRole.ANALYST,), (OFFICE,)):
        with sign_in(desk, *roles) as client:
            nothing = client.get("/no/such/page").content
            csrf = csrf_in(client.get("/account").text)
            for path in (EXHIBIT, CHECK):
                assert client.get(path).content == nothing, (roles, path)
                answer = client.post(path, data={"csrf": csrf})
                assert (answer.status_code, answer.content) == (404, nothing), (roles, path)


def test_a_second_role_of_the_office_exports_nothing_under_it(desk: Running) -> None:
    viewer, _ = make_session(desk.gate, desk.clock(), OFFICE, SLT, HEAD)
    acts = desk.desk.evidence
    assert isinstance(acts, HomeEvidence)
    found = acts.exhibit_page(viewer, ID)
    assert found is not None and Role.OPERATOR not in found.open_to and Role.HEAD in found.open_to


def test_what_is_held_says_so_and_what_is_not_says_when_it_goes(desk: Running) -> None:
    """I11: without the words a person gave for it."""
    acts = desk.desk.evidence
    assert isinstance(acts, HomeEvidence)
    viewer, _ = make_session(desk.gate, desk.clock(), HEAD)
    said = Desk(desk.home.folder).run(
        "evidence", "hold", ID, "--as", "head", "--purpose", "court", "--reason", "asked for by the court in Caernarfon",
    )  # fmt: skip
    assert said.code == 0, said.err
    found = acts.evidence(viewer, ID)
    assert found is not None and found.things[0].held is HeldBy.PERSON
    with sign_in(desk, HEAD) as client:
        page = client.get(PAGE).text
    assert "a person has said that it must not be deleted" in page and "Caernarfon" not in page


def test_the_end_that_is_shown_is_the_one_retention_keeps_to(desk: Running) -> None:
    said = Desk(desk.home.folder).move("no_case", "head", "it was a joke about a film")
    assert said.code in (0, 5), said.err
    far, id_ = datetime(2200, 1, 1, tzinfo=UTC), mention(desk)
    with Warehouse(desk.home.folder).live_reader() as reading:
        one = {(end.mention_id, end.due_at, end.retention_class) for end in ends_of(reading, [id_])}
        all_ = {(item.mention_id, item.due_at, item.retention_class) for item in due(reading, far)}
    assert one == all_


def test_every_state_class_and_purpose_has_words_in_both_languages() -> None:
    assert set(STATES) == set(CheckState) and set(HELD) == set(HeldBy) - {HeldBy.NOBODY}
    assert set(METHODS) == set(CaptureMethod)
    assert set(PURPOSES) < set(ALL_PURPOSES)
    for name in (*CLASSES, *OUTCOMES.values()):
        assert RetentionClasses().days(name) and name in CLASSES
    tables = (STATES, HELD, METHODS, PURPOSES, CLASSES, CAUSES, REFUSED, EVIDENCE_WORDS)
    for table in tables:
        for english, welsh in table.values():
            assert english and welsh and (english != welsh or english == "SHA-256")

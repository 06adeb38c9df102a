"""Letters and forms at the desk: made in a form, read as text of our own, fetched as files, each on record (issue 6, point 2)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.document_docx import write_docx
from desk.document_pdf import clean
from desk.document_port import DraftGiven
from desk.document_reading import NotOurs, read_docx
from desk.document_words import DOCUMENT_WORDS, FIELD_LABELS, LACKING
from desk.letter_refused import say_letter_refused
from flows.desk_documents import HomeDocuments
from flows.home import Home, read_school
from flows.letter_fields import MAY_BE_TYPED
from flows.school_now import SchoolNow
from incidents.letters import KEPT_IN
from mentionwatch.accounts import DeskRole, Viewer
from mentionwatch.documents import Block, Bullets, Document, Form, FormRow, Heading, Paragraph, Quoted
from mentionwatch.law import LEGAL_ERRORS
from tests.desk.held import held
from tests.desk.letters_home import (
    DOCUMENTS,
    ID,
    NOW,
    QUOTED,
    REMOVAL,
    commands,
    make,
    make_letter_home,
    serving_copy,
)
from tests.desk.signed_in import Running, csrf_in, sign_in
from warehouse.connection import Warehouse

HEAD, OFFICE, CHAIR, ADMIN = DeskRole.HEAD, DeskRole.OFFICE, DeskRole.CHAIR, DeskRole.ADMIN


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return make_letter_home(tmp_path_factory.mktemp("letters"))


@pytest.fixture
def desk(template: Home, tmp_path: Path) -> Iterator[Running]:
    with serving_copy(template, tmp_path) as running:
        yield running


def verbs(desk: Running) -> list[tuple[str, str, str]]:
    with Warehouse(desk.home.folder).live_reader() as reading:
        return [tuple(row) for row in reading.rows("SELECT verb, role, object_id FROM audit ORDER BY seq")]


def test_a_draft_is_made_read_and_fetched_and_each_is_on_record(desk: Running) -> None:
    """L40, I9: the form asks what the letter needs; the text is covered until opened; files are attachments.

    ASVS V3.2.1, V5.4.1: a file has a name the program chose, of nobody's name anything, and is shown by no browser.
    """
    with sign_in(desk, HEAD) as client:
        listed = client.get(DOCUMENTS).text
        assert REMOVAL in listed and "Nothing is on file yet" in listed
        form = client.get(REMOVAL).text
        assert 'name="field_extract"' in form and 'name="field_meeting_at_on"' not in form
        answer = make(client, field_recipient="Mrs A. Parent\n1 The Street")
        assert answer.status_code == 303, answer.text[-3000:]
        where = answer.headers["location"]
        assert where == f"{DOCUMENTS}/1/en?said=draft_made"
        page = client.get(where).text
        assert "The draft is on file" in page and "take them down by" in page and "Mrs A. Parent" in page
        assert QUOTED not in page and "Words of the post, covered" in page
        assert "letter_made" in {verb for verb, _, _ in verbs(desk)}
        opened = client.post(f"{DOCUMENTS}/1/en/words", data={"csrf": csrf_in(page)})
        assert opened.status_code == 200 and QUOTED in opened.text
        assert verbs(desk)[-1] == ("words_opened", "head", ID)
        assert QUOTED not in client.get(f"{DOCUMENTS}/1/en").text, "covered again when loaded again"
        for kind, magic in (("pdf", b"%PDF-"), ("docx", b"PK\x03\x04")):
            file = client.post(f"{DOCUMENTS}/1/cy/file", data={"csrf": csrf_in(page), "form": kind})
            assert file.status_code == 200 and file.content.startswith(magic)
            assert file.headers["content-disposition"] == f'attachment; filename="{ID}-1-removal-cy.{kind}"'
            assert file.headers["x-content-type-options"] == "nosniff"
            assert "sandbox" in file.headers["content-security-policy"]
            assert file.headers["cache-control"] == "no-store"
            assert file.content == (desk.home.letters / f"{ID}-1-removal-cy.{kind}").read_bytes()
            assert verbs(desk)[-1] == ("letter_fetched", "head", ID)
        incident = client.get(f"/incidents/{ID}").text
        assert f"{DOCUMENTS}/1/en" in incident and "draft, not sent" in incident
        assert "by the headteacher" in incident


def test_looking_first_writes_nothing_and_keeps_what_was_typed(desk: Running) -> None:
    before = verbs(desk)
    with sign_in(desk, HEAD) as client:
        answer = make(client, look="yes", confirm="", field_recipient="Mrs A. Parent")
    assert answer.status_code == 200 and "Draft: not to be sent" in answer.text
    assert QUOTED not in answer.text and ">Mrs A. Parent</textarea>" in answer.text
    assert verbs(desk) == before and not list(desk.home.letters.glob("*"))


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_what_cannot_be_taken_is_said_at_its_field_and_the_text_is_kept(desk: Running, lang: str) -> None:
    """L39, L40: nothing is quoted from memory; a limit is a time; without a tick nothing is put on file."""
    said = {
        "en": ("nothing is quoted from memory", "That is no day and time", "Tick that you want"),
        "cy": ("ni ddyfynnir dim o&#39;r cof", "Nid yw hynny&#39;n ddiwrnod ac amser", "Ticiwch eich bod"),
    }[lang]
    with sign_in(desk, HEAD, lang=lang) as client:
        memory = make(client, field_extract="they said he drinks")
        time = make(client, field_until_on="2026-12-12", field_until_at="half past")
        untouched = make(client, confirm="", field_recipient="Mrs A. Parent")
    for answer, told, field in ((memory, said[0], "field_extract"), (time, said[1], "field_until_on"), (untouched, said[2], "confirm")):  # fmt: skip
        assert answer.status_code == 422 and told in answer.text, answer.text[-3000:]
        assert f'href="#{field}"' in answer.text and f'id="{field}-wrong"' in answer.text
    assert ">they said he drinks</textarea>" in memory.text and ">Mrs A. Parent</textarea>" in untouched.text
    assert not list(desk.home.letters.glob("*"))


def test_a_threat_or_a_wrong_claim_about_the_law_is_refused_in_the_readers_language(desk: Running) -> None:
    """D15, L41: what the letters' own law refuses, the desk refuses, and says so."""
    with sign_in(desk, HEAD, lang="cy") as client:
        answer = make(client, field_recipient_name="Madam, the school will sue you for this post")
    assert answer.status_code == 422
    assert "Tynnwch ef allan" in answer.text and "the school is said" not in answer.text


def test_a_reporters_name_and_a_password_stand_in_no_letter(desk: Running) -> None:
    """C07, I2: the words themselves are not repeated in the refusal."""
    with sign_in(desk, HEAD) as client:
        answer = make(client, field_recipient_name="password: hunter2hunter2")
    assert answer.status_code == 422 and "looks like a password" in answer.text


def test_whoever_is_second_is_told_of_the_first(desk: Running) -> None:
    """ASVS V2.3.4: two drafts from one form are not both made."""
    with sign_in(desk, HEAD) as client:
        assert make(client).status_code == 303
        answer = make(client, number="1", field_recipient="Mrs A. Parent")
    assert answer.status_code == 409 and "Meanwhile another was" in answer.text
    assert ">Mrs A. Parent</textarea>" in answer.text
    assert len(list(desk.home.letters.glob("*.pdf"))) == 2


def test_a_kind_that_is_closed_says_why_and_has_no_form(desk: Running) -> None:
    """L40: in the words of the reader, with the clause."""
    with sign_in(desk, HEAD, lang="cy") as client:
        listed = client.get(DOCUMENTS).text
        page = client.get(f"{DOCUMENTS}/new/thank_you")
        answer = make(client, f"{DOCUMENTS}/new/thank_you")
    assert "Llunnir hyn pan" in listed and "refused" not in listed
    assert (
        page.status_code == 200
        and 'name="confirm"' not in page.text
        and "Ni allwch lunio hyn nawr" in page.text
    )
    assert answer.status_code in (400, 422)
    assert not list(desk.home.letters.glob("*"))


def test_sending_is_a_step_of_its_own_and_then_the_document_says_so(desk: Running) -> None:
    """Nothing is sent by a click here: the way leads to the form of the step, with its reason and second reader."""
    with sign_in(desk, OFFICE, HEAD) as client:
        make(client)
        page = client.get(f"{DOCUMENTS}/1/en").text
        assert f"/incidents/{ID}/steps/letter_sent" in page
        with Warehouse(desk.home.folder).live_reader() as reading:
            ((made,),) = reading.rows("SELECT made_at FROM documents")
        posted = made.isoformat()
        said = commands(desk.home).move(
            "letter_sent", "operator", "posted at the counter", "--fact", f"letter_posted_at={posted}",
            "--fact", "tracking=AB123", "--fact", "second_reader=deputy", "--fact", "screenshot=no", "--now", posted,
        )  # fmt: skip
        assert said.code == 0, said.err
        page = client.get(f"{DOCUMENTS}/1/en").text
    assert "a second person read it" in page and "AB123" not in page
    assert "steps/letter_sent" not in page


def test_files_that_are_no_longer_as_they_were_made_are_neither_shown_nor_handed_out(desk: Running) -> None:
    with sign_in(desk, HEAD) as client:
        make(client)
        token = csrf_in(client.get(DOCUMENTS).text)
        path = desk.home.letters / f"{ID}-1-removal-en.docx"
        path.write_bytes(path.read_bytes() + b"\0")
        page = client.get(f"{DOCUMENTS}/1/en")
        file = client.post(f"{DOCUMENTS}/1/en/file", data={"csrf": token, "form": "pdf"})
        words = client.post(f"{DOCUMENTS}/1/en/words", data={"csrf": token})
    assert page.status_code == 200 and "no longer as they were made" in page.text and "Mrs" not in page.text
    assert file.status_code == 422 and words.status_code == 404
    assert "letter_fetched" not in {verb for verb, _, _ in verbs(desk)}


def test_under_the_stop_rule_the_words_of_the_post_leave_in_no_letter(desk: Running) -> None:
    """B13, T04: also in a letter that was made before."""
    with sign_in(desk, DeskRole.DSL, HEAD) as client:
        make(client)
        token = csrf_in(client.get(DOCUMENTS).text)
        said = commands(desk.home).move(
            "stop_image", "dsl", "there is a picture behind the link", "--now", NOW.isoformat()
        )
        assert said.code == 0, said.err
        page = client.get(f"{DOCUMENTS}/1/en").text
        words = client.post(f"{DOCUMENTS}/1/en/words", data={"csrf": token})
        file = client.post(f"{DOCUMENTS}/1/en/file", data={"csrf": token, "form": "docx"})
    assert QUOTED not in page and "shown to nobody" in page
    assert words.status_code == 404 and file.status_code == 422
    assert QUOTED.encode() not in file.content


def test_what_is_not_there_and_what_this_person_may_not_know_answer_the_same_bytes(desk: Running) -> None:
    """L31, ASVS V8.2.2: another number, another spelling of it, another language, another kind, another person."""
    with sign_in(desk, HEAD) as client:
        make(client)
        nothing = client.get("/no/such/page").content
        for path in (
            f"{DOCUMENTS}/2/en", f"{DOCUMENTS}/01/en", f"{DOCUMENTS}/1/fr", f"{DOCUMENTS}/%D9%A1/en",
            f"{DOCUMENTS}/new/bribe", "/incidents/2026-0009/documents", f"{DOCUMENTS}/1/..%2f..%2fkeys",
        ):  # fmt: skip
            assert (client.get(path).status_code, client.get(path).content) == (404, nothing), path
        token = csrf_in(client.get(DOCUMENTS).text)
        other = client.post(f"{DOCUMENTS}/1/en/file", data={"csrf": token, "form": "html"})
        assert (other.status_code, other.content) == (404, nothing)
    for role in (CHAIR, ADMIN):
        with sign_in(desk, role) as client:
            nothing = client.get("/no/such/page").content
            token = csrf_in(client.get("/account").text)
            for path in (DOCUMENTS, REMOVAL, f"{DOCUMENTS}/1/en"):
                assert client.get(path).content == nothing, (role, path)
            for path in (REMOVAL, f"{DOCUMENTS}/1/en/file", f"{DOCUMENTS}/1/en/words"):
                answer = client.post(path, data={"csrf": token, "form": "pdf"})
                assert (answer.status_code, answer.content) == (404, nothing), (role, path)
    assert verbs(desk).count(("letter_fetched", "chair", ID)) == 0


def test_a_role_one_does_not_have_makes_nothing(desk: Running) -> None:
    with sign_in(desk, HEAD) as client:
        answer = make(client, as_role="operator")
    assert answer.status_code == 422 and "none of your roles" in answer.text


def test_a_form_without_its_token_changes_nothing(desk: Running) -> None:
    """ASVS V3.5.1."""
    with sign_in(desk, HEAD) as client:
        make(client)
        before = verbs(desk)
        for path in (REMOVAL, f"{DOCUMENTS}/1/en/file", f"{DOCUMENTS}/1/en/words"):
            assert client.post(path, data={"form": "pdf"}).status_code in (400, 403), path
    assert verbs(desk) == before


@pytest.mark.slow
def test_while_the_night_writes_the_form_is_kept(desk: Running) -> None:
    with sign_in(desk, HEAD) as client:
        page = client.get(REMOVAL).text
        with held(desk.home.folder):
            answer = client.post(
                REMOVAL,
                data={
                    "csrf": csrf_in(page),
                    "number": "1",
                    "as_role": "head",
                    "lang": "en",
                    "confirm": "yes",
                },
                timeout=60,
            )
    assert answer.status_code == 503


# --- what letters are read back from ------------------------------------------------------------------

TEXT = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=40)
LINE = TEXT.map(clean).filter(lambda text: bool(text.strip()))
BLOCK: st.SearchStrategy[Block] = st.one_of(
    st.builds(Paragraph, LINE, st.booleans()),
    LINE.map(Heading),
    st.lists(LINE, min_size=1, max_size=3).map(lambda items: Bullets(tuple(items))),
    st.builds(Quoted, LINE, LINE),
    st.lists(st.builds(FormRow, LINE, LINE), min_size=1, max_size=3).map(lambda rows: Form(tuple(rows))),
)


def _apart(blocks: list[Block]) -> list[Block]:
    """Two lists, or two tables, side by side look like one on paper."""
    kept: list[Block] = []
    for block in blocks:
        if not (kept and type(kept[-1]) is type(block) and isinstance(block, Bullets)):
            kept.append(block)
    return kept


@settings(max_examples=15, deadline=None)
@given(st.lists(BLOCK, max_size=6).map(_apart), LINE.filter(lambda text: text == text.strip()), LINE)
def test_what_was_written_into_the_word_file_is_read_back_from_it(
    blocks: list[Block], title: str, line: str
) -> None:
    document = Document(title, "cy", tuple(blocks), (line, "b"), ("c", line), line, "", line)
    assert read_docx(write_docx(document), "cy") == document


def test_what_is_no_letter_is_no_letter() -> None:
    word = docx.Document()
    kept = io.BytesIO()
    word.save(kept)
    for packed in (b"", b"PK\x03\x04", b"<html>", kept.getvalue(), b"x" * (5 * 1024 * 1024)):
        with pytest.raises(NotOurs):
            read_docx(packed, "en")


def test_every_field_a_person_may_type_and_every_fact_that_may_lack_has_words_in_both_languages() -> None:
    assert set(FIELD_LABELS) == MAY_BE_TYPED
    assert set(KEPT_IN) <= set(LACKING)
    for english, welsh in (*DOCUMENT_WORDS.values(), *FIELD_LABELS.values(), *LACKING.values()):
        assert english and welsh and (english != welsh or english.startswith("{label}"))


@pytest.mark.parametrize("error", LEGAL_ERRORS, ids=lambda error: error.id)
def test_every_error_of_law_is_told_in_welsh(error: object) -> None:
    says = error.says  # type: ignore[attr-defined]
    told, _ = say_letter_refused(f"refused: removal: it says something the law does not: {says}. Take it out", ID, "removal", "cy")  # fmt: skip
    assert says not in told and "Tynnwch ef allan" in told


def test_of_an_unknown_incident_nothing_is_said(template: Home) -> None:
    """The port itself, without a page in front of it."""
    acts = HomeDocuments(template, SchoolNow(template, *read_school(template)), lambda: NOW)
    someone = Viewer("a1", "", frozenset({HEAD}), "en")
    assert acts.documents(someone, "2026-0044") is None
    assert acts.documents(replace(someone, roles=frozenset({DeskRole.ANALYST})), ID) is None
    given = DraftGiven("2026-0044", "removal", "head", "en", (), 1)
    assert type(acts.make(someone, given, "en")).__name__ == "NoSuch"

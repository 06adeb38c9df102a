"""Passages of a letter worded anew at the desk: looked at first, marked for the second reader, under the letters' own law (L41)."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.document_words import FIELD_LABELS, LACKING
from desk.passage_words import PASSAGE_WORDS
from flows.home import Home
from flows.letter_asks import list_passages
from incidents.letter_gates import TEMPLATES
from incidents.letters import KEPT, list_fields
from incidents.standing import DocumentKind
from mentionwatch.accounts import DeskRole
from tests.desk.held import held
from tests.desk.letters_home import (
    DOCUMENTS,
    ID,
    REMOVAL,
    commands,
    make,
    make_letter_home,
    serving_copy,
)
from tests.desk.signed_in import Running, csrf_in, sign_in
from tests.incidents.letter_home import POST, URL
from tests.incidents.test_letter_texts import filled
from warehouse.connection import Warehouse

HEAD = DeskRole.HEAD
ASKED = "Would you take them down by {deadline_at}?"
GOFYN = "A wnewch chi eu tynnu i lawr erbyn {deadline_at}?"
REPORTER = "Gwenllian Quuxley"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = make_letter_home(tmp_path_factory.mktemp("passages"))
    said = commands(home).report(POST, URL, "2026-11-20T18:00:00Z", "--reporter", REPORTER)
    assert said.code == 0, said.err
    return home


@pytest.fixture
def desk(template: Home, tmp_path: Path) -> Iterator[Running]:
    with serving_copy(template, tmp_path) as running:
        yield running


def audit(desk: Running) -> int:
    with Warehouse(desk.home.folder).live_reader() as reading:
        row = reading.row("SELECT count(*) FROM audit")
    return int(row[0]) if row else 0


def area(page: str, name: str) -> str:
    """What stands in a field, as the reader sees it."""
    found = re.search(rf'<textarea id="{name}"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert found, name
    return html.unescape(found[1])


def test_l41_the_form_holds_the_words_of_the_template_and_says_what_its_braces_stand_for(
    desk: Running,
) -> None:
    """L41: every passage in both languages; what a person types in another field of the form is not asked twice."""
    with sign_in(desk, HEAD, lang="cy") as client:
        page = client.get(REMOVAL).text
    assert area(page, "change_request_en") == "I therefore ask you to take them down by {deadline_at}."
    assert area(page, "change_request_cy") == "Gofynnaf i chi felly eu tynnu i lawr erbyn {deadline_at}."
    assert "Ystyr {deadline_at}: 6 yr hwyr ddydd Iau 26 Tachwedd 2026" in page
    assert (
        "change_extracts_en" not in page and "change_law_en" not in page and "change_no_show_en" not in page
    )
    assert 'name="change_picture_en"' in page and "<details open>" not in page


def test_l41_worded_anew_in_both_languages_looked_at_made_and_marked_for_the_second_reader(
    desk: Running,
) -> None:
    """L41: before it is made both wordings stand side by side and nothing is written; on file the marks are for the desk,
    the letter has none."""
    before = audit(desk)
    changes = {"change_request_en": ASKED, "change_request_cy": GOFYN}
    with sign_in(desk, HEAD) as client:
        looked = make(client, look="yes", confirm="", **changes)
        assert looked.status_code == 200, looked.text[-3000:]
        assert "Would you take them down by 6 pm on Thursday 26 November 2026?" in looked.text
        assert looked.text.count("Worded anew</strong>") == 2
        was = looked.text.index("The template says")
        assert "I therefore ask you" in looked.text[was:] and html.escape(ASKED) in looked.text[was:]
        assert area(looked.text, "change_request_en") == ASKED and "<details open>" in looked.text
        assert audit(desk) == before and not list(desk.home.letters.glob("*"))
        made = make(client, **changes)
        assert made.status_code == 303, made.text[-3000:]
        page = client.get(made.headers["location"]).text
        assert "Worded anew</strong> Would you take them down by 6 pm" in page and "[changed]" not in page
        assert "Passages worded anew: 1" in client.get(DOCUMENTS).text
        file = client.post(f"{DOCUMENTS}/1/en/file", data={"csrf": csrf_in(page), "form": "docx"})
    assert file.content == (desk.home.letters / f"{ID}-1-removal-en.docx").read_bytes()
    assert {path.name for path in desk.home.letters.glob("*-check-*")} == {
        f"{ID}-1-removal-check-{lang}.{form}" for lang in ("en", "cy") for form in ("docx", "pdf")
    }


def test_l41_in_one_language_only_asks_for_the_other_unless_it_is_to_stay(desk: Running) -> None:
    """L40, L41: neither language says less than the other without a person having meant it."""
    with sign_in(desk, HEAD) as client:
        halved = make(client, change_request_en=ASKED)
        assert halved.status_code == 422 and 'id="change_request_cy-wrong"' in halved.text
        assert area(halved.text, "change_request_en") == ASKED
        assert not list(desk.home.letters.glob("*"))
        meant = make(client, change_request_en=ASKED, one_language="yes", look="yes", confirm="")
        assert meant.status_code == 200 and "Gofynnaf i chi felly eu tynnu i lawr erbyn" in meant.text
        assert meant.text.count("Worded anew</strong>") == 1
        assert make(client, lang="en", change_request_en=ASKED).status_code == 303


@pytest.mark.parametrize(
    "field, text, told",
    [
        ("change_request_en", "Take it down within the hour.", "This passage must keep {deadline_at}"),
        ("change_effect_en", "", "A passage is not left out"),
        ("change_effect_en", "We {are not happy.", "There is a { or } too many or too few"),
        ("change_effect_en", "We {} are not happy.", "There is a { or } too many or too few"),
        ("change_effect_en", "{nobody} is happy.", "{nobody} stands for nothing in this letter"),
        ("change_effect_en", "Defamation is a criminal offence.", "It says something the law does not"),
        ("change_effect_en", "If not, the school will sue you.", "It says something the law does not"),
        ("change_effect_en", "My password: hunter2hunter2", "looks like a password"),
    ],
)  # fmt: skip
def test_what_the_letters_law_refuses_is_refused_here_and_what_was_typed_stays(
    desk: Running, field: str, text: str, told: str
) -> None:
    """L39, L40, D15, L44, C07: as the command refuses it, at its field, in looking and in making; nothing is written."""
    before = audit(desk)
    with sign_in(desk, HEAD) as client:
        for more in ({"confirm": "yes"}, {"confirm": "", "look": "yes"}):
            answer = make(client, lang="en", **{field: text, **more})
            assert answer.status_code == 422 and told in html.unescape(answer.text), answer.text[-3000:]
            assert area(answer.text, field) == text
    assert audit(desk) == before and not list(desk.home.letters.glob("*"))


@pytest.mark.parametrize("text", [REPORTER, "Gwenllıan  QUUXLEY rang", "Gwenllian. Quuxley"])
def test_l20_whoever_reported_is_named_in_no_passage(desk: Running, text: str) -> None:
    """L20, I6: also in other letters; the refusal does not repeat the name, and no language of the letter holds it."""
    with sign_in(desk, HEAD, lang="cy") as client:
        for more in ({"confirm": "yes"}, {"confirm": "", "look": "yes"}):
            answer = make(client, change_seen_cy=f"Dywedodd {text} wrthym.", one_language="yes", **more)
            assert answer.status_code == 422
            summary = answer.text[: answer.text.index("<form method")]
            assert "Quuxley" not in summary and "QUUXLEY" not in summary
    assert not list(desk.home.letters.glob("*"))


@pytest.mark.slow
def test_what_was_typed_survives_another_draft_and_a_busy_database(desk: Running) -> None:
    """ASVS V2.3.4: whoever is second is told, and has lost nothing."""
    changes = {"change_request_en": ASKED, "change_request_cy": GOFYN}
    with sign_in(desk, HEAD) as client:
        page = client.get(REMOVAL).text
        assert make(client).status_code == 303
        late = make(client, number="1", **changes)
        assert late.status_code == 409 and area(late.text, "change_request_cy") == GOFYN
        form = {"csrf": csrf_in(page), "number": "2", "as_role": "head", "lang": "both", "confirm": "yes"}
        with held(desk.home.folder):
            busy = client.post(REMOVAL, data={**form, **changes}, timeout=60)
    kept = f'<input type="hidden" name="change_request_en" value="{html.escape(ASKED)}">'
    assert busy.status_code == 503 and kept in busy.text and f"<blockquote>{ASKED}</blockquote>" in busy.text


def test_a_field_no_form_of_ours_has_is_refused(desk: Running) -> None:
    """ASVS V15.3.3: neither a passage that is not offered nor a role nobody has."""
    with sign_in(desk, HEAD) as client:
        assert make(client, change_law_en="No law").status_code == 400
        assert make(client, as_role="caretaker").status_code == 404
    assert not list(desk.home.letters.glob("*"))


@pytest.mark.parametrize("kind", sorted(TEMPLATES))
def test_everything_in_braces_of_every_letter_has_a_name_or_stands_there(kind: DocumentKind) -> None:
    """L40: what a passage may not lose is said in the reader's words; nothing is shown as the key of a field."""
    letter = TEMPLATES[kind]
    offered = list_passages(letter, filled(letter, frozenset(one.when for one in letter.passages)), "en")
    assert [one.number for one in offered] == list(range(1, len(offered) + 1))
    always = {"school", "site", "signatory", "recipient_name", "channels"}
    for passage in letter.passages:
        for key in list_fields(passage.words.english):
            assert key in always | set(FIELD_LABELS) | set(LACKING), key
    assert set(LACKING) | set(FIELD_LABELS) >= KEPT
    assert all(english and welsh and english != welsh for english, welsh in PASSAGE_WORDS.values())

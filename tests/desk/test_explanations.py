"""Why a post is shown: the words under its cover, the clause and the likeness beside it, in both languages."""

from __future__ import annotations

import re
import shutil
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.model import Classifier
from classifiers.store import MODELS, load
from classifiers.unseen import read_strangers
from desk.digest import Digest, MentionLine
from desk.explanations import (
    MARKED,
    MOST_WORDS,
    SAID,
    SENTENCES,
    Alike,
    Explanation,
    Marked,
    is_suspect,
    pick_words,
)
from desk.render import render_html, render_text
from desk.words import LANGUAGES
from flows.digest import mention_line, read_digest
from flows.home import Home, read_school
from flows.likeness import find_likenesses, is_explained
from flows.remembered import Known
from flows.school_now import SchoolNow
from flows.showing import HomeRecords
from mentionwatch.accounts import DeskRole
from mentionwatch.errors import Fatal
from mentionwatch.ids import mention_id
from mentionwatch.labels import Label, Route, Verdict
from mentionwatch.model import MentionWrite, Reason
from mentionwatch.policy import NOT_SET
from tests.desk.cases import SLUR, Page, digest, flagged, incident, mention, night
from tests.desk.signed_in import serving, sign_in
from tests.desk.test_looks import _open as open_page
from tests.incidents.homes import Desk, make_desk
from tests.warehouse.factory import make_night, make_write
from warehouse.connection import Warehouse
from warehouse.erase import erase
from warehouse.reading import MentionFilter, MentionRow, list_mentions
from warehouse.store import store_nights

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NIGHT = datetime(2026, 11, 21, 2, 30, tzinfo=UTC)
DAY = date(2026, 11, 21)
CLAUSE = "Social Networking Policy, s.5.2"
MAY = Alike("01bb", Label.INAPPROPRIATE, date(2026, 5, 3))
FULL = Explanation((SLUR, "gwarth"), CLAUSE, True, (MAY,))
ASKED = "may go beyond criticism: a person should look"


def speaks(word: str) -> str:
    return f"“{word}” speaks for inappropriate"


# --- the sentences --------------------------------------------------------------------------------


def test_every_sentence_is_there_in_both_languages() -> None:
    for english, welsh in (*SENTENCES.values(), *MARKED.values()):
        assert english and welsh and english != welsh
        assert sorted(re.findall(r"\{(\w+)\}", english)) == sorted(re.findall(r"\{(\w+)\}", welsh))
    assert set(MARKED) == set(SAID) == set(Label)


def test_nobody_is_told_that_they_marked_what_somebody_else_did() -> None:
    """The deputy marks a post, the head reads of it: neither language says that the reader did."""
    for english, welsh in SENTENCES.values():
        assert not re.search(r"\byou\b", english, re.IGNORECASE), english
        assert not re.search(r"\b(chi|gennych|gwnaethoch)\b", welsh, re.IGNORECASE), welsh


def test_a_head_reads_words_clause_and_likeness() -> None:
    assert FULL.because("en") == f"because of: “{SLUR}”, “gwarth”"
    assert (
        FULL.outside("en")
        == f"touches {CLAUSE}; like the post of 3 May 2026 that was marked inappropriate here"
    )
    assert FULL.because("cy") == f"oherwydd: “{SLUR}”, “gwarth”"
    assert FULL.outside("cy") == (
        f"yn cyffwrdd â'r cymal: {CLAUSE}; yn debyg i'r neges o 3 Mai 2026 a nodwyd yma fel un amhriodol"
    )


def test_what_is_only_asked_may_touch_a_clause_and_a_silent_policy_says_so() -> None:
    assert replace(FULL, is_sure=False, alike=()).outside("en") == f"may touch {CLAUSE}"
    silent = replace(FULL, clause=NOT_SET, alike=())
    assert silent.outside("en") == "which clause it touches is not set by your policy"
    assert "eich polisi" in silent.outside("cy")
    assert Explanation().outside("en") == Explanation().because("cy") == ""


def test_the_words_are_the_first_four_that_speak_for_it_each_once() -> None:
    why = (
        ASKED,
        speaks("Thick"),
        speaks("thick"),
        "“nice” speaks for neutral",
        speaks("a"),
        speaks("b"),
        speaks("c"),
        speaks("d"),
    )
    assert pick_words(why) == ("Thick", "a", "b", "c")


@given(st.lists(st.text(min_size=1, max_size=8), max_size=8))
def test_words_are_never_more_than_the_deletion_test_takes_out_and_never_invented(words: list[str]) -> None:
    found = pick_words([speaks(word) for word in words])
    assert len(found) <= MOST_WORDS and set(found) <= set(words)
    assert len({word.casefold() for word in found}) == len(found)


def test_a_clause_is_in_question_only_where_it_may_go_beyond_criticism() -> None:
    assert is_suspect((), Label.INAPPROPRIATE, Route.SAFEGUARDING)
    assert is_suspect((ASKED,), Label.CONCERN, Route.COMPLAINT)
    assert is_suspect(("may be a matter for the police: a person should look",), Label.CONCERN, Route.POLICE)
    assert not is_suspect(("the classifier is unsure", speaks("x")), Label.CONCERN, Route.COMPLAINT)
    at_risk = "says that a child may be at risk, or that an adult may have harmed one: a person should look"
    assert not is_suspect((at_risk,), Label.CONCERN, Route.SAFEGUARDING)


@pytest.mark.parametrize("machine", Label)
def test_a_persons_word_stands_beside_the_classifiers(machine: Label) -> None:
    said = Marked(Label.CONCERN, machine, date(2026, 5, 3))
    assert said.say("en").startswith("Marked as a concern here on 3 May 2026; the classifier had said ")
    assert said.say("en").endswith("the same." if machine is Label.CONCERN else f"{SAID[machine][0]}.")
    assert "fel pryder ar 3 Mai 2026" in said.say("cy")
    assert "3 May" not in replace(said, on=None).say("en")


# --- the page -------------------------------------------------------------------------------------


def shown(explanation: Explanation | None = FULL, **changes: object) -> Digest:
    row = flagged(explanation=explanation, **changes)
    return digest(night(Verdict.MENTIONS), (row,), (incident(replace(row, id="5")),))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_words_stay_covered_and_the_rest_is_read_at_a_glance(lang: str) -> None:
    page = Page(render_html(shown(), lang))
    sentence = FULL.outside(lang)
    assert page.outside.count(sentence[1:]) == 2, "for the mention, and for the incident's"
    assert FULL.because(lang)[1:] in page.inside
    assert SLUR not in page.outside and "gwarth" not in page.outside
    text = render_text(shown(), lang)
    assert SLUR not in text and "gwarth" not in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_text_for_a_terminal_says_clause_likeness_and_a_persons_word(lang: str) -> None:
    said = Marked(Label.CONCERN, Label.NEUTRAL, date(2026, 11, 20))
    text = render_text(shown(marked=said), lang)
    plain = " ".join(text.split())
    assert plain.count(FULL.outside(lang)[1:]) == plain.count(said.say(lang)) == 2
    assert max(map(len, text.splitlines())) < 80
    assert FULL.outside(lang)[1:] not in " ".join(render_text(shown(is_withheld=True), lang).split())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_incidents_clause_is_named_once(lang: str) -> None:
    """By the sentence that says whether the post touches it; another clause, or one of a withheld post, stands by itself."""

    def count(said: str, clause: str, **changes: object) -> tuple[int, int]:
        row = replace(incident(flagged(explanation=FULL, **changes)), clause=clause)
        made = digest(night(Verdict.MENTIONS), (), (row,))
        return Page(render_html(made, lang)).outside.count(said), render_text(made, lang).count(said)

    assert count("5.2", CLAUSE) == (1, 1)
    other = "Social Networking Policy, s.9.9"
    assert count("5.2", other) == count("9.9", other) == (1, 1)
    assert count("5.2", CLAUSE, is_withheld=True) == (1, 1)


def test_of_a_withheld_post_nothing_is_explained() -> None:
    page = Page(render_html(shown(is_withheld=True), "en"))
    assert "touches" not in page.outside + page.inside and SLUR not in page.inside


def test_hostile_words_and_clauses_are_escaped_and_numbers_masked() -> None:
    evil = "<script>alert(1)</script>\u202e"
    html = render_html(shown(replace(FULL, words=(evil, "07700900123"), clause=evil)), "en")
    assert "<script" not in html and "\u202e" not in html and "&lt;script&gt;" in html
    assert "07700900123" not in html


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_persons_word_is_shown_wherever_the_mention_is(lang: str) -> None:
    said = Marked(Label.CONCERN, Label.NEUTRAL, date(2026, 11, 20))
    rows = (
        mention(id="1", label=Label.CONCERN, marked=said),
        mention(id="2", label=Label.POSITIVE, marked=said),
        mention(id="3", marked=said),
        flagged(id="4", marked=said),
    )
    page = Page(
        render_html(digest(night(Verdict.MENTIONS), rows, (incident(flagged(id="5", marked=said)),)), lang)
    )
    assert (page.outside + page.inside).count(said.say(lang)) == 5


@pytest.mark.browser
@pytest.mark.parametrize("lang", LANGUAGES)
def test_on_a_telephone_and_on_paper_it_fits_and_stays_covered(browser: Browser, lang: str) -> None:
    long = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch" * 4
    html = render_html(shown(replace(FULL, words=(SLUR, long), clause=long, alike=(MAY, MAY))), lang)
    page, asked = open_page(browser, html, 320, "light")
    try:
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert SLUR not in page.inner_text("body")
        page.emulate_media(media="print")
        assert SLUR not in page.inner_text("body")
        page.emulate_media(media="screen")
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, "opened, it still fits"
        assert FULL.because(lang)[1:12] in page.inner_text("body")
        assert asked == []
    finally:
        page.context.close()


# --- from a home ----------------------------------------------------------------------------------

ABUSE = "the deputy head of Ysgol Llanbedrog is a lying thief and everyone should spit at her in the street"
AGAIN = "everyone should spit at the lying thief who is deputy head of Ysgol Llanbedrog, in the street"
ITSELF = mention_id("paper", "new")
OLD, SEALED = mention_id("paper", "old"), mention_id("paper", "sealed")
MAY_NIGHT = datetime(2026, 5, 4, 2, 30, tzinfo=UTC)
# In London this is the 3rd, in UTC the 2nd still.
POSTED = datetime(2026, 5, 2, 23, 30, tzinfo=UTC)


def bad(
    name: str, text: str, at: datetime, posted_at: datetime = POSTED, *, stop: bool = False
) -> MentionWrite:
    write = make_write(name, text, label=Label.INAPPROPRIATE, at=at, title="", posted_at=posted_at, stop=stop)
    reasons = (Reason(speaks("thief"), 0.9, (0, 3)),)
    return replace(write, classification=replace(write.classification, reasons=reasons, needs_person=True))


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """An old post that was judged, a sealed one in the same words, and tonight's."""
    desk = make_desk(tmp_path_factory.mktemp("explained") / "home")
    with Warehouse(desk.folder).writer() as writing:
        old = [bad("old", ABUSE, MAY_NIGHT), bad("sealed", ABUSE, MAY_NIGHT, stop=True)]
        store_nights(writing, [make_night("r1", old, at=MAY_NIGHT)], MAY_NIGHT)
        store_nights(writing, [make_night("r2", [bad("new", AGAIN, NIGHT, NIGHT)], at=NIGHT)], NIGHT)
    return desk


@pytest.fixture
def desk(template: Desk, tmp_path: Path) -> Desk:
    return Desk(Path(shutil.copytree(template.folder, tmp_path / "home")))


def judge(desk: Desk, id_: str, label: str, at: datetime = MAY_NIGHT + timedelta(hours=8)) -> None:
    said = desk.run(
        "correct", id_, "--label", label, "--as", "head", "--reason", "read it twice", "--now", at.isoformat()
    )
    assert said.code == 0, said.err


def tonight(desk: Desk) -> MentionLine:
    home = Home(desk.folder)
    school, pack = read_school(home)
    return next(row for row in read_digest(home, school, pack, DAY, "en").mentions if row.id == ITSELF)


def test_a_new_post_is_held_against_the_one_that_was_judged(desk: Desk) -> None:
    judge(desk, OLD, "inappropriate")
    found = tonight(desk).explanation
    assert found is not None
    assert found.alike == (Alike(OLD, Label.INAPPROPRIATE, date(2026, 5, 3)),)
    assert found.words == ("thief",) and found.is_sure
    _, pack = read_school(Home(desk.folder))
    with Warehouse(desk.folder).live_reader() as reading:
        (row,) = list_mentions(reading, MentionFilter(ids=(ITSELF,)))
    clause = pack.clause_for(row.harms)
    assert clause is not None and found.clause == clause.cite()


def test_nothing_judged_is_nothing_alike_and_nothing_loaded(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> Classifier:
        raise AssertionError("the model was loaded for nothing")

    monkeypatch.setattr("flows.learning.model_in_use", refuse)
    found = tonight(desk).explanation
    assert found is not None and found.alike == ()


def test_what_is_judged_later_sealed_or_erased_is_not_spoken_of(desk: Desk) -> None:
    judge(desk, OLD, "concern", NIGHT + timedelta(days=1))
    assert getattr(tonight(desk).explanation, "alike", None) == (), "judged after the digest's day"
    with Warehouse(desk.folder).writer() as writing:
        writing.run("UPDATE decisions SET decided_at = ?", [MAY_NIGHT])
    assert getattr(tonight(desk).explanation, "alike", None) != ()
    assert SEALED not in {one.mention_id for one in getattr(tonight(desk).explanation, "alike", ())}
    with Warehouse(desk.folder).writer() as writing:
        writing.run("UPDATE mentions SET is_sealed = true WHERE id = ?", [OLD])
    assert getattr(tonight(desk).explanation, "alike", None) == ()
    with Warehouse(desk.folder).writer() as writing:
        writing.run("UPDATE mentions SET is_sealed = false WHERE id = ?", [OLD])
    erase(Warehouse(desk.folder), [OLD], "asked", NIGHT, "A Person")
    assert getattr(tonight(desk).explanation, "alike", None) == ()


def test_a_post_is_never_like_itself_and_a_persons_word_is_dated(desk: Desk) -> None:
    judge(desk, ITSELF, "inappropriate", datetime(2026, 11, 21, 23, 30, tzinfo=UTC))
    row = tonight(desk)
    assert row.explanation is not None and row.explanation.alike == ()
    assert row.marked == Marked(Label.INAPPROPRIATE, Label.INAPPROPRIATE, date(2026, 11, 21))
    judge(desk, ITSELF, "neutral", datetime(2026, 11, 21, 23, 40, tzinfo=UTC))
    row = tonight(desk)
    assert row.explanation is None, "nobody is asked any more"
    assert row.marked == Marked(Label.NEUTRAL, Label.INAPPROPRIATE, date(2026, 11, 21))


def test_a_model_that_cannot_be_used_costs_the_likeness_and_not_the_digest(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge(desk, OLD, "inappropriate")

    def broken(*_: object) -> Classifier:
        raise Fatal("damaged")

    monkeypatch.setattr("flows.learning.model_in_use", broken)
    found = tonight(desk).explanation
    assert found is not None and found.alike == () and found.words == ("thief",)


def test_without_pack_or_date_the_desk_still_says_what_it_knows(desk: Desk) -> None:
    judge(desk, ITSELF, "inappropriate", NIGHT)
    with Warehouse(desk.folder).live_reader() as reading:
        (row,) = list_mentions(reading, MentionFilter(ids=(ITSELF,)))
    line = mention_line(row, {})
    assert line.explanation == Explanation(("thief",), "", True)
    assert line.marked == Marked(Label.INAPPROPRIATE, Label.INAPPROPRIATE)


# --- the desk's own pages -------------------------------------------------------------------------


def test_the_desk_shows_clause_and_likeness_and_leads_to_the_judged_post(desk: Desk) -> None:
    judge(desk, OLD, "inappropriate")
    home = Home(desk.folder)
    with (
        serving(HomeRecords(home, SchoolNow(home, *read_school(home))), home) as told,
        sign_in(told, DeskRole.DSL, lang="cy") as client,
    ):
        page = Page(client.get("/mentions").text)
        link = f"/mentions?id={OLD}"
        assert page.links().count(link) == 1
        assert (
            "yn debyg i'r neges o 3 Mai 2026 a nodwyd yma fel un amhriodol"
            in page.outside.lower().replace("mai", "Mai")
        )
        assert "thief" not in page.outside and "thief" not in page.inside
        alone = Page(client.get(link).text)
    assert "Nodwyd y neges hon yma fel un amhriodol ar 4 Mai 2026" in alone.outside
    assert len(alone.named("article")) == 1


def test_an_incident_of_the_desk_is_explained_too(desk: Desk) -> None:
    judge(desk, OLD, "inappropriate")
    said = desk.run(
        "incident", "open", ITSELF, "--as", "head", "--reason", "it goes too far", "--now", NIGHT.isoformat()
    )
    assert said.code == 0, said.err
    home = Home(desk.folder)
    number = desk.run("incident", "list", "--json").rows[0]["id"]
    with (
        serving(HomeRecords(home, SchoolNow(home, *read_school(home))), home) as told,
        sign_in(told, DeskRole.DSL) as client,
    ):
        page = Page(client.get(f"/incidents/{number}").text)
    assert f"/mentions?id={OLD}" in page.links()
    assert "Touches " in page.outside and "thief" not in page.outside + page.inside


def test_incident_show_says_the_clause_and_a_persons_word_and_quotes_nothing(desk: Desk) -> None:
    judge(desk, ITSELF, "inappropriate", NIGHT)
    opened = desk.run(
        "incident", "open", ITSELF, "--as", "head", "--reason", "it goes too far", "--now", NIGHT.isoformat()
    )
    assert opened.code == 0, opened.err
    number = desk.run("incident", "list", "--json").rows[0]["id"]
    said = desk.run("incident", "show", number)
    assert said.code == 0, said.err
    plain = " ".join(said.out.split())
    _, pack = read_school(Home(desk.folder))
    clause = pack.clause_for(())
    assert clause is not None and f"Touches {clause.document}" in plain
    assert "Marked inappropriate here; the classifier had said the same." in plain
    assert "thief" not in plain and max(map(len, said.out.splitlines())) < 80


# --- what it costs --------------------------------------------------------------------------------


@pytest.mark.slow
def test_fifty_posts_against_five_hundred_judged_ones_take_a_moment(desk: Desk) -> None:
    """Not timing the machine to the tenth: a slip to comparing text by text would take minutes."""
    with Warehouse(desk.folder).live_reader() as reading:
        (row,) = list_mentions(reading, MentionFilter(ids=(ITSELF,)))
    strangers = read_strangers()
    rows: list[MentionRow] = [
        replace(row, id=f"n{at}", canonical_url=f"https://new.example/{at}", text=one.text)
        for at, one in enumerate(strangers[:50])
    ]
    assert all(map(is_explained, rows))
    known = [
        Known(f"k{at}", f"https://old.example/{at}", one.text, one.label, DAY)
        for at, one in enumerate(strangers)
    ]
    model = load(MODELS / "word")
    began = time.process_time()
    found = find_likenesses(lambda: model, rows, known)
    assert time.process_time() - began < 5
    # Each is there among the known ones, and found; the text itself comes first.
    assert all(found[f"n{at}"][0].mention_id == f"k{at}" for at in range(50))

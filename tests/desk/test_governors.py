"""The governors' sheet says numbers alone, withholds small ones in every form of it, and reads well in both languages."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from html import unescape
from string import Formatter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from desk.document_docx import write_docx
from desk.document_pdf import write_pdf
from desk.governors import PARTS, Basis, Group, Nights, Sheet, Single, TermCounts, Topic, Wait, tell_sheet
from desk.governors_json import FEWER, read_sheet, show_sheet
from desk.governors_page import build_document, render_page
from desk.governors_words import IN_TERM, OF_TERM, PARTS_SAID, SHEET_WORDS, SINGLES, TERMS, TOPICS, WAITS
from desk.words import LANGUAGES
from flows.letters import as_text
from mentionwatch.documents import Drawing
from mentionwatch.terms import Term, TermName
from tests.desk.chromium import open_browser
from tests.desk.test_documents import nodes, tags

AUTUMN = Term(TermName.AUTUMN, 2026)
BASIS = Basis("Ysgol Nant y Felin", "Social Networking Policy", date(2021, 10, 19), "Policy, section 11", True, date(2026, 7, 1), True, None)  # fmt: skip
HOSTILE = '<script>alert(1)</script> & "\u202e #image("x") {{7*7}} $x$ Ŵ'


def counts(
    groups: Mapping[Topic, tuple[int, ...]] | None = None,
    singles: int = 0,
    days: tuple[float, ...] = (),
    weeks: int = 0,
) -> TermCounts:
    given_ = groups or {}
    parts = tuple(
        Group(topic, tuple(zip(names, given_.get(topic, (0,) * len(names)), strict=True)))
        for topic, names in PARTS.items()
    )
    week = Group(Topic.WEEK, tuple((day.isoformat(), weeks) for day in AUTUMN.weeks))
    return TermCounts(
        AUTUMN,
        date(2027, 1, 4),
        Nights(122, 110, 6, 4),
        (*parts, week),
        tuple((single, singles) for single in Single),
        tuple((wait, days) for wait in Wait),
    )


BUSY = tell_sheet(
    counts(
        {
            Topic.LABEL: (140, 61, 33, 3),
            Topic.LANG: (180, 57, 0),
            Topic.KIND: (11, 2, 6, 0, 0, 7, 0, 5),
            Topic.OUTCOME: (13, 9, 5, 1, 0, 2),
            Topic.REMOVAL: (6, 2),
        },
        singles=2,
        days=(0.2, 1.0, 2.0, 2.6, 5.5, 30.0),
        weeks=13,
    )
)
EMPTY = tell_sheet(counts())
ONE = tell_sheet(
    counts({topic: (1, *(0 for _ in names[1:])) for topic, names in PARTS.items()}, singles=1, days=(3.217,))
)


def page(sheet: Sheet, lang: str = "en", basis: Basis = BASIS) -> str:
    return render_page(build_document((sheet,), basis, lang))


def words(html: str) -> str:
    body = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())


any_counts = st.builds(
    lambda numbers, single, days, weeks: counts(
        {topic: tuple(numbers[: len(names)]) for topic, names in PARTS.items()}, single, tuple(days), weeks
    ),
    st.lists(st.integers(0, 30), min_size=8, max_size=8),
    st.integers(0, 9),
    st.lists(st.floats(0, 200), max_size=25),
    st.integers(0, 9),
)


@settings(max_examples=40, deadline=None)
@given(any_counts)
def test_no_form_of_the_sheet_holds_a_number_from_one_to_four_of_anything_but_days_and_nights(
    counted: TermCounts,
) -> None:
    """protocol.md 5.12: groups under five are suppressed, in JSON as on the page."""
    sheet = tell_sheet(counted)
    shown = json.loads(json.dumps(show_sheet(sheet)))
    numbers = [group["total"] for group in shown["groups"].values()] + list(shown["singles"].values())
    numbers += [part for group in shown["groups"].values() for part in (group["parts"] or {}).values()]
    assert {number for number in numbers if isinstance(number, int) and 0 < number < 5} == set()
    html = page(replace(sheet, waits=tell_sheet(counts()).waits, nights=Nights(0, 0, 0, 0)))
    assert set(re.findall(r"<td>([1-4])</td>", html)) == set()
    assert not re.search(r"<text[^>]*>[1-4]</text>", html)


@given(any_counts)
def test_what_is_kept_is_read_back_as_it_was(counted: TermCounts) -> None:
    sheet = tell_sheet(counted)
    assert read_sheet(json.loads(json.dumps(show_sheet(sheet)))) == sheet


@pytest.mark.parametrize(
    "broken", [None, {}, {"term": "autumn"}, {**show_sheet(EMPTY), "singles": {"police": -1}}, {**show_sheet(EMPTY), "nights": 3}]
)  # fmt: skip
def test_a_kept_sheet_that_was_changed_is_refused(broken: object) -> None:
    with pytest.raises(ValueError):
        read_sheet(broken)


def test_zero_fewer_than_five_and_not_shown_are_three_different_things() -> None:
    said = words(page(BUSY))
    assert "possibly inappropriate not shown All together 237" in said
    assert "neutral not shown praise 61 concern 33" in said
    assert "Incidents taken to the police fewer than 5" in said
    assert "other 0 All together 237" in said
    assert "“Fewer than 5” means one to four." in said


GAPS = tuple(day.isoformat() for day in (*AUTUMN.weeks[:2], AUTUMN.weeks[9]))


def gapped() -> TermCounts:
    """The first two weeks and the tenth without a night, the twelfth with two mentions, all others with thirteen."""
    counted = counts({Topic.LABEL: (184, 0, 0, 0)})
    numbers = [0 if day.isoformat() in GAPS else 2 if at == 11 else 13 for at, day in enumerate(AUTUMN.weeks)]
    weeks = tuple((day.isoformat(), number) for day, number in zip(AUTUMN.weeks, numbers, strict=True))
    others = tuple(group for group in counted.groups if group.topic is not Topic.WEEK)
    return replace(counted, groups=(*others, Group(Topic.WEEK, weeks, GAPS)))


@pytest.mark.parametrize(
    ("lang", "first", "small", "nobody", "hidden", "summary"),
    [
        ("en", "1 September 2026", "16 November 2026", "nobody looked", "not shown", "A dash: nobody looked in that week."),
        ("cy", "1 Medi 2026", "16 Tachwedd 2026", "nid edrychodd neb", "heb ei ddangos", "Llinell: nid edrychodd neb yn yr wythnos honno."),
    ],
)  # fmt: skip
def test_a_week_nobody_looked_in_is_no_nought_and_not_withheld(
    lang: str, first: str, small: str, nobody: str, hidden: str, summary: str
) -> None:
    """*Nothing found* and *did not look* are two things, on the page, in its drawing and read aloud."""
    document = build_document((tell_sheet(gapped()),), BASIS, lang)
    html = render_page(document)
    assert f'<th scope="row">{first}</th><td>{nobody}</td>' in html
    assert f'<th scope="row">{small}</th><td>{hidden}</td>' in html
    drawing = next(block for block in document.blocks if isinstance(block, Drawing))
    assert re.findall(r"<text[^>]*>(–)</text>", drawing.svg) == ["–"] * len(GAPS)
    assert summary in unescape(drawing.svg) and summary in drawing.told
    assert SHEET_WORDS["nobody_looked_means"][LANGUAGES.index(lang)] in words(html)
    assert SHEET_WORDS["nobody_looked_means"][LANGUAGES.index(lang)] not in words(page(BUSY, lang))
    text = " ".join(one.extract_text() for one in PdfReader(io.BytesIO(write_pdf(document))).pages)
    assert " ".join(text.split()).count(nobody) >= len(GAPS)


def test_a_program_reads_no_number_for_a_week_nobody_looked_in_and_is_told_why() -> None:
    shown = json.loads(json.dumps(show_sheet(tell_sheet(gapped()))))["groups"]["week"]
    assert shown["nobody_looked"] == list(GAPS)
    assert all(shown["parts"][week] is None for week in GAPS)
    withheld = {week for week, count in shown["parts"].items() if count is None} - set(GAPS)
    assert AUTUMN.weeks[11].isoformat() in withheld and len(withheld) == 2
    assert read_sheet(json.loads(json.dumps(show_sheet(tell_sheet(gapped()))))) == tell_sheet(gapped())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_term_in_which_nobody_looked_has_no_week_of_noughts(lang: str) -> None:
    counted = counts()
    never = tuple(replace(group, nobody_looked=tuple(name for name, _ in group.counts)) if group.topic is Topic.WEEK else group for group in counted.groups)  # fmt: skip
    html = page(tell_sheet(replace(counted, groups=never)), lang)
    said = SHEET_WORDS["nobody_looked_at_all"][LANGUAGES.index(lang)]
    assert said.format(term=OF_TERM[TermName.AUTUMN][LANGUAGES.index(lang)].format(year=2026)) in words(html)
    assert "<svg" not in html


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_sheet_kept_from_before_says_that_its_noughts_may_be_weeks_nobody_looked_in(lang: str) -> None:
    """It is counted once, so it stays; which of its weeks are meant it does not know."""
    kept = json.loads(json.dumps(show_sheet(EMPTY)))
    del kept["groups"]["week"]["nobody_looked"]
    older = read_sheet(kept)
    assert json.loads(json.dumps(show_sheet(older))) == kept
    assert SHEET_WORDS["weeks_unmarked"][LANGUAGES.index(lang)] in words(page(older, lang))
    assert SHEET_WORDS["weeks_unmarked"][LANGUAGES.index(lang)] not in words(page(EMPTY, lang))


@pytest.mark.parametrize("gaps", ["2026-08-31", [3], ["2026-08-31"], ["2031-01-06"]])
def test_a_kept_week_that_nobody_looked_in_and_has_a_number_is_refused(gaps: object) -> None:
    kept = json.loads(json.dumps(show_sheet(EMPTY)))
    kept["groups"]["week"]["nobody_looked"] = gaps
    with pytest.raises(ValueError):
        read_sheet(kept)


def test_a_week_with_mentions_was_looked_in() -> None:
    with pytest.raises(ValueError, match="2026-08-31"):
        Group(Topic.WEEK, (("2026-08-31", 1), ("2026-09-07", 0)), ("2026-08-31",))


def test_a_wait_is_told_from_five_incidents_on_and_never_the_longest() -> None:
    assert BUSY.waits[0].median == 2
    assert BUSY.waits[0].ninth is None
    incidents = {Topic.KIND: (24, 0, 0, 0, 0, 0, 0, 0)}
    assert {wait.median for wait in tell_sheet(counts(incidents, days=(1.0, 2.0, 3.0, 4.0))).waits} == {None}
    many = tell_sheet(counts(incidents, days=tuple(float(day) for day in range(1, 21)))).waits[0]
    assert (many.median, many.ninth) == (10, 18)


def test_a_wait_says_no_small_number_of_incidents_that_did_not_get_so_far() -> None:
    """Of seven incidents at least five decided: one or two are not, which is for nobody to know."""
    seven, days = {Topic.KIND: (7, 0, 0, 0, 0, 0, 0, 0)}, (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0)
    assert {wait.median for wait in tell_sheet(counts(seven, days=days[:6])).waits} == {None}
    assert {wait.median for wait in tell_sheet(counts(seven, days=days)).waits} == {4}


def test_a_number_that_would_tell_how_many_are_left_is_not_shown_on_the_page_nor_in_json() -> None:
    """Six incidents, five of them taken to the police: one was not."""
    six = counts({Topic.KIND: (6, 0, 0, 0, 0, 0, 0, 0), Topic.REMOVAL: (5, 0)}, singles=5)
    said, shown = words(page(tell_sheet(six))), show_sheet(tell_sheet(six))
    assert "Incidents taken to the police not shown" in said
    assert json.loads(json.dumps(shown))["singles"]["police"] is None
    assert json.loads(json.dumps(shown))["groups"]["removal"] == {"total": None, "parts": None}
    assert read_sheet(json.loads(json.dumps(shown))) == tell_sheet(six)


def test_one_incident_alone_leaves_no_trace_but_that_there_were_some() -> None:
    said = words(page(ONE))
    assert ONE.group(Topic.KIND) is not None
    assert "harassment" not in said
    assert "still under way" not in said
    assert said.count("fewer than 5") == len(PARTS) + len(Single)
    assert "3.2" not in said
    assert re.search(r"Closing: half took at most not shown", said)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_empty_term_is_a_whole_sheet_of_noughts(lang: str) -> None:
    html = page(EMPTY, lang)
    assert SHEET_WORDS["silent"][LANGUAGES.index(lang)] in words(html)
    assert html.count("<td>0</td>") >= len(PARTS)
    assert write_pdf(build_document((EMPTY,), BASIS, lang)).startswith(b"%PDF")


def test_the_page_says_on_what_the_school_looks_and_what_the_numbers_do_not_say() -> None:
    said = words(page(BUSY))
    assert "Policy: Social Networking Policy, dated 19 October 2021." in said
    assert "The policy itself lets the school look: Policy, section 11." in said
    assert "recorded decision of 1 July 2026" in said
    assert "on record, without a date" in said
    assert "What these numbers do not say" in said
    nothing = words(page(BUSY, basis=Basis("S", "P", None, "", False, None, False, None)))
    assert "No decision that lets the school look is on record." in nothing
    assert "none on record" in nothing


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_hostile_name_stays_words_in_page_and_pdf(lang: str) -> None:
    """ASVS V1.2.1."""
    basis = replace(BASIS, school=HOSTILE, policy=HOSTILE, cite=HOSTILE)
    html = page(BUSY, lang, basis)
    assert "<script" not in html
    assert "\u202e" not in html
    assert "{{7*7}}" in html
    read = PdfReader(io.BytesIO(write_pdf(build_document((BUSY,), basis, lang))))
    assert "#image" in read.pages[0].extract_text()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_pdf_is_tagged_in_its_language_and_says_the_chart_in_words(lang: str) -> None:
    """PDF/UA; WCAG 1.1.1, 3.1.1."""
    made = write_pdf(build_document((BUSY,), BASIS, lang))
    root = PdfReader(io.BytesIO(made)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] == True  # type: ignore[index]  # noqa: E712 -- a boolean of the PDF
    assert str(root["/Lang"]).startswith(lang)  # type: ignore[index]
    pages = PdfReader(io.BytesIO(made)).pages
    text = " ".join(one.extract_text() for one in pages)
    assert SHEET_WORDS["silent"][LANGUAGES.index(lang)] in text
    assert {"/Table", "/TH", "/TD", "/Figure"} <= tags(made)
    assert any("/Alt" in node for node in nodes(made))
    assert len(pages) <= 5
    assert made == write_pdf(build_document((BUSY,), BASIS, lang))


def test_other_forms_of_a_document_say_the_figures_too() -> None:
    """A letter may hold figures one day: Word and the terminal show them, and the words of a drawing."""
    document = build_document((BUSY,), BASIS, "en")
    assert "praise: 61" in as_text(document)
    assert "A bar for each week" in as_text(document)
    assert write_docx(document).startswith(b"PK")


def test_several_terms_stand_side_by_side_and_are_not_added_up() -> None:
    spring = replace(tell_sheet(counts({Topic.LABEL: (50, 20, 10, 0)})), term=Term(TermName.SPRING, 2027))
    said = words(render_page(build_document((BUSY, spring), BASIS, "en")))
    assert "What Autumn term 2026 Spring term 2027" in said
    assert "praise 61 20" in said
    assert "317" not in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_policy_without_a_time_for_acknowledging_is_said_to_have_none(lang: str) -> None:
    silent = replace(
        BUSY, groups=tuple(group for group in BUSY.groups if group.topic is not Topic.ACKNOWLEDGED)
    )
    assert SHEET_WORDS["not_set"][LANGUAGES.index(lang)] in words(page(silent, lang))


def test_a_page_is_small_and_asks_for_nothing() -> None:
    html = page(BUSY)
    assert len(html.encode()) < 100_000
    assert "http" not in html.replace("http-equiv", "").replace("http://www.w3.org/2000/svg", "")
    assert "default-src 'none'" in html


def test_everything_is_said_in_both_languages_with_the_same_places_to_fill() -> None:
    pairs = [*SHEET_WORDS.values(), *TERMS.values(), *IN_TERM.values(), *OF_TERM.values(), *TOPICS.values(), *SINGLES.values(), *WAITS.values()]  # fmt: skip
    pairs += [pair for parts in PARTS_SAID.values() for pair in parts.values()]
    for english, welsh in pairs:
        assert english and welsh
        fields = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in (english, welsh)]
        assert fields[0] == fields[1]
    assert set(TOPICS) == set(Topic)
    assert {topic: set(said) for topic, said in PARTS_SAID.items()} == {topic: set(parts) for topic, parts in PARTS.items()}  # fmt: skip
    assert SHEET_WORDS["few"][0] == FEWER


@pytest.mark.browser
@pytest.mark.parametrize("lang", LANGUAGES)
def test_axe_finds_nothing_wrong_and_a_telephone_shows_it_without_sideways_scrolling(lang: str) -> None:
    """WCAG 2.2 AA by axe in a real Chromium; WCAG 1.4.10 at 320 px; A4 in print."""
    from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

    long = replace(BASIS, school="Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch" * 3)
    with open_browser() as browser:
        for sheet in (BUSY, ONE, tell_sheet(gapped())):
            shown = browser.new_page(viewport={"width": 320, "height": 640}, bypass_csp=True)
            shown.set_content(page(sheet, lang, long))
            found = Axe().run(shown)
            assert found.violations_count == 0, found.generate_report()
            assert shown.evaluate("() => document.documentElement.scrollWidth") <= 320
            shown.close()

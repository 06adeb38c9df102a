"""What the morning digest says, in which order, and what it never shows. Numbers: reference protocol, section 5."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from desk.digest import merge_runs
from desk.render import (
    first_line,
    raise_first,
    render_html,
    render_text,
)
from desk.words import LANGUAGES, WORDS, Speaker
from incidents.deadlines import Clock, ClockName
from mentionwatch.labels import IncidentState, Label, Role, Route, Scope, Verdict
from tests.desk.cases import (
    NIGHT,
    SLUR,
    Page,
    digest,
    flagged,
    incident,
    mention,
    night,
    run,
    source,
)

HEADINGS = {
    Verdict.CLEAR: "verdict_clear",
    Verdict.MENTIONS: "verdict_mentions",
    Verdict.DEGRADED: "verdict_degraded",
    Verdict.BLIND: "verdict_blind",
}


# --- The verdict comes first, and only a night seen in full is called clear.


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("verdict", Verdict)
def test_each_verdict_opens_page_and_text_in_its_own_words(verdict: Verdict, lang: str) -> None:
    made = digest(night(verdict))
    said = Speaker(lang)(HEADINGS[verdict])
    html = render_html(made, lang)
    assert f"<h1>{said}</h1>".replace("'", "&#39;") in html
    assert f'<html lang="{lang}">' in html
    assert render_text(made, lang).startswith(said)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_night_that_did_not_run_says_so_and_is_never_clear(lang: str) -> None:
    made = digest(None)
    say = Speaker(lang)
    for shown in (Page(render_html(made, lang)).outside, render_text(made, lang)):
        assert say("not_run") in " ".join(shown.split())
        assert say("not_run_mend") in " ".join(shown.split())
        assert say("nothing_waits") not in shown
        assert say("no_good_news") not in shown


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_never_looked_at_is_no_part_of_the_good_news(lang: str) -> None:
    """On a night that did not run the line stood below *good news*, without the heading it belongs to."""
    say = Speaker(lang)
    for made in (digest(None), digest(night(Verdict.CLEAR)), digest(night(Verdict.BLIND))):
        text = render_text(made, lang)
        last = text[text.rindex(say("good_news").upper()) :]
        assert say("not_looked").upper() in last
        assert last.index(say("not_looked").upper()) < last.index("WhatsApp")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_praise_in_half_a_night_is_not_no_praise_that_night(lang: str) -> None:
    say = Speaker(lang)
    for verdict, key in (
        (Verdict.CLEAR, "no_good_news"), (Verdict.DEGRADED, "no_good_news_seen"), (Verdict.BLIND, "nobody_knows"),
    ):  # fmt: skip
        made = digest(night(verdict))
        for shown in (Page(render_html(made, lang)).outside, render_text(made, lang)):
            assert say(key) in " ".join(shown.split())


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("verdict", [Verdict.DEGRADED, Verdict.BLIND])
def test_a_degraded_or_blind_night_never_looks_like_a_clear_one(verdict: Verdict, lang: str) -> None:
    clear, other = (render_html(digest(night(each)), lang) for each in (Verdict.CLEAR, verdict))
    say = Speaker(lang)
    assert 'class="verdict clear"' in clear
    assert 'class="verdict clear"' not in other
    page = Page(other)
    assert say("nothing_waits") not in page.outside
    assert say.fault(night(verdict).unseen[0].fault) in page.outside  # type: ignore[arg-type]
    for name in ("two",):
        assert page.outside.index(say("unseen")) < page.outside.index(name), "named in the opening"


def test_a_verdict_that_contradicts_its_sources_is_not_believed() -> None:
    lying = run(Verdict.CLEAR, source("one", Verdict.CLEAR), source("two", Verdict.BLIND))
    assert digest(lying).headline == "verdict_degraded"
    assert digest(run(Verdict.CLEAR)).headline == "verdict_blind"


def test_a_clear_night_with_something_waiting_does_not_read_as_all_clear() -> None:
    made = digest(night(Verdict.CLEAR), (), (incident(flagged()),))
    assert made.headline == "verdict_clear_waiting"
    for lang in LANGUAGES:
        assert Speaker(lang)("verdict_clear") not in Page(render_html(made, lang)).outside


def test_a_second_look_at_one_source_does_not_speak_for_the_night() -> None:
    first = run(Verdict.DEGRADED, source("one", Verdict.MENTIONS), source("two", Verdict.BLIND))
    second = run(Verdict.CLEAR, source("one", Verdict.CLEAR))
    merged = merge_runs((second, first))
    assert merged is not None and merged.verdict is Verdict.DEGRADED
    assert [line.name for line in merged.sources] == ["two", "one"], "what was not seen stands first"
    assert merged.sources[1].verdict is Verdict.MENTIONS, "what was found at night is still new today"
    assert merged.counts.collected == 8
    mended = merge_runs((run(Verdict.CLEAR, source("two", Verdict.CLEAR)), first))
    assert mended is not None and mended.verdict is Verdict.MENTIONS
    assert merge_runs(()) is None


# --- Order: what needs the reader now, then decisions, deadlines, a person's look, concerns, good news.


def test_the_parts_stand_in_the_order_a_head_needs_them() -> None:
    rows = (
        mention(id="1"),
        mention(id="2", label=Label.CONCERN),
        mention(id="3", label=Label.POSITIVE),
        flagged(id="4"),
    )
    incidents = (
        incident(
            None,
            id="2026-0001",
            state=IncidentState.REMOVAL_WAIT,
            clocks=(Clock(ClockName.REMOVAL, NIGHT - timedelta(days=1)),),
        ),
        incident(None, id="2026-0002", route=Route.INTERNAL),
        incident(None, id="2026-0003"),
        incident(None, id="2026-0004", state=IncidentState.POLICE_HOLD),
    )
    made = digest(night(Verdict.MENTIONS), rows, incidents)
    html = render_html(made, "en")
    order = [
        "act-now",
        "decisions",
        "look",
        "due",
        "concerns",
        "others",
        "under-way",
        "good-news",
        "health",
        "not-looked",
    ]
    places = [html.index(f'<h2 id="{anchor}">') for anchor in order]
    assert places == sorted(places)
    text = render_text(made, "en")
    headings = [
        WORDS[key][0].upper()
        for key in ("act_now", "decisions", "look", "due", "concerns", "mentions", "under_way", "good_news")
    ]
    text = text[text.index(headings[0] + "\n") :]
    assert [text.index(each) for each in headings] == sorted(text.index(each) for each in headings)
    assert made.to_review == 4


def test_decisions_wait_oldest_first_and_closed_incidents_are_gone() -> None:
    rows = tuple(
        incident(None, id=f"2026-000{n}", route=Route.INTERNAL, opened_at=NIGHT - timedelta(hours=n))
        for n in (1, 3, 2)
    )
    closed = tuple(
        incident(None, id="2026-0009", state=state)
        for state in (IncidentState.CLOSED, IncidentState.MERGED, IncidentState.RESOLVED)
    )
    made = digest(night(Verdict.CLEAR), (), (*rows, *closed))
    assert [row.id for row in made.decisions] == ["2026-0003", "2026-0002", "2026-0001"]
    assert made.act_now == made.due == made.under_way == ()


@pytest.mark.parametrize("hours, is_due", [(-48, True), (12, True), (21, True), (22, False), (72, False)])
def test_l39_a_deadline_of_today_or_before_is_due_and_one_of_tomorrow_is_not(
    hours: int, is_due: bool
) -> None:
    clock = Clock(ClockName.REMOVAL, NIGHT + timedelta(hours=hours), is_policy=True)
    row = incident(None, state=IncidentState.REMOVAL_WAIT, clocks=(clock,))
    made = digest(night(Verdict.CLEAR), (), (row,))
    assert (bool(made.due), bool(made.under_way)) == (is_due, not is_due)
    for lang in LANGUAGES:
        say = Speaker(lang)
        page = " ".join(Page(render_html(made, lang)).outside.split())
        due = page.split(raise_first(say.clock(ClockName.REMOVAL)))[-1]
        assert due.startswith(f": {say.on(clock.due_at, made.day)}")
        assert (say("overdue") in due[:50]) == (hours < 0)
        assert say("by_policy") in due[:90]


def test_a_resolved_incident_is_shown_on_the_day_it_is_to_be_closed_and_on_no_other() -> None:
    late, early = (
        incident(
            None,
            id=id_,
            state=IncidentState.RESOLVED,
            clocks=(Clock(ClockName.CLOSE, NIGHT + timedelta(days=days)),),
        )
        for id_, days in (("2026-0001", 0), ("2026-0002", 3))
    )
    made = digest(night(Verdict.CLEAR), (), (late, early))
    assert [row.id for row in made.due] == ["2026-0001"]
    assert made.under_way == ()
    assert made.headline == "verdict_clear_waiting"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_l07_a_concern_to_acknowledge_says_by_when_stands_first_and_a_miss_is_visible(lang: str) -> None:
    """L07: the clock stands with the concern, and the night is not told as one with nothing waiting."""
    missed = Clock(ClockName.ACKNOWLEDGE, NIGHT - timedelta(days=1), is_policy=True)
    rows = (
        mention(id="1", label=Label.CONCERN, title="Another page"),
        mention(id="2", label=Label.CONCERN, title="The school's page", clocks=(missed,)),
    )
    made = digest(night(Verdict.CLEAR), rows)
    assert [row.id for row in made.concerns] == ["2", "1"]
    assert made.to_review == 1 and made.headline == "verdict_clear_waiting"
    say = Speaker(lang)
    page = " ".join(Page(render_html(made, lang)).outside.split())
    told = f"{raise_first(say.clock(ClockName.ACKNOWLEDGE))}: {say.on(missed.due_at, made.day)} {say('overdue')} ({say('by_policy')})"
    assert page.count(told) == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_l24_l31_each_incident_says_who_decides_and_why_and_that_the_system_only_suggests(lang: str) -> None:
    made = digest(night(Verdict.MENTIONS), (), (incident(flagged()),))
    say = Speaker(lang)
    for shown in (Page(render_html(made, lang)).outside, render_text(made, lang)):
        flat = " ".join(shown.split())
        assert f"{say('decider')}: {say.role(Role.DEPUTY)}" in flat
        assert say.protocol(incident(None).reasons[0])[1:] in flat
        assert say("system_suggests") in flat
        assert say.kind("threat, privacy") in flat


def test_identical_first_steps_are_said_once_and_pointed_to() -> None:
    rows = tuple(incident(None, id=f"2026-000{n}") for n in (1, 2, 3))
    html = render_html(digest(night(Verdict.CLEAR), (), rows), "en")
    assert html.count("Check the evidence") == 1
    assert html.count('href="#i2026-0001"') == 2


@pytest.mark.parametrize("label", [Label.CONCERN, Label.POSITIVE])
def test_what_may_be_read_unasked_is_a_line_each_and_its_words_one_press_away(label: Label) -> None:
    """Protocol 5, point 1: two minutes. Where there are few their words stand open; of each the line is there, however many."""
    for many in (1, 2, 3, 9):
        rows = tuple(
            mention(id=str(n), label=label, title=f"Title {n}", text=f"Words {n}") for n in range(many)
        )
        page = Page(render_html(digest(night(Verdict.MENTIONS), rows), "en"))
        folds = [attrs for attrs in page.named("details") if attrs.get("class") == "unfolds"]
        assert sum("open" in attrs for attrs in folds) == (many if many <= 2 else 0)
        told = page.outside + page.inside
        assert all(told.count(f"Title {n}") == told.count(f"Words {n}") == 1 for n in range(many))


def test_an_answer_and_an_edit_are_called_by_their_own_words() -> None:
    """Every comment of a thread bears the thread's title: that line would say the same of each."""
    assert first_line(mention(kind="comment", title="The thread", text="Own words")) == "Own words"
    assert first_line(mention(kind="edit", title="The article", text="What was put in")) == "What was put in"
    assert first_line(mention(kind="article", title="A title", text="Own words")) == "A title"
    assert first_line(mention(kind="comment", title="The thread", text="")) == "The thread"
    assert len(first_line(mention(kind="comment", title="", text="word " * 90))) <= 62


# --- Welsh is complete where the product speaks itself.


def test_a_welsh_digest_has_no_english_of_our_own_in_it() -> None:
    rows = (
        flagged(
            title="X", text="X", why=("may be a threat: a person should look", "the classifier is unsure")
        ),
        mention(id="2", scope=Scope.POSSIBLE, revision=2, kind="report", title="X", text="X"),
    )
    blind = dataclasses.replace(
        source("one", Verdict.BLIND), not_looked_at=("3 further articles that name the school",)
    )
    made = digest(
        run(Verdict.BLIND, blind),
        rows,
        (incident(rows[0], clause="not set by your policy", first_steps=()),),
    )
    shown = Page(render_html(made, "cy")).outside + render_text(made, "cy")
    english = {pair[0] for pair in WORDS.values() if len(pair[0]) > 6 and "{" not in pair[0]}
    assert [each for each in sorted(english) if each in shown] == []
    words = set(shown.lower().replace(",", " ").replace(":", " ").replace(";", " ").replace(".", " ").split())
    ours = {
        "the",
        "threat",
        "privacy",
        "mentions",
        "therefore",
        "copied",
        "unsure",
        "november",
        "further",
        "deputy",
    }
    assert words & ours == set()


# --- Section 5.6: flagged words are covered until opened, and absent from the text form.


@pytest.mark.parametrize("lang", LANGUAGES)
def test_flagged_words_are_behind_closed_details_and_not_in_the_text_at_all(lang: str) -> None:
    made = digest(
        night(Verdict.MENTIONS),
        (flagged(id="1"), flagged(id="2", needs_person=True, label=Label.CONCERN)),
        (incident(flagged(id="3")),),
    )
    page = Page(render_html(made, lang))
    assert SLUR in page.inside
    assert SLUR not in page.outside
    assert SLUR not in render_text(made, lang)
    assert all("open" not in attrs for attrs in page.named("details"))
    assert len(page.named("summary")) == len(page.named("details"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_b13_of_a_withheld_post_nothing_is_shown_not_even_behind_a_step(lang: str) -> None:
    held = flagged(is_withheld=True)
    calm = flagged(id="2", is_withheld=True, needs_person=False, label=Label.NEUTRAL)
    stopped = incident(held, state=IncidentState.STOP_IMAGE, kind="possible illegal image")
    made = digest(night(Verdict.MENTIONS), (held, calm), (stopped,))
    html = render_html(made, lang)
    assert made.act_now
    assert SLUR not in html + render_text(made, lang)
    assert Speaker(lang)("evidence_withheld") in Page(html).outside


def test_b05_no_number_handle_or_name_given_away_is_shown_unasked() -> None:
    text = "Mrs Penhaligon: ring 01286 555 123, nain@post.example, @cwm_mum, my son Teilo waits"
    made = digest(
        night(Verdict.MENTIONS),
        tuple(
            mention(id=str(n), label=label, title=text, text=text)
            for n, label in enumerate((Label.NEUTRAL, Label.CONCERN, Label.POSITIVE))
        ),
    )
    html = render_html(made, "en")
    for secret in ("Penhaligon", "555 123", "nain@", "cwm_mum", "Teilo"):
        assert secret not in html
        assert secret not in render_text(made, "en")

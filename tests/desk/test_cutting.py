"""Issue 6, point 8: what a page leaves out it counts, nothing that asks is hidden uncounted, and no page is heavy."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.cutting import SHOWN, cut
from desk.digest import Digest, IncidentLine, MentionLine, More
from desk.mail import Envelope, write_mail
from desk.render import counted, render_html, render_text
from desk.start import PAGE, AskIncident, AskMention, Offer, StartPage, open_sheet
from desk.words import LANGUAGES, Speaker
from incidents.deadlines import Clock, ClockName
from mentionwatch.labels import IncidentState, Label, Route, Verdict
from tests.desk.cases import NIGHT, digest, flagged, incident, mention, night

DUE = Clock(ClockName.ACKNOWLEDGE, NIGHT + timedelta(hours=9), is_policy=True)
TOO_MANY = 70


def full(number: int) -> Digest:
    """So many of everything a digest has a part for."""
    kinds: tuple[dict[str, object], ...] = (
        {},
        {"route": Route.INTERNAL},
        {"state": IncidentState.REMOVAL_WAIT, "route": Route.INTERNAL, "clocks": (DUE,)},
        {"state": IncidentState.REMOVAL_WAIT, "route": Route.INTERNAL},
    )
    incidents = [
        incident(
            flagged(id=f"{kind}f{at}"),
            id=f"2026-{kind}{at:03}",
            opened_at=NIGHT + timedelta(seconds=at),
            **how,
        )
        for kind, how in enumerate(kinds)
        for at in range(number)
    ]
    mentions = [
        one
        for at in range(number)
        for one in (
            flagged(id=f"look{at}"),
            mention(id=f"due{at}", label=Label.CONCERN, clocks=(DUE,)),
            mention(id=f"concern{at}", label=Label.CONCERN),
            mention(id=f"other{at}", text=f"An ordinary word about the fair, number {at}. " * 12),
            mention(id=f"good{at}", label=Label.POSITIVE),
        )
    ]
    return digest(night(Verdict.MENTIONS), tuple(mentions), tuple(incidents))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_count_is_the_same_cut_or_whole(lang: str) -> None:
    """Page, text and e-mail say how many there are, and how many of them are not shown."""
    whole = full(TOO_MANY)
    short = cut(whole)
    assert counted(short) == counted(whole)
    assert short.to_review == whole.to_review
    say = Speaker(lang)
    for shown in (render_html(whole, lang), render_text(whole, lang)):
        plain = " ".join(shown.replace("&#39;", "'").split())
        for name, most in SHOWN.items():
            there = TOO_MANY * (2 if name == "concerns" else 1)
            assert say("and_more", n=there - most) in plain
    envelope = Envelope("desk@school.example", "head@school.example", "<a@b>", "https://desk.example")
    mail = write_mail(whole, lang, envelope).get_body(("plain",))
    assert mail is not None
    assert say("n_act_now", n=TOO_MANY) in mail.get_content()


def test_a_digest_that_fits_is_not_cut() -> None:
    assert cut(full(3)) == full(3)
    assert full(3).more == More()


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.integers(0, 25),
    st.dictionaries(st.sampled_from(sorted(SHOWN)), st.integers(0, 12), min_size=len(SHOWN)),
)
def test_what_is_cut_is_counted_once_and_cut_again_changes_nothing(
    number: int, shown: dict[str, int]
) -> None:
    whole = full(number)
    short = cut(whole, shown)
    assert counted(short) == counted(whole)
    assert short.to_review == whole.to_review
    assert cut(short, shown) == short
    for name in shown:
        rows = getattr(short, name)
        assert rows == getattr(whole, name)[: len(rows)], "the first of each part, in its order"


def start_of(sizes: tuple[int, int, int, int, int]) -> StartPage:
    """A start page with so many in each part."""
    parts = iter(sizes)

    def incidents(kind: str) -> tuple[AskIncident, ...]:
        return tuple(AskIncident(incident(None, id=f"{kind}{at}"), Offer()) for at in range(next(parts)))

    def mentions(kind: str) -> tuple[AskMention, ...]:
        return tuple(AskMention(mention(id=f"{kind}{at}"), Offer()) for at in range(next(parts)))

    return StartPage(
        digest=digest(night(Verdict.CLEAR)), act_now=incidents("a"), decisions=incidents("d"), due=incidents("u"),
        concerns=mentions("c"), look=mentions("l"), elsewhere=(), has_more=False, at=NIGHT,
    )  # fmt: skip


def ids(start: StartPage) -> list[str]:
    lines: list[IncidentLine | MentionLine] = [
        row.line
        for part in (start.act_now, start.decisions, start.due, start.concerns, start.look)
        for row in part
    ]
    return [line.id for line in lines]


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.tuples(*[st.integers(0, 30)] * 5))
def test_everything_that_asks_is_on_exactly_one_page_in_its_order(
    sizes: tuple[int, int, int, int, int],
) -> None:
    whole = start_of(sizes)
    sheets, number = [], 1
    while True:
        sheets.append(open_sheet(whole, number))
        if sheets[-1].is_last:
            break
        number += 1
    assert [id_ for sheet in sheets for id_ in ids(sheet.start)] == ids(whole)
    assert all(len(ids(sheet.start)) == PAGE for sheet in sheets[:-1])
    for sheet in sheets:
        assert sum(sheet.totals.values()) == whole.asked
        assert sheet.last - sheet.first + 1 == len(ids(sheet.start))


def test_a_page_beyond_the_last_is_the_last() -> None:
    whole = start_of((25, 0, 0, 0, 0))
    assert open_sheet(whole, 99) == open_sheet(whole, 2)
    assert open_sheet(whole, 0) == open_sheet(whole, 1)
    assert dataclasses.replace(open_sheet(start_of((0, 0, 0, 0, 0)), 3)).is_last

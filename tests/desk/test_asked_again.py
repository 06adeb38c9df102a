"""Who dealt with a post yesterday reads at its row why it is asked about again (ADR 0040, T36), on the start page and on its own."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from classifiers.model import Classifier
from desk.protocol_words import WELSH
from flows.home import Home, read_school
from flows.school_now import SchoolNow
from flows.showing import HomeRecords
from mentionwatch.accounts import DeskRole
from mentionwatch.asked_again import ASKED_AGAIN, BACK, EDITED, REPORTED_AGAIN
from tests.desk.signed_in import Running, serving, sign_in
from tests.flows.ended import CLOSED, LIE, NIGHT, THREAT, School, tell_of_image
from tests.flows.ended import classifier as classifier
from tests.incidents.homes import make_desk

ADDRESS = "https://board.example/p1"


@pytest.fixture
def school(tmp_path: Path, classifier: Classifier) -> School:
    return School(make_desk(tmp_path / "home"), classifier)


@contextmanager
def desk_of(school: School) -> Iterator[Running]:
    """The desk on the morning after the school's last night; of what the machine's clock stored, now."""
    home = Home(school.desk.folder)
    now = NIGHT + timedelta(days=school.nights, hours=5) if school.nights else datetime.now(UTC)
    with serving(
        HomeRecords(home, SchoolNow(home, *read_school(home)), lambda: now), home, lambda: now
    ) as desk:
        yield desk


def read(desk: Running, path: str, part: str, lang: str = "en") -> str:
    """What is said in one part of a page, as words."""
    with sign_in(desk, DeskRole.HEAD, DeskRole.DSL, lang=lang) as client:
        page = client.get(path).text
    assert not desk.crashes
    (found,) = re.findall(part, page, re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", found)).split())


def row(desk: Running, id_: str, lang: str = "en") -> str:
    return read(desk, "/", rf'<article [^>]*aria-labelledby="i{id_}">.*?</article>', lang)


def told(reason: str) -> str:
    return reason[0].upper() + reason[1:]


def test_every_reason_to_ask_again_has_welsh_words() -> None:
    assert set(WELSH) >= ASKED_AGAIN


def test_an_edited_post_that_was_closed_says_so_at_its_row_in_both_languages(school: School) -> None:
    school.look(LIE)
    school.take(*CLOSED)
    assert school.look(THREAT).incidents_opened == ("2026-0002",)
    with desk_of(school) as desk:
        assert f"Why {told(EDITED)} " in row(desk, "2026-0002")
        assert f"Pam {told(WELSH[EDITED])} " in row(desk, "2026-0002", "cy")
        assert "edited since" in row(desk, "2026-0002")


def test_what_is_asked_for_the_first_time_says_nothing_of_the_kind(school: School) -> None:
    school.look(LIE)
    with desk_of(school) as desk:
        assert not any(told(reason) in row(desk, "2026-0001") for reason in ASKED_AGAIN)


def test_a_report_in_other_words_is_called_a_report_and_no_edit(school: School) -> None:
    """L16: nobody changed the post; a person told of it again."""
    school.desk.report(LIE, ADDRESS)
    with desk_of(school) as desk:
        assert "reported by a person" in row(desk, "2026-0001")
    school.take(*CLOSED)
    assert school.desk.report(THREAT, ADDRESS).row["incident"] == "2026-0002"
    with desk_of(school) as desk:
        first = row(desk, "2026-0002")
        assert f"Why {told(REPORTED_AGAIN)} " in first and "reported again by a person" in first
        assert "edited" not in first.lower()
        page = read(desk, "/incidents/2026-0002", r'<dl class="summary">.*?</dl>')
        assert f"Why {told(REPORTED_AGAIN)} " in page and page.count(told(REPORTED_AGAIN)) == 1
        assert "reported again by a person" in read(desk, "/mentions", r"<article .*?</article>")


def test_a_sealed_post_that_is_back_says_why_and_none_of_its_words(school: School) -> None:
    """B13: the reason is the software's own; what the words are stays out."""
    school.look(LIE)
    school.nights = 0
    tell_of_image(school, ADDRESS)
    school.give_to_police("2026-0001")
    school.nights = 5
    school.look(gone=True)
    assert school.look(LIE).incidents_opened == ("2026-0002",)
    with desk_of(school) as desk:
        assert f"Why {told(BACK)} " in row(desk, "2026-0002")
        assert LIE not in row(desk, "2026-0002")

"""L31 while a desk runs: school.toml changes under it, and nobody is shown more for that, nor barred until a restart."""

from __future__ import annotations

import os
import shutil
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk.acts import Done, NoSuch
from desk.mention_port import CorrectionGiven
from desk.pages import MentionQuery
from flows.desk_mentions import HomeMentions
from flows.home import Home, read_school
from flows.need_to_know import read_again
from flows.school_now import Rereader, SchoolNow
from flows.showing import HomeRecords
from mentionwatch.accounts import DeskRole, Viewer
from mentionwatch.errors import Fatal
from mentionwatch.school import SchoolProfile
from tests.incidents.homes import make_desk
from warehouse.connection import Warehouse
from warehouse.reading import list_mentions


def viewer(role: DeskRole) -> Viewer:
    return Viewer("a1", "Somebody", frozenset({role}), "en")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two posts: one names Gwrtheyrn, one nobody."""
    desk = make_desk(tmp_path_factory.mktemp("template") / "home")
    for number, text in enumerate(
        ("Gwrtheyrn shouts at Ysgol Llanbedrog", "A lovely fair at Ysgol Llanbedrog")
    ):
        said = desk.report(text, f"https://social.example/p/{number}")
        assert said.code == 0, said.err
    found = Home(desk.folder)
    read_again(found, read_school(found)[0].profile)
    return desk.folder


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Home:
    return Home(shutil.copytree(template, tmp_path / "home"))


def rename(home: Home, surname: str) -> None:
    lines = home.school_file.read_text(encoding="utf-8").splitlines(keepends=True)
    line = f'deputy_surnames = ["{surname}"]\n' if surname else "deputy_surnames = []\n"
    changed = [line if each.startswith("deputy_surnames") else each for each in lines]
    assert changed.count(line) == 1
    home.school_file.write_text("".join(changed), encoding="utf-8")


def shown(records: HomeRecords, role: DeskRole) -> int:
    return len(records.mentions(viewer(role), MentionQuery()).rows)


def test_l31_a_surname_of_today_bars_at_once_and_only_until_the_posts_are_read(home: Home) -> None:
    asked: list[SchoolProfile] = []
    records = HomeRecords(home, SchoolNow(home, *read_school(home), asked.append))
    assert shown(records, DeskRole.DEPUTY) == 2 and asked == []
    rename(home, "Gwrtheyrn")
    assert shown(records, DeskRole.DEPUTY) == 0, "nobody has read the posts for that name yet"
    assert shown(records, DeskRole.DSL) == 2
    assert [profile.deputy_surnames for profile in asked] == [("Gwrtheyrn",)], "asked for once"
    read_again(home, asked[0])
    assert shown(records, DeskRole.DEPUTY) == 1 and shown(records, DeskRole.HEAD) == 2
    assert len(asked) == 1


def test_l31_a_surname_of_today_bars_acts_upon_a_mention_as_it_bars_the_page(home: Home) -> None:
    """What may not be known of from now on is neither opened nor corrected from now on, and leaves no look behind."""
    with Warehouse(home.folder).live_reader() as reading:
        [about] = [row.id for row in list_mentions(reading) if "Gwrtheyrn" in row.text]
    acts = HomeMentions(
        home, SchoolNow(home, *read_school(home)), lambda: datetime(2026, 11, 22, 9, tzinfo=UTC)
    )
    assert acts.open_words(viewer(DeskRole.DEPUTY), about) == Done(about)
    rename(home, "Gwrtheyrn")
    for is_read in (False, True):
        if is_read:
            read_again(home, read_school(home)[0].profile)
        given = CorrectionGiven(about, "neutral", (), "", "it is about a fair", "deputy", 1, 0)
        assert acts.open_words(viewer(DeskRole.DEPUTY), about) == NoSuch()
        assert acts.correct(viewer(DeskRole.DEPUTY), given, "en") == NoSuch()
    assert acts.open_words(viewer(DeskRole.DSL), about) == Done(about)


def test_l31_a_night_under_a_new_surname_does_not_bar_everybody_until_a_restart(home: Home) -> None:
    records = HomeRecords(home, SchoolNow(home, *read_school(home)))
    assert shown(records, DeskRole.CHAIR) == 0 and shown(records, DeskRole.HEAD) == 2
    rename(home, "Nobodyknown")
    read_again(home, read_school(home)[0].profile)
    assert shown(records, DeskRole.HEAD) == 2


@pytest.mark.parametrize("wrong", ["", "[school]\nname = ", "\ufffd\0", None])
def test_l31_a_file_that_cannot_be_read_shows_nobody_more(home: Home, wrong: str | None) -> None:
    """Never open on a fault: whom the file names now, nobody knows; mended, everything is as it was."""
    asked: list[SchoolProfile] = []
    records = HomeRecords(home, SchoolNow(home, *read_school(home), asked.append))
    assert shown(records, DeskRole.HEAD) == 2
    good = home.school_file.read_bytes()
    home.school_file.unlink() if wrong is None else home.school_file.write_text(wrong, encoding="utf-8")
    for role in (DeskRole.HEAD, DeskRole.CO_HEAD, DeskRole.DEPUTY, DeskRole.SLT, DeskRole.CHAIR):
        assert shown(records, role) == 0
        assert records.incidents(viewer(role), "en") == ()
    assert shown(records, DeskRole.DSL) == 2, "no post is about the safeguarding lead"
    home.school_file.write_bytes(good)
    assert shown(records, DeskRole.HEAD) == 2 and asked == []


def test_a_file_broken_before_the_first_page_bars_too(home: Home) -> None:
    records = HomeRecords(home, SchoolNow(home, *read_school(home)))
    home.school_file.write_text("[", encoding="utf-8")
    assert shown(records, DeskRole.HEAD) == 0


def test_a_change_that_keeps_size_and_time_is_seen(home: Home) -> None:
    rename(home, "Aaaaaaaaa")
    now = SchoolNow(home, *read_school(home))
    assert now.read()[0].profile.deputy_surnames == ("Aaaaaaaaa",)
    before = home.school_file.stat()
    rename(home, "Gwrtheyrn")
    os.utime(home.school_file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert home.school_file.stat().st_size == before.st_size
    assert now.read()[0].profile.deputy_surnames == ("Gwrtheyrn",)


def test_nothing_is_parsed_again_for_a_file_that_stays(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    now = SchoolNow(home, *read_school(home))
    first = now.read()

    def parse(_: Home) -> None:
        raise AssertionError("parsed for nothing")

    monkeypatch.setattr("flows.school_now.read_school", parse)
    assert all(now.read() is first for _ in range(3))


def test_posts_are_read_again_beside_the_desk_also_after_a_fault(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk or a night that is writing delays it, and is kept in the log; then it is done all the same."""
    rename(home, "Gwrtheyrn")
    done, faults, tries = threading.Event(), list[Exception](), []

    def read_once_it_works(of: Home, profile: SchoolProfile) -> int:
        tries.append(profile)
        if len(tries) == 1:
            raise Fatal("the disk is full")
        found = read_again(of, profile)
        done.set()
        return found

    monkeypatch.setattr("flows.school_now.RETRY_S", 0.01)
    monkeypatch.setattr("flows.school_now.read_again", read_once_it_works)
    rereader = Rereader(home, faults.append)
    rereader.start()
    try:
        records = HomeRecords(home, SchoolNow(home, *read_school(home), rereader.ask))
        rereader.ask(read_school(home)[0].profile)
        assert done.wait(30)
        assert shown(records, DeskRole.DEPUTY) == 1
    finally:
        rereader.stop()
    assert len(faults) == 1 and len(tries) == 2

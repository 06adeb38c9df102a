"""From the moment a post is sealed nobody is shown anything of it, and that it was sealed is on record (B13, T04)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.incidents.homes import URL, Desk, make_desk
from warehouse.connection import Warehouse


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = make_desk(tmp_path / "home")
    assert made.report().code == 0
    return made


def audited(desk: Desk) -> list[tuple[str, str]]:
    with Warehouse(desk.folder).live_reader() as reading:
        return [(row[0], row[1]) for row in reading.rows("SELECT verb, object_kind FROM audit ORDER BY seq")]


def test_b13_sealing_is_an_entry_of_its_own_and_takes_exhibits_back(desk: Desk) -> None:
    assert desk.run("evidence", "export", "2026-0001").code == 0
    assert list((desk.folder / "exhibits").glob("*.zip"))
    assert desk.move("stop_image", "operator").code == 0
    assert not list((desk.folder / "exhibits").glob("*"))
    assert audited(desk)[-2:] == [("moved", "incident"), ("sealed", "mention")]
    assert desk.run("evidence", "checkpoint").code == 0
    assert desk.run("evidence", "verify").code == 0


def test_b13_the_address_of_a_sealed_post_is_in_no_list(desk: Desk) -> None:
    """The contract's keys stay; the address goes to the police alone (`evidence referral`)."""
    assert desk.run("mentions", "--json").row["url"] == URL
    desk.move("stop_image", "operator")
    listed = desk.run("mentions", "--json")
    assert (listed.row["url"], listed.row["native_id"]) == ("", "")
    assert "social.example" not in listed.out + desk.run("mentions").out


def test_b13_a_post_that_is_sealed_as_it_comes_in_has_its_entry_too(tmp_path: Path) -> None:
    desk = make_desk(tmp_path / "home")
    said = desk.report("leaked nudes of a year 10 girl at Ysgol Llanbedrog, link in bio https://x.example/n")
    assert said.code == 0, said.err
    assert ("sealed", "mention") in audited(desk)

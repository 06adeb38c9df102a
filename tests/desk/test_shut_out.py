"""What whoever decides may not know of asks those who may: it is on somebody's start page, and says how it is passed on (L31, T07)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import httpx
import pytest

from desk.queue_words import OFFERS, QUEUE_WORDS
from desk.words import Speaker
from flows.home import Home
from incidents.steps import Event
from mentionwatch.accounts import DeskRole
from mentionwatch.labels import Role
from tests.desk.matrix_home import FIRE, HERE, serving_whole
from tests.desk.signed_in import Running, sign_in
from tests.desk.test_handed_on import row_of
from tests.desk.test_incident_steps import take
from tests.flows.swept import write_swept_home
from tests.incidents.homes import Desk

NIGHT = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
HEAD, DEPUTY, DSL, OFFICE = DeskRole.HEAD, DeskRole.DEPUTY, DeskRole.DSL, DeskRole.OFFICE
URL = "https://social.example/shut-out"
THIEVES = f"{HERE} steals the money of the trip fund, they are thieves and liars"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("shut-out") / "home")
    write_swept_home(home.folder, NIGHT)
    return home


@pytest.fixture
def desk(template: Home, tmp_path: Path) -> Iterator[Running]:
    home = Home(Path(shutil.copytree(template.folder, tmp_path / "home")))
    with serving_whole(home) as running:
        yield running
        assert running.crashes == []


def report(desk: Running, text: str) -> str:
    """The incident of what stands at one address, as it is worded now."""
    said = Desk(desk.home.folder).report(text, URL)
    assert said.code == 0, said.err
    return str(said.row["incident"] or said.row["mention"])


def warns(client: httpx.Client, role: Role, lang: str = "en") -> bool:
    told = QUEUE_WORDS["shut_out"][lang == "cy"].partition("{n}")[0].format(role=Speaker(lang).role(role))
    return told in unescape(client.get("/").text)


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_a_threat_edited_to_name_who_decides_asks_whoever_may_pass_it_on(desk: Running, lang: str) -> None:
    """The head is not shown it any more; the deputy and the safeguarding lead are asked, until it was passed on."""
    at = int(lang == "cy")
    with (
        sign_in(desk, HEAD, lang=lang) as head,
        sign_in(desk, DEPUTY, lang=lang) as deputy,
        sign_in(desk, DSL, lang=lang) as dsl,
        sign_in(desk, OFFICE, lang=lang) as office,
    ):
        id_ = report(desk, f"At {HERE} {FIRE}")
        assert row_of(head, id_).part == "act-now" and row_of(deputy, id_).part == ""
        before = office.get("/").text.count("/incidents/")
        assert report(desk, f"The headteacher of {HERE}: {FIRE}") == id_

        assert head.get(f"/incidents/{id_}").status_code == 404 and not warns(head, Role.HEAD, lang)
        for client in (deputy, dsl):
            assert row_of(client, id_).part == "act-now" and warns(client, Role.HEAD, lang)
        assert not warns(office, Role.HEAD, lang) and office.get("/").text.count("/incidents/") == before

        assert take(deputy, id_, "hand_over", fact_conflict_checked="yes").status_code == 303
        row = row_of(deputy, id_)
        assert row.part == "act-now" and Event.RECUSE in row.steps
        assert QUEUE_WORDS["about_decider"][at] in row.text and OFFERS[Event.RECUSE][at] not in row.text
        assert take(deputy, id_, "recuse").status_code == 303
        assert not warns(deputy, Role.HEAD, lang) and row_of(dsl, id_).part == ""
        row = row_of(deputy, id_)
        assert row.part == "act-now" and OFFERS[Event.RECUSE][at] in row.text, "it is theirs to decide"


def test_what_the_head_who_is_the_deputy_too_must_not_know_of_is_with_the_safeguarding_lead(
    desk: Running,
) -> None:
    """A small school: the next in the order is the same person; with another deputy it is theirs."""
    with sign_in(desk, HEAD, DEPUTY) as both, sign_in(desk, DSL) as dsl:
        id_ = report(desk, f"The headteacher of {HERE}: {FIRE}")
        assert both.get(f"/incidents/{id_}").status_code == 404 and not warns(both, Role.DEPUTY)
        assert row_of(dsl, id_).part == "act-now" and warns(dsl, Role.DEPUTY)
        with sign_in(desk, DEPUTY) as deputy:
            assert row_of(deputy, id_).part == "act-now" and not warns(deputy, Role.DEPUTY)
            assert row_of(dsl, id_).part == "" and not warns(dsl, Role.DEPUTY)


def test_a_post_about_the_head_merged_into_one_of_theirs_leaves_nobody_undecided(desk: Running) -> None:
    """The matter of the school's money: neither urgent nor grave, and all the same on somebody's page until it is decided."""
    with sign_in(desk, HEAD) as head, sign_in(desk, DEPUTY) as deputy:
        id_ = report(desk, THIEVES)
        other = Desk(desk.home.folder).report(
            f"The headteacher: {THIEVES}", "https://social.example/merged-in"
        )
        assert row_of(head, id_).part == "decisions" and row_of(deputy, id_).part == ""
        merged = Desk(desk.home.folder).run(
            "incident", "merge", other.row["incident"], id_, "--because", "same_campaign", "--as", "operator", "--reason", "one campaign",
        )  # fmt: skip
        assert merged.code == 0, merged.err
        assert row_of(head, id_).part == "" and row_of(deputy, id_).part == "decisions"
        assert warns(deputy, Role.HEAD)

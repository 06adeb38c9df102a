"""A served home with posts that ask what they are, and what the tests of their one page ask of it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from desk.pages import AskedPost
from flows.corrections import CorrectionAsked, take_correction
from flows.home import Home, read_school
from mentionwatch.accounts import DeskRole, Viewer
from mentionwatch.labels import Label, Role
from tests.desk.matrix_home import serving_whole
from tests.desk.signed_in import Running
from tests.desk.ten_items import bring_reports
from tests.desk.test_matrix import Forms
from tests.desk.whole_desk import MORNING, whole_desk
from warehouse.connection import Warehouse
from warehouse.decisions import DecisionRow, list_decisions

if TYPE_CHECKING:
    pass

PATH = "/mentions/several"
HEAD = Viewer("0", "", frozenset({DeskRole.HEAD}), "en")


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home after a night, with six posts that ask a head what they are: each test has a copy."""
    with whole_desk(tmp_path_factory.mktemp("several")) as running:
        bring_reports(running)
        return running.home.folder


@pytest.fixture
def desk(swept: Path, tmp_path: Path) -> Iterator[Running]:
    home = Home(Path(shutil.copytree(swept, tmp_path / "home")))
    with serving_whole(home, lambda: MORNING, needs_factor=False) as running:
        yield running
        assert running.crashes == []


def asked(desk: Running, viewer: Viewer = HEAD) -> tuple[AskedPost, ...]:
    return desk.desk.records.asked_posts(viewer, "en", MORNING)


def said_of_it(desk: Running, id_: str) -> tuple[DecisionRow, ...]:
    with Warehouse(desk.home.folder).live_reader() as reading:
        return list_decisions(reading, id_)


def verbs(desk: Running, verb: str) -> list[str]:
    """The objects of all audit rows with this verb, in their order."""
    with Warehouse(desk.home.folder).live_reader() as reading:
        return [
            row[0] for row in reading.rows("SELECT object_id FROM audit WHERE verb = ? ORDER BY seq", [verb])
        ]


def form_in(page: str) -> dict[str, str]:
    """What a browser would send with the button at the end, but for what is chosen."""
    fields = next(fields for action, fields in Forms(page).forms if action == PATH)
    chosen = dict(
        re.findall(r'<input type="radio" id="[^"]*" name="(what\d+)-\w+" value="([^"]*)" checked>', page)
    )
    typed = dict(re.findall(r'<textarea id="(own\d+)"[^>]*>([^<]*)</textarea>', page))
    kept = {
        name: value
        for name, value in fields.items()
        if name and not name.startswith(("what", "own")) and name != "open"
    }
    return {**kept, **chosen, **{name: unescape(text) for name, text in typed.items()}}


def named(form: Mapping[str, str]) -> dict[str, str]:
    """Its choices and own words under the names the page gives them: with the post and revision of the same number."""
    return {_full_name(name, form): value for name, value in form.items()}


def _full_name(name: str, form: Mapping[str, str]) -> str:
    found = re.fullmatch(r"(?:what|own)(\d+)", name)
    if found is None or f"id{found[1]}" not in form:
        return name
    return f"{name}-{form[f'id{found[1]}'][:16]}r{form[f'revision{found[1]}']}"


def say_no_more(desk: Running, post: AskedPost, *, by: str = "somebody", role: Role = Role.DEPUTY) -> None:
    """Somebody else says what it is."""
    asking = CorrectionAsked(post.line.id, Label.CONCERN, role, "criticism of the parking")
    take_correction(desk.home, asking, by, MORNING, read_school(desk.home)[1].version)


def problems_in(page: str) -> list[str]:
    found = re.search(r'<div class="problems".*?</ul></div>', page, re.DOTALL)
    return (
        [unescape(re.sub("<[^>]+>", "", one)) for one in re.findall(r"<li>(.*?)</li>", found[0])]
        if found
        else []
    )

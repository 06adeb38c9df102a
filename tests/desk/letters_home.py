"""A school where a letter may be made, its desk as the command serves it, and what a browser sends to make one."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import httpx

from flows.desk_documents import HomeDocuments
from flows.desk_evidence import HomeEvidence
from flows.desk_mentions import HomeMentions
from flows.desk_steps import HomeSteps
from flows.home import Home, read_school
from flows.school_now import SchoolNow
from flows.showing import HomeRecords
from tests.desk.signed_in import Running, csrf_in, serving
from tests.incidents.homes import Desk
from tests.incidents.letter_home import MONDAY, letter_home

ID = "2026-0001"
DOCUMENTS = f"/incidents/{ID}/documents"
REMOVAL = f"{DOCUMENTS}/new/removal"
NOW = datetime.fromisoformat(MONDAY) + timedelta(hours=2)
"""What the clock of this desk says: after everything that happened in the home."""
QUOTED = "smash that caretaker"
"""Words of the post the letter quotes."""


def make_letter_home(folder: Path) -> Home:
    """An incident at the point where the letter is written; everything happened before now."""
    return Home(letter_home(folder / "home").folder)


def commands(home: Home) -> Desk:
    """The commands on the same home."""
    return Desk(home.folder)


@contextmanager
def serving_letters(home: Home) -> Iterator[Running]:
    """The desk of that home with everything these pages need, under its own clock."""
    now = SchoolNow(home, *read_school(home))

    def clock() -> datetime:
        return NOW

    with serving(
        HomeRecords(home, now),
        home,
        clock,
        steps=HomeSteps(home, now, clock),
        mentions=HomeMentions(home, now, clock),
        documents=HomeDocuments(home, now, clock),
        evidence=HomeEvidence(home, now, clock),
    ) as running:
        yield running


@contextmanager
def serving_copy(template: Home, folder: Path) -> Iterator[Running]:
    """The desk of a copy of that home, which the test may change; nothing may have crashed in it."""
    with serving_letters(Home(Path(shutil.copytree(template.folder, folder / "home")))) as running:
        yield running
        assert running.crashes == []


def make(client: httpx.Client, path: str = REMOVAL, **fields: str) -> httpx.Response:
    """A draft asked for as a browser does, with what stands in the form."""
    page = client.get(path).text
    number = re.search(r'name="number" value="(\d+)"', page)
    role = re.search(r'name="as_role" value="(\w+)"', page)
    base = {
        "csrf": csrf_in(page), "number": number[1] if number else "1", "as_role": role[1] if role else "head",
        "lang": "both", "confirm": "yes",
    }  # fmt: skip
    return client.post(path, data={**base, **fields})

"""One home after a night of the town, served whole at a fixed moment: for the tests that look at every page of the desk."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx

from desk.pages import MentionQuery
from desk.sign_in_port import Invited, Person
from desk.web.context import POST, OpenPage, Page
from desk.web.routes import TABLE
from flows.accounts_people import COMMAND_LINE
from flows.home import Home
from mentionwatch.accounts import RIGHTS, DeskRole, Right, Viewer
from tests.asked_once import asked_once
from tests.desk.matrix_home import serving_whole
from tests.desk.signed_in import Running, sign_in
from tests.flows.swept import write_swept_home

NIGHT = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
MORNING = datetime(2026, 11, 20, 8, 15, tzinfo=UTC)
"""A school day, a quarter past eight: the clock of every page."""

LOOKS_AS: tuple[DeskRole, ...] = (DeskRole.HEAD, DeskRole.ADMIN, *DeskRole)
STEPS = ("hand_over", "no_case", "treat_as_concern", "internal", "police", "safeguarding", "merge", "note", "legal_advice_asked")  # fmt: skip
"""Of the steps every kind of form: ticks, choices, times, lists, a grave one, and ones that are not open."""


@dataclass(frozen=True, slots=True)
class Look:
    """One page to look at: where, as whom (None: nobody signed in), and after what was done to the session."""

    path: str
    row: str
    role: DeskRole | None
    is_hidden: bool = False


@contextmanager
def whole_desk(folder: Path) -> Iterator[Running]:
    """A whole desk: every port filled as the command fills it; the clock stands still at `MORNING`."""
    home = Home(folder / "home")
    write_swept_home(home.folder, NIGHT)
    with asked_once(), serving_whole(home, lambda: MORNING, needs_factor=False) as desk:
        yield desk


def invite(desk: Running, login: str, *roles: DeskRole) -> str:
    """An account that is not open yet: the key of its link."""
    made = desk.gate.add(COMMAND_LINE, Person(login, "Mari Jones", frozenset(roles)), MORNING)
    assert isinstance(made, Invited)
    return made.key


def who_may(right: Right) -> DeskRole:
    """Somebody who opens such a page, the head before everybody else."""
    return next(role for role in LOOKS_AS if right in RIGHTS[role])


def post_words(desk: Running) -> tuple[str, ...]:
    """Title and text of every post the head may know of."""
    viewer = Viewer("0", "", frozenset({DeskRole.HEAD}), "en")
    rows = desk.desk.records.mentions(viewer, MentionQuery()).rows
    return tuple(f"{row.title}\n{row.text}" for row in rows)


_NO_PAGE = frozenset({"/alive", "/sign-in/openid/back", "/report/receipt", "/figures/governors/{term}"})
"""Plain text; an answer to a directory; what opens only after a report (tests/desk/test_page_report.py looks at it); a file
to keep (tests/desk/test_governors.py looks at it)."""
MOST_OF_A_ROW = 3


def list_looks(desk: Running) -> tuple[tuple[Look, ...], tuple[str, ...]]:
    """Every page of the table with addresses that open it, and the rows to which no way was found.

    Addresses with parts to fill are found as a reader finds them: by the links of the other pages.
    """
    looks = list[Look]()
    rows = [row for row in TABLE if row.method != POST and row.path not in _NO_PAGE]
    unknown = list[str]()
    with ExitStack() as stack:
        pages = [row for row in rows if isinstance(row, Page)]
        clients = {
            role: stack.enter_context(sign_in(desk, role)) for role in {who_may(row.right) for row in pages}
        }
        plain = [row.path for row in pages if "{" not in row.path]
        linked = _crawl(clients, [path + _QUERIES.get(path, "") for path in plain])
        for row in rows:
            if isinstance(row, OpenPage):
                looks.append(_open_look(desk, row))
                continue
            role = who_may(row.right)
            found = _addresses(row.path, linked) or _guess(row.path, linked)
            opened = [clients[role].get(path) for path in found]
            if not any(answer.status_code in (200, 303) for answer in opened):
                unknown.append(row.path)
            looks += [
                Look(path, row.path, role)
                for path, answer in zip(found, opened, strict=True)
                if is_page(answer)
            ]
    return tuple(looks), tuple(unknown)


_QUERIES = {"/report/post": "?image=no"}


def is_page(answer: httpx.Response) -> bool:
    """A page of its own: no file, and nothing that leads on to another page."""
    headers = answer.headers
    is_file = "content-disposition" in headers
    return answer.status_code == 200 and headers["content-type"].startswith("text/html") and not is_file


def _crawl(clients: Mapping[DeskRole, httpx.Client], begin: Sequence[str]) -> tuple[str, ...]:
    """Addresses in the order they were met; of those with one pattern only the first few are followed."""
    met, followed = dict.fromkeys(begin), Counter[str]()
    for path in (waiting := list(begin)):
        pattern = _pattern(path)
        followed[pattern] += 1
        if followed[pattern] > MOST_OF_A_ROW:
            continue
        for client in clients.values():
            answer = client.get(path)
            if not is_page(answer):
                continue
            for link in re.findall(r'href="(/[^"#]*)', answer.text):
                if (link := html.unescape(link)) not in met:
                    met[link] = None
                    waiting.append(link)
    return tuple(met)


_PLAIN_ROWS = frozenset(row.path for row in TABLE if "{" not in row.path)


def _pattern(path: str) -> str:
    return next((row.path for row in TABLE if _fits(row.path, path)), path)


def _fits(pattern: str, path: str) -> bool:
    """/accounts/new is no account."""
    path = path.partition("?")[0]
    if path in _PLAIN_ROWS:
        return path == pattern
    return re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(pattern)), path) is not None


def _addresses(pattern: str, linked: Sequence[str]) -> list[str]:
    if "{" not in pattern:
        return [pattern + _QUERIES.get(pattern, "")]
    found = [path for path in linked if _fits(pattern, path)]
    if "{event}" in pattern:
        first = min(path.split("/")[2] for path in found) if found else ""
        return [pattern.format(id=first, event=event) for event in STEPS]
    return found[:MOST_OF_A_ROW]


def _guess(pattern: str, linked: Sequence[str]) -> list[str]:
    """What no page links to, such as the way back from a form: beside an address that is linked to."""
    head, _, tail = pattern.rpartition("/")
    near = [path for path in linked if _fits(head, path)] or (_guess(head, linked) if "{" in head else [])
    return [f"{path.partition('?')[0]}/{tail}" for path in near][:1]


def _open_look(desk: Running, row: OpenPage) -> Look:
    if row.path in ("/hidden", "/unlock"):
        return Look(row.path, row.path, DeskRole.HEAD, is_hidden=True)
    if row.path == "/join":
        return Look(f"/join?key={invite(desk, 'a.invited', DeskRole.OFFICE)}", row.path, None)
    # The link of the first account is over: there are accounts. tests/desk/test_web_looks.py looks at its page too.
    return Look("/first?key=none" if row.path == "/first" else row.path, row.path, None)

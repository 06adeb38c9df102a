"""Every page of the desk has a title of its own, which says the page first and nothing of a post (WCAG 2.4.2).

What a window is called stands in its tab, in the list of windows and in the browser's history, and a screen reader
says it first of all.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from html import unescape

import pytest

from desk.frame_words import FRAME_WORDS
from desk.web.app import MESSAGES
from desk.web.context import OpenPage
from desk.web.routes import TABLE
from desk.words import LANGUAGES
from mentionwatch.accounts import DeskRole
from tests.asked_once import asked_once
from tests.desk.matrix_home import NIGHT, Made, make_home, serving_whole
from tests.desk.signed_in import Running, csrf_in, make_session, sign_in

SITE = {"en": "School mentions", "cy": "Sôn am yr ysgol"}
PARTS = {
    "day": NIGHT.date().isoformat(), "event": "note", "term": "2026-autumn", "kind": "staff_report", "number": "1", "lang": "en",
}  # fmt: skip


def test_every_message_has_a_title_no_other_message_has() -> None:
    """A form that was too old, a page that is not there and a fault were all called *School mentions*."""
    keys = sorted({*MESSAGES.values(), "busy_now", "went_wrong", "link_gone"})
    for at in (0, 1):
        said = [FRAME_WORDS[f"title_{key}"][at] for key in keys]
        assert len(set(said)) == len(keys) and all(said)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    yield from make_home(tmp_path_factory.mktemp("titles"))


@pytest.fixture(scope="module")
def desk(made: Made) -> Iterator[Running]:
    with asked_once(), serving_whole(made.home) as running:
        yield running


def title_of(page: str) -> str:
    found = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
    assert found, "a page without a title"
    return unescape(found[1])


def paths(made: Made, account: str) -> Iterator[str]:
    """The address of every page there is to look at, with two things for each number in it, and what a choice adds."""
    things = [thing for thing in made.things if thing.incident][:2]
    for row in TABLE:
        if row.method == "GET" and "{" not in row.path:
            yield row.path
        elif row.method == "GET":
            ids = [account] if row.path.startswith("/accounts") else [
                thing.incident if row.path.startswith("/incidents") else thing.mention for thing in things
            ]  # fmt: skip
            yield from {row.path.format(id=id_, **PARTS) for id_ in ids}
    yield from ("/mentions?label=concern", "/mentions?page=2", "/mentions?source=blog", "/good-news?page=2")
    yield from ("/audit?page=2", "/report/post?image=no", "/no/such/page")


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_two_pages_have_one_title_and_none_says_anything_of_a_post(
    desk: Running, made: Made, lang: str
) -> None:
    """Over the whole table, as a safeguarding lead who also looks after accounts sees it, and as nobody does."""
    other, _ = make_session(desk.gate, desk.clock(), DeskRole.OFFICE)
    titles: defaultdict[str, set[str]] = defaultdict(set)
    opened = set()
    with (
        sign_in(desk, DeskRole.DSL, DeskRole.ADMIN, lang=lang) as client,
        sign_in(desk, DeskRole.DSL, lang=lang) as hidden,
        desk.visitor() as nobody,
    ):
        for path in sorted(paths(made, other.account_id)):
            answer = client.get(path)
            if answer.status_code in (200, 404) and answer.headers["content-type"].startswith("text/html"):
                titles[title_of(answer.text)].add(path if answer.status_code == 200 else "404")
                opened.add(path)
        refused = client.post("/language", data={"csrf": "none", "lang": lang})
        titles[title_of(refused.text)].add("403")
        odd = client.post("/incidents")
        titles[title_of(odd.text)].add("405")
        for path in (row.path for row in TABLE if isinstance(row, OpenPage) and row.method == "GET"):
            answer = nobody.get(path, params={"lang": lang})
            if answer.status_code == 200 and answer.headers["content-type"].startswith("text/html"):
                titles[title_of(answer.text)].add(path)
                opened.add(path)
        hidden.post("/hide", data={"csrf": csrf_in(hidden.get("/account").text)})
        for path in ("/hidden", "/unlock"):
            titles[title_of(hidden.get(path).text)].add(path)
            opened.add(path)
    # The card for a person targeted is printed: its title holds no number of an incident, so all cards have one.
    shared = {title: where for title, where in titles.items() if len(where) > 1}
    assert not {
        title for title, where in shared.items() if not all(one.endswith("/support-card") for one in where)
    }
    whole = {title for title, where in titles.items() if where != {"/hidden"}}
    assert all(re.fullmatch(rf"\S.* – {SITE[lang]}", title) for title in whole), whole
    assert not [title for title in titles if any(thing.mark in title for thing in made.things)]
    assert len(opened) > 25 and {"/", "/audit", "/sign-in", f"/digest/{PARTS['day']}"} <= opened
    assert {"403", "404", "405"} <= {each for where in titles.values() for each in where}

"""No start page leads anybody to a form they may not send; what they may only see stands there, and asks nothing of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape

import httpx
import pytest

from desk.mention_port import judging_roles
from desk.mention_words import MENTION_WORDS
from desk.queue_words import QUEUE_WORDS
from desk.several_words import SEVERAL_WORDS
from mentionwatch.accounts import DeskRole, Right, Viewer
from tests.desk.matrix_home import Made, make_home, serving_whole
from tests.desk.matrix_rule import sees_mention
from tests.desk.signed_in import Running, csrf_in, sign_in
from tests.desk.test_matrix import PEOPLE, Forms

pytestmark = pytest.mark.slow

R = DeskRole
MAY_SAY = frozenset({R.HEAD, R.CO_HEAD, R.DEPUTY, R.SLT, R.DSL, R.REVIEWER})
"""Who says what a post in no incident is, written from the description of the roles."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    yield from make_home(tmp_path_factory.mktemp("start-links"))


@pytest.fixture(scope="module")
def desk(made: Made) -> Iterator[Running]:
    with serving_whole(made.home) as running:
        yield running
        assert running.crashes == []


def parts_of(client: httpx.Client) -> Iterator[str]:
    """The start page as somebody reads it, part after part."""
    path: str | None = "/"
    while path:
        page = client.get(path)
        assert page.status_code == 200
        main = page.text.split('<main id="content">')[1].split("</main>")[0]
        yield main
        path = next(iter(re.findall(r'<a rel="next" href="(/\?page=\d+)"', main)), None)


def sent_empty(client: httpx.Client, page: httpx.Response, path: str) -> httpx.Response:
    """The form of this page that goes to `path`, sent with nothing filled in: said to whoever may send it, at its fields.

    Whoever may not is given no form, or is turned away.
    """
    forms = re.findall(r'<form method="post"([^>]*)>(.*?)</form>', page.text, re.S)
    there = {
        unescape(found[0]) if (found := re.findall('action="([^"]*)"', head)) else path: body
        for head, body in forms
    }
    assert path in there, f"{page.url} has no form that goes to {path}"
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', there[path])
    role = re.findall(r'<input type="radio" id="[\w-]+" name="as_role" value="(\w+)" checked', there[path])
    fields = {name: unescape(value) for name, value in (*hidden, *(("as_role", one) for one in role))}
    return client.post(path, data=fields)


def check_step(client: httpx.Client, link: str) -> None:
    page = client.get(link)
    assert page.status_code == 200, link
    answer = sent_empty(client, page, link.split("#")[0])
    assert answer.status_code == 422, link
    # What is wrong is what was left out; who they are, and where it stands, are not.
    assert 'name="as_role"' in page.text and 'id="as_role-wrong"' not in answer.text, link


def check_say(client: httpx.Client, page: httpx.Response, id_: str) -> None:
    """Saying what a post is, on its own page."""
    path = f"/mentions/{id_}/correct?from=start"
    answer = sent_empty(client, page, path)
    assert answer.status_code == 422 and MENTION_WORDS["need_label"][0] in unescape(answer.text)
    assert 'id="as_role-wrong"' not in answer.text


@pytest.mark.parametrize("who", PEOPLE, ids=lambda who: "+".join(who))
def test_every_step_and_decision_a_start_page_offers_is_one_its_reader_may_send(
    desk: Running, who: tuple[DeskRole, ...]
) -> None:
    """Issue 6, points 3 and 5: a link to a form that answers "you may not" has cost a click, and words uncovered for nothing."""
    tried = Counter[str]()
    with sign_in(desk, *who) as client:
        for main in parts_of(client):
            for link in map(unescape, re.findall(r'href="([^"]+)"', main)):
                kind = re.sub(r"^/(\w+)/[\w-]+/(steps|snooze)\b.*", r"\2", link)
                if kind == "steps":
                    check_step(client, link)
                elif kind == "snooze":
                    assert sent_empty(client, client.get(link), link).status_code == 422
                elif link.endswith("#challenge"):
                    kind, id_ = "say", link.split("/")[2].split("?")[0]
                    check_say(client, client.get(link), id_)
                elif link == "/mentions/several":
                    kind, page = "several", client.get(link)
                    answer = sent_empty(client, page, link)
                    assert answer.status_code == 422
                    assert SEVERAL_WORDS["several_nothing"][0] in unescape(answer.text)
                elif link.startswith("/"):
                    kind = "page"
                    assert client.get(link).status_code == 200, link
                tried[kind] += 1
            for path, fields in Forms(main).forms:
                tried["uncover"] += 1
                id_ = path.split("/")[2]
                opened = client.post(path.split("#")[0], data=fields | {"csrf": csrf_in(main)})
                assert opened.status_code == 200, path
                check_say(client, opened, id_)
    if set(who) & MAY_SAY:
        assert tried["uncover"] == tried["say"] > 0 and tried["several"]
    else:
        assert not tried["uncover"] + tried["say"] + tried["several"]
    if set(who) & {R.HEAD, R.DEPUTY, R.CHAIR, R.DSL}:
        assert tried["steps"]
    if not set(who) - {R.ANALYST, R.ADMIN, R.REVIEWER}:
        assert not tried["steps"] + tried["snooze"]


@pytest.mark.parametrize("lang", ["en", "cy"])
@pytest.mark.parametrize("who", PEOPLE, ids=lambda who: "+".join(who))
def test_a_start_page_counts_as_asking_what_its_reader_can_do_something_about(
    desk: Running, who: tuple[DeskRole, ...], lang: str
) -> None:
    """Protocol 5, point 1: what only waits for others is not counted among what asks for somebody."""
    at = int(lang == "cy")
    with sign_in(desk, *who, lang=lang) as client:
        parts = list(parts_of(client))
    rows = sum(part.count("<article") for part in parts)
    said = QUEUE_WORDS["asks_for_you"][at].split("{")[0]
    counts = [int(n) for part in parts for n in re.findall(rf"{re.escape(said)}(\d+)", unescape(part))]
    assert counts == ([rows] * len(parts) if rows else [])
    for part in parts:
        for row in part.split("<article")[1:]:
            row = row.split("</article>")[0]
            assert 'class="offers"' in row or "#challenge" in row or "/documents" in row, row


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_the_office_sees_that_posts_wait_and_for_whom_and_is_not_asked_to_judge_them(
    desk: Running, made: Made, lang: str
) -> None:
    """Care: nobody is led to the words of a post who may not say what it is; that it waits they are told (L31)."""
    at = int(lang == "cy")
    viewer = Viewer("a1", "", frozenset({R.OFFICE}), lang)
    assert not judging_roles(viewer) and not viewer.has(Right.CORRECT)
    start = desk.desk.records.start(viewer, lang, desk.clock())
    known = {one.mention for one in made.things if sees_mention((R.OFFICE,), one) and not one.incident}
    waiting = [row.line.id for row in start.to_see]
    assert start.look == () and waiting and set(waiting) & known
    with sign_in(desk, R.OFFICE, lang=lang) as client:
        page = unescape(client.get("/").text)
        [part] = re.findall(r'<section aria-labelledby="to-see">.*?</section>', page, re.S)
        for id_ in waiting[:20]:
            assert f'href="/mentions/{id_}"' in part
        assert QUEUE_WORDS["wait_for_whom"][at] in part and f"({len(waiting)})" in part
        for words in ("read_and_say", "say_unread"):
            assert QUEUE_WORDS[words][at] not in page
        assert SEVERAL_WORDS["several_link"][at] not in page
        assert client.get(f"/mentions/{waiting[0]}").status_code == 200
    for role in MAY_SAY:
        theirs = desk.desk.records.start(Viewer("a1", "", frozenset({role}), lang), lang, desk.clock())
        assert theirs.to_see == () and theirs.look

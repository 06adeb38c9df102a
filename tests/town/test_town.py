"""The town really speaks HTTP, tells its story, and makes the trouble it is asked for."""

from __future__ import annotations

import json
import stat
import tomllib
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from classifiers.scope import build_scoper
from flows.home import Home, read_home
from mentionwatch.labels import Harm, Label, Route, Scope
from mentionwatch.school import parse_school
from mentionwatch.settings import read_environment
from mentionwatch.tables import Table
from town.home import school_toml, write_home
from town.server import POSTS, RETRY_AFTER_S, Town, Trouble
from town.story import CHAIR, DEPUTY, HEAD, Leaves, Post, Venue
from town.story_reddit import PLANTED, REDDIT, SUBREDDIT
from town.story_wiki import EDITS


@pytest.fixture
def town(now: datetime) -> Iterator[Town]:
    with Town(now, slow_s=0.2, drip_s=0.001) as running:
        yield running


def ask(url: str, **headers: str) -> tuple[int, bytes, dict[str, str]]:
    request = urllib.request.Request(url, headers={k.replace("_", "-"): v for k, v in headers.items()})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=2) as answer:  # noqa: S310
            return answer.status, answer.read(), dict(answer.headers)
    except urllib.error.HTTPError as error:
        return error.code, error.read(), dict(error.headers)


# --- the story -------------------------------------------------------------------------------------


def test_some_forty_posts_a_third_of_them_in_welsh() -> None:
    languages = Counter([post.lang for post in POSTS] + [edit.lang for edit in EDITS])
    assert sum(languages.values()) >= 40
    assert languages["cy"] / sum(languages.values()) >= 0.3


def test_every_kind_of_post_is_there() -> None:
    labels = {post.outcome.label for post in POSTS}
    assert set(Label) <= labels and None in labels
    harms = {harm for post in POSTS for harm in post.outcome.harms}
    assert {Harm.THREAT, Harm.DEFAMATION, Harm.PRIVACY, Harm.HARASSMENT} <= harms
    assert {Scope.CERTAIN, Scope.POSSIBLE, Scope.OUT} == {post.outcome.scope for post in POSTS}
    assert {Leaves.AUTHOR, Leaves.MODERATOR} <= {post.leaves for post in POSTS}
    planted = next(post for post in POSTS if post.key == PLANTED)
    assert planted.outcome.route is Route.POLICE and HEAD in planted.text


def test_keys_are_unique_and_threads_exist() -> None:
    keys = [post.key for post in POSTS]
    assert len(keys) == len(set(keys))
    assert {post.parent for post in POSTS} - {""} <= set(keys)


def test_nobody_in_the_story_can_be_reached() -> None:
    """Invented people and places: no e-mail, link or number that could belong to anybody."""
    words = " ".join(f"{post.title} {post.text} {post.author}" for post in POSTS)
    assert "http" not in words and "@" not in words
    assert all(name in words for name in (HEAD, DEPUTY, CHAIR))


@pytest.mark.parametrize("post", POSTS, ids=lambda post: post.key)
def test_the_scope_test_agrees_with_the_story(post: Post) -> None:
    scoper = build_scoper(parse_school(Table("s", tomllib.loads(school_toml()))).profile)
    title = post.title or next(other.title for other in POSTS if other.key == post.parent)
    place = f"r/{SUBREDDIT}" if post.venue is Venue.REDDIT else "Aberwylan, Sir Wylan"
    assert scoper.decide(title, post.text, "", place).scope is post.outcome.scope


# --- pages and feeds -------------------------------------------------------------------------------


def test_the_papers_are_rss_and_every_link_leads_to_a_page(town: Town) -> None:
    for prefix in ("/paper", "/papur"):
        status, body, _ = ask(f"{town.base}{prefix}/feed.xml")
        links = [link.text or "" for link in ET.fromstring(body).iterfind("./channel/item/link")]  # noqa: S314
        assert status == 200 and len(links) >= 7
        page = ask(links[0])[1].decode()
        for reference in (".jpg", ".js", ".woff2", ".mp4"):
            assert f"{town.base}/media/" in page and reference in page


def test_the_blog_answers_conditional_requests(town: Town) -> None:
    url = f"{town.base}/blog/atom.xml"
    _, body, headers = ask(url)
    assert ask(url, If_None_Match=headers["ETag"])[:2] == (304, b"")
    assert ask(url, If_Modified_Since=headers["Last-Modified"])[:2] == (304, b"")
    assert ask(url, If_None_Match='"other"', If_Modified_Since=headers["Last-Modified"])[0] == 200
    town.tell_edit()
    status, changed, later = ask(url, If_None_Match=headers["ETag"])
    assert status == 200 and changed != body and later["ETag"] != headers["ETag"]
    assert ask(url, If_Modified_Since=headers["Last-Modified"])[0] == 200


def test_the_blog_says_the_same_in_three_formats(town: Town) -> None:
    atom = ET.fromstring(ask(f"{town.base}/blog/atom.xml")[1])  # noqa: S314
    rdf = ET.fromstring(ask(f"{town.base}/blog/rdf.xml")[1])  # noqa: S314
    feed = json.loads(ask(f"{town.base}/blog/feed.json")[1])
    titles = [item["title"] for item in feed["items"]]
    assert [e.text for e in atom.iterfind(".//{*}entry/{*}title")] == titles
    assert [e.text for e in rdf.iterfind(".//{*}item/{*}title")] == titles


def test_the_journal_holds_every_visit_with_its_headers(town: Town) -> None:
    ask(f"{town.base}/paper/feed.xml?x=1", X_Mark="here")
    ask(f"{town.base}/media/logo.png")
    (visit,) = town.visits("/paper/")
    assert (visit.path, visit.target, visit.header("x-mark")) == (
        "/paper/feed.xml",
        "/paper/feed.xml?x=1",
        "here",
    )
    assert len(town.media_visits()) == 1
    town.forget_visits()
    assert town.visits() == ()


# --- trouble ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trouble", "status"),
    [
        (Trouble.SERVER_ERROR, 500),
        (Trouble.FORBIDDEN, 403),
        (Trouble.NOT_FOUND, 404),
        (Trouble.GONE, 410),
        (Trouble.UNAUTHORISED, 401),
        (Trouble.RATE_LIMITED, 429),
        (Trouble.HTML, 200),
        (Trouble.EMPTY_BODY, 200),
        (Trouble.NOTHING_LISTED, 200),
        (Trouble.REDIRECT, 200),
        (Trouble.WRONG_ENCODING, 200),
        (Trouble.SLOW, 200),
        (Trouble.DRIP, 200),
    ],
)
def test_trouble_comes_and_goes(town: Town, trouble: Trouble, status: int) -> None:
    url = f"{town.base}/papur/feed.xml"
    good = ask(url)[1]
    town.break_path("/papur/feed.xml", trouble)
    found, body, headers = ask(url)
    assert found == status
    same = trouble in (Trouble.REDIRECT, Trouble.SLOW, Trouble.DRIP)
    assert (body == good) is same
    if trouble is Trouble.RATE_LIMITED:
        assert headers["Retry-After"] == str(RETRY_AFTER_S)
    assert ask(f"{town.base}/paper/feed.xml")[0] == 200, "only there"
    town.mend("/papur/feed.xml")
    assert ask(url)[1] == good


@pytest.mark.parametrize("trouble", [Trouble.TRUNCATED, Trouble.RESET])
def test_broken_connections_really_break(town: Town, trouble: Trouble) -> None:
    town.break_path("/paper/feed.xml", trouble)
    with pytest.raises((OSError, urllib.error.URLError, ValueError, Exception)):
        ask(f"{town.base}/paper/feed.xml")


def test_two_feeds_are_broken_on_purpose(town: Town) -> None:
    assert b"<html" in ask(f"{town.base}/notices/feed.xml")[1]
    assert ask(f"{town.base}/radio/feed.xml")[0] == 500


def test_reddit_wants_its_token(town: Town) -> None:
    assert ask(f"{town.base}/reddit-api/r/{SUBREDDIT}/new")[0] == 401
    assert ask(f"{town.base}/reddit/api/v1/access_token")[0] == 404
    assert len(REDDIT) >= 15


# --- the demo's home -------------------------------------------------------------------------------


def test_the_demo_home_is_one_the_sweep_accepts(town: Town, tmp_path: Path) -> None:
    write_home(tmp_path, town.base)
    config = read_home(Home(tmp_path), read_environment({}))
    names = [collector.spec.name for collector in config.collectors]
    assert set(map(str, Venue)) <= set(names) and len(names) == 7
    assert all(collector.spec.terms_ok_by for collector in config.collectors)
    assert set(config.credentials) == {"reddit.client_id", "reddit.client_secret"}
    assert config.school.authority and config.school.dpia


def test_the_key_of_the_demo_is_for_its_owner_only(tmp_path: Path) -> None:
    write_home(tmp_path, "http://127.0.0.1:9")
    path = tmp_path / "keys" / "credentials.toml"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_the_towns_clock_may_be_any(tmp_path: Path) -> None:
    with Town(datetime(2030, 3, 31, 1, 30, tzinfo=UTC)) as town:
        assert b"2030" in ask(f"{town.base}/paper/feed.xml")[1]

"""Reddit beyond the contract: partial failures, removals, hostile answers, limits, and who gets our key."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from collectors.base import CollectRequest, Secret
from collectors.fetch import Door
from collectors.queries import SchoolQuery, build_queries
from collectors.reddit import RedditCollector, make_reddit
from mentionwatch.errors import ConfigError
from mentionwatch.fetching import Fetched, FetchRequest
from mentionwatch.ids import content_sha256
from mentionwatch.labels import EntryKind, FaultKind
from mentionwatch.model import Collected, CollectResult, Cursor, Faulted, KnownItem, SourceSpec
from mentionwatch.school import SchoolProfile
from mentionwatch.tables import Table
from tests.collectors.loopback import Loopback, answer, send
from tests.contract.nights import KEYS, open_door, profile
from town.server import Town, Trouble
from town.story_reddit import PLANTED, SUBREDDIT

AT = datetime.fromisoformat("2026-11-20T12:00:00+00:00").timestamp()
SPEC = SourceSpec("reddit", "reddit")


def make(base: str, **options: object) -> RedditCollector:
    fields = {"api_url": f"{base}/reddit", "oauth_url": f"{base}/reddit-api/", **options}
    return make_reddit(SPEC, Table("sources.toml", fields, "source[1]"), profile())


def look(
    collector: RedditCollector,
    door: object,
    now: datetime,
    known: Mapping[str, KnownItem] | None = None,
    cursor: Cursor | None = None,
) -> CollectResult:
    return collector.collect(CollectRequest(profile(), cursor, known or {}, now, door, KEYS))  # type: ignore[arg-type]


def known(name: str, title: str = "", text: str = "") -> dict[str, KnownItem]:
    return {name: KnownItem(name, "m", "u", content_sha256(title, text), 1)}


def collected(result: CollectResult) -> Collected:
    assert isinstance(result, Collected), result
    return result


class Stub:
    """Answers of our own making at the addresses of Reddit's API."""

    def __init__(self, server: Loopback) -> None:
        self.server, self.base = server, server.base
        self.door = open_door(server.base)
        self.say("/reddit/api/v1/access_token", {"access_token": "t", "expires_in": 3600, "scope": "*"})

    def say(self, path: str, value: object, status: str = "200 OK", **headers: str) -> None:
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.server.routes[path] = send(answer(body, status, content_type="application/json", **headers))

    def list(self, path: str, *things: object, after: str | None = None) -> None:
        self.say(f"/reddit-api/{path}", {"kind": "Listing", "data": {"children": things, "after": after}})


@pytest.fixture
def stub(server: Loopback) -> Iterator[Stub]:
    made = Stub(server)
    yield made
    made.door.close()


def post(name: str = "t3_a", **fields: object) -> dict[str, object]:
    data = {
        "name": name,
        "author": "someone",
        "subreddit": "x",
        "title": "About it",
        "selftext": "Some words",
        "is_self": True,
        "created_utc": AT,
        "edited": False,
        "num_comments": 0,
    }
    return {"kind": name[:2], "data": data | fields}


# --- parts that fail -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [(Trouble.FORBIDDEN, FaultKind.HTTP_401_403), (Trouble.NOT_FOUND, FaultKind.HTTP_404_410)],
)
def test_one_closed_subreddit_does_not_hide_the_others(
    town: Town, door: Door, now: datetime, trouble: Trouble, kind: FaultKind
) -> None:
    town.break_path("/reddit-api/r/closed", trouble)
    result = collected(look(make(town.base, subreddits=["closed", SUBREDDIT]), door, now))
    assert result.fault is not None and result.fault.kind is kind
    assert any("r/closed" in note for note in result.not_looked_at)
    assert PLANTED in {entry.native_id for entry in result.entries}


def test_a_subreddit_answered_with_a_redirect_does_not_exist(town: Town, door: Door, now: datetime) -> None:
    town.break_path("/reddit-api/r/nowhere", Trouble.REDIRECT)
    result = collected(look(make(town.base, subreddits=["nowhere"]), door, now))
    assert result.fault is not None and result.fault.kind is FaultKind.HTTP_404_410


def test_a_mark_stays_where_it_was_when_its_listing_fails(town: Town, door: Door, now: datetime) -> None:
    collector = make(town.base, subreddits=[SUBREDDIT])
    first = collected(look(collector, door, now))
    town.tell_late_news()
    town.break_path(f"/reddit-api/r/{SUBREDDIT}/new", Trouble.FORBIDDEN)
    second = collected(look(collector, door, now, cursor=first.cursor))
    assert json.loads(second.cursor.json)["marks"] == json.loads(first.cursor.json)["marks"]


def test_when_the_allowance_runs_out_what_was_read_is_kept(stub: Stub, now: datetime) -> None:
    listing = {"kind": "Listing", "data": {"children": [post()], "after": None}}
    limits = {"x_ratelimit_remaining": "0.0", "x_ratelimit_used": "600", "x_ratelimit_reset": "77"}
    stub.say("/reddit-api/r/busy/new", listing, **limits)
    result = collected(look(make(stub.base, subreddits=["busy"], search=False), stub.door, now))
    assert [entry.native_id for entry in result.entries] == ["t3_a"]
    assert result.fault is not None
    assert (result.fault.kind, result.fault.retry_after_s) == (FaultKind.RATE_LIMITED, 77.0)
    assert not any("comments" in path for path in stub.server.hits), "nothing more was asked"


# --- depth and order -------------------------------------------------------------------------------


def test_comments_under_a_post_found_by_name_are_read_with_the_folded_ones(
    town: Town, door: Door, now: datetime
) -> None:
    result = collected(look(make(town.base), door, now))
    found = {entry.native_id: entry for entry in result.entries}
    assert found["t1_awcalm"].kind is EntryKind.COMMENT, "it hid behind a more node"
    assert found[PLANTED].title == "Parking outside Ysgol Aberwylan is out of control"
    assert found[PLANTED].parent_id == "t3_awpark"
    assert found[PLANTED].place == f"r/{SUBREDDIT}"
    assert not any("/r/" in visit.path for visit in town.visits("/reddit-api/")), "search only"


def test_what_lies_deeper_than_the_limit_is_said_and_later_looks_reach_back(
    town: Town, door: Door, now: datetime
) -> None:
    collector = make(town.base, subreddits=[SUBREDDIT], search=False, limit=2)
    first = collected(look(collector, door, now))
    assert any(f"r/{SUBREDDIT}: items before" in note for note in first.not_looked_at)
    whole = make(town.base, subreddits=[SUBREDDIT], search=False)
    second = collected(look(whole, door, now, cursor=first.cursor))
    assert {"t3_awpark", "t3_awplay", "t3_awterm"} <= {entry.native_id for entry in second.entries}


def test_pages_are_followed_until_they_repeat(stub: Stub, now: datetime) -> None:
    stub.list("r/loop/new", post(), after="t3_a")
    stub.list("r/loop/comments")
    result = collected(look(make(stub.base, subreddits=["loop"], search=False), stub.door, now))
    assert [entry.native_id for entry in result.entries] == ["t3_a"]
    assert sum(count for path, count in stub.server.hits.items() if "loop/new" in path) <= 3


# --- edits and removals ----------------------------------------------------------------------------


def test_removal_by_author_and_by_moderator_are_told_apart(town: Town, door: Door, now: datetime) -> None:
    collector = make(town.base, subreddits=[SUBREDDIT])
    stored = known("t3_awsend") | known("t1_awdox")
    town.tell_deletion()
    result = collected(look(collector, door, now, stored))
    basis = {gone.native_id: gone.basis for gone in result.gone}
    assert basis == {"t3_awsend": "author-removed", "t1_awdox": "moderator-removed"}


def test_anybody_may_write_removed_without_being_gone(stub: Stub, now: datetime) -> None:
    stub.list("r/xx/new", post("t3_a", selftext="[removed]"), post("t3_b", author="[deleted]"))
    stub.list("r/xx/comments")
    stored = known("t3_a") | known("t3_b")
    result = collected(look(make(stub.base, subreddits=["xx"], search=False), stub.door, now, stored))
    assert result.gone == ()
    assert {entry.native_id: entry.author for entry in result.entries} == {"t3_a": "someone", "t3_b": ""}


def test_left_out_once_is_not_gone_left_out_twice_is(stub: Stub, now: datetime) -> None:
    for path in ("r/xx/new", "r/xx/comments", "api/info"):
        stub.list(path)
    collector = make(stub.base, subreddits=["xx"], search=False)
    stored = known("t3_old")
    first = collected(look(collector, stub.door, now, stored))
    assert first.gone == ()
    second = collected(look(collector, stub.door, now, stored, first.cursor))
    assert [gone.native_id for gone in second.gone] == ["t3_old"]
    stub.list("api/info", post("t3_old"))
    third = collected(look(collector, stub.door, now, stored, first.cursor))
    assert third.gone == () and json.loads(third.cursor.json)["absent"] == []


def test_a_stored_comment_is_not_edited_because_its_thread_lost_its_title(stub: Stub, now: datetime) -> None:
    stub.list("r/xx/new")
    stub.list("r/xx/comments")
    comment = {"kind": "t1", "data": {"name": "t1_c", "author": "a", "body": "Words", "link_id": "t3_t"}}
    stub.list("api/info", comment, post("t3_t", title="[ Removed by moderator ]"))
    collector = make(stub.base, subreddits=["xx"], search=False)
    stored = known("t1_c", "The title", "Words")
    assert collected(look(collector, stub.door, now, stored)).entries == ()
    comment["data"] |= {"body": "Other words", "edited": AT, "created_utc": AT - 60}  # type: ignore[operator]
    stub.list("api/info", comment)
    assert [entry.text for entry in collected(look(collector, stub.door, now, stored)).entries] == [
        "Other words"
    ]


def test_an_edit_older_than_any_listing_is_found_by_id(town: Town, door: Door, now: datetime) -> None:
    collector = make(town.base, subreddits=["empty"], search=False)
    stored = known("t3_awterm", "Term dates for Ysgol Aberwylan?", "as it was")
    town.tell_edit()
    result = collected(look(collector, door, now, stored))
    assert [entry.native_id for entry in result.entries] == ["t3_awterm"]
    assert result.entries[0].edited_at is not None


# --- hostile answers -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "thing",
    [
        post(author=None),
        post(created_utc="soon", edited="yes", num_comments=-5),
        post(created_utc=9e18, permalink="javascript:alert(1)"),
        post(title="a\u202eb\x00\ud800", permalink="//evil.example/r/x/comments/1"),
        post(subreddit=None, url=7, selftext=None),
        post(_reddit="x", __class__="y", request=3, author={"deep": 1}),
    ],
)
def test_strange_fields_neither_crash_nor_reach_the_entry(
    stub: Stub, now: datetime, thing: dict[str, object]
) -> None:
    stub.list("r/xx/new", thing, 7, None, {"kind": "t5"}, {"kind": "t1", "data": {"name": "t3_a"}})
    stub.list("r/xx/comments")
    result = collected(look(make(stub.base, subreddits=["xx"], search=False), stub.door, now))
    assert result.fault is None
    (entry,) = result.entries
    assert entry.url.startswith(f"{stub.base}/reddit/")
    assert "evil" not in entry.url
    assert not set("\u202e\x00\ud800") & set(entry.title + entry.text)
    json.loads(entry.raw)


@pytest.mark.parametrize(
    "token",
    [b"[]", b"{}", b"null", b'"x"', b'{"access_token": 1}', b'{"error": "invalid_grant"}', b"[" * 99999],
)
def test_a_strange_token_is_a_fault(stub: Stub, now: datetime, token: bytes) -> None:
    stub.say("/reddit/api/v1/access_token", token)
    result = look(make(stub.base, subreddits=["xx"], search=False), stub.door, now)
    assert isinstance(result, Faulted)
    assert result.fault.kind in (FaultKind.UNEXPECTED, FaultKind.CREDENTIALS, FaultKind.NOT_A_FEED)


@pytest.mark.parametrize("value", [{}, [], {"kind": "Listing"}, {"kind": "Listing", "data": 3}, "text", 7])
def test_json_of_another_shape_is_a_fault(stub: Stub, now: datetime, value: object) -> None:
    stub.say("/reddit-api/r/xx/new", value)
    stub.say("/reddit-api/r/xx/comments", value)
    result = look(make(stub.base, subreddits=["xx"], search=False), stub.door, now)
    assert result.fault is not None and result.fault.kind is FaultKind.NOT_A_FEED


# --- keys and settings -----------------------------------------------------------------------------


def test_the_key_goes_to_the_token_address_only_and_is_never_recorded(
    town: Town, door: Door, now: datetime
) -> None:
    asked: list[FetchRequest] = []
    seen: list[Fetched] = []

    def watching(request: FetchRequest) -> object:
        asked.append(request)
        result = door(request)
        if isinstance(result, Fetched):
            seen.append(result)
        return result

    collected(look(make(town.base, subreddits=[SUBREDDIT]), watching, now))
    assert all(not request.obey_robots for request in asked)
    basic = [r for r in asked if any(value.startswith("Basic ") for _, value in r.secret_headers)]
    assert [r.url for r in basic] == [f"{town.base}/reddit/api/v1/access_token"]
    assert all("authorization" not in {k.lower() for k, _ in one.request_headers} for one in seen)
    agents = {visit.header("User-Agent") for visit in town.visits("/reddit")}
    assert agents == {"mentionwatch/0.1 (+office@ysgolaberwylan.example)"}


def test_a_praw_ini_in_the_working_folder_has_no_say(
    town: Town, door: Door, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    evil = "[DEFAULT]\noauth_url=http://192.0.2.1\nreddit_url=http://192.0.2.1\ncheck_for_updates=True\nusername=x\npassword=y\n"
    (tmp_path / "praw.ini").write_text(evil)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("praw_username", "x")
    monkeypatch.setenv("praw_password", "y")
    monkeypatch.setenv("praw_site", "nowhere")
    result = collected(look(make(town.base, subreddits=[SUBREDDIT]), door, now))
    assert result.fault is None and result.entries


def test_one_persons_page_cannot_be_a_source(now: datetime) -> None:
    """I13."""
    with pytest.raises(ConfigError, match="people are never followed"):
        make("http://127.0.0.1", subreddits=["u_somebody"])


@pytest.mark.parametrize("name", ["a/b", "x+y", "", "..", "name?q=1", "a" * 30])
def test_a_subreddit_is_a_plain_name(name: str) -> None:
    with pytest.raises(ConfigError):
        make("http://127.0.0.1", subreddits=[name], search=False)


def test_a_query_cannot_be_made_by_hand() -> None:
    """I13, by construction."""
    with pytest.raises(ValueError, match="never by hand"):
        SchoolQuery(("Eleri Trefalun",), object())


def test_names_that_would_find_a_person_are_left_out_and_said(town: Town, door: Door, now: datetime) -> None:
    """I13: even where somebody wrote them among the school's names."""
    who = SchoolProfile(
        name="Ysgol Aberwylan",
        names=(
            "Mrs Trefalun's school",
            "@eleri_t",
            "u/eleri",
            "Ysgol 'Aber\" OR author:x",
            "TREFALUN",
            "#TrefalunOut",
        ),
        places=(),
        head_surnames=("Trefalun",),
    )
    queries = build_queries(who)
    sent = " ".join(query.text for query in queries.queries)
    assert "trefalun" not in sent.lower()
    assert "eleri" not in sent and "author:" not in sent
    assert sent.count('"') % 2 == 0
    collector = RedditCollector(SPEC, queries, (), f"{town.base}/reddit", f"{town.base}/reddit-api/")
    result = collected(look(collector, door, now))
    assert any("would find a person" in note for note in result.not_looked_at)


def test_a_secret_prints_as_dots() -> None:
    assert "hidden" not in repr(Secret("hidden"))


def test_old_threads_are_read_again_only_when_their_count_changed(
    town: Town, door: Door, now: datetime
) -> None:
    collector = make(town.base)
    later = now + timedelta(days=30)
    first = collected(look(collector, door, later))
    town.forget_visits()
    collected(look(collector, door, later, cursor=first.cursor))
    assert town.visits("/reddit-api/comments") == ()

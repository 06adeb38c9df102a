"""The part of Reddit's API that a read-only client speaks: token, search, listings, threads, api/info."""

from __future__ import annotations

import base64
from datetime import timedelta

from town.story import Leaves, Post
from town.story_reddit import SUBREDDIT
from town.wire import Ask, Reply, Stage, as_json, not_found

WEB, OAUTH = "/reddit", "/reddit-api"
CLIENT_ID, CLIENT_SECRET = "aberwylan-demo", "not-a-real-secret"
_TOKEN = "town-token"  # noqa: S105
_RATE = (("x-ratelimit-remaining", "598.0"), ("x-ratelimit-used", "2"), ("x-ratelimit-reset", "300"))
_MOST = 100
Json = dict[str, object]


def _path(post: Post) -> str:
    thread = (post.parent or post.key)[3:]
    return f"/r/{SUBREDDIT}/comments/{thread}/_/" + (f"{post.key[3:]}/" if post.parent else "")


def _is_down(stage: Stage, post: Post) -> bool:
    return stage.has_deletions and post.leaves is not Leaves.NOBODY


def _thing(stage: Stage, post: Post, posts: tuple[Post, ...], *, in_thread: bool = False) -> Json:
    """A post (t3) or comment (t1) as the API shows it now; removed ones leave their husk."""
    at = stage.at(post).timestamp()
    is_down = _is_down(stage, post)
    edited: object = (stage.now - timedelta(minutes=30)).timestamp() if stage.is_edited(post) else False
    words = stage.text(post)
    if is_down:
        words = "[deleted]" if post.leaves is Leaves.AUTHOR else "[removed]"
    data: Json = {
        "id": post.key[3:],
        "name": post.key,
        "author": "[deleted]" if is_down else post.author,
        "subreddit": SUBREDDIT,
        "permalink": _path(post),
        "created_utc": at,
        "edited": edited,
        "score": 3,
    }
    if post.parent:
        data |= {"body": words, "link_id": post.parent, "parent_id": post.parent, "replies": ""}
        if not in_thread:
            data["link_title"] = next(other.title for other in posts if other.key == post.parent)
        return {"kind": "t1", "data": data}
    removed = {Leaves.AUTHOR: "deleted", Leaves.MODERATOR: "moderator"}.get(post.leaves) if is_down else None
    data |= {
        "title": post.title,
        "selftext": words,
        "is_self": True,
        "url": f"https://www.reddit.com{_path(post)}",
        "thumbnail": f"{stage.base}/media/{post.key}.jpg",
        "num_comments": sum(1 for other in posts if other.parent == post.key),
        "removed_by_category": removed,
    }
    return {"kind": "t3", "data": data}


def _listing(children: list[Json], after: str | None = None) -> Json:
    return {"kind": "Listing", "data": {"children": children, "after": after, "before": None}}


def _page(stage: Stage, ask: Ask, found: list[Post], posts: tuple[Post, ...]) -> Reply:
    """One page, newest first: never more than a hundred, `after` a fullname."""
    found = [] if stage.is_bare else sorted(found, key=lambda post: post.age)
    wanted = ask.query.get("limit", "25")
    most = min(int(wanted) if wanted.isdigit() else 25, _MOST)
    names = [post.key for post in found]
    start = names.index(ask.query["after"]) + 1 if ask.query.get("after") in names else 0
    page = found[start : start + most]
    has_more = start + most < len(found)
    children = [_thing(stage, post, posts) for post in page]
    return as_json(_listing(children, page[-1].key if page and has_more else None), headers=_RATE)


def _search(stage: Stage, ask: Ask, posts: tuple[Post, ...]) -> Reply:
    phrases = [part.strip().strip('"').casefold() for part in ask.query.get("q", "").split(" OR ")]
    found = [
        post
        for post in posts
        if not post.parent
        and stage.shows(post)
        and any(phrase in f"{post.title}\n{stage.text(post)}".casefold() for phrase in phrases if phrase)
    ]
    return _page(stage, ask, found, posts)


def _thread(stage: Stage, identity: str, posts: tuple[Post, ...]) -> Reply:
    post = next((post for post in posts if post.key == f"t3_{identity}"), None)
    if post is None or (post.is_late and not stage.has_late_news):
        return not_found()
    under = [other for other in posts if other.parent == post.key]
    shown: list[Json] = [
        _thing(stage, other, posts, in_thread=True) for other in under if not other.is_folded
    ]
    folded = [other.key[3:] for other in under if other.is_folded]
    if folded:
        data: Json = {
            "id": folded[0],
            "children": folded,
            "count": len(folded),
            "parent_id": post.key,
            "depth": 0,
        }
        shown.append({"kind": "more", "data": data})
    return as_json([_listing([_thing(stage, post, posts)]), _listing(shown)], headers=_RATE)


def _info(stage: Stage, ask: Ask, posts: tuple[Post, ...]) -> Reply:
    by_name = {post.key: post for post in posts if stage.has_late_news or not post.is_late}
    wanted = [name for name in ask.query.get("id", "").split(",") if name in by_name]
    things = [_thing(stage, by_name[name], posts, in_thread=True) for name in wanted[:_MOST]]
    return as_json(_listing(things), headers=_RATE)


def _token(ask: Ask) -> Reply:
    pair = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
    if ask.headers.get("authorization") != f"Basic {pair}":
        return as_json({"message": "Unauthorized", "error": 401}, 401)
    if b"grant_type=client_credentials" not in ask.body:
        return as_json({"error": "unsupported_grant_type"})
    return as_json({"access_token": _TOKEN, "token_type": "bearer", "expires_in": 86400, "scope": "*"})


def serve_reddit(stage: Stage, ask: Ask, posts: tuple[Post, ...]) -> Reply:
    """The token under `/reddit`, everything else under `/reddit-api` with the bearer token."""
    if ask.path == f"{WEB}/api/v1/access_token":
        return _token(ask) if ask.method == "POST" else not_found()
    if ask.headers.get("authorization", "").lower() != f"bearer {_TOKEN}":
        return as_json({"message": "Unauthorized", "error": 401}, 401)
    rest = ask.path.removeprefix(OAUTH).strip("/")
    if rest == "search":
        return _search(stage, ask, posts)
    if rest == f"r/{SUBREDDIT}/new":
        return _page(stage, ask, [post for post in posts if not post.parent and stage.shows(post)], posts)
    if rest == f"r/{SUBREDDIT}/comments":
        return _page(stage, ask, [post for post in posts if post.parent and stage.shows(post)], posts)
    if rest == "api/info":
        return _info(stage, ask, posts)
    if rest.startswith("comments/"):
        return _thread(stage, rest.split("/")[1], posts)
    return as_json({"message": "Not Found", "error": 404}, 404)

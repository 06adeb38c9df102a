"""A blog with an Atom feed that answers conditional requests, and the same posts as JSON Feed and RDF."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from xml.sax.saxutils import escape

from town.newspaper import article_page
from town.story import Post
from town.wire import Ask, Reply, Stage, as_json, not_found

PREFIX = "/blog"
SITE = "Aberwylan from the sea wall"


def _shown(stage: Stage, posts: tuple[Post, ...]) -> list[Post]:
    found = [] if stage.is_bare else [post for post in posts if stage.shows(post)]
    return sorted(found, key=lambda post: post.age)


def _updated(stage: Stage, post: Post) -> datetime:
    """Atom says when a post was edited: on the hour before the town's clock."""
    return (
        stage.now.replace(microsecond=0) - timedelta(minutes=30) if stage.is_edited(post) else stage.at(post)
    )


def _link(stage: Stage, post: Post) -> str:
    return f"{stage.base}{PREFIX}/posts/{post.key}"


def atom(stage: Stage, posts: tuple[Post, ...]) -> bytes:
    """Atom (RFC 4287)."""
    shown = _shown(stage, posts)
    newest = max((_updated(stage, post) for post in shown), default=stage.now.replace(microsecond=0))
    entries = "".join(
        f"<entry><id>tag:wylan.example,2026:{post.key}</id><title>{escape(post.title)}</title>"
        f'<link rel="alternate" href="{_link(stage, post)}"/><published>{stage.at(post).isoformat()}</published>'
        f"<updated>{_updated(stage, post).isoformat()}</updated><author><name>{escape(post.author)}</name></author>"
        f'<content type="html">{escape(f"<p>{escape(stage.text(post))}</p>")}</content></entry>'
        for post in shown
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
        f"<id>tag:wylan.example,2026:blog</id><title>{escape(SITE)}</title>"
        f"<updated>{newest.isoformat()}</updated>{entries}</feed>"
    ).encode()


def json_feed(stage: Stage, posts: tuple[Post, ...]) -> Reply:
    """JSON Feed 1.1."""
    items = [
        {
            "id": post.key,
            "url": _link(stage, post),
            "title": post.title,
            "content_text": stage.text(post),
            "date_published": stage.at(post).isoformat(),
            "date_modified": _updated(stage, post).isoformat(),
            "authors": [{"name": post.author}],
        }
        for post in _shown(stage, posts)
    ]
    return as_json({"version": "https://jsonfeed.org/version/1.1", "title": SITE, "items": items})


def rdf(stage: Stage, posts: tuple[Post, ...]) -> Reply:
    """RSS 1.0 (RDF)."""
    items = "".join(
        f'<item rdf:about="{_link(stage, post)}"><title>{escape(post.title)}</title><link>{_link(stage, post)}</link>'
        f"<description>{escape(stage.text(post))}</description><dc:date>{stage.at(post).isoformat()}</dc:date>"
        f"<dc:creator>{escape(post.author)}</dc:creator></item>"
        for post in _shown(stage, posts)
    )
    body = (
        '<?xml version="1.0" encoding="utf-8"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<channel rdf:about="{stage.base}{PREFIX}/"><title>{escape(SITE)}</title><link>{stage.base}{PREFIX}/</link>'
        f"<description>{escape(SITE)}</description></channel>{items}</rdf:RDF>"
    )
    return Reply(body.encode(), "application/rdf+xml; charset=utf-8")


def _is_unchanged(ask: Ask, etag: str, changed_at: datetime) -> bool:
    """If-None-Match decides alone where it is sent (RFC 9110 13.2.2)."""
    if "if-none-match" in ask.headers:
        return etag in (part.strip() for part in ask.headers["if-none-match"].split(","))
    try:
        since = parsedate_to_datetime(ask.headers.get("if-modified-since", ""))
    except ValueError:
        return False
    return since >= changed_at


def serve_blog(stage: Stage, ask: Ask, posts: tuple[Post, ...]) -> Reply:
    """`/blog/atom.xml` (ETag, Last-Modified, 304), `/blog/feed.json`, `/blog/rdf.xml`, `/blog/posts/<key>`."""
    rest = ask.path.removeprefix(PREFIX)
    if rest == "/feed.json":
        return json_feed(stage, posts)
    if rest == "/rdf.xml":
        return rdf(stage, posts)
    if rest == "/atom.xml":
        body = atom(stage, posts)
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        # A changed feed has a later date, whatever the story: the flags are its clock.
        told = stage.has_edits + stage.has_deletions + stage.has_late_news + stage.is_bare
        changed_at = stage.now.replace(microsecond=0) - timedelta(hours=6) + timedelta(minutes=told)
        validators = (("ETag", etag), ("Last-Modified", format_datetime(changed_at, usegmt=True)))
        if _is_unchanged(ask, etag, changed_at):
            return Reply(b"", "application/atom+xml", 304, validators)
        return Reply(body, "application/atom+xml; charset=utf-8", 200, validators)
    wanted = rest.removeprefix("/posts/")
    post = next((post for post in posts if post.key == wanted and stage.shows(post)), None)
    return article_page(stage, post, SITE) if post else not_found()

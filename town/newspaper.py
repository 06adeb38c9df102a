"""Two papers with RSS 2.0 feeds, and articles full of pictures, scripts, fonts and films that point back here.

Nothing may ever ask for those: `Town.media_visits()` counts who did.
"""

from __future__ import annotations

from email.utils import format_datetime
from xml.sax.saxutils import escape

from town.story import Post
from town.wire import Ask, Reply, Stage, not_found

MEDIA = "/media/"


def article_page(stage: Stage, post: Post, site: str) -> Reply:
    """The page behind a link. It begs to be rendered, and must only be read."""
    media = f"{stage.base}{MEDIA}{post.key}"
    paragraphs = "".join(f"<p>{escape(part)}</p>" for part in stage.text(post).split("\n"))
    body = f"""<!doctype html>
<html lang="{post.lang}"><head><meta charset="utf-8"><title>{escape(post.title)} · {escape(site)}</title>
<link rel="stylesheet" href="{media}.css"><link rel="preload" as="font" href="{media}.woff2">
<link rel="icon" href="{media}.ico"><meta property="og:image" content="{media}.jpg">
<script src="{media}.js"></script></head>
<body><nav><a href="{stage.base}/">Home</a> <a href="{stage.base}/sport">Sport</a></nav>
<article><h1>{escape(post.title)}</h1><p class="by">{escape(post.author)}</p>
<time datetime="{stage.at(post).isoformat()}">{stage.at(post):%d %B %Y}</time>
<img src="{media}.jpg" srcset="{media}-2x.jpg 2x" alt="">
{paragraphs}
<video src="{media}.mp4" poster="{media}.png" autoplay></video>
<iframe src="{media}-frame.html"></iframe></article>
<footer>{escape(site)}</footer></body></html>"""
    return Reply(body.encode())


def rss(stage: Stage, prefix: str, site: str, lang: str, posts: tuple[Post, ...]) -> Reply:
    """An RSS 2.0 feed, newest first. Its dates do not move when an item is edited, as in life."""
    shown = [] if stage.is_bare else [post for post in posts if stage.shows(post)]
    items = "".join(
        f"<item><title>{escape(post.title)}</title><link>{stage.base}{prefix}/news/{post.key}</link>"
        f'<guid isPermaLink="false">{prefix.strip("/")}:{post.key}</guid>'
        f"<pubDate>{format_datetime(stage.at(post), usegmt=True)}</pubDate>"
        f"<author>newsdesk@wylan.example ({escape(post.author)})</author>"
        f"<description>{escape(f'<p>{escape(stage.text(post))}</p>')}"
        f"{escape(f'<img src={stage.base}{MEDIA}{post.key}-thumb.jpg>')}</description>"
        f'<enclosure url="{stage.base}{MEDIA}{post.key}.mp3" length="1" type="audio/mpeg"/></item>'
        for post in sorted(shown, key=lambda post: post.age)
    )
    body = (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{escape(site)}</title>'
        f"<link>{stage.base}{prefix}/</link><description>{escape(site)}</description><language>{lang}</language>"
        f"<image><url>{stage.base}{MEDIA}logo.png</url><title>{escape(site)}</title><link>{stage.base}</link></image>"
        f"{items}</channel></rss>"
    )
    return Reply(body.encode(), "application/rss+xml; charset=utf-8")


def serve_paper(stage: Stage, ask: Ask, prefix: str, site: str, lang: str, posts: tuple[Post, ...]) -> Reply:
    """`<prefix>/feed.xml` and `<prefix>/news/<key>`."""
    rest = ask.path.removeprefix(prefix)
    if rest == "/feed.xml":
        return rss(stage, prefix, site, lang, posts)
    wanted = rest.removeprefix("/news/")
    post = next((post for post in posts if post.key == wanted and stage.shows(post)), None)
    return article_page(stage, post, site) if post else not_found()

"""Feeds with habits of their own: Google News, Google Alerts, WhatDoTheyKnow.

Queries hold the school's names and nothing else, never a person's (I13).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from mentionwatch.school import SchoolProfile

GOOGLE_NEWS = "https://news.google.com/rss/search"
GOOGLE_ALERTS_PAGE = "https://www.google.com/alerts"
_EDITIONS = {"en": ("en-GB", "GB:en"), "cy": ("cy", "GB:cy")}
_LONGEST_QUERY = 400
_WELSH = re.compile(
    r"\b(?:ysgol|coleg|cylch|meithrin|gynradd|uwchradd|gyfun|gymunedol|gymuned|gymraeg|cymraeg|babanod|eglwys)\b|[ŵŷ]",
    re.IGNORECASE,
)
_SPACE_OR_QUOTE = re.compile(r'[\s"“”]+')


class Preset(StrEnum):
    """The value of the `preset` option."""

    NONE = "none"
    GOOGLE_NEWS = "google_news"
    GOOGLE_ALERTS = "google_alerts"
    WHATDOTHEYKNOW = "whatdotheyknow"


def _queries(names: Sequence[str]) -> Iterator[str]:
    """`"one" OR "two"`, as many queries as the length allows."""
    query = ""
    for name in names:
        quoted = f'"{name}"'
        if query and len(query) + len(quoted) + 4 > _LONGEST_QUERY:
            yield query
            query = ""
        query = f"{query} OR {quoted}" if query else quoted
    if query:
        yield query


def google_news_urls(profile: SchoolProfile, base: str = GOOGLE_NEWS) -> tuple[str, ...]:
    """One search feed per edition and query: English always, Welsh for a school with Welsh names."""
    names: dict[str, None] = {}
    for name in (profile.name, *profile.names):
        plain = _SPACE_OR_QUOTE.sub(" ", name).strip()
        if plain and len(plain) <= _LONGEST_QUERY // 2:
            names.setdefault(plain)
    welsh = [name for name in names if _WELSH.search(name)]
    if profile.lang == "cy" and not welsh:
        welsh = list(names)
    urls = []
    for lang, chosen in (("en", list(names)), ("cy", welsh)):
        language, edition = _EDITIONS[lang]
        for query in _queries(chosen):
            fields = {"q": query, "hl": language, "gl": "GB", "ceid": edition}
            urls.append(f"{base}{'&' if '?' in base else '?'}{urlencode(fields)}")
    return tuple(urls)


def whatdotheyknow_feed(url: str) -> str:
    """The feed of a list, search or authority page: the same path under /feed."""
    parts = urlsplit(url)
    path = parts.path if parts.path.startswith("/feed/") else f"/feed{parts.path}"
    return urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))


def unwrap(link: str) -> str:
    """The target inside a Google redirect link (`url=` or `q=`); any other link as it is."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return link
    if parts.path != "/url":
        return link
    fields = parse_qs(parts.query)
    target = (fields.get("url") or fields.get("q") or [""])[0]
    return target if target.startswith(("http://", "https://")) else link

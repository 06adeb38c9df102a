"""Addresses a second look compares: front pages, the same site, the same page, one that surely is none."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_HOME = re.compile(r"/?(?:(?:index|default|home|hafan)(?:\.\w+)?|(?:en|cy)(?:-gb)?)?/?", re.I)
_DIGITS = re.compile(r"\d+")


def is_home(url: str) -> bool:
    """Is this the address of a site's front page?"""
    parts = urlsplit(url)
    return not parts.query and bool(_HOME.fullmatch(parts.path))


def host(url: str) -> str:
    """The host name without `www.`."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def is_same_site(one: str, other: str) -> bool:
    """The same host, or one below the other."""
    first, second = host(one), host(other)
    return first == second or first.endswith(f".{second}") or second.endswith(f".{first}")


def is_same_place(one: str, other: str) -> bool:
    """The same page, whatever the scheme, `www.` or a closing slash."""
    first, second = urlsplit(one), urlsplit(other)
    return (host(one), first.path.rstrip("/"), first.query) == (
        host(other),
        second.path.rstrip("/"),
        second.query,
    )


def make_lost_url(url: str, token: str) -> str:
    """An address on the same host that surely is none, of the same shape. `token`: some dozen random digits.

    The longest run of digits is exchanged, since it is most likely the post's number and not that of a page; the
    answer then comes from the same part of the site.
    """
    parts = urlsplit(url)
    runs = sorted(_DIGITS.finditer(f"{parts.path}?{parts.query}"), key=lambda run: -len(run.group()))
    where = f"{parts.path}?{parts.query}"
    if runs:
        where = f"{where[: runs[0].start()]}{token}{where[runs[0].end() :]}"
    else:
        path, slash, last = parts.path.rpartition("/")
        where = f"{path}{slash or '/'}{last}-{token}"
    path, _, query = where.partition("?")
    return parts._replace(path=path, query=query, fragment="").geturl()

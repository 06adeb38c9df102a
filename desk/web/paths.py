"""Where the desk sends a browser: only to itself."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from starlette.requests import Request

START = "/"
SET_UP = "/account/second-step"
_MOST = 1000


def incident_path(id_: str) -> str:
    """Where an incident's page is."""
    return f"/incidents/{quote(id_, safe='')}"


def mention_path(id_: str) -> str:
    """Where the page of a mention is."""
    return f"/mentions/{quote(id_, safe='')}"


def from_start(request: Request) -> bool:
    """Whoever came from the start page goes back there: the next thing to decide is on it."""
    return request.query_params.get("from") == "start"


def own_path(asked: str) -> str:
    """A path of the desk itself, else its start page: nobody is sent elsewhere (ASVS V15.3, open redirects)."""
    is_ours = (
        asked.startswith("/")
        and not asked.startswith(("//", "/sign-", "/hidden", "/unlock"))
        and asked.isascii()
        and asked.isprintable()
        and not set(asked) & set("\\ <>\"'`{}|^#")
        and "//" not in asked.partition("?")[0]
        and len(asked) <= _MOST
    )
    return asked if is_ours else START

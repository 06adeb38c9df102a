"""The desk's cookies: a name for a session on the server, and a name for forms nobody is signed in for yet.

ASVS V3.3.1 to V3.3.4: HttpOnly, SameSite, Secure and `__Host-` under TLS, nothing readable in them.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from desk.web.context import Site

SESSION = "session"
FORM = "form"
OPENID = "openid"
_KEY = secrets.token_bytes(32)
"""Of this process: a form of the sign-in page that is older than the desk's last start is asked for again."""


def read_cookie(request: Request, site: Site, name: str) -> str:
    """What the browser keeps for us; empty when nothing, or when it cannot be ours."""
    found = request.cookies.get(site.cookie(name), "")
    return found if found.isascii() and found.isprintable() and len(found) <= 4096 else ""


def set_cookie(
    response: Response, site: Site, name: str, value: str, same_site: Literal["strict", "lax"] = "strict"
) -> None:
    """Until the browser closes, for this host only, out of reach of any script."""
    response.set_cookie(
        site.cookie(name), value, httponly=True, samesite=same_site, path="/", secure=site.is_tls
    )


def drop_cookie(response: Response, site: Site, name: str) -> None:
    """The browser forgets it."""
    response.delete_cookie(site.cookie(name), path="/", secure=site.is_tls, httponly=True, samesite="strict")


def forget_all(response: Response) -> None:
    """The browser drops what it holds of the desk: pages gone back to, and any store (ASVS V14.3.1)."""
    response.headers["Clear-Site-Data"] = '"cache", "storage"'


def open_csrf(cookie: str) -> str:
    """What the forms of a browser without a session carry: made of its own cookie, by nobody but this process."""
    return hmac.new(_KEY, cookie.encode(), hashlib.sha256).hexdigest()

"""`[sign_in]` of school.toml: whether people of the school's own directory come in, and what passwords need beside them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from mentionwatch.tables import Table

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class SignIn:
    """`issuer` is the directory's OpenID Connect issuer, "" for none; `address` is the desk's own as browsers see it, whose
    /sign-in/openid/back the directory sends people back to. The client's secret is no setting: it is a credential.
    `needs_factor`: who signs in by password shows a second factor too."""

    issuer: str = ""
    client_id: str = ""
    address: str = ""
    needs_factor: bool = True

    @property
    def has_directory(self) -> bool:
        return bool(self.issuer)


PASSWORDS_ONLY = SignIn()


def is_safe_address(url: str) -> bool:
    """Is it https, or http on this very machine, and neither with a sign-in, a query nor a fragment?"""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if (
        not url.isascii()
        or not url.isprintable()
        or " " in url
        or "@" in parts.netloc
        or parts.query
        or parts.fragment
    ):
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK))


def parse_sign_in(table: Table) -> SignIn:
    """Read `[sign_in]`. Raises `ConfigError` naming the key and the mend."""
    found = SignIn(
        table.text("issuer", ""),
        table.text("client_id", ""),
        table.text("address", "").rstrip("/"),
        table.flag("second_factor", True),
    )
    if found.issuer and not is_safe_address(found.issuer):
        raise table.wrong(
            "issuer", "is no https address", "Copy the issuer from the directory's OpenID Connect settings"
        )
    if found.issuer and not found.client_id:
        raise table.wrong(
            "client_id", "is missing", "Add the client id that the directory gave to mentionwatch"
        )
    if found.address and not is_safe_address(found.address):
        raise table.wrong("address", "is no https address", 'Write address = "https://desk.school.example"')
    table.finish()
    return found

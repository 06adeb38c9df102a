"""Where the desk may be opened: on this machine as it is; for others only under TLS, with accounts, and secrets kept.

ASVS V12.1, V12.2, V13.2.1, V13.3. What is missing is one plain line, and the desk does not start.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mentionwatch.errors import ConfigError
from warehouse import accounts as rows
from warehouse.accounts_factor import factor_of

if TYPE_CHECKING:
    import ssl

    from desk.web.context import Network, Site
    from flows.accounts import Gate
    from flows.home import Home

CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"


@dataclass(frozen=True, slots=True)
class Opening:
    """What the command was asked: an address to listen on, a certificate with its key, a proxy's network."""

    bind: str
    port: int
    tls_cert: str
    tls_key: str
    behind_proxy: str

    @property
    def is_tls(self) -> bool:
        return bool(self.tls_cert and self.tls_key)


def find_site(opening: Opening, public: str, port: int) -> Site:
    """Under which addresses the desk answers. `public` is `[sign_in] address`, `port` the one that listens.

    Raises `ConfigError` where others could listen in, or could not be told from strangers.
    """
    from desk.web.context import Site

    where = read_bind(opening.bind)
    if bool(opening.tls_cert) != bool(opening.tls_key):
        raise _wrong("--tls-cert", "goes with --tls-key", "Give both, or neither")
    if opening.is_tls and opening.behind_proxy:
        raise _wrong("--behind-proxy", "goes without --tls-cert", "Let one of the two speak TLS")
    if not where.is_loopback and not opening.is_tls and not opening.behind_proxy:
        raise _wrong(
            "--bind", f"{opening.bind} is not this machine's own address, and there is no TLS",
            "Give --tls-cert and --tls-key, or --behind-proxy NETWORK for a proxy that speaks TLS",
        )  # fmt: skip
    if opening.behind_proxy or not where.is_loopback:
        return Site(frozenset({_public(public)}), port, _proxies(opening.behind_proxy))
    scheme = "https" if opening.is_tls else "http"
    host = f"[{where}]" if where.version == 6 else str(where)
    return Site(frozenset({f"{scheme}://{host}:{port}", f"{scheme}://localhost:{port}"}), port)


def read_bind(bind: str) -> IPv4Address | IPv6Address:
    """The address to listen on. Raises `ConfigError`: a name may lead anywhere."""
    try:
        return ip_address(bind)
    except ValueError:
        raise _wrong("--bind", f"{bind!r} is no network address", "Write it as 192.0.2.10") from None


def _public(address: str) -> str:
    """The origin people type. Raises `ConfigError` when school.toml does not say it, or not as https."""
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.netloc or parts.path.strip("/"):
        raise ConfigError(
            "school.toml", "[sign_in] address", "does not say where people open the desk",
            'Write address = "https://desk.school.example"',
        )  # fmt: skip
    return f"https://{parts.netloc.lower().removesuffix(':443')}"


def _proxies(network: str) -> tuple[Network, ...]:
    if not network:
        return ()
    try:
        found = ip_network(network)
    except ValueError:
        raise _wrong("--behind-proxy", f"{network!r} is no network", "Write it as 192.0.2.4/32") from None
    if found.prefixlen < (8 if found.version == 4 else 32):
        raise _wrong(
            "--behind-proxy", f"{network} is half the world", "Name the proxy itself, as 192.0.2.4/32"
        )
    return (found,)


def check_people(gate: Gate) -> None:
    """Before others can knock: somebody has an account, and nobody signs in with a password alone (ASVS V6.3.3).

    Raises `ConfigError`. Who was invited and has not come yet has no password to guess.
    """
    with gate.store.look() as hold:
        joined = rows.joined_accounts(hold)
        people = [each for each in rows.list_accounts(hold) if each.is_active and each.id in joined]
        weak = [
            each
            for each in people
            if not factor_of(hold, each.id).secret and not rows.has_person(hold, each.id)
        ]
    if not people:
        raise _wrong(
            "--bind", "nobody has an account yet", "Make the first one on this machine: mentionwatch desk"
        )
    if weak or not gate.needs_factor:
        raise _wrong(
            "--bind", f"{len(weak)} of {len(people)} accounts would open with a password alone",
            "Set up the second step on this machine first, and leave [sign_in] second_factor on",
        )  # fmt: skip


def check_secrets(home: Home, tls_key: str) -> None:
    """Keys that only their owner reads (ASVS V13.3.1). Raises `ConfigError` naming the file. Windows has its own lists."""
    files = [*sorted(home.keys.glob("*")), *([Path(tls_key)] if tls_key else [])]
    for each in files:
        if os.name == "posix" and each.exists() and each.stat().st_mode & 0o077:
            raise ConfigError(
                str(each), "", "other users of this machine can read it", f"Run: chmod go= {each}"
            )


def open_tls(opening: Opening) -> ssl.SSLContext:
    """TLS 1.2 or later with forward secrecy (ASVS V12.1.1, V12.1.2). Raises `ConfigError` for files that do not fit."""
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(CIPHERS)
    try:
        # A password would be asked for at the terminal, where nobody sits: an encrypted key is refused.
        context.load_cert_chain(opening.tls_cert, opening.tls_key, password="")
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        raise _wrong(
            "--tls-cert", f"cannot be used: {error}", "Give a certificate and its own key, both as PEM"
        ) from None
    return context


def _wrong(option: str, cause: str, mend: str) -> ConfigError:
    return ConfigError("desk", option, cause, mend)

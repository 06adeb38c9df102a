"""Which addresses may be reached at all, and the one strict reading of a URL that the door trusts.

Anything not globally routable is refused (IANA special-purpose registries, RFC 6890), also when it hides
inside an IPv6 form. One reading of the URL serves check and connection, so no second parser can disagree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import quote, urljoin, urlsplit

from mentionwatch.fetching import Fault
from mentionwatch.labels import FaultKind

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

PORTS = {"http": 80, "https": 443}

_SPECIAL_V4 = tuple(
    (IPv4Network(network), name)
    for network, name in (
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "carrier-grade NAT"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "cloud host service"),
        ("169.254.0.0/16", "link-local and cloud metadata"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "protocol assignments"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
)
_GLOBAL_V6 = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_SPECIAL_V6 = tuple(
    (IPv6Network(network), name)
    for network, name in (
        ("::/96", "IPv4-compatible"),
        ("2001::/32", "Teredo"),
        ("2001::/23", "protocol assignments"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("3fff::/20", "documentation"),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("ff00::/8", "multicast"),
    )
)
_ISATAP = (0x00005EFE, 0x02005EFE)


def why_refused(address: Address) -> str:
    """Why an address is not globally routable, in a few words; empty when it is."""
    if isinstance(address, IPv4Address):
        for network, name in _SPECIAL_V4:
            if address in network:
                return name
        return "" if address.is_global else "not globally routable"
    if address.scope_id:
        return "has a zone"
    if address.ipv4_mapped is not None:
        return why_refused(address.ipv4_mapped)
    if address in _NAT64:
        return why_refused(IPv4Address(int(address) & 0xFFFFFFFF))
    for network6, name in _SPECIAL_V6:
        if address in network6:
            return name
    if address not in _GLOBAL_V6 or not address.is_global:
        return "not globally routable"
    return "tunnel" if (int(address) >> 32) & 0xFFFFFFFF in _ISATAP else ""


def is_opened(address: Address, networks: Iterable[Network]) -> bool:
    """Is the address in a private network that the school opened?"""
    plain = address.ipv4_mapped if isinstance(address, IPv6Address) and address.ipv4_mapped else address
    return any(plain.version == network.version and plain in network for network in networks)


def choose_addresses(answers: Sequence[str], opened: Sequence[Network]) -> tuple[Address, ...] | Fault:
    """All the answers of one look-up, or the refusal: a single bad answer condemns the name."""
    chosen: list[Address] = []
    for text in answers:
        try:
            address = ip_address(text)
        except ValueError:
            return Fault(FaultKind.REFUSED_BY_POLICY, "the name resolves to something that is no address")
        reason = why_refused(address)
        if reason and not is_opened(address, opened):
            return Fault(FaultKind.REFUSED_BY_POLICY, f"the address is not public ({reason}): not contacted")
        if address not in chosen:
            chosen.append(address)
    return tuple(chosen) or Fault(FaultKind.DNS, "the name has no address")


@dataclass(frozen=True, slots=True)
class Target:
    """A URL taken apart once. `host` is ASCII without brackets, `path` starts with / and carries the query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """Host and, where it is not the scheme's own, port: the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """As `mentionwatch.urls.origin`: the port always written."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"

    @property
    def url(self) -> str:
        """The URL as it is asked for."""
        return f"{self.scheme}://{self.authority}{self.path}"


_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\Z")
_NUMBER_LAST = re.compile(r"(?:.*\.)?(?:0x[0-9a-f]*|[0-9]+)\Z")
_SAFE = "/?:@!$&'()*+,;=-._~%[]|"


def _refused(cause: str) -> Fault:
    return Fault(FaultKind.REFUSED_BY_POLICY, cause)


def _ascii_host(host: str) -> str:
    """Lower-case ASCII host; empty for what is no host name and no canonical address literal."""
    if ":" in host:
        try:
            return "" if "%" in host else str(IPv6Address(host))
        except ValueError:
            return ""
    try:
        name = host.encode("idna").decode("ascii") if not host.isascii() else host
    except UnicodeError:
        return ""
    name = name.lower().removesuffix(".")
    if len(name) > 253 or not _HOST.match(name):
        return ""
    if _NUMBER_LAST.match(name):
        # 2130706433, 0x7f.1 and 0177.0.0.1 are read differently by every resolver: only a.b.c.d counts.
        try:
            return str(IPv4Address(name))
        except ValueError:
            return ""
    return name


def read_url(url: str) -> Target | Fault:
    """Take a URL apart, or refuse it: only http and https, no user name, no control characters."""
    text = url.strip(" ")
    if _CONTROL.search(text) or "\\" in text:
        return _refused("the URL holds control characters or backslashes")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return _refused("the URL cannot be read")
    if parts.scheme.lower() not in PORTS:
        return _refused("only http and https are fetched")
    if "@" in parts.netloc:
        return _refused("the URL carries a user name or password")
    host = _ascii_host(parts.hostname or "")
    if not host or port == 0:
        return _refused("the URL has no usable host")
    try:
        path = quote(parts.path or "/", safe=_SAFE) + (
            f"?{quote(parts.query, safe=_SAFE)}" if parts.query else ""
        )
    except UnicodeEncodeError:
        return _refused("the URL holds characters that cannot be sent")
    scheme = parts.scheme.lower()
    return Target(scheme, host, port or PORTS[scheme], path if path.startswith("/") else f"/{path}")


def follow(target: Target, location: str) -> Target | Fault:
    """Where a redirect leads, read by the same strict rules."""
    try:
        return read_url(urljoin(target.url, location.strip()))
    except ValueError:
        return _refused("the redirect leads to a URL that cannot be read")


def literal_address(host: str) -> Address | None:
    """The address, when the host is written as one."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def networks_from(texts: Iterable[str]) -> tuple[Network, ...]:
    """`127.0.0.1/32` and the like; raises ValueError for what is no network."""
    return tuple(ip_network(text) for text in texts)

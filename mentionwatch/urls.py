"""Canonical URLs, for telling that two addresses are one post. Never used for fetching."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

_TRACKING = frozenset(
    {
        "fbclid",
        "gclid",
        "dclid",
        "msclkid",
        "igshid",
        "mc_cid",
        "mc_eid",
        "ocid",
        "cmpid",
        "ref_src",
        "ref_url",
    }
)
_PORTS = {"http": 80, "https": 443}
_SAFE = "-._~!$&'()*+,;=:@%"


def _is_tracking(name: str) -> bool:
    return name.lower().startswith("utm_") or name.lower() in _TRACKING


def canonical_url(url: str) -> str:
    """One spelling per page: lower-case host, no default port, no fragment, no tracking, sorted query.

    A text that is no absolute http(s) URL comes back as it was, stripped: it still identifies. Applying
    the function twice changes nothing.
    """
    text = url.strip()
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return text
    scheme = parts.scheme.lower()
    if scheme not in _PORTS or not parts.hostname:
        return text
    host = parts.hostname.rstrip(".")
    try:
        host = host.encode("idna").decode("ascii") if not host.isascii() else host
    except UnicodeError:
        return text
    if ":" in host:
        host = f"[{host}]"
    if port is not None and port != _PORTS[scheme]:
        host = f"{host}:{port}"
    path = quote(
        unquote(parts.path, errors="surrogateescape"),
        safe="/" + _SAFE.replace("%", ""),
        errors="surrogateescape",
    )
    path = path.rstrip("/") or "/"
    pairs = [
        (k, v)
        for k, v in parse_qsl(parts.query, keep_blank_values=True, errors="surrogateescape")
        if not _is_tracking(k)
    ]
    query = urlencode(sorted(pairs), errors="surrogateescape")
    return urlunsplit((scheme, host, path, query, ""))


def origin(url: str) -> str:
    """`scheme://host:port` with the port always written; empty when the URL has none."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return ""
    scheme = parts.scheme.lower()
    if scheme not in _PORTS or not parts.hostname:
        return ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{scheme}://{host}:{port or _PORTS[scheme]}"

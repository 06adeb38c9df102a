"""Canonical URLs, for telling that two addresses are one post. Never used for fetching."""

from __future__ import annotations

import re
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
_SAFE = "-._~!$&'()*+,;=:@"
# `#comment-12`, `#p99`, `#!/post/3`: one of several posts on a page. `#comments`, `#respond` are places on it.
_NAMES_A_POST = re.compile(r"[!/].|[\w=-]*\d\Z")


def _is_tracking(name: str) -> bool:
    return name.lower().startswith("utm_") or name.lower() in _TRACKING


def canonical_url(url: str) -> str:
    """One spelling per post: lower-case host, no default port, no sign-in, no tracking, query sorted by name.

    A fragment stays where it names one post among others on a page. A text that is no absolute http(s) URL
    comes back as it was, stripped: it still identifies. Applying the function twice changes nothing. Never
    raises: half a character, which hostile JSON may carry, becomes U+FFFD.
    """
    text = url.encode("utf-16", "surrogatepass").decode("utf-16", "replace").strip()
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
    path = "/".join(_respell(segment) for segment in parts.path.split("/"))
    path = path.rstrip("/") or "/"
    pairs = [
        (k, v)
        for k, v in parse_qsl(parts.query, keep_blank_values=True, errors="surrogateescape")
        if not _is_tracking(k)
    ]
    query = urlencode(sorted(pairs, key=lambda pair: pair[0]), errors="surrogateescape")
    fragment = _respell(parts.fragment, "/")
    return urlunsplit((scheme, host, path, query, fragment if _NAMES_A_POST.match(fragment) else ""))


def _respell(part: str, also_safe: str = "") -> str:
    """One spelling of the percent signs. In a path a coded slash stays coded: it borders no segment."""
    return quote(unquote(part, errors="surrogateescape"), safe=_SAFE + also_safe, errors="surrogateescape")


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

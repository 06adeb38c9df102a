"""What a reader of a page sees, as plain text, from the stored bytes."""

from __future__ import annotations

import html
import json
import re

MAX_CHARACTERS = 256 * 1024

_TAG = re.compile(r"(<[^<>]*>)")
_TAG_NAME = re.compile(r"</?([a-z][a-z0-9]*)", re.I)
_UNSEEN = frozenset({"script", "style", "template", "head"})
_INLINE = frozenset({"a", "abbr", "b", "bdi", "em", "font", "i", "mark", "s", "small", "span", "strong", "u", "wbr"})  # fmt: skip
_MARKUP_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/xml", "application/xml", ""})


def read_text(body: bytes, media_type: str) -> str:
    """Plain text of HTML, JSON or text bytes; everything on the page is kept, quotes of others included.

    Unreadable bytes give an empty text, never an error: the bytes themselves are the evidence.
    """
    if not body.strip():
        return ""
    if media_type == "text/plain":
        return body.decode("utf-8", errors="replace")[:MAX_CHARACTERS]
    if media_type == "application/json":
        try:
            return json.dumps(json.loads(body), ensure_ascii=False, indent=1)[:MAX_CHARACTERS]
        except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
            return ""
    if media_type not in _MARKUP_TYPES:
        return ""
    from trafilatura import html2txt

    return (str(html2txt(body) or "") or _strip_tags(body))[:MAX_CHARACTERS]


def _strip_tags(body: bytes) -> str:
    """For what the library refuses as no whole page: fragments, XML, tags nested hundreds deep. Linear."""
    if b"\x00" in body:
        return ""
    kept: list[str] = []
    unseen = ""
    for piece in _TAG.split(body[: 4 * MAX_CHARACTERS].decode("utf-8", errors="replace")):
        if not piece.startswith("<"):
            kept.append("" if unseen else html.unescape(piece))
            continue
        found = _TAG_NAME.match(piece)
        name = found.group(1).lower() if found else ""
        if unseen:
            unseen = "" if name == unseen and piece[1] == "/" else unseen
        elif name in _UNSEEN and piece[1] != "/" and not piece.endswith("/>"):
            unseen = name
        elif name not in _INLINE:
            kept.append("\n")
    lines = (" ".join(line.split()) for line in "".join(kept).splitlines())
    return "\n".join(line for line in lines if line)

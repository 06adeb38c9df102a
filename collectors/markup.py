"""HTML fragments to plain text, and characters that have no business in text."""

from __future__ import annotations

import re
from html import unescape

from lxml import etree  # type: ignore[import-untyped]

_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!--|<!\[CDATA\[|<[?!]")
_BLOCK = re.compile(
    r"<(?=/?(?:p|div|br|hr|li|ul|ol|dl|dt|dd|h[1-6]|tr|table|blockquote|pre|section|article|header|footer"
    r"|figure|figcaption|address|form)\b)",
    re.IGNORECASE,
)
_DROPPED = (
    "script",
    "style",
    "template",
    "noscript",
    "iframe",
    "object",
    "svg",
    "math",
    "head",
    "textarea",
    "select",
)
_ANY_TAG = re.compile(r"<[^<>]*>")
_LONGEST_SOURCE = 1024 * 1024


def clean(text: str) -> tuple[str, bool]:
    """The text without control characters and direction overrides, and whether there were any.

    A direction override shows a reader other words than the ones stored; NUL breaks what comes after.
    """
    if _CONTROL.search(text) is None:
        return text, False
    return _CONTROL.sub("", text), True


def _tidy(text: str) -> str:
    """Runs of white space become one space, lines stay lines, empty lines go."""
    if "\n" not in text:
        return " ".join(text.split())
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _parse(source: str) -> str:
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, recover=True)
    marked = _BLOCK.sub("\n<", source)
    try:
        root = etree.fromstring(f"<div>{marked}</div>".encode("utf-8", "ignore"), parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        return unescape(_ANY_TAG.sub(" ", source))
    etree.strip_elements(root, *_DROPPED, with_tail=False)
    text = etree.tostring(root, method="text", encoding="unicode")
    if not text.strip() and len(source) > _LONGEST_SOURCE // 100:
        # The parser gives up on absurd nesting; what a reader would see is still wanted.
        return unescape(_ANY_TAG.sub(" ", source))
    return str(text)


def to_text(fragment: str) -> str:
    """Plain text of an HTML fragment: markup gone, scripts and styles gone with their content, entities
    decoded, one line per block. Text without markup passes through. At most 1 MiB of source is read."""
    if "<" not in fragment and "&" not in fragment:
        return _tidy(fragment)
    source = fragment[:_LONGEST_SOURCE]
    if _TAG.search(source) is None:
        return _tidy(unescape(source))
    return _tidy(_parse(source))


def cut(text: str, most_bytes: int) -> tuple[str, bool]:
    """The text within `most_bytes` of UTF-8, whole characters, and whether anything was cut."""
    if len(text) * 4 <= most_bytes:
        return text, False
    encoded = text.encode("utf-8", "ignore")
    if len(encoded) <= most_bytes:
        return text, False
    return encoded[:most_bytes].decode("utf-8", "ignore"), True

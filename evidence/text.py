"""What a reader of a page, a feed or data sees, as plain text, from the stored bytes."""

from __future__ import annotations

import html
import json
import re

MAX_CHARACTERS = 256 * 1024

_TAG = re.compile(r"(<[^<>]*>)")
_TAG_NAME = re.compile(r"</?([a-z][a-z0-9]*)", re.I)
_BREAK = re.compile(r"[\r\n]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_UNSEEN = frozenset({"script", "style", "template", "head"})
_INLINE = frozenset({"a", "abbr", "b", "bdi", "em", "font", "i", "mark", "s", "small", "span", "strong", "u", "wbr"})  # fmt: skip
_FEED_TAG = re.compile(r"<(/?)(title|link|base|meta|style|body|head|html)\b", re.I)
_PROLOGUE = re.compile(r"^\s*<\?xml[^>]*\?>")

_READABLE = re.compile(
    r"|text/(?:html|plain|xml)|application/(?:xhtml\+xml|xml|(?:rss|atom|rdf)\+xml|(?:[a-z0-9.-]+\+)?json)"
)
_MARKUP_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/xml", "application/xml", ""})


def is_readable(media_type: str) -> bool:
    """May a captured answer be of that media type? Pages, plain words, data and feeds; never a drawing, whatever it is written in."""
    return _READABLE.fullmatch(media_type) is not None


def read_page(body: bytes, media_type: str) -> str:
    """Plain text of a page, a feed (RSS 2.0, RFC 4287), JSON or plain text, one line a block."""
    if media_type.endswith("+json"):
        return read_text(body, "application/json")
    if media_type.endswith("/xml") or (media_type.endswith("+xml") and "xhtml" not in media_type):
        return read_text(open_feed(body), "text/html")
    return read_text(body, media_type)


def open_feed(body: bytes) -> bytes:
    """A feed as markup a page reader can walk: escaped and wrapped markup opened, names of head elements changed."""
    text = _PROLOGUE.sub("", body.decode("utf-8", errors="replace"))
    text = _FEED_TAG.sub(r"<\1x-\2", text)
    first, *wrapped = text.split("<![CDATA[")
    for piece in wrapped:
        inside, end, after = piece.partition("]]>")
        first += html.escape(inside) + after if end else piece
    opened = html.unescape(first)
    return f"<html><head><meta charset=utf-8></head><body>{opened}</body></html>".encode()


def read_text(body: bytes, media_type: str) -> str:
    """Plain text of HTML, JSON or text bytes; everything on the page is kept, quotes of others included.

    Unreadable bytes give an empty text, never an error: the bytes themselves are the evidence.
    """
    return make_storable(_read(body, media_type)[:MAX_CHARACTERS])


def make_storable(text: str) -> str:
    """Text that UTF-8 can hold: a lone surrogate, which hostile JSON may carry, becomes U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _read(body: bytes, media_type: str) -> str:
    if not body.strip():
        return ""
    if media_type == "text/plain":
        return body.decode("utf-8", errors="replace")
    if media_type == "application/json":
        try:
            return json.dumps(json.loads(body), ensure_ascii=False, indent=1)
        except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
            return ""
    if media_type not in _MARKUP_TYPES:
        return ""
    return _walk_tree(body) or _strip_tags(body)


def _walk_tree(body: bytes) -> str:
    """One line a block of the page: the second look compares what stood before and after a passage.

    The library's own text is a single line and leaves out parts of the page.
    """
    from lxml import etree  # type: ignore[import-untyped]
    from trafilatura.utils import load_html

    tree = load_html(body)
    page = tree.find(".//body") if tree is not None else None
    if page is None:
        return ""
    etree.strip_elements(
        page, "script", "style", "template", etree.Comment, etree.ProcessingInstruction, with_tail=False
    )
    kept: list[str] = []
    for event, element in etree.iterwalk(page, events=("start", "end")):
        if element.tag not in _INLINE:
            kept.append("\n")
        if event == "start":
            kept.append(_one_line(element.text or ""))
        elif element is not page:
            kept.append(_one_line(element.tail or ""))
    return _join_lines("".join(kept))


def _strip_tags(body: bytes) -> str:
    """For what the library refuses as no whole page: fragments, XML, tags nested hundreds deep. Linear."""
    if b"\x00" in body:
        return ""
    kept: list[str] = []
    unseen = ""
    for piece in _TAG.split(body[: 4 * MAX_CHARACTERS].decode("utf-8", errors="replace")):
        if not piece.startswith("<"):
            kept.append("" if unseen else _one_line(html.unescape(piece)))
            continue
        found = _TAG_NAME.match(piece)
        name = found.group(1).lower() if found else ""
        if unseen:
            unseen = "" if name == unseen and piece[1] == "/" else unseen
        elif name in _UNSEEN and piece[1] != "/" and not piece.endswith("/>"):
            unseen = name
        elif name not in _INLINE:
            kept.append("\n")
    return _join_lines("".join(kept))


def _one_line(text: str) -> str:
    """A line break in the markup is only white space to a reader."""
    return _BREAK.sub(" ", text)


def _join_lines(text: str) -> str:
    lines = (" ".join(_CONTROL.sub(" ", line).split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)

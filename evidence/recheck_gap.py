"""What stands without words in the place of a missing passage: a picture, a frame, a button, room for a script.

The stored copy to compare with is text. What goes with every post of the page is therefore told by today's page: it
stands as often between other lines that were there before. A picture may show words, so it must be the same one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from evidence.recheck_baseline import NEIGHBOUR_LETTERS
from evidence.recheck_page import fold_digits, normalise, read_markup
from evidence.recheck_place import find_between
from mentionwatch.fetching import Fault, Fetched

FURNITURE_PLACES = 2
"""Something that stands in so many other places of the page goes with every post."""

_MARK = "\ue000"
_UNREAD = frozenset({"script", "style", "template"})
_INLINE = frozenset({"a", "abbr", "b", "bdi", "em", "font", "i", "mark", "s", "small", "span", "strong", "u", "wbr"})  # fmt: skip
_SHOWN = frozenset({"img", "picture", "iframe", "frame", "embed", "object", "canvas", "video", "audio", "amp-img"})  # fmt: skip
_CONTROLS = frozenset({"button", "details", "dialog", "input", "label", "math", "select", "slot", "summary", "svg", "textarea"})  # fmt: skip
_BARE = frozenset({"br", "col", "hr", "link", "meta", "param", "source", "td", "th", "tr", "wbr"})
_ROOM = frozenset({"article", "aside", "div", "li", "main", "ol", "p", "section", "ul"})
_WORKING = ("aria-controls", "aria-expanded", "hidden", "onclick", "srcdoc")
_ICON = re.compile(r"avatar|gravatar|profile|userpic|icon|emoji|emote|smil|badge|flag|logo|rank|star|sprite", re.I)  # fmt: skip
_ANY = re.compile(rb"<(?:img|picture|i?frame|embed|object|canvas|video|script|template|button|details|input|svg)\b", re.I)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Thing:
    """An element, or signs, without words: its kind (tag and class, or no tag and the first sign, so that one row of
    stars is like another), where it points, and its place in the page's joined lines."""

    kind: tuple[str, str]
    source: str
    at: int


def may_be_shown(
    answer: Fetched,
    others: Sequence[Fetched | Fault | None],
    nearest: tuple[str, str],
    stood: Sequence[str],
) -> bool:
    """Does something without words stand in the place, or is there room on the page that a script may fill?

    Room that is there at other addresses of the site (`others`) too is not for this post.
    """
    rooms = find_rooms(answer)
    for other in others:
        rooms -= find_rooms(other) if rooms and isinstance(other, Fetched) else frozenset()
    return bool(rooms) or stands_instead(answer, nearest, stood)


def stands_instead(answer: Fetched, nearest: tuple[str, str], stood: Sequence[str]) -> bool:
    """Does anything stand between the two nearest neighbours that does not go with every post of the page?

    `nearest` and `stood`, the captured page's lines, are normalised. Markup that cannot be walked is doubted as soon
    as it holds any such thing.
    """
    markup = read_markup(answer)
    if markup is None:
        return False
    tree = _load(markup)
    if tree is None:
        return bool(_ANY.search(markup))
    page, things = _walk(tree)
    between = find_between(page, *nearest)
    if between is None:
        return bool(things)
    start, end = between
    here = [thing for thing in things if start < thing.at <= end + 1]
    others = [thing for thing in things if not start < thing.at <= end + 1]
    spread = _count_places(others, _find_bounds(page, stood))
    amounts = Counter(thing.kind for thing in here)
    return any(not _is_furniture(thing, amounts, others, spread) for thing in here)


def find_rooms(answer: Fetched) -> frozenset[tuple[str, str, str]]:
    """Empty named blocks (tag, id, class) of a page with scripts: a script may fill each with posts."""
    markup = read_markup(answer)
    tree = _load(markup) if markup and b"<script" in markup.lower() else None
    if tree is None:
        return frozenset()
    return frozenset(
        (element.tag, element.get("id") or "", element.get("class") or "")
        for element in tree.iter(*_ROOM)
        if (element.get("id") or element.get("class")) and _is_empty(element)
    )


def _load(markup: bytes) -> Any:
    from trafilatura.utils import load_html

    tree = load_html(markup)
    return tree.find(".//body") if tree is not None else None


def _is_empty(element: Any) -> bool:
    return (
        not any(
            isinstance(inner.tag, str) and (inner.tag not in _UNREAD or (inner.text or "").strip())
            for inner in element.iterdescendants()
        )
        and not "".join(element.itertext()).strip()
    )


def _walk(page: Any) -> tuple[str, list[_Thing]]:
    """The page's words as the second look compares them, and what stands among them."""
    from lxml import etree  # type: ignore[import-untyped]

    pieces: list[str] = []
    found: list[tuple[tuple[str, str], str]] = []

    def add(text: str) -> None:
        if (signs := text.strip()) and not normalise(signs):
            found.append((("", signs[0]), ""))
            text = _MARK
        pieces.append(text)

    walk = etree.iterwalk(page, events=("start", "end"))
    for event, element in walk:
        is_element = isinstance(element.tag, str)
        if is_element and element.tag not in _INLINE:
            pieces.append("\n")
        if event == "end":
            add("" if element is page else _one_line(element.tail))
            continue
        if not is_element:
            continue
        if element is not page and _is_thing(element):
            found.append(((element.tag, element.get("class") or ""), _source(element)))
            pieces.append(_MARK)
        if element.tag in _UNREAD:
            walk.skip_subtree()
        else:
            add(_one_line(element.text))
    lines, places, at = [], [], 1
    for line in "".join(pieces).split("\n"):
        words = _fold(line)
        begun = ""
        for piece in line.split(_MARK)[:-1]:
            begun += piece
            places.append(at + min(len(_fold(begun)), len(words)))
        if words:
            lines.append(words)
            at += len(words) + 1
    things = [_Thing(kind, source, place) for (kind, source), place in zip(found, places, strict=True)]
    return f" {' '.join(lines)} ", things


def _fold(text: str) -> str:
    return fold_digits(normalise(text.replace(_MARK, "")))


def _one_line(text: str | None) -> str:
    return (text or "").replace("\r", " ").replace("\n", " ").replace(_MARK, " ")


def _is_thing(element: Any) -> bool:
    tag = element.tag
    if tag in _SHOWN or tag in _CONTROLS or tag in _UNREAD or "-" in tag:
        return True
    if element.get("role") in ("button", "img") or any(element.get(name) is not None for name in _WORKING):
        return True
    if "background" in (element.get("style") or "") or "display" in (element.get("style") or ""):
        return True
    return tag not in _BARE and not (tag == "a" and element.get("href") is None) and _is_empty(element)


def _source(element: Any) -> str:
    return str(element.get("src") or element.get("data") or "")


def _find_bounds(page: str, stood: Sequence[str]) -> list[int]:
    """Where the lines begin that were there before and stand once."""
    lines = {fold_digits(line) for line in stood if len(line) >= NEIGHBOUR_LETTERS}
    return sorted(page.find(f" {line} ") for line in lines if page.count(f" {line} ") == 1)


def _count_places(things: Sequence[_Thing], bounds: Sequence[int]) -> dict[tuple[str, str], list[int]]:
    """Of each kind, how many stand in each place between two lines that holds any."""
    counts: Counter[tuple[tuple[str, str], int]] = Counter(
        (thing.kind, bisect_right(bounds, thing.at)) for thing in things
    )
    spread: dict[tuple[str, str], list[int]] = {}
    for (kind, _), count in counts.items():
        spread.setdefault(kind, []).append(count)
    return spread


def _is_furniture(
    thing: _Thing,
    amounts: Counter[tuple[str, str]],
    others: Sequence[_Thing],
    spread: dict[tuple[str, str], list[int]],
) -> bool:
    tag, name = thing.kind
    if tag in _SHOWN:
        if thing.source and any(thing.source == other.source for other in others):
            return True
        if not (tag in ("img", "picture", "amp-img") and _ICON.search(f"{name} {thing.source}")):
            return False
    as_many: Iterator[bool] = (count >= amounts[thing.kind] for count in spread.get(thing.kind, ()))
    return sum(as_many) >= FURNITURE_PLACES

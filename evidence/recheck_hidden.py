"""Words of a passage in the bytes of an answer where no reader of its text sees them.

A site that folds a post away often still delivers it: in an attribute, a comment, a template, or as JSON (RFC 8259)
in a script, with its signs escaped. A post whose words still arrive is not gone.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from evidence.recheck_page import normalise
from evidence.recheck_place import SHINGLE, find_runs
from mentionwatch.fetching import Fetched

LAYERS = 2
"""Escapes are undone so many times: JSON within JSON, entities within a script."""

_CODE = re.compile(r"(?<!\\)\\++(?:u\{?([0-9a-fA-F]{2,5})\}?|x([0-9a-fA-F]{2}))")
_SPACE = re.compile(r"(?<!\\)\\++[nrtbf]")
_BACKSLASH = re.compile(r"\\+")
_TAG = re.compile(r"<[^<>]*>")


def holds_words(answer: Fetched, passage: str, stood: Sequence[str]) -> bool:
    """Do the bytes hold the passage, or a run of five of its words that stood nowhere else when it was captured?

    `passage` and `stood`, the captured page's lines, are normalised.
    """
    if not passage:
        return False
    elsewhere = " ".join(" ".join(stood).split(passage))
    for view in _read_views(answer.body):
        if len(passage.split()) < SHINGLE:
            if f" {passage} " in f" {view} ":
                return True
        elif (runs := find_runs(passage, view)) and runs - find_runs(passage, elsewhere):
            return True
    return False


def _read_views(body: bytes) -> Iterator[str]:
    """The bytes' words, normalised: with the attributes of tags, without tags, and with tags as spaces."""
    text = _decode(body)
    for _ in range(LAYERS):
        text = html.unescape(unquote(_open_escapes(text)))
    yield normalise(text)
    for between in ("", " "):
        yield normalise(_TAG.sub(between, text))


def _decode(body: bytes) -> str:
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", errors="replace")
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body.decode("cp1252", errors="replace")


def _open_escapes(text: str) -> str:
    if "\\" not in text:
        return text
    return _BACKSLASH.sub("", _SPACE.sub(" ", _CODE.sub(_read_code, text)))


def _read_code(found: re.Match[str]) -> str:
    number = int(found.group(1) or found.group(2), 16)
    return chr(number) if number < 0xD800 or 0xDFFF < number <= 0x10FFFF else " "

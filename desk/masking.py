"""Masks private facts wherever words of a post are shown or exported (B05)."""

from __future__ import annotations

import re

_PHONE = re.compile(r"(?<![\d./-])(?:\+44\s?\d{2,4}|\(?0\d{2,4}\)?)[\s-]?\d{3,4}[\s-]?\d{3,4}(?![\d/-])")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+\w")
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b", re.IGNORECASE)
_STREET = re.compile(
    r"\b(?:number |no\.? |rhif )?\d{1,4}[a-d]?,? (?:[\w'’-]+ ){1,3}(?:street|road|lane|avenue|close|drive|crescent|terrace|way|gardens|grove|court)\b"
    r"|\b(?:rhif )?\d{1,4}[a-d]?,? (?:heol|ffordd|stryd|lôn|maes|rhodfa|clos|teras)(?: [\w'’-]+){1,2}",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w/@.])@[A-Za-z0-9_.]{2,30}\b|(?<![\w/])/?u/[A-Za-z0-9_-]{3,20}\b")
MASK = "▇▇▇"


def mask(text: str) -> str:
    """The text with telephone numbers, e-mail and street addresses, postcodes and handles blacked out."""
    for pattern in (_EMAIL, _PHONE, _STREET, _POSTCODE, _HANDLE):
        text = pattern.sub(MASK, text)
    return text


def shorten(text: str, most: int) -> str:
    """The beginning of a text, cut between words, with an ellipsis when cut. One line."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    return line[:most].rsplit(" ", 1)[0].rstrip(",.;:") + " …"

"""Masks private facts wherever words of a post are shown or exported (B05)."""

from __future__ import annotations

import re

MASK = "▇▇▇"

# Bounded repetition everywhere: a hostile text must not make a pattern slow.
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}\s?@\s?[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_PHONE = re.compile(
    r"(?<![\d/-])(?!\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b)(?:(?:\+|\b00)\s?\d{1,3}[\s.()-]{0,3}(?:\(0\)[\s.-]{0,2})?|\(?0)\d(?:[\s.()-]{0,2}\d){7,10}(?!\d)"
)
_LOCAL_PHONE = re.compile(
    r"\b((?:tel|telephone|phone|ring|call|text|ffôn|ffoniwch|rhif ffôn|whatsapp)\b[:.]?\s{1,3}(?:on |me |us |ar |fi ){0,2})\d{3}[\s-]?\d{3,5}\b",
    re.IGNORECASE,
)
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b", re.IGNORECASE)
_STREET = re.compile(
    r"\b(?:flat\s\d{1,3}[a-d]?,?\s)?(?:number\s|no\.?\s|rhif\s)?\d{1,4}[a-d]?,?\s(?:[\w'’-]{1,30}\s){1,3}"
    r"(?:street|st|road|rd|lane|avenue|ave|close|drive|crescent|terrace|way|gardens|grove|court|place|hill)\b"
    r"|\b(?:rhif\s)?\d{1,4}[a-d]?,?\s(?:heol|ffordd|stryd|lôn|maes|rhodfa|clos|teras|bro|tai|rhes)(?:\s[\w'’-]{1,30}){1,2}",
    re.IGNORECASE,
)
_PROFILE = re.compile(
    r"(?<![\w.])(?:https?://)?(?:(?:www|m|old|mobile)\.)?(?:(?:twitter|x|facebook|instagram|threads|tiktok|snapchat|youtube)\.(?:com|net)|t\.me|bsky\.app/profile|reddit\.com/u(?:ser)?)"
    r"/[@\w.%/?=-]{1,200}",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w/@.])@[\w.-]{1,80}\w\b|(?<![\w/])/?u/[\w-]{3,40}\b")

# Where a calm line is shown at a glance, nobody is named: a form of address or a family word gives a name away.
_CAPITAL = r"[A-ZÀ-ÖØ-ÞŴŶ][\w'’-]{1,40}"
_TITLED = re.compile(
    rf"\b((?:Mrs|Mr|Ms|Miss|Mx|Dr|Sir|Mistar|Syr)\.?\s)(?:{_CAPITAL}|[A-Z]\.)(?:\s(?:{_CAPITAL}|[A-Z]\.?)){{0,2}}"
)
_CHILD = re.compile(
    rf"\b((?i:(?:my|our|his|her|their) (?:little |eldest |youngest )?(?:son|daughter|boy|girl|child|kid)|pupil|classmate|schoolgirl|schoolboy"
    rf"|(?:fy|ein|ei) (?:mab|merch|plentyn)|disgybl|(?:boy|girl|child|lad|pupil|bachgen|merch|plentyn|disgybl) (?:named|called|o'r enw)),?\s)"
    rf"{_CAPITAL}(?:\s{_CAPITAL}){{0,2}}"
)
_AGED = re.compile(
    rf"\b{_CAPITAL}(?:\s{_CAPITAL}){{0,2}}"
    r"(?=,\s\d{1,2}[,)]|\s\(\d{1,2}\)|,?\saged\s\d|,?\s(?:yn\s)?\d{1,2}\s(?:years?\sold|oed)\b)"
)

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|(?<=[\x21-\x7e])[\u200c\u200d](?=[\x21-\x7e])"
)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


def tidy(text: str) -> str:
    """Without control, direction and invisible characters: none may reorder a page or hide a number from the mask."""
    return _CONTROL.sub(
        " ", _INVISIBLE.sub("", text.translate(_WIDE).replace("\r\n", "\n").replace("\r", "\n"))
    )


def mask(text: str) -> str:
    """The text, tidied, with telephone numbers, e-mail and street addresses, postcodes and handles blacked out."""
    text = tidy(text)
    for pattern in (_PROFILE, _EMAIL, _PHONE, _STREET, _POSTCODE, _HANDLE):
        text = pattern.sub(MASK, text)
    return _LOCAL_PHONE.sub(lambda found: found[1] + MASK, text)


def mask_people(text: str) -> str:
    """What `mask` does, and names that a title, a family word or an age gives away. For words shown without asking."""
    # Names first: the mask of an address may swallow the age that gives one away.
    text = _TITLED.sub(lambda found: found[1] + MASK, tidy(text))
    text = _CHILD.sub(lambda found: found[1] + MASK, text)
    return mask(_AGED.sub(MASK, text))


def shorten(text: str, most: int) -> str:
    """The beginning of a text, cut between words, with an ellipsis when cut. One line."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    return line[:most].rsplit(" ", 1)[0].rstrip(",.;:") + " …"

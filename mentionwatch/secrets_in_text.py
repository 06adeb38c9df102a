"""Does a text look as if it held a password or a log-in? The school may ask for them; nothing here may keep them.

A match needs a word that announces a credential and something that stands where one would: behind a colon or an
equals sign, behind "is", as a pair with a slash, or as a mixed token a few words on. Talk about passwords has the
word and no such thing. What is missed on purpose: a plain dictionary word behind "is" ("the password is swordfish"),
which cannot be told from "the password is weak".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

# Welsh changes the first letter: cyfrinair, gyfrinair, nghyfrinair, chyfrinair.
_CYFRINAIR = r"(?:c|g|ngh|ch)yfrin(?:air|eiriau|ymadrodd|ymadroddion|god|godau)"
_PASSWORD = rf"pass[ -]?(?:word|phrase|code|key)s?|passwd|pwd|pw|pword|{_CYFRINAIR}|(?:g|ng|ngh)?allweddeiriau|allweddair"
_LOGIN = (
    r"log[ -]?[io]n(?:[ -](?:details?|name|id)|s)?|user[ -]?(?:name|id)s?|credentials?"
    r"|(?:f|m)anylion (?:fy )?mewngofnodi|(?:mewn|fewn)gofnod(?:i|iad|ion)?|enw(?:au)? defnyddi(?:wr|wyr)"
)
_KEY = r"(?:api|access|secret|private|client|auth)[ _-]?(?:key|token|secret)s?|bearer|pin|c[oô]d(?:au)? (?:pin|mynediad)"
# An underscore parts words here (facebook_password), so \b, which takes it for a letter, would not do.
_WORD = re.compile(
    rf"(?<![^\W_])(?:(?P<password>{_PASSWORD})|(?P<login>{_LOGIN})|(?P<key>{_KEY}))(?![^\W_])", re.I
)
_SUBJECT = re.compile(
    r"[ \t]+(?:polic(?:y|ies)|polisi(?:'r|au)?|rules?|rheolau|managers?|rheolw?yr|guidance|canllawiau"
    r"|hygiene|security|diogelwch|strength)(?!\w)",
    re.I,
)
_POLICY_ON = re.compile(
    r"(?<!\w)(?:(?:p|b|ph)olis(?:i|ïau)|rh?eolau|rh?eolwr|[cg]h?anllawiau)(?:['’]r)?[ \t]+$", re.I
)
_QUALIFIER = (
    r"(?:\s+(?:newydd|hen|presennol|dros dro|i|ni|chi|new|old|now|again|field)|\s*\([^()\n]{1,30}\))?"
)
_ASSIGNED = re.compile(rf"{_QUALIFIER}[\"'’”]?\s*(?:[:=]+>?|->|→)\s*(?P<value>\S+)", re.I)
_IS = re.compile(
    rf"{_QUALIFIER}\s+(?:is|are|was|were|will be|yw|ydy|ydyw|oedd|fydd)(?:\s+(?:now|still|bellach|nawr))?[:\s]\s*(?P<value>\S+)",
    re.I,
)
_PAIR = re.compile(
    r"(?:\s+(?:and|for|to|a|ac|ar gyfer|i)\s+\S+?|\s*/\s*\S+?)?(?:\s+(?:is|are|was|were|yw|ydy|oedd)\s|\s*[:=])"
    r"\s*[^\s/]+\s*/\s*[^\s/]",
    re.I,
)
_BARE = re.compile(r"\s+(?P<value>\S+)")
_BEFORE = re.compile(
    r"(?P<value>\S+)\s+(?:(?:is|was)(?:\s+(?:the|our|my|your|her|his|their|a))?"
    r"|(?:yw|ydy|ydyw|oedd)(?:['’](?:r|n|i|ch|u)|\s+(?:y|yr|ein|fy|eu|ei|eich))?)(?:\s+\w{1,12})?\s*$",
    re.I,
)
_ELSEWHERE = re.compile(
    r"://[^/\s:@]+:[^/\s@]+@|-----BEGIN [A-Z ]*PRIVATE KEY-----|(?<!\w)bearer\s+[\w.~+/-]{16,}", re.I
)
_EDGES = ".,;:!?()[]{}<>\"'’‘“”„«»`*"
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://|www\.|[\w.+-]+@[\w-]+(?:\.[\w-]+)+$", re.I)
_NAMED_THING = re.compile(r"[^\W\d_]+-?\d{1,3}$")
_PARTS = re.compile(r"[-/_.:]")
_BLANKS = re.compile(r"[^\S\n]+")
_REACH, _LONG = 60, 8


def _is_mixed(token: str) -> bool:
    """Letters with digits or with signs inside, as no word of a sentence has them."""
    has_letter, has_digit = any(map(str.isalpha, token)), any(map(str.isdigit, token))
    return len(token) >= 4 and has_letter and (has_digit or any(sign in "!#$%^*+~?=@" for sign in token))


def _is_long_and_mixed(token: str) -> bool:
    """The same, told from what sentences do hold: Office365, COVID-19, DPIA-2026-04, addresses."""
    if len(token) < _LONG or _ADDRESS.match(token) or _NAMED_THING.fullmatch(token):
        return False
    if not (any(map(str.isalpha, token)) and any(map(str.isdigit, token))):
        return False
    return not all(part.isalpha() or part.isdigit() for part in _PARTS.split(token) if part)


def _stands_for_itself(value: str) -> bool:
    """Behind "is": in quotation marks, mixed, or a row of digits."""
    token = value.strip(_EDGES)
    quoted = len(token) > 2 and value[0] in "\"'‘“„«`" and value.rstrip(".,;:!?")[-1] in "\"'’”»`"
    return quoted or _is_mixed(token) or (token.isdigit() and len(token) >= 4)


def _tokens(text: str) -> Iterator[str]:
    """The words near behind the announcing one, up to the end of its line."""
    for token in text[:_REACH].split("\n", 1)[0].split():
        yield token.strip(_EDGES)


def _announces(found: re.Match[str], text: str) -> bool:
    rest = text[found.end() : found.end() + 400]
    ahead = text[max(0, found.start() - 120) : found.start()]
    if _SUBJECT.match(rest) or _POLICY_ON.search(ahead):
        return False
    assigned = _ASSIGNED.match(rest)
    value = assigned["value"].strip(_EDGES) if assigned else ""
    # "log-in: https://…" says where to sign in, not with what.
    if value and not (found["login"] and _ADDRESS.match(value) and "@" not in value):
        return True
    if found["login"] and _PAIR.match(rest):
        return True
    said = _IS.match(rest)
    if said and not found["key"] and _stands_for_itself(said["value"]):
        return True
    beside = said or _BARE.match(rest)
    if found["key"] and beside:
        token = beside["value"].strip(_EDGES)
        return (token.isdigit() and 4 <= len(token) <= 8) or _is_long_and_mixed(token)
    before = _BEFORE.search(ahead)
    if before and _stands_for_itself(before["value"]):
        return True
    return any(_is_long_and_mixed(token) for token in _tokens(rest))


def looks_like_secret(text: str) -> bool:
    """True when the text seems to hold a password, a log-in, a PIN or a key, in English or Welsh.

    For a table's key and value pass both: `f"{key}: {value}"`. Pure; time grows with the length of the text only.
    Source: Cansfield section 4, which lets the school ask for log-ins that this product must not keep.
    """
    folded = unicodedata.normalize("NFKC", text)
    folded = "".join(letter for letter in folded if unicodedata.category(letter) != "Cf")
    folded = _BLANKS.sub(" ", folded)
    if _ELSEWHERE.search(folded):
        return True
    return any(_announces(found, folded) for found in _WORD.finditer(folded))

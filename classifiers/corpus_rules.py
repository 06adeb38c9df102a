"""What the labelled texts must keep: pure functions from rows to findings. `tests/classifiers` runs them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from classifiers.labelled import LabelledText
from classifiers.language import count_function_words
from mentionwatch.labels import Harm, Label, Route

SHORTEST, LONGEST = 2, 200
SHINGLE = 5
ALIKE = 0.5
"""Two texts of different groups sharing this part of their shingles are one text written twice."""

LEAST = {"texts": 5000, "welsh": 1700, "label": 400, "en": 200, "cy": 100, "voices": 20}

_OK_ROUTES = {
    Label.POSITIVE: frozenset({Route.NONE}),
    Label.NEUTRAL: frozenset({Route.NONE}),
    Label.CONCERN: frozenset(Route),
    Label.INAPPROPRIATE: frozenset({Route.POLICE, Route.SAFEGUARDING, Route.INTERNAL}),
}

# Ofcom's numbers for use in drama: nobody can be rung.
_DRAMA = re.compile(
    r"07700900\d{3}|01632960\d{3}|0(?:113|114|115|116|117|118|121|131|141|151|161)4960\d{3}|0191498\d{4}"
    r"|02079460\d{3}|02890180\d{3}|02920180\d{3}|03069990\d{3}|08081570\d{3}|09098790\d{3}"
)
_PHONE = re.compile(r"(?<!\d)(?:\+44[\s().-]*|0(?=[1-9]))\d(?:[\s().-]{0,2}\d){6,9}(?!\d)")
_HOST = re.compile(
    r"(?:[\w.+-]+@|https?://|www\.)[\w-]+(?:\.[\w-]+)+"
    r"|\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|uk|cymru|wales|gov|info|io|co|tv|me|ly|gg|app|online|site|school|link|eu"
    r"|us|biz|xyz|news|shop|blog)\b",
    re.IGNORECASE,
)
_RESERVED = (".example", ".invalid", ".test")
MADE_UP_HOSTS: frozenset[str] = frozenset()
"""Hosts of invented schools outside the reserved names. None so far: texts use `.example`."""

# Small "b2 1st floor" is an ordinal, no postcode.
_POSTCODE = re.compile(
    r"\b([A-Z]{1,2})\d[A-Z\d]? ?(?!(?-i:\d(?:st|nd|rd|th)\b))\d[ABD-HJLNP-UW-Z]{2}\b", re.IGNORECASE
)
_AREAS = frozenset(
    "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY "
    "G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP "
    "NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB "
    "W WA WC WD WF WN WR WS WV YO ZE".split()
)
_KNOWN_PEOPLE = re.compile(
    r"\b(?:Boris Johnson|BoJo|Keir Starmer|Starmer|Rishi Sunak|Sunak|Farage|Donald Trump|Liz Truss|Corbyn|Putin|Biden"
    r"|Obama|Tony Blair|David Cameron|Theresa May|Thatcher|Nicola Sturgeon|Sadiq Khan|Bridget Phillipson|Gavin Williamson"
    r"|Gillian Keegan|Michael Gove|Amanda Spielman|Drakeford|Eluned Morgan|Rhun ap Iorwerth|Liz Saville|Vaughan Gething"
    r"|Tommy Robinson|Andrew Tate|Katie Hopkins|Laurence Fox|Piers Morgan|Jordan Peterson|Joe Rogan|Birbalsingh"
    r"|Elon Musk|Zuckerberg|Netanyahu|Greta Thunberg|Malala|Prince (?:Harry|William|Andrew)|King Charles|Kate Middleton"
    r"|Taylor Swift|Ed Sheeran|Adele|Stormzy|Beyonc[eé]|Kanye|Dua Lipa|Harry Styles|Bryn Terfel|Dafydd Iwan|Aled Jones"
    r"|Gareth Bale|Ronaldo|Messi|Harry Kane|Rashford|Bellingham|Southgate|Guardiola|Klopp|Lineker|Gareth Thomas"
    r"|Nigel Owens|Tyson Fury|MrBeast|KSI|Logan Paul|Jamie Oliver|Gordon Ramsay|Joe Wicks|Clarkson|Schofield"
    r"|Huw Edwards|Jimmy Savile|Rolf Harris|Gary Glitter|Epstein|Weinstein|Ian Huntley|Lucy Letby|Wayne Couzens"
    r"|Rowling|Walliams|Attenborough|Madeleine McCann|Sarah Everard|Brianna Ghey)\b"
)
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_NAME = re.compile(r"\b[A-ZÂÊÎÔÛŴŶÁÉÍÓÚ][\w'’-]*")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule a row, a pair of rows or the whole corpus breaks. `where` is a row's group; empty for the whole."""

    rule: str
    where: str
    what: str


def count_as(row: LabelledText) -> str:
    """The language a row is counted under: code-switching counts as Welsh."""
    return "en" if row.lang == "en" else "cy"


def shingle(text: str) -> frozenset[str]:
    """The character 5-grams of a text in small letters and single spaces; a shorter text is its own shingle."""
    plain = _SPACE.sub(" ", text.lower()).strip()
    return frozenset(plain[at : at + SHINGLE] for at in range(max(1, len(plain) - SHINGLE + 1)))


def measure_likeness(left: frozenset[str], right: frozenset[str]) -> float:
    """Jaccard: shared shingles by all shingles of the two."""
    shared = len(left & right)
    return shared / (len(left) + len(right) - shared)


def find_near_duplicates(rows: Sequence[LabelledText], alike: float = ALIKE) -> tuple[Finding, ...]:
    """Pairs of different groups at least `alike`, counted exactly over an inverted index of all shingles."""
    sets = [shingle(row.text) for row in rows]
    sizes = np.array([len(pieces) for pieces in sets])
    holders: dict[str, list[int]] = defaultdict(list)
    for at, pieces in enumerate(sets):
        for piece in pieces:
            holders[piece].append(at)
    # A shingle seen once is shared with nobody.
    index = {piece: np.array(texts) for piece, texts in holders.items() if len(texts) > 1}
    nobody = np.array([], dtype=np.intp)
    found = []
    for at, pieces in enumerate(sets):
        met = np.concatenate([nobody, *(index[piece] for piece in pieces if piece in index)])
        shared = np.bincount(met, minlength=len(rows))[:at]
        likeness = shared / (sizes[:at] + sizes[at] - shared)
        for other in np.flatnonzero(likeness >= alike).tolist():
            if rows[other].group != rows[at].group:
                what = f"{likeness[other]:.0%} alike with {rows[other].group}"
                found.append(Finding("near-duplicate", rows[at].group, what))
    return tuple(found)


def find_templates(rows: Iterable[LabelledText]) -> tuple[Finding, ...]:
    """Texts that differ from another in nothing but numbers and capitalised words, whatever their groups."""
    first: dict[str, str] = {}
    found = []
    for row in rows:
        mask = _SPACE.sub(" ", _NAME.sub("N", _NUMBER.sub("0", row.text))).strip()
        # A handful of words is alike by chance: "Diolch, Mrs Puw!" is no template.
        if len(re.findall(r"\b[^\W\d_]{2,}", mask)) < 4:
            continue
        if mask in first:
            found.append(Finding("template", row.group, f"same words as {first[mask]}"))
        first.setdefault(mask, row.group)
    return tuple(found)


def _check_labels(row: LabelledText) -> Iterable[str]:
    if bool(row.harms) is not (row.label is Label.INAPPROPRIATE):
        yield "harms stand on every inappropriate text and on no other"
    if row.like and row.label is Label.INAPPROPRIATE:
        yield "only a harmless text looks like a harm"
    if row.route not in _OK_ROUTES[row.label]:
        yield f"a text that is {row.label.value} is not routed to {row.route.value}"
    if not row.group.startswith(f"{row.voice}/"):
        yield "a group belongs to one voice"
    if row.voice.startswith("en-") and row.lang == "cy":
        yield "a voice of English has a row in Welsh only"
    english, welsh = count_function_words(row.text)
    # Little words decide only where there are some; "Ysgol y Garn" is no Welsh sentence.
    if max(english, welsh) >= 3 and (
        (row.lang == "en" and welsh > english) or (row.lang == "cy" and english > welsh)
    ):
        yield f"is in {row.lang} and has {english} little English words and {welsh} Welsh ones"


def _check_places(row: LabelledText) -> Iterable[str]:
    text = f"{row.title}\n{row.text}"
    for match in _PHONE.finditer(text):
        digits = "".join(filter(str.isdigit, match.group()))
        digits = "0" + digits[2:].removeprefix("0") if match.group().startswith("+44") else digits
        if not _DRAMA.fullmatch(digits):
            yield "telephone number outside the ranges set aside for drama"
    for match in _HOST.finditer(text):
        host = re.sub(r"^(?:[^@]*@|https?://)", "", match.group(), flags=re.IGNORECASE).lower()
        if not host.endswith(_RESERVED) and host not in MADE_UP_HOSTS:
            yield f"address under a real domain: {host}"
    if any(match.group(1).upper() in _AREAS for match in _POSTCODE.finditer(text)):
        yield "postcode of a real area"
    yield from (f"well-known person: {name}" for name in _KNOWN_PEOPLE.findall(text))


def check_row(row: LabelledText) -> tuple[Finding, ...]:
    """Everything that can be seen in one row: length, label with harms and route, addresses, real people."""
    words = len(row.text.split())
    found = [Finding("length", row.group, f"{words} words")] if not SHORTEST <= words <= LONGEST else []
    found += [Finding("label", row.group, what) for what in _check_labels(row)]
    found += [Finding("place", row.group, what) for what in _check_places(row)]
    return tuple(found)


def count_harms(rows: Iterable[LabelledText]) -> Counter[tuple[str, Harm]]:
    """Texts per language and harm."""
    return Counter((count_as(row), harm) for row in rows for harm in row.harms)


def count_look_alikes(rows: Iterable[LabelledText]) -> Counter[tuple[str, Harm]]:
    """Harmless texts per language and harm they resemble."""
    return Counter((count_as(row), harm) for row in rows for harm in row.like)


def find_missing_look_alikes(rows: Sequence[LabelledText]) -> dict[tuple[str, Harm], int]:
    """Per language and harm, how many look-alikes are missing to be as many as the texts with that harm."""
    like = count_look_alikes(rows)
    return {key: total - like[key] for key, total in sorted(count_harms(rows).items()) if like[key] < total}


def check_size(rows: Sequence[LabelledText]) -> tuple[Finding, ...]:
    """Distinct texts against `LEAST`, as counted once each whatever their letters' size and spaces."""
    distinct: dict[str, LabelledText] = {}
    found = []
    for row in rows:
        plain = _SPACE.sub(" ", row.text.lower()).strip()
        if plain in distinct:
            found.append(Finding("twice", row.group, f"same text as {distinct[plain].group}"))
        distinct.setdefault(plain, row)
    kept = tuple(distinct.values())
    labels = Counter((count_as(row), row.label) for row in kept)
    harms = count_harms(kept)
    counts = [
        ("texts", len(kept), LEAST["texts"]),
        ("voices", len({row.voice for row in kept}), LEAST["voices"]),
    ]
    counts.append(("Welsh or mixed texts", sum(row.lang != "en" for row in kept), LEAST["welsh"]))
    for lang in ("en", "cy"):
        counts += [(f"{lang} {label.value}", labels[lang, label], LEAST["label"]) for label in Label]
        counts += [(f"{lang} {harm.value}", harms[lang, harm], LEAST[lang]) for harm in Harm]
    found += [
        Finding("size", "", f"{what}: {count} of {least}") for what, count, least in counts if count < least
    ]
    return tuple(found)

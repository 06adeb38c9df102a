"""Builds a school's profile: from a name and places, or from its row in a register."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

from mentionwatch.errors import ConfigError
from mentionwatch.naming import NameParts, parse_name, words
from mentionwatch.school import LookAlike, SchoolProfile

_WELSH_START = re.compile(r"^\s*ysgol\b", re.IGNORECASE)
_TYPE_WORDS = re.compile(
    r"\s*\(?\b(?:church of england|church in wales|c\.? ?of ?e\.?|cofe|c\.?e\.?|roman catholic|catholic|rc|voluntary aided|"
    r"voluntary controlled|va|vc|aided|controlled|community|county|foundation|endowed|welsh|gymraeg|gymuned|gymunedol|"
    r"gynradd|uwchradd|gyfun|primary|infants?|juniors?|nursery|first|middle|secondary|high|comprehensive|grammar|special|"
    r"and nursery|school|academy|college|ysgol)(?!\w)\)?",
    re.IGNORECASE,
)
_OUTWARD = re.compile(r"^([A-Z]{1,2}\d[A-Z\d]?)\s*(\d[A-Z]{2})$", re.IGNORECASE)
_ENGLISH_PHASES = {"primary": "Primary", "infant": "Infant", "junior": "Junior", "secondary": "High", "first": "First", "middle": "Middle", "nursery": "Nursery", "special": "Special"}  # fmt: skip
_WELSH_PHASES = {"primary": "Gynradd", "secondary": "Uwchradd"}
_MAX_LOOK_ALIKES = 60


def _core_as_written(name: str, parts: NameParts) -> str:
    """The core with its own capitals and apostrophes: "St Mary's", "Pont-y-garreg"."""
    head = name.split(",")[0]
    if parts.is_whole or not parts.is_typed:
        return head.strip()
    text = re.sub(r"^\s*the\s+", "", head, flags=re.IGNORECASE)
    if _WELSH_START.match(text):
        text = _WELSH_START.sub("", text)
        while True:
            shorter = (
                _TYPE_WORDS.sub("", text, count=1)
                if (m := _TYPE_WORDS.match(text)) and m.start() == 0
                else text
            )
            if shorter == text:
                break
            text = shorter
    # The earliest cut whose words are the core's: what is left keeps the writer's own spelling.
    pieces = re.split(r"(\s+)", text.strip())
    for end in range(1, len(pieces) + 1):
        candidate = "".join(pieces[:end]).strip()
        if words(candidate) == parts.core:
            return candidate
    return " ".join(word.capitalize() for word in parts.core)


def _hashtag(name: str) -> str:
    """ "Ysgol Llanbedrog" as people tag it: YsgolLlanbedrog."""
    return "".join(
        part[:1].upper() + part[1:]
        for part in re.findall(r"\w+", re.sub(r"['’.]", "", name.replace("&", " and ")))
    )


def _phase_forms(core: str, parts: NameParts) -> list[str]:
    forms: list[str] = []
    phases = sorted(parts.phases) or (["primary"] if parts.is_welsh and not parts.phases else [])
    for phase in phases:
        word = _ENGLISH_PHASES.get(phase)
        if word is None:
            continue
        if parts.is_welsh or len(parts.phases) == 1:
            forms += [f"{core} {word} School", f"{core} {word}"]
        if phase in ("infant", "junior"):
            forms.append(f"{core} {word}s")
    return forms


def derive_names(name: str) -> tuple[str, ...]:
    """Further names people use for a school called `name`, in English and Welsh; without `name` itself.

    Only forms that still say what is meant: never the bare village, saint or word, never initials.
    """
    parts = parse_name(name)
    if not parts.is_typed or not parts.core:
        return ()
    core = _core_as_written(name, parts)
    if parts.is_whole:
        forms = [_hashtag(name)]
    else:
        forms = _phase_forms(core, parts)
        if not parts.phases & {"infant", "junior", "nursery"}:
            forms.append(f"{core} School")
        if "academy" in parts.school_words:
            forms.append(f"{core} Academy")
        if parts.is_welsh:
            forms.append(f"Ysgol {core}")
            for phase in sorted(parts.phases) or ["primary"]:
                if phase in _WELSH_PHASES:
                    forms.append(f"Ysgol {_WELSH_PHASES[phase]} {core}")
            forms.append(_hashtag(f"Ysgol {core}"))
        else:
            forms.append(f"Ysgol {core}")
            forms.append(_hashtag(forms[0]))
    unique: dict[tuple[str, ...], str] = {}
    for form in forms:
        if words(form) != words(name):
            unique.setdefault(words(form), form)
    return tuple(unique.values())


def derive_profile(name: str, places: tuple[str, ...], lang: str = "en") -> SchoolProfile:
    """The profile that `init --name --place` writes. `places`: town, village, county, outward postcode …

    A place written into the name ("Trinity School, Carlisle") joins them. Raises `ConfigError` for a name
    without a letter or a digit.
    """
    clean = " ".join(name.split())
    if not words(clean):
        raise ConfigError(
            "school.toml", "school.name", "holds no letter or digit", 'Write name = "Ysgol Llanfair"'
        )
    known = [" ".join(place.split()) for place in places if words(place)]
    tail = parse_name(clean).tail
    if tail and "," in clean:
        known.append(clean.rpartition(",")[2].strip())
    postcodes = tuple(place.upper() for place in known if _OUTWARD.match(place))
    kept: dict[tuple[str, ...], str] = {}
    for place in known:
        match = _OUTWARD.match(place)
        shown = match.group(1).upper() if match else place
        kept.setdefault(words(shown), shown)
    return SchoolProfile(
        name=clean, names=derive_names(clean), places=tuple(kept.values()), postcodes=postcodes, lang=lang
    )


_NEEDED = ("URN", "EstablishmentName", "Town", "Postcode")
_REGISTER = "the register"


def _rows(csv_text: str) -> list[dict[str, str]]:
    try:
        reader = csv.DictReader(io.StringIO(csv_text.lstrip("\ufeff"), newline=""))
        header = reader.fieldnames or []
        missing = [column for column in _NEEDED if column not in header]
        if missing:
            raise ConfigError(
                _REGISTER,
                missing[0],
                "is not a column of this file",
                f"Use the England schools register as CSV, with the columns {', '.join(_NEEDED)}",
            )
        return [
            {
                key: (value or "").strip()
                for key, value in row.items()
                if isinstance(key, str) and not isinstance(value, list)
            }
            for row in reader
        ]
    except csv.Error as error:
        raise ConfigError(
            _REGISTER, "", f"is not readable as CSV ({error})", "Download it again, as CSV"
        ) from error


def _is_open(row: dict[str, str]) -> bool:
    return (
        not row.get("EstablishmentStatus (name)", row.get("EstablishmentStatus", ""))
        .lower()
        .startswith("closed")
    )


def _places_of(row: dict[str, str]) -> tuple[str, ...]:
    match = _OUTWARD.match(row.get("Postcode", ""))
    listed = [
        row.get(column, "")
        for column in (
            "Town",
            "Locality",
            "Address3",
            "County (name)",
            "LA (name)",
            "AdministrativeWard (name)",
        )
    ]
    if match:
        listed.append(match.group(1).upper())
    unique: dict[tuple[str, ...], str] = {}
    for place in listed:
        if words(place) and place.lower() not in ("not recorded", "not applicable"):
            unique.setdefault(words(place), place)
    return tuple(unique.values())


def _host(website: str) -> str:
    bare = re.sub(r"^\s*(?:https?:)?/*(?:www\.)?", "", website, flags=re.IGNORECASE).strip()
    return bare.partition("/")[0].lower()


def profile_from_register(csv_text: str, id: str, lang: str = "en") -> SchoolProfile:
    """The profile of the school with URN `id` in an England register (GIAS columns), as decoded text.

    Other open schools of the same short name become look-alikes with the places that tell them from
    ours. Raises `ConfigError` for text that is no such CSV, a missing column or an unknown id.
    """
    rows = _rows(csv_text)
    wanted = id.strip()
    ours = next((row for row in rows if row["URN"] == wanted), None)
    if ours is None:
        raise ConfigError(
            _REGISTER,
            "URN",
            f"no school has the id {wanted[:20]!r}",
            "Give the six-digit URN of the school as --id",
        )
    places = _places_of(ours)
    base = derive_profile(ours["EstablishmentName"], places, lang)
    core = parse_name(base.name).core
    own = {words(place) for place in places}
    look_alikes: list[LookAlike] = []
    # Rivals of the same authority first: they are the ones a reader takes for ours.
    authority = ours.get("LA (name)", "")
    for row in sorted(rows, key=lambda row: row.get("LA (name)", "") != authority):
        if row is ours or not row["EstablishmentName"] or not _is_open(row):
            continue
        if parse_name(row["EstablishmentName"]).core != core:
            continue
        apart = tuple(place for place in _places_of(row) if words(place) not in own)
        look_alikes.append(LookAlike(row["EstablishmentName"], apart or _places_of(row)[:1]))
    surname = ours.get("HeadLastName", "")
    website = _host(ours.get("SchoolWebsite", ""))
    return replace(
        base,
        websites=(website,) if website else (),
        postcodes=(ours["Postcode"].upper(),) if _OUTWARD.match(ours["Postcode"]) else base.postcodes,
        look_alikes=tuple(look_alikes[:_MAX_LOOK_ALIKES]),
        head_surnames=(surname,) if surname else (),
        register_id=wanted,
    )

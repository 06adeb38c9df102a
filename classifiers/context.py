"""Where a text is about: the school's own places, its rivals' places, and places named beside a name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from classifiers import welsh
from classifiers.names import TITLES, glue
from classifiers.places import (
    ALSO_WORDS,
    FIRST_WORDS,
    LONGEST,
    Place,
    is_town,
    looks_like_place,
    regions,
    same_places,
)
from classifiers.reading import Reading
from mentionwatch.naming import parse_name, word_set, words
from mentionwatch.school import LookAlike, SchoolProfile

_OUTWARD = re.compile(r"[a-z]{1,2}[0-9][a-z0-9]?")
_INWARD = re.compile(r"[0-9][a-z]{2}")
_PREPOSITIONS = word_set("in at near of yn ym yng o ger from")
_LIGHT = word_set("the y yr i")
_HEADS = word_set("head headteacher headmaster headmistress principal pennaeth prifathro prifathrawes")


class Beside(Enum):
    """What a place named right beside the school's name says."""

    OWN = "own"
    RIVAL = "rival"
    OTHER = "other"
    NEAR = "near"
    UNSURE = "unsure"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Named:
    """A place found beside a name: what it says, as the text has it (folded), and the rival of that place."""

    sort: Beside
    shown: str = ""
    rival: str = ""


_NOTHING = Named(Beside.NONE)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A profile's places, compiled.

    `own` maps every spelling to the place as the school writes it; `rivals` maps a rival's place to the
    rival; `own_regions` is empty when no own place is known to classifiers/places.py.
    """

    own: dict[Place, str]
    mutated: dict[Place, str]
    core_places: frozenset[str]
    rivals: dict[Place, LookAlike]
    own_regions: frozenset[str]
    outward: frozenset[str]
    surnames: frozenset[Place]
    villages: tuple[tuple[str, str], ...]
    starts: frozenset[str]

    def own_in(self, text: Reading) -> str:
        """The first own term of place in the text that is no part of the school's name; empty for none."""
        for n in range(len(text.words)):
            found = self._at(text, n, self.own)
            if found and glue(found) not in self.core_places:
                return self.own[found]
            found = self._at(text, n, self.mutated)
            if (
                found
                and glue(found) not in self.core_places
                and n
                and text.words[n - 1] in welsh.MUTATES_NEXT
            ):
                return self.mutated[found]
        return ""

    def rival_in(self, text: Reading) -> tuple[str, str]:
        """A rival's place anywhere in the text, and that rival's name; two empty texts for none."""
        for n in range(len(text.words)):
            found = self._at(text, n, self.rivals)
            if found and glue(found) not in self.core_places:
                return " ".join(found), self.rivals[found].name
        return "", ""

    def head_in(self, text: Reading) -> str:
        """A head's surname after a title or the post; the bare surname is anybody's."""
        for surname in self.surnames:
            for i, _ in text.find(glue(surname)):
                if i and (text.words[i - 1] in TITLES or text.words[i - 1] in _HEADS):
                    return " ".join(surname)
        return ""

    def _at(self, text: Reading, n: int, table: Mapping[Place, object]) -> Place:
        last = text.words[n]
        if last not in self.starts and last.removesuffix("s") not in self.starts:
            return ()
        for size in range(min(5, len(text.words) - n), 0, -1):
            piece = text.words[n : n + size]
            if piece in table:
                return piece
        if last.endswith("s") and (last[:-1],) in table:
            return (last[:-1],)
        return ()

    def _name(self, text: Reading, n: int, bare: bool) -> tuple[Named, int]:
        """The place that starts at word n. `bare`: no preposition or comma announces it."""
        if n >= len(text.words):
            return _NOTHING, 0
        for size in range(min(LONGEST, len(text.words) - n), 0, -1):
            piece = text.words[n : n + size]
            if not text.is_one(n, n + size):
                continue
            shown = " ".join(piece)
            if piece in self.rivals:
                return Named(Beside.RIVAL, shown, self.rivals[piece].name), size
            if piece in self.own or piece in self.mutated:
                return Named(Beside.OWN, shown), size
            if piece[0] not in FIRST_WORDS or not (known := regions(piece)):
                continue
            if bare and shown in ALSO_WORDS:
                return _NOTHING, 0
            if not self.own_regions:
                return Named(Beside.UNSURE, shown), size
            if not known & self.own_regions:
                return Named(Beside.OTHER, shown), size
            return Named(Beside.OWN if shown in self.own_regions else Beside.NEAR, shown), size
        word = text.words[n]
        if _OUTWARD.fullmatch(word):
            if word in self.outward:
                return Named(Beside.OWN, word), 1
            if self.outward and n + 1 < len(text.words) and _INWARD.fullmatch(text.words[n + 1]):
                return Named(Beside.OTHER, word), 2
        if not bare and looks_like_place(word):
            return Named(Beside.UNSURE, word), 1
        return _NOTHING, 0

    def after(self, text: Reading, n: int) -> Named:
        """The place named right after a name that ends before word n: ", Leeds", "in Leeds", "(Leeds)"."""
        bare = True
        for _ in range(3):
            if n >= len(text.words) or (
                text.ends_before(n) and "(" not in text.gaps[n] and "|" not in text.gaps[n]
            ):
                return _NOTHING
            if any(mark in text.gaps[n] for mark in ",(-|/[@#"):
                bare = False
            if text.words[n] in _PREPOSITIONS:
                bare = False
            elif text.words[n] not in _LIGHT or (text.words[n : n + 2] in self.own):
                break
            n += 1
        named, _ = self._name(text, n, bare)
        if named.sort is not Beside.NONE and named.sort is not Beside.UNSURE:
            return named
        if not bare:
            for skip in (1, 2):  # "in Braunstone, Leicester": a village nobody lists, then its town
                if n + skip < len(text.words) and "," in text.gaps[n + skip] and text.is_one(n, n + skip):
                    further, _ = self._name(text, n + skip, False)
                    if further.sort is not Beside.NONE:
                        return further
        return named

    def before(self, text: Reading, n: int) -> Named:
        """The place that runs straight into the name at word n: "Leeds St Mary's", "Stockport's Hillside"."""
        run = text.joined_before(n, LONGEST)
        for size in range(len(run), 0, -1):
            piece = run[len(run) - size :]
            for form in (piece, (*piece[:-1], piece[-1].removesuffix("s"))):
                if form in self.rivals:
                    return Named(Beside.RIVAL, " ".join(form), self.rivals[form].name)
                if form in self.own:
                    return Named(Beside.OWN, " ".join(form))
                known = regions(form)
                if (
                    known
                    and " ".join(form) not in ALSO_WORDS
                    and self.own_regions
                    and not known & self.own_regions
                ):
                    return Named(Beside.OTHER, " ".join(form))
        return _NOTHING

    def judge_place(self, place: Reading) -> Named:
        """What the feed's or author's stated place says."""
        best = _NOTHING
        for n in range(len(place.words)):
            if found := self._at(place, n, self.own):
                return Named(Beside.OWN, " ".join(found))
            if best.sort is Beside.NONE and (found := self._at(place, n, self.rivals)):
                best = Named(Beside.RIVAL, " ".join(found), self.rivals[found].name)
            for size in range(min(LONGEST, len(place.words) - n), 0, -1):
                piece = place.words[n : n + size]
                known = regions(piece)
                if not known or best.sort is Beside.RIVAL:
                    continue
                if self.own_regions and known & self.own_regions:
                    return Named(Beside.OWN, " ".join(piece))
                if self.own_regions and best.sort is Beside.NONE:
                    best = Named(Beside.OTHER, " ".join(piece))
        return best


def build_surroundings(profile: SchoolProfile, cores: frozenset[str]) -> Surroundings:
    """Compile the places of a profile. `cores`: the glued cores of its names, which are no proof of place."""
    own: dict[Place, str] = {}
    mutated: dict[Place, str] = {}
    outward: set[str] = set()
    villages: dict[str, str] = {}
    for shown in profile.places:
        place = words(shown)
        if not place:
            continue
        for alias in same_places(place):
            own.setdefault(alias, shown)
        for form in welsh.mutations(place[0]):
            if len(place[0]) >= 4:
                mutated.setdefault((form, *place[1:]), shown)
        if len(place) == 1 and _OUTWARD.fullmatch(place[0]):
            outward.add(place[0])
        elif not is_town(place) or glue(place) in cores:
            villages.setdefault(glue(place), shown)
    for postcode in profile.postcodes:
        code = "".join(words(postcode))
        if len(code) > 4:
            outward.add(code[:-3])
    for code in outward:
        own.setdefault((code,), code.upper())
    listed = [
        regions(alias) for shown in profile.places for alias in same_places(words(shown)) if words(shown)
    ]
    known = [found for found in listed if found]
    settled = frozenset().union(*(found for found in known if len(found) == 1))
    own_regions = settled or frozenset().union(*known)
    if len(own_regions) == 1:  # the county of the school's town speaks for it too
        (region,) = own_regions
        for alias in same_places(words(region)):
            own.setdefault(alias, region.title())
    rivals: dict[Place, LookAlike] = {}
    for rival in profile.look_alikes:
        tail = parse_name(rival.name).tail
        for place in [words(shown) for shown in rival.places] + ([tail] if tail else []):
            for alias in same_places(place) if place else ():
                if alias not in own:
                    rivals.setdefault(alias, rival)
    starts = frozenset(place[0] for table in (own, mutated, rivals) for place in table)
    surnames = frozenset(words(name)[-1:] for name in profile.head_surnames if words(name))
    return Surroundings(
        own,
        mutated,
        cores,
        rivals,
        own_regions,
        frozenset(outward),
        surnames,
        tuple(villages.items()),
        starts,
    )

"""Weighs one place in a text where a core of the school's names stands: ours, perhaps ours, or another's."""

from __future__ import annotations

from dataclasses import dataclass

from classifiers.context import Beside, Named, Surroundings
from classifiers.names import (
    LLAN_ENDINGS,
    OTHER_THINGS,
    PLAIN_BEFORE,
    SOFT,
    STRONG,
    TITLES,
    Core,
    is_one_edit,
)
from classifiers.places import is_town
from classifiers.reading import Reading
from mentionwatch.naming import TypeRun, read_types, read_welsh_types, word_set

_ARTICLES = word_set("a an any another every each some no")
_COMPASS = word_set("north south east west upper lower nether mid")
_GOES_TO = word_set(
    "at to from for with attend attends attended join joined joins leave left hates hate love loves"
)
_SCHOOL_OF = word_set(
    "dance art arts music motoring ballet drama thought english gymnastics rock motorcycling sailing cookery"
)
_LONG_TYPES = (
    "primary",
    "school",
    "academy",
    "infant",
    "junior",
    "infants",
    "juniors",
    "secondary",
    "college",
)
_YOUNG = frozenset({"nursery", "infant", "junior", "primary", "first"})


@dataclass(frozen=True, slots=True)
class SchoolKind:
    """What the weighing needs to know of the school beside its names: places, phases, faiths."""

    surroundings: Surroundings
    phases: frozenset[str]
    faiths: frozenset[str]
    is_community: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """What one place in the text says. `score` 0 means that it names something else."""

    score: float
    reason: str


def quote(text: str) -> str:
    return f"“{text if len(text) <= 60 else text[:59] + '…'}”"


def _phase_fit(
    own: frozenset[str], said: frozenset[str], run_words: frozenset[str], is_community: bool
) -> str:
    """`fits`, `unsure` or `conflicts`: could a school of these phases be called that?"""
    said = said - {"nursery"} or said  # "Primary School nursery" is the primary school
    if own and own <= _YOUNG and not said and run_words & {"college", "coleg"}:
        return "conflicts"
    if not said or own & said:
        return "fits"
    if not own and is_community and said <= _YOUNG:
        return "unsure"  # a "Community School" is as a rule a secondary school
    if not own:
        return "fits" if said <= {"primary", "infant", "junior", "first", "secondary"} else "unsure"
    if "primary" in own | said and own | said <= {"primary", "infant", "junior", "first", "nursery"}:
        return "unsure"
    return "conflicts"


class Weigher:
    """Weighs the hits of one text; made anew for each text."""

    def __init__(self, school: SchoolKind, reading: Reading, own_term: str, stated: Named) -> None:
        self.school, self.reading, self.own_term, self.stated = school, reading, own_term, stated
        self._rival: tuple[str, str] | None = None

    def rival_anywhere(self) -> tuple[str, str]:
        if self._rival is None:
            self._rival = self.school.surroundings.rival_in(self.reading)
        return self._rival

    def hit(self, core: Core, i: int, j: int, sort: str) -> Finding | None:
        """What the core at words `[i, j)` says; None when it is part of something else altogether."""
        reading = self.reading
        if not reading.is_one(i, j):
            return None
        left = read_welsh_types(reading.joined_before(i, 6), len(reading.joined_before(i, 6)))
        before = i - (left.end - left.start)
        end = j + 1 if reading.joined_after(j, 1) == ("s",) else j
        right, end, is_longer = self._types_after(end)
        is_typed = left.says_school or right.says_school or core.is_whole
        previous = reading.joined_before(before, 2)
        following = reading.joined_after(end, 3)
        if following[:1] == ("of",) and following[1:2] and following[1] in _SCHOOL_OF:
            return None
        if core.is_saintly and following[:2] == ("and", "st") and not right.says_school:
            return None
        if following and not right.says_school and self._continues(core, end, following[0]):
            return None
        if not left.says_school and previous[-1:] == ("bro",) and previous[0] in ("ysgol", "hysgol"):
            return Finding(
                0.4, f"names {quote(' '.join((*previous, *reading.words[i:end])).title())}, which may be ours"
            )
        if not is_typed:
            if is_longer and core.is_shared:
                return None
            return self._bare(core, i, j, sort, previous, following)
        if self._is_inside_longer_name(core, previous, left.says_school):
            return None
        said = (
            left.phases | right.phases,
            left.faiths | right.faiths,
            left.school_words | right.school_words,
        )
        full = " ".join(reading.words[before:end]).title()
        fit = _phase_fit(self.school.phases, said[0], said[2], self.school.is_community)
        if said[1] and self.school.faiths and not said[1] & self.school.faiths:
            return Finding(0.0, f"names {quote(full)}, a school of another faith")
        if fit == "conflicts":
            return Finding(0.0, f"names {quote(full)}, a school of another phase")
        is_indefinite = (
            right.says_school and not left.says_school and bool(_ARTICLES.intersection(previous[-1:]))
        )
        beside = self.school.surroundings.after(reading, end)
        if is_indefinite and core.is_shared and not self.own_term:
            return None  # "a hillside school"
        if beside.sort in (Beside.NONE, Beside.UNSURE, Beside.NEAR):
            earlier = self.school.surroundings.before(reading, before)
            beside = earlier if earlier.sort is not Beside.NONE else beside
        is_sure = fit == "fits" and self._is_our_type(core, said[0], said[2])
        if core.is_place and {"hen", "former", "old"}.intersection(previous[-1:]):
            is_sure = False
        if core.is_place and is_indefinite:
            is_sure = False
        if (
            sort == "slip"
            or (sort == "mutated" and not left.says_school)
            or (sort == "possessive" and right.says_school and core.is_place)
        ):
            return self.name(core, full, beside, is_sure=is_sure and bool(self.own_term), is_exact=False)
        return self.name(core, full, beside, is_sure=is_sure, could_be=fit == "fits")

    def _types_after(self, end: int) -> tuple[TypeRun, int, bool]:
        """Type words after the core, our own place in between allowed; whether unknown words stand between."""
        text = self.reading.joined_after(end, 12)
        run = read_types(text, 0) if text else TypeRun(0, 0)
        if run.says_school:
            return run, end + run.end, False
        own = self.school.surroundings.own
        for skip in range(1, min(4, len(text))):
            later = read_types(text, skip)
            if later.says_school and text[:skip] in own:
                return later, end + later.end, False
            if (
                later.says_school
                and skip == 1
                and len(text[0]) >= 6
                and any(is_one_edit(text[0], word) for word in _LONG_TYPES)
            ):
                return later, end + later.end, False
            if later.says_school and not PLAIN_BEFORE.intersection(text[:skip]):
                return TypeRun(0, 0), end, True
        if text and len(text[0]) >= 6 and any(is_one_edit(text[0], word) for word in _LONG_TYPES):
            return TypeRun(0, 1, school_words=frozenset({"school"})), end + 1, False
        return TypeRun(0, 0), end, False

    def _continues(self, core: Core, end: int, following: str) -> bool:
        """The name of a place goes on: Llanbedrog-y-Cennin, Llanfair Caereinion."""
        if core.words[-1].startswith("llan") and following in LLAN_ENDINGS:
            return True
        return self.reading.gaps[end] == "-" and following != "based" and not read_types((following,), 0).end

    def _is_our_type(self, core: Core, phases: frozenset[str], school_words: frozenset[str]) -> bool:
        """Is the type said precise enough for a core that more than one school could carry?"""
        if core.is_whole:
            return True
        ours = self.school.phases
        if ours & phases:
            return True
        if core.is_everyday:
            return bool(school_words & core.school_words) and not ours
        if ours & {"infant", "junior"} or (ours and is_town(core.words)):
            return False
        is_welsh = bool(school_words & {"ysgol", "hysgol", "ysg"})
        if core.is_place and "secondary" in ours and not is_welsh:
            return False  # a place with a secondary school has a primary school too
        return is_welsh or bool(phases) or not is_town(core.words)

    def _is_inside_longer_name(self, core: Core, previous: tuple[str, ...], has_welsh_type: bool) -> bool:
        if not previous or has_welsh_type:
            return False
        last = previous[-1]
        if last in _COMPASS or (last == "holy" and core.words[0] != "holy"):
            return True
        if not core.is_everyday or len(core.words) > 1 or last in PLAIN_BEFORE or last.isdigit():
            return False
        if last.endswith(("ed", "ing", "ly")) and not is_town((last,)):
            return False  # "renamed Park Academy"
        own = self.school.surroundings.own
        return not any(form in own for form in ((last,), (last.removesuffix("s"),), previous))

    def _bare(
        self, core: Core, i: int, j: int, sort: str, previous: tuple[str, ...], following: tuple[str, ...]
    ) -> Finding | None:
        """The core without a word of type: never certain for a saint, a village or an everyday word."""
        surroundings = self.school.surroundings
        if sort in ("slip", "mutated") or core.is_place or core.is_everyday:
            return None
        if (previous and (previous[-1] in TITLES or previous[-1] in OTHER_THINGS)) or (
            following and following[0] in OTHER_THINGS
        ):
            return None
        if len(previous) == 2 and previous[-1] == "of" and previous[0] in OTHER_THINGS:
            return None
        shown = " ".join(self.reading.words[i:j]).title()
        near = self.reading.words[max(0, i - 12) : j + 12]
        has_strong, has_soft = not STRONG.isdisjoint(near), not SOFT.isdisjoint(near)
        beside = surroundings.after(self.reading, j)
        if beside.sort is Beside.NONE:
            beside = surroundings.before(self.reading, i)
        if beside.sort in (Beside.RIVAL, Beside.OTHER):
            return Finding(0.0, self._elsewhere(beside))
        is_ours = bool(self.own_term) or beside.sort is Beside.OWN or self.stated.sort is Beside.OWN
        if core.is_shared:
            if core.is_saintly and beside.sort is Beside.OWN:
                return Finding(
                    0.35, f"mentions {quote(shown)} of {beside.shown.title()} without saying school"
                )
            if len(core.words) == 1 and previous[-1:] in (("the",), ("a",), ("an",)):
                return None  # "the woodlands"
            is_close = not STRONG.isdisjoint(self.reading.words[max(0, i - 4) : j + 6])
            if (is_ours and has_soft) or (
                core.is_saintly and is_close and self.stated.sort in (Beside.NONE, Beside.OWN)
            ):
                return Finding(
                    0.4, f"mentions {quote(shown)}, a name many places share, near a word for school"
                )
            return None
        if is_ours and has_strong and (not core.is_typed or (previous and previous[-1] in _GOES_TO)):
            return Finding(0.8, f"names {quote(shown)} with a word for school and the school's own place")
        is_person = bool(previous) and previous[-1] not in PLAIN_BEFORE
        if core.is_typed and not has_soft and (len(core.words) > 1 or is_person):
            return None
        if len(core.glued) < 4 and not is_ours and not has_strong:
            return None
        return Finding(0.45 if has_soft else 0.35, f"mentions {quote(shown)} without saying school")

    def _elsewhere(self, beside: Named) -> str:
        rival = f", where {quote(beside.rival)} is" if beside.rival else ", which is not our place"
        return f"mentions {beside.shown.title()}{rival}"

    def name(
        self,
        core: Core,
        full: str,
        beside: Named,
        *,
        is_sure: bool,
        is_exact: bool = True,
        could_be: bool = True,
    ) -> Finding:
        """The name in full: does the place agree?"""
        stated, own = self.stated, self.own_term
        names = (
            f"names the school in full: {quote(full)}"
            if is_exact
            else f"names the school, spelt {quote(full)}"
        )
        if beside.sort is Beside.RIVAL or (beside.sort is Beside.OTHER and core.is_shared):
            return Finding(0.0, self._elsewhere(beside))
        if beside.sort is Beside.OTHER and not is_exact:
            return Finding(0.0, self._elsewhere(beside))
        if beside.sort is Beside.OTHER:
            return Finding(0.4, f"{names}, yet puts it in {beside.shown.title()}")
        if beside.sort is Beside.UNSURE:
            return Finding(0.5, f"{names}, and puts it in {beside.shown.title()}, which may be elsewhere")
        is_beside = beside.sort is Beside.OWN
        is_ours = is_beside or bool(own) or stated.sort is Beside.OWN
        if core.is_whole and core.is_everyday and not is_ours:
            return Finding(0.0, f"mentions {quote(full)}, which names no school without a place")
        if core.is_shared:
            rival_place, rival = self.rival_anywhere()
            if rival_place and not is_beside:
                if is_ours:
                    return Finding(
                        0.4, f"{names}, but also mentions {rival_place.title()}, where {quote(rival)} is"
                    )
                return Finding(0.0, self._elsewhere(Named(Beside.RIVAL, rival_place, rival)))
            if stated.sort in (Beside.RIVAL, Beside.OTHER) and not is_ours:
                return Finding(0.0, self._elsewhere(stated))
            if not is_ours and not could_be:
                return Finding(0.0, f"{names}, another phase of a name other schools share")
            if not is_ours or beside.sort is Beside.NEAR:
                return Finding(0.5, f"{names}, a name other schools share, without saying where")
            if not is_sure:
                return Finding(0.5, f"{names}, which could be another school of the same place")
            where = own or beside.shown.title() or stated.shown.title()
            return Finding(0.9 if stated.sort is not Beside.OTHER else 0.8, f"{names}; place: {where}")
        if stated.sort in (Beside.RIVAL, Beside.OTHER) and not (is_beside or own):
            return Finding(0.4, f"{names}, but comes from {stated.shown.title()}")
        if not is_sure:
            return Finding(0.55, f"{names}, but not its own name exactly")
        return Finding(0.97 if is_ours else 0.93, names)

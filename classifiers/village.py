"""The school of the village, without its name: "the school in Llanbedrog", "pentref … yr ysgol"."""

from __future__ import annotations

from classifiers import welsh
from classifiers.context import Surroundings
from classifiers.names import OTHER_THINGS
from classifiers.reading import Reading
from mentionwatch.naming import read_types, word_set

_LINKS = word_set("in at of from for near the yn ym yng o i ger pentref bentref village our little local")
_DEFINITE = word_set(
    "the our this that their local village primary yr r maer ir or ar ein eu hysgol ysgol a any is"
)
_ADJECTIVES = word_set(
    "newydd bach fach fechan leol hyfryd gynradd uwchradd gyfun gymraeg wych dda mawr fawr"
)
_THE = word_set("the our this local village yr r maer ir or ar ein")
_SCHOOLS = word_set("school ysgol hysgol primary headteacher prifathro prifathrawes pennaeth academy")
_PEOPLE = word_set(
    "headteacher headmaster headmistress prifathro prifathrawes pennaeth pupil pupils teacher teachers disgybl disgyblion athro "
    "athrawes athrawon"
)
_NOT_ABOUT = word_set("holiday holidays break summer sul run")
_REACH = 15


def _is_generic(reading: Reading, start: int) -> bool:
    """A school phrase that begins at `start` bears no name of its own: "the school", not "Bradshaw School"."""
    before = reading.joined_before(start, 1)
    return not before or before[0] in _DEFINITE or before[0] in _LINKS or len(before[0]) <= 3


def _is_school_of(reading: Reading, n: int) -> bool:
    """A generic school phrase leads up to the village at word n."""
    k = n
    links = 0
    while k > 0 and links < 4 and reading.words[k - 1] in _LINKS | _ADJECTIVES and not reading.ends_before(k):
        k, links = k - 1, links + 1
    if not links or k == 0 or reading.words[k - 1] not in _SCHOOLS:
        return False
    start = k - 1
    while (
        start > 0 and read_types(reading.words[start - 1 : start], 0).end and not reading.splits_before(start)
    ):
        start -= 1
    return _is_generic(reading, start)


def _has_the_school(reading: Reading, n: int) -> bool:
    """ "The school" or "yr ysgol" within reach of the village at word n, bearing no name."""
    for k in range(max(1, n - _REACH), min(len(reading.words), n + _REACH)):
        word = reading.words[k]
        if word not in _SCHOOLS or reading.words[k - 1] not in _THE:
            continue
        following = reading.joined_after(k + 1, 1)
        if following and (following[0] in _NOT_ABOUT or following[0] in OTHER_THINGS):
            continue
        return True
    return False


def _has_school_people(reading: Reading, i: int, j: int) -> bool:
    """ "Disgyblion Llanbedrog", "Llanbedrog pupils", "the headteacher of Llanbedrog"."""
    before = [word for word in reading.joined_before(i, 3) if word not in _LINKS]
    return bool(_PEOPLE.intersection(before[-1:]) or _PEOPLE.intersection(reading.joined_after(j, 1)))


def find_school_of(reading: Reading, surroundings: Surroundings) -> str:
    """Why the text may mean the school of one of the school's villages; empty when it does not."""
    for glued, shown in surroundings.villages:
        forms = [glued, *(form for form in welsh.mutations(glued) if len(form) >= 5)]
        for form in forms:
            for i, j in reading.find(form, 20):
                following = reading.joined_after(j, 2)
                if following and OTHER_THINGS.intersection(following):
                    continue
                if glued in surroundings.core_places and _has_school_people(reading, i, j):
                    return f"speaks of pupils or staff in {shown} without naming a school"
                if _is_school_of(reading, i) or _has_the_school(reading, i):
                    return f"speaks of the school in {shown} without its name"
    return ""

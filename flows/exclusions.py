"""Which lines in school.toml would take noise away: other schools, other places, words of other things.

A candidate must be far commoner among the noise than among what is about the school (likelihood ratio), and is then
tried: the stored mentions are weighed again with it, and it is suggested only when no certain one is touched. Nobody's
name is ever suggested: a name stands only as part of a school's name, or as a known place that is used as one; words are taken from a list of
things that are no school, for a word of every day would shut out what a school must hear.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from classifiers.names import TITLES
from classifiers.places import LONGEST, regions
from classifiers.scope import build_scoper
from flows.name_words import GIVEN, SURNAMES, THINGS
from flows.replay import Rescoper
from mentionwatch.labels import Scope
from mentionwatch.naming import PHASES, SCHOOL_WORDS, parse_name, word_set, words
from mentionwatch.school import LookAlike, SchoolProfile
from warehouse.reading import MentionRow

LEAST = 3
"""Mentions that must hold a candidate, and that it must remove."""

LEAST_RATIO = 6.63
"""Log-likelihood ratio that chance reaches once in a hundred."""

MOST = 8
_READ = 20_000
_TOKEN = re.compile(r"[^\W\d_](?:[\w'’-]{0,40}\w)?")
_BEFORE_PLACE = word_set("in at near of from to yn ym yng o ger i town city outside")
_FILLING = word_set("the y yr in at near of from to and yn ym yng o ger i a ac")
_NAMES = GIVEN | SURNAMES

Sort = Literal["school", "place", "word"]
Candidate = tuple[Sort, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something for school.toml. `noise` and `certain`: mentions that hold it; `removes`: of the noise, once it is written."""

    sort: Sort
    text: str
    noise: int
    certain: int
    removes: int


@dataclass(frozen=True, slots=True)
class _Token:
    word: str
    shown: str
    is_capital: bool
    is_start: bool
    joins: bool
    """Only a blank stands between it and the word before."""


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    end = 0
    for match in _TOKEN.finditer(text[:_READ]):
        gap = text[end : match.start()]
        is_start = not found or any(mark in gap for mark in '.!?\n:;“”"')
        joins = bool(found) and not gap.strip() and "\n" not in gap
        for place, word in enumerate(words(match[0])):
            found.append(
                _Token(word, match[0], match[0][0].isupper(), is_start and not place, joins or place > 0)
            )
        end = match.end()
    return found


def _is_person(tokens: Sequence[_Token], start: int, end: int, own: frozenset[str]) -> bool:
    """Could the words [start, end) be somebody's name, or part of one? Where in doubt, yes."""
    before = tokens[start - 1] if start else None
    after = tokens[end] if end < len(tokens) else None
    if before and (before.word in TITLES or before.word in GIVEN):
        return True
    if after and after.joins and after.word in SURNAMES:
        return True
    if before is None or not tokens[start].joins or not before.is_capital or before.is_start:
        return False
    return before.word not in SCHOOL_WORDS | _BEFORE_PLACE | own and before.word not in PHASES


def _is_surname(tokens: Sequence[_Token], at: int, own: frozenset[str]) -> bool:
    """Does a word with a capital follow another one that is no word of a school: Zebedee Church?"""
    before = tokens[at - 1] if at and tokens[at].joins and tokens[at].is_capital else None
    known = SCHOOL_WORDS | _FILLING | own
    return before is not None and before.is_capital and before.word not in known and before.word not in PHASES


def _schools(tokens: Sequence[_Token], own: frozenset[str]) -> Iterator[tuple[str, ...]]:
    """Names of schools written with capitals around a word for school, without anybody's name in them."""
    for at, token in enumerate(tokens):
        if token.word not in SCHOOL_WORDS or not token.is_capital:
            continue
        runs = []
        start = at
        while start and at - start < 5 and tokens[start].joins and tokens[start - 1].is_capital:
            start -= 1
            runs.append(tokens[start : at + 1])
        end = at + 1
        while end < len(tokens) and end - at < 4 and tokens[end].joins and tokens[end].is_capital:
            end += 1
            runs.append(tokens[at:end])
        for run in runs:
            name = tuple(each.word for each in run)
            given = {
                word
                for place, word in enumerate(name)
                if word in _NAMES and not (place and name[place - 1] == "st")
            }
            if not given - own and TITLES.isdisjoint(name) and not own.isdisjoint(name) and set(name) - own:
                yield name


def _places(tokens: Sequence[_Token], own: frozenset[str]) -> Iterator[tuple[tuple[str, ...], bool, bool]]:
    """Known places: the words, whether they are used as a place there, and whether they may be a person's name there."""
    for start in range(len(tokens)):
        for end in range(min(len(tokens), start + LONGEST), start, -1):
            name = tuple(each.word for each in tokens[start:end])
            if not regions(name) or not own.isdisjoint(name):
                continue
            before = tokens[start - 1] if start else None
            after = tokens[end] if end < len(tokens) else None
            is_used = (
                (before is not None and (before.word in _BEFORE_PLACE or not tokens[start].joins))
                or (before is not None and before.word in SCHOOL_WORDS | own)
                or (after is not None and after.joins and after.word in SCHOOL_WORDS)
            )
            yield name, is_used, _is_person(tokens, start, end, own)
            break


@dataclass(slots=True)
class _Heard:
    """What was heard about candidates over all mentions, noise and certain alike."""

    own: frozenset[str]
    persons: set[tuple[str, ...]]
    used: Counter[tuple[str, ...]]

    def listen(self, row: MentionRow) -> set[Candidate]:
        """The candidates of one mention, noting how its words are used."""
        tokens = _tokens(f"{row.title}\n{row.text}" if row.title else row.text)
        found: set[Candidate] = {("school", name) for name in _schools(tokens, self.own)}
        used = set()
        for name, is_used, is_person in _places(tokens, self.own):
            found.add(("place", name))
            used |= {name} if is_used else set()
            self.persons |= {name} if is_person else set()
        self.used.update(used)
        for at, token in enumerate(tokens):
            if token.word in THINGS - _NAMES - self.own:
                found.add(("word", (token.word,)))
                if _is_person(tokens, at, at + 1, self.own) or _is_surname(tokens, at, self.own):
                    self.persons.add((token.word,))
        return found

    def allows(self, candidate: Candidate) -> bool:
        """May it be suggested: is it surely no person's name?"""
        sort, name = candidate
        if sort == "school":
            return True
        return name not in self.persons and (sort == "word" or self.used[name] >= LEAST - 1)


def likelihood_ratio(in_noise: int, noise: int, in_certain: int, certain: int) -> float:
    """How surely something is commoner in the noise: Dunning's G², negative where it is rarer there."""
    total, held = noise + certain, in_noise + in_certain
    if not noise or not certain or not held:
        return 0.0
    ratio = 0.0
    for seen, row, column in (
        (in_noise, noise, held),
        (in_certain, certain, held),
        (noise - in_noise, noise, total - held),
        (certain - in_certain, certain, total - held),
    ):
        if seen:
            ratio += 2 * seen * math.log(seen * total / (row * column))
    return ratio if in_noise * certain > in_certain * noise else -ratio


def _with(profile: SchoolProfile, sort: Sort, shown: str) -> SchoolProfile:
    if sort == "word":
        return replace(profile, exclude=(*profile.exclude, shown))
    rival = LookAlike(shown, ()) if sort == "school" else LookAlike(profile.name, (shown,))
    return replace(profile, look_alikes=(*profile.look_alikes, rival))


def toml_lines(suggestions: Sequence[Suggestion], profile: SchoolProfile) -> tuple[str, ...]:
    """What a technician copies into school.toml: one `exclude` for all words, and a look-alike for each of the others."""
    changed = profile
    for each in suggestions:
        changed = _with(changed, each.sort, each.text)
    lines = []
    if changed.exclude != profile.exclude:
        lines += [
            "# in [school], in place of the line that is there:",
            f"exclude = {_quoted(changed.exclude)}",
        ]
    for rival in changed.look_alikes[len(profile.look_alikes) :]:
        lines += [
            "[[school.look_alike]]",
            f"name = {_quoted(rival.name)}",
            f"places = {_quoted(rival.places)}",
        ]
    return tuple(lines)


def _quoted(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def own_words(profile: SchoolProfile) -> frozenset[str]:
    """The words of the school's own names and places: never noise."""
    return frozenset(
        word for text in (profile.name, *profile.names, *profile.places) for word in words(text)
    ) | frozenset(parse_name(profile.name).core)


def suggest_exclusions(
    noise: Sequence[MentionRow],
    certain: Sequence[MentionRow],
    profile: SchoolProfile,
    rescoper: Rescoper,
) -> tuple[Suggestion, ...]:
    """What would remove noise and no certain mention, the most useful first; each counts what those before it left."""
    own = own_words(profile)
    heard = _Heard(own, set(), Counter())
    held = {row.id: heard.listen(row) for row in (*noise, *certain)}
    in_noise = Counter(each for row in noise for each in held[row.id])
    in_certain = Counter(each for row in certain for each in held[row.id])
    ranked = sorted(
        (
            (ratio, candidate)
            for candidate, count in in_noise.items()
            if count >= LEAST
            and heard.allows(candidate)
            and (ratio := likelihood_ratio(count, len(noise), in_certain[candidate], len(certain)))
            >= LEAST_RATIO
        ),
        key=lambda found: (found[1][0] == "word", -found[0], found[1]),
    )
    found: list[Suggestion] = []
    left = [row for row in noise if rescoper.decide(row) is not Scope.OUT]
    before = {row.id: rescoper.decide(row) for row in certain}
    for _, candidate in ranked[: 5 * MOST]:
        sort, name = candidate
        shown = " ".join(name) if sort == "word" else " ".join(word.capitalize() for word in name)
        changed = _with(profile, sort, shown)
        tried = replace(rescoper, scoper=build_scoper(changed))
        removed = {row.id for row in left if tried.decide(row) is Scope.OUT}
        if len(removed) < LEAST or any(tried.decide(row) is not before[row.id] for row in certain):
            continue
        # What follows is tried on top of it: all of them together touch no certain mention either.
        profile, left = changed, [row for row in left if row.id not in removed]
        found.append(Suggestion(sort, shown, in_noise[candidate], in_certain[candidate], len(removed)))
        if len(found) == MOST:
            break
    return tuple(found)

"""Why a post had counted as about the school, in what may be kept: a fixed word, and a name that stands in school.toml.

The reasons themselves quote the post and go with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mentionwatch.labels import ScopeRule
from mentionwatch.naming import words
from mentionwatch.school import SchoolProfile

_QUOTED = re.compile("“([^”]*)”")
_SAID: tuple[tuple[str, ScopeRule], ...] = (
    ("everything at this source", ScopeRule.WHOLE_SOURCE),
    ("an earlier version", ScopeRule.EARLIER),
    ("stands on the school's own", ScopeRule.OWN_SITE),
    ("links to the school's own", ScopeRule.OWN_SITE),
    ("addresses the school's own", ScopeRule.OWN_SITE),
    ("gives the school's postcode", ScopeRule.POSTCODE),
    ("a name many places share", ScopeRule.SHARED_NAME),
    ("a name other schools share", ScopeRule.SHARED_NAME),
    ("another school of the same place", ScopeRule.SHARED_NAME),
    ("without saying school", ScopeRule.NAME_ALONE),
    ("without naming a school", ScopeRule.VILLAGE),
    ("without its name", ScopeRule.VILLAGE),
    ("names the school in full", ScopeRule.FULL_NAME),
    ("names the school, spelt", ScopeRule.SPELT),
)
"""What a reason holds, the surer sign first. The words are those of classifiers/; a test runs them over its own texts."""


@dataclass(frozen=True, slots=True)
class ScopeCause:
    """`name` is one of the school's own names as school.toml has it; empty where none of them was found."""

    rule: ScopeRule
    name: str


def name_cause(reasons: Sequence[str], profile: SchoolProfile) -> ScopeCause:
    """What may be kept of the reasons for which a post counted as about the school. Never a word of the post."""
    said = " ; ".join(reasons)
    rule = next((rule for sign, rule in _SAID if sign in said), ScopeRule.OTHER)
    return ScopeCause(rule, next(_own_names(said, profile), ""))


def _own_names(said: str, profile: SchoolProfile) -> Iterator[str]:
    """The longest of the school's names that stands in a quotation, then the first one that holds what is quoted."""
    quoted = [tuple(words(found)) for found in _QUOTED.findall(said)]
    longest = sorted(profile.called, key=lambda name: -len(words(name)))
    yield from (name for name in longest for run in quoted if _holds(run, tuple(words(name))))
    yield from (name for name in profile.called for run in quoted if _holds(tuple(words(name)), run))


def _holds(whole: tuple[str, ...], part: tuple[str, ...]) -> bool:
    last = len(whole) - len(part)
    return bool(part) and any(whole[at : at + len(part)] == part for at in range(last + 1))

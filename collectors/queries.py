"""What may be searched for: names of the school, and nothing else (I13).

A `SchoolQuery` can only be had from `build_queries`; the clients that search take no other type.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mentionwatch.naming import fold, words
from mentionwatch.school import SchoolProfile
from mentionwatch.tables import Table
from mentionwatch.urls import origin

LONGEST_QUERY = 400
_TELLING = 5
_BARRED = re.compile(r'[\s"“”:()\[\]\\/*~^!+|{}<>]+')
_SEAL = object()


@dataclass(frozen=True, slots=True)
class SchoolQuery:
    """One or more names of the school, each as a phrase. Not to be made by hand."""

    names: tuple[str, ...]
    seal: object

    def __post_init__(self) -> None:
        if self.seal is not _SEAL:
            raise ValueError("a query is made by build_queries from the school's own names, never by hand")

    @property
    def text(self) -> str:
        """`"one" OR "two"`."""
        return " OR ".join(f'"{name}"' for name in self.names)


@dataclass(frozen=True, slots=True)
class Queries:
    """The queries of one school, and the names that were left out because they would find a person."""

    queries: tuple[SchoolQuery, ...]
    left_out: tuple[str, ...] = ()


def _holds(name: str, surname: str) -> bool:
    """Is the surname in the name: as a word, with an s behind it, or glued into a hashtag?"""
    whole, wanted = words(fold(name)), words(fold(surname))
    glued, inside = "".join(wanted), "".join(whole)
    if not glued:
        return False
    return glued in inside if len(glued) >= _TELLING else bool({glued, f"{glued}s"} & set(whole))


def _is_personal(name: str, profile: SchoolProfile) -> bool:
    """A handle, or a name that holds a surname of somebody at the school.

    The official name is the school's own: a surname that stands in it (Evans Primary School) gives nobody away.
    """
    if name.lstrip().startswith("@") or re.match(r"/?u/", name.strip(), re.IGNORECASE):
        return True
    surnames = (*profile.head_surnames, *profile.deputy_surnames, *profile.chair_surnames)
    return any(_holds(name, surname) and not _holds(profile.name, surname) for surname in surnames)


def _grouped(names: Sequence[str], together: int) -> Iterator[tuple[str, ...]]:
    group: list[str] = []
    for name in names:
        length = sum(len(member) + 6 for member in group) + len(name) + 2
        if group and (length > LONGEST_QUERY or len(group) >= together):
            yield tuple(group)
            group = []
        group.append(name)
    if group:
        yield tuple(group)


def build_queries(profile: SchoolProfile, together: int = 20) -> Queries:
    """The school's names as phrase queries, `together` of them in one where the length allows.

    Quotes and search operators are taken out of the names. No staff name or handle ever gets in.
    """
    names: dict[str, None] = {}
    left_out = []
    for name in (profile.name, *profile.names):
        plain = " ".join(_BARRED.sub(" ", name.lstrip("#")).split())
        if not plain or len(plain) > LONGEST_QUERY // 2:
            continue
        if _is_personal(name, profile):
            left_out.append(name)
        else:
            names.setdefault(plain)
    made = tuple(SchoolQuery(group, _SEAL) for group in _grouped(tuple(names), together))
    return Queries(made, tuple(left_out))


def read_address(table: Table, name: str, default: str) -> str:
    """An address a test or a proxy may put in place of the real one. Raises `ConfigError`."""
    url = table.text(name, default)
    if not origin(url) or "@" in url.partition("://")[2].partition("/")[0]:
        raise table.wrong(name, "is not a plain http or https address", f'Write {name} = "{default}"')
    return url

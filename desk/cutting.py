"""How much of a digest is shown: the first of each part. The rest is counted, and stands in the lists of the desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from types import MappingProxyType
from typing import Final

from desk.digest import Digest, More

SHOWN: Final[Mapping[str, int]] = MappingProxyType(
    {
        "act_now": 12,
        "decisions": 10,
        "look": 15,
        "due": 6,
        "concerns": 15,
        "others": 15,
        "under_way": 6,
        "good_news": 15,
    }
)
"""A page of the desk weighs less than 100 kB whatever a night brought."""


def cut(digest: Digest, shown: Mapping[str, int] = SHOWN) -> Digest:
    """The first of each part; how many are left out is added to what the digest counts already."""
    parts = {name: getattr(digest, name) for name in shown}
    left = {name: len(parts[name]) - min(len(parts[name]), most) for name, most in shown.items()}
    hidden = sum(bool(row.clocks) for row in digest.concerns[shown["concerns"] :])
    more = {field.name: getattr(digest.more, field.name) + left.get(field.name, 0) for field in fields(More)}
    more["to_acknowledge"] += hidden
    return replace(digest, more=More(**more), **{name: parts[name][:most] for name, most in shown.items()})

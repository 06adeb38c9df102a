"""The commented template a school fills in to write its own pack (template.toml), and how a gap in it is known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

PLACEHOLDER = re.compile(r"\s*<[^<>]*>\s*")
"""A text of the template that nobody has filled in yet: `<the name of the school>`."""


def find_placeholders(value: object, path: str = "") -> Iterator[str]:
    """The keys, written `clause.evidence.gist`, under which a placeholder still stands."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from find_placeholders(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for number, item in enumerate(value, 1):
            yield from find_placeholders(item, f"{path}[{number}]")
    elif isinstance(value, str) and PLACEHOLDER.fullmatch(value):
        yield path

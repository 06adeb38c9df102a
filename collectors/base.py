"""What every collector is: plan, fetch, parse; at least once; faults as values; no database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol

from mentionwatch.fetching import Fetch
from mentionwatch.model import CollectResult, Cursor, KnownItem, SourceSpec
from mentionwatch.school import SchoolProfile
from mentionwatch.tables import Table


class Secret(str):
    """A credential: text that prints as dots."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Secret('…')"


@dataclass(frozen=True, slots=True)
class CollectRequest:
    """Everything one look at one source may use.

    `cursor` is None at the first look. `known` maps native ids of stored items of this source.
    `credentials` holds only this source's own secrets, by short name (`client_id`). `now` is the run's
    clock, UTC.
    """

    profile: SchoolProfile
    cursor: Cursor | None
    known: Mapping[str, KnownItem]
    now: datetime
    fetch: Fetch
    credentials: Mapping[str, Secret]


class Collector(Protocol):
    """One configured source.

    `collect` never raises for what the outside world does: faults are values. It is idempotent: asked
    again with the same cursor it delivers the same entries again (delivery is at least once, the
    warehouse absorbs repeats by key). Queries are built from the school's names only, never from a
    person's name or handle (I13).
    """

    kind: ClassVar[str]
    credential_names: ClassVar[tuple[str, ...]]

    @property
    def spec(self) -> SourceSpec: ...

    @property
    def urls(self) -> tuple[str, ...]:
        """The configured URLs; only their origins may lie in a private network the school opened."""
        ...

    def collect(self, request: CollectRequest) -> CollectResult: ...


MakeCollector = Callable[[SourceSpec, Table, SchoolProfile], Collector]
"""Builds a collector from its `[[source]]` table; the caller has read the shared keys and calls finish()."""

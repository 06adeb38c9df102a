"""The evidence of an incident or a mention at the desk, as values: what is stored, whether it is as it was, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from desk.acts import Busy, NoSuch, RefusedHere
from desk.document_port import FileFetched
from desk.protocol_words import group_refusals
from mentionwatch.accounts import Viewer
from mentionwatch.labels import CaptureMethod, FaultKind, Role


class CheckState(StrEnum):
    """What the latest check says of one capture. ELSEWHERE: it was as stored, and something else was not; UNCLEAR: the log does not say which."""

    AS_STORED = "as_stored"
    NOT_YET = "not_yet"
    CHANGED = "changed"
    ELSEWHERE = "elsewhere"
    UNCLEAR = "unclear"


class HeldBy(StrEnum):
    """Why nobody may delete it."""

    NOBODY = ""
    PERSON = "person"
    POLICE = "police"
    SEAL = "seal"


@dataclass(frozen=True, slots=True)
class CaptureShown:
    """One capture, without a byte of it. `causes`: what is not as it was stored, in our own English; `size` in bytes."""

    revision: int
    captured_at: datetime
    posted_at: datetime | None
    method: CaptureMethod
    fault: FaultKind | None
    size: int
    hashes: tuple[tuple[str, str], ...]
    state: CheckState
    checked_at: datetime | None
    causes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EvidenceShown:
    """The evidence of one mention. `captures` is empty where it is sealed. `delete_at` None: kept while its incident is open.

    `retention_class` is the class that sets the date; empty without one.
    """

    mention_id: str
    source: str
    captures: tuple[CaptureShown, ...]
    is_sealed: bool
    held: HeldBy
    delete_at: datetime | None
    retention_class: str


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """What is stored under one id. `checked_at`: the latest check of everything; `may_check`, `may_export`: this person may."""

    id: str
    things: tuple[EvidenceShown, ...]
    checked_at: datetime | None
    was_whole: bool
    may_check: bool
    may_export: bool


@dataclass(frozen=True, slots=True)
class ExhibitPage:
    """Making an exhibit. `open_to` are the viewer's roles that may, `refusals` why not the others.

    `of_post`: of a post that is in no incident; `of_incident`: of an incident or of what goes its own way like one. A
    concern that was taken up is both.
    """

    id: str
    captures: int
    has_handed_in: bool
    purposes: tuple[str, ...]
    open_to: tuple[Role, ...]
    refusals: tuple[tuple[Role, str], ...]
    of_post: bool
    of_incident: bool

    @property
    def closed(self) -> tuple[tuple[tuple[Role, ...], str], ...]:
        return group_refusals(self.refusals)


@dataclass(frozen=True, slots=True)
class ExhibitGiven:
    """An exhibit as a form asks for it. `names`: to be covered; None for the whole one."""

    id: str
    role: str
    purpose: str
    names: tuple[str, ...] | None
    picture_checked: bool


@dataclass(frozen=True, slots=True)
class Looked:
    """A check that was made now and entered in the log."""

    is_whole: bool


class EvidenceActs(Protocol):
    """Evidence, for the person who is signed in. What they may not know of and what is not there are None or `NoSuch`."""

    def evidence(self, viewer: Viewer, id_: str) -> EvidencePage | None:
        """What is stored under the id of an incident or a mention, by what the log says of it; nothing is checked here."""
        ...

    def check(self, viewer: Viewer, id_: str) -> Looked | Busy | NoSuch:
        """Open and hash these captures now, and enter how that ended."""
        ...

    def exhibit_page(self, viewer: Viewer, id_: str) -> ExhibitPage | None:
        """Whether this person may make an exhibit of an incident, or of a post that is in none."""
        ...

    def make_exhibit(
        self, viewer: Viewer, given: ExhibitGiven, lang: str
    ) -> FileFetched | RefusedHere | Busy | NoSuch:
        """The exhibit as a ZIP, once the custody log says that it leaves and what for."""
        ...

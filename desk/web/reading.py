"""The records as the pages ask for them: who looks comes first. (Until every record is read for a viewer.)"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desk.digest import IncidentLine
from desk.pages import IncidentPage, MentionPage, MentionQuery, Records
from mentionwatch.accounts import Viewer


@dataclass(frozen=True, slots=True)
class Reading:
    """`Records`, asked with a viewer."""

    records: Records

    def days(self, _viewer: Viewer) -> tuple[date, ...]:
        return self.records.days()

    def digest(self, _viewer: Viewer, day: date, lang: str) -> str:
        return self.records.digest(day, lang)

    def incidents(self, _viewer: Viewer, lang: str) -> tuple[IncidentLine, ...]:
        return self.records.incidents(lang)

    def incident(self, _viewer: Viewer, id_: str, lang: str) -> IncidentPage | None:
        return self.records.incident(id_, lang)

    def mentions(self, _viewer: Viewer, wanted: MentionQuery) -> MentionPage:
        return self.records.mentions(wanted)

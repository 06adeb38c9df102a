"""What the review pages ask for, read from a home: each page is one short read of the writer's file."""

from __future__ import annotations

from datetime import date

from desk.digest import IncidentLine
from desk.pages import HistoryLine, IncidentPage, MentionPage, MentionQuery, StepLine
from desk.render import render_html
from flows.commands.protocol import now_of, steps_for_roles
from flows.digest import first_steps, incident_line, mention_line, read_digest
from flows.home import Home
from mentionwatch.policy import PolicyPack
from mentionwatch.school import SchoolFile
from warehouse.connection import Warehouse
from warehouse.ledger import list_runs
from warehouse.people import IncidentRow, incident, incident_events, incident_rows
from warehouse.reading import MentionFilter, MentionRow, list_mentions, read_gaps

PER_PAGE = 50


class HomeRecords:
    """`desk.pages.Records` over one home."""

    def __init__(self, home: Home, school: SchoolFile, pack: PolicyPack) -> None:
        self._home, self._school, self._pack = home, school, pack
        self._warehouse = Warehouse(home.folder)

    def days(self) -> tuple[date, ...]:
        found = [date.fromisoformat(path.stem) for path in self._home.digests.glob("????-??-??.html")]
        return tuple(sorted(found, reverse=True))

    def digest(self, day: date, lang: str) -> str:
        return render_html(read_digest(self._home, self._school, self._pack, day, lang), lang)

    def _line(self, row: IncidentRow, about: MentionRow | None, lang: str) -> IncidentLine:
        mention = mention_line(about, {}) if about else None
        return incident_line(row, mention, first_steps(row, self._pack, lang))

    def incidents(self, lang: str) -> tuple[IncidentLine, ...]:
        with self._warehouse.live_reader() as reading:
            rows = incident_rows(reading)
        return tuple(self._line(row, None, lang) for row in rows)

    def incident(self, id_: str, lang: str) -> IncidentPage | None:
        with self._warehouse.live_reader() as reading:
            row = incident(reading, id_)
            if row is None:
                return None
            found = list_mentions(reading, MentionFilter(ids=(row.mention_id,)))
            events = incident_events(reading, row.id)
        about = found[0] if found else None
        steps = steps_for_roles(now_of(row, about, self._school.profile), self._pack)
        return IncidentPage(
            incident=self._line(row, about, lang),
            deadline_at=row.deadline_at,
            steps=tuple(StepLine(step.event, step.summary, step.open_to, step.refusals) for step in steps),
            history=tuple(
                HistoryLine(event.happened_at, event.event, event.role, event.to_state, event.reason)
                for event in events
            ),
        )

    def mentions(self, wanted: MentionQuery) -> MentionPage:
        start, end = (wanted.page - 1) * PER_PAGE, wanted.page * PER_PAGE
        filter_ = MentionFilter(label=wanted.label, source=wanted.source, limit=end + 1)
        with self._warehouse.live_reader() as reading:
            found = list_mentions(reading, filter_)
            rows = found[start:end]
            gaps = read_gaps(reading, tuple(row.id for row in rows))
            runs = list_runs(reading)
        names = {line.name for run in runs for line in run.sources} | {row.source for row in found}
        return MentionPage(
            rows=tuple(mention_line(row, gaps) for row in rows),
            sources=tuple(sorted(names)),
            has_older=len(found) > end,
        )

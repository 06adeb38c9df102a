"""What the pages about the whole ask for, read from a home: sources, thanks, the model's quality, the governors' sheets."""

from __future__ import annotations

import json
import shutil
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from desk.acts import Busy, Done, NoSuch, Outcome, RefusedHere
from desk.overview import (
    Health,
    LangQuality,
    LastRun,
    NameTooWide,
    Night,
    Quality,
    SourceState,
    TermSheet,
    Thanks,
)
from desk.words import LONDON
from flows.governors import basis_of, read_or_count, sheet_path
from flows.home import Home
from flows.model_folders import GATE_FILE, models_of, own_folder
from flows.model_status import describe_model
from flows.need_to_know import read_sight
from flows.not_ours import COUNTED
from flows.schedule import LATE, next_run_at
from flows.standing import PEOPLE, Standings, read_context
from incidents.protocol import find_refusal
from incidents.standing import IncidentNow
from incidents.steps import Event
from incidents.transitions import BY_NAME
from mentionwatch.accounts import Right, Viewer
from mentionwatch.errors import ConfigError, Fatal, Refused, Retriable
from mentionwatch.labels import IncidentState, Label, Role, Verdict
from mentionwatch.policy import PolicyPack
from mentionwatch.school import SchoolFile
from mentionwatch.terms import Term, term_of
from warehouse.clause import Clause
from warehouse.connection import Warehouse
from warehouse.figures import SourceHealth, SourceKnown, known_sources, night_looks, source_health
from warehouse.incident_steps import POSITIVE, incident_rows
from warehouse.ledger import RunRecord, last_ok_times, last_run
from warehouse.need_to_know import seen_mentions
from warehouse.not_ours import TooWide, count_too_wide
from warehouse.reading import MentionFilter, list_mentions
from warehouse.session import Reading

NIGHTS = 14
OVER = 5
"""From this hour on (London) a night without a run did not run."""
SHOWN_TERMS = 9
THANK_STEPS = (Event.THANK_PROPOSE, Event.THANK_APPROVE, Event.THANK, Event.SHARE, Event.LEAVE)


class HomeOverview:
    """`desk.overview.Overview` over one home. `read_school` gives school and pack in force, `clock` aware UTC."""

    def __init__(
        self,
        home: Home,
        read_school: Callable[[], tuple[SchoolFile, PolicyPack]],
        clock: Callable[[], datetime],
    ) -> None:
        self._home, self._school, self._clock = home, read_school, clock
        self._warehouse = Warehouse(home.folder)

    @property
    def _has_records(self) -> bool:
        """Before the first run there is no file to read."""
        return (self._home.folder / "warehouse.duckdb").exists()

    # --- sources ------------------------------------------------------------------------------------

    def health(self, viewer: Viewer) -> Health:
        now = self._clock()
        listed = read_listed(self._home)
        today = now.astimezone(LONDON).date()
        run: RunRecord | None = None
        sources: tuple[SourceState, ...] = ()
        known: tuple[SourceKnown, ...] = ()
        too_wide: tuple[TooWide, ...] = ()
        if viewer.has(Right.SOURCES) and self._has_records:
            with self._warehouse.live_reader() as reading:
                run = last_run(reading)
                known = _all_known(reading)
                since_on = today - timedelta(days=NIGHTS)
                nights = reading.remembered(("nights", since_on), lambda: night_looks(reading, since_on))
                looks = {(one.source, one.night_on): one.verdict for one in nights}
                healths = reading.remembered(("health", NIGHTS), lambda: source_health(reading, NIGHTS))
                latest = {one.name: one for one in healths}
                seen_well = last_ok_times(reading)
                too_wide = count_too_wide(reading, now - COUNTED)
            # Before its hour, and a little after, a night has not failed to happen.
            is_over = now.astimezone(LONDON).hour >= OVER or any(on == today for _, on in looks)
            last_on = today if is_over else today - timedelta(days=1)
            sources = tuple(
                replace(
                    _known_source(
                        one, latest[one.name], seen_well.get(one.name), looks, last_on, listed, now
                    ),
                    too_wide=tuple(
                        NameTooWide(each.rule, each.name, each.posts)
                        for each in too_wide
                        if each.source == one.name
                    ),
                )
                for one in known
            )
        names = {one.name for one in known}
        new = tuple(
            SourceState(name, kind, True, None, None, None, None, (), ())
            for name, kind in (listed or {}).items()
            if viewer.has(Right.SOURCES) and name not in names
        )
        model = describe_model(self._home)
        return Health(
            run=LastRun(run.started_at, run.finished_at, run.verdict, now - run.started_at > LATE)
            if run
            else None,
            next_run_at=next_run_at(now),
            sources=tuple(sorted(sources + new, key=lambda one: (one.is_listed is False, one.name))),
            model=model.name,
            has_model_trouble=bool(model.troubles),
            free=shutil.disk_usage(self._home.folder).free,
        )

    # --- good news ----------------------------------------------------------------------------------

    def thanks(self, viewer: Viewer, ids: tuple[str, ...]) -> dict[str, Thanks]:
        if not (ids and viewer.has(Right.GOOD_NEWS)):
            return {}
        school, pack = self._school()
        context = read_context(self._home, school, pack, self._clock(), viewer.account_id)
        with self._warehouse.live_reader() as reading:
            seen = seen_mentions(read_sight(reading, viewer, school, pack))
            wanted = MentionFilter(ids=ids, label=Label.POSITIVE, seen=seen)
            known = [row.id for row in list_mentions(reading, wanted) if not row.is_sealed]
            asked = Clause("i.id IN (SELECT unnest(?::VARCHAR[]))", (known,))
            taken_up = {row.id for row in incident_rows(reading, track=POSITIVE, seen=asked)}
            stored = Standings(reading, sorted(taken_up))
            standings = {id_: stored.of(id_, context) for id_ in taken_up}
        # Most are never taken up, and what the protocol allows is the same for all of those.
        untouched = IncidentNow("", IncidentState.GOOD_NEWS, Role.HEAD, pack.version, has_evidence=True)
        untaken = _thanks(untouched, pack)
        return {
            id_: _thanks(standings[id_].now, standings[id_].pack) if id_ in standings else untaken
            for id_ in known
        }

    # --- figures ------------------------------------------------------------------------------------

    def quality(self, viewer: Viewer) -> Quality:
        model = describe_model(self._home)
        own = own_folder(models_of(self._home))
        if own is None or model.troubles or not viewer.has(Right.FIGURES):
            return Quality(model.name, None, ())
        try:
            said = json.loads((own / GATE_FILE).read_text(encoding="utf-8"))
            # Pairs are of the model before, and of this one.
            langs = tuple(
                LangQuality(
                    str(group["lang"]), int(group["texts"]), float(group["macro_f1"][1]), int(group["threats"]),
                    int(group["threats_missed"][1]), int(group["critics"]), int(group["accused"][1]),
                )
                for group in said["groups"]
            )  # fmt: skip
            return Quality(model.name, datetime.fromisoformat(said["made_at"]), langs)
        except (OSError, ValueError, KeyError, TypeError, IndexError, RecursionError):
            return Quality(model.name, None, ())

    def _terms(self, viewer: Viewer) -> tuple[Term, ...]:
        """Those that are over, from the first run on, latest first."""
        if not (viewer.has(Right.FIGURES) and self._has_records):
            return ()
        with self._warehouse.live_reader() as reading:
            known = _all_known(reading)
        if not known:
            return ()
        first_on = min(one.first_on for one in known)
        term = term_of(self._clock().astimezone(LONDON).date())
        found: list[Term] = []
        while len(found) < SHOWN_TERMS:
            term = term_of(term.first_on - timedelta(days=1))
            if term.last_on < first_on:
                break
            found.append(term)
        return tuple(found)

    def sheets(self, viewer: Viewer) -> tuple[TermSheet, ...]:
        return tuple(TermSheet(term, sheet_path(self._home, term).exists()) for term in self._terms(viewer))

    def _named(self, viewer: Viewer, name: str) -> TermSheet | None:
        return next((one for one in self.sheets(viewer) if one.name == name), None)

    def sheet(self, viewer: Viewer, name: str, lang: str, form: str) -> bytes | None:
        found = self._named(viewer, name)
        if found is None or not found.is_counted:
            return None
        from desk.governors_page import build_document, render_page

        school, pack = self._school()
        kept = read_or_count(self._home, found.term, self._clock(), viewer.account_id, role=viewer.logged_as)
        document = build_document((kept,), basis_of(school, pack), lang)
        if form == "pdf":
            from desk.document_pdf import write_pdf

            return write_pdf(document)
        return render_page(document).encode()

    def count_sheet(self, viewer: Viewer, name: str) -> Outcome:
        found = self._named(viewer, name)
        if found is None:
            return NoSuch()
        try:
            read_or_count(self._home, found.term, self._clock(), viewer.account_id, role=viewer.logged_as)
        except Retriable:
            return Busy()
        except (Refused, ConfigError, Fatal):
            # What it says names files of this machine; a person gets one sentence, the command the whole.
            return RefusedHere("sheet_refused")
        return Done(name)


def _all_known(reading: Reading) -> tuple[SourceKnown, ...]:
    return reading.remembered(("sources",), lambda: known_sources(reading))


def _thanks(now: IncidentNow, pack: PolicyPack) -> Thanks:
    rows = [BY_NAME[event.value] for event in THANK_STEPS if now.state in BY_NAME[event.value].sources]
    return Thanks(
        now.state,
        tuple(
            (row.event.value, tuple(role for role in PEOPLE if not find_refusal(row, now, role, pack)))
            for row in rows
        ),
    )


def read_listed(home: Home) -> Mapping[str, str] | None:
    """Names and kinds of the sources in sources.toml; None where it cannot be read, which the next run says in full."""
    try:
        rows = tomllib.loads(home.sources_file.read_text(encoding="utf-8-sig")).get("source", [])
        return {str(row["name"]): str(row["collector"]) for row in rows}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _known_source(
    known: SourceKnown,
    latest: SourceHealth,
    last_ok_at: datetime | None,
    looks: Mapping[tuple[str, date], Verdict],
    last_on: date,
    listed: Mapping[str, str] | None,
    now: datetime,
) -> SourceState:
    days = (last_on - timedelta(days=back) for back in range(NIGHTS - 1, -1, -1))
    return SourceState(
        name=known.name,
        collector=known.collector,
        is_listed=None if listed is None else known.name in listed,
        looked_at=known.looked_at,
        last_ok_at=last_ok_at or latest.last_ok_at,
        verdict=latest.verdicts[0],
        fault=latest.fault,
        not_looked_at=latest.not_looked_at,
        nights=tuple(Night(day, looks.get((known.name, day))) for day in days if day >= known.first_on),
        is_overdue=known.name in (listed or {}) and now - known.looked_at > LATE,
    )

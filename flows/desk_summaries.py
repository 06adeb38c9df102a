"""Summaries by first readers, and asking for them: need-to-know first, then checked and stored in one transaction (L31)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from desk.acts import Busy, Done, NoSuch, Outcome, Overtaken, RefusedHere
from desk.digest import MentionLine
from desk.masking import tidy
from desk.refused import say_refused
from desk.summary import SummaryGiven, find_summary_fault, is_covered
from desk.summary_words import SUMMARY_WORDS
from flows.digest import mention_line
from flows.home import Home
from flows.leak_check import refuse_leaks
from flows.need_to_know import read_sight
from flows.school_now import SchoolNow
from mentionwatch.accounts import Right, Viewer
from mentionwatch.errors import Refused, Retriable
from mentionwatch.labels import SETTLED, Role
from mentionwatch.policy import PolicyPack
from warehouse.connection import Warehouse
from warehouse.need_to_know import may_know
from warehouse.reading import MentionFilter, list_mentions
from warehouse.session import Writing
from warehouse.summaries import SUMMARISED, Summary, has_opened, read_summary, store_summary
from warehouse.summary_asks import SummaryAsk, end_ask, store_ask, unsummed_posts


class HomeSummaries:
    """`desk.summary.SummaryActs` over one home. `clock` gives aware UTC."""

    def __init__(self, home: Home, now: SchoolNow, clock: Callable[[], datetime]) -> None:
        self._home, self._now, self._clock = home, now, clock
        self._warehouse = Warehouse(home.folder)

    def write_summary(self, viewer: Viewer, given: SummaryGiven, lang: str) -> Outcome:
        if not viewer.has(Right.OPEN_WORDS):
            return NoSuch()
        try:
            refuse_leaks(self._home, (given.text,), (given.id,))
            with self._warehouse.writer() as writing:
                return self._store(writing, viewer, given, int(lang == "cy"))
        except Retriable:
            return Busy()
        except Refused as error:
            return RefusedHere(say_refused(str(error), "", "", {}, lang)[0], "summary")

    def ask(self, viewer: Viewer, id_: str) -> Outcome:
        def put(writing: Writing, ask: SummaryAsk, line: MentionLine, pack: PolicyPack) -> None:
            posts = unsummed_posts(writing, (id_,)) if is_covered(line) else ()
            # What the page offered a moment ago: by now it may be summed up, over or uncovered, as the page then says.
            if posts and posts[0].state not in SETTLED:
                store_ask(writing, ask, pack.version)

        return self._change(viewer, id_, put)

    def take_back(self, viewer: Viewer, id_: str) -> Outcome:
        def end(writing: Writing, ask: SummaryAsk, _: MentionLine, pack: PolicyPack) -> None:
            end_ask(writing, ask, ask.asked_at, pack.version)

        return self._change(viewer, id_, end)

    def _change(
        self,
        viewer: Viewer,
        id_: str,
        change: Callable[[Writing, SummaryAsk, MentionLine, PolicyPack], None],
    ) -> Outcome:
        """`change` in one transaction, for whoever may know of the post; what is sealed nobody reads first."""
        if not viewer.has(Right.OPEN_WORDS):
            return NoSuch()
        try:
            with self._warehouse.writer() as writing:
                school, pack = self._now.read()
                if not may_know(writing, read_sight(writing, viewer, school, pack), id_):
                    return NoSuch()
                found = list_mentions(writing, MentionFilter(ids=(id_,)))
                if not found or found[0].is_sealed:
                    return NoSuch()
                ask = SummaryAsk(id_, viewer.account_id, viewer.logged_as, self._clock())
                change(writing, ask, mention_line(found[0], {}), pack)
        except Retriable:
            return Busy()
        return Done(id_)

    def _store(self, writing: Writing, viewer: Viewer, given: SummaryGiven, at: int) -> Outcome:
        school, pack = self._now.read()
        if not may_know(writing, read_sight(writing, viewer, school, pack), given.id):
            return NoSuch()
        found = list_mentions(writing, MentionFilter(ids=(given.id,)))
        # Whoever has not opened the words has nothing to sum up, and what is sealed nobody opens.
        if not found or found[0].is_sealed or not has_opened(writing, given.id, viewer.account_id):
            return NoSuch()
        row, there = found[0], read_summary(writing, given.id)
        if row.revision != given.revision:
            return RefusedHere(SUMMARY_WORDS["summary_edited"][at], "summary")
        if there is not None and not given.seen:
            by = there.role if isinstance(there.role, Role) else Role.OPERATOR
            return Overtaken(SUMMARISED, by, there.written_at)
        fault = find_summary_fault(given.text, row.title, row.text)
        if fault:
            return RefusedHere(SUMMARY_WORDS[fault][at], "summary")
        text = " ".join(tidy(given.text).split())
        summary = Summary(row.id, row.revision, text, viewer.account_id, viewer.logged_as, self._clock())
        store_summary(writing, summary, pack.version)
        return Done(row.id)

"""Reports handed in at the desk: the same way as `mentionwatch report`, for the person who is signed in."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import TYPE_CHECKING

from desk.acts import Busy, Done, RefusedHere
from desk.report_port import ReportGiven
from desk.report_words import REPORT_WORDS
from flows.home import Home
from flows.reporting import HumanReport, StaysErased, name_picture_type, take_report
from flows.school_now import SchoolNow
from incidents.authority import check_authority
from mentionwatch.accounts import Right, Viewer
from mentionwatch.errors import Refused, Retriable
from mentionwatch.model import AuditEvent
from warehouse.chain import append_audit
from warehouse.connection import Warehouse

if TYPE_CHECKING:
    from classifiers.model import Classifier


class HomeReports:
    """`desk.report_port.Reports` over one home. The model is read once, with the first report."""

    def __init__(self, home: Home, now: SchoolNow) -> None:
        self._home, self._now = home, now
        self._classifier: Classifier | None = None
        self._one_reads = threading.Lock()

    def _model(self) -> Classifier:
        from flows.model_status import model_for_night

        with self._one_reads:
            if self._classifier is None:
                self._classifier = model_for_night(self._home, asks=True)
            return self._classifier

    def take_report(
        self, viewer: Viewer, given: ReportGiven, lang: str, now: datetime
    ) -> Done | RefusedHere | Busy:
        """One audit row says who took it in: the account, and the first of its roles in the protocol."""
        if not viewer.has(Right.REPORT):
            return RefusedHere(_say("report_not_allowed", lang))
        school, pack = self._now.read_good()
        try:
            check_authority(school, pack, now.date())
        except Refused:
            return RefusedHere(_say("report_not_allowed", lang))
        report = HumanReport(
            url=given.address,
            posted_at=given.posted_at,
            text=given.text,
            picture=given.picture,
            picture_type=name_picture_type(given.picture) if given.picture else "",
            is_indecent=given.is_indecent,
            reporter=given.reporter,
            platform=given.platform,
        )
        try:
            done = take_report(
                self._home, school, pack, self._model(), report, now, viewer.account_id, viewer.logged_as
            )
        except Retriable:
            return Busy()
        except StaysErased as error:
            return self._note_erased(error.mention, viewer, now, pack.version)
        return Done(done.mention)

    def _note_erased(self, mention: str, viewer: Viewer, now: datetime, pack: str) -> Done | Busy:
        """Nothing is stored but that somebody reported it, and the receipt is that of any report: another answer would
        tell whoever asks which posts the school once held."""
        row = AuditEvent(now, viewer.account_id, viewer.logged_as, "reported", "mention", mention, pack=pack)
        try:
            with Warehouse(self._home.folder).writer() as writing:
                append_audit(writing, [row])
        except Retriable:
            return Busy()
        return Done(mention)


def _say(key: str, lang: str) -> str:
    return REPORT_WORDS[key][lang == "cy"]

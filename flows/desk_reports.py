"""Reports handed in at the desk: the same way as `mentionwatch report`, for the person who is signed in."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import TYPE_CHECKING

from desk.acts import Busy, Done, RefusedHere
from desk.report_port import ReportGiven
from desk.report_words import REPORT_WORDS
from flows.home import Home
from flows.reporting import HumanReport, name_picture_type, take_report
from incidents.authority import check_authority
from mentionwatch.accounts import Right, Viewer
from mentionwatch.errors import Refused, Retriable
from mentionwatch.labels import Role
from mentionwatch.policy import PolicyPack
from mentionwatch.school import SchoolFile

if TYPE_CHECKING:
    from classifiers.model import Classifier


class HomeReports:
    """`desk.report_port.Reports` over one home. The model is read once, with the first report."""

    def __init__(self, home: Home, school: SchoolFile, pack: PolicyPack) -> None:
        self._home, self._school, self._pack = home, school, pack
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
        try:
            check_authority(self._school, self._pack, now.date())
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
        role = next(iter(viewer.protocol_roles), Role.OPERATOR)
        try:
            done = take_report(
                self._home, self._school, self._pack, self._model(), report, now, viewer.account_id, role
            )
        except Retriable:
            return Busy()
        except Refused:
            # Authority was looked at above: what is left is a post that was erased.
            return RefusedHere(_say("report_erased", lang), "address")
        return Done(done.mention)


def _say(key: str, lang: str) -> str:
    return REPORT_WORDS[key][lang == "cy"]

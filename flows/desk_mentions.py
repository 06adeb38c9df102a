"""Acts upon mentions at the desk: need-to-know first, then one short transaction with its audit row (L31, protocol 5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from desk.acts import Busy, Done, NoSuch, Outcome, Overtaken, RefusedHere
from desk.mention_port import CorrectionGiven, judging_roles
from desk.refused import EDITED_SINCE, NOT_A_JUDGE, say_refused
from flows.corrections import CorrectedMeanwhile, CorrectionAsked, take_correction
from flows.home import Home
from flows.need_to_know import read_sight
from flows.school_now import SchoolNow
from mentionwatch.accounts import DeskRole, Right, Viewer
from mentionwatch.errors import ConfigError, Refused, Retriable
from mentionwatch.labels import Harm, Label, Role, Route
from mentionwatch.model import AuditEvent
from warehouse.chain import append_audit
from warehouse.connection import Warehouse
from warehouse.logged import sealed_among
from warehouse.need_to_know import may_know
from warehouse.session import Reading

WORDS_OPENED = "words_opened"
_DO_NOT_FIT = (
    "Label, kind of harm and route do not go together: only a possibly inappropriate post carries a harm, praise and neutral posts go nowhere, "
    "and what is inappropriate does not go to the complaints procedure. A concern goes there or nowhere: to ask the safeguarding lead about one is a step on "
    "its own page, and what the police should know is more than a concern.",
    "Nid yw'r label, y math o niwed a'r llwybr yn cyd-fynd: dim ond neges a all fod yn amhriodol sy'n cario niwed, nid yw canmoliaeth na negeseuon niwtral "
    "yn mynd i unman, ac nid yw'r hyn sy'n amhriodol yn mynd i'r drefn gwyno. I'r drefn honno neu i unman yr â pryder: cam ar ei dudalen ei hun yw gofyn i'r "
    "arweinydd diogelu am un, ac mae'r hyn y dylai'r heddlu ei wybod yn fwy na phryder.",
)
_NO_CLOCK = (
    "The clock of this machine shows a time before the last correction. Tell whoever looks after mentionwatch.",
    "Mae cloc y peiriant hwn yn dangos amser cyn y cywiriad diwethaf. Dywedwch wrth y sawl sy'n gofalu am mentionwatch.",
)


class HomeMentions:
    """`desk.mention_port.MentionActs` over one home. `clock` gives aware UTC."""

    def __init__(self, home: Home, now: SchoolNow, clock: Callable[[], datetime]) -> None:
        self._home, self._now, self._clock = home, now, clock
        self._warehouse = Warehouse(home.folder)

    def _may_know(self, reading: Reading, viewer: Viewer, id_: str) -> bool:
        return may_know(reading, read_sight(reading, viewer, *self._now.read()), id_)

    def open_words(self, viewer: Viewer, id_: str) -> Outcome:
        if not viewer.has(Right.OPEN_WORDS):
            return NoSuch()
        try:
            # A look at what may not be known writes nothing, and answers as what is not there.
            with self._warehouse.writer() as writing:
                if not self._may_know(writing, viewer, id_) or sealed_among(writing, [id_]):
                    return NoSuch()
                row = AuditEvent(
                    self._clock(), viewer.account_id, viewer.logged_as, WORDS_OPENED, "mention", id_,
                    pack=self._now.read()[1].version,
                )  # fmt: skip
                append_audit(writing, [row])
        except Retriable:
            return Busy()
        return Done(id_)

    def correct(self, viewer: Viewer, given: CorrectionGiven, lang: str) -> Outcome:
        at = int(lang == "cy")
        if not viewer.has(Right.CORRECT):
            return NoSuch()
        try:
            with self._warehouse.live_reader() as reading:
                if not self._may_know(reading, viewer, given.id):
                    return NoSuch()
            if given.role not in judging_roles(viewer):
                return RefusedHere(NOT_A_JUDGE[at], "as_role")
            asked = CorrectionAsked(
                given.id, Label(given.label), Role(given.role), given.reason,
                tuple(Harm(harm) for harm in dict.fromkeys(given.harms)),
                Route(given.route) if given.route else None, given.revision, given.seen,
            )  # fmt: skip
            take_correction(
                self._home, asked, viewer.account_id, self._clock(), self._now.read()[1].version,
                is_reviewer=DeskRole.REVIEWER in viewer.roles,
            )  # fmt: skip
        except Retriable:
            return Busy()
        except CorrectedMeanwhile as error:
            return Overtaken("corrected", error.role, error.at)
        except ConfigError as error:
            # Of an unknown mention, or of a form whose answers do not go together.
            return NoSuch() if error.key == "ID" else RefusedHere(_DO_NOT_FIT[at], "label")
        except Refused as error:
            return _refused(str(error), at, lang)
        return Done(given.id)


def _refused(said: str, at: int, lang: str) -> RefusedHere:
    if "was edited since" in said:
        return RefusedHere(EDITED_SINCE[at], "label")
    if "the clock says" in said:
        return RefusedHere(_NO_CLOCK[at], "reason")
    told, _ = say_refused(said, "", "", {}, lang)
    return RefusedHere(told, "reason")

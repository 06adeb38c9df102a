"""Posts judged not to be about the school at the desk: need-to-know first and again in the transaction, then as the command."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from desk.acts import Busy, Done, NoSuch, Outcome, Overtaken, RefusedHere
from desk.not_ours_port import NotOursGiven, destroying_roles
from desk.not_ours_words import NOT_OURS_WORDS
from desk.refused import EDITED_SINCE, NOT_A_JUDGE, say_refused
from flows.corrections import CorrectedMeanwhile
from flows.home import Home
from flows.need_to_know import may_see, read_sight
from flows.not_ours import JudgedMeanwhile, NotOursAsked, TiedPost, judge_not_ours
from flows.school_now import SchoolNow
from mentionwatch.accounts import Right, Viewer
from mentionwatch.errors import ConfigError, Refused, Retriable
from mentionwatch.labels import Role
from warehouse.connection import Warehouse
from warehouse.need_to_know import may_know
from warehouse.not_ours import JUDGED, Tied, find_tie, read_judged
from warehouse.session import Reading


class HomeNotOurs:
    """`desk.not_ours_port.NotOursActs` over one home. `clock` gives aware UTC; `put_off` is asked to write the files anew; without it they are before it answers."""

    def __init__(
        self,
        home: Home,
        now: SchoolNow,
        clock: Callable[[], datetime],
        put_off: Callable[[], None] | None = None,
    ) -> None:
        self._home, self._now, self._clock, self._put_off = home, now, clock, put_off
        self._warehouse = Warehouse(home.folder)

    def find_tie(self, viewer: Viewer, id_: str) -> str:
        with self._warehouse.live_reader() as reading:
            tied = find_tie(reading, id_, self._clock())
            return self._word(reading, viewer, id_, tied) if tied else ""

    def _word(self, reading: Reading, viewer: Viewer, id_: str, tied: Tied) -> str:
        # Another incident or report of the same address may be none of theirs.
        is_known = tied.object_id in ("", id_) or may_see(
            reading, read_sight(reading, viewer, *self._now.read()), tied.object_id
        )
        return f"tied_{tied.tie}" if is_known else "tied_else"

    def judge(self, viewer: Viewer, given: NotOursGiven, lang: str) -> Outcome:
        at = int(lang == "cy")
        if not viewer.has(Right.CORRECT):
            return NoSuch()
        school, pack = self._now.read()

        def know(reading: Reading) -> bool:
            return may_know(reading, read_sight(reading, viewer, school, pack), given.id)

        try:
            with self._warehouse.live_reader() as reading:
                if not know(reading):
                    return NoSuch()
            if given.role not in destroying_roles(viewer):
                return RefusedHere(NOT_A_JUDGE[at], "as_role")
            asked = NotOursAsked(given.id, Role(given.role), given.reason, given.revision, given.seen)
            judge_not_ours(
                self._home, asked, viewer.account_id, self._clock(), school.profile, pack.version, know, self._put_off
            )  # fmt: skip
        except Retriable:
            return Busy()
        except CorrectedMeanwhile as error:
            return Overtaken("corrected", error.role, error.at)
        except (ConfigError, JudgedMeanwhile):
            return NoSuch()
        except TiedPost as error:
            with self._warehouse.live_reader() as reading:
                key = self._word(reading, viewer, given.id, error.tied)
            return RefusedHere(NOT_OURS_WORDS[key][at])
        except Refused as error:
            if "was edited since" in str(error):
                return RefusedHere(EDITED_SINCE[at])
            return RefusedHere(say_refused(str(error), "", "", {}, lang)[0], "reason")
        return Done(given.id)

    def find_judged(self, id_: str) -> Overtaken | None:
        with self._warehouse.live_reader() as reading:
            judged = read_judged(reading, id_)
        return Overtaken(JUDGED, judged.role, judged.at) if judged else None

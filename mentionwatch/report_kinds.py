"""Reports of a kind of their own, where the policy has a clause for it: always an incident, whatever the words sound like."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ReportKind(StrEnum):
    """What a person says a report is about. The value is the incident's kind."""

    OTHER_CHILD_PICTURE = "other_child_picture"
    STAFF_AREA = "staff_area"
    WORKING_DAY = "working_day"
    UNDER_AGE = "under_age"
    LOGO = "logo"


@dataclass(frozen=True, slots=True)
class KindRules:
    """Which clause of a pack makes a kind available, and what is done first. `takes_picture`: may a copy be handed in?"""

    clause: str
    english: str
    welsh: str
    takes_picture: bool = True

    def step(self, lang: str) -> str:
        """The first step in the reader's language."""
        return self.welsh if lang == "cy" else self.english


KINDS: dict[ReportKind, KindRules] = {
    ReportKind.OTHER_CHILD_PICTURE: KindRules(
        "pictures",
        "A picture of somebody else's child: copy nothing, keep the address only, and ask whoever posted it to take it down",
        "Llun o blentyn rhywun arall: peidiwch â chopïo dim, cadwch y cyfeiriad yn unig, a gofynnwch i'r sawl a'i postiodd ei dynnu i lawr",
        takes_picture=False,
    ),
    ReportKind.STAFF_AREA: KindRules(
        "staff_area",
        "A pupil tries to join a staff member's pages: the heads are told today, and the pupil's parents",
        "Mae disgybl yn ceisio ymuno â thudalennau aelod o staff: dywedir wrth y penaethiaid heddiw, ac wrth rieni'r disgybl",
    ),
    ReportKind.WORKING_DAY: KindRules(
        "evidence_day",
        "Evidence of use in the working day goes to the designated child protection officer",
        "Mae tystiolaeth o ddefnydd yn ystod y diwrnod gwaith yn mynd at y swyddog amddiffyn plant dynodedig",
    ),
    ReportKind.UNDER_AGE: KindRules(
        "under_age",
        "A pupil below the platform's age: speak with the parents, then use the platform's own form (document under_age_report)",
        "Disgybl o dan oed y platfform: siaradwch â'r rhieni, yna defnyddiwch ffurflen y platfform ei hun (dogfen under_age_report)",
    ),
    ReportKind.LOGO: KindRules(
        "logo",
        "The school's logo or name is used: look whether there was permission in writing",
        "Defnyddir logo neu enw'r ysgol: edrychwch a oedd caniatâd ysgrifenedig",
    ),
}

"""Every night: is all evidence still as it was captured? What is not opens an incident of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flows.damage import DAMAGED_CLAUSE, DAMAGED_STEPS
from flows.home import Home
from flows.verifying import Verified, log_verified, verify_all
from incidents.permissions import choose_decider
from mentionwatch.labels import EVIDENCE_DAMAGED, FINISHED, IncidentState, Role, Route
from mentionwatch.model import IncidentIntent
from mentionwatch.policy import PolicyPack
from mentionwatch.school import SchoolFile
from warehouse.connection import Warehouse
from warehouse.incident_steps import incident_rows
from warehouse.incidents import PIPELINE, open_by_hand
from warehouse.protocol_records import keep_pack


@dataclass(frozen=True, slots=True)
class Watched:
    """How the nightly check ended. `incident` is the number that stands for it, empty when all is well."""

    done: Verified
    incident: str
    is_new: bool


def _intent(school: SchoolFile, pack: PolicyPack, done: Verified) -> IncidentIntent:
    kinds = sorted({finding.object_kind for finding in done.findings})
    counted = [f"{sum(each.object_kind == kind for each in done.findings)} {kind}" for kind in kinds]
    return IncidentIntent(
        mention_id="",
        canonical_url="",
        kind=EVIDENCE_DAMAGED,
        route=Route.INTERNAL,
        harms=(),
        decider=choose_decider(pack, school.profile, "").role,
        path=(IncidentState.OPENED, IncidentState.PRESERVED, IncidentState.AWAITING_DECISION),
        first_steps=DAMAGED_STEPS[school.profile.lang],
        reasons=(f"not as stored: {', '.join(counted)}",),
        clause=DAMAGED_CLAUSE,
        pack=pack.version,
        summary="nightly check of the evidence",
    )


def watch_evidence(home: Home, school: SchoolFile, pack: PolicyPack, now: datetime) -> Watched:
    """Verify everything, enter how it ended, and open an incident where something is not as it was.

    One incident stands for it until a person closes it; nothing is repaired and nothing deleted.
    """
    done = verify_all(home, school)
    log_verified(home, done, (), now, PIPELINE, Role.PIPELINE)
    if not done.findings:
        return Watched(done, "", False)
    with Warehouse(home.folder).writer() as writing:
        for row in incident_rows(writing):
            if row.kind == EVIDENCE_DAMAGED and row.state not in FINISHED:
                return Watched(done, row.id, False)
        keep_pack(writing, pack, now)
        number = open_by_hand(writing, _intent(school, pack, done), now, PIPELINE, Role.PIPELINE)
    return Watched(done, number, True)

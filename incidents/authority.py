"""The gate before every sweep: nobody watches public postings without authority and a DPIA (L01, B02, C08, D02)."""

from __future__ import annotations

from datetime import date

from mentionwatch.errors import Refused
from mentionwatch.policy import PolicyPack
from mentionwatch.school import Authority, SchoolFile


def cite_authority(pack: PolicyPack, authority: Authority | None) -> str:
    """What authorises the monitoring, as every run records it (L01)."""
    if pack.monitoring_clause is not None:
        return pack.monitoring_clause.cite()
    if authority is not None and authority.on is not None:
        return f"governors' decision of {authority.on.isoformat()}: {authority.text}"
    return ""


def check_authority(school: SchoolFile, pack: PolicyPack, on: date) -> str:
    """The citation of the authority to monitor. Raises `Refused`, quoting why, when it or the DPIA is missing."""
    authority, dpia = school.authority, school.dpia
    if pack.monitoring_clause is None:
        why = pack.monitoring_note or "No section lets the school watch public postings."
        if authority is None:
            raise Refused(
                f"refused: {pack.title} does not authorise this. {why} "
                "Record the governors' decision under [authority] in school.toml (decision and on)"
            )
        if authority.on is None:
            raise Refused(
                "refused: the governors' decision to monitor has no date, so nobody can look it up. Add on = DATE under [authority] in school.toml"
            )
    if authority is not None and authority.on is not None and authority.on > on:
        raise Refused(
            f"refused: the governors' decision is dated {authority.on.isoformat()}, which has not come yet. Mend on under [authority] in school.toml"
        )
    if dpia is None or dpia.on is None:
        missing = "has no date" if dpia else "is not recorded"
        raise Refused(
            f"refused: the data protection impact assessment {missing} (UK GDPR Article 35). Fill in reference and on under [dpia] in school.toml"
        )
    if dpia.on > on:
        raise Refused(
            f"refused: the DPIA is dated {dpia.on.isoformat()}, which has not come yet. Mend on under [dpia] in school.toml"
        )
    return cite_authority(pack, authority)

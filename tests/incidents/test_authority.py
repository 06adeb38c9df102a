"""Nobody watches public postings without authority and a data protection impact assessment."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from incidents.authority import check_authority
from mentionwatch.errors import Refused
from mentionwatch.school import Authority, Dpia, SchoolFile, SchoolProfile
from tests.incidents.packs import LLANBEDROG, PACKS

ON = date(2026, 11, 21)
BARE = SchoolFile(SchoolProfile("Ysgol X", (), ()), "x", None, None, "en")
DPIA = Dpia("DPIA-7", date(2026, 9, 1))
DECISION = Authority("minute 14", date(2026, 9, 2))
SILENT = [name for name, pack in PACKS.items() if pack.monitoring_clause is None]


def test_two_policies_authorise_monitoring_and_three_do_not() -> None:
    """B02, C08, D02: none of those three may be cited."""
    assert SILENT == ["brighton_hill", "cansfield", "caldecote"]


@pytest.mark.parametrize("name", SILENT)
def test_b02_c08_d02_without_a_clause_the_governors_must_have_decided(name: str) -> None:
    with pytest.raises(Refused, match=r"does not authorise this.*\[authority\] in school.toml") as refused:
        check_authority(replace(BARE, dpia=DPIA), PACKS[name], ON)
    assert refused.value.exit_code == 5
    cited = check_authority(replace(BARE, dpia=DPIA, authority=DECISION), PACKS[name], ON)
    assert cited == "governors' decision of 2026-09-02: minute 14"


def test_c08_a_clause_on_the_schools_own_computers_is_no_authority_for_the_public_web() -> None:
    with pytest.raises(Refused) as refused:
        check_authority(replace(BARE, dpia=DPIA), PACKS["cansfield"], ON)
    assert PACKS["cansfield"].monitoring_note in str(refused.value)
    assert PACKS["cansfield"].monitoring_note


def test_l01_the_clause_that_authorises_the_run_is_cited() -> None:
    assert check_authority(replace(BARE, dpia=DPIA), LLANBEDROG, ON) == "Social Networking Policy, section 11"


@pytest.mark.parametrize("name", PACKS)
def test_no_pack_runs_without_a_dpia(name: str) -> None:
    for dpia, why in (
        (None, "is not recorded"),
        (Dpia("DPIA-7", None), "has no date"),
        (Dpia("DPIA-7", date(2026, 11, 22)), "has not come yet"),
    ):
        with pytest.raises(Refused, match=why):
            check_authority(replace(BARE, authority=DECISION, dpia=dpia), PACKS[name], ON)
    assert check_authority(replace(BARE, authority=DECISION, dpia=Dpia("DPIA-7", ON)), PACKS[name], ON)


def test_a_decision_needs_a_date_that_has_come() -> None:
    pack = PACKS["caldecote"]
    with pytest.raises(Refused, match="has no date"):
        check_authority(replace(BARE, dpia=DPIA, authority=Authority("minute 14", None)), pack, ON)
    with pytest.raises(Refused, match="has not come yet"):
        check_authority(
            replace(BARE, dpia=DPIA, authority=Authority("minute 14", date(2027, 1, 1))), pack, ON
        )

"""Duties above every policy: complete for both nations, in each nation's own words, with deadlines as data."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Callable
from datetime import date
from importlib.resources import files
from typing import Any

import pytest

from mentionwatch.errors import ConfigError, Refused
from mentionwatch.law import Nation, find_legal_errors
from mentionwatch.overlay import DutyId, OfficeId, Overlay, Unit, Within, parse_overlay
from mentionwatch.tables import Table


def raw(name: str) -> dict[str, Any]:
    return tomllib.loads(files("mentionwatch.overlays").joinpath(f"{name}.toml").read_text("utf-8"))


def parse(data: dict[str, Any]) -> Overlay:
    return parse_overlay(Table("overlay.toml", data))


OVERLAYS = {nation: parse(raw(nation)) for nation in Nation}
NATIONS = pytest.mark.parametrize("overlay", OVERLAYS.values(), ids=list(OVERLAYS))


@NATIONS
def test_every_nation_has_every_duty_bilingual_sourced_and_dated(overlay: Overlay) -> None:
    """T04, T09: the duties hold whatever a policy says or leaves out."""
    assert [duty.id for duty in overlay.duties] == list(DutyId)
    for duty in overlay.duties:
        assert duty.gist.english != duty.gist.welsh
        for lang in ("en", "cy"):
            assert duty.gist.text(lang).endswith(".") and all(source.text(lang) for source in duty.sources)
            assert find_legal_errors(duty.gist.text(lang)) == ()
        assert duty.checked_on == date(2026, 11, 21)
        assert duty.offices(about_head=True) and duty.offices(about_head=False)


@NATIONS
def test_every_nation_names_every_office_in_both_languages(overlay: Overlay) -> None:
    assert [office.id for office in overlay.offices] == list(OfficeId)
    for office in overlay.offices:
        assert office.name.english != office.name.welsh


def test_each_nation_uses_its_own_names() -> None:
    """T09: DSL and LADO in England; DSP and the council's designated officer in Wales."""
    england, wales = OVERLAYS[Nation.ENGLAND], OVERLAYS[Nation.WALES]
    assert england.office("safeguarding_lead").short.english == "DSL"
    assert wales.office("safeguarding_lead").short.welsh == "DSP"
    assert wales.office("safeguarding_lead").name.welsh == "y person diogelu dynodedig"
    assert england.office("local_authority_contact").short.english == "LADO"
    assert "LADO" not in wales.office("local_authority_contact").short.english
    for duty in wales.duties:
        assert "safeguarding lead" not in duty.gist.english and "LADO" not in duty.gist.english


@NATIONS
def test_an_allegation_about_the_head_goes_to_the_chair_and_never_to_the_head(overlay: Overlay) -> None:
    """T09: the person a post is about is not the one it is reported to."""
    duty = overlay.duty("staff_allegation")
    about, not_about = duty.offices(about_head=True), duty.offices(about_head=False)
    assert OfficeId.CHAIR in about and OfficeId.HEAD not in about
    assert OfficeId.HEAD in not_about and OfficeId.CHAIR not in not_about
    assert OfficeId.LOCAL_AUTHORITY_CONTACT in about and OfficeId.LOCAL_AUTHORITY_CONTACT in not_about


def test_the_local_authority_is_told_in_time() -> None:
    """T09: England within one working day; Wales the same day."""
    assert OVERLAYS[Nation.ENGLAND].duty("staff_allegation").within == Within(1, Unit.WORKING_DAYS)
    assert OVERLAYS[Nation.WALES].duty("staff_allegation").within == Within(0, Unit.WORKING_DAYS)


@NATIONS
def test_images_and_threats_wait_for_nothing(overlay: Overlay) -> None:
    """T04: an indecent image stops everything; a threat to life goes to the police first."""
    images, threat = overlay.duty("indecent_images"), overlay.duty("threat_to_life")
    assert images.within == threat.within == Within(0, Unit.HOURS)
    assert images.offices(about_head=False)[0] is OfficeId.SAFEGUARDING_LEAD
    assert threat.offices(about_head=True)[0] is OfficeId.POLICE and "999" in threat.gist.welsh
    assert OfficeId.HEAD in threat.offices(about_head=True)
    assert overlay.duty("child_at_risk").within == Within(0, Unit.WORKING_DAYS)


@NATIONS
def test_an_unknown_duty_or_office_is_refused_with_the_known_ones(overlay: Overlay) -> None:
    with pytest.raises(Refused, match="they are indecent_images, child_at_risk"):
        overlay.duty("defamation")
    with pytest.raises(Refused, match="they are head, chair"):
        overlay.office("janitor")


@pytest.mark.parametrize(
    ("said", "within", "english", "welsh"),
    [
        ("at once", Within(0, Unit.HOURS), "at once", "ar unwaith"),
        ("same day", Within(0, Unit.WORKING_DAYS), "the same day", "yr un diwrnod"),
        ("1 hour", Within(1, Unit.HOURS), "within 1 hour", "o fewn 1 awr"),
        ("24 hours", Within(24, Unit.HOURS), "within 24 hours", "o fewn 24 awr"),
        ("1 working day", Within(1, Unit.WORKING_DAYS), "within 1 working day", "o fewn 1 diwrnod gwaith"),
        ("2 working days", Within(2, Unit.WORKING_DAYS), "within 2 working days", "o fewn 2 ddiwrnod gwaith"),
        ("3 working days", Within(3, Unit.WORKING_DAYS), "within 3 working days", "o fewn 3 diwrnod gwaith"),
    ],
)
def test_a_deadline_is_read_and_said_in_both_languages(
    said: str, within: Within, english: str, welsh: str
) -> None:
    data = raw("england")
    data["duty"]["child_at_risk"]["within"] = said
    found = parse(data).duty("child_at_risk").within
    assert found == within and (found.text("en"), found.text("cy")) == (english, welsh)


def _duty(data: dict[str, Any]) -> dict[str, Any]:
    duty: dict[str, Any] = data["duty"]["staff_allegation"]
    return duty


@pytest.mark.parametrize(
    ("spoil", "key", "mend"),
    [
        (lambda data: data.update(nation="scotland"), "nation", "england, wales"),
        (lambda data: data["duty"].pop("child_at_risk"), "duty.child_at_risk", "Add [duty.child_at_risk]"),
        (lambda data: data["office"].pop("chair"), "office.chair", "Add [office.chair]"),
        (lambda data: data["office"]["chair"].pop("name_cy"), "office.chair.name_cy", "Add name_cy"),
        (lambda data: _duty(data).pop("checked_on"), "duty.staff_allegation.checked_on", "Add checked_on"),
        (lambda data: _duty(data).pop("gist_cy"), "duty.staff_allegation.gist_cy", "Add gist_cy"),
        (lambda data: _duty(data).pop("sources_cy"), "duty.staff_allegation.sources_cy", "Add sources_cy"),
        (lambda data: _duty(data).pop("within"), "duty.staff_allegation.within", "Add within"),
        (lambda data: _duty(data).update(within="soon"), "duty.staff_allegation.within", '"24 hours"'),
        (lambda data: _duty(data).update(within="0 hours"), "duty.staff_allegation.within", '"at once"'),
        (
            lambda data: _duty(data).update(withn="1 hour"),
            "duty.staff_allegation.withn",
            "Did you mean within",
        ),
        (lambda data: _duty(data).update(tell=[]), "duty.staff_allegation.tell", "office ="),
        (
            lambda data: _duty(data).update(tell=[{"office": "head", "when": "not_about_head"}]),
            "duty.staff_allegation.tell",
            "office =",
        ),
        (
            lambda data: _duty(data)["tell"][0].update(office="janitor"),
            "duty.staff_allegation.tell[1].office",
            "safeguarding_lead",
        ),
        (
            lambda data: _duty(data)["tell"][0].update(when="sometimes"),
            "duty.staff_allegation.tell[1].when",
            "about_head",
        ),
        (lambda data: data["duty"].update(homework={}), "duty.homework", "known keys"),
        (lambda data: data["office"].update(janitor={}), "office.janitor", "known keys"),
        (lambda data: data.update(extra=1), "extra", "known keys"),
    ],
)
def test_a_wrong_overlay_is_refused_with_file_key_and_mend(
    spoil: Callable[[dict[str, Any]], object], key: str, mend: str
) -> None:
    data = copy.deepcopy(raw("england"))
    spoil(data)
    with pytest.raises(ConfigError) as refused:
        parse(data)
    assert refused.value.file == "overlay.toml" and refused.value.key == key
    assert mend in refused.value.mend

"""The duties that stand above every policy: one overlay per nation, as data.

A pack may say more than these, never less: they hold whatever the school's own policy says or is silent on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mentionwatch.errors import Refused
from mentionwatch.law.cards import Nation, Words, read_day, read_lists, read_member, read_words
from mentionwatch.tables import Table


class DutyId(StrEnum):
    """The four duties every overlay must hold."""

    INDECENT_IMAGES = "indecent_images"
    CHILD_AT_RISK = "child_at_risk"
    STAFF_ALLEGATION = "staff_allegation"
    THREAT_TO_LIFE = "threat_to_life"


class OfficeId(StrEnum):
    """Who may have to be told; each nation has its own words for them."""

    HEAD = "head"
    CHAIR = "chair"
    SAFEGUARDING_LEAD = "safeguarding_lead"
    LOCAL_AUTHORITY_CONTACT = "local_authority_contact"
    CHILDRENS_SERVICES = "childrens_services"
    POLICE = "police"


class When(StrEnum):
    """Whether an office is told: always, or depending on whether the post is about the head."""

    ALWAYS = "always"
    ABOUT_HEAD = "about_head"
    NOT_ABOUT_HEAD = "not_about_head"


class Unit(StrEnum):
    """What a deadline counts."""

    HOURS = "hours"
    WORKING_DAYS = "working_days"


@dataclass(frozen=True, slots=True)
class Within:
    """A deadline as data. 0 hours is "at once"; 0 working days is "the same day"."""

    amount: int
    unit: Unit

    def text(self, lang: str) -> str:
        """In the reader's language: `within 1 working day`, `o fewn 1 diwrnod gwaith`."""
        if self.amount == 0:
            at_once, same_day = Words("at once", "ar unwaith"), Words("the same day", "yr un diwrnod")
            return (at_once if self.unit is Unit.HOURS else same_day).text(lang)
        if self.unit is Unit.HOURS:
            return Words(
                f"within {self.amount} hour{'s' if self.amount > 1 else ''}", f"o fewn {self.amount} awr"
            ).text(lang)
        # Only the number two softens: 2 ddiwrnod, but 1 diwrnod and 3 diwrnod.
        day = "ddiwrnod" if self.amount == 2 else "diwrnod"
        english = f"within {self.amount} working day{'s' if self.amount > 1 else ''}"
        return Words(english, f"o fewn {self.amount} {day} gwaith").text(lang)


@dataclass(frozen=True, slots=True)
class Office:
    """An office by its full name, and by its short one (DSL, DSP) where it has one."""

    id: OfficeId
    name: Words
    short: Words


@dataclass(frozen=True, slots=True)
class Told:
    """One office that must be told."""

    office: OfficeId
    when: When


@dataclass(frozen=True, slots=True)
class Duty:
    """What must be done whatever the policy says. `within`: when the last of those told must know."""

    id: DutyId
    gist: Words
    told: tuple[Told, ...]
    within: Within
    sources: tuple[Words, ...]
    checked_on: date

    def offices(self, *, about_head: bool) -> tuple[OfficeId, ...]:
        """Who is told, in order, when the post is or is not about the head."""
        passed_over = When.NOT_ABOUT_HEAD if about_head else When.ABOUT_HEAD
        return tuple(told.office for told in self.told if told.when is not passed_over)


@dataclass(frozen=True, slots=True)
class Overlay:
    """One nation's duties and the names of its offices; complete, or it does not load."""

    nation: Nation
    duties: tuple[Duty, ...]
    offices: tuple[Office, ...]

    def duty(self, duty_id: str) -> Duty:
        """The duty of this id. Raises `Refused` listing those there are."""
        for duty in self.duties:
            if duty.id == duty_id:
                return duty
        raise Refused(f"refused: {duty_id!r} is no duty above the policy; they are {', '.join(DutyId)}")

    def office(self, office_id: str) -> Office:
        """The office of this id. Raises `Refused` listing those there are."""
        for office in self.offices:
            if office.id == office_id:
                return office
        raise Refused(f"refused: {office_id!r} is no office of the overlay; they are {', '.join(OfficeId)}")


_COUNTED = re.compile(r"(?P<amount>[1-9]\d?) (?P<unit>hour|working day)s?")


def _read_within(table: Table) -> Within:
    said = table.text("within", example='"1 working day"')
    if said == "at once":
        return Within(0, Unit.HOURS)
    if said == "same day":
        return Within(0, Unit.WORKING_DAYS)
    found = _COUNTED.fullmatch(said)
    if found is None:
        mend = 'Write "at once", "same day", "24 hours" or "1 working day"'
        raise table.wrong("within", f"{said!r} is not a deadline", mend)
    return Within(int(found["amount"]), Unit.HOURS if found["unit"] == "hour" else Unit.WORKING_DAYS)


def _read_told(table: Table) -> Told:
    told = Told(
        read_member(table, "office", OfficeId, table.text("office")),
        read_member(table, "when", When, table.text("when", When.ALWAYS)),
    )
    table.finish()
    return told


def _read_duty(duty_id: DutyId, table: Table) -> Duty:
    duty = Duty(
        id=duty_id,
        gist=read_words(table, "gist"),
        told=tuple(_read_told(row) for row in table.tables("tell")),
        within=_read_within(table),
        sources=read_lists(table, "sources"),
        checked_on=read_day(table, "checked_on"),
    )
    for about_head in (True, False):
        if not duty.offices(about_head=about_head):
            case = "the post is about the head" if about_head else "the post is not about the head"
            raise table.wrong("tell", f"names nobody when {case}", 'Add [[...tell]] with office = "..."')
    table.finish()
    return duty


def _read_office(office_id: OfficeId, table: Table) -> Office:
    name = read_words(table, "name")
    short = Words(table.text("short_en", name.english), table.text("short_cy", name.welsh))
    table.finish()
    return Office(office_id, name, short)


def _need_all(table: Table, kind: type[DutyId] | type[OfficeId], example: str) -> None:
    for member in kind:
        if member not in table:
            raise table.wrong(member, "is missing", f"Add [{table.path}.{member}] with {example}")


def parse_overlay(table: Table) -> Overlay:
    """Read one nation's overlay. Raises `ConfigError` with file, key and mend; every duty and office must be there."""
    duties, offices = table.table("duty"), table.table("office")
    _need_all(duties, DutyId, "gist, tell, within, sources and checked_on")
    _need_all(offices, OfficeId, "name_en and name_cy")
    overlay = Overlay(
        nation=read_member(table, "nation", Nation, table.text("nation")),
        duties=tuple(_read_duty(duty_id, duties.table(duty_id)) for duty_id in DutyId),
        offices=tuple(_read_office(office_id, offices.table(office_id)) for office_id in OfficeId),
    )
    duties.finish()
    offices.finish()
    table.finish()
    return overlay

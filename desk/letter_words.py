"""Words letters put together from facts: to whom, what it does to whom, what was covered, at what time."""

from __future__ import annotations

from datetime import date, datetime

from desk.vocabulary import ENGLISH_DAYS, ENGLISH_MONTHS, ROLES, WELSH_DAYS, WELSH_MONTHS
from mentionwatch.labels import AuthorKind
from mentionwatch.law import Words as W

RECIPIENTS: dict[AuthorKind, W] = {
    AuthorKind.PARENT: W("parent or carer", "riant neu ofalwr"),
    AuthorKind.FORMER_PUPIL: W("former pupil", "gyn-ddisgybl"),
    AuthorKind.OTHER_SCHOOL: W("parent or carer", "riant neu ofalwr"),
    AuthorKind.PUBLIC: W("Sir or Madam", "Syr neu Fadam"),
}

EFFECTS: dict[str, W] = {
    "school": W(
        "they harm the school and those who learn and work in it",
        "maent yn niweidio'r ysgol a'r rhai sy'n dysgu ac yn gweithio ynddi",
    ),
    "staff": W("they hurt people who work at the school", "maent yn brifo pobl sy'n gweithio yn yr ysgol"),
    "governors": W(
        "they hurt people who give their time as governors",
        "maent yn brifo pobl sy'n rhoi o'u hamser fel llywodraethwyr",
    ),
    "pupils": W("they hurt pupils of the school", "maent yn brifo disgyblion yr ysgol"),
}

POINTS: dict[str, W] = {
    "expectations": W("how we would talk with one another", "sut y byddem yn siarad â'n gilydd"),
    "effect_on_school": W(
        "what the comments do to the school and to pupils' education",
        "effaith y sylwadau ar yr ysgol ac ar addysg disgyblion",
    ),
    "nothing_is_private": W(
        "that nothing posted online is fully private", "nad oes dim a bostir ar-lein yn gwbl breifat"
    ),
    "law_explained": W("what the law says", "yr hyn a ddywed y gyfraith"),
    "removal_asked": W(
        "that we ask for removal, and by when", "ein bod yn gofyn am dynnu'r neges, ac erbyn pryd"
    ),
    "union_note": W(
        "that a member of staff may take a union's advice", "y caiff aelod o staff ofyn am gyngor undeb"
    ),
    "concerns_invited": W("your own worries about the school", "eich pryderon chi am yr ysgol"),
    "complaints_given": W(
        "the complaints procedure, of which you were given a copy",
        "y drefn gwyno, y rhoddwyd copi ohoni i chi",
    ),
}

FIRST_TOLD: dict[str, W] = {
    **{role.value: W(*pair) for role, pair in ROLES.items()},
    "class_teacher": W("the class teacher", "yr athro dosbarth"),
    "child_protection_officer": W("the child protection officer", "y swyddog amddiffyn plant"),
    "business_manager": W("the business manager", "y rheolwr busnes"),
}
"""Whom staff tell first, by the value of the pack's rule."""


def say_first_told(value: str) -> W:
    """Whom staff tell first, in words; one nobody has words for stays as it is stored."""
    return FIRST_TOLD.get(value, W(value, value))


def say_day(day: date, lang: str) -> str:
    """25 November 2026 · 25 Tachwedd 2026: without the weekday, so that no Welsh word before it mutates it."""
    months = WELSH_MONTHS if lang == "cy" else ENGLISH_MONTHS
    return f"{day.day} {months[day.month - 1]} {day.year}"


def say_time(local: datetime, lang: str) -> str:
    """6 pm on Wednesday 25 November 2026 · 6 yr hwyr ddydd Mercher 25 Tachwedd 2026; other times by the clock.

    Stands behind "at", "by", "am" and "erbyn". `local` is London time.
    """
    is_six = (local.hour, local.minute) == (18, 0)
    if lang == "cy":
        clock = "6 yr hwyr" if is_six else f"{local:%H:%M}"
        return f"{clock} ddydd {WELSH_DAYS[local.weekday()]} {say_day(local.date(), lang)}"
    clock = "6 pm" if is_six else f"{local:%H:%M}"
    return f"{clock} on {ENGLISH_DAYS[local.weekday()]} {say_day(local.date(), lang)}"

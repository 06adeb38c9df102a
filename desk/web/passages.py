"""Passages of a letter that are worded anew in its form: what stands in each field, what was changed, and what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.document_port import BOTH
from desk.letter_refused import say_unfit
from desk.web.render import Problem

if TYPE_CHECKING:
    from desk.document_port import DraftPage
    from desk.web.forms import Form
    from desk.web.render import PageSpeaker

LANGS = ("en", "cy")
ONE_LANGUAGE = "one_language"
"""The tick that a passage worded anew in one language stays as it is in the other."""


def passage_names(page: DraftPage) -> tuple[str, ...]:
    """Every name the form may send for passages."""
    return (ONE_LANGUAGE, *(one.name(lang) for one in page.passages for lang in LANGS))


def passage_texts(page: DraftPage, form: Form) -> dict[str, str]:
    """What stands in each field: what was sent, else the template's own words."""
    sent = {key for key, _ in form.pairs}
    return {
        one.name(lang): form.text(one.name(lang)) if one.name(lang) in sent else one.words.text(lang).strip()
        for one in page.passages
        for lang in LANGS
    }


def changed_names(page: DraftPage, texts: dict[str, str]) -> frozenset[str]:
    """The fields in which something else stands than the template says."""
    return frozenset(
        one.name(lang)
        for one in page.passages
        for lang in LANGS
        if texts[one.name(lang)] != one.words.text(lang).strip()
    )


def read_passages(
    page: DraftPage, form: Form, say: PageSpeaker
) -> tuple[tuple[tuple[str, str], ...], list[Problem]]:
    """What was worded anew, as letters take it, and what is wrong with it, each at its field.

    A letter in both languages says a passage anew in both, unless the person ticks that the other one stays.
    """
    langs = LANGS if form.text("lang") == BOTH else (form.text("lang"),)
    if not set(langs) <= set(LANGS):
        return (), []
    texts = passage_texts(page, form)
    changed = changed_names(page, texts)
    given: list[tuple[str, str]] = []
    problems: list[Problem] = []
    for one in page.passages:
        names = [one.name(lang) for lang in langs]
        if not changed.intersection(names):
            continue
        for lang, name in zip(langs, names, strict=True):
            if not texts[name]:
                problems.append(Problem(name, say_unfit("no_words", say.lang)))
            elif name not in changed and form.text(ONE_LANGUAGE) != "yes":
                problems.append(Problem(name, say("passage_one_language")))
            else:
                given.append((one.typed(lang), texts[name]))
    return tuple(given), problems

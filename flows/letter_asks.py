"""What one kind of letter asks a person for: what it needs and nobody wrote down yet, and what may be said otherwise."""

from __future__ import annotations

from collections.abc import Mapping

from desk.document_port import LetterField, PassageAsked
from desk.letter_words import say_time
from desk.vocabulary import LONDON
from flows.letter_fields import MAY_BE_TYPED, OWN_WORDS
from incidents.facts import FactKind
from incidents.letters import (
    LetterInput,
    LetterTemplate,
    Shape,
    find_unfilled,
    list_changeable,
    list_fields,
)
from incidents.standing import DocumentKind

_KINDS: Mapping[str, FactKind] = {
    "meeting_at": FactKind.INSTANT,
    "until": FactKind.INSTANT,
    "respond_by": FactKind.DAY,
    "picture": FactKind.YES,
    "union": FactKind.YES,
    "share": FactKind.YES,
    "recipient": FactKind.LIST,
    "extract": FactKind.TEXT,
}
_TICKS = ("picture", "union", "share")
_ORDER = (
    "recipient", "recipient_name", "meeting_at", "respond_by", "ban_reason", "discussed", "agreed", "actions",
    "site", "times", "terms", "extract", "until", *_TICKS,
)  # fmt: skip
_LANGS = ("en", "cy")


def _named(template: LetterTemplate) -> set[str]:
    """Every field and condition some passage names."""
    found = set[str]()
    for passage in template.passages:
        found |= {*list_fields(passage.words.english), passage.answer, passage.when}
        if passage.shape is Shape.EXTRACTS:
            found.add("extract")
    return found


def _asked(template: LetterTemplate) -> tuple[str, ...]:
    """The keys of what may be typed for it, in the order of the form."""
    found = _named(template) & MAY_BE_TYPED
    if template.is_letter:
        found.add("recipient")
    if template.kind is DocumentKind.REMOVAL:
        found.add("until")
    if template.kind is not DocumentKind.INVITATION:
        # Elsewhere the meeting is one that was: its time stands in the record.
        found.discard("meeting_at")
    return tuple(key for key in _ORDER if key in found)


def list_asked(
    template: LetterTemplate, given: LetterInput, lang: str
) -> tuple[tuple[LetterField, ...], tuple[str, ...]]:
    """The fields of the form, and the keys of what is lacking and not for typing. `given`: filled from the record alone."""
    needs = {each: set(find_unfilled(template, given, (each,))) for each in _LANGS}
    everything = needs["en"] | needs["cy"]
    fields: list[LetterField] = []
    asked = _asked(template)
    for key in asked:
        kind = _KINDS.get(key, FactKind.TEXT)
        if key == "extract" and not given.extracts:
            continue
        if key in OWN_WORDS:
            fields += [
                LetterField(key, kind, key in needs[each], each, _known(key, given, each)) for each in _LANGS
            ]
        else:
            fields.append(LetterField(key, kind, key in everything, "", _known(key, given, lang)))
    typed = {field.key for field in fields}
    return tuple(fields), tuple(sorted(everything - typed))


def list_passages(template: LetterTemplate, given: LetterInput, lang: str) -> tuple[PassageAsked, ...]:
    """The passages that may be worded anew in this letter (L41). `given`: filled from the record alone.

    Not those that stand for one thing a person types anyway: their words are that person's already.
    """
    found: list[PassageAsked] = []
    for one in list_changeable(template):
        keys = list_fields(one.words.english)
        is_typed = len(keys) == 1 and keys[0] in OWN_WORDS and one.words.english == f"{{{keys[0]}}}"
        if is_typed or (one.when and one.when not in given.conditions and one.when not in _TICKS):
            continue
        fields = tuple((key, _known(key, given, lang).replace("\n", "; ")) for key in keys)
        ticks = one.when if one.when in _TICKS else ""
        found.append(PassageAsked(one.id, len(found) + 1, one.words, ticks, fields))
    return tuple(found)


def _known(key: str, given: LetterInput, lang: str) -> str:
    """What stands there when nothing is typed."""
    if key == "until":
        return say_time(given.deadline_at.astimezone(LONDON), lang) if given.deadline_at else ""
    known = given.fields.get(key)
    return known.text(lang) if known else ""

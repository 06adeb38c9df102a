"""From a template to a document: every field filled, every change shown, the law from dated cards, or nothing at all."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from incidents.standing import DocumentKind
from mentionwatch.documents import Block, Bullets, Document, Form, FormRow, Heading, Paragraph, Quoted
from mentionwatch.errors import Refused
from mentionwatch.ids import digest
from mentionwatch.law import LawCard, Words, find_legal_errors


class Shape(StrEnum):
    """How a passage stands on the page. EXTRACTS and LAW are filled from evidence and law cards; FORM is a row."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    BULLETS = "bullets"
    EXTRACTS = "extracts"
    LAW = "law"
    FORM = "form"


@dataclass(frozen=True, slots=True)
class Passage:
    """One passage of a template. `when` is a condition that must hold; `{field}` in the words is filled in.

    A FORM passage is a row: the words are what is asked, `answer` names the field that answers it (empty: blank).
    """

    id: str
    words: Words
    when: str = ""
    shape: Shape = Shape.PARAGRAPH
    answer: str = ""


@dataclass(frozen=True, slots=True)
class LetterTemplate:
    """One kind of letter or form. `is_to_author`: goes to whoever wrote the post, so that the gates of contact apply."""

    kind: DocumentKind
    title: Words
    passages: tuple[Passage, ...]
    is_to_author: bool = False
    is_letter: bool = True

    @property
    def version(self) -> str:
        """Changes with any word of the template."""
        parts = (
            f"{one.id}|{one.words.english}|{one.words.welsh}|{one.when}|{one.shape}" for one in self.passages
        )
        return f"{self.kind.value}-{digest(chr(10).join(parts).encode())[:8]}"


@dataclass(frozen=True, slots=True)
class Extract:
    """Words of the post as they are stored, and when they were posted, in words."""

    text: str
    posted: Words


@dataclass(frozen=True, slots=True)
class LetterInput:
    """What a template is filled with. `fields` and `changes` are per language; a change replaces a passage's words.

    `conditions` are those that hold; `deadline_at` is the limit the document names.
    """

    fields: Mapping[str, Words]
    conditions: frozenset[str]
    extracts: tuple[Extract, ...]
    cards: tuple[LawCard, ...]
    changes: Mapping[str, Words]
    sender: tuple[str, ...]
    recipient: tuple[str, ...]
    deadline_at: datetime | None
    dated: Words
    banner: Words
    footer: Words


@dataclass(frozen=True, slots=True)
class Change:
    """A passage a person worded anew, in one language: what the template says and what the letter says."""

    passage: str
    lang: str
    template: str
    letter: str


_FORMATTER = string.Formatter()


def list_fields(text: str) -> tuple[str, ...]:
    """The `{fields}` of a text, in order. Raises `Refused` for a brace that opens or closes nothing."""
    try:
        found = tuple(name for _, name, _, _ in _FORMATTER.parse(text) if name is not None)
    except ValueError:
        found = ("",)
    if "" in found:
        raise Refused(
            "refused: a changed passage has a { or } that belongs to no field. Write {deadline_at}, or leave the brace out"
        )
    return found


def _included(template: LetterTemplate, given: LetterInput) -> tuple[Passage, ...]:
    return tuple(one for one in template.passages if not one.when or one.when in given.conditions)


def find_unfilled(template: LetterTemplate, given: LetterInput, langs: Sequence[str]) -> tuple[str, ...]:
    """Fields that some passage needs and nobody has filled, each once (L40)."""
    missing: dict[str, None] = {}
    for passage in _included(template, given):
        for lang in langs:
            text = given.changes.get(passage.id, passage.words).text(lang)
            for name in list_fields(text):
                if not given.fields.get(name, Words("", "")).text(lang).strip():
                    missing[name] = None
        if passage.shape is Shape.EXTRACTS and not given.extracts:
            missing["extract"] = None
    return tuple(missing)


def _fill(text: str, given: LetterInput, lang: str) -> str:
    values = {name: given.fields[name].text(lang) for name in list_fields(text)}
    # Only the template's own braces are read: what a person typed into a field is never a template.
    return "".join(before + (values[name] if name else "") for before, name, _, _ in _FORMATTER.parse(text))


def list_changes(template: LetterTemplate, given: LetterInput, lang: str) -> tuple[Change, ...]:
    """What differs from the template (L41)."""
    return tuple(
        Change(one.id, lang, one.words.text(lang), given.changes[one.id].text(lang))
        for one in _included(template, given)
        if _is_changed(one, given, lang)
    )


def _is_changed(passage: Passage, given: LetterInput, lang: str) -> bool:
    return given.changes.get(passage.id, passage.words).text(lang) != passage.words.text(lang)


def list_changeable(template: LetterTemplate) -> tuple[Passage, ...]:
    """The passages a person may word anew, in their order (L41)."""
    return tuple(one for one in template.passages if one.shape in (Shape.PARAGRAPH, Shape.BULLETS))


def _law(cards: Sequence[LawCard], lang: str) -> list[Block]:
    found: list[Block] = []
    for card in cards:
        found.append(Heading(card.title.text(lang)))
        found.append(Paragraph(f"{card.text.text(lang)} ({card.cite(lang)})"))
    return found


def _blocks(template: LetterTemplate, given: LetterInput, lang: str, *, show_changes: bool) -> list[Block]:
    blocks: list[Block] = []
    rows: list[FormRow] = []
    for passage in _included(template, given):
        if rows and passage.shape is not Shape.FORM:
            blocks.append(Form(tuple(rows)))
            rows = []
        if passage.shape is Shape.EXTRACTS:
            blocks += [Quoted(one.text, one.posted.text(lang)) for one in given.extracts]
            continue
        if passage.shape is Shape.LAW:
            blocks += _law(given.cards, lang)
            continue
        is_changed = show_changes and _is_changed(passage, given, lang)
        text = _fill(given.changes.get(passage.id, passage.words).text(lang), given, lang)
        if passage.shape is Shape.FORM:
            answer = given.fields.get(passage.answer)
            rows.append(FormRow(text, answer.text(lang) if answer else ""))
        elif passage.shape is Shape.HEADING:
            blocks.append(Heading(text))
        elif passage.shape is Shape.BULLETS and not is_changed:
            blocks.append(Bullets(tuple(line for line in text.splitlines() if line.strip())))
        else:
            blocks.append(Paragraph(text, is_changed))
    if rows:
        blocks.append(Form(tuple(rows)))
    return blocks


def _own_words(blocks: Sequence[Block]) -> str:
    """Everything the school says itself: a quoted post may be wrong about the law, the school may not."""
    found: list[str] = []
    for block in blocks:
        if isinstance(block, Paragraph | Heading):
            found.append(block.text)
        elif isinstance(block, Bullets):
            found += block.items
        elif isinstance(block, Form):
            found += [f"{row.label} {row.answer}" for row in block.rows]
    return "\n".join(found)


KEPT_IN = {
    "policy_circulated_on": "circulated_to_parents_on under [policy] in registers.toml",
    "complaints_place": "en and cy under [complaints] in registers.toml",
    "telephone": "telephone under [contact] in registers.toml",
    "website": "website under [contact] in registers.toml",
    "under_age_form": "[[under_age_form]] in registers.toml",
}
"""Fields that are facts of the school, and where they are written down."""

KEPT = frozenset({"deadline_at", "meeting_at", "respond_by", "review_on"})
"""Times somebody is given: a changed passage says them as they were computed, or it is no change but another limit (L39)."""


_LANGUAGES = {"en": "English", "cy": "Welsh"}


def _check_changes(template: LetterTemplate, given: LetterInput, lang: str) -> None:
    step = f"refused: {template.kind.value}"
    passages = {one.id: one for one in list_changeable(template)}
    known = {name for one in template.passages for name in (*list_fields(one.words.text(lang)), one.answer)}
    for name, words in given.changes.items():
        if name not in passages:
            raise Refused(f"{step}: there is no passage {name!r}. They are: {', '.join(sorted(passages))}")
        text, typed = words.text(lang), f"{name}.cy" if lang == "cy" else name
        the_change = f"{step}: the changed passage {name!r} ({_LANGUAGES[lang]})"
        if not text.strip():
            # Else the letter would say it in one language and leave it out in the other: the request itself, or the limit.
            raise Refused(
                f"{the_change} has no words. A passage is worded anew in every language of the letter, and none is left out. Add --change {typed}=..."
            )
        try:
            fields = set(list_fields(text))
        except Refused:
            raise Refused(
                f"{the_change} has a {{ or }} that belongs to no field. Write {{deadline_at}}, or leave the brace out"
            ) from None
        if strange := sorted(fields - known - set(given.fields)):
            raise Refused(
                f"{the_change} names {{{strange[0]}}}, which is no field. Write the words themselves"
            )
        if lost := sorted(KEPT & set(list_fields(passages[name].words.text(lang))) - fields):
            raise Refused(f"{the_change} leaves out {{{lost[0]}}}. Keep it: that time is not for changing")


def write_letter(
    template: LetterTemplate, given: LetterInput, lang: str, *, show_changes: bool = False
) -> Document:
    """The document in one language. Raises `Refused` for an unfilled field, an unknown change or a legal error (L40, D15)."""
    step = f"refused: {template.kind.value}"
    _check_changes(template, given, lang)
    unfilled = find_unfilled(template, given, (lang,))
    if unfilled:
        mends = (KEPT_IN.get(name, f"--field {name}=...") for name in unfilled)
        raise Refused(f"{step}: not filled yet: {', '.join(unfilled)}. Add {'; '.join(mends)}")
    blocks = _blocks(template, given, lang, show_changes=show_changes)
    if errors := find_legal_errors(_own_words(blocks)):
        raise Refused(f"{step}: it says something the law does not: {'; '.join(errors)}. Take it out")
    return Document(
        title=_fill(template.title.text(lang), given, lang),
        lang=lang,
        blocks=tuple(blocks),
        sender=given.sender,
        recipient=given.recipient,
        dated=given.dated.text(lang),
        banner=given.banner.text(lang),
        footer=given.footer.text(lang),
    )

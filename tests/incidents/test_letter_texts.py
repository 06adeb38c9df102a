"""What the templates say: both languages whole, no legal error under any condition, no claim among them."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.shipped import read_law
from incidents.letter_gates import TEMPLATES
from incidents.letters import (
    Extract,
    LetterInput,
    LetterTemplate,
    Shape,
    find_unfilled,
    list_changes,
    list_fields,
    write_letter,
)
from incidents.standing import DocumentKind
from mentionwatch.documents import Bullets, Document, Form, Heading, Paragraph, Quoted
from mentionwatch.errors import Refused
from mentionwatch.law import Words, find_legal_errors

KINDS = sorted(TEMPLATES)


def all_fields(template: LetterTemplate) -> set[str]:
    names = {name for one in template.passages for text in (one.words.english, one.words.welsh) for name in list_fields(text)}  # fmt: skip
    return names | {one.answer for one in template.passages if one.answer}


def filled(template: LetterTemplate, conditions: frozenset[str], value: str = "something") -> LetterInput:
    """Every field filled with the same words."""
    return LetterInput(
        fields={name: Words(value, value) for name in all_fields(template)},
        conditions=conditions,
        extracts=(Extract("words of the post", Words("Posted at noon", "Postiwyd am hanner dydd")),),
        cards=read_law().for_document("letter", "wales"),
        changes={},
        sender=("School",),
        recipient=(),
        deadline_at=datetime(2026, 11, 27, 18, tzinfo=UTC),
        dated=Words("today", "heddiw"),
        banner=Words("", ""),
        footer=Words("", ""),
    )


def conditions_of(template: LetterTemplate) -> list[str]:
    return sorted({one.when for one in template.passages if one.when})


def words_of(document: Document) -> str:
    found = [document.title]
    for block in document.blocks:
        if isinstance(block, Paragraph | Heading | Quoted):
            found.append(block.text)
        elif isinstance(block, Bullets):
            found += block.items
        elif isinstance(block, Form):
            found += [f"{row.label} {row.answer}" for row in block.rows]
    return "\n".join(found)


@pytest.mark.parametrize("kind", KINDS)
def test_every_passage_is_said_in_both_languages_with_the_same_fields(kind: DocumentKind) -> None:
    template = TEMPLATES[kind]
    assert template.title.english != template.title.welsh
    for passage in template.passages:
        english, welsh = passage.words.english, passage.words.welsh
        if passage.shape in (Shape.EXTRACTS, Shape.LAW):
            continue
        assert english and welsh, passage.id
        assert sorted(list_fields(english)) == sorted(list_fields(welsh)), passage.id
        only_fields = not english.replace("{", "").replace("}", "").replace("_", "").strip().islower() or " " in english  # fmt: skip
        assert english != welsh or not only_fields or english.startswith("{"), passage.id


@pytest.mark.parametrize("kind", KINDS)
def test_d15_no_template_repeats_a_legal_error_under_any_condition(kind: DocumentKind) -> None:
    """D15, L44: whichever passages are printed, in both languages, none says what the law does not."""
    template = TEMPLATES[kind]
    names = conditions_of(template)
    for chosen in itertools.product((False, True), repeat=len(names)):
        holding = frozenset(name for name, on in zip(names, chosen, strict=True) if on)
        for lang in ("en", "cy"):
            document = write_letter(template, filled(template, holding), lang)
            assert find_legal_errors(words_of(document)) == ()


def test_l44_there_is_no_claim_and_no_threat_of_one_among_the_documents() -> None:
    """L44, D15: no kind of document is a claim; the word sue stands in none of the school's own passages."""
    assert {kind.value for kind in TEMPLATES} == {kind.value for kind in DocumentKind}
    for template in TEMPLATES.values():
        for passage in template.passages:
            said = passage.words.english.casefold()
            assert "legal action" not in said and " sue " not in said and "solicitor" not in said


@pytest.mark.parametrize("kind", KINDS)
def test_l40_each_empty_field_is_named_and_stops_the_letter(kind: DocumentKind) -> None:
    """L40: field by field, in both languages."""
    template = TEMPLATES[kind]
    whole = filled(template, frozenset(conditions_of(template)))
    for lang in ("en", "cy"):
        needed = {name for one in template.passages for name in list_fields(one.words.text(lang))}
        for name in needed:
            empty = {key: value for key, value in whole.fields.items() if key != name}
            lacking = LetterInput(
                **{**{key: getattr(whole, key) for key in LetterInput.__slots__}, "fields": empty}
            )
            assert find_unfilled(template, lacking, (lang,)) == (name,)
            with pytest.raises(Refused, match=f"not filled yet: {name}"):
                write_letter(template, lacking, lang)


def test_l40_a_welsh_letter_is_not_filled_with_english_words_alone() -> None:
    """L40: a field that is filled in one language is empty in the other."""
    template = TEMPLATES[DocumentKind.MINUTES]
    whole = filled(template, frozenset())
    halves = dict(whole.fields) | {"discussed": Words("we spoke", "")}
    half = LetterInput(**{**{key: getattr(whole, key) for key in LetterInput.__slots__}, "fields": halves})
    assert find_unfilled(template, half, ("en",)) == ()
    assert find_unfilled(template, half, ("en", "cy")) == ("discussed",)


@given(st.text(alphabet="{}abc!:.[]0 %$\n", min_size=1).filter(str.strip))
def test_what_a_person_types_into_a_field_is_never_a_template(text: str) -> None:
    template = TEMPLATES[DocumentKind.BAN_NOTICE]
    document = write_letter(template, filled(template, frozenset(), text), "en")
    assert text in words_of(document)


def test_l41_a_changed_passage_shows_against_the_template() -> None:
    """L41: what the template says, what the letter says, and a mark in the copy for checking."""
    template = TEMPLATES[DocumentKind.REMOVAL]
    whole = filled(template, frozenset())
    new = Words("Would you take them down by {deadline_at}?", "A wnewch chi eu tynnu i lawr erbyn {deadline_at}?")  # fmt: skip
    changed = LetterInput(**{**{key: getattr(whole, key) for key in LetterInput.__slots__}, "changes": {"request": new}})  # fmt: skip
    (change,) = list_changes(template, changed, "en")
    assert change.passage == "request" and change.letter == new.english and change.template != new.english
    marked = [b for b in write_letter(template, changed, "en", show_changes=True).blocks if isinstance(b, Paragraph) and b.is_changed]  # fmt: skip
    assert [block.text for block in marked] == ["Would you take them down by something?"]
    assert not any(
        isinstance(b, Paragraph) and b.is_changed for b in write_letter(template, changed, "en").blocks
    )


def test_l41_a_list_that_is_worded_anew_is_marked_too() -> None:
    """L41: every change shows in the copy for checking, also one in a list; on the letter it stays a list."""
    template = TEMPLATES[DocumentKind.ACKNOWLEDGEMENT]
    changed = replace(filled(template, frozenset()), changes={"channel_list": Words("the office\nthe head", "y swyddfa")})  # fmt: skip
    assert Paragraph("the office\nthe head", True) in write_letter(template, changed, "en", show_changes=True).blocks  # fmt: skip
    assert Bullets(("the office", "the head")) in write_letter(template, changed, "en").blocks


def test_a_change_of_a_passage_that_is_not_there_is_refused() -> None:
    template = TEMPLATES[DocumentKind.REMOVAL]
    whole = filled(template, frozenset())
    strange = LetterInput(**{**{key: getattr(whole, key) for key in LetterInput.__slots__}, "changes": {"reqest": Words("x", "y")}})  # fmt: skip
    with pytest.raises(Refused, match=r"no passage 'reqest'.*request"):
        write_letter(template, strange, "en")


def test_b09_c03_staff_who_are_targeted_have_a_form_of_their_own() -> None:
    """B09, C03, L19: what they saw, when they saw it and when they report it, and the promise as the law allows it."""
    template = TEMPLATES[DocumentKind.STAFF_REPORT]
    for lang in ("en", "cy"):
        document = write_letter(template, filled(template, frozenset({"anonymity"})), lang)
        (form,) = [block for block in document.blocks if isinstance(block, Form)]
        labels = " ".join(row.label for row in form.rows)
        assert ("When did you see it?" in labels) if lang == "en" else ("Pryd gwelsoch" in labels)
        assert all(row.answer == "" for row in form.rows)
    english = words_of(write_letter(template, filled(template, frozenset({"anonymity"})), "en"))
    assert "In rare cases the law may require it" in english


def test_the_version_of_a_template_changes_with_its_words() -> None:
    versions = {template.version for template in TEMPLATES.values()}
    assert len(versions) == len(TEMPLATES)

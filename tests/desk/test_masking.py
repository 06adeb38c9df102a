"""Private facts are blacked out wherever words of a post are shown (B05)."""

from __future__ import annotations

import time

import pytest

from desk.masking import MASK, mask, mask_people, shorten, tidy
from desk.render import excerpt


@pytest.mark.parametrize(
    "secret",
    [
        "01286 555 123",
        "07700 900123",
        "+44 7700 900 123",
        "(01286) 555123",
        "07700900123",
        "077\u200b00 900\u202e123",
        "nain@post.example",
        "@cwm_mum_77",
        "/u/angry_parent",
        "https://www.facebook.com/some.parent.77",
        "14 Ffordd y Wylan",
        "14 Harbour Road",
        "LL53 7PB",
    ],
)
def test_b05_numbers_addresses_handles_and_profiles_are_masked(secret: str) -> None:
    shown = mask(f"Ask {secret} about it")
    assert MASK in shown
    assert tidy(secret) not in shown
    assert shown.startswith("Ask ") and shown.endswith("about it")


@pytest.mark.parametrize(
    "harmless",
    [
        "On 12/11/2026 at 18:00",
        "Term 2025-26 begins",
        "45 pupils and 3 staff",
        "Ysgol Cwm Eithin, Blwyddyn 6",
    ],
)
def test_dates_and_counts_are_left_alone(harmless: str) -> None:
    assert mask(harmless) == harmless


@pytest.mark.parametrize(
    "name, text",
    [
        ("Penhaligon", "Mrs Penhaligon shouted again"),
        ("Prydderch", "Roedd Mr. Iolo Prydderch yn hwyr"),
        ("Teilo", "my son Teilo waited at the gate"),
        ("Nanw", "dyma fy merch Nanw yn canu"),
        ("Elgan", "a boy called Elgan Rhys fell"),
        ("Mabli", "Well done Mabli, 9, of Wylan Street"),
        ("Mabli", "Mabli Huws (9) won a prize"),
    ],
)
def test_names_given_away_by_title_family_or_age_are_not_shown_unasked(name: str, text: str) -> None:
    assert name in mask(text), "a person who opens the words sees them"
    assert name not in mask_people(text)


def test_the_schools_own_name_and_year_groups_stay() -> None:
    text = "Ysgol Cwm Eithin: Year 9, Blwyddyn 6 and the Harvest Fair, with Pupil voice"
    assert mask_people(text).startswith("Ysgol Cwm Eithin: Year 9, Blwyddyn 6")


def test_b05_a_number_at_the_edge_of_an_excerpt_does_not_escape_by_halves() -> None:
    for padding in range(80, 115):
        assert "07700" not in excerpt("x" * padding + " 07700 900123 and more words", 110)


def test_control_direction_and_invisible_characters_are_gone() -> None:
    assert tidy("a\x00b\x1b[31m\u202egpj\u200b.exe\u2066") == "a b [31mgpj.exe"


@pytest.mark.parametrize(
    "hostile", ["0 " * 50_000, "a@" * 50_000, "1 aa " * 30_000, "Mr A " * 30_000, "@" * 99_999]
)
def test_a_hostile_text_does_not_make_the_mask_slow(hostile: str) -> None:
    began = time.process_time()
    mask_people(hostile)
    assert time.process_time() - began < 10


def test_a_shortened_text_is_one_line_cut_between_words() -> None:
    assert shorten("one\n two  three", 9) == "one two …"
    assert shorten("one two", 9) == "one two"

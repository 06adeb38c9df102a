"""A name is found however it is dressed up, and is not found where it does not stand."""

from __future__ import annotations

import unicodedata
from html import escape
from itertools import chain
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentionwatch.lookalikes import _CAPITALS, _SMALL, find_names, fold

NAME = "Angharad Jones"
HIDDEN = "\u200b\u200c\u200d\u00ad\u2060\ufeff\u202e\u0301\u034f\ufe0f"


def disguises(letter: str) -> list[str]:
    """Everything the tables, Unicode's own forms and its mathematical alphabets put in a letter's place."""
    place = ord(letter.lower()) - 97
    mathematical = [
        chr(start + place)
        for start in (0x1D41A, 0x1D4D0, 0x1D5BA, 0x1D670, 0xFF41, 0x24B6, 0x1F150, 0x1F170, 0x1F1E6)
    ]
    looks = chain.from_iterable(
        signs for table in (_CAPITALS, _SMALL) for signs, latin in table.items() if latin == letter.lower()
    )
    return [letter, letter.upper(), *mathematical, *looks]


@st.composite
def disguised(draw: st.DrawFn, name: str = NAME) -> str:
    words = name.split()
    if draw(st.booleans()):
        words.reverse()
    made = [
        "".join(
            draw(st.sampled_from(disguises(letter))) + draw(st.sampled_from(["", "", *HIDDEN]))
            for letter in word
        )
        for word in words
    ]
    return draw(st.sampled_from([" ", ", ", "\n", "_", ".", "", "\u00a0", " \u2013 "])).join(made)


@given(disguised())
def test_a_name_in_disguise_is_found(name: str) -> None:
    """L20, I6: look-alikes, marks, hidden signs and swapped words, all at once."""
    assert find_names(f"They say it was {name}: she told us.", ["Rhys ap Huw", NAME]) == (NAME,)


@given(st.text())
def test_folding_twice_is_folding_once_and_leaves_letters_digits_and_single_spaces(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert once == " ".join(once.split())
    assert all(sign == " " or unicodedata.category(sign)[0] in "LN" for sign in once)


@given(st.text(), st.text())
def test_what_is_found_does_not_depend_on_what_stands_around_it(before: str, after: str) -> None:
    assert find_names(f"{before}\n{NAME}\n{after}", [NAME]) == (NAME,)


LETTERS = st.text(alphabet="bcdfgkpqtvxz", min_size=1, max_size=5)


@given(LETTERS, LETTERS, st.sampled_from(["Anne", "Ann Lee", "Iwan", "Rhys ap Huw", NAME]))
def test_a_name_inside_other_words_is_not_found(before: str, after: str, name: str) -> None:
    first, *rest = name.split()
    assert find_names(" ".join([before + first, *rest[:-1], (rest or [first])[-1] + after]), [name]) == ()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("the Annual meeting of Annabel", "Ann"),
        ("the annual leeway", "Ann Lee"),
        ("the Annabel papers", "Anna"),
        ("Mae lle i fan yno", "Ifan"),
        ("go to by the gate", "Toby"),
        ("a parent said so, and Year 9 was there", "A Parent"),
        ("Mae rhiant wedi dweud", "Rhiant"),
        ("Jones was there, and so was Angharad", NAME),
        ("", NAME),
        ("anything", ""),
        ("anything at all, . ; !", " . ; ! "),
    ],
)
def test_what_is_not_the_name_is_not_found(text: str, name: str) -> None:
    assert find_names(text, [name]) == ()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Jones, Angharad", NAME),
        ("ANGHARADJONES.png", NAME),
        ("angharad_jones2@example.org", NAME),
        ("A n g h a r a d  J o n e s", NAME),
        ("Angha-\nrad Jones", NAME),
        ("4ngh4r4d J0n3$", NAME),
        ("@ngharad Jones!", NAME),
        ("told by Angharad Jones's mother", NAME),
        (quote(NAME), NAME),
        ("&#65;ngharad&nbsp;Jones", NAME),
        (escape("Siân O'Neill"), "Siân O'Neill"),
        ("SIAN ONEILL", "Siân O’Neill"),
        ("I f a n", "Ifan"),
        ("saw Mrs Jones there", "Mrs Jones"),
        ("Angharad Jones", "Mrs Angharad Jones"),
        ("Angharad Jones", "Angharad Mair Jones"),
        ("Jones, Angharad Mair", "Angharad Mair Jones"),
        ("Bemard", "Bernard"),
        ("Wi11iam", "William"),
        ("Іfаn", "Ifan"),
        ("ΑΝΝΑ", "Anna"),
        ("Ｉｆａｎ", "Ifan"),
    ],
)
def test_the_name_is_found(text: str, name: str) -> None:
    """L20, I6."""
    assert find_names(text, [name]) == (name,)


def test_each_name_is_told_once_in_the_order_given() -> None:
    names = ["Rhys ap Huw", NAME, "Siân Puw", NAME]
    found = find_names("Siân Puw, Rhys ap Huw, Siân Puw, Angharad Jones", names)
    assert found == ("Rhys ap Huw", NAME, "Siân Puw")


@pytest.mark.parametrize("table", [_CAPITALS, _SMALL])
def test_no_sign_is_a_look_alike_of_two_letters(table: dict[str, str]) -> None:
    signs = "".join(table)
    assert len(signs) == len(set(signs)) and not signs.isascii()

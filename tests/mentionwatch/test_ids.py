"""Ids are the same for ever, tell everything apart, and say which recipe made them."""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from mentionwatch.ids import VERSION, canonical_json, content_sha256, digest, mention_id, stable_id

ROOT = Path(__file__).resolve().parents[2]
FIELDS = st.dictionaries(st.text("abcd", min_size=1, max_size=3), st.text(max_size=8), max_size=4)


def test_ids_made_today_are_the_ids_made_for_ever() -> None:
    """A change here breaks every stored database: it needs a new version byte and a migration."""
    assert mention_id("paper", "p1") == "01f2b12663a66cae0fff27527735e4d2"
    wanted = "7e3aa761789425471e2edb27fc5b5a005a8885583d30f65cfc152fd5023a9f7c"
    assert content_sha256("A title", "Geiriau") == wanted
    assert canonical_json({"b": "2", "a": "é"}) == '{"a":"é","b":"2"}'.encode()
    assert digest(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@given(FIELDS)
def test_an_id_is_32_hex_digits_the_first_byte_naming_the_recipe(fields: dict[str, str]) -> None:
    found = stable_id("x", **fields)
    assert len(found) == 32 and int(found, 16) >= 0 and found == found.lower()
    assert int(found[:2], 16) == VERSION


@given(FIELDS, FIELDS)
def test_different_fields_give_different_ids_and_empty_ones_do_not_count(
    first: dict[str, str], second: dict[str, str]
) -> None:
    said = [{key: value for key, value in fields.items() if value} for fields in (first, second)]
    assert (stable_id("x", **first) == stable_id("x", **second)) is (said[0] == said[1])


@given(st.text(max_size=12), st.integers(0, 12))
def test_moving_a_border_between_two_fields_changes_the_id(text: str, at: int) -> None:
    at = min(at, len(text))
    whole, split = mention_id(text, "x"), mention_id(text[:at], text[at:] + "x")
    assert (whole == split) is (at == len(text))


@given(st.text(max_size=10), st.text(max_size=10))
def test_two_kinds_never_share_an_id(source: str, native_id: str) -> None:
    assert stable_id("mention", source=source, native_id=native_id) != stable_id(
        "evidence", source=source, native_id=native_id
    )


def test_a_value_cannot_pretend_to_be_another_field() -> None:
    assert mention_id('a","source":"b', "c") != mention_id("b", "c")
    assert stable_id("x", a='1","b":"2') != stable_id("x", a="1", b="2")


@given(FIELDS)
def test_canonical_json_is_json_sorted_without_spaces(fields: dict[str, str]) -> None:
    written = canonical_json(fields)
    read = json.loads(written)
    assert read == {key: value for key, value in fields.items() if value}
    assert list(read) == sorted(read)
    assert canonical_json(dict(reversed(fields.items()))) == written


def test_half_a_character_has_an_id_and_one_of_its_own() -> None:
    assert mention_id("paper", "a\ud800") != mention_id("paper", "a\ufffd")
    assert content_sha256("\udfff", "") != content_sha256("", "")


def test_another_process_with_another_hash_seed_makes_the_same_id() -> None:
    code = "from mentionwatch.ids import mention_id; print(mention_id('paper', 'p1'), end='')"
    made = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
        ).stdout
        for seed in ("1", "2")
    }
    assert made == {mention_id("paper", "p1")}


@given(st.text(max_size=30), st.text(max_size=30))
def test_white_space_and_unicode_form_are_no_edit(title: str, text: str) -> None:
    spaced = f"  {text}\n\n".replace(" ", " \t ")
    assert content_sha256(title, spaced) == content_sha256(title, text)
    assert content_sha256(unicodedata.normalize("NFD", title), text) == content_sha256(title, text)


def test_a_changed_letter_case_or_state_is_an_edit() -> None:
    assert content_sha256("a", "b") != content_sha256("a", "B")
    assert content_sha256("a", "b") != content_sha256("a", "b", ("reverted",))
    assert content_sha256("a", "b", ("x", "y")) == content_sha256("a", "b", ("y", "x"))


@given(st.text("ab ", max_size=6), st.text("ab ", max_size=6))
def test_words_that_move_from_title_to_text_are_an_edit(title: str, text: str) -> None:
    moved = content_sha256(f"{title} {text}", "")
    stayed = content_sha256(title, text)
    assert (moved == stayed) is (not text.strip())

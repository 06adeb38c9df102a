"""English and Welsh say the same things: no table has a gap, no sentence loses what is filled into it."""

from __future__ import annotations

import inspect
import string
from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import pytest

from classifiers import decision as classifier_decision
from classifiers import model as classifier_model
from classifiers import stand_in, wordless
from classifiers.rules import RULES
from desk import vocabulary
from desk.machine_words import NOTES, is_note, say_gap, say_reason
from desk.protocol_words import WELSH, in_english, in_welsh
from desk.words import WORDS, Speaker
from mentionwatch.labels import FaultKind, Harm, IncidentState, Label, Role, Route, Verdict
from mentionwatch.stop_rule import STOP_IMAGE_STEPS

TABLES: tuple[tuple[type[StrEnum], Mapping[Any, tuple[str, str]]], ...] = (
    (Verdict, vocabulary.VERDICTS),
    (Role, vocabulary.ROLES),
    (Route, vocabulary.ROUTES),
    (Label, vocabulary.LABELS),
    (Harm, vocabulary.HARMS),
    (IncidentState, vocabulary.STATES),
    (FaultKind, vocabulary.FAULTS),
)


def _fields(sentence: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(sentence) if name)


@pytest.mark.parametrize("key", sorted(WORDS))
def test_every_sentence_has_two_languages_with_the_same_placeholders(key: str) -> None:
    english, welsh = WORDS[key]
    assert english.strip() and welsh.strip()
    assert english != welsh
    assert _fields(english) == _fields(welsh)


@pytest.mark.parametrize("values, table", TABLES, ids=lambda item: getattr(item, "__name__", ""))
def test_every_value_of_a_closed_vocabulary_has_words_in_both_languages(
    values: type[StrEnum], table: Mapping[Any, tuple[str, str]]
) -> None:
    assert set(table) == set(values)
    for english, welsh in table.values():
        assert english and welsh and english != welsh


def test_the_first_steps_of_the_stop_rule_have_welsh_words() -> None:
    assert [step for step in STOP_IMAGE_STEPS if step not in WELSH] == []


@pytest.mark.parametrize("role", [role.value.replace("_", "-") for role in Role])
def test_l31_the_reason_for_recusal_is_said_in_welsh(role: str) -> None:
    said = in_welsh(f"the post mentions the {role}, who therefore does not decide")
    assert said.startswith("mae'r neges yn sôn am rôl a fyddai'n penderfynu (")
    assert "mentions" not in said


@pytest.mark.parametrize("role", Role)
def test_l31_the_reason_for_recusal_names_the_role_in_words_not_in_codes(role: Role) -> None:
    said = in_english(f"the post mentions the {role.value.replace('_', '-')}, who therefore does not decide")
    assert said == f"the post mentions {vocabulary.ROLES[role][0]}, who therefore does not decide"


@pytest.mark.parametrize("kind", FaultKind)
def test_l17_a_gap_in_the_evidence_is_said_in_words_not_in_codes(kind: FaultKind) -> None:
    english, welsh = vocabulary.FAULTS[kind]
    assert in_english(f"page not copied: {kind.value}") == f"page not copied: {english}"
    assert in_welsh(f"page not copied: {kind.value}") == f"ni chopïwyd y dudalen: {welsh}"


@pytest.mark.parametrize("harm", Harm)
def test_the_kind_of_an_incident_is_said_in_the_readers_language(harm: Harm) -> None:
    assert Speaker("en").kind(harm.value) == vocabulary.HARMS[harm][0]
    assert Speaker("cy").kind(f"{harm.value}, {harm.value}") == ", ".join([vocabulary.HARMS[harm][1]] * 2)
    assert Speaker("cy").kind("possible illegal image") == "delwedd anghyfreithlon o bosib"


def test_every_rule_of_the_classifier_can_say_why_in_welsh() -> None:
    for rule in RULES:
        assert is_note(rule.why)
        assert (
            say_reason(f"{rule.why}: a person should look", "cy") == f"{NOTES[rule.why]}: dylai rhywun edrych"
        )


def test_every_note_of_the_classifier_is_known_word_for_word() -> None:
    written = "".join(map(inspect.getsource, (classifier_model, classifier_decision, stand_in, wordless)))
    rules = {rule.why for rule in RULES}
    assert [note for note in NOTES if note not in rules and f'"{note}' not in written] == []


def test_a_reason_that_quotes_the_post_is_no_note_and_keeps_the_authors_word() -> None:
    reason = "“gwarth” speaks for inappropriate"
    assert not is_note(reason)
    assert say_reason(reason, "cy") == "mae “gwarth” yn awgrymu: amhriodol o bosib"
    assert say_reason(reason, "en") == reason


@pytest.mark.parametrize(
    "gap",
    [
        "17 further items of the feed, beyond the first 2,000",
        "2 names that would find a person are not searched for",
        "r/Wylan, comments: items before 2026-11-02 07:00 UTC (first look)",
        "search by name: items older (Reddit's listing ends, or the limit is reached)",
        "article Ysgol Cwm Eithin: an edit whose text is gone",
        "no article names the school yet",
    ],
)
def test_what_a_look_could_not_cover_is_said_in_welsh(gap: str) -> None:
    said, lang = say_gap(gap, "cy")
    assert (lang, said != gap) == ("cy", True)
    assert not {"further", "items", "article", "edit", "comments", "search"} & set(
        said.replace(",", " ").split()
    )
    assert say_gap(gap, "en") == (gap, "en")


def test_a_sentence_nobody_knows_is_marked_as_english() -> None:
    assert say_gap("the tide was out", "cy") == ("the tide was out", "en")


def test_days_and_times_are_said_in_each_language_and_in_london_time() -> None:
    english, welsh = Speaker("en"), Speaker("cy")
    assert english.day(date(2026, 11, 21)) == "Saturday 21 November 2026"
    assert welsh.day(date(2026, 11, 21)) == "dydd Sadwrn 21 Tachwedd 2026"
    summer = datetime(2026, 7, 1, 6, 30, tzinfo=UTC)
    assert english.moment(summer) == "1 July 2026, 07:30"
    assert welsh.moment(summer) == "1 Gorffennaf 2026, 07:30"


def test_on_a_page_read_now_a_time_leaves_out_what_now_tells() -> None:
    """By the London day: half past eleven at night in UTC is already the next day of summer time."""
    english, welsh = Speaker("en"), Speaker("cy")
    now = datetime(2026, 7, 1, 6, 30, tzinfo=UTC)
    assert english.near(datetime(2026, 6, 30, 23, 30, tzinfo=UTC), now) == "today, 00:30"
    assert welsh.near(now, now) == "heddiw, 07:30"
    assert english.near(datetime(2026, 6, 30, 22, 30, tzinfo=UTC), now) == "30 June, 23:30"
    assert english.near(datetime(2025, 12, 30, 9, 0, tzinfo=UTC), now) == "30 December 2025, 09:00"
    assert welsh.near(None, now) == "amser anhysbys"


def test_l18_an_unknown_time_of_posting_is_said_to_be_unknown() -> None:
    assert Speaker("en").moment(None) == "time unknown"
    assert Speaker("cy").moment(None) == "amser anhysbys"

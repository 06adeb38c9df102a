"""The scope test's promises: which words decide, and which never do (L02, L03, C04; product row 2)."""

from __future__ import annotations

import time
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.scope import Scoper, build_scoper
from classifiers.welsh import mutations
from mentionwatch.labels import Scope
from mentionwatch.profiles import derive_profile
from mentionwatch.school import LookAlike

LLANBEDROG = build_scoper(
    replace(
        derive_profile("Ysgol Llanbedrog", ("Llanbedrog", "Gwynedd", "LL53 7NU"), "cy"),
        websites=("ysgolllanbedrog.example",),
        handles=("ysgolllanbedrog",),
        exclude=("amateur dramatics",),
    )
)
ST_MARYS = build_scoper(
    replace(
        derive_profile("St Mary's C of E Primary School", ("Truro", "Cornwall")),
        look_alikes=(LookAlike("St Mary's Primary School", ("Leeds", "Headingley")),),
        head_surnames=("Penrose",),
    )
)
SCHOOLS = [LLANBEDROG, ST_MARYS, build_scoper(derive_profile("Cansfield High School", ("Wigan",)))]


def scope(scoper: Scoper, text: str, **others: str) -> Scope:
    return scoper.decide(others.get("title", ""), text, others.get("url", ""), others.get("place", "")).scope


@pytest.mark.parametrize(
    "text",
    [
        "https://www.ysgolllanbedrog.example/cinio",
        "gan @YsgolLlanbedrog",
        "e-bost: pennaeth@ysgolllanbedrog.example",
    ],
)
def test_the_schools_own_site_and_account_are_certain(text: str) -> None:
    assert scope(LLANBEDROG, text) is Scope.CERTAIN


def test_a_host_that_only_ends_like_ours_is_not_ours() -> None:
    for url in (
        "https://notysgolllanbedrog.example/",
        "https://ysgolllanbedrog.example.evil.test/",
        "http://[",
        "//",
    ):
        assert scope(LLANBEDROG, "Hello", url=url) is Scope.OUT
    assert scope(LLANBEDROG, "Hello", url="https://WWW.YsgolLlanbedrog.example/a") is Scope.CERTAIN


def test_the_postcode_needs_a_word_for_school_to_be_certain() -> None:
    assert scope(LLANBEDROG, "Governor wanted at the school, LL53 7NU") is Scope.CERTAIN
    assert scope(LLANBEDROG, "House for sale, LL537NU") is Scope.POSSIBLE


def test_a_village_alone_is_out_of_scope_and_with_a_school_only_possible_l02() -> None:
    assert scope(LLANBEDROG, "Picnic ar y traeth yn Llanbedrog") is Scope.OUT
    assert scope(LLANBEDROG, "ysgol o Lanbedrog") is Scope.POSSIBLE
    assert scope(LLANBEDROG, "The school in Llanbedrog is lovely") is Scope.POSSIBLE


def test_a_personal_post_that_names_the_school_is_in_scope_l03_c04() -> None:
    assert scope(LLANBEDROG, "My own views, not my employer's: I teach at Ysgol Llanbedrog.") is Scope.CERTAIN
    assert scope(LLANBEDROG, "A family at Ysgol Llanbedrog was shouted at today") is Scope.CERTAIN


def test_a_name_that_others_share_needs_a_place_and_the_rival_is_named() -> None:
    assert scope(ST_MARYS, "St Mary's Primary School fair") is Scope.POSSIBLE
    assert scope(ST_MARYS, "St Mary's Primary School fair in Truro") is Scope.CERTAIN
    assert scope(ST_MARYS, "St Mary's Primary School fair", place="Cornwall") is Scope.CERTAIN
    assert scope(ST_MARYS, "A row", title="St Mary's Primary School, Truro") is Scope.CERTAIN
    assert (
        scope(ST_MARYS, "St Mary's Primary School fair", url="https://reddit.test/r/truro/x") is Scope.CERTAIN
    )
    decision = ST_MARYS.decide("", "St Mary's Primary School, Leeds, is closing")
    assert decision.scope is Scope.OUT
    assert "Leeds" in decision.reasons[0] and "St Mary's Primary School" in decision.reasons[0]


def test_both_places_at_once_are_for_a_person_to_decide() -> None:
    assert scope(ST_MARYS, "We left Leeds for Truro and St Mary's Primary School is a joy") is Scope.POSSIBLE


def test_a_surname_ranks_a_name_and_is_nothing_alone() -> None:
    assert scope(ST_MARYS, "Mrs Penrose is the rudest woman alive") is Scope.OUT
    assert scope(ST_MARYS, "Mrs Penrose of St Mary's School is rude") is Scope.CERTAIN


def test_a_school_of_another_phase_or_faith_is_another_school() -> None:
    assert scope(ST_MARYS, "St Mary's Catholic Primary School, Truro") is Scope.OUT
    assert scope(ST_MARYS, "St Mary's High School, Truro") is Scope.OUT


def test_an_exclusion_of_the_profile_wins_over_everything() -> None:
    assert scope(LLANBEDROG, "Ysgol Llanbedrog Amateur-Dramatics present Oliver") is Scope.OUT
    assert "excludes" in LLANBEDROG.decide("", "Ysgol Llanbedrog amateur dramatics").reasons[0]


def test_initials_count_only_when_listed_by_hand() -> None:
    base = derive_profile("Brighton Hill Community School", ("Basingstoke",))
    text = "BHCS in Basingstoke is the worst school"
    assert scope(build_scoper(base), text) is Scope.OUT
    assert scope(build_scoper(replace(base, names=(*base.names, "BHCS"))), text) is Scope.CERTAIN


def test_a_profile_without_places_still_works() -> None:
    assert (
        scope(build_scoper(derive_profile("Cansfield High School", ())), "Cansfield High School")
        is Scope.CERTAIN
    )
    assert scope(build_scoper(derive_profile("St Mary's School", ())), "St Mary's School") is Scope.POSSIBLE


def test_reasons_are_short_sentences_with_short_quotes() -> None:
    for text in (
        "Ysgol " * 40 + "Llanbedrog",
        "Ysgol Llanbedrog Primary School",
        "the school in Llanbedrog",
        "no",
    ):
        decision = LLANBEDROG.decide("", text)
        assert decision.reasons and 0 <= decision.score <= 1
        for reason in decision.reasons:
            assert len(reason) < 200
            if "“" in reason:
                assert len(reason.split("“")[1].split("”")[0]) <= 60


SURE = [
    (LLANBEDROG, "Mae Ysgol Llanbedrog ŵyl yn wych"),
    (LLANBEDROG, "Llanbedrog Primary School"),
    (LLANBEDROG, "Ysgol Gynradd Lanbedrog"),
    (ST_MARYS, "St. Mary's CofE Primary School in Truro"),
    (ST_MARYS, "St Mary's Primary School, Leeds"),
    (ST_MARYS, "St Mary's Primary School"),
    (LLANBEDROG, "the school in Llanbedrog"),
    (LLANBEDROG, "the beach in Llanbedrog"),
]
FORMS = st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"])
CASES = st.sampled_from([str.upper, str.lower, str.title, str.swapcase, str.casefold])
PLAIN_WORDS = st.lists(
    st.sampled_from(
        ["bins", "traffic", "rain", "lovely", "sunny", "coffee", "yesterday", "bws", "glaw", "heddiw", "siop"]
    ),
    max_size=60,
)


@given(st.sampled_from(SURE), CASES, FORMS)
def test_case_accents_and_unicode_form_never_change_the_decision(
    case: tuple[Scoper, str], change: object, form: str
) -> None:
    scoper, text = case
    assert callable(change)
    changed = unicodedata.normalize(form, change(text))  # type: ignore[arg-type]
    assert scope(scoper, changed) is scope(scoper, text)
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    assert scope(scoper, bare) is scope(scoper, text)


@given(
    st.sampled_from(SURE), st.sampled_from("\u200b\u200d\u2060\ufeff\u00ad\u0301\u20dd"), st.integers(0, 30)
)
def test_invisible_characters_hide_nothing(case: tuple[Scoper, str], character: str, at: int) -> None:
    scoper, text = case
    assert scope(scoper, text[:at] + character + text[at:]) is scope(scoper, text)


def test_look_alike_letters_hide_nothing() -> None:
    assert scope(LLANBEDROG, "Ysgоl Llаnbedrоg") is Scope.CERTAIN  # Cyrillic о and а
    assert scope(LLANBEDROG, "Ｙｓｇｏｌ 𝐋𝐥𝐚𝐧𝐛𝐞𝐝𝐫𝐨𝐠") is Scope.CERTAIN
    assert scope(LLANBEDROG, "ʏsgol Llanbedrog") is Scope.CERTAIN


@given(st.sampled_from(SCHOOLS), st.text(max_size=200), PLAIN_WORDS, PLAIN_WORDS)
def test_unrelated_padding_never_lifts_out_to_certain(
    scoper: Scoper, text: str, before: list[str], after: list[str]
) -> None:
    if scope(scoper, text) is Scope.OUT:
        assert scope(scoper, f"{' '.join(before)}. {text} . {' '.join(after)}") is not Scope.CERTAIN


@given(st.sampled_from(SURE), PLAIN_WORDS)
def test_padding_in_sentences_of_its_own_changes_nothing(
    case: tuple[Scoper, str], padding: list[str]
) -> None:
    scoper, text = case
    assert scope(scoper, f"{' '.join(padding)}.\n\n{text}.\n\n{' '.join(padding)}") is scope(scoper, text)


@given(
    st.sampled_from(
        [
            "Pwllheli",
            "Tywyn",
            "Caernarfon",
            "Bangor",
            "Dolgellau",
            "Gwalchmai",
            "Machynlleth",
            "Llanelli",
            "Rhuthun",
        ]
    )
)
def test_a_mutated_place_is_as_good_as_the_place(place: str) -> None:
    scoper = build_scoper(derive_profile("Ysgol Dewi Sant", (place,), "cy"))
    named = build_scoper(derive_profile(f"Ysgol {place}", (place,), "cy"))
    for form in mutations(place.lower()):
        assert scope(scoper, f"Mae Ysgol Dewi Sant yn {form.title()} ar gau") is Scope.CERTAIN
        assert scope(named, f"yr ysgol yn {form.title()}") is Scope.POSSIBLE
        assert scope(named, f"Ysgol {form.title()}") is Scope.CERTAIN


@settings(max_examples=200)
@given(
    st.sampled_from(SCHOOLS),
    st.text(max_size=300),
    st.text(max_size=300),
    st.text(max_size=60),
    st.text(max_size=60),
)
def test_no_text_makes_it_raise(scoper: Scoper, title: str, text: str, url: str, place: str) -> None:
    decision = scoper.decide(title, text + " Ysgol Llanbedrog St Mary's " + title, url, place)
    assert decision.reasons


@given(st.text(min_size=1, max_size=40), st.lists(st.text(max_size=20), max_size=4).map(tuple))
def test_any_profile_compiles_or_is_refused_by_name(name: str, places: tuple[str, ...]) -> None:
    if any(character.isascii() and character.isalnum() for character in name):
        build_scoper(derive_profile(name, places)).decide(name, name, name, name)


@pytest.mark.parametrize(
    "piece",
    ["Ysgol Llanbedrog ", "llanbedrog", "St Mary's School and ", "a\u0300\u0316", "\ufdfa", "the school in llanbedrog ",
     "#ysgolllanbedrog", "llanbedrog a.b.", "@", "\x00", "\ud800", "&amp;", "Ysgol Llanbedroh ", "llanb edrog ",
     "a.", "a-", "#", "saint ", "ysgol ", "@ysgol."],
)  # fmt: skip
def test_256_kib_of_anything_takes_time_in_proportion(piece: str) -> None:
    def seconds(size: int) -> float:
        text = ("Llanbedrog St Mary " + piece * (size // len(piece) + 1))[:size]
        started = time.process_time()
        for scoper in (LLANBEDROG, ST_MARYS):
            scoper.decide(text[:200], text, url=text, place=text)
        return time.process_time() - started

    seconds(1024)
    assert seconds(262_144) < 40 * seconds(32_768) + 0.5

"""Names taken apart, forms derived, profiles built: what `init --name` and `--register` promise."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from classifiers.names import build_cores, is_one_edit
from mentionwatch.errors import ConfigError
from mentionwatch.naming import fold, parse_name, words
from mentionwatch.profiles import derive_names, derive_profile, profile_from_register


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("Ysgol Llanbedrog", "llanbedrog"),
        ("Ysgol Gynradd Gymraeg Llandudno", "llandudno"),
        ("Ysgol Gynradd Gymuned Llanfair", "llanfair"),
        ("Ysgol Uwchradd Tywyn", "tywyn"),
        ("Ysgol Gyfun Plasmawr", "plasmawr"),
        ("Ysgol Bro Dinefwr", "bro dinefwr"),
        ("Ysgol y Bryn", "y bryn"),
        ("St. Mary's Church of England Voluntary Aided Primary School", "st marys"),
        ("Saint Mary’s C of E (VA) Primary School", "st marys"),
        ("The Grange Community Infant and Nursery School", "grange"),
        ("Brighton Hill Community School", "brighton hill"),
        ("Trinity School, Carlisle", "trinity"),
        ("First Avenue Primary School", "first avenue"),
        ("High Halden CE Primary School", "high halden"),
        ("Oasis Academy Redbrook", "oasis academy redbrook"),
    ],
)
def test_the_core_of_a_name_is_what_tells_it_from_others(name: str, core: str) -> None:
    assert " ".join(parse_name(name).core) == core


def test_a_welsh_name_brings_its_english_pair_and_back() -> None:
    welsh = derive_names("Ysgol Llanbedrog")
    assert {"Llanbedrog School", "Llanbedrog Primary", "Ysgol Gynradd Llanbedrog", "YsgolLlanbedrog"} <= set(
        welsh
    )
    assert "Ysgol Caldecote" in derive_names("Caldecote Primary School")
    assert "Tywyn High School" in derive_names("Ysgol Uwchradd Tywyn")
    assert "Pont-y-garreg School" in derive_names("Ysgol Gymraeg Pont-y-garreg")


def test_short_forms_stop_where_the_name_would_no_longer_say_school() -> None:
    for name in (
        "St Mary's C of E Primary School",
        "Ysgol Llanbedrog",
        "Park Academy",
        "Queen's Park Infant Academy",
    ):
        for form in derive_names(name):
            assert parse_name(form).is_typed or len(words(form)) == 1, form
            assert words(form) != parse_name(name).core


def test_an_infant_school_is_never_called_primary_or_plain_school() -> None:
    assert not {"Oakfield School", "Oakfield Primary"} & set(derive_names("Oakfield Infant School"))
    assert "Oakfield Infants" in derive_names("Oakfield Infant School")


def test_init_keeps_places_once_and_reads_the_outward_postcode() -> None:
    profile = derive_profile(
        "  Ysgol   Llanbedrog ", ("Llanbedrog", "llanbedrog", "Gwynedd", "LL53 7NU", " "), "cy"
    )
    assert profile.name == "Ysgol Llanbedrog"
    assert profile.places == ("Llanbedrog", "Gwynedd", "LL53")
    assert profile.postcodes == ("LL53 7NU",)
    assert profile.lang == "cy"
    assert derive_profile("Trinity School, Carlisle", ()).places == ("Carlisle",)


def test_a_name_without_letters_is_refused_with_a_mend() -> None:
    with pytest.raises(
        ConfigError, match=r"school\.toml: school\.name: holds no letter or digit\. Write name"
    ):
        derive_profile(" -- ", ())


def test_initials_are_a_name_only_when_written_by_hand() -> None:
    assert not any(name.isupper() for name in derive_profile("Brighton Hill Community School", ()).names)


REGISTER = (
    "URN,LA (name),EstablishmentName,EstablishmentStatus (name),Street,Locality,Town,County (name),Postcode,"
    "SchoolWebsite,HeadLastName\n"
    "100001,Cambridgeshire,Caldecote Primary School,Open,Highfields Road,Highfields,Caldecote,Cambridgeshire,CB23 7NX,"
    "http://www.caldecote.example/home,Whitmore\n"
    "100002,Leicester,Caldecote Community Primary School,Open,Fulford Road,Braunstone,Leicester,,LE3 1FF,,Okoro\n"
    "100003,Leicester,Caldecote Infant School,Closed,Old Road,,Leicester,,LE3 1FF,,\n"
    "100004,Leeds,St Anne’s Catholic Primary School,Open,,,Leeds,West Yorkshire,LS6 1AA,,\n"
)


@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_a_register_row_becomes_a_profile_with_its_rivals(start: str) -> None:
    profile = profile_from_register(start + REGISTER, "100001")
    assert profile.name == "Caldecote Primary School"
    assert profile.places == ("Caldecote", "Highfields", "Cambridgeshire", "CB23")
    assert profile.websites == ("caldecote.example",)
    assert profile.postcodes == ("CB23 7NX",)
    assert profile.head_surnames == ("Whitmore",)
    assert profile.register_id == "100001"
    (rival,) = profile.look_alikes
    assert rival.name == "Caldecote Community Primary School"
    assert {"Leicester", "Braunstone"} <= set(rival.places)


def test_the_register_may_have_come_in_either_encoding() -> None:
    for encoding in ("utf-8", "cp1252"):
        profile = profile_from_register(REGISTER.encode(encoding).decode(encoding), "100004")
        assert profile.name == "St Anne’s Catholic Primary School"
        assert "Leeds" in profile.places


def test_a_wrong_id_and_a_missing_column_are_named() -> None:
    with pytest.raises(ConfigError, match="no school has the id '999'"):
        profile_from_register(REGISTER, "999")
    with pytest.raises(ConfigError, match="Postcode: is not a column"):
        profile_from_register("URN,EstablishmentName,Town\n1,A School,B\n", "1")
    with pytest.raises(ConfigError, match="URN: is not a column"):
        profile_from_register("", "1")


@pytest.mark.parametrize(
    ("word", "is_near"),
    [("llanbedorg", True), ("llanbedog", True), ("llanbeddrog", True), ("llanbedroc", True), ("llanbedrog", False),
     ("mlanbedrog", False), ("llanbedr", False), ("", False)],
)  # fmt: skip
def test_one_slip_is_near_and_the_first_letter_is_holy(word: str, is_near: bool) -> None:
    assert is_one_edit(word, "llanbedrog") is is_near


@given(st.text(max_size=60))
@example("INFANT")
def test_any_text_is_a_name_that_can_be_taken_apart(name: str) -> None:
    parse_name(name)
    derive_names(name)
    if words(name):
        build_cores(derive_profile(name, (name,)))


@given(st.text(max_size=80))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    plain = text.replace("&", "")
    assert words(fold(plain)) == words(plain)

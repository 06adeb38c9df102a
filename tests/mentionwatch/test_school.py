"""school.toml, and the profile that queries, scope and documents are built from."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest

from mentionwatch.errors import ConfigError
from mentionwatch.profiles import derive_names, derive_profile, profile_from_register
from mentionwatch.school import Authority, Dpia, SchoolFile, parse_school
from mentionwatch.tables import Table

WHOLE = """
[school]
name = "Ysgol Llanbedrog"
names = ["Llanbedrog School"]
places = ["Llanbedrog", "Pwllheli"]
head_surnames = ["Prydderch"]
has_deputy = false
lang = "cy"
[[school.look_alike]]
name = "Ysgol Llanbedr"
places = ["Harlech"]
[policy]
pack = "llanbedrog"
[authority]
decision = "minute 14"
on = 2026-09-02
[dpia]
reference = "DPIA-7"
on = 2026-09-01
"""


def read(text: str) -> SchoolFile:
    return parse_school(Table("school.toml", tomllib.loads(text)))


def test_a_whole_file_is_read_whole() -> None:
    found = read(WHOLE)
    assert found.profile.name == "Ysgol Llanbedrog" and found.profile.lang == "cy"
    assert found.profile.look_alikes[0].places == ("Harlech",) and not found.profile.has_deputy
    assert found.authority == Authority("minute 14", date(2026, 9, 2))
    assert found.dpia == Dpia("DPIA-7", date(2026, 9, 1))
    assert found.digest_lang == "cy", "the school's own language unless said otherwise"


def test_authority_and_dpia_may_be_missing_and_are_then_missing() -> None:
    found = read('[school]\nname = "X"\n[policy]\npack = "llanbedrog"\n[authority]\ndecision = ""\n')
    assert found.authority is None and found.dpia is None and found.digest_lang == "en"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('name = "Ysgol Llanbedrog"\n', "", r"school.name: is missing. Add name = "),
        ('lang = "cy"', 'lang = "fr"', r"school.lang: is 'fr'"),
        ("has_deputy", "has_deputi", r"school.has_deputi: is not a key.*Did you mean has_deputy"),
        ('pack = "llanbedrog"', "", r"policy.pack: is missing"),
        ('pack = "llanbedrog"', 'pack = "llanbedrog"\npak = 1', r"policy.pak: is not a key"),
        ("on = 2026-09-02", "on = 2026-09-02\nby = 1", r"authority.by: is not a key"),
        ("on = 2026-09-01", "on = 2026-09-01\nby = 1", r"dpia.by: is not a key"),
        ('places = ["Harlech"]', 'places = ["Harlech"]\ntown = 1', r"look_alike\[1\].town: is not a key"),
        ("[dpia]", "[dpia_record]", r"school.toml: dpia_record: is not a key"),
        ("on = 2026-09-02", 'on = "soon"', r"authority.on: is not a date"),
        ('places = ["Harlech"]', "places = [1]", r"school.look_alike\[1\].places: holds a int"),
        ('places = ["Llanbedrog", "Pwllheli"]', "places = 3", r"school.places: expected a list of texts"),
        ("[dpia]", '[digest]\nlang = "de"\n[dpia]', r"digest.lang: is 'de'"),
    ],
)
def test_a_wrong_file_names_its_key_and_mend(old: str, new: str, said: str) -> None:
    assert old in WHOLE
    with pytest.raises(ConfigError, match=said) as error:
        read(WHOLE.replace(old, new))
    assert str(error.value).startswith("school.toml: ")


def test_names_in_both_languages_come_from_the_official_one() -> None:
    assert "Llanbedrog School" in derive_names("Ysgol Llanbedrog")
    assert "Ysgol Gynradd Llanbedrog" in derive_names("Ysgol Llanbedrog")
    assert "YsgolLlanbedrog" in derive_names("Ysgol Llanbedrog")
    assert "Brighton Hill School" in derive_names("Brighton Hill Community School")


@pytest.mark.parametrize(
    "name", ["Ysgol Llanbedrog", "St Mary's C of E Primary School", "Cansfield High School"]
)
def test_no_derived_name_is_the_bare_place_or_saint(name: str) -> None:
    """A bare village in a query would watch a whole village, not a school."""
    bare = {"llanbedrog", "st mary's", "cansfield", "ysgol", "school"}
    assert not bare & {form.lower() for form in derive_names(name)}


def test_a_profile_needs_a_name_with_letters() -> None:
    with pytest.raises(ConfigError, match=r"school.name: holds no letter"):
        derive_profile(" -- ", ())


def test_places_are_kept_once_and_a_postcode_gives_its_outward_half() -> None:
    found = derive_profile("Trinity School, Carlisle", ("CA1 1JB", "Cumbria", "cumbria"))
    assert found.places == ("CA1", "Cumbria", "Carlisle")
    assert found.postcodes == ("CA1 1JB",)


REGISTER = """URN,EstablishmentName,Town,Postcode,EstablishmentStatus (name),LA (name),HeadLastName,SchoolWebsite
100001,St Mary's Primary School,Ely,CB7 4AA,Open,Cambridgeshire,Okoro,http://www.stmarys-ely.example/home
100002,St Mary's Primary School,Bath,BA1 1AA,Open,Bath,Smith,
100003,St Mary's Primary School,York,YO1 1AA,Closed,York,Jones,
100004,Other School,Ely,CB7 4AB,Open,Cambridgeshire,Roe,
"""


def test_a_register_gives_the_look_alikes_that_are_open_and_tells_them_apart_by_place() -> None:
    found = profile_from_register(REGISTER, " 100001 ")
    assert found.register_id == "100001" and found.head_surnames == ("Okoro",)
    assert found.websites == ("stmarys-ely.example",)
    assert [(look.name, "Bath" in look.places) for look in found.look_alikes] == [
        ("St Mary's Primary School", True)
    ]


@pytest.mark.parametrize(
    ("text", "id_", "said"),
    [
        (REGISTER, "999999", r"no school has the id '999999'"),
        ("a,b\n1,2\n", "1", r"URN: is not a column"),
        ("", "1", r"URN: is not a column"),
    ],
)
def test_a_register_that_does_not_hold_the_school_says_so(text: str, id_: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        profile_from_register(text, id_)

"""Who the school is: the profile that queries, scope and documents are built from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mentionwatch.calendar import Closure
from mentionwatch.mornings import AS_USUAL, Mornings, parse_desk_url, parse_mornings
from mentionwatch.sign_in import PASSWORDS_ONLY, SignIn, parse_sign_in
from mentionwatch.tables import Table


@dataclass(frozen=True, slots=True)
class LookAlike:
    """Another school a reader could take for ours: same or similar name, another place."""

    name: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SchoolProfile:
    """One school.

    `name` is the official name, `names` further names in English and Welsh (short forms, former names,
    hashtags without #), `places` town, village, county, outward postcode … that tell it from
    schools of the same name, `websites` its own hosts, `handles` its own public accounts, `look_alikes`
    other schools. `staff_names` rank a text that already matched; they are never part of a query.
    """

    name: str
    names: tuple[str, ...]
    places: tuple[str, ...]
    websites: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()
    look_alikes: tuple[LookAlike, ...] = ()
    exclude: tuple[str, ...] = ()
    head_surnames: tuple[str, ...] = ()
    deputy_surnames: tuple[str, ...] = ()
    chair_surnames: tuple[str, ...] = ()
    has_deputy: bool = True
    lang: str = "en"
    register_id: str = ""

    @property
    def called(self) -> tuple[str, ...]:
        """Every name the school goes by."""
        return (self.name, *self.names)


@dataclass(frozen=True, slots=True)
class Authority:
    """The governors' recorded decision to monitor public postings; the pack's clause may stand in for it."""

    text: str
    on: date | None


@dataclass(frozen=True, slots=True)
class Dpia:
    """The data protection impact assessment the run relies on (UK GDPR Art. 35)."""

    reference: str
    on: date | None


SAMPLE_EVERY = 20
"""One in so many of the mentions the classifier is sure of is shown to a person, where the school says nothing else."""


@dataclass(frozen=True, slots=True)
class SchoolFile:
    """school.toml, read.

    `shadow_nights`: in so many first nights the classifier opens no incident by itself. `sample_every`: one in so
    many of the mentions that would be filed without a person is shown to one; 0 is none. `mornings`: when the morning
    e-mail goes out; `desk_url`: the address it names, "" for none.
    """

    profile: SchoolProfile
    pack: str
    authority: Authority | None
    dpia: Dpia | None
    digest_lang: str
    adopted: str = "{}"
    closures: tuple[Closure, ...] = ()
    shadow_nights: int = 0
    sample_every: int = SAMPLE_EVERY
    sign_in: SignIn = PASSWORDS_ONLY
    mornings: Mornings = AS_USUAL
    desk_url: str = ""


def _closures(table: Table) -> tuple[Closure, ...]:
    """`[calendar] closed`: days or spans on which nobody is at school, as text: 2026-10-26 to 2026-10-30."""
    found = []
    for text in table.texts("closed"):
        first, _, last = (part.strip() for part in text.partition(" to "))
        try:
            closure = Closure(date.fromisoformat(first), date.fromisoformat(last or first))
        except ValueError:
            raise table.wrong(
                "closed", f"{text!r} is no day or span of days", 'Write "2026-10-26 to 2026-10-30"'
            ) from None
        if closure.last_on < closure.first_on:
            raise table.wrong("closed", f"{text!r} ends before it begins", "Put the earlier day first")
        found.append(closure)
    table.finish()
    return tuple(found)


def _count(table: Table, name: str, default: int) -> int:
    """A whole number from 0."""
    found = table.number(name, default, example=str(default))
    if found != int(found):
        raise table.wrong(name, f"must be a whole number, found {found:g}", f"Write {name} = {round(found)}")
    return int(found)


def _profile(school: Table) -> SchoolProfile:
    name = school.text("name", example='"Ysgol Llanfair"')
    lang = school.text("lang", "en")
    if lang not in ("en", "cy"):
        raise school.wrong("lang", f"is {lang!r}", 'Write lang = "en" or lang = "cy"')
    look_alikes = []
    for row in school.tables("look_alike"):
        look_alikes.append(LookAlike(row.text("name"), row.texts("places")))
        row.finish()
    profile = SchoolProfile(
        name=name,
        names=school.texts("names"),
        places=school.texts("places"),
        websites=school.texts("websites"),
        handles=school.texts("handles"),
        postcodes=school.texts("postcodes"),
        look_alikes=tuple(look_alikes),
        exclude=school.texts("exclude"),
        head_surnames=school.texts("head_surnames"),
        deputy_surnames=school.texts("deputy_surnames"),
        chair_surnames=school.texts("chair_surnames"),
        has_deputy=school.flag("has_deputy", True),
        lang=lang,
        register_id=school.text("register_id", ""),
    )
    school.finish()
    return profile


def parse_school(table: Table) -> SchoolFile:
    """Read the parsed school.toml. Raises `ConfigError` naming the key and the mend."""
    profile = _profile(table.table("school"))
    policy = table.table("policy")
    pack = policy.text("pack", example='"llanbedrog"')
    policy.finish()
    authority_table = table.table("authority")
    text, on = authority_table.text("decision", ""), authority_table.day("on")
    authority_table.finish()
    dpia_table = table.table("dpia")
    reference, assessed_on = dpia_table.text("reference", ""), dpia_table.day("on")
    dpia_table.finish()
    digest = table.table("digest")
    digest_lang = digest.text("lang", profile.lang)
    if digest_lang not in ("en", "cy"):
        raise digest.wrong("lang", f"is {digest_lang!r}", 'Write lang = "en" or lang = "cy"')
    mornings = parse_mornings(digest)
    digest.finish()
    desk = table.table("desk")
    desk_url = parse_desk_url(desk)
    desk.finish()
    judging = table.table("judging")
    shadow_nights = _count(judging, "shadow_nights", 0)
    sample_every = _count(judging, "sample_every", SAMPLE_EVERY)
    judging.finish()
    adopted, closures = table.table("adopt").as_json(), _closures(table.table("calendar"))
    sign_in = parse_sign_in(table.table("sign_in"))
    table.finish()
    return SchoolFile(
        profile=profile,
        pack=pack,
        authority=Authority(text, on) if text else None,
        dpia=Dpia(reference, assessed_on) if reference else None,
        digest_lang=digest_lang,
        adopted=adopted,
        closures=closures,
        shadow_nights=shadow_nights,
        sample_every=sample_every,
        sign_in=sign_in,
        mornings=mornings,
        desk_url=desk_url,
    )

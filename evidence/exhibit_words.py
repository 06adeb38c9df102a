"""The words of an exhibit, in English and Welsh. Neither is the second language: each says all that the other says."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import IntEnum
from zoneinfo import ZoneInfo

Pair = tuple[str, str]
"""English, Welsh."""


class Tongue(IntEnum):
    """The place of a language in a `Pair`."""

    EN = 0
    CY = 1


CODES = ("en", "cy")
MARK = "█████"
"""What stands for a covered name: always as long, so that it does not tell how long the name is."""
_LONDON = ZoneInfo("Europe/London")
_MONTHS: tuple[Pair, ...] = (
    ("January", "Ionawr"), ("February", "Chwefror"), ("March", "Mawrth"), ("April", "Ebrill"), ("May", "Mai"),
    ("June", "Mehefin"), ("July", "Gorffennaf"), ("August", "Awst"), ("September", "Medi"), ("October", "Hydref"),
    ("November", "Tachwedd"), ("December", "Rhagfyr"),
)  # fmt: skip

UNKNOWN: Pair = ("unknown: the source does not give it", "anhysbys: nid yw'r ffynhonnell yn ei roi")
BASES: dict[str, Pair] = {
    "feed": ("as the source's feed gives it", "fel y mae ffrwd y ffynhonnell yn ei roi"),
    "page": ("as the page gives it", "fel y mae'r dudalen yn ei roi"),
    "api": ("as the source's interface gives it", "fel y mae rhyngwyneb y ffynhonnell yn ei roi"),
    "human": ("as a person gave it", "fel y rhoddodd person ef"),
}
METHODS: dict[str, Pair] = {
    "guarded_http": ("page fetched without logging in", "nolwyd y dudalen heb fewngofnodi"),
    "api": ("delivered by the source's interface", "daeth drwy ryngwyneb y ffynhonnell"),
    "manual": ("handed in by a person", "fe'i rhoddwyd i mewn gan berson"),
    "none": ("nothing was fetched", "ni nolwyd dim"),
}
LABELS: dict[str, Pair] = {
    "address": ("Address", "Cyfeiriad"),
    "source": ("Source", "Ffynhonnell"),
    "posted": ("Posted", "Postiwyd"),
    "captured": ("Captured", "Cipiwyd"),
    "how": ("How", "Sut"),
    "status": ("Answer of the server", "Ateb y gweinydd"),
    "server": ("Address of the server", "Cyfeiriad y gweinydd"),
    "by": ("By what software", "Gan ba feddalwedd"),
    "sha256": ("SHA-256 of the capture (WARC)", "SHA-256 y copi (WARC)"),
    "picture": ("Picture", "Llun"),
    "pixels": ("SHA-256 of the picture", "SHA-256 y llun"),
    "limit": ("Limit", "Terfyn"),
    "words": ("Words", "Geiriau"),
    "folder": ("Files", "Ffeiliau"),
    "exhibit": ("Exhibit", "Arddangosyn"),
    "school": ("School", "Ysgol"),
    "made": ("Made", "Gwnaed"),
    "number": ("Capture", "Copi"),
}
BLANKS: dict[str, Pair] = {
    "name": ("Name", "Enw"),
    "position": ("Position", "Swydd"),
    "date": ("Date", "Dyddiad"),
    "signature": ("Signature", "Llofnod"),
}
PICTURE_KINDS: dict[str, Pair] = {
    "clip": ("the cited words and what stands by them", "y geiriau a ddyfynnir a'r hyn sydd o'u cwmpas"),
    "page": ("the page from its top", "y dudalen o'i phen"),
    "card": (
        "the delivered data set out by the software",
        "y data a ddaeth, wedi'i osod allan gan y feddalwedd",
    ),
}
COVERED_PICTURE: Pair = ("with names covered by solid boxes", "ag enwau wedi'u cuddio gan flychau solet")
HANDED_IN_PICTURE: Pair = ("a screenshot that was handed in", "sgrinlun a roddwyd i mewn")

LIMITS: dict[str, Pair] = {
    "posted": (
        "the time of posting is not known: the source does not give it",
        "nid yw'r amser postio'n hysbys: nid yw'r ffynhonnell yn ei roi",
    ),
    "fault": ("the page was not copied: {}", "ni chopïwyd y dudalen: {}"),
    "truncated": (
        "the sender stopped before the end of the page",
        "stopiodd yr anfonwr cyn diwedd y dudalen",
    ),
    "stays": (
        "a picture was handed in; it stays at the school until a person has checked that it shows neither who "
        "reported the post nor whose account it was seen through",
        "rhoddwyd llun i mewn; mae'n aros yn yr ysgol nes bod person wedi gwirio nad yw'n dangos pwy a roddodd "
        "wybod am y neges na thrwy gyfrif pwy y'i gwelwyd",
    ),
    "uncleaned": (
        "a picture was handed in; it stays at the school: what its file tells of a device cannot be taken out of it",
        "rhoddwyd llun i mewn; mae'n aros yn yr ysgol: ni ellir tynnu ohono yr hyn y mae'r ffeil yn ei ddweud am ddyfais",
    ),
    "cleaned": (
        "the handed-in picture has the pixels it came with; what its file told of a device was left out",
        "mae gan y llun a roddwyd i mewn y picseli y daeth gyda hwy; gadawyd allan yr hyn a ddywedai'r ffeil am ddyfais",
    ),
    "covered_stays": (
        "a picture was handed in; it is no part of a copy with names covered",
        "rhoddwyd llun i mewn; nid yw'n rhan o gopi ag enwau wedi'u cuddio",
    ),
    "manual": (
        "handed in by a person: mentionwatch did not see the page itself",
        "fe'i rhoddwyd i mewn gan berson: ni welodd mentionwatch y dudalen ei hun",
    ),
    "api": (
        "the source's interface delivered this: no web page was copied",
        "daeth hyn o ryngwyneb y ffynhonnell: ni chopïwyd tudalen we",
    ),
    "rendering": (
        "the picture is a rendering of the text; images, fonts and scripts are not fetched, by policy",
        "darlun o'r testun yw'r llun; ni nolir delweddau, ffontiau na sgriptiau, yn ôl polisi",
    ),
    "no_picture": ("no picture was made of this capture", "ni wnaed llun o'r copi hwn"),
    "not_drawn": ("{}", "{}"),
    "no_passage": (
        "the picture does not show the cited words: the page as drawn does not hold them",
        "nid yw'r llun yn dangos y geiriau a ddyfynnir: nid ydynt ar y dudalen fel y'i lluniwyd",
    ),
    "cut": (
        "the picture ends before the page does",
        "daw'r llun i ben cyn diwedd y dudalen",
    ),
    "loose": (
        "the WARC is damaged and stands beside as it was stored: capture.warc",
        "mae'r WARC wedi'i ddifrodi, ac mae wrth ymyl fel y'i cadwyd: capture.warc",
    ),
    "covered": (
        f"names are covered ({MARK}); the page, its words and the bytes as they came are left out of this copy",
        f"cuddiwyd enwau ({MARK}); gadawyd y dudalen, ei geiriau a'r beitiau fel y daethant allan o'r copi hwn",
    ),
}  # fmt: skip

SHOWS: tuple[Pair, ...] = (
    (
        "It shows what this software received and when, and, where the checks named in README.txt find nothing wrong, that it is unaltered since.",
        "Mae'n dangos yr hyn a dderbyniodd y feddalwedd a phryd, a, lle nad yw'r gwiriadau a enwir yn README.txt yn canfod dim o'i le, nad yw wedi newid ers hynny.",
    ),
)
DOES_NOT_SHOW: tuple[Pair, ...] = (
    (
        "It does not prove who wrote the post, nor that what was said is true or false.",
        "Nid yw'n profi pwy ysgrifennodd y neges, na bod yr hyn a ddywedwyd yn wir neu'n anwir.",
    ),
    (
        "It does not bind the server: it does not prove what the site showed to other readers, nor what it shows today.",
        "Nid yw'n rhwymo'r gweinydd: nid yw'n profi beth a ddangosodd y wefan i ddarllenwyr eraill, na beth y mae'n ei ddangos heddiw.",
    ),
    (
        "A time of posting that the source does not give is not known, and is not guessed from the time of capture.",
        "Os nad yw'r ffynhonnell yn rhoi amser postio, nid yw'n hysbys, ac ni chaiff ei ddyfalu o'r amser cipio.",
    ),
    (
        "The times of capture come from the clock of one computer. A time stamp shows that the record existed by then at the latest.",
        "Daw'r amseroedd cipio o gloc un cyfrifiadur. Mae stamp amser yn dangos bod y cofnod yn bod erbyn hynny fan bellaf.",
    ),
    (
        "Pictures are renderings of text. Images, fonts and scripts are not fetched, by policy.",
        "Darluniau o destun yw'r lluniau. Ni nolir delweddau, ffontiau na sgriptiau, yn ôl polisi.",
    ),
)  # fmt: skip
READ_FIRST: dict[str, Pair] = {
    "whole": (
        "The pages may name people. Read them before you pass this on; pass on no more than is needed.",
        "Gall y tudalennau enwi pobl. Darllenwch hwy cyn trosglwyddo hyn; peidiwch â throsglwyddo mwy nag sydd raid.",
    ),
    "covered": (
        f"Names are covered: {MARK} in words, solid boxes in pictures. Read it all the same before you pass it on.",
        f"Cuddiwyd enwau: {MARK} mewn geiriau, blychau solet mewn lluniau. Darllenwch ef er hynny cyn ei drosglwyddo.",
    ),
}

NO_SIGNED: Pair = (
    "No entry of the signed custody log is in this exhibit: compare its SHA-256 with the one that the school has kept.",
    "Nid oes cofnod o'r log gwarchodaeth llofnodedig yn yr arddangosyn hwn: cymharwch ei SHA-256 â'r un a gadwodd yr ysgol.",
)
NO_CHECKPOINT: Pair = (
    "Entries that no checkpoint has counted yet: {}.",
    "Cofnodion na chyfrifwyd mohonynt eto gan wirbwynt: {}.",
)
STAMPED: Pair = (
    "Checkpoint of {} entries: stamped by {} at {}.",
    "Gwirbwynt {} o gofnodion: stampiwyd gan {} ar {}.",
)
PENDING: Pair = (
    "Checkpoint of {} entries: the stamp of {} is pending; it may show its time later, this exhibit does not.",
    "Gwirbwynt {} o gofnodion: mae stamp {} heb gyrraedd eto; gall ddangos ei amser yn nes ymlaen, nid yw'r arddangosyn hwn yn ei ddangos.",
)
UNSTAMPED: Pair = (
    "Checkpoint of {} entries: no authority was asked for a stamp.",
    "Gwirbwynt {} o gofnodion: ni ofynnwyd i unrhyw awdurdod am stamp.",
)


def say_moment(at: datetime, tongue: Tongue) -> str:
    """20 November 2026, 18:05:00 GMT (2026-11-20T18:05:00Z): the clock of London for people, UTC for comparing."""
    local = at.astimezone(_LONDON)
    return (
        f"{local.day} {_MONTHS[local.month - 1][tongue]} {local.year}, {local:%H:%M:%S %Z} ({write_utc(at)})"
    )


def write_utc(at: datetime) -> str:
    """2026-11-20T18:05:00Z, with parts of seconds when there are any."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")

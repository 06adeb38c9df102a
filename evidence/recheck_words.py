"""Why a second look says what it says: one plain sentence a ground, in English and Welsh, without words of the post."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

Language = Literal["en", "cy"]


class BasisKey(StrEnum):
    """The ground of one outcome. The values may be stored beside the state."""

    WORD_FOR_WORD = "word_for_word"
    OTHER_WORDS = "other_words"
    MISSING_AMONG_NEIGHBOURS = "missing_among_neighbours"
    MISSING_BY_ONE_SIDE = "missing_by_one_side"
    STATUS = "status"
    STATUS_SITE_UNWELL = "status_site_unwell"
    STATUS_UNCONTROLLED = "status_uncontrolled"
    STATUS_COME_BACK = "status_come_back"
    LIKE_ANY_UNKNOWN = "like_any_unknown"
    FRONT_PAGE = "front_page"
    FRONT_PAGE_UNCONTROLLED = "front_page_uncontrolled"
    SIGN_IN = "sign_in"
    FAULT = "fault"
    NO_COPY = "no_copy"
    ONLY_QUOTED = "only_quoted"
    PARTLY_QUOTED = "partly_quoted"
    CUT_SHORT = "cut_short"
    TRUNCATED = "truncated"
    ELSEWHERE = "elsewhere"
    TOO_SHORT = "too_short"
    GOES_ON = "goes_on"
    SHELL = "shell"
    WALL = "wall"
    PLACE_FILLED = "place_filled"
    PLACE_HOLDS_MORE = "place_holds_more"
    WORDS_UNSEEN = "words_unseen"
    NEIGHBOURS_MISSING = "neighbours_missing"
    STILL_AT_SOURCE = "still_at_source"
    SOURCE_DROPPED = "source_dropped"
    SOURCE_ASKED_NIGHTLY = "source_asked_nightly"
    PERSON_LOOKS = "person_looks"


SENTENCES: Mapping[BasisKey, tuple[str, str]] = {
    BasisKey.WORD_FOR_WORD: (
        "the passage is there word for word",
        "mae'r darn yno air am air",
    ),
    BasisKey.OTHER_WORDS: (
        "part of the passage is there, in other words",
        "mae rhan o'r darn yno, mewn geiriau eraill",
    ),
    BasisKey.MISSING_AMONG_NEIGHBOURS: (
        "the passage is missing while {kept} of {stood} neighbours remain",
        "mae'r darn ar goll, ond o'r {stood} llinell o'i gwmpas mae {kept} yn aros",
    ),
    BasisKey.MISSING_BY_ONE_SIDE: (
        "the passage is missing, but no other post of the page shows that posts are shown at all",
        "mae'r darn ar goll, ond nid oes neges arall ar y dudalen sy'n dangos bod negeseuon i'w gweld o gwbl",
    ),
    BasisKey.STATUS: (
        "the address answers {status}",
        "mae'r cyfeiriad yn ateb {status}",
    ),
    BasisKey.STATUS_SITE_UNWELL: (
        "answers {status}, but the site as a whole is not well",
        "mae'n ateb {status}, ond nid yw'r wefan gyfan yn gweithio'n iawn",
    ),
    BasisKey.STATUS_UNCONTROLLED: (
        "answers {status}, but no page of the same site showed that the site is well",
        "mae'n ateb {status}, ond ni ddangosodd unrhyw dudalen o'r un wefan fod y wefan yn gweithio'n iawn",
    ),
    BasisKey.STATUS_COME_BACK: (
        "answers {status} with a request to come back later or to pass a check",
        "mae'n ateb {status} gyda chais i ddod yn ôl yn nes ymlaen neu i basio prawf",
    ),
    BasisKey.LIKE_ANY_UNKNOWN: (
        "the site answers as it does for an address that does not exist",
        "mae'r wefan yn ateb fel y gwna ar gyfer cyfeiriad nad yw'n bod",
    ),
    BasisKey.FRONT_PAGE: (
        "the address leads to the site's front page",
        "mae'r cyfeiriad yn arwain at dudalen flaen y wefan",
    ),
    BasisKey.FRONT_PAGE_UNCONTROLLED: (
        "the address leads to the site's front page, and so may every other",
        "mae'r cyfeiriad yn arwain at dudalen flaen y wefan, a gall pob un arall wneud yr un peth",
    ),
    BasisKey.SIGN_IN: (
        "the page asks for a sign-in",
        "mae'r dudalen yn gofyn am fewngofnodi",
    ),
    BasisKey.FAULT: (
        "could not be looked at: {kind}",
        "nid oedd modd edrych arno: {kind}",
    ),
    BasisKey.NO_COPY: (
        "no copy of the page to compare with",
        "nid oes copi o'r dudalen i gymharu ag ef",
    ),
    BasisKey.ONLY_QUOTED: (
        "the passage is there only as somebody's quotation; whether the post itself remains cannot be seen",
        "dim ond fel dyfyniad gan rywun y mae'r darn yno; ni ellir gweld a yw'r neges ei hun yn aros",
    ),
    BasisKey.PARTLY_QUOTED: (
        "part of the passage is there, only as somebody's quotation",
        "mae rhan o'r darn yno, ond dim ond fel dyfyniad gan rywun",
    ),
    BasisKey.CUT_SHORT: (
        "the page shows only how the passage begins",
        "dim ond dechrau'r darn y mae'r dudalen yn ei ddangos",
    ),
    BasisKey.TRUNCATED: (
        "the page did not arrive whole",
        "ni chyrhaeddodd y dudalen yn gyfan",
    ),
    BasisKey.ELSEWHERE: (
        "the address leads to another page",
        "mae'r cyfeiriad yn arwain at dudalen arall",
    ),
    BasisKey.TOO_SHORT: (
        "the passage is too short to tell gone from rewritten",
        "mae'r darn yn rhy fyr i wybod ai wedi mynd neu wedi'i ailysgrifennu y mae",
    ),
    BasisKey.GOES_ON: (
        "the page goes on elsewhere: the passage may have moved there",
        "mae'r dudalen yn parhau mewn man arall: gall y darn fod wedi symud yno",
    ),
    BasisKey.SHELL: (
        "the page holds next to nothing to read without running its scripts",
        "nid oes fawr ddim i'w ddarllen ar y dudalen heb redeg ei sgriptiau",
    ),
    BasisKey.WALL: (
        "the site puts another page in front of this one",
        "mae'r wefan yn rhoi tudalen arall o flaen hon",
    ),
    BasisKey.PLACE_FILLED: (
        "the passage is missing, and other words stand in its place",
        "mae'r darn ar goll, ac mae geiriau eraill yn ei le",
    ),
    BasisKey.PLACE_HOLDS_MORE: (
        "the passage is missing, but a picture, button or frame in the page may still show it",
        "mae'r darn ar goll, ond gall llun, botwm neu ffrâm yn y dudalen ei ddangos o hyd",
    ),
    BasisKey.WORDS_UNSEEN: (
        "the passage cannot be read on the page, but the page's code still holds words of it",
        "ni ellir darllen y darn ar y dudalen, ond mae cod y dudalen yn dal i gynnwys geiriau ohono",
    ),
    BasisKey.NEIGHBOURS_MISSING: (
        "the passage is missing, and so is what stood around it",
        "mae'r darn ar goll, a hefyd yr hyn a oedd o'i gwmpas",
    ),
    BasisKey.STILL_AT_SOURCE: (
        "the passage is missing here, but its source's own page still shows it",
        "mae'r darn ar goll yma, ond mae tudalen ei ffynhonnell yn dal i'w ddangos",
    ),
    BasisKey.SOURCE_DROPPED: (
        "its source no longer shows it",
        "nid yw ei ffynhonnell yn ei ddangos mwyach",
    ),
    BasisKey.SOURCE_ASKED_NIGHTLY: (
        "the nightly run asks its source; it was there at the last run",
        "mae'r rhediad nos yn holi ei ffynhonnell; roedd yno y tro diwethaf",
    ),
    BasisKey.PERSON_LOOKS: (
        "reported by a person: a person has to look",
        "person a roddodd wybod amdano: rhaid i berson edrych",
    ),
}
"""English and Welsh of each ground, with the names of its values in braces. Neither is the second language."""


class ComplianceKey(StrEnum):
    """What is still wanted before a person may confirm a removal."""

    NEVER_SEEN_GONE = "never_seen_gone"
    STILL_SEEN = "still_seen"
    LOOK_AGAIN = "look_again"
    PERSON_MAY_CONFIRM = "person_may_confirm"


COMPLIANCE_SENTENCES: Mapping[ComplianceKey, tuple[str, str]] = {
    ComplianceKey.NEVER_SEEN_GONE: (
        "The post has not been found missing on a site that was well.",
        "Ni chafwyd bod y neges ar goll ar wefan a oedd yn gweithio'n iawn.",
    ),
    ComplianceKey.STILL_SEEN: (
        "When last seen for certain, the post was there, as it was or in other words.",
        "Pan welwyd y neges ddiwethaf i sicrwydd, roedd yno, fel yr oedd neu mewn geiriau eraill.",
    ),
    ComplianceKey.LOOK_AGAIN: (
        "The post was not found. A second look at least six hours after the first must find the same.",
        "Ni chafwyd hyd i'r neges. Rhaid i ail edrychiad, o leiaf chwe awr ar ôl y cyntaf, ganfod yr un peth.",
    ),
    ComplianceKey.PERSON_MAY_CONFIRM: (
        "The post was not found at two looks at least six hours apart. A person may now confirm it.",
        "Ni chafwyd hyd i'r neges mewn dau edrychiad o leiaf chwe awr ar wahân. Gall person gadarnhau hynny yn awr.",
    ),
}
"""English and Welsh. They say what was observed, never who took the post down."""


def say_basis(key: BasisKey, language: Language = "en", values: Mapping[str, str] | None = None) -> str:
    """The sentence of a ground in one language, its values filled in."""
    english, welsh = SENTENCES[key]
    return (welsh if language == "cy" else english).format_map(values or {})

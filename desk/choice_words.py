"""What the answers to choose from are called, in English and Welsh: every CHOICE of the protocol's table."""

from __future__ import annotations

from collections.abc import Mapping

from desk.vocabulary import AUTHORS, HARMS, ROLES, Pair
from mentionwatch.law import OFFENCES

OFFENCE_NAMES: dict[str, Pair] = {
    "threatening_communications": ("a threat of death or serious harm", "bygythiad o farwolaeth neu niwed difrifol"),
    "malicious_communications": ("a grossly offensive or malicious message", "neges hynod sarhaus neu faleisus"),
    "false_communications": ("a message known to be false, meant to harm", "neges y gwyddys ei bod yn ffug, gyda'r bwriad o niweidio"),
    "communications_act": ("a grossly offensive or menacing message over a public network", "neges hynod sarhaus neu fygythiol dros rwydwaith cyhoeddus"),
    "harassment": ("harassment", "aflonyddu"),
    "hate": ("hostility towards a protected group", "gelyniaeth tuag at grŵp gwarchodedig"),
    "indecent_images": ("an indecent image of a child", "delwedd anweddus o blentyn"),
    "intimate_images": ("an intimate image shared without consent", "delwedd noeth neu rywiol a rannwyd heb ganiatâd"),
    "self_harm": ("encouraging self-harm", "annog hunan-niweidio"),
    "flashing_images": ("flashing images sent to harm", "delweddau sy'n fflachio a anfonwyd i niweidio"),
    "premises": ("causing a nuisance on school premises", "achosi niwsans ar dir yr ysgol"),
    "other": ("another offence, named in the reason", "trosedd arall, wedi'i henwi yn y rheswm"),
}  # fmt: skip

_YES_NO: dict[str, Pair] = {"yes": ("yes", "ydy"), "no": ("no", "nac ydy")}
CHOICES: Mapping[str, Mapping[str, Pair]] = {
    "effect": {
        "school": ("the school", "yr ysgol"),
        "staff": ("staff", "staff"),
        "governors": ("governors", "llywodraethwyr"),
        "pupils": ("pupils", "disgyblion"),
    },
    "harm": {harm.value: pair for harm, pair in HARMS.items()},
    "target_aware": {**_YES_NO, "unknown": ("not known", "ddim yn hysbys")},
    "author": {kind.value: pair for kind, pair in AUTHORS.items()},
    "offence": OFFENCE_NAMES,
    "informant": {
        "school": ("the school", "yr ysgol"),
        "employee": ("the person targeted themselves", "y sawl a dargedwyd ei hun"),
    },
    "delegate": {role.value: pair for role, pair in ROLES.items()},
    "whistleblowing": {
        "no": ("no", "na allai"),
        "may_be": ("it may be", "gallai fod"),
    },
    "procedure": {
        "disciplinary": ("the disciplinary procedure", "y drefn ddisgyblu"),
        "safeguarding": ("the safeguarding procedure", "y drefn ddiogelu"),
        "own_reporting": ("the whistleblowing procedure", "y drefn chwythu'r chwiban"),
    },
    "means": {
        "in_person": ("in person", "wyneb yn wyneb"),
        "telephone": ("by telephone", "dros y ffôn"),
        "letter": ("by letter", "drwy lythyr"),
    },
    "letter_found": {"right": ("it is right", "mae'n iawn"), "not_right": ("it is not right", "nid yw'n iawn")},
    "screenshot": {"no": ("no", "nac ydy"), "yes": ("yes", "ydy")},
    "delivery": {
        "delivered": ("delivered", "fe'i danfonwyd"),
        "refused": ("refused", "fe'i gwrthodwyd"),
        "returned": ("returned", "fe'i dychwelwyd"),
        "in_transit": ("on its way", "ar ei ffordd"),
    },
    "found": {
        "removed": ("it is gone", "mae wedi mynd"),
        "still_up": ("it is still there", "mae yno o hyd"),
        "changed": ("it was changed", "fe'i newidiwyd"),
        "cannot_tell": ("it cannot be told", "ni ellir dweud"),
    },
    "outcome": {
        "refused": ("the platform refused", "gwrthododd y platfform"),
        "no_answer": ("no answer", "dim ateb"),
    },
    "signposted_to": {
        "union": ("a union", "undeb"),
        "solicitor": ("a solicitor", "cyfreithiwr"),
        "both": ("both", "y ddau"),
    },
    "because": {
        "same_post": ("the same post", "yr un neges"),
        "same_campaign": ("the same campaign", "yr un ymgyrch"),
    },
    "retention": {
        "resolved": ("as long as a resolved incident", "cyhyd â digwyddiad a ddatryswyd"),
        "complaint": ("as long as a complaint", "cyhyd â chwyn"),
        "safeguarding": ("as long as a safeguarding record", "cyhyd â chofnod diogelu"),
    },
    "account": {"school": ("the school's own account", "cyfrif yr ysgol ei hun")},
    "where": {
        "school_account": ("on the school's own page", "ar dudalen yr ysgol ei hun"),
        "privately": ("privately", "yn breifat"),
        "owner_informed": ("only to whoever deals with it", "dim ond wrth y sawl sy'n delio â'r mater"),
    },
    "proposal": {"thank": ("to thank the author", "diolch i'r awdur"), "share": ("to share it", "ei rhannu")},
    "safeguarding_kind": {
        "child_at_risk": ("a child may be at risk", "gall plentyn fod mewn perygl"),
        "adult_at_school": (
            "an allegation about an adult who works with children",
            "honiad am oedolyn sy'n gweithio gyda phlant",
        ),
        "other": ("something else", "rhywbeth arall"),
    },
    "ban": {"imposed": ("a ban is imposed", "gosodir gwaharddiad"), "not_imposed": ("no ban", "dim gwaharddiad")},
    "ban_outcome": {"kept": ("the ban stays", "mae'r gwaharddiad yn aros"), "lifted": ("the ban is lifted", "codir y gwaharddiad")},
    "action": {
        "block": ("somebody was blocked", "rhwystrwyd rhywun"),
        "report": ("it was reported", "fe'i riportiwyd"),
        "delete": ("it was hidden or deleted", "fe'i cuddiwyd neu fe'i dilëwyd"),
    },
    "why": {
        "abusive": ("abusive words", "geiriau difrïol"),
        "discriminatory": ("discriminating words", "geiriau gwahaniaethol"),
        "threatening": ("threatening words", "geiriau bygythiol"),
        "personal_details": ("personal details", "manylion personol"),
        "off_topic": ("off the topic", "oddi ar y pwnc"),
        "advertising": ("advertising", "hysbysebu"),
    },
}  # fmt: skip
"""By fact and value. What is stored and typed on the command line is the value."""

TICK_BETWEEN = ":"
"""Between an offence and one of its questions in the value of a box: two offences may share a question's name."""


def say_choice(key: str, value: str, lang: str) -> str:
    """An answer in words; one nobody has words for stays as it is stored."""
    return CHOICES.get(key, {}).get(value, (value, value))[lang == "cy"]


def offence_ticks(lang: str) -> tuple[tuple[str, str], ...]:
    """Every question of every offence as value and label, the offence first."""
    return tuple(
        (
            f"{offence.id}{TICK_BETWEEN}{tick.id}",
            f"{say_choice('offence', offence.id, lang)}: {tick.words.text(lang)}",
        )
        for offence in OFFENCES
        for tick in offence.ticks
    )

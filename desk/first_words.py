"""What the pages say of asking somebody to read a post first, in English and Welsh."""

from __future__ import annotations

from desk.sign_in_words import DESK_ROLES
from desk.summary import FirstReading
from desk.vocabulary import Pair

FIRST_SAYS = ("first_noted", "first_ended")

FIRST_WORDS: dict[str, Pair] = {
    "first_ask": ("Ask somebody to read this first", "Gofyn i rywun ddarllen hon yn gyntaf"),
    "first_noted": (
        "Noted. What became of it stands beside the post.",
        "Nodwyd. Mae'r hanes i'w weld wrth ymyl y neges.",
    ),
    "first_take_back": ("I need no first reader any more", "Nid oes angen darllenydd cyntaf arnaf mwyach"),
    "first_ended": ("Taken back: nobody is asked for you any more.", "Tynnwyd yn ôl: ni ofynnir i neb drosoch mwyach."),
    "first_asked": (
        "Asked on {when} that somebody read it first; nobody has written it yet.",
        "Gofynnwyd {when} i rywun ei darllen yn gyntaf; nid oes neb wedi ysgrifennu eto.",
    ),
    "first_by_wish": (
        "Asked on {when}, as you wish on your own page, that somebody read it first; nobody has written it yet.",
        "Gofynnwyd {when}, yn ôl eich dymuniad ar eich tudalen eich hun, i rywun ei darllen yn gyntaf; nid oes neb wedi ysgrifennu eto.",
    ),
    "first_you": (
        "A colleague asks you to read this first, so that they need not: open it, then sum it up in your own words. Leave it where it would be too much for you: nobody is told.",
        "Mae cydweithiwr yn gofyn i chi ddarllen hon yn gyntaf, fel na fydd raid iddynt hwy: agorwch hi, yna crynhowch hi yn eich geiriau eich hun. Gadewch hi os byddai'n ormod i chi: ni ddywedir wrth neb.",
    ),
    "first_nobody": (
        "Nobody else who may know of it has offered to read first. Turn to: {roles}. Whoever offers it on their own page finds what is asked on their start page.",
        "Nid oes neb arall a gaiff wybod amdani wedi cynnig darllen yn gyntaf. Trowch at: {roles}. Bydd pwy bynnag sy'n cynnig hynny ar eu tudalen eu hunain yn gweld yr hyn a ofynnir ar eu tudalen gychwyn.",
    ),
    "first_nobody_at_all": (
        "Nobody else who has an account here may know of it. Turn to whoever looks after the accounts: another person who may, the deputy or the safeguarding lead, needs one.",
        "Nid oes neb arall sydd â chyfrif yma yn cael gwybod amdani. Trowch at bwy bynnag sy'n gofalu am y cyfrifon: mae angen cyfrif ar berson arall a gaiff wybod, y dirprwy neu'r arweinydd diogelu.",
    ),
}  # fmt: skip


def say_turn_to(first: FirstReading | None, lang: str) -> str:
    """The roles to turn to, by name."""
    return ", ".join(DESK_ROLES[role][lang == "cy"] for role in (first.turn_to if first else ()))

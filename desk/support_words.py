"""The card for a person a post is about, in English and Welsh. It says nothing of the post."""

from __future__ import annotations

from desk.vocabulary import Pair

SUPPORT_WORDS: dict[str, Pair] = {
    "card_page": ("Support card", "Cerdyn cefnogaeth"),
    "card_title": ("Support for you", "Cefnogaeth i chi"),
    "card_link": (
        "Support card for the person targeted (to print)",
        "Cerdyn cefnogaeth i'r person a dargedwyd (i'w argraffu)",
    ),
    "card_note": (
        "Print this page and give it by hand. It holds nothing of the post and no name; both languages are on it.",
        "Argraffwch y dudalen hon a'i rhoi â llaw. Nid yw'n cynnwys dim o'r neges nac unrhyw enw; mae'r ddwy iaith arni.",
    ),
    "card_lead": (
        "Something was posted online that may be about you. The school has it, and looks after it.",
        "Cafodd rhywbeth ei bostio ar-lein a all fod amdanoch chi. Mae'r ysgol yn gwybod amdano, ac yn gofalu amdano.",
    ),
    "card_yours": ("What you need not do", "Yr hyn nad oes rhaid i chi ei wneud"),
    "card_no_read": (
        "You need not read it. Nobody at the school asks you to.",
        "Nid oes rhaid i chi ei ddarllen. Nid oes neb yn yr ysgol yn gofyn i chi wneud hynny.",
    ),
    "card_no_answer": (
        "Please do not answer the author, and do not collect copies yourself: what is needed is kept already.",
        "Peidiwch ag ateb yr awdur, na chasglu copïau eich hun, os gwelwch yn dda: mae'r hyn sydd ei angen wedi'i gadw eisoes.",
    ),
    "card_no_decide": (
        "You need not deal with it: the school's policy says who does.",
        "Nid oes rhaid i chi ymdrin ag ef: polisi'r ysgol sy'n dweud pwy sy'n gwneud hynny.",
    ),
    "card_next": ("What happens next", "Beth sy'n digwydd nesaf"),
    "card_next_kept": (
        "The post is kept as evidence, seen by as few people as possible, and each look is noted.",
        "Cedwir y neges fel tystiolaeth, gan gyn lleied o bobl â phosibl yn ei gweld, a nodir pob tro yr edrychir arni.",
    ),
    "card_next_decides": (
        "The person who decides follows the school's policy, step by step, and gives a reason for each step.",
        "Mae'r sawl sy'n penderfynu yn dilyn polisi'r ysgol, gam wrth gam, ac yn rhoi rheswm dros bob cam.",
    ),
    "card_next_offer": (
        "You are asked what support would help: your employer's help for staff, your union, a colleague beside you in a meeting, the safeguarding lead for a pupil.",
        "Gofynnir i chi pa gefnogaeth fyddai'n helpu: cymorth eich cyflogwr i staff, eich undeb, cydweithiwr wrth eich ochr mewn cyfarfod, yr arweinydd diogelu i ddisgybl.",
    ),
    "card_next_told": (
        "You are told how it ended. You may ask at any time what is kept about you.",
        "Dywedir wrthych sut y daeth i ben. Cewch ofyn ar unrhyw adeg beth a gedwir amdanoch.",
    ),
    "card_danger": (
        "If you are in danger now, ring 999. To tell the police without an emergency, ring 101.",
        "Os ydych mewn perygl nawr, ffoniwch 999. I roi gwybod i'r heddlu heb argyfwng, ffoniwch 101.",
    ),
    "card_who": ("Whom to talk to at school (written by hand)", "Gyda phwy i siarad yn yr ysgol (i'w ysgrifennu â llaw)"),
    "card_help": ("Who helps outside school", "Pwy sy'n helpu y tu allan i'r ysgol"),
    "card_source": ("Source: {source}. Checked on {day}.", "Ffynhonnell: {source}. Gwiriwyd ar {day}."),
    "card_stale": (
        "This may be out of date: check it before you give the card.",
        "Gall hyn fod wedi dyddio: gwiriwch ef cyn rhoi'r cerdyn.",
    ),
}  # fmt: skip

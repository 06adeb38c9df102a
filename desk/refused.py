"""A refusal as the desk says it: in the reader's language, fields by their labels, and which field it is about."""

from __future__ import annotations

import re
from collections.abc import Mapping

from desk.protocol_words import in_english, in_welsh, split_quote
from desk.vocabulary import Pair
from incidents.transitions import BY_NAME

_HEAD = re.compile(r"refused: ")
_OPEN_NOW = re.compile(r"\. Open to the \w+ now: [\w, ]*\Z")
_FACT = re.compile(r"--fact (\w+)=(?:\"[^\"]*\"|\S*)")
_ABOUT = re.compile(r"(\w+) (?:is in the (?:future|past)|has passed or is today|is before )")
_MUST = re.compile(r"(\w+) must be ")
_NAMED = re.compile(r"'?(\w+)'? (?:is no question|is no point)")
_STEP = re.compile(r"(take the step|cymerwch y cam) (\w+)")

_SAID_HERE: Mapping[str, Pair] = {
    "that looks like a password or a log-in, which has no place here. Change it where it is used, and leave it out": (
        "That looks like a password or a log-in, which has no place here. Change it where it is used, and leave it out.",
        "Mae hynny'n edrych fel cyfrinair neu fanylion mewngofnodi, nad oes lle iddynt yma. Newidiwch ef lle caiff ei ddefnyddio, a gadewch ef allan.",
    ),
    "that holds a name which must not stand here [whoever reports is not named]. Write roles instead of names": (
        "That holds a name which must not stand here: whoever reports is not named. Write roles instead of names.",
        "Mae hynny'n cynnwys enw na chaiff fod yma: ni chaiff y sawl sy'n rhoi gwybod ei enwi. Ysgrifennwch rolau yn lle enwau.",
    ),
}
NOT_A_JUDGE = (
    "That is none of your roles, or it does not say what a post is. Choose another.",
    "Nid yw honno'n un o'ch rolau chi, neu nid yw'n dweud beth yw neges. Dewiswch un arall.",
)
EDITED_SINCE = (
    "The post was edited since you read it. Read it again, then decide.",
    "Golygwyd y neges ers i chi ei darllen. Darllenwch hi eto, yna penderfynwch.",
)
NOT_YOURS = (
    "That is none of your roles. Choose one of yours.",
    "Nid yw honno'n un o'ch rolau chi. Dewiswch un o'ch rolau.",
)
"""To whoever acts in a role they do not have."""
_FORM = ("This could not be taken: {label}.", "Ni ellid derbyn hyn: {label}.")
_NO_MERGE = (
    "It cannot be merged into that incident: an incident is merged into another one that is still open.",
    "Ni ellir ei gyfuno â'r digwyddiad hwnnw: cyfunir digwyddiad ag un arall sydd ar agor o hyd.",
)
_HELD = (
    "It is held and is not deleted. Ask whoever placed the hold first.",
    "Mae gwaharddiad ar ei ddileu. Gofynnwch yn gyntaf i'r sawl a'i gosododd.",
)


def _without_head(message: str, id_: str, event: str) -> str:
    said = _HEAD.sub("", message, count=1)
    said = said.removeprefix(f"{id_} {event}: ")
    return _OPEN_NOW.sub("", said)


def _find_field(said: str, labels: Mapping[str, str]) -> str:
    keys = [found[1] for pattern in (_ABOUT, _MUST, _NAMED) if (found := pattern.match(said))]
    keys += _FACT.findall(said)
    if "checklist" in said or "no point of the meeting" in said:
        keys.append("checklist")
    if "proportionate" in said:
        keys.append("proportionate")
    if "against a clause" in said or "in the pack" in said or "piece of evidence" in said:
        keys.append("cross_reference")
    if "second reader" in said:
        keys.append("second_reader")
    if "is no question of" in said:
        keys.append("tick")
    return next((key for key in keys if key in labels), "")


def say_refused(message: str, id_: str, event: str, labels: Mapping[str, str], lang: str) -> tuple[str, str]:
    """What is said of a refusal and the key of the fact it is about, empty where it is about none.

    `labels` are the step's facts by key, as the form calls them in the reader's language.
    """
    at = int(lang == "cy")
    said = _without_head(message, id_, event)
    field = _find_field(said, labels)
    if said in _SAID_HERE:
        return _SAID_HERE[said][at], field
    if "is merged into one that is still open" in said or "be merged into itself" in said:
        return _NO_MERGE[at], "into" if "into" in labels else ""
    if said.startswith("it is held: "):
        return _HELD[at], ""
    if _MUST.match(said) and field:
        return _FORM[at].format(label=labels[field]), field
    if "a step needs a reason of five letters" in said:
        return ("Write a reason.", "Ysgrifennwch reswm.")[at], "reason"
    told = (in_welsh if at else in_english)(said)
    told = _FACT.sub(lambda found: f"“{labels.get(found[1], found[1])}”", told)
    if field and field != said:
        # In the clause a word may look like a fact; only what is said before it is about one.
        before, clause = split_quote(told)
        before = re.sub(rf"\b{re.escape(field)}\b", f"“{labels[field]}”", before) if "_" in field else before
        told = f"{before} [{clause}]" if clause else before
    told = _STEP.sub(lambda found: f"{found[1]} “{say_step(found[2], lang)}”", told)
    return told[:1].upper() + told[1:], field


def say_step(event: str, lang: str) -> str:
    """What a step is called, instead of its name in the database."""
    if event not in BY_NAME:
        return event
    return (in_welsh if lang == "cy" else in_english)(BY_NAME[event].summary)

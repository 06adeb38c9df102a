"""The protocol in words: steps, refusals, reasons and clauses, in Welsh and in plain English.

`incidents/` speaks English and knows the values of the database; tests hold both together (desk.step_words,
desk.refusal_words, desk.protocol_vocabulary).
"""

from __future__ import annotations

import re

from desk.refusal_words import FILLED_IN, REFUSALS, filled
from desk.step_words import FACTS, STEPS
from desk.vocabulary import FAULTS, say_kind
from mentionwatch.labels import Role

WELSH: dict[str, str] = {
    **STEPS,
    **FACTS,
    **REFUSALS,
    # First steps of the stop rule (mentionwatch.stop_rule)
    "Do not open, copy, forward or print it: having an indecent image of a child is an offence (Protection of Children Act 1978 s.1)": "Peidiwch â'i hagor, ei chopïo, ei hanfon ymlaen na'i hargraffu: mae meddu ar ddelwedd anweddus o blentyn yn drosedd (Deddf Amddiffyn Plant 1978, adran 1)",
    "Tell the designated safeguarding lead now, by phone or in person": "Dywedwch wrth yr arweinydd diogelu dynodedig nawr, dros y ffôn neu wyneb yn wyneb",
    "The safeguarding lead calls the police (101, or 999 when a child is in danger) and records the reference here": "Mae'r arweinydd diogelu yn ffonio'r heddlu (101, neu 999 os yw plentyn mewn perygl) ac yn cofnodi'r cyfeirnod yma",
    # Reasons (incidents.permissions, incidents.triage)
    "who decides then is not set by your policy: the chair of governors is asked until the school adopts a rule": "nid yw eich polisi'n dweud pwy sy'n penderfynu wedyn: gofynnir i gadeirydd y llywodraethwyr nes i'r ysgol fabwysiadu rheol",
    "the post mentions everyone in the order: ask the local authority or trust who decides": "mae'r neges yn sôn am bawb yn y drefn: gofynnwch i'r awdurdod lleol neu'r ymddiriedolaeth pwy sy'n penderfynu",
    "time of posting unknown: the source does not give it": "amser postio'n anhysbys: nid yw'r ffynhonnell yn ei roi",
    "raised by a person": "codwyd gan berson",
    "reported by a person, under a clause of its own": "adroddwyd gan berson, o dan gymal ei hun",
    "reported again": "adroddwyd eto",
    "reported again after a person had dealt with it": "adroddwyd eto ar ôl i berson ddelio â hi",
    "reported again, under a clause of its own": "adroddwyd eto, o dan gymal ei hun",
    "reported again after its incident had ended": "adroddwyd eto ar ôl i'w digwyddiad ddod i ben",
    "edited after its incident had ended": "golygwyd ar ôl i'w digwyddiad ddod i ben",
    "shown again after it was gone and its incident had ended": "dangosir eto ar ôl iddi ddiflannu ac i'w digwyddiad ddod i ben",
    "shown at another source after its incident had ended": "dangosir mewn ffynhonnell arall ar ôl i'w digwyddiad ddod i ben",
    "who would decide first stepped back from an earlier incident of the post, or the post spoke of them before": "camodd y person a fyddai'n penderfynu gyntaf yn ôl o ddigwyddiad cynharach y neges, neu roedd y neges wedi sôn amdano o'r blaen",
    # What the night writes into an incident's history (warehouse.store)
    "the source shows the post again": "mae'r ffynhonnell yn dangos y neges eto",
    # What refusals quote (mentionwatch.policy, incidents.protocol)
    "not set by your policy": "heb ei osod gan eich polisi",
    "duty above every policy": "dyletswydd uwchlaw pob polisi",
    "duty above every policy: indecent images of children": "dyletswydd uwchlaw pob polisi: delweddau anweddus o blant",
}


def _fault(value: str, at: int) -> str:
    known = {kind.value: pair for kind, pair in FAULTS.items()}
    return known[value][at] if value in known else value


def _same(value: str, _: int) -> str:
    return value


def say_clause(text: str, at: int) -> str:
    """What a refusal quotes. A clause of the policy stays in the policy's language."""
    if not at:
        return text
    for told, welsh in _QUOTES:
        if found := told.fullmatch(text):
            return found.expand(welsh)
    return WELSH.get(text, text)


_QUOTES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"not set by your policy \((.+)\)"), r"heb ei osod gan eich polisi (\1)"),
    (re.compile(r"adopted by the school on (.+)"), r"mabwysiadwyd gan yr ysgol ar \1"),
    (re.compile(r"unknown: (.*)"), r"anhysbys: \1"),
)
_PATTERNS = (
    *FILLED_IN,
    filled(r"page not copied: (\w+)", "page not copied: {0}", "ni chopïwyd y dudalen: {0}", _fault),
    filled(r"flagged: (.+)", "flagged: {0}", "amlygwyd: {0}", say_kind),
    filled(r"automatic: (.+)", "automatic: {0}", "awtomatig: {0}", say_clause),
    filled(r"earlier incident on this post: (.+)", "earlier incident on this post: {0}", "digwyddiad cynharach am y neges hon: {0}", _same),
    filled(r"revision (\d+) of mention (\w+)", "version {0} of the post", "fersiwn {0} o'r neges", _same, _same),
    filled(r"not found at the source: (.+)", "not found at the source: {0}", "heb ei chanfod yn y ffynhonnell: {0}", _same),
)  # fmt: skip
_QUOTED = re.compile(r"(.*) \[([^\[\]'][^\[\]]*)\]", re.DOTALL)
_NOT_ME = re.compile(r"(only the \w+ may do this), not the \w+")


def split_quote(text: str) -> tuple[str, str]:
    """A refusal and the clause it quotes in its last brackets; an empty clause where there is none."""
    found = _QUOTED.fullmatch(text)
    return (found[1], found[2]) if found else (text, "")


def _say(text: str, at: int) -> str:
    for pattern in _PATTERNS:
        if (said := pattern.say(text, at)) is not None:
            return said
    return WELSH.get(text, text) if at else text


def _whole(text: str, at: int) -> str:
    said, quoted = split_quote(text)
    return _say(said, at) + (f" [{say_clause(quoted, at)}]" if quoted else "")


def in_english(text: str) -> str:
    """The same sentence without the words of the database in it."""
    return _whole(text, 0)


def in_welsh(text: str) -> str:
    """A sentence of the protocol in Welsh; a clause of the policy, and a sentence nobody knows, stay as they are."""
    return say_clause(text, 1) if (said := _whole(text, 1)) == text else said


def group_refusals(refusals: tuple[tuple[Role, str], ...]) -> tuple[tuple[tuple[Role, ...], str], ...]:
    """The same cause once, with all roles it stands for: seven times one reason is no reason to read it."""
    causes: dict[str, list[Role]] = {}
    for role, why in refusals:
        causes.setdefault(_NOT_ME.sub(r"\1", why, count=1), []).append(role)
    return tuple((tuple(roles), why) for why, roles in causes.items())


def recorded_by_software(text: str, lang: str) -> str:
    """A reason the night itself wrote, part by part. What a person wrote is never sent through here."""
    say = in_welsh if lang == "cy" else in_english
    return "; ".join(map(say, text.split("; ")))

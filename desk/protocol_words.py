"""The protocol's steps, refusals and reasons in Welsh. `incidents/` speaks English; a test holds the two together."""

from __future__ import annotations

import re

from desk.vocabulary import FAULTS, ROLES, STATES
from mentionwatch.labels import FaultKind, IncidentState, Role

WELSH: dict[str, str] = {
    # Steps (incidents.transitions)
    "the evidence is kept, or each gap has a reason": "cadwyd y dystiolaeth, neu mae rheswm dros bob bwlch",
    "this may be an indecent or intimate image: stop": "gall hon fod yn ddelwedd anweddus neu bersonol: stopiwch",
    "the police or IWF reference is recorded": "cofnodwyd cyfeirnod yr heddlu neu'r IWF",
    "the evidence is with the person who decides": "mae'r dystiolaeth gan y sawl sy'n penderfynu",
    "the post is about the decider: the next in order decides": "mae'r neges am y sawl sy'n penderfynu: y nesaf yn y drefn sy'n penderfynu",
    "not inappropriate: no case": "nid yw'n amhriodol: dim achos",
    "lawful criticism: treat it as a concern": "beirniadaeth gyfreithlon: ei thrin fel pryder",
    "the concern was answered or pointed to the complaints procedure": "atebwyd y pryder neu cyfeiriwyd at y drefn gwyno",
    "the police route": "llwybr yr heddlu",
    "the police say: take no step yet": "dywed yr heddlu: dim cam eto",
    "the police leave it to the school": "mae'r heddlu'n ei adael i'r ysgol",
    "the police dealt with it": "deliodd yr heddlu â'r mater",
    "the internal route": "y llwybr mewnol",
    "the author is a pupil: the behaviour policy": "disgybl yw'r awdur: y polisi ymddygiad",
    "the author is staff: the disciplinary procedure": "aelod o staff yw'r awdur: y drefn ddisgyblu",
    "the other procedure has an outcome": "mae canlyniad i'r weithdrefn arall",
    "the author is unknown, and nobody tries to find out who it is: the platform is asked": "nid yw'r awdur yn hysbys, ac nid oes neb yn ceisio darganfod pwy: gofynnir i'r platfform",
    "reported to the platform from the school's own account": "adroddwyd i'r platfform o gyfrif yr ysgol ei hun",
    "the platform took it down": "tynnodd y platfform y neges i lawr",
    "the platform refused, or 28 days went by": "gwrthododd y platfform, neu aeth 28 diwrnod heibio",
    "the person targeted is pointed to union or solicitor; the school takes no action of its own": "cyfeirir y sawl a dargedwyd at undeb neu gyfreithiwr; nid yw'r ysgol ei hun yn gweithredu",
    "lessons noted, support for the person targeted closed": "nodwyd y gwersi, daeth y gefnogaeth i'r sawl a dargedwyd i ben",
    "it is back, or something new is known": "mae'n ôl, neu mae rhywbeth newydd yn hysbys",
    "a note for the record": "nodyn ar gyfer y cofnod",
    "each piece of evidence is set against the clause it touches": "gosodir pob darn o dystiolaeth wrth y cymal y mae'n ei gyffwrdd",
    "the author is invited to talk, in person, by telephone or by letter": "gwahoddir yr awdur i siarad, wyneb yn wyneb, dros y ffôn neu drwy lythyr",
    "a meeting is not safe: a letter instead": "nid yw cyfarfod yn ddiogel: llythyr yn ei le",
    "the meeting took place": "cynhaliwyd y cyfarfod",
    "nobody came and no other time was agreed": "ni ddaeth neb ac ni chytunwyd ar amser arall",
    "the meeting had to be ended": "bu'n rhaid dod â'r cyfarfod i ben",
    "removal was asked for or agreed, with a time limit": "gofynnwyd am dynnu'r neges neu cytunwyd ar hynny, gyda therfyn amser",
    "removal was refused outright": "gwrthodwyd tynnu'r neges yn llwyr",
    "the letter went out by recorded delivery": "aeth y llythyr drwy'r post cofnodedig",
    "a person looked: the post is gone": "edrychodd rhywun: mae'r neges wedi mynd",
    "the time limit passed and the post is still there": "aeth y terfyn amser heibio ac mae'r neges yno o hyd",
    "a later time limit; never an earlier one": "terfyn amser diweddarach; byth un cynharach",
    "the same post or campaign as another incident": "yr un neges neu ymgyrch â digwyddiad arall",
    # What the reason of a step must hold
    "the reference and the time it was given": "y cyfeirnod a'r amser y'i rhoddwyd",
    "which offence, and why this is proportionate": "pa drosedd, a pham mae hyn yn gymesur",
    "what the police advised, and when": "cyngor yr heddlu, a phryd y'i rhoddwyd",
    "the police reference": "cyfeirnod yr heddlu",
    "whether the post could be whistleblowing": "a allai'r neges fod yn chwythu'r chwiban",
    "its reference": "ei chyfeirnod",
    "the clause for each piece": "y cymal ar gyfer pob darn",
    "who was invited, how and for when": "pwy a wahoddwyd, sut ac ar gyfer pryd",
    "the health and safety reason": "y rheswm iechyd a diogelwch",
    "who took the minutes as witness": "pwy gymerodd y cofnodion fel tyst",
    "the time of the meeting": "amser y cyfarfod",
    "what was said, and when": "yr hyn a ddywedwyd, a phryd",
    "the tracking reference, and who read it as second person": "y cyfeirnod olrhain, a phwy a'i darllenodd fel ail berson",
    "when it was looked for": "pryd y chwiliwyd amdani",
    "address, times and the terms that were broken": "cyfeiriad, amserau a'r telerau a dorrwyd",
    "the number of the other incident": "rhif y digwyddiad arall",
    # First steps of the stop rule (incidents.triage)
    "Do not open, copy, forward or print it: having an indecent image of a child is an offence (Protection of Children Act 1978 s.1)": "Peidiwch â'i hagor, ei chopïo, ei hanfon ymlaen na'i hargraffu: mae meddu ar ddelwedd anweddus o blentyn yn drosedd (Protection of Children Act 1978 a.1)",
    "Tell the designated safeguarding lead now, by phone or in person": "Dywedwch wrth yr arweinydd diogelu nawr, dros y ffôn neu wyneb yn wyneb",
    "The safeguarding lead calls the police (101, or 999 when a child is in danger) and records the reference here": "Mae'r arweinydd diogelu yn ffonio'r heddlu (101, neu 999 os yw plentyn mewn perygl) ac yn cofnodi'r cyfeirnod yma",
    # Reasons (incidents.permissions, incidents.triage)
    "who decides then is not set by your policy: the chair of governors is asked until the school adopts a rule": "nid yw eich polisi'n dweud pwy sy'n penderfynu wedyn: gofynnir i gadeirydd y llywodraethwyr nes i'r ysgol fabwysiadu rheol",
    "the post mentions everyone in the order: ask the local authority or trust who decides": "mae'r neges yn sôn am bawb yn y drefn: gofynnwch i'r awdurdod lleol neu'r ymddiriedolaeth pwy sy'n penderfynu",
    "time of posting unknown: the source does not give it": "amser postio'n anhysbys: nid yw'r ffynhonnell yn ei roi",
    "not set by your policy": "heb ei osod gan eich polisi",
    # Refusals (incidents.protocol)
    "the police have it: nothing leaves the school until they say so": "mae gan yr heddlu'r mater: nid oes dim yn gadael yr ysgol nes iddynt ddweud",
    "there is no evidence stored for it yet": "nid oes tystiolaeth wedi'i chadw ar ei gyfer eto",
    "duty above every policy: indecent images of children": "dyletswydd uwchlaw pob polisi: delweddau anweddus o blant",
}
_MENTIONED = re.compile(
    r"the post mentions the ([a-z_-]+), who therefore does not decide(: take the step recuse, and the next in order decides)?"
)
_NOT_COPIED = re.compile(r"page not copied: (\w+)")
_ONLY = re.compile(r"only the ([\w ,-]+) may do this, not the (\w+)")
_TOO_EARLY = re.compile(
    r"the incident is (\w+): nobody outside is contacted before the evidence is kept and the (\w+) has decided"
)
_ELSEWHERE = re.compile(r"the incident is (\w+); this step starts from ([\w, ]+)")


def _role(value: str, language: int = 1) -> str:
    try:
        return ROLES[Role(value.replace("-", "_"))][language]
    except ValueError:
        return value


def _state(value: str, language: int) -> str:
    try:
        return STATES[IncidentState(value)][language]
    except ValueError:
        return value


def _states(values: str, language: int) -> str:
    return "; ".join(_state(value, language) for value in values.split(", "))


def _fault(value: str, language: int) -> str:
    try:
        return FAULTS[FaultKind(value)][language]
    except ValueError:
        return value


def _filled_in(said: str) -> str | None:
    """The Welsh of a sentence that has something filled in; None when it is none of those."""
    if found := _MENTIONED.fullmatch(said):
        recuse = ": cymerwch y cam recuse, a'r nesaf yn y drefn sy'n penderfynu" if found[2] else ""
        return f"mae'r neges yn sôn am rôl sy'n penderfynu ({_role(found[1])}), nad yw felly'n penderfynu{recuse}"
    if found := _NOT_COPIED.fullmatch(said):
        return f"ni chopïwyd y dudalen: {_fault(found[1], 1)}"
    if found := _ONLY.fullmatch(said):
        who = ", ".join(_role(one) for one in re.split(r", | or ", found[1]))
        return f"dim ond {who} a gaiff wneud hyn, nid {_role(found[2])}"
    if found := _TOO_EARLY.fullmatch(said):
        return (
            f"cyflwr y digwyddiad yw: {_state(found[1], 1)}. Ni chysylltir â neb y tu allan cyn cadw'r dystiolaeth "
            f"a chyn i'r sawl sy'n penderfynu ({_role(found[2])}) benderfynu"
        )
    if found := _ELSEWHERE.fullmatch(said):
        return f"cyflwr y digwyddiad yw: {_state(found[1], 1)}. Mae'r cam hwn yn cychwyn o: {_states(found[2], 1)}"
    return None


def in_english(text: str) -> str:
    """The same sentence without the words of the database in it."""
    if found := _NOT_COPIED.fullmatch(text):
        return f"page not copied: {_fault(found[1], 0)}"
    if found := _MENTIONED.fullmatch(text):
        return text.replace(f"the {found[1]},", f"{_role(found[1], 0)},", 1)
    return text


def in_welsh(text: str) -> str:
    """A sentence of the protocol in Welsh; its bracketed clause, and a sentence nobody knows, stay as they are."""
    said, bracket, clause = text.partition(" [")
    said = _filled_in(said) or WELSH.get(said, said)
    inner = clause.removesuffix("]")
    return said + bracket + (WELSH.get(inner, inner) + "]" if bracket else "")

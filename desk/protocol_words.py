"""The protocol's steps, refusals and reasons in Welsh. `incidents/` speaks English; a test holds the two together."""

from __future__ import annotations

import re

from desk.vocabulary import FAULTS, ROLES
from mentionwatch.labels import FaultKind, Role

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
    "the author is unknown, and nobody tries to find out: the platform is asked": "nid yw'r awdur yn hysbys, ac nid oes neb yn ceisio darganfod pwy: gofynnir i'r platfform",
    "reported to the platform from the school's own account": "adroddwyd i'r platfform o gyfrif yr ysgol ei hun",
    "the platform took it down": "tynnodd y platfform y neges i lawr",
    "the platform refused, or 28 days went by": "gwrthododd y platfform, neu aeth 28 diwrnod heibio",
    "the person targeted is pointed to union or solicitor; the school takes no action of its own": "cyfeirir y sawl a dargedwyd at undeb neu gyfreithiwr; nid yw'r ysgol ei hun yn gweithredu",
    "lessons noted, support for the person targeted closed": "nodwyd y gwersi, daeth y gefnogaeth i'r sawl a dargedwyd i ben",
    "it is back, or something new is known": "mae'n ôl, neu mae rhywbeth newydd yn hysbys",
    "a note for the record": "nodyn ar gyfer y cofnod",
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
_MENTIONED = re.compile(r"the post mentions the ([a-z-]+), who therefore does not decide")
_NOT_COPIED = re.compile(r"page not copied: (\w+)")
_ONLY = re.compile(r"only the (\w+) may do this, not the (\w+)")


def _role(value: str) -> str:
    try:
        return ROLES[Role(value.replace("-", "_"))][1]
    except ValueError:
        return value


def _fault(value: str) -> str:
    try:
        return FAULTS[FaultKind(value)][1]
    except ValueError:
        return value


def in_english(text: str) -> str:
    """The same sentence without the words of the database in it."""
    if gap := _NOT_COPIED.fullmatch(text):
        try:
            return f"page not copied: {FAULTS[FaultKind(gap[1])][0]}"
        except ValueError:
            return text
    return text


def in_welsh(text: str) -> str:
    """A sentence of the protocol in Welsh; its bracketed clause, and a sentence nobody knows, stay as they are."""
    said, bracket, clause = text.partition(" [")
    if mentioned := _MENTIONED.fullmatch(said):
        said = f"mae'r neges yn sôn am rôl sy'n penderfynu ({_role(mentioned[1])}), nad yw felly'n penderfynu"
    elif gap := _NOT_COPIED.fullmatch(said):
        said = f"ni chopïwyd y dudalen: {_fault(gap[1])}"
    elif only := _ONLY.fullmatch(said):
        said = f"dim ond {_role(only[1])} a gaiff wneud hyn, nid {_role(only[2])}"
    else:
        said = WELSH.get(said, said)
    inner = clause.removesuffix("]")
    return said + bracket + (WELSH.get(inner, inner) + "]" if bracket else "")

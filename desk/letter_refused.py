"""Why a letter or form is not made, as the desk says it: in the reader's language, by the labels of its fields.

`incidents/letter_gates.py`, `incidents/letters.py` and `flows/letter_fields.py` speak English and name commands; here that
becomes what a person at the desk can do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from desk.document_words import FIELD_LABELS, LACKING
from desk.letter_words import say_day
from desk.protocol_vocabulary import DOCUMENTS, TRACK_STATES
from desk.protocol_words import say_clause, split_quote
from desk.refused import say_refused
from desk.vocabulary import ROLES, STATES, Pair
from incidents.standing import DocumentKind, TrackState
from mentionwatch.labels import IncidentState, Role
from mentionwatch.law import LEGAL_ERRORS

_SAID: Mapping[str, Pair] = {
    "police": (
        "The police have it: nothing is drafted until they say so",
        "Mae'r mater gyda'r heddlu: ni ddrafftir dim nes iddynt ddweud",
    ),
    "not_set": (
        "Your policy does not set this ({pack}). The school may adopt it, dated: [adopt.{rule}] in school.toml",
        "Nid yw eich polisi'n gosod hyn ({pack}). Caiff yr ysgol ei fabwysiadu, gyda dyddiad: [adopt.{rule}] yn school.toml",
    ),
    "state": ("Where it stands: {now}. This is made at: {then}", "Y sefyllfa: {now}. Llunnir hyn pan fo'r sefyllfa fel hyn: {then}"),
    "ban": (
        "Where the question of a ban stands: {now}. This is made at: {then}",
        "Sefyllfa'r cwestiwn o wahardd: {now}. Llunnir hyn pan fo'r sefyllfa fel hyn: {then}",
    ),
    "subject": (
        "The post mentions {role}, who does not deal with it",
        "Mae'r neges yn sôn am rôl ({role}), nad yw felly'n ymdrin â hi",
    ),
    "not_by": ("Not made by {role}", "Ni chaiff y rôl hon ei lunio: {role}"),
    "unfilled": ("Not filled in yet: {label}.", "Heb ei lenwi eto: {label}."),
    "lacking": ("The school has not written this down yet: {label}.", "Nid yw'r ysgol wedi nodi hyn eto: {label}."),
    "law_says": (
        "It says something the law does not: {what}. Take it out.",
        "Mae'n dweud rhywbeth nad yw'r gyfraith yn ei ddweud: {what}. Tynnwch ef allan.",
    ),
    "extract": (
        "Those words are not in the stored post; nothing is quoted from memory. Copy them from it.",
        "Nid yw'r geiriau hynny yn y neges a gadwyd; ni ddyfynnir dim o'r cof. Copïwch nhw ohoni.",
    ),
    "leaves_out": (
        "This passage must keep {name} ({label}): that time is not for changing.",
        "Rhaid i'r darn hwn gadw {name} ({label}): nid yw'r amser hwnnw i'w newid.",
    ),
    "no_words": (
        "A passage is not left out. Write it in other words, or put the template's words back.",
        "Ni chaiff darn ei adael allan. Ysgrifennwch ef mewn geiriau eraill, neu rhowch eiriau'r templed yn ôl.",
    ),
    "stray_brace": (
        "There is a {{ or }} too many or too few. Put them back as they were, or leave them out.",
        "Mae {{ neu }} yn ormod neu'n eisiau. Rhowch nhw yn ôl fel yr oeddent, neu gadewch nhw allan.",
    ),
    "no_such_field": (
        "{name} stands for nothing in this letter. Write the words themselves.",
        "Nid yw {name} yn sefyll am ddim yn y llythyr hwn. Ysgrifennwch y geiriau eu hunain.",
    ),
    "no_time": ("That is no day and time: {label}.", "Nid yw hynny'n ddiwrnod ac amser: {label}."),
    "no_day": ("That is no day: {label}.", "Nid yw hynny'n ddiwrnod: {label}."),
    "law_old": (
        "A statement of the law that this would print was valid until {day}. A person must look it up on the official page first.",
        "Roedd datganiad o'r gyfraith y byddai hyn yn ei argraffu yn ddilys tan {day}. Rhaid i berson ei wirio ar y dudalen swyddogol yn gyntaf.",
    ),
    "clock": (
        "The clock of this machine shows a time before the latest step. Tell whoever looks after mentionwatch.",
        "Mae cloc y peiriant hwn yn dangos amser cyn y cam diweddaraf a gofnodwyd. Dywedwch wrth y sawl sy'n gofalu am mentionwatch.",
    ),
    "not_written": (
        "The files could not be written, and nothing is on file. Tell whoever looks after mentionwatch.",
        "Ni ellid ysgrifennu'r ffeiliau, ac nid oes dim ar ffeil. Dywedwch wrth y sawl sy'n gofalu am mentionwatch.",
    ),
    "not_as_made": (
        "The files are gone or are no longer as they were made, so they are not handed out. Make the document again.",
        "Mae'r ffeiliau wedi mynd neu nid ydynt bellach fel y'u lluniwyd, felly ni chânt eu rhoi. Lluniwch y ddogfen eto.",
    ),
    "sealed": (
        "It quotes a post that may concern an indecent image: that is shown, copied and handed out by nobody. Speak to the safeguarding lead.",
        "Mae'n dyfynnu neges a all ymwneud â delwedd anweddus: nid oes neb yn ei dangos, ei chopïo na'i rhoi. Siaradwch â'r arweinydd diogelu.",
    ),
}  # fmt: skip

_LEGAL_WELSH: Mapping[str, str] = {
    "defamation_is_a_crime": "gelwir difenwi yn drosedd; mater sifil ydyw a chaiff person ddwyn achos",
    "any_remark_is_defamation": "gelwir sylw difrïol yn ddifenwi; rhaid wrth niwed difrifol i enw da",
    "derogatory_is_enough": "dywedir bod bod yn ddifrïol yn ddigon ar gyfer difenwi; rhaid wrth niwed difrifol i enw da",
    "libel_act_1843": "dyfynnir Deddf Enllib 1843; diddymwyd enllib troseddol ym mis Ionawr 2010",
    "data_protection_act_1998": "dyfynnir Deddf Diogelu Data 1998 fel y gyfraith; fe'i diddymwyd ar 25 Mai 2018",
    "old_limbs_of_1988_act": "dywedir bod Deddf Cyfathrebiadau Maleisus 1988 yn ymdrin â bygythiadau neu wybodaeth ffug; nid felly ers 31 Ionawr 2024",
    "distress_as_result": "dywedir bod Deddf Cyfathrebiadau Maleisus 1988 yn dibynnu ar y gofid a achoswyd; mae'n dibynnu ar y diben",
    "wrong_year_of_1988_act": "mae'r Ddeddf Cyfathrebiadau Maleisus o 1988, nid 1998",
    "school_will_sue": "dywedir y bydd yr ysgol yn dwyn achos neu'n cymryd camau cyfreithiol oherwydd neges; dim ond y person a niweidir a gaiff wneud hynny",
    "legal_action_against_you": "bygythir camau cyfreithiol yn erbyn yr awdur; dim ond y person a niweidir gan neges a gaiff benderfynu dwyn achos",
}

_NOT_SET = re.compile(
    r"not set by your policy \((.+)\)\. The school may adopt it, dated: \[adopt\.(\w+)\] in school\.toml"
)
_STATE = re.compile(r"the incident is (\w+); this is made in ([\w, ]+)")
_BAN = re.compile(r"the ban stands at (\w+); this is made at (\w+)")
_SUBJECT = re.compile(r"the post mentions the (\w+), who does not deal with it")
_NOT_BY = re.compile(r"not by the (\w+)")
_UNFILLED = re.compile(r"not filled yet: ([\w, ]+)\. Add ")
_LAW = re.compile(r"it says something the law does not: (.+)\. Take it out")
_CHANGED = re.compile(
    r"the changed passage '(\w+)' \((English|Welsh)\) (has no words|has a|names \{(.*)\}|leaves out \{(\w+)\})"
)
_NO_TIME = re.compile(r"(\w+) is no time\. ")
_NO_DAY = re.compile(r"(\w+) is no day\. ")
_OLD = re.compile(r"law card \w+ was valid until (\d{4}-\d\d-\d\d) ")


def say_unfit(key: str, lang: str, **values: object) -> str:
    """One of the sentences above, in the reader's language."""
    return _SAID[key][lang == "cy"].format(**values)


def say_sealed(lang: str) -> str:
    """What is said of words under the stop rule."""
    return say_unfit("sealed", lang)


def label_of(key: str, lang: str) -> str:
    """What a field of a letter is called."""
    return FIELD_LABELS.get(key, LACKING.get(key, (key, key)))[lang == "cy"]


def say_letter_refused(message: str, id_: str, kind: str, lang: str) -> tuple[str, str]:
    """What is said of a refusal, and the key of the field it is about; empty where it is about none."""
    said = message.removeprefix("refused: ").removeprefix(f"{id_} ").removeprefix(f"{kind}: ")
    said, quoted = split_quote(said)
    told, field = _tell(said, lang)
    if not told:
        return say_refused(message, id_, kind, {}, lang)
    clause = say_clause(quoted, int(lang == "cy"))
    return (f"{told} [{clause}]" if clause else told), field


def say_closed(message: str, id_: str, kind: str, lang: str) -> tuple[str, str, str]:
    """Why a kind is closed to a role, the clause that says so, and the language of the clause."""
    said = message.removeprefix("refused: ").removeprefix(f"{id_} ").removeprefix(f"{kind}: ")
    said, quoted = split_quote(said)
    told, _ = _tell(said, lang)
    clause = say_clause(quoted, int(lang == "cy"))
    return (
        told or say_refused(f"refused: {said}", "", "", {}, lang)[0],
        clause,
        "en" if clause == quoted else lang,
    )


def _tell(said: str, lang: str) -> tuple[str, str]:
    at = int(lang == "cy")
    if said.startswith("the police have it: nothing is drafted"):
        return say_unfit("police", lang), ""
    if "the clock says" in said:
        return say_unfit("clock", lang), ""
    if said.startswith("extract: "):
        return say_unfit("extract", lang), "extract"
    if found := _NOT_SET.match(said):
        return say_unfit("not_set", lang, pack=found[1], rule=found[2]), ""
    if found := _STATE.fullmatch(said):
        then = "; ".join(STATES[IncidentState(one)][at] for one in found[2].split(", "))
        return say_unfit("state", lang, now=STATES[IncidentState(found[1])][at], then=then), ""
    if found := _BAN.fullmatch(said):
        now, then = (TRACK_STATES[TrackState(one)][at] for one in found.groups())
        return say_unfit("ban", lang, now=now, then=then), ""
    if found := _SUBJECT.fullmatch(said):
        return say_unfit("subject", lang, role=ROLES[Role(found[1])][at]), ""
    if found := _NOT_BY.fullmatch(said):
        return say_unfit("not_by", lang, role=ROLES[Role(found[1])][at]), ""
    if found := _OLD.match(said):
        return say_unfit("law_old", lang, day=say_day(date.fromisoformat(found[1]), lang)), ""
    return _tell_of_fields(said, lang)


def _tell_of_fields(said: str, lang: str) -> tuple[str, str]:
    if found := _CHANGED.match(said):
        field = f"change_{found[1]}_{'cy' if found[2] == 'Welsh' else 'en'}"
        if found[5]:
            return say_unfit(
                "leaves_out", lang, name=f"{{{found[5]}}}", label=label_of(found[5], lang)
            ), field
        key = {"has no words": "no_words", "has a": "stray_brace"}.get(found[3], "no_such_field")
        return say_unfit(key, lang, name=f"{{{found[4]}}}"), field
    if found := _UNFILLED.match(said):
        names = found[1].split(", ")
        first = next((name for name in names if name in FIELD_LABELS), "")
        labels = ", ".join(label_of(name, lang) for name in names)
        return say_unfit("unfilled" if first else "lacking", lang, label=labels), first
    if found := _LAW.match(said):
        what = found[1]
        if lang == "cy":
            for error in LEGAL_ERRORS:
                what = what.replace(error.says, _LEGAL_WELSH.get(error.id, error.says))
        return say_unfit("law_says", lang, what=what), ""
    for pattern, key in ((_NO_TIME, "no_time"), (_NO_DAY, "no_day")):
        if found := pattern.match(said):
            return say_unfit(key, lang, label=label_of(found[1], lang)), found[1]
    return "", ""


def say_kind(kind: DocumentKind, lang: str) -> str:
    """What a letter or form is called."""
    return DOCUMENTS[kind][lang == "cy"]

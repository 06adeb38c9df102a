"""Why a step is not open, in Welsh and in plain English: fixed sentences, and those with something filled in.

`incidents/` speaks English and names roles, states and documents as they are stored; here they become words. What a
person must type (a step, a fact, a place in a file) stays as it is in both languages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from desk.protocol_vocabulary import ACTORS, DOCUMENTS, TRACK_STATES, TRACKS
from desk.vocabulary import AUTHORS, ROLES, STATES, Pair, say_moment
from mentionwatch.law import OFFENCES

REFUSALS: dict[str, str] = {
    # incidents.protocol
    "the police have it: nothing leaves the school until they say so": "mae gan yr heddlu'r mater: nid oes dim yn gadael yr ysgol nes iddynt ddweud",
    "the post may hold an illegal image: only the police hear of it": "gall y neges gynnwys delwedd anghyfreithlon: dim ond yr heddlu sy'n cael clywed amdani",
    # incidents.guards
    "there is no evidence stored for it yet": "nid oes tystiolaeth wedi'i chadw ar ei gyfer eto",
    "an allegation about an adult at the school is with safeguarding: the ordinary route is closed": "mae honiad am oedolyn yn yr ysgol gyda'r arweinydd diogelu: mae'r llwybr arferol ar gau",
    "who the author is has not been said: take the step internal first": "ni ddywedwyd pwy yw'r awdur: cymerwch y cam internal yn gyntaf",
    "the author is a pupil: the behaviour policy, no letter": "disgybl yw'r awdur: y polisi ymddygiad, dim llythyr",
    "the author works for the school: the school's own procedure, no letter": "mae'r awdur yn gweithio i'r ysgol: gweithdrefn yr ysgol ei hun, dim llythyr",
    "the author is unknown, and nobody tries to find out: the platform is asked": "nid yw'r awdur yn hysbys, ac nid oes neb yn ceisio darganfod pwy: gofynnir i'r platfform",
    "support for the person targeted is still open: take the step support_closed, saying what was offered": "mae'r gefnogaeth i'r sawl a dargedwyd ar agor o hyd: cymerwch y cam support_closed, gan ddweud beth a gynigiwyd",
    "the post is on somebody else's page: only on its own pages may the school block, report or delete": "mae'r neges ar dudalen rhywun arall: dim ond ar ei thudalennau ei hun y caiff yr ysgol rwystro, riportio neu ddileu",
    "it was not merged": "ni chafodd ei gyfuno",
    "the merge is older than 30 days and cannot be undone; reopen it instead": "mae'r cyfuno'n hŷn na 30 diwrnod ac ni ellir ei ddadwneud; ailagorwch y digwyddiad yn lle hynny",
    "no advice is recorded yet: take the step press_advice": "ni chofnodwyd cyngor eto: cymerwch y cam press_advice",
    "what was approved is a thank-you: propose to share it first": "diolch a gymeradwywyd: cynigiwch rannu'r neges yn gyntaf",
    "whoever wrote the letter does not read it second: another person does": "nid y sawl a ysgrifennodd y llythyr sy'n ei ddarllen yn ail: person arall sy'n gwneud hynny",
    "the letter was made again after it was given to read: take the step letter_check_asked": "lluniwyd y llythyr eto ar ôl ei roi i'w ddarllen: cymerwch y cam letter_check_asked",
    "the letter is with its second reader: take the step letter_read": "mae'r llythyr gyda'i ail ddarllenydd: cymerwch y cam letter_read",
    "the second reader found the letter not right: make it again": "barnodd yr ail ddarllenydd nad yw'r llythyr yn iawn: lluniwch ef eto",
    "the person has not answered yet and the day to answer by has not passed": "nid yw'r person wedi ateb eto ac nid yw'r diwrnod olaf i ateb wedi mynd heibio",
    # incidents.fact_guards
    "there is no evidence stored for it. Say why: --fact gap_evidence=...": "nid oes tystiolaeth wedi'i chadw ar ei gyfer. Dywedwch pam: --fact gap_evidence=...",
    "the head's written approval is missing. Add --fact approval=...": "mae cymeradwyaeth ysgrifenedig y pennaeth ar goll. Ychwanegwch --fact approval=...",
    "the media policy comes first. Add --fact media_policy=... (where it is)": "y polisi cyfryngau sy'n dod gyntaf. Ychwanegwch --fact media_policy=... (ble mae)",
    "what was said by word of mouth is to be recorded. Add --fact said=...": "rhaid cofnodi'r hyn a ddywedwyd ar lafar. Ychwanegwch --fact said=...",
    "why this is proportionate needs a sentence: a complaint is not an offence": "mae angen brawddeg i ddweud pam mae hyn yn gymesur: nid yw cwyn yn drosedd",
    "the second reader is the one who wrote or sends it: another person reads it first": "yr ail ddarllenydd yw'r un a'i hysgrifennodd neu sy'n ei anfon: rhaid i berson arall ei ddarllen yn gyntaf",
    "a picture is enclosed, and nobody has ticked that neither the reporter nor the account it was seen through can be told from it. Add --fact identities_hidden=yes, or send the extract as text alone": "amgaeir llun, ac nid oes neb wedi ticio na ellir adnabod o'r llun y sawl a roddodd wybod na'r cyfrif y'i gwelwyd drwyddo. Ychwanegwch --fact identities_hidden=yes, neu anfonwch y darn fel testun yn unig",
    "gone is believed after two looks at least six hours apart": "credir ei bod wedi mynd ar ôl edrych ddwywaith, chwe awr ar wahân o leiaf",
    "no answer counts after 28 days, not before": "mae diffyg ateb yn cyfrif ar ôl 28 diwrnod, nid cynt",
    "a ban has a day on which it is looked at again. Add --fact review_on=2027-01-11": "mae diwrnod i edrych eto ar bob gwaharddiad. Ychwanegwch --fact review_on=2027-01-11",
}
Value = TypeVar("Value", bound=StrEnum)
Say = Callable[[str, int], str]
"""A value as it is stored, in words; 0 is English, 1 Welsh."""


def _words(table: Mapping[Value, Pair]) -> Say:
    known = {key.value: pair for key, pair in table.items()}

    def say(value: str, at: int) -> str:
        return known[value][at] if value in known else value

    return say


def _each(say: Say, between: str = ", ") -> Say:
    return lambda values, at: between.join(say(value, at) for value in values.split(", "))


_state, _document, _kind_of_author = _words(STATES), _words(DOCUMENTS), _words(AUTHORS)
_track, _track_state, _actor, _person = _words(TRACKS), _words(TRACK_STATES), _words(ACTORS), _words(ROLES)
_QUESTIONS = {tick.words.text("en"): tick.words.text("cy") for offence in OFFENCES for tick in offence.ticks}
_TOO_FEW = re.compile(r"There must be at least (\d+) dated posts; there are (\d+)\.")


def _role(value: str, at: int) -> str:
    """A role; `decider`, `delegate` and `anyone` are actors of the table and no roles."""
    said = _person(value, at)
    return _actor(value, at) if said == value else said


def _author(value: str, at: int) -> str:
    return (
        ("not said yet", "heb ei ddweud eto")[at] if value == "not said yet" else _kind_of_author(value, at)
    )


def _moment(value: str, at: int) -> str:
    return say_moment(datetime.fromisoformat(value), "cy" if at else "en")


def _as_typed(value: str, _: int) -> str:
    return value


def _questions(value: str, at: int) -> str:
    if not at:
        return value
    for english, welsh in _QUESTIONS.items():
        value = value.replace(english, welsh)
    return _TOO_FEW.sub(r"Rhaid cael o leiaf \1 neges â dyddiad; nifer y negeseuon: \2.", value)


@dataclass(frozen=True, slots=True)
class FilledIn:
    """A sentence with something filled in: how it is told, how each value is said, and the sentence in both languages."""

    told: re.Pattern[str]
    english: str
    welsh: str
    values: tuple[Say, ...]

    def say(self, text: str, at: int) -> str | None:
        """In words, or None when the text is another sentence."""
        found = self.told.fullmatch(text)
        if found is None:
            return None
        said = [say(value or "", at) for say, value in zip(self.values, found.groups(), strict=True)]
        return (self.welsh if at else self.english).format(*said)


def filled(told: str, english: str, welsh: str, *values: Say) -> FilledIn:
    """One such sentence. `values` stand in the order of the groups of `told`; each is one place `{0}`, `{1}` …"""
    return FilledIn(re.compile(told, re.DOTALL), english, welsh, values)


_TIME = r"(\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d))"
_COMMAND = "mentionwatch incident letter"

FILLED_IN: tuple[FilledIn, ...] = (
    # incidents.protocol and incidents.permissions
    filled(r"the post mentions the ([\w-]+), who therefore does not decide",
           "the post mentions {0}, who therefore does not decide",
           "mae'r neges yn sôn am rôl a fyddai'n penderfynu ({0}), nad yw felly'n penderfynu", lambda value, at: _role(value.replace("-", "_"), at)),
    filled(r"the post mentions the (\w+), who therefore does not decide: take the step recuse, and the next in order decides",
           "the post mentions {0}, who therefore does not decide: take the step recuse, and the next in order decides",
           "mae'r neges yn sôn am rôl a fyddai'n penderfynu ({0}), nad yw felly'n penderfynu: cymerwch y cam recuse, a'r nesaf yn y drefn sy'n penderfynu", _role),
    filled(r"the post mentions the (\w+), who therefore does not decide: another role does it",
           "the post mentions {0}, who therefore does not decide: another role does it",
           "mae'r neges yn sôn am rôl ({0}), nad yw felly'n penderfynu: rôl arall sy'n ei wneud", _role),
    filled(r"only the (\w+) may do this, not the (\w+)", "only {0} may do this, not {1}", "dim ond {0} a gaiff wneud hyn, nid {1}", _role, _role),
    filled(r"only the (\w+) may do this", "only {0} may do this", "dim ond {0} a gaiff wneud hyn", _role),
    filled(r"the incident is (\w+): nobody outside is contacted before the evidence is kept and the (\w+) has decided",
           "where it stands: {0}. Nobody outside is contacted before the evidence is kept and the decision is taken (by {1})",
           "y sefyllfa: {0}. Ni chysylltir â neb y tu allan cyn cadw'r dystiolaeth a chyn i'r sawl sy'n penderfynu ({1}) benderfynu", _state, _role),
    filled(r"the incident is (\w+); this step starts from ([\w, ]+)",
           "where it stands: {0}. This step starts from: {1}", "y sefyllfa: {0}. Mae'r cam hwn yn cychwyn o: {1}", _state, _each(_state, "; ")),
    filled(r"(\w+) stands at (\w+)", "{0}: {1}; this step does not start from there", "{0}: {1}; nid yw'r cam hwn yn cychwyn oddi yno", _track, _track_state),
    filled(r"this step is not set by your policy\. The school may adopt it, dated: (\[adopt\.\w+\]) in school\.toml",
           "this step is not set by your policy. The school may adopt it, dated: {0} in school.toml",
           "nid yw eich polisi'n gosod y cam hwn. Caiff yr ysgol ei fabwysiadu, gyda dyddiad: {0} yn school.toml", _as_typed),
    filled(r"this step is not set by your policy\. The school may adopt it, dated: (\[adopt\.\w+\]) in school\.toml with (values = \[.*\])",
           "this step is not set by your policy. The school may adopt it, dated: {0} in school.toml with {1}",
           "nid yw eich polisi'n gosod y cam hwn. Caiff yr ysgol ei fabwysiadu, gyda dyddiad: {0} yn school.toml gyda {1}", _as_typed, _as_typed),
    # incidents.guards
    filled(r"the author is (not said yet|\w+); this step is for: ([\w, ]+)", "the author is: {0}; this step is for: {1}",
           "pwy yw'r awdur: {0}; mae'r cam hwn ar gyfer: {1}", _author, _each(_author, "; ")),
    filled(rf"the time limit is {_TIME} and has not passed", "the time limit is {0} and has not passed",
           "y terfyn amser yw {0} ac nid yw wedi mynd heibio", _moment),
    filled(rf"the meeting is at {_TIME} and has not been yet", "the meeting is on {0} and has not been yet",
           "amser y cyfarfod yw {0} ac nid yw wedi bod eto", _moment),
    filled(r"there is no (\w+) on file\. Make it with: incident letter ([\w-]+) (\w+)",
           f"this document is not on file: {{0}}. Make it with: {_COMMAND} {{1}} {{2}}",
           f"nid yw'r ddogfen hon ar ffeil: {{0}}. Gwnewch hi gyda: {_COMMAND} {{1}} {{2}}", _document, _as_typed, _as_typed),
    filled(r"the (\w+) on file quotes a law card that has run out\. Make it again",
           "this document on file quotes a law card that has run out: {0}. Make it again",
           "mae'r ddogfen hon ar ffeil yn dyfynnu cerdyn cyfraith a ddaeth i ben: {0}. Gwnewch hi eto", _document),
    # incidents.fact_guards
    filled(r"only the head, or who decides instead, approves an answer, not the (\w+)",
           "only the headteacher, or who decides instead, approves an answer, not {0}",
           "dim ond y pennaeth, neu'r sawl sy'n penderfynu yn ei le, sy'n cymeradwyo ateb, nid {0}", _role),
    filled(r"the meeting ends after a reminder, each with its time; missing: (.+)",
           "the meeting ends after a reminder, each with its time; missing: {0}",
           "daw'r cyfarfod i ben ar ôl nodyn atgoffa, y naill a'r llall gyda'i amser; ar goll: {0}", _as_typed),
    filled(r"(\w+) is in the past", "this time is in the past: {0}", "mae'r amser hwn yn y gorffennol: {0}", _as_typed),
    filled(rf"the invitation on file names {_TIME}: another time needs another letter", "the invitation on file names {0}: another time needs another letter",
           "mae'r gwahoddiad ar ffeil yn enwi {0}: mae angen llythyr arall ar gyfer amser arall", _moment),
    filled(r"the notice on file names another day: (\S+)", "the notice on file names another day: {0}", "mae'r hysbysiad ar ffeil yn enwi diwrnod arall: {0}", _as_typed),
    filled(rf"that look was before the time limit {_TIME}: look again", "that look was before the time limit {0}: look again",
           "roedd yr edrych hwnnw cyn y terfyn amser {0}: edrychwch eto", _moment),
    filled(rf"letter_posted_at is before the letter was made at {_TIME}", "the letter is said to be posted before it was made at {0}",
           "dywedir i'r llythyr gael ei bostio cyn ei lunio ar {0}", _moment),
    filled(rf"first_gone_at is before removal was asked for at {_TIME}", "it is said to be gone before removal was asked for at {0}",
           "dywedir iddi fynd cyn gofyn am ei thynnu ar {0}", _moment),
    filled(r"(\w+) has passed or is today", "this day has passed or is today: {0}", "mae'r diwrnod hwn wedi mynd heibio, neu heddiw ydyw: {0}", _as_typed),
    filled(r"(\w+) is in the future", "this time is in the future: {0}", "mae'r amser hwn yn y dyfodol: {0}", _as_typed),
    filled(r"(.+) is no point of the meeting\. Write (POINT: .+)", "{0} is no point of the meeting. Write {1}",
           "nid yw hyn yn bwynt o'r cyfarfod: {0}. Ysgrifennwch {1}", _as_typed, _as_typed),
    filled(r"the checklist lacks: (.+)", "the checklist lacks: {0}", "nid yw hyn ar y rhestr wirio: {0}", _as_typed),
    filled(r"(.+) has no time\. Write: (.+)", "{0} has no time. Write: {1}", "nid oes amser yma: {0}. Ysgrifennwch: {1}", _as_typed, _as_typed),
    filled(r"(.+) is out of order\. The order is: (.+)", "{0} is out of order. The order is: {1}",
           "nid yw hyn yn y drefn gywir: {0}. Y drefn yw: {1}", _as_typed, _as_typed),
    filled(r"there is no clause (.+) in the pack\. Name one of: (.+)", "there is no clause {0} in the pack. Name one of: {1}",
           "nid oes cymal o'r enw {0} yn y pecyn. Enwch un o'r rhain: {1}", _as_typed, _as_typed),
    filled(r"(.+) is no piece of evidence\. They are: (.+)", "{0} is no piece of evidence. They are: {1}",
           "nid yw hyn yn ddarn o dystiolaeth: {0}. Y darnau yw: {1}", _as_typed, _as_typed),
    filled(r"(.+) does not say why\. Write: (.+): the concern, and the reasoning", "{0} does not say why. Write: {1}: the concern, and the reasoning",
           "nid yw hyn yn dweud pam: {0}. Ysgrifennwch: {1}: y pryder, a'r rhesymu", _as_typed, _as_typed),
    filled(r"not set against a clause yet: (.+)", "not set against a clause yet: {0}", "heb eu cymharu â chymal eto: {0}", _as_typed),
    filled(r"(.+) is no question of (\w+)\. They are: (.+)", "{0} is no question of {1}. They are: {2}",
           "nid yw hyn yn gwestiwn am {1}: {0}. Y cwestiynau yw: {2}", _as_typed, _as_typed, _as_typed),
    filled(r"not answered yet: (.+) Add --fact occasion=\.\.\. for each", "not answered yet: {0} Add --fact occasion=... for each",
           "heb ei ateb eto: {0} Ychwanegwch --fact occasion=... ar gyfer pob un", _questions),
    filled(r"not answered yet: (.+) Add (--fact .+)", "not answered yet: {0} Add {1}", "heb ei ateb eto: {0} Ychwanegwch {1}", _questions, _as_typed),
    filled(rf"the letter names {_TIME}, which is too soon after it was posted: the author has until {_TIME}\. Make the letter again",
           "the letter names {0}, which is too soon after it was posted: the author has until {1}. Make the letter again",
           "mae'r llythyr yn enwi {0}, sy'n rhy fuan ar ôl ei bostio: mae gan yr awdur tan {1}. Gwnewch y llythyr eto", _moment, _moment),
    filled(rf"the time limit is {_TIME}; it may be made later, never earlier", "the time limit is {0}; it may be made later, never earlier",
           "y terfyn amser yw {0}; gellir ei wneud yn hwyrach, byth yn gynharach", _moment),
    filled(r"your policy does not let the (\w+) ask for removal", "your policy does not let this role ask for removal: {0}",
           "nid yw eich polisi'n gadael i'r rôl hon ofyn am dynnu'r neges: {0}", _role),
    filled(r"not ticked yet: (.+)", "not ticked yet: {0}", "heb eu ticio eto: {0}", _as_typed),
    filled(r"the deputy posts what was approved, not the (\w+)", "the deputy headteacher posts what was approved, not {0}",
           "y dirprwy bennaeth sy'n postio'r hyn a gymeradwywyd, nid {0}", _role),
    filled(r"your policy does not speak of (\w+)", "your policy does not speak of this: {0}", "nid yw eich polisi'n sôn am hyn: {0}", _as_typed),
)  # fmt: skip

"""What collectors and classifiers say in English (gaps of a look, reasons of a label), in Welsh.

Sentences with something filled in are patterns; a sentence nobody knows stays as it is. Tests hold the tables
against the sources of those sentences.
"""

from __future__ import annotations

import re

from desk.vocabulary import LABELS
from mentionwatch.labels import Label
from mentionwatch.model import ASKS

NOTES: dict[str, str] = {
    # Classifier notes (classifiers.model) and rules (classifiers.rules)
    "may go beyond criticism": "gall fod yn fwy na beirniadaeth",
    "may be a threat": "gall fod yn fygythiad",
    "may be a matter for the police": "gall fod yn fater i'r heddlu",
    "a child may be at risk": "gall plentyn fod mewn perygl",
    "the classifier is unsure": "nid yw'r dosbarthwr yn siŵr",
    "written in a language the classifier does not know": "mewn iaith nad yw'r dosbarthwr yn ei hadnabod",
    "too long to be read whole": "yn rhy hir i'w ddarllen yn llawn",
    "there are no words to judge": "nid oes geiriau i'w barnu",
    "some of its characters could not be read": "nid oedd modd darllen rhai o'i nodau",
    "its letters are shown in another order than they are written": "dangosir ei lythrennau mewn trefn wahanol i'r un yr ysgrifennwyd hwy ynddi",
    "may offer an indecent or intimate image: nothing is fetched or kept": "gall gynnig delwedd anweddus, noeth neu rywiol: ni chyrchir ac ni chedwir dim",
    # classifiers.stand_in
    "the school's own model could not be used": "ni ellid defnyddio model yr ysgol ei hun",
    "speaks of violence against people": "yn sôn am drais yn erbyn pobl",
    "gives a telephone number": "yn rhoi rhif ffôn",
    "gives an address where somebody lives": "yn rhoi cyfeiriad lle mae rhywun yn byw",
    "uses a slur against a group of people": "yn defnyddio gair sarhaus am grŵp o bobl",
    "says that a child may be at risk, or that an adult may have harmed one": "yn dweud y gall plentyn fod mewn perygl, neu fod oedolyn wedi gwneud niwed i un",
}
_ASK_WELSH = ": dylai rhywun edrych"
_SPEAKS = re.compile(r"“(.*)” speaks for (\w+)", re.DOTALL)

# `what` names a listing, a thread or an article: that name is kept as the source has it.
_GAPS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(english, re.DOTALL), welsh)
    for english, welsh in (
        (
            r"(\d+) further items of the feed, beyond the first 2,000",
            r"\1 eitem arall o'r ffrwd, ar ôl y 2,000 cyntaf",
        ),
        (
            r"(\d+) names that would find a person are not searched for",
            r"ni chwilir am \1 enw a fyddai'n dod o hyd i berson",
        ),
        (
            r"(\d+) stored posts were not asked again tonight; they are next",
            r"ni ofynnwyd eto heno am \1 neges a gadwyd; nhw sydd nesaf",
        ),
        (r"comments under (\d+) older posts", r"sylwadau dan \1 o negeseuon hŷn"),
        (r"(.{1,300}): (\d+) folded comments or branches", r"\1: \2 o sylwadau neu ganghennau wedi'u plygu"),
        (r"(\d+) further articles that name the school", r"\1 o erthyglau eraill sy'n enwi'r ysgol"),
        (r"no article names the school yet", "nid oes erthygl yn enwi'r ysgol eto"),
        (r"(.{1,300}): the answer is not a listing", r"\1: nid rhestr yw'r ateb"),
        (r"(.{1,300}): nothing is listed, though there used to be", r"\1: nid oes dim ar y rhestr, er y bu"),
        (r"(.{1,300}): not asked, Reddit is down", r"\1: heb ofyn, mae Reddit i lawr"),
        (r"(.{1,300}): not asked, no more allowed", r"\1: heb ofyn, ni chaniateir rhagor"),
        (
            r"(.{1,300}): items before ([\d-]+ [\d:]+) UTC \(first look\)",
            r"\1: eitemau cyn \2 UTC (golwg gyntaf)",
        ),
        (r"(.{1,300}): items older \(first look\)", r"\1: eitemau hŷn (golwg gyntaf)"),
        (
            r"(.{1,300}): items before ([\d-]+ [\d:]+) UTC \(Reddit's listing ends, or the limit is reached\)",
            r"\1: eitemau cyn \2 UTC (daw rhestr Reddit i ben, neu cyrhaeddwyd y terfyn)",
        ),
        (
            r"(.{1,300}): items older \(Reddit's listing ends, or the limit is reached\)",
            r"\1: eitemau hŷn (daw rhestr Reddit i ben, neu cyrhaeddwyd y terfyn)",
        ),
        (
            r"(.{1,300}): edits before the last (\d+) \(first look\)",
            r"\1: golygiadau cyn y \2 diwethaf (golwg gyntaf)",
        ),
        (r"(.{1,300}): further new edits, next time", r"\1: golygiadau newydd eraill, y tro nesaf"),
        (r"(.{1,300}): an edit whose text is hidden", r"\1: golygiad y mae ei destun wedi'i guddio"),
        (r"(.{1,300}): an edit whose text is gone", r"\1: golygiad y mae ei destun wedi diflannu"),
    )
)


_WHERE = (
    ("article ", "erthygl "),
    ("articles: ", "erthyglau: "),
    ("comments under ", "sylwadau dan "),
    ("search by name: ", "chwilio yn ôl enw: "),
    ("stored posts: ", "negeseuon a gadwyd: "),
    ("earlier edits: ", "golygiadau cynharach: "),
)


_SAMPLE = re.compile(
    r"a sample: every (\d{1,6})(?:st|nd|rd|th) that the classifier is sure of is shown to a person"
)


def sample_reason(every: int) -> str:
    """Why a mention is shown that nobody had to look at: every 20th is."""
    ending = "th" if every % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(every % 10, "th")
    return f"a sample: every {every}{ending} that the classifier is sure of is shown to a person"


def is_sample(reasons: tuple[str, ...]) -> bool:
    """Is it shown for the sample alone?"""
    return any(_SAMPLE.fullmatch(reason) for reason in reasons)


def is_note(reason: str) -> bool:
    """Is this one of the classifier's fixed sentences? All others may quote the post and stay covered."""
    return reason.removesuffix(ASKS) in NOTES or _SAMPLE.fullmatch(reason) is not None


def pick_notes(reasons: tuple[str, ...], lang: str) -> tuple[str, ...]:
    """The fixed sentences among the reasons, each once, in `lang`. They quote nothing and may be shown uncovered."""
    plain = dict.fromkeys(reason.removesuffix(ASKS) for reason in reasons if is_note(reason))
    return tuple(say_reason(reason, lang) for reason in plain)


def say_reason(reason: str, lang: str) -> str:
    """A classifier's reason in `lang`; the quoted word stays as the author wrote it."""
    if lang != "cy":
        return reason
    if sample := _SAMPLE.fullmatch(reason):
        return f"sampl: dangosir i berson un o bob {sample[1]} y mae'r dosbarthwr yn siŵr ohonynt"
    if spoken := _SPEAKS.fullmatch(reason):
        return f"mae “{spoken[1]}” yn awgrymu: {_label(spoken[2])}"
    said = reason.removesuffix(ASKS)
    if said not in NOTES:
        return reason
    return NOTES[said] + (_ASK_WELSH if reason != said else "")


def _label(value: str) -> str:
    try:
        return LABELS[Label(value)][1]
    except ValueError:
        return value


def say_gap(gap: str, lang: str) -> tuple[str, str]:
    """What a look could not cover, and the language it is said in: `lang`, or `en` where only English exists."""
    if lang != "cy":
        return gap, lang
    for english, welsh in _GAPS:
        if found := english.fullmatch(gap):
            said = found.expand(welsh)
            return next(
                (new + said.removeprefix(old) for old, new in _WHERE if said.startswith(old)), said
            ).replace(", comments: ", ", sylwadau: "), "cy"
    return gap, "en"

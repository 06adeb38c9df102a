"""The closed vocabularies (labels, roles, faults, states …) in English and Welsh, and dates in both."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from mentionwatch.labels import (
    AuthorKind,
    Channel,
    FaultKind,
    Harm,
    IncidentState,
    Label,
    Role,
    Route,
    Verdict,
)

LONDON = ZoneInfo("Europe/London")
Pair = tuple[str, str]

VERDICTS: dict[Verdict, Pair] = {
    Verdict.CLEAR: ("seen, nothing new", "gwelwyd, dim byd newydd"),
    Verdict.MENTIONS: ("seen, new mentions", "gwelwyd, sôn newydd"),
    Verdict.DEGRADED: ("seen in part", "gwelwyd yn rhannol"),
    Verdict.BLIND: ("not seen", "heb ei gweld"),
}
ROLES: dict[Role, Pair] = {
    Role.HEAD: ("the headteacher", "y pennaeth"),
    Role.CO_HEAD: ("the co-headteacher", "y cyd-bennaeth"),
    Role.SLT: ("the senior leadership team", "yr uwch dîm arwain"),
    Role.DEPUTY: ("the deputy headteacher", "y dirprwy bennaeth"),
    Role.CHAIR: ("the chair of governors", "cadeirydd y llywodraethwyr"),
    Role.DSL: ("the safeguarding lead", "yr arweinydd diogelu"),
    Role.OPERATOR: ("the office", "y swyddfa"),
    Role.PIPELINE: ("the software", "y feddalwedd"),
}
ROUTES: dict[Route, Pair] = {
    Route.POLICE: ("consider the police", "ystyried yr heddlu"),
    Route.SAFEGUARDING: ("ask the safeguarding lead", "gofyn i'r arweinydd diogelu"),
    Route.INTERNAL: ("the internal route", "y llwybr mewnol"),
    Route.COMPLAINT: ("the complaints procedure", "y drefn gwyno"),
    Route.NONE: ("nothing to do", "dim i'w wneud"),
}
LABELS: dict[Label, Pair] = {
    Label.POSITIVE: ("praise", "canmoliaeth"),
    Label.NEUTRAL: ("neutral", "niwtral"),
    Label.CONCERN: ("concern", "pryder"),
    Label.INAPPROPRIATE: ("possibly inappropriate", "amhriodol o bosib"),
}
HARMS: dict[Harm, Pair] = {
    Harm.THREAT: ("threat", "bygythiad"),
    Harm.HATE: ("hate or discrimination", "casineb neu wahaniaethu"),
    Harm.HARASSMENT: ("harassment or bullying", "aflonyddu neu fwlio"),
    Harm.DEFAMATION: ("possibly defamatory claim", "honiad difenwol o bosib"),
    Harm.SEXUAL: ("sexual or indecent", "rhywiol neu anweddus"),
    Harm.PRIVACY: ("private facts", "ffeithiau preifat"),
    Harm.IMPERSONATION: ("impersonation", "dynwared"),
}
OTHER_KINDS: dict[str, Pair] = {
    "possible illegal image": ("possible illegal image", "delwedd anghyfreithlon o bosib"),
    "safeguarding": ("safeguarding", "diogelu"),
    "other_child_picture": ("picture of somebody else's child", "llun o blentyn rhywun arall"),
    "staff_area": ("pupil on a staff member's pages", "disgybl ar dudalennau aelod o staff"),
    "working_day": ("use in the working day", "defnydd yn ystod y diwrnod gwaith"),
    "under_age": ("below the platform's age", "o dan oed y platfform"),
    "after_the_end": (
        "asks again after the school had dealt with it",
        "yn galw am eich sylw eto ar ôl i'r ysgol ddelio â hi",
    ),
    "evidence_damaged": ("stored evidence is not as it was", "nid yw'r dystiolaeth a gadwyd fel y bu"),
    "logo": ("logo or name of the school", "logo neu enw'r ysgol"),
}
STATES: dict[IncidentState, Pair] = {
    IncidentState.OPENED: ("opened", "agorwyd"),
    IncidentState.PRESERVED: ("evidence kept, to be handed over", "cadwyd y dystiolaeth, i'w throsglwyddo"),
    IncidentState.STOP_IMAGE: (
        "stopped: nothing is shown or kept",
        "stopiwyd: ni ddangosir ac ni chedwir dim",
    ),
    IncidentState.AWAITING_DECISION: ("waiting for a decision", "yn aros am benderfyniad"),
    IncidentState.POLICE_HOLD: ("with the police", "gyda'r heddlu"),
    IncidentState.INTERNAL: ("on the internal route", "ar y llwybr mewnol"),
    IncidentState.PREPARED: ("evidence set against the policy", "cymharwyd y dystiolaeth â'r polisi"),
    IncidentState.INVITED: ("author invited", "gwahoddwyd yr awdur"),
    IncidentState.LETTER: ("a letter is to be sent", "llythyr i'w anfon"),
    IncidentState.MET: ("meeting held", "cynhaliwyd cyfarfod"),
    IncidentState.REMOVAL_WAIT: ("waiting for the post to go", "yn aros i'r neges fynd"),
    IncidentState.PLATFORM: ("to be reported to the platform", "i'w hadrodd i'r platfform"),
    IncidentState.PLATFORM_WAIT: ("waiting for the platform", "yn aros am y platfform"),
    IncidentState.EXHAUSTED: ("the platform did not help", "ni helpodd y platfform"),
    IncidentState.REDIRECTED: ("in another procedure", "mewn gweithdrefn arall"),
    IncidentState.RESOLVED: ("resolved", "datryswyd"),
    IncidentState.CONCERN: ("treated as a concern", "yn cael ei thrin fel pryder"),
    IncidentState.ACKNOWLEDGED: ("concern acknowledged", "cydnabuwyd y pryder"),
    IncidentState.SIGNPOSTED: ("pointed to the complaints procedure", "cyfeiriwyd at y drefn gwyno"),
    IncidentState.ANSWERED: ("concern answered", "atebwyd y pryder"),
    IncidentState.GOOD_NEWS: ("good news", "newyddion da"),
    IncidentState.THANK_PROPOSED: ("thanks or sharing proposed", "cynigiwyd diolch neu rannu"),
    IncidentState.APPROVED: ("thanks or sharing approved", "cymeradwywyd diolch neu rannu"),
    IncidentState.THANKED: ("author thanked", "diolchwyd i'r awdur"),
    IncidentState.SHARED: ("shared by the school", "rhannwyd gan yr ysgol"),
    IncidentState.LEFT: ("enjoyed, and left alone", "mwynhawyd, a gadawyd iddo fod"),
    IncidentState.MERGED: ("merged with another", "cyfunwyd ag un arall"),
    IncidentState.CLOSED: ("closed", "caewyd"),
}
AUTHORS: dict[AuthorKind, Pair] = {
    AuthorKind.PUPIL: ("a pupil", "disgybl"),
    AuthorKind.PARENT: ("a parent or carer", "rhiant neu ofalwr"),
    AuthorKind.STAFF: ("a member of staff", "aelod o staff"),
    AuthorKind.GOVERNOR: ("a governor", "llywodraethwr"),
    AuthorKind.CONTRACTOR: ("a contractor", "contractwr"),
    AuthorKind.VOLUNTEER: ("a volunteer", "gwirfoddolwr"),
    AuthorKind.FORMER_PUPIL: ("a former pupil", "cyn-ddisgybl"),
    AuthorKind.OTHER_SCHOOL: ("somebody from another school", "rhywun o ysgol arall"),
    AuthorKind.PUBLIC: ("a member of the public", "aelod o'r cyhoedd"),
    AuthorKind.UNKNOWN: ("unknown", "anhysbys"),
}
CHANNELS: dict[Channel, Pair] = {
    Channel.SCHOOL_ACCOUNT: ("the school's own account", "cyfrif yr ysgol ei hun"),
    Channel.PERSONAL: ("a personal account", "cyfrif personol"),
    Channel.OTHER: ("another page", "tudalen arall"),
}
FAULTS: dict[FaultKind, Pair] = {
    FaultKind.DNS: ("the address cannot be found", "ni ellir dod o hyd i'r cyfeiriad"),
    FaultKind.TLS: ("its certificate is not right", "nid yw ei thystysgrif yn iawn"),
    FaultKind.TIMEOUT: ("it did not answer in time", "nid atebodd mewn pryd"),
    FaultKind.REFUSED_BY_POLICY: ("not allowed to look", "ni chaniateir edrych"),
    FaultKind.HTTP_401_403: ("it asks for a sign-in", "mae'n gofyn am fewngofnodi"),
    FaultKind.HTTP_404_410: ("it is no longer there", "nid yw yno mwyach"),
    FaultKind.RATE_LIMITED: ("it asks us to come back later", "mae'n gofyn i ni ddod yn ôl yn nes ymlaen"),
    FaultKind.SERVER_ERROR: ("its server is down", "mae ei gweinydd i lawr"),
    FaultKind.NOT_A_FEED: ("it sent something that is no feed", "anfonodd rywbeth nad yw'n ffrwd"),
    FaultKind.TRUNCATED: ("it broke off half-way", "torrodd ar ei hanner"),
    FaultKind.TOO_LARGE: ("it sent too much", "anfonodd ormod"),
    FaultKind.EMPTY: ("it is suddenly empty", "mae'n wag yn sydyn"),
    FaultKind.FROZEN: ("nothing new for suspiciously long", "dim byd newydd ers amser amheus o hir"),
    FaultKind.CREDENTIALS: ("its key is missing or refused", "mae ei hallwedd ar goll neu wedi'i gwrthod"),
    FaultKind.TERMS: ("nobody has agreed to its terms", "nid oes neb wedi cytuno i'w thelerau"),
    FaultKind.UNEXPECTED: ("something unexpected; see the log", "rhywbeth annisgwyl; gweler y cofnod"),
}
WELSH_MONTHS = (
    "Ionawr Chwefror Mawrth Ebrill Mai Mehefin Gorffennaf Awst Medi Hydref Tachwedd Rhagfyr".split()
)
WELSH_DAYS = "Llun Mawrth Mercher Iau Gwener Sadwrn Sul".split()
WELSH_SHORT = "Ion Chwe Maw Ebr Mai Meh Gorff Awst Medi Hyd Tach Rhag".split()
ENGLISH_MONTHS = (
    "January February March April May June July August September October November December".split()
)
ENGLISH_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
ENGLISH_SHORT = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def say_moment(at: datetime, lang: str) -> str:
    """25 November 2026, 18:00 · 25 Tachwedd 2026, 18:00: London time, to the minute."""
    local = at.astimezone(LONDON)
    months = WELSH_MONTHS if lang == "cy" else ENGLISH_MONTHS
    return f"{local.day} {months[local.month - 1]} {local.year}, {local:%H:%M}"


def say_near(at: datetime, now: datetime, lang: str) -> str:
    """today, 18:00 · 19 November, 03:30 · 30 December 2025, 09:00: what `now` tells anyway is left out. London time."""
    local, today = at.astimezone(LONDON), now.astimezone(LONDON).date()
    if local.date() == today:
        return f"{('today', 'heddiw')[lang == 'cy']}, {local:%H:%M}"
    return say_beside(at, today, lang)


def say_beside(at: datetime, day: date, lang: str) -> str:
    """19 November, 03:30 · 30 December 2025, 09:00: the year of the `day` that stands above is left out. London time."""
    local, said = at.astimezone(LONDON), say_moment(at, lang)
    return said.replace(f" {local.year},", ",") if local.year == day.year else said


def say_kind(kind: str, at: int) -> str:
    """An incident's kind as triage wrote it (`threat, hate`), 0 in English, 1 in Welsh; an unknown word stays as it is."""
    known: dict[str, Pair] = {harm.value: pair for harm, pair in HARMS.items()}
    known |= {label.value: pair for label, pair in LABELS.items()} | OTHER_KINDS
    return ", ".join(known.get(word, (word, word))[at] for word in kind.split(", "))

"""Every sentence the digest can say, in English and Welsh. Neither is the second language."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from mentionwatch.labels import FaultKind, Label, Role, Route, Verdict

LONDON = ZoneInfo("Europe/London")

WORDS: dict[str, tuple[str, str]] = {
    "title": ("School mentions", "Sôn am yr ysgol"),
    "verdict_clear": ("All clear: every source was seen, nothing new", "Dim byd newydd: gwelwyd pob ffynhonnell"),
    "verdict_mentions": ("Every source was seen; there are new mentions", "Gwelwyd pob ffynhonnell; mae sôn newydd am yr ysgol"),
    "verdict_degraded": ("Not everything could be seen", "Ni ellid gweld popeth"),
    "verdict_blind": ("Nothing could be seen: this is not an all-clear", "Ni ellid gweld dim: nid yw hyn yn golygu bod popeth yn iawn"),
    "not_run": ("The night run did not take place", "Ni redodd gwaith y nos"),
    "sources_seen": ("{seen} of {total} sources seen in full", "Gwelwyd {seen} o {total} ffynhonnell yn llawn"),
    "night_of": ("Night of {day}", "Noson {day}"),
    "looked_at": ("Looked at {time}", "Edrychwyd am {time}"),
    "act_now": ("Act now", "Gweithredu nawr"),
    "decisions": ("Waiting for a decision", "Yn aros am benderfyniad"),
    "look": ("A person should look", "Dylai rhywun edrych"),
    "concerns": ("Concerns", "Pryderon"),
    "mentions": ("Other mentions", "Sôn arall"),
    "good_news": ("Good news", "Newyddion da"),
    "health": ("What was looked at", "Beth edrychwyd arno"),
    "not_looked": ("What was not looked at", "Beth nad edrychwyd arno"),
    "nothing_here": ("Nothing tonight.", "Dim heno."),
    "no_good_news": ("No praise was found tonight.", "Ni chafwyd canmoliaeth heno."),
    "incident": ("Incident", "Digwyddiad"),
    "decider": ("Decides", "Yn penderfynu"),
    "state": ("Where it stands", "Lle mae arni"),
    "policy": ("Policy", "Polisi"),
    "posted": ("Posted", "Postiwyd"),
    "captured": ("Captured", "Cipiwyd"),
    "unknown_time": ("time not given by the source", "ni roddodd y ffynhonnell amser"),
    "evidence_kept": ("evidence kept", "tystiolaeth wedi'i chadw"),
    "evidence_gap": ("page not copied ({why}); the words were kept", "ni chopïwyd y dudalen ({why}); cadwyd y geiriau"),
    "evidence_withheld": ("nothing was copied or kept", "ni chopïwyd ac ni chadwyd dim"),
    "first_steps": ("First steps", "Camau cyntaf"),
    "show_words": ("Show the words of the post", "Dangos geiriau'r neges"),
    "covered_note": ("The words may upset. Open them only if you need to.", "Gall y geiriau beri gofid. Agorwch nhw dim ond os oes angen."),
    "why": ("Why it is here", "Pam mae yma"),
    "see_post": ("See the post", "Gweld y neges"),
    "possible_only": ("perhaps another school", "ysgol arall o bosib"),
    "edited": ("edited since", "golygwyd ers hynny"),
    "reported": ("reported by a person", "adroddwyd gan berson"),
    "system_suggests": ("The system suggests; you decide.", "Mae'r system yn awgrymu; chi sy'n penderfynu."),
    "stale_pack": ("The policy in use is past its review date.", "Mae'r polisi mewn grym wedi mynd heibio ei ddyddiad adolygu."),
    "undated_pack": ("The policy in use carries no date.", "Nid oes dyddiad ar y polisi mewn grym."),
    "source": ("Source", "Ffynhonnell"),
    "result": ("Result", "Canlyniad"),
    "items": ("Items", "Eitemau"),
    "new": ("New", "Newydd"),
    "last_ok": ("last seen {when}", "gwelwyd ddiwethaf {when}"),
    "never_ok": ("never seen yet", "heb ei weld eto"),
    "counts": (
        "{collected} items came in, {out} were not about the school",
        "Daeth {collected} eitem i mewn, nid oedd {out} am yr ysgol",
    ),
    "always_blind": (
        "Closed groups, WhatsApp, Snapchat, TikTok and private accounts are never looked at. Use a report by a person for those.",
        "Nid edrychir byth ar grwpiau caeedig, WhatsApp, Snapchat, TikTok na chyfrifon preifat. Adroddiad gan berson sydd ar gyfer y rheini.",
    ),
    "more": ("and {n} more", "a {n} arall"),
    "confidential": ("Confidential. Read it, do not forward it.", "Cyfrinachol. Darllenwch, peidiwch ag anfon ymlaen."),
    "model": ("Judged by {name}", "Barnwyd gan {name}"),
    "mail_subject": ("School mentions: {n} to review ({day})", "Sôn am yr ysgol: {n} i'w hadolygu ({day})"),
    "mail_open": ("Open the digest on the school's computer to read it.", "Agorwch y crynodeb ar gyfrifiadur yr ysgol i'w ddarllen."),
    "n_act_now": ("{n} to act on now", "{n} i weithredu arnynt nawr"),
    "n_decisions": ("{n} waiting for a decision", "{n} yn aros am benderfyniad"),
    "n_look": ("{n} for a person to look at", "{n} i rywun edrych arnynt"),
    "n_concerns": ("{n} concerns", "{n} pryder"),
    "n_good": ("{n} pieces of good news", "{n} darn o newyddion da"),
}

_VERDICTS = {
    Verdict.CLEAR: ("clear", "clir"),
    Verdict.MENTIONS: ("mentions", "sôn newydd"),
    Verdict.DEGRADED: ("seen in part", "gwelwyd yn rhannol"),
    Verdict.BLIND: ("not seen", "heb ei gweld"),
}
_ROLES = {
    Role.HEAD: ("the headteacher", "y pennaeth"),
    Role.CO_HEAD: ("the co-headteacher", "y cyd-bennaeth"),
    Role.SLT: ("the senior leadership team", "yr uwch dîm arwain"),
    Role.DEPUTY: ("the deputy headteacher", "y dirprwy bennaeth"),
    Role.CHAIR: ("the chair of governors", "cadeirydd y llywodraethwyr"),
    Role.DSL: ("the safeguarding lead", "yr arweinydd diogelu"),
    Role.OPERATOR: ("the office", "y swyddfa"),
    Role.PIPELINE: ("the software", "y feddalwedd"),
}
_ROUTES = {
    Route.POLICE: ("consider the police", "ystyried yr heddlu"),
    Route.SAFEGUARDING: ("ask the safeguarding lead", "gofyn i'r arweinydd diogelu"),
    Route.INTERNAL: ("the school's own procedure", "gweithdrefn yr ysgol ei hun"),
    Route.COMPLAINT: ("the complaints procedure", "y drefn gwyno"),
    Route.NONE: ("nothing to do", "dim i'w wneud"),
}
_LABELS = {
    Label.POSITIVE: ("praise", "canmoliaeth"),
    Label.NEUTRAL: ("neutral", "niwtral"),
    Label.CONCERN: ("concern", "pryder"),
    Label.INAPPROPRIATE: ("possibly inappropriate", "amhriodol o bosib"),
}
_FAULTS = {
    FaultKind.DNS: ("the address cannot be found", "ni ellir dod o hyd i'r cyfeiriad"),
    FaultKind.TLS: ("its certificate is not right", "nid yw ei dystysgrif yn iawn"),
    FaultKind.TIMEOUT: ("it did not answer in time", "nid atebodd mewn pryd"),
    FaultKind.REFUSED_BY_POLICY: ("not allowed to look", "ni chaniateir edrych"),
    FaultKind.HTTP_401_403: ("it asks for a sign-in", "mae'n gofyn am fewngofnodi"),
    FaultKind.HTTP_404_410: ("it is no longer there", "nid yw yno mwyach"),
    FaultKind.RATE_LIMITED: ("it asks us to come back later", "mae'n gofyn i ni ddod yn ôl wedyn"),
    FaultKind.SERVER_ERROR: ("its server is down", "mae ei weinydd i lawr"),
    FaultKind.NOT_A_FEED: ("it sent something that is no feed", "anfonodd rywbeth nad yw'n ffrwd"),
    FaultKind.TRUNCATED: ("it broke off half-way", "torrodd ar ei hanner"),
    FaultKind.TOO_LARGE: ("it sent too much", "anfonodd ormod"),
    FaultKind.EMPTY: ("it is suddenly empty", "mae'n wag yn sydyn"),
    FaultKind.FROZEN: ("nothing new for suspiciously long", "dim byd newydd ers amser amheus o hir"),
    FaultKind.CREDENTIALS: ("its key is missing or refused", "mae ei allwedd ar goll neu wedi'i gwrthod"),
    FaultKind.TERMS: ("nobody has agreed to its terms", "nid oes neb wedi cytuno i'w delerau"),
    FaultKind.UNEXPECTED: ("something unexpected; see the log", "rhywbeth annisgwyl; gweler y log"),
}
_WELSH_MONTHS = ["Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin", "Gorffennaf", "Awst", "Medi", "Hydref", "Tachwedd", "Rhagfyr"]
_WELSH_DAYS = ["Llun", "Mawrth", "Mercher", "Iau", "Gwener", "Sadwrn", "Sul"]
_ENGLISH_MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
_ENGLISH_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


class Speaker:
    """Says things in one language: `en` or `cy`."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self._at = 1 if lang == "cy" else 0

    def __call__(self, key: str, **values: object) -> str:
        """A sentence by its key. An unknown key is an error, not an empty space."""
        return WORDS[key][self._at].format(**values)

    def verdict(self, verdict: Verdict) -> str:
        return _VERDICTS[verdict][self._at]

    def role(self, role: Role) -> str:
        return _ROLES[role][self._at]

    def route(self, route: Route) -> str:
        return _ROUTES[route][self._at]

    def label(self, label: Label) -> str:
        return _LABELS[label][self._at]

    def fault(self, kind: FaultKind) -> str:
        return _FAULTS[kind][self._at]

    def day(self, day: date) -> str:
        """Saturday 21 November 2026 · Dydd Sadwrn 21 Tachwedd 2026."""
        if self.lang == "cy":
            return f"dydd {_WELSH_DAYS[day.weekday()]} {day.day} {_WELSH_MONTHS[day.month - 1]} {day.year}"
        return f"{_ENGLISH_DAYS[day.weekday()]} {day.day} {_ENGLISH_MONTHS[day.month - 1]} {day.year}"

    def moment(self, at: datetime | None) -> str:
        """A time in London, to the minute, with its date."""
        if at is None:
            return self("unknown_time")
        local = at.astimezone(LONDON)
        months = _WELSH_MONTHS if self.lang == "cy" else _ENGLISH_MONTHS
        return f"{local.day} {months[local.month - 1]} {local.year}, {local:%H:%M}"

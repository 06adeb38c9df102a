"""Every sentence the digest, the e-mail and the pages can say, in English and Welsh. Neither is the second language."""

from __future__ import annotations

from datetime import date, datetime

from classifiers.stand_in import OWN_UNUSABLE, STAND_IN
from desk import protocol_vocabulary as pv
from desk import vocabulary as v
from desk.machine_words import pick_notes, say_gap, say_reason
from desk.protocol_words import in_english, in_welsh
from desk.vocabulary import LONDON as LONDON
from incidents.deadlines import ClockName
from mentionwatch.labels import FaultKind, Harm, IncidentState, Label, Role, Route, Verdict

LANGUAGES = ("en", "cy")

WORDS: dict[str, v.Pair] = {
    "title": ("School mentions", "Sôn am yr ysgol"),
    "verdict_clear": (
        "All clear: every source was seen, nothing new",
        "Popeth yn iawn: gwelwyd pob ffynhonnell, dim byd newydd",
    ),
    "verdict_clear_waiting": (
        "Every source was seen; nothing new, but something is waiting",
        "Gwelwyd pob ffynhonnell; dim byd newydd, ond mae rhywbeth yn aros",
    ),
    "verdict_mentions": (
        "Every source was seen; there are new mentions",
        "Gwelwyd pob ffynhonnell; mae sôn newydd am yr ysgol",
    ),
    "verdict_degraded": ("Not everything could be seen", "Nid oedd modd gweld popeth"),
    "verdict_blind": (
        "Nothing could be seen: this is not an all-clear",
        "Nid oedd modd gweld dim: nid yw hyn yn golygu bod popeth yn iawn",
    ),
    "not_run": (
        "The night run did not take place: nothing was looked at",
        "Ni ddigwyddodd y rhediad nos: nid edrychwyd ar ddim",
    ),
    "not_run_mend": (
        "Tell whoever looks after mentionwatch. Nobody knows whether anything was said.",
        "Dywedwch wrth y sawl sy'n gofalu am mentionwatch. Nid oes neb yn gwybod a ddywedwyd rhywbeth.",
    ),
    "sources_seen": (
        "{seen} of {total} sources seen in full",
        "Gwelwyd {seen} o {total} ffynhonnell yn llawn",
    ),
    "unseen": ("Not seen, or only in part", "Heb eu gweld, neu'n rhannol yn unig"),
    "looked_at": ("Looked at: {time}", "Edrychwyd: {time}"),
    "second_says": (
        "Its words stay covered until a second person has said so too.",
        "Mae'r geiriau'n aros wedi'u gorchuddio nes i ail berson ddweud hynny hefyd.",
    ),
    "for_you": ("For you", "I chi"),
    "nothing_waits": ("Nothing is waiting for you.", "Nid oes dim yn aros amdanoch."),
    # The number stands behind the colon, so that one form is right for every number in both languages.
    "n_act_now": ("Act now: {n}", "Gweithredu nawr: {n}"),
    "n_decisions": ("Waiting for a decision: {n}", "Yn aros am benderfyniad: {n}"),
    "n_due": ("Deadline today or past: {n}", "Dyddiad cau heddiw neu wedi mynd heibio: {n}"),
    "and_more": ("And {n} more, in the lists of the desk.", "Rhagor, yn rhestrau'r ddesg: {n}."),
    "n_look": ("To look at, new: {n}", "I edrych arnynt, newydd: {n}"),
    "n_earlier": ("To look at, waiting from before: {n}", "I edrych arnynt, yn aros ers cyn hyn: {n}"),
    "n_earlier_more": (
        "To look at, waiting from before: more than {n}",
        "I edrych arnynt, yn aros ers cyn hyn: mwy na {n}",
    ),
    "n_concerns": ("Concerns: {n}", "Pryderon: {n}"),
    "n_others": ("Other mentions: {n}", "Sôn arall am yr ysgol: {n}"),
    "show_n": ("Show: {n}", "Dangos: {n}"),
    "n_good": ("Good news: {n}", "Newyddion da: {n}"),
    "n_more_good": ("More good news: {n}", "Rhagor o newyddion da: {n}"),
    # A school's first nights.
    "trial": ("Trial period: night {night} of {of}", "Cyfnod prawf: noson {night} o {of}"),
    "shadow": ("shadow: night {night} of {of}", "cysgod: noson {night} o {of}"),
    "shadow_note": (
        "In these first nights no incident is opened by itself, except for a possible indecent image, a report by a person, or a "
        "post whose incident has ended. "
        "What would have opened one stands first under “A person should look”.",
        "Yn ystod y nosweithiau cyntaf hyn ni chaiff unrhyw ddigwyddiad ei agor ohono'i hun, ac eithrio ar gyfer delwedd a allai fod yn "
        "anweddus, adroddiad gan berson, neu neges y mae ei digwyddiad wedi dod i ben. Mae'r hyn a fyddai wedi agor un yn dod yn gyntaf o dan “Dylai rhywun edrych”.",
    ),
    "would_open": (
        "This calls for an incident, and none is open: none was opened by itself. "
        "To open one: mentionwatch incident open {id} --as ROLE --reason WHY",
        "Mae hyn yn galw am ddigwyddiad, ac nid oes un ar agor: nid agorwyd yr un ohono'i hun. "
        "I agor un: mentionwatch incident open {id} --as RÔL --reason PAM",
    ),
    "due": ("Deadlines today or past", "Dyddiadau cau heddiw neu wedi mynd heibio"),
    "under_way": ("Under way: nothing to decide today", "Ar y gweill: dim i'w benderfynu heddiw"),
    "deadline": ("Deadline", "Dyddiad cau"),
    "overdue": ("overdue", "wedi mynd heibio"),
    "to_do_by": ("Due", "I'w wneud erbyn"),
    "by_policy": ("set by your policy", "wedi'i osod gan eich polisi"),
    "by_habit": ("the usual time: your policy sets none", "yr amser arferol: nid yw eich polisi'n gosod un"),
    "same_steps": ("the same as for incident {id}", "yr un fath ag ar gyfer digwyddiad {id}"),
    "technical": ("For whoever looks after mentionwatch", "I'r sawl sy'n gofalu am mentionwatch"),
    "covered_in_text": (
        "The words of flagged posts are not in this form; the page shows them when asked.",
        "Nid yw geiriau'r negeseuon a amlygwyd yn y ffurf hon; mae'r dudalen yn eu dangos ar gais.",
    ),
    "act_now": ("Act now", "Gweithredu nawr"),
    "decisions": ("Waiting for a decision", "Yn aros am benderfyniad"),
    "look": ("A person should look", "Dylai rhywun edrych"),
    "concerns": ("Concerns", "Pryderon"),
    "mentions": ("Other mentions", "Sôn arall am yr ysgol"),
    "good_news": ("Good news", "Newyddion da"),
    "health": ("What was looked at", "Yr hyn yr edrychwyd arno"),
    "not_looked": ("What was not looked at", "Yr hyn nad edrychwyd arno"),
    "no_good_news": ("No praise was found.", "Ni chafwyd canmoliaeth."),
    "no_good_news_seen": (
        "No praise was found in what could be seen.",
        "Ni chafwyd canmoliaeth yn yr hyn y gellid ei weld.",
    ),
    "nobody_knows": (
        "Nobody knows: the sources were not seen.",
        "Nid oes neb yn gwybod: ni welwyd y ffynonellau.",
    ),
    "incident": ("Incident", "Digwyddiad"),
    "decider": ("Decides", "Yn penderfynu"),
    "state": ("Where it stands", "Y sefyllfa"),
    "asked_of": ("Asked", "Gofynnwyd"),
    "asked_by": ("{whom}, {when}; asked by: {role}", "{whom}, {when}; gofynnwyd gan: {role}"),
    "asked_waits": ("waits for {what}", "yn aros am {what}"),
    "asked_by_then": ("by {when}", "erbyn {when}"),
    "suggested": ("Suggested", "Awgrym"),
    "policy": ("Policy", "Polisi"),
    "posted": ("Posted", "Postiwyd"),
    "captured": ("Captured", "Cipiwyd"),
    "evidence": ("Evidence", "Tystiolaeth"),
    "unknown_time": ("time unknown", "amser anhysbys"),
    "evidence_kept": ("kept", "wedi'i chadw"),
    "evidence_gap": (
        "page not copied ({why}); the words were kept",
        "ni chopïwyd y dudalen ({why}); cadwyd y geiriau",
    ),
    "evidence_withheld": (
        "Nothing was copied, kept or shown.",
        "Ni chopïwyd, ni chadwyd ac ni ddangosir dim.",
    ),
    "first_steps": ("First steps", "Camau cyntaf"),
    "show_words": ("Show the words of the post", "Dangos geiriau'r neges"),
    "covered_note": (
        "The words may upset. Open them only if you need to.",
        "Gall y geiriau beri gofid. Peidiwch â'u hagor oni bai bod angen.",
    ),
    "why": ("Why it is here", "Pam mae yma"),
    "because": ("Why", "Pam"),
    "seen_by_source": ("Source by source", "Fesul ffynhonnell"),
    "see_post": ("See the post", "Gweld y neges"),
    "possible_only": ("perhaps another school", "ysgol arall o bosib"),
    "edited": ("edited since", "golygwyd ers hynny"),
    "reported": ("reported by a person", "adroddwyd gan berson"),
    "reported_again": ("reported again by a person", "adroddwyd eto gan berson"),
    "system_suggests": ("The system suggests; you decide.", "Mae'r system yn awgrymu; chi sy'n penderfynu."),
    "stale_pack": (
        "The policy in use is past its review date.",
        "Mae'r polisi mewn grym wedi mynd heibio ei ddyddiad adolygu.",
    ),
    "undated_pack": ("The policy in use carries no date.", "Nid oes dyddiad ar y polisi mewn grym."),
    "source": ("Source", "Ffynhonnell"),
    "result": ("Result", "Canlyniad"),
    "items": ("Items", "Eitemau"),
    "new": ("New", "Newydd"),
    "last_ok": ("last seen {when}", "gwelwyd ddiwethaf {when}"),
    "never_ok": ("never seen yet", "heb ei gweld eto"),
    "counts": (
        "Items that came in: {collected}. Not about the school: {out}",
        "Eitemau a ddaeth i mewn: {collected}. Heb fod am yr ysgol: {out}",
    ),
    "always_blind": (
        "Closed groups, WhatsApp, Snapchat, TikTok and private accounts are never looked at. What is said there is known only when somebody reports it.",
        "Nid edrychir byth ar grwpiau caeedig, WhatsApp, Snapchat, TikTok na chyfrifon preifat. Dim ond pan fydd rhywun yn rhoi gwybod y daw'r hyn a ddywedir yno i'r golwg.",
    ),
    "confidential": (
        "Confidential. Read it, do not forward it.",
        "Cyfrinachol. Darllenwch, peidiwch ag anfon ymlaen.",
    ),
    "model": (
        "Judged by words and sentence vectors ({name})",
        "Barnwyd yn ôl geiriau a fectorau brawddegau ({name})",
    ),
    "model_words": (
        "Judged by words only, which is weaker ({name})",
        "Barnwyd yn ôl geiriau yn unig, sy'n wannach ({name})",
    ),
    # The review pages.
    "skip": ("Skip to the content", "Neidio i'r cynnwys"),
    "pages": ("Pages", "Tudalennau"),
    "digests": ("Digests", "Crynodebau"),
    "incidents": ("Incidents", "Digwyddiadau"),
    "all_mentions": ("All mentions", "Pob sôn am yr ysgol"),
    "no_mentions": ("Nothing has been found yet.", "Ni chafwyd dim eto."),
    "other_language": ("Cymraeg", "English"),
    "day": ("Day", "Diwrnod"),
    "no_digests": (
        "There is no digest yet: no night run has taken place.",
        "Nid oes crynodeb eto: nid oes yr un rhediad nos wedi digwydd.",
    ),
    "link_ended": (
        "A link in an e-mail opens its digest for seven days, and this one is older. Here are the digests.",
        "Mae dolen mewn e-bost yn agor ei chrynodeb am saith diwrnod, ac mae'r un hon yn hŷn. Dyma'r crynodebau.",
    ),
    "unfinished": ("started, not finished", "dechreuwyd, heb ei orffen"),
    "no_incidents": ("There is no incident.", "Nid oes digwyddiad."),
    "kind": ("Kind", "Math"),
    "opened": ("Opened", "Agorwyd"),
    "history": ("What has happened", "Beth sydd wedi digwydd"),
    "when": ("When", "Pryd"),
    "who": ("Who", "Pwy"),
    "what": ("What", "Beth"),
    "reason": ("Reason", "Rheswm"),
    "next_steps": ("Next lawful steps", "Y camau cyfreithlon nesaf"),
    "step": ("Step", "Cam"),
    "back": ("Back to the list", "Yn ôl i'r rhestr"),
    "no_such_page": ("There is no such page.", "Nid oes tudalen o'r fath."),
    "busy_now": (
        "The records are in use just now. Nothing is lost; look again in a minute.",
        "Mae'r cofnodion yn cael eu defnyddio ar hyn o bryd. Ni chollwyd dim; edrychwch eto mewn munud.",
    ),
}


class Speaker:
    """Says things in one language: `en` or `cy`."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self._at = 1 if lang == "cy" else 0

    def __call__(self, key: str, **values: object) -> str:
        """A sentence by its key. An unknown key is an error, not an empty space."""
        return WORDS[key][self._at].format(**values)

    def judged_by(self, model: str) -> str:
        """Which model judged the night's mentions; the name of one without sentence vectors begins with `word-`."""
        said = self(
            "model_words" if model.startswith("word-") else "model", name=model.removesuffix(STAND_IN)
        )
        return f"{said}: {say_reason(OWN_UNUSABLE, self.lang)}" if model.endswith(STAND_IN) else said

    def verdict(self, verdict: Verdict) -> str:
        return v.VERDICTS[verdict][self._at]

    def role(self, role: Role) -> str:
        return v.ROLES[role][self._at]

    def route(self, route: Route) -> str:
        return v.ROUTES[route][self._at]

    def label(self, label: Label) -> str:
        return v.LABELS[label][self._at]

    def fault(self, kind: FaultKind) -> str:
        return v.FAULTS[kind][self._at]

    def state(self, state: IncidentState) -> str:
        return v.STATES[state][self._at]

    def kind(self, kind: str) -> str:
        """An incident's kind as triage wrote it (`threat, hate`); an unknown word stays as it is."""
        return v.say_kind(kind, self._at)

    def clock(self, name: ClockName) -> str:
        """What is due."""
        return pv.CLOCKS[name][self._at]

    def short_clock(self, name: ClockName) -> str:
        """What is due, in a word or two, as a row says it."""
        return pv.SHORT_CLOCKS.get(name, pv.CLOCKS[name])[self._at]

    def harm(self, harm: Harm) -> str:
        return v.HARMS[harm][self._at]

    def protocol(self, text: str) -> str:
        """A sentence of the protocol (step, refusal, reason)."""
        return in_welsh(text) if self.lang == "cy" else in_english(text)

    def all_protocol(self, texts: tuple[str, ...]) -> str:
        """Several of them as one line."""
        return "; ".join(map(self.protocol, texts))

    def why(self, reason: str) -> str:
        """A classifier's reason."""
        return say_reason(reason, self.lang)

    def notes(self, reasons: tuple[str, ...]) -> tuple[str, ...]:
        """Those of a classifier's reasons that quote nothing of the post."""
        return pick_notes(reasons, self.lang)

    def gap(self, gap: str) -> tuple[str, str]:
        """What a look could not cover, and the language that is said in."""
        return say_gap(gap, self.lang)

    def first_night(self, night: int, of: int) -> str:
        """Which of a school's first nights it is, and what that means."""
        return f"{self('trial', night=night, of=of)}. {self('shadow_note')}"

    def day(self, day: date) -> str:
        """Saturday 21 November 2026 · dydd Sadwrn 21 Tachwedd 2026."""
        if self.lang == "cy":
            return f"dydd {v.WELSH_DAYS[day.weekday()]} {day.day} {v.WELSH_MONTHS[day.month - 1]} {day.year}"
        return f"{v.ENGLISH_DAYS[day.weekday()]} {day.day} {v.ENGLISH_MONTHS[day.month - 1]} {day.year}"

    def short_day(self, day: date) -> str:
        """21 Nov · 21 Tach."""
        return f"{day.day} {(v.WELSH_SHORT if self.lang == 'cy' else v.ENGLISH_SHORT)[day.month - 1]}"

    def short_moment(self, at: datetime) -> str:
        """The day of a time in London: 21 Nov · 21 Tach."""
        return self.short_day(at.astimezone(LONDON).date())

    def moment(self, at: datetime | None) -> str:
        """A time in London, to the minute, with its date."""
        if at is None:
            return self("unknown_time")
        return v.say_moment(at, self.lang)

    def on(self, at: datetime | None, day: date) -> str:
        """A time in London beneath the date of a day: its year need not be said again."""
        return self("unknown_time") if at is None else v.say_beside(at, day, self.lang)

    def hour(self, at: datetime, day: date) -> str:
        """A time in London beneath the date of a day: of that day the time alone, 02:30."""
        local = at.astimezone(LONDON)
        return f"{local:%H:%M}" if local.date() == day else self.on(at, day)

    def near(self, at: datetime | None, now: datetime) -> str:
        """A time in London on a page that is read now: the day it is now, and its year, need not be said."""
        return self("unknown_time") if at is None else v.say_near(at, now, self.lang)

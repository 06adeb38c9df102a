"""What the pages say of evidence and of making an exhibit, in English and Welsh."""

from __future__ import annotations

from collections.abc import Mapping

from desk.evidence_port import CheckState, HeldBy
from desk.vocabulary import Pair
from mentionwatch.labels import CaptureMethod

CHECK_SAYS = ("now_as_stored", "now_changed")
"""Status lines of a check."""

STATES: Mapping[CheckState, Pair] = {
    CheckState.AS_STORED: ("checked {at}: as it was stored", "gwiriwyd {at}: fel y'i cadwyd"),
    CheckState.NOT_YET: ("kept; whether it is still as it was is not checked yet", "wedi'i chadw; heb ei gwirio eto i weld a yw fel yr oedd"),
    CheckState.CHANGED: ("checked {at}: NOT as it was stored", "gwiriwyd {at}: NID fel y'i cadwyd"),
    CheckState.ELSEWHERE: (
        "checked {at}: this is as it was stored; something else was not",
        "gwiriwyd {at}: mae hon fel y'i cadwyd; nid felly rhywbeth arall",
    ),
    CheckState.UNCLEAR: (
        "checked {at}: something was not as it was stored, and the log does not say what",
        "gwiriwyd {at}: nid oedd rhywbeth fel y'i cadwyd, ac nid yw'r log yn dweud beth",
    ),
}  # fmt: skip

HELD: Mapping[HeldBy, Pair] = {
    HeldBy.PERSON: ("held: a person has said that it must not be deleted", "gwaherddir ei dileu: person a benderfynodd hynny"),
    HeldBy.POLICE: ("held: the incident is with the police", "gwaherddir ei dileu: mae'r digwyddiad gyda'r heddlu"),
    HeldBy.SEAL: ("sealed: shown, copied and handed out by nobody", "wedi'i selio: nid oes neb yn ei dangos, ei chopïo na'i rhoi"),
}  # fmt: skip

METHODS: Mapping[CaptureMethod, Pair] = {
    CaptureMethod.GUARDED_HTTP: ("the page as the site gave it", "y dudalen fel y rhoddodd y wefan hi"),
    CaptureMethod.API: ("what the site's interface gave", "yr hyn a roddodd rhyngwyneb y wefan"),
    CaptureMethod.MANUAL: ("handed in by a person", "rhoddwyd i mewn gan berson"),
    CaptureMethod.NONE: ("the words alone, without the page", "y geiriau'n unig, heb y dudalen"),
}

CLASSES: Mapping[str, Pair] = {
    "positive": ("good news is kept for a month", "newyddion da: cedwir am fis"),
    "neutral": (
        "what asks for nothing is kept for three months",
        "yr hyn nad yw'n galw am ddim: cedwir am dri mis",
    ),
    "concern": ("a concern nobody took up is kept for a year", "pryder na chafodd sylw: cedwir am flwyddyn"),
    "inappropriate": (
        "what was flagged without an incident is kept for a year",
        "amlygwyd, heb ddigwyddiad: cedwir am flwyddyn",
    ),
    "no_case": ("closed as no case: three months", "caewyd heb achos: tri mis"),
    "resolved": ("closed: a year", "caewyd: blwyddyn"),
    "complaint": ("a complaint: six years", "cwyn: chwe blynedd"),
    "safeguarding": ("safeguarding: to the 25th birthday", "diogelu: hyd at y pen-blwydd yn 25 oed"),
}
"""By which class of retention something is deleted, and so when."""

PURPOSES: Mapping[str, Pair] = {
    "decision": ("to decide", "i benderfynu"),
    "check": ("to check it", "i'w gwirio"),
    "site_report": ("to report it to the site", "i roi gwybod i'r wefan"),
    "letter": ("for a letter", "ar gyfer llythyr"),
    "meeting": ("for a meeting", "ar gyfer cyfarfod"),
    "safeguarding": ("for safeguarding", "ar gyfer diogelu"),
    "police": ("for the police", "ar gyfer yr heddlu"),
    "court": ("for a court", "ar gyfer llys"),
    "subject_access": ("to answer a request for somebody's own data", "i ateb cais am ddata'r person ei hun"),
    "complaint": ("for a complaint", "ar gyfer cwyn"),
}
"""What an exhibit may be for, as the custody log takes it down; the others are for the software's own upkeep."""

CAUSES: Mapping[str, Pair] = {
    "is missing": ("is missing", "ar goll"),
    "its evidence row is missing": ("its entry is missing", "mae ei chofnod ar goll"),
    "was never entered in the audit log": ("was never entered in the audit log", "ni chofnodwyd mohoni erioed yn y log"),
    "was changed after it was stored": ("was changed after it was stored", "fe'i newidiwyd ar ôl ei chadw"),
    "is in the audit log and missing from the database": ("is in the audit log and missing from the database", "yn y log ond ar goll o'r gronfa ddata"),
    "its bytes no longer have this SHA-256": ("its bytes no longer have this SHA-256", "nid oes gan ei beitiau'r SHA-256 hwn bellach"),
    "was changed or moved after it was sealed": ("was changed or moved after it was sealed", "fe'i newidiwyd neu ei symud ar ôl ei selio"),
    "was sealed by the stop rule, and the seal was taken off by hand": ("its seal was taken off by hand", "tynnwyd ei sêl â llaw"),
    "its first time is not that of its capture, or that capture is missing: no list shows it": (
        "its first time is not that of its capture, or that capture is missing: no list shows it",
        "nid amser ei chipiad yw ei hamser cyntaf, neu mae'r cipiad hwnnw ar goll: nid yw ar unrhyw restr",
    ),
    "its post is missing or stands at an earlier capture: no list shows it": (
        "its post is missing or stands at an earlier capture: no list shows it",
        "mae ei neges ar goll, neu wrth gipiad cynharach: nid yw ar unrhyw restr",
    ),
    "its judgement is missing or bears another time: no list shows it": (
        "its judgement is missing or bears another time: no list shows it",
        "mae'r dyfarniad arni ar goll, neu ag amser arall arno: nid yw ar unrhyw restr",
    ),
}  # fmt: skip

EVIDENCE_WORDS: dict[str, Pair] = {
    "proof": ("Evidence and whether it is as it was", "Tystiolaeth, ac a yw fel yr oedd"),
    "proof_none": ("No evidence is stored.", "Nid oes tystiolaeth wedi'i chadw."),
    "proof_last": ("Everything was last checked {at}: all as stored.", "Gwiriwyd popeth ddiwethaf {at}: y cyfan fel y'i cadwyd."),
    "proof_last_failed": (
        "Everything was last checked {at}: something was not as it was stored. Keep everything as it is and tell the data protection officer.",
        "Gwiriwyd popeth ddiwethaf {at}: nid oedd rhywbeth fel y'i cadwyd. Cadwch bopeth fel y mae a dywedwch wrth y swyddog diogelu data.",
    ),
    "proof_never": (
        "The evidence is kept. Whether it is still as it was when it came is checked every night; the first check is still to come.",
        "Mae'r dystiolaeth wedi'i chadw. Bob nos gwirir a yw'n dal fel yr oedd pan ddaeth; mae'r gwiriad cyntaf eto i ddod.",
    ),
    "proof_capture": ("Capture {n}", "Cipiad {n}"),
    "proof_captured": ("Captured", "Cipiwyd"),
    "proof_posted": ("Posted", "Postiwyd"),
    "proof_kind": ("What it is", "Beth ydyw"),
    "proof_size": ("Size", "Maint"),
    "proof_hash": ("SHA-256", "SHA-256"),
    "proof_state": ("State", "Cyflwr"),
    "proof_hashes": ("All its SHA-256 values", "Ei holl werthoedd SHA-256"),
    "part_warc": ("the capture with its headers (WARC)", "y cipiad gyda'i benawdau (WARC)"),
    "part_page": ("the page", "y dudalen"),
    "part_text": ("its words", "ei geiriau"),
    "part_raw": ("what the interface gave", "yr hyn a roddodd y rhyngwyneb"),
    "proof_kept": ("Kept until", "Cedwir tan"),
    "kept_while_open": ("kept while its incident is open", "fe'i cedwir tra bo'i digwyddiad ar agor"),
    "kept_for_now": ("not deleted while that is so", "ni chaiff ei dileu tra bo hynny'n wir"),
    "proof_check": ("Check these captures now", "Gwirio'r cipiadau hyn nawr"),
    "proof_check_note": (
        "Their stored bytes are opened and compared with what was written down when they came. That you did so is recorded.",
        "Agorir eu beitiau a'u cymharu â'r hyn a nodwyd pan ddaethant. Cofnodir eich bod wedi gwneud hynny.",
    ),
    "now_as_stored": ("Checked just now: all of it is as it was stored.", "Gwiriwyd nawr: mae'r cyfan fel y'i cadwyd."),
    "now_changed": (
        "Checked just now: something is not as it was stored. Keep everything as it is and tell the data protection officer.",
        "Gwiriwyd nawr: nid yw rhywbeth fel y'i cadwyd. Cadwch bopeth fel y mae a dywedwch wrth y swyddog diogelu data.",
    ),
    "proof_export": ("Make an exhibit to hand over", "Llunio arddangosyn i'w roi"),
    # Making an exhibit
    "exhibit_of": ("An exhibit of incident {id}", "Arddangosyn o ddigwyddiad {id}"),
    "exhibit_of_post": ("An exhibit of one post", "Arddangosyn o un neges"),
    "for_post": ("For this post", "Ar gyfer y neges hon"),
    "back_to_post": ("Back to the post", "Yn ôl at y neges"),
    "exhibit_no_incident": (
        "The post is in no incident, and the exhibit speaks of none.",
        "Nid yw'r neges mewn unrhyw ddigwyddiad, ac nid yw'r arddangosyn yn sôn am un.",
    ),
    "exhibit_lead": (
        "A ZIP with the captures, their custody log and a program with which whoever gets it can check it alone. Captures in it: {n}.",
        "Ffeil ZIP gyda'r cipiadau, eu log gwarchodaeth a rhaglen y gall y sawl sy'n ei derbyn eu gwirio â hi. Nifer y cipiadau ynddi: {n}.",
    ),
    "exhibit_warning": (
        "It leaves this desk. The log says for good that you made it, in which role and what for. Read it before it goes further: the page may name people.",
        "Mae'n gadael y ddesg hon. Mae'r log yn dweud am byth mai chi a'i lluniodd, ym mha rôl ac i beth. Darllenwch ef cyn iddo fynd ymhellach: gall y dudalen enwi pobl.",
    ),
    "exhibit_closed": ("You cannot make an exhibit of this", "Ni allwch lunio arddangosyn o hyn"),
    "exhibit_role": ("In which role do you act?", "Ym mha rôl yr ydych yn gweithredu?"),
    "exhibit_purpose": ("What is it for?", "I beth y mae?"),
    "exhibit_which": ("Which one?", "Pa un?"),
    "exhibit_whole": ("whole, with all captures", "y cyfan, gyda phob cipiad"),
    "exhibit_covered": ("with names covered; no page and no raw bytes", "gydag enwau wedi'u cuddio; dim tudalen a dim beitiau crai"),
    "exhibit_names": ("Names and user names to cover", "Enwau ac enwau defnyddwyr i'w cuddio"),
    "exhibit_names_hint": ("One on each line. They are not kept.", "Un ar bob llinell. Ni chedwir hwy."),
    "exhibit_picture": (
        "I looked: the picture that was handed in shows neither who reported it nor the account it was seen through",
        "Edrychais: nid yw'r llun a roddwyd i mewn yn dangos pwy roddodd wybod na'r cyfrif y'i gwelwyd drwyddo",
    ),
    "exhibit_picture_hint": ("Without this tick the picture stays at the school.", "Heb y tic hwn mae'r llun yn aros yn yr ysgol."),
    "exhibit_confirm": (
        "I have thought about who gets this, and want it made and recorded",
        "Rwyf wedi ystyried pwy fydd yn cael hyn, ac am iddo gael ei lunio a'i gofnodi",
    ),
    "exhibit_make": ("Make it and fetch the ZIP", "Ei lunio a nôl y ZIP"),
    "exhibit_patience": ("This may take a minute: the pictures are drawn from the stored bytes.", "Gall gymryd munud: tynnir y lluniau o'r beitiau a gadwyd."),
    "need_purpose": ("Say what it is for.", "Dywedwch i beth y mae."),
    "need_which": ("Say which one.", "Dywedwch pa un."),
    "need_names": ("Write whom to cover, one on each line.", "Ysgrifennwch pwy i'w cuddio, un ar bob llinell."),
    "need_exhibit_confirm": ("Tick that you want it made and recorded.", "Ticiwch eich bod am iddo gael ei lunio a'i gofnodi."),
}  # fmt: skip

REFUSED: Mapping[str, Pair] = {
    "sealed": (
        "It may concern an indecent or intimate image: it is shown, copied and exported by nobody. The safeguarding lead speaks to the police.",
        "Gall ymwneud â delwedd anweddus, noeth neu rywiol: nid oes neb yn ei dangos, ei chopïo na'i hallforio. Yr arweinydd diogelu sy'n siarad â'r heddlu.",
    ),
    "about": (
        "The post is about this role, which does not deal with its evidence. Another role does it.",
        "Mae'r neges am y rôl hon, nad yw felly'n ymdrin â'i thystiolaeth. Rôl arall sy'n gwneud hynny.",
    ),
    "changed": (
        "It changed while the exhibit was being made. Nothing was written; look at it again.",
        "Newidiodd tra oedd yr arddangosyn yn cael ei lunio. Ni ysgrifennwyd dim; edrychwch eto.",
    ),
    "damaged": (
        "The stored evidence is not as it was captured, so it is not handed out as good. Keep everything as it is and tell the data protection officer.",
        "Nid yw'r dystiolaeth a gadwyd fel y'i cipiwyd, felly ni chaiff ei rhoi fel un dda. Cadwch bopeth fel y mae a dywedwch wrth y swyddog diogelu data.",
    ),
    "key": (
        "The custody log cannot be signed just now, so nothing was made. Tell whoever looks after mentionwatch.",
        "Ni ellir llofnodi'r log gwarchodaeth ar hyn o bryd, felly ni luniwyd dim. Dywedwch wrth y sawl sy'n gofalu am mentionwatch.",
    ),
    "covered": (
        "A covered copy would still show a name that was to be covered, so none was made. Hand over the whole one, or none.",
        "Byddai copi ag enwau wedi'u cuddio yn dal i ddangos enw yr oedd i'w guddio, felly ni luniwyd un. Rhowch yr un cyfan, neu ddim.",
    ),
}
"""Why no exhibit is made."""


def say_state(state: CheckState, at: str, lang: str) -> str:
    """What the latest check says of a capture; `at` in the reader's words."""
    return STATES[state][lang == "cy"].format(at=at)


def say_cause(cause: str, lang: str) -> str:
    """What is not as it was stored; a cause nobody has words for is told as such."""
    if "key" in cause:
        return ("its key is missing or was changed", "mae ei hallwedd ar goll neu fe'i newidiwyd")[
            lang == "cy"
        ]
    return CAUSES.get(cause, ("is not as it was stored", "nid yw fel y'i cadwyd"))[lang == "cy"]


def say_refused(message: str, lang: str) -> str:
    """Why no exhibit is made, in the reader's language."""
    key = "covered"
    if "indecent or intimate image" in message:
        key = "sealed"
    elif " is about the " in message:
        key = "about"
    elif "changed while its exhibit" in message:
        key = "changed"
    elif "not as it was captured" in message:
        key = "damaged"
    elif "custody log" in message or "keys/" in message or "log was cut" in message:
        key = "key"
    return REFUSED[key][lang == "cy"]


def say_size(size: int) -> str:
    """In the unit people read; the same in both languages."""
    if size < 1024:
        return f"{size} B"
    return f"{size / 1024:.0f} kB" if size < 1024 * 1024 else f"{size / 1024 / 1024:.1f} MB"

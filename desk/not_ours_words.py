"""What the page says on which a post is judged not to be about the school, in English and Welsh; and why it had counted."""

from __future__ import annotations

from desk.vocabulary import Pair
from mentionwatch.labels import ScopeRule

NOT_OURS_WORDS: dict[str, Pair] = {
    "foreign_title": ("This post is not about our school", "Nid yw'r neges hon am ein hysgol ni"),
    "foreign_link": ("It is not about our school", "Nid yw am ein hysgol ni"),
    "foreign_section": ("If it is about another school, or none", "Os yw am ysgol arall, neu ddim un"),
    "foreign_what": (
        "What is not about the school may not be kept. As soon as you confirm, the keys to its words, its picture and its evidence are destroyed, exhibits of it are deleted, and no page shows it. The copy for analysts and the files of past digests may hold its words, and the database its address, until they are written anew without it: that begins in the background within five minutes, or after a night that is being written, and takes minutes. If this machine is switched off before, it is done when the desk next starts. The next look does not bring the post back.",
        "Ni chaniateir cadw'r hyn nad yw am yr ysgol. Cyn gynted ag y byddwch yn cadarnhau, caiff yr allweddi i'w geiriau, ei llun a'i thystiolaeth eu dinistrio, caiff arddangosion ohoni eu dileu, ac ni fydd unrhyw dudalen yn ei dangos. Gall y copi i ddadansoddwyr a ffeiliau'r crynodebau blaenorol ddal ei geiriau, a'r gronfa ddata ei chyfeiriad, nes iddynt gael eu hysgrifennu o'r newydd hebddi: bydd hynny'n dechrau yn y cefndir o fewn pum munud, neu ar ôl noson sy'n cael ei hysgrifennu, ac yn cymryd munudau. Os caiff y peiriant hwn ei ddiffodd cyn hynny, fe'i gwneir pan fydd y ddesg yn dechrau nesaf. Ni fydd y chwiliad nesaf yn dod â'r neges yn ôl.",
    ),
    "foreign_final": (
        "This cannot be taken back, by anybody. If the post turns out to be about the school after all, report it by hand.",
        "Ni all neb ddadwneud hyn. Os daw'n amlwg bod y neges am yr ysgol wedi'r cwbl, adroddwch amdani â llaw.",
    ),
    "foreign_kept": (
        "What stays: that you looked, in which role, when and why, and which of the school's names had found it. After a year your reason goes too.",
        "Yr hyn sy'n aros: eich bod wedi edrych, ym mha rôl, pryd a pham, a pha un o enwau'r ysgol a'i canfu. Ar ôl blwyddyn bydd eich rheswm yn mynd hefyd.",
    ),
    "foreign_as": ("You act as", "Rydych yn gweithredu fel"),
    "foreign_reason": ("Why it is not about the school", "Pam nad yw am yr ysgol"),
    "foreign_reason_hint": (
        "One sentence, no names of people and nothing out of the post.",
        "Un frawddeg, heb enwau pobl a heb ddim o'r neges.",
    ),
    "foreign_confirm": (
        "I have looked at the post, or somebody has for me. Destroy what is kept of it",
        "Rwyf wedi edrych ar y neges, neu mae rhywun wedi edrych arni ar fy rhan. Dinistriwch yr hyn a gedwir ohoni",
    ),
    "foreign_do": ("Destroy it: it is not about us", "Ei dinistrio: nid yw amdanom ni"),
    "foreign_need_role": ("Choose the role you act in.", "Dewiswch y rôl rydych yn gweithredu ynddi."),
    "foreign_need_reason": (
        "Write why, in two words or more.",
        "Ysgrifennwch pam, mewn dau air neu fwy.",
    ),
    "foreign_need_confirm": ("Tick that you mean it.", "Ticiwch eich bod am wneud hyn."),
    "foreign_back": ("Back to the post", "Yn ôl at y neges"),
    "foreign_done": (
        "The post was not about the school. The keys to what was kept of it are destroyed, and exhibits of it are deleted. The database, the copy for analysts and the digests are now written anew without it, which takes minutes; meanwhile pages may take longer.",
        "Nid oedd y neges am yr ysgol. Dinistriwyd yr allweddi i'r hyn a gadwyd ohoni, a dilëwyd arddangosion ohoni. Caiff y gronfa ddata, y copi i ddadansoddwyr a'r crynodebau eu hysgrifennu o'r newydd hebddi nawr, sy'n cymryd munudau; yn y cyfamser gall tudalennau gymryd mwy o amser.",
    ),
    "foreign_meanwhile": (
        "Somebody judged, {when}, as {role}, that this post is not about the school. It is destroyed, and what you sent was not recorded. If it is about the school, report it by hand.",
        "Barnodd rhywun, {when}, fel {role}, nad yw'r neges hon am yr ysgol. Fe'i dinistriwyd, ac ni chofnodwyd yr hyn a anfonoch. Os yw am yr ysgol, adroddwch amdani â llaw.",
    ),
    "foreign_corrected": (
        "Somebody else said what it is, {when}, as {role}. Nothing was destroyed; what you wrote stands below. Look at the post again, then confirm if you still mean it.",
        "Dywedodd rhywun arall beth ydyw, {when}, fel {role}. Ni ddinistriwyd dim; mae'r hyn a ysgrifennoch isod. Edrychwch ar y neges eto, yna cadarnhewch os dyna yw eich barn o hyd.",
    ),
    "tied_open": (
        "Its incident is open, and nothing of an open case is destroyed. Close it first as not inappropriate.",
        "Mae ei digwyddiad ar agor, ac ni ddinistrir dim o achos agored. Caewch ef yn gyntaf fel un nad yw'n amhriodol.",
    ),
    "tied_acted": (
        "The school has acted on this post as one about it, and the record of that is kept for its set time. Correct what it is instead.",
        "Mae'r ysgol wedi gweithredu ar y neges hon fel un amdani hi, a chedwir y cofnod o hynny am ei gyfnod. Cywirwch beth ydyw yn lle hynny.",
    ),
    "tied_reported": (
        "A person reported this post to the school and is owed a look and an answer. Correct what it is instead, or let its time run out.",
        "Rhoddodd rhywun wybod i'r ysgol am y neges hon, ac mae arnom sylw ac ateb iddynt. Cywirwch beth ydyw yn lle hynny, neu gadewch i'w chyfnod ddod i ben.",
    ),
    "tied_held": (
        "It is held and is not deleted. Ask whoever placed the hold first.",
        "Mae gwaharddiad ar ei dileu. Gofynnwch yn gyntaf i'r sawl a'i gosododd.",
    ),
    "tied_else": (
        "This post cannot be destroyed now. Ask the designated safeguarding lead or the head.",
        "Ni ellir dinistrio'r neges hon nawr. Gofynnwch i'r arweinydd diogelu dynodedig neu'r pennaeth.",
    ),
}  # fmt: skip

RULES: dict[ScopeRule, Pair] = {
    ScopeRule.FULL_NAME: ("the name in full", "yr enw'n llawn"),
    ScopeRule.SPELT: ("the name, spelt otherwise", "yr enw, wedi'i sillafu'n wahanol"),
    ScopeRule.SHARED_NAME: ("a name other schools share", "enw y mae ysgolion eraill yn ei rannu"),
    ScopeRule.NAME_ALONE: ("the name without a word for school", "yr enw heb air am ysgol"),
    ScopeRule.VILLAGE: ("a school in our place, unnamed", "ysgol yn ein hardal ni, heb ei henwi"),
    ScopeRule.POSTCODE: ("the school's postcode", "cod post yr ysgol"),
    ScopeRule.OWN_SITE: ("the school's own site or account", "gwefan neu gyfrif yr ysgol ei hun"),
    ScopeRule.WHOLE_SOURCE: (
        "everything there counts as ours",
        "mae popeth yno'n cyfrif fel rhywbeth amdanom ni",
    ),
    ScopeRule.EARLIER: ("an earlier version named the school", "roedd fersiwn gynharach yn enwi'r ysgol"),
    ScopeRule.OTHER: ("another reason", "rheswm arall"),
}
"""Why a text counts as about the school."""

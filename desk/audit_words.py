"""The audit log in words: every verb and every kind of object, in English and Welsh. A verb is said after who did it."""

from __future__ import annotations

from desk.sign_in_words import DESK_ROLES
from desk.vocabulary import ROLES, Pair
from mentionwatch.accounts import DeskRole
from mentionwatch.labels import Role

AUDIT_WORDS: dict[str, Pair] = {
    "audit_lead": (
        "Who did what, newest first. Records that you need not know of are left out; so are reasons and names of posts.",
        "Pwy wnaeth beth, y diweddaraf yn gyntaf. Gadewir allan gofnodion nad oes angen i chi wybod amdanynt; felly hefyd resymau ac enwau negeseuon.",
    ),
    "chain_whole": (
        "Last looked over {at}: every entry of the log and all the evidence were as stored.",
        "Edrychwyd drosto ddiwethaf {at}: yr oedd pob cofnod o'r log a'r holl dystiolaeth fel y'u cadwyd.",
    ),
    "chain_broken": (
        "Last looked over {at}: something was not as it was stored. Tell whoever looks after mentionwatch.",
        "Edrychwyd drosto ddiwethaf {at}: nid oedd rhywbeth fel y'i cadwyd. Dywedwch wrth y sawl sy'n gofalu am mentionwatch.",
    ),
    "chain_never": (
        "The log has not been looked over yet; that is done every night.",
        "Nid edrychwyd dros y log eto; gwneir hynny bob nos.",
    ),
    "audit_time": ("Time", "Amser"),
    "audit_who": ("Who", "Pwy"),
    "audit_what": ("What", "Beth"),
    "audit_verb": ("What was done", "Beth a wnaed"),
    "audit_day": ("Day", "Diwrnod"),
    "audit_choose": ("Show these", "Dangos y rhain"),
    "no_rows": ("There is nothing to show here.", "Nid oes dim i'w ddangos yma."),
    "by_software": ("the software", "y feddalwedd"),
    "by_command": ("at the command line", "wrth y llinell orchymyn"),
    "by_nobody": ("nobody known", "neb hysbys"),
}

VERBS: dict[str, Pair] = {
    "account_changed": ("name, address or language changed", "newidiwyd enw, cyfeiriad neu iaith"),
    "account_disabled": ("account disabled", "analluogwyd cyfrif"),
    "account_invited": ("invited", "gwahoddwyd"),
    "account_made": ("account made", "crëwyd cyfrif"),
    "account_reset": ("account begun anew", "dechreuwyd cyfrif o'r newydd"),
    "captured": ("captured", "cipiwyd"),
    "checkpointed": ("log stamped with the time", "stampiwyd y log â'r amser"),
    "corrected": ("label corrected", "cywirwyd y label"),
    "counted": ("counted for the governors", "cyfrifwyd ar gyfer y llywodraethwyr"),
    "directory_linked": ("linked with the school's directory", "cysylltwyd â chyfeiriadur yr ysgol"),
    "ended": ("trial period ended", "daeth y cyfnod prawf i ben"),
    "erased": ("erased on request", "dilëwyd ar gais"),
    "exported": ("exported", "allforiwyd"),
    "factor_dropped": ("second step removed", "tynnwyd yr ail gam"),
    "factor_set": ("second step set up", "gosodwyd yr ail gam"),
    "form_refused": ("sent a form that was refused", "anfonodd ffurflen a wrthodwyd"),
    "gated": ("model tested", "profwyd model"),
    "handed_over": ("handed over to the police", "trosglwyddwyd i'r heddlu"),
    "held": ("held, not to be deleted", "gwaharddwyd dileu"),
    "judged_not_ours": ("judged not about the school, and destroyed", "barnwyd nad yw am yr ysgol, a dinistriwyd"),
    "key_rotated": ("key replaced", "disodlwyd yr allwedd"),
    "letter_fetched": ("letter or form fetched as a file", "cyrchwyd llythyr neu ffurflen fel ffeil"),
    "letter_made": ("letter or form made", "lluniwyd llythyr neu ffurflen"),
    "moved": ("step taken", "cymerwyd cam"),
    "opened": ("opened", "agorwyd"),
    "opened_reporter": ("looked up who reported it", "edrychwyd pwy roddodd wybod"),
    "page_refused": ("asked for a page that is not there for them", "gofynnodd am dudalen nad yw yno iddynt"),
    "password_changed": ("password changed", "newidiwyd cyfrinair"),
    "password_given": ("gave their password once more", "rhoddwyd y cyfrinair eto"),
    "password_set": ("password chosen", "dewiswyd cyfrinair"),
    "promoted": ("model put to use", "rhoddwyd model ar waith"),
    "purged": ("deleted when its time ran out", "dilëwyd pan ddaeth ei gyfnod i ben"),
    "rechecked": ("looked at again", "edrychwyd eto"),
    "received_back": ("received back", "derbyniwyd yn ôl"),
    "recovery_code_used": ("signed in with a recovery code", "mewngofnodwyd â chod adfer"),
    "redacted": ("names covered", "cuddiwyd enwau"),
    "refused": ("sign-in refused", "gwrthodwyd mewngofnodi"),
    "released": ("hold lifted", "codwyd y gwaharddiad ar ddileu"),
    "reported": ("report taken in", "derbyniwyd adroddiad"),
    "role_confirmed": ("role confirmed", "cadarnhawyd rôl"),
    "role_declined": ("role not confirmed, or taken away", "ni chadarnhawyd rôl, neu fe'i tynnwyd"),
    "role_seen": ("given role looked at", "edrychwyd ar rôl a roddwyd"),
    "roles_changed": ("roles changed", "newidiwyd rolau"),
    "rolled_back": ("model taken back", "tynnwyd model yn ôl"),
    "sealed": ("sealed", "seliwyd"),
    "seen_again": ("seen again", "gwelwyd eto"),
    "seen_gone": ("found to be gone", "gwelwyd ei fod wedi mynd"),
    "session_renewed": ("session begun anew", "dechreuwyd y sesiwn o'r newydd"),
    "sessions_ended": ("signed out everywhere", "allgofnodwyd ym mhobman"),
    "signed_in": ("signed in", "mewngofnodwyd"),
    "signed_out": ("signed out", "allgofnodwyd"),
    "snoozed": ("put off to a later day", "gohiriwyd i ddiwrnod diweddarach"),
    "snooze_ended": ("no longer put off", "daeth y gohirio i ben"),
    "unlocked": ("came back to a hidden page", "dychwelwyd at dudalen gudd"),
    "verified": ("looked over, all as stored", "edrychwyd drosto, popeth fel y'i cadwyd"),
    "verify_failed": ("looked over, something not as stored", "edrychwyd drosto, rhywbeth heb fod fel y'i cadwyd"),
    "viewed": ("evidence opened", "agorwyd y dystiolaeth"),
    "summarised": ("post summed up for colleagues", "crynhowyd neges ar gyfer cydweithwyr"),
    "summary_asked": ("asked somebody to read a post first", "gofynnwyd i rywun ddarllen neges yn gyntaf"),
    "summary_ask_ended": ("no longer asks for a first reader", "nid yw'n gofyn am ddarllenydd cyntaf mwyach"),
    "words_opened": ("words opened", "agorwyd y geiriau"),
}  # fmt: skip
"""Every verb there is; a test holds the table against the code."""

KINDS: dict[str, Pair] = {
    "account": ("account", "cyfrif"),
    "checkpoint": ("log", "log"),
    "evidence": ("all evidence", "yr holl dystiolaeth"),
    "governors_sheet": ("governors' sheet", "taflen y llywodraethwyr"),
    "incident": ("incident", "digwyddiad"),
    "key": ("key", "allwedd"),
    "mention": ("mention", "neges"),
    "model": ("model", "model"),
    "revision": ("mention", "neges"),
    "session": ("session", "sesiwn"),
    "shadow": ("trial period", "cyfnod prawf"),
}
"""What an entry is about."""


def say_verb(verb: str, lang: str) -> str:
    """What was done; a verb nobody has words for stays as it is stored."""
    return VERBS.get(verb, (verb, verb))[lang == "cy"]


def say_object(kind: str, lang: str) -> str:
    """What an entry is about, in words."""
    return KINDS.get(kind, (kind, kind))[lang == "cy"]


def say_role(role: str, lang: str) -> str:
    """In which role somebody acted: one of the protocol, else one of the desk; one nobody knows stays as it is stored."""
    if role in tuple(Role):
        return ROLES[Role(role)][lang == "cy"]
    return DESK_ROLES[DeskRole(role)][lang == "cy"] if role in tuple(DeskRole) else role

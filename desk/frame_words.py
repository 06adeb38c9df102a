"""What stands around every page of the desk, and the plain messages, in English and Welsh."""

from __future__ import annotations

from desk.vocabulary import Pair

FRAME_WORDS: dict[str, Pair] = {
    "home": ("Start", "Hafan"),
    "report_title": ("Report a post", "Rhoi gwybod am neges"),
    "sources": ("Sources", "Ffynonellau"),
    "accounts_title": ("Accounts", "Cyfrifon"),
    "figures": ("Figures", "Ffigurau"),
    "audit_title": ("Audit log", "Log archwilio"),
    "own_account": ("Your account: {name}", "Eich cyfrif: {name}"),
    "nav_mentions": ("Mentions", "Negeseuon"),
    "nav_report": ("Report a post", "Rhoi gwybod"),
    "back_to_start": ("Back to the start page", "Yn ôl i'r dudalen gychwyn"),
    "back_to_incident": ("Back to the incident", "Yn ôl at y digwyddiad"),
    "hide": ("Hide this page", "Cuddio'r dudalen hon"),
    "sign_out": ("Sign out", "Allgofnodi"),
    "change_lang": ("Cymraeg", "English"),
    "to_correct": ("There is a problem", "Mae problem"),
    "error": ("Error", "Gwall"),
    "done": ("Done", "Wedi'i wneud"),
    "optional": ("optional", "dewisol"),
    "save": ("Save", "Cadw"),
    "carry_on": ("Continue", "Parhau"),
    "saved": ("Your change has been saved.", "Cadwyd eich newid."),
    "onward": ("Opening the page", "Yn agor y dudalen"),
    "onward_note": (
        "If nothing happens, choose the link.",
        "Os na fydd dim yn digwydd, dewiswch y ddolen.",
    ),
    "title_no_such_page": ("Page not found", "Heb ddod o hyd i'r dudalen"),
    "title_bad_form": ("The form could not be read", "Ni ellid darllen y ffurflen"),
    "title_stale_form": ("The form is too old", "Mae'r ffurflen yn rhy hen"),
    "title_too_large": ("Too large to send", "Rhy fawr i'w anfon"),
    "title_not_this_way": ("Not possible in this way", "Ddim yn bosibl fel hyn"),
    "title_signed_out_meanwhile": ("You are signed out", "Rydych wedi eich allgofnodi"),
    "title_busy_now": ("In use just now", "Yn cael ei ddefnyddio ar hyn o bryd"),
    "title_went_wrong": ("Something went wrong", "Aeth rhywbeth o'i le"),
    "title_link_gone": ("This link no longer works", "Nid yw'r ddolen hon yn gweithio mwyach"),
    "kept_here": (
        "Nothing was recorded yet. What you wrote is kept in this page, and is sent with the button.",
        "Ni chofnodwyd dim eto. Cedwir yr hyn a ysgrifennoch ar y dudalen hon, a'r botwm sy'n ei anfon.",
    ),
    "send_again": ("Send it again", "Ei anfon eto"),
    "stale_form": (
        "This form is too old, or did not come from this desk. Nothing was changed. Open the page again and send it once more.",
        "Mae'r ffurflen hon yn rhy hen, neu ni ddaeth o'r ddesg hon. Ni newidiwyd dim. Agorwch y dudalen eto a'i hanfon unwaith yn rhagor.",
    ),
    "bad_form": (
        "What was sent could not be read. Nothing was changed.",
        "Ni ellid darllen yr hyn a anfonwyd. Ni newidiwyd dim.",
    ),
    "too_large": (
        "What was sent is too large. Nothing was changed.",
        "Mae'r hyn a anfonwyd yn rhy fawr. Ni newidiwyd dim.",
    ),
    "not_this_way": (
        "This page cannot be used in that way. Nothing was changed.",
        "Ni ellir defnyddio'r dudalen hon felly. Ni newidiwyd dim.",
    ),
    "signed_out_meanwhile": (
        "You are signed out. Nothing was changed. Sign in, and do it again.",
        "Rydych wedi eich allgofnodi. Ni newidiwyd dim. Mewngofnodwch, a gwnewch hynny eto.",
    ),
}

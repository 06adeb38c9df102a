"""What the page for opening an incident says, in English and Welsh."""

from __future__ import annotations

from desk.vocabulary import Pair

OPENING_WORDS: dict[str, Pair] = {
    "open_title": ("Open an incident for this post", "Agor digwyddiad ar gyfer y neges hon"),
    "open_what": (
        "The software opened none. Opening one gives the post a number and the evidence a place in it, and asks the person who decides. Nothing is sent to anybody outside the school.",
        "Nid agorodd y feddalwedd yr un. Mae agor un yn rhoi rhif i'r neges a lle i'r dystiolaeth ynddo, ac yn gofyn i'r sawl sy'n penderfynu. Nid anfonir dim at neb y tu allan i'r ysgol.",
    ),
    "open_stays": (
        "An incident is never deleted by a person: it is closed, with a reason.",
        "Nid oes neb yn dileu digwyddiad: caiff ei gau, gyda rheswm.",
    ),
    "open_do": ("Open the incident", "Agor y digwyddiad"),
    "open_confirm": ("I have looked at the post, or somebody has for me, and I mean it", "Rwyf wedi edrych ar y neges, neu mae rhywun wedi edrych arni ar fy rhan, ac rwyf am wneud hyn"),
    "open_need_confirm": ("Tick that you mean it.", "Ticiwch eich bod am wneud hyn."),
    "open_reason": ("Why", "Pam"),
    "open_reason_hint": (
        "One sentence, no names. Five letters at least.",
        "Un frawddeg, heb enwau. O leiaf bum llythyren.",
    ),
    "open_need_reason": ("Write why, in five letters or more.", "Ysgrifennwch pam, mewn pum llythyren neu fwy."),
    "open_need_role": ("Choose the role you act in.", "Dewiswch y rôl rydych yn gweithredu ynddi."),
    "open_as": ("You act as", "Rydych yn gweithredu fel"),
    "open_overtaken": (
        "Somebody opened an incident for this post, {when}, as {role}. Yours was not opened; what you wrote stands below.",
        "Agorodd rhywun ddigwyddiad ar gyfer y neges hon, {when}, fel {role}. Nid agorwyd eich un chi; mae'r hyn a ysgrifennoch isod.",
    ),
    "open_back": ("Back to the post", "Yn ôl at y neges"),
    "open_there": ("To its incident", "I'w digwyddiad"),
}  # fmt: skip

"""What the page says on which a person says of several posts what they are, in English and Welsh."""

from __future__ import annotations

from desk.vocabulary import Pair

SEVERAL_WORDS: dict[str, Pair] = {
    "several_title": ("Say what these posts are", "Dweud beth yw'r negeseuon hyn"),
    "several_link": ("Say what these posts are, on one page", "Dweud beth yw'r negeseuon hyn, ar un dudalen"),
    "several_note": (
        "Words are covered; opening them is noted with your role, and covers those opened before. If a post may be about you, you need not read it. "
        "Links lead to each post's own page, and lose what is not recorded yet.",
        "Mae'r geiriau wedi'u gorchuddio; nodir eu hagor gyda'ch rôl, ac mae'n gorchuddio'r rhai a agorwyd cynt. Os gall neges sôn amdanoch chi, nid oes "
        "rhaid i chi ei darllen. Mae dolenni'n arwain at dudalen pob neges, ac yn colli'r hyn nas cofnodwyd eto.",
    ),
    "several_none": ("No post asks you to say what it is.", "Nid oes unrhyw neges yn gofyn i chi ddweud beth ydyw."),
    "several_more": (
        "More posts ask for it. They follow when these are done.",
        "Mae rhagor o negeseuon yn gofyn am hyn. Dônt pan fydd y rhain wedi'u gwneud.",
    ),
    "several_suggests": ("Suggested: {label}", "Awgrym: {label}"),
    "several_uncover": ("Uncover", "Dadorchuddio"),
    "several_post": ("post {n}", "neges {n}"),
    "several_shown": ("Shown this once; it has been noted.", "Fe'i dangosir y tro hwn yn unig; nodwyd hynny."),
    "several_what": ("What is post {n}?", "Beth yw neges {n}?"),
    "several_leave": ("Leave it", "Ei gadael"),
    "several_aside": ("decide on its own page", "penderfynu ar ei thudalen ei hun"),
    "several_own": ("In my own words", "Yn fy ngeiriau fy hun"),
    "several_own_label": ("Why: one sentence, no names", "Pam: un frawddeg, heb enwau"),
    "several_record": ("Record what I chose", "Cofnodi'r hyn a ddewisais"),
    "several_done": (
        "What you said of the posts has been recorded. The software may learn from it.",
        "Cofnodwyd yr hyn a ddywedasoch am y negeseuon. Gall y feddalwedd ddysgu ohono.",
    ),
    "several_kept": (
        "Nothing is recorded yet: the button at the end of the page does that.",
        "Nid oes dim wedi'i gofnodi eto: y botwm ar ddiwedd y dudalen sy'n gwneud hynny.",
    ),
    "several_recorded": ("Recorded: {n}. What was not stands below.", "Cofnodwyd: {n}. Mae'r hyn na chofnodwyd isod."),
    "several_to_do": (
        "Nothing was recorded of a post you set aside. On its own page you say which harm it may do, and open an incident:",
        "Ni chofnodwyd dim am neges a roddwyd o'r neilltu. Ar ei thudalen ei hun rydych yn dweud pa niwed y gall ei wneud, ac yn agor digwyddiad:",
    ),
    "several_nothing": (
        "Nothing was chosen, and nothing was recorded. Choose for one post or more.",
        "Ni ddewiswyd dim, ac ni chofnodwyd dim. Dewiswch ar gyfer un neges neu fwy.",
    ),
    "several_problem": ("Post {n}: {why}", "Neges {n}: {why}"),
    "several_need_words": (
        "Write why, in five letters or more, or choose a reason.",
        "Ysgrifennwch pam, mewn pum llythyren neu fwy, neu dewiswch reswm.",
    ),
    "several_need_label": (
        "You wrote why, and chose what it is elsewhere or not at all. Choose under your own words, or leave those out.",
        "Ysgrifennoch pam, a dewis beth ydyw yn rhywle arall neu ddim o gwbl. Dewiswch o dan eich geiriau eich hun, neu gadewch y rheini allan.",
    ),
    "several_meanwhile": (
        "Somebody said what it is, {when}, as {role}. Your choice was not recorded.",
        "Dywedodd rhywun beth ydyw, {when}, fel {role}. Ni chofnodwyd eich dewis.",
    ),
    "several_edited": (
        "It was edited since you were shown it. Your choice was about other words and is not kept: uncover it, then choose.",
        "Fe'i golygwyd ers ei dangos i chi. Roedd eich dewis am eiriau eraill ac ni chedwir ef: dadorchuddiwch hi, yna dewiswch.",
    ),
    "several_in_incident": (
        "An incident was opened for it. Nothing was recorded here: decide there.",
        "Agorwyd digwyddiad ar ei chyfer. Ni chofnodwyd dim yma: penderfynwch yno.",
    ),
    "several_gone": (
        "It is not here any more. Nothing was recorded of it.",
        "Nid yw yma mwyach. Ni chofnodwyd dim amdani.",
    ),
    "several_calm": (
        "It does not ask for anybody any more. Nothing was recorded of it.",
        "Nid yw'n galw am sylw neb mwyach. Ni chofnodwyd dim amdani.",
    ),
    "several_busy": (
        "The records were in use. It was not recorded; your choice stands below, send it again.",
        "Roedd y cofnodion yn cael eu defnyddio. Ni chofnodwyd hi; mae eich dewis isod, anfonwch ef eto.",
    ),
}  # fmt: skip

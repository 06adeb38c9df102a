"""What a post's page says of reading it first for others, in English and Welsh."""

from __future__ import annotations

from desk.vocabulary import Pair

SUMMARY_WORDS: dict[str, Pair] = {
    "summary_of": ("What a colleague who read it says", "Beth mae cydweithiwr a'i darllenodd yn ei ddweud"),
    "summary_by": ("Written {when}, as {role}. The post itself stays covered.", "Ysgrifennwyd {when}, fel {role}. Mae'r neges ei hun yn aros wedi'i gorchuddio."),
    "summary_none": (
        "If you would rather not read it, ask a colleague who may to read it first: what they write about it then stands here.",
        "Os byddai'n well gennych beidio â'i darllen, gofynnwch i gydweithiwr a gaiff wneud hynny ei darllen yn gyntaf: yna bydd yr hyn a ysgrifennant amdani i'w weld yma.",
    ),
    "summary_write": ("Sum it up for colleagues", "Ei chrynhoi ar gyfer cydweithwyr"),
    "summary_label": ("In your own calm words", "Yn eich geiriau tawel eich hun"),
    "summary_hint": (
        "What it is about and whom it affects, as a group. 15 to 300 letters, no quotation, no names.",
        "Am beth y mae ac ar bwy y mae'n effeithio, fel grŵp. 15 i 300 o lythrennau, heb ddyfynnu, heb enwau.",
    ),
    "summary_store": ("Show this instead of the post", "Dangos hyn yn lle'r neges"),
    "summary_stored": (
        "Your words now stand in place of the post, until somebody opens it.",
        "Mae'ch geiriau nawr yn sefyll yn lle'r neges, nes i rywun ei hagor.",
    ),
    "summary_length": ("Write 15 to 300 letters.", "Ysgrifennwch rhwng 15 a 300 o lythrennau."),
    "summary_quotes": (
        "Leave quotation marks out: say it in your own words.",
        "Peidiwch â defnyddio dyfynodau: dywedwch ef yn eich geiriau eich hun.",
    ),
    "summary_copied": (
        "That repeats words of the post, one after another. Say it in your own words.",
        "Mae hynny'n ailadrodd geiriau'r neges, un ar ôl y llall. Dywedwch ef yn eich geiriau eich hun.",
    ),
    "summary_private": (
        "Leave out addresses, telephone numbers and user names.",
        "Peidiwch â chynnwys cyfeiriadau, rhifau ffôn nac enwau defnyddwyr.",
    ),
    "summary_edited": (
        "The post was edited since you read it. Open it again, then sum it up.",
        "Golygwyd y neges ers i chi ei darllen. Agorwch hi eto, yna crynhowch hi.",
    ),
    "summary_meanwhile": (
        "Somebody else summed it up, {when}, as {role}; it stands above. Yours was not stored and is below.",
        "Crynhodd rhywun arall hi, {when}, fel {role}; mae uchod. Ni chadwyd eich un chi, sydd isod.",
    ),
}  # fmt: skip

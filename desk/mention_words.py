"""What the page of one mention says, in English and Welsh."""

from __future__ import annotations

from desk.vocabulary import Pair

MENTION_WORDS: dict[str, Pair] = {
    "post": ("A post", "Neges"),
    "why_flagged": ("Why it is here", "Pam mae yma"),
    "where": ("Where", "Ble"),
    "is_label": ("It seems to be", "Mae'n ymddangos ei bod yn"),
    "scope": ("About this school", "Am yr ysgol hon"),
    "scope_certain": ("yes", "ydy"),
    "scope_possible": ("perhaps; it may be another school", "efallai; gall fod yn ysgol arall"),
    "asks_person": ("Does a person have to look", "A oes rhaid i rywun edrych"),
    "asks_yes": ("yes, the software is not sure enough", "oes, nid yw'r feddalwedd yn ddigon sicr"),
    "asks_no": ("not because the software is unsure", "nid am fod y feddalwedd yn ansicr"),
    "judged": ("Suggested by", "Awgrymwyd gan"),
    "revisions": ("Versions kept", "Fersiynau a gadwyd"),
    "delete_on": ("Deleted on", "Caiff ei dileu ar"),
    "kept_open": (
        "not while its incident, or the law, keeps it",
        "nid tra bo'i digwyddiad, neu'r gyfraith, yn ei chadw",
    ),
    "because_scope": ("Why it counts as about the school", "Pam mae'n cyfrif fel neges am yr ysgol"),
    "the_words": ("The words of the post", "Geiriau'r neges"),
    "words_covered": (
        "The words are covered. Opening them is noted with your role. If the post may be about you, you need not read it.",
        "Mae'r geiriau wedi'u gorchuddio. Nodir eu hagor gyda'ch rôl. Os gall y neges sôn amdanoch chi, nid oes rhaid i chi ei darllen.",
    ),
    "words_shown": (
        "Shown this once; it has been noted.",
        "Fe'u dangosir y tro hwn yn unig; nodwyd hynny.",
    ),
    "cover_again": ("Cover them again", "Eu gorchuddio eto"),
    "who_looked": ("What happened to it, and who looked", "Beth ddigwyddodd iddi, a phwy a edrychodd"),
    "nobody_looked": ("Nobody has looked at it yet.", "Nid oes neb wedi edrych arni eto."),
    "did_words_opened": ("the words were opened", "agorwyd y geiriau"),
    "did_summarised": ("a colleague summed it up", "crynhodd cydweithiwr hi"),
    "did_corrected": ("a person said what it is", "dywedodd rhywun beth ydyw"),
    "did_captured": ("the post was kept", "cadwyd y neges"),
    "did_reported": ("a person reported it", "adroddodd rhywun amdani"),
    "did_held": ("it was put on hold", "rhoddwyd gafael arni"),
    "did_viewed": ("the evidence was looked at", "edrychwyd ar y dystiolaeth"),
    "did_edited": ("the post was edited", "golygwyd y neges"),
    "did_something": ("something was recorded", "cofnodwyd rhywbeth"),
    "challenge": ("Say what it really is", "Dweud beth ydyw mewn gwirionedd"),
    "challenge_note": (
        "This opens and closes nothing. The software may learn from it.",
        "Nid yw hyn yn agor nac yn cau dim. Gall y feddalwedd ddysgu ohono.",
    ),
    "not_judge": (
        "A person who answers for the school says what a post is: a head, a deputy, the senior leadership team, the chair or the safeguarding lead.",
        "Person sy'n atebol am yr ysgol sy'n dweud beth yw neges: pennaeth, dirprwy, yr uwch dîm arwain, y cadeirydd neu'r arweinydd diogelu.",
    ),
    "which_label": ("What is it?", "Beth ydyw?"),
    "which_harms": ("Kind of harm, if it is possibly inappropriate", "Math o niwed, os gall fod yn amhriodol"),
    "which_route": ("Where should it go?", "I ble y dylai fynd?"),
    "harms_and_route": ("Kind of harm, and where it should go", "Y math o niwed, ac i ble y dylai fynd"),
    "no_route": ("I name none", "Nid wyf yn enwi un"),
    "give_reason": ("Why", "Pam"),
    "give_reason_hint": (
        "One sentence, no names.",
        "Un frawddeg, heb enwau.",
    ),
    "as_role": ("You act as", "Rydych yn gweithredu fel"),
    "take_down": ("Record what it is", "Cofnodi beth ydyw"),
    "taken_down": (
        "What you said of it has been recorded. The software may learn from it.",
        "Cofnodwyd yr hyn a ddywedasoch amdani. Gall y feddalwedd ddysgu ohono.",
    ),
    "need_label": ("Choose what it is.", "Dewiswch beth ydyw."),
    "need_reason": ("Write why, in five letters or more.", "Ysgrifennwch pam, mewn pum llythyren neu fwy."),
    "need_role": ("Choose the role you act in.", "Dewiswch y rôl rydych yn gweithredu ynddi."),
    "corrected_meanwhile": (
        "Somebody else said what it is, {when}, as {role}. What you sent was not recorded; it stands below. Look at the page, then send it again if you still mean it.",
        "Dywedodd rhywun arall beth ydyw, {when}, fel {role}. Ni chofnodwyd yr hyn a anfonoch; mae isod. Edrychwch ar y dudalen, yna anfonwch ef eto os ydych yn dal i'w feddwl.",
    ),
    "to_open": ("If it needs a decision", "Os oes angen penderfyniad"),
    "to_open_link": ("Open an incident for this post", "Agor digwyddiad ar gyfer y neges hon"),
    "its_steps": ("What may be done about it", "Beth y gellir ei wneud yn ei gylch"),
    "steps_of_it": ("Its next lawful steps", "Ei chamau cyfreithlon nesaf"),
}  # fmt: skip

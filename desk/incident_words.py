"""What an incident's page and the forms of its steps say, in English and Welsh."""

from __future__ import annotations

from desk.vocabulary import Pair

INCIDENT_WORDS: dict[str, Pair] = {
    # The page of an incident
    "number": ("Number", "Rhif"),
    "where": ("Where", "Ble"),
    "affected": ("Whom it affects", "Ar bwy y mae'n effeithio"),
    "affected_unset": ("nobody has said yet", "nid oes neb wedi dweud eto"),
    "evidence_complete": ("✔ kept in full", "✔ wedi'i chadw'n llawn"),
    "your_steps": ("What you may do next", "Beth gewch chi ei wneud nesaf"),
    "one_click": ("Decide", "Penderfynu"),
    "more_steps": ("Other steps open to you", "Camau eraill sy'n agored i chi"),
    "no_steps": ("Nothing here is open to you now.", "Nid oes dim yma'n agored i chi nawr."),
    "only_reads": ("You may read this incident; you take no steps in it.", "Cewch ddarllen y digwyddiad hwn; nid ydych yn cymryd camau ynddo."),
    "others_steps": ("Steps open to other people: {n}", "Camau sy'n agored i bobl eraill: {n}"),
    "own_form": ("full form", "ffurflen lawn"),
    "duties": ("Duties above your policy", "Dyletswyddau uwchlaw eich polisi"),
    "tell": ("Tell, in this order", "Dywedwch, yn y drefn hon"),
    "within": ("How soon", "Pa mor fuan"),
    "contact": ("Nobody is left to decide", "Nid oes neb ar ôl i benderfynu"),
    "step_taken": ("Your step has been recorded.", "Cofnodwyd eich cam."),
    "step_taken_away": (
        "Your step has been recorded. The incident is no longer among those you see.",
        "Cofnodwyd eich cam. Nid yw'r digwyddiad ymhlith y rhai a welwch mwyach.",
    ),
    "easy_no_case": ("Not inappropriate", "Nid yw'n amhriodol"),
    "easy_treat_as_concern": ("Treat it as a concern", "Ei thrin fel pryder"),
    "easy_internal": ("The school's own route", "Llwybr yr ysgol ei hun"),
    "easy_police": ("The police route", "Llwybr yr heddlu"),
    "easy_safeguarding": ("Ask the safeguarding lead", "Gofyn i'r arweinydd diogelu"),
    "easy_recuse": ("Hand over: it is about the person who decides", "Trosglwyddo: mae am y sawl sy'n penderfynu"),
    "easy_thank_approve": ("Approve the thank-you", "Cymeradwyo'r diolch"),
    # The page of a step
    "step_for": ("For incident {id}", "Ar gyfer digwyddiad {id}"),
    "rests_on": ("What it rests on", "Ar beth y mae'n seiliedig"),
    "open_to_you": ("You may do this as", "Cewch wneud hyn fel"),
    "open_to_others": ("Open to", "Yn agored i"),
    "not_open": ("This step is not open to you now", "Nid yw'r cam hwn yn agored i chi nawr"),
    "as_role": ("In which role do you act?", "Ym mha rôl yr ydych yn gweithredu?"),
    "step_reason": ("Why", "Pam"),
    "step_reason_hint": (
        "Kept with the incident. Write roles instead of names.",
        "Cedwir hyn gyda'r digwyddiad. Ysgrifennwch rolau yn lle enwau.",
    ),
    "confirm": ("I have read this and want it recorded", "Rwyf wedi darllen hyn ac am iddo gael ei gofnodi"),
    "confirm_grave": (
        "I have checked every detail. I know that this is not undone with one click",
        "Rwyf wedi gwirio pob manylyn. Gwn na ellir dadwneud hyn ag un clic",
    ),
    "grave_note": (
        "Take your time: this reaches beyond this page or cannot simply be taken back.",
        "Cymerwch eich amser: mae hyn yn cyrraedd y tu hwnt i'r dudalen hon, neu ni ellir ei dynnu'n ôl yn hawdd.",
    ),
    "record_step": ("Record this step", "Cofnodi'r cam hwn"),
    "known_already": ("Said before: {what}. Leave it as it is, or say it anew.", "Dywedwyd eisoes: {what}. Gadewch ef fel y mae, neu dywedwch eto."),
    "a_line_each": ("One line for each.", "Un llinell ar gyfer pob un."),
    "lines_like": ("Write it like this:", "Ysgrifennwch fel hyn:"),
    "ticks_hint": (
        "Tick what is so of the offence you chose; leave the others empty.",
        "Ticiwch yr hyn sy'n wir am y drosedd a ddewisoch; gadewch y lleill yn wag.",
    ),
    "day": ("Day", "Diwrnod"),
    "time_of_day": ("Time", "Amser"),
    "london_time": ("The time in the United Kingdom.", "Yr amser yn y Deyrnas Unedig."),
    "which_hour": ("The clocks went back that night, and this hour came twice. Which one?", "Trowyd y clociau'n ôl y noson honno, a daeth yr awr hon ddwywaith. Pa un?"),
    "first_hour": ("the first, in summer time", "y gyntaf, yn amser haf"),
    "second_hour": ("the second, in winter time", "yr ail, yn amser gaeaf"),
    "not_chosen": ("not said", "heb ddweud"),
    "back_to_incident": ("Back to the incident", "Yn ôl at y digwyddiad"),
    # What is wrong with it
    "need_reason": ("Write why: five letters at least.", "Ysgrifennwch pam: o leiaf bum llythyren."),
    "need_confirm": ("Tick that you want this recorded.", "Ticiwch eich bod am i hyn gael ei gofnodi."),
    "need_role": ("Choose the role in which you act.", "Dewiswch y rôl yr ydych yn gweithredu ynddi."),
    "ask_text": ("Write: {label}.", "Ysgrifennwch: {label}."),
    "ask_list": ("Write at least one line: {label}.", "Ysgrifennwch o leiaf un llinell: {label}."),
    "ask_time": ("Give day and time: {label}.", "Rhowch y diwrnod a'r amser: {label}."),
    "ask_day": ("Give the day: {label}.", "Rhowch y diwrnod: {label}."),
    "ask_tick": ("Tick: {label}.", "Ticiwch: {label}."),
    "ask_choice": ("Choose: {label}.", "Dewiswch: {label}."),
    "bad_time": ("That is no day and time: {label}.", "Nid yw hynny'n ddiwrnod ac amser: {label}."),
    "bad_day": ("That is no day: {label}.", "Nid yw hynny'n ddiwrnod: {label}."),
    "no_such_hour": (
        "That hour did not exist: the clocks went forward that night. {label}.",
        "Nid oedd yr awr honno'n bod: trowyd y clociau ymlaen y noson honno. {label}.",
    ),
    "twice": (
        "That hour came twice that night; say which. {label}.",
        "Daeth yr awr honno ddwywaith y noson honno; dywedwch pa un. {label}.",
    ),
    "too_many_lines": ("Those are more than a hundred lines: {label}.", "Mae mwy na chant o linellau: {label}."),
    "other_offence": (
        "Some of these questions belong to another offence than the one you chose.",
        "Mae rhai o'r cwestiynau hyn yn perthyn i drosedd wahanol i'r un a ddewisoch.",
    ),
    "overtaken": (
        "Your step was not recorded. Meanwhile something else was: {what}, {role}, {when}. What you wrote is still here. Look again, then decide.",
        "Ni chofnodwyd eich cam. Yn y cyfamser cofnodwyd rhywbeth arall: {what}, {role}, {when}. Mae'r hyn a ysgrifennoch yma o hyd. Edrychwch eto, yna penderfynwch.",
    ),
    "busy_now": (
        "The night's work is being written just now. What you wrote is still here: send it again in a moment.",
        "Mae gwaith y nos yn cael ei ysgrifennu ar hyn o bryd. Mae'r hyn a ysgrifennoch yma o hyd: anfonwch ef eto ymhen ychydig.",
    ),
}  # fmt: skip

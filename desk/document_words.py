"""What the pages of letters and forms say, in English and Welsh."""

from __future__ import annotations

from collections.abc import Mapping

from desk.vocabulary import Pair

FIELD_LABELS: Mapping[str, Pair] = {
    "recipient": ("Name and address of the person it goes to", "Enw a chyfeiriad y sawl y mae'n mynd ato"),
    "recipient_name": ("How the person is addressed", "Sut y cyferchir y person"),
    "meeting_at": ("When the meeting is", "Pryd mae'r cyfarfod"),
    "respond_by": ("The day by which they may answer", "Y diwrnod olaf y cânt ateb"),
    "ban_reason": ("The reason", "Y rheswm"),
    "discussed": ("What was said", "Yr hyn a ddywedwyd"),
    "agreed": ("What was agreed", "Yr hyn y cytunwyd arno"),
    "actions": ("Who does what, and by when", "Pwy sy'n gwneud beth, ac erbyn pryd"),
    "site": ("The platform", "Y platfform"),
    "times": ("Date and time of each post", "Dyddiad ac amser pob neges"),
    "terms": ("Terms of use that are broken", "Y telerau defnyddio a dorrwyd"),
    "extract": ("The part of the post it quotes", "Y rhan o'r neges y mae'n ei dyfynnu"),
    "until": ("A later time limit", "Terfyn amser hwyrach"),
    "picture": ("A picture of the post is enclosed", "Amgaeir llun o'r neges"),
    "union": ("Say that a member of staff may take a union's advice", "Dweud y caiff aelod o staff gyngor undeb"),
    "share": ("Ask whether the school may share the words", "Gofyn a gaiff yr ysgol rannu'r geiriau"),
}  # fmt: skip
"""What each thing a person may type for a letter is called."""

LACKING: Mapping[str, Pair] = {
    "policy_circulated_on": ("the day the policy was sent to parents (registers.toml)", "y diwrnod yr anfonwyd y polisi at rieni (registers.toml)"),
    "complaints_place": ("where the complaints procedure is, in both languages (registers.toml)", "ble mae'r drefn gwyno, yn y ddwy iaith (registers.toml)"),
    "telephone": ("the school's telephone number (registers.toml)", "rhif ffôn yr ysgol (registers.toml)"),
    "website": ("the school's website (registers.toml)", "gwefan yr ysgol (registers.toml)"),
    "under_age_form": ("the platform's form for accounts under age (registers.toml)", "ffurflen y platfform ar gyfer cyfrifon o dan oed (registers.toml)"),
    "under_age_checked_on": ("when that form was last checked (registers.toml)", "pryd y gwiriwyd y ffurflen honno ddiwethaf (registers.toml)"),
    "first_report_to": ("to whom staff report (the policy)", "at bwy y mae staff yn adrodd (y polisi)"),
    "effect_on": ("whom the post affects (the decision)", "ar bwy y mae'r neges yn effeithio (y penderfyniad)"),
    "review_on": ("when the ban is looked at again (the decision)", "pryd yr edrychir ar y gwaharddiad eto (y penderfyniad)"),
    "met_at": ("when the meeting took place (the step)", "pryd y cynhaliwyd y cyfarfod (y cam)"),
    "minute_taker": ("who took the minutes (the step)", "pwy gymerodd y cofnodion (y cam)"),
    "points_covered": ("what the meeting covered (the step)", "yr hyn a drafodwyd yn y cyfarfod (y cam)"),
    "deadline_at": ("the time limit (the step)", "y terfyn amser (y cam)"),
    "address": ("the address of the post", "cyfeiriad y neges"),
    "extract": ("the words of the post", "geiriau'r neges"),
    "signatory": ("who signs", "pwy sy'n llofnodi"),
    "meeting_at": ("when the meeting was (the step)", "pryd oedd y cyfarfod (y cam)"),
}  # fmt: skip
"""Facts a letter needs that nobody types at the desk, and where each is written down."""

DOCUMENT_WORDS: dict[str, Pair] = {
    "documents_of": ("Letters and forms: incident {id}", "Llythyrau a ffurflenni: digwyddiad {id}"),
    "documents_lead": (
        "mentionwatch makes drafts. People read, sign and send them.",
        "Mae mentionwatch yn llunio drafftiau. Pobl sy'n eu darllen, eu llofnodi a'u hanfon.",
    ),
    "to_documents": ("Letters and forms", "Llythyrau a ffurflenni"),
    "all_documents": ("See and make letters and forms", "Gweld a llunio llythyrau a ffurflenni"),
    "on_file": ("On file", "Ar ffeil"),
    "none_on_file": ("Nothing is on file yet.", "Nid oes dim ar ffeil eto."),
    "document_number": ("Number {n}", "Rhif {n}"),
    "doc_made": ("Made", "Lluniwyd"),
    "doc_by": ("by {role}", "rôl: {role}"),
    "doc_state": ("State", "Cyflwr"),
    "state_draft": ("draft, not sent", "drafft, heb ei anfon"),
    "state_sent": ("sent", "anfonwyd"),
    "state_replaced": ("a later one took its place", "daeth un diweddarach yn ei le"),
    "sent_when": ("{when}, recorded by {role}", "{when}; y rôl a gofnododd: {role}"),
    "doc_was_read": ("a second person read it before it went", "darllenodd ail berson ef cyn iddo fynd"),
    "doc_langs": ("Language", "Iaith"),
    "doc_limit": ("Time limit it names", "Y terfyn amser y mae'n ei enwi"),
    "doc_changed": ("Passages worded anew: {n}", "Darnau wedi'u geirio o'r newydd: {n}"),
    "doc_stale": (
        "It quotes law that is out of date. Make it again before it goes out.",
        "Mae'n dyfynnu cyfraith nad yw'n gyfredol bellach. Lluniwch ef eto cyn iddo fynd.",
    ),
    "doc_read": ("Read it", "Ei ddarllen"),
    "say_sent": ("Record that it went out", "Cofnodi ei fod wedi mynd"),
    "may_make": ("Make a draft", "Llunio drafft"),
    "nothing_to_make": ("You may make none now.", "Ni chewch lunio yr un nawr."),
    "not_now": ("Not now, and why: {n}", "Dim nawr, a pham: {n}"),
    # Making one
    "draft_of": ("Make a draft: {what}", "Llunio drafft: {what}"),
    "draft_lead": (
        "Nothing is sent. The draft is put on file; a second person reads it, and then somebody sends it.",
        "Nid anfonir dim. Rhoddir y drafft ar ffeil; mae ail berson yn ei ddarllen, ac yna mae rhywun yn ei anfon.",
    ),
    "draft_closed": ("You cannot make this now", "Ni allwch lunio hyn nawr"),
    "is_lacking": ("It cannot be made yet. Not written down so far:", "Ni ellir ei lunio eto. Heb ei nodi hyd yn hyn:"),
    "doc_as_role": ("In which role do you act?", "Ym mha rôl yr ydych yn gweithredu?"),
    "doc_in_lang": ("In which language?", "Ym mha iaith?"),
    "both_langs": ("in both languages", "yn y ddwy iaith"),
    "in_that_lang": ("{label} ({lang})", "{label} ({lang})"),
    "stands_there": ("Left empty, this stands there: {what}", "Os gadewir yn wag, bydd hyn yno: {what}"),
    "hint_recipient": ("One line for each line of the address.", "Un llinell ar gyfer pob llinell o'r cyfeiriad."),
    "hint_extract": (
        "Left empty, the whole post is quoted. Otherwise copy the words from it exactly.",
        "Os gadewir yn wag, dyfynnir y neges gyfan. Fel arall copïwch y geiriau ohoni'n union.",
    ),
    "hint_own": ("Write roles instead of names.", "Ysgrifennwch rolau yn lle enwau."),
    "quotes_post": (
        "The draft quotes the post. Its words are covered on these pages until you open them.",
        "Mae'r drafft yn dyfynnu'r neges. Mae ei geiriau wedi'u gorchuddio ar y tudalennau hyn nes i chi eu hagor.",
    ),
    "draft_confirm": ("I want this draft put on file", "Rwyf am roi'r drafft hwn ar ffeil"),
    "draft_look": ("Look at it first", "Edrych arno yn gyntaf"),
    "draft_make": ("Make the draft", "Llunio'r drafft"),
    "draft_seen": ("So it would read. Nothing is on file yet.", "Dyma sut y byddai'n darllen. Nid oes dim ar ffeil eto."),
    "draft_made": ("The draft is on file. Nothing was sent.", "Mae'r drafft ar ffeil. Ni anfonwyd dim."),
    "need_draft_confirm": ("Tick that you want this draft put on file.", "Ticiwch eich bod am roi'r drafft hwn ar ffeil."),
    "need_lang": ("Choose a language.", "Dewiswch iaith."),
    "overtaken_by_draft": (
        "Your draft was not made. Meanwhile another was: {what}, {role}, {when}. What you wrote is still here. Look at that one first.",
        "Ni luniwyd eich drafft. Yn y cyfamser lluniwyd un arall: {what}, {role}, {when}. Mae'r hyn a ysgrifennoch yma o hyd. Edrychwch ar hwnnw yn gyntaf.",
    ),
    # Reading one
    "quote_covered": ("Words of the post, covered.", "Geiriau'r neges, wedi'u gorchuddio."),
    "quote_sealed": ("Words of the post: shown to nobody.", "Geiriau'r neges: nis dangosir i neb."),
    "quote_open": ("Show the words of the post", "Dangos geiriau'r neges"),
    "quote_noted": ("That you open them is recorded.", "Cofnodir eich bod yn eu hagor."),
    "quote_cover": ("Cover the words again", "Gorchuddio'r geiriau eto"),
    "the_text": ("The text", "Y testun"),
    "left_blank": ("left blank", "wedi'i adael yn wag"),
    "fetch_it": ("Fetch it as a file", "Ei nôl fel ffeil"),
    "fetch_note": (
        "The file holds the whole text, with the words of the post. That you fetch it is recorded.",
        "Mae'r ffeil yn cynnwys y testun cyfan, gyda geiriau'r neges. Cofnodir eich bod yn ei nôl.",
    ),
    "fetch_pdf": ("Fetch the PDF", "Nôl y PDF"),
    "fetch_docx": ("Fetch the Word file", "Nôl y ffeil Word"),
    "other_language_of_it": ("Read it in the other language", "Ei ddarllen yn yr iaith arall"),
    "not_whole": (
        "The files of this document are gone or are no longer as they were made, so it is neither shown nor handed out. Make it again.",
        "Mae ffeiliau'r ddogfen hon wedi mynd neu nid ydynt bellach fel y'u lluniwyd, felly ni chaiff ei dangos na'i rhoi. Lluniwch hi eto.",
    ),
}  # fmt: skip

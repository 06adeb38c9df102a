"""What the page of figures says, in English and Welsh."""

from __future__ import annotations

from desk.vocabulary import Pair

FIGURE_WORDS: dict[str, Pair] = {
    "lead": (
        "Counted over what you may know of. Somebody else may see other numbers.",
        "Cyfrifwyd yr hyn y cewch wybod amdano. Gall rhywun arall weld niferoedd eraill.",
    ),
    "lead_numbers": (
        "Counted over everything. Groups of fewer than five are left out, so sums may be lower than they were.",
        "Cyfrifwyd popeth. Gadewir allan grwpiau o lai na phump, felly gall symiau fod yn is nag yr oeddent.",
    ),
    "weeks": ("How far back", "Pa mor bell yn ôl"),
    "n_weeks": ("{n} weeks", "{n} wythnos"),
    "by_week": ("Mentions by week", "Sôn am yr ysgol fesul wythnos"),
    "by_week_summary": (
        "Mentions of the last {n} weeks: {total}. The week with the most began on {week}: {most}.",
        "Sôn am yr ysgol yn ystod y {n} wythnos ddiwethaf: {total}. Dechreuodd yr wythnos â'r nifer mwyaf ar {week}: {most}.",
    ),
    "none_watched": (
        "Nobody looked in these weeks: there is nothing to count.",
        "Nid edrychodd neb yn yr wythnosau hyn: nid oes dim i'w gyfrif.",
    ),
    "not_watched": (
        "– : nobody looked in that week. What was found later counts in the week it was found.",
        "– : nid edrychodd neb yn yr wythnos honno. Mae'r hyn a gafwyd yn ddiweddarach yn cyfrif yn yr wythnos y'i cafwyd.",
    ),
    "week": ("Week from", "Wythnos yn dechrau"),
    "by_source": ("Mentions by source", "Sôn am yr ysgol fesul ffynhonnell"),
    "by_source_summary": (
        "Sources that had mentions in the last {n} weeks: {sources}. The most came from {name}: {most}.",
        "Ffynonellau â sôn am yr ysgol yn ystod y {n} wythnos ddiwethaf: {sources}. Y ffynhonnell â'r nifer mwyaf: {name}, {most}.",
    ),
    "by_report": ("reports", "adroddiadau"),
    "mentions_head": ("Mentions", "Sôn am yr ysgol"),
    "times": ("Time to decision", "Amser hyd at benderfyniad"),
    "times_note": (
        "From opening an incident to the first decision of a person, over the last 120 days.",
        "O agor digwyddiad hyd at benderfyniad cyntaf person, dros y 120 diwrnod diwethaf.",
    ),
    "times_summary": (
        "Incidents decided: {n}. Half of them within {median}.",
        "Digwyddiadau y penderfynwyd arnynt: {n}. Hanner ohonynt o fewn {median}.",
    ),
    "times_few": (
        "Too few decisions to tell anything without telling of single incidents.",
        "Rhy ychydig o benderfyniadau i ddweud dim heb ddweud am ddigwyddiadau unigol.",
    ),
    "hours": ("{n} h", "{n} awr"),
    "days": ("{n} days", "{n} o ddiwrnodau"),
    "waited": ("Waited", "Arhoswyd"),
    "incidents_head": ("Incidents", "Digwyddiadau"),
    "wait_day": ("up to a day", "hyd at ddiwrnod"),
    "wait_three": ("1 to 3 days", "1 i 3 diwrnod"),
    "wait_week": ("3 to 7 days", "3 i 7 diwrnod"),
    "wait_more": ("over a week", "dros wythnos"),
    "nothing": (
        "There is nothing to count in this time.",
        "Nid oes dim i'w gyfrif yn y cyfnod hwn.",
    ),
    "as_table": ("The same as a table", "Yr un peth fel tabl"),
    "quality": ("How good the classifier is", "Pa mor dda yw'r dosbarthwr"),
    "quality_note": (
        "{model}, measured on {when} on texts it was not trained on.",
        "{model}, a fesurwyd ar {when} ar destunau na chafodd ei hyfforddi arnynt.",
    ),
    "quality_shipped": (
        "{model}: this school has put no model of its own to use, so no measurement is kept here. To measure it: mentionwatch evaluate",
        "{model}: nid yw'r ysgol hon wedi rhoi ei model ei hun ar waith, felly ni chedwir mesuriad yma. I'w fesur: mentionwatch evaluate",
    ),
    "lang": ("Language", "Iaith"),
    "en": ("English", "Saesneg"),
    "cy": ("Welsh and mixed", "Cymraeg a chymysg"),
    "texts": ("Texts", "Testunau"),
    "macro_f1": ("Macro-F1", "Macro-F1"),
    "threats": ("Threats no person was asked about", "Bygythiadau na ofynnwyd i berson amdanynt"),
    "critics": ("Criticism called inappropriate", "Beirniadaeth a alwyd yn amhriodol"),
    "n_of": ("{n} of {of}", "{n} o {of}"),
    "sheets": ("Sheets for the governors", "Taflenni i'r llywodraethwyr"),
    "sheets_note": (
        "One a term, without extracts and without small numbers. It is counted once, when the term is over, and stays the same.",
        "Un y tymor, heb ddyfyniadau a heb niferoedd bach. Fe'i cyfrifir unwaith, pan fydd y tymor ar ben, ac mae'n aros yr un fath.",
    ),
    "no_sheets": (
        "No term has ended since the first night run.",
        "Nid oes tymor wedi dod i ben ers y rhediad nos cyntaf.",
    ),
    "as_html": ("page", "tudalen"),
    "as_pdf": ("PDF", "PDF"),
    "count_it": ("Count {term}", "Cyfrif {term}"),
    "sheet_counted": ("The sheet has been counted.", "Cyfrifwyd y daflen."),
    "sheet_refused": (
        "The sheet could not be counted. mentionwatch governors says why.",
        "Ni ellid cyfrif y daflen. Mae mentionwatch governors yn dweud pam.",
    ),
}

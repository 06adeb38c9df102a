"""Every sentence of the governors' sheet, in English and Welsh. Neither is the second language."""

from __future__ import annotations

from typing import Final

from desk.governors import Single, Topic, Wait
from desk.vocabulary import Pair
from mentionwatch.terms import TermName

SHEET_WORDS: Final[dict[str, Pair]] = {
    "title": (
        "What was said about the school in public: sheet for governors",
        "Yr hyn a ddywedwyd am yr ysgol yn gyhoeddus: taflen i lywodraethwyr",
    ),
    "period": ("{term}: {first} to {last}.", "{term}: {first} hyd {last}."),
    "fixed": ("Figures fixed on {day}.", "Cadarnhawyd y ffigurau ar {day}."),
    "replaces": (
        "{term}: these figures replace those of {day}. Destroy the earlier sheet; do not set the two side by side.",
        "{term}: mae'r ffigurau hyn yn disodli rhai {day}. Dinistriwch y daflen gynharach; peidiwch â rhoi'r ddwy ochr yn ochr.",
    ),
    "few": ("fewer than 5", "llai na 5"),
    "not_told": ("not shown", "heb ei ddangos"),
    "not_set": ("not set by the policy", "heb ei bennu gan y polisi"),
    "key": (
        "“Fewer than 5” means one to four. “Not shown” means left out, because this number is small or would give away a small one. 0 means none.",
        "Ystyr “llai na 5” yw un i bedwar. Ystyr “heb ei ddangos” yw ei fod wedi'i adael allan, am fod y rhif hwn yn fach neu am y byddai'n datgelu rhif bach. Ystyr 0 yw dim un.",
    ),
    "number": ("Number", "Nifer"),
    "days": ("Days", "Diwrnodau"),
    "what": ("What", "Beth"),
    "week_from": ("Week from", "Wythnos yn dechrau"),
    "total": ("All together", "Cyfanswm"),
    "looked": ("How well we looked", "Pa mor dda yr edrychwyd"),
    "nights": ("Nights of the term since watching began", "Nosweithiau'r tymor ers dechrau gwylio"),
    "expected": ("Nights there were", "Nosweithiau a fu"),
    "whole": ("Every source was seen", "Gwelwyd pob ffynhonnell"),
    "in_part": ("Seen in part", "Gwelwyd yn rhannol"),
    "blind": ("Ran, but nothing could be seen", "Rhedodd, ond nid oedd modd gweld dim"),
    "not_run": ("Did not run", "Ni redodd"),
    "mentions": ("What was found", "Beth a ganfuwyd"),
    "chart_told": (
        "A bar for each week of the {term}. The same numbers stand in the table below.",
        "Bar ar gyfer pob wythnos yn {term}. Mae'r un rhifau yn y tabl isod.",
    ),
    "chart_left_out": (
        "The weeks of the {term} are not shown: too few mentions.",
        "Ni ddangosir wythnosau {term}: rhy ychydig o sôn am yr ysgol.",
    ),
    "chart_gaps": (
        "A dash: nobody looked in that week.",
        "Llinell: nid edrychodd neb yn yr wythnos honno.",
    ),
    "nobody_looked": ("nobody looked", "nid edrychodd neb"),
    "nobody_looked_means": (
        "“Nobody looked” (– in the chart): in that week no night ran, or none could see anything. That is not 0.",
        "“Nid edrychodd neb” (– yn y siart): ni redodd yr un noson yn yr wythnos honno, neu ni allai'r un weld dim. Nid 0 yw hynny.",
    ),
    "nobody_looked_at_all": (
        "Nobody looked in any week of the {term}: there is nothing to count.",
        "Nid edrychodd neb yn yr un o wythnosau {term}: nid oes dim i'w gyfrif.",
    ),
    "weeks_unmarked": (
        "Counted before weeks in which nobody looked were marked: a 0 here may be such a week.",
        "Cyfrifwyd cyn i wythnosau pan nad edrychodd neb gael eu nodi: gall 0 yma fod yn wythnos felly.",
    ),
    "incidents": ("Incidents", "Digwyddiadau"),
    "times": ("Times and time limits", "Amseroedd a therfynau amser"),
    "waits": ("Days from the opening of an incident", "Diwrnodau ers agor digwyddiad"),
    "half": ("{wait}: half took at most", "{wait}: cymerodd hanner ohonynt ar y mwyaf"),
    "nine": ("{wait}: nine in ten took at most", "{wait}: cymerodd naw o bob deg ar y mwyaf"),
    "waits_note": (
        "0 means within half a day. Half: shown where at least 5 incidents got so far, and with fewer than 9 incidents only where all did; nine in ten: where at least 20 of 24 or more did.",
        "Ystyr 0 yw o fewn hanner diwrnod. Hanner: dangosir pan fo o leiaf 5 digwyddiad wedi cyrraedd y cam hwnnw, ac os oes llai na 9 digwyddiad, dim ond pan fo pob un wedi'i gyrraedd; naw o bob deg: pan fo o leiaf 20 o 24 neu fwy wedi'i gyrraedd.",
    ),
    "steps": ("What followed", "Beth a ddilynodd"),
    "singles": ("Reports, referrals and appeals", "Adroddiadau, atgyfeiriadau ac apeliadau"),
    "mentions_note": (
        "Counted as the nights found them: posts that people later judged not to be about the school are among them.",
        "Fe'u cyfrifir fel y canfu'r nosweithiau hwy: mae negeseuon y barnwyd yn ddiweddarach nad ydynt am yr ysgol yn eu plith.",
    ),
    "people": ("People and the software", "Pobl a'r feddalwedd"),
    "people_note": (
        "The software suggests; people decide. Counted are decisions on mentions that are still stored.",
        "Mae'r feddalwedd yn awgrymu; pobl sy'n penderfynu. Cyfrifir penderfyniadau ar yr hyn sy'n dal wedi'i storio.",
    ),
    "basis": ("On what basis the school looks", "Ar ba sail y mae'r ysgol yn edrych"),
    "policy": ("Policy: {title}, dated {day}.", "Polisi: {title}, dyddiedig {day}."),
    "policy_undated": ("Policy: {title}, without a date.", "Polisi: {title}, heb ddyddiad."),
    "by_policy": (
        "The policy itself lets the school look: {cite}.",
        "Mae'r polisi ei hun yn caniatáu i'r ysgol edrych: {cite}.",
    ),
    "by_decision": (
        "The governors' recorded decision of {day} lets the school look.",
        "Mae penderfyniad cofnodedig y llywodraethwyr, dyddiedig {day}, yn caniatáu i'r ysgol edrych.",
    ),
    "by_undated": (
        "The governors' recorded decision lets the school look; it carries no date.",
        "Mae penderfyniad cofnodedig y llywodraethwyr yn caniatáu i'r ysgol edrych; nid oes dyddiad arno.",
    ),
    "by_none": (
        "No decision that lets the school look is on record.",
        "Nid oes cofnod o benderfyniad sy'n caniatáu i'r ysgol edrych.",
    ),
    "dpia": (
        "Data protection impact assessment: on record, {day}.",
        "Asesiad o'r effaith ar ddiogelu data: ar gofnod, {day}.",
    ),
    "dpia_undated": (
        "Data protection impact assessment: on record, without a date.",
        "Asesiad o'r effaith ar ddiogelu data: ar gofnod, heb ddyddiad.",
    ),
    "dpia_none": (
        "Data protection impact assessment: none on record.",
        "Asesiad o'r effaith ar ddiogelu data: dim un ar gofnod.",
    ),
    "silent": ("What these numbers do not say", "Yr hyn nad yw'r rhifau hyn yn ei ddweud"),
    "silent_1": (
        "Only public sources that the school has named are looked at. What is said elsewhere, or in private, is not counted.",
        "Dim ond ar ffynonellau cyhoeddus a enwyd gan yr ysgol yr edrychir. Ni chyfrifir yr hyn a ddywedir mewn mannau eraill, nac yn breifat.",
    ),
    "silent_2": (
        "More mentions can mean that more was said, or that more could be seen. Read them beside the nights.",
        "Gall mwy o sôn am yr ysgol olygu bod mwy wedi'i ddweud, neu fod modd gweld mwy. Darllenwch y rhifau ochr yn ochr â'r nosweithiau.",
    ),
    "silent_3": (
        "What a mention is, was judged by software on the night; it makes mistakes. An edited post counts again.",
        "Y feddalwedd a farnodd beth oedd pob neges, ar y noson; mae'n gwneud camgymeriadau. Cyfrifir neges a olygwyd eto.",
    ),
    "silent_4": (
        "One person or one event can be behind many mentions. No number here is a measure of a person, a class or the school.",
        "Gall un person neu un digwyddiad fod y tu ôl i lawer o'r negeseuon. Nid yw'r un rhif yma yn mesur person, dosbarth na'r ysgol.",
    ),
    "silent_5": (
        "Different tables count different things and need not agree. An incident counts in the term in which it was opened, as it stood when the figures were fixed.",
        "Mae gwahanol dablau'n cyfrif gwahanol bethau ac nid oes rhaid iddynt gytuno. Cyfrifir digwyddiad yn y tymor yr agorwyd ef, fel yr oedd pan gadarnhawyd y ffigurau.",
    ),
    "silent_6": (
        "An appeal has no step of its own: an incident that was opened again is counted, for whatever reason.",
        "Nid oes cam ar wahân ar gyfer apêl: cyfrifir digwyddiad a ailagorwyd, beth bynnag oedd y rheswm.",
    ),
    "footer": (
        "For governors. Holds no names, no words of posts and no addresses.",
        "I lywodraethwyr. Nid yw'n cynnwys enwau, geiriau negeseuon na chyfeiriadau.",
    ),
}

TERMS: Final[dict[TermName, Pair]] = {
    TermName.AUTUMN: ("Autumn term {year}", "Tymor yr hydref {year}"),
    TermName.SPRING: ("Spring term {year}", "Tymor y gwanwyn {year}"),
    TermName.SUMMER: ("Summer term {year}", "Tymor yr haf {year}"),
}
IN_TERM: Final[dict[TermName, Pair]] = {
    TermName.AUTUMN: ("autumn term {year}", "nhymor yr hydref {year}"),
    TermName.SPRING: ("spring term {year}", "nhymor y gwanwyn {year}"),
    TermName.SUMMER: ("summer term {year}", "nhymor yr haf {year}"),
}
"""After "of the" and after "yn", which takes the nasal mutation."""
OF_TERM: Final[dict[TermName, Pair]] = {
    TermName.AUTUMN: ("autumn term {year}", "tymor yr hydref {year}"),
    TermName.SPRING: ("spring term {year}", "tymor y gwanwyn {year}"),
    TermName.SUMMER: ("summer term {year}", "tymor yr haf {year}"),
}
"""After "of the" and after a noun, where nothing mutates."""

TOPICS: Final[dict[Topic, Pair]] = {
    Topic.LABEL: (
        "Mentions, new or edited, by what they are",
        "Sôn am yr ysgol, newydd neu wedi'i olygu, yn ôl ei natur",
    ),
    Topic.WEEK: ("Mentions each week, {term}", "Sôn am yr ysgol bob wythnos, {term}"),
    Topic.PLACE: (
        "Mentions, new or edited, by kind of source",
        "Sôn am yr ysgol, newydd neu wedi'i olygu, yn ôl y math o ffynhonnell",
    ),
    Topic.LANG: (
        "Mentions still stored when counted, by language",
        "Sôn am yr ysgol a oedd yn dal wedi'i storio wrth gyfrif, yn ôl iaith",
    ),
    Topic.KIND: (
        "Incidents opened, by what they were opened for",
        "Digwyddiadau a agorwyd, yn ôl y rheswm dros eu hagor",
    ),
    Topic.ROUTE: (
        "Incidents opened, by the route suggested",
        "Digwyddiadau a agorwyd, yn ôl y llwybr a awgrymwyd",
    ),
    Topic.OUTCOME: ("Incidents opened, by outcome", "Digwyddiadau a agorwyd, yn ôl canlyniad"),
    Topic.DEADLINE: ("Time limits of incidents", "Terfynau amser digwyddiadau"),
    Topic.ACKNOWLEDGED: (
        "Concerns taken up, by when they were acknowledged",
        "Pryderon a gafodd sylw, yn ôl pryd y cydnabuwyd hwy",
    ),
    Topic.REMOVAL: ("Removals asked for", "Ceisiadau i dynnu neges i lawr"),
    Topic.OVERRULED: (
        "What people decided on the software's suggestions",
        "Yr hyn a benderfynodd pobl ar awgrymiadau'r feddalwedd",
    ),
    Topic.GOOD_NEWS: ("Good news taken up", "Newyddion da a gafodd sylw"),
}
_OTHER: Final = ("other", "arall")
PARTS_SAID: Final[dict[Topic, dict[str, Pair]]] = {
    Topic.LABEL: {
        "neutral": ("neutral", "niwtral"),
        "positive": ("praise", "canmoliaeth"),
        "concern": ("concern", "pryder"),
        "inappropriate": ("possibly inappropriate", "amhriodol o bosib"),
    },
    Topic.PLACE: {
        "feed": ("news, blogs and other feeds", "newyddion, blogiau a ffrydiau eraill"),
        "reddit": ("Reddit", "Reddit"),
        "wikipedia": ("Wikipedia", "Wicipedia"),
        "other": _OTHER,
    },
    Topic.LANG: {"en": ("English", "Saesneg"), "cy": ("Welsh", "Cymraeg"), "other": _OTHER},
    Topic.KIND: {
        "harassment": ("harassment or bullying", "aflonyddu neu fwlio"),
        "defamation": ("possibly defamatory claim", "honiad difenwol o bosib"),
        "threat": ("threat", "bygythiad"),
        "hate": ("hate or discrimination", "casineb neu wahaniaethu"),
        "sexual": ("sexual or indecent", "rhywiol neu anweddus"),
        "privacy": ("private facts", "ffeithiau preifat"),
        "impersonation": ("impersonation", "dynwared"),
        "other": _OTHER,
    },
    Topic.ROUTE: {
        "internal": ("the internal route", "y llwybr mewnol"),
        "none": ("none suggested", "dim un wedi'i awgrymu"),
        "complaint": ("the complaints procedure", "y drefn gwyno"),
        "safeguarding": ("ask the safeguarding lead", "gofyn i'r arweinydd diogelu"),
        "police": ("consider the police", "ystyried yr heddlu"),
    },
    Topic.OUTCOME: {
        "ended": ("ended after the steps of the policy", "daeth i ben ar ôl camau'r polisi"),
        "under_way": ("still under way", "yn dal ar waith"),
        "no_case": ("not inappropriate: no case", "nid oedd yn amhriodol: dim achos"),
        "as_concern": ("treated as a concern", "wedi'i drin fel pryder"),
        "elsewhere": (
            "passed to another procedure of the school",
            "trosglwyddwyd i weithdrefn arall yn yr ysgol",
        ),
        "merged": ("joined to another incident", "cyfunwyd â digwyddiad arall"),
    },
    Topic.DEADLINE: {
        "met": ("met", "wedi'u cadw"),
        "missed": ("missed", "wedi'u colli"),
        "running": ("still running", "yn dal i redeg"),
    },
    Topic.ACKNOWLEDGED: {
        "met": ("in time", "mewn pryd"),
        "missed": ("late, or not although due", "yn hwyr, neu heb ei wneud er bod yr amser ar ben"),
        "running": ("not yet due", "heb gyrraedd y terfyn eto"),
    },
    Topic.REMOVAL: {
        "gone": ("the post is gone", "mae'r neges wedi mynd"),
        "not_gone": ("not known to be gone", "nid yw'n hysbys iddi fynd"),
    },
    Topic.OVERRULED: {
        "agreed": ("a person agreed", "cytunodd person"),
        "changed": ("a person decided otherwise", "penderfynodd person yn wahanol"),
    },
    Topic.GOOD_NEWS: {
        "left": ("enjoyed, and left alone", "mwynhawyd, a gadawyd llonydd iddo"),
        "thanked": ("the author was thanked", "diolchwyd i'r awdur"),
        "shared": ("shared by the school", "rhannwyd gan yr ysgol"),
        "open": ("not yet decided", "heb ei benderfynu eto"),
    },
}
SINGLES: Final[dict[Single, Pair]] = {
    Single.REPORTS: ("Posts reported by a person", "Negeseuon yr adroddodd person amdanynt"),
    Single.POLICE: ("Incidents taken to the police", "Digwyddiadau a aeth at yr heddlu"),
    Single.SAFEGUARDING: (
        "Incidents passed to the safeguarding lead, allegations for the local authority's designated officer among them",
        "Digwyddiadau a gyfeiriwyd at yr arweinydd diogelu, gan gynnwys honiadau ar gyfer swyddog dynodedig yr awdurdod lleol",
    ),
    Single.PASSED_OVER: (
        "Incidents decided by another person, because the post was about the one who decides",
        "Digwyddiadau a benderfynwyd gan berson arall, am fod y neges yn ymwneud â'r sawl sy'n penderfynu",
    ),
    Single.REOPENED: (
        "Incidents opened again, after an appeal or otherwise",
        "Digwyddiadau a ailagorwyd, yn dilyn apêl neu fel arall",
    ),
}
WAITS: Final[dict[Wait, Pair]] = {
    Wait.DECISION: ("First decision", "Penderfyniad cyntaf"),
    Wait.CLOSE: ("Closing", "Cau"),
}

"""Letters to whoever wrote a post, in our own words: invitation, request for removal, minutes, and the two of a ban."""

from __future__ import annotations

from incidents.letters import LetterTemplate, Passage, Shape
from incidents.standing import DocumentKind
from mentionwatch.law import Words as W

_GREETING = Passage("greeting", W("Dear {recipient_name},", "Annwyl {recipient_name},"))
_SIGNED = Passage("signed", W("Yours sincerely,\n\n\n{signatory}", "Yn gywir,\n\n\n{signatory}"))
_POLICY = Passage(
    "policy",
    W(
        "The school's policy on social media was sent to parents and carers on {policy_circulated_on}. It asks everybody to raise worries about the school with the school itself, and not to post what may harm pupils or staff.",
        "Anfonwyd polisi'r ysgol ar y cyfryngau cymdeithasol at rieni a gofalwyr ar {policy_circulated_on}. Mae'n gofyn i bawb godi pryderon am yr ysgol gyda'r ysgol ei hun, a pheidio â phostio'r hyn a all niweidio disgyblion neu staff.",
    ),
    "cites_policy",
)
_CONCERNS = Passage(
    "concerns",
    W(
        "If something at the school worries you, we would like to hear it and to put right what we can. The complaints procedure is the way to have it looked into formally: {complaints_place}.",
        "Os oes rhywbeth yn yr ysgol yn eich poeni, hoffem glywed amdano ac unioni'r hyn a allwn. Y drefn gwyno yw'r ffordd i gael ymchwiliad ffurfiol: {complaints_place}.",
    ),
)
_OPINION = Passage(
    "opinion",
    W(
        "Nothing in this letter is meant to stop you from criticising the school. You are free to do so.",
        "Ni fwriedir i unrhyw beth yn y llythyr hwn eich atal rhag beirniadu'r ysgol. Mae gennych ryddid i wneud hynny.",
    ),
)

INVITATION = LetterTemplate(
    DocumentKind.INVITATION,
    W("Invitation to talk", "Gwahoddiad i siarad"),
    (
        _GREETING,
        Passage("seen", W(
            "We have seen comments about {school} on {site} which appear to come from you.",
            "Rydym wedi gweld sylwadau am {school} ar {site} sydd, yn ôl pob golwg, gennych chi.")),
        _POLICY,
        Passage("invitation", W(
            "I would like to talk with you about them, to hear what lies behind them and to agree with you how to go on. May I ask you to come to the school at {meeting_at}?",
            "Hoffwn siarad â chi amdanynt, clywed beth sydd y tu ôl iddynt a chytuno â chi sut i symud ymlaen. A gaf i ofyn i chi ddod i'r ysgol am {meeting_at}?")),
        Passage("company", W(
            "You are welcome to bring somebody with you. A colleague will take notes, and you will be given a copy of the summary.",
            "Mae croeso i chi ddod â rhywun gyda chi. Bydd cydweithiwr yn cymryd nodiadau, a rhoddir copi o'r crynodeb i chi.")),
        Passage("another_time", W(
            "If the time does not suit you, please ring {telephone} and we will find another. If we do not hear from you, we will write to you instead.",
            "Os nad yw'r amser yn gyfleus, ffoniwch {telephone} a chawn amser arall. Os na chlywn gennych, byddwn yn ysgrifennu atoch yn lle hynny.")),
        _CONCERNS, _OPINION, _SIGNED,
    ),
    is_to_author=True,
)  # fmt: skip

REMOVAL = LetterTemplate(
    DocumentKind.REMOVAL,
    W("Request to remove a post", "Cais i dynnu neges i lawr"),
    (
        _GREETING,
        Passage("seen", W(
            "We have seen comments about {school} on {site} which appear to come from you. We mean these:",
            "Rydym wedi gweld sylwadau am {school} ar {site} sydd, yn ôl pob golwg, gennych chi. Y rhain sydd dan sylw:")),
        Passage("extracts", W("", ""), shape=Shape.EXTRACTS),
        Passage("picture", W("A picture of the post is enclosed.", "Amgaeir llun o'r neges."), "picture"),
        Passage("instead_of_meeting", W(
            "We are writing, rather than asking you to a meeting, for reasons of health and safety.",
            "Rydym yn ysgrifennu, yn hytrach na'ch gwahodd i gyfarfod, am resymau iechyd a diogelwch."), "risk"),
        Passage("no_show", W(
            "I had asked you to meet me at {meeting_at}. As that meeting did not take place, I am writing to you instead.",
            "Roeddwn wedi gofyn i chi gyfarfod â mi am {meeting_at}. Gan na chynhaliwyd y cyfarfod hwnnw, rwy'n ysgrifennu atoch yn lle hynny."), "no_show"),
        _POLICY,
        Passage("effect", W(
            "We are unhappy about these comments because of what they do: {effect_on}. Comments of this kind also keep us from dealing with a worry directly, which helps no pupil. What is written online, even to a few people, can be passed on to anybody.",
            "Rydym yn anfodlon ar y sylwadau hyn oherwydd eu heffaith: {effect_on}. Mae sylwadau o'r fath hefyd yn ein rhwystro rhag ymdrin â phryder yn uniongyrchol, ac nid yw hynny'n helpu unrhyw ddisgybl. Gellir trosglwyddo'r hyn a ysgrifennir ar-lein, hyd yn oed at ychydig o bobl, i unrhyw un.")),
        Passage("request", W(
            "I therefore ask you to take them down by {deadline_at}.",
            "Gofynnaf i chi felly eu tynnu i lawr erbyn {deadline_at}.")),
        Passage("platform", W(
            "If they are still there after that, the school will report them to {site} under its terms of use.",
            "Os ydynt yno o hyd wedi hynny, bydd yr ysgol yn rhoi gwybod i {site} amdanynt o dan ei delerau defnyddio."), "platform"),
        Passage("union", W(
            "A member of staff who is named or meant may take advice from a union. Anything further would be that person's own decision.",
            "Caiff aelod o staff a enwir, neu y cyfeirir ato, ofyn am gyngor undeb. Penderfyniad y person hwnnw fyddai unrhyw beth pellach."), "union"),
        Passage("law_heading", W("The law", "Y gyfraith"), "law", Shape.HEADING),
        Passage("law", W("", ""), "law", Shape.LAW),
        _CONCERNS, _OPINION,
        Passage("enclosed", W("Enclosed: our policy on social media; the complaints procedure.", "Amgaeir: ein polisi ar y cyfryngau cymdeithasol; y drefn gwyno.")),
        _SIGNED,
    ),
    is_to_author=True,
)  # fmt: skip

MINUTES = LetterTemplate(
    DocumentKind.MINUTES,
    W("Summary of our meeting", "Crynodeb o'n cyfarfod"),
    (
        Passage("met_at", W("When", "Pryd"), shape=Shape.FORM, answer="met_at"),
        Passage("led_by", W("Led by", "Arweiniwyd gan"), shape=Shape.FORM, answer="signatory"),
        Passage("minute_taker", W("Minutes and witness", "Cofnodion a thyst"), shape=Shape.FORM, answer="minute_taker"),
        Passage("points_heading", W("What was covered", "Yr hyn a drafodwyd"), shape=Shape.HEADING),
        Passage("points", W("{points_covered}", "{points_covered}"), shape=Shape.BULLETS),
        Passage("said_heading", W("What was said", "Yr hyn a ddywedwyd"), shape=Shape.HEADING),
        Passage("said", W("{discussed}", "{discussed}")),
        Passage("agreed_heading", W("What was agreed", "Yr hyn y cytunwyd arno"), shape=Shape.HEADING),
        Passage("agreed", W("{agreed}", "{agreed}")),
        Passage("actions_heading", W("Who does what, and by when", "Pwy sy'n gwneud beth, ac erbyn pryd"), shape=Shape.HEADING),
        Passage("actions", W("{actions}", "{actions}")),
        Passage("limit", W("Removal was asked for by {deadline_at}.", "Gofynnwyd am dynnu'r neges i lawr erbyn {deadline_at}."), "deadline"),
        _CONCERNS,
        Passage("mistakes", W("If anything here is not as you remember it, please tell us: {telephone}.", "Os nad yw rhywbeth yma fel y cofiwch, rhowch wybod i ni: {telephone}.")),
    ),
    is_to_author=True,
    is_letter=False,
)  # fmt: skip

BAN_NOTICE = LetterTemplate(
    DocumentKind.BAN_NOTICE,
    W("Coming onto the school's grounds: your side is asked for", "Dod ar dir yr ysgol: gofynnwn am eich ochr chi"),
    (
        _GREETING,
        Passage("considered", W(
            "I am considering whether to withdraw the permission by which you come onto the grounds of {school}. Nothing is decided yet.",
            "Rwy'n ystyried a ddylid tynnu'n ôl y caniatâd sydd gennych i ddod ar dir {school}. Nid oes dim wedi'i benderfynu eto.")),
        Passage("reason", W("The reason is this: {ban_reason}", "Dyma'r rheswm: {ban_reason}")),
        Passage("your_side", W(
            "Before I decide I would like to know your side. Please write to me, or ring {telephone}, by {respond_by}. Somebody may speak for you if you prefer.",
            "Cyn i mi benderfynu hoffwn wybod eich ochr chi. Ysgrifennwch ataf, neu ffoniwch {telephone}, erbyn {respond_by}. Caiff rhywun siarad ar eich rhan os yw'n well gennych.")),
        Passage("children", W(
            "Whatever is decided, your child's schooling and your right to information about it do not change; we will agree another way for you to reach us.",
            "Beth bynnag a benderfynir, ni fydd addysg eich plentyn na'ch hawl i wybodaeth amdani yn newid; cytunwn ar ffordd arall i chi gysylltu â ni."), "parent"),
        Passage("law", W("", ""), "law", Shape.LAW),
        _CONCERNS, _SIGNED,
    ),
    is_to_author=True,
)  # fmt: skip

BAN_DECISION = LetterTemplate(
    DocumentKind.BAN_DECISION,
    W("Coming onto the school's grounds: the decision", "Dod ar dir yr ysgol: y penderfyniad"),
    (
        _GREETING,
        Passage("heard", W("I have considered what you told me.", "Rwyf wedi ystyried yr hyn a ddywedoch wrthyf."), "heard"),
        Passage("not_heard", W("I asked for your side and have not had an answer.", "Gofynnais am eich ochr chi ac ni chefais ateb."), "not_heard"),
        Passage("imposed", W(
            "I have decided that for the time being you may not come onto the grounds of {school} without my agreement beforehand. The reason is this: {ban_reason}",
            "Penderfynais na chewch, am y tro, ddod ar dir {school} heb fy nghytundeb ymlaen llaw. Dyma'r rheswm: {ban_reason}"), "imposed"),
        Passage("review", W(
            "I will look at this again on {review_on}. You may write to me before then with anything I should know.",
            "Byddaf yn edrych ar hyn eto ar {review_on}. Cewch ysgrifennu ataf cyn hynny gydag unrhyw beth y dylwn ei wybod."), "imposed"),
        Passage("not_imposed", W(
            "I have decided that nothing changes: you may come onto the grounds of {school} as before.",
            "Penderfynais nad oes dim yn newid: cewch ddod ar dir {school} fel o'r blaen."), "not_imposed"),
        Passage("law", W("", ""), "imposed", Shape.LAW),
        Passage("appeal", W(
            "If you think this is wrong, you may ask the chair of governors to look at it, or use the complaints procedure: {complaints_place}.",
            "Os credwch fod hyn yn anghywir, cewch ofyn i gadeirydd y llywodraethwyr edrych arno, neu ddefnyddio'r drefn gwyno: {complaints_place}.")),
        _SIGNED,
    ),
    is_to_author=True,
)  # fmt: skip

"""What goes to others than the author, or answers a concern or praise: reports to a platform, forms, acknowledgement, thanks."""

from __future__ import annotations

from incidents.letters import LetterTemplate, Passage, Shape
from incidents.standing import DocumentKind
from mentionwatch.law import Words as W

_REPORTED_BY = Passage("account", W("Reported from", "Adroddwyd o"), shape=Shape.FORM, answer="account")

PLATFORM_REPORT = LetterTemplate(
    DocumentKind.PLATFORM_REPORT,
    W("Report to the platform", "Adroddiad i'r platfform"),
    (
        Passage("site", W("Platform", "Platfform"), shape=Shape.FORM, answer="site"),
        Passage("address", W("Address of the post", "Cyfeiriad y neges"), shape=Shape.FORM, answer="address"),
        Passage("times", W("Date and time of each post", "Dyddiad ac amser pob neges"), shape=Shape.FORM, answer="times"),
        Passage("terms", W("Terms of use that are broken", "Y telerau defnyddio a dorrwyd"), shape=Shape.FORM, answer="terms"),
        _REPORTED_BY,
        Passage("asked_heading", W("What we ask", "Yr hyn a ofynnwn"), shape=Shape.HEADING),
        Passage("asked", W(
            "{school} asks you to look at this post under the terms named above and to take it down. The post says:",
            "Mae {school} yn gofyn i chi edrych ar y neges hon o dan y telerau a enwir uchod a'i thynnu i lawr. Dywed y neges:")),
        Passage("extracts", W("", ""), shape=Shape.EXTRACTS),
        Passage("author_asked", W(
            "The author was asked to take it down and has not done so.", "Gofynnwyd i'r awdur ei thynnu i lawr ac nid yw wedi gwneud hynny."), "author_asked"),
        Passage("answer", W("Please answer to {telephone} or at {website}.", "Atebwch, os gwelwch yn dda, i {telephone} neu drwy {website}.")),
        Passage("reminder", W(
            "For the school: use the school's own account, never a person's. It may take weeks. Ask again after 48 hours, 7, 14 and 28 days.",
            "I'r ysgol: defnyddiwch gyfrif yr ysgol ei hun, byth gyfrif unigolyn. Gall gymryd wythnosau. Gofynnwch eto ar ôl 48 awr, 7, 14 a 28 diwrnod.")),
    ),
    is_letter=False,
)  # fmt: skip

UNDER_AGE_REPORT = LetterTemplate(
    DocumentKind.UNDER_AGE_REPORT,
    W("An account below the platform's age", "Cyfrif o dan oed y platfform"),
    (
        Passage("site", W("Platform", "Platfform"), shape=Shape.FORM, answer="site"),
        Passage("form", W("The platform's own form", "Ffurflen y platfform ei hun"), shape=Shape.FORM, answer="under_age_form"),
        Passage("checked", W("That address was last checked on", "Gwiriwyd y cyfeiriad hwnnw ddiwethaf ar"), shape=Shape.FORM, answer="under_age_checked_on"),
        _REPORTED_BY,
        Passage("how", W(
            "Report the account with the platform's own form. Do not open the pupil's pages again to fill it in, and speak with the parents first.",
            "Rhowch wybod am y cyfrif drwy ffurflen y platfform ei hun. Peidiwch ag agor tudalennau'r disgybl eto i'w llenwi, a siaradwch â'r rhieni yn gyntaf.")),
    ),
    is_letter=False,
)  # fmt: skip

ACKNOWLEDGEMENT = LetterTemplate(
    DocumentKind.ACKNOWLEDGEMENT,
    W("Thank you for raising this", "Diolch am godi hyn"),
    (
        Passage("greeting", W("Dear {recipient_name},", "Annwyl {recipient_name},")),
        Passage("received", W(
            "Thank you for what you wrote about {school}. We have read it, and somebody is looking into it.",
            "Diolch am yr hyn a ysgrifennoch am {school}. Rydym wedi'i ddarllen, ac mae rhywun yn edrych i mewn iddo.")),
        Passage("channels", W(
            "The quickest way to sort something out is usually to speak with these people, in this order:",
            "Y ffordd gyflymaf i ddatrys rhywbeth fel arfer yw siarad â'r bobl hyn, yn y drefn hon:")),
        Passage("channel_list", W("{channels}", "{channels}"), shape=Shape.BULLETS),
        Passage("not_formal", W(
            "What is written on social media is not yet a complaint that we can look into formally. If you want that, please use the complaints procedure: {complaints_place}.",
            "Nid yw'r hyn a ysgrifennir ar y cyfryngau cymdeithasol eto'n gŵyn y gallwn ymchwilio iddi'n ffurfiol. Os dymunwch hynny, defnyddiwch y drefn gwyno: {complaints_place}.")),
        Passage("signed", W("With kind regards,\n\n\n{signatory}", "Gyda chofion cynnes,\n\n\n{signatory}")),
    ),
)  # fmt: skip

THANK_YOU = LetterTemplate(
    DocumentKind.THANK_YOU,
    W("Thank you", "Diolch"),
    (
        Passage("greeting", W("Dear {recipient_name},", "Annwyl {recipient_name},")),
        Passage("thanks", W(
            "Thank you for your kind words about {school}. They were passed on to those they were meant for, and made their day.",
            "Diolch am eich geiriau caredig am {school}. Fe'u trosglwyddwyd i'r rhai yr oeddent ar eu cyfer, a buont yn destun llawenydd.")),
        Passage("share", W(
            "We would like to share them on our own page, with your name if you wish. May we? We will do nothing until we hear from you.",
            "Hoffem eu rhannu ar ein tudalen ein hunain, gyda'ch enw os dymunwch. A gawn ni? Ni wnawn ddim nes clywed gennych."), "share"),
        Passage("signed", W("With kind regards,\n\n\n{signatory}", "Gyda chofion cynnes,\n\n\n{signatory}")),
    ),
)  # fmt: skip

STAFF_REPORT = LetterTemplate(
    DocumentKind.STAFF_REPORT,
    W("Report by a member of staff of abuse online", "Adroddiad gan aelod o staff am gam-drin ar-lein"),
    (
        Passage("what_for", W(
            "Use this when you are threatened, abused or harassed online because of your work, or when you see content that speaks badly of the school or its people. Hand it to {first_report_to} without delay.",
            "Defnyddiwch y ffurflen hon pan gewch eich bygwth, eich cam-drin neu'ch aflonyddu ar-lein oherwydd eich gwaith, neu pan welwch gynnwys sy'n siarad yn wael am yr ysgol neu ei phobl. Rhowch hi yn ddi-oed i'r rôl hon: {first_report_to}.")),
        Passage("keep", W(
            "Delete nothing. Note calls. Do not answer. If there may be an indecent image of a child: do not open, copy or show it, and speak to the safeguarding lead now.",
            "Peidiwch â dileu dim. Nodwch alwadau. Peidiwch ag ateb. Os gall fod delwedd anweddus o blentyn: peidiwch â'i hagor, ei chopïo na'i dangos, a siaradwch â'r arweinydd diogelu nawr.")),
        Passage("seen_at", W("When did you see it?", "Pryd gwelsoch chi ef?"), shape=Shape.FORM),
        Passage("reported_at", W("When do you hand this in?", "Pryd ydych chi'n cyflwyno hon?"), shape=Shape.FORM),
        Passage("where", W("Where is it? (address)", "Ble mae? (cyfeiriad)"), shape=Shape.FORM),
        Passage("posted_at", W("When was it posted?", "Pryd y'i postiwyd?"), shape=Shape.FORM),
        Passage("about", W("Whom does it concern? (roles, not names)", "Pwy mae'n ymwneud ag ef? (rolau, nid enwau)"), shape=Shape.FORM),
        Passage("said", W("What does it say, in short?", "Beth mae'n ei ddweud, yn fyr?"), shape=Shape.FORM),
        Passage("safe", W("Do you feel safe?", "Ydych chi'n teimlo'n ddiogel?"), shape=Shape.FORM),
        Passage("support", W("What support would help?", "Pa gefnogaeth fyddai'n helpu?"), shape=Shape.FORM),
        Passage("anonymity", W(
            "We will not tell the author who reported it. In rare cases the law may require it.",
            "Ni ddywedwn wrth yr awdur pwy a roddodd wybod. Mewn achosion prin gall y gyfraith ei gwneud yn ofynnol."), "anonymity"),
    ),
    is_letter=False,
)  # fmt: skip

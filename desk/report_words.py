"""The pages for reporting a post, in English and Welsh."""

from __future__ import annotations

from desk.vocabulary import Pair

REPORT_WORDS: dict[str, Pair] = {
    "report_lead": (
        "Use this when somebody has told you of a post, or you have seen one yourself. One question comes first.",
        "Defnyddiwch hyn pan fydd rhywun wedi dweud wrthych am neges, neu pan fyddwch wedi gweld un eich hun. Daw un cwestiwn yn gyntaf.",
    ),
    "image_question": (
        "Does the post or any picture of it show a nude or indecent image of anyone under 18, or an intimate image of anyone?",
        "A yw'r neges, neu unrhyw lun ohoni, yn dangos delwedd noeth neu anweddus o unrhyw un dan 18, neu ddelwedd noeth neu rywiol o unrhyw un arall?",
    ),
    "image_hint": (
        "Do not open a picture to find out. If you have not been told and cannot be sure, choose “Yes, or I am not sure”.",
        "Peidiwch ag agor llun i gael gwybod. Os na ddywedwyd wrthych ac os na allwch fod yn siŵr, dewiswch “Ydy, neu nid wyf yn siŵr”.",
    ),
    "image_no": ("No", "Nac ydy"),
    "image_yes": ("Yes, or I am not sure", "Ydy, neu nid wyf yn siŵr"),
    "answer_question": (
        "Answer the question before you go on",
        "Atebwch y cwestiwn cyn mynd ymlaen",
    ),
    "post_title": ("About the post", "Ynglŷn â'r neges"),
    "stop_title": ("Do not copy it. Report it without a picture", "Peidiwch â'i chopïo. Rhowch wybod heb lun"),
    "stop_do": (
        "Do not open, copy, save, print, forward or delete the picture.",
        "Peidiwch ag agor, copïo, cadw, argraffu, anfon ymlaen na dileu'r llun.",
    ),
    "stop_tell": (
        "Tell the designated safeguarding lead now, in person or by telephone. They speak to the police: 101, or 999 in an emergency.",
        "Dywedwch wrth yr arweinydd diogelu dynodedig nawr, wyneb yn wyneb neu dros y ffôn. Byddant hwy yn siarad â'r heddlu: 101, neu 999 mewn argyfwng.",
    ),
    "stop_form": (
        "Then leave the address here. No file is taken, and nothing of the post is fetched.",
        "Yna gadewch y cyfeiriad yma. Ni chymerir ffeil, ac ni chesglir dim o'r neges.",
    ),
    "address": ("Address of the post", "Cyfeiriad y neges"),
    "address_hint": (
        "Copy it from the browser: https://… If the place has no address, write a short name without spaces. Nothing is fetched.",
        "Copïwch ef o'r porwr: https://… Os nad oes cyfeiriad i'r lle, ysgrifennwch enw byr heb fylchau. Ni chesglir dim.",
    ),
    "platform": ("Platform", "Platfform"),
    "platform_hint": (
        "Such as Facebook, or a closed group. It is sealed together with who reported it.",
        "Megis Facebook, neu grŵp caeedig. Selir hyn ynghyd â phwy a roddodd wybod.",
    ),
    "posted_when": ("When was it posted?", "Pryd cafodd ei phostio?"),
    "posted_known": ("I know the day and the time", "Rwy'n gwybod y diwrnod a'r amser"),
    "posted_unknown": ("Not known", "Ddim yn hysbys"),
    "posted_on": ("Day", "Diwrnod"),
    "posted_time": ("Time of day, as clocks show it in Wales", "Amser o'r dydd, fel y'i dangosir ar glociau yng Nghymru"),
    "text": ("Words of the post", "Geiriau'r neges"),
    "text_hint": (
        "Word for word. Do not write here who told you.",
        "Air am air. Peidiwch ag ysgrifennu yma pwy ddywedodd wrthych.",
    ),
    "picture": ("Screenshot", "Sgrinlun"),
    "picture_hint": (
        "PNG, JPEG, GIF, WebP or PDF, up to 10 MB. It is stored as it is; its file name is not kept.",
        "PNG, JPEG, GIF, WebP neu PDF, hyd at 10 MB. Fe'i cedwir fel y mae; ni chedwir enw'r ffeil.",
    ),
    "reporter": ("Who told the school", "Pwy ddywedodd wrth yr ysgol"),
    "reporter_hint": (
        "Leave it empty if they would rather not be known. It is sealed apart, and no page of the desk ever shows it.",
        "Gadewch yn wag os byddai'n well ganddynt beidio â chael eu henwi. Fe'i selir ar wahân, ac ni fydd yr un dudalen o'r ddesg byth yn ei ddangos.",
    ),
    "not_shown_again": (
        "Who told the school and the file are not put back into the form: give them again, else the report goes without them.",
        "Ni roddir yn ôl yn y ffurflen pwy ddywedodd wrth yr ysgol na'r ffeil: rhowch hwy eto, neu bydd yr adroddiad yn mynd hebddynt.",
    ),
    "not_shown_again_stop": (
        "Who told the school is not put back into the form: give it again, else the report goes without it.",
        "Ni roddir yn ôl yn y ffurflen pwy ddywedodd wrth yr ysgol: rhowch hyn eto, neu bydd yr adroddiad yn mynd hebddo.",
    ),
    "send_report": ("Send the report", "Anfon yr adroddiad"),
    "answer_again": ("Answer the first question again", "Ateb y cwestiwn cyntaf eto"),
    "need_address": ("Give the address of the post", "Rhowch gyfeiriad y neges"),
    "bad_address": (
        "The address is too long, holds spaces, or does not begin with https://",
        "Mae'r cyfeiriad yn rhy hir, yn cynnwys bylchau, neu heb ddechrau â https://",
    ),
    "bad_line": ("Write at most 200 characters in one line", "Ysgrifennwch 200 nod ar y mwyaf mewn un llinell"),
    "say_posted": ("Say whether the time is known", "Dywedwch a yw'r amser yn hysbys"),
    "bad_time": ("Give the day and the time of day, or choose “Not known”", "Rhowch y diwrnod a'r amser o'r dydd, neu dewiswch “Ddim yn hysbys”"),
    "in_future": ("This time has not come yet", "Nid yw'r amser hwn wedi dod eto"),
    "unclear_hour": (
        "The clocks changed in that hour, so the time is not certain: choose “Not known”",
        "Newidiodd y clociau yn yr awr honno, felly nid yw'r amser yn sicr: dewiswch “Ddim yn hysbys”",
    ),
    "text_too_long": ("Give at most 10,000 characters: the words that matter", "Rhowch 10,000 nod ar y mwyaf: y geiriau sy'n bwysig"),
    "no_picture": (
        "This file is no picture that can be taken in: choose a PNG, JPEG, GIF, WebP or PDF file",
        "Nid yw'r ffeil hon yn llun y gellir ei dderbyn: dewiswch ffeil PNG, JPEG, GIF, WebP neu PDF",
    ),
    "report_busy": (
        "The records are being written just now. Nothing was stored; send the report again in a moment.",
        "Mae'r cofnodion yn cael eu hysgrifennu ar hyn o bryd. Ni chadwyd dim; anfonwch yr adroddiad eto ymhen eiliad.",
    ),
    "report_not_allowed": (
        "The school has not recorded what lets it keep public posts: the policy or the governors' decision, and the data protection impact assessment. Nothing was stored. Tell whoever looks after mentionwatch.",
        "Nid yw'r ysgol wedi cofnodi'r hyn sy'n caniatáu iddi gadw negeseuon cyhoeddus: y polisi neu benderfyniad y llywodraethwyr, a'r asesiad o'r effaith ar ddiogelu data. Ni chadwyd dim. Dywedwch wrth y sawl sy'n gofalu am mentionwatch.",
    ),
    "receipt_title": ("The report is taken in", "Derbyniwyd yr adroddiad"),
    "receipt_number": ("Receipt number", "Rhif derbynneb"),
    "receipt_note": (
        "Write the number down or print this page. It holds nothing of the post and nobody's name.",
        "Ysgrifennwch y rhif neu argraffwch y dudalen hon. Nid yw'n cynnwys dim o'r neges nac enw neb.",
    ),
    "receipt_next": (
        "A person looks at it. Who told the school is sealed: no page shows it.",
        "Bydd person yn edrych arno. Mae pwy ddywedodd wrth yr ysgol wedi'i selio: nid oes yr un dudalen yn ei ddangos.",
    ),
    "receipt_erased": (
        "A post that was erased here on request is not taken in again, and one that has run out its time only in other words; this page does not say whether that is so of this one. If somebody may be in danger, or you hear nothing by the next school day, tell the designated safeguarding lead in person.",
        "Ni chaiff neges a ddilëwyd yma ar gais ei derbyn eto, na neges y daeth ei chyfnod i ben oni bai fod ei geiriau wedi newid; nid yw'r dudalen hon yn dweud a yw hynny'n wir am yr un hon. Os gall rhywun fod mewn perygl, neu os na chlywch ddim erbyn y diwrnod ysgol nesaf, dywedwch wrth yr arweinydd diogelu dynodedig wyneb yn wyneb.",
    ),
    "report_another": ("Report another post", "Rhoi gwybod am neges arall"),
}  # fmt: skip

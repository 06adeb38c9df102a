"""What the e-mails say, in English and Welsh: fixed sentences, numbers and days, nothing else."""

from __future__ import annotations

from desk.vocabulary import Pair
from desk.words import Speaker

MAIL_WORDS: dict[str, Pair] = {
    "mail_subject": ("School mentions: {n} to review ({day})", "Sôn am yr ysgol: {n} i'w hadolygu ({day})"),
    "mail_subject_unseen": (
        "School mentions: {n} to review, not everything was seen ({day})",
        "Sôn am yr ysgol: {n} i'w hadolygu, ni welwyd popeth ({day})",
    ),
    "mail_subject_blind": (
        "School mentions: {n} to review, nothing could be seen ({day})",
        "Sôn am yr ysgol: {n} i'w hadolygu, nid oedd modd gweld dim ({day})",
    ),
    "mail_subject_not_run": (
        "School mentions: the night run did not take place ({day})",
        "Sôn am yr ysgol: ni ddigwyddodd y rhediad nos ({day})",
    ),
    "mail_open": (
        "Open the digest on the school's computer to read it. This e-mail holds numbers only.",
        "Agorwch y crynodeb ar gyfrifiadur yr ysgol i'w ddarllen. Rhifau'n unig sydd yn yr e-bost hwn.",
    ),
    "mail_place": (
        "There it is the file {place}; the command mentionwatch desk shows it too.",
        "Yno, y ffeil {place} ydyw; mae'r gorchymyn mentionwatch desk yn ei ddangos hefyd.",
    ),
    "mail_link": (
        "Sign in and decide what asks for you:",
        "Mewngofnodwch a phenderfynwch ar yr hyn sy'n galw am eich sylw:",
    ),
    "mail_numbers": ("This e-mail holds numbers only.", "Rhifau'n unig sydd yn yr e-bost hwn."),
    "mail_until": (
        "Today the link opens the desk's start page, which shows what of these numbers asks for you. Then it opens this digest until {day}, and after that the list of digests.",
        "Heddiw bydd y ddolen yn agor tudalen gychwyn y ddesg, sy'n dangos pa rai o'r rhifau hyn sy'n galw am eich sylw chi. Yna bydd yn agor y crynodeb hwn tan {day}, ac wedi hynny y rhestr o grynodebau.",
    ),
    "mail_held": (
        "Days without school before today: {n}. Their digests were not sent; they are with this one.",
        "Diwrnodau heb ysgol cyn heddiw: {n}. Ni anfonwyd eu crynodebau; maent gyda'r un hwn.",
    ),
    "mail_given": (
        "Roles somebody was given that you have not looked at: {n}. The desk's start page shows them.",
        "Rolau a roddwyd i rywun nad ydych wedi edrych arnynt: {n}. Maent ar dudalen gychwyn y ddesg.",
    ),
    "mail_to_read": (
        "Posts a colleague asks you to read first: {n}. The desk's start page shows them.",
        "Negeseuon y mae cydweithiwr yn gofyn i chi eu darllen yn gyntaf: {n}. Maent ar dudalen gychwyn y ddesg.",
    ),
    "alert_subject": ("School mentions: act now ({day})", "Sôn am yr ysgol: gweithredu nawr ({day})"),
    "alert": ("Something on the desk cannot wait.", "Mae rhywbeth ar y ddesg na all aros."),
    "alert_you": (
        "You are told at any hour because you are the school's duty contact.",
        "Fe'ch hysbysir ar unrhyw awr am mai chi yw cyswllt dyletswydd yr ysgol.",
    ),
    "alert_empty": (
        "This e-mail says nothing of what was found.",
        "Nid yw'r e-bost hwn yn dweud dim am yr hyn a ganfuwyd.",
    ),
}


class MailSpeaker(Speaker):
    """Says these, and everything a `Speaker` says."""

    def __call__(self, key: str, **values: object) -> str:
        pair = MAIL_WORDS.get(key)
        return pair[self.lang == "cy"].format(**values) if pair else super().__call__(key, **values)

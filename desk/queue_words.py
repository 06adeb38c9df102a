"""What the start page says, in English and Welsh, and the short names of the steps it offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.incident_words import INCIDENT_WORDS
from desk.mention_words import MENTION_WORDS
from desk.not_ours_words import NOT_OURS_WORDS
from desk.vocabulary import Pair
from incidents.steps import Event as E

if TYPE_CHECKING:
    pass

QUEUE_WORDS: dict[str, Pair] = {
    "quiet_seen": (
        "Nothing asks for you. Every source was seen in full.",
        "Nid oes dim yn galw am eich sylw. Gwelwyd pob ffynhonnell yn llawn.",
    ),
    "quiet_unseen": (
        "Nothing that is known asks for you. Not everything was seen, so something may be missing.",
        "Nid oes dim y gwyddys amdano yn galw am eich sylw. Ni welwyd popeth, felly gall rhywbeth fod ar goll.",
    ),
    "quiet_not_run": (
        "Nothing from earlier asks for you. Last night nothing was looked at, so nobody knows whether anything was said.",
        "Nid oes dim o'r dyddiau cynt yn galw am eich sylw. Nid edrychwyd ar ddim neithiwr, felly nid oes neb yn gwybod a ddywedwyd rhywbeth.",
    ),
    "asks_for_you": ("Asks for you: {n}", "Yn galw am eich sylw: {n}"),
    "asks_earlier": ("Among them, posts waiting from before: {n}.", "Yn eu plith, negeseuon yn aros ers cyn hyn: {n}."),
    "to_read_first": ("Posts to read first for a colleague", "Negeseuon i'w darllen yn gyntaf dros gydweithiwr"),
    "to_read_since": ("asked {when}", "gofynnwyd {when}"),
    "to_read_more": ("And more: {n}", "A rhagor: {n}"),
    "to_read_note": (
        "You offered to. Leave it where it would be too much for you: nobody is told.",
        "Fe wnaethoch gynnig. Gadewch hi os byddai'n ormod i chi: ni ddywedir wrth neb.",
    ),
    "to_acknowledge": ("Concerns to acknowledge", "Pryderon i'w cydnabod"),
    "asked_decide": (
        "The safeguarding lead has it. What becomes of the post is still decided here.",
        "Mae hyn gyda'r arweinydd diogelu. Yma y penderfynir o hyd beth a wneir â'r neges.",
    ),
    "asked_police": (
        "It stays here: whether the police are told is still to be decided.",
        "Mae'n aros yma: mae angen penderfynu o hyd a ddywedir wrth yr heddlu.",
    ),
    "asked_nobody": (
        "Nobody who signs in here may record the reference for this one. Make sure today that it was taken on: by your safeguarding lead or their deputy, or by the local authority where it is about them.",
        "Ni chaiff neb sy'n mewngofnodi yma gofnodi'r cyfeirnod ar gyfer hwn. Gwnewch yn siŵr heddiw fod rhywun wedi ymgymryd ag ef: eich arweinydd diogelu neu'r dirprwy arweinydd diogelu, neu'r awdurdod lleol os yw'n ymwneud â nhw.",
    ),
    "asked_before": (
        "Something is new since the safeguarding lead was asked: the post was edited, another was added, or this was taken up again. See whether they must be told again.",
        "Mae rhywbeth yn newydd ers gofyn i'r arweinydd diogelu: golygwyd y neges, ychwanegwyd un arall, neu ailagorwyd hyn. Edrychwch a oes angen dweud wrthynt eto.",
    ),
    "asked_late": (
        "No reference has been recorded in time: speak to the safeguarding lead today.",
        "Ni chofnodwyd cyfeirnod mewn pryd: siaradwch â'r arweinydd diogelu heddiw.",
    ),
    "first_reader": ("First reader", "Darllenydd cyntaf"),
    "first_since": ("asked {when}; nobody has written yet", "gofynnwyd {when}; nid oes neb wedi ysgrifennu eto"),
    "first_summed": ("a colleague has summed it up, {when}", "mae cydweithiwr wedi'i chrynhoi, {when}"),
    "wait_for_others": (
        "Posts that wait for somebody who says what they are",
        "Negeseuon sy'n aros am rywun i ddweud beth ydynt",
    ),
    "wait_for_whom": (
        "A head, a deputy, the leadership team, the safeguarding lead or a reviewer says what a post is. You may look at them, and need not.",
        "Pennaeth, dirprwy, y tîm arwain, yr arweinydd diogelu neu adolygydd sy'n dweud beth yw neges. Cewch edrych arnynt, ond nid oes rhaid.",
    ),
    "wait_more": ("There are more. All posts", "Mae rhagor. Pob neges"),
    "new_to_look_at": ("Posts a person should look at", "Negeseuon y dylai rhywun edrych arnynt"),
    "undecided": (
        "Nobody who signs in here has this role: {role}. Incidents that wait for it: {n}; they stand below, with somebody else.",
        "Nid oes gan neb sy'n mewngofnodi yma'r rôl hon: {role}. Digwyddiadau sy'n aros amdani: {n}; maent isod, gyda rhywun arall.",
    ),
    "undecided_mend": ("Give somebody the role", "Rhoi'r rôl i rywun"),
    "shut_out": (
        "These are about whoever decides them, who is not shown them: {role}. Open incidents: {n}. Hand them over, and say that they are about whoever decides: the next in the order decides then.",
        "Mae'r rhain yn sôn am y sawl sy'n penderfynu arnynt, ac nis dangosir i'r rôl honno: {role}. Digwyddiadau agored: {n}. Trosglwyddwch nhw, a dywedwch eu bod yn sôn am y sawl sy'n penderfynu: y nesaf yn y drefn sy'n penderfynu wedyn.",
    ),
    "about_decider": ("It is about whoever decides", "Mae'n sôn am y sawl sy'n penderfynu"),
    "elsewhere": (
        "Under way, or with somebody else: {n}",
        "Ar y gweill, neu gyda rhywun arall: {n}",
    ),
    "asks_from_to": ("{first} to {last} of {n} that ask for you", "{first} i {last} o'r {n} sy'n galw am eich sylw"),
    "asks_before": ("The ones before", "Y rhai blaenorol"),
    "asks_next": ("The next ones", "Y rhai nesaf"),
    "and_more_incidents": ("And {n} more: all incidents", "Rhagor: {n}. Pob digwyddiad"),
    "older_digests": ("Digests before these", "Crynodebau cyn y rhain"),
    "more_to_look_at": (
        "More posts ask for a look than fit here. When these are done, the next ones follow.",
        "Mae mwy o negeseuon yn gofyn am sylw nag sydd o le iddynt yma. Pan fydd y rhain wedi'u gwneud, daw'r rhai nesaf.",
    ),
    "praise_today": ("Praise found in the last look: {n}", "Canmoliaeth a gafwyd wrth edrych ddiwethaf: {n}"),
    "read_praise": ("Read the good news", "Darllen y newyddion da"),
    "todays_digest": ("The whole digest of the day", "Crynodeb llawn y diwrnod"),
    "past_digests": ("Digests", "Crynodebau"),
    "where": ("Where", "Ble"),
    "affected": ("Whom it affects", "Ar bwy y mae'n effeithio"),
    "affected_unset": ("nobody has said yet", "nid oes neb wedi dweud eto"),
    "taken_down": MENTION_WORDS["taken_down"],
    "snoozed": INCIDENT_WORDS["snoozed"],
    "foreign_done": NOT_OURS_WORDS["foreign_done"],
    "way_author": ("author", "awdur"),
    "way_offence": ("for", "am"),
    "put_off": ("Put off", "Gohirio"),
    "put_off_until": ("to the next school morning", "tan y bore ysgol nesaf"),
    "read_and_say": ("Uncover and say what it is", "Dadorchuddio a dweud beth ydyw"),
    "say_unread": ("without reading it", "heb ei darllen"),
    "you_may": ("You may", "Gallwch"),
    "not_now": ("Not open to you, and why", "Heb fod yn agored i chi, a pham"),
    "decision_follows": (
        "The decisions open once the evidence has been handed to the person who decides.",
        "Bydd y penderfyniadau'n agor pan fydd y dystiolaeth wedi'i throsglwyddo i'r sawl sy'n penderfynu.",
    ),
    "letter_wrong": (
        "The second reader found your letter not right.",
        "Barnodd yr ail ddarllenydd nad yw'ch llythyr yn iawn.",
    ),
    "letter_mend": ("See why, and mend it", "Gweld pam, a'i gywiro"),
    "look_at_it": ("Look at it", "Edrych arni"),
    "of_incident": ("of incident {id}", "digwyddiad {id}"),
    "of_post": ("of the post of {when}", "y neges a gipiwyd {when}"),
}  # fmt: skip

OFFERS: dict[str, Pair] = {
    E.RECORD_REFERENCE: ("Record the reference", "Cofnodi'r cyfeirnod"),
    E.REFERENCE_HOLD: ("The police have it", "Mae'r mater gan yr heddlu"),
    E.PRESERVE: ("Evidence is kept", "Mae'r dystiolaeth wedi'i chadw"),
    E.HAND_OVER: ("Hand to the person who decides", "Trosglwyddo i'r sawl sy'n penderfynu"),
    E.NO_CASE: ("Not inappropriate", "Nid yw'n amhriodol"),
    E.TREAT_AS_CONCERN: ("Treat as a concern", "Trin fel pryder"),
    E.INTERNAL: ("Internal route", "Y llwybr mewnol"),
    E.POLICE: ("Police route", "Llwybr yr heddlu"),
    E.POLICE_RELEASE: ("The police leave it to us", "Mae'r heddlu'n ei adael i ni"),
    E.PREPARED: ("Evidence set against the policy", "Cymharwyd y dystiolaeth â'r polisi"),
    E.CHECKED: ("Record a second look", "Cofnodi ail edrychiad"),
    E.REMOVED: ("The post is gone", "Mae'r neges wedi mynd"),
    E.STILL_UP: ("The post is still there", "Mae'r neges yno o hyd"),
    E.PLATFORM_REMOVED: ("The platform took it down", "Tynnodd y platfform hi i lawr"),
    E.SAFEGUARDING_REFERRED: ("In the child protection record", "Yn y cofnod amddiffyn plant"),
    E.SAFEGUARDING: ("Ask the safeguarding lead", "Gofyn i'r arweinydd diogelu"),
    E.RECUSE: ("It is about me", "Mae'n sôn amdanaf i"),
    E.ACKNOWLEDGE: ("Acknowledge", "Cydnabod"),
    E.POINT_TO_COMPLAINTS: ("Point to the complaints procedure", "Cyfeirio at y drefn gwyno"),
    E.CONCERN_ANSWERED: ("It was answered", "Fe'i hatebwyd"),
    E.LETTER_READ: ("Read the letter as second reader", "Darllen y llythyr fel ail ddarllenydd"),
    E.RAISE_CONCERN: ("More than a concern", "Mwy na phryder"),
    E.THANK_APPROVE: ("Approve the thank-you", "Cymeradwyo'r diolch"),
}

WAYS: dict[str, Pair] = {
    "parent": ("parent", "rhiant"),
    "pupil": ("pupil", "disgybl"),
    "staff": ("staff", "staff"),
    "unknown": ("unknown", "anhysbys"),
    "threatening_communications": ("a threat", "bygythiad"),
    "harassment": ("harassment", "aflonyddu"),
    "hate": ("hate", "casineb"),
    "indecent_images": ("a child's image", "delwedd o blentyn"),
    "intimate_images": ("an intimate image", "delwedd noeth neu rywiol"),
    "other": ("other", "arall"),
}
"""What a link answers, in a word: its form says it in full."""

AFFECTED: dict[str, Pair] = {
    "school": ("the school", "yr ysgol"),
    "staff": ("staff", "staff"),
    "governors": ("governors", "llywodraethwyr"),
    "pupils": ("pupils", "disgyblion"),
}
"""Groups, never a person (protocol 5, point 3)."""


def say_offer(event: str, lang: str) -> str:
    """A step as a link says it."""
    return OFFERS.get(event, (event, event))[lang == "cy"]


def say_way(value: str, lang: str) -> str:
    """The answer a link brings along."""
    return WAYS[value][lang == "cy"]


def say_affected(group: str, lang: str) -> str:
    """Whom it touches; nobody has said so until somebody decides on it."""
    pair = AFFECTED.get(group, QUEUE_WORDS["affected_unset"])
    return pair[lang == "cy"]

"""Signing in, joining, hiding, and one's own account, in English and Welsh."""

from __future__ import annotations

from desk.sign_in_port import WhyNot
from desk.vocabulary import Pair
from mentionwatch.accounts import DeskRole

SIGN_IN_WORDS: dict[str, Pair] = {
    "sign_in": ("Sign in", "Mewngofnodi"),
    "login": ("User name", "Enw defnyddiwr"),
    "password": ("Password", "Cyfrinair"),
    "code": ("One-time code", "Cod untro"),
    "code_at_sign_in": (
        "One-time code, once you have set up a second step",
        "Cod untro, ar ôl i chi osod ail gam",
    ),
    "code_hint": (
        "From then on it is asked for each time: six digits from your app, or one of your recovery codes. Before that, leave it empty.",
        "O hynny ymlaen gofynnir amdano bob tro: chwe digid o'ch ap, neu un o'ch codau adfer. Cyn hynny, gadewch yn wag.",
    ),
    "to_directory": ("Going to your school's sign-in page", "Yn mynd i dudalen fewngofnodi eich ysgol"),
    "by_directory": ("Sign in with your school account", "Mewngofnodi â'ch cyfrif ysgol"),
    "signed_out": ("You are signed out.", "Rydych wedi allgofnodi."),
    "no_account": (
        "No account yet, or the password is lost? Ask whoever looks after mentionwatch at your school for a link.",
        "Dim cyfrif eto, neu wedi colli'r cyfrinair? Gofynnwch am ddolen gan y sawl sy'n gofalu am mentionwatch yn eich ysgol.",
    ),
    "first_title": ("Make the first account", "Creu'r cyfrif cyntaf"),
    "first_lead": (
        "There is no account yet. The first one belongs to the head, or to whoever looks after the accounts.",
        "Nid oes cyfrif eto. Y pennaeth, neu'r sawl sy'n gofalu am y cyfrifon, biau'r cyntaf.",
    ),
    "join_title": ("Set up your account", "Gosod eich cyfrif"),
    "join_lead": (
        "Choose a password. Nobody else learns it.",
        "Dewiswch gyfrinair. Ni fydd neb arall yn ei wybod.",
    ),
    "link_gone": (
        "This link has been used already, is too old, or is not complete. Ask for a new one.",
        "Mae'r ddolen hon wedi'i defnyddio eisoes, yn rhy hen, neu heb fod yn gyflawn. Gofynnwch am un newydd.",
    ),
    "your_email": ("E-mail address", "Cyfeiriad e-bost"),
    "shown_as": ("Name shown on the pages", "Enw a ddangosir ar y tudalennau"),
    "login_hint": (
        "Your e-mail address, or any short name without spaces.",
        "Eich cyfeiriad e-bost, neu unrhyw enw byr heb fylchau.",
    ),
    "password_hint": (
        "15 characters or more are advised. Several words in a row are easy to remember; you need no digits or symbols.",
        "Cynghorir 15 nod neu fwy. Mae sawl gair yn olynol yn hawdd eu cofio; nid oes angen digidau na symbolau.",
    ),
    "again": ("The same password again", "Yr un cyfrinair eto"),
    "your_roles": ("What you are at the school", "Eich rôl yn yr ysgol"),
    "first_roles_hint": (
        "Whoever makes the first account also looks after the others. Choose what you are besides; none is fine.",
        "Mae'r sawl sy'n creu'r cyfrif cyntaf yn gofalu am y lleill hefyd. Dewiswch beth ydych heblaw hynny; nid oes rhaid dewis dim.",
    ),
    "language": ("Language", "Iaith"),
    "english": ("English", "English"),
    "welsh": ("Cymraeg", "Cymraeg"),
    "make_account": ("Make the account", "Creu'r cyfrif"),
    "hidden_title": ("This page is hidden", "Mae'r dudalen hon wedi'i chuddio"),
    "come_back": ("Continue", "Parhau"),
    "unlock_title": ("Give your password to go on", "Rhowch eich cyfrinair i barhau"),
    "unlock": ("Go on", "Parhau"),
    "need_login": ("Give your user name", "Rhowch eich enw defnyddiwr"),
    "need_password": ("Give your password", "Rhowch eich cyfrinair"),
    "need_name": ("Give the name to be shown", "Rhowch yr enw i'w ddangos"),
    "need_roles": ("Choose at least one role", "Dewiswch o leiaf un rôl"),
    "need_code": ("Give the code your app shows", "Rhowch y cod y mae eich ap yn ei ddangos"),
    "not_the_same": ("The two passwords are not the same", "Nid yw'r ddau gyfrinair yr un fath"),
    "own_title": ("Your account", "Eich cyfrif"),
    "roles": ("Roles", "Rolau"),
    "mail_address": ("E-mail address", "Cyfeiriad e-bost"),
    "none_given": ("none given", "dim wedi'i roi"),
    "change_password": ("Change your password", "Newid eich cyfrinair"),
    "old_password": ("Your password now", "Eich cyfrinair presennol"),
    "new_password": ("New password", "Cyfrinair newydd"),
    "password_changed": (
        "Your password has been changed. You are signed out everywhere else.",
        "Newidiwyd eich cyfrinair. Rydych wedi eich allgofnodi ym mhobman arall.",
    ),
    "directory_password": (
        "You sign in with your school account; its password is changed there.",
        "Rydych yn mewngofnodi â'ch cyfrif ysgol; yno y newidir ei gyfrinair.",
    ),
    "wishes": ("What you want", "Eich dewisiadau"),
    "wants_mail": ("Send me the morning e-mail", "Anfon yr e-bost boreol ataf"),
    "wants_mail_hint": (
        "It holds numbers and a link, never a word of a post.",
        "Rhifau a dolen sydd ynddo, byth air o neges.",
    ),
    "reads_first": (
        "I am willing to read abusive words before somebody else has to",
        "Rwy'n fodlon darllen geiriau sarhaus cyn i rywun arall orfod gwneud hynny",
    ),
    "reads_first_hint": (
        "Nobody has to. You may take this back at any time, without a reason.",
        "Nid oes rhaid i neb wneud. Cewch dynnu hyn yn ôl unrhyw bryd, heb roi rheswm.",
    ),
    "wants_reader": (
        "Ask somebody to read abusive posts before I have to",
        "Gofyn i rywun ddarllen negeseuon sarhaus cyn i mi orfod gwneud hynny",
    ),
    "wants_reader_hint": (
        "Those who offered to, and may know of the post, are asked as soon as an incident is opened for it, and write what it is about. You can always read it yourself.",
        "Gofynnir i'r rhai a gynigiodd, ac a gaiff wybod am y neges, cyn gynted ag yr agorir digwyddiad amdani, ac ysgrifennant am beth y mae. Gallwch ei darllen eich hun bob amser.",
    ),
    "second_factor": ("Second step when signing in", "Ail gam wrth fewngofnodi"),
    "second_on": (
        "A one-time code is asked for. Recovery codes left: {n}.",
        "Gofynnir am god untro. Codau adfer ar ôl: {n}.",
    ),
    "second_off": (
        "Only your password is asked for. A code from an app on your telephone makes it far harder for anybody else to sign in as you.",
        "Dim ond eich cyfrinair y gofynnir amdano. Mae cod o ap ar eich ffôn yn ei gwneud yn llawer anos i neb arall fewngofnodi yn eich enw chi.",
    ),
    "second_needed": (
        "This desk asks everybody for a second step. Set it up before you go on.",
        "Mae'r ddesg hon yn gofyn am ail gam gan bawb. Gosodwch ef cyn mynd ymlaen.",
    ),
    "set_up": ("Set it up", "Ei osod"),
    "set_up_anew": ("Set it up anew", "Ei osod o'r newydd"),
    "start_again": ("Start again", "Dechrau eto"),
    "scan": (
        "Read this picture with an app for one-time codes, or type the key into it.",
        "Darllenwch y llun hwn ag ap codau untro, neu teipiwch yr allwedd ynddo.",
    ),
    "picture_alt": ("Picture for your app; the key below says the same", "Llun i'ch ap; mae'r allwedd isod yn dweud yr un peth"),
    "key": ("Key", "Allwedd"),
    "confirm": ("Confirm", "Cadarnhau"),
    "recovery_title": ("Your recovery codes", "Eich codau adfer"),
    "recovery_lead": (
        "Each works once in place of a code from the app. They are shown only now: print this page, or write them down, and keep them where you keep keys.",
        "Mae pob un yn gweithio unwaith yn lle cod o'r ap. Nawr yn unig y dangosir hwy: argraffwch y dudalen hon, neu ysgrifennwch hwy, a'u cadw lle byddwch yn cadw allweddi.",
    ),
    "sessions_open": ("Where you are signed in", "Lle rydych wedi mewngofnodi"),
    "session_told": ("since {since}, last used {used}", "ers {since}, defnyddiwyd ddiwethaf {used}"),
    "session_here": ("this browser", "y porwr hwn"),
    "end_elsewhere": ("Sign out everywhere", "Allgofnodi ym mhobman"),
    "end_elsewhere_note": (
        "Also here. Do this if you left a computer signed in.",
        "Yma hefyd. Gwnewch hyn os gadawsoch gyfrifiadur wedi'i fewngofnodi.",
    ),
}  # fmt: skip

WRONG: Pair = (
    "The user name, password or code is not right. With a second step set up, the code is needed too",
    "Nid yw'r enw defnyddiwr, y cyfrinair neu'r cod yn gywir. Os gosodwyd ail gam, mae angen y cod hefyd",
)
"""One sentence for every sign-in that failed, whatever failed (ASVS V6.3.8)."""

TOO_MANY: Pair = (
    "Too many tries. Wait a while, then try again",
    "Gormod o geisiadau. Arhoswch dipyn, yna ceisiwch eto",
)
BY_DIRECTORY: Pair = (
    "The school's directory did not let you in, or nobody has invited you to the desk",
    "Ni adawodd cyfeiriadur yr ysgol chi i mewn, neu nid oes neb wedi eich gwahodd i'r ddesg",
)

NOT_DONE: dict[WhyNot, Pair] = {
    WhyNot.TOO_SHORT: (
        "The password is too short: 15 characters or more are advised, 8 are needed",
        "Mae'r cyfrinair yn rhy fyr: cynghorir 15 nod neu fwy, mae angen 8",
    ),
    WhyNot.TOO_LONG: ("The password is too long", "Mae'r cyfrinair yn rhy hir"),
    WhyNot.COMMON: (
        "This password is easy to guess: it is well known, or made of the names of the school or your own",
        "Mae'r cyfrinair hwn yn hawdd ei ddyfalu: mae'n adnabyddus, neu wedi'i wneud o enwau'r ysgol neu'ch enw chi",
    ),
    WhyNot.WRONG_PASSWORD: ("This is not your password", "Nid dyma eich cyfrinair"),
    WhyNot.WRONG_CODE: (
        "This is not the code your app shows now",
        "Nid dyma'r cod y mae eich ap yn ei ddangos nawr",
    ),
    WhyNot.LINK_OVER: SIGN_IN_WORDS["link_gone"],
    WhyNot.LOGIN_TAKEN: (
        "Somebody else has this user name; choose another",
        "Mae gan rywun arall yr enw defnyddiwr hwn; dewiswch un arall",
    ),
    WhyNot.BAD_LOGIN: (
        "A user name has no spaces, commas or quotation marks, and at least two characters",
        "Nid oes bylchau, atalnodau na dyfynodau mewn enw defnyddiwr, ac mae ynddo o leiaf ddau nod",
    ),
    WhyNot.BAD_NAME: ("This name cannot be shown", "Ni ellir dangos yr enw hwn"),
    WhyNot.BAD_EMAIL: ("This is not an e-mail address", "Nid cyfeiriad e-bost yw hwn"),
    WhyNot.NO_ROLE: ("Choose at least one role", "Dewiswch o leiaf un rôl"),
    WhyNot.NO_SUCH_ACCOUNT: ("There is no such account", "Nid oes cyfrif o'r fath"),
    WhyNot.NOT_ALLOWED: ("That is not open to this account", "Nid yw hynny'n agored i'r cyfrif hwn"),
    WhyNot.YOURSELF: (
        "Nobody changes this for themselves; ask another administrator",
        "Nid oes neb yn newid hyn drosto'i hun; gofynnwch i weinyddwr arall",
    ),
    WhyNot.LAST_ADMIN: (
        "Nobody else could look after the accounts then",
        "Ni allai neb arall ofalu am y cyfrifon wedyn",
    ),
    WhyNot.LAST_HEAD: (
        "This is the only head who has come in, and confirms what administrators give. Another head can do this, or whoever runs the machine, with the command account",
        "Dyma'r unig bennaeth sydd wedi dod i mewn, ac sy'n cadarnhau'r hyn y mae gweinyddwyr yn ei roi. Gall pennaeth arall wneud hyn, neu'r sawl sy'n rhedeg y peiriant, â'r gorchymyn account",
    ),
    WhyNot.NOT_JOINED: (
        "The person has not signed in yet",
        "Nid yw'r person wedi mewngofnodi eto",
    ),
    WhyNot.NEEDS_RESET: (
        "This person has come in already, or the account is disabled: begin the account anew",
        "Mae'r person hwn wedi dod i mewn eisoes, neu mae'r cyfrif wedi'i analluogi: dechreuwch y cyfrif o'r newydd",
    ),
    WhyNot.SIGNED_OUT: ("You are signed out", "Rydych wedi allgofnodi"),
}

DESK_ROLES: dict[DeskRole, Pair] = {
    DeskRole.HEAD: ("head", "pennaeth"),
    DeskRole.CO_HEAD: ("co-head", "cyd-bennaeth"),
    DeskRole.DEPUTY: ("deputy head", "dirprwy bennaeth"),
    DeskRole.SLT: ("member of the leadership team", "aelod o'r tîm arwain"),
    DeskRole.CHAIR: ("chair of governors", "cadeirydd y llywodraethwyr"),
    DeskRole.DSL: ("designated safeguarding lead", "arweinydd diogelu dynodedig"),
    DeskRole.OFFICE: ("the office", "y swyddfa"),
    DeskRole.REVIEWER: ("reviewer", "adolygydd"),
    DeskRole.ANALYST: ("analyst (figures only)", "dadansoddwr (ffigurau yn unig)"),
    DeskRole.ADMIN: ("looks after accounts and the machine", "gofalu am gyfrifon a'r peiriant"),
}

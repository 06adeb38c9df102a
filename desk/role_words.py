"""The page on which a head says a word on roles that were given, in English and Welsh."""

from __future__ import annotations

from desk.vocabulary import Pair

ROLE_WORDS: dict[str, Pair] = {
    "roles_page": ("Roles that were given", "Rolau a roddwyd"),
    "roles_lead": (
        "Roles that open safeguarding matters count only once a head has confirmed them. First ask the person, face to face or by telephone, whether it is they who signed in.",
        "Dim ond ar ôl i bennaeth eu cadarnhau y mae rolau sy'n agor materion diogelu yn cyfrif. Yn gyntaf gofynnwch i'r person, wyneb yn wyneb neu dros y ffôn, ai ef neu hi a fewngofnododd.",
    ),
    "none_given_yet": ("Nothing waits for your word.", "Nid oes dim yn aros am eich gair."),
    "role_waits": ("waits for a head", "yn aros am bennaeth"),
    "role_counts": ("counts already; please look at it", "eisoes yn cyfrif; edrychwch arni os gwelwch yn dda"),
    "given_by": ("Given by", "Rhoddwyd gan"),
    "given_at": ("Given", "Rhoddwyd"),
    "at_machine": ("somebody at the machine itself", "rhywun wrth y peiriant ei hun"),
    "has_joined_yes": ("has signed in once", "wedi mewngofnodi unwaith"),
    "has_joined_no": ("has not signed in yet", "heb fewngofnodi eto"),
    "asked_them": ("I asked this person, and it is they", "Gofynnais i'r person hwn, a'r person ei hun ydyw"),
    "tick_asked": ("Ask the person first, then tick", "Gofynnwch i'r person yn gyntaf, yna ticiwch"),
    "confirm_role": ("Confirm the role", "Cadarnhau'r rôl"),
    "role_is_right": ("This is right", "Mae hyn yn gywir"),
    "decline_role": ("Take the role away", "Tynnu'r rôl"),
    "role_confirmed": ("The role is confirmed.", "Cadarnhawyd y rôl."),
    "role_declined": ("The role is taken away, and the person signed out.", "Tynnwyd y rôl, ac allgofnodwyd y person."),
    "joined_first": (
        "The person has not signed in yet. Confirm the role once they have",
        "Nid yw'r person wedi mewngofnodi eto. Cadarnhewch y rôl ar ôl iddo neu iddi wneud hynny",
    ),
    "chair_sees_only": (
        "The role waits for a head, and is not for the chair to confirm",
        "Mae'r rôl yn aros am bennaeth, ac nid y cadeirydd sydd i'w chadarnhau",
    ),
    "role_last_admin": ("This is the only one who looks after the accounts", "Dyma'r unig un sy'n gofalu am y cyfrifon"),
    "roles_to_see": ("Somebody was given a role. Look at it: {n}", "Rhoddwyd rôl i rywun. Edrychwch arni: {n}"),
    "your_role_waits": (
        "A head still has to confirm that you are: {roles}. Until then you are not shown what belongs to it.",
        "Mae angen o hyd i bennaeth gadarnhau eich rôl: {roles}. Tan hynny ni ddangosir i chi yr hyn sy'n perthyn iddi.",
    ),
}  # fmt: skip

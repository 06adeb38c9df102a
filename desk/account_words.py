"""The pages on which an administrator looks after accounts, in English and Welsh."""

from __future__ import annotations

from desk.sign_in_words import SIGN_IN_WORDS
from desk.vocabulary import Pair

ACCOUNT_WORDS: dict[str, Pair] = {
    **{
        key: SIGN_IN_WORDS[key]
        for key in ("shown_as", "login", "login_hint", "your_email", "roles", "language", "english", "welsh", "need_name", "need_login", "need_roles", "none_given")
    },
    "invite": ("Invite somebody", "Gwahodd rhywun"),
    "invite_lead": (
        "The person chooses their own password with a link that opens once.",
        "Bydd y person yn dewis ei gyfrinair ei hun â dolen sy'n agor unwaith.",
    ),
    "make_link": ("Make the link", "Creu'r ddolen"),
    "nobody_else_yet": ("There is only your own account.", "Dim ond eich cyfrif chi sydd yma."),
    "standing": ("Standing", "Statws"),
    "is_active": ("active", "gweithredol"),
    "is_invited": ("invited, has not come in yet", "wedi'i wahodd, heb ddod i mewn eto"),
    "is_disabled": ("disabled", "wedi'i analluogi"),
    "yours": ("your own account", "eich cyfrif eich hun"),
    "back_to_accounts": ("All accounts", "Pob cyfrif"),
    "link_title": ("The link", "Y ddolen"),
    "link_lead": (
        "Give this link to {name}, and to nobody else. It is shown only now, and opens once.",
        "Rhowch y ddolen hon i {name}, ac i neb arall. Dim ond nawr y'i dangosir, ac mae'n agor unwaith.",
    ),
    "link_until": ("It ends", "Daw i ben"),
    "link_local": (
        "This desk is reached only on this computer, and so is the link.",
        "Dim ond ar y cyfrifiadur hwn y gellir cyrraedd y ddesg hon, ac felly'r ddolen hefyd.",
    ),
    "person": ("Name, e-mail address and language", "Enw, cyfeiriad e-bost ac iaith"),
    "change_roles": ("Change the roles", "Newid y rolau"),
    "roles_hint": (
        "The person is signed out, and sees from then on what the new roles open.",
        "Caiff y person ei allgofnodi, ac o hynny ymlaen bydd yn gweld yr hyn y mae'r rolau newydd yn ei agor.",
    ),
    "own_roles": (
        "Nobody changes their own roles, nor disables or resets their own account. Another administrator can.",
        "Nid oes neb yn newid ei rolau ei hun, nac yn analluogi nac yn ailosod ei gyfrif ei hun. Gall gweinyddwr arall wneud hynny.",
    ),
    "only_admin": (
        "You are the only one who looks after the accounts. Invite another person for it first.",
        "Chi yw'r unig un sy'n gofalu am y cyfrifon. Gwahoddwch berson arall at hynny yn gyntaf.",
    ),
    "roles_wait": ("Waits for a head to confirm it", "Yn aros i bennaeth ei chadarnhau"),
    "sure_roles": (
        "I know that this may leave a role with nobody in it",
        "Rwy'n gwybod y gall hyn adael rôl heb neb ynddi",
    ),
    "last_with_role": (
        "Nobody else is: {roles}. Make another account for it first, or tick that you know",
        "Nid oes gan neb arall y rôl: {roles}. Crëwch gyfrif arall ar ei chyfer yn gyntaf, neu ticiwch eich bod yn gwybod",
    ),
    "end_sessions": ("Sign out everywhere", "Allgofnodi ym mhobman"),
    "end_sessions_note": (
        "Everywhere this person is signed in, they have to sign in again.",
        "Ym mhob man y mae'r person hwn wedi mewngofnodi, bydd rhaid mewngofnodi eto.",
    ),
    "invite_again": ("Make a new link", "Creu dolen newydd"),
    "invite_again_note": (
        "The person has not come in yet. A new link ends the one before.",
        "Nid yw'r person wedi dod i mewn eto. Mae dolen newydd yn dod â'r un flaenorol i ben.",
    ),
    "reset": ("Begin the account anew", "Dechrau'r cyfrif o'r newydd"),
    "reset_note": (
        "For a lost password or second step, and for a disabled account that is needed again. Password, second step and sessions go, and you get a link for the person. First make sure by telephone, or face to face, that it is they who ask.",
        "Ar gyfer cyfrinair neu ail gam a gollwyd, a chyfrif wedi'i analluogi y mae ei angen eto. Mae'r cyfrinair, yr ail gam a'r sesiynau'n mynd, a chewch ddolen i'r person. Yn gyntaf gwnewch yn siŵr dros y ffôn, neu wyneb yn wyneb, mai'r person ei hun sy'n gofyn.",
    ),
    "disable": ("Disable the account", "Analluogi'r cyfrif"),
    "disable_note": (
        "Nobody signs in with it any more. It stays in the list, because the audit log speaks of it.",
        "Ni fydd neb yn mewngofnodi ag ef mwyach. Mae'n aros yn y rhestr, am fod y log archwilio'n sôn amdano.",
    ),
    "sure": ("Yes, do this", "Ie, gwnewch hyn"),
    "tick_sure": ("Tick to confirm", "Ticiwch i gadarnhau"),
    "roles_changed": ("The roles are changed; the person signs in anew.", "Newidiwyd y rolau; bydd y person yn mewngofnodi eto."),
    "disabled_now": ("The account is disabled and signed out everywhere.", "Mae'r cyfrif wedi'i analluogi ac wedi'i allgofnodi ym mhobman."),
    "sessions_over": ("The account is signed out everywhere.", "Mae'r cyfrif wedi'i allgofnodi ym mhobman."),
    "changed_meanwhile": (
        "Another administrator changed this account meanwhile. Nothing was changed now; look at it as it is, and send it again",
        "Newidiodd gweinyddwr arall y cyfrif hwn yn y cyfamser. Ni newidiwyd dim nawr; edrychwch arno fel y mae, ac anfonwch eto",
    ),
}  # fmt: skip

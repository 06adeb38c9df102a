"""What the report on the registers says of each gap, in English and Welsh. Neither is the second language."""

from __future__ import annotations

from enum import StrEnum

from mentionwatch.registers import AccountStanding, Topic


class GapKind(StrEnum):
    """What sort of thing is missing; the value is printed as JSON."""

    UNAPPROVED = "unapproved"
    UNTRAINED = "untrained"
    ORPHAN = "orphan"
    DECLARATION = "declaration"
    INVESTIGATOR = "investigator"
    AGREEMENT = "agreement"
    FAMILY_LINK = "family_link"
    LINKED_POLICY = "linked_policy"
    COMPLAINTS = "complaints"
    MEDIA_POLICY = "media_policy"
    UNDER_AGE_FORM = "under_age_form"
    CONTACT = "contact"
    POLICY = "policy"


SENTENCES: dict[str, tuple[GapKind, str, str]] = {
    "orphan": (
        GapKind.ORPHAN,
        "Account {name}: its lead has left and nobody has taken it over. Close it or hand it over.",
        "Cyfrif {name}: mae'r arweinydd wedi gadael ac nid oes neb wedi'i gymryd drosodd. Dylid ei gau neu ei drosglwyddo.",
    ),
    "operators": (
        GapKind.UNAPPROVED,
        "Account {name}: fewer than two operators are named.",
        "Cyfrif {name}: mae llai na dau weithredwr wedi'u henwi.",
    ),
    "approved_on": (
        GapKind.UNAPPROVED,
        "Account {name}: no date of approval is recorded.",
        "Cyfrif {name}: nid oes dyddiad cymeradwyo wedi'i gofnodi.",
    ),
    "trained_on": (
        GapKind.UNTRAINED,
        "Account {name}: the training of those who run it is not confirmed.",
        "Cyfrif {name}: nid yw hyfforddiant y rhai sy'n ei redeg wedi'i gadarnhau.",
    ),
    "no_declaration": (
        GapKind.DECLARATION,
        "No signed staff declaration is recorded.",
        "Nid oes cofnod o unrhyw ddatganiad staff wedi'i lofnodi.",
    ),
    "declaration": (
        GapKind.DECLARATION,
        "{name}: no date of signing the staff declaration is recorded.",
        "{name}: nid oes dyddiad llofnodi'r datganiad staff wedi'i gofnodi.",
    ),
    "no_investigator": (
        GapKind.INVESTIGATOR,
        "No trained investigator is recorded.",
        "Nid oes cofnod o unrhyw ymchwilydd sydd wedi'i hyfforddi.",
    ),
    "investigator": (
        GapKind.INVESTIGATOR,
        "{name}: no date of training as an investigator is recorded.",
        "{name}: nid oes dyddiad hyfforddi fel ymchwilydd wedi'i gofnodi.",
    ),
    "agreement": (
        GapKind.AGREEMENT,
        "Home-school agreement: no date is recorded, so it may not be quoted.",
        "Cytundeb cartref-ysgol: nid oes dyddiad wedi'i gofnodi, felly ni cheir ei ddyfynnu.",
    ),
    "family_link": (
        GapKind.FAMILY_LINK,
        "{name}: no date of declaring the family link is recorded.",
        "{name}: nid oes dyddiad datgan y cyswllt teuluol wedi'i gofnodi.",
    ),
    "adopted_on": (
        GapKind.LINKED_POLICY,
        "Linked policy “{name}”: no date of its adoption by the governors is recorded.",
        "Polisi cysylltiedig “{name}”: nid oes dyddiad ei fabwysiadu gan y llywodraethwyr wedi'i gofnodi.",
    ),
    "reviewed_on": (
        GapKind.LINKED_POLICY,
        "Linked policy “{name}”: no date of its last review is recorded.",
        "Polisi cysylltiedig “{name}”: nid oes dyddiad ei adolygu ddiwethaf wedi'i gofnodi.",
    ),
    "sent_to_parents_on": (
        GapKind.LINKED_POLICY,
        "Linked policy “{name}”: no date of sending it to parents is recorded.",
        "Polisi cysylltiedig “{name}”: nid oes dyddiad ei anfon at y rhieni wedi'i gofnodi.",
    ),
    "sent_to_staff_on": (
        GapKind.LINKED_POLICY,
        "Linked policy “{name}”: no date of sending it to staff is recorded.",
        "Polisi cysylltiedig “{name}”: nid oes dyddiad ei anfon at y staff wedi'i gofnodi.",
    ),
    "sent_to_governors_on": (
        GapKind.LINKED_POLICY,
        "Linked policy “{name}”: no date of sending it to governors is recorded.",
        "Polisi cysylltiedig “{name}”: nid oes dyddiad ei anfon at y llywodraethwyr wedi'i gofnodi.",
    ),
    Topic.INTERNET_SAFETY: (
        GapKind.LINKED_POLICY,
        "No linked policy on internet safety is recorded.",
        "Nid oes cofnod o bolisi cysylltiedig ar ddiogelwch ar y rhyngrwyd.",
    ),
    Topic.BEHAVIOUR_TO_STAFF: (
        GapKind.LINKED_POLICY,
        "No linked policy on unsuitable behaviour towards staff is recorded.",
        "Nid oes cofnod o bolisi cysylltiedig ar ymddygiad anaddas tuag at staff.",
    ),
    Topic.COMPLAINTS: (
        GapKind.LINKED_POLICY,
        "No linked policy on complaints is recorded.",
        "Nid oes cofnod o bolisi cysylltiedig ar gwynion.",
    ),
    "complaints.en": (
        GapKind.COMPLAINTS,
        "Where the English leaflet on the complaints procedure is kept is not recorded.",
        "Nid oes cofnod o leoliad y daflen Saesneg am y drefn gwyno.",
    ),
    "complaints.cy": (
        GapKind.COMPLAINTS,
        "Where the Welsh leaflet on the complaints procedure is kept is not recorded.",
        "Nid oes cofnod o leoliad y daflen Gymraeg am y drefn gwyno.",
    ),
    "media_policy": (
        GapKind.MEDIA_POLICY,
        "No media policy is recorded. Give its title or its address.",
        "Nid oes cofnod o bolisi cyfryngau. Rhowch ei deitl neu ei gyfeiriad.",
    ),
    "no_form": (
        GapKind.UNDER_AGE_FORM,
        "No platform's form for reporting a user under age is recorded.",
        "Nid oes cofnod o ffurflen unrhyw blatfform ar gyfer rhoi gwybod am ddefnyddiwr dan oed.",
    ),
    "checked_on": (
        GapKind.UNDER_AGE_FORM,
        "Under-age form of {name}: no date of checking its address is recorded.",
        "Ffurflen dan oed {name}: nid oes dyddiad gwirio ei chyfeiriad wedi'i gofnodi.",
    ),
    "checked_long_ago": (
        GapKind.UNDER_AGE_FORM,
        "Under-age form of {name}: its address was last checked more than a year ago.",
        "Ffurflen dan oed {name}: gwiriwyd ei chyfeiriad ddiwethaf dros flwyddyn yn ôl.",
    ),
    "contact.website": (
        GapKind.CONTACT,
        "The school's website is not recorded, and letters name it.",
        "Nid oes cofnod o wefan yr ysgol, ac mae llythyrau'n ei henwi.",
    ),
    "contact.telephone": (
        GapKind.CONTACT,
        "The school's telephone number is not recorded, and letters give it.",
        "Nid oes cofnod o rif ffôn yr ysgol, ac mae llythyrau'n ei roi.",
    ),
    "contact.address": (
        GapKind.CONTACT,
        "The address of the school's office is not recorded, and letters give it.",
        "Nid oes cofnod o gyfeiriad swyddfa'r ysgol, ac mae llythyrau'n ei roi.",
    ),
    "contact.head_title.en": (
        GapKind.CONTACT,
        "The head's title in English is not recorded, and letters are signed with it.",
        "Nid oes cofnod o deitl Saesneg y pennaeth, ac mae llythyrau'n cael eu llofnodi ag ef.",
    ),
    "contact.head_title.cy": (
        GapKind.CONTACT,
        "The head's title in Welsh is not recorded, and letters are signed with it.",
        "Nid oes cofnod o deitl Cymraeg y pennaeth, ac mae llythyrau'n cael eu llofnodi ag ef.",
    ),
    "policy.circulated_to_parents_on": (
        GapKind.POLICY,
        "The date on which the policy was circulated to parents is not recorded.",
        "Nid oes cofnod o'r dyddiad y dosbarthwyd y polisi i rieni.",
    ),
    "policy.website": (
        GapKind.POLICY,
        "Where the policy is on the website is not recorded.",
        "Nid oes cofnod o ble mae'r polisi ar y wefan.",
    ),
}
"""Its kind, the English, the Welsh. A policy's date has the name it has in the file."""

STANDINGS: dict[AccountStanding, tuple[str, str]] = {
    AccountStanding.CLOSED: ("closed", "wedi'i gau"),
    AccountStanding.ORPHAN: ("orphan: its lead has left", "amddifad: mae'r arweinydd wedi gadael"),
    AccountStanding.UNAPPROVED: ("unapproved", "heb ei gymeradwyo"),
    AccountStanding.UNTRAINED: ("training not confirmed", "hyfforddiant heb ei gadarnhau"),
    AccountStanding.APPROVED: ("approved", "wedi'i gymeradwyo"),
}
"""How an account stands, in English and Welsh."""

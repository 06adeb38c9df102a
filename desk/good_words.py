"""What the page of good news says, in English and Welsh."""

from __future__ import annotations

from desk.vocabulary import Pair

GOOD_WORDS: dict[str, Pair] = {
    "lead": (
        "What people said about the school that is worth hearing, newest first. Nothing has to be done about any of it.",
        "Yr hyn a ddywedodd pobl am yr ysgol sy'n werth ei glywed, y diweddaraf yn gyntaf. Nid oes rhaid gwneud dim yn ei gylch.",
    ),
    "none": (
        "No praise has been found that you may see.",
        "Ni chafwyd canmoliaeth y cewch ei gweld.",
    ),
    "none_here": ("There is no more.", "Nid oes rhagor."),
    "thanking": ("Thanking and sharing", "Diolch a rhannu"),
    "nobody_yet": ("nobody has proposed anything", "nid oes neb wedi cynnig dim"),
    "thank_propose": ("Propose thanks or sharing", "Cynnig diolch neu rannu"),
    "thank_approve": ("Approve", "Cymeradwyo"),
    "thank": ("Record that the author was thanked", "Cofnodi y diolchwyd i'r awdur"),
    "share": ("Record that it was shared", "Cofnodi y cafodd ei rhannu"),
    "leave": ("Leave as it is", "Gadael fel y mae"),
    "waits_for": ("Next: {roles}", "Nesaf: {roles}"),
    "about": ("post of {when}", "neges {when}"),
    "whole": ("History and letters", "Hanes a llythyrau"),
}

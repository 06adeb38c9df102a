"""Who decides an incident: never the person it is about (L31, I3)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mentionwatch.ids import canonical_json, digest
from mentionwatch.labels import Role
from mentionwatch.policy import PolicyPack
from mentionwatch.school import SchoolProfile

RULE = "1"
"""Number of the rule below: counted up when it finds other roles in the same words."""

# A head of department is no headteacher, and an assistant head no deputy: both look-alikes are taken out first.
_NOT_A_ROLE = re.compile(
    r"\bheads? (?:of|for|boy|girl|over|to|in|on|and shoulders)\b|\b(?:ph?|b)ennaeth (?:adran|cyfadran|blwyddyn)\b|\bassistant head(?:teacher)?\b",
    re.I,
)
_DEPUTY = re.compile(
    r"\bdeputy[ -]head(?:[ -]?teacher)?\b|\bdeputy\b|\bd?dd?irprwy(?:[ -](?:b|ph?)ennaeth|[ -](?:b|ph)rifath\w+)?\b",
    re.I,
)
_CHAIR = re.compile(
    r"\bchair(?:man|woman|person)? of (?:the )?govern\w+\b|\b(?:ch|g|ngh)adeirydd\b|\bcadeirydd\b", re.I
)
_HEAD = re.compile(
    r"\bhead[ -]?(?:teachers?|masters?|mistress(?:es)?)\b|\b(?:the|our|new|old|that|this|your|executive) head\b|\b(?:the|our) principal\b"
    r"|\b(?:p|b|ph|mh)ennaeth\b|\b(?:p|b|ph|mh)rifath(?:ro|rawes|rawon)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class DeciderChoice:
    """Who decides, and why: `reasons` are for the record and quote no words of the post.

    `instead` follow in the order where that one may not: who stepped back from an earlier incident of the post.
    """

    role: Role
    reasons: tuple[str, ...]
    instead: tuple[Role, ...] = ()


def _names_any(text: str, surnames: tuple[str, ...]) -> bool:
    return any(re.search(rf"\b{re.escape(name)}(?:'s|’s)?\b", text, re.I) for name in surnames if name)


def find_subjects(text: str, profile: SchoolProfile) -> frozenset[Role]:
    """The deciding roles a post mentions, by office or by surname. Errs towards finding one: recusal is cheap."""
    text = _NOT_A_ROLE.sub(" ", text)
    found: set[Role] = set()
    if _DEPUTY.search(text) or _names_any(text, profile.deputy_surnames):
        found.add(Role.DEPUTY)
    text = _DEPUTY.sub(" ", text)
    if _CHAIR.search(text) or _names_any(text, profile.chair_surnames):
        found.add(Role.CHAIR)
    if _HEAD.search(text) or _names_any(text, profile.head_surnames):
        # Which of two co-heads is meant is for a person to say: neither decides until then.
        found |= {Role.HEAD, Role.CO_HEAD}
    if found & {Role.HEAD, Role.DEPUTY}:
        found.add(Role.SLT)
    return frozenset(found)


def fingerprint(profile: SchoolProfile) -> str:
    """Digest of everything but the text that `find_subjects` goes by: another one means that posts are read again."""
    names = {
        "head": profile.head_surnames,
        "deputy": profile.deputy_surnames,
        "chair": profile.chair_surnames,
    }
    return digest(canonical_json({"rule": RULE} | {key: "\n".join(each) for key, each in names.items()}))


def order_of(pack: PolicyPack, has_deputy: bool) -> tuple[Role, ...]:
    """Who decides, first to last; a school without a deputy has none in it."""
    order = pack.conflict_order.roles if pack.conflict_order else pack.decider.roles
    return tuple(role for role in order if role is not Role.DEPUTY or has_deputy)


def list_later(decider: Role, pack: PolicyPack, has_deputy: bool) -> tuple[Role, ...]:
    """Who comes after a decider in the pack's order; where it is silent, the chair of governors."""
    order = pack.conflict_order.roles if pack.conflict_order else (*pack.decider.roles, Role.CHAIR)
    order = tuple(role for role in order if role is not Role.DEPUTY or has_deputy)
    later = order[order.index(decider) + 1 :] if decider in order else (Role.CHAIR,)
    return tuple(role for role in later if role is not decider)


def choose_decider(pack: PolicyPack, profile: SchoolProfile, text: str) -> DeciderChoice:
    """The first role of the pack's order that the post is not about.

    Where the pack is silent on conflicts the chair of governors follows. When the whole order is
    concerned the answer is the chair still, with the reason that someone outside must be asked.
    """
    subjects = find_subjects(text, profile)
    order = order_of(pack, profile.has_deputy)
    first = pack.decider.roles[0]
    reasons: list[str] = []
    for role in order:
        if role not in subjects:
            break
        reasons.append(f"the post mentions the {role.value.replace('_', '-')}, who therefore does not decide")
    else:
        role = Role.CHAIR
        if pack.conflict_order is None:
            reasons.append(
                "who decides then is not set by your policy: the chair of governors is asked until the school adopts a rule"
            )
        if Role.CHAIR in subjects:
            reasons.append(
                "the post mentions everyone in the order: ask the local authority or trust who decides"
            )
    instead = tuple(one for one in list_later(role, pack, profile.has_deputy) if one not in subjects)
    if role is first:
        return DeciderChoice(role, (), instead)
    if pack.conflict_order and pack.conflict_order.clause:
        reasons.append(pack.conflict_order.clause.cite())
    return DeciderChoice(role, tuple(reasons), instead)

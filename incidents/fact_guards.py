"""Why a step is refused for what was stated with it: a date in the future, a second reader who is the first, a gate not ticked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from incidents.facts import Facts
from incidents.guards import document_made, on_school_account
from incidents.limits import removal_limit, six_on
from incidents.standing import DocumentKind, IncidentNow
from incidents.steps import FactGuard
from mentionwatch.labels import Role
from mentionwatch.law import find_offence
from mentionwatch.policy import PolicyPack, RuleKey, Standing

APART = timedelta(hours=6)
"""Two looks closer together than this are one look (evidence.md: deletion checks)."""
PLATFORM_SILENCE = timedelta(days=28)

MEETING_POINTS = (
    "expectations",
    "effect_on_school",
    "nothing_is_private",
    "law_explained",
    "removal_asked",
    "union_note",
    "concerns_invited",
    "complaints_given",
)
"""What a meeting covers (Llanbedrog, Internal Procedure 2.2; L34)."""
_POINT_VALUES = ("done", "not done", "not applicable")


def evidence_or_gap(now: IncidentNow, facts: Facts, _: PolicyPack, __: Role) -> str:
    """Copy, time and address, or a written reason for each gap (L17)."""
    if now.has_evidence or "gap_evidence" in facts:
        return ""
    return "there is no evidence stored for it. Say why: --fact gap_evidence=..."


def press_facts(now: IncidentNow, facts: Facts, pack: PolicyPack, role: Role) -> str:
    """Written approval by the head, or the media policy, where the pack asks for it."""
    if pack.has(RuleKey.PRESS, "written_approval"):
        if "approval" not in facts:
            return "the head's written approval is missing. Add --fact approval=..."
        if role not in (Role.HEAD, Role.CO_HEAD, now.decider):
            return f"only the head, or who decides instead, approves an answer, not the {role.value}"
    if pack.has(RuleKey.PRESS, "media_policy") and "media_policy" not in facts:
        return "the media policy comes first. Add --fact media_policy=... (where it is)"
    return ""


def _is_future(moment: datetime | None, now: IncidentNow) -> bool:
    return moment is not None and now.at is not None and moment > now.at


def meeting_is_ahead(now: IncidentNow, facts: Facts, _: PolicyPack, __: Role) -> str:
    """An invitation is to a time that has not been."""
    if now.at is not None and not _is_future(facts.instant("meeting_at"), now):
        return "meeting_at is in the past"
    return ""


def invitation_by_letter(now: IncidentNow, facts: Facts, pack: PolicyPack, _: Role) -> str:
    """A letter is on file; an invitation by word of mouth is recorded (L29)."""
    if facts.get("means") == "letter":
        made, meeting = now.made(DocumentKind.INVITATION), facts.instant("meeting_at")
        if made and made.deadline_at and made.deadline_at != meeting:
            return f"the invitation on file names {made.deadline_at.isoformat()}: another time needs another letter"
        return document_made(DocumentKind.INVITATION)(now, pack)
    return "" if "said" in facts else "what was said by word of mouth is to be recorded. Add --fact said=..."


def nothing_ahead(*keys: str) -> FactGuard:
    """What is recorded as done has been."""

    def check(now: IncidentNow, facts: Facts, _: PolicyPack, __: Role) -> str:
        late = [key for key in keys if _is_future(facts.instant(key), now)]
        return f"{late[0]} is in the future" if late else ""

    return check


def meeting_points(_: IncidentNow, facts: Facts, __: PolicyPack, ___: Role) -> str:
    """Each point of the meeting is done, not done, or not applicable (L34)."""
    found: dict[str, str] = {}
    for line in facts.lines("checklist"):
        point, _colon, value = (part.strip() for part in line.partition(":"))
        if point not in MEETING_POINTS or value not in _POINT_VALUES:
            return f"{line!r} is no point of the meeting. Write POINT: {' | '.join(_POINT_VALUES)}"
        found[point] = value
    missing = [point for point in MEETING_POINTS if point not in found]
    return f"the checklist lacks: {', '.join(missing)}" if missing else ""


def ladder(_: IncidentNow, facts: Facts, __: PolicyPack, ___: Role) -> str:
    """Reminder, end, leave, police: in this order, each with its time (L35)."""
    order = ("reminder", "ended", "asked_to_leave", "police_called")
    found: list[str] = []
    last = datetime.min.replace(tzinfo=UTC)
    for line in facts.lines("ladder"):
        name, _space, at = line.partition(" ")
        try:
            moment = datetime.fromisoformat(at.strip())
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            return f"{line!r} has no time. Write: reminder 2026-11-24T10:05Z"
        is_later = name in order and all(order.index(name) > order.index(done) for done in found)
        if not is_later or moment < last:
            return f"{line!r} is out of order. The order is: {', '.join(order)}"
        found.append(name)
        last = moment
    missing = [name for name in order[:2] if name not in found]
    return (
        f"the meeting ends after a reminder, each with its time; missing: {', '.join(missing)}"
        if missing
        else ""
    )


def cross_reference(now: IncidentNow, facts: Facts, pack: PolicyPack, _: Role) -> str:
    """Every piece of evidence stands against a clause, with concern and reasoning (L32, T20)."""
    known = {name for name, _clause in pack.clauses}
    covered = set()
    for line in facts.lines("cross_reference"):
        item, _space, rest = line.partition(" ")
        name, _colon, why = (part.strip() for part in rest.partition(":"))
        if name not in known:
            return f"there is no clause {name!r} in the pack. Name one of: {', '.join(sorted(known))}"
        if now.evidence and item not in now.evidence:
            return f"{item!r} is no piece of evidence. They are: {', '.join(now.evidence)}"
        if len(why) < 10:
            return f"{line!r} does not say why. Write: {item} {name}: the concern, and the reasoning"
        covered.add(item)
    missing = [item for item in now.evidence if item not in covered]
    return f"not set against a clause yet: {', '.join(missing)}" if missing else ""


def offence_fits(now: IncidentNow, facts: Facts, __: PolicyPack, ___: Role) -> str:
    """What the offence turns on has been asked, and going to the police is proportionate (T10)."""
    name = facts.get("offence")
    if name != "other":
        offence = find_offence(name)
        ticked = facts.lines("tick")
        known = {tick.id for tick in offence.ticks}
        if strange := [tick for tick in ticked if tick not in known]:
            return f"{strange[0]!r} is no question of {name}. They are: {', '.join(sorted(known))}"
        occasions = max(len(facts.lines("occasion")), 1 if now.has_evidence else 0)
        if missing := offence.missing(ticked, occasions, "en"):
            how = " ".join(f"--fact tick={tick.id}" for tick in offence.ticks if tick.id not in ticked)
            return f"not answered yet: {' '.join(missing)} Add {how or '--fact occasion=... for each'}"
    if len(facts.get("proportionate")) < 20:
        return "why this is proportionate needs a sentence: a complaint is not an offence"
    return ""


def letter_fits(now: IncidentNow, facts: Facts, pack: PolicyPack, __: Role) -> str:
    """A second person read it; a picture goes along only when nobody can be told from it (L21, T27)."""
    made = now.made(DocumentKind.REMOVAL)
    if facts.get("second_reader").casefold() in {
        now.actor.casefold(),
        made.made_by.casefold() if made else "",
    }:
        return "the second reader is the one who wrote or sends it: another person reads it first"
    posted = facts.instant("letter_posted_at")
    if made and made.deadline_at and posted and made.deadline_at < removal_limit(posted, pack):
        return (
            f"the letter names {made.deadline_at.isoformat()}, which is too soon after it was posted: the author has "
            f"until {removal_limit(posted, pack).isoformat()}. Make the letter again"
        )
    if made and made.made_at and posted and posted < made.made_at:
        return f"letter_posted_at is before the letter was made at {made.made_at.isoformat()}"
    if facts.get("screenshot") == "yes" and "identities_hidden" not in facts:
        return (
            "a picture is enclosed, and nobody has ticked that neither the reporter nor the account it was seen "
            "through can be told from it. Add --fact identities_hidden=yes, or send the extract as text alone"
        )
    return ""


def gone_twice(_: IncidentNow, facts: Facts, __: PolicyPack, ___: Role) -> str:
    """Two looks six hours apart, and a person (T28)."""
    first, then = facts.instant("first_gone_at"), facts.instant("checked_at")
    if first is None or then is None or then - first < APART:
        return "gone is believed after two looks at least six hours apart"
    return ""


def platform_answered(now: IncidentNow, facts: Facts, _: PolicyPack, __: Role) -> str:
    """No answer counts after 28 days (T32)."""
    entered = now.entered_at
    if facts.get("outcome") == "no_answer" and now.at and entered and now.at < entered + PLATFORM_SILENCE:
        return "no answer counts after 28 days, not before"
    return ""


def later_limit(now: IncidentNow, facts: Facts, _: PolicyPack, __: Role) -> str:
    """T30: a person may extend, never shorten."""
    until = facts.instant("until")
    if until is not None and now.deadline_at is not None and until <= now.deadline_at:
        return f"the time limit is {now.deadline_at.isoformat()}; it may be made later, never earlier"
    return ""


def who_may_ask(now: IncidentNow, _: Facts, pack: PolicyPack, role: Role) -> str:
    """Who asks an author to take a post down is the pack's to say (G10, tension 1)."""
    if pack.has(RuleKey.ASK_REMOVAL, "anyone"):
        return ""
    allowed = {now.decider, *_delegates(now)}
    if pack.has(RuleKey.ASK_REMOVAL, "slt"):
        allowed |= {Role.HEAD, Role.CO_HEAD, Role.DEPUTY, Role.SLT}
    return "" if role in allowed else f"your policy does not let the {role.value} ask for removal"


def _delegates(now: IncidentNow) -> frozenset[Role]:
    named = now.facts.get("delegate")
    return frozenset({Role(named)}) if named else frozenset()


def answered_where(now: IncidentNow, facts: Facts, _: PolicyPack, __: Role) -> str:
    """No public reply on other people's pages (concern track)."""
    if facts.get("where") == "school_account":
        return on_school_account(now, _)
    return ""


def days_ahead(*keys: str) -> FactGuard:
    """A day that somebody is given lies ahead."""

    def check(now: IncidentNow, facts: Facts, _: PolicyPack, __: Role) -> str:
        past = [key for key in keys if (day := facts.day(key)) and now.at and day <= now.at.date()]
        return f"{past[0]} has passed or is today" if past else ""

    return check


def ban_notice_fits(now: IncidentNow, facts: Facts, _: PolicyPack, __: Role) -> str:
    """The person may answer until the day that the paper names."""
    made, day = now.made(DocumentKind.BAN_NOTICE), facts.day("respond_by")
    if made and made.deadline_at and day and six_on(day) != made.deadline_at:
        return f"the notice on file names another day: {made.deadline_at.date().isoformat()}"
    return ""


def looked_after_limit(now: IncidentNow, facts: Facts, _: PolicyPack, __: Role) -> str:
    """Still there counts when somebody looked after the time limit (T29)."""
    looked, limit = facts.instant("looked_at"), now.own_deadline_at or now.deadline_at
    if looked and limit and looked < limit:
        return f"that look was before the time limit {limit.isoformat()}: look again"
    return ""


def gone_since_asked(now: IncidentNow, facts: Facts, _: PolicyPack, __: Role) -> str:
    """What was gone before removal was asked for was not taken down because of it."""
    first = facts.instant("first_gone_at")
    if first and now.entered_at and first < now.entered_at:
        return f"first_gone_at is before removal was asked for at {now.entered_at.isoformat()}"
    return ""


def proposed_to_share(now: IncidentNow, _: Facts, __: PolicyPack, ___: Role) -> str:
    """Approved as a thank-you is not approved to share."""
    if now.facts.get("proposal") == "thank":
        return "what was approved is a thank-you: propose to share it first"
    return ""


def ban_has_review(_: IncidentNow, facts: Facts, __: PolicyPack, ___: Role) -> str:
    """A ban that nobody looks at again is no decision."""
    if facts.get("ban") == "imposed" and "review_on" not in facts:
        return "a ban has a day on which it is looked at again. Add --fact review_on=2027-01-11"
    return ""


WHEN_UNKNOWN = ("author_permission", "image_permission", "not_on_list", "carer_permission")


def sharing_gates(now: IncidentNow, facts: Facts, pack: PolicyPack, _: Role) -> str:
    """Every permission the pack asks for before something is shared or thanked in public (L14, C10, G08)."""
    rule = pack.rule(RuleKey.SHARING)
    ticked = now.facts.with_more(facts)
    # Where the copy of the policy has lost what it asks for, the permissions nobody would do without are asked.
    asked = WHEN_UNKNOWN if rule.standing is Standing.UNKNOWN else rule.values if rule.is_set else ()
    missing = [gate for gate in asked if gate != "deputy_posts" and gate not in ticked]
    if not missing:
        return ""
    return "not ticked yet: " + " ".join(f"--fact {gate}=yes" for gate in missing)


def deputy_posts(_: IncidentNow, __: Facts, pack: PolicyPack, role: Role) -> str:
    """C10: the deputy posts, nobody else."""
    if pack.has(RuleKey.SHARING, "deputy_posts") and role is not Role.DEPUTY:
        return f"the deputy posts what was approved, not the {role.value}"
    return ""


def own_space_value(_: IncidentNow, facts: Facts, pack: PolicyPack, __: Role) -> str:
    """Only what the pack lets operators do (G04)."""
    action = facts.get("action")
    return "" if pack.has(RuleKey.OWN_SPACE, action) else f"your policy does not speak of {action}"

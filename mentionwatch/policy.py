"""A school's policy as data. Every rule cites document and section; what a policy does not say stays silent.

Silent never inherits from another policy: the screen says "not set by your policy" and the school may adopt
a value of its own, dated.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from mentionwatch.labels import AuthorKind, Harm, Role, Route

DECIDING_ROLES = (Role.HEAD, Role.CO_HEAD, Role.SLT, Role.DEPUTY, Role.CHAIR, Role.DSL)
NOT_SET = "not set by your policy"


class RuleKey(StrEnum):
    """What policies differ in (reference protocol.md, section 1.5). The value is the table's name in the pack."""

    REGULATED_AUTHORS = "regulated_authors"
    INAPPROPRIATE = "inappropriate"
    FIRST_REPORT = "first_report"
    EVIDENCE = "evidence"
    NO_CONTACT = "no_contact"
    ANONYMITY = "anonymity"
    POLICE = "police"
    POLICE_FREEZES = "police_freezes"
    SAFETY = "safety"
    SUPPORT = "support"
    ALSO_TELL = "also_tell"
    ASK_REMOVAL = "ask_removal"
    MEETING = "meeting"
    LETTERS = "letters"
    PLATFORM = "platform"
    ACKNOWLEDGE = "acknowledge"
    COMPLAINT = "complaint"
    PRESS = "press"
    PUPIL_AUTHOR = "pupil_author"
    STAFF_AUTHOR = "staff_author"
    FORMER_PUPIL = "former_pupil"
    PREMISES = "premises"
    SHARING = "sharing"
    OWN_SPACE = "own_space"
    ILLEGAL_IMAGES = "illegal_images"
    PERSONAL_DETAILS = "personal_details"
    MEDIA = "media"
    REACH = "reach"
    LEGAL = "legal"
    ADVICE = "advice"


RULE_VALUES: dict[RuleKey, tuple[str, ...]] = {
    RuleKey.REGULATED_AUTHORS: tuple(kind.value for kind in AuthorKind if kind is not AuthorKind.UNKNOWN),
    RuleKey.FIRST_REPORT: (
        *(role.value for role in Role if role is not Role.PIPELINE),
        "class_teacher",
        "child_protection_officer",
        "business_manager",
    ),
    RuleKey.EVIDENCE: (
        "screenshot",
        "posted_at",
        "url",
        "emails_kept",
        "calls_logged",
        "it_copies",
        "records",
    ),
    RuleKey.ANONYMITY: ("promised", "pupils_in_confidence"),
    RuleKey.POLICE: ("must", "school_reports", "advise_employee", "families_refuse_and_it_continues"),
    RuleKey.ASK_REMOVAL: ("decider", "slt", "anyone", "staff_required"),
    RuleKey.MEETING: ("invite", "witness", "courtesy", "families"),
    RuleKey.LETTERS: ("invitation", "removal", "after_no_show", "advice"),
    RuleKey.PLATFORM: ("report", "school_account", "under_age_form"),
    RuleKey.PRESS: ("tell_slt", "advice_first", "written_approval", "media_policy"),
    RuleKey.PUPIL_AUTHOR: ("behaviour", "families"),
    RuleKey.STAFF_AUTHOR: ("disciplinary", "child_protection", "removal"),
    RuleKey.FORMER_PUPIL: ("broker",),
    RuleKey.SHARING: (
        "author_permission",
        "image_permission",
        "not_on_list",
        "credit",
        "platform_consent",
        "no_identifying_detail",
        "positive_and_relevant",
        "head_confirms",
        "deputy_posts",
        "carer_permission",
    ),
    RuleKey.OWN_SPACE: ("block", "report", "delete", "say_why"),
    RuleKey.ILLEGAL_IMAGES: ("no_copy", "police", "delete_at_once"),
    RuleKey.MEDIA: ("networks", "blogs", "microblogs", "forums", "wikis", "video", "photo", "reviews"),
    RuleKey.REACH: (
        "staff",
        "pupils",
        "parents",
        "partners",
        "suppliers",
        "outside_hours",
        "off_site",
        "target_unaware",
    ),
    RuleKey.ACKNOWLEDGE: ("school_account",),
}
"""Values a rule may take; a rule that is not here takes none (ALSO_TELL takes free text)."""


class Standing(StrEnum):
    """Does the policy say anything? UNKNOWN: it did, and the copy we hold has lost it."""

    SET = "set"
    ADOPTED = "adopted"
    SILENT = "silent"
    UNKNOWN = "unknown"


class DeadlineKey(StrEnum):
    """Clocks a policy may set."""

    REMOVAL = "removal"
    ACKNOWLEDGE = "acknowledge"
    DECISION = "decision"
    POLICE_REVIEW = "police_review"
    PREPARE = "prepare"
    MINUTES = "minutes"
    CLOSE = "close"


class DeadlineUnit(StrEnum):
    """What a clock counts."""

    HOURS = "hours"
    SCHOOL_DAYS = "school_days"


@dataclass(frozen=True, slots=True)
class Clause:
    """One place in the policy. `gist` is in our own words, never the policy's sentence."""

    document: str
    section: str
    gist: str

    def cite(self) -> str:
        """How the clause is quoted everywhere: `Social Networking Policy, section 11`."""
        return f"{self.document}, {self.section}"


@dataclass(frozen=True, slots=True)
class FirstStep:
    """One of the first things a person does, in English and Welsh, with the clause it comes from.

    `routes` empty: on every route.
    """

    english: str
    welsh: str
    clause: Clause
    routes: tuple[Route, ...]

    def text(self, lang: str) -> str:
        """In the reader's language."""
        return self.welsh if lang == "cy" else self.english


@dataclass(frozen=True, slots=True)
class Question:
    """What the policy wants answered before a step: asked as the fact `key` of the events in `events`."""

    key: str
    english: str
    welsh: str
    clause: Clause
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """What one policy says on one point. No clause: the school adopted `values` itself, on `adopted_on`."""

    key: RuleKey
    standing: Standing = Standing.SILENT
    clause: Clause | None = None
    values: tuple[str, ...] = ()
    adopted_on: date | None = None
    note: str = ""

    @property
    def is_set(self) -> bool:
        """Does it bind? Silent and unknown never do."""
        return self.standing in (Standing.SET, Standing.ADOPTED)

    def quote(self) -> str:
        """The rule as a refusal or a screen shows it."""
        if self.clause is not None:
            return f"{self.clause.cite()}: {self.clause.gist}"
        if self.adopted_on is not None:
            return f"adopted by the school on {self.adopted_on.isoformat()}"
        if self.standing is Standing.UNKNOWN:
            return f"unknown: {self.note}"
        return NOT_SET


@dataclass(frozen=True, slots=True)
class RoleRule:
    """Which roles, by which clause. No clause: the school adopted this itself, on `adopted_on`."""

    roles: tuple[Role, ...]
    clause: Clause | None
    adopted_on: date | None = None


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """A clock of the policy: `amount` of `unit`. The school may be kinder with `adopted`, never stricter."""

    key: DeadlineKey
    amount: int
    unit: DeadlineUnit
    clause: Clause
    adopted: int | None = None
    adopted_on: date | None = None

    @property
    def in_force(self) -> int:
        """The amount that counts."""
        return self.amount if self.adopted is None else self.adopted


@dataclass(frozen=True, slots=True)
class PolicyPack:
    """One policy.

    `monitoring_clause` None: nothing in it lets the school watch public postings. `conflict_order` None:
    silent on who decides when the post is about the decider. `harm_clauses` says which clause a harm
    touches; `dated_on` None: the policy carries no date. `sha256` is over the pack's own text `source`, so that
    a changed pack is another version even under the same date (I12). `adopted` is what the school laid over it, as JSON.
    """

    id: str
    title: str
    school: str
    nation: str
    authority_body: str
    dated_on: date | None
    review_due_on: date | None
    monitoring_clause: Clause | None
    monitoring_note: str
    decider: RoleRule
    conflict_order: RoleRule | None
    clauses: tuple[tuple[str, Clause], ...]
    rules: tuple[Rule, ...]
    deadlines: tuple[DeadlineRule, ...]
    questions: tuple[Question, ...]
    harm_clauses: tuple[tuple[Harm, Clause], ...]
    first_steps: tuple[FirstStep, ...]
    contacts: tuple[tuple[str, str], ...] = ()
    source: str = field(default="", repr=False)
    sha256: str = ""
    adopted: str = ""

    @property
    def version(self) -> str:
        """Stamped on every step taken under the pack: id, date of the policy, digest of the pack's text."""
        dated = self.dated_on.isoformat() if self.dated_on else "undated"
        return f"{self.id}@{dated}" + (f"+{self.sha256[:8]}" if self.sha256 else "")

    def rule(self, key: RuleKey) -> Rule:
        """What the policy says on one point; a silent rule when it says nothing."""
        return next((rule for rule in self.rules if rule.key is key), Rule(key))

    def has(self, key: RuleKey, value: str) -> bool:
        """Does a rule bind, and hold this value?"""
        rule = self.rule(key)
        return rule.is_set and value in rule.values

    def clause(self, name: str) -> Clause | None:
        """A clause by its name in the pack."""
        return dict(self.clauses).get(name)

    def deadline(self, key: DeadlineKey) -> DeadlineRule | None:
        """A clock the policy sets, or None."""
        return next((rule for rule in self.deadlines if rule.key is key), None)

    def adopt(self, rules: tuple[Rule, ...], adopted: str) -> PolicyPack:
        """The pack with what the school adopted where its policy is silent; the caller has checked that it is.

        `adopted` is the same as JSON; with it the pack is another version.
        """
        keys = {rule.key for rule in rules}
        return replace(
            self,
            rules=(*(rule for rule in self.rules if rule.key not in keys), *rules),
            adopted=adopted,
            sha256=hashlib.sha256(f"{self.sha256}\n{adopted}".encode()).hexdigest(),
        )

    @property
    def complaint_clause(self) -> Clause | None:
        """Where the policy points to the complaints procedure."""
        return self.rule(RuleKey.COMPLAINT).clause

    @property
    def police_freezes(self) -> bool:
        """Does the policy itself stop every internal step while the police have it?"""
        return self.rule(RuleKey.POLICE_FREEZES).is_set

    def is_stale(self, on: date) -> bool:
        """True when the policy's own review date has passed, or when it carries no date at all."""
        if self.review_due_on is not None:
            return self.review_due_on < on
        return self.dated_on is None

    def clause_for(self, harms: tuple[Harm, ...]) -> Clause | None:
        """The clause an inappropriate post touches: by its first harm that has one, else the general one."""
        clauses = dict(self.harm_clauses)
        general = self.rule(RuleKey.INAPPROPRIATE).clause
        return next((clauses[harm] for harm in harms if harm in clauses), general)

    def steps_for(self, route: Route, lang: str) -> tuple[str, ...]:
        """The pack's first steps on this route, each with its citation."""
        return tuple(
            f"{step.text(lang)} ({step.clause.cite()})"
            for step in self.first_steps
            if not step.routes or route in step.routes
        )

"""A school's policy as data. Every rule cites document and section; what a policy does not say stays silent.

Silent never inherits from another policy: the screen says "not set by your policy" and the school may adopt
a value of its own, dated.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from mentionwatch.labels import Harm, Role, Route
from mentionwatch.tables import Table

_Member = TypeVar("_Member", bound=StrEnum)

DECIDING_ROLES = (Role.HEAD, Role.CO_HEAD, Role.SLT, Role.DEPUTY, Role.CHAIR, Role.DSL)


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
class RoleRule:
    """Which roles, by which clause. No clause: the school adopted this itself, on `adopted_on`."""

    roles: tuple[Role, ...]
    clause: Clause | None
    adopted_on: date | None = None


@dataclass(frozen=True, slots=True)
class PolicyPack:
    """One policy.

    `monitoring_clause` None: nothing in it lets the school watch public postings. `conflict_order` None:
    silent on who decides when the post is about the decider. `harm_clauses` says which clause a harm
    touches; `dated_on` None: the policy carries no date. `police_must`: the decider must inform the police
    of illegal content, rather than consider it.
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
    evidence_clause: Clause | None
    no_contact_clause: Clause | None
    anonymity_clause: Clause | None
    police_clause: Clause | None
    police_must: bool
    police_freezes: bool
    inappropriate_clause: Clause | None
    complaint_clause: Clause | None
    harm_clauses: tuple[tuple[Harm, Clause], ...]
    first_steps: tuple[FirstStep, ...]
    also_tell: tuple[tuple[str, Clause], ...]

    @property
    def version(self) -> str:
        """Stamped on every step taken under the pack: id and date of the policy."""
        return f"{self.id}@{self.dated_on.isoformat() if self.dated_on else 'undated'}"

    def is_stale(self, on: date) -> bool:
        """True when the policy's own review date has passed, or when it carries no date at all."""
        if self.review_due_on is not None:
            return self.review_due_on < on
        return self.dated_on is None

    def clause_for(self, harms: tuple[Harm, ...]) -> Clause | None:
        """The clause an inappropriate post touches: by its first harm that has one, else the general one."""
        clauses = dict(self.harm_clauses)
        return next((clauses[harm] for harm in harms if harm in clauses), self.inappropriate_clause)

    def steps_for(self, route: Route, lang: str) -> tuple[str, ...]:
        """The pack's first steps on this route, each with its citation."""
        return tuple(
            f"{step.text(lang)} ({step.clause.cite()})"
            for step in self.first_steps
            if not step.routes or route in step.routes
        )


class _Clauses:
    """The pack's `[clause.NAME]` tables; every other rule refers to them by name."""

    def __init__(self, table: Table, document: str) -> None:
        self._found: dict[str, Clause] = {}
        for name in table.names():
            row = table.table(name)
            self._found[name] = Clause(row.text("document", document), row.text("section"), row.text("gist"))
            row.finish()
        table.finish()

    def named(self, rule: Table, key: str) -> Clause | None:
        """The clause a rule names; None when the rule is silent."""
        name = rule.text(key, "")
        if not name:
            return None
        if name not in self._found:
            known = ", ".join(sorted(self._found)) or "none"
            raise rule.wrong(
                key, f"there is no clause {name!r}", f"Name one of: {known}; or add [clause.{name}]"
            )
        return self._found[name]

    def needed(self, rule: Table, key: str) -> Clause:
        """The same where a rule without its clause would be an invention."""
        found = self.named(rule, key)
        if found is None:
            raise rule.wrong(key, "names no clause", "Every rule cites its clause: name one under [clause]")
        return found


def _members(table: Table, key: str, kind: type[_Member], values: tuple[str, ...]) -> tuple[_Member, ...]:
    known = {str(member.value): member for member in kind}
    for value in values:
        if value not in known:
            raise table.wrong(key, f"{value!r} is unknown", f"Write one of: {', '.join(known)}")
    return tuple(known[value] for value in values)


def _role_rule(table: Table, clauses: _Clauses) -> RoleRule | None:
    """Roles with their clause, or with the date the school adopted them itself; None when silent."""
    if not table.names():
        return None
    roles = _members(table, "roles", Role, table.texts("roles"))
    wrong = [role for role in roles if role not in DECIDING_ROLES]
    if not roles or wrong or len(set(roles)) != len(roles):
        raise table.wrong(
            "roles", "must name each deciding role once", f"Write some of: {', '.join(DECIDING_ROLES)}"
        )
    rule = RoleRule(roles, clauses.named(table, "clause"), table.day("adopted_on"))
    if rule.clause is None and rule.adopted_on is None:
        raise table.wrong(
            "clause",
            "names no clause",
            "Name one, or write adopted_on = the date the school decided this itself",
        )
    table.finish()
    return rule


def _first_step(table: Table, clauses: _Clauses) -> FirstStep:
    step = FirstStep(
        english=table.text("en"),
        welsh=table.text("cy"),
        clause=clauses.needed(table, "clause"),
        routes=_members(table, "routes", Route, table.texts("routes")),
    )
    table.finish()
    return step


def _harm_clauses(table: Table, clauses: _Clauses) -> tuple[tuple[Harm, Clause], ...]:
    harms = _members(table, table.path, Harm, table.names())
    found = tuple((harm, clauses.needed(table, harm.value)) for harm in harms)
    table.finish()
    return found


def _also_tell(table: Table, clauses: _Clauses) -> tuple[str, Clause]:
    row = (table.text("who"), clauses.needed(table, "clause"))
    table.finish()
    return row


def parse_pack(table: Table) -> PolicyPack:
    """Read a pack. Raises `ConfigError` naming file, key and mend: an unknown clause or role, a missing decider."""
    document = table.text("document")
    clauses = _Clauses(table.table("clause"), document)
    monitoring, protocol = table.table("monitoring"), table.table("protocol")
    decider_table = table.table("decider")
    decider = _role_rule(decider_table, clauses)
    if decider is None:
        raise table.wrong("decider", "is missing", 'Add [decider] with roles = ["head"] and clause = "..."')
    pack = PolicyPack(
        id=table.text("id"),
        title=table.text("title", document),
        school=table.text("school"),
        nation=table.text("nation"),
        authority_body=table.text("authority_body", ""),
        dated_on=table.day("dated_on"),
        review_due_on=table.day("review_due_on"),
        monitoring_clause=clauses.named(monitoring, "clause"),
        monitoring_note=monitoring.text("note", ""),
        decider=decider,
        conflict_order=_role_rule(table.table("conflict_order"), clauses),
        evidence_clause=clauses.named(protocol, "evidence"),
        no_contact_clause=clauses.named(protocol, "no_contact"),
        anonymity_clause=clauses.named(protocol, "anonymity"),
        police_clause=clauses.named(protocol, "police"),
        police_must=protocol.flag("police_must"),
        police_freezes=protocol.flag("police_freezes"),
        inappropriate_clause=clauses.named(protocol, "inappropriate"),
        complaint_clause=clauses.named(protocol, "complaint"),
        harm_clauses=_harm_clauses(table.table("harms"), clauses),
        first_steps=tuple(_first_step(row, clauses) for row in table.tables("first_step")),
        also_tell=tuple(_also_tell(row, clauses) for row in table.tables("also_tell")),
    )
    monitoring.finish()
    protocol.finish()
    table.finish()
    if not pack.first_steps:
        raise table.wrong("first_step", "there is none", "Add [[first_step]] with en, cy and clause")
    return pack

"""Reading a pack: strict, and every refusal names file, key, cause and mend."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from enum import StrEnum
from typing import TypeVar

from mentionwatch.labels import Harm, Role, Route
from mentionwatch.packs_template import find_placeholders
from mentionwatch.policy import (
    DECIDING_ROLES,
    NOT_SET,
    RULE_VALUES,
    Clause,
    DeadlineKey,
    DeadlineRule,
    DeadlineUnit,
    FirstStep,
    PolicyPack,
    Question,
    RoleRule,
    Rule,
    RuleKey,
    Standing,
)
from mentionwatch.tables import Table

_Member = TypeVar("_Member", bound=StrEnum)
_NAME = re.compile(r"[a-z][a-z0-9_]*")
ADDRESS = re.compile(r"@|(?:[0-9][ ().+-]*){5}")
"""An e-mail address, or a number long enough to be a telephone's: neither belongs into a pack (C02)."""

NATIONS = ("england", "wales")
LEAST_REMOVAL_HOURS = 48
"""Nobody is given less time than this to take a post down, whatever a pack says (L39, I5)."""


class _Clauses:
    """The pack's `[clause.NAME]` tables; every other rule refers to them by name."""

    def __init__(self, table: Table, document: str) -> None:
        self.found: dict[str, Clause] = {}
        for name in table.names():
            row = table.table(name)
            self.found[name] = Clause(row.text("document", document), row.text("section"), row.text("gist"))
            row.finish()
        table.finish()

    def named(self, rule: Table, key: str) -> Clause | None:
        """The clause a rule names; None when the rule is silent."""
        name = rule.text(key, "")
        if not name:
            return None
        if name not in self.found:
            known = ", ".join(sorted(self.found)) or "none"
            raise rule.wrong(
                key, f"there is no clause {name!r}", f"Name one of: {known}; or add [clause.{name}]"
            )
        return self.found[name]

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
    if not roles or wrong:
        raise table.wrong(
            "roles", "must name at least one deciding role", f"Write some of: {', '.join(DECIDING_ROLES)}"
        )
    twice = sorted({role.value for role in roles if roles.count(role) > 1})
    if twice:
        raise table.wrong(
            "roles",
            f"is a loop: {', '.join(twice)} comes twice, so a post about them would come back to them",
            "Name each role once, in the order they follow each other",
        )
    rule = RoleRule(roles, clauses.named(table, "clause"), table.day("adopted_on"))
    if rule.clause is None and rule.adopted_on is None:
        mend = "Name one, or write adopted_on = the date the school decided this itself"
        raise table.wrong("clause", "names no clause", mend)
    table.finish()
    return rule


def _values(table: Table, key: RuleKey) -> tuple[str, ...]:
    values = table.texts("values")
    if key is RuleKey.ALSO_TELL:
        if any(ADDRESS.search(value) for value in values):
            raise table.wrong("values", "holds an address or a number", "Name an office or a role only")
        return values
    known = RULE_VALUES.get(key, ())
    wrong = [value for value in values if value not in known]
    if wrong:
        mend = f"Write some of: {', '.join(known)}" if known else "Leave values out: this rule takes none"
        raise table.wrong("values", f"{wrong[0]!r} is unknown", mend)
    return values


def read_rule(table: Table, key: RuleKey, clauses: _Clauses | None) -> Rule:
    """One `[rule.KEY]`: with a clause, adopted on a date, or unknown with the reason. `clauses` None: adopted only."""
    values, adopted_on = _values(table, key), table.day("adopted_on")
    unknown = table.text("unknown", "")
    note = table.text("note", "")
    clause = clauses.named(table, "clause") if clauses else None
    table.finish()
    if unknown and (clause or values or adopted_on):
        raise table.wrong(
            "unknown", "stands beside a value", "Either the copy lost it, or it says something: keep one"
        )
    if unknown:
        return Rule(key, Standing.UNKNOWN, note=unknown)
    if clause is not None:
        if adopted_on is not None:
            raise table.wrong(
                "adopted_on",
                "stands beside a clause",
                "What the policy says itself is not adopted: remove it",
            )
        return Rule(key, Standing.SET, clause, values, note=note)
    if adopted_on is None:
        raise table.wrong(
            "clause",
            "names no clause",
            "Every rule cites its clause: name one under [clause]; or write adopted_on = the date the school decided this itself",
        )
    return Rule(key, Standing.ADOPTED, None, values, adopted_on, note)


def _rules(table: Table, clauses: _Clauses) -> tuple[Rule, ...]:
    keys = _members(table, "rule", RuleKey, table.names())
    found = tuple(read_rule(table.table(key.value), key, clauses) for key in keys)
    table.finish()
    return found


def read_adopted(table: Table, pack: PolicyPack) -> PolicyPack:
    """school.toml's `[adopt.KEY]` laid over a pack. Raises `ConfigError` where the policy speaks for itself."""
    rules = []
    for key in _members(table, "adopt", RuleKey, table.names()):
        if pack.rule(key).standing is Standing.SET:
            raise table.wrong(
                key.value,
                f"{pack.title} sets this itself ({pack.rule(key).quote()})",
                "Remove it: only what the policy leaves open can be adopted",
            )
        rules.append(read_rule(table.table(key.value), key, None))
    table.finish()
    return pack.adopt(tuple(rules), table.as_json()) if rules else pack


def _whole(table: Table, key: str) -> int:
    amount = table.number(key, least=1)
    if amount != int(amount):
        raise table.wrong(key, f"is no whole number: {amount:g}", f"Write {key} = {int(amount) + 1}")
    return int(amount)


def _deadline(table: Table, key: DeadlineKey, clauses: _Clauses) -> DeadlineRule:
    units = [unit for unit in DeadlineUnit if unit.value in table]
    if len(units) != 1:
        raise table.wrong(
            "hours", "must be the one length of this clock", "Write hours = 48, or school_days = 1"
        )
    amount = _whole(table, units[0].value)
    adopted_on = table.day("adopted_on")
    adopted = _whole(table, "adopted") if "adopted" in table else None
    rule = DeadlineRule(key, amount, units[0], clauses.needed(table, "clause"), adopted, adopted_on)
    table.finish()
    if (adopted is None) != (adopted_on is None):
        raise table.wrong("adopted", "and adopted_on go together", "Write both, or neither")
    if key is DeadlineKey.REMOVAL:
        if adopted is not None and adopted < amount:
            raise table.wrong(
                "adopted",
                f"is shorter than the policy's {amount} ({rule.clause.cite()})",
                f"Write {amount} or more",
            )
        if units[0] is not DeadlineUnit.HOURS or amount < LEAST_REMOVAL_HOURS:
            raise table.wrong(
                units[0].value, "gives an author less than 48 hours", "Write hours = 48 or more"
            )
    elif adopted is not None and adopted > amount:
        raise table.wrong(
            "adopted",
            f"is longer than the policy's {amount} ({rule.clause.cite()})",
            f"Write {amount} or less",
        )
    return rule


def _deadlines(table: Table, clauses: _Clauses) -> tuple[DeadlineRule, ...]:
    keys = _members(table, "deadline", DeadlineKey, table.names())
    found = tuple(_deadline(table.table(key.value), key, clauses) for key in keys)
    table.finish()
    return found


def _question(table: Table, clauses: _Clauses) -> Question:
    key = table.text("key")
    if not _NAME.fullmatch(key):
        raise table.wrong("key", f"{key!r} is no name for a fact", "Write small letters, digits and _")
    found = Question(
        key, table.text("en"), table.text("cy"), clauses.needed(table, "clause"), table.texts("events")
    )
    if not found.events:
        raise table.wrong("events", "names no step", 'Write events = ["internal", "police"]')
    table.finish()
    return found


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


def _contacts(table: Table) -> tuple[tuple[str, str], ...]:
    """Offices a policy sends people to. A person's address has no place here (C02)."""
    found = tuple((name, table.text(name)) for name in table.names())
    for name, value in found:
        if ADDRESS.search(value):
            raise table.wrong(name, "holds an address or a number", "Name the role only: business manager")
    table.finish()
    return found


def parse_pack(table: Table, source: str = "") -> PolicyPack:
    """Read a pack; `source` is its text. Raises `ConfigError`: an unknown clause or role, a loop, a missing decider."""
    for key in find_placeholders(json.loads(table.as_json())):
        raise table.wrong(key, "still holds a placeholder of the template", "Fill it in, or take it out")
    document = table.text("document")
    clauses = _Clauses(table.table("clause"), document)
    monitoring = table.table("monitoring")
    decider = _role_rule(table.table("decider"), clauses)
    if decider is None:
        raise table.wrong("decider", "is missing", 'Add [decider] with roles = ["head"] and clause = "..."')
    nation = table.text("nation")
    if nation not in NATIONS:
        raise table.wrong("nation", f"is {nation!r}", f"Write one of: {', '.join(NATIONS)}")
    pack = PolicyPack(
        id=table.text("id"),
        title=table.text("title", document),
        school=table.text("school"),
        nation=nation,
        authority_body=table.text("authority_body", NOT_SET),
        dated_on=table.day("dated_on"),
        review_due_on=table.day("review_due_on"),
        monitoring_clause=clauses.named(monitoring, "clause"),
        monitoring_note=monitoring.text("note", ""),
        decider=decider,
        conflict_order=_role_rule(table.table("conflict_order"), clauses),
        clauses=tuple(clauses.found.items()),
        rules=_rules(table.table("rule"), clauses),
        deadlines=_deadlines(table.table("deadline"), clauses),
        questions=tuple(_question(row, clauses) for row in table.tables("question")),
        harm_clauses=_harm_clauses(table.table("harms"), clauses),
        first_steps=tuple(_first_step(row, clauses) for row in table.tables("first_step")),
        contacts=_contacts(table.table("contacts")),
    )
    monitoring.finish()
    table.finish()
    if not pack.first_steps:
        raise table.wrong("first_step", "there is none", "Add [[first_step]] with en, cy and clause")
    if not source:
        return pack
    # Over what it says, not over its notes: a mended comment is no other policy.
    return replace(pack, source=source, sha256=hashlib.sha256(table.as_json().encode()).hexdigest())

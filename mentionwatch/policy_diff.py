"""A pack point by point, where two packs differ, and the table of differences in docs/."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from mentionwatch.labels import Harm
from mentionwatch.policy import (
    NOT_SET,
    RULE_VALUES,
    Clause,
    DeadlineKey,
    DeadlineRule,
    PolicyPack,
    RoleRule,
    Rule,
    RuleKey,
    Standing,
)
from mentionwatch.policy_words import RULE_TITLES, say_value, say_word

DEADLINE_TITLES: dict[DeadlineKey, str] = {
    DeadlineKey.REMOVAL: "Time given to take a post down",
    DeadlineKey.ACKNOWLEDGE: "Time to acknowledge a concern",
    DeadlineKey.DECISION: "Time to decide",
    DeadlineKey.POLICE_REVIEW: "Time to look again while the police have it",
    DeadlineKey.PREPARE: "Time to set evidence against the policy",
    DeadlineKey.MINUTES: "Time to share the minutes",
    DeadlineKey.CLOSE: "Time to close what is resolved",
}


@dataclass(frozen=True, slots=True)
class Point:
    """One thing a policy may settle. `values` are the pack's own; `clause` None: the policy itself says nothing."""

    key: str
    title: str
    standing: Standing = Standing.SILENT
    values: tuple[str, ...] = ()
    clause: Clause | None = None
    adopted_on: date | None = None
    note: str = ""

    @property
    def rule_key(self) -> RuleKey | None:
        """The rule this point is; None for a date, a decider, a time …"""
        part, _, name = self.key.partition(".")
        return RuleKey(name) if part == "rule" else None

    @property
    def words(self) -> tuple[str, ...]:
        """The values as a person reads them."""
        if self.rule_key:
            return tuple(say_value(self.rule_key, value) for value in self.values)
        if self.key in ("dated_on", "review_due_on"):
            return tuple(say_day(date.fromisoformat(value)) for value in self.values)
        if self.key == "nation":
            return tuple(value.title() for value in self.values)
        return tuple(map(say_word, self.values)) if self.key in ("decider", "conflict_order") else self.values


@dataclass(frozen=True, slots=True)
class Difference:
    """One point on which two packs differ. Both sides have the same key and title."""

    first: Point
    second: Point


def say_day(day: date) -> str:
    """19 October 2021."""
    return f"{day.day} {day:%B %Y}"


def say_standing(pack: PolicyPack, on: date) -> str:
    """How the policy's own dates stand on a day: current, stale, undated, or dated with no review date (G11)."""
    if pack.review_due_on is None:
        return "no review date" if pack.dated_on else "undated"
    return "stale" if pack.is_stale(on) else "current"


def _said(key: str, title: str, values: Iterable[str] = (), clause: Clause | None = None) -> Point:
    found = tuple(value for value in values if value)
    return Point(key, title, Standing.SET if found or clause else Standing.SILENT, found, clause)


def _roles(key: str, title: str, rule: RoleRule | None) -> Point:
    if rule is None:
        return Point(key, title)
    standing = Standing.SET if rule.clause else Standing.ADOPTED
    return Point(key, title, standing, tuple(role.value for role in rule.roles), rule.clause, rule.adopted_on)


def _rule(rule: Rule) -> Point:
    # The order in which a pack lists its values says nothing; that of the table makes two packs comparable.
    order = RULE_VALUES.get(rule.key, rule.values)
    values = tuple(value for value in order if value in rule.values)
    return Point(
        f"rule.{rule.key}",
        RULE_TITLES[rule.key],
        rule.standing,
        values,
        rule.clause,
        rule.adopted_on,
        rule.note,
    )


def say_length(rule: DeadlineRule, amount: int) -> str:
    """48 hours; 1 school day."""
    unit = rule.unit.value.replace("_", " ")
    return f"{amount} {unit[:-1] if amount == 1 else unit}"


def _deadline(key: DeadlineKey, rule: DeadlineRule | None) -> Point:
    if rule is None:
        return Point(f"deadline.{key}", DEADLINE_TITLES[key])
    own = () if rule.adopted is None else (f"the school itself keeps to {say_length(rule, rule.adopted)}",)
    return Point(
        f"deadline.{key}",
        DEADLINE_TITLES[key],
        Standing.SET,
        (say_length(rule, rule.amount), *own),
        rule.clause,
        rule.adopted_on,
    )


def list_rule_points(pack: PolicyPack) -> tuple[Point, ...]:
    """Every point of the difference table (reference protocol.md, section 1.5), in one fixed order."""
    return tuple(_rule(pack.rule(key)) for key in RuleKey)


def _dates(pack: PolicyPack) -> tuple[Point, ...]:
    return (
        _said("nation", "Nation", (pack.nation,)),
        _said(
            "authority_body",
            "Local authority or body",
            () if pack.authority_body == NOT_SET else (pack.authority_body,),
        ),
        _said("dated_on", "Date of the policy", (str(pack.dated_on or ""),)),
        _said("review_due_on", "Review due", (str(pack.review_due_on or ""),)),
    )


def list_deciding_points(pack: PolicyPack) -> tuple[Point, ...]:
    """Who may watch public postings, who decides, and who when the post is about them."""
    allows = pack.monitoring_clause
    return (
        Point(
            "monitoring",
            "Watching public postings",
            Standing.SET if allows else Standing.SILENT,
            (),
            allows,
            None,
            pack.monitoring_note,
        ),
        _roles("decider", "Who decides", pack.decider),
        _roles("conflict_order", "Who decides when the post is about the decider", pack.conflict_order),
    )


def list_deadline_points(pack: PolicyPack) -> tuple[Point, ...]:
    """Every clock a policy may set."""
    return tuple(_deadline(key, pack.deadline(key)) for key in DeadlineKey)


def list_harm_points(pack: PolicyPack) -> tuple[Point, ...]:
    """Which clause each harm touches."""
    own = dict(pack.harm_clauses)
    return tuple(
        _said(f"harms.{harm}", f"Clause touched by: {say_word(harm)}", (), own.get(harm)) for harm in Harm
    )


def _other_clauses(pack: PolicyPack, points: Sequence[Point]) -> Point:
    shown = {point.clause for point in points}
    return _said(
        "clause",
        "Other clauses",
        (f"{name}: {clause.cite()}: {clause.gist}" for name, clause in pack.clauses if clause not in shown),
    )


def list_lists(pack: PolicyPack) -> tuple[Point, ...]:
    """What comes in lists: questions before a step, first steps, offices."""
    return (
        _said(
            "question",
            "Questions before a step",
            (
                f"{', '.join(ask.events)} [{ask.key}]: {ask.english} / {ask.welsh} ({ask.clause.cite()})"
                for ask in pack.questions
            ),
        ),
        _said(
            "first_step",
            "First steps",
            (
                f"{', '.join(step.routes) or 'always'}: {step.english} / {step.welsh} ({step.clause.cite()})"
                for step in pack.first_steps
            ),
        ),
        _said("contacts", "Contacts, by role", (f"{name}: {role}" for name, role in pack.contacts)),
    )


def list_points(pack: PolicyPack) -> tuple[Point, ...]:
    """All a pack says and leaves open, in one fixed order; the same keys for every pack."""
    points = (
        *_dates(pack),
        *list_deciding_points(pack),
        *list_rule_points(pack),
        *list_deadline_points(pack),
        *list_harm_points(pack),
        *list_lists(pack),
    )
    return (*points, _other_clauses(pack, points))


def diff_packs(first: PolicyPack, second: PolicyPack) -> tuple[Difference, ...]:
    """The points on which two packs differ, in the fixed order: two schools, or two years of one policy (G12)."""
    return tuple(
        Difference(one, other)
        for one, other in zip(list_points(first), list_points(second), strict=True)
        if one != other
    )


def _cell(point: Point) -> str:
    if point.standing is Standing.SILENT:
        return point.note or NOT_SET
    if point.standing is Standing.UNKNOWN:
        return f"unknown: {point.note}"
    where = point.clause.cite() if point.clause else ""
    says = ", ".join(point.words)
    if not says:
        return f"yes ({where})"
    return f"{says} ({where})" if where else says


def _row(title: str, cells: Iterable[str]) -> str:
    return f"| {' | '.join((title, *(cell.replace('|', '/') for cell in cells)))} |"


def make_table(packs: Sequence[PolicyPack], on: date) -> str:
    """The difference table as Markdown: a row a point, a column a pack; stale or not as it stood on `on`."""
    points = [
        (*_dates(pack), *list_deciding_points(pack), *list_rule_points(pack), *list_deadline_points(pack))
        for pack in packs
    ]
    rows = [_row(columns[0].title, map(_cell, columns)) for columns in zip(*points, strict=True)]
    standing = _row(f"Standing on {say_day(on)}", (say_standing(pack, on) for pack in packs))
    head = [_row("point", (pack.school for pack in packs)), f"|{'---|' * (len(packs) + 1)}"]
    return "\n".join([*head, standing, *rows]) + "\n"

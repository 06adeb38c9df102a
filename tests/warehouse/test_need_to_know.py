"""L31 as conditions of SQL against the same rule said slowly in Python, over random schools of posts and incidents."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from mentionwatch.accounts import PROTOCOL_ROLES, DeskRole
from mentionwatch.labels import Role
from warehouse.clause import Clause
from warehouse.keyring import Keyring
from warehouse.migrate import migrate
from warehouse.need_to_know import (
    CAN_BE_SUBJECTS,
    Rank,
    Sight,
    known_among,
    may_know,
    may_see_incident,
    seen_incidents,
    seen_mentions,
    settle,
)
from warehouse.session import Reading

NOW = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
MARK = "present"
PRESENT = 2
ORDERS = (
    (Role.HEAD, Role.DEPUTY, Role.CHAIR),
    (Role.HEAD, Role.CHAIR),
    (Role.HEAD, Role.SLT),
    (Role.CHAIR, Role.HEAD),
)
DECIDERS = (Role.HEAD, Role.DEPUTY, Role.SLT, Role.CHAIR, Role.DSL, Role.OPERATOR)


@dataclass(frozen=True)
class Post:
    """One mention at its second revision. `case`: which incident it is in, None for none; `taken_up`: who decides it as a concern.

    `label` and `route` are the classifier's, `before` what it said of the first revision; `said`: what people said since, of
    which revision, first to last.
    """

    about: frozenset[Role]
    case: int | None
    label: str
    route: str
    is_sealed: bool
    is_read: bool
    taken_up: Role | None
    before: tuple[str, str]
    said: tuple[tuple[int, str, str | None], ...]

    @property
    def judged(self) -> str:
        return next((label for of, label, _ in reversed(self.said) if of == PRESENT), self.label)

    @property
    def routed(self) -> str:
        """The last word counts whole: who names no route leaves it to the classifier, whatever was named before."""
        return next((route for of, _, route in reversed(self.said) if of == PRESENT), None) or self.route


@dataclass(frozen=True)
class Case:
    """One incident. `into`: an earlier one it was merged into; `opened_for`: the post it was opened for; `address`: of its post."""

    decider: Role
    route: str
    state: str
    into: int | None
    recused: frozenset[Role]
    opened_for: int | None
    is_emptied: bool
    raised_alarm: bool
    address: int


@dataclass(frozen=True)
class School:
    posts: tuple[Post, ...]
    cases: tuple[Case, ...]
    order: tuple[Role, ...]


roles = st.frozensets(st.sampled_from(CAN_BE_SUBJECTS), max_size=5)
routes = st.sampled_from(["none", "internal", "complaint", "police", "safeguarding"])
labels = st.sampled_from(["neutral", "concern", "inappropriate"])
sayings = st.lists(st.tuples(st.integers(1, 2), labels, st.none() | routes), max_size=3)


@st.composite
def schools(draw: st.DrawFn) -> School:
    many, few = draw(st.integers(1, 5)), draw(st.integers(0, 3))
    case_of = st.none() | (st.integers(0, few - 1) if few else st.none())
    posts = tuple(
        Post(
            draw(roles), draw(case_of), draw(labels), draw(routes),
            draw(st.integers(0, 4)) == 0, draw(st.integers(0, 4)) > 0,
            draw(st.none() | st.sampled_from(DECIDERS)), draw(st.tuples(labels, routes)), tuple(draw(sayings)),
        )
        for _ in range(many)
    )  # fmt: skip
    cases = tuple(
        Case(
            draw(st.sampled_from(DECIDERS)), draw(routes), draw(st.sampled_from(["OPENED", "INTERNAL", "POLICE_HOLD", "STOP_IMAGE", "CLOSED"])),
            draw(st.none() | st.integers(0, at - 1)) if at else None, draw(roles) if draw(st.booleans()) else frozenset(),
            draw(st.none() | st.integers(0, many - 1)), draw(st.integers(0, 4)) == 0, draw(st.integers(0, 4)) == 0,
            draw(st.integers(0, 2)),
        )
        for at in range(few)
    )  # fmt: skip
    return School(posts, cases, draw(st.sampled_from(ORDERS)))


people = st.frozensets(st.sampled_from(list(DeskRole)), min_size=1, max_size=3)


def later(order: tuple[Role, ...], decider: Role) -> tuple[Role, ...]:
    return (
        order[order.index(decider) + 1 :] if decider in order else (Role.CHAIR,) * (decider is not Role.CHAIR)
    )


def before(order: tuple[Role, ...], decider: Role) -> tuple[Role, ...]:
    return order[: order.index(decider)] if decider in order else order


# --- the rule, slowly ------------------------------------------------------------------------------


class Slow:
    """What one person may know of one school, asked one thing at a time."""

    def __init__(self, school: School, who: frozenset[DeskRole]) -> None:
        self.school, self.who = school, who
        self.mine = {PROTOCOL_ROLES[role] for role in who if role in PROTOCOL_ROLES}
        self.sees_all = bool(who & {DeskRole.HEAD, DeskRole.CO_HEAD, DeskRole.DEPUTY, DeskRole.DSL})
        self.deciding = {
            PROTOCOL_ROLES[role] for role in who & {DeskRole.SLT, DeskRole.OFFICE, DeskRole.CHAIR}
        }

    def outermost(self, at: int) -> int:
        into = self.school.cases[at].into
        return at if into is None else self.outermost(into)

    def group(self, at: int) -> list[int]:
        return [each for each in range(len(self.school.cases)) if self.outermost(each) == self.outermost(at)]

    def on_one_address(self, group: list[int]) -> set[int]:
        """These cases, and every other on the address of one of them; an address that was erased is nobody's."""
        cases = self.school.cases
        known = {cases[each].address for each in group if not cases[each].is_emptied}
        return {
            *group,
            *(at for at, case in enumerate(cases) if not case.is_emptied and case.address in known),
        }

    def numbers_of(self, at: int) -> set[int]:
        """Posts by their place; what a case was opened for and is not there any more has a number below nought."""
        group = self.group(at)
        whole = self.on_one_address(group)
        inside = {number for number, post in enumerate(self.school.posts) if post.case in whole}
        opened_for = ((each, self.school.cases[each].opened_for) for each in whole)
        return inside | {-1 - each if number is None else number for each, number in opened_for}

    def posts_of(self, at: int) -> list[Post]:
        return [self.school.posts[number] for number in sorted(self.numbers_of(at)) if number >= 0]

    def stepped_back(self, numbers: set[int]) -> set[Role]:
        """From any case that has one of these posts."""
        cases = enumerate(self.school.cases)
        return set[Role]().union(*(case.recused for at, case in cases if self.numbers_of(at) & numbers))

    def is_barred(self, about: set[Role], decider: Role, posts: list[Post]) -> bool:
        if self.mine & set(CAN_BE_SUBJECTS) and any(not post.is_read for post in posts):
            return True
        if not self.mine & about:
            return False
        has_substitute = any(role not in about for role in later(self.school.order, decider))
        return not (decider in self.mine and not has_substitute)

    def is_case_barred(self, at: int) -> bool:
        case, posts = self.school.cases[at], self.posts_of(at)
        about = self.stepped_back(self.numbers_of(at)).union(*(post.about for post in posts))
        about = about.union(*(self.school.cases[each].recused for each in self.group(at)))
        if case.is_emptied:
            about |= set(before(self.school.order, case.decider))
        return self.is_barred(about, case.decider, posts)

    def is_grave(self, at: int) -> bool:
        return any(
            case.route in ("police", "safeguarding")
            or case.state in ("POLICE_HOLD", "STOP_IMAGE")
            or case.raised_alarm
            or any(post.is_sealed for post in self.school.posts if post.case == each)
            for each, case in ((each, self.school.cases[each]) for each in self.group(at))
        )

    def is_case_granted(self, at: int) -> bool:
        if self.sees_all or self.school.cases[at].decider in self.deciding:
            return True
        return bool(self.who & {DeskRole.SLT, DeskRole.OFFICE}) and not self.is_grave(at)

    def sees_case(self, at: int) -> bool:
        return self.is_case_granted(at) and not self.is_case_barred(at)

    def comes_to_chair(self, post: Post) -> bool:
        return post.judged == "concern" and set(before(self.school.order, Role.CHAIR)) <= post.about

    def sees_post(self, post: Post) -> bool:
        number = next(at for at, one in enumerate(self.school.posts) if one is post)
        about = self.stepped_back({number}) | post.about
        taken_up_barred = post.taken_up is not None and self.is_barred(about, post.taken_up, [post])
        if not post.is_read and self.mine & set(CAN_BE_SUBJECTS):
            return False
        if post.case is not None:
            granted = self.sees_all or (
                self.is_case_granted(post.case) and bool(self.deciding or self.who & {DeskRole.SLT})
            )
            return granted and not self.is_case_barred(post.case) and not taken_up_barred
        granted = (
            self.sees_all
            or (DeskRole.CHAIR in self.who and self.comes_to_chair(post))
            or (post.taken_up is not None and post.taken_up in self.deciding)
            or (
                bool(self.who & {DeskRole.SLT, DeskRole.OFFICE, DeskRole.REVIEWER})
                and not post.is_sealed
                and post.routed not in ("police", "safeguarding")
            )
        )
        if post.taken_up is not None:
            return granted and not taken_up_barred
        about_all = (
            Role.CHAIR in self.mine
            and post.judged == "concern"
            and not post.is_sealed
            and set(self.school.order) | ({Role.CHAIR} & set(self.school.order)) <= post.about
        )
        return granted and (not self.mine & post.about or about_all)


# --- the same as SQL -------------------------------------------------------------------------------


@cache
def connection() -> duckdb.DuckDBPyConnection:
    found = duckdb.connect(":memory:")
    migrate(found, keys=Keyring(Path(mkdtemp())))
    return found


def fill(school: School) -> Reading:
    run = connection().execute
    for table in (
        "mentions",
        "classifications",
        "decisions",
        "incidents",
        "incident_events",
        "subjects",
        "subjects_read",
    ):
        run(f"DELETE FROM {table}")  # noqa: S608 -- fixed names
    for at, post in enumerate(school.posts):
        inside = None if post.case is None else f"c{post.case}"
        run(
            "INSERT INTO mentions VALUES (?, 's', ?, 'post', 'u', ?, 2, '', 'r', ?, false, NULL, NULL, NULL, ?)",
            [f"m{at}", f"m{at}", NOW, post.is_sealed, inside],
        )
        for number, label, route in ((1, *post.before), (PRESENT, post.label, post.route)):
            run(
                "INSERT INTO classifications VALUES (?, ?, ?, 0.25, 0.25, 0.25, 0.25, [], ?, false, false, false, 'en', 'm', false, ?)",
                [f"m{at}", number, label, route, NOW],
            )
        for place, (number, label, named) in enumerate(post.said):
            run(
                "INSERT INTO decisions BY NAME SELECT ? AS id, ? AS mention_id, ? AS revision, 'neutral' AS was_label, ? AS label, "
                "'a' AS actor, 'head' AS role, '' AS reason, ?::TIMESTAMPTZ AS decided_at, [] AS harms, ? AS route, 'm' AS was_model",
                [10 * at + place, f"m{at}", number, label, NOW, named],
            )
        for role in post.about:
            run("INSERT INTO subjects VALUES (?, ?)", [f"m{at}", role.value])
        run("INSERT INTO subjects_read VALUES (?, 2, ?)", [f"m{at}", MARK if post.is_read else "before"])
        if post.taken_up is not None:
            _incident(f"m{at}", f"m{at}", post.taken_up, "none", "CONCERN", "concern", f"of m{at}")
    for at, case in enumerate(school.cases):
        about = f"gone{at}" if case.opened_for is None else f"m{case.opened_for}"
        _incident(
            f"c{at}",
            about,
            case.decider,
            case.route,
            case.state,
            "incident",
            None if case.is_emptied else f"address {case.address}",
        )
        if case.raised_alarm:
            run(
                "INSERT INTO incident_events VALUES (?, ?, 1, NULL, 'safeguarding', 'OPENED', 'a', 'head', NULL, NULL, NULL, '', ?, 'p', '', '')",
                [at, f"c{at}", NOW],
            )
    return Reading(connection())


def _incident(
    id_: str, about: str, decider: Role, route: str, state: str, track: str, url: str | None
) -> None:
    connection().execute(
        "INSERT INTO incidents (id, mention_id, canonical_url, kind, state, decider, route, harms, clause, pack, first_steps, reasons_json, "
        "summary, opened_at, moved_at, event_count, track) VALUES (?, ?, ?, 'k', ?, ?, ?, [], '', 'p', [], '[]', '', ?, ?, 0, ?)",
        [id_, about, url, state, decider.value, route, NOW, NOW, track],
    )


def sight_of(school: School, who: frozenset[DeskRole]) -> Sight:
    slow = Slow(school, who)
    ranks = [
        Rank("p", decider, role, is_later)
        for decider in Role
        for is_later, found in ((True, later(school.order, decider)), (False, before(school.order, decider)))
        for role in found
    ]
    return Sight(
        roles=who,
        acts_as=frozenset(slow.mine),
        profile=MARK,
        is_all_read=all(post.is_read for post in school.posts),
        order=school.order,
        ranks=tuple(ranks),
        recused=tuple((f"c{at}", role) for at, case in enumerate(school.cases) for role in case.recused),
        one_with=tuple(
            (f"c{at}", f"c{slow.outermost(at)}")
            for at, case in enumerate(school.cases)
            if case.into is not None
        ),
        grave_events=("safeguarding",),
    )


def ids(reading: Reading, table: str, alias: str, seen: Clause) -> set[str]:
    sql = f"SELECT {alias}.id FROM {table} AS {alias} WHERE {seen.sql}"  # noqa: S608 -- our own conditions
    return {row[0] for row in reading.rows(sql, seen.values)}


@settings(max_examples=120, deadline=None, derandomize=True)
@given(schools(), people)
def test_l31_the_condition_says_what_the_slow_rule_says(school: School, who: frozenset[DeskRole]) -> None:
    """Written out in one condition, and with its parts settled beforehand as the desk asks it."""
    reading, sight = fill(school), sight_of(school, who)
    for asked in (sight, settle(reading, sight)):
        _holds(reading, asked, Slow(school, who), school)


def _holds(reading: Reading, sight: Sight, slow: Slow, school: School) -> None:
    listed, shown = (
        ids(reading, "mentions", "m", seen_mentions(sight)),
        ids(reading, "incidents", "i", seen_incidents(sight)),
    )
    assert listed == {f"m{at}" for at, post in enumerate(school.posts) if slow.sees_post(post)}
    assert {id_ for id_ in shown if id_[0] == "c"} == {
        f"c{at}" for at in range(len(school.cases)) if slow.sees_case(at)
    }
    for at, post in enumerate(school.posts):
        assert may_know(reading, sight, f"m{at}") == (f"m{at}" in listed)
        if post.taken_up is not None and f"m{at}" in shown:
            assert f"m{at}" in listed, "a proceeding is never open where its post is not"
    for at in range(len(school.cases)):
        assert may_see_incident(reading, sight, f"c{at}") == (f"c{at}" in shown)


@settings(max_examples=120, deadline=None, derandomize=True)
@given(schools(), people)
def test_l31_what_was_found_once_of_the_incidents_says_what_the_slow_rule_says(
    school: School, who: frozenset[DeskRole]
) -> None:
    """A page asks for the barred and the grave incidents once and not in every condition: nobody sees more or less for that."""
    reading, slow = fill(school), Slow(school, who)
    sight = settle(reading, sight_of(school, who))
    listed = {f"m{at}" for at, post in enumerate(school.posts) if slow.sees_post(post)}
    assert ids(reading, "mentions", "m", seen_mentions(sight)) == listed
    assert known_among(reading, sight, [f"m{at}" for at in range(len(school.posts) + 1)]) == listed
    shown = ids(reading, "incidents", "i", seen_incidents(sight))
    assert shown == ids(reading, "incidents", "i", seen_incidents(sight_of(school, who)))
    assert {id_ for id_ in shown if id_[0] == "c"} == {
        f"c{at}" for at in range(len(school.cases)) if slow.sees_case(at)
    }


@settings(max_examples=120, deadline=None, derandomize=True)
@given(schools(), people)
def test_l31_no_page_shows_a_post_to_whom_it_is_about_unless_nobody_else_is_left(
    school: School, who: frozenset[DeskRole]
) -> None:
    """Said once more without the rule's own words: about me, and still shown, means I am the last who can decide."""
    reading, sight = fill(school), sight_of(school, who)
    listed = ids(reading, "mentions", "m", seen_mentions(sight))
    for at, post in enumerate(school.posts):
        if f"m{at}" in listed and sight.acts_as & post.about:
            decider = school.cases[post.case].decider if post.case is not None else post.taken_up
            assert (decider or Role.CHAIR) in sight.acts_as


@settings(max_examples=120, deadline=None, derandomize=True)
@given(schools(), people, people)
def test_l31_what_was_settled_for_one_says_nothing_of_another(
    school: School, who: frozenset[DeskRole], other: frozenset[DeskRole]
) -> None:
    """A sight made from somebody else's by changing its roles goes by the whole rule, not by what was found for them."""
    reading = fill(school)
    made_from = settle(reading, sight_of(school, who))
    plain = sight_of(school, other)
    _holds(reading, replace(made_from, roles=plain.roles, acts_as=plain.acts_as), Slow(school, other), school)

"""A pack, and the difference between two, as a head reads them in a terminal of eighty columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from datetime import date

from mentionwatch.policy import NOT_SET, RULE_VALUES, PolicyPack, RuleKey, Standing
from mentionwatch.policy_diff import (
    Difference,
    Point,
    list_deadline_points,
    list_deciding_points,
    list_harm_points,
    list_rule_points,
    say_day,
    say_standing,
)

WIDTH = 79
ADVICE_PAGE, ADVICE_TITLE = "docs/how-to/staff-advice.md", "Social media: advice for staff"
_HOW_TO_ADOPT = "What your policy leaves open the school may settle itself, with the date it did. In school.toml, for example:"
_OPEN = {
    "monitoring": "nothing in this policy allows it. The governors decide it: under [authority] in school.toml",
    "conflict_order": f"{NOT_SET}. Whoever else decides follows, then the chair of governors",
    "deadline.removal": f"{NOT_SET}. Nobody gets less than 48 hours",
    "deadline.acknowledge": f"{NOT_SET}. The clock runs only where acknowledgement itself is set or adopted",
}
_LISTS = frozenset({"question", "first_step", "contacts", "clause"})
_OWN_CLOCK = f"{NOT_SET}. mentionwatch reminds by a time of its own"


def wrap(text: str, indent: int = 0, hang: int = 0) -> list[str]:
    """A text in lines of at most `WIDTH`; an address or a path stays whole."""
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + hang),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _adopt(key: RuleKey) -> str:
    values = RULE_VALUES.get(key, ())
    if key is RuleKey.ALSO_TELL:
        return f"[adopt.{key}], values: the names of offices"
    return f"[adopt.{key}]" + (f", values of: {', '.join(values)}" if values else "")


def say_point(point: Point) -> Iterator[str]:
    """What one point says, a sentence a line; an open one says how the school may settle it."""
    if point.standing is Standing.SILENT:
        if point.key.startswith("harms."):
            yield "no clause of its own: the general one"
            return
        usual = _OWN_CLOCK if point.key.startswith("deadline.") else NOT_SET
        yield point.note or _OPEN.get(point.key, usual)
        if point.note:
            yield _OPEN.get(point.key, usual)
    if point.standing is Standing.UNKNOWN:
        yield f"the copy has lost it: {point.note}"
    if point.words:
        yield ", ".join(point.words)
    if point.clause:
        yield f"{point.clause.cite()}: {point.clause.gist}"
    if point.adopted_on:
        yield f"adopted by the school on {say_day(point.adopted_on)}"
    if point.note and point.standing in (Standing.SET, Standing.ADOPTED):
        yield f"note: {point.note}"
    if point.rule_key and point.standing in (Standing.SILENT, Standing.UNKNOWN):
        yield f"to adopt: {_adopt(point.rule_key)}"


def _point_lines(point: Point) -> Iterator[str]:
    word = "open" if point.standing is Standing.SILENT else point.standing.value
    yield f"{point.title:<{WIDTH - len(word) - 2}}[{word}]"
    for sentence in say_point(point):
        yield from wrap(sentence, 2)


def say_dates(pack: PolicyPack, on: date) -> str:
    """Dated, due, and what follows from it (G11)."""
    dated = f"dated {say_day(pack.dated_on)}" if pack.dated_on else "undated"
    due = f"review due {say_day(pack.review_due_on)}" if pack.review_due_on else "no review date"
    stale = f": stale on {say_day(on)}" if say_standing(pack, on) == "stale" else ""
    return f"{dated}, {due}{stale}"


def _head(title: str) -> list[str]:
    return ["", title.upper(), "-" * len(title)]


def show_lines(pack: PolicyPack, on: date, authority: str = "") -> Iterator[str]:
    """The whole pack. `authority`: the governors' own decision to watch public postings, where it is recorded."""
    yield from wrap(pack.title)
    yield from wrap(f"{pack.school}, {pack.nation.title()}; {pack.authority_body}")
    yield from wrap(f"version {pack.version}")
    yield from wrap(say_dates(pack, on))
    yield from _head("Who watches, who decides")
    for point in list_deciding_points(pack):
        yield from _point_lines(point)
        if point.key == "monitoring" and authority:
            yield from wrap(f"the governors decided: {authority}", 2)
    yield from _head("What the policy says, point by point")
    for point in list_rule_points(pack):
        yield from _point_lines(point)
    yield from _head("Times")
    for point in list_deadline_points(pack):
        yield from _point_lines(point)
    yield from _head("Which clause a post touches")
    for point in list_harm_points(pack):
        clause = point.clause or pack.rule(RuleKey.INAPPROPRIATE).clause
        yield from wrap(f"{point.title.partition(': ')[2]}: {clause.cite() if clause else NOT_SET}", 2, 2)
    yield from _list_lines(pack)
    yield from _head("How to adopt a point your policy leaves open")
    yield from wrap(_HOW_TO_ADOPT)
    yield from ("  [adopt.no_contact]", f"  adopted_on = {on.isoformat()}", "")
    yield from ("  [adopt.platform]", '  values = ["report"]', f"  adopted_on = {on.isoformat()}")


def _list_lines(pack: PolicyPack) -> Iterator[str]:
    yield from _head("First steps")
    for step in pack.first_steps:
        only = f"; only for: {', '.join(step.routes)}" if step.routes else ""
        yield from wrap(f"- {step.english} ({step.clause.cite()}{only})", 2, 2)
        yield from wrap(step.welsh, 4)
    if pack.questions:
        yield from _head("Questions the policy wants answered")
    for question in pack.questions:
        yield from wrap(f"- before {', '.join(question.events)}: {question.english}", 2, 2)
        yield from wrap(f"{question.welsh} ({question.clause.cite()})", 4)
    yield from _head("Contacts and help")
    for name, role in pack.contacts:
        yield from wrap(f"{name}: {role}", 2, 2)
    yield from wrap(f"For staff themselves: {ADVICE_TITLE} ({ADVICE_PAGE})", 2, 2)


def _one_side(point: Point, other: Point) -> tuple[str, ...]:
    if point.key in _LISTS:
        only = tuple(words for words in point.words if words not in other.words)
        return only or (("nothing beside these" if point.words else "none"),)
    if point.standing is Standing.SILENT:
        return (point.note or "not set by this policy",)
    return tuple(sentence for sentence in say_point(point) if not sentence.startswith("to adopt: "))


def diff_lines(
    first: PolicyPack, second: PolicyPack, differences: Sequence[Difference], on: date
) -> Iterator[str]:
    """Only what differs, point by point, one side under the other."""
    for mark, pack in (("A", first), ("B", second)):
        for number, line in enumerate(wrap(f"{pack.title}, {say_dates(pack, on)} ({pack.version})", 3)):
            yield line if number else f"{mark}  {line.lstrip()}"
    yield from ("", "1 point differs" if len(differences) == 1 else f"{len(differences)} points differ")
    for difference in differences:
        yield from ("", difference.first.title)
        one, other = difference.first, difference.second
        for mark, sentences in (("A", _one_side(one, other)), ("B", _one_side(other, one))):
            lines = [line for sentence in sentences for line in wrap(sentence, 5)]
            yield from (f"  {mark}  {lines[0].lstrip()}", *lines[1:])

"""`policy check|show|diff|schema|template`: reading, comparing and writing a school's policy as data."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date
from importlib.resources import files

from desk.words import LONDON
from flows.commands.common import clock, existing_home, print_json, say
from flows.commands.policy_text import ADVICE_PAGE, ADVICE_TITLE, diff_lines, say_dates, show_lines, wrap
from flows.home import list_packs, read_pack, read_school
from incidents.dead_ends import find_dead_ends
from incidents.steps import Transition
from incidents.transitions import BY_NAME, TRANSITIONS
from mentionwatch.errors import ConfigError
from mentionwatch.labels import IncidentState
from mentionwatch.policy import PolicyPack, Standing
from mentionwatch.policy_diff import (
    Point,
    diff_packs,
    list_points,
    list_rule_points,
    make_table,
    say_day,
    say_standing,
)
from mentionwatch.policy_schema import make_schema
from mentionwatch.tables import Table

TABLE_ON = date(2026, 11, 21)
"""The day the table in docs/ speaks of: a generated page must not change by itself over night."""
COLUMNS = ("llanbedrog", "brighton_hill", "cansfield", "caldecote", "grappenhall_heys")
_TABLE_HEAD = """# Where the five policies differ

Made from the packs in `mentionwatch/packs/`; a test holds it current. Do not edit by hand:
`python -c "from flows.commands.policy import draw_differences as d; print(d(), end='')" > docs/policy-differences.md`

Each cell says what the policy sets and where. What a policy leaves open is never taken from another one: it says
"not set by your policy", and the school may adopt a value of its own, dated. `mentionwatch policy diff A B` compares
any two, and two years of one.

"""


def _today(arguments: argparse.Namespace) -> date:
    return clock(arguments).astimezone(LONDON).date()


def check_exits(pack: PolicyPack, rows: Sequence[Transition] = TRANSITIONS) -> int:
    """How many states have a way on. Raises `ConfigError` when the pack switches off the last one of a state (I14)."""
    if stuck := find_dead_ends(pack, rows):
        raise ConfigError(
            f"pack {pack.id}",
            "rule",
            f"leaves no way on from {', '.join(stuck)}",
            "Set, or adopt, one of the rules that lead on: meeting, letters, platform, ask_removal",
        )
    return len(IncidentState)


def _read(arguments: argparse.Namespace) -> tuple[PolicyPack, str]:
    """The pack asked about, and the governors' recorded decision where it is a home's own."""
    if arguments.pack:
        return read_pack(arguments.pack, Table(f"policy {arguments.act}", {})), ""
    school, pack = read_school(existing_home(arguments))
    decided = school.authority
    if decided is None:
        return pack, ""
    return pack, f"{decided.text} ({say_day(decided.on)})" if decided.on else decided.text


def _count(pack: PolicyPack) -> dict[str, int]:
    points = list_rule_points(pack)
    return {standing.value: sum(point.standing is standing for point in points) for standing in Standing}


def _head_json(pack: PolicyPack, on: date) -> dict[str, object]:
    return {
        "id": pack.id,
        "version": pack.version,
        "title": pack.title,
        "school": pack.school,
        "nation": pack.nation,
        "authority_body": pack.authority_body,
        "dated_on": pack.dated_on.isoformat() if pack.dated_on else None,
        "review_due_on": pack.review_due_on.isoformat() if pack.review_due_on else None,
        "standing": say_standing(pack, on),
        "on": on.isoformat(),
    }


def _point_json(point: Point) -> dict[str, object]:
    clause = point.clause
    return {
        "key": point.key,
        "title": point.title,
        "standing": point.standing.value,
        "values": list(point.values),
        "words": list(point.words),
        "document": clause.document if clause else None,
        "section": clause.section if clause else None,
        "gist": clause.gist if clause else None,
        "adopted_on": point.adopted_on.isoformat() if point.adopted_on else None,
        "note": point.note,
    }


def policy_check(arguments: argparse.Namespace) -> int:
    """Read a pack and say that it is sound. Raises `ConfigError` (exit 2, one line) when it is not."""
    pack, _ = _read(arguments)
    states = check_exits(pack)
    on, count = _today(arguments), _count(pack)
    watched = "a clause of the policy" if pack.monitoring_clause else "the governors' own decision is needed"
    if arguments.json:
        allows = pack.monitoring_clause is not None
        print_json(
            {
                "ok": True,
                **_head_json(pack, on),
                "allows_monitoring": allows,
                "points": count,
                "states_with_a_way_on": states,
            }
        )
        return 0
    says = "{set} set, {adopted} adopted, {silent} silent, {unknown} unknown".format_map(count)
    for line in (
        f"ok        {pack.id}: {pack.title}",
        f"version   {pack.version}",
        f"nation    {pack.nation.title()}",
        f"policy    {say_dates(pack, on)}",
        f"watching  {watched}",
        f"points    {says}",
        f"protocol  all {states} states have a way on",
    ):
        for wrapped in wrap(line, 0, 10):
            say(wrapped)
    return 0


def policy_show(arguments: argparse.Namespace) -> int:
    """Every point a policy may settle, set or open, with its clause."""
    pack, authority = _read(arguments)
    on = _today(arguments)
    if arguments.json:
        points = [_point_json(point) for point in list_points(pack)]
        advice = {"title": ADVICE_TITLE, "page": ADVICE_PAGE}
        print_json({**_head_json(pack, on), "authority": authority, "advice": advice, "points": points})
        return 0
    for line in show_lines(pack, on, authority):
        say(line)
    return 0


def policy_diff(arguments: argparse.Namespace) -> int:
    """Where two packs differ: two schools, or two years of one policy. 0 also when they do."""
    asked_by = Table("policy diff", {})
    first, second = read_pack(arguments.first, asked_by), read_pack(arguments.second, asked_by)
    on, differences = _today(arguments), diff_packs(first, second)
    if arguments.json:
        rows = [
            {
                "key": each.first.key,
                "title": each.first.title,
                "first": _point_json(each.first),
                "second": _point_json(each.second),
            }
            for each in differences
        ]
        heads = {"first": _head_json(first, on), "second": _head_json(second, on)}
        print_json({**heads, "differences": rows})
        return 0
    for line in diff_lines(first, second, differences, on):
        say(line)
    return 0


def draw_schema() -> str:
    """The text of docs/policy-pack.schema.json."""
    return json.dumps(make_schema(BY_NAME), indent=2, ensure_ascii=False) + "\n"


def draw_differences() -> str:
    """The text of docs/policy-differences.md."""
    asked_by = Table("docs/policy-differences.md", {})
    others = [name for name in list_packs() if name not in COLUMNS]
    packs = [read_pack(name, asked_by) for name in (*COLUMNS, *others)]
    return _TABLE_HEAD + make_table(packs, TABLE_ON)


def policy_schema(arguments: argparse.Namespace) -> int:
    """The form of a pack as JSON Schema; with --json on one line."""
    if arguments.json:
        print_json(make_schema(BY_NAME))
        return 0
    sys.stdout.write(draw_schema())
    return 0


def policy_template(arguments: argparse.Namespace) -> int:
    """A commented pack to fill in; with --json as one text in an object."""
    text = files("mentionwatch.packs_template").joinpath("template.toml").read_text(encoding="utf-8")
    if arguments.json:
        print_json({"template": text})
        return 0
    sys.stdout.write(text)
    return 0

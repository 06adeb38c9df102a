"""What twenty people at the desk waited, by kind of page, which kinds miss a goal, and what was wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bench.desk_users import Answer

GOAL_MS: Final = 300
GOAL_BYTES: Final = 100_000
"""Below these: 95 of 100 pages, and every page."""


def quantile(took: Sequence[float], share: float) -> float:
    """Milliseconds; the smallest that is no shorter than that share of them."""
    ordered = sorted(took)
    return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def draw_table(answers: Sequence[Answer]) -> list[str]:
    """A row for each kind of page and one for all, as Markdown."""
    rows = [(kind, found) for kind, found in _by_kind(answers).items()] + [("**all**", answers)]
    head = [
        "| page | answers | p50 | p95 | p99 | heaviest | wrong | 503 |",
        "|---|---|---|---|---|---|---|---|",
    ]
    return head + [_draw_row(kind, found) for kind, found in rows]


def sum_up(answers: Sequence[Answer]) -> list[str]:
    """Whether the goals are reached: time over all pages and by kind, weight of the heaviest page of each kind, wrong answers."""
    slow, heavy = dict[str, float](), dict[str, float]()
    for kind, found in _by_kind(answers).items():
        slow[kind], heavy[kind] = _p95(found), max(len(each.body) for each in found)
    wrong, busy = _count_wrong(answers)
    return [
        f"p95 of all {_p95(answers):.0f} ms: goal {GOAL_MS} ms {'reached' if _p95(answers) < GOAL_MS else 'MISSED'}",
        _name_over("p95", slow, GOAL_MS, 1, "ms"),
        _name_over("heaviest page", heavy, GOAL_BYTES, 1000, "kB"),
        f"{len(answers)} answers: {wrong} wrong, {busy} turned away (503)",
    ]


def _by_kind(answers: Sequence[Answer]) -> dict[str, list[Answer]]:
    return {
        kind: [each for each in answers if each.kind == kind]
        for kind in sorted({each.kind for each in answers})
    }


def _count_wrong(answers: Sequence[Answer]) -> tuple[int, int]:
    """Answers that were wrong or never came, and those that said the desk is busy."""
    busy = sum(each.status == 503 for each in answers)
    return sum(not each.is_right for each in answers) - busy, busy


def _p95(answers: Sequence[Answer]) -> float:
    return quantile([each.took_s for each in answers], 0.95)


def _name_over(what: str, measured: Mapping[str, float], goal: float, per: int, unit: str) -> str:
    over = sorted((kind for kind in measured if measured[kind] >= goal), key=lambda kind: -measured[kind])
    limit = f"{what} by kind, goal {goal / per:.0f} {unit}: "
    if not over:
        return limit + f"all {len(measured)} kinds reach it"
    named = ", ".join(f"{kind} {measured[kind] / per:.0f} {unit}" for kind in over)
    return limit + f"{len(over)} of {len(measured)} MISS it: {named}"


def _draw_row(kind: str, answers: Sequence[Answer]) -> str:
    took = [each.took_s for each in answers]
    wrong, busy = _count_wrong(answers)
    times = " | ".join(f"{quantile(took, share):.0f} ms" for share in (0.5, 0.95, 0.99))
    return f"| {kind} | {len(answers)} | {times} | {max(len(each.body) for each in answers) / 1000:.0f} kB | {wrong} | {busy} |"

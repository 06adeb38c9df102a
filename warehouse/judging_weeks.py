"""The classifier week by week: what it said, what people said of it, and whether that moved more than chance does.

The view `judgement_weeks` of the analysts' copy says the same; this reads the school's own file, up to the minute.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from operator import attrgetter

from mentionwatch.labels import Label
from warehouse.session import Reading

LEAST = 30
"""Mentions, or corrected mentions, on either side before two shares are compared."""
SELDOM = 0.01
"""A difference is told when chance alone would make one like it less often than this."""

WEEKS = """
WITH said AS (
    SELECT date_trunc('week', classified_at AT TIME ZONE 'Europe/London')::DATE AS week, model, count(*) AS mentions,
           count(*) FILTER (label = 'positive') AS positive, count(*) FILTER (label = 'neutral') AS neutral,
           count(*) FILTER (label = 'concern') AS concern, count(*) FILTER (label = 'inappropriate') AS inappropriate,
           avg(greatest(p_positive, p_neutral, p_concern, p_inappropriate)) AS mean_best,
           count(*) FILTER (needs_person) AS asked,
           count(*) FILTER (is_sample) AS sampled
    FROM classifications GROUP BY ALL
),
in_force AS (
    SELECT d.*, coalesce(nullif(d.was_model, ''), c.model) AS model
    FROM decisions AS d JOIN classifications AS c USING (mention_id, revision)
    QUALIFY row_number() OVER (PARTITION BY d.mention_id, d.revision ORDER BY d.id DESC) = 1
),
ranked AS (
    SELECT *, list_position(['positive', 'neutral', 'concern', 'inappropriate'], was_label) AS machine,
           list_position(['positive', 'neutral', 'concern', 'inappropriate'], label) AS person
    FROM in_force
),
corrected AS (
    SELECT date_trunc('week', decided_at AT TIME ZONE 'Europe/London')::DATE AS week, model, count(*) AS corrections,
           count(*) FILTER (machine > person) AS too_harsh, count(*) FILTER (machine < person) AS too_mild
    FROM ranked GROUP BY ALL
)
SELECT week, model, coalesce(mentions, 0), coalesce(positive, 0), coalesce(neutral, 0), coalesce(concern, 0), coalesce(inappropriate, 0),
       mean_best, coalesce(asked, 0), coalesce(sampled, 0), coalesce(corrections, 0), coalesce(too_harsh, 0), coalesce(too_mild, 0)
FROM said FULL JOIN corrected USING (week, model) ORDER BY week, model
"""


@dataclass(frozen=True, slots=True)
class JudgedWeek:
    """One model in one week, Monday to Sunday in London. Corrections count in the week in which they were given.

    `labels` in the order of `Label`; `mean_best` None where nothing was classified; `asked` counts the sample too.
    Too harsh: a person gave a milder label; too mild: a graver one.
    """

    week: date
    model: str
    mentions: int
    labels: tuple[int, int, int, int]
    mean_best: float | None
    asked: int
    sampled: int
    corrections: int
    too_harsh: int
    too_mild: int

    @property
    def changed(self) -> int:
        """Corrections that gave another label than the classifier."""
        return self.too_harsh + self.too_mild

    def label(self, label: Label) -> int:
        """Mentions it gave this label."""
        return self.labels[tuple(Label).index(label)]


def read_judged_weeks(reading: Reading) -> tuple[JudgedWeek, ...]:
    """Every week in which something was classified or corrected, oldest first, one row a model."""
    # The columns of the labels stand in the order of `Label`.
    return tuple(JudgedWeek(row[0], row[1], row[2], row[3:7], *row[7:]) for row in reading.rows(WEEKS))


@dataclass(frozen=True, slots=True)
class Drift:
    """A share that moved: of the latest mentions from `since` on, and of those before. Pairs are (how many, of how many).

    `what` is a label, or `changed` for the corrections that changed a label. `is_new_model`: the two sides are not
    the same model's.
    """

    what: str
    since: date
    now: tuple[int, int]
    before: tuple[int, int]
    chance: float
    is_new_model: bool


def chance_of(one: tuple[int, int], other: tuple[int, int]) -> float:
    """How often chance alone parts two equal shares at least so far: Fisher's exact test, two-sided.

    Exact, because the usual normal approximation cries wolf over a single rare post.
    """
    hits, total = one[0] + other[0], one[1] + other[1]

    def log_ways(of: int, take: int) -> float:
        return math.lgamma(of + 1) - math.lgamma(take + 1) - math.lgamma(of - take + 1)

    def log_chance(mine: int) -> float:
        return log_ways(hits, mine) + log_ways(total - hits, one[1] - mine) - log_ways(total, one[1])

    seen = log_chance(one[0]) + 1e-7
    possible = range(max(0, hits - other[1]), min(hits, one[1]) + 1)
    return min(1.0, sum(math.exp(value) for at in possible if (value := log_chance(at)) <= seen))


_Count = Callable[[JudgedWeek], int]


def _compare(weeks: Sequence[JudgedWeek], what: str, hits: _Count, of: _Count, seldom: float) -> Drift | None:
    """The latest weeks, as many as it takes to have enough, against all before them."""
    at, days = 0, sorted({week.week for week in weeks if of(week)}, reverse=True)
    while at < len(days) and sum(of(week) for week in weeks if week.week in days[: at + 1]) < LEAST:
        at += 1
    if at >= len(days):
        return None
    late = [week for week in weeks if week.week >= days[at] and of(week)]
    early = [week for week in weeks if week.week < days[at] and of(week)]
    now, before = ((sum(map(hits, part)), sum(map(of, part))) for part in (late, early))
    if before[1] < LEAST or (chance := chance_of(now, before)) >= seldom:
        return None
    is_new = {week.model for week in late} != {week.model for week in early}
    return Drift(what, days[at], now, before, chance, is_new)


def find_drift(weeks: Sequence[JudgedWeek]) -> tuple[Drift, ...]:
    """What moved beyond chance in the latest of these weeks against those before; empty where too little is known.

    Four labels are four questions: each is asked four times as strictly. Posts about one event come together, and no
    test of single posts knows that: a drift is a reason to look, never a proof.
    """
    mentions, corrections = attrgetter("mentions"), attrgetter("corrections")
    found = [
        _compare(weeks, label.value, partial(JudgedWeek.label, label=label), mentions, SELDOM / len(Label))
        for label in Label
    ]
    found.append(_compare(weeks, "changed", attrgetter("changed"), corrections, SELDOM))
    return tuple(each for each in found if each is not None)

"""Figures: mentions by week and source, time to decision, the classifier's quality, and the governors' sheets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from desk.acts import Busy, NoSuch, RefusedHere
from desk.chart import draw_bars, table_of
from desk.figure_words import FIGURE_WORDS
from desk.figures import WEEKS, chart_sources, chart_waits, chart_weeks, mondays, sees_numbers_only
from desk.governors_words import TERMS
from desk.web.forms import sent
from desk.web.render import Problem, go, hand_out, said_of, show, speaker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from desk.web.context import Desk
    from mentionwatch.accounts import Viewer

FORMS = {"html": "text/html; charset=utf-8", "pdf": "application/pdf"}


def page_figures(request: Request, desk: Desk, viewer: Viewer) -> Response:
    return _show(request, desk, viewer)


def _show(
    request: Request, desk: Desk, viewer: Viewer, problems: Sequence[Problem] = (), status: int = 200
) -> Response:
    say, now = speaker(request, FIGURE_WORDS), desk.clock()
    asked = request.query_params.get("weeks", "")
    weeks = next((each for each in WEEKS if str(each) == asked), WEEKS[0])
    only_numbers, first_on = sees_numbers_only(viewer), mondays(now, weeks)[0]
    # Whole weeks: what was counted of the one before is left to a longer choice.
    lines = [line for line in desk.records.weekly(viewer, weeks) if line.week_on >= first_on]
    watched = desk.records.watched(viewer, weeks).intersection(mondays(now, weeks))
    waits = desk.records.decision_times(viewer).waits
    charts = {
        "by_week": chart_weeks(
            lines, now, weeks, say, say.label, say.short_day, watched, only_numbers=only_numbers
        ),
        "by_source": chart_sources(lines, weeks, say),
        "times": chart_waits(waits, say, only_numbers=only_numbers),
    }
    return show(
        request,
        "figures.html.j2",
        status,
        words=FIGURE_WORDS,
        said=said_of(request, "sheet_counted"),
        problems=problems,
        weeks=weeks,
        choices=WEEKS,
        only_numbers=only_numbers,
        is_watched=bool(watched),
        has_gaps=len(watched) < weeks,
        drawn={key: (draw_bars(chart), table_of(chart)) for key, chart in charts.items() if chart},
        quality=desk.overview.quality(viewer),
        sheets=[
            (each, TERMS[each.term.name][viewer.lang == "cy"].format(year=each.term.year))
            for each in desk.overview.sheets(viewer)
        ],
    )


def page_sheet(request: Request, desk: Desk, viewer: Viewer) -> Response:
    """A sheet that has been counted, as a file: it is never a page of the desk itself."""
    name, form = request.path_params["term"], request.query_params.get("as", "html")
    made = desk.overview.sheet(viewer, name, viewer.lang, form) if form in FORMS else None
    if made is None:
        raise HTTPException(404)
    return hand_out(f"governors-{name}-{viewer.lang}.{form}", FORMS[form], made)


def take_sheet(request: Request, desk: Desk, viewer: Viewer) -> Response:
    """Count a sheet: once, and for ever the same."""
    sent(request)
    outcome = desk.overview.count_sheet(viewer, request.path_params["term"])
    say = speaker(request, FIGURE_WORDS)
    if isinstance(outcome, NoSuch):
        raise HTTPException(404)
    if isinstance(outcome, Busy):
        return _show(request, desk, viewer, (Problem("", say("busy_now")),), 503)
    if isinstance(outcome, RefusedHere):
        return _show(request, desk, viewer, (Problem("", say(outcome.reason)),), 422)
    return go("/figures", "sheet_counted")

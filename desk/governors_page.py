"""The governors' sheet as one document of blocks, and that document as a page. The PDF is made by desk/document_pdf.py."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from markupsafe import Markup

from desk.chart import Bar, BarChart, Series, draw_bars
from desk.explanations import say_date
from desk.figures import NOT_WATCHED
from desk.governors import PARTS, Basis, Sheet, Single, Topic, Wait
from desk.governors_words import IN_TERM, OF_TERM, PARTS_SAID, SHEET_WORDS, SINGLES, TERMS, TOPICS, WAITS
from desk.render import HERE, environment, style_hash
from desk.suppression import Few, Told
from desk.vocabulary import Pair
from desk.words import Speaker
from mentionwatch.documents import Block, Bullets, Document, Drawing, Figures, Heading, Paragraph

_SILENT: Final = tuple(f"silent_{number}" for number in range(1, 7))


class _Sayer:
    """The sheet's words in one language."""

    def __init__(self, lang: str) -> None:
        self.lang, self._at = lang, 1 if lang == "cy" else 0

    def __call__(self, key: str, **values: object) -> str:
        return self.pair(SHEET_WORDS[key], **values)

    def pair(self, pair: Pair, **values: object) -> str:
        return pair[self._at].format(**values)

    def told(self, told: Told | None) -> str:
        return self("not_told") if told is None else self("few") if isinstance(told, Few) else str(told)

    def day(self, day: date) -> str:
        return say_date(day, self.lang)

    def short_day(self, day: date) -> str:
        return Speaker(self.lang).short_day(day)


def build_document(sheets: Sequence[Sheet], basis: Basis, lang: str) -> Document:
    """The sheet of one term, or of several side by side: each figure is its own term's, none is added up over terms."""
    say = _Sayer(lang)
    return Document(
        title=say("title"),
        lang=lang,
        blocks=tuple(_list_blocks(sheets, basis, say)),
        sender=(basis.school,),
        dated="\n".join(_periods(sheets, say)),
        footer=say("footer"),
    )


def _periods(sheets: Sequence[Sheet], say: _Sayer) -> Iterable[str]:
    for sheet in sheets:
        name = say.pair(TERMS[sheet.term.name], year=sheet.term.year)
        first, last = say.day(sheet.term.first_on), say.day(sheet.term.last_on)
        yield f"{say('period', term=name, first=first, last=last)} {say('fixed', day=say.day(sheet.counted_on))}"
        if sheet.replaces:
            yield say("replaces", day=say.day(sheet.replaces), term=name)


def _list_blocks(sheets: Sequence[Sheet], basis: Basis, say: _Sayer) -> Iterable[Block]:
    yield Paragraph(say("key"))
    yield Heading(say("looked"))
    yield _nights(sheets, say)
    yield Heading(say("mentions"))
    yield Paragraph(say("mentions_note"))
    yield _topic(Topic.LABEL, sheets, say)
    yield _topic(Topic.PLACE, sheets, say)
    yield _topic(Topic.LANG, sheets, say)
    for sheet in sheets:
        yield from _weeks(sheet, say)
    yield Heading(say("incidents"))
    for topic in (Topic.KIND, Topic.ROUTE, Topic.OUTCOME):
        yield _topic(topic, sheets, say)
    yield Heading(say("times"))
    yield _waits(sheets, say)
    yield Paragraph(say("waits_note"))
    yield _topic(Topic.DEADLINE, sheets, say)
    yield _topic(Topic.ACKNOWLEDGED, sheets, say)
    yield Heading(say("steps"))
    yield _topic(Topic.REMOVAL, sheets, say)
    yield _singles(sheets, say)
    yield _topic(Topic.GOOD_NEWS, sheets, say)
    yield Heading(say("people"))
    yield Paragraph(say("people_note"))
    yield _topic(Topic.OVERRULED, sheets, say)
    yield Heading(say("basis"))
    yield Bullets(tuple(_say_basis(basis, say)))
    yield Heading(say("silent"))
    yield Bullets(tuple(say(key) for key in _SILENT))


def _headings(first: str, sheets: Sequence[Sheet], say: _Sayer) -> tuple[str, ...]:
    if len(sheets) == 1:
        return (first, say("number"))
    return (first, *(say.pair(TERMS[sheet.term.name], year=sheet.term.year) for sheet in sheets))


def _nights(sheets: Sequence[Sheet], say: _Sayer) -> Figures:
    names = ("expected", "whole", "in_part", "blind", "not_run")
    rows = tuple((say(name), *(str(getattr(sheet.nights, name)) for sheet in sheets)) for name in names)
    return Figures(say("nights"), _headings(say("what"), sheets, say), rows)


def _total(topic: Topic, sheet: Sheet, say: _Sayer) -> str:
    group = sheet.group(topic)
    return say("not_set") if group is None else say.told(group.total)


def _part(topic: Topic, part: str, sheet: Sheet, say: _Sayer) -> str:
    group = sheet.group(topic)
    if group is None:
        return say("not_set")
    count = None if group.parts is None else dict(group.parts).get(part, 0)
    return say("not_told") if count is None else str(count)


def _topic(topic: Topic, sheets: Sequence[Sheet], say: _Sayer) -> Figures:
    """The total, and the parts where some term has anything to break down."""
    total = (say("total"), *(_total(topic, sheet, say) for sheet in sheets))
    groups = [sheet.group(topic) for sheet in sheets]
    has_parts = any(group is not None and group.parts is not None and group.total != 0 for group in groups)
    shown = PARTS[topic] if has_parts else ()
    rows = tuple(
        (say.pair(PARTS_SAID[topic][part]), *(_part(topic, part, sheet, say) for sheet in sheets))
        for part in shown
    )
    return Figures(say.pair(TOPICS[topic]), _headings(say("what"), sheets, say), (*rows, total))


def _weeks(sheet: Sheet, say: _Sayer) -> Iterable[Block]:
    group, term = sheet.group(Topic.WEEK), sheet.term
    of_term = say.pair(OF_TERM[term.name], year=term.year)
    if group is None or group.parts is None:
        yield Paragraph(say("chart_left_out", term=of_term))
        return
    gaps = frozenset(group.nobody_looked or ())
    if gaps.issuperset(week for week, _ in group.parts):
        yield Paragraph(say("nobody_looked_at_all", term=of_term))
        return
    title = say.pair(TOPICS[Topic.WEEK], term=of_term)
    summary = say("chart_told", term=say.pair(IN_TERM[term.name], year=term.year))
    # A week that begins before the term counts from the term's first day, and is named by it.
    weeks = [
        (max(date.fromisoformat(week), term.first_on), _say_week(count, week in gaps, say))
        for week, count in group.parts
    ]
    chart = BarChart(
        id=f"weeks-{term.year}-{term.name.value}",
        title=title,
        summary=f"{summary} {say('chart_gaps')}" if gaps else summary,
        axis=say("week_from"),
        categories=tuple(say.short_day(week) for week, _ in weeks),
        series=(Series(say("number"), tuple(bar for _, (bar, _) in weeks)),),
    )
    yield Drawing(str(draw_bars(chart)), f"{title}. {chart.summary}")
    yield Figures(
        title, (say("week_from"), say("number")), tuple((say.day(week), said) for week, (_, said) in weeks)
    )
    if gaps:
        yield Paragraph(say("nobody_looked_means"))
    if group.nobody_looked is None:
        yield Paragraph(say("weeks_unmarked"))


def _say_week(count: int | None, is_gap: bool, say: _Sayer) -> tuple[Bar, str]:
    """A week's bar, and what the table says of it."""
    if is_gap:
        return Bar(0, NOT_WATCHED), say("nobody_looked")
    said = say("not_told") if count is None else str(count)
    # A bar of a made-up length would tell something: what is hidden may be large.
    return Bar(count or 0, said), said


def _waits(sheets: Sequence[Sheet], say: _Sayer) -> Figures:
    def shown(days: int | None) -> str:
        return say("not_told") if days is None else str(days)

    told = [{wait.wait: wait for wait in sheet.waits} for sheet in sheets]
    rows = []
    for wait in Wait:
        name = say.pair(WAITS[wait])
        rows.append((say("half", wait=name), *(shown(each[wait].median) for each in told)))
        rows.append((say("nine", wait=name), *(shown(each[wait].ninth) for each in told)))
    headings = _headings(say("what"), sheets, say)
    return Figures(say("waits"), (headings[0], say("days")) if len(sheets) == 1 else headings, tuple(rows))


def _singles(sheets: Sequence[Sheet], say: _Sayer) -> Figures:
    told = [dict(sheet.singles) for sheet in sheets]
    rows = tuple((say.pair(SINGLES[single]), *(say.told(each[single]) for each in told)) for single in Single)
    return Figures(say("singles"), _headings(say("what"), sheets, say), rows)


def _say_basis(basis: Basis, say: _Sayer) -> Iterable[str]:
    if basis.policy_on:
        yield say("policy", title=basis.policy, day=say.day(basis.policy_on))
    else:
        yield say("policy_undated", title=basis.policy)
    if basis.cite:
        yield say("by_policy", cite=basis.cite)
    if basis.decision:
        yield say("by_decision", day=say.day(basis.decision_on)) if basis.decision_on else say("by_undated")
    if not basis.cite and not basis.decision:
        yield say("by_none")
    if basis.dpia:
        yield say("dpia", day=say.day(basis.dpia_on)) if basis.dpia_on else say("dpia_undated")
    else:
        yield say("dpia_none")


def render_page(document: Document) -> str:
    """The document as one page: no script, nothing fetched, every word of the school and its policy escaped."""
    style = (HERE / "static" / "governors.css").read_text(encoding="utf-8")
    blocks = tuple(
        (type(block).__name__, Markup(block.svg) if isinstance(block, Drawing) else block)  # noqa: S704 -- made by draw_bars, which escapes
        for block in document.blocks
    )
    return (
        environment()
        .get_template("governors.html.j2")
        .render(document=document, blocks=blocks, style=style, style_hash=style_hash(style))
    )

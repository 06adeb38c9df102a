"""Digests to render: calm ones, hostile ones, nights of every verdict."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser

from desk.digest import Digest, IncidentLine, MentionLine, RunLine, SourceLine, compose
from mentionwatch.labels import FaultKind, IncidentState, Label, Role, Route, Scope, Verdict
from mentionwatch.model import LabelCounts

DAY = date(2026, 11, 21)
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
NIGHT = datetime(2026, 11, 21, 2, 30, tzinfo=UTC)

SLUR = "zzabusivewordzz"


def mention(**changes: object) -> MentionLine:
    """A calm mention, unless changed."""
    plain = MentionLine(
        id="01aa",
        source="village-blog",
        kind="article",
        url="https://blog.example/2026/11/fair",
        title="The fair",
        text="A fine afternoon at the fair.",
        posted_at=NIGHT - timedelta(hours=9),
        captured_at=NIGHT,
        revision=1,
        scope=Scope.CERTAIN,
        label=Label.NEUTRAL,
        route=Route.NONE,
        needs_person=False,
        why=(),
        evidence_gap=None,
        lang="en",
    )
    return dataclasses.replace(plain, **changes)  # type: ignore[arg-type]


def flagged(**changes: object) -> MentionLine:
    """A flagged mention whose words hold `SLUR` everywhere words can be."""
    return mention(
        **{
            "id": "01ff",
            "url": f"https://forum.example/{SLUR}",
            "title": f"{SLUR} title",
            "text": f"This is {SLUR}.",
            "label": Label.INAPPROPRIATE,
            "route": Route.POLICE,
            "needs_person": True,
            "why": (f"“{SLUR}” speaks for inappropriate", "speaks of violence against people"),
            **changes,
        }
    )


def incident(row: MentionLine | None, **changes: object) -> IncidentLine:
    """An incident that waits for a decision on the police route."""
    plain = IncidentLine(
        id="2026-0001",
        kind="threat, privacy",
        state=IncidentState.PRESERVED,
        route=Route.POLICE,
        decider=Role.DEPUTY,
        opened_at=NIGHT,
        clause="Internal Protocol, Step 3, Police",
        first_steps=("Check the evidence",),
        reasons=(
            "the post mentions the head, who therefore does not decide",
            "page not copied: http_401_403",
            "time of posting unknown: the source does not give it",
        ),
        mention=row,
    )
    return dataclasses.replace(plain, **changes)  # type: ignore[arg-type]


def source(name: str, verdict: Verdict, **changes: object) -> SourceLine:
    """A source of the night; a blind one has a server that is down."""
    fault = FaultKind.SERVER_ERROR if verdict is Verdict.BLIND else None
    fault = FaultKind.TRUNCATED if verdict is Verdict.DEGRADED else fault
    plain = SourceLine(name, verdict, 4, int(verdict is Verdict.MENTIONS), 0, fault, "", None)
    return dataclasses.replace(plain, **changes)  # type: ignore[arg-type]


def run(verdict: Verdict, *sources: SourceLine) -> RunLine:
    """One finished night."""
    return RunLine("r1", NIGHT, verdict, LabelCounts(collected=4), sources, "rules-1")


def digest(
    night: RunLine | None,
    mentions: tuple[MentionLine, ...] = (),
    incidents: tuple[IncidentLine, ...] = (),
    school: str = "Ysgol Cwm Eithin",
) -> Digest:
    """A composed digest of `DAY`."""
    return compose(school, DAY, night, mentions, incidents, "Social Networking Policy", False, False)


def night(verdict: Verdict) -> RunLine:
    """Two sources, as that verdict has them."""
    others = {
        Verdict.CLEAR: (Verdict.CLEAR, Verdict.CLEAR),
        Verdict.MENTIONS: (Verdict.CLEAR, Verdict.MENTIONS),
        Verdict.DEGRADED: (Verdict.CLEAR, Verdict.BLIND),
        Verdict.BLIND: (Verdict.BLIND, Verdict.BLIND),
    }[verdict]
    return run(verdict, source("one", others[0]), source("two", others[1]))


class Page(HTMLParser):
    """Tags with their attributes, the text inside closed details, and the text outside of them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.outside = ""
        self.inside = ""
        self._details = 0
        self._in_summary = False
        self._quiet = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._details += tag == "details"
        self._in_summary = self._in_summary or tag == "summary"
        self._quiet = self._quiet or tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._details -= tag == "details"
        if tag == "summary":
            self._in_summary = False
        if tag == "style":
            self._quiet = False

    def handle_data(self, data: str) -> None:
        if self._quiet:
            return
        if self._details and not self._in_summary:
            self.inside += data
        else:
            self.outside += data

    def links(self) -> list[str]:
        """Where the page's links lead."""
        return [attrs.get("href") or "" for tag, attrs in self.tags if tag == "a"]

    def named(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of each such tag."""
        return [attrs for name, attrs in self.tags if name == tag]

"""Pages that list what a home has much of: under 100 kB each whatever is stored, and nothing left out of all of them together."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import cast

import httpx
import pytest

from desk.cutting import SHOWN
from desk.digest import Digest, IncidentLine
from desk.evidence_port import CaptureShown, CheckState, EvidenceActs, EvidencePage, EvidenceShown, HeldBy
from desk.pages import HistoryLine, IncidentPage, LookLine, MentionDetail, Records
from desk.start import DECISIONS, MOST_OFFERED, OFFERED, AskIncident, AskMention, Offer, Shut, StartPage
from desk.words import Speaker
from flows.home import Home
from mentionwatch.accounts import DeskRole, Viewer
from mentionwatch.labels import SETTLED, CaptureMethod, FaultKind, IncidentState, Role, Route, Verdict
from tests.desk.cases import flagged
from tests.desk.signed_in import serving, sign_in
from tests.desk.test_cutting import full
from tests.desk.test_page_sources import NOW, TODAY, list_sources, look, night
from town.home import write_home

LIMIT = 100_000
STATES = tuple(IncidentState)


@dataclass
class ManyIncidents:
    """Records that are seven hundred incidents in all states, the latest first, as a home gives them."""

    many: int = 700

    def incidents(self, viewer: Viewer, lang: str) -> tuple[IncidentLine, ...]:
        return tuple(
            IncidentLine(
                f"2026-{number:04}", "a kind of incident with a long name", STATES[number % len(STATES)], Route.NONE,
                Role.HEAD, NOW - timedelta(days=self.many - number), "clause", (), (), None,
            )
            for number in range(self.many, 0, -1)
        )  # fmt: skip


def all_parts(
    client: httpx.Client, path: str, found: Callable[[str], list[str]], name: str = "page"
) -> list[str]:
    """What each part of a list shows, part after part as its links lead on; each is weighed. `name`: the list's in the address."""
    seen, next_ = list[str](), path
    for _ in range(100):
        answer = client.get(next_)
        assert answer.status_code == 200 and len(answer.content) < LIMIT, (next_, len(answer.content))
        seen += found(answer.text)
        links = re.findall(rf'<a rel="next" href="({path}\?{name}=[^"]*)"', answer.text)
        if not links:
            return seen
        (next_,) = links
    raise AssertionError("the parts never end")


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_however_many_incidents_there_are_each_is_on_one_part_and_the_open_ones_first(
    tmp_path: Path, lang: str
) -> None:
    records = ManyIncidents()
    rows = records.incidents(Viewer("", "", frozenset(), "en"), "en")
    is_open = [row.id for row in rows if row.state not in SETTLED]
    with (
        serving(cast(Records, records), Home(tmp_path), clock=lambda: NOW) as desk,
        sign_in(desk, DeskRole.HEAD, lang=lang) as client,
    ):
        seen = all_parts(client, "/incidents", lambda page: re.findall(r'href="/incidents/(2026-\d+)"', page))
        assert seen == [*is_open, *(row.id for row in rows if row.state in SETTLED)]
        first = client.get("/incidents").text
        counted = "Open: {}. Closed: {}" if lang == "en" else "Ar agor: {}. Wedi cau: {}"
        assert counted.format(len(is_open), len(rows) - len(is_open)) in first
        last = client.get("/incidents?page=999").text
        assert rows[-1].id not in first and "2026-" in last, "past the end is the last part"


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_however_many_sources_there_are_each_is_on_one_part_and_the_unseen_first(
    tmp_path: Path, lang: str
) -> None:
    """Sixty sources with a fault, gaps and fourteen nights each: what is wrong stands first, and is counted on every part."""
    home = Home(tmp_path / "home")
    write_home(home.folder, "http://127.0.0.1:9")
    names = [f"source-of-the-neighbourhood-{number:02}" for number in range(60)]
    list_sources(home, *names)
    wrong = names[1::2]
    for back in range(14, 0, -1):
        runs = [
            look(name, Verdict.BLIND, FaultKind.TIMEOUT, *(f"a gap of {name}, number {n}" for n in range(6)))
            if name in wrong
            else look(name, Verdict.CLEAR)
            for name in names
        ]
        night(home, TODAY - timedelta(days=back - 1), *runs)
    with (
        serving(cast(Records, ManyIncidents()), home, clock=lambda: NOW) as desk,
        sign_in(desk, DeskRole.OFFICE, lang=lang) as client,
    ):
        seen = all_parts(
            client, "/sources", lambda page: re.findall(r"<h2>[^<]*?<?[^<]*?(source-of-[\w-]+)", page)
        )
        assert seen == [*wrong, *names[::2]]
        counted = (
            "Sources: 60. Not seen in full: 30"
            if lang == "en"
            else "Ffynonellau: 60. Heb eu gweld yn llawn: 30"
        )
        for address in ("/sources", "/sources?page=3", "/sources?page=999"):
            assert counted in client.get(address).text


@dataclass
class MuchThatAsks:
    """Records of a morning with seventy of everything, each with all its ways, and of three years of digests."""

    many: int = 70

    def digest(self, viewer: Viewer, day: date, lang: str) -> Digest:
        return full(self.many)

    def days(self, viewer: Viewer) -> tuple[date, ...]:
        return tuple(NOW.date() - timedelta(days=back) for back in range(1200))

    def start(self, viewer: Viewer, lang: str, at: datetime) -> StartPage:
        whole = full(self.many)
        refused = (
            (Role.HEAD, "the post mentions the head, who therefore does not decide"),
            (Role.DEPUTY, "the evidence has to be handed over first"),
        )
        offer = Offer(
            tuple(event.value for event in OFFERED[:MOST_OFFERED]),
            tuple(Shut(event.value, refused) for event in DECISIONS),
            asks=True,
        )

        def asked(rows: tuple[IncidentLine, ...]) -> tuple[AskIncident, ...]:
            return tuple(AskIncident(row, offer) for row in rows)

        return StartPage(
            digest=whole, act_now=asked(whole.act_now), decisions=asked(whole.decisions), due=asked(whole.due),
            concerns=tuple(AskMention(row, offer) for row in whole.concerns if row.clocks),
            look=tuple(AskMention(row, Offer()) for row in whole.look), elsewhere=asked(whole.under_way),
            has_more=False, at=NOW,
        )  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_however_much_asks_each_is_on_one_part_of_the_start_page_and_counted_on_all(
    tmp_path: Path, lang: str
) -> None:
    records = MuchThatAsks()
    start = records.start(Viewer("", "", frozenset(), lang), lang, NOW)
    with (
        serving(cast(Records, records), Home(tmp_path), clock=lambda: NOW) as desk,
        sign_in(desk, DeskRole.HEAD, lang=lang) as client,
    ):
        seen = all_parts(
            client,
            "/",
            lambda page: [
                row[1] or row[2]
                for row in re.finditer(r'<h3 id="i([\w-]+)"|/mentions/(\w+)\?from=start">', page)
            ],
        )
        parts = (start.act_now, start.decisions, start.due)
        assert seen[: 3 * records.many] == [row.line.id for part in parts for row in part]
        assert seen[3 * records.many :] == [row.line.id for row in (*start.concerns, *start.look)]
        for address in ("/", "/?page=3", "/?page=999"):
            assert str(start.asked) in client.get(address).text
        oldest = records.days(Viewer("", "", frozenset(), lang))[-1].isoformat()
        address, times = "/", 0
        while oldest not in (page := client.get(address).text):
            assert len(page.encode()) < LIMIT
            address, times = re.findall(r'href="(/\?before=[\d-]+)#digests"', page)[0], times + 1
        assert times == 1200 // 90


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_however_much_a_night_brought_its_digest_is_light_and_counts_all_of_it(
    tmp_path: Path, lang: str
) -> None:
    records = MuchThatAsks()
    with (
        serving(cast(Records, records), Home(tmp_path), clock=lambda: NOW) as desk,
        sign_in(desk, DeskRole.HEAD, lang=lang) as client,
    ):
        answer = client.get(f"/digest/{NOW.date().isoformat()}")
        assert answer.status_code == 200 and len(answer.content) < LIMIT, len(answer.content)
        say = Speaker(lang)
        for name, most in SHOWN.items():
            there = records.many * (2 if name == "concerns" else 1)
            assert say("and_more", n=there - most) in html.unescape(answer.text)


EVENTS = 400


@dataclass
class LongStory:
    """Records of an incident of four hundred steps, on a post opened four hundred times and edited as often."""

    line: IncidentLine = field(
        default_factory=lambda: ManyIncidents(1).incidents(Viewer("", "", frozenset(), "en"), "en")[0]
    )

    def incident(self, viewer: Viewer, id_: str, lang: str) -> IncidentPage:
        history = tuple(
            HistoryLine(
                NOW + timedelta(minutes=n),
                "note",
                Role.HEAD,
                IncidentState.OPENED,
                f"Talked it over, {n:03}.",
            )
            for n in range(EVENTS)
        )
        return IncidentPage(self.line, None, (), history, NOW)

    def mention(self, viewer: Viewer, id_: str, lang: str) -> MentionDetail:
        looks = tuple(
            LookLine(NOW + timedelta(minutes=n), "somebody", "head", "opened_words") for n in range(EVENTS)
        )
        return MentionDetail(flagged(id=id_), "model", (), "source", EVENTS, looks, NOW)


@dataclass
class EditedOften:
    """The evidence of it; the twentieth capture is not as it was stored."""

    def evidence(self, viewer: Viewer, id_: str) -> EvidencePage:
        captures = tuple(
            CaptureShown(
                n, NOW + timedelta(days=n), NOW, CaptureMethod.GUARDED_HTTP, None, 4_000, (("warc", f"{n:064}"), ("text", f"{n:064}")),
                CheckState.CHANGED if n == 20 else CheckState.AS_STORED, NOW,
            )
            for n in range(1, EVENTS + 1)
        )  # fmt: skip
        thing = EvidenceShown("0" * 34, "a-source", captures, False, HeldBy.NOBODY, None, "")
        return EvidencePage(id_, (thing,), NOW, False, True, True)


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_however_long_it_goes_on_an_incident_and_a_post_are_light_and_nothing_is_left_out(
    tmp_path: Path, lang: str
) -> None:
    """Each list of such a page comes in parts, the latest first; a capture that is not as it was is on the first."""
    evidence = cast(EvidenceActs, EditedOften())
    with (
        serving(cast(Records, LongStory()), Home(tmp_path), clock=lambda: NOW, evidence=evidence) as desk,
        sign_in(desk, DeskRole.HEAD, lang=lang) as client,
    ):
        for path in ("/incidents/2026-0001", "/mentions/" + "0" * 34):
            hashes = all_parts(
                client, path, lambda page: re.findall(r"<code>(\d{64})</code>", page), "captures"
            )
            assert sorted(hashes) == sorted(f"{n:064}" for n in range(1, EVENTS + 1) for _ in "ab")
            assert hashes.count(f"{20:064}") == 2 and f"{20:064}" in client.get(path).text
        told = all_parts(
            client, "/incidents/2026-0001", lambda page: re.findall(r"over, (\d{3})\.", page), "history"
        )
        assert sorted(told) == [f"{n:03}" for n in range(EVENTS)] and told[49] == f"{EVENTS - 1:03}"
        seen = all_parts(
            client,
            "/mentions/" + "0" * 34,
            lambda page: re.findall(r'<li>[^<]*<br><span class="meta">(\d[^<·]*)', page),
            "looks",
        )
        assert len(seen) == EVENTS and len(set(seen)) == EVENTS

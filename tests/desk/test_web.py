"""The review pages over a real night's records, served by a real server on this machine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from desk.audit_port import AuditQuery, AuditShown
from desk.digest import Digest, IncidentLine, MentionLine, RunLine, SourceLine, compose
from desk.pages import (
    AskedPost,
    AskLine,
    DecisionTimes,
    DocumentLine,
    HistoryLine,
    IncidentPage,
    LookLine,
    MentionDetail,
    MentionPage,
    MentionQuery,
    StepLine,
    SummaryLine,
)
from desk.start import AskIncident, AskMention, Offer, Shut, StartPage
from desk.web.cookies import SESSION
from desk.web_words import WEB_WORDS
from desk.words import WORDS
from flows.home import Home, read_school
from flows.incident_work import StepAsked, take_step
from flows.school_now import SchoolNow
from flows.showing import PER_PAGE, HomeRecords
from flows.standing import read_context
from incidents.standing import DocumentKind
from incidents.steps import Event
from mentionwatch.accounts import DeskRole, Viewer
from mentionwatch.labels import FaultKind, IncidentState, Label, Role, Route, Scope, Verdict
from mentionwatch.model import LabelCounts
from tests.desk.held import held
from tests.desk.signed_in import Running, make_session, serving, sign_in
from tests.flows.swept import write_swept_home
from tests.warehouse.opened import words_in
from warehouse.figures import AuditRow, WeekCount

NIGHT = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
DSL = Viewer("a1", "", frozenset({DeskRole.DSL}), "en")
"""No post speaks of the safeguarding lead: they are barred from nothing."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = Home(tmp_path_factory.mktemp("desk") / "home")
    write_swept_home(home.folder, NIGHT)
    school, pack = read_school(home)
    with serving(HomeRecords(home, SchoolNow(home, school, pack)), home) as made:
        yield made


def insider(desk: Running, lang: str = "en") -> AbstractContextManager[httpx.Client]:
    """Somebody whose roles open every page."""
    return sign_in(desk, DeskRole.DSL, lang=lang)


PAGES = ("/", "/incidents", "/incidents/2026-0001", "/mentions", "/digest/2026-11-20")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["en", "cy"])
def test_a_page_keeps_to_itself_and_runs_no_script(desk: Running, path: str, lang: str) -> None:
    with insider(desk, lang) as client:
        answer = client.get(path)
    assert answer.status_code == 200 and f'<html lang="{lang}">' in answer.text
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-") and "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-frame-options"] == "DENY"
    for forbidden in ("<script", "<img", "<iframe", " src=", "@import", "javascript:"):
        assert forbidden not in answer.text.lower()


def test_an_incident_page_says_who_decides_what_is_open_and_what_happened(desk: Running) -> None:
    with insider(desk) as client:
        listing = client.get("/incidents").text
        page = client.get("/incidents/2026-0001").text
    assert "2026-0001" in listing
    assert "A note for the record" in page and "<dt>Number</dt><dd>2026-0001</dd>" in page
    assert "Decides" in page and "First steps" in page
    history = page.split('<h2 id="history">')[1]
    assert "Evidence kept" in history and "Opened" in history and "preserve" not in history


@pytest.mark.parametrize(("lang", "touches"), [("en", "Touches "), ("cy", "Yn cyffwrdd â'r cymal: ")])
def test_an_incident_page_names_the_clause_once(desk: Running, lang: str, touches: str) -> None:
    """With whether the post touches it where that was said; it stood twice under each other."""
    found = set[str]()
    with insider(desk, lang) as client:
        for number in range(1, 7):
            block = unescape(client.get(f"/incidents/2026-{number:04}").text).split('id="due"')[0]
            said = re.search(r"<dt>(?:Policy|Polisi)</dt><dd>([^<]+)</dd>", block)
            assert said, number
            assert block.count(said[1].removeprefix(touches)) == 1, number
            found |= {touches} & {said[1][: len(touches)]}
    assert found == {touches}


def test_flagged_words_are_behind_a_deliberate_step(desk: Running) -> None:
    """No flagged post is quoted in a list or an incident: a button opens its words in an answer of their own."""
    with insider(desk) as client:
        for path in ("/mentions", "/incidents/2026-0001"):
            text = client.get(path).text
            assert "<blockquote" not in text
            assert re.search(r'<form method="post" action="/mentions/[^"]+/words#words">', text)


def test_no_page_shows_a_handle(desk: Running) -> None:
    """Handles are sealed (privacy promise)."""
    handles = sorted({words.author for _, _, words in words_in(desk.home.folder)} - {""})
    assert len(handles) >= 5
    with insider(desk) as client:
        shown = "".join(client.get(path).text for path in PAGES)
    assert [each for each in handles if f">{each}<" in shown or f"u/{each}" in shown] == []


def test_unknown_pages_are_plain(desk: Running) -> None:
    with insider(desk) as client:
        for path in ("/nothing", "/incidents/2020-9999", "/digest/2020-01-01", "/digest/..%2f..%2fschool"):
            answer = client.get(path)
            assert answer.status_code == 404 and "There is no such page" in answer.text


def test_the_home_need_not_be_quiet(desk: Running) -> None:
    """While the night writes, a page says so instead of failing; it is whole again afterwards."""
    with insider(desk) as client:
        with held(desk.home.folder):
            busy = httpx.get(
                f"{desk.base}/incidents", cookies=dict(client.cookies), trust_env=False, timeout=300
            )
        assert busy.status_code == 503 and "Nothing is lost" in busy.text
        assert client.get("/incidents").status_code == 200


def test_the_folder_is_not_served(desk: Running) -> None:
    with insider(desk) as client:
        for path in ("/school.toml", "/keys/credentials.toml", "/static/digest.css", "/../school.toml"):
            assert client.get(path).status_code == 404
    assert Path(desk.home.folder / "school.toml").exists()


def test_mentions_are_chosen_by_label_and_source(desk: Running) -> None:
    """The choice stays when the language changes; an unknown word chooses nothing."""
    with insider(desk) as client:
        everything = client.get("/mentions").text
        concerns = client.get("/mentions", params={"label": "concern"}).text
        assert 0 < concerns.count("<article") < everything.count("<article")
        assert concerns.count(">Concern<span") == concerns.count("<article")
        assert "/mentions?label=concern&amp;source=" in concerns
        source = re.findall(r"source=([\w-]+)\"", everything)[0]
        page = client.get("/mentions", params={"source": source, "label": "bogus"}).text
        assert page.count(f'<p class="meta">{source} ') == page.count("<article")
        assert "Nothing matches" in client.get("/mentions", params={"source": "<b>none"}).text
        assert "<b>none" not in client.get("/mentions", params={"source": "<b>none"}).text
        for odd in ("-1", "x", "99999999999999999999", "²", "0"):
            assert client.get("/mentions", params={"page": odd}).status_code == 200


def test_every_mention_is_on_exactly_one_page(desk: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.showing.PER_PAGE", 4)
    school, pack = read_school(desk.home)
    records = HomeRecords(desk.home, SchoolNow(desk.home, school, pack))
    pages = [records.mentions(DSL, MentionQuery())]
    while pages[-1].has_older:
        pages.append(records.mentions(DSL, MentionQuery(page=len(pages) + 1)))
    shown = [row.id for page in pages for row in page.rows]
    monkeypatch.undo()
    assert len(pages) > 2 and len(shown) < PER_PAGE
    assert shown == [row.id for row in records.mentions(DSL, MentionQuery()).rows]


def _take(home: Home, event: Event, role: Role, *given: tuple[str, str], at: datetime = NIGHT) -> None:
    school, pack = read_school(home)
    asked = StepAsked("2026-0001", event, role, "given by hand", given)
    take_step(asked, read_context(home, school, pack, at, "the office"))


@pytest.fixture(scope="module")
def decided(desk: Running) -> Running:
    """The same desk, with an incident that waits for its decision while support has been offered."""
    _take(desk.home, Event.HAND_OVER, Role.OPERATOR, ("conflict_checked", "yes"))
    _take(desk.home, Event.SUPPORT_OFFERED, Role.OPERATOR, ("support", "a talk with the union"))
    return desk


def test_a_refused_step_quotes_the_clause_on_the_page(decided: Running) -> None:
    """L22, T07: the page says to whom a step is not open, once, and the clause that says so."""
    with insider(decided) as client, insider(decided, "cy") as welsh_client:
        page = client.get("/incidents/2026-0001").text
        welsh = welsh_client.get("/incidents/2026-0001").text
    assert "Waiting for a decision" in page and "Given by hand" in page
    assert re.search(
        r"<li>[\w, -]*the office[\w, -]*: only the [\w, -]+ may do this <span class=\"meta\">\[[^\]]+: [^\]]+\]</span></li>",
        page,
    )
    assert re.search(r"a gaiff wneud hyn <span class=\"meta\" lang=\"en\">\[[^\]]+\]</span>", welsh)


def test_an_incident_page_says_what_is_due_what_runs_beside_it_and_what_each_step_asks(
    decided: Running,
) -> None:
    """L13: who wrote it is what a person said, and before that nobody has said it. Codes are for the command line."""
    with insider(decided) as client, insider(decided, "cy") as welsh_client:
        page = client.get("/incidents/2026-0001").text
        welsh = welsh_client.get("/incidents/2026-0001").text
    assert (
        re.search(r"<strong>Decide</strong>: \d+ November 2026, 18:00", page)
        and "(the usual time: your policy sets none)" in page
    )
    assert "<dt>Support for the person targeted</dt><dd>Open</dd>" in page
    assert "<dt>Author</dt><dd>Nobody has said yet</dd>" in page
    assert "policy pack has changed" not in page
    for told in (
        "<strong>Penderfynu</strong>: ",
        "Cefnogaeth i&#39;r sawl a dargedwyd",
        "Nid oes neb wedi dweud eto",
    ):
        assert told in welsh
    assert "--fact" not in page + welsh
    words = re.sub(r"<[^>]+>", " ", page + welsh)
    assert [state.value for state in IncidentState if f" {state.value} " in words] == []


def test_open_steps_stand_first_and_the_others_are_folded_with_the_reason(decided: Running) -> None:
    with insider(decided) as client:
        page = client.get("/incidents/2026-0001").text
    steps = page.split('<h2 id="steps">')[1].split("</section>")[0]
    opened, folded = steps.split("Steps nobody may take now, and why:")
    assert "The internal route" in opened and "Who may: " in opened
    assert opened.count("<h3>") == opened.count("Who may: ")
    assert "Who may" not in folded and folded.count("<h3>") > 0
    assert folded.count("<h3>") == int(folded.split("<")[0])
    assert folded.count("<h3>") <= folded.count("<li>")


class OlderPack(HomeRecords):
    """The records of a home whose pack has been written anew since the incident was opened."""

    def incident(self, viewer: Viewer, id_: str, lang: str) -> IncidentPage | None:
        page = super().incident(viewer, id_, lang)
        return replace(page, is_pack_changed=True) if page else None


def test_an_incident_under_an_older_pack_says_so(decided: Running) -> None:
    """I12: a changed pack never rewrites an open incident; the page says that it has changed."""
    school, pack = read_school(decided.home)
    with (
        serving(OlderPack(decided.home, SchoolNow(decided.home, school, pack)), decided.home) as newer,
        insider(newer) as client,
        insider(newer, "cy") as welsh_client,
    ):
        page = client.get("/incidents/2026-0001").text
        welsh = welsh_client.get("/incidents/2026-0001").text
    assert "Your policy pack has changed since." in page and "adopt_pack" in page
    assert "Mae eich pecyn polisi wedi newid" in welsh


EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7*7 }}\u202e"


def evil_mention() -> MentionLine:
    return MentionLine(
        id=EVIL, source=EVIL, kind=EVIL, url="javascript:alert(3)", title=EVIL, text=EVIL, posted_at=None,
        captured_at=NIGHT, revision=2, scope=Scope.POSSIBLE, label=Label.NEUTRAL, route=Route.NONE,
        needs_person=False, why=(EVIL,), evidence_gap=None, incident=EVIL, lang=EVIL,
    )  # fmt: skip


class EvilRecords:
    """Everything that can be text, is an attack; one page breaks."""

    def start(self, viewer: Viewer, lang: str, at: datetime) -> StartPage:
        shut = Shut(EVIL, ((Role.HEAD, EVIL),))
        offer = Offer((EVIL,), (shut,), EVIL, asks=True)
        row, post = AskIncident(self.incidents(viewer, lang)[0], offer), AskMention(evil_mention(), offer)
        source = SourceLine(EVIL, Verdict.BLIND, 0, 0, 0, FaultKind.DNS, EVIL, NIGHT, (EVIL,))
        run = RunLine(EVIL, NIGHT, Verdict.BLIND, LabelCounts(), (source,), EVIL)
        digest = compose(EVIL, NIGHT.date(), run, (evil_mention(),), (), EVIL, False, False)
        return StartPage(
            digest,
            (row,),
            (row,),
            (row,),
            (post,),
            (post,),
            (row,),
            has_more=True,
            at=at,
        )

    def days(self, viewer: Viewer) -> tuple[date, ...]:
        return (NIGHT.date(),)

    def digest(self, viewer: Viewer, day: date, lang: str) -> Digest:
        raise ZeroDivisionError(EVIL)

    def incidents(self, viewer: Viewer, lang: str) -> tuple[IncidentLine, ...]:
        line = IncidentLine(
            id=EVIL, kind=EVIL, state=IncidentState.OPENED, route=Route.POLICE, decider=Role.HEAD,
            opened_at=NIGHT, clause=EVIL, first_steps=(EVIL,), reasons=(EVIL,), mention=evil_mention(), deadline_at=None,
        )  # fmt: skip
        return (line,)

    def incident(self, viewer: Viewer, id_: str, lang: str) -> IncidentPage | None:
        asks = (AskLine(EVIL, EVIL),)
        step = StepLine(EVIL, EVIL, (Role.HEAD,), ((Role.CHAIR, EVIL),), asks, EVIL)
        shut = StepLine(EVIL, EVIL, (), ((Role.CHAIR, EVIL),))
        history = tuple(
            HistoryLine(NIGHT, EVIL, role, IncidentState.OPENED, EVIL) for role in (Role.HEAD, Role.PIPELINE)
        )
        documents = (DocumentLine(1, DocumentKind.MINUTES, (EVIL,), NIGHT),)
        return IncidentPage(
            self.incidents(viewer, lang)[0], None, (step, shut), history, NIGHT, documents=documents
        )

    def mention(self, viewer: Viewer, id_: str, lang: str) -> MentionDetail | None:
        looks = (LookLine(NIGHT, EVIL, EVIL, EVIL),)
        return MentionDetail(evil_mention(), EVIL, (EVIL,), EVIL, 2, looks, NIGHT)

    def good_news(self, viewer: Viewer, page: int) -> MentionPage:
        return self.mentions(viewer, MentionQuery(page=page))

    def asked_posts(self, viewer: Viewer, lang: str, at: datetime) -> tuple[AskedPost, ...]:
        # Its id goes into fields of a form as it is: it is a number of our own, never anybody's words.
        post = replace(evil_mention(), id="0" * 34, incident="")
        return (AskedPost(post, 0, SummaryLine(EVIL, EVIL, NIGHT)),)

    def weekly(self, viewer: Viewer, weeks: int) -> tuple[WeekCount, ...]:
        return (WeekCount(NIGHT.date(), Label.NEUTRAL, EVIL, weeks),)

    def watched(self, viewer: Viewer, weeks: int) -> frozenset[date]:
        return frozenset()

    def decision_times(self, viewer: Viewer) -> DecisionTimes:
        return DecisionTimes(())

    def mentions(self, viewer: Viewer, wanted: MentionQuery) -> MentionPage:
        return MentionPage((evil_mention(),), (EVIL,), True)


class EvilAudit:
    """An audit log in which every word that a person chose is an attack: the names of accounts."""

    def shown(self, viewer: Viewer, wanted: AuditQuery) -> AuditShown:
        row = AuditRow(NIGHT, EVIL, "head", "account_changed", "account", EVIL)
        return AuditShown((row,), has_older=True, names={EVIL: EVIL})


def test_hostile_words_stay_words_and_a_crash_says_nothing_of_them(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with serving(EvilRecords(), Home(tmp_path), audit=EvilAudit()) as evil, insider(evil) as client:
        for lang in ("en", "cy"):
            with sign_in(evil, DeskRole.HEAD, lang=lang) as reader:
                for path in (
                    "/incidents",
                    "/incidents/1",
                    "/mentions",
                    "/mentions/several",
                    f"/mentions?source={quote(EVIL)}&page=3",
                    "/audit",
                ):
                    text = reader.get(path).text
                    assert "&lt;script&gt;" in text
                    assert not re.search(r"<script|<img|javascript:|\u202e|[^\w]49[^\w]", text)
                    assert not re.search(r"<[^>]*\sonerror", text)
        answer = client.get(f"/digest/{NIGHT.date().isoformat()}")
    assert answer.status_code == 500 and "Something went wrong" in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert [type(each) for each in evil.crashes] == [ZeroDivisionError]
    assert "alert" not in answer.text and "alert" not in "".join(capfd.readouterr())


def test_two_desks_on_one_machine_do_not_lock_each_other_out(tmp_path: Path) -> None:
    """Cookies know no ports: each desk has a cookie name of its own."""
    records = EvilRecords()
    with (
        serving(records, Home(tmp_path / "one")) as one,
        serving(records, Home(tmp_path / "two")) as two,
        httpx.Client(trust_env=False, timeout=30) as client,
    ):
        for each in (one, two):
            client.cookies.set(
                each.site.cookie(SESSION), make_session(each.gate, each.clock(), DeskRole.HEAD)[1]
            )
        assert [client.get(each.base).status_code for each in (one, two)] == [200, 200]


@pytest.mark.parametrize("key", sorted(WEB_WORDS))
def test_every_sentence_of_the_pages_is_there_in_both_languages(key: str) -> None:
    english, welsh = WEB_WORDS[key]
    fields = [sorted(re.findall(r"\{(\w+)\}", each)) for each in (english, welsh)]
    assert english and welsh and english != welsh and fields[0] == fields[1]
    assert key not in WORDS, "one key, one sentence"

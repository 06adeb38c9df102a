"""Every role by every route by every object (L31; ASVS V8.2.1, V8.2.2, V8.2.3, V8.3.1).

The expected answer is the slow rule of `matrix_rule`, over what `matrix_home` says is true of each thing. A row of the
table of routes that is not named there is a failure: whoever adds a page says there who may open it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html.parser import HTMLParser

import httpx
import pytest

from desk.web.context import OpenPage, Page
from desk.web.routes import TABLE
from desk.web.several_form import field_tag
from flows.first_reading import find_asked
from flows.home import read_school
from mentionwatch.accounts import DeskRole
from mentionwatch.labels import Role
from tests.asked_once import asked_once
from tests.desk.matrix_home import NIGHT, WITH_LETTER, Made, make_home, serving_whole
from tests.desk.matrix_rule import WHO, R, sees_incident, sees_mention
from tests.desk.signed_in import Running, csrf_in, make_session, sign_in
from warehouse.accounts import find_account, put_account
from warehouse.connection import Warehouse
from warehouse.summary_asks import SummaryAsk, store_ask

pytestmark = pytest.mark.slow

PEOPLE: tuple[tuple[DeskRole, ...], ...] = (
    *((role,) for role in DeskRole),
    (R.DEPUTY, R.DSL),
    (R.HEAD, R.ADMIN),
    (R.CHAIR, R.REVIEWER),
)
EVENT = "note"
KIND = "staff_report"
NO_INCIDENTS = ("2026-9999", "2026-0001 ", "..%2f2026-0001", "2026-0001'--", "0", "x" * 500, "%00", "2026-%D9%A0%D9%A0%D9%A0%D9%A1")  # fmt: skip
NO_MENTIONS = ("0" * 34, "01", "..%2f..", "' OR 1=1 --", "%", "%00", "x" * 500)
NO_DAYS = ("2026-11-19", "2026-11-21", "today", "2026-13-01", "..%2f2026-11-20")


# --- what there is to try -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Try:
    """One address, and whether it is there for this person. `thing`: what it is about, if about one thing."""

    path: str
    is_there: bool
    thing: str = ""


def tries(row: Page, who: tuple[DeskRole, ...], made: Made, accounts: tuple[str, ...]) -> Iterator[Try]:
    """All addresses of one row."""
    may = bool(WHO[row.path] & set(who))
    if "{" not in row.path:
        # A receipt is shown to the session that got it, and this one got none.
        yield Try(row.path, may and row.path != "/report/receipt")
        if row.path == "/report/post" and row.method == "GET":
            yield Try("/report/post?image=no", may)
        if row.path == "/mentions" and row.method == "GET":
            for thing in made.things:
                yield Try(f"/mentions?id={thing.mention}", may, "")
        return
    if row.path == "/figures/governors/{term}":
        # Which terms there are has tests of its own; what is no term is there for nobody.
        yield from (Try(f"/figures/governors/{term}", False) for term in ("1999-autumn", "..%2fsheet", "%00"))
        return
    names = re.findall(r"\{(\w+)\}", row.path)
    first = row.path.split("/")[1]
    assert names[1:] in ([], ["event"], ["kind"], ["number", "lang"]) and (first, names[0]) in {("incidents", "id"), ("mentions", "id"), ("digest", "day"), ("accounts", "id")}, (
        f"say here what the parts of {row.path} stand for, and of which things"
    )  # fmt: skip
    rest = row.path.partition("}")[2]
    for name, value in (("event", EVENT), ("kind", KIND), ("number", "1"), ("lang", "en")):
        rest = rest.replace(f"{{{name}}}", value)
    if first == "digest":
        yield Try(f"/digest/{NIGHT.date()}", may)
        yield from (Try(f"/digest/{day}", False) for day in NO_DAYS)
        return
    if first == "accounts":
        yield from (Try(f"/accounts/{id_}{rest}", may, "account") for id_ in accounts)
        yield from (Try(f"/accounts/{id_}{rest}", False) for id_ in ("0" * 16, "..%2f..", "new'--", "%00"))
        return
    sees, nothing = (sees_incident, NO_INCIDENTS) if first == "incidents" else (sees_mention, NO_MENTIONS)
    for thing in made.things:
        id_ = thing.incident if first == "incidents" else thing.mention
        if id_:
            is_made = "number" not in names or thing.mark in WITH_LETTER
            # Inside an incident a post has no exhibit beside the incident's own.
            is_made = is_made and not (row.path == "/mentions/{id}/exhibit" and thing.incident)
            yield Try(f"/{first}/{id_}{rest}", may and sees(who, thing) and is_made, thing.mark)
    # Behind the first part of an address the rest is read by the same code: a few will do.
    yield from (Try(f"/{first}/{id_}{rest}", False) for id_ in (nothing[:2] if rest else nothing))


def accounts_of(desk: Running) -> tuple[str, ...]:
    """The first account there is."""
    with desk.gate.store.look() as hold:
        return tuple(row[0] for row in hold.rows("SELECT id FROM accounts ORDER BY made_at LIMIT 1"))


class Forms(HTMLParser):
    """The forms of a page: where each goes, and its fields with what stands in them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self.methods: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((given.get("action", ""), {}))
            self.methods.append(given.get("method", "get").lower())
        elif tag in ("input", "select", "textarea", "button") and self.forms and given.get("name"):
            self.forms[-1][1].setdefault(given["name"], given.get("value", ""))


def form_of(page: str, path: str) -> dict[str, str]:
    """The fields of the form that goes to this path, filled as a person would who has little to say."""
    for action, fields in Forms(page).forms:
        if action == path:
            plain = {"reason": "talked over with the office", "confirm": "yes"}
            return {name: plain.get(name, value) for name, value in fields.items() if name != "csrf"}
    return {}


# --- the walk -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    yield from make_home(tmp_path_factory.mktemp("matrix"))


@pytest.fixture(scope="module")
def desk(made: Made) -> Iterator[Running]:
    with asked_once(), serving_whole(made.home) as running:
        make_session(running.gate, running.clock(), R.OFFICE)
        yield running
        assert running.crashes == []


def stored(made: Made) -> tuple[tuple[str, int, int], ...]:
    """Every table of the database with its size and the sum of its rows' hashes: the audit log is one of them."""
    with Warehouse(made.home.folder).live_reader() as reading:
        tables = [row[0] for row in reading.rows("SELECT table_name FROM duckdb_tables() ORDER BY 1")]
        return tuple(
            (name, *reading.rows(f'SELECT count(*), coalesce(sum(hash(t)), 0) FROM "{name}" AS t')[0])  # noqa: S608 -- its own tables
            for name in tables
        )


def test_every_row_of_the_table_is_in_the_matrix() -> None:
    """A page nobody has said anything about here is a page nobody has thought about."""
    assert {row.path for row in TABLE if isinstance(row, Page)} <= set(WHO)


def leaks(text: str, who: tuple[DeskRole, ...], made: Made, asked: str) -> list[str]:
    """What a page says of things this person may not know; what they typed themselves does not count."""
    said = text.replace(asked, "")
    found = []
    for thing in made.things:
        knows = sees_incident(who, thing) if thing.incident else sees_mention(who, thing)
        also_mention = sees_mention(who, thing)
        if not knows and not also_mention:
            found += [part for part in (thing.mark, thing.mention, thing.incident) if part and part in said]
    return found


@pytest.mark.parametrize("who", PEOPLE, ids=lambda who: "+".join(who))
def test_each_person_is_shown_what_they_may_know_and_nothing_tells_them_of_the_rest(
    desk: Running, made: Made, who: tuple[DeskRole, ...]
) -> None:
    """L31: GET and POST; what is barred, what is not there and what no address can mean answer the same bytes."""
    before = stored(made)
    with sign_in(desk, *who) as client:
        nothing = client.get("/no/such/page")
        csrf = csrf_in(nothing.text)
        assert nothing.status_code == 404
        for row in TABLE:
            if isinstance(row, OpenPage):
                continue
            for one in tries(row, who, made, accounts_of(desk)):
                if row.method == "POST":
                    if one.is_there:
                        continue  # what they may do has tests of its own
                    shown = _as_safeguarding(desk, one.path) if one.thing else {}
                    answer = client.post(one.path, data={"csrf": csrf, **shown})
                else:
                    answer = client.get(one.path)
                where = f"{row.method} {one.path} ({one.thing})"
                assert (answer.status_code == 404) != one.is_there, (where, answer.status_code)
                if not one.is_there:
                    assert answer.content == nothing.content, where
                    assert _told(answer) == _told(nothing), where
                else:
                    assert answer.status_code in (200, 303), (where, answer.status_code)
                assert leaks(answer.text, who, made, one.path.partition("?id=")[2]) == [], where
        assert stored(made) == before, "somebody who was refused has changed something"


def test_who_is_asked_to_read_first_may_know_of_it_and_is_not_whom_it_is_about(
    desk: Running, made: Made
) -> None:
    """L31, issue 6.4: every role by every post of an open incident, for the start page and the e-mail alike."""
    school, pack = read_school(made.home)
    asker, _ = make_session(desk.gate, desk.clock(), R.DSL)
    asked_of = [thing for thing in made.things if thing.incident and thing.mark not in ("qxone", "qxother")]
    with Warehouse(made.home.folder).writer() as writing:
        for thing in asked_of:
            store_ask(writing, SummaryAsk(thing.mention, asker.account_id, Role.DSL, NIGHT))
    told = 0
    for who in PEOPLE:
        viewer, _ = make_session(desk.gate, desk.clock(), *who)
        with desk.gate.store.change() as hold:
            account = find_account(hold, viewer.account_id)
            assert account is not None
            put_account(hold, replace(account, reads_first=True))
        with Warehouse(made.home.folder).live_reader() as reading:
            found = {one.mention_id for one in find_asked(made.home, reading, school, pack, viewer)}
        right = {
            thing.mention
            for thing in asked_of
            if sees_mention(who, thing) and not thing.is_sealed and not thing.barred & set(who)
        }
        assert found == right, [role.value for role in who]
        told += len(found)
    assert told > len(PEOPLE)


_FORMS: dict[str, dict[str, str]] = {}


def _as_safeguarding(desk: Running, path: str) -> dict[str, str]:
    """The form of this address as the safeguarding lead has it, who is shown everything: one that would be taken."""
    if path not in _FORMS:
        with sign_in(desk, R.DSL) as client:
            page = client.get(path)
        _FORMS[path] = form_of(page.text, path) if page.status_code == 200 else {}
    return _FORMS[path]


def _told(answer: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name != "date"}


def pages_of(desk: Running, made: Made, who: tuple[DeskRole, ...]) -> Iterator[tuple[str, str]]:
    """Every page there is for this person, once each."""
    with sign_in(desk, *who) as client:
        seen = set()
        for row in TABLE:
            if isinstance(row, Page) and row.method == "GET":
                for one in tries(row, who, made, accounts_of(desk)):
                    if one.is_there and one.path not in seen:
                        seen.add(one.path)
                        answer = client.get(one.path)
                        if answer.status_code == 200:
                            yield one.path, answer.text


@pytest.fixture(scope="module")
def whole(desk: Running, made: Made) -> dict[str, str]:
    """Every page there is, as those see it who see most and may do most: the safeguarding lead and an administrator."""
    return {
        f"{role.value} {path}": text
        for role in (R.DSL, R.ADMIN)
        for path, text in pages_of(desk, made, (role,))
    }


def test_hostile_words_of_a_post_and_of_a_note_stay_words_on_every_page(whole: dict[str, str]) -> None:
    """ASVS V1.2.1, V1.2.2, V1.3.1, V1.3.4: HTML, template syntax, an address of a metadata service, line ends, signs that turn text."""
    shown = 0
    for where, text in whole.items():
        shown += "qxevil" in text and "&lt;script&gt;" in text
        assert not re.search(r"<script|<img|<iframe|\u202e", text), where
        assert not re.search(r"<[^>]*\son\w+\s*=", text), where
        assert not re.search(
            r"(?:href|action|src)\s*=\s*[\"']?\s*(?:javascript|data|vbscript|http://169\.)", text, re.I
        ), where
        assert str(7919 * 7907) not in text, f"{where}: what the template asks for was worked out"
    assert shown == 0, "words of a flagged post stand in no page until somebody opens them on purpose"


def test_no_address_of_the_desk_holds_a_name_or_words(whole: dict[str, str]) -> None:
    """ASVS V14.2.1: links and forms name things by number only; what a person is called stands in no address."""
    for where, text in whole.items():
        own = [
            found for found in re.findall(r'(?:href|action)="([^"]*)"', text) if found.startswith(("/", "?"))
        ]
        for address in own:
            assert not re.search(r"@|%40|Mari|Jones|qx|school\.example", address), (where, address)
            keys = re.findall(r"[?&;](?:amp;)?([^=&;]+)=", address)
            assert set(keys) <= {
                "id",
                "label",
                "source",
                "page",
                "said",
                "to",
                "lang",
                "by",
                "day",
                "weeks",
                "verb",
                "on",
                "as",
                "from",
                "author",
                "offence",
            }, (where, address)
            # What a link brings along is a word of the protocol, never one of a person's.
            assert all(
                re.fullmatch("[a-z_]+", value)
                for value in re.findall(r"(?:from|author|offence)=([^&;#]*)", address)
            ), address


def test_every_page_can_be_left(whole: dict[str, str]) -> None:
    """ASVS V7.4.4: signing out is one press away wherever one is; so is hiding the page."""
    for where, text in whole.items():
        assert {"/sign-out", "/hide"} <= {action for action, _ in Forms(text).forms}, where


def test_every_form_has_its_token_and_takes_no_field_of_ones_own(
    desk: Running, whole: dict[str, str]
) -> None:
    """ASVS V15.3.3, V3.5.1: found by reading the pages, so a new form is tested by itself. Refused means unchanged."""
    tried = set()
    with sign_in(desk, R.DSL) as safeguarding, sign_in(desk, R.ADMIN) as admin:
        clients = {"dsl": safeguarding, "admin": admin}
        token = {name: csrf_in(client.get("/account").text) for name, client in clients.items()}
        for where, text in whole.items():
            role, _, path = where.partition(" ")
            found = Forms(text)
            for (action, fields), method in zip(found.forms, found.methods, strict=True):
                if method == "get":
                    assert "csrf" not in fields, f"{where}: a token in an address"
                    continue
                assert fields.get("csrf"), f"{where}: {action} has no token"
                to = action or path
                kind = re.sub(r"2026-\d{4}|[0-9a-f]{34}", "ID", to)
                if (role, kind) in tried:
                    continue
                tried.add((role, kind))
                rest = {name: value for name, value in fields.items() if name != "csrf"}
                for extra in ("account_id", "is_admin", "viewer", "decider"):
                    answer = clients[role].post(to, data={"csrf": token[role], **rest, extra: "admin"})
                    assert answer.status_code in (400, 415), (where, to, extra, answer.status_code)
        assert all(client.get("/account").status_code == 200 for client in clients.values()), (
            "nobody was signed out"
        )
    assert {"/language", "/hide", "/sign-out", "/account/wishes", "/account/end-sessions"} <= {
        kind for _, kind in tried
    }


def test_nobody_without_a_session_is_told_what_there_is(desk: Running, made: Made) -> None:
    """ASVS V8.3.1: without a session a thing that is there and one that is not answer alike but for their own address."""
    with desk.visitor() as client:
        told = set()
        for path in (
            *(f"/incidents/{thing.incident}" for thing in made.things if thing.incident),
            "/incidents/2026-9999",
        ):
            answer = client.get(path)
            assert answer.status_code == 303 and answer.content == b""
            told.add(answer.headers["location"].replace(path.replace("/", "%2F"), "PATH"))
        assert told == {"/sign-in?to=PATH"}


def test_the_matrix_can_fail(made: Made) -> None:
    """Each kind of thing is there for somebody, and barred from somebody who would be shown it were it another one."""
    for thing in made.things:
        sees = sees_incident if thing.incident else sees_mention
        assert any(sees(who, thing) for who in PEOPLE) and not all(sees(who, thing) for who in PEOPLE), (
            thing.mark
        )
    by_mark = made.by_mark
    assert sees_incident((R.CHAIR,), by_mark["qxall"]), (
        "the last of the order acts on what is about all of them"
    )
    assert not sees_incident((R.HEAD,), by_mark["qxone"]), "a merge bars from what it was merged with"
    assert not sees_incident((R.DEPUTY, R.DSL), by_mark["qxdeputy"]), (
        "a second role opens nothing that is about the first"
    )


def test_no_form_says_or_opens_anything_of_a_post_that_may_not_be_known(desk: Running, made: Made) -> None:
    """L31: the page of several posts, by everybody who has it; a forged form answers as one about a post that never was."""
    before, tried = stored(made), 0
    for who in PEOPLE:
        if not WHO["/mentions/several"] & set(who):
            continue
        with sign_in(desk, *who) as client:
            csrf = csrf_in(client.get("/account").text)

            def forge(id_: str, path: str, client: httpx.Client = client, csrf: str = csrf) -> httpx.Response:
                tag = field_tag(id_, 1)
                typed = {
                    "id1": id_,
                    "revision1": "1",
                    "said1": "0",
                    f"what1-{tag}": "neutral_asks",
                    f"own1-{tag}": "",
                }
                more = {"open": id_} if path.endswith("/words") else {}
                return client.post(path, data={"csrf": csrf, "as_role": "head", **typed, **more})

            for thing in made.things:
                if not thing.mention or (sees_mention(who, thing) and not thing.is_sealed):
                    continue
                for path in ("/mentions/several", "/mentions/several/words"):
                    here, never = (
                        forge(thing.mention, path),
                        forge("m" + "0" * (len(thing.mention) - 1), path),
                    )
                    assert here.status_code == never.status_code == 409, (who, thing.mark, path)
                    assert here.content == never.content, (who, thing.mark, path)
                    tried += 1
    assert tried > 20 and stored(made) == before

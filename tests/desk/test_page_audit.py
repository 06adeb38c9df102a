"""The audit log at the desk: every verb in words, nothing a reader need not know of, paged, by verb and day."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest

from desk.audit_port import AuditQuery
from desk.audit_words import AUDIT_WORDS, KINDS, VERBS
from desk.sign_in_words import DESK_ROLES
from desk.web.cookies import SESSION
from flows.accounts_audit import hand_over
from flows.desk_audit import AUDIT_PER_PAGE, HomeAudit
from flows.home import Home, read_school
from flows.school_now import SchoolNow
from flows.showing import HomeRecords
from mentionwatch.accounts import DeskRole, Viewer
from mentionwatch.labels import Role
from mentionwatch.model import AuditEvent
from tests.desk.signed_in import Running, make_session, serving, sign_in
from tests.incidents.homes import make_desk
from warehouse.chain import append_audit
from warehouse.connection import Warehouse

ROOT = Path(__file__).resolve().parent.parent.parent
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
VERB_AT = {"AuditEvent": 3, "tell": 2, "_event": 0, "_enter": 1, "_audit": 0, "_log": 2}
"""Which argument of a call is the verb."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = Home(tmp_path_factory.mktemp("audit") / "home")
    made = make_desk(home.folder)
    assert made.report().code == 0
    school, pack = read_school(home)
    now = SchoolNow(home, school, pack)
    audit = HomeAudit(home, now)
    with serving(HomeRecords(home, now), home, clock=lambda: NOW, audit=audit) as running:
        yield running


def enter(desk: Running, *events: AuditEvent) -> None:
    with Warehouse(desk.home.folder).writer() as writing:
        append_audit(writing, events)


def event(verb: str, at: datetime = NOW, actor: str = "mentionwatch", kind: str = "account", id_: str = "x", role: Role = Role.OPERATOR) -> AuditEvent:  # fmt: skip
    return AuditEvent(at, actor, role, verb, kind, id_, "a reason nobody shows")


def _texts(node: ast.expr) -> set[str]:
    return {
        one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)
    }


def verbs_in_code() -> set[str]:
    """Every verb the code can write: texts, and what the names in their place were given."""
    trees = [ast.parse(path.read_text("utf-8")) for folder in ("flows", "warehouse") for path in sorted((ROOT / folder).rglob("*.py"))]  # fmt: skip
    shared = {
        target.id: _texts(node.value)
        for tree in trees
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and isinstance(node.value, ast.Constant) and target.id.isupper()
    }
    found: set[str] = set()
    for tree in trees:
        given: dict[str, set[str]] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Name) and target.id in ("verb", "verbs"):
                        parts = [node.value.body, node.value.orelse] if isinstance(node.value, ast.IfExp) else [node.value]  # fmt: skip
                        given.setdefault("verb", set()).update(*(_texts(part) for part in parts))
                    if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                        for name, value in zip(target.elts, node.value.elts, strict=True):
                            if isinstance(name, ast.Name) and name.id == "_VERB":
                                found |= _texts(value)
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                # What is written where a caller names no verb.
                pairs = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
                found |= {
                    text for arg, value in pairs if arg.arg == "verb" and value for text in _texts(value)
                }
            if not isinstance(node, ast.Call):
                continue
            found |= {text for word in node.keywords if word.arg == "verb" for text in _texts(word.value)}
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            place = VERB_AT.get(str(called))
            if place is None or len(node.args) <= place:
                continue
            verb = node.args[place]
            if isinstance(verb, ast.Name):
                found |= given.get(verb.id, set()) | shared.get(verb.id, set())
            elif isinstance(verb, ast.IfExp):
                found |= _texts(verb.body) | _texts(verb.orelse)
            else:
                found |= _texts(verb)
    return found


def test_every_verb_the_code_writes_has_words_in_both_languages() -> None:
    found = verbs_in_code()
    assert {"moved", "signed_in", "unlocked", "verify_failed", "redacted", "rechecked", "erased", "ended", "sealed", "checkpointed", "promoted", "gated", "opened_reporter"} <= found  # fmt: skip
    assert found - set(VERBS) == set()
    for english, welsh in (*VERBS.values(), *KINDS.values(), *AUDIT_WORDS.values()):
        assert english and welsh


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_who_when_and_what_are_said_in_words(desk: Running, lang: str) -> None:
    """ASVS V16.2.1: when, who in which role, what; never the reason."""
    someone, _ = make_session(desk.gate, NOW, DeskRole.OFFICE)
    enter(desk, event("roles_changed", actor=someone.account_id, id_=someone.account_id))
    with sign_in(desk, DeskRole.ADMIN, lang=lang) as client:
        page = unescape(client.get("/audit").text)
    at = lang == "cy"
    assert VERBS["roles_changed"][at].capitalize() in page
    assert "Mari Jones" in page and KINDS["account"][at] in page
    assert ("21 Tachwedd 2026" if at else "21 November 2026") in page
    assert "a reason nobody shows" not in page and someone.account_id not in page


@pytest.mark.parametrize("lang", ["en", "cy"])
@pytest.mark.parametrize("role", [DeskRole.ANALYST, DeskRole.ADMIN, DeskRole.REVIEWER, DeskRole.OFFICE])
def test_who_takes_no_steps_is_shown_with_what_they_are_at_the_desk(
    desk: Running, lang: str, role: DeskRole
) -> None:
    """ASVS V16.2.1: an analyst who signs out, or an administrator, is not told as the office."""
    someone, token = make_session(desk.gate, NOW, role)
    desk.gate.sign_out(token, NOW)
    hand_over(desk.home.folder)
    with Warehouse(desk.home.folder).live_reader() as reading:
        kept = reading.rows(
            "SELECT role FROM audit WHERE actor = ? AND verb = 'signed_out'", [someone.account_id]
        )
    assert kept == [("operator" if role is DeskRole.OFFICE else role.value,)]
    with sign_in(desk, DeskRole.ADMIN, lang=lang) as client:
        page = unescape(client.get("/audit").text)
    assert f"({DESK_ROLES[role][lang == 'cy']})" in page


def test_nobody_known_has_no_role(desk: Running) -> None:
    """A sign-in refused to nobody is told under no role of the school."""
    desk.gate.sign_in("no-such-login", "wrong", "", "192.0.2.9", NOW)
    hand_over(desk.home.folder)
    with sign_in(desk, DeskRole.ADMIN) as client:
        page = unescape(client.get("/audit").text)
    said = re.findall(r"· nobody known([^<]*)", page)
    assert said and set(said) == {""}


def test_the_actor_of_a_command_is_not_named(desk: Running) -> None:
    enter(desk, event("held", actor="zanzibar"))
    with sign_in(desk, DeskRole.ADMIN) as client:
        page = client.get("/audit").text
    assert "zanzibar" not in page and AUDIT_WORDS["by_command"][0] in page


def test_rows_about_what_a_reader_need_not_know_are_left_out(desk: Running) -> None:
    """L31: an administrator sees no mention and no incident, in no row and no count; the head sees theirs."""
    with sign_in(desk, DeskRole.ADMIN) as client, sign_in(desk, DeskRole.HEAD) as head:
        for query in ("", "?verb=opened", "?verb=reported"):
            page = client.get(f"/audit{query}").text
            assert "2026-0001" not in page and "mention " not in page
        assert AUDIT_WORDS["no_rows"][0] in client.get("/audit?verb=reported").text
        seen = head.get("/audit?verb=opened").text
        assert ("2026-0001" in seen) == (head.get("/incidents/2026-0001").status_code == 200)


def test_a_school_may_ask_by_verb_and_by_day_in_london(desk: Running) -> None:
    """Half past midnight in summer belongs to the day that has begun here."""
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    enter(desk, event("factor_set", late), event("factor_dropped", late))
    audit, viewer = desk.desk.audit, Viewer("a1", "", frozenset({DeskRole.ADMIN}), "en")
    assert audit is not None
    on = date(2026, 7, 1)
    assert {row.verb for row in audit.shown(viewer, AuditQuery(on=on)).rows} == {
        "factor_set",
        "factor_dropped",
    }
    assert [row.verb for row in audit.shown(viewer, AuditQuery("factor_set", on)).rows] == ["factor_set"]
    assert audit.shown(viewer, AuditQuery(on=date(2026, 6, 30))).rows == ()
    with sign_in(desk, DeskRole.ADMIN) as client:
        for odd in (
            "?verb='--",
            "?on=x",
            "?page=-1",
            "?page=99999999999999999999",
            "?page=x&verb=none&on=0000-00-00",
        ):
            assert client.get(f"/audit{odd}").status_code == 200


def test_every_row_is_on_exactly_one_page_newest_first(desk: Running) -> None:
    enter(desk, *(event("signed_in", NOW - timedelta(seconds=one)) for one in range(AUDIT_PER_PAGE + 7)))
    viewer, audit = Viewer("a1", "", frozenset({DeskRole.ADMIN}), "en"), desk.desk.audit
    assert audit is not None
    pages = [audit.shown(viewer, AuditQuery("signed_in", page=number)) for number in (1, 2)]
    assert [len(page.rows) for page in pages] == [AUDIT_PER_PAGE, 7]
    assert [page.has_older for page in pages] == [True, False]
    with sign_in(desk, DeskRole.ADMIN) as client:
        first = client.get("/audit?verb=signed_in")
        assert "/audit?verb=signed_in&page=2" in unescape(first.text) and len(first.content) < 100_000


def test_the_state_of_the_chain_is_one_line(desk: Running) -> None:
    with sign_in(desk, DeskRole.ADMIN) as client:
        for verb, key in (("verified", "chain_whole"), ("verify_failed", "chain_broken")):
            enter(desk, event(verb, kind="evidence", id_="all"))
            assert AUDIT_WORDS[key][0].partition("{at}")[2] in client.get("/audit").text


@pytest.mark.parametrize("role", [role for role in DeskRole if role not in (DeskRole.ADMIN, DeskRole.HEAD, DeskRole.CO_HEAD)])  # fmt: skip
def test_who_may_not_read_the_log_finds_nothing_there(desk: Running, role: DeskRole) -> None:
    with sign_in(desk, role) as client:
        assert client.get("/audit").status_code == 404
    viewer = Viewer("a1", "", frozenset({role}), "en")
    audit = desk.desk.audit
    assert audit is not None and audit.shown(viewer, AuditQuery()).rows == ()


def test_hostile_entries_stay_words(desk: Running) -> None:
    evil = "<script>alert(1)</script>"
    enter(desk, event(evil, actor=evil, id_=evil))
    _, token = make_session(desk.gate, NOW, DeskRole.ADMIN)
    with desk.visitor() as client:
        client.cookies.set(desk.site.cookie(SESSION), token)
        page = client.get("/audit").text
    assert "<script" not in page and "&lt;script" in page.lower()

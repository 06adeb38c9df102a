"""An administrator opens no safeguarding matter alone: roles wait for a head, links take them back, heads are told (ADR 0031)."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desk.sign_in_port import Done, Invited, NotDone, Person, SignedIn, WhyNot
from flows.accounts import Gate
from flows.accounts_people import COMMAND_LINE
from mentionwatch.accounts import HEADS, OPENS_GRAVE, DeskRole, Right, Viewer
from warehouse.accounts import find_account, put_account, set_password, waiting_audit
from warehouse.accounts_file import AccountStore

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
PASSWORD = "gwenynen fach yn y berth"
R = DeskRole


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """How a password is hashed is tested elsewhere, and takes its time on purpose."""
    monkeypatch.setattr("flows.accounts_signing.hash_password", lambda password: f"kept {password}")


@pytest.fixture
def gate(tmp_path: Path) -> Gate:
    return Gate(tmp_path, needs_factor=False)


def person(gate: Gate, login: str, *roles: DeskRole, by: Viewer = COMMAND_LINE) -> Viewer:
    """Somebody invited, and come in."""
    made = gate.add(by, Person(login, login.title(), frozenset(roles)), NOW)
    assert isinstance(made, Invited)
    taken = gate.accept(made.key, PASSWORD, NOW)
    assert isinstance(taken, SignedIn)
    return taken.viewer


def roles_of(gate: Gate, who: Viewer) -> frozenset[DeskRole]:
    with gate.store.look() as hold:
        found = find_account(hold, who.account_id)
    assert found is not None
    return found.roles


def now_viewer(gate: Gate, who: Viewer) -> Viewer:
    return Viewer(who.account_id, who.shown_as, roles_of(gate, who), "en")


@pytest.mark.parametrize("role", sorted(OPENS_GRAVE))
def test_what_an_administrator_gives_waits_for_a_head(gate: Gate, role: DeskRole) -> None:
    """ASVS V8.2.1, V8.2.2: a second account of the administrator's own opens nothing grave by itself."""
    head, admin = person(gate, "head", R.HEAD), person(gate, "admin", R.ADMIN)
    second = person(gate, "second", role, by=admin)
    assert second.roles == frozenset() and gate.waiting_roles(second.account_id) == {role}
    assert not second.has(Right.INCIDENTS) and not second.has(Right.DIGEST) and second.has(Right.OWN_ACCOUNT)
    (given,) = [each for each in gate.given_roles(head) if not each.counts]
    assert (given.account.id, given.role, given.giver) == (second.account_id, role, "Admin")
    assert gate.confirm_role(head, second.account_id, role, LATER) == Done()
    assert roles_of(gate, second) == {role} and gate.waiting_roles(second.account_id) == frozenset()
    assert [each for each in gate.given_roles(head) if each.account.id == second.account_id] == []


def test_nobody_confirms_what_they_gave_or_got_and_no_other_role_does(gate: Gate) -> None:
    """The administrator, the person themselves, a deputy, the chair: none of them."""
    person(gate, "head", R.HEAD)
    admin, deputy, chair = person(gate, "admin", R.ADMIN), person(gate, "deputy", R.DEPUTY), person(gate, "chair", R.CHAIR)  # fmt: skip
    second = person(gate, "second", R.HEAD, R.OFFICE, by=admin)
    for who in (admin, deputy, chair, second, Viewer(second.account_id, "", HEADS, "en"), COMMAND_LINE):
        assert isinstance(gate.confirm_role(who, second.account_id, R.HEAD, LATER), NotDone), who.roles
        assert isinstance(gate.decline_role(who, second.account_id, R.HEAD, LATER), NotDone), who.roles
    assert roles_of(gate, second) == {R.OFFICE}


def test_changing_roles_is_no_way_round(gate: Gate) -> None:
    """Step by step, or again and again: what waits goes on waiting, and what counted stays."""
    head, admin = person(gate, "head", R.HEAD), person(gate, "admin", R.ADMIN)
    second = person(gate, "second", R.ANALYST, by=admin)
    for _ in range(3):
        assert gate.change_roles(admin, second.account_id, frozenset({R.ANALYST, R.DSL}), NOW) == Done()
        assert roles_of(gate, second) == {R.ANALYST} and gate.waiting_roles(second.account_id) == {R.DSL}
    assert gate.change_roles(admin, second.account_id, frozenset({R.ANALYST}), NOW) == Done()
    assert gate.waiting_roles(second.account_id) == frozenset() and isinstance(
        gate.confirm_role(head, second.account_id, R.DSL, LATER), NotDone
    )
    assert gate.change_roles(admin, second.account_id, frozenset({R.DSL}), NOW) == Done()
    assert gate.confirm_role(head, second.account_id, R.DSL, LATER) == Done()
    assert gate.change_roles(admin, second.account_id, frozenset({R.DSL, R.OFFICE}), NOW) == Done()
    assert roles_of(gate, second) == {R.DSL, R.OFFICE}, "what a head confirmed stays while others change"


def test_a_link_in_the_administrators_hand_takes_grave_roles_back(gate: Gate) -> None:
    """Beginning the lead's account anew, or inviting them again: whoever opens the link is the account."""
    head, admin = person(gate, "head", R.HEAD), person(gate, "admin", R.ADMIN)
    lead = person(gate, "lead", R.DSL, R.OFFICE)
    again = gate.reset(admin, lead.account_id, NOW)
    assert isinstance(again, Invited)
    thief = gate.accept(again.key, PASSWORD, NOW)
    assert isinstance(thief, SignedIn) and thief.viewer.roles == {R.OFFICE}
    assert gate.waiting_roles(lead.account_id) == {R.DSL}
    assert gate.confirm_role(head, lead.account_id, R.DSL, LATER) == Done()
    invited = gate.add(COMMAND_LINE, Person("new", "New", frozenset({R.DEPUTY})), NOW)
    assert isinstance(invited, Invited)
    other = gate.invite_again(admin, invited.account.id, NOW)
    assert isinstance(other, Invited)
    come = gate.accept(other.key, PASSWORD, NOW)
    assert isinstance(come, SignedIn) and come.viewer.roles == frozenset()


def test_a_role_is_confirmed_once_its_person_has_come_in(gate: Gate) -> None:
    """Else the head would confirm whoever opens the link later."""
    head, admin = person(gate, "head", R.HEAD), person(gate, "admin", R.ADMIN)
    made = gate.add(admin, Person("lead", "Lead", frozenset({R.DSL})), NOW)
    assert isinstance(made, Invited)
    assert gate.confirm_role(head, made.account.id, R.DSL, LATER) == NotDone(WhyNot.NOT_JOINED)
    assert isinstance(gate.accept(made.key, PASSWORD, NOW), SignedIn)
    assert gate.confirm_role(head, made.account.id, R.DSL, LATER) == Done()


def test_the_only_head_is_not_taken_out_of_the_way(gate: Gate) -> None:
    head, admin = person(gate, "head", R.HEAD), person(gate, "admin", R.ADMIN)
    refused = NotDone(WhyNot.LAST_HEAD)
    assert gate.disable(admin, head.account_id, NOW) == refused
    assert gate.reset(admin, head.account_id, NOW) == refused
    assert gate.change_roles(admin, head.account_id, frozenset({R.ANALYST}), NOW) == refused
    assert roles_of(gate, head) == {R.HEAD}
    second = person(gate, "second", R.CO_HEAD)
    assert gate.disable(admin, head.account_id, NOW) == Done(), (
        "with another head there is a word to wait for"
    )
    assert gate.disable(admin, second.account_id, NOW) == refused
    assert isinstance(gate.reset(COMMAND_LINE, second.account_id, NOW), Invited), (
        "the machine is the root of trust"
    )
    assert roles_of(gate, second) == {R.CO_HEAD}


def test_before_a_head_has_come_in_roles_count_and_are_shown_to_the_first_one(gate: Gate) -> None:
    """A school begins somewhere; what was given before does not stay hidden."""
    admin = person(gate, "admin", R.ADMIN)
    early = person(gate, "early", R.DSL, by=admin)
    assert early.roles == {R.DSL}
    head = person(gate, "head", R.HEAD, by=admin)
    assert head.roles == {R.HEAD}
    seen = {(each.account.login, each.role, each.counts) for each in gate.given_roles(head)}
    assert ("early", R.DSL, True) in seen and not any(login == "head" for login, _, _ in seen)
    assert gate.decline_role(head, early.account_id, R.DSL, LATER) == Done()
    assert roles_of(gate, early) == frozenset()


def test_what_a_head_gives_counts_and_is_shown_to_the_chair_and_other_heads(gate: Gate) -> None:
    """A head who looks after accounts could make a second account past the rule on posts about them: others see it."""
    both = person(gate, "both", R.HEAD, R.ADMIN)
    chair, co_head = person(gate, "chair", R.CHAIR), person(gate, "co", R.CO_HEAD)
    second = person(gate, "second", R.DSL, by=both)
    assert second.roles == {R.DSL}

    def sees(who: Viewer) -> bool:
        return any(each.account.id == second.account_id for each in gate.given_roles(who))

    assert (sees(both), sees(chair), sees(co_head), sees(second)) == (False, True, True, False)
    assert gate.confirm_role(chair, second.account_id, R.DSL, LATER) == Done()
    assert not sees(co_head) and roles_of(gate, second) == {R.DSL}


def test_each_word_is_in_the_audit_log(gate: Gate) -> None:
    """ASVS V16.3.3: giving, confirming and taking away, by id and role."""
    head, admin = person(gate, "head", R.HEAD), person(gate, "admin", R.ADMIN)
    second = person(gate, "second", R.DSL, R.DEPUTY, by=admin)
    gate.confirm_role(head, second.account_id, R.DSL, LATER)
    gate.decline_role(head, second.account_id, R.DEPUTY, LATER)
    with gate.store.look() as hold:
        told = [each.event for each in waiting_audit(hold)]
    said = [
        (one.verb, one.actor, one.reason.rpartition(" ")[0])
        for one in told
        if one.object_id == second.account_id
    ]
    assert ("account_invited", admin.account_id, "as admin waiting deputy+dsl") in said
    assert said[-2:] == [
        ("role_confirmed", head.account_id, "as head dsl"),
        ("role_declined", head.account_id, "as head deputy"),
    ]


def test_the_last_administrator_is_not_declined(gate: Gate) -> None:
    head, admin = person(gate, "head", R.HEAD), person(gate, "admin", R.ADMIN)
    assert gate.decline_role(head, admin.account_id, R.ADMIN, LATER) == NotDone(WhyNot.LAST_ADMIN)


@pytest.mark.parametrize("version", [1, 2])
def test_a_file_of_before_is_brought_up_to_date(tmp_path: Path, version: int) -> None:
    """Whoever has a role keeps it; nothing waits, and nobody wishes for a first reader who did not say so."""
    gate = Gate(tmp_path, needs_factor=False)
    lead = person(gate, "lead", R.DSL)
    with sqlite3.connect(gate.store.path) as plain:
        plain.execute("ALTER TABLE accounts DROP COLUMN reader_wanted_since")
        if version == 1:
            plain.execute("DROP TABLE given_roles")
        plain.execute(f"PRAGMA user_version = {version}")
    with gate.store.look() as hold:
        found = find_account(hold, lead.account_id)
        assert found is not None and found.reader_wanted_since is None
    again = Gate(tmp_path, needs_factor=False)
    assert roles_of(again, lead) == {R.DSL} and again.waiting_roles(lead.account_id) == frozenset()
    with AccountStore(tmp_path).change() as hold:
        found = find_account(hold, lead.account_id)
        assert found is not None
        put_account(hold, found)
        set_password(hold, found.id, "")

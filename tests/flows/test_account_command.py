"""`account`: people set up at the terminal, and what is told of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from desk.sign_in_port import Invited, Person, SignedIn
from flows.accounts import Gate
from flows.cli import main
from mentionwatch.accounts import DeskRole, Viewer
from tests.flows.test_accounts import PASSWORD
from town.home import write_home
from warehouse.chain import AUDIT, check_chain
from warehouse.connection import Warehouse


@pytest.fixture
def home(tmp_path: Path) -> Path:
    write_home(tmp_path, "http://127.0.0.1:9")
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], home: Path, *words: str) -> tuple[int, str, str]:
    code = main(["account", *words, "--home", str(home)])
    out, err = capsys.readouterr()
    return code, out, err


def add(capsys: pytest.CaptureFixture[str], home: Path, login: str, *roles: str) -> str:
    code, out, _ = run(capsys, home, "add", login, "--name", login.title(), "--role", *roles, "--json")
    assert code == 0
    return str(parse_qs(urlsplit(json.loads(out)["link"]).query)["key"][0])


def test_people_are_invited_join_and_are_listed(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = add(capsys, home, "mair", "head", "admin")
    add(capsys, home, "huw", "office")
    assert isinstance(Gate(home).accept(key, PASSWORD, datetime.now(UTC)), SignedIn)
    code, out, _ = run(capsys, home, "list", "--json")
    rows = {row["login"]: row for row in map(json.loads, out.splitlines())}
    assert code == 0 and rows["mair"]["joined"] and not rows["huw"]["joined"]
    assert rows["mair"]["roles"] == ["head", "admin"]
    code, out, _ = run(capsys, home, "list")
    assert "huw  Huw  office  invited" in out and PASSWORD not in out


def test_a_link_says_for_which_desk_it_is_and_what_to_set_where_the_desk_is_elsewhere(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command cannot know the port a desk was started with: it says what it took for granted, until it is told."""
    _, out, _ = run(capsys, home, "add", "huw", "--name", "Huw", "--role", "office")
    link, hint = out.splitlines()[1:]
    assert link.startswith("http://127.0.0.1:8710/join?key=")
    assert "http://127.0.0.1:8710" in hint and "school.toml" in hint and "[sign_in]" in hint
    with (home / "school.toml").open("a", encoding="utf-8") as school:
        school.write('\n[sign_in]\naddress = "http://127.0.0.1:8720"\n')
    _, out, _ = run(capsys, home, "invite", "huw")
    (link,) = out.splitlines()[1:]
    assert link.startswith("http://127.0.0.1:8720/join?key=")


def test_roles_that_wait_for_a_head_are_listed_as_waiting_and_not_as_roles(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """ADR 0031: a script that reads the list does not take who was only given a role for who has it."""
    key, gate = add(capsys, home, "mair", "head"), Gate(home)
    assert isinstance(gate.accept(key, PASSWORD, datetime.now(UTC)), SignedIn)
    admin = Viewer("someone-else", "", frozenset({DeskRole.ADMIN}), "en")
    person = Person("eirlys", "Eirlys", frozenset({DeskRole.DEPUTY, DeskRole.DSL, DeskRole.OFFICE}))
    assert isinstance(gate.add(admin, person, datetime.now(UTC)), Invited)
    rows = {row["login"]: row for row in map(json.loads, run(capsys, home, "list", "--json")[1].splitlines())}
    assert (rows["eirlys"]["roles"], rows["eirlys"]["waiting"]) == (["office"], ["deputy", "dsl"])
    assert (rows["mair"]["roles"], rows["mair"]["waiting"]) == (["head"], [])
    assert "eirlys  Eirlys  office (waiting: deputy,dsl)  invited" in run(capsys, home, "list")[1]
    again = json.loads(run(capsys, home, "invite", "eirlys", "--json")[1])
    assert (again["roles"], again["waiting"]) == (["office"], ["deputy", "dsl"])


def test_the_last_administrator_stays_and_a_wrong_word_is_explained(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(capsys, home, "mair", "admin")
    code, _, err = run(capsys, home, "disable", "mair")
    assert code == 5 and "last administrator" in err
    code, _, err = run(capsys, home, "roles", "mair", "--role", "head")
    assert code == 5
    code, _, err = run(capsys, home, "disable", "nobody")
    assert code == 2 and "account: LOGIN: there is no such account" in err
    code, _, err = run(capsys, home, "add", "huw", "--name", "Huw", "--role", "king")
    assert code == 2 and "'king' is no role" in err
    code, _, err = run(capsys, home, "add", "MAIR", "--name", "Mair", "--role", "slt")
    assert code == 2 and "there is such an account" in err
    for act in ("invite", "reset"):
        assert run(capsys, home, act, "mair")[0] == 0
    assert run(capsys, home, "end-sessions", "mair")[0] == 0


def test_v16_3_1_each_act_is_in_the_audit_log_by_id_and_the_chain_is_whole(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """ASVS V16.2.1, V16.2.5, V16.3.3: who, what, whom; no login and no name."""
    add(capsys, home, "mair", "admin")
    add(capsys, home, "huw", "office")
    assert run(capsys, home, "roles", "huw", "--role", "reviewer")[0] == 0
    assert run(capsys, home, "disable", "huw")[0] == 0
    with Warehouse(home).live_reader() as reading:
        told = reading.rows("SELECT verb, actor, object_kind, reason FROM audit ORDER BY seq")
        assert check_chain(reading, AUDIT) == []
    assert [row[0] for row in told] == [
        "account_invited",
        "account_invited",
        "roles_changed",
        "account_disabled",
    ]
    assert {row[1] for row in told} == {"command-line"} and {row[2] for row in told} == {"account"}
    assert "from office to reviewer" in told[2][3]
    assert "huw" not in repr(told)

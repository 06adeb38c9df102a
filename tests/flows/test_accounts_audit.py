"""What sign-in tells reaches the audit log: once, in order, later if a night writes, whatever is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.sign_in_port import SignedIn
from desk.web.entry import is_csrf
from flows.accounts import Gate
from flows.accounts_audit import Courier, hand_over
from mentionwatch.errors import Retriable
from tests.flows.test_accounts import FIRST, HOME, NOW, PASSWORD, first, with_factor
from warehouse.accounts import waiting_audit
from warehouse.chain import AUDIT, check_chain
from warehouse.connection import Warehouse

ROOT = Path(__file__).resolve().parents[2]


def told(home: Path) -> list[str]:
    with Warehouse(home).live_reader() as reading:
        assert check_chain(reading, AUDIT) == []
        return [
            verb
            for (verb,) in reading.rows("SELECT verb FROM audit WHERE object_kind = 'account' ORDER BY seq")
        ]


def test_each_event_goes_in_once_and_in_order(tmp_path: Path) -> None:
    """ASVS V16.2.1, V16.3.1."""
    gate = Gate(tmp_path)
    assert hand_over(tmp_path) == 0
    made = first(gate)
    gate.sign_in(FIRST.login, "wrong", "", HOME, NOW)
    gate.sign_out(made.token, NOW)
    assert hand_over(tmp_path) == 4
    assert hand_over(tmp_path) == 0
    assert told(tmp_path) == ["account_made", "signed_in", "refused", "signed_out"]


def test_only_who_had_hidden_a_page_is_said_to_come_back_to_one(tmp_path: Path) -> None:
    """Whoever types the password to set up the second step, or to change it, hid nothing, and the log says so."""
    gate = Gate(tmp_path)
    strong, _, _ = with_factor(gate, first(gate))
    gate.lock(strong.token)
    assert isinstance(gate.unlock(strong.token, PASSWORD, HOME, NOW), SignedIn)
    hand_over(tmp_path)
    verbs = told(tmp_path)
    assert verbs[2:4] == ["password_given", "session_renewed"] and "factor_set" in verbs
    assert verbs.count("unlocked") == 1 and verbs[-1] == "unlocked"


def test_signing_in_never_waits_for_a_night_that_writes(tmp_path: Path) -> None:
    """ADR 0028: the warehouse is held, people come in, the log hears of it afterwards."""
    courier = Courier(tmp_path, lambda error: None)
    gate = Gate(tmp_path, on_audit=courier.wake)
    with Warehouse(tmp_path).writer():
        begun = time.perf_counter()
        first(gate)
        assert isinstance(gate.sign_in(FIRST.login, PASSWORD, "", HOME, NOW), SignedIn)
        assert time.perf_counter() - begun < 25
        with pytest.raises(Retriable):
            hand_over(tmp_path)
    courier.start()
    until = time.monotonic() + 120
    while time.monotonic() < until:
        with gate.store.look() as hold:
            if not waiting_audit(hold):
                break
        threading.Event().wait(0.02)
    courier.stop()
    assert told(tmp_path) == ["account_made", "signed_in", "signed_in"]


_KILLED = """
import os, signal, sys
from pathlib import Path
import flows.accounts_audit as audit
if sys.argv[2] == "before":
    audit.append_audit = lambda writing, events: os.kill(os.getpid(), signal.SIGKILL)
else:
    audit.drop_waiting = lambda hold, up_to: os.kill(os.getpid(), signal.SIGKILL)
audit.hand_over(Path(sys.argv[1]))
"""


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX's")
def test_killed_before_or_after_the_log_has_it_each_event_is_there_once(tmp_path: Path) -> None:
    """ASVS V16.3.1, V16.5.2: the two files cannot be written in one step; the id each event carries tells."""
    gate = Gate(tmp_path)
    first(gate)
    for place in ("before", "after", "after"):
        gate.sign_in(FIRST.login, "wrong", "", HOME, NOW)
        done = subprocess.run(
            [sys.executable, "-c", _KILLED, str(tmp_path), place],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        assert done.returncode == -signal.SIGKILL
    assert told(tmp_path).count("refused") == 3, "already there"
    assert hand_over(tmp_path) == 0
    assert told(tmp_path) == ["account_made", "signed_in", "refused", "refused", "refused"]
    with gate.store.look() as hold:
        assert waiting_audit(hold) == ()


@given(st.text(max_size=80), st.text(max_size=80), st.integers(0, 63))
def test_v3_5_1_the_token_of_a_form_is_one_sessions_and_bears_no_change(
    one: str, other: str, at: int
) -> None:
    """ASVS V3.5.1: made of the session's token alone, of any text; another's, or one letter different, is refused."""
    gate = Gate(Path("never-opened"))
    token = gate.csrf_of(one)
    assert is_csrf(token, gate.csrf_of(one)) == bool(one)
    if one.encode("utf-8", "replace") != other.encode("utf-8", "replace"):
        assert not is_csrf(token, gate.csrf_of(other))
    if not one:
        return
    changed = token[:at] + ("0" if token[at] != "0" else "1") + token[at + 1 :]
    for wrong in (changed, token[:-1], other):
        assert not is_csrf(wrong, token)

"""Whatever a mail server, a line or a machine does: nobody gets a digest's e-mail twice (reliability 5, row "mail").

The client is Python's smtplib, the server aiosmtpd, the line TCP; what is counted is what the server took.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from desk.digest import Digest
from desk.mail_dialogue import MailServer
from flows.home import Home
from flows.mailing import Door
from flows.outbox import LONGEST_WAIT, Letter, LetterKind, LetterState, Outbox
from flows.outbox_sending import Sending, send_morning
from flows.recipients import Recipient
from mentionwatch.labels import Verdict
from tests.desk.cases import digest, night
from tests.flows.mail_server import Fault, FaultyBox, Plan, Word, a_faulty_server

DAY = date(2026, 11, 20)
SEVEN = datetime(2026, 11, 20, 7, tzinfo=UTC)
MADE = digest(night(Verdict.CLEAR))
CLONE = Path(__file__).resolve().parent.parent.parent
MOST_TRIES = 6


class Killed(BaseException):
    """Stands for SIGKILL in the simulated runs: nothing may catch it."""


class MortalOutbox(Outbox):
    """Its process dies before or after the `n`th thing it writes down."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, durable=False)
        self.dies_at, self.after = 0, False

    def _move(self, *what: Any) -> bool:
        self.dies_at -= 1
        if self.dies_at == 0 and not self.after:
            raise Killed
        done = super()._move(*what)
        if self.dies_at == 0:
            raise Killed
        return done


class Carefree(MortalOutbox):
    """What the outbox must not be: it lets a letter end without writing that down first."""

    def take(self, id_: str, now: datetime) -> bool:
        return True

    def settle(self, id_: str, state: LetterState, code: str, now: datetime) -> None:
        if state is LetterState.SENT:
            self._move("state = ?, code = ?", (state, code), id_, LetterState.QUEUED, now)


@pytest.fixture
def server() -> Iterator[tuple[FaultyBox, int]]:
    with a_faulty_server() as found:
        yield found


def a_door(port: int, last_reply_s: float = 0.15) -> Door:
    return Door(MailServer("127.0.0.1", port, "none", last_reply_s=last_reply_s), "watch@school.example")


def send(box: Outbox, port: int, name: str, now: datetime) -> Sending:
    to = Recipient(name, "head@school.example", "en")
    return send_morning(Home(box.path.parent), a_door(port), box, (to,), DAY, lambda _: MADE, lambda: now)


def letter_of(box: Outbox, name: str) -> Letter:
    return box.queue(LetterKind.MORNING, DAY, name, "en", SEVEN)


def all_plans() -> list[Plan]:
    """Every fault at every word; silence only after the letter, where it is the hard case."""
    plans = [
        Plan(word, fault)
        for word in Word
        for fault in Fault
        if fault not in (Fault.NONE, Fault.SILENT, Fault.NOT_TAKEN)
    ]
    return [*plans, Plan(Word.DOT, Fault.SILENT), Plan(Word.DOT, Fault.NOT_TAKEN)]


def stands(plan: Plan, found: LetterState) -> LetterState:
    """What the outbox must say after one try under this plan.

    A line that breaks while the letter is on its way shows itself before its last line or after it, as TCP has it:
    then `found` may be either, and unknown is the careful one.
    """
    if plan.word is Word.LETTER or (plan.word is Word.DATA and plan.fault is Fault.CUT_AFTER):
        assert found in (LetterState.QUEUED, LetterState.UNKNOWN)
        return found
    if plan.word is not Word.DOT:
        never = plan.word is Word.RCPT and plan.fault is Fault.NEVER
        return LetterState.REFUSED if never else LetterState.QUEUED
    return {
        Fault.CUT_AFTER: LetterState.SENT,
        Fault.NOT_NOW: LetterState.QUEUED,
        Fault.NEVER: LetterState.REFUSED,
    }.get(plan.fault, LetterState.UNKNOWN)


@pytest.mark.parametrize("plan", all_plans(), ids=lambda plan: f"{plan.word.name}-{plan.fault.name}")
def test_a_fault_at_any_word_of_the_dialogue_makes_no_double(
    plan: Plan, server: tuple[FaultyBox, int], tmp_path: Path
) -> None:
    """One fault, then a server that is well again: at most one letter, and none lost that the books call sent."""
    box, port = server
    with Outbox(tmp_path, durable=False) as books:
        box.plan = plan
        first = send(books, port, "head", SEVEN)
        after_one = letter_of(books, "head").state
        assert after_one is stands(plan, after_one)
        assert first.is_whole is (after_one is LetterState.SENT)
        box.plan = Plan()
        for hour in range(1, 4):
            send(books, port, "head", SEVEN + timedelta(hours=hour))
        taken, state = sum(box.taken.values()), letter_of(books, "head").state
    assert taken <= 1
    if after_one in (LetterState.QUEUED, LetterState.SENT):
        assert (taken, state) == (1, LetterState.SENT)
    else:
        assert state is after_one


def test_a_reply_that_is_lost_is_told_and_sent_again_only_by_a_person(
    server: tuple[FaultyBox, int], tmp_path: Path
) -> None:
    """ADR 0029: the same Message-ID both times, so that a mail program can see the double a person asked for."""
    box, port = server
    box.plan = Plan(Word.DOT, Fault.LOST)
    to = Recipient("head", "head@school.example", "en")
    with Outbox(tmp_path) as books:
        said = send(books, port, "head", SEVEN)
        assert "Nobody knows whether it arrived: 1." in said.say() and not said.is_whole
        box.plan = Plan()
        assert send(books, port, "head", SEVEN + timedelta(hours=1)).unknown == 1
        home, door = Home(tmp_path), a_door(port)
        again = send_morning(home, door, books, (to,), DAY, lambda _: MADE, lambda: SEVEN, again=True)
        assert again.sent == 1 and again.is_whole
        assert (
            send_morning(home, door, books, (to,), DAY, lambda _: MADE, lambda: SEVEN, again=True).had_it == 1
        )
        assert box.taken == {letter_of(books, "head").message_id: 2}


def test_one_refused_reader_takes_nothing_from_the_others(
    server: tuple[FaultyBox, int], tmp_path: Path
) -> None:
    box, port = server
    box.plan = Plan(Word.RCPT, Fault.NEVER)
    with Outbox(tmp_path) as books:
        assert send(books, port, "gone", SEVEN).refused == 1
        box.plan = Plan()
        people = tuple(Recipient(each, f"{each}@school.example", "cy") for each in ("gone", "head", "dsl"))
        said = send_morning(Home(tmp_path), a_door(port), books, people, DAY, lambda _: MADE, lambda: SEVEN)
    assert (said.sent, said.refused, sum(box.taken.values())) == (2, 1, 2)
    assert "school.example" not in said.say()


@pytest.mark.parametrize("fault", [Fault.NOT_NOW, Fault.NEVER], ids=lambda fault: fault.name)
def test_who_is_turned_away_settles_nothing_of_a_letter_in_another_hand(
    fault: Fault, server: tuple[FaultyBox, int], tmp_path: Path
) -> None:
    """ADR 0029: of two senders one has the letter in hand; the server's no to the other says nothing of it."""
    box, port = server
    box.plan = Plan(Word.RCPT, fault)
    to = Recipient("head", "head@school.example", "en")
    with Outbox(tmp_path) as mine, Outbox(tmp_path) as other:

        def while_other_takes_it(_: Recipient) -> Digest:
            assert other.take(letter_of(other, "head").id, SEVEN)
            return MADE

        send_morning(Home(tmp_path), a_door(port), mine, (to,), DAY, while_other_takes_it, lambda: SEVEN)
        letter = letter_of(other, "head")
        assert letter.state is LetterState.HANDING_OVER
        other.settle(letter.id, LetterState.SENT, "250", SEVEN)
        box.plan = Plan()
        assert send(mine, port, "head", SEVEN + timedelta(hours=1)).had_it == 1
    assert not box.taken


def test_of_two_who_send_a_letter_of_a_dead_sender_again_the_second_takes_it_from_nobody(
    tmp_path: Path,
) -> None:
    """ADR 0029: what the first has in hand by then stays there, and the second sends no double."""
    late = SEVEN + LONGEST_WAIT + timedelta(minutes=1)
    with Outbox(tmp_path) as mine, Outbox(tmp_path) as other:
        assert mine.take(letter_of(mine, "head").id, SEVEN)
        dead = letter_of(mine, "head")
        assert dead.stands_at(late) is LetterState.UNKNOWN
        other.release(dead, late)
        assert other.take(dead.id, late)
        mine.release(dead, late)
        assert letter_of(mine, "head").state is LetterState.HANDING_OVER
        assert not mine.take(dead.id, late)


# --- Many seeded runs.


@dataclass(frozen=True, slots=True)
class Tally:
    """Of so many letters: what the server took, and what the books say. `lied`: called sent, and never taken."""

    letters: int
    doubles: int
    missing_and_told: int
    lied: int
    states: Counter[LetterState]
    dialogues: int


def draw_plan(chance: random.Random) -> Plan:
    if chance.random() < 0.5:
        return Plan()
    word = chance.choice((*Word, Word.DOT))
    # Silence costs a wait each time; the other ways of losing a reply are drawn as often.
    faults = [Fault.LOST, Fault.CUT_AFTER, Fault.NOT_NOW, Fault.NEVER, Fault.NONSENSE]
    if word is Word.DOT:
        faults += [Fault.NOT_TAKEN, Fault.LOST]
    return Plan(word, Fault.SILENT if word is Word.DOT and chance.random() < 0.004 else chance.choice(faults))


def run_letters(count: int, seed: int, folder: Path, kind: type[MortalOutbox]) -> Tally:
    """Each letter is tried until it is settled, under faults of the server and deaths of the sender."""
    chance, doubles, missing, lied, states = random.Random(seed), 0, 0, 0, Counter[LetterState]()
    with a_faulty_server() as (box, port), kind(folder) as books:
        for number in range(count):
            name, now = f"person-{number}", SEVEN
            for _ in range(MOST_TRIES):
                box.plan = draw_plan(chance)
                books.dies_at = chance.randint(1, 3) if chance.random() < 0.15 else 0
                books.after = chance.random() < 0.5
                with suppress(Killed):
                    send(books, port, name, now)
                now += 2 * LONGEST_WAIT
                if letter_of(books, name).stands_at(now) is not LetterState.QUEUED:
                    break
            letter = letter_of(books, name)
            state, taken = letter.stands_at(now), box.taken.pop(letter.message_id, 0)
            states[state] += 1
            doubles += taken > 1
            missing += not taken and state is not LetterState.SENT
            lied += not taken and state is LetterState.SENT
        return Tally(count, doubles, missing, lied, states, box.dialogues)


def check(tally: Tally) -> None:
    assert tally.doubles == 0 and tally.lied == 0
    assert all(tally.states[state] for state in (LetterState.SENT, LetterState.UNKNOWN, LetterState.REFUSED))


def test_eighty_letters_under_faults_and_deaths_make_no_double(tmp_path: Path) -> None:
    check(run_letters(80, 20261121, tmp_path, MortalOutbox))


def test_an_outbox_that_writes_afterwards_is_found_out(tmp_path: Path) -> None:
    """The same runs against books that are kept too late: the count can fail."""
    tally = run_letters(80, 20261121, tmp_path, Carefree)
    assert tally.doubles > 3


@pytest.mark.slow
def test_a_thousand_letters_under_faults_and_deaths_make_no_double(tmp_path: Path) -> None:
    """Reliability 5, row "mail": at most 1 double in 10,000. All 10,000 are counted by bench.outbox."""
    for seed in range(1, 6):
        folder = tmp_path / str(seed)
        folder.mkdir()
        check(run_letters(200, seed, folder, MortalOutbox))


# --- A process that is really killed.

NURSERY = """
import os, sys, threading
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from tests.flows import test_mail_faults as t
assert threading.active_count() == 1, "a fork would copy a process with threads"
while sys.stdin.readline():
    child = os.fork()
    if child == 0:
        code = 70
        try:
            t.send_all(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
            code = 0
        finally:
            os._exit(code)
    print(child, flush=True)
    sys.stdin.readline()
    print(os.waitpid(child, 0)[1], flush=True)
"""
"""Pays for the imports once. A line in: a process that sends, and its number out; another line in: how it ended."""


def send_all(folder: Path, port: int, count: int) -> None:
    """What such a process does: it goes through all the letters, as the command would."""
    with Outbox(folder) as books:
        for number in range(count):
            send(books, port, f"person-{number}", SEVEN)


def _ask(nursery: subprocess.Popen[str]) -> int:
    assert nursery.stdin is not None and nursery.stdout is not None
    nursery.stdin.write("\n")
    nursery.stdin.flush()
    return int(nursery.stdout.readline())


def kill_until_done(count: int, seed: int, folder: Path, most_kills: int) -> tuple[FaultyBox, int]:
    """Send `count` letters by processes that are killed again and again; the server's box and the number of kills."""
    chance, kills = random.Random(seed), 0
    with a_faulty_server() as (box, port):
        arguments = [sys.executable, "-c", NURSERY, str(CLONE), str(folder), str(port), str(count)]
        with subprocess.Popen(
            arguments, cwd=CLONE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as nursery:
            while True:
                sender = _ask(nursery)
                if kills < most_kills:
                    # The moment of a kill is the one thing here that no clock of ours can own.
                    time.sleep(chance.random() * 0.4)
                    with suppress(ProcessLookupError):
                        os.kill(sender, signal.SIGKILL)
                code = os.waitstatus_to_exitcode(_ask(nursery))
                if code == 0:
                    return box, kills
                assert code == -signal.SIGKILL
                kills += 1


@pytest.mark.alone
@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
@pytest.mark.slow
def test_senders_that_are_killed_leave_no_double_and_no_letter_untold(tmp_path: Path) -> None:
    """Reliability 5, row "kill -9": what was being ended at that moment is unknown, all else is sent once."""
    count = 1_200
    box, kills = kill_until_done(count, 7, tmp_path, 60)
    with Outbox(tmp_path) as books:
        letters = books.letters(LetterKind.MORNING, DAY)
    late = SEVEN + 2 * LONGEST_WAIT
    by_state = Counter(each.stands_at(late) for each in letters)
    sys.stdout.write(f"{kills} kills: {by_state}, doubles {sum(n > 1 for n in box.taken.values())}\n")
    assert max(box.taken.values()) == 1
    assert len(letters) == count and by_state[LetterState.QUEUED] == 0
    assert by_state[LetterState.UNKNOWN] <= kills and kills > 3
    sent = {each.message_id for each in letters if each.state is LetterState.SENT}
    assert sent <= set(box.taken), "nothing is called sent that the server did not take"

"""The desk with millions of mentions stored and twenty people signed in: how long they wait, and what a page weighs.

    python -m bench.desk [--mentions 5000000] [--home FOLDER] [--users 20] [--minutes 5] [--closed] [--writes] [--floor FOLDER]

The desk is the command itself, `mentionwatch desk`, a process of its own; the people are this one. A home that is there
is used as it is, one that is not is made first. First every page is opened alone, again and again: milliseconds and the
desk's own processor time, beside the same page on a home of a thousand mentions and beside a bare Starlette page of as
many bytes, which is what the line, the server and HTTP cost. Then everybody comes at once.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import secrets
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bench.desk_home import make_home, mention_of
from bench.desk_told import GOAL_BYTES, draw_table, sum_up
from bench.desk_users import WEIGHTS, Answer, Known, Person, address_of, find_known, run_people
from desk.web.context import Site
from desk.web.cookies import SESSION
from mentionwatch.accounts import Account, DeskRole
from warehouse import accounts as rows
from warehouse.accounts import AccountStore
from warehouse.accounts_sessions import start_session

LEAST_MENTIONS = 1_000
ROLES = (
    (DeskRole.HEAD,), (DeskRole.DEPUTY,), (DeskRole.DSL,), (DeskRole.SLT,), (DeskRole.DEPUTY, DeskRole.DSL),
)  # fmt: skip
"""Who they are, in turn: all of them open every page of the mix; what they may know of differs."""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@contextmanager
def running(command: Sequence[str], port: int) -> Iterator[int]:
    """A server in a process of its own, from its first answer on; gives its number."""
    server = subprocess.Popen([sys.executable, *command], stdout=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 600
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/alive", timeout=60):
                    break
            except OSError:
                if server.poll() is not None:
                    raise SystemExit(f"the server ended: {server.returncode}") from None
                time.sleep(0.1)
        yield server.pid
    finally:
        server.terminate()
        server.wait()


def sign_in(folder: Path, port: int, users: int) -> list[Person]:
    """So many people with a session each, straight from the file of accounts: passwords are not what is measured."""
    store, now = AccountStore(folder), datetime.now(UTC)
    name = Site(frozenset({f"http://127.0.0.1:{port}"}), port).cookie(SESSION)
    found = []
    with store.change() as hold:
        for number in range(users):
            id_ = secrets.token_hex(8)
            roles = frozenset(ROLES[number % len(ROLES)])
            rows.put_account(
                hold,
                Account(
                    id_, f"{id_}@school.example", f"Bench {number}", roles, "en", "", True, False, False, now
                ),
            )
            found.append(Person(port, f"{name}={start_session(hold, id_, now, is_strong=True)}"))
    return found


def processor_s(pid: int) -> float:
    """Seconds of processor the process has used, its ended children included."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(fields[at]) for at in (11, 12, 13, 14)) / os.sysconf("SC_CLK_TCK")


def memory_mb(pid: int, name: str) -> float:
    line = next(
        each for each in Path(f"/proc/{pid}/status").read_text().splitlines() if each.startswith(name)
    )
    return int(line.split()[1]) / 1000


def open_alone(
    person: Person, pid: int, known: Known, kind: str, times: int
) -> tuple[float, float, int, int]:
    """Median milliseconds, the desk's processor milliseconds a page, the heaviest page, and answers that were wrong."""
    dice, answers = random.Random(1), list[Answer]()
    person.get(kind, address_of(kind, known, dice))
    before = processor_s(pid)
    for _ in range(times):
        answers.append(person.get(kind, address_of(kind, known, dice)))
    used = (processor_s(pid) - before) / times
    took = statistics.median(each.took_s for each in answers)
    return (
        1000 * took,
        1000 * used,
        max(len(each.body) for each in answers),
        sum(not each.is_right for each in answers),
    )


def look_alone(folder: Path, mentions: int, times: int) -> dict[str, tuple[float, float, int, int]]:
    """Every kind of page alone."""
    port = free_port()
    with running(["-m", "flows.cli", "desk", "--home", str(folder), "--port", str(port)], port) as pid:
        (person,) = sign_in(folder, port, 1)
        known = find_known(
            person, [mention_of(number) for number in range(0, mentions, max(1, mentions // 50))]
        )
        return {kind: open_alone(person, pid, known, kind, times) for kind in WEIGHTS}


def bare_ms(size: int, times: int) -> float:
    """Median milliseconds of a Starlette page that is there already, of so many bytes."""
    port = free_port()
    with running(["-m", "bench.desk_floor", "--port", str(port), "--bytes", str(size)], port):
        person = Person(port, "")
        took = [person.get("", "/page").took_s for _ in range(times + 3)][3:]
        person.close()
        return 1000 * statistics.median(took)


def come_all(folder: Path, mentions: int, given: argparse.Namespace) -> None:
    port, answers, lock = free_port(), list[Answer](), threading.Lock()

    def tell(answer: Answer) -> None:
        with lock:
            answers.append(answer)

    with running(["-m", "flows.cli", "desk", "--home", str(folder), "--port", str(port)], port) as pid:
        people = sign_in(folder, port, given.users)
        # Each follows the links of what their role is shown: what one may not know of is not there for them (L31).
        old = [mention_of(number) for number in range(0, mentions, max(1, mentions // 500))]
        by_role = [find_known(person, old) for person in people[: len(ROLES)]]
        known = [by_role[number % len(ROLES)] for number in range(len(people))]
        before, began = processor_s(pid), time.monotonic()
        run_people(people, known, given.minutes * 60, thinks=not given.closed, writes=given.writes, tell=tell)
        used, lasted = processor_s(pid) - before, time.monotonic() - began
        peak = memory_mb(pid, "VmHWM")
    print(
        f"\n{given.users} people, {'no pause' if given.closed else 'pauses of 7 s'}, {lasted:.0f} s, load {loads()}\n"
    )
    print("\n".join(draw_table(answers)))
    share = 100 * used / lasted
    print(
        f"\n{len(answers) / lasted:.1f} pages/s; {1000 * used / max(1, len(answers)):.0f} ms of processor a page, {share:.0f} % of one core; the desk's peak {peak:.0f} MB"
    )
    print("\n" + "\n".join(sum_up(answers)))


def loads() -> str:
    return Path("/proc/loadavg").read_text().rsplit(maxsplit=2)[0]


def say_alone(folder: Path, floor: Path, mentions: int, times: int) -> None:
    small, large = look_alone(floor, LEAST_MENTIONS, times), look_alone(folder, mentions, times)
    print(f"Each page alone, {times} times, median; processor of the desk; load {loads()}\n")
    print(
        f"| page | ms | processor | with {LEAST_MENTIONS:,} mentions | times that | bare page | weight | wrong |\n|---|---|---|---|---|---|---|---|"
    )
    for kind, (took, used, size, wrong) in large.items():
        least = small[kind]
        bare = bare_ms(size, times)
        mark = "" if size < GOAL_BYTES else " **over**"
        print(
            f"| {kind} | {took:.0f} | {used:.0f} ms | {least[0]:.0f} ms, {least[1]:.0f} ms | {used / max(least[1], 1):.1f} | {bare:.1f} ms | {size / 1000:.0f} kB{mark} | {wrong} |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--mentions", type=int, default=5_000_000)
    parser.add_argument("--home", default="")
    parser.add_argument("--floor", default="")
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--closed", action="store_true")
    parser.add_argument("--writes", action="store_true")
    parser.add_argument("--alone", action="store_true")
    given = parser.parse_args()
    under = Path("/tmp/mentionwatch-bench")  # noqa: S108 -- a bench of invented posts
    folder, floor = (
        Path(given.home or under / f"desk-{given.mentions}"), Path(given.floor or under / f"desk-{LEAST_MENTIONS}"),
    )  # fmt: skip
    for each, size in ((floor, LEAST_MENTIONS), (folder, given.mentions)):
        if not (each / "warehouse.duckdb").exists():
            make_home(each, size)
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, {given.mentions:,} mentions, {(folder / 'warehouse.duckdb').stat().st_size / 1e9:.1f} GB"
    )
    say_alone(folder, floor, given.mentions, given.times)
    if not given.alone:
        come_all(folder, given.mentions, given)


if __name__ == "__main__":
    main()

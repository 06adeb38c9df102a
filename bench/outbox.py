"""How many e-mails arrive twice when the mail server, the line and the sender fail in all ways at once.

python -m bench.outbox [--letters 10000] [--each 200]

The runs are those of tests/flows/test_mail_faults.py, each with a seed and an outbox of its own: a school's morning
has some dozen letters, and no outbox holds thousands of one day. One more run, with books that are kept a moment too
late, shows that the count can fail.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.flows.test_mail_faults import Carefree, MortalOutbox, Tally, run_letters


def run(count: int, each: int, kind: type[MortalOutbox]) -> list[Tally]:
    """`count` letters, `each` to an outbox, the seeds counted from 1."""
    found = []
    for seed in range(1, -(-count // each) + 1):
        with tempfile.TemporaryDirectory() as folder:
            found.append(run_letters(each, seed, Path(folder), kind))
    return found


def show(name: str, tallies: list[Tally], seconds: float) -> None:
    """One line of figures."""
    states = sum((tally.states for tally in tallies), Counter[object]())
    sys.stdout.write(
        f"{name}: {sum(one.letters for one in tallies)} letters in {len(tallies)} outboxes, "
        f"{sum(one.dialogues for one in tallies)} dialogues, {seconds:.0f} s: "
        f"{sum(one.doubles for one in tallies)} doubles, {sum(one.lied for one in tallies)} called sent and never taken, "
        f"{sum(one.missing_and_told for one in tallies)} missing and told; "
        f"{', '.join(f'{state} {count}' for state, count in states.most_common())}\n"
    )


def main() -> None:
    """Count, and print."""
    parser = argparse.ArgumentParser(prog="bench.outbox")
    parser.add_argument("--letters", type=int, default=10_000)
    parser.add_argument("--each", type=int, default=200)
    asked = parser.parse_args()
    for name, kind, count in (
        ("outbox", MortalOutbox, asked.letters),
        ("books kept too late", Carefree, min(asked.letters, asked.each)),
    ):
        began = time.monotonic()
        show(name, run(count, asked.each, kind), time.monotonic() - began)


if __name__ == "__main__":
    main()

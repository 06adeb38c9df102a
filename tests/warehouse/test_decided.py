"""What is kept of posts beside decisions: brought up to date after each decision, and never other than read anew."""

from __future__ import annotations

import random
from contextlib import closing
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Final

import pytest

from mentionwatch.accounts import DeskRole
from mentionwatch.ids import mention_id
from mentionwatch.labels import Label, Role, Route
from mentionwatch.model import AuditEvent
from tests.warehouse.factory import NOW, make_night, make_write
from warehouse import figures
from warehouse.clause import EVERYTHING
from warehouse.connection import Warehouse
from warehouse.decisions import Decision, Judged, read_judged, record_decision
from warehouse.erase import erase
from warehouse.figures import asking_mentions
from warehouse.heads import MentionHead, list_heads
from warehouse.kept_open import kept_open
from warehouse.need_to_know import Sight, settle
from warehouse.reading import MentionRow, list_mentions
from warehouse.session import Reading
from warehouse.shadow import unopened
from warehouse.store import store_nights

LABELS: Final = tuple(Label)
ROUTES: Final = (None, Route.NONE, Route.POLICE, Route.SAFEGUARDING)
READER: Final = Sight(frozenset({DeskRole.REVIEWER}), frozenset(), "", is_all_read=True, order=(Role.HEAD,))


@dataclass(frozen=True, slots=True)
class Found:
    """What asks for a person, what the last nights brought by its heads, every post, what waits to be opened by hand, what was judged, and what is grave."""

    asking: tuple[str, ...]
    heads: tuple[MentionHead, ...]
    rows: tuple[MentionRow, ...]
    unopened: tuple[str, ...]
    judged: tuple[Judged, ...]
    grave: tuple[str, ...]


_SLOTS: Final = tuple(each.name for each in fields(Found))


def ask(reading: Reading, at: datetime) -> Found:
    since, until = at - timedelta(days=40), at + timedelta(days=1)
    settled = settle(reading, READER).settled
    assert settled is not None
    return Found(
        asking_mentions(reading, EVERYTHING, 1000),
        list_heads(reading, since, until, EVERYTHING),
        list_mentions(reading),
        unopened(reading, since, until),
        read_judged(reading),
        settled.grave_posts,
    )


def ask_kept(warehouse: Warehouse, at: datetime) -> Found:
    with warehouse.live_reader() as reading:
        return ask(reading, at)


def ask_anew(warehouse: Warehouse, at: datetime) -> Found:
    """The slow way: of the same file, remembering nothing."""
    kept = kept_open(warehouse.folder)
    assert kept is not None
    with kept.cursor() as cursor, closing(warehouse.keyring(cursor)) as keys:
        return ask(Reading(cursor, keys), at)


def decide(
    warehouse: Warehouse, id_: str, revision: int, label: Label, at: datetime, route: Route | None = None
) -> None:
    said = Decision(id_, revision, label, "A Person", Role.HEAD, "read", at, route=route)
    audit = AuditEvent(at, "A Person", Role.HEAD, "corrected", "mention", id_, "read", "")
    with warehouse.writer() as writing:
        record_decision(writing, said, audit)


def sweep(warehouse: Warehouse, run: str, names: list[str], dice: random.Random, at: datetime) -> None:
    writes = [make_write(name, f"{name} in {run}", label=dice.choice(LABELS), at=at) for name in names]
    with warehouse.writer() as writing:
        store_nights(writing, [make_night(run, writes, at=at)], at)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happened_in_between_it_is_what_is_read_anew(warehouse: Warehouse, seed: int) -> None:
    """Nights, edits, decisions, decisions on decisions, on words of before, and erasures, in any order (L31: no stale row is shown)."""
    dice, names, at = random.Random(seed), [f"p{number}" for number in range(12)], NOW
    with warehouse.kept_open():
        sweep(warehouse, "run-000", names, dice, at)
        changed, were = 0, set[str]()
        before = ask_kept(warehouse, at)
        for number in range(1, 60):
            at += timedelta(minutes=11)
            rows = {row.id: row for row in before.rows}
            act = dice.choice(("decide", "decide", "decide", "decide", "edit", "new", "erase"))
            if act == "new" or not rows:
                names.append(f"p{len(names)}")
                sweep(warehouse, f"run-{number:03}", names[-1:], dice, at)
            elif act == "edit":
                sweep(warehouse, f"run-{number:03}", dice.sample(names, 1), dice, at)
            elif act == "erase" and number % 3 == 0:
                erase(warehouse, [dice.choice(sorted(rows))], "asked", at, "A Person")
            else:
                id_ = dice.choice(sorted(rows))
                revision = dice.randint(1, rows[id_].revision)
                decide(warehouse, id_, revision, dice.choice(LABELS), at, dice.choice(ROUTES))
            found = ask_kept(warehouse, at)
            assert found == ask_anew(warehouse, at), (number, act)
            changed += found != before
            were |= {name for name in _SLOTS if getattr(found, name) != getattr(before, name)}
            before = found
    assert changed > 30
    assert were == set(_SLOTS), "each of them was another now and then"


def test_the_number_of_an_erased_decision_given_again_is_not_taken_for_it(warehouse: Warehouse) -> None:
    """The highest number goes with its post, and the next decision bears it: as many as before, and another."""
    dice = random.Random(1)
    with warehouse.kept_open():
        sweep(warehouse, "run-000", ["first", "second", "third"], dice, NOW)
        first, second = mention_id("paper", "first"), mention_id("paper", "second")
        decide(warehouse, first, 1, Label.CONCERN, NOW)
        decide(warehouse, second, 1, Label.CONCERN, NOW)
        assert {row.id for row in ask_kept(warehouse, NOW).rows if row.is_decided} == {first, second}
        erase(warehouse, [second], "asked", NOW, "A Person")
        decide(warehouse, mention_id("paper", "third"), 1, Label.CONCERN, NOW)
        found = ask_kept(warehouse, NOW)
        assert {row.id for row in found.rows if row.is_decided} == {first, mention_id("paper", "third")}
        assert found == ask_anew(warehouse, NOW)


def test_after_a_decision_what_asks_is_not_sought_among_all_posts_again(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A morning of decisions looks through every judgement there is once."""
    sought, find = list[int](), figures._find_asking

    def counted(reading: Reading) -> tuple[figures._Asking, ...]:
        sought.append(1)
        return find(reading)

    monkeypatch.setattr(figures, "_find_asking", counted)
    dice = random.Random(2)
    with warehouse.kept_open():
        sweep(warehouse, "run-000", [f"p{number}" for number in range(40)], dice, NOW)
        asking = ask_kept(warehouse, NOW).asking
        assert len(asking) > 5
        for number, id_ in enumerate(asking):
            decide(warehouse, id_, 1, Label.NEUTRAL, NOW)
            assert ask_kept(warehouse, NOW).asking == asking[number + 1 :]
        assert len(sought) == 1
        sweep(warehouse, "run-001", ["another"], dice, NOW + timedelta(hours=1))
        ask_kept(warehouse, NOW)
        assert len(sought) == 2

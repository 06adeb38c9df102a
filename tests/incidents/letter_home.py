"""A home walked to the point where a letter may be made, with its registers filled in."""

from __future__ import annotations

from pathlib import Path

from tests.incidents.homes import Desk, Said, make_desk

URL = "https://social.example/post/1"
POST = "Ysgol Llanbedrog: the teachers are useless liars and we will smash that caretaker's face in"
MONDAY = "2026-11-23T09:00:00Z"
WEDNESDAY = "2026-11-25T09:00:00Z"

REGISTERS = """
[contact]
website = "https://ysgol.example"
telephone = "01758 700000"
address = ["Llanbedrog", "Pwllheli LL53"]
head_title = { en = "Headteacher", cy = "Pennaeth" }
[complaints]
en = "https://ysgol.example/complaints"
cy = "https://ysgol.example/cwynion"
[policy]
circulated_to_parents_on = 2026-09-03
"""

DECISION = ("--fact", "connection=about our caretaker", "--fact", "effect=staff", "--fact", "harm=threat", "--fact", "involved=deputy; council")  # fmt: skip


def step(desk: Desk, event: str, role: str, *facts: str, now: str = MONDAY) -> Said:
    """One step that must be taken."""
    given = [part for fact in facts for part in ("--fact", fact)]
    said = desk.move(event, role, "as agreed with the office", "--now", now, *given)
    assert said.code == 0, said.err
    return said


def decided_home(folder: Path, *, author: str = "parent", pack: str = "llanbedrog", more: tuple[str, ...] = ()) -> Desk:  # fmt: skip
    """An incident on the internal route, the author named."""
    desk = make_desk(folder, pack, more)
    (folder / "registers.toml").write_text(REGISTERS, encoding="utf-8")
    desk.report(POST, URL, "2026-11-20T18:00:00Z")
    step(desk, "hand_over", "operator", "conflict_checked=yes")
    decider = {"brighton_hill": "slt", "grappenhall_heys": "slt"}.get(pack, "head")
    said = desk.move("internal", decider, "criticism alone it is not", "--now", MONDAY, "--fact", f"author={author}", *DECISION)  # fmt: skip
    assert said.code == 0, said.err
    return desk


def prepared_home(folder: Path, author: str = "parent") -> Desk:
    """The same with its evidence cross-referenced."""
    desk = decided_home(folder, author=author)
    step(desk, "prepared", "operator", "cross_reference=r1 unacceptable: wishes harm on a member of staff")
    return desk


def letter_home(folder: Path) -> Desk:
    """The same at the point where the letter is written."""
    desk = prepared_home(folder)
    step(desk, "write_instead", "head", "risk=the author threatened to come to the gate")
    return desk


def letter(desk: Desk, kind: str, *more: str, role: str = "head", now: str = MONDAY) -> Said:
    """`incident letter` on the one incident."""
    return desk.run("incident", "letter", "2026-0001", kind, "--as", role, "--now", now, *more)

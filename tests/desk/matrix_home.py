"""A swept home with incidents and mentions of every kind the need-to-know rule tells apart, each with what is true of it.

What a thing is about is written down here by whoever wrote its words; nothing of the product says it. Each has a word
of its own that stands nowhere else: a page that holds it has shown the thing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from desk.web import Site
from flows.accounts import Gate
from flows.commands.serving import listen, make_desk
from flows.home import Home, read_school
from mentionwatch.accounts import DeskRole
from tests.desk.signed_in import Running, listening_for
from tests.flows.plain import sweep_plainly
from tests.incidents.homes import Desk
from town.home import write_home
from town.server import Town
from town.story import CHAIR, SCHOOL, Venue

NIGHT = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
ABOUT_HEAD = frozenset({DeskRole.HEAD, DeskRole.CO_HEAD, DeskRole.SLT})
ABOUT_DEPUTY = frozenset({DeskRole.DEPUTY, DeskRole.SLT})
ABOUT_CHAIR = frozenset({DeskRole.CHAIR})
NOBODY = frozenset[DeskRole]()
FIRE = "I will kill them and burn the gym down and stab everyone in it"
EVIL = (
    "<script>alert(1)</script>\"'><img src=x onerror=alert(2)><iframe src=//evil.example></iframe> {{ 7919*7907 }} ${7919*7907} {% raw %} "
    "javascript:alert(3) http://169.254.169.254/latest/meta-data file:///etc/hosts %0d%0aSet-Cookie: a=b \u202e"
)
ORDER = (DeskRole.HEAD, DeskRole.DEPUTY, DeskRole.CHAIR)
"""Who decides in this school, first to last."""


@dataclass(frozen=True)
class Thing:
    """One post. `barred`: the roles it, or what it was merged with, is about, and those that stepped back.

    `decider` is whoever decides its incident; None when it is in none. `is_grave`: police, safeguarding, an image.
    """

    mark: str
    text: str
    barred: frozenset[DeskRole] = NOBODY
    decider: DeskRole | None = None
    is_grave: bool = False
    is_sealed: bool = False
    mention: str = ""
    incident: str = ""

    @property
    def url(self) -> str:
        return f"https://social.example/{self.mark}"


HEAD, DEPUTY, CHAIR_ = DeskRole.HEAD, DeskRole.DEPUTY, DeskRole.CHAIR
HERE = f"{SCHOOL} in Aberwylan"
THINGS = (
    Thing("qxplain", f"At {HERE} {FIRE}", NOBODY, HEAD, is_grave=True),
    Thing("qxhead", f"The headteacher of {SCHOOL}: {FIRE}", ABOUT_HEAD, DEPUTY, is_grave=True),
    Thing("qxdeputy", f"The deputy head of {SCHOOL}: {FIRE}", ABOUT_DEPUTY, HEAD, is_grave=True),
    Thing("qxchair", f"{CHAIR}, chair of governors of {SCHOOL}: {FIRE}", ABOUT_CHAIR, HEAD, is_grave=True),
    Thing("qxboth", f"The headteacher and the deputy head of {SCHOOL}: {FIRE}", ABOUT_HEAD | ABOUT_DEPUTY, CHAIR_, is_grave=True),
    Thing(
        "qxall", f"The headteacher, the deputy head and the chair of governors of {SCHOOL}: {FIRE}",
        ABOUT_HEAD | ABOUT_DEPUTY | ABOUT_CHAIR, CHAIR_, is_grave=True,
    ),
    Thing("qximage", f"Somebody shared naked pictures of a year 9 girl of {SCHOOL}, send nudes", NOBODY, HEAD, is_grave=True, is_sealed=True),
    Thing("qxinner", f"{HERE} steals the money of the trip fund, they are thieves and liars", NOBODY, HEAD),
    # Merged into one another: what one of them is about bars from both.
    Thing("qxone", f"{HERE} steals the money of the rugby fund, they are thieves and liars", ABOUT_HEAD, HEAD),
    Thing("qxother", f"The headteacher of {HERE} steals the money of the rugby fund and is a thief and a liar", ABOUT_HEAD, DEPUTY),
    # The head stepped back from it.
    Thing("qxcousin", f"{HERE} steals the money of the music fund, they are thieves and liars", frozenset({HEAD}), DEPUTY),
    Thing("qxfree", f"{HERE} has a concert on Tuesday"),
    Thing("qxsings", f"{HERE} has a concert on Monday, the headteacher sings", ABOUT_HEAD),
    Thing("qxlate", f"I am worried that {HERE} never answers my e-mails about the late bus"),
    Thing("qxworry", f"I am worried that the deputy head of {HERE} never answers my e-mails about the late bus", ABOUT_DEPUTY),
    Thing("qxevil", f"{HERE} has a raffle on Sunday {EVIL}"),
    Thing("qxthanks", f"Thank you {HERE}, wonderful concert, brilliant pupils!"),
)  # fmt: skip

WITH_LETTER = ("qxplain", "qxhead", "qxdeputy", "qxinner", "qxone")
"""Of these incidents a form is on file, number 1, in English."""


@dataclass(frozen=True)
class Made:
    """The home and everything in it that was made up."""

    home: Home
    things: tuple[Thing, ...]
    by_mark: dict[str, Thing] = field(default_factory=dict)


def _report(desk: Desk, thing: Thing) -> Thing:
    said = desk.report(f"{thing.text} {thing.mark}", thing.url)
    assert said.code == 0, said.err
    made = replace(thing, mention=said.row["mention"], incident=said.row["incident"] or "")
    assert bool(made.incident) == (thing.decider is not None), thing.mark
    return made


def _do(desk: Desk, *words: str) -> None:
    said = desk.run("incident", *words)
    assert said.code == 0, said.err


def make_home(folder: Path) -> Iterator[Made]:
    """A night of one source, and these posts reported; some of their incidents merged, handed over, stepped back from."""
    home, desk = Home(folder / "home"), Desk(folder / "home")
    with Town(NIGHT) as town:
        write_home(home.folder, town.base)
        sweep_plainly(home.folder, NIGHT, [Venue.BLOG])
        made = {thing.mark: _report(desk, thing) for thing in THINGS}
        why = ("--reason", "talked over with the office")
        for mark in WITH_LETTER:
            _do(desk, "letter", made[mark].incident, "staff_report", "--as", "operator", "--lang", "en")
        _do(
            desk,
            "merge",
            made["qxother"].incident,
            made["qxone"].incident,
            "--because",
            "same_campaign",
            "--as",
            "operator",
            *why,
        )
        cousin = made["qxcousin"].incident
        _do(desk, "move", cousin, "hand_over", "--as", "operator", *why, "--fact", "conflict_checked=yes")
        _do(desk, "move", cousin, "recuse", "--as", "head", "--reason", "the writer is my cousin")
        _do(desk, "move", made["qxinner"].incident, "note", "--as", "head", "--reason", f"qxevil {EVIL}")
        yield Made(home, tuple(made.values()), made)


@contextmanager
def serving_whole(
    home: Home,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    *,
    needs_factor: bool = True,
    on_forgotten: Callable[[], None] | None = None,
) -> Iterator[Running]:
    """The desk with everything the command gives it, on a free port: a page that needs a new part has it here by itself."""
    with listen("127.0.0.1", 0) as listening:
        port = listening.getsockname()[1]
        base = f"http://127.0.0.1:{port}"
        site = Site(frozenset({base}), port)
        gate = Gate(home.folder, needs_factor=needs_factor)
        desk = make_desk(home, *read_school(home), gate, site, clock=clock, on_forgotten=on_forgotten)
        crashes = list[Exception]()
        desk = replace(desk, log_crash=crashes.append)
        with listening_for(desk, listening):
            yield Running(base, home, desk, gate, crashes)

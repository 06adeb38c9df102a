"""A step of the protocol as a form: what it asks becomes fields, and what was filled in becomes facts.

Times are typed as people read them, in London time; they are stored in UTC. An hour that is left out or comes twice when
the clocks change is not guessed at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from desk.choice_words import TICK_BETWEEN, offence_ticks, say_choice
from desk.vocabulary import LONDON
from incidents.facts import FactKind
from incidents.steps import Event
from mentionwatch.labels import Harm, IncidentState, Role
from mentionwatch.law import OFFENCES

EASY = (
    Event.HAND_OVER,
    Event.NO_CASE,
    Event.TREAT_AS_CONCERN,
    Event.INTERNAL,
    Event.POLICE,
    Event.SAFEGUARDING,
    Event.RECUSE,
    Event.THANK_APPROVE,
)
"""Decisions one click away (protocol 5.4), each with a reason and a tick on the page that follows."""

SHORT_NAMED = frozenset(EASY) - {Event.RECUSE}
"""Their form is called as the link to it; whoever steps back reads in the heading who decides then."""

GRAVE = frozenset({
    Event.STOP_IMAGE, Event.LETTER_SENT, Event.MUST_DELETE, Event.MERGE, Event.UNDO_MERGE, Event.OWN_SPACE_ACTION,
    Event.BAN_CONSIDERED, Event.BAN_NOTICE, Event.BAN_DECIDED, Event.BAN_REVIEWED, Event.PLATFORM_REPORTED,
})  # fmt: skip
"""Never one click: letters sent, bans, deletion, merging, and what reaches beyond the school."""

CONFLICT = "conflict_checked"
"""What handing over asks: that somebody looked whether the post is about the person who decides."""

LEAST_REASON = 5
MOST_LINES = 100

EFFECT, HARM, OFFENCE, TICK, PROPORTIONATE = "effect", "harm", "offence", "tick", "proportionate"
LIMB_PAIR = "fact_effect_harm"
"""Whom it harms and how, answered with one choice: one field of the form for two facts (L15, D13)."""

NAMED_BY: Mapping[str, Harm] = {
    "threatening_communications": Harm.THREAT,
    "harassment": Harm.HARASSMENT,
    "hate": Harm.HATE,
    "indecent_images": Harm.SEXUAL,
    "intimate_images": Harm.SEXUAL,
}
"""Offences whose own name is the harm: whoever names one has named the other. The rest leave the harm to be chosen."""


def split_pair(chosen: str) -> tuple[str, str]:
    """Whom, and how, of the one choice that says both; empty texts when nothing was chosen."""
    whom, _, how = chosen.partition(" ")
    return whom, how


@dataclass(frozen=True, slots=True)
class FactField:
    """One fact a step asks for. `says` is in the protocol's English, or a question of the pack in the reader's language.

    `known`: what an earlier step stated, so that it need not be given again; `by_policy`: the answer the school's own
    policy gives, chosen beforehand.
    """

    key: str
    says: str
    kind: FactKind
    choices: tuple[str, ...] = ()
    is_optional: bool = False
    known: str = ""
    examples: tuple[str, ...] = ()
    by_policy: str = ""

    @property
    def name(self) -> str:
        """The name and id of its field in the form."""
        return f"fact_{self.key}"

    @property
    def names(self) -> tuple[str, ...]:
        """Every name it may be sent under: a time has a day, a time of day, and which of two equal hours."""
        if self.kind is FactKind.INSTANT:
            return (f"{self.name}_on", f"{self.name}_at", f"{self.name}_turn")
        return (self.name,)

    @property
    def is_ticks(self) -> bool:
        """Are its lines the questions of offences, ticked instead of typed?"""
        return self.kind is FactKind.LIST and self.key == "tick"

    @property
    def must_be_given(self) -> bool:
        return not self.is_optional and not self.known

    def options(self, lang: str) -> tuple[tuple[str, str], ...]:
        """What there is to choose from, as value and label."""
        if self.is_ticks:
            return offence_ticks(lang)
        return tuple((value, say_choice(self.key, value, lang)) for value in self.choices)

    def say_known(self, lang: str) -> str:
        """What an earlier step stated: an answer in words, what was typed as it is."""
        return dict(self.options(lang)).get(self.known, self.known)


@dataclass(frozen=True, slots=True)
class StepPage:
    """One step of one incident for one person.

    `open_to` are the viewer's own roles it is open to, `refusals` why not to their others; `seen` how many things
    had happened to the incident: sent back with the form. `clause` is what the step rests on, as refusals quote it, in
    `clause_lang`: a policy keeps its own. `before`: what is recorded first, with the same form, as the protocol calls it.
    """

    id: str
    event: Event
    state: IncidentState
    decider: Role
    summary: str
    clause: str
    clause_lang: str
    needs: str
    open_to: tuple[Role, ...]
    others: tuple[Role, ...]
    refusals: tuple[tuple[Role, str], ...]
    fields: tuple[FactField, ...]
    seen: int
    before: tuple[str, ...] = ()

    @property
    def is_at_once(self) -> bool:
        return bool(self.before)

    @property
    def says_conflict(self) -> bool:
        """Does the button say of whoever decides that they looked whether the post is about them (`CONFLICT`)?"""
        is_asked = any(field.key == CONFLICT for field in self.fields)
        return self.is_at_once and is_asked and self.open_to == (self.decider,)

    @property
    def is_grave(self) -> bool:
        return self.event in GRAVE


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a field: its id and the word key of what is said."""

    field: str
    key: str


Get = Callable[[str], str]
GetAll = Callable[[str], Sequence[str]]


def read_instant(on: str, at: str, turn: str) -> datetime | str:
    """A day and a time of day in London, as UTC; else the word key of what is wrong.

    `turn`: first or second, of an hour that comes twice in the night the clocks go back.
    """
    try:
        local = datetime.combine(date.fromisoformat(on), time.fromisoformat(at))
    except ValueError:
        return "bad_time"
    if local.tzinfo is not None:
        return "bad_time"
    if not 1990 <= local.year < 2200:
        return "bad_time"
    first, second = (local.replace(tzinfo=LONDON, fold=fold) for fold in (0, 1))
    if first.astimezone(UTC).astimezone(LONDON).replace(tzinfo=None) != local:
        return "no_such_hour"
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(UTC)
    if turn not in ("first", "second"):
        return "twice"
    return (second if turn == "second" else first).astimezone(UTC)


def read_given(
    fields: Sequence[FactField], get: Get, get_all: GetAll
) -> tuple[tuple[tuple[str, str], ...], tuple[Wrong, ...]]:
    """The facts as the protocol takes them, and what cannot be taken. A field left empty states nothing."""
    given: list[tuple[str, str]] = []
    wrong: list[Wrong] = []
    for field in fields:
        said = _read(field, get, get_all)
        if isinstance(said, Wrong):
            wrong.append(said)
        elif said:
            given.extend((field.key, value) for value in said)
        elif field.must_be_given:
            wrong.append(Wrong(field.names[0], _ASKS[field.kind]))
    return tuple(given), tuple(wrong)


_ASKS: Mapping[FactKind, str] = {
    FactKind.TEXT: "ask_text",
    FactKind.LIST: "ask_list",
    FactKind.INSTANT: "ask_time",
    FactKind.DAY: "ask_day",
    FactKind.YES: "ask_tick",
    FactKind.CHOICE: "ask_choice",
}


def _read(field: FactField, get: Get, get_all: GetAll) -> Sequence[str] | Wrong:
    if field.kind is FactKind.INSTANT:
        on, at, turn = (get(name) for name in field.names)
        if not on and not at:
            return ()
        found = read_instant(on, at, turn)
        return Wrong(field.names[0], found) if isinstance(found, str) else (found.isoformat(),)
    if field.is_ticks:
        return _ticks(field, get("fact_offence"), get_all(field.name))
    text = get(field.name)
    if not text:
        return ()
    if field.kind is FactKind.LIST:
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        return lines if len(lines) <= MOST_LINES else Wrong(field.name, "too_many_lines")
    if field.kind is FactKind.DAY:
        try:
            return (date.fromisoformat(text).isoformat(),)
        except ValueError:
            return Wrong(field.name, "bad_day")
    if field.kind is FactKind.CHOICE and text not in field.choices:
        return Wrong(field.name, "ask_choice")
    if field.kind is FactKind.TEXT and len(text) < 2:
        return Wrong(field.name, "ask_text")
    return (text,)


def _ticks(field: FactField, offence: str, ticked: Sequence[str]) -> Sequence[str] | Wrong:
    """Only the questions of the offence that was chosen say anything about it."""
    parts = [value.partition(TICK_BETWEEN) for value in ticked]
    if any(owner != offence for owner, _, _ in parts):
        return Wrong(field.name, "other_offence")
    return [tick for _, _, tick in parts]


def is_twice(on: str, at: str) -> bool:
    """Does this hour come twice? Then the form asks which."""
    return read_instant(on, at, "") == "twice"


@dataclass(frozen=True, slots=True)
class Settled:
    """What the link to a form has answered already, by fact: shown as a sentence, sent along, and open to change.

    `ticks`: the questions of the settled offence, as value and text; recording the step says that each is so.
    """

    facts: tuple[tuple[str, str], ...] = ()
    ticks: tuple[tuple[str, str], ...] = ()

    def get(self, key: str) -> str:
        return dict(self.facts).get(key, "")


def settle(page: StepPage, asked: Get, lang: str) -> Settled:
    """The choices an address brings along. Anything that is no answer of this form is left out: the form then asks."""
    found: dict[str, str] = {}
    for field in page.fields:
        if field.kind is FactKind.CHOICE and not field.known and asked(field.key) in field.choices:
            found[field.key] = asked(field.key)
    offence = found.get(OFFENCE, "")
    if any(field.key == HARM and field.must_be_given for field in page.fields) and offence in NAMED_BY:
        found.setdefault(HARM, NAMED_BY[offence].value)
    ticks = tuple(
        (f"{each.id}{TICK_BETWEEN}{tick.id}", tick.words.text(lang))
        for each in OFFENCES
        if each.id == offence
        for tick in each.ticks
    )
    return Settled(tuple(found.items()), ticks)


def reason_from(page: StepPage, settled: Settled) -> str:
    """The fact that is the reason too: where the offence is named, what the reason must say is that and why it is proportionate.

    Empty where the reason is asked for itself, as it is when the offence is "another, named in the reason".
    """
    is_asked = any(field.key == PROPORTIONATE for field in page.fields)
    is_named = settled.get(OFFENCE) in {each.id for each in OFFENCES}
    return PROPORTIONATE if is_asked and is_named else ""


def needs_occasions(offence: str) -> bool:
    """Does it take more than one dated post?"""
    return any(each.id == offence and each.occasions > 1 for each in OFFENCES)

"""What the law says, as dated cards in both languages.

A card runs out: after `valid_until` nothing prints it until a person has read the official page again and
written the new dates. Only a card we are sure of may stand in a letter to the author of a post.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from mentionwatch.errors import ConfigError, Refused
from mentionwatch.ids import digest
from mentionwatch.law.errors import find_legal_errors
from mentionwatch.tables import Table

_Member = TypeVar("_Member", bound=StrEnum)

LONGEST_DAYS = 184
"""Half a year: the longest a card may stand unread."""
_MEND = "a person checks it on the official page and writes the new date"


class Nation(StrEnum):
    """Where the school is; law on education and safeguarding differs."""

    ENGLAND = "england"
    WALES = "wales"


class CardUse(StrEnum):
    """Which documents may print a card. `NONE` stands alone: the card is kept and printed nowhere."""

    LETTER = "letter"
    MEETING = "meeting"
    POLICE_TEST = "police_test"
    STAFF = "staff"
    NONE = "none"


class Certainty(StrEnum):
    """How sure we are of the text."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Words:
    """The same words in both languages; neither comes second."""

    english: str
    welsh: str

    def text(self, lang: str) -> str:
        """In the reader's language."""
        return self.welsh if lang == "cy" else self.english


@dataclass(frozen=True, slots=True)
class LawCard:
    """One point of law or guidance, in two to five plain sentences of our own.

    `checked_on` is the day the text was last compared with its source; `valid_until` is the last day it may
    print.
    """

    id: str
    title: Words
    text: Words
    sources: tuple[Words, ...]
    nations: tuple[Nation, ...]
    use: tuple[CardUse, ...]
    certainty: Certainty
    checked_on: date
    valid_until: date

    def is_stale(self, on: date) -> bool:
        """True from the day after `valid_until`."""
        return on > self.valid_until

    def cite(self, lang: str) -> str:
        """The sources in one line: `Defamation Act 2013, sections 1 to 4`."""
        return "; ".join(source.text(lang) for source in self.sources)


@dataclass(frozen=True, slots=True)
class LawBook:
    """All cards of an installation. Raises `ConfigError` when two cards share an id."""

    cards: tuple[LawCard, ...]

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for card in self.cards:
            if card.id in seen:
                raise ConfigError(
                    "law cards", card.id, "there are two cards of this id", "Rename one of them"
                )
            seen.add(card.id)

    @property
    def version(self) -> str:
        """12 hex digits over everything the cards say, printed in the footer of each document."""
        rows = [
            [
                card.id,
                card.title.english,
                card.title.welsh,
                card.text.english,
                card.text.welsh,
                *(part for source in card.sources for part in (source.english, source.welsh)),
                ",".join(card.nations),
                ",".join(card.use),
                card.certainty.value,
                card.checked_on.isoformat(),
                card.valid_until.isoformat(),
            ]
            for card in sorted(self.cards, key=lambda card: card.id)
        ]
        return digest(json.dumps(rows, ensure_ascii=False).encode())[:12]

    def find(self, card_id: str) -> LawCard:
        """The card of this id. Raises `Refused` naming the nearest one."""
        for card in self.cards:
            if card.id == card_id:
                return card
        near = difflib.get_close_matches(card_id, [card.id for card in self.cards], n=1)
        raise Refused(
            f"refused: there is no law card {card_id!r}" + (f"; did you mean {near[0]}?" if near else "")
        )

    def for_document(self, use: str, nation: str) -> tuple[LawCard, ...]:
        """The cards a document of this kind may print in this nation, in file order.

        Raises `Refused` on a use or nation that does not exist: an empty answer would read as "no law".
        """
        if use not in set(CardUse) or nation not in set(Nation):
            raise Refused(
                f"refused: no law cards for use {use!r} in nation {nation!r}. "
                f"Uses are {', '.join(CardUse)}; nations are {', '.join(Nation)}"
            )
        if use == CardUse.NONE:
            return ()
        return tuple(card for card in self.cards if use in card.use and nation in card.nations)

    def stale(self, on: date) -> tuple[LawCard, ...]:
        """The cards that may not print on this day."""
        return tuple(card for card in self.cards if card.is_stale(on))

    def check_current(self, ids: Iterable[str], on: date) -> None:
        """Raise `Refused` naming the first of these cards that has run out, its date and the mend."""
        for card in map(self.find, ids):
            if card.is_stale(on):
                raise Refused(
                    f"refused: law card {card.id} was valid until {card.valid_until.isoformat()} "
                    f"(last checked {card.checked_on.isoformat()}); {_MEND}"
                )


def read_member(table: Table, key: str, kind: type[_Member], value: str) -> _Member:
    """A value of a closed vocabulary. Raises `ConfigError` listing what may be written."""
    try:
        return kind(value)
    except ValueError:
        raise table.wrong(key, f"{value!r} is unknown", f"Write one of: {', '.join(kind)}") from None


def read_members(table: Table, key: str, kind: type[_Member]) -> tuple[_Member, ...]:
    """A list of different values of a closed vocabulary, at least one."""
    found = tuple(read_member(table, key, kind, value) for value in table.texts(key))
    if not found or len(set(found)) != len(found):
        raise table.wrong(
            key, "must name each value once, and at least one", f"Write some of: {', '.join(kind)}"
        )
    return found


def read_words(table: Table, key: str) -> Words:
    """A text from the two keys `KEY_en` and `KEY_cy`; both must be there."""
    return Words(table.text(f"{key}_en"), table.text(f"{key}_cy"))


def read_lists(table: Table, key: str) -> tuple[Words, ...]:
    """Lists of equal length from `KEY_en` and `KEY_cy`, paired; at least one pair."""
    english, welsh = table.texts(f"{key}_en"), table.texts(f"{key}_cy")
    for name, found in ((f"{key}_en", english), (f"{key}_cy", welsh)):
        if not found:
            raise table.wrong(name, "is missing", f'Add {name} = ["..."]')
    if len(english) != len(welsh):
        cause = f"has {len(welsh)} entries where {key}_en has {len(english)}"
        raise table.wrong(f"{key}_cy", cause, "Say the same in both languages, entry by entry")
    return tuple(Words(*pair) for pair in zip(english, welsh, strict=True))


def read_day(table: Table, key: str) -> date:
    """A date that must be there."""
    found = table.day(key)
    if found is None:
        raise table.wrong(key, "is missing", f"Add {key} = 2026-11-21 (year-month-day)")
    return found


def _read_text(table: Table) -> Words:
    sentences = read_lists(table, "text")
    if not 2 <= len(sentences) <= 5:
        raise table.wrong("text_en", f"has {len(sentences)} sentences", "Write two to five plain sentences")
    text = Words(*(" ".join(pair.text(lang) for pair in sentences) for lang in ("en", "cy")))
    for key, said in (("text_en", text.english), ("text_cy", text.welsh)):
        if errors := find_legal_errors(said):
            raise table.wrong(key, f"repeats a legal error: {errors[0]}", "Say what the law is today")
    return text


def _read_card(table: Table) -> LawCard:
    card = LawCard(
        id=table.text("id"),
        title=read_words(table, "title"),
        text=_read_text(table),
        sources=read_lists(table, "sources"),
        nations=read_members(table, "nations", Nation),
        use=read_members(table, "use", CardUse),
        certainty=read_member(table, "certainty", Certainty, table.text("certainty")),
        checked_on=read_day(table, "checked_on"),
        valid_until=read_day(table, "valid_until"),
    )
    if not 0 < (card.valid_until - card.checked_on).days <= LONGEST_DAYS:
        raise table.wrong(
            "valid_until", "must fall in the half year after checked_on", "Write an earlier date"
        )
    if CardUse.NONE in card.use and len(card.use) > 1:
        raise table.wrong("use", "says none and something else", 'Write use = ["none"] alone')
    if CardUse.LETTER in card.use and card.certainty is not Certainty.HIGH:
        cause = f"lets a card of {card.certainty} certainty into a letter"
        raise table.wrong("use", cause, 'Take "letter" out until a person has confirmed the text')
    table.finish()
    return card


def parse_law(table: Table) -> tuple[LawCard, ...]:
    """Read one file of cards. Raises `ConfigError` with file, key and mend; a legal error in a text is one."""
    cards = tuple(_read_card(row) for row in table.tables("card"))
    if not cards:
        raise table.wrong("card", "there is none", "Add [[card]] with id, title, text, sources and dates")
    table.finish()
    return LawBook(cards).cards

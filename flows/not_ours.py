"""A person says that a post is not about the school: its words and evidence go at once, for nothing else may keep them (L02).

What may be learned of it is which name was too wide, as a count (docs/adr/0032). Taking it back is not possible: a
post that is about the school after all is reported by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from desk.masking import tidy
from flows.corrections import MAY_CORRECT, CorrectedMeanwhile
from flows.home import Home
from flows.leak_check import refuse_leaks
from flows.need_to_know import roles_about
from flows.records import forgetting
from flows.scope_causes import name_cause
from flows.signing import refuse_empty
from mentionwatch.errors import ConfigError, Refused
from mentionwatch.labels import Role
from mentionwatch.school import SchoolProfile
from warehouse.connection import Warehouse
from warehouse.decisions import list_decisions
from warehouse.erase import finish_compaction
from warehouse.not_ours import (
    NotOurs,
    Tied,
    TooWide,
    bury_not_ours,
    count_too_wide,
    find_tie,
    read_judged,
)
from warehouse.publish import publish
from warehouse.reading import MentionFilter, MentionRow, list_mentions
from warehouse.session import Reading

COUNTED = timedelta(days=365)
"""How far back a name is held against school.toml."""


@dataclass(frozen=True, slots=True)
class NotOursAsked:
    """What a person says. `revision` is the one they read, 0 the latest; `seen` how many corrections there were; None: not said."""

    mention_id: str
    role: Role
    reason: str = field(repr=False)
    revision: int = 0
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class NotOursTaken:
    """A judgement as stored; the exhibits and letters that went with it; how often each name was too wide at its source."""

    judged: NotOurs
    too_wide: tuple[TooWide, ...]
    files: tuple[str, ...]
    note: str


class TiedPost(Refused):
    """It is not thrown away: `tied` says what stands in the way."""

    def __init__(self, tied: Tied) -> None:
        self.tied = tied
        super().__init__(f"refused: {_SAID[tied.tie].format(id=tied.object_id, why=tied.why)}")


class JudgedMeanwhile(Refused):
    """Somebody judged it already: it is gone."""

    def __init__(self, judged: NotOurs) -> None:
        self.judged = judged
        super().__init__(
            f"refused: the {judged.role.value} judged on {judged.at:%Y-%m-%d} that it is not about the school, and its words are "
            "destroyed [one wins, the other is told]. If it is about the school, report it again: mentionwatch report"
        )


_SAID = {
    "open": "incident {id} is open on that post [nothing of an open case is destroyed]. Close it as no case first: mentionwatch incident show {id}",
    "acted": "the school has acted on that post as its own, {id} [what was done stays its time]. Correct its label instead, or let its time run out",
    "reported": "a person reported that post [who reports is owed a look and an answer]. Correct its label instead, or let its time run out",
    "held": "it is held: {why}. Ask whoever placed the hold first",
}


def judge_not_ours(
    home: Home,
    asked: NotOursAsked,
    actor: str,
    at: datetime,
    profile: SchoolProfile,
    pack: str,
    may_know: Callable[[Reading], bool] | None = None,
    put_off: Callable[[], None] | None = None,
) -> NotOursTaken:
    """Bury the post, destroy its keys, remove its exhibits, write database, published copy and digests anew. `pack` is the pack's version.

    `put_off`: writing anew is not waited for; it is called when that is due (flows/forgetting_later.py).

    `may_know` is asked inside the transaction; without it whoever acts in a role the post is about is answered as if it
    were not there (L31). Raises `ConfigError` for an unknown mention; `TiedPost`, `JudgedMeanwhile`, `CorrectedMeanwhile`
    and `Refused` as their names say; `Retriable` while the database is written.
    """
    if asked.role not in MAY_CORRECT:
        raise Refused(
            f"refused: the {asked.role.value} does not say what a post is [duty above every policy: a person who answers for the "
            f"school judges, not the office and not the software]. Ask one of: {', '.join(role.value for role in MAY_CORRECT)}"
        )
    reason = tidy(asked.reason).strip()
    refuse_empty(reason, "a judgement that a post is not about the school")
    warehouse = Warehouse(home.folder)
    know = may_know or (lambda reading: asked.role not in roles_about(reading, (asked.mention_id,), profile))
    # Looked at once before: a refusal leaves no file to be written anew.
    with warehouse.live_reader() as reading:
        _find(reading, asked, know, at)
    refuse_leaks(home, (reason,), (asked.mention_id,))
    with _asked_for(put_off), forgetting(home) as forget:
        with warehouse.writer() as writing:
            row = _find(writing, asked, know, at)
            cause = name_cause(row.scope_reasons, profile)
            judged = NotOurs(
                row.id, row.revision, row.source, row.scope, cause.rule, cause.name, actor, asked.role, reason, at
            )  # fmt: skip
            bury_not_ours(writing, judged, asked.role, pack)
            too_wide = count_too_wide(writing, at - COUNTED, row.source)
        if put_off is not None:
            return NotOursTaken(judged, too_wide, forget.at_once([row.id]), "")
        note = publish(warehouse).note if finish_compaction(warehouse) else ""
        files = forget.all_of_it(True)
    return NotOursTaken(judged, too_wide, files, note)


@contextmanager
def _asked_for(put_off: Callable[[], None] | None) -> Iterator[None]:
    """However it ended, also when it broke off after the post was gone: whoever finishes it looks what is due."""
    try:
        yield
    finally:
        if put_off is not None:
            put_off()


def _find(
    reading: Reading, asked: NotOursAsked, may_know: Callable[[Reading], bool], at: datetime
) -> MentionRow:
    found = list_mentions(reading, MentionFilter(ids=(asked.mention_id,)))
    if not found and (judged := read_judged(reading, asked.mention_id)):
        raise JudgedMeanwhile(judged)
    if not found or not may_know(reading):
        raise ConfigError(
            "correct", "ID", "there is no such mention", "List them with: mentionwatch mentions"
        )
    about = found[0]
    if about.is_sealed:
        raise Refused(
            "refused: that post is sealed, nobody reads it and nobody judges it [duty above every policy: indecent images of children]"
        )
    if tied := find_tie(reading, about.id, at):
        raise TiedPost(tied)
    if asked.revision not in (0, about.revision):
        raise Refused(
            f"refused: the post was edited since; you read revision {asked.revision}, the latest is {about.revision} "
            "[a decision is about what the person read]. Read it again"
        )
    earlier = list_decisions(reading, about.id)
    if asked.seen is not None and len(earlier) > asked.seen:
        raise CorrectedMeanwhile(earlier[-1].decision.role, earlier[-1].decision.at)
    return about

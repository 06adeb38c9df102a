"""What people say a mention is: taking it down, and choosing which of it the classifier may learn from.

A correction opens and closes nothing. Whoever could flood the classifier with them meets the caps below.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from classifiers.features import join
from classifiers.labelled import LANGS, LabelledText
from desk.masking import tidy
from flows.home import Home
from flows.leak_check import refuse_leaks
from flows.signing import refuse_empty
from incidents.limits import LONDON
from mentionwatch.accounts import DeskRole
from mentionwatch.errors import ConfigError, Refused
from mentionwatch.labels import Harm, Label, Role, Route
from mentionwatch.model import AuditEvent
from warehouse.connection import Warehouse
from warehouse.decisions import Correction, Decision, DecisionRow, list_decisions, record_decision
from warehouse.reading import MentionFilter, MentionRow, list_mentions
from warehouse.session import clean_text

MAY_CORRECT = (Role.HEAD, Role.CO_HEAD, Role.DEPUTY, Role.SLT, Role.CHAIR, Role.DSL)
PERSON_A_DAY = 20
"""Corrections of one person on one day that teach."""
OF_ONE_AUTHOR = 5
"""Texts of one post author that teach."""
SHARE = 10
"""One training row in so many may be a correction."""
ALIKE = 0.8
"""Share of five-letter pieces in common from which two texts count as one."""
VOICE = "school"


# --- taking it down -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CorrectionAsked:
    """What a person says. `revision` is the one they read; 0: the latest. `route` None: they name none.

    `seen`: how many corrections there were when they looked; None: not said.
    """

    mention_id: str
    label: Label
    role: Role
    reason: str
    harms: tuple[Harm, ...] = ()
    route: Route | None = None
    revision: int = 0
    seen: int | None = None


class CorrectedMeanwhile(Refused):
    """Somebody else corrected it first: in which role, and when."""

    def __init__(self, role: Role, at: datetime) -> None:
        self.role, self.at = role, at
        super().__init__(
            f"refused: the {role.value} corrected it meanwhile [one wins, the other is told]. Look at it again, then decide"
        )


@dataclass(frozen=True, slots=True)
class CorrectionTaken:
    """A correction as stored. `about` is the mention as it was before it."""

    number: int
    asked: CorrectionAsked
    revision: int
    was: Label
    supersedes: int | None
    about: MentionRow


def _check(asked: CorrectionAsked, *, is_reviewer: bool) -> None:
    if asked.role not in MAY_CORRECT and not (is_reviewer and asked.role is Role.OPERATOR):
        raise Refused(
            f"refused: the {asked.role.value} does not say what a post is [duty above every policy: a person who answers for the "
            f"school judges, not the office and not the software]. Ask one of: {', '.join(role.value for role in MAY_CORRECT)}"
        )
    if asked.harms and asked.label is not Label.INAPPROPRIATE:
        raise ConfigError(
            "correct",
            "--harm",
            f"{asked.label.value} posts carry no harm",
            "Leave it out, or write --label inappropriate",
        )
    calm = asked.label in (Label.POSITIVE, Label.NEUTRAL)
    if calm and asked.route not in (None, Route.NONE):
        raise ConfigError(
            "correct",
            "--route",
            f"a {asked.label.value} post goes nowhere",
            "Leave it out, or choose another label",
        )
    if asked.label is Label.CONCERN and asked.route not in (None, Route.NONE, Route.COMPLAINT):
        # A label tells nobody: whoever wrote it here would believe that safeguarding, or the police, had been asked.
        raise ConfigError(
            "correct",
            "--route",
            f"saying {asked.route.value} of a concern asks nobody for anything",
            "Leave it out, and take the step: mentionwatch incident move ID safeguarding; where it is more than a concern, write inappropriate",
        )
    if asked.label is Label.INAPPROPRIATE and asked.route in (Route.NONE, Route.COMPLAINT):
        raise ConfigError(
            "correct",
            "--route",
            f"what is inappropriate does not go to {asked.route.value}",
            "Write police, safeguarding or internal, or leave it out; criticism that goes no further is a concern",
        )
    refuse_empty(asked.reason, "a correction")


def _find(found: Sequence[MentionRow], asked: CorrectionAsked) -> MentionRow:
    if not found:
        raise ConfigError(
            "correct", "ID", "there is no such mention", "List them with: mentionwatch mentions"
        )
    about = found[0]
    if about.is_sealed:
        raise Refused(
            "refused: that post is sealed, nobody reads it and nothing is learned from it [duty above every policy: indecent images of children]"
        )
    if asked.revision not in (0, about.revision):
        raise Refused(
            f"refused: the post was edited since; you read revision {asked.revision}, the latest is {about.revision} "
            "[a decision is about what the person read]. Read it again"
        )
    return about


def _is_same(last: DecisionRow, asked: CorrectionAsked, actor: str, revision: int, reason: str) -> bool:
    """Is it the same form once more, sent by the same person? Then nobody was overtaken, and there is nothing to add."""
    said = last.decision
    return (said.actor, said.role, said.revision, said.label, said.reason, said.harms, said.route) == (
        actor, asked.role, revision, asked.label, clean_text(reason), asked.harms, asked.route,
    )  # fmt: skip


def take_correction(
    home: Home, asked: CorrectionAsked, actor: str, at: datetime, pack: str, *, is_reviewer: bool = False
) -> CorrectionTaken:
    """Store what a person says of a mention. `pack` is the policy pack's version. `is_reviewer`: an account the school
    has named for correcting labels; it may, though the office it reads for may not. The same form sent twice is taken once.

    Raises `ConfigError` for an unknown mention and for harms or routes that do not go with the label, `Refused` for a
    role that may not, a reason that says nothing or names a reporter, a sealed or since edited post, a clock behind.
    """
    _check(asked, is_reviewer=is_reviewer)
    reason = tidy(asked.reason).strip()
    refuse_leaks(home, (reason,), (asked.mention_id,))
    with Warehouse(home.folder).writer() as writing:
        about = _find(list_mentions(writing, MentionFilter(ids=(asked.mention_id,))), asked)
        earlier = list_decisions(writing, about.id)
        if asked.seen is not None and len(earlier) > asked.seen:
            if _is_same(last := earlier[-1], asked, actor, about.revision, reason):
                return CorrectionTaken(last.id, asked, about.revision, last.was_label, last.supersedes, about)
            raise CorrectedMeanwhile(earlier[-1].decision.role, earlier[-1].decision.at)
        if earlier and at < earlier[-1].decision.at:
            raise Refused(
                f"refused: the clock says {at.isoformat()}, before the correction of {earlier[-1].decision.at.isoformat()} "
                "[the later one counts]. Set the clock right, or leave --now out"
            )
        decision = Decision(
            about.id, about.revision, asked.label, actor, asked.role, reason, at, asked.harms, asked.route
        )
        # The person's own words stay in their row: the audit log holds no post text (I9).
        logged_as = DeskRole.REVIEWER if is_reviewer and asked.role is Role.OPERATOR else asked.role
        what = f"revision {about.revision}: {about.machine_label.value} to {asked.label.value}"
        was = record_decision(
            writing, decision, AuditEvent(at, actor, logged_as, "corrected", "mention", about.id, what, pack)
        )
        row = list_decisions(writing, about.id)[-1]
    return CorrectionTaken(row.id, asked, about.revision, was, row.supersedes, about)


# --- what may be learned --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Lessons:
    """The corrections a challenger learns from, newest first, and how many were left out, by cap.

    `corrections_sha256` stands for all that are in force, left out or not: another one, or one that was erased,
    changes it.
    """

    rows: tuple[LabelledText, ...]
    in_force: int
    left_out: tuple[tuple[str, int], ...]
    corrections_sha256: str


def hash_corrections(corrections: Sequence[Correction]) -> str:
    """SHA-256 over which corrections there are and what they say, without a word of a post."""
    # The number alone would not do: after an erasure it is given again.
    facts = [
        (one.id, one.mention_id, one.revision, one.decided_at.isoformat(), one.label.value,
         sorted(one.harms), one.route.value if one.route else "")
        for one in sorted(corrections, key=lambda one: one.id)
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def _harms_of(one: Correction) -> tuple[Harm, ...]:
    return (one.harms or one.was_harms) if one.label is Label.INAPPROPRIATE else ()


def _as_lesson(one: Correction) -> LabelledText:
    harms = _harms_of(one)
    route = one.route
    if route is None and one.label is one.was_label:
        route = one.was_route
    if route is None:
        grave = {Harm.THREAT, Harm.HATE} & set(harms)
        usual = {
            Label.INAPPROPRIATE: Route.POLICE if grave else Route.INTERNAL,
            Label.CONCERN: Route.COMPLAINT,
        }
        route = usual.get(one.label, Route.NONE)
    return LabelledText(
        voice=VOICE,
        group=f"{VOICE}/{one.id}",
        lang=one.lang,
        label=one.label,
        harms=frozenset(harms),
        route=route,
        text=one.text,
        title=one.title,
    )


def pieces_of(text: str) -> frozenset[str]:
    """What two texts are compared by: five-letter pieces, without accents, signs, capitals and which number it was."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    plain = " ".join(re.findall(r"\w+", re.sub(r"\d", "0", plain)))
    return frozenset(plain[at : at + 5] for at in range(max(len(plain) - 4, 1)))


def are_alike(first: frozenset[str], second: frozenset[str]) -> bool:
    """Near-identical: a word more, another number, other capitals."""
    small, large = sorted((len(first), len(second)))
    if small < ALIKE * large:
        return False
    return len(first & second) >= ALIKE * len(first | second)


def choose_lessons(
    corrections: Sequence[Correction], corpus_size: int, frozen: Sequence[LabelledText]
) -> Lessons:
    """Which corrections teach: the newest first, under the caps, and none that the gate's own texts would give away."""
    most = corpus_size // (SHARE - 1)
    tested = [pieces_of(join(row.title, row.text)) for row in frozen]
    by_person: Counter[tuple[str, str]] = Counter()
    by_author: Counter[str] = Counter()
    left_out: Counter[str] = Counter()
    rows: list[LabelledText] = []
    taken: list[frozenset[str]] = []
    for one in sorted(corrections, key=lambda one: (one.decided_at, one.id), reverse=True):
        person = (one.person, one.decided_at.astimezone(LONDON).date().isoformat())
        pieces = pieces_of(join(one.title, one.text))
        if len(rows) >= most:
            why = "share_of_training"
        elif one.lang not in LANGS:
            why = "other_language"
        elif one.label is Label.INAPPROPRIATE and not _harms_of(one):
            # The classifier learns kinds of harm, and which one it is nobody has said.
            why = "no_harm_named"
        elif by_person[person] >= PERSON_A_DAY:
            why = "person_a_day"
        elif one.author and by_author[one.author] >= OF_ONE_AUTHOR:
            why = "post_author"
        elif any(are_alike(pieces, known) for known in taken):
            why = "near_identical"
        elif any(are_alike(pieces, known) for known in tested):
            why = "in_the_frozen_set"
        else:
            rows.append(_as_lesson(one))
            taken.append(pieces)
            by_person[person] += 1
            by_author[one.author] += 1
            continue
        left_out[why] += 1
    return Lessons(
        tuple(rows), len(corrections), tuple(sorted(left_out.items())), hash_corrections(corrections)
    )

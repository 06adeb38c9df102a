"""What is missing from the registers on a day, in English and Welsh. A gap is a report, never a refusal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from mentionwatch.policy import PolicyPack, RuleKey
from mentionwatch.registers import WANTED_OPERATORS, Account, Registers, Topic, is_past
from mentionwatch.registers_words import SENTENCES, GapKind

FORM_CHECK_DAYS = 365
"""Our own choice, in no policy: an address of a platform's form that nobody tried for a year may be dead."""


class Asked(StrEnum):
    """A register the school's policy wants as a whole; what is begun is looked through in any case.

    The first four are the names of clauses in a pack: a pack with `[clause.declaration]` asks for declarations.
    """

    LINKED_POLICIES = "linked_policies"
    DECLARATIONS = "declaration"
    INVESTIGATORS = "training"
    AGREEMENT = "agreement"
    COMPLAINTS = "complaints"
    MEDIA_POLICY = "media_policy"
    UNDER_AGE_FORM = "under_age_form"
    LETTERS = "letters"


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing. `name`: of the account, person, policy or key it is about; empty: a whole register."""

    kind: GapKind
    name: str
    english: str
    welsh: str

    def text(self, lang: str) -> str:
        """In the reader's language."""
        return self.welsh if lang == "cy" else self.english


def asked_by(pack: PolicyPack) -> frozenset[Asked]:
    """Which registers this pack wants, by its rules and the names of its clauses. Silent asks for nothing."""
    by_rule = {
        Asked.COMPLAINTS: pack.rule(RuleKey.COMPLAINT).is_set,
        Asked.MEDIA_POLICY: pack.has(RuleKey.PRESS, "media_policy"),
        Asked.UNDER_AGE_FORM: pack.has(RuleKey.PLATFORM, "under_age_form"),
        Asked.LETTERS: pack.rule(RuleKey.LETTERS).is_set,
    }
    return frozenset(asked for asked in Asked if by_rule.get(asked, pack.clause(asked.value) is not None))


def _gap(key: str, name: str = "") -> Gap:
    kind, english, welsh = SENTENCES[key]
    return Gap(kind, name, english.format(name=name), welsh.format(name=name))


def _undated(key: str, name: str, day: date | None, on: date) -> Iterator[Gap]:
    """A gap unless the day has come; a date that lies ahead is named, so that a slip of the pen is seen."""
    if is_past(day, on):
        return
    gap = _gap(key, name)
    if day is not None:
        gap = replace(
            gap,
            english=f"{gap.english} (The date given, {day.isoformat()}, lies ahead.)",
            welsh=f"{gap.welsh} (Mae'r dyddiad a roddwyd, {day.isoformat()}, yn y dyfodol.)",
        )
    yield gap


def _account_gaps(account: Account, on: date) -> Iterator[Gap]:
    if is_past(account.closed_on, on):
        return
    if account.is_orphan(on):
        yield _gap("orphan", account.name)
    if len(account.operators_on(on)) < WANTED_OPERATORS:
        yield _gap("operators", account.name)
    yield from _undated("approved_on", account.name, account.approved_on, on)
    yield from _undated("trained_on", account.name, account.trained_on, on)


def _people_gaps(registers: Registers, on: date, asked: frozenset[Asked]) -> Iterator[Gap]:
    if Asked.DECLARATIONS in asked and not registers.declarations:
        yield _gap("no_declaration")
    if Asked.INVESTIGATORS in asked and not registers.investigators:
        yield _gap("no_investigator")
    for key, rows in (
        ("declaration", registers.declarations),
        ("investigator", registers.investigators),
        ("family_link", registers.family_links),
    ):
        for row in rows:
            yield from _undated(key, row.who, row.dated_on, on)


def _policy_gaps(registers: Registers, on: date, asked: frozenset[Asked]) -> Iterator[Gap]:
    agreement = registers.agreement
    if agreement or Asked.AGREEMENT in asked:
        day = agreement.agreed_on if agreement else None
        yield from _undated("agreement", agreement.document if agreement else "", day, on)
    topics = {policy.topic for policy in registers.linked_policies}
    if Asked.LINKED_POLICIES in asked:
        yield from (_gap(topic) for topic in Topic if topic not in topics)
    for policy in registers.linked_policies:
        for key, day in policy.dates():
            yield from _undated(key, policy.name, day, on)
    if Asked.MEDIA_POLICY in asked and registers.media_policy is None:
        yield _gap("media_policy")


def _form_gaps(registers: Registers, on: date, asked: frozenset[Asked]) -> Iterator[Gap]:
    if Asked.UNDER_AGE_FORM in asked and not registers.under_age_forms:
        yield _gap("no_form")
    for form in registers.under_age_forms:
        yield from _undated("checked_on", form.platform, form.checked_on, on)
        if form.checked_on is not None and form.checked_on < on - timedelta(days=FORM_CHECK_DAYS):
            yield _gap("checked_long_ago", form.platform)


def _letter_gaps(registers: Registers, on: date, asked: frozenset[Asked]) -> Iterator[Gap]:
    complaints, contact, policy = registers.complaints, registers.contact, registers.policy
    recorded: dict[str, object] = {}
    if Asked.COMPLAINTS in asked:
        recorded |= {"complaints.en": complaints.en, "complaints.cy": complaints.cy}
    if Asked.LETTERS in asked:
        recorded |= {
            "contact.website": contact.website,
            "contact.telephone": contact.telephone,
            "contact.address": contact.address,
            "contact.head_title.en": contact.head_title.en,
            "contact.head_title.cy": contact.head_title.cy,
            "policy.website": policy.website,
        }
    yield from (_gap(key) for key, value in recorded.items() if not value)
    if Asked.LETTERS in asked:
        yield from _undated("policy.circulated_to_parents_on", "", policy.circulated_to_parents_on, on)


def find_gaps(registers: Registers, on: date, asked: frozenset[Asked] = frozenset()) -> tuple[Gap, ...]:
    """What is missing on this day, accounts first, in the order of the file.

    `asked`: the registers that have to be there at all, see `asked_by`.
    """
    return (
        *(gap for account in registers.accounts for gap in _account_gaps(account, on)),
        *_people_gaps(registers, on, asked),
        *_policy_gaps(registers, on, asked),
        *_form_gaps(registers, on, asked),
        *_letter_gaps(registers, on, asked),
    )

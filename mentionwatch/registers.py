"""The small registers the policies ask a school to keep, as registers.toml holds them. What is missing stays missing.

Nothing is inferred, no password and no pupil's name is kept, and people are initials, staff numbers or roles.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

WANTED_OPERATORS = 2
"""The least number of people who run an account (Llanbedrog, section 3)."""


def is_past(day: date | None, on: date) -> bool:
    """Has it happened by `on`? A date that lies ahead has not, and neither has none."""
    return day is not None and day <= on


@dataclass(frozen=True, slots=True)
class Bilingual:
    """The same thing in English and Welsh; an empty half is not recorded."""

    en: str = ""
    cy: str = ""

    def text(self, lang: str) -> str:
        """In the reader's language; never the other one instead."""
        return self.cy if lang == "cy" else self.en


class AccountStanding(StrEnum):
    """How an account stands, the gravest first; the value is stored nowhere and printed as JSON."""

    CLOSED = "closed"
    ORPHAN = "orphan"
    UNAPPROVED = "unapproved"
    UNTRAINED = "untrained"
    APPROVED = "approved"


@dataclass(frozen=True, slots=True)
class Account:
    """A school account. `operators` and `lead` are roles or initials; `new_lead` took over from a lead who left."""

    name: str
    platform: str
    url: str
    purpose: str
    audience: str
    is_open: bool
    operators: tuple[str, ...]
    lead: str
    new_lead: str = ""
    lead_left_on: date | None = None
    closed_on: date | None = None
    approved_on: date | None = None
    trained_on: date | None = None

    def operators_on(self, on: date) -> tuple[str, ...]:
        """Who runs it: each once, without a lead who has left."""
        gone = self.lead.casefold() if is_past(self.lead_left_on, on) else None
        people = {person.casefold(): person for person in reversed(self.operators)}
        return tuple(reversed([person for key, person in people.items() if key != gone]))

    def is_orphan(self, on: date) -> bool:
        """The lead has left and nobody else has taken the account over."""
        taken_over = self.new_lead and self.new_lead.casefold() != self.lead.casefold()
        return is_past(self.lead_left_on, on) and not taken_over

    def standing(self, on: date) -> AccountStanding:
        """The gravest thing that is to be said of it."""
        if is_past(self.closed_on, on):
            return AccountStanding.CLOSED
        if self.is_orphan(on):
            return AccountStanding.ORPHAN
        if len(self.operators_on(on)) < WANTED_OPERATORS or not is_past(self.approved_on, on):
            return AccountStanding.UNAPPROVED
        return AccountStanding.APPROVED if is_past(self.trained_on, on) else AccountStanding.UNTRAINED


@dataclass(frozen=True, slots=True)
class Dated:
    """A person by initials or staff number, and the day they signed, were trained, or declared; None: no date."""

    who: str
    dated_on: date | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """The home-school agreement: which document, and since when."""

    document: str
    agreed_on: date | None


class Topic(StrEnum):
    """What a linked policy is about, where a pack names it."""

    INTERNET_SAFETY = "internet_safety"
    BEHAVIOUR_TO_STAFF = "behaviour_to_staff"
    COMPLAINTS = "complaints"


@dataclass(frozen=True, slots=True)
class LinkedPolicy:
    """A policy that stands beside this one, and when it was given to whom."""

    name: str
    topic: Topic | None
    adopted_on: date | None
    reviewed_on: date | None
    sent_to_parents_on: date | None
    sent_to_staff_on: date | None
    sent_to_governors_on: date | None

    def dates(self) -> tuple[tuple[str, date | None], ...]:
        """Its dates under the names they have in the file."""
        return (
            ("adopted_on", self.adopted_on),
            ("reviewed_on", self.reviewed_on),
            ("sent_to_parents_on", self.sent_to_parents_on),
            ("sent_to_staff_on", self.sent_to_staff_on),
            ("sent_to_governors_on", self.sent_to_governors_on),
        )


@dataclass(frozen=True, slots=True)
class MediaPolicy:
    """The media policy, by title or address."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class UnderAgeForm:
    """Where a platform takes reports of users below its age; printed addresses go out of date."""

    platform: str
    url: str
    checked_on: date | None


@dataclass(frozen=True, slots=True)
class Contact:
    """What letters say of the school."""

    website: str = ""
    telephone: str = ""
    address: tuple[str, ...] = ()
    head_title: Bilingual = Bilingual()


@dataclass(frozen=True, slots=True)
class PolicyFacts:
    """What is on record about the policy itself."""

    circulated_to_parents_on: date | None = None
    website: str = ""


@dataclass(frozen=True, slots=True)
class Registers:
    """registers.toml, read; every part may be empty."""

    accounts: tuple[Account, ...] = ()
    declarations: tuple[Dated, ...] = ()
    investigators: tuple[Dated, ...] = ()
    agreement: Agreement | None = None
    family_links: tuple[Dated, ...] = ()
    linked_policies: tuple[LinkedPolicy, ...] = ()
    complaints: Bilingual = Bilingual()
    media_policy: MediaPolicy | None = None
    under_age_forms: tuple[UnderAgeForm, ...] = ()
    contact: Contact = Contact()
    policy: PolicyFacts = PolicyFacts()

    def may_quote_agreement(self, on: date) -> bool:
        """Only with its date, and not before it."""
        return self.agreement is not None and is_past(self.agreement.agreed_on, on)

    def is_trained_investigator(self, who: str, on: date) -> bool:
        """Is a training date on record for this person?"""
        return any(row.who == who and is_past(row.dated_on, on) for row in self.investigators)

    def has_family_link(self, who: str, on: date) -> bool:
        """Has this member of staff declared a family link to pupils? To whom is not known here."""
        return any(row.who == who and is_past(row.dated_on, on) for row in self.family_links)

    def under_age_form(self, platform: str) -> UnderAgeForm | None:
        """The form of one platform, whatever the capitals."""
        wanted = platform.casefold()
        return next((form for form in self.under_age_forms if form.platform.casefold() == wanted), None)

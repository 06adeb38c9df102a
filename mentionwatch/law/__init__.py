"""The law as dated cards, the offences the police route may name, and the statements that never print."""

from mentionwatch.law.cards import CardUse, Certainty, LawBook, LawCard, Nation, Words, parse_law
from mentionwatch.law.errors import LEGAL_ERRORS, LegalError, find_legal_errors
from mentionwatch.law.offences import OFFENCES, Offence, Tick, find_offence

__all__ = [
    "LEGAL_ERRORS",
    "OFFENCES",
    "CardUse",
    "Certainty",
    "LawBook",
    "LawCard",
    "LegalError",
    "Nation",
    "Offence",
    "Tick",
    "Words",
    "find_legal_errors",
    "find_offence",
    "parse_law",
]

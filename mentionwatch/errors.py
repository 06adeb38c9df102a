"""Errors are named by what the caller does about them; each carries one plain line for a person."""

from __future__ import annotations


class MentionwatchError(Exception):
    """Root of everything mentionwatch raises on purpose. `str(error)` is one line, fit for stderr."""

    exit_code = 1


class Retriable(MentionwatchError):
    """Trying again later may work: a lock held, a disk full."""


class Skippable(MentionwatchError):
    """This one item cannot be handled; the others can."""


class Fatal(MentionwatchError):
    """The run cannot go on."""


class Refused(MentionwatchError):
    """The school's policy, or a guard, says no. Quotes the clause and how to mend it."""

    exit_code = 5


class ConfigError(Fatal):
    """A file a person wrote is wrong.

    `file` and `key` say where, `cause` what, `mend` what to do; the message is all four in one line.
    """

    exit_code = 2

    def __init__(self, file: str, key: str, cause: str, mend: str) -> None:
        self.file, self.key, self.cause, self.mend = file, key, cause, mend
        place = f"{file}: {key}" if key else file
        super().__init__(f"{place}: {cause}. {mend}")


class AnotherRunHoldsTheLock(Retriable):
    """A second sweep at once; the first goes on undisturbed."""

    exit_code = 4

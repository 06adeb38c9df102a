"""Sends e-mail by the outbox: each person's own message, each at most once, none lost without being told.

The decision about a reply that is lost after the letter was ended (docs/adr/0029): the letter is not sent again by
itself. Its state is "unknown", the command and the flow say so, and a person may send it again with the same
Message-ID. What the e-mail announces stands on the desk all the same: one that is missing costs a look, one that comes
twice teaches people to distrust the number in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from email.message import EmailMessage

from desk.digest import Digest
from desk.mail import Envelope, write_alert, write_mail
from desk.mail_dialogue import Outcome, hand_over
from flows.home import Home
from flows.mailing import Door, refused_sign_in
from flows.outbox import Letter, LetterKind, LetterState, Outbox
from flows.recipients import Recipient
from mentionwatch.errors import Retriable

AGAIN = frozenset({LetterState.UNKNOWN, LetterState.REFUSED})
"""What a person may have sent once more."""
_SETTLED = {
    Outcome.TAKEN: LetterState.SENT,
    Outcome.LATER: LetterState.QUEUED,
    Outcome.REFUSED: LetterState.REFUSED,
    Outcome.UNKNOWN: LetterState.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Sending:
    """How one go at the outbox ended, in numbers of people. `codes`: why some wait, without addresses."""

    sent: int = 0
    had_it: int = 0
    waiting: int = 0
    unknown: int = 0
    refused: int = 0
    codes: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Nobody waits, nobody was refused, and of nobody it is unknown."""
        return not (self.waiting or self.unknown or self.refused)

    def say(self) -> str:
        """One line for a person."""
        lines = [
            f"Sent to {self.sent} {'address' if self.sent == 1 else 'addresses'}; it holds numbers only."
        ]
        if self.had_it:
            lines.append(f"Sent before: {self.had_it}.")
        if self.waiting:
            lines.append(f"Not sent yet: {self.waiting} ({', '.join(self.codes)}); tried again by itself.")
        if self.refused:
            lines.append(f"Refused by the mail server: {self.refused} ({', '.join(self.codes)}).")
        if self.unknown:
            lines.append(
                f"Nobody knows whether it arrived: {self.unknown}. Ask them; digest --send --again sends it again."
            )
        return " ".join(lines)


class _Post:
    """One go: an open outbox, a door, a clock."""

    def __init__(self, home: Home, box: Outbox, door: Door, clock: Callable[[], datetime]) -> None:
        self._home, self._box, self._door, self._clock = home, box, door, clock
        self._ends: list[tuple[LetterState, str, bool]] = []

    def send(self, letter: Letter, to: Recipient, write: Callable[[Letter], EmailMessage]) -> None:
        """Try one letter, unless it was dealt with before."""
        state = letter.stands_at(self._clock())
        if state is not LetterState.QUEUED:
            self._ends.append((state, letter.code, False))
            return
        message, is_taken = write(letter), False

        def take() -> bool:
            nonlocal is_taken
            is_taken = self._box.take(letter.id, self._clock())
            return is_taken

        done = hand_over(message, self._door.server, self._door.sender, to.address, take)
        if done.outcome is Outcome.NOT_OURS:
            # Somebody else sends the same letter at this moment.
            self._ends.append((LetterState.SENT, "", False))
            return
        state = _SETTLED[done.outcome]
        now = self._clock()
        # Whoever did not take it in hand settles nothing: somebody else may have it in theirs at this moment.
        if is_taken:
            self._box.settle(letter.id, state, done.code, now)
        elif state is LetterState.QUEUED:
            self._box.note(letter.id, done.code, now)
        elif state is LetterState.REFUSED:
            self._box.refuse(letter.id, done.code, now)
        if done.is_sign_in:
            raise refused_sign_in(self._home, self._door)
        self._ends.append((state, done.code, True))

    def sum_up(self) -> Sending:
        """What became of all of them."""

        def count(*states: LetterState, now: bool | None = None) -> int:
            return sum(state in states and now in (None, is_now) for state, _, is_now in self._ends)

        late = (LetterState.QUEUED, LetterState.REFUSED)
        return Sending(
            sent=count(LetterState.SENT, now=True),
            had_it=count(LetterState.SENT, LetterState.HANDING_OVER, now=False),
            waiting=count(LetterState.QUEUED),
            unknown=count(LetterState.UNKNOWN),
            refused=count(LetterState.REFUSED),
            codes=tuple(dict.fromkeys(code for state, code, _ in self._ends if state in late)),
        )


def _letter_for(box: Outbox, existing: dict[str, Letter], to: Recipient, day: date, now: datetime) -> Letter:
    # Whoever changes their language during a day has had that day's e-mail all the same.
    return existing.get(to.id) or box.queue(LetterKind.MORNING, day, to.id, to.lang, now)


def send_morning(
    home: Home,
    door: Door,
    box: Outbox,
    readers: Iterable[Recipient],
    day: date,
    read: Callable[[Recipient], Digest],
    clock: Callable[[], datetime],
    desk_url: str = "",
    held: Callable[[Recipient], int] = lambda _: 0,
    given: Callable[[Recipient], int] = lambda _: 0,
    to_read: Callable[[Recipient], int] = lambda _: 0,
    *,
    again: bool = False,
) -> Sending:
    """Send the morning e-mail of a day to whoever of `readers` has not had it.

    `read` is the digest as that person may know it; it is asked only for those who get an e-mail now. `held`: how many
    digests before it were not sent to them. `given`: how many roles that somebody was given they have not looked at. `to_read`: how many posts they are asked to read first.
    `again`: also where it is unknown whether it arrived, and where it was refused. Raises `ConfigError` when the server
    does not accept user and password.
    """
    people = tuple(readers)
    rows = {}
    now = clock()
    existing = {row.recipient: row for row in box.letters(LetterKind.MORNING, day)}
    # All rows first: a process that dies over the first letter leaves the others on the books.
    for to in people:
        row = _letter_for(box, existing, to, day, now)
        if again and row.stands_at(now) in AGAIN:
            box.release(row, now)
            row = box.queue(row.kind, row.day, row.recipient, row.lang, now)
        rows[to.id] = row
    post = _Post(home, box, door, clock)
    for to in people:

        def write(letter: Letter, to: Recipient = to) -> EmailMessage:
            envelope = Envelope(door.sender, to.address, letter.message_id, desk_url)
            return write_mail(read(to), letter.lang, envelope, held(to), given(to), to_read(to))

        post.send(rows[to.id], to, write)
    return post.sum_up()


def is_all_dealt_with(box: Outbox, readers: Iterable[Recipient], day: date, now: datetime) -> bool:
    """Has everybody's letter of that day come to an end? Then nobody needs to build a digest for it."""
    done = {
        row.recipient
        for row in box.letters(LetterKind.MORNING, day)
        if row.stands_at(now) is not LetterState.QUEUED
    }
    return all(to.id in done for to in readers)


def send_alert(
    home: Home,
    door: Door,
    box: Outbox,
    contacts: Iterable[tuple[Recipient, frozenset[str]]],
    day: date,
    clock: Callable[[], datetime],
    desk_url: str = "",
) -> Sending:
    """Tell each contact of those of their incidents they have not been told of, in one e-mail that names none of them."""
    post = _Post(home, box, door, clock)
    now = clock()
    kept = box.letters(LetterKind.ACT_NOW)
    for to, wanted in contacts:
        mine = [row for row in kept if row.recipient == to.id]
        told = {one for row in mine for one in row.about.split(",")}
        new = sorted(wanted - told)
        rows = [row for row in mine if row.state is LetterState.QUEUED and wanted & set(row.about.split(","))]
        if new:
            rows.append(box.queue(LetterKind.ACT_NOW, day, to.id, to.lang, now, ",".join(new)))
        for row in rows:

            def write(letter: Letter, to: Recipient = to) -> EmailMessage:
                envelope = Envelope(door.sender, to.address, letter.message_id, desk_url)
                return write_alert(letter.day, letter.lang, envelope)

            post.send(row, to, write)
    return post.sum_up()


def raise_if_waiting(sending: Sending, door: Door) -> None:
    """`Retriable` when somebody's e-mail still waits: whoever runs this tries again."""
    if sending.waiting:
        raise Retriable(
            f"the e-mail was not sent to {sending.waiting}: {door.server.host}:{door.server.port}, "
            f"{', '.join(sending.codes)}. The digest is written all the same; check smtp.host, smtp.port and smtp.tls, "
            "then send it again"
        )

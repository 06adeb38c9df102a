"""A real mail server on this machine: one that keeps what it took, and one that fails at any word of the dialogue."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from enum import Enum, auto
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP


class Inbox:
    """What a real server took."""

    def __init__(self) -> None:
        self.envelopes: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.envelopes.append(envelope)
        return "250 taken"


class AnyPort(Controller):
    """Listens where the system likes; the controller's own probe must then knock there too."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def an_inbox() -> Iterator[tuple[Inbox, int]]:
    """A server, and the port it listens on."""
    box = Inbox()
    controller = AnyPort(box, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        yield box, controller.port
    finally:
        controller.stop()


class Word(Enum):
    """A place in the dialogue, by the reply the server owes there."""

    HELLO = auto()
    MAIL = auto()
    RCPT = auto()
    DATA = auto()
    LETTER = auto()
    DOT = auto()


class Fault(Enum):
    """What the server does there. LOST: it acts, and its reply is never sent. CUT_AFTER: the reply is its last word."""

    NONE = auto()
    LOST = auto()
    CUT_AFTER = auto()
    NOT_NOW = auto()
    NEVER = auto()
    NONSENSE = auto()
    SILENT = auto()
    NOT_TAKEN = auto()


@dataclass(frozen=True, slots=True)
class Plan:
    """One fault at one place of one dialogue."""

    word: Word = Word.HELLO
    fault: Fault = Fault.NONE


class FaultyBox:
    """Takes letters and counts them by Message-ID; `plan` is what goes wrong in the next dialogue."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self.dialogues = 0
        self.plan = Plan()

    async def handle_DATA(self, server: FaultySmtp, session: Any, envelope: Any) -> str:
        if not (server.plan.word is Word.DOT and server.plan.fault in _TAKES_NOTHING):
            self.taken[message_from_bytes(envelope.content)["Message-ID"]] += 1
        return "250 taken"


class FaultySmtp(SMTP):
    """aiosmtpd's own server, with a hand over its mouth."""

    def __init__(self, box: FaultyBox) -> None:
        super().__init__(box, enable_SMTPUTF8=False)
        self._box, self.plan, self._at = box, box.plan, Word.HELLO

    def connection_made(self, transport: Any) -> None:
        self._box.dialogues += 1
        super().connection_made(transport)

    def _cut(self) -> None:
        assert self.transport is not None
        self.transport.abort()  # type: ignore[attr-defined]

    async def smtp_MAIL(self, arg: str) -> None:
        self._at = Word.MAIL
        await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str) -> None:
        self._at = Word.RCPT
        await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:
        self._at = Word.DATA
        if self.plan.word is Word.DATA and self.plan.fault in _SAYS_SO:
            await self.push("")
            return
        await super().smtp_DATA(arg)

    def data_received(self, data: bytes) -> None:
        if self._at is Word.LETTER and self.plan.word is Word.LETTER and self.plan.fault is not Fault.NONE:
            self._cut()
            return
        super().data_received(data)

    async def push(self, status: Any) -> None:
        text = status if isinstance(status, str) else status.decode()
        if self._at is Word.LETTER:
            self._at = Word.DOT
        fault = self.plan.fault if self.plan.word is self._at else Fault.NONE
        if fault in (Fault.LOST, Fault.NOT_TAKEN):
            self._cut()
            return
        if fault is Fault.SILENT:
            return
        said = {Fault.NOT_NOW: "451 later", Fault.NEVER: "550 no", Fault.NONSENSE: "well then"}.get(
            fault, text
        )
        if fault is not Fault.CUT_AFTER and self._at is Word.DATA and said.startswith("354"):
            self._at = Word.LETTER
        await super().push(said)
        if fault is Fault.CUT_AFTER:
            self._cut()


_SAYS_SO = {Fault.NOT_NOW: "451 later", Fault.NEVER: "550 no", Fault.NONSENSE: "well then"}
_TAKES_NOTHING = (Fault.NOT_TAKEN, Fault.NOT_NOW, Fault.NEVER)


class _FaultyPort(AnyPort):
    def factory(self) -> SMTP:
        box: FaultyBox = self.handler
        return FaultySmtp(box)


@contextmanager
def a_faulty_server() -> Iterator[tuple[FaultyBox, int]]:
    """A server that does what its box's plan says, and its port."""
    box = FaultyBox()
    controller = _FaultyPort(box, hostname="127.0.0.1", port=0)
    controller.start()
    # The controller's own knock at the door was a dialogue too.
    box.dialogues = 0
    try:
        yield box, controller.port
    finally:
        controller.stop()

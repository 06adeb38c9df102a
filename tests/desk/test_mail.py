"""The e-mail is sent by a real client to a real server, holds numbers only, and never travels in the clear."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Iterator
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from desk.digest import Digest, MentionLine, RunLine, SourceLine
from desk.mail import MailServer, write_mail
from flows.home import Home
from flows.mailing import send_digest
from mentionwatch.errors import ConfigError, Retriable
from mentionwatch.labels import Label, Route, Scope, Verdict
from mentionwatch.model import LabelCounts
from mentionwatch.school import SchoolFile, SchoolProfile
from mentionwatch.settings import Environment, read_environment

WORDS = "I will wait for Mr Penhaligon at the gate"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SCHOOL = SchoolFile(SchoolProfile("Ysgol Cwm Eithin", (), ()), "llanbedrog", None, None, "en")


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


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, int]]:
    box = Inbox()
    controller = AnyPort(box, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        yield box, controller.port
    finally:
        controller.stop()


def a_mention() -> MentionLine:
    return MentionLine(
        id="m1", source="reddit", kind="comment", url="https://reddit.example/r/x/1", title="Threat", text=WORDS,
        posted_at=NOON, captured_at=NOON, revision=1, scope=Scope.CERTAIN, label=Label.INAPPROPRIATE,
        route=Route.POLICE, needs_person=True, why=(WORDS,), evidence_gap=None,
    )  # fmt: skip


def a_digest(verdict: Verdict | None = Verdict.MENTIONS) -> Digest:
    line = SourceLine("secret-source-name", verdict or Verdict.BLIND, 3, 1, 0, None, "", NOON)
    run = RunLine("r1", NOON, verdict, LabelCounts(), (line,), "word") if verdict else None
    return Digest(
        "Ysgol Cwm Eithin", date(2026, 11, 20), run, (), (), (a_mention(),), (), (), (), "Pack", False, False
    )


def settings(port: int, **more: str) -> Environment:
    values = {
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "TLS": "none",
        "SENDER": "watch@school.example",
        "TO": "head@school.example, deputy@school.example",
    }
    return read_environment({f"MENTIONWATCH_SMTP_{key}": value for key, value in (values | more).items()})


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_the_mail_arrives_and_holds_numbers_only(inbox: tuple[Inbox, int], tmp_path: Path, lang: str) -> None:
    """Product: never a name, quote, handle, URL of a post, or picture in an e-mail."""
    box, port = inbox
    said = send_digest(Home(tmp_path), SCHOOL, a_digest(), settings(port), lang)
    assert said.startswith("Sent to 2 addresses")
    (envelope,) = box.envelopes
    assert envelope.rcpt_tos == ["head@school.example", "deputy@school.example"]
    message = message_from_bytes(envelope.content, policy=default)
    body = message.get_content()
    whole = str(message["Subject"]) + body
    for hidden in (WORDS, "Penhaligon", "Threat", "reddit", "https://", "http", "secret-source-name"):
        assert hidden not in whole
    assert "1" in body and message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == lang


def test_a_night_that_was_not_seen_never_sounds_clear() -> None:
    clear = str(write_mail(a_digest(Verdict.CLEAR), "en", "a@b.example", ("c@d.example",))["Subject"])
    for verdict in (Verdict.DEGRADED, Verdict.BLIND, None):
        subject = str(write_mail(a_digest(verdict), "en", "a@b.example", ("c@d.example",))["Subject"])
        assert subject != clear and "not everything was seen" in subject


def test_a_line_break_in_an_address_makes_no_header(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"smtp\.to"):
        send_digest(Home(tmp_path), SCHOOL, a_digest(), settings(25, TO="a@b.example\nBcc: x@y.example"))
    with pytest.raises(ValueError, match="linefeed"):
        write_mail(a_digest(), "en", "a@b.example\nBcc: x@y.example", ("c@d.example",))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("HOST", ""),
        ("TLS", "yes"),
        ("PORT", "x"),
        ("PORT", "99999"),
        ("SENDER", ""),
        ("TO", ""),
        ("TO", "head"),
    ],
)
def test_a_wrong_setting_is_named_with_its_mend(tmp_path: Path, key: str, value: str) -> None:
    with pytest.raises(ConfigError) as raised:
        send_digest(Home(tmp_path), SCHOOL, a_digest(), settings(25, **{key: value}))
    line = str(raised.value)
    assert (
        f"smtp.{key.lower()}" in line and "credentials.toml" in line and "Write" in line and "\n" not in line
    )


def test_another_machine_is_never_spoken_to_without_encryption(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="this machine only"):
        send_digest(Home(tmp_path), SCHOOL, a_digest(), settings(25, HOST="mail.school.example"))


def test_a_server_that_offers_no_encryption_gets_nothing(inbox: tuple[Inbox, int], tmp_path: Path) -> None:
    box, port = inbox
    with pytest.raises(Retriable, match="not sent"):
        send_digest(Home(tmp_path), SCHOOL, a_digest(), settings(port, TLS="starttls"))
    assert box.envelopes == []


def test_a_dead_server_is_one_plain_line_without_addresses(tmp_path: Path, inbox: tuple[Inbox, int]) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    with pytest.raises(Retriable) as raised:
        send_digest(Home(tmp_path), SCHOOL, a_digest(), settings(port))
    assert "head@school.example" not in str(raised.value) and "\n" not in str(raised.value)


def test_the_password_is_not_in_what_is_printed() -> None:
    server = MailServer("h", 1, "ssl", "u", "hunter2")
    assert "hunter2" not in repr(server) and dataclasses.asdict(server)["password"] == "hunter2"

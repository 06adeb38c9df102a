"""The e-mail is sent by a real client to a real server, holds numbers only, and never travels in the clear."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import ssl
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

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


def a_certificate(folder: Path, address: str) -> Path:
    """A self-signed certificate for one address, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, address)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{address}.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path


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
    assert isinstance(message, EmailMessage)
    assert message["Auto-Submitted"] == "auto-generated" and message["Content-Language"] == lang
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    for part in list(message.walk())[1:]:
        body = part.get_content()
        for hidden in (WORDS, "Penhaligon", "Threat", "reddit", "http", "secret-source-name", str(tmp_path)):
            assert hidden not in str(message["Subject"]) + body
        assert "1" in body and "digests/2026-11-20.html" in body
    html = list(message.walk())[-1].get_content()
    assert f'<html lang="{lang}">' in html
    for fetched in ("src=", "href=", "url(", "<script", "<img"):
        assert fetched not in html


def test_a_server_with_a_certificate_nobody_vouches_for_gets_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The certificate is checked: who made it, and for which host; with the right one the e-mail goes out encrypted."""
    good, other = a_certificate(tmp_path, "127.0.0.1"), a_certificate(tmp_path, "127.0.0.9")
    for shown, trusted, arrives in ((good, None, 0), (other, other, 0), (good, good, 1)):
        if trusted:
            monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        box = Inbox()
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(shown)
        controller = AnyPort(box, hostname="127.0.0.1", port=0, tls_context=context, require_starttls=True)
        controller.start()
        try:
            wanted = settings(controller.port, TLS="starttls", TO="head@school.example")
            if arrives:
                assert send_digest(Home(tmp_path), SCHOOL, a_digest(), wanted).startswith(
                    "Sent to 1 address;"
                )
            else:
                with pytest.raises(Retriable, match="SSLCertVerificationError"):
                    send_digest(Home(tmp_path), SCHOOL, a_digest(), wanted)
        finally:
            controller.stop()
        assert len(box.envelopes) == arrives


def test_settings_come_from_the_file_only_while_nobody_else_can_read_it(
    inbox: tuple[Inbox, int], tmp_path: Path
) -> None:
    """The environment wins over the file; a file that others can read is refused, not used."""
    box, port = inbox
    home = Home(tmp_path)
    home.keys.mkdir()
    file = home.keys / "credentials.toml"
    file.write_text(
        f'[smtp]\nhost = "127.0.0.1"\nport = "{port}"\ntls = "none"\nsender = "a@b.example"\nto = "c@d.example"\n'
    )
    file.chmod(0o600)
    send_digest(home, SCHOOL, a_digest(), read_environment({}))
    send_digest(home, SCHOOL, a_digest(), read_environment({"MENTIONWATCH_SMTP_TO": "e@f.example"}))
    assert [each.rcpt_tos for each in box.envelopes] == [["c@d.example"], ["e@f.example"]]
    if os.name == "posix":
        file.chmod(0o640)
        with pytest.raises(ConfigError, match="chmod 600"):
            send_digest(home, SCHOOL, a_digest(), read_environment({}))


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
        ("TO", "head@"),
        ("TO", "(a@b"),
        ("TO", "a@[1"),
        ("TO", "a@b;c@d"),
        ("TO", "=?utf-8?q?a=0aBcc:_x@y?="),
        ("SENDER", "a@b.example, c@d.example"),
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


def test_the_morning_flow_mails_only_where_a_server_is_named(
    inbox: tuple[Inbox, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also after a night that never ran: then the mail says that not everything was seen."""
    from flows.digest_flow import digest
    from town.home import write_home

    box, port = inbox
    write_home(tmp_path, "http://127.0.0.1:9")
    assert digest.fn(str(tmp_path), NOON.isoformat()).endswith("2026-11-20.html")
    assert box.envelopes == []
    values = {
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "TLS": "none",
        "SENDER": "a@b.example",
        "TO": "c@d.example",
    }
    for key, value in values.items():
        monkeypatch.setenv(f"MENTIONWATCH_SMTP_{key}", value)
    digest.fn(str(tmp_path), NOON.isoformat())
    (envelope,) = box.envelopes
    assert b"not everything was seen" in envelope.content

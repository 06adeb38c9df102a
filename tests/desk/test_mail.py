"""The e-mail is sent by a real client to a real server, holds numbers only, and never travels in the clear."""

from __future__ import annotations

import dataclasses
import html
import os
import ssl
import string
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st

from desk.digest import Digest, MentionLine, RunLine, SourceLine
from desk.mail import Envelope, has_link_ended, write_alert, write_mail
from desk.mail_dialogue import MailServer, Outcome, hand_over
from desk.mail_words import MAIL_WORDS
from desk.words import WORDS as WORDS_OF
from flows.home import Home
from flows.mailing import read_door
from flows.outbox import Outbox
from flows.outbox_sending import Sending, raise_if_waiting, send_morning
from flows.recipients import morning_readers
from mentionwatch.errors import ConfigError, Retriable
from mentionwatch.labels import Label, Route, Scope, Verdict
from mentionwatch.model import LabelCounts
from mentionwatch.school import SchoolFile, SchoolProfile
from mentionwatch.settings import Environment, read_environment
from tests.desk.cases import digest, flagged, incident, mention, night
from tests.flows.mail_server import AnyPort, Inbox, an_inbox

WORDS = "I will wait for Mr Penhaligon at the gate"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SCHOOL = SchoolFile(SchoolProfile("Ysgol Cwm Eithin", (), ()), "llanbedrog", None, None, "en")


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


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, int]]:
    with an_inbox() as found:
        yield found


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


def send(home: Home, digest: Digest, environment: Environment, lang: str = "en") -> Sending:
    """Send it as a school without accounts does."""
    door = read_door(home, environment)
    with Outbox(home.folder) as box:
        readers = morning_readers((), home, environment, box, lang)
        sending = send_morning(
            home,
            door,
            box,
            readers,
            digest.day,
            lambda _: digest,
            lambda: NOON,
            "https://desk.school.example",
        )
    raise_if_waiting(sending, door)
    return sending


def an_envelope(sender: str = "a@b.example", desk_url: str = "") -> Envelope:
    return Envelope(sender, "c@d.example", "<1@mentionwatch.invalid>", desk_url)


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_the_mail_arrives_and_holds_numbers_only(inbox: tuple[Inbox, int], tmp_path: Path, lang: str) -> None:
    """Product: never a name, quote, handle, URL of a post, or picture in an e-mail."""
    box, port = inbox
    said = send(Home(tmp_path), a_digest(), settings(port), lang)
    assert said.say().startswith("Sent to 2 addresses")
    envelope, other = box.envelopes
    assert [each.rcpt_tos for each in box.envelopes] == [["head@school.example"], ["deputy@school.example"]]
    assert b"deputy" not in envelope.content and b"head@" not in other.content
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
        assert body.count("http") == body.count("https://desk.school.example/digest/2026-11-20?by=mail") >= 1
        for hidden in (WORDS, "Penhaligon", "Threat", "reddit", "secret-source-name", str(tmp_path)):
            assert hidden not in str(message["Subject"]) + body
        assert "1" in body
    page = list(message.walk())[-1].get_content()
    assert f'<html lang="{lang}">' in page
    for fetched in ("src=", "url(", "<script", "<img", "<link"):
        assert fetched not in page


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
                assert send(Home(tmp_path), a_digest(), wanted).say().startswith("Sent to 1 address;")
            else:
                with pytest.raises(Retriable, match="SSLCertVerificationError"):
                    send(Home(tmp_path), a_digest(), wanted)
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
    send(home, a_digest(), read_environment({}))
    send(home, a_digest(), read_environment({"MENTIONWATCH_SMTP_TO": "e@f.example"}))
    assert [each.rcpt_tos for each in box.envelopes] == [["c@d.example"], ["e@f.example"]]
    if os.name == "posix":
        file.chmod(0o640)
        with pytest.raises(ConfigError, match="chmod 600"):
            send(home, a_digest(), read_environment({}))


def subject_of(verdict: Verdict | None, lang: str = "en") -> str:
    return str(write_mail(a_digest(verdict), lang, an_envelope())["Subject"])


def test_the_subject_is_fixed_and_holds_a_number_and_a_day() -> None:
    """Protocol 5, point 7."""
    assert subject_of(Verdict.MENTIONS) == "School mentions: 1 to review (20 Nov)"
    assert subject_of(Verdict.MENTIONS, "cy") == "Sôn am yr ysgol: 1 i'w hadolygu (20 Tach)"


def test_a_night_that_was_not_seen_never_sounds_clear() -> None:
    clear = subject_of(Verdict.CLEAR)
    assert subject_of(Verdict.DEGRADED) == "School mentions: 1 to review, not everything was seen (20 Nov)"
    assert subject_of(Verdict.BLIND) == "School mentions: 1 to review, nothing could be seen (20 Nov)"
    assert (
        subject_of(Verdict.BLIND, "cy")
        == "Sôn am yr ysgol: 1 i'w hadolygu, nid oedd modd gweld dim (20 Tach)"
    )
    assert clear == "School mentions: 1 to review (20 Nov)"
    assert subject_of(None) == "School mentions: the night run did not take place (20 Nov)"
    assert subject_of(None, "cy") == "Sôn am yr ysgol: ni ddigwyddodd y rhediad nos (20 Tach)"


def test_a_verdict_its_own_sources_contradict_is_not_believed_in_the_subject() -> None:
    blind = SourceLine("one", Verdict.BLIND, 0, 0, 0, None, "", None)
    run = RunLine("r1", NOON, Verdict.CLEAR, LabelCounts(), (blind,), "word")
    message = write_mail(dataclasses.replace(a_digest(), run=run), "en", an_envelope())
    assert "nothing could be seen" in message["Subject"]


def test_a_line_break_in_an_address_makes_no_header(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"smtp\.to"):
        send(Home(tmp_path), a_digest(), settings(25, TO="a@b.example\nBcc: x@y.example"))
    with pytest.raises(ValueError, match="linefeed"):
        write_mail(a_digest(), "en", an_envelope("a@b.example\nBcc: x@y.example"))


# --- Nothing of a digest but its numbers reaches an e-mail.


HOSTILE = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        (
            "Subject: x\r\nBcc: y@z.example\r\n\r\nbody",
            "\r\n.\r\nMAIL FROM:<x@y.example>",
            "{n} {day} {0.__class__}",
            "<img src=https://t.example/p.gif><script>x</script>",
            "https://forum.example/penhaligon/1",
            "\u202e\ud800@penhaligon_",
        )
    ),
)


def with_texts(value: Any, draw: Any) -> Any:
    """The same value with every text in it, however deep, replaced by one that is drawn."""
    if type(value) is str:
        return draw(HOSTILE)
    if isinstance(value, tuple):
        return tuple(with_texts(each, draw) for each in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.replace(
            value, **{each.name: with_texts(getattr(value, each.name), draw) for each in dataclasses.fields(value)}
        )  # fmt: skip
    return value


def shown(message: EmailMessage) -> list[str]:
    """Everything of a message but its Date and its boundary."""
    headers = [f"{key}: {value}" for key, value in message.items() if key not in ("Date", "Content-Type")]
    return headers + [part.get_content() for part in list(message.walk())[1:]]


@pytest.mark.parametrize("lang", ["en", "cy"])
@settings_of_hypothesis(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_text_of_a_digest_changes_one_letter_of_its_mail(lang: str, data: st.DataObject) -> None:
    """Names, quotes, handles, addresses, ids, sources, clauses: whatever they say, the message stays the same."""
    night_ = data.draw(st.sampled_from([None, *map(night, Verdict)]))
    row = dataclasses.replace(incident(flagged()), kind="threat")
    plain = digest(
        night_, (flagged(), mention(label=Label.POSITIVE), mention(id="2", label=Label.CONCERN)), (row,)
    )
    hostile = with_texts(plain, data.draw)
    envelope = an_envelope(desk_url=data.draw(st.sampled_from(["", "https://desk.school.example"])))
    assert shown(write_mail(hostile, lang, envelope)) == shown(write_mail(plain, lang, envelope))


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_the_word_to_the_duty_contact_holds_no_number_of_anything(lang: str) -> None:
    """Protocol 5, point 6: no content in night alerts."""
    message = write_alert(NOON.date(), lang, an_envelope(desk_url="https://desk.school.example"))
    link = "https://desk.school.example/digest/2026-11-20?by=mail"
    subject = (
        "School mentions: act now (20 Nov)" if lang == "en" else "Sôn am yr ysgol: gweithredu nawr (20 Tach)"
    )
    assert message["Subject"] == subject
    for part in list(message.walk())[1:]:
        body = html.unescape(part.get_content()).replace(link, "").replace(subject, "").replace("utf-8", "")
        assert not any(letter.isdigit() for letter in body)


def test_a_link_ends_after_seven_days_and_the_mail_says_when() -> None:
    """Protocol 5, point 7: the link expires."""
    plain = write_mail(a_digest(), "en", an_envelope(desk_url="https://desk.school.example"))
    assert "opens this digest until 27 Nov" in shown(plain)[-2] and "start page" in shown(plain)[-2]
    assert not has_link_ended(date(2026, 11, 20), date(2026, 11, 27))
    assert has_link_ended(date(2026, 11, 20), date(2026, 11, 28))


@pytest.mark.parametrize("lang", ["en", "cy"])
@pytest.mark.parametrize(("number", "told"), [(2, 2), (50, 50), (51, 50), (900, 50)])
def test_this_night_and_what_waits_from_before_are_told_apart(number: int, told: int, lang: str) -> None:
    """The start page counts both: the e-mail says which is which, and its subject counts both too. Numbers only (ADR 0017)."""
    made = dataclasses.replace(a_digest(), earlier=number)
    message = write_mail(made, lang, an_envelope())
    for body in shown(message)[-2:]:
        said = html.unescape(body)
        assert WORDS_OF["n_look"][lang == "cy"].format(n=1) in said
        key = "n_earlier_more" if number > 50 else "n_earlier"
        assert WORDS_OF[key][lang == "cy"].format(n=told) in said
    assert str(number + 1) in str(message["Subject"]) and made.to_review == number + 1
    alone = " ".join(shown(write_mail(a_digest(), lang, an_envelope())))
    assert WORDS_OF["n_earlier"][lang == "cy"].split(":")[0] not in html.unescape(alone)


def test_digests_that_were_held_back_are_counted() -> None:
    body = shown(write_mail(a_digest(), "en", an_envelope(), held=16))[-2]
    assert "Days without school before today: 16." in body
    assert "without school" not in shown(write_mail(a_digest(), "en", an_envelope()))[-2]


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_roles_that_wait_for_a_head_are_counted(lang: str) -> None:
    """ADR 0031; nothing is said where none wait."""
    line = MAIL_WORDS["mail_given"][lang == "cy"]
    for body in shown(write_mail(a_digest(), lang, an_envelope(), given=2))[-2:]:
        assert line.format(n=2) in html.unescape(body)
    assert line.split(":")[0] not in " ".join(shown(write_mail(a_digest(), lang, an_envelope())))


@pytest.mark.parametrize("key", sorted(MAIL_WORDS))
def test_every_sentence_of_the_mail_is_there_in_both_languages(key: str) -> None:
    english, welsh = (
        {name for _, name, _, _ in string.Formatter().parse(each) if name} for each in MAIL_WORDS[key]
    )
    assert english == welsh and MAIL_WORDS[key][0] != MAIL_WORDS[key][1]


def test_a_line_of_one_dot_in_a_letter_does_not_end_it(inbox: tuple[Inbox, int]) -> None:
    """RFC 5321, 4.5.2."""
    box, port = inbox
    message = EmailMessage()
    message["From"], message["To"] = "a@b.example", "c@d.example"
    message.set_content("one\n.\n..two\nthree\n")
    server = MailServer("127.0.0.1", port, "none")
    done = hand_over(message, server, "a@b.example", "c@d.example", lambda: True)
    assert done.outcome is Outcome.TAKEN
    assert box.envelopes[0].content.endswith(b"one\r\n.\r\n..two\r\nthree\r\n")


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
        send(Home(tmp_path), a_digest(), settings(25, **{key: value}))
    line = str(raised.value)
    assert (
        f"smtp.{key.lower()}" in line and "credentials.toml" in line and "Write" in line and "\n" not in line
    )


def test_another_machine_is_never_spoken_to_without_encryption(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="this machine only"):
        send(Home(tmp_path), a_digest(), settings(25, HOST="mail.school.example"))


def test_a_server_that_offers_no_encryption_gets_nothing(inbox: tuple[Inbox, int], tmp_path: Path) -> None:
    box, port = inbox
    with pytest.raises(Retriable, match="not sent"):
        send(Home(tmp_path), a_digest(), settings(port, TLS="starttls"))
    assert box.envelopes == []


def test_a_dead_server_is_one_plain_line_without_addresses(tmp_path: Path, inbox: tuple[Inbox, int]) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    with pytest.raises(Retriable) as raised:
        send(Home(tmp_path), a_digest(), settings(port))
    assert "head@school.example" not in str(raised.value) and "\n" not in str(raised.value)


def test_the_password_is_not_in_what_is_printed() -> None:
    server = MailServer("h", 1, "ssl", "u", "hunter2")
    assert "hunter2" not in repr(server) and dataclasses.asdict(server)["password"] == "hunter2"


def test_the_morning_flow_mails_only_where_a_server_is_named(
    inbox: tuple[Inbox, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also after a night that never ran: then the subject says so."""
    from flows.digest_flow import digest as digest_flow
    from town.home import write_home

    box, port = inbox
    write_home(tmp_path, "http://127.0.0.1:9")
    assert digest_flow.fn(str(tmp_path), NOON.isoformat()).endswith("2026-11-20.html")
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
    digest_flow.fn(str(tmp_path), NOON.isoformat())
    (envelope,) = box.envelopes
    assert b"Subject: School mentions: the night run did not take place (20 Nov)" in envelope.content

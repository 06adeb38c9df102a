"""Handing an e-mail over (RFC 5321), in two halves: all of the letter, and the one line that ends it.

Until that line is sent no server can have taken the letter, and trying again makes no double. From then on only the
server's reply says whether it did; a reply that is lost leaves it unknown (RFC 1047). So between the two halves stands
a question to whoever keeps the books: may it be ended now?
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP as CRLF
from enum import Enum, auto
from ipaddress import ip_address

TIMEOUT_S = 30.0
LAST_REPLY_S = 600.0
"""RFC 5321, 4.5.3.2.6: a server may take ten minutes over a letter it holds. Whoever hangs up before makes doubles."""
PARTING_S = 3.0
_LEADING_DOT = re.compile(rb"(?m)^\.")


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where e-mail is handed over. `tls` is `starttls`, `ssl`, or `none` (this machine only)."""

    host: str
    port: int
    tls: str
    user: str = ""
    password: str = field(default="", repr=False)
    last_reply_s: float = LAST_REPLY_S


class Outcome(Enum):
    """What became of a letter.

    TAKEN: the server has it. LATER: it has not, and may be asked again. REFUSED: it said no, for good. UNKNOWN: the
    line that ends it was sent, and no reply came. NOT_OURS: whoever keeps the books said no; it was not ended.
    """

    TAKEN = auto()
    LATER = auto()
    REFUSED = auto()
    UNKNOWN = auto()
    NOT_OURS = auto()


@dataclass(frozen=True, slots=True)
class HandedOver:
    """`code` is the server's number or the name of an error: the server's own words may repeat addresses."""

    outcome: Outcome
    code: str = ""
    is_sign_in: bool = False


def is_this_machine(host: str) -> bool:
    """A loopback address: nothing leaves the machine, so nothing needs encrypting."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _connect(server: MailServer) -> smtplib.SMTP:
    connection = _open(server)
    if connection.sock is not None:
        # The last line is a small packet of its own: it must not wait for the reply to the one before.
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _open(server: MailServer) -> smtplib.SMTP:
    if server.tls == "ssl":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_S, context=context)
    connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
    if server.tls == "starttls":
        try:
            connection.starttls(context=ssl.create_default_context())
        except BaseException:
            connection.close()
            raise
    return connection


def _said_no(code: int, is_ours: bool) -> HandedOver:
    """`is_ours`: about this letter or its reader, and not about the server or the sender, which a person may mend."""
    for_good = is_ours and 500 <= code < 600
    return HandedOver(Outcome.REFUSED if for_good else Outcome.LATER, str(code))


def _begin(connection: smtplib.SMTP, server: MailServer, sender: str, to: str) -> HandedOver | None:
    """Up to the server's "go ahead" (354); None when it said so."""
    connection.ehlo_or_helo_if_needed()
    if server.user:
        connection.login(server.user, server.password)
    code, _ = connection.mail(sender)
    if code != 250:
        return _said_no(code, is_ours=False)
    code, _ = connection.rcpt(to)
    if code not in (250, 251):
        return _said_no(code, is_ours=True)
    code, _ = connection.docmd("DATA")
    return None if code == 354 else _said_no(code, is_ours=False)


def _end(connection: smtplib.SMTP, server: MailServer) -> HandedOver:
    try:
        if connection.sock is not None:
            connection.sock.settimeout(server.last_reply_s)
        connection.send(b".\r\n")
        code, _ = connection.getreply()
    except (OSError, smtplib.SMTPException) as error:
        return HandedOver(Outcome.UNKNOWN, type(error).__name__)
    if 200 <= code < 300:
        return HandedOver(Outcome.TAKEN, str(code))
    if 400 <= code < 600:
        return _said_no(code, is_ours=True)
    return HandedOver(Outcome.UNKNOWN, "no SMTP")


def hand_over(
    message: EmailMessage, server: MailServer, sender: str, to: str, may_end: Callable[[], bool]
) -> HandedOver:
    """Hand it over to one address. Never falls back to an unencrypted line; never raises for what a server does.

    `may_end` is asked once, when all but the last line is sent; whatever it raises goes through, and the letter is not
    ended then.
    """
    body = _LEADING_DOT.sub(b"..", message.as_bytes(policy=CRLF))
    try:
        connection = _connect(server)
    except (OSError, smtplib.SMTPException) as error:
        return HandedOver(Outcome.LATER, type(error).__name__)
    try:
        try:
            stopped = _begin(connection, server, sender, to)
            if stopped is not None:
                _part(connection)
                return stopped
            connection.send(body if body.endswith(b"\r\n") else body + b"\r\n")
        except smtplib.SMTPAuthenticationError as error:
            return HandedOver(Outcome.LATER, str(error.smtp_code), is_sign_in=True)
        except (OSError, smtplib.SMTPException) as error:
            return HandedOver(Outcome.LATER, type(error).__name__)
        if not may_end():
            # Hanging up in the middle is how a letter is taken back: QUIT would be one more line of it.
            return HandedOver(Outcome.NOT_OURS)
        done = _end(connection, server)
        if done.outcome is not Outcome.UNKNOWN:
            _part(connection)
        return done
    finally:
        connection.close()


def _part(connection: smtplib.SMTP) -> None:
    """Say good-bye; what the server says to that changes nothing any more."""
    with suppress(OSError, smtplib.SMTPException):
        if connection.sock is not None:
            connection.sock.settimeout(PARTING_S)
        connection.quit()

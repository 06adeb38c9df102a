"""Sends the digest's e-mail: settings from `keys/credentials.toml` (`[smtp]`) or MENTIONWATCH_SMTP_*."""

from __future__ import annotations

import re
import smtplib
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from desk.digest import Digest
from desk.mail import MailServer, is_this_machine, send_mail, write_mail
from flows.home import Home, read_credentials
from mentionwatch.errors import ConfigError, Retriable
from mentionwatch.school import SchoolFile
from mentionwatch.settings import Environment

PORTS = {"starttls": 587, "ssl": 465, "none": 25}
# Narrower than RFC 5322, so that nothing in it can mean a header, a second address or a comment.
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){0,8}")


def _settings(home: Home, environment: Environment) -> dict[str, str]:
    kept = read_credentials(home, environment)
    found = {
        name.removeprefix("smtp."): str(value) for name, value in kept.items() if name.startswith("smtp.")
    }
    return found | dict(environment.smtp)


def _wrong(home: Home, key: str, cause: str, mend: str) -> ConfigError:
    return ConfigError(
        str(home.keys / "credentials.toml"),
        f"smtp.{key}",
        cause,
        f"{mend} (or set MENTIONWATCH_SMTP_{key.upper()})",
    )


def _server(home: Home, settings: dict[str, str]) -> MailServer:
    host, tls = settings.get("host", ""), settings.get("tls", "starttls")
    if not host:
        raise _wrong(
            home,
            "host",
            "is missing: nobody knows where to hand e-mail over",
            'Write host = "smtp.example.org"',
        )
    if tls not in PORTS:
        raise _wrong(home, "tls", f"is {tls!r}", f"Write one of: {', '.join(PORTS)}")
    if tls == "none" and not is_this_machine(host):
        raise _wrong(
            home, "tls", f'"none" is for this machine only, and {host} is another', 'Write tls = "starttls"'
        )
    port = settings.get("port", str(PORTS[tls]))
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise _wrong(home, "port", f"{port!r} is no port", f'Write port = "{PORTS[tls]}"')
    return MailServer(host, int(port), tls, settings.get("user", ""), settings.get("password", ""))


def wants_mail(home: Home, environment: Environment) -> bool:
    """Has anybody said where e-mail is handed over?"""
    return bool(_settings(home, environment).get("host"))


def _addresses(home: Home, settings: dict[str, str], key: str) -> tuple[str, ...]:
    found = tuple(filter(None, (each.strip() for each in settings.get(key, "").split(","))))
    mend = f'Write {key} = "office@school.example"'
    if not found:
        raise _wrong(home, key, "is missing", mend)
    for each in found:
        if not ADDRESS.fullmatch(each):
            raise _wrong(home, key, f"{each!r} is no plain e-mail address", mend)
    return found


def send_line(home: Home, environment: Environment, to: str, line: str) -> None:
    """One line of ASCII as an e-mail to one address. Raises `ConfigError`, or `OSError` when it could not be handed over."""
    settings = _settings(home, environment)
    server, sender = _server(home, settings), _addresses(home, settings, "sender")
    message = EmailMessage()
    message["Subject"] = "mentionwatch: keep this line · cadwch y llinell hon"
    message["From"], message["To"] = sender[0], to
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain="mentionwatch.invalid")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(f"{line}\n")
    try:
        send_mail(message, server)
    except smtplib.SMTPException as error:
        raise OSError(None, f"{server.host} did not take it ({type(error).__name__})") from None


def send_digest(
    home: Home, school: SchoolFile, digest: Digest, environment: Environment, lang: str = ""
) -> str:
    """Send the e-mail; a line that says so. Raises `ConfigError` (exit 2) or `Retriable` when the server says no."""
    settings = _settings(home, environment)
    server = _server(home, settings)
    to = _addresses(home, settings, "to")
    sender = _addresses(home, settings, "sender")
    if len(sender) > 1:
        raise _wrong(home, "sender", "is more than one address", 'Write sender = "office@school.example"')
    message = write_mail(digest, lang or school.digest_lang, sender[0], to)
    try:
        send_mail(message, server)
    except smtplib.SMTPAuthenticationError:
        raise _wrong(
            home, "password", f"{server.host} did not accept user and password", "Check both"
        ) from None
    except (OSError, smtplib.SMTPException) as error:
        # The server's own words may repeat addresses; its name and the kind of failure are enough.
        raise Retriable(
            f"the e-mail was not sent: {server.host}:{server.port}, {type(error).__name__}. "
            "The digest is written all the same; check smtp.host, smtp.port and smtp.tls, then send it again"
        ) from None
    return f"Sent to {len(to)} {'address' if len(to) == 1 else 'addresses'}; it holds numbers only."

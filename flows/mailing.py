"""Where e-mail is handed over: settings from `keys/credentials.toml` (`[smtp]`) or MENTIONWATCH_SMTP_*."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from desk.mail_dialogue import MailServer, Outcome, hand_over, is_this_machine
from flows.home import Home, read_credentials
from mentionwatch.errors import ConfigError
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


@dataclass(frozen=True, slots=True)
class Door:
    """Where e-mail leaves, and as whom."""

    server: MailServer
    sender: str


def read_door(home: Home, environment: Environment) -> Door:
    """The mail server and the sender. Raises `ConfigError` naming the setting and its mend."""
    settings = _settings(home, environment)
    server, sender = _server(home, settings), _addresses(home, settings, "sender")
    if len(sender) > 1:
        raise _wrong(home, "sender", "is more than one address", 'Write sender = "office@school.example"')
    return Door(server, sender[0])


def read_shared_addresses(home: Home, environment: Environment) -> tuple[str, ...]:
    """`smtp.to`: who gets the morning e-mail of a school without accounts. Raises `ConfigError`."""
    return _addresses(home, _settings(home, environment), "to")


def refused_sign_in(home: Home, door: Door) -> ConfigError:
    """The error for a server that did not accept user and password."""
    return _wrong(home, "password", f"{door.server.host} did not accept user and password", "Check both")


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
    """One line of ASCII as an e-mail to one address. Raises `ConfigError`, or `OSError` when it could not be handed over.

    Not knowing whether it arrived counts as not handed over: such a line is better sent twice than lost.
    """
    door = read_door(home, environment)
    message = EmailMessage()
    message["Subject"] = "mentionwatch: keep this line · cadwch y llinell hon"
    message["From"], message["To"] = door.sender, to
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain="mentionwatch.invalid")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(f"{line}\n")
    done = hand_over(message, door.server, door.sender, to, lambda: True)
    if done.outcome is not Outcome.TAKEN:
        raise OSError(None, f"{door.server.host} did not take it ({done.code})")

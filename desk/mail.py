"""The morning e-mail: numbers and the verdict of the night, never a name, quote, handle, address or picture.

An e-mail is forwarded, printed and read on trains; the digest itself stays on the school's computer.
"""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from html import escape
from ipaddress import ip_address

from desk.digest import Digest
from desk.web_words import WebSpeaker
from desk.words import Speaker
from mentionwatch.labels import Verdict

TIMEOUT_S = 30.0
SEEN = (Verdict.CLEAR, Verdict.MENTIONS)


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where e-mail is handed over. `tls` is `starttls`, `ssl`, or `none` (this machine only)."""

    host: str
    port: int
    tls: str
    user: str = ""
    password: str = field(default="", repr=False)


def is_this_machine(host: str) -> bool:
    """A loopback address: nothing leaves the machine, so nothing needs encrypting."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _subject(digest: Digest, say: Speaker) -> str:
    run = digest.run
    if run is None or run.verdict not in SEEN:
        return say("mail_subject_unseen", day=say.day(digest.day))
    return say("mail_subject", n=digest.to_review, day=say.day(digest.day))


@dataclass(frozen=True, slots=True)
class _Words:
    """The e-mail's sentences, before they are plain text or HTML."""

    verdict: tuple[str, ...]
    counts: tuple[str, ...]
    last: tuple[str, ...]


def _words(digest: Digest, say: Speaker) -> _Words:
    run = digest.run
    if run is None:
        seen = say("not_run_mend")
    else:
        number = sum(line.verdict in SEEN for line in run.sources)
        seen = say("sources_seen", seen=number, total=len(run.sources)) + "."
    counted = (
        ("n_act_now", digest.act_now),
        ("n_due", digest.due),
        ("n_decisions", digest.decisions),
        ("n_look", digest.look),
        ("n_concerns", digest.concerns),
        ("n_good", digest.good_news),
    )
    # Within the home: the folder above it may carry somebody's name.
    place = f"digests/{digest.day.isoformat()}.html"
    return _Words(
        (say(digest.headline) + ".", seen),
        tuple(say(key, n=len(rows)) for key, rows in counted if rows),
        (say("mail_open"), say("mail_place", place=place), say("system_suggests")),
    )


def _plain(words: _Words) -> str:
    counts = [f"- {line}" for line in words.counts]
    return "\n".join([*words.verdict, "", *counts, *([""] if counts else []), *words.last]) + "\n"


def _html(words: _Words, lang: str, subject: str) -> str:
    """The same sentences; nothing is fetched, so no mail program can tell anybody that it was opened."""

    def each(tag: str, lines: tuple[str, ...]) -> str:
        return "".join(f"<{tag}>{escape(line)}</{tag}>\n" for line in lines)

    counts = f"<ul>\n{each('li', words.counts)}</ul>\n" if words.counts else ""
    return (
        f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8"><title>{escape(subject)}</title></head>\n'
        f"<body>\n{each('p', words.verdict)}{counts}{each('p', words.last)}</body></html>\n"
    )


def write_mail(digest: Digest, lang: str, sender: str, to: tuple[str, ...]) -> EmailMessage:
    """The message, as plain text and the same as HTML. Raises `ValueError` for a line break in an address."""
    say = WebSpeaker(lang)
    words, subject = _words(digest, say), _subject(digest, say)
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = sender
    message["To"] = ", ".join(to)
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain="mentionwatch.invalid")
    # RFC 3834: no holiday replies to a machine
    message["Auto-Submitted"] = "auto-generated"
    # This drops every Content- header that is already there.
    message.set_content(_plain(words))
    message.add_alternative(_html(words, lang, subject), subtype="html")
    message["Content-Language"] = lang
    return message


def send_mail(message: EmailMessage, server: MailServer) -> None:
    """Hand it over. Raises `OSError` or `smtplib.SMTPException`; never falls back to an unencrypted line."""
    context = ssl.create_default_context()
    if server.tls == "ssl":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=TIMEOUT_S, context=context
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
    with connection:
        if server.tls == "starttls":
            connection.starttls(context=context)
        if server.user:
            connection.login(server.user, server.password)
        refused = connection.send_message(message)
    if refused:
        raise smtplib.SMTPRecipientsRefused(refused)

"""The e-mails: numbers and the verdict of the night, never a name, quote, handle, address of a post or picture.

An e-mail is forwarded, printed and read on trains; the digest itself stays on the desk. Handing over is
desk/mail_dialogue.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from email.message import EmailMessage
from email.policy import default
from email.utils import formatdate
from html import escape

from desk.digest import Digest
from desk.mail_words import MailSpeaker
from desk.render import counted
from desk.words import Speaker
from mentionwatch.labels import Verdict

SEEN = (Verdict.CLEAR, Verdict.MENTIONS)
LINK_DAYS = 7
"""So long the link of an e-mail opens its digest; on the day itself it opens the start page."""
BY_MAIL = "mail"
"""The link carries `?by=mail`: the desk's own list of digests leads to a digest of any age, an e-mail does not."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Between whom, and where the desk is. `desk_url` has no slash at its end; "" where the school has named none.

    `message_id` is the header's whole value: the same for the same e-mail, however often it is tried.
    """

    sender: str
    to: str
    message_id: str
    desk_url: str = ""


def link_to(desk_url: str, day: date) -> str:
    """The digest's address on the desk. It opens nothing by itself: whoever follows it signs in (no token)."""
    return f"{desk_url}/digest/{day.isoformat()}?by={BY_MAIL}"


def has_link_ended(day: date, today: date) -> bool:
    """Is the e-mail of `day` too old to open its digest? Then the page shows the list of digests instead."""
    return today > day + timedelta(days=LINK_DAYS)


def _subject(digest: Digest, say: Speaker) -> str:
    day = say.short_day(digest.day)
    if digest.run is None:
        return say("mail_subject_not_run", day=day)
    # The headline does not believe a verdict that its own sources contradict.
    kinds = {"verdict_blind": "mail_subject_blind", "verdict_degraded": "mail_subject_unseen"}
    return say(kinds.get(digest.headline, "mail_subject"), n=digest.to_review, day=day)


@dataclass(frozen=True, slots=True)
class _Words:
    """An e-mail's sentences, before they are plain text or HTML. `link` stands between `counts` and `last`."""

    first: tuple[str, ...]
    counts: tuple[str, ...]
    link: str
    last: tuple[str, ...]


def _morning_words(
    digest: Digest, say: Speaker, desk_url: str, held: int, given: int, to_read: int
) -> _Words:
    run = digest.run
    if run is None:
        seen = say("not_run_mend")
    else:
        number = sum(line.verdict in SEEN for line in run.sources)
        seen = say("sources_seen", seen=number, total=len(run.sources)) + "."
    counts = tuple(say(key, n=number) for key, number in counted(digest) if number)
    counts += (say("mail_given", n=given),) if given else ()
    counts += (say("mail_to_read", n=to_read),) if to_read else ()
    waited = (say("mail_held", n=held),) if held else ()
    ends = (say("system_suggests"), say("confidential"))
    if desk_url:
        until = say("mail_until", day=say.short_day(digest.day + timedelta(days=LINK_DAYS)))
        first = (say(digest.headline) + ".", seen, *waited)
        last = (until, say("mail_numbers"), *ends)
        return _Words(first, counts, link_to(desk_url, digest.day), last)
    # Within the home: the folder above it may carry somebody's name.
    place = say("mail_place", place=f"digests/{digest.day.isoformat()}.html")
    return _Words((say(digest.headline) + ".", seen, *waited), counts, "", (say("mail_open"), place, *ends))


def _plain(words: _Words, say: Speaker) -> str:
    counts = [f"- {line}" for line in words.counts]
    link = [say("mail_link"), words.link, ""] if words.link else []
    return "\n".join([*words.first, "", *counts, *([""] if counts else []), *link, *words.last]) + "\n"


def _html(words: _Words, say: Speaker, subject: str) -> str:
    """The same sentences; nothing is fetched, so no mail program can tell anybody that it was opened."""

    def each(tag: str, lines: tuple[str, ...]) -> str:
        return "".join(f"<{tag}>{escape(line)}</{tag}>\n" for line in lines)

    counts = f"<ul>\n{each('li', words.counts)}</ul>\n" if words.counts else ""
    link = ""
    if words.link:
        # The address is shown as it is: a reader can see where the link leads before following it.
        link = f'<p>{escape(say("mail_link"))} <a href="{escape(words.link)}">{escape(words.link)}</a></p>\n'
    return (
        f'<!doctype html>\n<html lang="{say.lang}"><head><meta charset="utf-8"><title>{escape(subject)}</title></head>\n'
        f"<body>\n{each('p', words.first)}{counts}{link}{each('p', words.last)}</body></html>\n"
    )


def _write(words: _Words, subject: str, say: Speaker, envelope: Envelope) -> EmailMessage:
    # 7 bit: no server is asked whether it takes eight.
    message = EmailMessage(policy=default.clone(cte_type="7bit"))
    message["Subject"] = subject
    message["From"] = envelope.sender
    message["To"] = envelope.to
    message["Date"] = formatdate()
    message["Message-ID"] = envelope.message_id
    # RFC 3834: no holiday replies to a machine
    message["Auto-Submitted"] = "auto-generated"
    # This drops every Content- header that is already there.
    message.set_content(_plain(words, say))
    message.add_alternative(_html(words, say, subject), subtype="html")
    message["Content-Language"] = say.lang
    return message


def write_mail(
    digest: Digest, lang: str, envelope: Envelope, held: int = 0, given: int = 0, to_read: int = 0
) -> EmailMessage:
    """The morning e-mail to one person, as plain text and the same as HTML.

    `held`: days without school before it, whose digests were not sent. `given`: roles given to others that this person
    has not looked at. `to_read`: posts colleagues ask them to read first. Raises `ValueError` for a line break in an address.
    """
    say = MailSpeaker(lang)
    return _write(
        _morning_words(digest, say, envelope.desk_url, held, given, to_read),
        _subject(digest, say),
        say,
        envelope,
    )


def write_alert(day: date, lang: str, envelope: Envelope) -> EmailMessage:
    """What the duty contact gets at any hour: that something cannot wait, and not a word of what (protocol 5, 8)."""
    say = MailSpeaker(lang)
    link = link_to(envelope.desk_url, day) if envelope.desk_url else ""
    last = (say("alert_you"), say("alert_empty"), *(() if link else (say("mail_open"),)))
    words = _Words((say("alert"),), (), link, last)
    return _write(words, say("alert_subject", day=say.short_day(day)), say, envelope)

"""`report`: a person tells the school of a post."""

from __future__ import annotations

import argparse
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from flows.commands.common import existing_home, iso, print_json, say
from flows.home import read_school
from flows.incident_opening import check_kind
from incidents.authority import check_authority
from mentionwatch.errors import ConfigError, Refused
from mentionwatch.report_kinds import ReportKind

MOST_PICTURE_BYTES = 20 * 1024 * 1024
LONGEST_URL = 2048
LONGEST_TEXT = 100_000
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f]")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.I)

QUESTION = {
    "en": "Does the picture show a nude or indecent image of anyone under 18? Do not open it to find out. [yes/no] ",
    "cy": "Ydy'r llun yn dangos delwedd noeth neu anweddus o unrhyw un dan 18? Peidiwch â'i agor i weld. [ydy/nac ydy] ",
}
YES = frozenset({"yes", "y", "ydy", "ydi", "oes", "ie"})
NO = frozenset({"no", "n", "nac ydy", "nac ydi", "na", "nage"})


def _wrong(option: str, cause: str, mend: str) -> ConfigError:
    return ConfigError("report", option, cause, mend)


def read_posted_at(text: str, option: str = "--posted-at") -> datetime | None:
    """`unknown`, or an instant with its time zone; as aware UTC. Raises `ConfigError`."""
    if text.strip().lower() == "unknown":
        return None
    mend = "Write 2026-11-20T18:05:00Z, or: unknown"
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise _wrong(option, f"{text!r} is no time", mend) from None
    if moment.tzinfo is None:
        raise _wrong(option, f"{text!r} has no time zone", mend)
    if not 1990 <= moment.year <= 2100:
        raise _wrong(option, f"{text!r} is before there were such posts, or far ahead", mend)
    return moment.astimezone(UTC)


def read_seen_at(text: str, now: datetime) -> datetime | None:
    """When the person saw it; None when they do not say. Raises `ConfigError` for a time that has not been."""
    seen = read_posted_at(text, "--seen-at") if text.strip() else None
    if seen is not None and seen > now:
        raise _wrong("--seen-at", "is in the future", "Write when you saw it, or leave it out")
    return seen


def read_kind(text: str) -> ReportKind | None:
    """A kind of report, or None. Raises `ConfigError` listing those there are."""
    if not text:
        return None
    try:
        return ReportKind(text)
    except ValueError:
        raise _wrong(
            "--kind", f"{text!r} is no kind of report", f"Write one of: {', '.join(ReportKind)}"
        ) from None


def read_url(text: str) -> str:
    """An http(s) address, or a name for a place without one. Raises `ConfigError`."""
    url = text.strip()
    if not url or len(url) > LONGEST_URL or _UNPRINTABLE.search(url):
        raise _wrong(
            "--url", "is empty, too long, or holds spaces", "Copy the address of the post from the browser"
        )
    scheme = _SCHEME.match(url)
    if scheme and scheme.group().lower() not in ("http:", "https:"):
        raise _wrong("--url", f"{scheme.group()} is no web address", "Write https://...")
    return url


def read_picture(path: str) -> bytes:
    """The file as it is. Raises `ConfigError`; the message names no path of the person who reports."""
    try:
        with Path(path).open("rb") as file:
            body = file.read(MOST_PICTURE_BYTES + 1)
    except OSError as error:
        raise _wrong(
            "--screenshot", f"cannot be read: {error.strerror}", "Name a file that you may read"
        ) from None
    if not body or len(body) > MOST_PICTURE_BYTES:
        raise _wrong("--screenshot", "is empty or larger than 20 MB", "Hand in the picture alone")
    return body


def ask_about_picture(lang: str) -> bool:
    """Asked before the file is touched, on a terminal. Raises `Refused` when there is no answer."""
    for _ in range(3):
        sys.stderr.write(QUESTION[lang])
        sys.stderr.flush()
        answer = sys.stdin.readline()
        words = " ".join(answer.lower().split())
        if words in YES | NO:
            return words in YES
        if not answer:
            break
    raise Refused(
        "refused: the picture was not taken in, because the question about it was not answered "
        "[duty above every policy: indecent images of children]. Ask the designated safeguarding lead"
    )


def report(arguments: argparse.Namespace) -> int:
    """Take in one report. 0 when stored or known already; nothing is fetched."""
    from flows.reporting import HumanReport, name_picture_type, take_report

    home = existing_home(arguments)
    school, pack = read_school(home)
    now = datetime.now(UTC)
    check_authority(school, pack, now.date())
    url, posted_at = read_url(arguments.url), read_posted_at(arguments.posted_at)
    seen_at, kind = read_seen_at(arguments.seen_at, now), read_kind(arguments.kind)
    if len(arguments.text) > LONGEST_TEXT:
        raise _wrong("--text", "is longer than 100,000 characters", "Give the words that matter")
    is_indecent = bool(arguments.screenshot) and sys.stdin.isatty() and ask_about_picture(school.digest_lang)
    if kind is not None and not is_indecent:
        check_kind(kind, pack, has_picture=bool(arguments.screenshot))
    picture = read_picture(arguments.screenshot) if arguments.screenshot and not is_indecent else b""
    from flows.model_status import model_for_night

    done = take_report(
        home,
        school,
        pack,
        model_for_night(home, asks=True),
        HumanReport(
            url=url,
            posted_at=posted_at,
            text=arguments.text.strip(),
            picture=picture,
            picture_type=name_picture_type(picture) if picture else "",
            is_indecent=is_indecent,
            reporter=arguments.reporter,
            platform=arguments.platform,
            seen_at=seen_at,
            kind=kind,
        ),
        now,
    )
    if arguments.json:
        print_json({"mention": done.mention, "incident": done.incident})
        return 0
    say(f"{'Taken in' if done.is_new else 'Known already'}: mention {done.mention}")
    if seen_at is not None:
        say(
            f"Seen {iso(seen_at)}, reported {iso(now)}: {(now - seen_at).total_seconds() / 3600:.0f} hours later"
        )
    if done.incident:
        say(f"Incident {done.incident}. See: mentionwatch incident show {done.incident}")
    if is_indecent:
        say("Nothing of the picture was read or kept. Do not copy, forward or delete it.")
        say("Tell the designated safeguarding lead now; they speak to the police (101, or 999).")
    return 0

"""The digest as a page that opens anywhere, as text for a terminal, and as JSON. Everything is escaped at output."""

from __future__ import annotations

import base64
import hashlib
import textwrap
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from desk.digest import Digest, IncidentLine, MentionLine, RunLine
from desk.masking import mask, shorten
from desk.words import Speaker
from mentionwatch.labels import IncidentState, Verdict

if TYPE_CHECKING:
    from jinja2 import Environment

HERE = Path(__file__).resolve().parent
EXCERPT = 300
LINE = 79


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["excerpt"] = lambda text: mask(shorten(text, EXCERPT))
    environment.filters["whole"] = mask
    environment.filters["host"] = show_host
    environment.filters["web_address"] = only_web_address
    return environment


def only_web_address(url: str) -> str:
    """The URL when it is http(s), else nothing: a link in a page never runs code."""
    return url if urlsplit(url).scheme in ("http", "https") else ""


def show_host(url: str) -> str:
    """Where a link leads, for people: the host alone."""
    return urlsplit(url).hostname or ""


def read_style() -> str:
    """The one style sheet, in the page itself: a digest is a single file."""
    return (HERE / "static" / "digest.css").read_text(encoding="utf-8")


def style_hash(style: str) -> str:
    """The style's own hash for the content security policy, so that no other style or script can run."""
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


def render_html(digest: Digest, lang: str) -> str:
    """One self-contained page, no script, nothing fetched from anywhere."""
    style = read_style()
    template = _environment().get_template("digest.html.j2")
    return template.render(
        d=digest,
        say=Speaker(lang),
        lang=lang,
        style=style,
        style_hash=style_hash(style),
        Verdict=Verdict,
        State=IncidentState,
    )


def _wrap(text: str, indent: str = "    ") -> list[str]:
    return textwrap.wrap(text, LINE, initial_indent=indent, subsequent_indent=indent) or []


def _clean(text: str) -> str:
    """No control characters in a terminal: a post must not move the cursor or colour the screen."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def headline(run: RunLine | None, say: Speaker) -> str:
    """The first sentence of every digest."""
    return say(f"verdict_{run.verdict.value}") if run else say("not_run")


def _mention_text(row: MentionLine, say: Speaker, *, covered: bool) -> list[str]:
    marks = [
        say(key)
        for key, shown in (("edited", row.revision > 1), ("possible_only", row.scope.value == "possible"))
        if shown
    ]
    extra = f" ({', '.join(marks)})" if marks else ""
    lines = [f"  - {_clean(row.source)}{extra}, {say('posted').lower()} {say.moment(row.posted_at)}"]
    if not covered:
        lines += _wrap(_clean(mask(shorten(row.title or row.text, EXCERPT))))
    return lines + _wrap(_clean(show_host(row.url)))


def _incident_text(row: IncidentLine, say: Speaker) -> list[str]:
    lines = [f"  {say('incident')} {row.id}: {row.kind} · {say.route(row.route)}"]
    lines += _wrap(f"{say('decider')}: {say.role(row.decider)} · {say('policy')}: {row.clause}")
    for number, step in enumerate(row.first_steps, 1):
        lines += _wrap(f"{number}. {step}")
    for reason in row.reasons:
        lines += _wrap(reason)
    return lines


def render_text(digest: Digest, lang: str) -> str:
    """For a terminal of 80 columns. The words of flagged posts are not in it."""
    say = Speaker(lang)
    run = digest.run
    lines = [headline(run, say), "", f"{digest.school} · {say.day(digest.day)}"]
    if run:
        seen = sum(line.verdict in (Verdict.CLEAR, Verdict.MENTIONS) for line in run.sources)
        lines.append(say("sources_seen", seen=seen, total=len(run.sources)))
        lines.append(say("counts", collected=run.counts.collected, out=run.counts.out_of_scope))
    for key, incidents in (("act_now", digest.act_now), ("decisions", digest.decisions)):
        if incidents:
            lines += ["", f"{say(key).upper()}"]
            for incident in incidents:
                lines += _incident_text(incident, say)
    for key, rows, covered in (
        ("look", digest.look, True),
        ("concerns", digest.concerns, False),
        ("mentions", digest.others, False),
    ):
        if rows:
            lines += ["", say(key).upper()]
            for row in rows:
                lines += _mention_text(row, say, covered=covered)
    lines += ["", say("good_news").upper()]
    for row in digest.good_news:
        lines += _mention_text(row, say, covered=False)
    if not digest.good_news:
        lines.append(f"  {say('no_good_news')}")
    if run:
        lines += ["", say("health").upper()]
        for line in run.sources:
            what = say.verdict(line.verdict) + (f": {say.fault(line.fault)}" if line.fault else "")
            lines.append(f"  {_clean(line.name):<24.24} {what}"[:LINE])
    lines += ["", *_wrap(say("always_blind"), "")]
    if digest.pack_is_stale:
        lines.append(say("undated_pack" if digest.pack_is_undated else "stale_pack"))
    return "\n".join([*lines, "", say("system_suggests"), ""])

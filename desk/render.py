"""The digest as a page that opens anywhere, as text for a terminal, and as JSON. Everything is escaped at output."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from desk.awaited import say_awaited
from desk.columns import pad, wrap
from desk.cutting import cut
from desk.digest import MOST_EARLIER, Digest, IncidentLine, MentionLine, RunLine
from desk.machine_words import is_note
from desk.masking import mask, mask_people, shorten, tidy
from desk.words import LONDON, Speaker
from incidents.deadlines import Clock
from mentionwatch.labels import EntryKind

if TYPE_CHECKING:
    from jinja2 import Environment

HERE = Path(__file__).resolve().parent
EXCERPT = 300
SHORT = 110
LINE = 60
FEW = 2
"""So many concerns, or so much praise, stand open in the digest; of more only a line each does, to be opened."""
NEWEST = 3
"""Praise beyond so many is one press away: it is always there, and it is read with time."""
NAME = 60
EARLIER = "earlier"
"""No part of a digest: what waits from before its day is counted in it, and shown on the start page of the desk."""
ANCHORS = ("act-now", "decisions", "look", EARLIER, "due", "concerns", "others", "good-news")


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates, escaping everything."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        finalize=_finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["excerpt"] = excerpt
    made.filters["first_line"] = first_line
    made.filters["whole"] = mask
    made.filters["name"] = lambda text: shorten(tidy(text), NAME)
    made.filters["host"] = show_host
    made.filters["web_address"] = only_web_address
    made.filters["raised"] = raise_first
    made.tests["note"] = is_note
    made.globals |= {"few": FEW, "newest": NEWEST}
    return made


def _finalize(value: object) -> object:
    """Every string that reaches the page loses control and direction characters; what is markup already, is ours."""
    return tidy(value) if type(value) is str else value


def raise_first(text: str) -> str:
    """With a capital letter first, the rest as it is: these sentences also stand inside others."""
    return text[:1].upper() + text[1:]


def excerpt(text: str, most: int = EXCERPT) -> str:
    """The beginning of a post that may be shown without asking. Masked before it is cut: half a number is no number."""
    return shorten(mask_people(text[: 20 * most]), most)


def first_line(row: MentionLine) -> str:
    """What a mention is called in one line: its title; the first words where it has none or only that of what it answers or edits."""
    is_own = bool(row.title) and row.kind not in (EntryKind.COMMENT, EntryKind.EDIT)
    return excerpt(row.title if is_own else row.text or row.title, LINE)


def _host(url: str) -> str:
    """The host of an http(s) address that holds nothing invisible; else empty."""
    if tidy(url) != url or any(letter.isspace() for letter in url):
        return ""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        return host.encode("idna").decode() if parts.scheme in ("http", "https") and host else ""
    except ValueError:
        # Python raises it for a broken [IPv6] host; a UnicodeError of the IDNA step is one too.
        return ""


def only_web_address(url: str) -> str:
    """The URL when it is http(s), else nothing: a link in a page never runs code."""
    return url if _host(url) else ""


def show_host(url: str) -> str:
    """Where a link leads, for people: the host alone, look-alike letters spelt out (IDNA)."""
    return shorten(_host(url), NAME)


def read_style() -> str:
    """The one style sheet, in the page itself: a digest is a single file."""
    return (HERE / "static" / "digest.css").read_text(encoding="utf-8")


def style_hash(style: str) -> str:
    """The style's own hash for the content security policy, so that no other style or script can run."""
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


@dataclass(frozen=True, slots=True)
class DigestShown:
    """What the template of a digest needs besides the digest.

    `same`: incident to the earlier one with the same first steps. `counted`: anchor, word key and number of each part
    that is not empty. `tone`: the style of the first box. `day_began`: what was due before it, is late. `asked`: of each
    incident, whom somebody asked for something beside the protocol.
    """

    same: Mapping[str, str]
    no_praise: str
    nothing_waits: bool
    counted: tuple[tuple[str, str, int], ...]
    tone: str
    day_began: datetime
    asked: Mapping[str, tuple[str, ...]]


def lay_out(digest: Digest, say: Speaker) -> DigestShown:
    """The same for the file and for the page of the desk."""
    return DigestShown(
        same=same_steps(digest),
        no_praise=no_praise(digest),
        nothing_waits=nothing_waits(digest),
        counted=tuple(
            (anchor, key, number)
            for anchor, (key, number) in zip(ANCHORS, counted(digest), strict=True)
            if number
        ),
        tone=tone(digest),
        day_began=datetime.combine(digest.day, time(), LONDON),
        asked={row.id: _asked(row, say, digest.day) for row in digest.incidents},
    )


def _asked(row: IncidentLine, say: Speaker, day: date) -> tuple[str, ...]:
    """Until when an answer is due stands with what is due."""
    when = partial(say.on, day=day)
    return tuple(say_awaited(replace(one, due_at=None), say, when) for one in row.awaited)


def render_html(digest: Digest, lang: str) -> str:
    """One self-contained page of the first of each part, no script, nothing fetched from anywhere."""
    digest, style = cut(digest), read_style()
    template, say = environment().get_template("digest.html.j2"), Speaker(lang)
    return template.render(
        d=digest,
        shown=lay_out(digest, say),
        say=say,
        lang=lang,
        style=style,
        style_hash=style_hash(style),
    )


def tone(digest: Digest) -> str:
    """The style of the first box; its heading says the same in words."""
    return "blind" if digest.run is None else digest.headline.removeprefix("verdict_")


def _wrap(text: str, indent: str = "    ", hang: str | None = None) -> list[str]:
    return wrap(_clean(text), indent, indent if hang is None else hang)


def _clean(text: str) -> str:
    """No control characters in a terminal: a post must not move the cursor or colour the screen."""
    return "".join(letter if letter.isprintable() else " " for letter in tidy(text))


def _name(text: str) -> str:
    return shorten(_clean(text), NAME)


def no_praise(digest: Digest) -> str:
    """Which sentence stands where there is no good news: what was not seen, nobody knows."""
    if digest.headline in ("not_run", "verdict_blind"):
        return "nobody_knows"
    return "no_good_news_seen" if digest.headline == "verdict_degraded" else "no_good_news"


def counted(digest: Digest) -> tuple[tuple[str, int], ...]:
    """What a digest counts, in its order: the key of the words for it, and how many, shown or not."""
    more = digest.more
    return (
        ("n_act_now", len(digest.act_now) + more.act_now),
        ("n_decisions", len(digest.decisions) + more.decisions),
        ("n_look", len(digest.look) + more.look),
        _earlier(digest.earlier),
        ("n_due", len(digest.due) + more.due),
        ("n_concerns", len(digest.concerns) + more.concerns),
        ("n_others", len(digest.others) + more.others),
        ("n_good", len(digest.good_news) + more.good_news),
    )


def _earlier(number: int) -> tuple[str, int]:
    return ("n_earlier_more", MOST_EARLIER) if number > MOST_EARLIER else ("n_earlier", number)


def same_steps(digest: Digest) -> dict[str, str]:
    """Incident to the earlier incident of this digest whose first steps are word for word its own."""
    first: dict[tuple[str, ...], str] = {}
    return {
        row.id: seen
        for row in (*digest.act_now, *digest.decisions)
        if row.first_steps and (seen := first.setdefault(row.first_steps, row.id)) != row.id
    }


def _mention_text(row: MentionLine, say: Speaker, day_began: datetime, *, covered: bool) -> list[str]:
    marks = [say(key) for key in row.tags]
    extra = f" ({', '.join(marks)})" if marks else ""
    lines = _wrap(
        f"- {_name(row.source)}{extra}, {say('posted').lower()} {say.moment(row.posted_at)}", "  ", "    "
    )
    lines += _clocks_text(row.clocks, say, day_began)
    if row.is_withheld:
        return lines + _wrap(say("evidence_withheld"))
    lines += _wrap(say("would_open", id=row.id)) if row.would_open else []
    lines += [line for said in row.told(say.lang) for line in _wrap(raise_first(said))]
    lines += _wrap(say("second_says")) if row.waits_for_second else []
    if covered or row.stays_covered:
        return lines + _wrap(raise_first("; ".join(say.notes(row.why))))
    title, text = excerpt(row.title, SHORT), excerpt(row.text, SHORT)
    return lines + _wrap(title) + (_wrap(text) if text != title else [])


def _clocks_text(clocks: tuple[Clock, ...], say: Speaker, day_began: datetime) -> list[str]:
    lines: list[str] = []
    for clock in clocks:
        late = f" ({say('overdue')})" if clock.due_at < day_began else ""
        lines += _wrap(f"{raise_first(say.clock(clock.name))}: {say.moment(clock.due_at)}{late}")
    return lines


def _incident_text(row: IncidentLine, say: Speaker, same_as: str, day_began: datetime) -> list[str]:
    route = f" · {say.route(row.route)}" if row.is_route_left else ""
    lines = ["", *_wrap(f"{say('incident')} {row.id}: {say.kind(row.kind)}{route}", "  ")]
    lines += _wrap(f"{say('decider')}: {say.role(row.decider)} · {say('state')}: {say.state(row.state)}")
    lines += _clocks_text(row.clocks, say, day_began)
    for asked in _asked(row, say, day_began.date()):
        lines += _wrap(f"{say('asked_of')}: {asked}")
    lines += _wrap(raise_first(say.all_protocol(row.reasons)))
    if row.mention and not row.mention.is_withheld and (notes := say.notes(row.mention.why)):
        lines += _wrap(f"{say('why')}: {'; '.join(notes)}")
    told = row.mention.told(say.lang) if row.mention else ()
    lines += [line for said in told for line in _wrap(raise_first(said))]
    if not row.is_clause_told:
        lines += _wrap(f"{say('policy')}: {say.protocol(row.clause)}")
    if same_as:
        return lines + _wrap(f"{say('first_steps')}: {say('same_steps', id=same_as)}")
    for number, step in enumerate(row.first_steps, 1):
        lines += _wrap(f"{number}. {say.protocol(step)}", "    ", "       ")
    return lines


def _opening_text(digest: Digest, say: Speaker) -> list[str]:
    run = digest.run
    lines = [
        *_wrap(say(digest.headline), ""),
        *_wrap(f"{_name(digest.school)} · {say.day(digest.day)}", ""),
        "",
    ]
    if run:
        seen = len(run.sources) - len(run.unseen)
        lines += _wrap(say("sources_seen", seen=seen, total=len(run.sources)) + ".", "")
        for line in run.unseen:
            why = f": {say.fault(line.fault)}" if line.fault else ""
            lines += _wrap(f"{say('unseen')}: {_name(line.name)}{why}", "  ", "    ")
        counts = say("counts", collected=run.counts.collected, out=run.counts.out_of_scope)
        lines += _wrap(f"{say('looked_at', time=say.moment(run.finished_at))}. {counts}.", "")
    else:
        lines += _wrap(say("not_run_mend"), "")
    lines += _wrap(say.first_night(digest.shadow.night, digest.shadow.of), "") if digest.shadow else []
    lines += ["", *(f"  {say(key, n=number)}" for key, number in counted(digest) if number)]
    lines += [f"  {say('nothing_waits')}"] if nothing_waits(digest) else []
    return lines


def nothing_waits(digest: Digest) -> bool:
    """May the reader be told so? Only of a night seen in full."""
    return digest.headline in ("verdict_clear", "verdict_mentions") and not digest.to_review


def _health_text(run: RunLine, say: Speaker) -> list[str]:
    lines = ["", say("health").upper()]
    for line in run.sources:
        what = say.verdict(line.verdict)
        if line.fault:
            last = say("last_ok", when=say.moment(line.last_ok_at)) if line.last_ok_at else say("never_ok")
            what += f": {say.fault(line.fault)}; {last}"
        lines += _wrap(f"{pad(shorten(_clean(line.name), 24), 24)} {what}", "  ", " " * 27)
    return lines


def _gaps_text(run: RunLine | None, say: Speaker) -> list[str]:
    """With its heading also where nothing ran: without, it would read as a part of what stands above it."""
    lines = ["", say("not_looked").upper()]
    for seen, gap in ((each, gap) for each in (run.sources if run else ()) for gap in each.not_looked_at):
        lines += _wrap(f"- {_name(seen.name)}: {excerpt(say.gap(gap)[0])}", "  ", "    ")
    return [*lines, *_wrap(f"- {say('always_blind')}", "  ", "    "), ""]


def render_text(digest: Digest, lang: str) -> str:
    """For a terminal of 80 columns, the first of each part. The words of flagged posts are not in it."""
    digest, say = cut(digest), Speaker(lang)
    day_began = datetime.combine(digest.day, time(), LONDON)
    same = same_steps(digest)

    def titled(key: str, lines: list[str]) -> list[str]:
        return ["", say(key).upper(), *lines] if lines else []

    def left(more: int) -> list[str]:
        return _wrap(say("and_more", n=more), "  ") if more else []

    def incidents(key: str, rows: tuple[IncidentLine, ...], more: int) -> list[str]:
        found = (_incident_text(row, say, same.get(row.id, ""), day_began) for row in rows)
        return titled(key, [*(line for lines in found for line in lines), *left(more)])

    def mentions(key: str, rows: tuple[MentionLine, ...], more: int, *, covered: bool = False) -> list[str]:
        found = (_mention_text(row, say, day_began, covered=covered) for row in rows)
        return titled(key, [*(line for lines in found for line in lines), *left(more)])

    more = digest.more
    lines = [
        *_opening_text(digest, say),
        *incidents("act_now", digest.act_now, more.act_now),
        *incidents("decisions", digest.decisions, more.decisions),
        *mentions("look", digest.look, more.look, covered=True),
        *incidents("due", tuple(replace(row, first_steps=()) for row in digest.due), more.due),
        *mentions("concerns", digest.concerns, more.concerns),
        *mentions("mentions", digest.others, more.others),
        *incidents(
            "under_way", tuple(replace(row, first_steps=()) for row in digest.under_way), more.under_way
        ),
        *(
            mentions("good_news", digest.good_news, more.good_news)
            or titled("good_news", _wrap(say(no_praise(digest)), "  "))
        ),
    ]
    lines += _health_text(digest.run, say) if digest.run else []
    lines += _gaps_text(digest.run, say)
    if digest.pack_is_stale:
        lines += _wrap(say("undated_pack" if digest.pack_is_undated else "stale_pack"), "")
    lines += _wrap(say("covered_in_text"), "")
    return "\n".join([*lines, *_wrap(f"{say('system_suggests')} {say('confidential')}", ""), ""])

"""`mentions`, `digest`, `publish`, `query`: what is stored, for people and for their scripts."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, date, datetime, time

from desk.masking import shorten
from desk.words import LONDON
from flows.commands.common import clock, existing_home, iso, print_json, say
from flows.home import read_school
from mentionwatch.labels import Label
from mentionwatch.settings import read_environment
from warehouse.connection import Warehouse
from warehouse.reading import MentionFilter, MentionRow, list_mentions


def mention_json(row: MentionRow) -> dict[str, object]:
    """A mention as the contract's `mentions --json` gives it. No author, no reporter."""
    return {
        "id": row.id,
        "source": row.source,
        # Of what is under the stop rule the address goes to the police alone, and through the safeguarding lead.
        "native_id": "" if row.is_sealed else row.native_id,
        "kind": row.kind,
        "url": "" if row.is_sealed else row.url,
        "title": row.title,
        "text": row.text,
        "lang": row.lang,
        "posted_at": iso(row.posted_at),
        "posted_at_basis": row.posted_at_basis,
        "captured_at": iso(row.captured_at),
        "revision": row.revision,
        "scope": row.scope.value,
        "label": row.label.value,
        "needs_person": row.needs_person,
        "harms": [harm.value for harm in row.harms],
        "route": row.route.value,
        "incident": row.incident,
    }


def mentions(arguments: argparse.Namespace) -> int:
    """Stored mentions, newest first. In a terminal the words of flagged ones stay covered."""
    home = existing_home(arguments)
    since = (
        datetime.combine(date.fromisoformat(arguments.since), time(), LONDON).astimezone(UTC)
        if arguments.since
        else None
    )
    wanted = MentionFilter(
        since=since, label=Label(arguments.label) if arguments.label else None, source=arguments.source or ""
    )
    with Warehouse(home.folder).live_reader() as reading:
        rows = list_mentions(reading, wanted)
    for row in rows:
        if arguments.json:
            print_json(mention_json(row))
            continue
        flagged = row.label is Label.INAPPROPRIATE or row.needs_person or row.is_sealed or row.stays_covered
        words = "(covered; --json shows the words)" if flagged else shorten(row.title or row.text, 60)
        mark = f" {row.incident}" if row.incident else " a person should look" if row.needs_person else ""
        said = f" (a person; the model: {row.machine_label.value})" if row.is_decided else ""
        say(f"{iso(row.captured_at)} {row.source:<16.16} {row.label.value:<13} {row.scope.value}{mark}{said}")
        say(f"    {row.id}  {words}"[:79])
    if not arguments.json:
        say(f"{len(rows)} mentions")
    return 0


def digest(arguments: argparse.Namespace) -> int:
    """The digest of a day. HTML and text are also written to the home's digests folder."""
    from desk.render import render_html, render_text
    from flows.digest import OPENED, digest_json, read_digest, write_digest

    home = existing_home(arguments)
    school, pack = read_school(home)
    now = clock(arguments)
    day = date.fromisoformat(arguments.date) if arguments.date else now.astimezone(LONDON).date()
    lang = arguments.lang or school.digest_lang
    noon = datetime.combine(day, time(12), LONDON).astimezone(UTC)
    write_digest(home, school, pack, noon, lang)
    # Other people's scripts get every id; a page and the terminal the first of each part.
    opened = None if arguments.format == "json" else OPENED
    built = read_digest(home, school, pack, day, lang, opened=opened)
    if arguments.send:
        from flows.morning_mail import Mailroom, send_by_hand
        from flows.recipients import left_out, read_accounts

        people = read_accounts(home)
        room = Mailroom(home, school, pack, read_environment(), people, lambda: clock(arguments))
        sending = send_by_hand(room, day, lang, again=arguments.again)
        sys.stderr.write(sending.say() + "\n")
        if people and sending.sent == 0:
            sys.stderr.writelines(f"{line}\n" for line in left_out(people).say())
    if arguments.format == "json":
        say(digest_json(built))
    elif arguments.format == "html":
        sys.stdout.write(render_html(built, lang))
    else:
        sys.stdout.write(render_text(built, lang))
    return 0


def publish(arguments: argparse.Namespace) -> int:
    """Refresh analysis.duckdb from the warehouse."""
    from warehouse.publish import publish as publish_copy

    copy = publish_copy(Warehouse(existing_home(arguments).folder))
    if arguments.json:
        print_json({"path": str(copy.path), "mentions": copy.mentions, "note": copy.note})
    else:
        say(f"Published {copy.mentions} mentions to {copy.path}")
        if copy.note:
            say(copy.note)
    return 0


def _cell(value: object) -> object:
    if isinstance(value, datetime):
        return iso(value.replace(tzinfo=UTC) if value.tzinfo is None else value)
    return value if isinstance(value, str | int | float | bool | list) or value is None else str(value)


def query(arguments: argparse.Namespace) -> int:
    """Run SQL on the published copy: read-only, no file and no network can be reached."""
    from warehouse.publish import query_published

    result = query_published(Warehouse(existing_home(arguments).folder), arguments.sql)
    if arguments.json:
        for row in result.rows:
            sys.stdout.write(
                json.dumps(dict(zip(result.columns, map(_cell, row), strict=True)), ensure_ascii=False) + "\n"
            )
        return 0
    say("\t".join(result.columns))
    for row in result.rows:
        say(
            "\t".join(
                "" if value is None else str(_cell(value)).replace("\t", " ").replace("\n", " ")
                for value in row
            )
        )
    return 0

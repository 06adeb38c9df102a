"""`retention`, `access`, `erase`: what must go, what a person may ask for, what is erased for good."""

from __future__ import annotations

import argparse
import getpass
from collections.abc import Sequence

from flows.commands.common import clock, existing_home, iso, print_json, say
from flows.records import erase_for_good, purge_for_good
from warehouse.access import export_person
from warehouse.connection import Warehouse
from warehouse.protocol_records import published_texts


def _say_files(files: Sequence[str]) -> None:
    for name in files:
        say(f"removed {name}: it was made from what is gone")


def retention(arguments: argparse.Namespace) -> int:
    """Delete what is past its time, by class; with --dry-run only say so."""
    done = purge_for_good(existing_home(arguments), clock(arguments), dry_run=arguments.dry_run)
    if arguments.json:
        print_json(
            {
                "dry_run": done.is_dry_run,
                "by_class": dict(done.by_class),
                "purged": list(done.purged),
                "held": dict(done.held),
                "note": done.note,
                "files": list(done.files),
            }
        )
        return 0
    word = "would be deleted" if done.is_dry_run else "deleted"
    say(f"{len(done.purged)} mentions {word}, {len(done.held)} held back")
    for name, count in sorted(done.by_class.items()):
        say(f"  {name:<20} {count}")
    for id_, why in done.held.items():
        say(f"  held: {id_}: {why}")
    _say_files(done.files)
    if done.note:
        say(done.note)
    return 0


def access(arguments: argparse.Namespace) -> int:
    """Everything stored in which the person occurs (UK GDPR Article 15); a person reads it before it leaves."""
    home = existing_home(arguments)
    found = export_person(
        Warehouse(home.folder),
        arguments.person,
        clock(arguments),
        getpass.getuser(),
        "subject access request",
    )
    with Warehouse(home.folder).live_reader() as reading:
        published = published_texts(reading, [record.mention_id for record in found])
    for record in found:
        shown = {
            "mention": record.mention_id,
            "revision": record.revision,
            "basis": record.basis,
            "source": record.source,
            "kind": record.kind,
            "url": record.url,
            "title": record.title,
            "text": record.text,
            "summary": record.summary,
            "first_reader_asked_at": [iso(at) for at in record.first_reader_asked_at],
            "posted_at": iso(record.posted_at),
            "captured_at": iso(record.captured_at),
            "label": record.label.value,
            "incident": record.incident,
            "incident_state": record.incident_state,
            "published": published.get(record.mention_id),
        }
        if arguments.json:
            print_json(shown)
        else:
            say(
                f"{record.mention_id} revision {record.revision} ({record.basis}), {record.source}, {iso(record.captured_at)}"
            )
            say(f"  {record.url}")
            say(f"  {' '.join(f'{record.title} {record.text}'.split())}")
            if record.summary:
                say(f"  a colleague wrote of it: {' '.join(record.summary.split())}")
            for at in record.first_reader_asked_at:
                say(f"  a colleague was asked to read it first: {iso(at)}")
            if record.mention_id in published:
                say(f"  published by the school: {published[record.mention_id]}")
    if not arguments.json:
        say(
            f"{len(found)} records. Read them before they leave: other people's facts are masked by pattern only."
        )
    return 0


def erase(arguments: argparse.Namespace) -> int:
    """Erase mentions for good. Exits 5 when one is held and 2 when one is unknown; the others are erased all the same."""
    home = existing_home(arguments)
    done = erase_for_good(home, arguments.ids, arguments.reason, clock(arguments), getpass.getuser())
    if arguments.json:
        print_json(
            {
                "erased": list(done.erased),
                "unknown": list(done.unknown),
                "held": dict(done.held),
                "note": done.note,
                "files": list(done.files),
            }
        )
    else:
        for id_ in done.erased:
            say(f"erased {id_}")
        for id_ in done.unknown:
            say(f"unknown {id_}: nothing is stored under this id")
        for id_, why in done.held.items():
            say(f"held {id_}: {why}")
        _say_files(done.files)
        if done.note:
            say(done.note)
    return 5 if done.held else 2 if done.unknown else 0

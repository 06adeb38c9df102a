"""`incident letter`: makes a letter or a form and puts it on file. People send; mentionwatch never does."""

from __future__ import annotations

import argparse

from flows.commands.common import print_json, say
from flows.commands.protocol import context_of
from flows.home import read_registers
from flows.letter_fields import Typed
from flows.letters import LetterAsked, Written, as_text, languages_for, make_letter, preview_letter
from flows.standing import read_standing
from incidents.protocol import parse_role
from mentionwatch.errors import ConfigError
from mentionwatch.registers import Registers
from warehouse.connection import Warehouse


def _pairs(option: str, given: list[str]) -> tuple[tuple[str, str], ...]:
    found = []
    for text in given:
        name, sign, value = text.partition("=")
        if not sign or not name.strip() or not value.strip():
            raise ConfigError(
                "incident letter",
                option,
                f"{text!r} is not a name, = and a text",
                f"Write {option} NAME=TEXT",
            )
        found.append((name.strip(), value.strip()))
    return tuple(found)


def _asked(arguments: argparse.Namespace) -> tuple[LetterAsked, Written]:
    context = context_of(arguments)
    registers = read_registers(context.home) or Registers()
    with Warehouse(context.home.folder).live_reader() as reading:
        standing = read_standing(reading, arguments.id, context)
    asked = LetterAsked(
        id=standing.row.id,
        kind=arguments.kind,
        role=parse_role(arguments.role),
        langs=languages_for(standing, context, arguments.lang),
        typed=Typed(_pairs("--field", arguments.field), _pairs("--change", arguments.change)),
    )
    make = preview_letter if arguments.preview else make_letter
    return asked, make(asked, context, registers)


def incident_letter(arguments: argparse.Namespace) -> int:
    """Make one, or look at it first with --preview."""
    asked, written = _asked(arguments)
    if arguments.json:
        print_json(
            {
                "incident": asked.id,
                "kind": written.kind,
                "number": written.number or None,
                "langs": list(asked.langs),
                "files": [path.name for path in written.paths],
                "changes": [
                    {"passage": change.passage, "template": change.template, "letter": change.letter}
                    for change in written.changes
                ],
                "text": {lang: as_text(document) for lang, document in written.documents.items()}
                if arguments.preview
                else None,
            }
        )
        return 0
    if arguments.preview:
        for document in written.documents.values():
            say(as_text(document))
    for path in written.paths:
        say(f"Wrote {path}")
    for change in written.changes:
        say(f"Changed from the template, {change.passage}:")
        say(f"  was: {change.template}")
        say(f"  now: {change.letter}")
    if written.paths:
        say(
            "Nothing is sent. A second person reads it; then record the step with: mentionwatch incident move"
        )
    return 0

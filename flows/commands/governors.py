"""`governors`: the sheet of one term, or of several terms side by side, as page, PDF or JSON."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from datetime import date
from pathlib import Path

from flows.commands.common import clock, existing_home
from flows.home import read_school
from mentionwatch.errors import ConfigError
from mentionwatch.terms import Term, TermName, find_terms

MOST_TERMS = 3
"""A school year; more columns do not fit on a page."""
LEAST_REASON = 10


def _asked_terms(arguments: argparse.Namespace) -> tuple[Term, ...]:
    """The terms asked for. Raises `ConfigError` for a period that cuts a term: such sheets could be subtracted."""
    if arguments.term and not (arguments.first_on or arguments.last_on):
        name, year = arguments.term
        if name in tuple(TermName) and year.isascii() and year.isdigit() and 2000 <= int(year) <= 2100:
            return (Term(TermName(name), int(year)),)
        raise ConfigError(
            "governors", "--term", f"{name} {year} is no term", "Write for example: --term autumn 2026"
        )
    if arguments.term or not (arguments.first_on and arguments.last_on):
        raise ConfigError(
            "governors",
            "",
            "which term?",
            "Write --term autumn 2026, or --from DATE --to DATE around whole terms",
        )
    first_on, last_on = date.fromisoformat(arguments.first_on), date.fromisoformat(arguments.last_on)
    terms = find_terms(first_on, last_on) if (last_on - first_on).days < 400 else None
    if terms is None or len(terms) > MOST_TERMS:
        raise ConfigError(
            "governors",
            "--from, --to",
            "are not the ends of one to three whole terms; sheets of periods that overlap would tell small numbers by their difference",
            "Terms are 1 September to 31 December, 1 January to 31 March, 1 April to 31 August",
        )
    return terms


def governors(arguments: argparse.Namespace) -> int:
    """Make the sheet. A term is counted once, when it is over."""
    from desk.governors_json import show_sheet
    from flows.governors import basis_of, read_or_count

    terms = _asked_terms(arguments)
    home = existing_home(arguments)
    if arguments.format == "pdf" and not arguments.out:
        raise ConfigError("governors", "--out", "is missing", "A PDF goes into a file: --out sheet.pdf")
    school, pack = read_school(home)
    again = str(arguments.again).strip()
    if arguments.again and (len(terms) != 1 or len(again) < LEAST_REASON):
        raise ConfigError(
            "governors",
            "--again",
            "needs one term and a reason",
            'Write for example: --term autumn 2026 --again "eight incidents were entered late"',
        )
    sheets = tuple(read_or_count(home, term, clock(arguments), getpass.getuser(), again) for term in terms)
    lang = arguments.lang or school.digest_lang
    if arguments.format == "json":
        made = (
            json.dumps({"terms": [show_sheet(sheet) for sheet in sheets]}, ensure_ascii=False) + "\n"
        ).encode()
    else:
        from desk.governors_page import build_document, render_page

        document = build_document(sheets, basis_of(school, pack), lang)
        if arguments.format == "pdf":
            from desk.document_pdf import write_pdf

            made = write_pdf(document)
        else:
            made = render_page(document).encode()
    _hand_over(made, arguments.out)
    return 0


def _hand_over(made: bytes, out: str) -> None:
    from flows.private_files import write_plainly

    if out:
        write_plainly(Path(out), made)
        sys.stdout.write(f"Wrote {out}\n")
    else:
        sys.stdout.write(made.decode())

"""`registers`: how the school's accounts stand, and what is missing from the small registers its policy wants."""

from __future__ import annotations

import argparse
import textwrap

from desk.words import LONDON, Speaker
from flows.commands.common import clock, existing_home, print_json, say
from flows.home import REGISTERS_TEMPLATE as TEMPLATE
from flows.home import read_registers, read_school
from mentionwatch.registers import Account, Registers
from mentionwatch.registers_gaps import Gap, asked_by, find_gaps
from mentionwatch.registers_words import STANDINGS

_WIDTH = 79
_WORDS = {
    "title": ("Registers", "Cofrestrau"),
    "absent": ("There is no file {file} yet.", "Nid oes ffeil {file} eto."),
    "begin": (
        "To begin, copy the template in {page} to that place and fill it in.",
        "I ddechrau, copïwch y templed yn {page} i'r lle hwnnw a'i lenwi.",
    ),
    "accounts": ("School accounts", "Cyfrifon yr ysgol"),
    "no_accounts": ("No account is recorded.", "Nid oes cyfrif wedi'i gofnodi."),
    "gaps": ("What is missing", "Yr hyn sydd ar goll"),
    "no_gaps": ("Nothing is missing.", "Nid oes dim ar goll."),
}


def _account_json(account: Account, standing: str) -> dict[str, object]:
    return {
        "name": account.name,
        "platform": account.platform,
        "url": account.url,
        "is_open": account.is_open,
        "standing": standing,
    }


def _gap_json(gap: Gap) -> dict[str, object]:
    return {"kind": gap.kind.value, "name": gap.name, "english": gap.english, "welsh": gap.welsh}


def _say_item(text: str) -> None:
    # A path or an address stays whole even where it is longer than the line.
    for line in textwrap.wrap(
        text,
        _WIDTH,
        initial_indent="  ",
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    ):
        say(line)


def registers(arguments: argparse.Namespace) -> int:
    """Print the accounts with their standing and every gap. 0 with gaps too: it is a report, not a check."""
    home = existing_home(arguments)
    school, pack = read_school(home)
    found = read_registers(home)
    kept = found or Registers()
    on = clock(arguments).astimezone(LONDON).date()
    gaps = find_gaps(kept, on, asked_by(pack))
    file = str(home.folder / "registers.toml")
    if arguments.json:
        print_json(
            {
                "file": file,
                "exists": found is not None,
                "template": TEMPLATE,
                "on": on.isoformat(),
                "accounts": [_account_json(account, account.standing(on).value) for account in kept.accounts],
                "gaps": [_gap_json(gap) for gap in gaps],
            }
        )
        return 0
    lang = arguments.lang or school.digest_lang
    at = 1 if lang == "cy" else 0
    words = {key: pair[at] for key, pair in _WORDS.items()}
    say(f"{words['title']}: {Speaker(lang).day(on)}")
    if found is None:
        _say_item(words["absent"].format(file=file))
        _say_item(words["begin"].format(page=TEMPLATE))
    say(words["accounts"])
    for account in kept.accounts:
        _say_item(f"{account.name} ({account.platform}): {STANDINGS[account.standing(on)][at]}")
    if not kept.accounts:
        _say_item(words["no_accounts"])
    say(words["gaps"])
    for gap in gaps:
        _say_item(f"- {gap.text(lang)}")
    if not gaps:
        _say_item(words["no_gaps"])
    return 0

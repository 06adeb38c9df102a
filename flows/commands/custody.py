"""`evidence checkpoint|keys|rotate-key|view|handover|receive|hold|release`: what is done with evidence, written down and signed."""

from __future__ import annotations

import argparse
import getpass
import os
from datetime import UTC, datetime
from pathlib import Path

from flows.commands.common import clock, existing_home, iso, print_json, say
from flows.home import Home, read_fetch, read_school
from flows.private_files import partial_of, write_plainly
from mentionwatch.errors import ConfigError, Refused
from mentionwatch.labels import Role
from warehouse.connection import Warehouse


def evidence_checkpoint(arguments: argparse.Namespace) -> int:
    """Sign what waits, ask for stamps, tell the witness. 0 also where a stamp is pending: nothing waits for one."""
    from flows.signing import refuse_future
    from flows.upkeep import keep_custody

    home = existing_home(arguments)
    refuse_future(home, clock(arguments), datetime.now(UTC))
    school, _ = read_school(home)
    done = keep_custody(home, school, read_fetch(home), clock(arguments))
    if arguments.json:
        print_json(
            {
                "new": done.is_new,
                "entries": done.state.tree_size,
                "sealed_at": iso(done.state.sealed_at),
                "stamps": done.state.stamps,
                "stamps_wanted": done.state.wanted,
                "troubles": list(done.troubles),
            }
        )
        return 0
    say("A new checkpoint was signed." if done.is_new else "Nothing was entered since the last checkpoint.")
    say(
        f"It covers {done.state.tree_size} entries; {done.state.stamps} of {done.state.wanted} stamps are there."
    )
    for line in done.troubles:
        say(f"    {line}")
    if not done.state.wanted:
        say("Nobody else vouches for the time: name two authorities in custody.toml.")
    return 0


def evidence_keys(arguments: argparse.Namespace) -> int:
    """The public keys and which entries each signed, to be kept where nobody at this machine can change them."""
    from evidence.signing_keys import show_span
    from flows.key_rotation import list_keys

    home = existing_home(arguments)
    with Warehouse(home.folder).live_reader() as reading:
        keys = list_keys(reading, home)
    if arguments.json:
        spans = [
            {"kid": each.kid, "first": each.span.first, "last": each.span.last} for each in keys if each.span
        ]
        print_json({"keys": {each.kid: each.public.hex() for each in keys if each.public}, "spans": spans})
        return 0
    for each in keys:
        first, last = (each.span.first, each.span.last) if each.span else (0, None)
        if each.public:
            say(show_span(each.public, first, last))
        else:
            say(
                f"The public half of key {each.kid} (from entry {first}) is missing in keys/: take it out of an exhibit."
            )
    if not keys:
        say("There is no key yet: the first signature makes one.")
    return 0


def evidence_rotate_key(arguments: argparse.Namespace) -> int:
    """Another signing key. The new public half is printed: it belongs where the old one is kept."""
    from evidence.signing_keys import show_public
    from flows.key_rotation import rotate_key

    role, actor = _act(arguments)
    done = rotate_key(existing_home(arguments), role, actor, arguments.words, clock(arguments))
    if arguments.json:
        print_json({"earlier": done.earlier, "kid": done.kid, "public": done.public.hex(), "entry": done.seq})
        return 0
    say(f"Entry {done.seq} of the custody log hands over from key {done.earlier}, which is destroyed, to:")
    say(show_public(done.public))
    say(
        "Keep that line where the one before is kept. Then back up the home: an older backup cannot go on signing."
    )
    return 0


def read_role(name: str) -> Role:
    """The role of `--as`. Raises `ConfigError` for one that is none, or that no person can act in."""
    from flows.standing import PEOPLE

    if name not in PEOPLE:
        raise ConfigError("evidence", "--as", f"{name!r} is no role", f"One of: {', '.join(PEOPLE)}")
    return Role(name)


def read_new_file(home: Home, name: str) -> Path:
    """Where `--out` is to be written: a new file outside the home. Raises `Refused` for anything that is there already.

    What is in the home is the software's own: keys, settings, the database, exhibits.
    """
    path = Path(name).expanduser()
    place = path.parent.resolve() / path.name
    if place.is_relative_to(home.folder.resolve()):
        raise Refused(
            f"refused: --out {name} is inside the home, where nothing is put by hand. Name a place outside"
        )
    if any(os.path.lexists(each) for each in (place, partial_of(place))):
        raise Refused(f"refused: --out {name} is there already and is not written over. Name a new file")
    if not place.parent.is_dir():
        raise Refused(f"refused: --out {name}: there is no such folder. Make it first, or name another")
    return place


def _act(arguments: argparse.Namespace) -> tuple[Role, str]:
    return read_role(arguments.role), getpass.getuser()


def evidence_view(arguments: argparse.Namespace) -> int:
    """What is stored, after the look was written down. A picture somebody handed in is written to --out, never shown."""
    from evidence.custody_entry import Purpose
    from flows.evidence_acts import Act, view

    role, actor = _act(arguments)
    home, id_ = existing_home(arguments), arguments.ids[0]
    out = read_new_file(home, arguments.out) if arguments.out is not None else None
    seen = view(home, id_, Act(role, actor, clock(arguments), Purpose(arguments.purpose)))
    if out is not None:
        body, kind = (seen.handed_in, seen.handed_in_type) if seen.handed_in else (seen.drawn, "image/png")
        if not body:
            raise Refused(
                f"refused: {id_} has neither a file somebody handed in nor a picture; there is nothing to write"
            )
        write_plainly(out, body)
        whose = "as it was handed in" if seen.handed_in else "drawn from the stored bytes"
        say(f"Written: {arguments.out} ({kind}, {len(body)} bytes), {whose}.")
        return 0
    for found in seen.captures:
        if arguments.json:
            print_json(
                {
                    "mention": found.mention_id, "revision": found.revision, "url": found.url, "method": found.method,
                    "posted_at": iso(found.posted_at), "captured_at": iso(found.captured_at), "title": found.title,
                    "text": found.text, "page_text": found.page_text, "warc_sha256": found.warc_sha256 or None,
                }
            )  # fmt: skip
            continue
        say(f"{found.mention_id}/{found.revision}  {found.url}")
        say(
            f"    posted {iso(found.posted_at) or 'unknown'}, captured {iso(found.captured_at)} ({found.method})"
        )
        say(f"    {found.title}\n    {found.text}" if found.title else f"    {found.text}")
    if seen.handed_in and not arguments.json:
        say("A file was handed in. It is not shown here: open it with --out FILE, for a purpose.")
    return 0


def evidence_picture(arguments: argparse.Namespace) -> int:
    """Draw the latest capture of each post from its stored bytes and keep the picture; it is not shown here."""
    from flows.evidence_bars import find_evidence
    from flows.pictures import draw_latest

    home = existing_home(arguments)
    with Warehouse(home.folder).live_reader() as reading:
        ids = find_evidence(reading, arguments.ids[0])
    for mention, told in draw_latest(home.folder, ids, clock(arguments), whole=arguments.whole):
        if arguments.json:
            print_json(
                {
                    "mention": mention,
                    "kind": told.kind,
                    "sha256": told.sha256 or None,
                    "cause": told.cause or None,
                }
            )
        else:
            say(f"{mention}  {told.kind if told.sha256 else told.cause}  {told.sha256}".rstrip())
    return 0


def evidence_referral(arguments: argparse.Namespace) -> int:
    """One page for the police about a post under the stop rule. Its path is printed, never its words."""
    from flows.referral import write_referral

    role, actor = _act(arguments)
    home = existing_home(arguments)
    school, _ = read_school(home)
    path = write_referral(home, school, arguments.ids[0], role, actor, clock(arguments))
    if arguments.json:
        print_json({"path": str(path)})
        return 0
    say(f"Written: {path}")
    say(
        "For the police only: hand it over on paper or as they ask, then delete the file. Do not open the address."
    )
    return 0


def _written(arguments: argparse.Namespace, what: str) -> int:
    if arguments.json:
        print_json({"id": arguments.ids[0], "act": what})
    else:
        say(f"Written down and signed: {arguments.ids[0]} {what}.")
    return 0


def evidence_handover(arguments: argparse.Namespace) -> int:
    """Evidence went to somebody."""
    return _handed(arguments, back=False)


def evidence_receive(arguments: argparse.Namespace) -> int:
    """Evidence came back."""
    return _handed(arguments, back=True)


def _handed(arguments: argparse.Namespace, *, back: bool) -> int:
    from evidence.custody_entry import Purpose
    from flows.evidence_acts import Act, hand_over

    role, actor = _act(arguments)
    act = Act(role, actor, clock(arguments), Purpose(arguments.purpose), arguments.words)
    hand_over(existing_home(arguments), arguments.ids[0], act, back=back)
    return _written(arguments, "received back" if back else "handed over")


def evidence_hold(arguments: argparse.Namespace) -> int:
    """Nobody may delete it until it is released."""
    return _held(arguments, lifts=False)


def evidence_release(arguments: argparse.Namespace) -> int:
    """End a hold."""
    return _held(arguments, lifts=True)


def _held(arguments: argparse.Namespace, *, lifts: bool) -> int:
    from evidence.custody_entry import Purpose
    from flows.evidence_acts import Act, hold, release

    role, actor = _act(arguments)
    act = Act(role, actor, clock(arguments), Purpose(arguments.purpose), arguments.words)
    (release if lifts else hold)(existing_home(arguments), arguments.ids[0], act)
    return _written(arguments, "released" if lifts else "held")

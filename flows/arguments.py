"""The parser of every command, kept free of heavy imports: the help answers at once."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

from flows.arguments_accounts import add_account
from flows.arguments_evidence import add_evidence
from flows.learning_arguments import add_correct, add_evaluate, add_replay, add_shadow, add_train
from mentionwatch import __version__


def _instant(text: str) -> datetime:
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no time; write 2026-11-21T02:30:00Z") from None
    if value.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text!r} has no time zone; end it with Z or +00:00")
    if not 2000 <= value.year <= 2100:
        raise argparse.ArgumentTypeError(f"{text!r} is not of this century; write 2026-11-21T02:30:00Z")
    return value.astimezone(UTC)


def _day(text: str) -> str:
    try:
        return datetime.fromisoformat(text).date().isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date; write 2026-11-21") from None


if TYPE_CHECKING:
    Adding: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]


def _command(
    adding: Adding, name: str, module: str, summary: str, *, json: bool = False
) -> argparse.ArgumentParser:
    parser = adding.add_parser(name, help=summary, description=summary)
    parser.add_argument(
        "--home",
        metavar="DIR",
        default=argparse.SUPPRESS,
        help="the school's folder (else MENTIONWATCH_HOME, else ./var)",
    )
    parser.set_defaults(module=module, function=name.replace("-", "_"))
    if json:
        parser.add_argument("--json", action="store_true", help="print JSON instead of text")
    return parser


def _add_nightly(adding: Adding) -> None:
    init = _command(adding, "init", "setup", "write a commented school.toml and sources.toml")
    init.add_argument("--name", default="", help="the school's official name")
    init.add_argument(
        "--pack",
        required=True,
        help="policy pack: llanbedrog, brighton_hill, cansfield, caldecote, grappenhall_heys, or your own .toml",
    )
    init.add_argument("--lang", choices=("en", "cy"), default="en")
    init.add_argument(
        "--place",
        action="append",
        default=[],
        metavar="TOWN",
        help="town, village or county; may be repeated",
        nargs="+",
    )
    init.add_argument("--register", metavar="CSV", help="a school register file to read the profile from")
    init.add_argument("--id", default="", metavar="ID", help="the school's id in that register")
    init.add_argument(
        "--authority",
        default="",
        metavar="TEXT",
        help="the governors' recorded decision to monitor public postings",
    )
    init.add_argument("--authority-on", type=_day, default=None, metavar="DATE")
    init.add_argument(
        "--dpia", default="", metavar="REF", help="reference of the data protection impact assessment"
    )
    init.add_argument("--dpia-on", type=_day, default=None, metavar="DATE")
    sweep = _command(adding, "sweep", "nightly", "look at every source once: one nightly run", json=True)
    sweep.add_argument("--now", type=_instant, default=None, metavar="ISO", help="pretend it is this time")
    sweep.add_argument(
        "--source", action="append", nargs="+", default=[], metavar="NAME", help="only these sources"
    )
    status = _command(adding, "status", "nightly", "is it healthy? exits 3 when not", json=True)
    status.add_argument("--now", type=_instant, default=None, metavar="ISO")
    _command(
        adding, "schedule", "nightly", "serve the nightly run on this machine (server and worker in one)"
    )
    demo = _command(adding, "demo", "demo", "run the real sweep against a small town on this machine")
    demo.add_argument(
        "--keep", metavar="DIR", default="", help="put the demo's home here instead of ./var/demo"
    )


def _add_streams(adding: Adding) -> None:
    _command(adding, "scope", "streams", "is each text about this school? JSON Lines in, JSON Lines out")
    _command(adding, "classify", "streams", "label each text. JSON Lines in, JSON Lines out")
    mentions = _command(adding, "mentions", "reading", "list stored mentions, newest first", json=True)
    mentions.add_argument("--since", type=_day, default=None, metavar="D")
    mentions.add_argument("--label", choices=("positive", "neutral", "concern", "inappropriate"))
    mentions.add_argument("--source", metavar="NAME")
    report = _command(adding, "report", "reporting", "a person reports a post", json=True)
    report.add_argument("--url", required=True)
    report.add_argument(
        "--posted-at", required=True, metavar="T", help="when it was posted, with time zone; or: unknown"
    )
    report.add_argument("--text", default="", help="the words of the post")
    report.add_argument("--screenshot", default="", metavar="F")
    report.add_argument("--reporter", default="", metavar="R", help="kept apart, never shown")
    report.add_argument("--platform", default="", metavar="P")
    report.add_argument("--seen-at", default="", metavar="T", help="when you saw it, with time zone")
    report.add_argument(
        "--kind",
        default="",
        metavar="K",
        help="other_child_picture, staff_area, working_day, under_age or logo",
    )


_STEPS = (
    ("list", "protocol", "all incidents"),
    ("show", "protocol", "one incident and its lawful next steps"),
    ("open", "protocol", "open an incident for a mention (ID is the mention's)"),
    ("move", "protocol", "take one step"),
    ("letter", "letters", "make a letter or a form; nothing is sent"),
    ("timeline", "protocol", "what happened, in order"),
    ("merge", "protocol", "two incidents are one post or one campaign"),
    ("undo", "protocol", "part two incidents that were merged"),
)


def _add_incident(adding: Adding) -> None:
    incident = _command(adding, "incident", "protocol", "the school's protocol, step by step")
    steps = incident.add_subparsers(dest="step", required=True, metavar="STEP")
    parsers: dict[str, argparse.ArgumentParser] = {}
    for name, module, summary in _STEPS:
        step = parsers[name] = steps.add_parser(name, help=summary, description=summary)
        step.add_argument("--home", metavar="DIR", default=argparse.SUPPRESS)
        step.add_argument("--json", action="store_true")
        step.set_defaults(module=module, function=f"incident_{name}")
        if name != "list":
            step.add_argument("id", metavar="ID")
        step.add_argument("--now", type=_instant, default=None, metavar="ISO")
    parsers["list"].add_argument("--track", choices=("incident", "concern", "positive"), default="incident")
    parsers["move"].add_argument("event", metavar="EVENT")
    parsers["merge"].add_argument("into", metavar="OTHER")
    parsers["merge"].add_argument("--because", required=True, choices=("same_post", "same_campaign"))
    for name in ("open", "move", "merge", "undo", "letter"):
        parsers[name].add_argument("--as", dest="role", required=True, metavar="ROLE")
    for name in ("open", "move", "merge", "undo"):
        parsers[name].add_argument("--reason", required=True, metavar="R")
    letter = parsers["letter"]
    letter.add_argument("kind", metavar="KIND")
    letter.add_argument("--lang", choices=("en", "cy", "both"), default=None)
    letter.add_argument("--field", action="append", default=[], metavar="NAME=TEXT")
    letter.add_argument(
        "--change",
        action="append",
        default=[],
        metavar="PARAGRAPH=TEXT",
        help="another wording for a paragraph",
    )
    letter.add_argument("--preview", action="store_true", help="print it here; nothing is written")
    parsers["move"].add_argument("--fact", action="append", default=[], metavar="KEY=VALUE")


def _add_reporter(adding: Adding) -> None:
    reporter = _command(adding, "reporter", "reporter", "who reported a mention: for the safeguarding lead")
    acts = reporter.add_subparsers(dest="act", required=True, metavar="ACT")
    summary = "one look, logged with its purpose"
    show = acts.add_parser("show", help=summary, description=summary)
    show.add_argument("--home", metavar="DIR", default=argparse.SUPPRESS)
    show.add_argument("--json", action="store_true")
    show.add_argument("mention", metavar="MENTION")
    show.add_argument("--as", dest="role", required=True, metavar="ROLE")
    show.add_argument("--purpose", required=True, metavar="TEXT", help="why, in at least ten characters")
    show.set_defaults(function="reporter_show")


def _add_policy(adding: Adding) -> None:
    policy = _command(adding, "policy", "policy", "the policy packs: check, show, compare")
    acts = policy.add_subparsers(dest="act", required=True, metavar="ACT")
    for name, summary in (
        ("check", "read a pack and say what is wrong with it"),
        ("show", "every point a policy may settle, with its clause"),
        ("diff", "where two packs differ"),
        ("schema", "the form of a pack as JSON Schema"),
        ("template", "an empty pack with notes, to fill in"),
    ):
        act = acts.add_parser(name, help=summary, description=summary)
        act.add_argument("--home", metavar="DIR", default=argparse.SUPPRESS)
        act.add_argument("--json", action="store_true")
        act.set_defaults(function=f"policy_{name}")
        if name in ("check", "show"):
            act.add_argument("pack", metavar="PACK", nargs="?", default="")
        if name == "diff":
            act.add_argument("first", metavar="A")
            act.add_argument("second", metavar="B")


def _add_desk(adding: Adding) -> None:
    digest = _command(adding, "digest", "reading", "the digest for SLT")
    digest.add_argument("--date", type=_day, default=None, metavar="D")
    digest.add_argument("--lang", choices=("en", "cy"))
    digest.add_argument("--format", choices=("html", "text", "json"), default="text")
    digest.add_argument("--send", action="store_true", help="send the e-mail (no content in it)")
    digest.add_argument(
        "--again", action="store_true", help="with --send: also where nobody knows whether it arrived"
    )
    governors = _command(
        adding, "governors", "governors", "the termly sheet for governors: numbers only, small ones withheld"
    )
    governors.add_argument(
        "--term", nargs=2, metavar=("NAME", "YEAR"), help="autumn, spring or summer, and its year"
    )
    governors.add_argument(
        "--from", dest="first_on", type=_day, default=None, metavar="DATE", help="first day of a term"
    )
    governors.add_argument(
        "--to", dest="last_on", type=_day, default=None, metavar="DATE", help="last day of a term"
    )
    governors.add_argument("--lang", choices=("en", "cy"))
    governors.add_argument("--format", choices=("html", "pdf", "json"), default="html")
    governors.add_argument("--out", metavar="FILE", default="", help="write it there; a PDF needs a file")
    governors.add_argument(
        "--again", metavar="REASON", default="", help="count the term once more; the reason is recorded"
    )
    governors.add_argument("--now", type=_instant, default=None, metavar="ISO")
    _add_incident(adding)
    desk = _command(adding, "desk", "serving", "the pages people sign in to, on this machine or under TLS")
    desk.add_argument("--port", type=int, default=8710, metavar="P")
    desk.add_argument("--bind", default="127.0.0.1", metavar="ADDRESS", help="listen here (else 127.0.0.1)")
    desk.add_argument("--tls-cert", default="", metavar="FILE", help="certificate, as PEM")
    desk.add_argument("--tls-key", default="", metavar="FILE", help="its key, as PEM")
    desk.add_argument(
        "--behind-proxy", default="", metavar="NETWORK", help="a proxy there speaks TLS for the desk"
    )
    add_account(_command(adding, "account", "accounts", "the people who may sign in to the desk"))


def _add_setting_up(adding: Adding) -> None:
    # Done by flows/bootstrap.py before there is a parser; here for --help, and for whoever calls mentionwatch itself.
    _command(adding, "install-pictures", "setup", "install what draws pictures, once: ./run install-pictures")


def _add_records(adding: Adding) -> None:
    evidence = _command(adding, "evidence", "proof", "verify or export evidence")
    add_evidence(evidence, _instant)
    recheck = _command(adding, "recheck", "proof", "look again at posts with a deadline", json=True)
    recheck.add_argument("--now", type=_instant, default=None, metavar="ISO")
    _command(adding, "publish", "reading", "refresh analysis.duckdb", json=True)
    query = _command(adding, "query", "reading", "run SQL on analysis.duckdb, read-only", json=True)
    query.add_argument("sql", metavar="SQL")
    registers = _command(
        adding,
        "registers",
        "registers",
        "the school's accounts and small registers: what is missing",
        json=True,
    )
    registers.add_argument("--lang", choices=("en", "cy"))
    retention = _command(adding, "retention", "records", "delete what is past its time", json=True)
    retention.add_argument("--now", type=_instant, default=None, metavar="ISO")
    retention.add_argument("--dry-run", action="store_true")
    access = _command(
        adding, "access", "records", "everything held about a person, for a subject access request", json=True
    )
    access.add_argument("person", metavar="PERSON-QUERY")
    erase = _command(adding, "erase", "records", "erase mentions for good, leaving a tombstone", json=True)
    erase.add_argument("ids", nargs="+", metavar="ID")
    erase.add_argument("--reason", default="erasure requested")


def _add_learning(adding: Adding) -> None:
    summary = "say what a mention really is; the classifier learns from it"
    add_correct(_command(adding, "correct", "corrections", summary, json=True), _instant)
    summary = "build a challenger model from the labelled texts and the school's corrections"
    add_train(_command(adding, "train", "learning", summary, json=True), _instant)
    summary = "what the model is worth on voices it never heard, against what is pinned"
    add_evaluate(_command(adding, "evaluate", "evaluating", summary, json=True))
    summary = "what a changed model, threshold or profile would have done to the stored mentions"
    add_replay(_command(adding, "replay", "shadow", summary, json=True), _day)
    summary = "the first nights, in which the model opens no incident: what it would have done"
    add_shadow(_command(adding, "shadow", "shadow", summary, json=True), _instant)


def build_parser() -> argparse.ArgumentParser:
    """All commands of the contract. Kept free of heavy imports: the help answers at once."""
    parser = argparse.ArgumentParser(
        prog="mentionwatch", description="Watches what is said in public about one school, every night."
    )
    parser.add_argument("--version", action="version", version=f"mentionwatch {__version__}")
    parser.add_argument(
        "--home", metavar="DIR", default=None, help="the school's folder (else MENTIONWATCH_HOME, else ./var)"
    )
    adding = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_nightly(adding)
    _add_streams(adding)
    _add_desk(adding)
    _add_policy(adding)
    _add_reporter(adding)
    _add_records(adding)
    _add_setting_up(adding)
    _add_learning(adding)
    return parser

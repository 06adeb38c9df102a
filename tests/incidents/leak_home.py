"""Homes in which canaries report: walked through the protocol by the real commands, and everything they render searched."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import httpx

from desk.digest import Digest
from desk.document_docx import write_docx
from desk.document_pdf import write_pdf
from desk.mail import Envelope, write_mail
from desk.render import render_html, render_text
from desk.web import Site, build_app
from desk.web.cookies import SESSION
from desk.words import LANGUAGES
from flows.accounts import Gate
from flows.commands.serving import make_desk as open_desk
from flows.digest import digest_json, read_digest
from flows.home import Home, read_registers, read_school
from flows.letter_fields import Typed, build_input, card_ids
from flows.letters import as_text
from flows.shipped import read_law
from flows.standing import Context, Standing, read_context, read_standing
from incidents.letter_gates import TEMPLATES, check_gates
from incidents.letters import Extract, find_unfilled, write_letter
from incidents.protocol import find_refusal
from incidents.transitions import BY_NAME
from mentionwatch.accounts import DeskRole
from mentionwatch.documents import Document
from mentionwatch.errors import Refused
from mentionwatch.labels import IncidentState as S
from mentionwatch.labels import Label, Role
from mentionwatch.law import Words
from mentionwatch.model import AuditEvent
from mentionwatch.registers import Registers
from tests.desk.signed_in import make_session
from tests.incidents.canaries import NAMES, Seen, make_jpeg, make_png
from tests.incidents.homes import Desk, Said, make_desk
from tests.incidents.letter_home import POST, REGISTERS
from tests.incidents.packs import PEOPLE, lawful_facts
from warehouse.connection import Warehouse
from warehouse.decisions import Decision, record_decision

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
TYPED = ("meeting_at=2099-12-01T10:00Z", "discussed=the post", "agreed=nothing yet", "actions=none", "ban_reason=a threat", "times=18:00", "terms=rule 3", "respond_by=2099-12-01")  # fmt: skip
FIELDS = tuple(pair for text in TYPED for pair in (text, text.replace("=", ".cy=", 1)))


def report(desk: Desk, number: int, text: str = POST) -> Said:
    """A report by one of the canaries, with a screenshot whose metadata hold others, under a file name that holds one."""
    name = NAMES[number % len(NAMES)]
    picture = desk.folder.parent / f"{name}.{'png' if number % 2 else 'jpg'}"
    picture.write_bytes(make_png() if number % 2 else make_jpeg())
    said = desk.report(text, f"https://social.example/post/{number}", "2026-11-20T18:00:00Z", "--reporter", name, "--platform", f"group of {name}", "--screenshot", str(picture))  # fmt: skip
    assert said.code == 0, said.err
    return said


def make_home(folder: Path, pack: str = "llanbedrog") -> Desk:
    desk = make_desk(folder, pack, ("--authority", "Minute 7", "--authority-on", "2026-09-01"))
    (folder / "registers.toml").write_text(REGISTERS, encoding="utf-8")
    return desk


def context_at(desk: Desk, at: datetime) -> Context:
    home = Home(desk.folder)
    school, pack = read_school(home)
    return read_context(home, school, pack, at, "the office")


def standing_of(desk: Desk, id_: str, context: Context) -> Standing:
    with Warehouse(desk.folder).live_reader() as reading:
        return read_standing(reading, id_, context)


def say_label(desk: Desk, mention: str, label: Label) -> None:
    decision = Decision(mention, 1, label, "office", Role.OPERATOR, "read by a person", MONDAY)
    audit = AuditEvent(MONDAY, "office", Role.OPERATOR, "decided", "mention", mention, label.value)
    with Warehouse(desk.folder).writer() as writing:
        record_decision(writing, decision, audit)


ROUTES: tuple[tuple[str, str], ...] = (
    ("parent", "hand_over internal prepared invite met removal_asked still_up platform_reported platform_refused support_offered support_closed signpost"),
    ("parent", "hand_over"),
    ("parent", "hand_over internal support_offered ban_considered ban_notice ban_heard ban_decided prepared write_instead letter_sent removed support_closed close reopen"),
    ("pupil", "hand_over internal redirect_behaviour redirect_done"),
    ("staff", "hand_over recuse police police_release press_contact"),
    ("parent", "hand_over merge"),
    ("unknown", "stop_image record_reference"),
)  # fmt: skip
"""Who the author is, and the steps that are taken; between them they come through every state a person can meet."""
NEED_A_LETTER = ("letter_sent", "ban_notice", "ban_decided")
FOLLOW_UPS = (
    (Label.CONCERN, "acknowledge point_to_complaints concern_answered concern_close"),
    (Label.POSITIVE, "thank_propose thank_approve thank"),
    (Label.POSITIVE, "thank_propose thank_approve share"),
    (Label.POSITIVE, "leave"),
)
PRAISE = "What a lovely summer fair at Ysgol Llanbedrog"
WORRY = "I am worried about the car park at Ysgol Llanbedrog, it is dangerous every morning"


class Walk:
    """A home whose incidents are walked by the real commands, and rendered at each state when it is first met."""

    def __init__(self, desk: Desk, seen: Seen) -> None:
        self.desk, self.seen, self.dice = desk, seen, random.Random(20)
        self.states: dict[S, Standing] = {}
        self.letters: set[str] = set()
        self.refused: list[str] = []

    def _write_letters(self, id_: str, standing: Standing, at: datetime) -> None:
        """Each kind once, as soon as its gate is open; the removal letter whenever it may be needed."""
        for kind in TEMPLATES:
            try:
                check_gates(TEMPLATES[kind], standing.now, standing.now.decider, standing.pack)
            except Refused:
                continue
            if kind.value not in self.letters or standing.now.state is S.LETTER:
                fields = [part for field in FIELDS for part in ("--field", field)]
                arguments = ("incident", "letter", id_, kind.value, "--as", standing.now.decider.value, "--now", at.isoformat(), *fields)  # fmt: skip
                has_greeting = any(passage.id == "greeting" for passage in TEMPLATES[kind].passages)
                change = (
                    ("--change", "greeting=Hello,", "--change", "greeting.cy=Helo,") if has_greeting else ()
                )
                said = self.seen.take_said(self.desk, *arguments, "--lang", "both", *change)
                self.letters |= {kind.value} if said.code == 0 else set()

    def _show(self, id_: str, at: datetime) -> None:
        for step in (("show",), ("show", "--json"), ("timeline", "--json")):
            assert self.seen.take_said(self.desk, "incident", step[0], id_, "--now", at.isoformat(), *step[1:]).code == 0  # fmt: skip
        if "-" in id_:
            asyncio.run(visit(self.desk, self.seen, f"/incidents/{id_}"))

    def _stand(self, id_: str, context: Context, event: str = "") -> Standing:
        """Where it stands now; shown in every way, with every letter that is open, where no other stood before."""
        standing = standing_of(self.desk, id_, context)
        is_new = standing.now.state not in self.states
        if is_new:
            self.states[standing.now.state] = standing
            self._show(id_, context.at)
        if is_new or event in NEED_A_LETTER:
            self._write_letters(id_, standing, context.at)
            standing = standing_of(self.desk, id_, context)
        return standing

    def go(self, id_: str, author: str, events: str) -> None:
        """The steps in turn, each with what a careful person states, by whoever may take it."""
        at, context = MONDAY, context_at(self.desk, MONDAY)
        for name in events.split():
            standing, row = self._stand(id_, replace(context, at=at), name), BY_NAME[name]
            able = [role for role in PEOPLE if not find_refusal(row, standing.now, role, standing.pack)]
            if not able:
                self.refused.append(f"{id_} {name}")
                continue
            facts = lawful_facts(row, standing.now, standing.pack, self.dice)
            fixed = {"author": author, "proposal": "share" if "share" in events else "thank", "outcome": "refused", "respond_by": "2099-12-01", "letter_posted_at": at.isoformat()}  # fmt: skip
            given = [part for key, value in facts for part in ("--fact", f"{key}={fixed.get(key, value)}")]
            said = self.seen.take_said(self.desk, "incident", "move", id_, name, "--as", able[0].value, "--reason", "as agreed with the office", "--now", at.isoformat(), "--json", *given)  # fmt: skip
            self.refused += [f"{id_} {said.err}"] if said.code else []
            at += timedelta(days={"invite": 4, "removal_asked": 14}.get(name, 1))
        self._stand(id_, replace(context, at=at))


async def visit(desk: Desk, seen: Seen, *paths: str) -> None:
    """The pages as the browser gets them, with their headers, in both languages.

    The safeguarding lead is barred from none of them; the head may be told that there is no such page (L31).
    """
    home = Home(desk.folder)
    school, pack = read_school(home)
    gate, site = Gate(home.folder), Site(frozenset({"http://127.0.0.1:8710"}), 8710)
    app = build_app(open_desk(home, school, pack, gate, site))
    for lang, role in product(LANGUAGES, (DeskRole.DSL, DeskRole.HEAD)):
        token = make_session(gate, datetime.now(UTC), role, lang=lang)[1]
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1:8710", cookies={site.cookie(SESSION): token}) as browser:  # fmt: skip
            for path in paths:
                answer = await browser.get(path)
                assert answer.status_code == 200 or (role, answer.status_code) == (DeskRole.HEAD, 404), path
                seen.take("desk page", f"{answer.headers}\n{answer.text}")


def show_home(desk: Desk, seen: Seen) -> None:
    """Every command that shows something, every table, every exhibit with its members."""
    for words in ("incident list", "incident list --track concern", "incident list --track positive", "mentions", "status", "registers", "access Llanbedrog", "access quux", "evidence verify", "publish", "retention --dry-run", "policy show", "recheck", "reporter show 2026-0001 --as head --purpose curious"):  # fmt: skip
        for form in ((), ("--json",)):
            seen.take_said(desk, *words.split(), *form)
    with Warehouse(desk.folder).live_reader() as reading:
        for (table,) in reading.rows("SELECT table_name FROM duckdb_tables() WHERE NOT internal"):
            seen.take("stored table", "\n".join(map(repr, reading.rows(f'SELECT * FROM "{table}"'))))  # noqa: S608
    tables = desk.run("query", "SELECT table_name AS name FROM information_schema.tables", "--json").rows
    assert len(tables) > 5
    for row in tables:
        for form in ((), ("--json",)):
            assert seen.take_said(desk, "query", f'SELECT * FROM "{row["name"]}"', *form).code == 0  # noqa: S608
    for row in desk.run("incident", "list", "--json").rows:
        seen.take_said(desk, "evidence", "export", row["id"])
        seen.take_said(desk, "evidence", "export", row["mention"])
    asyncio.run(visit(desk, seen, "/", "/incidents", "/mentions", "/mentions?label=inappropriate"))


def show_digests(desk: Desk, seen: Seen, days: int) -> None:
    """Each day in both languages: page, text, JSON, and the e-mail with its parts."""
    home = Home(desk.folder)
    school, pack = read_school(home)
    for number in range(days):
        for lang in LANGUAGES:
            digest: Digest = read_digest(home, school, pack, (MONDAY + timedelta(days=number - 3)).date(), lang)  # fmt: skip
            seen.take("digest page", render_html(digest, lang))
            seen.take("digest text", render_text(digest, lang))
            seen.take("digest JSON", digest_json(digest))
            message = write_mail(
                digest, lang, Envelope("office@school.example", "head@school.example", "<x@y.example>")
            )
            seen.take("e-mail", message.as_bytes())
            for part in message.iter_parts():
                seen.take("e-mail part", part.get_content())
    for form in ("text", "html", "json"):
        for lang in LANGUAGES:
            seen.take_said(desk, "digest", "--date", "2026-11-23", "--lang", lang, "--format", form)


def documents(walk: Walk, variants: int) -> Iterator[Document]:
    """Every kind of letter in both languages at every state that was seen, filled in many ways, whatever the gates say."""
    home, book = Home(walk.desk.folder), read_law()
    registers = read_registers(home) or Registers()
    for standing in walk.states.values():
        context = context_at(walk.desk, MONDAY)
        for kind, template in TEMPLATES.items():
            cards = tuple(book.find(id_) for id_ in card_ids(kind, standing.now.facts))
            for number in range(variants):
                fields = [(name, value) for name, _, value in (field.partition("=") for field in FIELDS)]
                fields += [("recipient", f"The parents of pupil {number}; {number} High Street"), ("discussed", f"What was said, part {number}: {chr(0xC0 + number)}"), ("picture", "yes")]  # fmt: skip
                typed = Typed(tuple(fields))
                given = build_input(template, standing, context, registers, typed, cards, book.version, is_preview=number % 2 == 0)  # fmt: skip
                given = replace(given, conditions=frozenset(passage.when for passage in template.passages))
                rest = dict.fromkeys(find_unfilled(template, given, LANGUAGES), Words("filled in", "wedi'i lenwi"))  # fmt: skip
                filled = replace(given, fields={**given.fields, **rest}, extracts=given.extracts or (Extract("words", Words("then", "bryd hynny")),))  # fmt: skip
                for lang in LANGUAGES:
                    yield write_letter(template, filled, lang, show_changes=number % 3 == 0)


def scan_files(desk: Desk, seen: Seen) -> None:
    """All files of the home: names, bytes, and what is packed inside."""
    for path in sorted(desk.folder.rglob("*")):
        seen.take("file name", str(path.relative_to(desk.folder.parent)))
        if path.is_file():
            body = path.read_bytes()
            seen.take(f"file{path.suffix}", body)
            if path.suffix in (".zip", ".docx"):
                seen.take_zip(f"member of {path.suffix}", body)
            if path.suffix == ".pdf":
                seen.take_pdf(body)


def walk_home(
    folder: Path, routes: tuple[tuple[str, str], ...], follow_ups: tuple[tuple[Label, str], ...]
) -> Walk:
    """One report a route, by one canary after the other, and everything that comes of it."""
    walk = Walk(make_home(folder), Seen())
    for number in range(1, len(routes) + 1):
        report(walk.desk, number)
    for number, (author, events) in enumerate(routes, 1):
        walk.go(f"2026-{number:04}", author, events)
    for number, (label, events) in enumerate(follow_ups, len(routes) + 1):
        said = report(walk.desk, number, WORRY if label is Label.CONCERN else PRAISE).row
        say_label(walk.desk, said["mention"], label)
        walk.go(said["mention"], "parent", events)
    return walk


def show_all(walk: Walk, *, days: int, variants: int) -> Seen:
    """Everything else that a home renders, and then every file that is left in it."""
    show_home(walk.desk, walk.seen)
    show_digests(walk.desk, walk.seen, days)
    for number, document in enumerate(documents(walk, variants)):
        walk.seen.take("letter", as_text(document))
        if number % 400 == 0:
            walk.seen.take_zip("member of .docx", write_docx(document))
            walk.seen.take_pdf(write_pdf(document))
    scan_files(walk.desk, walk.seen)
    return walk.seen

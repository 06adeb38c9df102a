"""Simulated people at the desk: what one of them opens next, how long they read, and what came back.

The think time is TPC-W's (clause 5.3.2.1): negative exponential, mean 7 s, cut at 70 s. Each person has a connection of
their own that stays open, as a browser's does, and follows the links of the pages they were shown.
"""

from __future__ import annotations

import http.client
import random
import re
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

THINK_S: Final = 7.0
MOST_THINK_S: Final = 70.0
WEIGHTS: Final = {
    "start": 20, "mentions": 10, "older mentions": 4, "concerns": 4, "a mention": 14, "an old mention": 4, "incidents": 8,
    "an incident": 12, "good news": 6, "sources": 5, "figures": 4, "digest": 6, "own account": 3,
}  # fmt: skip
"""Of a hundred pages. Writes come on top, where they are asked for: `WRITES` of a hundred."""
WRITES: Final = {"put off": 3, "put on again": 3, "a note": 2, "a correction": 2, "several posts": 1}
FIXED: Final = {
    "start": "/", "mentions": "/mentions", "concerns": "/mentions?label=concern", "incidents": "/incidents",
    "good news": "/good-news", "sources": "/sources", "figures": "/figures", "own account": "/account",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """What people may follow: addresses of mentions, old ones, incidents, those that can be put off, and digests."""

    mentions: tuple[str, ...]
    old_mentions: tuple[str, ...]
    incidents: tuple[str, ...]
    days: tuple[str, ...]
    older: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One page as it came: seconds until its last byte, its bytes."""

    kind: str
    status: int
    took_s: float
    body: bytes = field(repr=False)

    @property
    def is_right(self) -> bool:
        return self.status in (200, 303)


class Person:
    """One signed-in browser."""

    def __init__(self, port: int, cookie: str) -> None:
        self._port, self._cookie = port, cookie
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._csrf = ""

    def get(self, kind: str, path: str) -> Answer:
        return self._ask(kind, "GET", path, b"")

    def send(self, kind: str, path: str, **fields: str) -> Answer:
        """A form with the token of the last page that had one."""
        return self._ask(kind, "POST", path, urlencode({"csrf": self._csrf, **fields}).encode())

    def _ask(self, kind: str, method: str, path: str, body: bytes) -> Answer:
        headers = {"Cookie": self._cookie, "Sec-Fetch-Site": "same-origin"}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        try:
            self._send(method, path, body, headers)
            answer = self._line.getresponse()
            came = answer.read()
        except (OSError, http.client.HTTPException):
            self._line.close()
            return Answer(kind, 0, time.perf_counter() - began, b"")
        took = time.perf_counter() - began
        if found := re.search(rb'name="csrf" value="([^"]+)"', came):
            self._csrf = found.group(1).decode()
        return Answer(kind, answer.status, took, came)

    def _send(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Ask, and wait for the first byte of an answer. A line that was open may have been closed for idleness meanwhile:
        then it is opened again and asked once more, as browsers do; never after a byte came, nor on a line just opened."""
        was_open = self._line.sock is not None
        try:
            self._line.request(method, path, body or None, headers)
            is_answered = bool(self._line.sock.recv(1, socket.MSG_PEEK))
        except ConnectionError:
            is_answered = False
        if is_answered:
            return
        self._line.close()
        if not was_open:
            raise http.client.RemoteDisconnected("closed before any byte of an answer")
        self._line.request(method, path, body or None, headers)

    def close(self) -> None:
        self._line.close()


def find_known(person: Person, old_mentions: Sequence[str]) -> Known:
    """What the first pages lead to."""

    def links(path: str, pattern: str) -> tuple[str, ...]:
        page = person.get("", path).body.decode()
        return tuple(dict.fromkeys(re.findall(f'href="({pattern})"', page)))

    pages = links("/mentions", r"/mentions\?[^\"]*")
    return Known(
        mentions=links("/mentions", r"/mentions/[0-9a-f]+") + links("/good-news", r"/mentions/[0-9a-f]+"),
        old_mentions=tuple(f"/mentions/{id_}" for id_ in old_mentions),
        incidents=links("/incidents", r"/incidents/\d+-\d+"),
        days=links("/", r"/digest/[\d-]+"),
        older=next((each for each in pages if "page=" in each or "before=" in each), "/mentions?page=2"),
    )


def address_of(kind: str, known: Known, dice: random.Random) -> str:
    """Where a page of this kind is."""
    many = {"a mention": known.mentions, "an old mention": known.old_mentions, "an incident": known.incidents}
    if kind in many:
        return dice.choice(many[kind])
    if kind == "digest":
        return known.days[0]
    return known.older if kind == "older mentions" else FIXED[kind]


def hidden_fields(page: bytes, *names: str) -> dict[str, str] | None:
    """The values of a form's hidden fields; None where one of them is not there: the form is not for this person."""
    text = page.decode()
    found = {name: re.search(rf'type="hidden" name="{name}" value="([^"]*)"', text) for name in names}
    values = {name: value[1] for name, value in found.items() if value is not None}
    return values if len(values) == len(names) else None


def _note(person: Person, path: str) -> Answer:
    """A step of the protocol: what is remembered of incidents does not hold after it."""
    page = person.get("a note", path)
    fields = hidden_fields(page.body, "as_role", "seen")
    if page.status != 200 or fields is None:
        return page
    reason = "Talked over in the morning meeting; nothing else changes."
    return person.send("a note", path, **fields, reason=reason, confirm="yes")


def _correct(person: Person, path: str) -> Answer:
    """What a person says a post is: what is remembered of posts is brought up to date after it."""
    page = person.get("a correction", path)
    fields = hidden_fields(page.body, "as_role", "seen", "revision", "shown")
    if page.status != 200 or fields is None:
        return page
    reason = "Read it: an event, nothing to answer."
    return person.send("a correction", f"{path}/correct", **fields, label="neutral", reason=reason)


def _say_several(person: Person) -> Answer:
    """Of the first post of several, with its words opened, what it is; the others are left."""
    page = person.get("several posts", "/mentions/several")
    text = page.body.decode()
    fields = dict(re.findall(r'type="hidden" name="((?:id|revision|said)\d+)" value="([^"]*)"', text))
    roles = re.findall(r'name="as_role"[^>]*?value="([^"]*)"', text)
    choice = re.search(r'name="(what1-[^"]+)"', text)
    if page.status != 200 or choice is None or not roles:
        return page
    opened = person.send(
        "several posts", "/mentions/several/words", **fields, as_role=roles[0], open=fields["id1"]
    )
    if opened.status != 200:
        return opened
    return person.send(
        "several posts", "/mentions/several", **fields, as_role=roles[0], **{choice[1]: "neutral_tells"}
    )


def _visit(person: Person, kind: str, known: Known, dice: random.Random) -> Answer:
    if kind == "a note":
        return _note(person, f"{dice.choice(known.incidents)}/steps/note")
    if kind == "several posts":
        return _say_several(person)
    if kind == "a correction":
        return _correct(person, dice.choice(known.mentions))
    if kind in WRITES:
        path = f"{dice.choice(known.incidents)}/snooze"
        page = person.get(kind, path)
        if page.status != 200 or b'name="confirm"' not in page.body:
            return page
        return (
            person.send(kind, path, confirm="yes") if kind == "put off" else person.send(kind, f"{path}/end")
        )
    return person.get(kind, address_of(kind, known, dice))


def run_people(
    people: Sequence[Person],
    known: Sequence[Known],
    seconds: float,
    *,
    thinks: bool,
    writes: bool,
    tell: Callable[[Answer], None],
) -> None:
    """All of them at once, each a thread, for so long; `known` is what each of them may follow."""
    until = time.monotonic() + seconds
    weights = WEIGHTS | (WRITES if writes else {})

    def live(number: int) -> None:
        dice = random.Random(number)
        while (left := until - time.monotonic()) > 0:
            if thinks:
                time.sleep(min(dice.expovariate(1 / THINK_S), MOST_THINK_S, left))
            if time.monotonic() >= until:
                break
            (kind,) = dice.choices(list(weights), list(weights.values()))
            tell(_visit(people[number], kind, known[number], dice))

    threads = [threading.Thread(target=live, args=(number,)) for number in range(len(people))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

"""The simulated people of bench.desk do as browsers do, so that what the bench calls wrong is wrong."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from bench.desk_told import GOAL_BYTES, draw_table, sum_up
from bench.desk_users import Answer, Person, hidden_fields
from tests.collectors.loopback import Handler, Loopback, answer, send


@pytest.fixture
def server() -> Iterator[Loopback]:
    found = Loopback()
    yield found
    found.close()


def _then_close(data: bytes) -> Handler:
    """Answers, keeps the line for the look of it, and closes it: as a server does after a while of idleness."""

    def handle(connection: socket.socket, _request: bytes) -> str:
        if data:
            connection.sendall(data)
        return "close"

    return handle


def test_a_line_closed_for_idleness_is_opened_again_and_asked_again(server: Loopback) -> None:
    """A page or a form that met a closed line is sent once more on a new one, and is no wrong answer."""
    server.routes["/"] = _then_close(answer(b"a page"))
    person = Person(server.port, "")
    answers = [person.get("start", "/"), person.get("start", "/"), person.send("form", "/", confirm="yes")]
    assert [each.status for each in answers] == [200, 200, 200]
    assert answers[2].body == b"a page"
    assert server.connections == 3


def test_a_new_line_closed_without_an_answer_is_wrong(server: Loopback) -> None:
    """A server that closes what was only just opened does not answer: that is not asked again."""
    server.routes["/"] = _then_close(b"")
    found = Person(server.port, "").get("start", "/")
    assert (found.status, found.is_right) == (0, False)
    assert server.hits["/"] == 1


def test_an_answer_that_breaks_off_is_wrong_and_not_asked_again(server: Loopback) -> None:
    """Once a byte came the server has acted: a form sent twice would act twice."""
    server.routes["/"] = send(answer(b"a page"))
    server.routes["/form"] = _then_close(answer(b"half of it")[:-4])
    person = Person(server.port, "")
    assert person.get("start", "/").is_right
    assert not person.send("form", "/form", confirm="yes").is_right
    assert server.hits["/form"] == 1
    assert person.get("start", "/").is_right


def test_the_kinds_that_miss_a_goal_are_named() -> None:
    """Slow kinds, heavy kinds and wrong answers are each named or counted, and a kind that reaches its goal is not."""
    quick = [Answer("mentions", 200, 0.1, b"")] * 19
    heavy = [Answer("digest", 200, 0.1, b"x" * GOAL_BYTES), Answer("digest", 503, 0.1, b"")]
    slow = [Answer("start", 200, 0.2, b""), Answer("start", 0, 0.9, b"")]
    told = sum_up([*quick, *heavy, *slow])
    assert told == [
        "p95 of all 200 ms: goal 300 ms reached",
        "p95 by kind, goal 300 ms: 1 of 3 MISS it: start 900 ms",
        "heaviest page by kind, goal 100 kB: 1 of 3 MISS it: digest 100 kB",
        "23 answers: 1 wrong, 1 turned away (503)",
    ]
    assert draw_table(slow)[-1] == "| **all** | 2 | 900 ms | 900 ms | 900 ms | 0 kB | 1 | 0 |"
    assert sum_up(quick)[1] == "p95 by kind, goal 300 ms: all 1 kinds reach it"


def test_a_form_that_is_not_for_this_person_is_not_sent() -> None:
    """Hidden fields by their names; where one is missing, because the form is another or not there, none."""
    form = b'<form><input type="hidden" name="seen" value="3"><input type="hidden" name="as_role" value="head"></form>'
    assert hidden_fields(form, "as_role", "seen") == {"as_role": "head", "seen": "3"}
    assert hidden_fields(form, "as_role", "revision") is None
    assert hidden_fields(b"", "seen") is None

"""`scope` and `classify`: whatever a line holds, it is answered by itself and the others are answered too."""

from __future__ import annotations

import io
import json
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.commands.streams import read_line
from tests.incidents.homes import Desk, Said, make_desk

GOOD = '{"id": "good", "text": "Ysgol Llanbedrog had a fair"}'
MANY_DIGITS = '{"id": %s, "text": "a fair"}' % ("7" * 5000)
SURROGATE = r'{"id": "a\ud800b", "text": "Ysgol Llanbedrog \udfff had a fair"}'


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return make_desk(tmp_path_factory.mktemp("streams") / "home")


def answer(desk: Desk, monkeypatch: pytest.MonkeyPatch, command: str, lines: bytes) -> Said:
    with monkeypatch.context() as patched:
        patched.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(lines), isatty=lambda: False))
        said = desk.run(command)
    assert said.code == 0 and said.err == ""
    assert said.out.encode("utf-8"), "what is printed can be written"
    return said


@pytest.mark.parametrize("command", ["scope", "classify"])
def test_one_bad_line_stops_no_other(desk: Desk, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    lines = "\n".join((GOOD, MANY_DIGITS, SURROGATE, "[" * 100_000, '{"id": 1e999, "text": "x"}', GOOD))
    rows = answer(desk, monkeypatch, command, lines.encode()).rows
    assert [row.get("id") for row in rows] == ["good", None, "a\ufffdb", None, None, "good"]
    assert ["error" in row for row in rows] == [False, True, False, True, True, False]
    assert rows[1]["error"] == "a number has too many digits"


@pytest.mark.parametrize("lines", [GOOD, f"{GOOD}\n{GOOD}", f"\n{GOOD}"])
def test_a_byte_order_mark_from_a_windows_editor_is_no_mistake(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, lines: str
) -> None:
    rows = answer(desk, monkeypatch, "scope", b"\xef\xbb\xbf" + lines.encode()).rows
    assert rows and all(row["scope"] == "certain" for row in rows)


def test_a_byte_order_mark_further_down_is_a_bad_line(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = answer(desk, monkeypatch, "scope", f"{GOOD}\n\ufeff{GOOD}\n{GOOD}".encode()).rows
    assert ["error" in row for row in rows] == [False, True, False]


ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(("id", "text", "title", "other")), ANYTHING) | ANYTHING)
def test_whatever_json_is_given_is_a_line_that_can_be_answered(given_json: Any) -> None:
    line = read_line(json.dumps(given_json), ("text", "title"))
    assert bool(line.error) != bool(line.fields)
    for text in (line.id or "", *line.fields.values()):
        text.encode("utf-8")

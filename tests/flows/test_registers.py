"""`registers`: accounts with their standing, every gap, in the reader's language; it never fails for a gap."""

from __future__ import annotations

import json
import re
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from flows.commands.registers import registers
from flows.home import REGISTERS_TEMPLATE as TEMPLATE
from flows.home import Home, read_registers
from mentionwatch.errors import ConfigError
from mentionwatch.registers_words import SENTENCES
from tests.flows.nights import ROOT
from town.home import write_home

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
(WHOLE,) = re.findall(
    r"^```toml\n(.*?)^```$", (ROOT / TEMPLATE).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    write_home(tmp_path, "http://127.0.0.1:9")
    return Home(tmp_path)


def write(home: Home, text: str) -> None:
    (home.folder / "registers.toml").write_text(text, encoding="utf-8")


def run(home: Home, *, as_json: bool = False, lang: str | None = None, now: datetime = NOW) -> int:
    return registers(Namespace(home=str(home.folder), json=as_json, lang=lang, now=now))


def answer(home: Home, capsys: pytest.CaptureFixture[str], now: datetime = NOW) -> dict[str, Any]:
    assert run(home, as_json=True, now=now) == 0
    (line,) = capsys.readouterr().out.splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


def words(text: str) -> str:
    """Without the line breaks that the width of a terminal put in."""
    return " ".join(text.split())


def test_a_home_without_the_file_is_told_how_to_begin(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert read_registers(home) is None
    assert run(home, lang="en") == 0
    out = words(capsys.readouterr().out)
    assert f"There is no file {home.folder / 'registers.toml'} yet." in out and TEMPLATE in out
    assert run(home, lang="cy") == 0
    out = words(capsys.readouterr().out)
    assert f"Nid oes ffeil {home.folder / 'registers.toml'} eto." in out and TEMPLATE in out
    assert (ROOT / TEMPLATE).is_file()
    found = answer(home, capsys)
    assert (found["exists"], found["accounts"], found["template"]) == (False, [], TEMPLATE)
    assert found["gaps"], "what the policy asks for is missing with the file too"


def test_the_template_as_it_stands_has_no_gap(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    """L05, L45"""
    write(home, WHOLE)
    found = answer(home, capsys)
    assert found["gaps"] == [] and found["exists"] and found["on"] == "2026-11-21"
    assert [(row["name"], row["standing"]) for row in found["accounts"]] == [
        ("School page", "approved"),
        ("Year 6 blog", "closed"),
    ]
    assert run(home, lang="en") == 0
    out = capsys.readouterr().out
    assert "School page (Facebook): approved" in out and "Nothing is missing." in out


def test_gaps_are_listed_in_the_readers_language_and_the_exit_code_stays_0(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    """L05, G07"""
    text = WHOLE.replace('new_lead = "class teacher"', "").replace("closed_on = 2026-10-01", "")
    text = text.replace("approved_on = 2026-09-08", "")
    write(home, text)
    for at, lang in ((1, "en"), (2, "cy")):
        assert run(home, lang=lang) == 0
        out = capsys.readouterr().out
        for key, name in (("approved_on", "School page"), ("orphan", "Year 6 blog")):
            assert words(SENTENCES[key][at].format(name=name)) in words(out)
            assert words(SENTENCES[key][3 - at].format(name=name)) not in words(out)
        assert [line for line in out.splitlines() if len(line) > 79] == []
    found = answer(home, capsys)
    assert [(row["name"], row["standing"]) for row in found["accounts"]] == [
        ("School page", "unapproved"),
        ("Year 6 blog", "orphan"),
    ]
    assert [(gap["kind"], gap["name"]) for gap in found["gaps"]] == [
        ("unapproved", "School page"),
        ("orphan", "Year 6 blog"),
    ]


def test_without_lang_it_speaks_the_digests_language(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    text = home.school_file.read_text(encoding="utf-8")
    for lang, title in (
        ("cy", "Cofrestrau: dydd Sadwrn 21 Tachwedd"),
        ("en", "Registers: Saturday 21 November"),
    ):
        home.school_file.write_text(
            re.sub(r'(?s)(\[digest\]\n.*?lang = )"\w\w"', rf'\1"{lang}"', text), encoding="utf-8"
        )
        assert run(home) == 0
        assert capsys.readouterr().out.startswith(title)


def test_the_day_is_londons(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    write(home, "[policy]\ncirculated_to_parents_on = 2026-07-02\n")
    late = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    kinds = {gap["english"] for gap in answer(home, capsys, late)["gaps"]}
    assert SENTENCES["policy.circulated_to_parents_on"][1] not in kinds and "2026-07-02" not in str(kinds)


ASKED = {
    "llanbedrog": {"linked_policy", "complaints", "contact", "policy"},
    "brighton_hill": {"declaration"},
    "cansfield": {"investigator"},
    "caldecote": {"agreement", "under_age_form", "complaints"},
    "grappenhall_heys": {"media_policy", "complaints"},
}


@pytest.mark.parametrize("pack", ASKED)
def test_a_register_is_wanted_only_where_the_schools_own_policy_asks_for_it(
    pack: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """L45, B14, C13, D01, D08, G05"""
    write_home(tmp_path, "http://127.0.0.1:9", pack)
    found = answer(Home(tmp_path), capsys)
    assert {gap["kind"] for gap in found["gaps"]} == ASKED[pack]


@pytest.mark.parametrize(
    ("text", "key", "mend"),
    [
        ("[[declaration]]\nwho = 'a@school.example'\n", "declaration[1].who", "initials or a staff number"),
        ("[[acount]]\n", "acount", "Did you mean account?"),
        ("[policy]\npassword = 'hunter2'\n", "policy.password", "never keeps passwords"),
        ("[[declaration]]\nwho = 'AJ'\nsigned_on = 'spring'\n", "declaration[1].signed_on", "year-month-day"),
        ("[[declaration]\n", "", "Mend that line"),
    ],
)
def test_a_wrong_file_ends_with_2_and_names_file_key_and_mend(
    home: Home, capsys: pytest.CaptureFixture[str], text: str, key: str, mend: str
) -> None:
    """C07, B14"""
    write(home, text)
    with pytest.raises(ConfigError) as caught:
        run(home)
    assert caught.value.exit_code == 2
    assert (caught.value.file, caught.value.key) == (str(home.folder / "registers.toml"), key)
    assert mend in caught.value.mend and "hunter2" not in str(caught.value)
    assert capsys.readouterr().out == ""

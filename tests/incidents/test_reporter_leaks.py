"""Who reported a post stands in nothing that is rendered: letters, digests, e-mails, exports, logs, file names (L19, L20, L21, D16, I6)."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from mentionwatch.labels import IncidentState as S
from tests.incidents.canaries import IN_PICTURES, NAMES, Search, Seen, disguise
from tests.incidents.homes import Desk, Said
from tests.incidents.leak_home import (
    FOLLOW_UPS,
    MONDAY,
    ROUTES,
    make_home,
    report,
    scan_files,
    show_all,
    walk_home,
)
from tests.incidents.letter_home import POST
from warehouse.connection import Warehouse
from warehouse.reporters import ReporterStore


@pytest.mark.parametrize("word", [*NAMES, *IN_PICTURES])
def test_l20_the_search_finds_every_disguise_so_that_no_hit_means_none(word: str) -> None:
    """L20: each name and each metadata canary, planted in a page in each disguise."""
    for kind, planted in disguise(word).items():
        search = Search((*NAMES, *IN_PICTURES))
        assert search.find(b"<p>A page without anybody</p>") == ()
        assert search.find(b"<p>before " + planted + b" after</p>") == (word,), kind


def test_l20_what_was_read_before_hides_no_name_that_comes_later() -> None:
    """L20: lines known from another page are read again wherever a neighbour is another one."""
    search = Search(NAMES)
    assert search.find("seen by\nZanzibar\nand others") == search.find("from\nQuuxley\nonwards") == ()
    assert search.find("seen by\nZanzibar\nQuuxley\nonwards") == ("Zanzibar Quuxley",)


def test_l20_a_name_packed_in_an_exhibit_or_standing_in_a_file_name_is_found(tmp_path: Path) -> None:
    """L20: the search looks into what is packed, and at the names of folders and files."""
    folder = tmp_path / "home" / NAMES[1]
    folder.mkdir(parents=True)
    with zipfile.ZipFile(folder / "one.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("steps.txt", f"{'a long page ' * 50}{NAMES[0]}")
    seen = Seen()
    scan_files(Desk(tmp_path / "home"), seen)
    assert ("member of .zip", NAMES[0]) in seen.hits and ("file name", NAMES[1]) in seen.hits


def test_i6_no_output_of_a_home_names_who_reported(tmp_path: Path) -> None:
    """L19, L20, L21, D16, I6: one incident to its decision, everything a home renders, every file in it."""
    walk = walk_home(tmp_path / "home", (("parent", "hand_over internal"),), ())
    seen = show_all(walk, days=1, variants=1)
    assert walk.refused == [] and {S.PRESERVED, S.AWAITING_DECISION, S.INTERNAL} <= walk.states.keys()
    assert ReporterStore(walk.desk.folder).names() == (NAMES[1],)
    assert seen.counts.total() > 150
    assert seen.hits == []


LOOKS, ZERO_WIDTH = (disguise(NAMES[0])[kind].decode() for kind in ("look-alikes", "zero width"))
TYPED_DISGUISES = (NAMES[0], NAMES[0].upper(), ZERO_WIDTH, LOOKS, "Quuxley, Zanzibar", "Zanz1bar Quux1ey", "zanzibar.quuxley@mail.example", "Z a n z i b a r Quuxley", "Zanzibar%20Quuxley", "&#x5a;anzibar Quuxley")  # fmt: skip


def everything_in(desk: Desk) -> str:
    with Warehouse(desk.folder).live_reader() as reading:
        tables = [
            table for (table,) in reading.rows("SELECT table_name FROM duckdb_tables() WHERE NOT internal")
        ]
        rows = [repr(reading.rows(f'SELECT * FROM "{table}"')) for table in tables]  # noqa: S608
    return "\n".join([*rows, *map(str, sorted(desk.folder.rglob("*")))])


def move(desk: Desk, id_: str, event: str, reason: str, *facts: str) -> Said:
    given = [part for fact in facts for part in ("--fact", fact)]
    return desk.run("incident", "move", id_, event, "--as", "operator", "--reason", reason, "--now", MONDAY.isoformat(), *given)  # fmt: skip


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Two posts, the first reported by the first canary, the second by the second; both at the decider."""
    desk = make_home(tmp_path_factory.mktemp("reported") / "home")
    for number in (0, 1):
        report(desk, number)
        assert move(desk, f"2026-000{number + 1}", "hand_over", "as agreed", "conflict_checked=yes").code == 0
    return desk


@pytest.mark.parametrize("word", TYPED_DISGUISES)
def test_l20_a_reporters_name_that_a_person_types_is_refused_and_not_stored(
    reported: Desk, word: str
) -> None:
    """L20, I6: in a reason, a fact, the name of a fact, a letter's field or changed passage, a reason to open or to erase."""
    before = everything_in(reported)
    mention = reported.run("incident", "show", "2026-0001", "--json").row["mention"]
    letter = (
        "incident",
        "letter",
        "2026-0001",
        "staff_report",
        "--as",
        "operator",
        "--now",
        MONDAY.isoformat(),
    )
    for said in (
        move(reported, "2026-0001", "note", f"seen by {word} at home"),
        move(reported, "2026-0001", "breach_note", "as agreed", f"contacted={word} wrote back"),
        move(reported, "2026-0001", "note", "as agreed", f"{word}=yes"),
        reported.run(*letter, "--field", f"site={word}"),
        reported.run(*letter, "--change", f"anonymity={word} told us"),
        reported.run(*letter, "--preview", "--change", f"anonymity.cy={word} a ddywedodd"),
        reported.run("incident", "open", mention, "--as", "operator", "--reason", f"as {word} asked"),
        reported.run("erase", mention, "--reason", f"as {word} asked"),
    ):
        assert said.code == 5 and "whoever reports is not named" in said.err, said
        assert Search(NAMES).find(said.out + said.err) == ()
    assert everything_in(reported) == before


@pytest.mark.parametrize("number", range(len(NAMES)))
def test_l20_every_kind_of_name_is_refused_as_the_reporters(tmp_path: Path, number: int) -> None:
    """L20: also an address, a telephone number and a handle."""
    desk = make_home(tmp_path / "home")
    report(desk, number)
    said = move(desk, "2026-0001", "note", f"seen by {NAMES[number]} at home")
    assert said.code == 5 and "whoever reports is not named" in said.err, said


def test_l20_who_reported_one_post_may_be_written_to_as_the_author_of_another(reported: Desk) -> None:
    """L20, L37: the promise is about the post that was reported."""
    assert move(reported, "2026-0002", "note", f"the author is {NAMES[0]}").code == 0
    said = reported.run("incident", "letter", "2026-0002", "staff_report", "--as", "operator", "--preview", "--lang", "en", "--now", MONDAY.isoformat(), "--change", f"keep={NAMES[0]} wrote it.")  # fmt: skip
    assert said.code == 0 and NAMES[0] in said.out, said.err


def test_l20_a_merge_keeps_the_reporters_of_both_out_of_the_one_timeline(tmp_path: Path) -> None:
    """L20, I6: its reason stands in both logs; afterwards each incident answers for both."""
    desk = make_home(tmp_path / "home")
    for number in (0, 1):
        report(desk, number)
        assert move(desk, f"2026-000{number + 1}", "hand_over", "as agreed", "conflict_checked=yes").code == 0

    def merge(reason: str) -> Said:
        return desk.run("incident", "merge", "2026-0001", "2026-0002", "--because", "same_post", "--as", "operator", "--reason", reason, "--now", MONDAY.isoformat())  # fmt: skip

    assert merge(f"as {NAMES[1]} says").code == merge(f"as {NAMES[0]} says").code == 5
    assert merge("the same words").code == 0
    for id_ in ("2026-0001", "2026-0002"):
        for name in NAMES[:2]:
            assert move(desk, id_, "note", f"as {name} says").code == 5, (id_, name)
            letter = (
                "incident",
                "letter",
                id_,
                "staff_report",
                "--as",
                "operator",
                "--now",
                MONDAY.isoformat(),
            )
            assert desk.run(*letter, "--preview", "--change", f"keep={name} said so.").code == 5
    assert Search(NAMES[:2]).find(everything_in(desk)) == ()


def test_l20_an_unexpected_error_that_quotes_the_reporter_is_logged_without_the_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """L20, I6: neither on the screen nor in the log."""
    desk = make_home(tmp_path / "home")

    def fail(*_: object) -> None:
        raise RuntimeError(f"cannot store {NAMES[0]}")

    monkeypatch.setattr("flows.storing.store_nights", fail)
    said = desk.report(POST, "https://social.example/post/1", "unknown", "--reporter", NAMES[0])
    log = (desk.folder / "logs" / "errors.log").read_text("utf-8")
    assert said.code == 1 and "RuntimeError" in said.err and "RuntimeError" in log
    assert Search(NAMES).find(said.out + said.err + log) == ()


@pytest.mark.slow
def test_i6_ten_thousand_outputs_at_every_state_name_nobody_who_reported(tmp_path: Path) -> None:
    """L19, L20, L21, D16, I6: every state, both languages, every form, nothing in at least 10,000 outputs."""
    walk = walk_home(tmp_path / "home", ROUTES, FOLLOW_UPS)
    assert walk.refused == []
    assert set(S) == walk.states.keys(), "a state was never rendered"
    seen = show_all(walk, days=10, variants=16)
    assert ReporterStore(walk.desk.folder).names() == tuple(sorted(NAMES))
    assert seen.counts.total() >= 10_000, seen.counts
    assert min(seen.counts[kind] for kind in ("letter", "e-mail", "desk page", "digest page", "member of .zip", "member of .docx", "pdf stream", "file name", "stored table", "command incident show")) >= 10  # fmt: skip
    assert seen.hits == []

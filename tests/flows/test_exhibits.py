"""What was erased or sealed is in no exhibit, also not in one made before or at the same moment; what leaves is signed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import flows.exhibits
import warehouse.erase
from evidence.exhibit import Exhibit
from flows.custody_config import CustodyConfig
from flows.exhibit_drawing import draw_pictures
from flows.exhibit_proofs import gather_proofs
from mentionwatch.errors import Retriable
from tests.evidence.exhibit_cases import lay_out, run, unpack
from tests.flows.nights import clean_environment
from tests.incidents.homes import Desk, make_desk
from warehouse.connection import Warehouse
from warehouse.session import Writing

WORDS = "I will stab Gwenllian Prys of the kitchen, I know the house"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = make_desk(tmp_path_factory.mktemp("template") / "home")
    assert desk.report(WORDS).code == 0
    return desk


@pytest.fixture
def desk(template: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    # A machine without a browser: what leaves is what matters here, not how it looks.
    monkeypatch.setattr("flows.exhibit_drawing.find_browser", lambda: None)
    return Desk(shutil.copytree(template.folder, tmp_path / "home"))


def exhibits(desk: Desk) -> list[str]:
    return sorted(path.name for path in (desk.folder / "exhibits").glob("*"))


def mention(desk: Desk) -> str:
    with Warehouse(desk.folder).live_reader() as reading:
        ((found,),) = reading.rows("SELECT id FROM mentions")
    return str(found)


def verbs(desk: Desk) -> list[str]:
    with Warehouse(desk.folder).live_reader() as reading:
        return [row[0] for row in reading.rows("SELECT verb FROM audit ORDER BY seq")]


def export(desk: Desk, id_: str = "2026-0001", *more: str) -> int:
    return desk.run("evidence", "export", id_, "--as", "head", *more).code


def test_an_exhibit_carries_the_schools_signature_over_all_of_it(desk: Desk, tmp_path: Path) -> None:
    assert export(desk) == 0
    files = unpack((desk.folder / "exhibits/2026-0001.zip").read_bytes())
    done = run(lay_out(files, tmp_path / "out") / "verify.py", bare=False)
    assert done.returncode == 0 and "OK: " in done.stdout, done.stdout
    assert "SHA256SUMS: is signed by key" in done.stdout


def test_erasing_the_only_mention_of_an_incident_takes_the_incidents_exhibits_along(desk: Desk) -> None:
    id_ = mention(desk)
    assert export(desk) == 0 and export(desk, id_) == 0
    assert export(desk, "2026-0001", "--cover", "Gwenllian Prys") == 0
    (desk.folder / "exhibits/2026-0001.zip.part").write_bytes(b"cut short")
    # One under a number the mention has no more: what it shows counts.
    shutil.copy(desk.folder / "exhibits/2026-0001.zip", desk.folder / "exhibits/2025-0077.zip")
    (desk.folder / "exhibits/2026-00012.zip").write_bytes(b"of another incident")
    assert len(exhibits(desk)) == 6
    said = desk.run("erase", id_, "--reason", "the author asked for it")
    assert said.code == 0, said.err
    assert exhibits(desk) == ["2026-00012.zip"]
    for name in ("2026-0001.zip", "2026-0001-covered.zip", "2025-0077.zip", f"{id_}.zip"):
        assert f"removed exhibits/{name}" in said.out
    assert not (desk.folder / ".forgetting").exists()


def test_an_erasure_that_breaks_off_in_rewriting_the_file_leaves_no_exhibit(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = mention(desk)
    assert export(desk) == 0

    def full(_: Warehouse) -> None:
        raise Retriable("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(warehouse.erase, "compact", full)
        assert desk.run("erase", id_, "--reason", "the author asked for it").code != 0
    assert exhibits(desk) == []


def test_what_a_kill_left_lying_goes_with_the_next_deletion(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows were gone, no file was: the next one finishes it, also where it finds nothing to delete itself."""
    id_ = mention(desk)
    assert export(desk) == 0
    kept = (desk.folder / "exhibits/2026-0001.zip").read_bytes()
    assert desk.run("erase", id_, "--reason", "the author asked for it").code == 0
    for act in (("erase", id_, "--reason", "the author asked for it"), ("retention",)):
        (desk.folder / "exhibits/2026-0001.zip").write_bytes(kept)
        (desk.folder / ".forgetting").touch()
        assert desk.run(*act).code in (0, 2)
        assert exhibits(desk) == []


def _while_drawing(desk: Desk, monkeypatch: pytest.MonkeyPatch, *acts: tuple[str, ...]) -> None:
    """What somebody else does at the moment the pictures are drawn."""

    def draw(exhibit: Exhibit, names: tuple[str, ...] | None) -> Exhibit:
        for act in acts:
            assert desk.run(*act).code == 0
        return draw_pictures(exhibit, names)

    monkeypatch.setattr(flows.exhibits, "draw_pictures", draw)


@pytest.mark.parametrize("act", ["erase", "stop_image"])
def test_b13_what_is_erased_or_sealed_while_an_export_draws_does_not_leave(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    step = {
        "erase": ("erase", mention(desk), "--reason", "the author asked for it"),
        "stop_image": (
            "incident", "move", "2026-0001", "stop_image", "--as", "operator", "--reason", "talked over with the office",
        ),
    }[act]  # fmt: skip
    _while_drawing(desk, monkeypatch, step)
    assert export(desk) == 5
    assert exhibits(desk) == [] and "exported" not in verbs(desk)


def test_l31_whoever_is_recused_while_an_export_draws_gets_no_exhibit(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    move = ("incident", "move", "2026-0001")
    said = ("--as", "head", "--reason", "they mean me", "--fact", "conflict_checked=yes")
    _while_drawing(desk, monkeypatch, (*move, "hand_over", *said), (*move, "recuse", *said[:4]))
    assert export(desk) == 5
    assert exhibits(desk) == [] and "exported" not in verbs(desk)


def test_without_the_key_that_signs_nothing_leaves_and_nothing_is_entered(desk: Desk) -> None:
    assert desk.run("evidence", "checkpoint").code == 0
    (desk.folder / "keys/custody.key").unlink()
    assert export(desk) == 2
    assert exhibits(desk) == [] and "exported" not in verbs(desk)


def test_a_zip_that_cannot_be_written_is_not_entered(desk: Desk) -> None:
    (desk.folder / "exhibits/2026-0001.zip/in the way").mkdir(parents=True)
    assert export(desk) != 0
    assert "exported" not in verbs(desk)


def test_l21_a_covered_copy_needs_names_and_each_must_be_there(desk: Desk) -> None:
    none = desk.run("evidence", "export", "2026-0001", "--as", "head", "--covered")
    assert none.code == 5 and "--cover NAME" in none.err
    typo = desk.run("evidence", "export", "2026-0001", "--as", "head", "--cover", "Gwenllain Prhs")
    assert typo.code == 5 and "look at the spelling" in typo.err and "Prhs" not in typo.err
    assert exhibits(desk) == [] and "exported" not in verbs(desk)


def test_entries_prove_to_the_newest_checkpoint_that_was_stamped(desk: Desk) -> None:
    """The latest waits for its stamp: the one before has it, and is in the exhibit too."""
    assert desk.run("evidence", "checkpoint").code == 0
    view = ("evidence", "view", "2026-0001", "--as", "head", "--purpose", "decision")
    assert desk.run(*view).code == 0
    assert desk.run("evidence", "checkpoint").code == 0
    with Warehouse(desk.folder).writer() as writing:
        sizes = [row[0] for row in writing.rows("SELECT tree_size FROM checkpoints ORDER BY tree_size")]
        for size, status in ((sizes[0], "stamped"), (sizes[1], "pending")):
            writing.run(
                "INSERT INTO stamps SELECT ?, 'a', ?, '', ?::BLOB, '', "
                "CASE WHEN ? = 'stamped' THEN TIMESTAMPTZ '2026-11-21 02:30:00Z' END, '', TIMESTAMPTZ '2026-11-21 02:30:00Z'",
                [size, status, b"token", status],
            )
    with Warehouse(desk.folder).live_reader() as reading:
        seqs = [row[0] for row in reading.rows("SELECT audit_seq FROM custody ORDER BY seq")]
        signed = gather_proofs(reading, seqs, CustodyConfig(), {})
    assert [one.tree_size for one in signed.checkpoints] == sizes
    assert {entry.tree_size for entry in signed.entries if entry.seq <= sizes[0]} == {sizes[0]}
    assert {entry.tree_size for entry in signed.entries if sizes[0] < entry.seq <= sizes[1]} == {sizes[1]}


def test_l31_whoever_is_out_of_an_incident_gets_no_exhibit_of_it_and_the_software_none_at_all(
    desk: Desk,
) -> None:
    checked = ("--fact", "conflict_checked=yes")
    for step in (("hand_over", "head", "as found", *checked), ("recuse", "head", "they mean me")):
        said = desk.move(*step)
        assert said.code == 0, said.err
    for id_ in ("2026-0001", mention(desk)):
        assert export(desk, id_) == 5
        assert desk.run("evidence", "export", id_, "--as", "pipeline").code in (2, 5)
    assert exhibits(desk) == [] and "exported" not in verbs(desk)
    assert desk.run("evidence", "export", "2026-0001", "--as", "deputy").code == 0


KILLED = """
import os, signal, sys
from pathlib import Path
import flows.exhibits
from flows.cli import main
point, home = sys.argv[1:]
def die(): os.kill(os.getpid(), signal.SIGKILL)
replace, write_beside = Path.replace, flows.exhibits.write_beside
def put(path, target):
    if not str(target).endswith(".zip"):
        return replace(path, target)
    if point == "before the rename":
        die()
    replace(path, target)
    die()
def write(path, content):
    written = write_beside(path, content)
    if point == "before the commit":
        die()
    return written
Path.replace, flows.exhibits.write_beside = put, write
flows.exhibits.draw_pictures = lambda exhibit, names: exhibit
main(["evidence", "export", "2026-0001", "--as", "head", "--home", home])
"""


@pytest.mark.skipif(os.name != "posix", reason="kills with SIGKILL")
@pytest.mark.parametrize("point", ["before the commit", "before the rename", "after the rename"])
def test_a_kill_leaves_no_zip_without_its_entry_in_the_log(desk: Desk, point: str) -> None:
    """B11: at worst an entry without its ZIP; what was half written goes with the next upkeep."""
    ended = subprocess.run([sys.executable, "-c", KILLED, point, str(desk.folder)], env=clean_environment())
    assert ended.returncode == -signal.SIGKILL
    is_entered = point != "before the commit"
    assert exhibits(desk) == ["2026-0001.zip" if point == "after the rename" else "2026-0001.zip.part"]
    assert ("exported" in verbs(desk)) is is_entered
    said = desk.run("evidence", "verify", "--json")
    assert said.code == 0 and not any("not in the log" in line for line in said.row["open"])
    assert desk.run("evidence", "checkpoint").code == 0
    assert exhibits(desk) == (["2026-0001.zip"] if point == "after the rename" else [])
    assert export(desk) == 0 and exhibits(desk) == ["2026-0001.zip"]


def test_a_zip_that_is_not_in_the_log_is_named(desk: Desk) -> None:
    assert export(desk) == 0
    (desk.folder / "exhibits/other.zip").write_bytes(b"made elsewhere")
    with (desk.folder / "exhibits/2026-0001.zip").open("ab") as file:
        file.write(b"x")
    told = desk.run("evidence", "verify", "--json").row["open"]
    named = [line.split()[0] for line in told if "not in the log" in line]
    assert named == ["exhibits/2026-0001.zip", "exhibits/other.zip"]


def test_a_commit_that_fails_leaves_nothing_of_the_exhibit(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Writing) -> None:
        raise Retriable("the disk is full")

    assert desk.run("evidence", "checkpoint").code == 0
    with monkeypatch.context() as broken:
        broken.setattr(Writing, "keep_keys", full)
        assert export(desk) != 0
    assert exhibits(desk) == [] and "exported" not in verbs(desk)

"""The signing key can be changed: the old one signs the new one, and what each signed can be checked for ever (issue 5, point 3)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from evidence.custody_log import SealedEntry, find_head, seal_entries
from evidence.signing_keys import from_secret, read_key, read_public, show_public
from flows.custody import sign_home
from flows.home import Home
from tests.evidence.custody_values import draft
from tests.evidence.exhibit_cases import run
from tests.flows.killed_rotations import REASON
from tests.incidents.homes import Desk, Said, make_desk
from warehouse.connection import Warehouse
from warehouse.custody_rows import CustodyStored, read_checkpoints, store_entries, stream_entries

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = make_desk(tmp_path_factory.mktemp("template") / "home")
    assert desk.report().code == 0
    assert desk.run("evidence", "checkpoint").code == 0
    return desk


@pytest.fixture
def desk(template: Desk, tmp_path: Path) -> Desk:
    return Desk(shutil.copytree(template.folder, tmp_path / "home"))


@pytest.fixture(scope="module")
def rotated(template: Desk, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Three keys: two rotations, with an act in between and one after."""
    desk = Desk(shutil.copytree(template.folder, tmp_path_factory.mktemp("rotated") / "home"))
    for _ in range(2):
        done = rotate(desk)
        assert done.code == 0, done.err
        look(desk)
    return desk


@pytest.fixture
def three(rotated: Desk, tmp_path: Path) -> Desk:
    return Desk(shutil.copytree(rotated.folder, tmp_path / "three"))


def rotate(desk: Desk, role: str = "head", reason: str = REASON) -> Said:
    return desk.run("evidence", "rotate-key", "--as", role, "--reason", reason, "--json")


def look(desk: Desk) -> None:
    said = desk.run("evidence", "view", "2026-0001", "--as", "dsl", "--purpose", "check")
    assert said.code == 0, said.err


def verify(desk: Desk, *more: str) -> tuple[int, list[str]]:
    said = desk.run("evidence", "verify", "--json", *more)
    assert said.code in (0, 1), said.err
    return said.code, [row["cause"] for row in said.row["findings"]]


def keys(desk: Desk) -> dict[str, Any]:
    return desk.run("evidence", "keys", "--json").row


def entries(desk: Desk) -> list[SealedEntry]:
    with Warehouse(desk.folder).live_reader() as reading:
        return [SealedEntry(row.seq, row.body, row.sha256, row.signature) for row in stream_entries(reading)]


def names(desk: Desk) -> set[str]:
    return {path.name for path in (desk.folder / "keys").iterdir() if path.name.startswith("custody")}


def test_the_old_key_signs_the_new_one_and_is_gone(desk: Desk) -> None:
    """Evidence 3.5. The old secret half is nowhere in the home any more; every public half is."""
    old = read_key(desk.folder / "keys" / "custody.key")
    before = entries(desk)
    done = rotate(desk)
    assert done.code == 0, done.err
    new = read_key(desk.folder / "keys" / "custody.key")
    assert done.row == {
        "earlier": old.kid, "kid": new.kid, "public": new.public.hex(), "entry": len(before) + 1,
    }  # fmt: skip
    assert new.kid != old.kid
    for path in desk.folder.rglob("*"):
        assert not path.is_file() or old.secret not in path.read_bytes(), path
    log = entries(desk)
    shown = json.loads(log[len(before)].body)
    assert (shown["event"], shown["kid"], shown["object_commit"][:16]) == ("key_rotated", old.kid, new.kid)
    assert (shown["role"], shown["purpose"]) == ("head", "upkeep")
    look(desk)
    assert json.loads(entries(desk)[-1].body)["kid"] == new.kid
    with Warehouse(desk.folder).live_reader() as reading:
        last = read_checkpoints(reading)[-1]
    assert (last.kid, last.tree_size) == (new.kid, len(before) + 1), (
        "the new key counts what the old one said"
    )
    assert (desk.folder / "keys/custody.public").read_text().split() == show_public(new.public).split()
    assert (desk.folder / "keys/custody.earlier").read_text().split() == show_public(old.public).split()
    assert verify(desk) == (0, [])


def test_keys_lists_whose_turn_it_was_and_what_it_prints_can_be_given_back(
    three: Desk, tmp_path: Path
) -> None:
    listed = keys(three)
    spans = listed["spans"]
    assert [span["first"] for span in spans] == [1, *(span["last"] + 1 for span in spans[:-1])]
    assert len({span["kid"] for span in spans}) == 3 and spans[-1]["last"] is None
    assert list(listed["keys"]) == [span["kid"] for span in spans]
    plain = three.run("evidence", "keys").out
    assert [line.rpartition("# ")[2] for line in plain.splitlines()] == [
        f"entries {one['first']} " + ("on" if one["last"] is None else f"to {one['last']}") for one in spans
    ]
    kept = tmp_path / "kept.txt"
    kept.write_text(plain)
    assert {kid: half.hex() for kid, half in read_public(plain, "").items()} == listed["keys"]
    assert verify(three, "--public", str(kept)) == (0, [])


@pytest.mark.parametrize("which", [0, 1, 2])
def test_one_key_kept_elsewhere_is_enough_to_check_the_whole_log(
    three: Desk, tmp_path: Path, which: int
) -> None:
    """The first leads on by what it signed, the last leads back by the checkpoint it sealed."""
    kid = keys(three)["spans"][which]["kid"]
    kept = tmp_path / "kept.txt"
    kept.write_text(show_public(bytes.fromhex(keys(three)["keys"][kid])))
    assert verify(three, "--public", str(kept)) == (0, [])


def test_a_strange_key_leads_nowhere(three: Desk, tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text(show_public(from_secret(b"f" * 32).public))
    code, causes = verify(three, "--public", str(kept))
    assert code == 1 and any("nobody vouches" in cause for cause in causes)
    assert any("never came to key" in cause for cause in causes)


def append(desk: Desk, rows: list[SealedEntry]) -> None:
    """As somebody with the database and a key of theirs would; `custody.end` is put right too."""
    with Warehouse(desk.folder).writer() as writing:
        last = writing.row("SELECT max(audit_seq) FROM custody")
        assert last is not None
        store_entries(
            writing, [CustodyStored(row.seq, last[0], row.body, row.sha256, row.signature) for row in rows]
        )
    (desk.folder / "keys" / "custody.end").write_text(f"{rows[-1].seq} {rows[-1].sha256}\n")


def test_a_switch_that_nobody_signed_is_found(desk: Desk) -> None:
    stranger, log = from_secret(b"f" * 32), entries(desk)
    rows = list(seal_entries(replace(find_head(log[-1]), kid=""), stranger, [draft()]))
    append(desk, rows)
    (desk.folder / "keys/custody.key").write_bytes(stranger.secret)
    (desk.folder / "keys/custody.public").open("a").write(show_public(stranger.public) + "\n")
    code, causes = verify(desk)
    assert code == 1 and any(f"signed by key {stranger.kid}, though it was the turn" in one for one in causes)


def test_a_key_that_was_given_up_signs_nothing_any_more(desk: Desk) -> None:
    """Somebody kept a copy of the old key. Neither an entry nor a checkpoint of it is believed."""
    old = read_key(desk.folder / "keys/custody.key")
    assert rotate(desk).code == 0
    kept = Path(shutil.copytree(desk.folder, desk.folder.parent / "copy"))
    log = entries(desk)
    append(desk, list(seal_entries(replace(find_head(log[-1]), kid=""), old, [draft()])))
    code, causes = verify(desk)
    assert code == 1 and any(
        f"is signed by key {old.kid}, though it was the turn of" in one for one in causes
    )
    again = Desk(kept)
    with Warehouse(kept).writer() as writing:
        from flows.checkpoints import to_checkpoint

        last = to_checkpoint(read_checkpoints(writing)[-1])
        forged = replace(last, kid=old.kid)
        writing.run(
            "UPDATE checkpoints SET kid = ?, signature = ? WHERE tree_size = ?",
            [old.kid, old.sign(forged.body), last.tree_size],
        )
    code, causes = verify(again)
    assert code == 1 and any(
        f"is signed by key {old.kid}, though it was the turn of" in one for one in causes
    )


def test_a_key_file_that_was_rolled_back_is_told_and_signs_nothing(desk: Desk) -> None:
    """Evidence 3.5: the old file put back, then with everything of `keys/` that is about the log."""
    before = {path: path.read_bytes() for path in (desk.folder / "keys").iterdir() if path.is_file()}
    assert rotate(desk).code == 0
    after = {path: path.read_bytes() for path in (desk.folder / "keys").iterdir() if path.is_file()}
    old = desk.folder / "keys/custody.key"
    old.write_bytes(before[old])
    code, causes = verify(desk)
    assert code == 1 and any("custody.key is key" in cause for cause in causes)
    said = desk.run("evidence", "view", "2026-0001", "--as", "dsl", "--purpose", "check")
    assert said.code == 2 and len(said.err.splitlines()) == 1 and "goes on with" in said.err
    for path in after:
        path.unlink()
    for path, whole in before.items():
        path.write_bytes(whole)
        path.chmod(0o600)
    code, causes = verify(desk)
    assert code == 1
    assert any("nobody vouches" in cause for cause in causes) and any("cut off" in cause for cause in causes)


def test_a_log_rolled_back_behind_a_rotation_is_told_and_signs_nothing(desk: Desk, tmp_path: Path) -> None:
    """The database and the key of before, while `keys/` still knows that this key was given up."""
    was = Path(shutil.copytree(desk.folder, tmp_path / "was"))
    assert rotate(desk).code == 0
    for path in desk.folder.glob("warehouse.duckdb*"):
        path.unlink()
    for path in (*was.glob("warehouse.duckdb*"), was / "keys/custody.key", was / "keys/custody.end"):
        shutil.copy(path, desk.folder / path.relative_to(was))
    code, causes = verify(desk)
    assert code == 1 and any("given up before" in cause for cause in causes), causes
    said = desk.run("evidence", "view", "2026-0001", "--as", "dsl", "--purpose", "check")
    assert said.code == 5 and len(said.err.splitlines()) == 1 and "given up before" in said.err


def test_a_rotation_slipped_into_the_audit_log_is_never_signed(desk: Desk) -> None:
    """Whoever can write to the database alone must not get a key of theirs vouched for."""
    from mentionwatch.ids import digest
    from mentionwatch.labels import Role
    from mentionwatch.model import AuditEvent
    from warehouse.chain import append_audit

    stranger = from_secret(b"f" * 32)
    with Warehouse(desk.folder).writer() as writing:
        append_audit(
            writing, [AuditEvent(NOW, "x", Role.HEAD, "key_rotated", "key", digest(stranger.public), "")]
        )
    count = len(entries(desk))
    for _ in range(2):
        said = desk.run("evidence", "checkpoint")
        assert said.code == 5 and "nobody made here" in said.err and len(said.err.splitlines()) == 1
        assert rotate(desk).code == 5
    assert len(entries(desk)) == count
    code, causes = verify(desk)
    assert code == 1 and any("speaks of a new key" in cause for cause in causes)


@pytest.mark.parametrize(
    ("role", "reason", "code"), [("reader", REASON, 2), ("head", "x", 5), ("head", "password: hunter2!X", 5)]
)
def test_who_may_not_or_says_nothing_changes_nothing(desk: Desk, role: str, reason: str, code: int) -> None:
    before, there = entries(desk), names(desk)
    said = rotate(desk, role, reason)
    assert said.code == code and len(said.err.splitlines()) == 1
    assert entries(desk) == before and names(desk) == there


def test_before_the_log_has_begun_there_is_no_key_to_change(tmp_path: Path) -> None:
    said = rotate(make_desk(tmp_path / "home"))
    assert said.code == 5 and "has not begun" in said.err


@pytest.mark.parametrize("whole", [b"short", None])
def test_a_next_key_that_may_not_follow_is_told_and_changes_nothing(desk: Desk, whole: bytes | None) -> None:
    """Damaged, or one that has signed already: put there by hand."""
    first = (desk.folder / "keys/custody.key").read_bytes()
    assert rotate(desk).code == 0
    path = desk.folder / "keys/custody.next.key"
    path.write_bytes(first if whole is None else whole)
    path.chmod(0o600)
    before = entries(desk)
    said = rotate(desk)
    assert said.code == 2 and "custody.next.key" in said.err and "Delete that file" in said.err
    assert entries(desk) == before and verify(desk) == (0, [])


def test_exhibits_made_before_and_after_verify_with_their_own_verifier(desk: Desk, tmp_path: Path) -> None:
    """Each alone, given any key it knows of; a covered copy too."""
    kept: list[Path] = []

    def export(name: str, *more: str) -> Path:
        said = desk.run("evidence", "export", "2026-0001", *more, "--json")
        assert said.code == 0, said.err
        covered = "-covered" if "--covered" in more else ""
        with zipfile.ZipFile(desk.folder / "exhibits" / f"2026-0001{covered}.zip") as archive:
            archive.extractall(tmp_path / name)
        path = tmp_path / f"{len(kept)}.txt"
        path.write_text(desk.run("evidence", "keys").out.splitlines()[-1])
        kept.append(path)
        return tmp_path / name

    def check(folder: Path, *given: Path) -> tuple[int, str]:
        more = ["--public", str(given[0])] if given else []
        done = run(folder / "verify.py", *more, bare=False)
        return done.returncode, done.stdout

    before = export("before")
    assert rotate(desk).code == 0
    after = export("after")
    assert rotate(desk).code == 0
    covered = export("covered", "--covered", "--cover", "deputy head")
    assert check(before)[0] == check(before, kept[0])[0] == 0
    for folder, count in ((after, 1), (covered, 2)):
        for given in ((), *((each,) for each in kept[: count + 1])):
            code, said = check(folder, *given)
            assert code == 0, said
        assert said.count("goes on") == count
    # What was made before a key was known cannot know of it.
    code, said = check(before, kept[1])
    assert code == 1 and "nothing leads to it" in said


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="needs fork")
def test_a_kill_before_any_change_of_a_file_leaves_a_home_that_works(template: Desk, tmp_path: Path) -> None:
    """Evidence 3.5: each home's rotation ends one change later than the one before. Then it verifies, signs, and rotates."""
    homes = [Path(shutil.copytree(template.folder, tmp_path / f"{number}" / "home")) for number in range(20)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.flows.killed_rotations", NOW.isoformat(), *map(str, homes)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    told = done.stdout.splitlines()
    assert done.returncode == 0 and len(told) == len(homes), done.stderr
    assert told[-1] == "done", "the last homes were not disturbed"
    killed = told.index("done")
    assert killed >= 8, told
    for name in ("custody.next.key", "custody.public", "custody.end", "custody.key", "custody.earlier"):
        assert any(name in line for line in told[:killed]), name
    ends = set[int]()
    for number, home in enumerate(homes[: killed + 1]):
        desk = Desk(home)
        assert verify(desk) == (0, []), told[number]
        ends.add(len(keys(desk)["spans"]))
        look(desk)
        assert verify(desk) == (0, []), told[number]
        again = rotate(desk)
        assert again.code == 0, (told[number], again.err)
        assert sign_home(Home(home)) == 0
        assert verify(desk) == (0, []), told[number]
        assert names(desk) <= {f"custody.{end}" for end in ("key", "public", "earlier", "end", "name")}
    assert ends == {1, 2}, "some were killed before the entry, some after"


def test_the_clock_of_a_rotation_may_not_be_ahead(desk: Desk) -> None:
    at = (NOW + timedelta(days=9)).isoformat()
    said = desk.run("evidence", "rotate-key", "--as", "head", "--reason", REASON, "--now", at)
    assert said.code == 5 and "nobody signs in advance" in said.err

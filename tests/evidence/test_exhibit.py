"""An exhibit checks itself with nothing but Python, and every change of it is named."""

from __future__ import annotations

import io
import json
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from evidence import verifier_template
from evidence.exhibit import build_exhibit
from mentionwatch.ids import digest
from tests.evidence.values import NOW, make_exhibit, make_revision


def unpack(body: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def lay_out(found: dict[str, bytes], folder: Path) -> Path:
    for name, body in found.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    return folder


def run(script: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Isolated Python without site-packages: nothing but the standard library is there."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(script), *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        env={"PYTHONIOENCODING": "utf-8"},
    )


@pytest.fixture(scope="module")
def body() -> bytes:
    return build_exhibit(make_exhibit(make_revision(), make_revision(revision=2, text="edited words")))


def test_its_own_verifier_runs_with_plain_python_on_the_folder_and_on_the_zip(
    body: bytes, tmp_path: Path
) -> None:
    folder = lay_out(unpack(body), tmp_path / "out")
    zipped = tmp_path / "exhibit.zip"
    zipped.write_bytes(body)
    for done in (run(folder / "verify.py"), run(folder / "verify.py", str(zipped))):
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("OK: ")


def test_the_verifier_names_a_changed_a_missing_and_a_foreign_file(body: bytes, tmp_path: Path) -> None:
    folder = lay_out(unpack(body), tmp_path)
    words = folder / "01ab/revision-1/words.txt"
    words.write_bytes(words.read_bytes().replace(b"neges", b"negez"))
    (folder / "01ab/revision-2/capture.warc").unlink()
    (folder / "extra.txt").write_text("planted")
    done = run(folder / "verify.py")
    assert done.returncode == 1
    assert "01ab/revision-1/words.txt: was changed after the exhibit was made" in done.stdout
    assert "01ab/revision-2/capture.warc: is missing" in done.stdout
    assert "extra.txt: does not belong to the exhibit" in done.stdout


def test_any_changed_byte_of_any_file_is_found_and_its_file_named(body: bytes) -> None:
    """Every byte of the small files and of the list of digests, a sample of the larger ones."""
    files, dice = unpack(body), random.Random(7)
    assert verifier_template.check(files) == []
    for name, kept in files.items():
        is_short = len(kept) <= 300 or name == "SHA256SUMS"
        places = range(len(kept)) if is_short else dice.sample(range(len(kept)), 300)
        for place in places:
            changed = bytearray(kept)
            changed[place] ^= 1 << dice.randrange(8)
            findings = verifier_template.check(files | {name: bytes(changed)})
            assert findings, (name, place)
            if name != "SHA256SUMS":
                assert any(line.startswith(f"{name}: ") for line in findings), (name, place, findings)


def test_a_changed_file_is_found_even_when_the_list_of_digests_was_mended_to_match(body: bytes) -> None:
    files = unpack(body)
    name = "01ab/revision-1/words.txt"
    forged = b"forged words"
    files["SHA256SUMS"] = files["SHA256SUMS"].replace(digest(files[name]).encode(), digest(forged).encode())
    files[name] = forged
    assert verifier_template.check(files) == [f"{name}: does not have the SHA-256 that manifest.json states"]


def test_any_bit_of_the_list_of_digests_that_is_turned_is_found(body: bytes) -> None:
    """Found by running: a turned bit can make one kind of line break into another."""
    files = unpack(body)
    kept = files["SHA256SUMS"]
    for place in range(len(kept)):
        for bit in range(8):
            changed = bytearray(kept)
            changed[place] ^= 1 << bit
            assert verifier_template.check(files | {"SHA256SUMS": bytes(changed)}), (place, bit)


@pytest.mark.parametrize("name", ["SHA256SUMS", "manifest.json", "README.txt", "custody.json", "verify.py"])
def test_a_file_taken_away_is_missed(body: bytes, name: str) -> None:
    files = unpack(body)
    del files[name]
    assert any(name in line for line in verifier_template.check(files))


def test_a_zip_with_flipped_bytes_never_passes_as_whole_with_other_contents(
    body: bytes, tmp_path: Path
) -> None:
    """A flip in a ZIP header that changes no file may pass; a changed file never does."""
    dice, path, good = random.Random(11), tmp_path / "x.zip", unpack(body)
    noticed = 0
    for _ in range(300):
        changed = bytearray(body)
        changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
        path.write_bytes(changed)
        code = verifier_template.main(["verify.py", str(path)])
        noticed += code
        if code == 0:
            assert verifier_template.read_zip(path)[0] == good
    assert noticed > 100


def test_what_is_no_zip_at_all_is_said_in_one_line(
    body: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    version = body.rindex(b"PK\x01\x02") + 6  # "version needed" of a directory entry
    for broken in (b"", b"no zip", body[:200], body[:version] + b"\xff\x00" + body[version + 2 :]):
        path = tmp_path / "x.zip"
        path.write_bytes(broken)
        assert verifier_template.main(["verify.py", str(path)]) == 1
        assert "cannot be opened" in capsys.readouterr().out
    assert verifier_template.main(["verify.py", str(tmp_path / "nowhere.zip")]) == 1


def test_a_file_that_is_twice_in_a_zip_is_named(body: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(body)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as archive:
        archive.writestr("README.txt", b"another")
    assert "README.txt: is in the ZIP twice" in verifier_template.read_zip(path)[1]


def test_the_same_values_give_the_same_bytes_and_names_that_any_system_can_unpack() -> None:
    exhibit = make_exhibit()
    made = build_exhibit(exhibit)
    assert build_exhibit(exhibit) == made
    for name in unpack(made):
        assert not name.startswith("/") and ".." not in name and "\\" not in name
        assert name.isascii()


def test_l17_l18_the_manifest_tells_posting_from_capture_and_unknown_stays_unknown() -> None:
    made = build_exhibit(make_exhibit(make_revision(), make_revision(revision=2, posted_at=None)))
    files = unpack(made)
    first, second = json.loads(files["manifest.json"])["captures"]
    assert (first["posted_at"], first["captured_at"]) == ("2026-11-20T18:05:00Z", "2026-11-21T02:30:00Z")
    assert second["posted_at"] is None
    assert "the time of posting is not known: the source does not give it" in second["limits"]
    readme = files["README.txt"].decode()
    assert "unknown / anhysbys" in readme and "2026-11-20T18:05:00Z" in readme


def test_every_limit_of_a_capture_is_said() -> None:
    row = make_revision(
        warc=b"",
        fault_kind="timeout",
        truncated=True,
        method="manual",
        warc_withheld="a picture was handed in; it stays at the school",
    )
    files = unpack(build_exhibit(make_exhibit(row)))
    (facts,) = json.loads(files["manifest.json"])["captures"]
    said = " | ".join(facts["limits"])
    for words in (
        "not copied: timeout",
        "stopped before the end",
        "picture was handed in",
        "handed in by a person",
    ):
        assert words in said
    assert not any(name.endswith("capture.warc") for name in files)


def test_the_statement_is_there_in_both_languages_and_fits_a_page_of_80_columns() -> None:
    readme = unpack(build_exhibit(make_exhibit()))["README.txt"].decode()
    assert "EXHIBIT 2026-0001" in readme and "ARDDANGOSYN 2026-0001" in readme
    assert "does not prove who wrote the post" in readme and "Nid yw'n profi pwy" in readme
    assert [line for line in readme.splitlines() if len(line) > 80] == []


def test_hostile_words_cannot_forge_a_line_of_the_statement() -> None:
    row = make_revision(url="https://x/\u202egnp.exe\nposted / postiwyd: 1999", text="\ud800 \x00 words")
    files = unpack(build_exhibit(make_exhibit(row, school="Ysgol\nEXHIBIT 9999 \x1b[31m")))
    readme = files["README.txt"].decode()
    assert "\u202e" not in readme and "\x1b" not in readme
    assert not any(
        line.lstrip().startswith(("EXHIBIT 9999", "posted / postiwyd: 1999")) for line in readme.splitlines()
    )
    assert verifier_template.check(files) == []


def test_the_incidents_steps_and_the_custody_are_in_it_without_anyones_reasons() -> None:
    files = unpack(build_exhibit(make_exhibit()))
    steps = json.loads(files["manifest.json"])["incident"]["steps"]
    assert [step["event"] for step in steps] == ["open", "preserve"]
    assert all("reason" not in step and "actor" not in step for step in steps)
    custody = json.loads(files["custody.json"])
    assert custody["ends"] == {"audit": "f" * 64}
    assert "actor" not in custody["rows"][0]


def test_times_in_the_zip_are_those_of_making_it(body: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert {info.date_time for info in archive.infolist()} == {
            (NOW.year, NOW.month, NOW.day, NOW.hour, NOW.minute, NOW.second)
        }

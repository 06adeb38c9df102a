"""Checkpoints leave the machine: real authorities stamp them, a witness keeps their line; nothing waits for either."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from evidence.merkle import hash_leaf, root_of
from tests.evidence.time_stamper import Authority, Counter, make_authority, serving
from tests.flows.reported import template as template
from tests.incidents.homes import Desk
from warehouse.connection import Warehouse
from warehouse.custody_rows import read_checkpoints, read_stamps, stream_entries

NOW = datetime.now(UTC).replace(microsecond=0)
"""Real authorities stamp with the real time."""


@pytest.fixture(scope="module")
def authorities(tmp_path_factory: pytest.TempPathFactory) -> tuple[Authority, Authority]:
    folder = tmp_path_factory.mktemp("authorities")
    return make_authority(folder / "one", "First Stamp 2026"), make_authority(folder / "two", "Second Stamp")


@pytest.fixture
def served(authorities: tuple[Authority, Authority]) -> Iterator[tuple[Counter, Counter]]:
    with serving(authorities[0]) as one, serving(authorities[1]) as two:
        yield one, two


@pytest.fixture
def desk(template: Desk, tmp_path: Path) -> Desk:
    desk = Desk(shutil.copytree(template.folder, tmp_path / "home"))
    (tmp_path / "chair").mkdir()
    return desk


def configure(desk: Desk, served: tuple[Counter, Counter] | None, witness: Path | None = None) -> None:
    lines = []
    for number, each in enumerate(served or ()):
        (desk.folder / f"{number}.pem").write_bytes(each.authority.root_pem)
        lines.append(
            f'[[authority]]\nname = "a{number}"\nurl = "{each.url}"\nowner = "owner {number}"\n'
            f'roots = "{number}.pem"\nsigners = ["{each.authority.common_name}"]\n'
        )
    if witness:
        lines.append(f'[witness]\nfolder = "{witness.as_posix()}"\n')
    (desk.folder / "custody.toml").write_text("\n".join(lines), encoding="utf-8")
    sources = desk.folder / "sources.toml"
    text = sources.read_text(encoding="utf-8")
    sources.write_text(
        text.replace("allow_networks = []", 'allow_networks = ["127.0.0.1/32"]'), encoding="utf-8"
    )


def checkpoint(desk: Desk, at: datetime = NOW) -> dict[str, object]:
    said = desk.run("evidence", "checkpoint", "--json", "--now", at.isoformat())
    assert said.code == 0, said.err
    return said.row


def verify(desk: Desk, *more: str) -> tuple[int, dict[str, object]]:
    said = desk.run("evidence", "verify", "--json", *more)
    return said.code, said.row


def test_two_authorities_stamp_and_the_evidence_then_verifies_without_them(
    desk: Desk, served: tuple[Counter, Counter]
) -> None:
    configure(desk, served)
    made = checkpoint(desk)
    assert made["new"] is True and made["stamps"] == made["stamps_wanted"] == 2
    (desk.folder / "sources.toml").write_text("[fetch]\n")
    code, found = verify(desk)
    assert code == 0, found
    assert found["stamps"] == 2 and found["checkpoints"] == 1 and found["entries"]


def test_where_nothing_was_entered_no_checkpoint_is_made_also_after_a_stamp(
    desk: Desk, served: tuple[Counter, Counter]
) -> None:
    """A stamp is written down too: it must not ask for the next stamp, for ever."""
    configure(desk, served)
    assert checkpoint(desk)["new"] is True
    assert checkpoint(desk, NOW + timedelta(hours=1))["new"] is False
    assert len(served[0].queries) == len(served[1].queries) == 1


def test_offline_a_checkpoint_is_pending_and_stamped_later(
    desk: Desk, served: tuple[Counter, Counter]
) -> None:
    """Capture never waits: the command ends with 0, the exhibit and `verify` say that it is pending."""
    configure(desk, served)
    for each in served:
        each.spoil = lambda _: (503, "text/plain", b"closed")
    made = checkpoint(desk)
    assert made["stamps"] == 0 and len(made["troubles"]) == 2  # type: ignore[arg-type]
    code, found = verify(desk)
    assert code == 0 and any("pending: 0 of 2" in line for line in found["open"])  # type: ignore[attr-defined]
    for each in served:
        each.spoil = None
    assert checkpoint(desk)["stamps"] == 2


def test_an_authority_that_answers_wrongly_is_no_stamp_and_the_other_still_counts(
    desk: Desk, served: tuple[Counter, Counter]
) -> None:
    configure(desk, served)
    served[0].spoil = lambda _: (200, "text/html", b"<h1>Sign in to the guest network</h1>")
    made = checkpoint(desk)
    assert made["stamps"] == 1
    assert any("web page" in line for line in made["troubles"])  # type: ignore[attr-defined]
    with Warehouse(desk.folder).live_reader() as reading:
        assert {row.authority: row.status for row in read_stamps(reading)} == {
            "a0": "refused",
            "a1": "stamped",
        }


def test_any_changed_byte_of_a_token_or_a_checkpoint_is_found(
    desk: Desk, served: tuple[Counter, Counter]
) -> None:
    configure(desk, served)
    checkpoint(desk)
    dice = random.Random(7)
    with Warehouse(desk.folder).live_reader() as reading:
        tokens = {row.authority: row.token for row in read_stamps(reading)}
        (one,) = read_checkpoints(reading)
    for _ in range(12):
        table, column, where, value = dice.choice(
            [("stamps", "token", f"authority = '{name}'", token) for name, token in tokens.items()]
            + [("checkpoints", "root", "true", one.root), ("checkpoints", "signature", "true", one.signature)]
        )
        spoilt = bytearray(value)
        spoilt[dice.randrange(len(spoilt))] ^= 1 << dice.randrange(8)
        for content, wanted in ((bytes(spoilt), 1), (value, 0)):
            with Warehouse(desk.folder).writer() as writing:
                writing.run(f"UPDATE {table} SET {column} = ? WHERE {where}", [content])  # noqa: S608
            code, found = verify(desk)
            assert code == wanted, (table, column, found)


def test_a_witness_finds_a_history_that_was_written_anew(desk: Desk, tmp_path: Path) -> None:
    """Whoever holds the key can sign another log; the line in the Chair's folder says otherwise."""
    configure(desk, None, tmp_path / "chair")
    checkpoint(desk)
    line = tmp_path / "chair" / "mentionwatch-witness.txt"
    assert line.read_text().startswith("mentionwatch-witness-1 ")
    assert verify(desk, "--witness", str(line))[0] == 0
    with Warehouse(desk.folder).writer() as writing:
        for table in ("custody", "checkpoints", "stamps"):
            writing.run(f"DELETE FROM {table}")  # noqa: S608 -- fixed names
    for name in ("custody.key", "custody.public", "custody.end"):
        (desk.folder / "keys" / name).unlink()
    checkpoint(desk, NOW + timedelta(minutes=1))
    assert verify(desk)[0] == 0, "the log alone is whole in itself"
    code, found = verify(desk, "--witness", str(line))
    assert code == 1 and any(row["object_kind"] == "witness" for row in found["findings"])  # type: ignore[attr-defined]


def test_a_witness_that_cannot_be_reached_is_told_later(
    desk: Desk, served: tuple[Counter, Counter], tmp_path: Path
) -> None:
    configure(desk, served, tmp_path / "away")
    assert any("witness" in line for line in checkpoint(desk)["troubles"])  # type: ignore[attr-defined]
    (tmp_path / "away").mkdir()
    assert not checkpoint(desk)["troubles"]
    assert len((tmp_path / "away" / "mentionwatch-witness.txt").read_text().splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[authority]]\nname = "a"\n', "url"),
        ('[[authority]]\nname = "a"\nurl = "ftp://x"\nowner = "o"\nroots = "r.pem"\n', "no web address"),
        ('[[authority]]\nname = "a"\nurl = "https://x"\nowner = "o"\nroots = "r.pem"\n', "cannot be read"),
        ('[witness]\nmail = "no address"\n', "no plain e-mail address"),
        ('[witnes]\nfolder = "x"\n', "witnes"),
    ],
)
def test_a_wrong_custody_toml_is_one_line_and_exit_2(desk: Desk, text: str, said: str) -> None:
    (desk.folder / "custody.toml").write_text(text, encoding="utf-8")
    answer = desk.run("evidence", "checkpoint")
    assert answer.code == 2 and said in answer.err and len(answer.err.splitlines()) == 1


def kinds(found: dict[str, object]) -> set[str]:
    return {row["object_kind"] for row in found["findings"]}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("DELETE FROM stamps WHERE authority = 'a0'", "stamp"),
        ("DELETE FROM stamps; DELETE FROM checkpoints", "checkpoint"),
        (
            "UPDATE audit SET reason = NULL, salt = NULL WHERE verb = 'checkpointed'; DELETE FROM stamps",
            "audit",
        ),
        (
            "DELETE FROM custody; DELETE FROM checkpoints; DELETE FROM stamps; DELETE FROM witnesses",
            "custody",
        ),
    ],
)
def test_b11_a_stamp_a_checkpoint_or_the_whole_log_that_was_taken_out_is_missed(
    desk: Desk, served: tuple[Counter, Counter], sql: str, kind: str
) -> None:
    """B11: without any witness. And nothing that was wiped is signed anew as if it were the first."""
    configure(desk, served)
    checkpoint(desk)
    with Warehouse(desk.folder).writer() as writing:
        for one in sql.split(";"):
            writing.run(one)
    code, found = verify(desk)
    assert code == 1 and kind in kinds(found), found
    if kind == "custody":
        assert desk.run("evidence", "checkpoint").code == 5
        (desk.folder / "keys" / "custody.end").unlink()
        assert any("a key that signed it" in row["cause"] for row in verify(desk)[1]["findings"])  # type: ignore[attr-defined]


@pytest.mark.parametrize("secret", [None, b"short", bytes(32)])
def test_a_key_that_is_missing_or_another_is_said_by_verify(desk: Desk, secret: bytes | None) -> None:
    """Else nobody hears of it until something must be signed."""
    checkpoint(desk)
    key = desk.folder / "keys" / "custody.key"
    if secret is None:
        key.unlink()
    else:
        key.write_bytes(secret)
    code, found = verify(desk)
    assert code == 1 and any("custody.key" in row["cause"] for row in found["findings"])  # type: ignore[attr-defined]


def test_nobody_signs_in_advance_and_a_clock_that_went_back_is_told(desk: Desk) -> None:
    for step in ("checkpoint", "verify"):
        said = desk.run("evidence", step, "--now", "2099-01-01T00:00:00Z")
        assert said.code == 5 and "nobody signs in advance" in said.err
    checkpoint(desk)
    look = ("evidence", "view", "2026-0001", "--as", "dsl", "--purpose", "check")
    assert desk.run(*look, "--now", "2001-01-01T00:00:00Z").code == 0
    checkpoint(desk, datetime(2001, 1, 1, tzinfo=UTC))
    code, found = verify(desk)
    told = " ".join(found["open"])  # type: ignore[arg-type]
    assert code == 0 and "custody entries are dated before" in told and "checkpoint over" in told


def test_a_school_that_is_renamed_stays_the_one_its_witness_knows(desk: Desk, tmp_path: Path) -> None:
    configure(desk, None, tmp_path / "chair")
    checkpoint(desk)
    school = desk.folder / "school.toml"
    school.write_text(
        school.read_text(encoding="utf-8").replace('name = "Ysgol Llanbedrog"', 'name = "Ysgol y Foryd"'),
        encoding="utf-8",
    )
    assert "Foryd" in school.read_text(encoding="utf-8")
    line = tmp_path / "chair" / "mentionwatch-witness.txt"
    code, found = verify(desk, "--witness", str(line))
    assert code == 0, found
    (desk.folder / "keys" / "custody.name").write_text("not a short id!")
    assert desk.run("evidence", "verify").code == 2


@pytest.mark.parametrize("option", ["--public", "--witness"])
@pytest.mark.parametrize("whole", [None, b"", b"\xff\xff\xff", "a shopping list".encode("utf-16")])
def test_a_file_kept_elsewhere_that_says_nothing_is_exit_2_and_enters_nothing(
    desk: Desk, tmp_path: Path, option: str, whole: bytes | None
) -> None:
    file = tmp_path / "kept.txt"
    if whole is not None:
        file.write_bytes(whole)
    said = desk.run("evidence", "verify", option, str(file))
    assert said.code == 2 and len(said.err.splitlines()) == 1 and "codec" not in said.err
    with Warehouse(desk.folder).live_reader() as reading:
        assert not reading.rows("SELECT 1 FROM audit WHERE verb IN ('verified', 'verify_failed')")


def look(desk: Desk, times: int = 1) -> None:
    for _ in range(times):
        assert desk.run("evidence", "view", "2026-0001", "--as", "dsl", "--purpose", "check").code == 0


def full_root(desk: Desk, size: int) -> bytes:
    with Warehouse(desk.folder).live_reader() as reading:
        return root_of([hash_leaf(row.body) for row in stream_entries(reading)][:size])


@pytest.mark.parametrize("forgets", [False, True])
def test_each_checkpoint_goes_on_from_the_tree_of_the_one_before(desk: Desk, forgets: bool) -> None:
    """Its root is that of the whole log all the same; also after a checkpoint of a time when no tree was kept."""
    for number, looks in enumerate((1, 3, 2, 5)):
        look(desk, looks)
        assert checkpoint(desk, NOW + timedelta(seconds=number))["new"] is True
        if forgets:
            with Warehouse(desk.folder).writer() as writing:
                writing.run("UPDATE checkpoints SET peaks = NULL")
    with Warehouse(desk.folder).live_reader() as reading:
        rows = read_checkpoints(reading)
    assert len(rows) == 4
    for row in rows:
        assert row.root == full_root(desk, row.tree_size)
    assert verify(desk)[0] == 0


@pytest.mark.parametrize("kept", [b"", bytes(32), b"short"])
def test_a_tree_that_was_changed_is_named_by_verify_and_not_built_upon(desk: Desk, kept: bytes) -> None:
    checkpoint(desk)
    with Warehouse(desk.folder).writer() as writing:
        writing.run("UPDATE checkpoints SET peaks = ?", [kept])
    code, found = verify(desk)
    assert code == 1 and kinds(found) == {"checkpoint"}
    assert "another tree" in found["findings"][0]["cause"]  # type: ignore[index]
    look(desk)
    said = desk.run("evidence", "checkpoint")
    assert said.code == 5 and "another tree" in said.err and len(said.err.splitlines()) == 1


def test_a_changed_old_entry_is_not_signed_over_by_the_next_checkpoint(desk: Desk) -> None:
    """Only what is new is hashed: the root goes on from the true one, and `verify`, which hashes all, names the entry."""
    look(desk, 2)
    checkpoint(desk)
    true = full_root(desk, 1)
    with Warehouse(desk.folder).writer() as writing:
        writing.run(
            "UPDATE custody SET body = replace(body::VARCHAR, 'pipeline', 'operator')::BLOB WHERE seq = 1"
        )
    assert full_root(desk, 1) != true
    look(desk)
    assert checkpoint(desk, NOW + timedelta(seconds=1))["new"] is True
    code, found = verify(desk)
    named = {(row["object_kind"], row["object_id"]) for row in found["findings"]}  # type: ignore[attr-defined]
    assert code == 1 and ("custody", "1") in named


def test_a_log_that_is_shorter_than_its_checkpoint_or_has_a_gap_is_not_sealed(desk: Desk) -> None:
    look(desk, 3)
    checkpoint(desk)
    look(desk, 3)
    with Warehouse(desk.folder).writer() as writing:
        last = read_checkpoints(writing)[-1].tree_size
        writing.run("DELETE FROM custody WHERE seq = ?", [last + 2])
    said = desk.run("evidence", "checkpoint")
    assert said.code == 5 and "has a gap" in said.err
    with Warehouse(desk.folder).writer() as writing:
        writing.run("DELETE FROM custody WHERE seq >= ?", [last])
        # So that nothing waits which would be signed again, into the very same entries.
        writing.run("UPDATE custody SET audit_seq = 1000000 WHERE seq = ?", [last - 1])
    (desk.folder / "keys/custody.end").unlink()
    said = desk.run("evidence", "checkpoint")
    assert said.code == 5 and f"its last checkpoint counted {last}" in said.err

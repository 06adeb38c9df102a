"""Every night the evidence is checked; damage opens one incident of its own, and nothing is repaired behind anybody's back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from evidence.custody_entry import Purpose
from flows.arguments_evidence import PURPOSES
from flows.crashes import log_crash
from flows.home import Home, read_school
from flows.integrity import watch_evidence
from flows.private_files import write_plainly, write_whole
from mentionwatch.errors import ConfigError
from mentionwatch.labels import EVIDENCE_DAMAGED
from tests.flows.reported import desk as desk
from tests.flows.reported import template as template
from tests.incidents.homes import Desk
from warehouse.connection import Warehouse

NIGHT = datetime(2026, 11, 22, 3, 50, tzinfo=UTC)


def watch(desk: Desk, night: datetime = NIGHT):  # type: ignore[no-untyped-def]
    home = Home(desk.folder)
    return watch_evidence(home, *read_school(home), night)


def damage(desk: Desk) -> None:
    """Somebody changes a stored time behind the product's back."""
    with Warehouse(desk.folder).writer() as writing:
        writing.run("UPDATE revisions SET captured_at = captured_at + INTERVAL 1 DAY")


def test_a_whole_evidence_opens_nothing_and_the_check_is_on_record(desk: Desk) -> None:
    watched = watch(desk)
    assert not watched.incident and not watched.done.findings
    with Warehouse(desk.folder).live_reader() as reading:
        (row,) = reading.rows("SELECT object_kind, role FROM audit WHERE verb = 'verified'")
    assert row == ("evidence", "pipeline")


def test_a_post_in_no_list_fails_the_check_and_opens_an_incident_l31(desk: Desk) -> None:
    """What would vanish from every list without a changed byte: the command ends with 1 and names it, the night opens an incident."""
    with Warehouse(desk.folder).writer() as writing:
        ((id_,),) = writing.rows(
            "UPDATE mentions SET first_seen_at = first_seen_at - INTERVAL 1 SECOND RETURNING id"
        )
    assert not desk.run("mentions", "--json").rows
    said = desk.run("evidence", "verify")
    assert said.code == 1 and "1 findings" in said.out
    assert f"WRONG  mention {id_}:" in said.out
    assert watch(desk).is_new


def test_damage_opens_one_incident_of_its_own_that_stands_until_it_is_closed(desk: Desk) -> None:
    damage(desk)
    first, second = watch(desk), watch(desk, NIGHT + timedelta(days=1))
    assert first.is_new and not second.is_new and first.incident == second.incident
    listed = {row["id"]: row for row in desk.run("incident", "list", "--json").rows}
    assert listed[first.incident]["kind"] == EVIDENCE_DAMAGED
    assert listed["2026-0001"]["kind"] != EVIDENCE_DAMAGED, "the post's own incident is another one"


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_the_incident_is_shown_with_what_to_do_in_the_digest_and_on_its_page(desk: Desk, lang: str) -> None:
    school = desk.folder / "school.toml"
    school.write_text(
        school.read_text(encoding="utf-8").replace('lang = "en"', f'lang = "{lang}"'), encoding="utf-8"
    )
    damage(desk)
    number = watch(desk).incident
    shown = desk.run("incident", "show", number)
    assert shown.code == 0, shown.err
    digest = desk.run("digest", "--date", "2026-11-22", "--format", "text", "--lang", lang)
    assert digest.code == 0, digest.err
    assert number in digest.out and "mentionwatch evidence verify" in " ".join(digest.out.split())
    assert desk.run("incident", "timeline", number).code == 0


def test_a_person_can_close_it_with_a_reason(desk: Desk) -> None:
    damage(desk)
    number = watch(desk).incident
    steps = desk.run("incident", "show", number, "--json").row
    assert steps["state"] == "AWAITING_DECISION"
    closed = desk.run(
        "incident",
        "move",
        number,
        "no_case",
        "--as",
        "head",
        "--reason",
        "the disk was changed and the backup put back",
        "--now",
        (NIGHT + timedelta(hours=5)).isoformat(),
    )
    assert closed.code == 0, closed.err


def test_purposes_on_the_command_line_are_those_of_the_custody_log() -> None:
    assert tuple(purpose.value for purpose in Purpose if purpose) == PURPOSES


def test_a_file_that_cannot_be_written_leaves_nothing_behind_and_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError, match="taken"):
        write_whole(tmp_path / "taken", b"x")
    with pytest.raises(ConfigError, match="cannot be written"):
        write_plainly(tmp_path / "taken", b"x")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ConfigError, match="cannot be written"):
        write_plainly(tmp_path / "file" / "below", b"x")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "taken"]


def test_a_crash_that_cannot_be_logged_hides_no_other_error(tmp_path: Path) -> None:
    """On a full disk, or where the folder is a file: the first error is the one a person must hear of."""
    (tmp_path / "logs").write_bytes(b"")
    assert log_crash(Home(tmp_path), ValueError("x")) is None
    (tmp_path / "logs").unlink()
    (tmp_path / "logs" / "errors.log").mkdir(parents=True)
    assert log_crash(Home(tmp_path), ValueError("x")) is None

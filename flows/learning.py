"""Which model is used, and building another: from the labelled texts and what people corrected, past the gate.

Nothing here puts a model into use: a person signs (flows/promotion.py).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from classifiers.labelled import LabelledText, hash_corpus, read_corpus
from classifiers.model import Classifier
from classifiers.unseen import read_strangers
from flows.corrections import Lessons, choose_lessons
from flows.gate import RESAMPLES, SEED, GroupCompared, compare
from flows.home import Home, find_home
from flows.model_folders import own_folder
from flows.model_signature import check_signature
from flows.private_files import write_whole
from flows.promotion import (
    CHALLENGER,
    GATE_FILE,
    GATED,
    PREVIOUS,
    PROMOTED,
    WITHDRAWN,
    drop,
    fingerprint,
    folder_in_use,
    holding,
    make_models,
    models_of,
    move,
    read_gate,
    settle,
)
from mentionwatch.errors import AnotherRunHoldsTheLock, ConfigError
from mentionwatch.ids import digest
from mentionwatch.labels import Role
from mentionwatch.model import AuditEvent
from mentionwatch.settings import read_environment
from warehouse.chain import append_audit
from warehouse.connection import Warehouse
from warehouse.decisions import read_corrections

if TYPE_CHECKING:
    from classifiers.evaluate import Figures
    from classifiers.vectors import VectorCache

BUILDING = "building"


def model_in_use(home_option: str | None) -> Classifier:
    """The promoted model of the home, when it has one, else the model that ships. Raises `Fatal` for one that nobody
    promoted in this home."""
    from classifiers.store import load

    home = find_home(home_option, read_environment())
    folder = folder_in_use(models_of(home))
    if folder.parent == models_of(home):
        check_signature(home, folder, fingerprint(folder))
    return load(folder)


def build_own(folder: Path, encoder_name: str, say: Callable[[str], None]) -> list[Figures]:
    """Train on the labelled texts in the repository alone: how a shipped model is made. `encoder_name` "": as in use.

    Returns the figures on voices left out, whose scores are kept beside the model. Raises `ConfigError` for an encoder
    that does not exist or is not installed.
    """
    from classifiers.evaluate import calibrate, measure_all
    from classifiers.store import MANIFEST_FILE, MODELS, read_manifest, save, shipped
    from classifiers.train import build, plain_texts
    from classifiers.unseen import save_unseen
    from classifiers.vectors import CORPUS_VECTORS

    encoder_name = encoder_name or read_manifest(shipped()).encoder
    rows = read_corpus()
    cache = _find_cache(encoder_name)
    trained = build(rows, cache, say)
    save(trained.parts, encoder_name, hash_corpus(rows), folder)
    save_unseen(trained.judged, trained.parts.name, rows, folder)
    if folder.resolve().parent == MODELS:
        if cache:
            texts = plain_texts([*rows, *read_strangers()])
            (MODELS / CORPUS_VECTORS).write_bytes(cache.as_file(texts))
        manifest = digest((folder / MANIFEST_FILE).read_bytes())
        say(f'to ship it, write into classifiers/released.py: "{folder.name}": "{manifest}"')
    return measure_all(calibrate(trained.judged, trained.parts), trained.parts)


# --- building -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GateOutcome:
    """gate.json: what was compared with what, on what, and what came of it. Holds no word of a post."""

    made_at: str
    passed: bool
    reasons: tuple[str, ...]
    champion: str
    champion_sha256: str
    challenger: str
    challenger_sha256: str
    corpus_sha256: str
    corrections_sha256: str
    frozen_sha256: str
    corrections_in_force: int
    corrections_used: int
    left_out: tuple[tuple[str, int], ...]
    corrections_right: tuple[int, int]
    groups: tuple[GroupCompared, ...]
    seed: int
    resamples: int


def _is_known(models: Path, lessons: Lessons, corpus_sha256: str) -> bool:
    """Was a challenger built from just these already, be it waiting, promoted or taken out again?"""
    for name in (CHALLENGER, PROMOTED, PREVIOUS, WITHDRAWN):
        gate = read_gate(models / name)
        if gate is None or (gate.corpus_sha256, gate.corrections_sha256) != (
            corpus_sha256,
            lessons.corrections_sha256,
        ):
            continue
        # One that was compared with another model than the present one could never be promoted.
        if name != CHALLENGER or gate.champion_sha256 == fingerprint(folder_in_use(models)):
            return True
    return False  # fmt: skip


def _find_cache(encoder_name: str) -> VectorCache | None:
    """What makes vectors under that name; None for `none`. Raises `ConfigError` where it is not installed."""
    from classifiers.encoder import NONE, make_encoder
    from classifiers.vectors import cache_with_corpus

    encoder = make_encoder(encoder_name)
    if encoder is None and encoder_name != NONE:
        raise ConfigError(
            "train", "--encoder", f"{encoder_name} does not run on this machine", "Install it, or write none"
        )
    return cache_with_corpus(encoder) if encoder else None


def _train_with(champion: Classifier, corpus: tuple[LabelledText, ...], encoder_name: str) -> Classifier:
    """A model from the repository's texts with another encoder; the champion itself where none is asked for."""
    from classifiers.train import build

    if not encoder_name:
        return champion
    cache = _find_cache(encoder_name)
    return Classifier(build(corpus, cache).parts, cache)


def _judge_challenger(
    models: Path,
    corpus: tuple[LabelledText, ...],
    lessons: Lessons,
    frozen: tuple[LabelledText, ...],
    now: datetime,
    encoder_name: str,
) -> GateOutcome:
    from classifiers.store import load, read_manifest, save
    from classifiers.train import learn

    champion_folder, folder = folder_in_use(models), models / BUILDING
    champion = load(champion_folder, with_corpus=True)
    shutil.rmtree(folder, ignore_errors=True)
    start = _train_with(champion, corpus, encoder_name)
    base = start.parts.name.partition("~")[0]
    learned = start
    if lessons.rows:
        learned = learn(start, corpus, lessons.rows, f"{base}~{lessons.corrections_sha256[:12]}")
    provider = encoder_name or read_manifest(champion_folder).encoder
    save(learned.parts, provider, hash_corpus(corpus), folder)
    # What is judged is what was written, as it will be loaded.
    challenger = load(folder, with_corpus=True)
    compared = compare(champion, challenger, frozen, lessons.rows)
    return GateOutcome(
        made_at=now.isoformat(),
        passed=not compared.reasons,
        reasons=compared.reasons,
        champion=champion.name,
        champion_sha256=fingerprint(champion_folder),
        challenger=challenger.name,
        challenger_sha256=fingerprint(folder),
        corpus_sha256=hash_corpus(corpus),
        corrections_sha256=lessons.corrections_sha256,
        frozen_sha256=hash_corpus(frozen),
        corrections_in_force=lessons.in_force,
        corrections_used=len(lessons.rows),
        left_out=lessons.left_out,
        corrections_right=compared.corrections_right,
        groups=compared.groups,
        seed=SEED,
        resamples=RESAMPLES,
    )


def build_challenger(home: Home, now: datetime, encoder_name: str = "") -> GateOutcome | None:
    """Build a challenger from the texts in the repository and the corrections in force, and hold it against the model in use.

    With another encoder named it is built from the ground up, corrections or none. Else: None when there is nothing new to learn since the last one. A challenger that waits is replaced, and taken away when
    the corrections it learned from are gone. Raises `AnotherRunHoldsTheLock` while another training runs.
    """
    models = models_of(home)
    make_models(models)
    lock = FileLock(models / ".training.lock", timeout=0, mode=0o600)
    try:
        lock.acquire()
    except Timeout:
        raise AnotherRunHoldsTheLock(
            f"{models}: another training is running; it goes on undisturbed"
        ) from None
    try:
        with holding(models):
            settle(models)
        return _build(home, models, now, encoder_name)
    finally:
        lock.release()


def _build(home: Home, models: Path, now: datetime, encoder_name: str) -> GateOutcome | None:
    corpus, frozen = read_corpus(), read_strangers()
    with Warehouse(home.folder).live_reader() as reading:
        corrections = read_corrections(reading)
    lessons = choose_lessons(corrections, len(corpus), frozen)
    if not encoder_name and _is_known(models, lessons, hash_corpus(corpus)):
        return None
    if not encoder_name and not lessons.rows:
        with holding(models):
            drop(models, CHALLENGER)
        return None
    if own := own_folder(models):
        # A model nobody promoted here must not become the measure of the next one.
        check_signature(home, own, fingerprint(own))
    outcome = _judge_challenger(models, corpus, lessons, frozen, now, encoder_name)
    put_challenger(home, outcome, now)
    return outcome


def put_challenger(home: Home, outcome: GateOutcome, now: datetime) -> None:
    """Put what was built in the challenger's place, with what the gate said of it, in its folder and in the log."""
    models = models_of(home)
    content = (json.dumps(asdict(outcome), indent=1) + "\n").encode()
    write_whole(models / BUILDING / GATE_FILE, content)
    said = f"{outcome.challenger}: {'passed' if outcome.passed else 'refused'}"
    event = AuditEvent(now, "mentionwatch", Role.PIPELINE, GATED, "model", digest(content), said)
    with Warehouse(home.folder).writer() as writing:
        append_audit(writing, [event])
    with holding(models):
        drop(models, CHALLENGER)
        move(models, BUILDING, CHALLENGER)

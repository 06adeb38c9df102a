"""Bad input: every row gets a clear answer; nothing crashes, stalls, or is filed as neutral in silence."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers import store
from classifiers.labelled import read_corpus
from classifiers.model import Classifier, TextToClassify
from classifiers.rules import find_hits, points_at_indecent_image
from classifiers.wordless import has_words
from flows.home import Home
from flows.model_signature import sign_model
from flows.promotion import fingerprint
from mentionwatch.errors import Fatal
from mentionwatch.ids import digest
from mentionwatch.labels import Label, Route
from mentionwatch.model import Classification
from tests.flows.nights import ROOT, clean_environment, cli

MEGABYTE = 1_000_000
HARMLESS = (Label.POSITIVE, Label.NEUTRAL)
THREAT = "I will stab the teacher"
WORDLESS = {
    "nothing": "",
    "blanks": " \n\t\u00a0\u2003",
    "zero-width signs": "\u200b\u200c\u2060\ufeff",
    "angry faces": "😡😡🔥👊",
    "a flag and a heart": "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f❤️",
    "faces between blanks": "😡 😡 👊🏾",
    "a link": "https://blog.example/ysgol-warthus?x=1",
    "a link in capitals": "HTTPS://BLOG.EXAMPLE/A",
    "two links": "https://blog.example/a www.blog.example/b",
    "a link without a scheme": "blog.example/the-head",
    "an address": "head@ysgol.example",
    "a handle and a tag": "@ysgolaberwylan #ysgol",
    "signs": "!!! … ???",
    "digits": "12 345",
    "a NUL": "\x00\x00",
    "lone surrogates": "\ud800 \udfff",
    "turned blanks": "\u202e \u202c",
}
DISGUISED = {
    "turned and back": f"\u202e{THREAT}\u202c",
    "isolates around a word": "I will \u2067stab\u2069 the teacher",
    "Cyrillic letters": "І wіll stаb thе tеасhеr",
    "Greek letters": "I will stαb the teacher",
    "digits for letters": "I w1ll st4b the te4cher",
    "zero-width spaces": "I w\u200bill s\u200bt\u200bab the teach\u200ber",
    "soft hyphens": "I will st\u00adab the teacher",
    "full width": "Ｉ ｗｉｌｌ ｓｔａｂ ｔｈｅ ｔｅａｃｈｅｒ",
    "mathematical bold": "𝐈 𝐰𝐢𝐥𝐥 𝐬𝐭𝐚𝐛 𝐭𝐡𝐞 𝐭𝐞𝐚𝐜𝐡𝐞𝐫",
    "dots between letters": "I will s.t.a.b the teacher",
    "struck through": "I will s\u0336t\u0336a\u0336b\u0336 the teacher",
    "a NUL in a word": "I will st\x00ab the teacher",
    "half an emoji": f"{THREAT} \ud83d",
    "in capitals": THREAT.upper(),
}
FOREIGN = {
    "Polish": "Ta szkoła jest okropna, nauczyciele biją dzieci i nikt nic nie robi z tym problemem",
    "Arabic": "سوف أقتل المدير غدا في المدرسة",
    "Polish in front, English behind": "Zabiję tego nauczyciela jutro rano, naprawdę, w szkole. lol ok bye",
    "three at once": "Szkoła jest okropna, I will stab the teacher, mae'r ysgol yn ofnadwy",
}


@cache
def _loaded(name: str) -> Classifier:
    return store.load(store.MODELS / name)


@pytest.fixture(scope="module")
def model() -> Classifier:
    return _loaded("word")


def _judge(model: Classifier, text: str) -> Classification:
    return model.classify([TextToClassify("", text)])[0]


@pytest.mark.parametrize("text", WORDLESS.values(), ids=WORDLESS)
def test_what_holds_no_words_goes_to_a_person_who_is_told_why(model: Classifier, text: str) -> None:
    judged = _judge(model, text)
    assert judged.needs_person
    assert any("no words" in reason.why for reason in judged.reasons)


def test_a_link_with_words_beside_it_is_judged_by_its_words(model: Classifier) -> None:
    judged = _judge(model, "What a lovely concert, thank you all: https://blog.example/concert")
    assert not any("no words" in reason.why for reason in judged.reasons)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("croeso i bawb nos Iau, bydd te a bara brith yn y neuadd\ufffd", "could not be read"),
        ("\u202eloohcs eht\u202c is open on Thursday, all welcome", "another order"),
        ("\u202dThe school is open on Thursday, all welcome", "another order"),
    ],
)
def test_what_is_not_judged_as_it_is_seen_goes_to_a_person_who_is_told_why(
    model: Classifier, text: str, why: str
) -> None:
    judged = _judge(model, text)
    assert judged.needs_person
    assert any(why in reason.why for reason in judged.reasons)


def test_the_isolates_a_platform_puts_round_a_name_alarm_nobody(model: Classifier) -> None:
    plain = "What a lovely concert by 3B, thank you all so much!"
    marked = _judge(model, plain.replace("3B", "\u20683B\u2069"))
    assert marked.needs_person == _judge(model, plain).needs_person


@pytest.mark.parametrize("text", DISGUISED.values(), ids=DISGUISED)
def test_a_disguised_threat_goes_to_a_person_and_the_police_route(model: Classifier, text: str) -> None:
    judged = _judge(model, text)
    assert judged.needs_person
    assert judged.route is Route.POLICE
    assert judged.label not in HARMLESS


def test_a_threat_in_digits_alone_is_never_filed_unseen(model: Classifier) -> None:
    """No rule reads it; what is half unreadable is for a person."""
    assert _judge(model, "1 w1ll st4b th3 t34ch3r").needs_person


@pytest.mark.parametrize(
    "text",
    (
        "Ysgol Aberwylan ❤️🎉 diolch o galon i bawb am gyngerdd bendigedig!",
        "Thank you 🙏 to Mrs Pugh and 3B for a l-o-n-g but lovely concert",
        "Cyngerdd i’r plant: croeso i bawb nos Iau, bydd te a bara brith",
    ),
)
def test_emojis_apostrophes_and_a_drawn_out_word_are_no_disguise(model: Classifier, text: str) -> None:
    assert _judge(model, text).route is not Route.POLICE


def test_a_curly_apostrophe_is_judged_as_a_straight_one(model: Classifier) -> None:
    curly, straight = (
        _judge(model, f"Tŷ{sign}r ysgol: croeso i bawb nos Iau, bydd te a bara brith") for sign in "’'"
    )
    assert (curly.label, curly.route, curly.needs_person) == (
        straight.label,
        straight.route,
        straight.needs_person,
    )


@pytest.mark.parametrize("text", FOREIGN.values(), ids=FOREIGN)
def test_a_language_nobody_taught_it_is_never_filed_unseen(model: Classifier, text: str) -> None:
    assert _judge(model, text).needs_person


_ODD = st.sampled_from(
    [
        *WORDLESS.values(),
        *DISGUISED.values(),
        *FOREIGN.values(),
        "mae",
        "the",
        "\u0301",
        "\U0010ffff",
        "\ufdfa",
    ]
)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.one_of(_ODD, st.text(st.characters(), max_size=30)), max_size=6),
    st.sampled_from(["", " ", "\n"]),
)
def test_any_mixture_is_answered_alike_in_any_company(pieces: list[str], joint: str) -> None:
    model, text = _loaded("word"), joint.join(pieces)
    alone = _judge(model, text)
    assert model.classify([TextToClassify("", "croeso"), TextToClassify("", text)])[1] == alone
    for reason in alone.reasons:
        if reason.span:
            assert 0 <= reason.span[0] < reason.span[1] <= len(text)


# --- a megabyte -------------------------------------------------------------------------------------------


def _prose() -> str:
    """The invented texts in some order."""
    texts = [row.text for row in read_corpus()]
    random.Random(4).shuffle(texts)
    prose = " ".join(texts)
    return (prose * (MEGABYTE // len(prose) + 1))[:MEGABYTE]


def _fill(sign: str) -> str:
    return (sign * (MEGABYTE // len(sign) + 1))[:MEGABYTE]


MEGABYTES: dict[str, Callable[[], str]] = {
    "prose": _prose,
    "letters with hidden signs between": lambda: _fill("a\u200b"),
    "one-letter words": lambda: _fill("a "),
    "a link": lambda: f"https://blog.example/{'a' * MEGABYTE}",
    "angry faces": lambda: _fill("😡"),
    "at signs": lambda: _fill("@"),
    "spelt letters": lambda: _fill("k."),
}


@pytest.mark.parametrize("name", ["lives", "lives at", "lives a b c", "find him at number"])
@pytest.mark.parametrize("blank", [" ", "\n"])
def test_a_row_of_blanks_does_not_stall_the_rules(name: str, blank: str) -> None:
    """Once cubic: 2,000 blanks took half a minute. No test of speed, so small that a failure ends."""
    text = name + blank * 800
    began = time.process_time()
    find_hits(text)
    points_at_indecent_image(text)
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize("sign", ["@", "@.", "1@"])
def test_a_row_of_at_signs_does_not_stall_the_search_for_words(sign: str) -> None:
    """Once cubic: 2,000 signs took eight seconds."""
    began = time.process_time()
    has_words(sign * (1_200 // len(sign)))
    assert time.process_time() - began < 0.3


@pytest.mark.slow
@pytest.mark.parametrize("name", MEGABYTES)
def test_a_megabyte_is_answered_within_seconds_by_a_person(model: Classifier, name: str) -> None:
    """What cannot be read whole is never filed unseen."""
    text = MEGABYTES[name]()
    began = time.process_time()
    judged = _judge(model, text)
    assert time.process_time() - began < 15
    assert judged.needs_person


def test_a_threat_at_the_end_of_a_megabyte_is_found(model: Classifier) -> None:
    judged = _judge(model, f"{_prose()}. {THREAT}")
    # Among the prose are texts that offer pictures: those come before everything.
    assert judged.needs_person and (judged.route is Route.POLICE or judged.stop_image)


# --- the command ------------------------------------------------------------------------------------------


def _home(tmp_path: Path, name: str = "word") -> Path:
    """A home with a promoted model of its own."""
    home = tmp_path / "home"
    promoted = home / "models" / "promoted"
    shutil.copytree(store.MODELS / name, promoted)
    sign_model(Home(home), promoted, fingerprint(promoted))
    return home


def _classify(home: Path, data: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        cli("classify", "--home", str(home)),
        input=data,
        capture_output=True,
        env=clean_environment(),
        cwd=ROOT,
        timeout=300,
        check=False,
    )


def test_the_command_answers_each_line_in_order_whatever_it_holds(tmp_path: Path) -> None:
    given_lines: list[tuple[bytes, str | None]] = [
        (json.dumps({"id": "empty", "text": ""}).encode(), None),
        (b'{"id": "not utf-8", "text": "the head is \xff\xfe a liar"}', None),
        (b"\xff\xfe\x00", "not JSON"),
        (b'{"id": "surrogate", "text": "I will stab the teacher \\ud83d"}', None),
        (b'{"id": "nul", "text": "I will st\\u0000ab the teacher"}', None),
        (b'{"id": "raw nul", "text": "a\x00b"}', "not JSON"),
        (b'{"id": "number", "text": 7}', "text is not text"),
        (b'{"id": "list", "text": "x", "title": ["y"]}', "title is not text"),
        (b'{"text": "no id"}', "id is missing"),
        (b'{"id": "nothing"}', "text is missing"),
        (b'["text"]', "not a JSON object"),
        (b"[" * 100_000, "not JSON"),
        (b'{"id": "nan", "text": NaN}', "text is not text"),
        (json.dumps({"id": "long", "text": _prose()}, ensure_ascii=False).encode(), None),
        (json.dumps({"id": "threat", "text": THREAT, "lang": "xx"}).encode(), None),
    ]
    done = _classify(_home(tmp_path), b"\n".join(line for line, _ in given_lines) + b"\n")
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr
    answers = [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]
    assert len(answers) == len(given_lines)
    for answer, (_, error) in zip(answers, given_lines, strict=True):
        if error is not None:
            assert error in answer["error"]
            assert "label" not in answer
        else:
            assert answer["label"] in {label.value for label in Label}
            assert answer["reasons"] or not answer["needs_person"]
    by_id = {answer["id"]: answer for answer in answers if "id" in answer}
    for name in ("empty", "not utf-8", "surrogate", "nul", "threat", "long"):
        assert by_id[name]["needs_person"], name
    for name in ("surrogate", "nul", "threat"):
        assert by_id[name]["route"] == "police", name


# --- a missing or damaged model ---------------------------------------------------------------------------


def _with_digest(folder: Path, data: bytes) -> None:
    (folder / store.MODEL_FILE).write_bytes(data)
    path = folder / store.MANIFEST_FILE
    path.write_text(json.dumps(json.loads(path.read_text()) | {"sha256": digest(data)}), encoding="utf-8")


def _cut_off(folder: Path) -> None:
    data = (folder / store.MODEL_FILE).read_bytes()
    (folder / store.MODEL_FILE).write_bytes(data[: len(data) // 2])


def _manifest(text: bytes) -> Callable[[Path], object]:
    return lambda folder: (folder / store.MANIFEST_FILE).write_bytes(text)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "no model beside its manifest": lambda folder: (folder / store.MODEL_FILE).unlink(),
    "half a model": _cut_off,
    "an empty model": lambda folder: (folder / store.MODEL_FILE).write_bytes(b""),
    "an empty manifest": _manifest(b""),
    "a manifest of another sort": _manifest(b"[]"),
    "a manifest without its fields": _manifest(b"{}"),
    "a manifest with NUL bytes": _manifest(b"\x00" * 40),
    "a manifest that is not UTF-8": _manifest(b"\xff\xfe{}"),
    "a manifest that is a number": _manifest(b"7"),
    "a manifest nested without end": _manifest(b"[" * 100_000),
    "a signed file that is no model": lambda folder: _with_digest(folder, b"not a model"),
    "a signed archive of nothing": lambda folder: _with_digest(folder, b"PK\x05\x06" + bytes(18)),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_model_is_refused_in_one_line_that_names_it(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "model"
    shutil.copytree(store.MODELS / "word", folder)
    DAMAGES[name](folder)
    with pytest.raises(Fatal) as error:
        store.load(folder)
    assert "\n" not in str(error.value)
    assert str(folder) in str(error.value)


def test_a_missing_model_is_refused_in_one_line_that_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(Fatal, match="mentionwatch train") as error:
        store.load(tmp_path / "nowhere")
    assert "\n" not in str(error.value)


def test_the_command_refuses_a_damaged_model_without_judging_a_line(tmp_path: Path) -> None:
    home = _home(tmp_path)
    _cut_off(home / "models" / "promoted")
    done = _classify(home, b'{"id": "1", "text": "hello"}\n')
    assert done.returncode == 1
    assert done.stdout == b""
    said = done.stderr.decode()
    assert said.startswith("mentionwatch: ") and said.count("\n") == 1
    assert "Traceback" not in said and "unexpected" not in said

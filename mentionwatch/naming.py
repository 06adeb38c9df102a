"""How school names are written: folding a text to plain letters, and taking a name apart.

A name is a *core* ("St Mary's", "Llanbedrog") between words of *type* ("Ysgol Gynradd", "C of E Primary
School"). Writers keep the core and shuffle the type, so both the profile and the scope test work on parts.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass


def word_set(text: str) -> frozenset[str]:
    """The words of a plain list, for vocabularies that read better as text than as fifty quoted strings."""
    return frozenset(text.split())


_APOSTROPHES = frozenset("'’‘‛ʼʻʹʽ`´′＇ꞌ")
_DASHES = frozenset("-‐‑‒–—―−﹘﹣－")
# Letters that look Latin and are not, after case folding, and the small capitals.
LOOK_ALIKE_LETTERS = dict(
    zip(
        "авеёкмнорстухіїјѕԁһԛԝѵӏгпαβεηικμνορτυχγωıłøđðħŧɑɡɩʏꜱᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡᴢ",
        "abeekmhopctyxiijsdhqwvlrnabenikmvoptuxywilodhhtagiysabcdefghijklmnoprtuvwz",
        strict=True,
    )
)
_WORD = re.compile(r"[a-z0-9]+")


def _fold_character(character: str) -> str:
    if character in _APOSTROPHES:
        return ""
    if character in _DASHES:
        return "-"
    if character == "&":
        return " and "
    if character in "\n\r\u2028\u2029":
        return "\n"
    if character == "\t":
        return " "
    kept = []
    for part in unicodedata.normalize("NFKD", character).casefold():
        if unicodedata.category(part) in ("Mn", "Me", "Cf", "Cc"):
            continue
        kept.append(LOOK_ALIKE_LETTERS.get(part, part))
    return "".join(kept)


class _Fold(dict[int, str]):
    """A translation table that fills itself.

    One character at a time, because normalising a whole hostile text sorts its combining marks in
    quadratic time.
    """

    def __missing__(self, point: int) -> str:
        self[point] = folded = _fold_character(chr(point))
        return folded


_FOLD = _Fold()


def fold(text: str) -> str:
    """Lower-case Latin letters and digits with the punctuation left in; linear in the text.

    Case, accents, Unicode form, zero-width characters, apostrophes, dashes and look-alike letters no
    longer matter. `&` becomes `and`; an HTML entity that a feed left behind is read.
    """
    if "&" in text and ";" in text:
        text = html.unescape(text)
    if "â€" in text:  # UTF-8 quotes once read as Windows-1252
        text = text.replace("â€™", "'").replace("â€˜", "'")
    return text.translate(_FOLD)


def words(text: str) -> tuple[str, ...]:
    """The folded words of a name. "St. Mary's" is `st`, `marys`."""
    return tuple("st" if word in ("saint", "ss") else word for word in _WORD.findall(fold(text)))


SCHOOL_WORDS = word_set(
    "school schools skool academy academys academi academies college colleges coleg ysgol hysgol ysg"
)
_PHASES = {
    "nursery": "nursery meithrin feithrin kindergarten preschool playgroup",
    "infant": "infant infants babanod",
    "junior": "junior juniors iau",
    "primary": "primary primarys prim cp cps jmi jmis gynradd cynradd ngynradd",
    "first": "first",
    "middle": "middle ganol",
    "secondary": "secondary high comprehensive comp grammar upper uwchradd gyfun cyfun",
    "special": "special arbennig",
}
PHASES = {word: phase for phase, listed in _PHASES.items() for word in listed.split()}
_FAITHS = {
    "anglican": "ce cofe ciw cinw",
    "catholic": "catholic rc gatholig catholig babyddol",
    "methodist": "methodist",
    "jewish": "jewish",
    "muslim": "muslim islamic",
    "hindu": "hindu",
    "sikh": "sikh",
}
FAITHS = {word: faith for faith, listed in _FAITHS.items() for word in listed.split()}
_PHRASES: dict[tuple[str, ...], tuple[str, str]] = {
    ("church", "of", "england"): ("faith", "anglican"),
    ("c", "of", "e"): ("faith", "anglican"),
    ("c", "e"): ("faith", "anglican"),
    ("church", "in", "wales"): ("faith", "anglican"),
    ("c", "in", "w"): ("faith", "anglican"),
    ("yr", "eglwys", "yng", "nghymru"): ("faith", "anglican"),
    ("eglwys", "yng", "nghymru"): ("faith", "anglican"),
    ("roman", "catholic"): ("faith", "catholic"),
    ("r", "c"): ("faith", "catholic"),
    ("sixth", "form"): ("phase", "secondary"),
    ("pre", "school"): ("phase", "nursery"),
    ("for", "girls"): ("filler", ""),
    ("for", "boys"): ("filler", ""),
}
_FILLERS = word_set(
    "community county voluntary aided controlled va vc foundation welsh gymraeg cymraeg gymuned gymunedol medium "
    "maintained endowed free specialist technology sports girls boys merched bechgyn eglwys church state "
    "wirfoddol gynorthwyedig reoledig"
)
_JOINERS = frozenset({"and", "with", "a", "ac"})


@dataclass(frozen=True, slots=True)
class TypeRun:
    """Words of type read from a text: `[start, end)`, and what they say."""

    start: int
    end: int
    phases: frozenset[str] = frozenset()
    faiths: frozenset[str] = frozenset()
    school_words: frozenset[str] = frozenset()

    @property
    def says_school(self) -> bool:
        """At least a word like school, primary or academy, not only `community` or `church`."""
        return bool(self.phases or self.school_words)


def _piece(text: Sequence[str], at: int) -> tuple[int, str, str]:
    """The type word or phrase that starts at `at`: length (0 when none), sort, value."""
    for phrase, (sort, value) in _PHRASES.items():
        if text[at] == phrase[0] and tuple(text[at : at + len(phrase)]) == phrase:
            return len(phrase), sort, value
    word = text[at]
    if word in SCHOOL_WORDS:
        return 1, "school", word
    if word in PHASES:
        return 1, "phase", PHASES[word]
    if word in FAITHS:
        return 1, "faith", FAITHS[word]
    if word in _FILLERS:
        return 1, "filler", ""
    return 0, "", ""


def read_types(text: Sequence[str], at: int, limit: int = 10) -> TypeRun:
    """The run of type words that begins exactly at `at`; empty (`start == end`) when there is none."""
    said: dict[str, set[str]] = {"phase": set(), "faith": set(), "school": set(), "filler": set()}
    end, stop = at, min(len(text), at + limit)
    while end < stop:
        length, sort, value = _piece(text, end)
        if not length and end > at and text[end] in _JOINERS and end + 1 < stop:
            length, sort, value = _piece(text, end + 1)
            length += bool(length)
        if not length:
            break
        said[sort].add(value)
        end += length
    return TypeRun(at, end, frozenset(said["phase"]), frozenset(said["faith"]), frozenset(said["school"]))


_WELSH_SCHOOL = frozenset({"ysgol", "hysgol", "ysg"})


def read_welsh_types(text: Sequence[str], before: int, limit: int = 6) -> TypeRun:
    """The run "Ysgol (Gynradd, Gymraeg …)" that ends exactly before `before`; empty when there is none."""
    for start in range(before - 1, max(-1, before - 1 - limit), -1):
        if text[start] in _WELSH_SCHOOL:
            run = read_types(text, start)
            # The core may itself begin with a word of type, so the run may read too far, never too short.
            if run.end >= before:
                return read_types(text[:before], start)
            break
    return TypeRun(before, before)


@dataclass(frozen=True, slots=True)
class NameParts:
    """A school name taken apart; all words folded.

    `core` is what tells it from others, `phases` and `faiths` what the type words say. `is_typed` is
    False for a bare nickname or initials. `is_whole` means that the core holds a word of type in its
    middle ("Oasis Academy Redbrook"), so that the core alone already says school. `tail` are words after
    the type, a place as a rule ("Trinity School, Carlisle").
    """

    core: tuple[str, ...]
    phases: frozenset[str] = frozenset()
    faiths: frozenset[str] = frozenset()
    school_words: frozenset[str] = frozenset()
    is_typed: bool = True
    is_welsh: bool = False
    is_whole: bool = False
    tail: tuple[str, ...] = ()


def parse_name(name: str) -> NameParts:
    """Take a name apart. Never raises; a name that is all type ("The Academy") keeps itself as core."""
    all_words = words(name)
    text = all_words[1:] if len(all_words) > 1 and all_words[0] == "the" else all_words
    if text and text[0] in _WELSH_SCHOOL:
        run = read_types(text, 0)
        rest = text[run.end :]
        trailing = _first_run(rest, 1)
        core = rest[: trailing.start] if trailing.says_school else rest
        if core:
            phases, faiths = run.phases | trailing.phases, run.faiths | trailing.faiths
            return NameParts(core, phases, faiths, run.school_words | trailing.school_words, is_welsh=True)
    run = _first_run(text, 1)
    if not run.says_school:
        return NameParts(text, is_typed=False)
    tail = text[run.end :]
    if tail and "," not in name and run.school_words == {"academy"} and not run.phases:
        return NameParts(text, school_words=run.school_words, is_whole=True)
    return NameParts(text[: run.start], run.phases, run.faiths, run.school_words, tail=tail)


def _first_run(text: Sequence[str], at: int) -> TypeRun:
    """The first run at or after `at` that says school."""
    start = at
    while start < len(text):
        run = read_types(text, start)
        if run.says_school:
            return run
        start = max(run.end, start + 1)
    return TypeRun(len(text), len(text))

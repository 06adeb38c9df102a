"""Covering names in words, and looking through a finished exhibit for one that got through.

Letters are compared without case, accents, width, invisible characters and what stands between the parts of a name:
`SIÂN-bloggs`, `sian_bloggs`, `Siân%20Bloggs` are all Siân Bloggs. More is covered than need be rather than less:
the whole word around a name, and each part of it.
"""

from __future__ import annotations

import html
import io
import json
import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import unquote

from evidence.exhibit_mutations import mutate
from evidence.exhibit_picture import is_bare_png
from evidence.exhibit_values import Exhibit, ExhibitRevision, SignedCustody
from evidence.exhibit_words import MARK
from mentionwatch import lookalikes
from mentionwatch.labels import EntryKind

SHORT = 3
"""A name or part of so few Latin letters counts only as a whole word: `Ann` is not in `Cannot`. Other scripts may set no spaces."""
# Digits too come between: %20 and &#32; stand for a space.
_BETWEEN = r"(?:%[0-9a-f]{2}|&#?[0-9a-z]{1,8};|[\W_])*"
_HEX = re.compile(r"(?<![^\W_])[0-9a-f]{16,}(?![^\W_])")
# First name and surname found one by one are one name; how many parts it has is nobody's business.
_NEIGHBOURS = re.compile(f"{MARK}(?:[ _.-]*{MARK})+")
_TITLES = frozenset("mrs miss the and van von der mac ferch syr dame lady prof".split())
_UNSEEN = ("Mn", "Me", "Cf", "Cc")
# What entries of the custody log may say (their other fields are ids and digests): no name of anybody.
_CODES = frozenset(
    "captured sealed viewed verified verify_failed exported redacted handed_over received_back held released rechecked "
    "key_destroyed compacted checkpointed role_changed manual_intake correction key_rotated monitoring decision check "
    "site_report letter meeting safeguarding police court subject_access complaint retention erasure upkeep "
    "head co_head slt deputy chair dsl operator pipeline".split()
)
_START, _END = r"(?<![^\W\d_])", r"(?![^\W\d_])"
_PRINTABLE = re.compile(rb"[\x20-\x7e\x80-\xff]{4,}")


@lru_cache(maxsize=4096)
def _fold_char(char: str) -> str:
    if not char.isascii() and (latin := lookalikes.fold(char)).isalnum():
        return latin
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
    return "".join(one for one in spread if one.isspace() or unicodedata.category(one) not in _UNSEEN)


def fold(text: str) -> str:
    """The text as it is compared: NFKC and casefold, then without accents, look-alikes and what cannot be seen.

    Character by character, so that places can be found again.
    """
    return "".join(map(_fold_char, text))


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_"


@dataclass(frozen=True, slots=True)
class NameFinder:
    """Finds names in folded text. Build it with `find_names`."""

    long: re.Pattern[str] | None
    short: re.Pattern[str] | None

    def spans(self, folded: str) -> list[tuple[int, int]]:
        """Where names are: a long one with the whole word around it."""
        found = list[tuple[int, int]]()
        for match in self.long.finditer(folded) if self.long else ():
            begin, end = match.span()
            while begin and _is_word(folded[begin - 1]):
                begin -= 1
            while end < len(folded) and _is_word(folded[end]):
                end += 1
            found.append((begin, end))
        found += [match.span() for match in self.short.finditer(folded)] if self.short else []
        return sorted(found)

    def count(self, text: str) -> Counter[str]:
        """How often each spelling stands in the text, digests left aside: theirs are no words."""
        folded = _HEX.sub("0", fold(text))
        return Counter(folded[begin:end] for begin, end in self.spans(folded))

    def cover(self, text: str) -> str:
        """The text with each name, and the word it is in, under the mark; also where it stands in percent signs or entities."""
        while True:
            covered = self._cover_once(text)
            for undo in (unquote, html.unescape):
                plain = undo(covered)
                if plain != covered and self.spans(fold(plain)):
                    covered = self._cover_once(plain)
            covered = _NEIGHBOURS.sub(MARK, covered)
            if covered == text:
                return text
            # What stood on both sides of a covered name may itself be one.
            text = covered

    def _cover_once(self, text: str) -> str:
        places = [place for place, char in enumerate(text) for _ in _fold_char(char)]
        out, done = list[str](), 0
        for begin, end in self.spans(fold(text)):
            first, last = places[begin], places[end - 1] + 1
            # An accent of its own after the last letter belongs to it.
            while last < len(text) and not _fold_char(text[last]):
                last += 1
            if last <= done:
                continue
            out += [text[done:first], MARK] if first >= done else []
            done = last
        return "".join(out) + text[done:]


def find_names(names: Iterable[str]) -> NameFinder | None:
    """What finds these names and their parts; None when one of them has not two letters or digits to be found by."""
    long, short = set[str](), set[str]()
    for name in names:
        parts = [part for part in re.split(r"[\W_]+", fold(name)) if part]
        if sum(map(len, parts)) < 2:
            return None
        is_short = sum(map(len, parts)) <= SHORT and all(part.isascii() for part in parts)
        (short if is_short else long).add(_BETWEEN.join(map(_spell, parts)))
        for part in parts if len(parts) > 1 else ():
            if len(part) >= SHORT and part not in _TITLES:
                (short if len(part) <= SHORT and part.isascii() else long).add(_spell(part))
    return NameFinder(_either(long, "", ""), _either(short, _START, _END))


def _spell(part: str) -> str:
    """A part of a name, also with its first letters mutated: then only where a word begins, for `went` is no Gwent."""
    forms = [f"{_START}{re.escape(form)}{_END if len(form) <= SHORT else ''}" for form in mutate(part)]
    return f"(?:{'|'.join((re.escape(part), *forms))})"


def _either(patterns: set[str], before: str, after: str) -> re.Pattern[str] | None:
    if not patterns:
        return None
    return re.compile(f"{before}(?:{'|'.join(sorted(patterns, key=lambda one: (-len(one), one)))}){after}")


def cover_exhibit(exhibit: Exhibit, change: Callable[[str], str]) -> Exhibit:
    """The exhibit with only what a covered copy may hold, each outside text changed."""
    return replace(
        exhibit,
        school=change(exhibit.school),
        revisions=tuple(_cover_revision(row, change) for row in exhibit.revisions),
    )


def _cover_revision(row: ExhibitRevision, change: Callable[[str], str]) -> ExhibitRevision:
    # Digests of words go too: whoever guesses a name could test the guess. A WARC has random record ids in it.
    return replace(
        row, url=change(row.url), title=change(row.title), text=change(row.text),
        source=change(row.source), url_requested=change(row.url_requested),
        url_final=change(row.url_final), fault_detail=change(row.fault_detail),
        redirects=tuple(change(one) for one in row.redirects), robots=change(row.robots),
        passage=change(row.passage), warc=b"", page_text="", raw=b"", page_sha256="", text_sha256="",
        raw_sha256="", entered="", pictures=(),
    )  # fmt: skip


def _blank(text: str) -> str:
    return "·" if text else ""


def blank_exhibit(exhibit: Exhibit) -> Exhibit:
    """The covered exhibit with a dot for any outside text and anything a person wrote: our own words alone are left."""
    bare = cover_exhibit(exhibit, _blank)
    incident = exhibit.incident
    return replace(
        bare,
        software=_blank(bare.software),
        revisions=tuple(_blank_revision(row) for row in bare.revisions),
        custody=tuple(replace(line, note="", object_id=_blank(line.object_id)) for line in bare.custody),
        incident=incident and replace(incident, kind=_blank(incident.kind), clause=_blank(incident.clause)),
        signed=_blank_signed(bare.signed),
    )


def _blank_revision(row: ExhibitRevision) -> ExhibitRevision:
    redacted = tuple(
        replace(
            one,
            browser=_blank(one.browser),
            covered=tuple(replace(cover, reason="") for cover in one.covered),
        )
        for one in row.redacted
    )
    return replace(
        row, kind=row.kind if row.kind in frozenset(EntryKind) else "", remote_ip=_blank(row.remote_ip),
        software=_blank(row.software), redacted=redacted, tls_version=_blank(row.tls_version),
        tls_cert_sha256=_blank(row.tls_cert_sha256), clock_source=_blank(row.clock_source),
        fault_kind=_blank(row.fault_kind),
    )  # fmt: skip


def _blank_signed(signed: SignedCustody) -> SignedCustody:
    checkpoints = tuple(
        replace(
            one,
            body=b"",
            stamps=tuple(
                replace(stamp, tsa=_blank(stamp.tsa), why=_blank(stamp.why)) for stamp in one.stamps
            ),
        )
        for one in signed.checkpoints
    )
    entries, rotations = (
        tuple(replace(entry, body=_blank_body(entry.body)) for entry in part)
        for part in (signed.entries, signed.rotations)
    )
    return replace(signed, entries=entries, checkpoints=checkpoints, rotations=rotations)


def _blank_body(body: bytes) -> bytes:
    try:
        shown = json.loads(body)
    except ValueError:
        return b""
    fields = shown.items() if isinstance(shown, dict) else ()
    kept = {key: value if value in _CODES else "" for key, value in fields if isinstance(value, str)}
    # Of the names of its fields only those that each entry has are ours.
    return json.dumps({key: value for key, value in kept.items() if key in _FIELDS}).encode()


_FIELDS = frozenset(
    "v seq at event actor_id role purpose authority object_commit capture_id incident_id before_ok after_ok recipient "
    "prev kid".split()
)


def find_leaks(
    built: Mapping[str, bytes], blank: Mapping[str, bytes], finder: NameFinder, names: Sequence[str]
) -> list[str]:
    """Files in which a name to cover can still be found, also in a disguise that `cover` does not see through.

    `blank` is the same exhibit without any outside text: what stands in our own words there (`Mai`, `Mark`, `Page`)
    names nobody.
    """
    return [
        name
        for name, body in sorted(built.items())
        if (name.endswith(".png") and not is_bare_png(body))
        or ((seen := _disguised(name, body, names)) and seen - _disguised(name, blank.get(name, b""), names))
        or any(
            count - mine
            for count, mine in zip(
                _count(name, body, finder), _count(name, blank.get(name, b""), finder), strict=True
            )
        )
    ]


def _disguised(name: str, body: bytes, names: Sequence[str]) -> set[str]:
    if name.endswith((".py", ".png", ".sig", ".sealed", ".tsr")):
        return set()
    return set(lookalikes.find_names(_unescape(name, body.decode("utf-8", "replace")), names))


def _count(name: str, body: bytes, finder: NameFinder) -> list[Counter[str]]:
    views = _views(name, body)
    # Most files read the same in every view.
    counted = {view: finder.count(view) for view in set(views)}
    return [counted[view] for view in views]


def _views(name: str, body: bytes) -> list[str]:
    """What a reader may see of a file: as it is, with entities, percent signs and escapes undone."""
    if name.endswith(".py"):
        return [""] * 4
    if name.endswith((".png", ".sig", ".sealed", ".tsr")):
        text = "\n".join(piece.decode("utf-8", "ignore") for piece in _PRINTABLE.findall(body))
        return [text, body.decode("utf-16-le", "ignore"), unquote(text), ""]
    text = body.decode("utf-8", "replace")
    return [text, html.unescape(text), unquote(text), _unescape(name, text)]


def _unescape(name: str, text: str) -> str:
    if not name.endswith(".json"):
        return text
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except ValueError:
        return text


def read_zip(body: bytes) -> dict[str, bytes]:
    """The files of a built ZIP, and what the ZIP says beside them under the name of an empty file."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        found = {info.filename: archive.read(info) for info in archive.infolist()}
        found[""] = archive.comment + b"".join(info.comment + info.extra for info in archive.infolist())
    return found

"""Is the cited passage still there? Decided by the passage and its neighbours, never by a site's wording.

"Gone" is said only on strong grounds; whatever is weaker is `unknown`. It is an observation, "not found at
this time", and says nothing of who took it down.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from evidence.text import read_text
from mentionwatch.fetching import Fault, Fetched

SHINGLE = 5
"""Words of a run that counts as kept; shorter runs occur by chance."""

EDITED_SHARE = 0.3
LEAST_WORDS = 6
"""A passage shorter than this cannot be told from a rewritten one when it is missing."""

NEIGHBOURS_A_SIDE = 4

_WORD = re.compile(r"\W+")
_PASSWORD = re.compile(rb"<input\b[^>]*\btype\s*=\s*[\"']?password", re.I)
_LOGIN_PATH = re.compile(r"/(?:log-?in|sign-?in|auth|account/login|mewngofnodi)(?:[/.?]|$)", re.I)
_MORE_HTML = re.compile(
    rb"rel\s*=\s*[\"']?next|[?&](?:amp;)?(?:comment[-_]?)?page=\d|/(?:comment-)?page[-/]\d", re.I
)
_MORE_TEXT = re.compile(
    r"^\W*(?:next(?: page)?|older(?: comments| posts)?|newer comments|(?:load|show|view|read) (?:more|all|\d+ more)\b.*|nesaf|tudalen nesaf|sylwadau hŷn|rhagor|dangos (?:mwy|rhagor).*)\W*$",
    re.I | re.M,
)


class PostState(StrEnum):
    """What a second look found. The values are stored in the incident's log."""

    PRESENT = "present"
    EDITED = "edited"
    GONE = "gone"
    INACCESSIBLE = "inaccessible"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Baseline:
    """What to look for: the passage and lines that stood before and after it, all normalised; empty when unknown."""

    url: str
    passage: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PostSeen:
    """The outcome of one look. `basis` is one plain sentence without words of the post."""

    state: PostState
    basis: str
    http_status: int | None = None


def normalise(text: str) -> str:
    """Compatibility form, folded case, runs of anything but letters and digits as one space."""
    return _WORD.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def choose_baseline(url: str, title: str, text: str, page_text: str) -> Baseline:
    """The passage of a stored capture: the whole post where the page holds it, else its longest sentence there.

    A feed often gives a shortened text; its title is the last resort.
    """
    page = normalise(page_text)
    sentences = sorted(re.split(r"(?<=[.!?…])\s+|\n+", text), key=len, reverse=True)
    passage = next(
        (
            wanted
            for wanted in (normalise(choice) for choice in (text, *sentences, title))
            if len(wanted.split()) >= 2 and f" {wanted} " in f" {page} "
        ),
        "",
    )
    if not passage:
        return Baseline(url, "", (), ())
    lines = [line for line in (normalise(line) for line in page_text.splitlines()) if line]
    first, last = _find_lines(lines, passage)
    before = [line for line in lines[:first] if len(line) >= 15][-NEIGHBOURS_A_SIDE:]
    after = [line for line in lines[last + 1 :] if len(line) >= 15][:NEIGHBOURS_A_SIDE]
    return Baseline(url, passage, tuple(before), tuple(after))


def _find_lines(lines: Sequence[str], passage: str) -> tuple[int, int]:
    """First and last line the passage runs over."""
    starts, at = [], 0
    for line in lines:
        starts.append(at)
        at += len(line) + 1
    begin = f" {' '.join(lines)} ".index(f" {passage} ")
    end = begin + len(passage) - 1
    first = max(index for index, start in enumerate(starts) if start <= begin)
    last = max(index for index, start in enumerate(starts) if start <= end)
    return first, last


def _share_kept(passage: str, page: str) -> float:
    words, found = passage.split(), page.split()
    shingles = {tuple(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1)}
    there = {tuple(found[at : at + SHINGLE]) for at in range(len(found) - SHINGLE + 1)}
    return len(shingles & there) / len(shingles) if shingles else 0.0


def _by_status(answer: Fetched, control: Fetched | Fault | None) -> PostSeen | None:
    status = answer.status
    if status in (404, 410):
        if control is not None and (isinstance(control, Fault) or control.status not in (200, 304)):
            return PostSeen(
                PostState.UNKNOWN, f"answers {status}, but the site as a whole is not well", status
            )
        return PostSeen(PostState.GONE, f"the address answers {status}", status)
    if status in (401, 403, 451):
        return PostSeen(PostState.INACCESSIBLE, f"the address answers {status}", status)
    if status != 200:
        return PostSeen(PostState.UNKNOWN, f"the address answers {status}", status)
    return None


def _is_home(url: str) -> bool:
    return urlsplit(url).path in ("", "/")


def _is_login(answer: Fetched) -> bool:
    moved = answer.url_final != answer.url_requested
    return bool(_PASSWORD.search(answer.body)) or (
        moved and bool(_LOGIN_PATH.search(urlsplit(answer.url_final).path))
    )


def decide_state(
    baseline: Baseline, answer: Fetched | Fault, control: Fetched | Fault | None = None
) -> PostSeen:
    """What one look shows. `control` is the source's own address, asked when the post answers 404 or 410.

    Order: the exact passage decides before anything else on a page that was delivered.
    """
    if isinstance(answer, Fault):
        return PostSeen(PostState.UNKNOWN, f"could not be looked at: {answer.kind.value}")
    by_status = _by_status(answer, control)
    if by_status is not None:
        return by_status
    page = normalise(read_text(answer.body, answer.media_type))
    if baseline.passage and f" {baseline.passage} " in f" {page} ":
        return PostSeen(PostState.PRESENT, "the passage is there word for word", 200)
    if _is_login(answer):
        return PostSeen(PostState.INACCESSIBLE, "the page asks for a sign-in", 200)
    if not baseline.passage:
        return PostSeen(PostState.UNKNOWN, "no copy of the page to compare with", 200)
    return _by_neighbours(baseline, answer, page)


def _by_neighbours(baseline: Baseline, answer: Fetched, page: str) -> PostSeen:
    if _share_kept(baseline.passage, page) >= EDITED_SHARE:
        return PostSeen(PostState.EDITED, "part of the passage is there, in other words", 200)
    if answer.truncated:
        return PostSeen(PostState.UNKNOWN, "the page did not arrive whole", 200)
    if _is_home(answer.url_final) and not _is_home(answer.url_requested):
        return PostSeen(PostState.UNKNOWN, "the address leads to the site's front page", 200)
    if len(baseline.passage.split()) < LEAST_WORDS:
        return PostSeen(PostState.UNKNOWN, "the passage is too short to tell gone from rewritten", 200)
    if _has_more(answer):
        return PostSeen(
            PostState.UNKNOWN, "the page goes on elsewhere: the passage may have moved there", 200
        )
    before = [line for line in baseline.before if f" {line} " in f" {page} "]
    after = [line for line in baseline.after if f" {line} " in f" {page} "]
    stood = len(baseline.before) + len(baseline.after)
    both_sides = (not baseline.before or before) and (not baseline.after or after)
    if stood >= 2 and both_sides and 2 * (len(before) + len(after)) >= stood:
        return PostSeen(
            PostState.GONE,
            f"the passage is missing while {len(before) + len(after)} of {stood} neighbours remain",
            200,
        )
    return PostSeen(PostState.UNKNOWN, "the passage is missing, and so is what stood around it", 200)


def _has_more(answer: Fetched) -> bool:
    return bool(_MORE_HTML.search(answer.body)) or bool(
        _MORE_TEXT.search(read_text(answer.body, answer.media_type))
    )

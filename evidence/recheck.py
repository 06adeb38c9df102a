"""Is the cited passage still there? Decided by the passage and its neighbours, never by a site's wording.

"Gone" is said only on strong grounds; whatever is weaker is `probably_gone` or `unknown`. It is an observation,
"not found at this time", and says nothing of who took it down, nor whether it stands at another address.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from evidence import recheck_page as pages
from evidence.recheck_address import is_home, is_same_place, is_same_site
from evidence.recheck_baseline import (
    NEIGHBOUR_LETTERS,
    Baseline,
    PostSeen,
    PostState,
    choose_baseline,
    find_lines,
)
from evidence.recheck_gap import may_be_shown
from evidence.recheck_hidden import holds_words
from evidence.recheck_page import fold_digits, list_lines, normalise
from evidence.recheck_place import Place, look_at_place, share_kept
from evidence.recheck_words import BasisKey, say_basis
from evidence.text import read_page
from mentionwatch.fetching import Fault, Fetched

__all__ = [
    "Baseline",
    "PostSeen",
    "PostState",
    "choose_baseline",
    "decide_state",
    "needs_controls",
    "normalise",
]

EDITED_SHARE = 0.3
MOST_PLACES = 50
"""Of a passage that stands many times on a page, so many are compared with where it stood."""

LEAST_WORDS = 6
"""A passage shorter than this cannot be told from a rewritten one when it is missing."""


def _seen(state: PostState, key: BasisKey, **values: object) -> PostSeen:
    texts = {name: str(value) for name, value in values.items()}
    return PostSeen(state, say_basis(key, "en", texts), key=key, values=tuple(texts.items()))


@dataclass(frozen=True, slots=True)
class _Look:
    """One answer with what is read off it once."""

    baseline: Baseline
    answer: Fetched
    control: Fetched | Fault | None
    lost: Fetched | Fault | None
    text: str
    lines: tuple[str, ...]

    @property
    def page(self) -> str:
        return f" {' '.join(self.lines)} "

    @property
    def new_lines(self) -> list[str]:
        known = set(self.baseline.lines)
        return [line for line in self.lines if line not in known]

    def is_well(self) -> bool:
        """Did the source's own address, on the post's site, answer with a page of its own?"""
        control = self.control
        if not isinstance(control, Fetched) or control.status not in (200, 304):
            return False
        is_led_away = is_home(control.url_final) and not is_home(control.url_requested)
        return (
            not is_led_away
            and not pages.leads_to_login(control)
            and is_same_site(control.url_final, self.answer.url_requested)
        )


def decide_state(
    baseline: Baseline,
    answer: Fetched | Fault,
    control: Fetched | Fault | None = None,
    lost: Fetched | Fault | None = None,
) -> PostSeen:
    """What one look shows (evidence design 3.7).

    `control` is the answer of the source's own address, `lost` that of an address on the same host that surely
    is none (`recheck_address.make_lost_url`); both are asked only when `needs_controls` says so. The exact passage
    decides before anything else, whatever the status.
    """
    if isinstance(answer, Fault):
        return _seen(PostState.UNKNOWN, BasisKey.FAULT, kind=answer.kind.value)
    text = read_page(answer.body, answer.media_type)
    look = _Look(baseline, answer, control, lost, text, list_lines(text))
    seen = _by_passage(look) or _by_status(look) or _by_page(look)
    if seen.state in (PostState.GONE, PostState.PROBABLY_GONE):
        if holds_words(answer, baseline.passage, baseline.lines):
            seen = _seen(PostState.UNKNOWN, BasisKey.WORDS_UNSEEN)
        elif _stands_at_source(look):
            seen = _seen(PostState.UNKNOWN, BasisKey.STILL_AT_SOURCE)
    return replace(seen, http_status=answer.status, site_is_well=look.is_well())


def _stands_at_source(look: _Look) -> bool:
    """A post that has only changed its address is often still listed by its source."""
    if not isinstance(look.control, Fetched) or not look.baseline.passage:
        return False
    listed = " ".join(list_lines(read_page(look.control.body, look.control.media_type)))
    return f" {look.baseline.passage} " in f" {listed} "


def needs_controls(seen: PostSeen) -> bool:
    """Could the controls change this outcome, or are they needed to rely on it?"""
    return seen.state in (PostState.GONE, PostState.PROBABLY_GONE, PostState.UNKNOWN) and (
        seen.http_status in (200, 404, 410)
    )


def _by_passage(look: _Look) -> PostSeen | None:
    passage = look.baseline.passage
    if not passage or f" {passage} " not in look.page:
        return None
    if pages.has_quotes(look.answer) and f" {passage} " not in f" {_own_page(look)} ":
        is_quoted = True
    else:
        holding = [line for line in look.text.splitlines() if f" {passage} " in f" {normalise(line)} "]
        is_json = look.answer.media_type.endswith("json")
        is_quoted = (
            bool(holding) and not is_json and all(pages.is_between_marks(line, passage) for line in holding)
        )
    if is_quoted and not _is_in_place(look):
        return _seen(PostState.UNKNOWN, BasisKey.ONLY_QUOTED)
    return _seen(PostState.PRESENT, BasisKey.WORD_FOR_WORD)


def _own_page(look: _Look) -> str:
    """The page without quotations; on a site that sets its very posts as quotations, without those inside them."""
    if not pages.has_quotes(look.answer):
        return look.page.strip()
    unquoted = " ".join(list_lines(pages.read_unquoted(look.answer)))
    neighbours = [line for line in (*look.baseline.before, *look.baseline.after) if f" {line} " in look.page]
    lost = [line for line in neighbours if f" {line} " not in f" {unquoted} "]
    if neighbours and 2 * len(lost) >= len(neighbours):
        return " ".join(list_lines(pages.read_unquoted(look.answer, nested_only=True)))
    return unquoted


def _is_in_place(look: _Look) -> bool:
    """Does the passage stand between the very lines it did when it was captured? A quotation names its author too."""
    stood, passage = look.baseline.lines, look.baseline.passage
    if f" {passage} " not in f" {' '.join(stood)} ":
        return False
    around = _around(stood, passage, 0)
    folded = [fold_digits(line) for line in stood]
    if not any(line and folded.count(line) == 1 for line in around):
        return False  # lines that recur, as in JSON, mark no place
    at = look.page.find(f" {passage} ")
    for _ in range(MOST_PLACES):
        if at < 0:
            break
        if _around(look.lines, passage, at) == around:
            return True
        at = look.page.find(f" {passage} ", at + 1)
    return False


def _around(lines: Sequence[str], passage: str, start: int) -> tuple[str, str]:
    first, last = find_lines(lines, passage, start)
    before = fold_digits(lines[first - 1]) if first else ""
    after = fold_digits(lines[last + 1]) if last + 1 < len(lines) else ""
    return before, after


def _by_status(look: _Look) -> PostSeen | None:
    status = look.answer.status
    if status in (404, 410):
        if look.answer.header("retry-after") or pages.is_wall(look.new_lines):
            return _seen(PostState.UNKNOWN, BasisKey.STATUS_COME_BACK, status=status)
        if look.control is None:
            return _seen(PostState.PROBABLY_GONE, BasisKey.STATUS_UNCONTROLLED, status=status)
        if look.is_well():
            return _seen(PostState.GONE, BasisKey.STATUS, status=status)
        is_elsewhere = (
            isinstance(look.control, Fetched)
            and look.control.status in (200, 304)
            and not is_same_site(look.control.url_requested, look.answer.url_requested)
        )
        if is_elsewhere:
            return _seen(PostState.PROBABLY_GONE, BasisKey.STATUS_UNCONTROLLED, status=status)
        return _seen(PostState.UNKNOWN, BasisKey.STATUS_SITE_UNWELL, status=status)
    if status in (401, 403, 451):
        return _seen(PostState.INACCESSIBLE, BasisKey.STATUS, status=status)
    return None if status == 200 else _seen(PostState.UNKNOWN, BasisKey.STATUS, status=status)


def _by_page(look: _Look) -> PostSeen:
    """A page delivered with 200 that does not hold the whole passage."""
    passage, place = look.baseline.passage, _place(look)
    is_cleared = place.is_standing and place.is_cleared
    if pages.leads_to_login(look.answer) or (pages.has_password(look.answer) and not is_cleared):
        return _seen(PostState.INACCESSIBLE, BasisKey.SIGN_IN)
    if pages.has_password(look.answer) and not isinstance(look.lost, Fetched):
        # A small form at the foot of a page, or a wall in the site's frame: the lost address tells which.
        return _seen(PostState.UNKNOWN, BasisKey.SIGN_IN)
    if not passage:
        return _seen(PostState.UNKNOWN, BasisKey.NO_COPY)
    if pages.is_cut_short(look.text, passage):
        return _seen(PostState.UNKNOWN, BasisKey.CUT_SHORT)
    if share_kept(passage, _own_page(look)) >= EDITED_SHARE:
        return _seen(PostState.EDITED, BasisKey.OTHER_WORDS)
    if pages.has_quotes(look.answer) and share_kept(passage, look.page) >= EDITED_SHARE:
        return _seen(PostState.UNKNOWN, BasisKey.PARTLY_QUOTED)
    if look.answer.truncated or look.answer.header("retry-after"):
        return _seen(PostState.UNKNOWN, BasisKey.TRUNCATED)
    return _led_away(look) or _by_place(look, place)


def _place(look: _Look) -> Place:
    frame: tuple[str, ...] = ()
    if isinstance(look.lost, Fetched):
        frame = list_lines(read_page(look.lost.body, look.lost.media_type))
    known = look.baseline
    return look_at_place(known.passage, (known.before, known.after), known.lines, look.lines, frame)


def _led_away(look: _Look) -> PostSeen | None:
    asked, came_to = look.answer.url_requested, look.answer.url_final
    if is_same_place(asked, came_to):
        return None
    if not is_home(came_to) or not is_same_site(asked, came_to):
        return _seen(PostState.UNKNOWN, BasisKey.ELSEWHERE)
    if not look.is_well() or pages.is_wall(look.new_lines) or not _is_own_answer(look):
        return _seen(PostState.UNKNOWN, BasisKey.FRONT_PAGE_UNCONTROLLED)
    return _seen(PostState.PROBABLY_GONE, BasisKey.FRONT_PAGE)


def _is_own_answer(look: _Look) -> bool:
    """Does the source's address show something else than the post's does?

    Where the source is the front page itself, both show the same: then the site's frame must stand.
    """
    control = look.control
    if not isinstance(control, Fetched):
        return False
    if control.status == 304 or not pages.is_same_answer(look.answer, control):
        return True
    return is_home(control.url_requested) and _keeps_frame(look)


def _keeps_frame(look: _Look) -> bool:
    known = {line for line in look.baseline.lines if len(line) >= NEIGHBOUR_LETTERS}
    return any(line in known for line in look.lines)


def _by_place(look: _Look, place: Place) -> PostSeen:
    passage = look.baseline.passage
    if len(passage.split()) < LEAST_WORDS:
        return _seen(PostState.UNKNOWN, BasisKey.TOO_SHORT)
    if place.is_standing and place.holds_rewritten(passage):
        return _seen(PostState.EDITED, BasisKey.OTHER_WORDS)
    if pages.has_more(look.answer, look.text) or pages.has_new_fold(look.lines, look.baseline.lines):
        return _seen(PostState.UNKNOWN, BasisKey.GOES_ON)
    if place.is_standing and place.is_cleared:
        if may_be_shown(look.answer, (look.control, look.lost), place.nearest, look.baseline.lines):
            return _seen(PostState.UNKNOWN, BasisKey.PLACE_HOLDS_MORE)
        if not place.is_vouched:
            return _seen(PostState.PROBABLY_GONE, BasisKey.MISSING_BY_ONE_SIDE)
        return _seen(PostState.GONE, BasisKey.MISSING_AMONG_NEIGHBOURS, kept=place.kept, stood=place.stood)
    if _is_answered_as_lost(look):
        return _seen(PostState.PROBABLY_GONE, BasisKey.LIKE_ANY_UNKNOWN)
    if pages.is_wall(look.new_lines):
        return _seen(PostState.UNKNOWN, BasisKey.WALL)
    if pages.is_shell(look.answer, look.text):
        return _seen(PostState.UNKNOWN, BasisKey.SHELL)
    if place.is_standing:
        return _seen(PostState.UNKNOWN, BasisKey.PLACE_FILLED)
    return _seen(PostState.UNKNOWN, BasisKey.NEIGHBOURS_MISSING)


def _is_answered_as_lost(look: _Look) -> bool:
    """A soft 404: the answer of an address that is none, on a well site, in the site's frame or by its words.

    A shell or a wall is the same for every address too, and hides the post rather than missing it.
    """
    if not isinstance(look.lost, Fetched) or not pages.is_same_answer(look.answer, look.lost):
        return False
    says_absent = pages.says_absent(look.new_lines)
    return (
        look.is_well()
        and _is_own_answer(look)
        and not pages.is_wall(look.new_lines)
        and (says_absent or (_keeps_frame(look) and not pages.is_shell(look.answer, look.text)))
    )

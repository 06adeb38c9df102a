"""The form on which a person says of several posts what they are, read field by field: one group of fields a post."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from desk.standard_reasons import LABELS_IN_ORDER, find_reason
from desk.web.context import visit_of
from desk.web.forms import Form, sent, whole_number
from mentionwatch.labels import Label

if TYPE_CHECKING:
    from starlette.requests import Request

MOST = 10
"""Posts on one page: what a person decides before school, and a page under 100 kB."""
MOST_OWN = 300
LEAST_OWN = 5
LEAVE, ASIDE = "", "aside"
_OWN = {f"own_{label.value}": label for label in LABELS_IN_ORDER}
_FIELDS = ("id", "revision", "said")


def field_tag(id_: str, revision: int) -> str:
    """What the names of a post's own fields end with.

    A browser that goes back fetches the page anew and puts what was chosen into fields of the same name: by their place alone
    that would be another post's, which nobody has read.
    """
    return f"{id_[:16]}r{revision}"


@dataclass(frozen=True, slots=True)
class PostSent:
    """One post of the form. `number`: where it stood on the page, which stays its name; `said`: how often people had said what it is."""

    number: int
    id: str
    revision: int
    said: int
    choice: str
    own: str

    @property
    def is_chosen(self) -> bool:
        return self.choice != LEAVE or bool(self.own)

    @property
    def label(self) -> Label | None:
        """What they say it is; None where they leave it, or set it aside for its own page."""
        if self.choice in _OWN:
            return _OWN[self.choice]
        reason = find_reason(self.choice)
        return reason.label if reason else None

    def reason(self, lang: str) -> str:
        """Why, as it is stored: the standard reason in the reader's language, or their own words."""
        reason = find_reason(self.choice)
        return reason.text(lang) if reason else self.own

    @property
    def fault(self) -> str:
        """The word key of what is wrong with it; empty when nothing is. Words nobody would record are never dropped unsaid."""
        if self.choice in _OWN:
            return "" if len(self.own) >= LEAST_OWN else "several_need_words"
        return "several_need_label" if self.own else ""


def read_posts(request: Request, *more: str) -> tuple[Form, tuple[PostSent, ...]]:
    """The form, with the fields `more` beside those of the posts. Raises HTTPException 400 for what our own page never sends."""
    form = visit_of(request).form
    if form is None:
        raise HTTPException(400)
    numbers = range(1, MOST + 1)
    named = {number: _tag_sent(form, number) for number in numbers if form.text(f"id{number}")}
    names = [f"{name}{number}" for name in _FIELDS for number in numbers]
    names += [f"{name}{number}-{tag}" for number, tag in named.items() for name in ("what", "own")]
    sent(request, "as_role", *more, *names)
    found = tuple(_read_post(form, number, tag) for number, tag in named.items())
    if len({one.id for one in found}) < len(found):
        raise HTTPException(400)
    return form, found


def _tag_sent(form: Form, number: int) -> str:
    return field_tag(form.text(f"id{number}"), whole_number(form.text(f"revision{number}")))


def _read_post(form: Form, number: int, tag: str) -> PostSent:
    choice, own = form.text(f"what{number}-{tag}"), form.text(f"own{number}-{tag}")
    reason = find_reason(choice)
    is_known = choice in (LEAVE, ASIDE, *_OWN) or (reason is not None and reason.label in LABELS_IN_ORDER)
    revision = whole_number(form.text(f"revision{number}"))
    if not is_known or revision < 1 or len(own) > MOST_OWN:
        raise HTTPException(400)
    return PostSent(
        number, form.text(f"id{number}"), revision, whole_number(form.text(f"said{number}")), choice, own
    )

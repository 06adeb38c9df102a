"""Pages from templates: one frame for all, in the language of whoever looks, with the links their roles open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, RedirectResponse, Response

from desk.frame_words import FRAME_WORDS
from desk.render import environment, raise_first
from desk.vocabulary import Pair
from desk.web.context import Page, desk_of, visit_of
from desk.web.looks import desk_style
from desk.web_words import WebSpeaker
from desk.words import LANGUAGES

if TYPE_CHECKING:
    from starlette.requests import Request

    from mentionwatch.accounts import Viewer

NO_WORDS: Mapping[str, Pair] = {}


class PageSpeaker(WebSpeaker):
    """Says the words of one page's own module, those of the frame, and everything a `WebSpeaker` says."""

    def __init__(self, lang: str, words: Mapping[str, Pair] = NO_WORDS) -> None:
        super().__init__(lang)
        self._words = words

    def __call__(self, key: str, **values: object) -> str:
        pair = self._words.get(key) or FRAME_WORDS.get(key)
        return pair[self.lang == "cy"].format(**values) if pair else super().__call__(key, **values)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a form: `field` is the id of the field it is about, `says` a whole sentence."""

    field: str
    says: str


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the navigation; `key` is its word."""

    path: str
    key: str
    is_here: bool


def speaker(request: Request, words: Mapping[str, Pair] = NO_WORDS) -> PageSpeaker:
    """Who speaks on this page, in the language of whoever looks."""
    return PageSpeaker(visit_of(request).lang, words)


def links(request: Request, viewer: Viewer | None) -> tuple[Link, ...]:
    """The navigation: what this person's roles open, in the order of the table."""
    if viewer is None:
        return ()
    rows: Sequence[Page] = request.app.state.nav
    here = request.url.path
    return tuple(
        Link(row.path, row.nav, here == row.path or (row.path != "/" and here.startswith(f"{row.path}/")))
        for row in rows
        if viewer.has(row.right)
    )


def show(
    request: Request,
    template: str,
    status: int = 200,
    *,
    words: Mapping[str, Pair] = NO_WORDS,
    problems: Sequence[Problem] = (),
    **values: object,
) -> HTMLResponse:
    """A page from its template. In it stand besides `values`:

    `say` (words), `lang`, `other` (the other language), `viewer`, `links`, `csrf`, `school`, `here` (the path, for
    the language switch), `problems` (shown as an error summary), `said` (the word key of what was just done, if any) or
    `told` (the sentence itself), `raised` (first letter capital).
    """
    visit, desk = visit_of(request), desk_of(request)
    is_plain = template == "message.html.j2"
    html = environment().get_template(template).render(
        say=PageSpeaker(visit.lang, words), lang=visit.lang,
        other=next(each for each in LANGUAGES if each != visit.lang),
        viewer=visit.viewer, links=_links(request, visit.viewer, is_plain),
        csrf=visit.csrf, school=desk.school, here="/" if is_plain else _here(request),
        problems=problems, said=values.pop("said", ""), told=values.pop("told", ""), raised=raise_first, style=desk_style(), **values,
    )  # fmt: skip
    return HTMLResponse(html, status)


def _links(request: Request, viewer: Viewer | None, is_plain: bool) -> tuple[Link, ...]:
    """A message names no place: what may not be known and what does not exist look the same."""
    found = links(request, viewer)
    return tuple(Link(each.path, each.key, False) for each in found) if is_plain else found


def _here(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def go(path: str, said: str = "") -> RedirectResponse:
    """After a form: to a page that can be loaded again. `said` is the word key its status line shows."""
    joint = "&" if "?" in path else "?"
    return RedirectResponse(f"{path}{joint}said={said}" if said else path, 303)


def hand_out(name: str, media_type: str, body: bytes) -> Response:
    """A file to be kept and never shown, under a name the program chose (ASVS V3.2.1, V5.4.1)."""
    return Response(
        body, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def said_of(request: Request, *known: str) -> str:
    """Which of these status lines the address asks for; any other is nothing."""
    asked = request.query_params.get("said", "")
    return asked if asked in known else ""

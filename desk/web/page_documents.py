"""Letters and forms of an incident: the list, a draft, reading one as text of our own, and fetching its files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from desk.acts import Busy, Done, NoSuch, Overtaken, RefusedHere
from desk.document_port import (
    BOTH,
    FORMS,
    DocumentActs,
    DocumentRead,
    DraftGiven,
    DraftLooked,
    DraftPage,
)
from desk.document_words import DOCUMENT_WORDS
from desk.incident_words import INCIDENT_WORDS
from desk.letter_refused import label_of, say_closed
from desk.passage_words import PASSAGE_WORDS
from desk.step_form import is_twice, read_instant
from desk.web.forms import Form, sent
from desk.web.passages import ONE_LANGUAGE, changed_names, passage_names, passage_texts, read_passages
from desk.web.paths import incident_path
from desk.web.render import Problem, go, hand_out, said_of, show, speaker
from incidents.facts import FactKind
from incidents.standing import DocumentKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from starlette.requests import Request
    from starlette.responses import Response

    from desk.document_port import LetterField
    from desk.web.context import Desk
    from desk.web.render import PageSpeaker
    from mentionwatch.accounts import Viewer
    from mentionwatch.documents import Block, Document


@dataclass(frozen=True, slots=True)
class Letter:
    """A document with its blocks by the name of their kind, as the template tells them apart."""

    document: Document
    parts: tuple[tuple[str, Block], ...]


def _laid_out(documents: Sequence[Document]) -> tuple[Letter, ...]:
    return tuple(
        Letter(each, tuple((type(block).__name__, block) for block in each.blocks)) for each in documents
    )


WORDS = {**INCIDENT_WORDS, **DOCUMENT_WORDS, **PASSAGE_WORDS}
_LANGS = ("en", "cy")


def documents_path(id_: str) -> str:
    """Where the letters and forms of an incident are."""
    return f"{incident_path(id_)}/documents"


def _acts(desk: Desk) -> DocumentActs:
    if desk.documents is None:
        raise HTTPException(404)
    return desk.documents


def page_documents(request: Request, desk: Desk, viewer: Viewer) -> Response:
    page = _acts(desk).documents(viewer, request.path_params["id"])
    if page is None:
        raise HTTPException(404)
    return show(
        request,
        "documents.html.j2",
        words=WORDS,
        page=page,
        path=documents_path(page.id),
        back=incident_path(page.id),
        say_closed=say_closed,
    )


# --- making one ---------------------------------------------------------------------------------------


def _draft(request: Request, desk: Desk, viewer: Viewer) -> DraftPage:
    found = _acts(desk).draft(viewer, request.path_params["id"], request.path_params["kind"], viewer.lang)
    if found is None:
        raise HTTPException(404)
    return found


def page_draft(request: Request, desk: Desk, viewer: Viewer) -> Response:
    return _show_draft(request, _draft(request, desk, viewer), Form(()))


def _show_draft(
    request: Request,
    page: DraftPage,
    form: Form,
    problems: Sequence[Problem] = (),
    status: int = 200,
    *,
    looked: DraftLooked | None = None,
) -> Response:
    """What was put on file after the form was made stays unseen until this person has been told of it: then 409."""
    number = form.text("number") if form.text("number") and status != 409 else str(page.number)
    twice = {
        field.key
        for field in page.fields
        if field.kind is FactKind.INSTANT and is_twice(form.text(field.names[0]), form.text(field.names[1]))
    }
    texts = passage_texts(page, form)
    changed = changed_names(page, texts)
    return show(
        request, "document_new.html.j2", status, words=WORDS, problems=problems,
        page=page, form=form, number=number, twice=twice, label_of=label_of, both=BOTH,
        looked=_laid_out(looked.documents) if looked else (), reworded=looked.changes if looked else (),
        texts=texts, changed=changed, langs=_LANGS, one_language=ONE_LANGUAGE, say_closed=say_closed, back=documents_path(page.id),
    )  # fmt: skip


def take_draft(request: Request, desk: Desk, viewer: Viewer) -> Response:
    page = _draft(request, desk, viewer)
    names = [name for field in page.fields for name in field.names]
    form = sent(request, "as_role", "lang", "number", "confirm", "look", *names, *passage_names(page))
    say = speaker(request, WORDS)
    looks = bool(form.text("look"))
    lang = form.text("lang")
    fields, problems = _read(page, form, say, viewer.lang)
    changes, wrong = read_passages(page, form, say)
    problems += wrong
    if lang not in (*_LANGS, BOTH):
        problems.insert(0, Problem("lang", say("need_lang")))
    if not form.text("as_role"):
        problems.append(Problem("as_role", say("need_role")))
    if form.text("confirm") != "yes" and not looks:
        problems.append(Problem("confirm", say("need_draft_confirm")))
    if problems:
        return _show_draft(request, page, form, problems, 422)
    number = form.text("number")
    if not (number.isascii() and number.isdigit() and 0 < len(number) < 7):
        raise HTTPException(400)
    given = DraftGiven(
        page.id, page.offer.kind.value, form.text("as_role"), lang, fields, int(number), changes
    )
    acts = _acts(desk)
    outcome = acts.preview(viewer, given, viewer.lang) if looks else acts.make(viewer, given, viewer.lang)
    if isinstance(outcome, DraftLooked):
        return _show_draft(request, page, form, looked=outcome)
    if isinstance(outcome, Done):
        first = "en" if lang == BOTH and viewer.lang == "en" else "cy" if lang == BOTH else lang
        return go(f"{documents_path(page.id)}/{outcome.state}/{first}", "draft_made")
    if isinstance(outcome, NoSuch):
        raise HTTPException(404)
    page = _draft(request, desk, viewer)
    if isinstance(outcome, Busy):
        return _show_draft(request, page, form, (Problem("", say("busy_now")),), 503)
    if isinstance(outcome, Overtaken):
        what = say.document(DocumentKind(outcome.event))
        told = say("overtaken_by_draft", what=what, role=say.role(outcome.role), when=say.moment(outcome.at))
        return _show_draft(request, page, form, (Problem("", told),), 409)
    return _show_draft(request, page, form, (Problem(_id_of(page, outcome.field), outcome.reason),), 422)


def _id_of(page: DraftPage, key: str) -> str:
    return next((field.names[0] for field in page.fields if field.key == key), key)


def _read(
    page: DraftPage, form: Form, say: PageSpeaker, lang: str
) -> tuple[tuple[tuple[str, str], ...], list[Problem]]:
    """What was typed, as letters are filled, and what is wrong with it, each at its field."""
    langs = _LANGS if form.text("lang") == BOTH else (form.text("lang"),)
    given: list[tuple[str, str]] = []
    problems: list[Problem] = []
    for field in page.fields:
        if field.lang and field.lang not in langs:
            continue
        text, wrong = _typed(field, form)
        label = label_of(field.key, lang)
        if wrong:
            problems.append(Problem(field.names[0], say(wrong, label=label)))
        elif text:
            given.append((field.typed, text))
        elif field.is_needed:
            key = {FactKind.INSTANT: "ask_time", FactKind.DAY: "ask_day"}.get(field.kind, "ask_text")
            problems.append(Problem(field.names[0], say(key, label=label)))
    return tuple(given), problems


def _typed(field: LetterField, form: Form) -> tuple[str, str]:
    """The text as a letter takes it, and the word key of what is wrong with it."""
    if field.kind is FactKind.INSTANT:
        on, at, turn = (form.text(name) for name in field.names)
        if not on and not at:
            return "", ""
        found = read_instant(on, at, turn)
        return ("", found) if isinstance(found, str) else (found.isoformat(), "")
    text = form.text(field.name)
    if field.kind is FactKind.DAY and text and _day(text) is None:
        return "", "bad_day"
    if field.kind is FactKind.LIST:
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        return ("", "too_many_lines") if len(lines) > 12 else ("; ".join(lines), "")
    return text, ""


def _day(text: str) -> date | None:
    from datetime import date

    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


# --- reading and fetching one -------------------------------------------------------------------------


def _found(request: Request, desk: Desk, viewer: Viewer) -> DocumentRead:
    given = request.path_params
    found = _acts(desk).read(viewer, given["id"], given["number"], given["lang"])
    if found is None:
        raise HTTPException(404)
    return found


def _path(request: Request) -> str:
    given = request.path_params
    return f"{documents_path(given['id'])}/{given['number']}/{given['lang']}"


def page_document(request: Request, desk: Desk, viewer: Viewer) -> Response:
    return _show(request, _found(request, desk, viewer))


def _show(
    request: Request,
    found: DocumentRead,
    problems: Sequence[Problem] = (),
    status: int = 200,
    *,
    is_open: bool = False,
) -> Response:
    given = request.path_params
    return show(
        request, "document.html.j2", status, words=WORDS, problems=problems, said=said_of(request, "draft_made"),
        id=given["id"], found=found, one=found.shown, looked=_laid_out((found.document,) if found.document else ()),
        path=_path(request), back=documents_path(given["id"]), incident=incident_path(given["id"]),
        is_open=is_open, is_sealed=found.is_sealed, forms=tuple(FORMS),
    )  # fmt: skip


def page_back(request: Request, desk: Desk, viewer: Viewer) -> Response:
    """The address of a form, loaded as a page (after a change of language): back to the document, words covered."""
    _found(request, desk, viewer)
    return go(_path(request))


def open_quotes(request: Request, desk: Desk, viewer: Viewer) -> Response:
    """Noted first, shown then, in this answer only: nothing that can be loaded again holds the words."""
    _found(request, desk, viewer)
    sent(request)
    given = request.path_params
    outcome = _acts(desk).open_words(viewer, given["id"], given["number"], given["lang"])
    if isinstance(outcome, Busy):
        return show(request, "message.html.j2", 503, message="busy_now")
    if not isinstance(outcome, Done):
        raise HTTPException(404)
    return _show(request, _found(request, desk, viewer), is_open=True)


def fetch_file(request: Request, desk: Desk, viewer: Viewer) -> Response:
    """The file as it was made."""
    _found(request, desk, viewer)
    form = sent(request, "form")
    given = request.path_params
    outcome = _acts(desk).fetch(viewer, given["id"], given["number"], given["lang"], form.text("form"))
    if isinstance(outcome, NoSuch):
        raise HTTPException(404)
    if isinstance(outcome, Busy):
        say = speaker(request, WORDS)
        return _show(request, _found(request, desk, viewer), (Problem("", say("busy_now")),), 503)
    if isinstance(outcome, RefusedHere):
        return _show(request, _found(request, desk, viewer), (Problem("", outcome.reason),), 422)
    return hand_out(outcome.name, outcome.media_type, outcome.body)

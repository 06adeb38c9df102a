"""Several posts on one page, each said to be what it is with one click; every one is a correction of its own.

Nothing joins them: what may not be recorded of one post is said of that one, and the others stand. A post that may be
inappropriate is set aside for its own page, where the kind of harm is named and an incident is opened.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from desk.acts import Busy, Done, NoSuch, Outcome, Overtaken, RefusedHere
from desk.mention_port import CorrectionGiven, MentionActs, judging_roles
from desk.mention_words import MENTION_WORDS
from desk.pages import AskedPost
from desk.several_words import SEVERAL_WORDS
from desk.standard_reasons import LABELS_IN_ORDER, reasons_of
from desk.summary_words import SUMMARY_WORDS
from desk.web.context import visit_of
from desk.web.paths import START, mention_path
from desk.web.render import PageSpeaker, Problem, go, said_of, show, speaker
from desk.web.several_form import ASIDE, MOST, MOST_OWN, PostSent, field_tag, read_posts
from mentionwatch.errors import Retriable
from mentionwatch.labels import Label

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from desk.web.context import Desk
    from mentionwatch.accounts import Viewer

SEVERAL = "/mentions/several"
DONE = "several_done"


@dataclass(frozen=True, slots=True)
class Item:
    """One post as the page shows it: under which number, and with what is chosen and typed so far."""

    number: int
    post: AskedPost
    choice: str = ""
    own: str = ""


_STATUS = (422, 409, 503)
"""Of what is wrong with several posts the later one is the answer's."""


@dataclass
class Told:
    """What became of the posts somebody chose something for: the ids of those recorded, and what is wrong with others by number."""

    done: list[str] = field(default_factory=list)
    problems: list[tuple[int, Problem]] = field(default_factory=list)
    status: int = 422

    def add(self, number: int, problem: Problem, status: int = 422) -> None:
        self.problems.append((number, problem))
        self.status = max(self.status, status, key=_STATUS.index)


def _acts(desk: Desk) -> MentionActs:
    if desk.mentions is None:
        raise HTTPException(404)
    return desk.mentions


def _asked(request: Request, desk: Desk, viewer: Viewer) -> Mapping[str, AskedPost]:
    """In the start page's order."""
    found = desk.records.asked_posts(viewer, viewer.lang, visit_of(request).now)
    return {one.line.id: one for one in found}


def _show(
    request: Request,
    viewer: Viewer,
    items: Sequence[Item],
    problems: Sequence[Problem] = (),
    status: int = 200,
    *,
    opened: str = "",
    role: str = "",
    recorded: int = 0,
    is_kept: bool = False,
    has_more: bool = False,
    aside: Sequence[AskedPost] = (),
) -> Response:
    """`opened`: the post whose words are in this answer. `is_kept`: nothing was asked for, and what is chosen stands.
    `has_more`: more posts ask than stand on the page.
    """
    say = speaker(request, MENTION_WORDS)
    return show(
        request,
        "several.html.j2",
        status,
        words={**MENTION_WORDS, **SUMMARY_WORDS, **SEVERAL_WORDS},
        problems=tuple(problems),
        said=said_of(request, DONE),
        items=items,
        opened=opened,
        roles=judging_roles(viewer),
        role=role,
        recorded=recorded,
        is_kept=is_kept,
        has_more=has_more,
        aside=aside,
        groups=tuple((label.value, say.label(label), reasons_of(label)) for label in LABELS_IN_ORDER),
        inappropriate=say.label(Label.INAPPROPRIATE),
        most_own=MOST_OWN,
        path=SEVERAL,
        page_of=mention_path,
        field_tag=field_tag,
    )


def page_several(request: Request, desk: Desk, viewer: Viewer) -> Response:
    asked = _asked(request, desk, viewer)
    shown = list(asked.values())[:MOST]
    # Only what is on their own list is named again: any other id is nothing.
    aside = [asked[id_] for id_ in dict.fromkeys(request.query_params.getlist("id")) if id_ in asked][:MOST]
    items = [Item(number, post) for number, post in enumerate(shown, 1)]
    return _show(request, viewer, items, has_more=len(asked) > len(shown), aside=aside)


def page_back_to_several(_request: Request, _desk: Desk, _viewer: Viewer) -> Response:
    """The address of a button, loaded as a page (after a change of language): the page anew, words covered."""
    return go(SEVERAL)


def _keep(
    say: PageSpeaker,
    posts: Sequence[PostSent],
    asked: Mapping[str, AskedPost],
    told: Collection[int] = (),
) -> tuple[list[Item], list[Problem]]:
    """What was sent, as far as it still asks, with the choices. `told`: numbers of which something is said already.

    A choice was made about the words that were shown: of others it is not kept.
    """
    items, problems = list[Item](), list[Problem]()
    for one in posts:
        post = asked.get(one.id)
        why = ""
        if post is None:
            why = "several_gone" if one.is_chosen else ""
        elif post.line.revision != one.revision:
            items.append(Item(one.number, post))
            why = "several_edited"
        else:
            items.append(Item(one.number, post, one.choice, one.own))
        if why and one.number not in told:
            at = f"what{one.number}" if post else ""
            problems.append(Problem(at, say("several_problem", n=one.number, why=say(why))))
    return items, problems


def open_one_of_several(request: Request, desk: Desk, viewer: Viewer) -> Response:
    """Noted first, shown then, in this answer only. What is chosen for this post and the others stays chosen."""
    form, posts = read_posts(request, "open")
    say = speaker(request, SEVERAL_WORDS)
    asked = _asked(request, desk, viewer)
    items, problems = _keep(say, posts, asked)
    role = form.text("as_role")
    if not form.text("open"):
        # The Enter key on a choice: the page as it was.
        return _show(request, viewer, items, problems, role=role, is_kept=not problems)
    wanted = next((one for one in items if one.post.line.id == form.text("open")), None)
    if wanted is None:
        if not problems:
            problems.append(Problem("", say("several_gone")))
        return _show(request, viewer, items, problems, 409, role=role)
    id_ = wanted.post.line.id
    outcome = _acts(desk).open_words(viewer, id_)
    if isinstance(outcome, Busy):
        busy = Problem(f"what{wanted.number}", say("busy_now"))
        return _show(request, viewer, items, [*problems, busy], 503, role=role)
    if isinstance(outcome, NoSuch):
        items.remove(wanted)
        problems.append(Problem("", say("several_problem", n=wanted.number, why=say("several_gone"))))
        return _show(request, viewer, items, problems, 409, role=role)
    return _show(request, viewer, items, problems, opened=id_, role=role)


def take_several(request: Request, desk: Desk, viewer: Viewer) -> Response:
    form, posts = read_posts(request)
    say, role = speaker(request, MENTION_WORDS | SEVERAL_WORDS), form.text("as_role")
    asked = _asked(request, desk, viewer)
    chosen = [one for one in posts if one.is_chosen]
    missing = [] if chosen else [Problem(f"what{posts[0].number}" if posts else "", say("several_nothing"))]
    if chosen and not role:
        missing = [Problem("as_role", say("need_role"))]
    if missing:
        items, problems = _keep(say, posts, asked)
        return _show(request, viewer, items, [*missing, *problems], 422, role=role)
    told = _record(desk, viewer, say, chosen, asked, role)
    if not told.problems:
        aside = [one.id for one in chosen if one.choice == ASIDE]
        said = DONE if told.done else ""
        return go(f"{SEVERAL}?{'&'.join(f'id={id_}' for id_ in aside)}" if aside else START, said)
    try:
        now = _asked(request, desk, viewer)
    except Retriable:
        # What was recorded is recorded: it must not be answered as if nothing had been.
        now = {id_: post for id_, post in asked.items() if id_ not in told.done}
    left = [one for one in posts if one.id not in told.done]
    items, problems = _keep(say, left, now, {number for number, _ in told.problems})
    there = {0, *(item.number for item in items)}
    found = [Problem(one.field if number in there else "", one.says) for number, one in told.problems]
    return _show(
        request, viewer, items, [*found, *problems], told.status, role=role, recorded=len(told.done)
    )  # fmt: skip


def _record(
    desk: Desk,
    viewer: Viewer,
    say: PageSpeaker,
    chosen: Sequence[PostSent],
    asked: Mapping[str, AskedPost],
    role: str,
) -> Told:
    """One after another, each in a transaction of its own: what is wrong with one keeps none of the others."""
    told, is_busy = Told(), False

    def fail(one: PostSent, why: str, status: int, at: str = "what") -> None:
        told.add(
            one.number, Problem(f"{at}{one.number}", say("several_problem", n=one.number, why=why)), status
        )

    for one in chosen:
        if one.fault:
            fail(one, say(one.fault), 422, "own")
            continue
        if one.choice == ASIDE:
            if one.id not in asked:
                fail(one, say("several_gone"), 409)
            continue
        # Whoever writes holds the records for a while: nobody waits for them once for each post.
        outcome = Busy() if is_busy else _say_one(desk, viewer, one, asked.get(one.id), role)
        if isinstance(outcome, Done):
            told.done.append(one.id)
        elif isinstance(outcome, Busy):
            is_busy = True
            fail(one, say("several_busy"), 503)
        elif isinstance(outcome, Overtaken):
            fail(one, say("several_meanwhile", role=say.role(outcome.role), when=say.moment(outcome.at)), 409)
        elif isinstance(outcome, RefusedHere) and outcome.field == "as_role":
            told.add(0, Problem("as_role", outcome.reason))
            break
        elif isinstance(outcome, RefusedHere):
            fail(one, outcome.reason, 422, "own" if one.own else "what")
        else:
            fail(one, say("several_gone" if isinstance(outcome, NoSuch) else outcome), 409)
    return told


def _say_one(desk: Desk, viewer: Viewer, one: PostSent, post: AskedPost | None, role: str) -> Outcome | str:
    """The correction of one post, as its own page takes it; a word key where it is not even asked for."""
    label = one.label
    if label is None:
        raise HTTPException(400)
    if post is None:
        # It asks no more. Whoever sends a form twice is told the truth of it by the correction itself.
        try:
            detail = desk.records.mention(viewer, one.id, viewer.lang)
        except Retriable:
            return Busy()
        if detail is None or detail.mention.is_withheld:
            return NoSuch()
        if detail.mention.incident:
            return "several_in_incident"
    elif post.line.revision != one.revision:
        return "several_edited"
    given = CorrectionGiven(
        one.id, label.value, (), "", one.reason(viewer.lang), role, one.revision, one.said
    )  # fmt: skip
    return _acts(desk).correct(viewer, given, viewer.lang)

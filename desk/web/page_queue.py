"""The start page: the verdict of the night, then what asks this person for something, a click from its form."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from desk.awaited import say_awaited
from desk.mention_words import MENTION_WORDS
from desk.queue_words import QUEUE_WORDS, say_affected, say_offer, say_way
from desk.render import tone
from desk.role_words import ROLE_WORDS
from desk.several_words import SEVERAL_WORDS
from desk.sign_in_words import DESK_ROLES
from desk.start import list_shortcuts, open_sheet, open_to_say
from desk.web.context import visit_of
from desk.web.last_step import tell_step
from desk.web.paging import page_asked
from desk.web.render import said_of, show
from desk.words import Speaker
from mentionwatch.accounts import DeskRole, Right

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from desk.web.context import Desk
    from mentionwatch.accounts import Viewer

MOST_TO_READ = 20
"""Lines of posts to read first; the heading says how many there are."""


def page_start(request: Request, desk: Desk, viewer: Viewer) -> Response:
    """Where everybody arrives."""
    visit = visit_of(request)
    waits = desk.sign_in.waiting_roles(viewer.account_id)
    whole = desk.records.start(viewer, visit.lang, visit.now)
    sheet = open_sheet(whole, page_asked(request, digits=3))
    days = desk.records.days(viewer) if viewer.has(Right.DIGEST) else ()
    before = request.query_params.get("before", "")
    return show(
        request,
        "queue.html.j2",
        words=QUEUE_WORDS
        | {"post": MENTION_WORDS["post"]}
        | {key: SEVERAL_WORDS[key] for key in ("several_link", "several_done")}
        | {key: ROLE_WORDS[key] for key in ("roles_to_see", "your_role_waits")},
        given=len(desk.sign_in.given_roles(viewer)),
        waits=", ".join(DESK_ROLES[role][visit.lang == "cy"] for role in DeskRole if role in waits),
        told=tell_step(request, desk, viewer),
        said=said_of(request, "taken_down", "snoozed", "foreign_done", "several_done"),
        start=sheet.start,
        sheet=sheet,
        asked=whole.asked,
        earlier=whole.earlier,
        quiet=whole.quiet,
        tone=tone(whole.digest),
        most_to_read=MOST_TO_READ,
        has_digest=viewer.has(Right.DIGEST),
        may_step=viewer.has(Right.TAKE_STEPS),
        gives_roles=viewer.has(Right.ACCOUNTS),
        sees_mentions=viewer.has(Right.MENTIONS),
        sees_good_news=viewer.has(Right.GOOD_NEWS),
        says_several=viewer.has(Right.CORRECT) and desk.mentions is not None and bool(open_to_say(whole)),
        opens_words=viewer.has(Right.OPEN_WORDS) and desk.mentions is not None,
        offer=say_offer,
        shortcuts=list_shortcuts,
        say_way=say_way,
        say_awaited=say_awaited,
        near=partial(Speaker(visit.lang).near, now=whole.at),
        affected=say_affected,
        days=[day for day in days if day.isoformat() < before] if before else days,
        before=before,
    )

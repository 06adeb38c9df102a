"""`desk`: the pages people sign in to, served to this machine's own browser, or under TLS to the school's network."""

from __future__ import annotations

import argparse
import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from flows.accounts import Gate
from flows.accounts_audit import Courier
from flows.accounts_opening import open_gate
from flows.commands.common import existing_home, say
from flows.crashes import log_crash
from flows.desk_site import Opening, check_people, check_secrets, find_site, open_tls, read_bind
from flows.home import Home, read_school
from mentionwatch.errors import ConfigError
from mentionwatch.settings import read_environment
from warehouse.connection import Warehouse

if TYPE_CHECKING:
    import uvicorn

    from desk.web import Desk, Site
    from desk.web.guard import Guard
    from mentionwatch.policy import PolicyPack
    from mentionwatch.school import SchoolFile, SchoolProfile


def make_desk(
    home: Home,
    school: SchoolFile,
    pack: PolicyPack,
    gate: Gate,
    site: Site,
    on_surnames: Callable[[SchoolProfile], None] | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    on_forgotten: Callable[[], None] | None = None,
) -> Desk:
    """The desk of a home, ready to be served. `on_surnames`: whom to ask when posts have to be read again; `on_forgotten`: when
    files have to be written anew because a post was destroyed, which is otherwise done before that is answered.

    `clock` gives aware UTC, the same to every part.
    """
    from desk.web import Desk
    from flows.desk_audit import HomeAudit
    from flows.desk_documents import HomeDocuments
    from flows.desk_evidence import HomeEvidence
    from flows.desk_mentions import HomeMentions
    from flows.desk_not_ours import HomeNotOurs
    from flows.desk_opening import HomeOpenings
    from flows.desk_reports import HomeReports
    from flows.desk_steps import HomeSteps
    from flows.desk_summaries import HomeSummaries
    from flows.overview import HomeOverview
    from flows.school_now import SchoolNow
    from flows.shipped import read_help_lines
    from flows.showing import HomeRecords

    # One for every part: a file that changes is taken up by all of them at once, and told of once.
    now = SchoolNow(home, school, pack, on_surnames)

    return Desk(
        school=school.profile.name,
        home=str(home.folder),
        lang=school.digest_lang,
        site=site,
        records=HomeRecords(home, now, clock),
        reports=HomeReports(home, now),
        audit=HomeAudit(home, now),
        overview=HomeOverview(home, now.read, clock),
        sign_in=gate,
        clock=clock,
        log_crash=partial(log_crash, home),
        steps=HomeSteps(home, now, clock),
        mentions=HomeMentions(home, now, clock),
        documents=HomeDocuments(home, now, clock),
        evidence=HomeEvidence(home, now, clock),
        opening=HomeOpenings(home, now, clock),
        summaries=HomeSummaries(home, now, clock),
        not_ours=HomeNotOurs(home, now, clock, on_forgotten),
        help_cards=read_help_lines(pack.nation),
    )


def desk(arguments: argparse.Namespace) -> int:
    """Serve until stopped by hand. Without an account a link is printed that makes the first one, once."""
    from desk.web import build_app
    from flows.forgetting_later import Forgetter
    from flows.need_to_know import read_again
    from flows.school_now import Rereader

    home = existing_home(arguments)
    school, pack = read_school(home)
    opening = Opening(
        arguments.bind, arguments.port, arguments.tls_cert, arguments.tls_key, arguments.behind_proxy
    )
    find_site(opening, school.sign_in.address, opening.port)  # refuses before anything listens
    tls = open_tls(opening) if opening.is_tls else None
    with listen(opening.bind, opening.port) as listening:
        site = find_site(opening, school.sign_in.address, listening.getsockname()[1])
        address = min(site.origins)
        courier = Courier(home.folder, partial(log_crash, home))
        gate = open_gate(home, school, read_environment(), address, courier.wake)
        key = None
        if site.proxies or not read_bind(opening.bind).is_loopback:
            check_people(gate)
            check_secrets(home, opening.tls_key)
        else:
            key = gate.first_key(datetime.now(UTC))
        read_again(home, school.profile)
        rereader = Rereader(home, partial(log_crash, home))
        forgetter = Forgetter(home, partial(log_crash, home))
        app = build_app(make_desk(home, school, pack, gate, site, rereader.ask, on_forgotten=forgetter.ask))
        if key:
            say("Nobody has an account yet. This link makes the first one, once, within a day:")
            say(f"{address}/first?key={key}")
        else:
            say(f"Sign in at {address}/")
        say("Stop with Ctrl+C.")
        courier.start()
        rereader.start()
        forgetter.start()
        try:
            with Warehouse(home.folder).kept_open():
                make_server(app, tls).run(sockets=[listening])
        finally:
            forgetter.stop()
            rereader.stop()
            courier.stop()
    return 0


def listen(bind: str, port: int) -> socket.socket:
    """A socket for the pages, port 0: any free one. Raises `ConfigError` when it cannot be opened.

    What is sent goes out at once: the head and the body of a page are sent apart, and by itself the second waits up to
    40 ms until the browser has said that it got the first. asyncio sees to that only for sockets it has opened itself.
    """
    family = socket.AF_INET6 if read_bind(bind).version == 6 else socket.AF_INET
    try:
        listening = socket.create_server((bind, port), family=family)
    except (OSError, OverflowError) as error:
        raise ConfigError(
            "desk", "--port", f"{port} cannot be opened: {error}", "Name another one: --port 8711"
        ) from None
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # each connection has it from here
    return listening


def make_server(app: Guard, tls: ssl.SSLContext | None = None) -> uvicorn.Server:
    """The server of the desk, with its own settings and no other's; `run` starts it."""
    import uvicorn

    # "critical": uvicorn would print an unexpected error with its message, which may quote a post.
    config = uvicorn.Config(
        app,
        log_level="critical",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        lifespan="off",
    )
    config.load()
    config.ssl = tls
    return uvicorn.Server(config)

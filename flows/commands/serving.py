"""`desk`: the pages people sign in to, served to this machine's own browser, or under TLS to the school's network."""

from __future__ import annotations

import argparse
import socket
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from flows.accounts import Gate
from flows.accounts_audit import Courier
from flows.accounts_opening import open_gate
from flows.commands.common import existing_home, say
from flows.crashes import log_crash
from flows.home import Home, read_school
from mentionwatch.errors import ConfigError
from mentionwatch.settings import read_environment

if TYPE_CHECKING:
    from desk.web import Desk, Site
    from mentionwatch.policy import PolicyPack
    from mentionwatch.school import SchoolFile


def make_desk(home: Home, school: SchoolFile, pack: PolicyPack, gate: Gate, site: Site) -> Desk:
    """The desk of a home, ready to be served."""
    from desk.web import Desk
    from flows.showing import HomeRecords

    return Desk(
        school=school.profile.name,
        home=str(home.folder),
        lang=school.digest_lang,
        site=site,
        records=HomeRecords(home, school, pack),
        sign_in=gate,
        clock=lambda: datetime.now(UTC),
        log_crash=partial(log_crash, home),
    )


def desk(arguments: argparse.Namespace) -> int:
    """Serve until stopped by hand. Without an account a link is printed that makes the first one, once."""
    import uvicorn

    from desk.web import Site, build_app
    from flows.need_to_know import read_again

    home = existing_home(arguments)
    school, pack = read_school(home)
    read_again(home, school.profile)
    try:
        listening = socket.create_server(("127.0.0.1", arguments.port))
    except (OSError, OverflowError) as error:
        raise ConfigError(
            "desk", "--port", f"{arguments.port} cannot be opened: {error}", "Name another one: --port 8711"
        ) from None
    with listening:
        port = listening.getsockname()[1]
        origins = (f"http://127.0.0.1:{port}", f"http://localhost:{port}")
        courier = Courier(home.folder, partial(log_crash, home))
        gate = open_gate(home, school, read_environment(), origins[0], courier.wake)
        app = build_app(make_desk(home, school, pack, gate, Site(frozenset(origins), port)))
        key = gate.first_key(datetime.now(UTC))
        if key:
            say("Nobody has an account yet. This link makes the first one, once, within a day:")
            say(f"{origins[0]}/first?key={key}")
        else:
            say(f"Sign in at {origins[0]}/")
        say("Stop with Ctrl+C.")
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
        courier.start()
        try:
            uvicorn.Server(config).run(sockets=[listening])
        finally:
            courier.stop()
    return 0

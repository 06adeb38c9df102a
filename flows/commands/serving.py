"""`desk`: the review pages, served to this machine's own browser and to nobody else."""

from __future__ import annotations

import argparse
import socket
from functools import partial

from flows.commands.common import existing_home, say
from flows.crashes import log_crash
from flows.home import read_school
from mentionwatch.errors import ConfigError


def desk(arguments: argparse.Namespace) -> int:
    """Serve until stopped by hand. The printed link works once; it carries the key."""
    import uvicorn

    from desk.web import Doorkeeper, build_app
    from flows.showing import HomeRecords

    home = existing_home(arguments)
    school, pack = read_school(home)
    try:
        listening = socket.create_server(("127.0.0.1", arguments.port))
    except (OSError, OverflowError) as error:
        raise ConfigError(
            "desk", "--port", f"{arguments.port} cannot be opened: {error}", "Name another one: --port 8711"
        ) from None
    with listening:
        port = listening.getsockname()[1]
        doorkeeper = Doorkeeper()
        app = build_app(
            HomeRecords(home, school, pack),
            doorkeeper,
            port,
            school.digest_lang,
            str(home.folder),
            partial(log_crash, home),
        )
        say("Open this link on this computer; it works once, and nobody else can use it afterwards:")
        say(f"http://127.0.0.1:{port}/enter?key={doorkeeper.key}")
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
        uvicorn.Server(config).run(sockets=[listening])
    return 0

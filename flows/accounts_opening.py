"""The gate of one home, as its school.toml sets it up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from desk.openid import Client
from flows.accounts import Gate
from flows.accounts_directory import Directory
from flows.home import Home, read_credentials, read_fetch
from flows.running import make_door
from mentionwatch.school import SchoolFile
from mentionwatch.settings import Environment

BACK = "/sign-in/openid/back"
"""Where the directory sends people back to, below the desk's own address."""

SECRET = "openid.client_secret"  # noqa: S105 -- the name of a credential, not one
_PATIENCE_S = 10.0


def open_gate(
    home: Home,
    school: SchoolFile,
    environment: Environment,
    address: str = "",
    on_audit: Callable[[], object] = lambda: None,
) -> Gate:
    """The gate. `address` is the desk's own as browsers see it, where school.toml does not say.

    Raises `ConfigError` for credentials that others can read.
    """
    names = (school.profile.name, *school.profile.names)
    gate = Gate(home.folder, names, needs_factor=school.sign_in.needs_factor, on_audit=on_audit)
    if school.sign_in.has_directory:
        secret = read_credentials(home, environment).get(SECRET)
        client = Client(
            school.sign_in.issuer,
            school.sign_in.client_id,
            (school.sign_in.address or address) + BACK,
            str(secret or ""),
        )
        # A person waits: no pause between two questions to the school's own directory.
        fetch = replace(read_fetch(home), per_host_pause_s=0.0, total_s=_PATIENCE_S)
        gate.directory = Directory(client, make_door(fetch, (), lambda: datetime.now(UTC), [client.issuer]))
    return gate

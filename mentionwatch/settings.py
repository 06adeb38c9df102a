"""Settings of one process, frozen. The only reader of the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network

from mentionwatch.tables import Table

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """`[fetch]` of sources.toml. Times in seconds.

    `allow_networks` opens named private networks for configured source URLs only. `per_host_pause_s`
    is the least time between two requests to one public host; `workers` looks at that many sources at once.
    """

    allow_networks: tuple[Network, ...] = ()
    contact: str = ""
    total_s: float = 20.0
    per_host_pause_s: float = 2.0
    second_look_s: float = 3.0
    workers: int = 32


def parse_fetch(table: Table) -> FetchSettings:
    """Read `[fetch]`. Raises `ConfigError` for a network that is no network."""
    networks: list[Network] = []
    for text in table.texts("allow_networks"):
        try:
            networks.append(ip_network(text))
        except ValueError:
            raise table.wrong(
                "allow_networks", f"{text!r} is not a network", 'Write allow_networks = ["10.1.2.0/24"]'
            ) from None
    default = FetchSettings()
    settings = FetchSettings(
        allow_networks=tuple(networks),
        contact=table.text("contact", ""),
        total_s=table.number("total_seconds", default.total_s, least=1, example="20"),
        per_host_pause_s=table.number("per_host_pause_seconds", default.per_host_pause_s, example="2"),
        second_look_s=table.number("second_look_seconds", default.second_look_s, example="3"),
        workers=int(table.number("workers", default.workers, least=1, example="32")),
    )
    table.finish()
    return settings


@dataclass(frozen=True, slots=True)
class Environment:
    """What mentionwatch reads from the environment, once, at the start of a process."""

    home: str
    credentials: Mapping[str, str]
    prefect_api_url: str
    smtp: Mapping[str, str]
    is_ci: bool


def read_environment(environ: Mapping[str, str] | None = None) -> Environment:
    """`MENTIONWATCH_HOME`, `MENTIONWATCH_<COLLECTOR>_<NAME>`, `MENTIONWATCH_SMTP_*`, `PREFECT_API_URL`.

    `credentials` are keyed `reddit.client_id`; `smtp` `host`, `port`, `user`, `password`, `sender`, `to`, `tls`.
    """
    values = os.environ if environ is None else environ
    credentials: dict[str, str] = {}
    smtp: dict[str, str] = {}
    for key, value in values.items():
        if not key.startswith("MENTIONWATCH_") or key == "MENTIONWATCH_HOME":
            continue
        group, _, name = key.removeprefix("MENTIONWATCH_").lower().partition("_")
        if group == "smtp":
            smtp[name] = value
        elif name:
            credentials[f"{group}.{name}"] = value
    return Environment(
        home=values.get("MENTIONWATCH_HOME", ""),
        credentials=credentials,
        prefect_api_url=values.get("PREFECT_API_URL", ""),
        smtp=smtp,
        is_ci=bool(values.get("CI")),
    )

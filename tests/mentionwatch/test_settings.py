"""The environment is read once, here, and nothing of it is guessed."""

from __future__ import annotations

import ast
from ipaddress import ip_network
from pathlib import Path

import pytest

from mentionwatch.errors import ConfigError
from mentionwatch.settings import FetchSettings, parse_fetch, read_environment
from mentionwatch.tables import Table

ROOT = Path(__file__).resolve().parents[2]


def fetch(**values: object) -> FetchSettings:
    return parse_fetch(Table("sources.toml", values, "fetch"))


def test_an_empty_environment_is_a_whole_one() -> None:
    found = read_environment({})
    assert (found.home, found.prefect_api_url, found.is_ci) == ("", "", False)
    assert not found.credentials and not found.smtp


def test_credentials_and_mail_are_sorted_by_their_names() -> None:
    found = read_environment(
        {
            "MENTIONWATCH_HOME": "/srv/school",
            "MENTIONWATCH_REDDIT_CLIENT_ID": "abc",
            "MENTIONWATCH_SMTP_HOST": "mail.example.org",
            "MENTIONWATCH_SMTP_TO": "head@example.org",
            "MENTIONWATCH_ODD": "no collector named",
            "REDDIT_CLIENT_ID": "not ours",
            "PREFECT_API_URL": "http://127.0.0.1:4200/api",
            "CI": "true",
        }
    )
    assert found.home == "/srv/school"
    assert dict(found.credentials) == {"reddit.client_id": "abc"}
    assert dict(found.smtp) == {"host": "mail.example.org", "to": "head@example.org"}
    assert found.prefect_api_url == "http://127.0.0.1:4200/api" and found.is_ci


def test_without_an_argument_it_is_this_processes_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MENTIONWATCH_HOME", "/somewhere")
    assert read_environment().home == "/somewhere"


def test_nothing_else_in_the_vocabulary_or_the_protocol_reads_environment_files_or_sockets() -> None:
    barred = {"os", "socket", "pathlib", "subprocess", "urllib.request", "http.client", "ssl", "io.open"}
    for folder in ("mentionwatch", "incidents"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                if isinstance(node, ast.ImportFrom):
                    names = [node.module or ""]
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    assert node.func.id not in ("open", "print", "input"), (path, node.lineno)
                found = set(names) & barred
                assert not found or (path.name == "settings.py" and found == {"os"}), (path, found)


def test_fetch_settings_have_careful_defaults_and_named_networks() -> None:
    assert fetch() == FetchSettings() and FetchSettings().allow_networks == ()
    assert FetchSettings().per_host_pause_s >= 1
    found = fetch(allow_networks=["10.1.2.0/24", "::1/128"], total_seconds=5, workers=2)
    assert found.allow_networks == (ip_network("10.1.2.0/24"), ip_network("::1/128"))
    assert (found.total_s, found.workers) == (5, 2)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"allow_networks": ["10.1.2.3/24"]}, r"fetch.allow_networks: '10.1.2.3/24' is not a network"),
        ({"allow_networks": ["intranet"]}, r"'intranet' is not a network.*10.1.2.0/24"),
        ({"total_seconds": 0}, r"fetch.total_seconds: must be at least 1"),
        ({"workers": 0}, r"fetch.workers: must be at least 1"),
        ({"worker": 3}, r"fetch.worker: is not a key.*Did you mean workers"),
        ({"per_host_pause_seconds": -1}, r"fetch.per_host_pause_seconds: must be at least 0"),
    ],
)
def test_a_wrong_setting_names_its_key_and_mend(values: dict[str, object], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        fetch(**values)

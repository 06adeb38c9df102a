"""Bad input: a wrong file is answered in one line that can be acted on; a bad source costs itself and no other."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from flows.cli import main
from mentionwatch.labels import FaultKind, Verdict
from mentionwatch.model import NightReport, SourceRun
from tests.collectors.loopback import Handler, Loopback, answer, loopback, send
from tests.flows.nights import clean_environment, cli, holdings
from tests.flows.plain import sweep_plainly
from town.home import write_home

NIGHT = "2026-11-21T02:30:00Z"
DAY = timedelta(days=1)


# --- wrong files ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mistake:
    """`old` in `file` becomes `new`; the answer must hold each of `words`."""

    file: str
    old: str
    new: str
    words: tuple[str, ...]
    code: int = 2


SCHOOL, SOURCES = "school.toml", "sources.toml"
POST = 'url = "http://127.0.0.1:9/paper/feed.xml"'
MISTAKES = {
    "no name of the school": Mistake(SCHOOL, 'name = "Ysgol Aberwylan"\n', "", ("school.name", "missing")),
    "an empty name": Mistake(SCHOOL, '"Ysgol Aberwylan"\n', '"  "\n', ("school.name", "missing")),
    "a number for a name": Mistake(SCHOOL, '"Ysgol Aberwylan"\n', "7\n", ("school.name", "text")),
    "a number among the places": Mistake(SCHOOL, "places = [", "places = [7, ", ("school.places", "text")),
    "a text for the look-alikes": Mistake(
        SCHOOL, "[[school.look_alike]]", "look_alike = 'x'\n[other]", ("school.look_alike",)
    ),
    "an unknown key": Mistake(SCHOOL, "\npostcodes", "\npost_codes", ("school.post_codes", "postcodes")),
    "an unknown table": Mistake(SCHOOL, "[dpia]", "[dpai]", ("dpai", "dpia")),
    "an unknown language": Mistake(SCHOOL, 'lang = "cy"', 'lang = "fr"', ("school.lang", '"cy"')),
    "an unknown digest language": Mistake(SCHOOL, 'lang = "en"', 'lang = "kw"', ("digest.lang", '"en"')),
    "an unknown pack": Mistake(SCHOOL, '"llanbedrog"', '"hogwarts"', ("policy.pack", "caldecote")),
    "no pack": Mistake(SCHOOL, 'pack = "llanbedrog"', "", ("policy.pack", "missing")),
    "a pack file that is not there": Mistake(SCHOOL, '"llanbedrog"', '"ours.toml"', ("ours.toml",)),
    "a date that is none": Mistake(SCHOOL, 'DPIA-DEMO"\non = 2026-09-01', 'X"\non = "soon"', ("dpia.on",)),
    "broken TOML": Mistake(SCHOOL, 'name = "Ysgol', 'name = Ysgol"', ("TOML", "line 3")),
    "a text where a table belongs": Mistake(SCHOOL, "[school]\n", "dpia = 1\n[school]\n", ("TOML", "line")),
    "a key with a line break": Mistake(SCHOOL, "[policy]", '[policy]\n"a\\nb" = 1', ("policy.", "know")),
    "no collector": Mistake(SOURCES, 'collector = "wikipedia"\n', "", ("source[5].collector", '"feed"')),
    "an unknown collector": Mistake(
        SOURCES, 'r = "wikipedia"', 'r = "facebook"', ("source[5].collector", "wikipedia")
    ),
    "no name of a source": Mistake(SOURCES, 'name = "wylan-post"\n', "", ("source[1].name", "missing")),
    "a name used twice": Mistake(SOURCES, '"village-blog"', '"wylan-post"', ("source[3].name", "twice")),
    "no address": Mistake(SOURCES, POST, "", ("source[1].url", "missing")),
    "a list for an address": Mistake(SOURCES, POST, 'url = ["http://a.example/"]', ("source[1].url", "text")),
    "an address without a scheme": Mistake(SOURCES, POST, 'url = "paper.example/feed"', ("source[1].url",)),
    "a file for an address": Mistake(SOURCES, POST, 'url = "file:///etc/passwd"', ("source[1].url",)),
    "an address of nonsense": Mistake(SOURCES, POST, 'url = "http://[::1"', ("source[1].url", "address")),
    "an address with a password": Mistake(
        SOURCES, POST, 'url = "https://u:geheim@paper.example/"', ("source[1].url",)
    ),
    "an impossible port": Mistake(
        SOURCES, POST, 'url = "http://paper.example:99999/"', ("source[1].url", "address")
    ),
    "an unknown kind": Mistake(SOURCES, 'kind = "post"', 'kind = "rant"', ("source[3].kind", "comment")),
    "a key for another collector": Mistake(
        SOURCES, POST, f"{POST}\nsubreddits = ['x']", ("source[1].subreddits", "remove")
    ),
    "a misspelt agreement": Mistake(
        SOURCES, POST, f'{POST}\nterms_ok = "me"', ("source[1].terms_ok", "did you mean")
    ),
    "a day that is none": Mistake(SOURCES, "terms_ok_on = 2026-09-01", "terms_ok_on = 9", ("terms_ok_on",)),
    "a yes for about_us": Mistake(SOURCES, POST, f'{POST}\nabout_us = "yes"', ("source[1].about_us", "true")),
    "a network that is none": Mistake(
        SOURCES, '"127.0.0.1/32"', '"127.0.0.1/99"', ("fetch.allow_networks", "network")
    ),
    "a negative time": Mistake(SOURCES, "[fetch]", "[fetch]\ntotal_seconds = -1", ("fetch.total_seconds",)),
    "no number for a time": Mistake(SOURCES, "[fetch]", "[fetch]\ntotal_seconds = nan", ("total_seconds",)),
    "endless workers": Mistake(SOURCES, "[fetch]", "[fetch]\nworkers = inf", ("fetch.workers",)),
    "a key set twice": Mistake(SOURCES, POST, f"{POST}\n{POST}", ("TOML", "line")),
    "one table where several belong": Mistake(SOURCES, "[[source]]", "[source]", ("TOML", "line")),
    "no DPIA": Mistake(SCHOOL, 'reference = "DPIA-DEMO"\n', "", ("dpia", "Article 35"), 5),
    "a DPIA without a date": Mistake(SCHOOL, 'DPIA-DEMO"\non = 2026-09-01', 'X"', ("dpia", "date"), 5),
    "a DPIA from the future": Mistake(
        SCHOOL, 'O"\non = 2026-09-01', 'O"\non = 2030-01-01', ("dpia", "on"), 5
    ),
}


def _answer_to(home: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """The exit code of a sweep and its one line."""
    code = main(["sweep", "--home", str(home), "--now", NIGHT])
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("mentionwatch: ")
    assert said.err.count("\n") == 1 and said.err.endswith("\n"), said.err
    assert "Traceback" not in said.err
    return code, said.err


@pytest.fixture
def home(tmp_path: Path) -> Path:
    write_home(tmp_path / "home", "http://127.0.0.1:9")
    return tmp_path / "home"


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_in_a_file_is_answered_in_one_line_with_file_key_and_mend(
    home: Path, mistake: Mistake, capsys: pytest.CaptureFixture[str]
) -> None:
    path = home / mistake.file
    text = path.read_text(encoding="utf-8")
    assert mistake.old in text
    path.write_text(text.replace(mistake.old, mistake.new, 1), encoding="utf-8")
    code, said = _answer_to(home, capsys)
    assert code == mistake.code, said
    assert mistake.file in said or "ours.toml" in said
    for word in mistake.words:
        assert word.lower() in said.lower(), said
    assert "geheim" not in said
    assert not (home / "warehouse.duckdb").exists()
    assert not (home / "prefect").exists()


def test_a_pack_that_grants_no_monitoring_needs_the_governors_decision_L01(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = home / SCHOOL
    text = path.read_text(encoding="utf-8").replace('"llanbedrog"', '"brighton_hill"')
    decision = text[text.index("[authority]") : text.index("[dpia]")]
    for without in (
        text.replace(decision, ""),
        text.replace(decision, decision.replace("on = 2026-09-01", "")),
        text.replace(decision, decision.replace("2026-09-01", "2026-12-01")),
    ):
        path.write_text(without, encoding="utf-8")
        code, said = _answer_to(home, capsys)
        assert code == 5
        assert SCHOOL in said and "[authority]" in said


@pytest.mark.parametrize("name", [SCHOOL, SOURCES])
@pytest.mark.parametrize("damage", ["absent", "a folder", "not UTF-8", "NUL", "empty"])
def test_a_file_that_cannot_be_read_is_named(
    home: Path, name: str, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = home / name
    path.unlink()
    if damage == "a folder":
        path.mkdir()
    elif damage != "absent":
        path.write_bytes({"not UTF-8": b"\xff\xfe[school]", "NUL": b"\0[school]", "empty": b""}[damage])
    code, said = _answer_to(home, capsys)
    assert code == 2
    assert name in said


@pytest.mark.parametrize("name", [SCHOOL, SOURCES])
def test_a_byte_order_mark_from_a_windows_editor_is_no_mistake(home: Path, name: str) -> None:
    from flows.home import Home, read_home
    from mentionwatch.settings import read_environment

    path = home / name
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(read_home(Home(home), read_environment({})).collectors) == 7


def test_credentials_that_others_can_read_are_refused_without_showing_them(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = home / "keys" / "credentials.toml"
    path.chmod(0o644)
    code, said = _answer_to(home, capsys)
    assert code == 2
    assert "chmod 600" in said
    path.chmod(0o600)
    path.write_text("[reddit]\nclient_secret = 77310\n", encoding="utf-8")
    code, said = _answer_to(home, capsys)
    assert code == 2
    assert "reddit.client_secret" in said and "77310" not in said


def test_a_source_nobody_knows_is_refused_with_the_names_there_are(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["sweep", "--home", str(home), "--now", NIGHT, "--source", "wylan-pots"])
    said = capsys.readouterr().err
    assert code == 2
    assert said.count("\n") == 1
    assert "wylan-pots" in said and "wylan-post" in said.replace("wylan-pots", "")


# --- bad sources ------------------------------------------------------------------------------------------


def _item(name: str, number: int) -> str:
    return (
        f"<item><title>Item {number} of {name}</title><link>http://{name}.example/{number}</link>"
        f"<guid>http://{name}.example/{number}</guid><pubDate>Fri, {18 + number % 3} Nov 2026 10:00:00 GMT</pubDate>"
        f"<description>The school hall was full for concert {number}.</description></item>"
    )


def feed(name: str, items: int) -> bytes:
    """A feed with so many items."""
    listed = "".join(_item(name, number) for number in range(items))
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>{name}</title><link>http://{name}.example/</link>'
        f"<description>d</description>{listed}</channel></rss>"
    ).encode()


def _well(name: str, items: int) -> Handler:
    return send(answer(feed(name, items), content_type="application/rss+xml"))


def _status(line: str, **headers: str) -> Handler:
    return send(answer(b"<!doctype html><p>No.</p>", line, **headers))


def _say_nothing(connection: socket.socket, _request: bytes) -> None:
    connection.recv(1)


def _endless(connection: socket.socket, _request: bytes) -> None:
    connection.sendall(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nConnection: close\r\n\r\n<rss version='2.0'>"
    )
    while True:
        connection.sendall(b" " * 65536)


def _cut(connection: socket.socket, _request: bytes) -> str:
    connection.sendall(answer(feed("cut", 8), content_type="application/rss+xml")[:-500])
    return "close"


def _cut_at_once(connection: socket.socket, _request: bytes) -> str:
    connection.sendall(answer(feed("x", 8), content_type="application/rss+xml")[:150])
    return "close"


PAGE = b"<!doctype html><html><head><title>One moment</title></head><body>Checking your browser</body></html>"
BARE = b'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title></channel></rss>'
BAD: dict[str, tuple[FaultKind, Handler]] = {
    "html": (FaultKind.NOT_A_FEED, send(answer(PAGE))),
    "json": (FaultKind.NOT_A_FEED, send(answer(b'{"a": [1]}', content_type="application/json"))),
    "cut": (FaultKind.TRUNCATED, _cut),
    "cut-at-once": (FaultKind.TRUNCATED, _cut_at_once),
    "empty": (FaultKind.EMPTY, send(answer(b"", content_type="text/xml"))),
    "bare": (FaultKind.EMPTY, send(answer(BARE, content_type="text/xml"))),
    "error-500": (FaultKind.SERVER_ERROR, _status("500 Internal Server Error")),
    "error-503": (FaultKind.SERVER_ERROR, _status("503 Service Unavailable")),
    "absent-404": (FaultKind.HTTP_404_410, _status("404 Not Found")),
    "absent-410": (FaultKind.HTTP_404_410, _status("410 Gone")),
    "barred-401": (FaultKind.HTTP_401_403, _status("401 Unauthorized")),
    "barred-403": (FaultKind.HTTP_401_403, _status("403 Forbidden")),
    "busy-429": (FaultKind.RATE_LIMITED, _status("429 Too Many Requests", retry_after="60")),
    "slow": (FaultKind.TIMEOUT, _say_nothing),
    "large": (FaultKind.TOO_LARGE, _endless),
}
"""Each with what it must be called (contract: source error kinds)."""

OTHERWISE: dict[str, tuple[FaultKind, str]] = {
    "unknown-host": (FaultKind.DNS, 'url = "http://no-such-host.invalid/feed.xml"\n'),
    "private": (FaultKind.REFUSED_BY_POLICY, 'url = "http://10.1.2.3/feed.xml"\n'),
    "metadata": (FaultKind.REFUSED_BY_POLICY, 'url = "http://169.254.169.254/latest"\n'),
}


def _source(name: str, body: str, collector: str = "feed", agreed: str = "") -> str:
    agreed = agreed or 'terms_ok_by = "The office"\nterms_ok_on = 2026-09-01\n'
    return f'[[source]]\nname = "{name}"\ncollector = "{collector}"\nabout_us = true\n{body}{agreed}\n'


class Troubled:
    """A home whose sources each have a server of their own, so that one host's trouble is one source's."""

    def __init__(self, folder: Path, servers: dict[str, Loopback], plain_port: int, closed_port: int) -> None:
        self.folder, self.servers = folder, servers
        write_home(folder, "http://127.0.0.1:9")
        shutil.rmtree(folder / "keys")
        sources = [_source(name, f'url = "{server.base}/feed.xml"\n') for name, server in servers.items()]
        sources += [_source(name, line) for name, (_, line) in OTHERWISE.items()]
        sources += [
            _source("down", f'url = "http://127.0.0.1:{closed_port}/feed.xml"\n'),
            _source("no-tls", f'url = "https://127.0.0.1:{plain_port}/feed.xml"\n'),
            _source("no-key", 'subreddits = ["wylan"]\n', "reddit"),
            _source("no-terms", f'url = "{servers["well"].base}/feed.xml"\n', agreed="place = 'Wylan'\n"),
            _source(
                "no-terms-day", f'url = "{servers["well"].base}/feed.xml"\n', agreed="terms_ok_by = 'Me'\n"
            ),
        ]
        fetch = '[fetch]\nallow_networks = ["127.0.0.1/32"]\nsecond_look_seconds = 0\ntotal_seconds = 2\n\n'
        (folder / SOURCES).write_text(fetch + "".join(sources), encoding="utf-8")

    def be_well(self, items: int) -> None:
        """Every server delivers this many items."""
        for name, server in self.servers.items():
            server.routes["/feed.xml"] = _well(name, items)

    def be_bad(self) -> None:
        """Every server but one has its trouble."""
        for name, (_, handler) in BAD.items():
            self.servers[name].routes["/feed.xml"] = handler

    def mentions(self) -> dict[str, int]:
        """How many are stored, by source; only those that are still there."""
        import duckdb

        with duckdb.connect(str(self.folder / "warehouse.duckdb"), read_only=True) as connection:
            found = connection.execute(
                "SELECT source, count(*) FROM mentions WHERE NOT is_gone GROUP BY ALL"
            ).fetchall()
        return dict(found)


@contextmanager
def _server_without_tls() -> Iterator[int]:
    """The port of a server that answers a TLS greeting in plain HTTP."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listening.accept()
                    with connection:
                        connection.recv(4096)
                        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        threading.Thread(target=serve, daemon=True).start()
        yield int(listening.getsockname()[1])


@pytest.fixture
def troubled(tmp_path: Path) -> Iterator[Troubled]:
    with ExitStack() as stack:
        servers = {name: stack.enter_context(loopback()) for name in ("well", *BAD)}
        plain_port = stack.enter_context(_server_without_tls())
        with socket.create_server(("127.0.0.1", 0)) as gone:
            closed_port = int(gone.getsockname()[1])
        yield Troubled(tmp_path / "home", servers, plain_port, closed_port)


def _by_name(report: NightReport) -> dict[str, SourceRun]:
    return {run.name: run for run in report.sources}


def _kinds(runs: dict[str, SourceRun]) -> dict[str, FaultKind | None]:
    return {name: run.fault.kind if run.fault else None for name, run in runs.items()}


ALWAYS_BAD = {name: kind for name, (kind, _) in OTHERWISE.items()} | {
    "down": FaultKind.SERVER_ERROR,
    "no-tls": FaultKind.TLS,
    "no-key": FaultKind.CREDENTIALS,
    "no-terms": FaultKind.TERMS,
    "no-terms-day": FaultKind.TERMS,
}


@pytest.mark.slow
def test_every_kind_of_bad_source_is_called_by_its_name_and_costs_no_other(
    troubled: Troubled, now: datetime
) -> None:
    troubled.be_well(2)
    first = _by_name(sweep_plainly(troubled.folder, now))
    assert troubled.mentions() == dict.fromkeys(troubled.servers, 2)
    assert _kinds(first) == ALWAYS_BAD | dict.fromkeys(troubled.servers)

    # one night later all have a new item, and all but one are broken
    troubled.be_well(3)
    troubled.be_bad()
    report = sweep_plainly(troubled.folder, now + DAY)
    second = _by_name(report)
    assert _kinds(second) == ALWAYS_BAD | {name: kind for name, (kind, _) in BAD.items()} | {"well": None}
    assert report.verdict is Verdict.DEGRADED
    assert second["well"].new == 1
    assert second["well"].verdict is Verdict.MENTIONS
    for name, run in second.items():
        assert run.gone == 0
        if name != "well":
            assert run.verdict in (Verdict.BLIND, Verdict.DEGRADED)
            assert run.fault is not None and run.fault.detail
            assert "\n" not in run.fault.detail

    # they come back: what was published meanwhile is there, once
    troubled.be_well(3)
    third = _by_name(sweep_plainly(troubled.folder, now + 2 * DAY))
    assert _kinds(third) == ALWAYS_BAD | dict.fromkeys(troubled.servers)
    assert troubled.mentions() == dict.fromkeys(troubled.servers, 3) | {"cut": max(3, second["cut"].fetched)}
    assert third["well"].new == 0
    held = holdings(troubled.folder)
    assert set(held["mentions"].values()) == set(held["evidence"].values()) == {1}


@pytest.mark.slow
@pytest.mark.prefect
def test_a_night_with_a_source_down_exits_3_and_says_which(tmp_path: Path, now: datetime) -> None:
    home = tmp_path / "home"
    with loopback() as well, loopback() as bad:
        well.routes["/feed.xml"] = _well("well", 2)
        bad.routes["/feed.xml"] = BAD["html"][1]
        write_home(home, "http://127.0.0.1:9")
        fetch = '[fetch]\nallow_networks = ["127.0.0.1/32"]\nsecond_look_seconds = 0\n\n'
        sources = _source("well", f'url = "{well.base}/feed.xml"\n') + _source(
            "wall", f'url = "{bad.base}/feed.xml"\n'
        )
        (home / SOURCES).write_text(fetch + sources, encoding="utf-8")
        done = subprocess.run(
            cli("sweep", "--home", str(home), "--now", now.isoformat()),
            env=clean_environment(),
            capture_output=True,
            text=True,
        )
    assert done.returncode == 3, done.stderr
    assert done.stderr == ""
    assert "Verdict: degraded" in done.stdout
    assert any("wall" in line and "blind: not_a_feed" in line for line in done.stdout.splitlines())
    assert any("well" in line and "2 new" in line for line in done.stdout.splitlines())

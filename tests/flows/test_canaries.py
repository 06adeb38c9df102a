"""What must not leak does not: strings that occur nowhere else are sent through whole nights and looked for afterwards."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.collectors.loopback import answer, loopback, send
from tests.flows.nights import clean_environment, cli
from tests.warehouse.opened import words_in
from town.home import write_home
from town.reddit_api import CLIENT_SECRET
from town.server import Town
from town.story_reddit import REDDIT

pytestmark = [pytest.mark.slow, pytest.mark.prefect]

TITLE, WORDS, AUTHOR, LINK = "Qanaritl", "Qanariwords", "Qanariauthor", "qanarilink"
REPORTER, REPORTED, WRONG_SECRET, FAILURE = (
    "Qanarireporter",
    "Qanarireported",
    "Qanarisecret",
    "Qanarifailure",
)
POSTS = (TITLE, WORDS, LINK, REPORTED, FAILURE)
PERSONS = (AUTHOR, REPORTER, *{post.author for post in REDDIT if len(post.author) > 6})
SECRETS = (WRONG_SECRET, CLIENT_SECRET)
NIGHT = datetime(2026, 11, 21, 2, 30, tzinfo=UTC)

FEED = f"""<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>Letters</title><link>http://letters.example/</link><description>d</description><item>
<title>{TITLE} at Ysgol Aberwylan</title><link>http://letters.example/{LINK}</link><guid>{LINK}</guid>
<dc:creator>{AUTHOR}</dc:creator><author>{AUTHOR}@letters.example ({AUTHOR})</author>
<pubDate>Fri, 20 Nov 2026 10:00:00 GMT</pubDate>
<description>{WORDS}: the homework at Ysgol Aberwylan, Aberwylan, is far too much and nobody answers.</description>
</item></channel></rss>""".encode()


@dataclass(frozen=True)
class Nights:
    """A home after a report and two nights of the command, and all that was said on the way."""

    home: Path
    said: str
    codes: tuple[int, ...]


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nights]:
    home = tmp_path_factory.mktemp("canaries") / "home"
    with Town(NIGHT) as town, loopback() as server:
        server.routes["/feed.xml"] = send(answer(FEED, content_type="application/rss+xml"))
        server.routes["/broken.xml"] = send(answer(f"<p>{FAILURE}</p>".encode(), f"500 {FAILURE}"))
        server.routes["/page.xml"] = send(answer(f"<!doctype html><html>{FAILURE}".encode()))
        write_home(home, town.base)
        more = "".join(
            f'[[source]]\nname = "{name}"\ncollector = "feed"\nurl = "{server.base}/{name}.xml"\nabout_us = true\n'
            'terms_ok_by = "The office"\nterms_ok_on = 2026-09-01\n\n'
            for name in ("feed", "broken", "page")
        )
        with (home / "sources.toml").open("a", encoding="utf-8") as file:
            file.write(more)
        place = ("--home", str(home))
        report = ("report", *place, "--url", "http://wall.example/7", "--posted-at", "unknown")
        done = [
            _run(*report, "--text", f"{REPORTED}: Ysgol Aberwylan again", "--reporter", REPORTER),
            _run("sweep", *place, "--now", NIGHT.isoformat()),
            _run(
                "sweep",
                *place,
                "--now",
                (NIGHT + timedelta(days=1)).isoformat(),
                "--json",
                MENTIONWATCH_REDDIT_CLIENT_SECRET=WRONG_SECRET,
            ),
            _run("status", *place),
        ]
    said = "".join(each.stdout + each.stderr for each in done)
    yield Nights(home, said, tuple(each.returncode for each in done))


def _run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        cli(*arguments), env=clean_environment(**environment), capture_output=True, text=True
    )


def _found_in(folder: Path, words: tuple[str, ...]) -> list[tuple[str, str]]:
    """Which of the words stand in which file, as they are or as UTF-16."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            found += [
                (str(path.relative_to(folder)), word)
                for word in words
                if word.encode() in data or word.encode("utf-16-le") in data
            ]
    return found


def test_the_nights_really_saw_what_is_looked_for(nights: Nights) -> None:
    assert nights.codes == (0, 3, 3, 3), nights.said
    done = _run("mentions", "--home", str(nights.home), "--json")
    assert '"kind": "credentials"' in nights.said, "the wrong secret was never tried"
    for word in (TITLE, WORDS, LINK, REPORTED):
        assert word in done.stdout
    assert any(json.loads(line)["source"] == "reddit" for line in done.stdout.splitlines())
    handles = {words.author for _, _, words in words_in(nights.home)}
    assert any(AUTHOR in handle for handle in handles)
    assert len(handles & set(PERSONS)) >= 2, "the authors on Reddit are not looked for"


def test_nothing_said_holds_a_post_a_person_or_a_secret(nights: Nights) -> None:
    for word in (*POSTS, *PERSONS, *SECRETS):
        assert word not in nights.said


def test_no_log_holds_a_post_a_person_or_a_secret(nights: Nights) -> None:
    assert any((nights.home / "logs").iterdir())
    assert _found_in(nights.home / "logs", (*POSTS, *PERSONS, *SECRETS)) == []


def test_prefect_keeps_no_post_no_person_and_no_secret(nights: Nights) -> None:
    folder = nights.home / "prefect"
    assert _found_in(folder, (*POSTS, *PERSONS, *SECRETS)) == []
    with sqlite3.connect(folder / "prefect.db") as connection:
        names = {row[0] for row in connection.execute("SELECT name FROM flow_run")}
        assert any(name.startswith("sweep-2026-11-21") for name in names), (
            "this is not where Prefect keeps its runs"
        )
        parameters = [json.loads(row[0]) for row in connection.execute("SELECT parameters FROM flow_run")]
        artifacts = list(connection.execute("SELECT key, data FROM artifact"))
        assert list(connection.execute("SELECT count(*) FROM log")) == [(0,)]
    for given in parameters:
        assert given.keys() <= {"home", "now", "sources"}
        assert given["home"] == str(nights.home)
    assert {key for key, _ in artifacts} == {"sources", "digest"}
    known = {"source", "verdict", "fetched", "new", "edited", "gone", "fault"}
    for key, data in artifacts:
        value = json.loads(data)
        rows = json.loads(value) if key == "sources" and isinstance(value, str) else value
        if key == "sources":
            assert all(row.keys() == known for row in rows)
        else:
            assert "[Digest of the night](file://" in rows and len(rows) < 400


def test_no_secret_stands_in_any_file_but_the_one_it_is_kept_in(nights: Nights) -> None:
    assert _found_in(nights.home, SECRETS) == [("keys/credentials.toml", CLIENT_SECRET)]


def _analysts_copy(home: Path) -> dict[str, str]:
    """Every table and view as an analyst can read it."""
    import duckdb

    with duckdb.connect(str(home / "analysis.duckdb"), read_only=True) as connection:
        tables = connection.execute(
            "SELECT table_schema, table_name FROM information_schema.tables"
        ).fetchall()
        return {
            table: repr(connection.execute(f'SELECT * FROM "{schema}"."{table}"').fetchall())  # noqa: S608
            for schema, table in tables
        }


def test_who_reported_stands_in_no_file_at_all(nights: Nights) -> None:
    """L19, L20: database, write-ahead log, copy, logs, digests, keys and the sealed file itself."""
    assert (nights.home / "reporters" / "sealed").stat().st_size > 500
    assert _found_in(nights.home, (REPORTER, REPORTER.lower())) == []


def test_no_author_and_no_reporter_is_in_the_analysts_copy(nights: Nights) -> None:
    assert [word for path, word in _found_in(nights.home, PERSONS) if path == "analysis.duckdb"] == []
    copy = _analysts_copy(nights.home)
    assert {"mentions", "classifications", "evidence", "incidents", "decisions", "runs"} <= copy.keys()
    assert WORDS in copy["mentions"], "the copy is read in a way that finds nothing"
    found = [(table, word) for table, text in copy.items() for word in (*PERSONS, *SECRETS) if word in text]
    assert found == []


def test_no_words_of_a_flagged_post_are_in_the_analysts_copy(nights: Nights) -> None:
    listed = _run("mentions", "--home", str(nights.home), "--json").stdout.splitlines()
    flagged = [row for row in map(json.loads, listed) if row["label"] == "inappropriate"]
    assert flagged
    for table, text in _analysts_copy(nights.home).items():
        assert [row["id"] for row in flagged if row["text"][:40] in text] == [], table


def test_no_author_and_no_reporter_is_in_a_digest(nights: Nights) -> None:
    folder = nights.home / "digests"
    assert len(list(folder.glob("*.html"))) == 2
    assert _found_in(folder, (*PERSONS, *SECRETS)) == []
    for form in ("html", "text", "json"):
        for lang in ("en", "cy"):
            done = _run(
                "digest", "--home", str(nights.home), "--date", "2026-11-21", "--format", form, "--lang", lang
            )
            assert done.returncode == 0, done.stderr
            assert not any(word in done.stdout + done.stderr for word in (*PERSONS, *SECRETS))

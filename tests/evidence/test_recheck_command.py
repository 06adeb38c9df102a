"""`recheck` on a real home, through the real door, against a real server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from evidence.capture import capture
from mentionwatch.labels import IncidentState, Role
from tests.collectors.loopback import Loopback, answer, loopback, send
from tests.evidence.values import NOW, make_fetched
from tests.incidents.homes import Desk, make_desk
from tests.warehouse.factory import make_night, make_write
from warehouse.connection import Warehouse
from warehouse.store import store_nights

WORDS = "The teachers at Ysgol Llanbedrog are lazy and the car park is a disgrace to the village."
LATER = (NOW + timedelta(days=3)).isoformat()


def page(*lines: str) -> bytes:
    around = ("A remark about the weather up here", *lines, "A remark about the chapel roof there")
    return f"<html><body>{''.join(f'<p>{line}</p>' for line in around)}</body></html>".encode()


@pytest.fixture
def server() -> Iterator[Loopback]:
    with loopback() as running:
        running.routes["/robots.txt"] = send(answer(b"User-agent: *\nAllow: /\n", content_type="text/plain"))
        running.routes["/feed"] = send(
            answer(b"<rss version='2.0'></rss>", content_type="application/rss+xml")
        )
        yield running


@pytest.fixture
def desk(tmp_path: Path, server: Loopback) -> Desk:
    """One open incident about one captured page."""
    made = make_desk(tmp_path / "home")
    (made.folder / "sources.toml").write_text(
        f"""[fetch]
allow_networks = ["127.0.0.1/32"]
per_host_pause_seconds = 0
[[source]]
name = "paper"
collector = "feed"
url = "{server.base}/feed"
terms_ok_by = "the office"
terms_ok_on = 2026-09-01
"""
    )
    write = make_write(text=WORDS, url=f"{server.base}/p", opens=True)
    answered = make_fetched(page(WORDS), url_requested=f"{server.base}/p", url_final=f"{server.base}/p")
    snapshot = capture(write.mention.entry, server.base, lambda _: answered, NOW)
    with Warehouse(made.folder).writer() as writing:
        store_nights(writing, [make_night(writes=[replace(write, snapshot=snapshot)])], NOW)
    return made


@pytest.mark.parametrize(
    ("body", "status", "state"),
    [
        (page(WORDS), "200 OK", "present"),
        (page(WORDS.replace("lazy", "hard-working")), "200 OK", "edited"),
        (page(), "200 OK", "gone"),
        (b"", "404 Not Found", "gone"),
        (b"", "410 Gone", "gone"),
        (b"", "403 Forbidden", "inaccessible"),
        (b"<html><body>Sign in<input type=password></body></html>", "200 OK", "inaccessible"),
        (b"<html><body><p>Wholly new page</p></body></html>", "200 OK", "unknown"),
        (b"", "503 Service Unavailable", "unknown"),
    ],
)
def test_l42_what_is_seen_is_entered_in_the_log_and_nothing_is_decided(
    desk: Desk, server: Loopback, body: bytes, status: str, state: str
) -> None:
    server.routes["/p"] = send(answer(body, status))
    said = desk.run("recheck", "--json", "--now", LATER)
    assert said.code == 0, said.err
    assert (said.row["incident"], said.row["state"]) == ("2026-0001", state)
    shown = desk.run("incident", "show", "2026-0001", "--json").row
    assert shown["state"] == IncidentState.PRESERVED
    last = shown["events"][-1]
    assert (last["event"], last["role"], last["from"], last["to"]) == (
        "rechecked",
        Role.PIPELINE,
        "PRESERVED",
        "PRESERVED",
    )
    assert last["details"]["state"] == state and last["at"] == "2026-11-24T02:30:00Z"
    assert "lazy" not in last["reason"]
    assert desk.run("evidence", "verify").code == 0


def test_404_while_the_whole_source_is_down_is_no_deletion(desk: Desk, server: Loopback) -> None:
    server.routes["/feed"] = send(answer(b"", "500 Internal Server Error"))
    assert desk.run("recheck", "--json", "--now", LATER).row["state"] == "unknown"


def test_only_the_post_is_asked_for_and_no_picture_on_it(desk: Desk, server: Loopback) -> None:
    server.routes["/p"] = send(answer(page(WORDS, "<img src='/x.png'><script src='/y.js'></script>")))
    desk.run("recheck", "--now", LATER)
    assert set(server.hits) == {"/robots.txt", "/p"}


def test_b13_a_stopped_incident_is_never_fetched_again(desk: Desk, server: Loopback) -> None:
    assert desk.move("stop_image", "operator").code == 0
    said = desk.run("recheck", "--json", "--now", LATER)
    assert (said.code, said.rows, dict(server.hits)) == (0, [], {})


def test_l26_while_the_police_ask_the_school_to_wait_nothing_is_looked_at(
    desk: Desk, server: Loopback
) -> None:
    server.routes["/p"] = send(answer(page(WORDS)))
    handed = desk.move("hand_over", "operator", "given by hand", "--fact", "conflict_checked=yes")
    assert handed.code == 0, handed.err
    limbs = ("connection=about our staff", "effect=staff", "harm=threat", "involved=deputy, council")
    offence = ("offence=other", "proportionate=a threat of violence against a person", "informant=school")
    facts = [part for fact in (*limbs, *offence) for part in ("--fact", fact)]
    assert desk.move("police", "head", "it threatens somebody", *facts).code == 0
    assert desk.move("police_wait", "head").code == 0
    assert desk.run("recheck", "--json", "--now", LATER).rows == []
    assert not server.hits


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE evidence SET http_status = 404",
        "UPDATE revisions SET sealed = 'other words'::BLOB",
        "UPDATE revisions SET posted_at = posted_at + INTERVAL 1 HOUR",
        "UPDATE objects SET sealed = 'x'::BLOB",
        "UPDATE audit SET reason = 'other' WHERE seq = 1",
    ],
)
def test_tampered_evidence_is_found_and_never_exported_as_good(desk: Desk, tampering: str) -> None:
    assert desk.run("evidence", "export", "2026-0001").code == 0
    (desk.folder / "exhibits" / "2026-0001.zip").unlink()
    with Warehouse(desk.folder).writer() as writing:
        writing.run(tampering)
    said = desk.run("evidence", "verify")
    assert said.code == 1 and "WRONG" in said.out
    refused = desk.run("evidence", "export", "2026-0001")
    assert refused.code == 1 and "not as it was captured" in refused.err
    assert not list((desk.folder / "exhibits").glob("*"))


def test_evidence_of_an_unknown_id_is_answered_in_one_line(desk: Desk) -> None:
    for step in ("verify", "export"):
        said = desk.run("evidence", step, "nonsense")
        assert said.code == 2 and "no evidence is stored under 'nonsense'" in said.err


def test_b13_evidence_of_a_stopped_incident_is_exported_by_nobody(desk: Desk) -> None:
    desk.move("stop_image", "operator")
    said = desk.run("evidence", "export", "2026-0001")
    assert said.code == 5 and "indecent or intimate image" in said.err
    assert not list((desk.folder / "exhibits").glob("*"))


def looks(desk: Desk, *days: float) -> list[list[dict[str, object]]]:
    return [
        desk.run("recheck", "--json", "--now", (NOW + timedelta(days=day)).isoformat()).rows for day in days
    ]


def test_l42_posts_are_looked_at_as_planned_and_never_more_than_eight_times(
    desk: Desk, server: Loopback
) -> None:
    """The flow runs every hour; a site is asked at the beginning, a day and a week later, and then left alone."""
    server.routes["/p"] = send(answer(page(WORDS)))
    found = looks(desk, 0.01, 0.05, 0.1, 0.9, 1.05, 1.1, 5, 7.1, 7.2, 30, 300)
    assert [bool(rows) for rows in found] == [
        True, False, False, False, True, False, False, True, False, False, False,
    ]  # fmt: skip
    assert [rows[0]["look"] for rows in found if rows] == ["baseline", "next_day", "next_week"]
    assert server.hits["/p"] == 3


def test_l42_complied_needs_two_looks_six_hours_apart_and_then_a_person(desk: Desk, server: Loopback) -> None:
    server.routes["/p"] = send(answer(b"", "410 Gone"))
    first, second = looks(desk, 0.01, 1.05)
    assert (first[0]["state"], first[0]["may_confirm_removal"]) == ("gone", False)
    assert (second[0]["state"], second[0]["may_confirm_removal"]) == ("gone", True)
    shown = desk.run("incident", "show", "2026-0001", "--json").row
    assert shown["state"] == IncidentState.PRESERVED, "the software confirms nothing"
    said = desk.run("incident", "show", "2026-0001")
    assert "a person may" in " ".join(said.out.split()).lower()

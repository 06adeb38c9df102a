"""Whole nights over a real WordPress and a real MediaWiki: new, edited, binned, vandalised, reverted, unchanged."""

from __future__ import annotations

import io
import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from evidence.recheck import choose_baseline
from flows.home import Home, read_home
from flows.rechecking import look_again, recheck_posts
from flows.running import make_door
from mentionwatch.labels import IncidentState, Label, Route, Verdict
from mentionwatch.model import NightReport
from mentionwatch.settings import read_environment
from tests.flows.nights import clean_environment, cli
from tests.flows.plain import sweep_plainly
from tests.peers.mediawiki import Wiki
from tests.peers.wordpress import Blog
from town.home import school_toml
from town.story import SCHOOL
from warehouse.connection import Warehouse
from warehouse.incident_steps import incident_events, incident_rows
from warehouse.reading import MentionRow, list_mentions
from warehouse.stored_evidence import read_evidence
from warehouse.verify import verify_evidence

pytestmark = pytest.mark.peers

ARTICLE = "Ysgol Gynradd Aberwylan"
PRAISE = "A big thank you to every teacher at Ysgol Aberwylan for a wonderful concert last night."
EDITED = "A big thank you to every teacher at Ysgol Aberwylan, and to the caretaker, for a wonderful concert."
COMPLAINT = "Parking outside Ysgol Aberwylan in Llanwylan is dangerous and the council does nothing about it."
VANDALISM = "I am going to stab the headteacher of Ysgol Aberwylan when she leaves the building on Friday."


def write_home(folder: Path, blog: Blog, wiki: Wiki, article: str) -> None:
    folder.mkdir(parents=True)
    (folder / "school.toml").write_text(school_toml(), encoding="utf-8")
    agreed = 'terms_ok_by = "The test"\nterms_ok_on = 2026-09-01\nplace = "Aberwylan"\n'
    (folder / "sources.toml").write_text(
        '[fetch]\nallow_networks = ["127.0.0.1/32"]\nsecond_look_seconds = 0\ntotal_seconds = 60\n\n'
        f'[[source]]\nname = "village-news"\ncollector = "feed"\nkind = "post"\nurl = "{blog.feed}"\n{agreed}\n'
        f'[[source]]\nname = "wiki"\ncollector = "wikipedia"\napi_url = "{wiki.api_url}"\n'
        f'pages = ["{article}"]\n{agreed}',
        encoding="utf-8",
    )


def mentions(home: Path) -> list[MentionRow]:
    with Warehouse(home).live_reader() as reading:
        return list(list_mentions(reading))


def about(home: Path, words: str) -> MentionRow:
    found = [row for row in mentions(home) if words in row.text or words in row.title]
    assert len(found) == 1, [(row.source, row.title) for row in mentions(home)]
    return found[0]


def pages_kept(home: Path, mention: str) -> list[bytes]:
    """The bodies of the kept pages, revision by revision, out of their WARC files."""
    with Warehouse(home).live_reader() as reading:
        stored = read_evidence(reading, mention)
    bodies = []
    for each in stored:
        for record in ArchiveIterator(io.BytesIO(each.warc)):
            if record.rec_type in ("response", "resource"):
                bodies.append(record.content_stream().read())
    return bodies


def counts(report: NightReport) -> dict[str, tuple[int, int, int]]:
    return {run.name: (run.new, run.edited, run.gone) for run in report.sources}


def test_new_edited_binned_vandalised_and_reverted(tmp_path: Path, blog: Blog, wiki: Wiki) -> None:
    home = tmp_path / "home"
    write_home(home, blog, wiki, ARTICLE)
    now = datetime.now(UTC).replace(microsecond=0)
    blog.post("The church fete", "The fete raised £400 for the roof.", now - timedelta(hours=30))
    blog.post("Ysgol Aberwylan: open day", "Ysgol Aberwylan opens its doors.", now - timedelta(hours=29))
    praised, praised_url = blog.post("The concert", PRAISE, now - timedelta(hours=3))
    complained, _ = blog.post("Parking again", COMPLAINT, now - timedelta(hours=2))
    wiki.edit(ARTICLE, f"'''{ARTICLE}''' is a primary school in Llanwylan.", "start", by_admin=True)

    first = sweep_plainly(home, now)
    assert first.verdict is Verdict.MENTIONS and all(run.fault is None for run in first.sources)
    assert first.counts.out_of_scope >= 1, "the fete is not about the school, and not kept"
    assert not [row for row in mentions(home) if "fete" in row.title]
    praise = about(home, "wonderful concert")
    assert praise.url == praised_url and praise.revision == 1 and praise.label is Label.POSITIVE
    assert praise.posted_at == now - timedelta(hours=3) and praise.captured_at >= now
    (page,) = pages_kept(home, praise.id)
    assert b"wonderful concert" in page and b"<html" in page.lower()
    parking = about(home, "Parking outside")

    blog.edit(praised, EDITED)
    blog.trash(complained)
    bad = wiki.add(ARTICLE, VANDALISM, "update")
    second = sweep_plainly(home, now + timedelta(days=1))
    assert counts(second) == {"village-news": (0, 1, 1), "wiki": (1, 0, 0)}
    praise = about(home, "caretaker")
    assert praise.revision == 2
    before, after = pages_kept(home, praise.id)
    assert b"caretaker" not in before and b"caretaker" in after, "both versions are kept"
    gone = next(row for row in mentions(home) if row.id == parking.id)
    assert gone.is_gone and "Parking outside" in gone.text, "binned there, kept here"
    assert gone.gone_at == now + timedelta(days=1) and pages_kept(home, parking.id)
    (incident_id,) = second.incidents_opened
    threat = about(home, "stab the headteacher")
    assert threat.native_id == str(bad) and threat.incident == incident_id
    assert threat.route is Route.POLICE and threat.needs_person
    assert threat.label in (Label.CONCERN, Label.INAPPROPRIATE)
    assert pages_kept(home, threat.id)

    wiki.undo(ARTICLE, bad)
    third = sweep_plainly(home, now + timedelta(days=2))
    assert third.incidents_opened == (), "the same threat opens no second incident"
    assert counts(third) == {"village-news": (0, 0, 0), "wiki": (1, 1, 0)}, "the revert, and what it undid"
    threat = about(home, "stab the headteacher")
    assert "reverted" in threat.flags and threat.incident == incident_id
    with Warehouse(home).live_reader() as reading:
        assert [row.mention_id for row in incident_rows(reading)] == [threat.id]
        assert len(read_evidence(reading, threat.id)) >= 1, "its evidence outlives the revert"

    fourth = sweep_plainly(home, now + timedelta(days=3))
    assert set(counts(fourth).values()) == {(0, 0, 0)}
    assert fourth.verdict is Verdict.CLEAR

    blog.restore(complained)
    sweep_plainly(home, now + timedelta(days=4))
    back = next(row for row in mentions(home) if row.id == parking.id)
    assert not back.is_gone and back.revision == 1, "the same words are no new revision"
    with Warehouse(home).live_reader() as reading:
        assert not verify_evidence(reading).findings


def test_l42_a_second_look_tells_what_became_of_a_post_and_decides_nothing(
    tmp_path: Path, blog: Blog, wiki: Wiki
) -> None:
    home = tmp_path / "home"
    article = "School on the hill"
    write_home(home, blog, wiki, article)
    now = datetime.now(UTC).replace(microsecond=0)
    blog.post("The church fete", "The fete raised £400 for the roof.", now - timedelta(hours=30))
    posted, _ = blog.post("Friday", VANDALISM, now - timedelta(hours=3))
    wiki.edit(article, f"'''{SCHOOL}''' is a primary school on a hill.", "hill", by_admin=True)
    (incident_id,) = sweep_plainly(home, now).incidents_opened
    threat = about(home, "stab the headteacher")
    config = read_home(Home(home), read_environment({}))

    def seen(at: datetime) -> tuple[str, int | None]:
        (looked,) = recheck_posts(config, at)
        assert (looked.incident, looked.mention) == (incident_id, threat.id)
        return looked.seen.state.value, looked.seen.http_status

    assert seen(now + timedelta(hours=1)) == ("present", 200)
    assert recheck_posts(config, now + timedelta(hours=2)) == (), "not due again"
    blog.edit(posted, VANDALISM.replace("on Friday", "one day"))
    assert seen(now + timedelta(hours=26)) == ("edited", 200)
    blog.lock(posted)
    with Warehouse(home).live_reader() as reading:
        stored = read_evidence(reading, threat.id)[-1]
    baseline = choose_baseline(stored.url, stored.title, stored.text, stored.page_text)
    door = make_door(config.fetch, config.collectors, lambda: now)
    try:
        locked, _ = look_again(baseline, (), door, 1)
    finally:
        door.close()
    assert (locked.state.value, locked.http_status) == ("inaccessible", 200)
    blog.trash(posted)
    later = (now + timedelta(days=8)).isoformat()
    command = cli("recheck", "--home", str(home), "--now", later, "--json")
    done = subprocess.run(command, env=clean_environment(), capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["incident"], found["state"], found["http_status"]) == (incident_id, "gone", 404)

    with Warehouse(home).live_reader() as reading:
        (incident,) = incident_rows(reading)
        noted = [event for event in incident_events(reading, incident_id) if event.event == "rechecked"]
        assert [event.reason.partition(":")[0] for event in noted] == [
            "present",
            "edited",
            "gone",
        ]
        assert incident.state is IncidentState.PRESERVED, "a person decides"
        assert not verify_evidence(reading).findings
    (page,) = pages_kept(home, threat.id)
    assert b"stab the headteacher" in page, "binned there, kept here"

    blog.post("Harvest", "The harvest supper is on Saturday.", now - timedelta(hours=1))
    assert counts(sweep_plainly(home, now + timedelta(days=1)))["village-news"] == (0, 0, 1)
    assert about(home, "stab the headteacher").is_gone


def test_the_command_itself_sees_both_peers(tmp_path: Path, blog: Blog, wiki: Wiki) -> None:
    home = tmp_path / "home"
    article = "School by the sea"
    write_home(home, blog, wiki, article)
    now = datetime.now(UTC).replace(microsecond=0)
    blog.post("Thanks", f"Thank you {SCHOOL} for the lovely harvest concert.", now - timedelta(hours=1))
    wiki.edit(article, f"'''{SCHOOL}''' is a primary school by the sea.", "again", by_admin=True)
    command = cli("sweep", "--home", str(home), "--now", now.isoformat(), "--json")
    done = subprocess.run(command, env=clean_environment(), capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout.splitlines()[-1])
    assert {source["name"]: source["verdict"] for source in report["sources"]} == {
        "village-news": "mentions",
        "wiki": "mentions",
    }
    assert Path(report["digest"]).exists()

"""The first nights: nothing is opened by itself, nothing serious is lost, and what is noise is named without naming people."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.scope import build_scoper
from desk.machine_words import is_note, say_reason
from desk.words import LONDON
from flows.digest import digest_json, read_digest
from flows.exclusions import likelihood_ratio, suggest_exclusions, toml_lines
from flows.home import Home, parse_toml, read_school
from flows.name_words import GIVEN, SURNAMES
from flows.replay import Rescoper
from flows.shadow import is_sampled, read_shadow, show_sample
from incidents.triage import triage
from mentionwatch.ids import digest
from mentionwatch.labels import IncidentState, Label, Route, Scope, Verdict
from mentionwatch.model import LabelCounts, NightReport
from mentionwatch.school import SAMPLE_EVERY, SchoolProfile, parse_school
from mentionwatch.tables import Table
from tests.flows.plain import sweep_plainly
from tests.incidents.homes import Desk, make_desk
from tests.incidents.packs import LLANBEDROG
from tests.incidents.test_triage import JUDGED, MENTION, PROFILE, SNAPSHOT
from town.home import write_home
from town.server import Town
from town.story import Venue
from warehouse.connection import Warehouse
from warehouse.ledger import finish_run, start_run
from warehouse.reading import MentionRow
from warehouse.session import Reading
from warehouse.shadow import unopened
from warehouse.verify import verify_evidence

NIGHT = datetime(2026, 11, 21, 2, 30, tzinfo=UTC)
DAY = timedelta(days=1)
BLOG, WIKI = Venue.BLOG.value, Venue.WIKI.value


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    with Town(NIGHT) as told:
        yield told


@pytest.fixture(scope="module")
def first_night(tmp_path_factory: pytest.TempPathFactory, town: Town) -> Path:
    """The town's home after one night, of two in which nothing is opened; every sure mention is sampled."""
    home = tmp_path_factory.mktemp("shadow") / "home"
    write_home(home, town.base)
    school = home / "school.toml"
    text = school.read_text(encoding="utf-8")
    assert "shadow_nights = 0" in text, "the demo opens its incidents at once"
    school.write_text(
        text.replace("shadow_nights = 0", "shadow_nights = 2\nsample_every = 1"), encoding="utf-8"
    )
    assert sweep_plainly(home, NIGHT).incidents_opened == ()
    return home


@pytest.fixture
def desk(first_night: Path, tmp_path: Path) -> Desk:
    return Desk(Path(shutil.copytree(first_night, tmp_path / "home")))


def rows(home: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def waiting(desk: Desk, at: datetime = NIGHT) -> tuple[str, ...]:
    with Warehouse(desk.folder).live_reader() as reading:
        return unopened(reading, at - 28 * DAY, at + DAY)


# --- the nights -----------------------------------------------------------------------------------


def test_in_the_first_nights_what_would_open_stands_first_with_the_way_to_open_it(desk: Desk) -> None:
    left = waiting(desk)
    assert len(left) >= 3, "the town has planted several"
    assert rows(desk.folder, "SELECT count(*) FROM incidents") == [(0,)]
    home = Home(desk.folder)
    school, pack = read_school(home)
    found = read_digest(home, school, pack, NIGHT.date())
    assert found.act_now == found.decisions == ()
    assert {row.id for row in found.look[: len(left)]} == set(left)
    assert all(row.would_open for row in found.look[: len(left)])
    assert [row.route in (Route.POLICE, Route.SAFEGUARDING) for row in found.look[: len(left)]] == sorted(
        (row.route in (Route.POLICE, Route.SAFEGUARDING) for row in found.look[: len(left)]), reverse=True
    )
    assert '"shadow": {"night": 1, "of": 2}' in digest_json(found)
    for lang, said in (("en", "Trial period: night 1 of 2"), ("cy", "Cyfnod prawf: noson 1 o 2")):
        text = desk.run("digest", "--date", "2026-11-21", "--lang", lang).out
        page = desk.run("digest", "--date", "2026-11-21", "--lang", lang, "--format", "html").out
        for form in (text, page):
            assert said in " ".join(form.split())
            assert all(f"mentionwatch incident open {id_}" in " ".join(form.split()) for id_ in left)


def test_status_says_which_night_it_is_in_both_languages(desk: Desk) -> None:
    said = desk.run("status", "--now", NIGHT.isoformat())
    assert "shadow: night 1 of 2 · cysgod: noson 1 o 2" in said.out
    assert desk.run("status", "--now", NIGHT.isoformat(), "--json").row["shadow"] == {"night": 1, "of": 2}
    third = (NIGHT + DAY).isoformat()
    assert desk.run("status", "--now", third, "--json").row["shadow"] == {"night": 2, "of": 2}


def test_what_waits_is_shown_each_morning_until_somebody_opens_or_corrects_it(desk: Desk) -> None:
    school, pack = read_school(Home(desk.folder))
    tomorrow = NIGHT + DAY
    opened, corrected, *others = waiting(desk)
    shown = read_digest(Home(desk.folder), school, pack, tomorrow.date()).look
    assert {opened, corrected, *others} == {row.id for row in shown if row.would_open}
    by_hand = desk.run("incident", "open", opened, "--as", "head", "--reason", "a threat to staff", "--now", tomorrow.isoformat())  # fmt: skip
    assert by_hand.code == 0, by_hand.err
    with duckdb.connect(str(desk.folder / "warehouse.duckdb")) as connection:
        connection.execute(
            "INSERT INTO decisions (id, mention_id, revision, was_label, label, actor, role, reason, decided_at) "
            "VALUES (1, ?, 1, 'inappropriate', 'neutral', 'a', 'head', 'a play', ?)",
            [corrected, tomorrow],
        )
    assert set(waiting(desk, tomorrow)) == set(others)
    report = desk.run("shadow", "--now", tomorrow.isoformat(), "--json").row
    assert set(report["unopened"]) == set(others)
    assert report["corrections"] == [{"was": "inappropriate", "label": "neutral", "mentions": 1}]


@pytest.mark.slow
def test_after_the_last_of_them_incidents_open_and_a_night_done_again_counts_once(
    desk: Desk, town: Town
) -> None:
    finish(desk.folder, "again", NIGHT + timedelta(hours=1))
    with Warehouse(desk.folder).writer() as writing:
        start_run(writing, "killed", NIGHT + DAY)
    assert sweep_plainly(desk.folder, NIGHT + DAY + timedelta(minutes=20), [BLOG]).incidents_opened == ()
    town.tell_edit()
    try:
        assert sweep_plainly(desk.folder, NIGHT + 2 * DAY, [BLOG, WIKI]).incidents_opened
    finally:
        town.stage.has_edits = False
    assert desk.run("status", "--now", (NIGHT + 2 * DAY).isoformat(), "--json").row["shadow"] is None


@given(
    st.lists(st.tuples(st.integers(0, 60 * 24), st.booleans()), max_size=20),
    st.integers(0, 70 * 24),
    st.integers(0, 20),
)
def test_a_night_is_a_london_day_with_a_finished_sweep(
    sweeps: list[tuple[int, bool]], hours: int, nights: int
) -> None:
    """Over the change of the clocks in October, too; sweeps that never ended and sweeps to come do not count."""
    began = datetime(2026, 10, 10, 0, 15, tzinfo=UTC)
    at = began + timedelta(hours=hours)
    with Ledger() as ledger:
        for number, (hour, is_finished) in enumerate(sweeps):
            ledger.enter(f"run-{number}", began + timedelta(hours=hour), is_finished)
        found = read_shadow(ledger.reading, nights, at)
    past = {
        (began + timedelta(hours=hour)).astimezone(LONDON).date()
        for hour, is_finished in sweeps
        if is_finished and hour <= hours
    }
    done = len(past - {at.astimezone(LONDON).date()})
    assert found.is_on == (done < nights)
    if nights:
        assert found.night == done + 1


class Ledger:
    """A ledger in memory with the columns the nights are counted from; one for all examples."""

    _connection = duckdb.connect()

    def __enter__(self) -> Ledger:
        self._connection.execute(
            "SET TimeZone = 'UTC';"
            "CREATE OR REPLACE TABLE runs (run_id VARCHAR, started_at TIMESTAMPTZ, finished_at TIMESTAMPTZ);"
            "CREATE OR REPLACE TABLE audit (seq BIGINT, happened_at TIMESTAMPTZ, role VARCHAR, verb VARCHAR, object_kind VARCHAR); CREATE OR REPLACE TABLE shadow_reasons (audit_seq BIGINT, reason VARCHAR)"
        )
        self.reading = Reading(self._connection)
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.execute("DROP TABLE runs; DROP TABLE audit")

    def enter(self, run_id: str, at: datetime, is_finished: bool) -> None:
        self._connection.execute(
            "INSERT INTO runs VALUES (?, ?, ?)", [run_id, at, at if is_finished else None]
        )


# --- two exceptions -------------------------------------------------------------------------------


def test_a_possible_indecent_image_is_opened_in_the_first_nights_too_and_nothing_else_is() -> None:
    serious = replace(JUDGED, label=Label.INAPPROPRIATE, route=Route.POLICE)
    assert triage(MENTION, SNAPSHOT, serious, LLANBEDROG, PROFILE) is not None
    assert triage(MENTION, SNAPSHOT, serious, LLANBEDROG, PROFILE, is_withheld=True) is None
    stopped = triage(
        MENTION, SNAPSHOT, replace(serious, stop_image=True), LLANBEDROG, PROFILE, is_withheld=True
    )
    assert stopped is not None and stopped.path[-1] is IncidentState.STOP_IMAGE


def test_a_report_by_a_person_opens_in_the_first_nights_of_a_new_home(tmp_path: Path) -> None:
    desk = make_desk(tmp_path / "home")
    assert "\nshadow_nights = 14\n" in (desk.folder / "school.toml").read_text(encoding="utf-8")
    assert read_school(Home(desk.folder))[0].shadow_nights == 14
    assert desk.run("status", "--json").row["shadow"] == {"night": 1, "of": 14}
    assert desk.report().row["incident"]


# --- ended by a person ----------------------------------------------------------------------------


def test_a_person_ends_them_signed_and_once(desk: Desk, town: Town) -> None:
    def end(role: str, reason: str = "the report shows little noise") -> tuple[int, str]:
        said = desk.run("shadow", "end", "--as", role, "--reason", reason, "--now", (NIGHT + timedelta(hours=6)).isoformat())  # fmt: skip
        assert said.err.count("\n") == (said.code != 0)
        return said.code, said.out + said.err

    assert end("operator")[0] == end("slt")[0] == end("head", "ok")[0] == 5
    assert end("caretaker")[0] == 2
    assert end("dsl", "the password is hunter2: Tr0ub4dor&3")[0] == 5
    code, said = end("deputy")
    assert code == 0 and "night 1 of 2" in said
    assert end("deputy")[0] == 5
    assert rows(desk.folder, "SELECT verb, role, object_kind, reason FROM audit WHERE object_kind = 'shadow'") == [
        ("ended", "deputy", "shadow", "night 1 of 2")
    ]  # fmt: skip
    with Warehouse(desk.folder).live_reader() as reading:
        assert verify_evidence(reading).findings == ()
        assert read_shadow(reading, 2, NIGHT).is_on, "the night itself was one of them"
        assert not read_shadow(reading, 2, NIGHT + DAY).is_on
    school, pack = read_school(Home(desk.folder))
    tomorrow = read_digest(Home(desk.folder), school, pack, (NIGHT + DAY).date())
    assert tomorrow.shadow is None and any(row.would_open for row in tomorrow.look), "nothing is lost by it"
    town.tell_edit()
    try:
        assert sweep_plainly(desk.folder, NIGHT + DAY, [BLOG, WIKI]).incidents_opened
    finally:
        town.stage.has_edits = False


# --- the sample -----------------------------------------------------------------------------------


def test_the_sample_is_the_same_each_time_and_about_one_in_so_many() -> None:
    ids = [digest(f"mention {number}".encode()) for number in range(20_000)]
    chosen = [id_ for id_ in ids if is_sampled(id_, 20)]
    assert chosen == [id_ for id_ in ids if is_sampled(id_, 20)]
    assert 850 <= len(chosen) <= 1150
    assert not any(is_sampled(id_, 0) for id_ in ids) and all(is_sampled(id_, 1) for id_ in ids)


@given(st.integers(1, 5000))
def test_a_sampled_mention_says_so_in_both_languages_and_one_that_goes_to_a_person_stays_as_it_is(
    every: int,
) -> None:
    sampled = next(f"{n}" for n in range(200_000) if is_sampled(f"{n}", every))
    shown = show_sample(sampled, JUDGED, every)
    assert shown.needs_person and shown.label is JUDGED.label
    why = shown.reasons[0].why
    assert is_note(why) and say_reason(why, "en") == why and f"every {every}" in why
    assert (
        say_reason(why, "cy")
        == f"sampl: dangosir i berson un o bob {every} y mae'r dosbarthwr yn siŵr ohonynt"
    )
    asked = replace(JUDGED, needs_person=True)
    assert show_sample(sampled, asked, every) is asked


def test_the_sentence_is_the_one_that_was_agreed() -> None:
    why = show_sample(next(f"{n}" for n in range(999) if is_sampled(f"{n}", 20)), JUDGED, 20).reasons[0].why
    assert why == "a sample: every 20th that the classifier is sure of is shown to a person"


def test_a_night_sends_the_sample_to_a_person_and_the_digest_shows_it_last(first_night: Path) -> None:
    """With a sample of all, nothing is filed unseen; what would open needs no sample."""
    school, pack = read_school(Home(first_night))
    found = read_digest(Home(first_night), school, pack, NIGHT.date())
    assert found.concerns == found.others == found.good_news == ()
    is_sample = ["every 1st" in " ".join(row.why) for row in found.look]
    assert any(is_sample) and is_sample == sorted(is_sample)
    assert not any(row.would_open and sampled for row, sampled in zip(found.look, is_sample, strict=True))


def test_the_keys_are_read_strictly() -> None:
    base = '[school]\nname = "Ysgol Llanbedrog"\n[policy]\npack = "llanbedrog"\n'
    plain = parse_school(parse_toml("school.toml", base))
    assert (plain.shadow_nights, plain.sample_every) == (0, SAMPLE_EVERY)
    for line in ("shadow_nights = 1.5", "shadow_nights = -1", 'sample_every = "often"', "shadow_night = 3"):
        with pytest.raises(Exception, match="judging"):
            parse_school(parse_toml("school.toml", f"{base}[judging]\n{line}\n"))


# --- noise ----------------------------------------------------------------------------------------

OAK = SchoolProfile("Oakfield Primary School", ("Oakfield Primary",), ("Oakfield", "Hampshire", "Andover"))
SCOPER = Rescoper(build_scoper(OAK), {}, {})


def mention(number: int, text: str, scope: Scope = Scope.POSSIBLE) -> MentionRow:
    return MentionRow(
        id=f"{number:04}", source="paper", native_id=f"{number}", kind="post", url=f"https://paper.example/{number}", title="", text=text,
        lang="en", posted_at=NIGHT, posted_at_basis="feed", captured_at=NIGHT, revision=1, scope=scope, label=Label.NEUTRAL,
        needs_person=False, harms=(), route=Route.NONE, incident=None, machine_label=Label.NEUTRAL, machine_route=Route.NONE, is_sealed=False, is_gone=False,
        gone_at=None, first_seen_at=NIGHT, edited_at=None, flags=(), scope_reasons=(), reasons=(), model="m", run_id="r",
        canonical_url="", decided_at=None,
    )  # fmt: skip


CERTAIN = [
    mention(number, text, Scope.CERTAIN)
    for number, text in enumerate(
        [
            "The choir of Oakfield Primary School in Andover sang at the fair.",
            "Parking at Oakfield Primary School, Hampshire is bad again.",
            "Our pupils at Oakfield Primary School, Andover won the match in the rain.",
            "Dinner at Oakfield Primary School in Andover was cold.",
        ]
        * 4,
        1000,
    )
]


def test_a_rival_place_is_suggested_with_what_it_removes_and_removes_no_certain_mention() -> None:
    noise = [
        mention(n, f"Oakfield Primary School has a new head. Story number {n}. Buses in Corby were late.")
        for n in range(6)
    ]
    assert all(SCOPER.decide(row) is not Scope.OUT for row in (*noise, *CERTAIN))
    found = suggest_exclusions(noise, CERTAIN, OAK, SCOPER)
    assert [(row.sort, row.text, row.removes, row.certain) for row in found][:1] == [("place", "Corby", 6, 0)]
    lines = toml_lines(found, OAK)
    taken = parse_toml("x", "\n".join(lines)).table("school").tables("look_alike")[0]
    assert (taken.text("name"), taken.texts("places")) == (OAK.name, ("Corby",))


def test_what_would_touch_one_certain_mention_is_not_suggested() -> None:
    """One mention among many leaves the ratio high; only trying it shows the harm."""
    noise = [
        mention(n, f"Oakfield Primary School, story {n}. The lottery, says Sam. Buses in Corby were late.")
        for n in range(9)
    ]
    assert [row.text for row in suggest_exclusions(noise, CERTAIN, OAK, SCOPER)] == ["Corby"]
    fair = mention(
        2000, "Oakfield Primary School moved its fair to Corby, says Andover council.", Scope.CERTAIN
    )
    assert SCOPER.decide(fair) is Scope.CERTAIN
    assert [row.text for row in suggest_exclusions(noise, [*CERTAIN, fair], OAK, SCOPER)] == ["lottery"]
    roof = mention(
        2001, "The lottery paid for the roof of Oakfield Primary School in Andover.", Scope.CERTAIN
    )
    assert suggest_exclusions(noise, [*CERTAIN, fair, roof], OAK, SCOPER) == ()


def test_a_word_of_another_thing_is_suggested_and_never_one_that_certain_mentions_hold() -> None:
    noise = [
        mention(n, f"Oakfield Primary: the lottery syndicate meets on Monday {n}, says Sam, about the choir.")
        for n in range(6)
    ]
    found = suggest_exclusions(noise, CERTAIN, OAK, SCOPER)
    assert found and all(row.sort == "word" and row.certain == 0 for row in found)
    assert [row.text for row in found] == ["lottery"], "and no word of every day"
    text = "\n".join(toml_lines(found, OAK))
    assert isinstance(parse_toml("x", text), Table) and "exclude = [" in text


@given(
    st.sampled_from(sorted(GIVEN - {"grant", "mark", "will"})),
    st.sampled_from(sorted(SURNAMES)),
    st.sampled_from(["{g} {s}", "Mrs {s}", "{g}", "Mr {g} {s}", "Zebedee {s}", "Quillfeather"]),
    st.booleans(),
)
def test_nobodys_name_is_ever_suggested(given_name: str, surname: str, form: str, is_small: bool) -> None:
    name = form.format(g=given_name.capitalize(), s=surname.capitalize())
    if is_small and "Zebedee" not in name:
        name = name.lower()
    noise = [
        mention(
            n, f"At Oakfield Primary we met {name} at the lottery. Then {name} spoke to {name}, number {n}."
        )
        for n in range(8)
    ]
    assert [row.text for row in suggest_exclusions(noise, CERTAIN, OAK, SCOPER)] == ["lottery"]


@pytest.mark.parametrize("name", ["Mrs Lottery", "Gareth Lottery", "Zebedee Lottery", "gareth lottery"])
def test_a_thing_that_somebody_is_called_is_not_suggested(name: str) -> None:
    noise = [mention(n, f"Oakfield Primary thanks the lottery, and {name}, number {n}.") for n in range(8)]
    assert suggest_exclusions(noise, CERTAIN, OAK, SCOPER) == ()


def test_a_name_that_is_also_a_town_is_not_suggested_where_a_person_bears_it() -> None:
    noise = [mention(n, f"Oakfield Primary School. Mrs Bolton, in Bolton, number {n}.") for n in range(6)]
    assert not [row for row in suggest_exclusions(noise, CERTAIN, OAK, SCOPER) if row.text == "Bolton"]


def test_nothing_is_suggested_from_too_little() -> None:
    noise = [mention(n, f"Oakfield Primary School in Corby, {n}") for n in range(2)]
    assert suggest_exclusions(noise, CERTAIN, OAK, SCOPER) == ()
    assert suggest_exclusions(noise * 3, [], OAK, SCOPER) == ()
    assert suggest_exclusions([], [], OAK, SCOPER) == ()


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_the_ratio_is_positive_only_for_what_is_commoner_in_the_noise(a: int, b: int, c: int, d: int) -> None:
    ratio = likelihood_ratio(a, a + b, c, c + d)
    if ratio > 1e-6:
        assert a * (c + d) > c * (a + b)


def finish(home: Path, run_id: str, at: datetime) -> None:
    with Warehouse(home).writer() as writing:
        finish_run(writing, NightReport(run_id, at, at, Verdict.CLEAR, (), LabelCounts(), (), ""))


def test_the_report_counts_by_source_and_the_command_changes_nothing(desk: Desk) -> None:
    before = (desk.folder / "warehouse.duckdb").read_bytes()
    found = desk.run("shadow", "--now", NIGHT.isoformat(), "--json").row
    assert (desk.folder / "warehouse.duckdb").read_bytes() == before
    counted = {
        name: (count, certain)
        for name, count, certain in rows(
            desk.folder,
            "SELECT source, count(*), count(*) FILTER (scope = 'certain') FROM revisions JOIN mentions ON id = mention_id GROUP BY ALL",
        )
    }
    assert {row["name"]: (row["mentions"], row["certain"]) for row in found["sources"]} == counted
    assert all(sum(row["labels"].values()) == row["mentions"] for row in found["sources"])
    assert sum(row["would_open"] for row in found["sources"]) == len(waiting(desk)) == len(found["unopened"])
    assert (found["on"], found["night"], found["of"], found["until"]) == (True, 1, 2, None)
    finish(desk.folder, "second", NIGHT + DAY)
    over = desk.run("shadow", "--now", (NIGHT + 2 * DAY).isoformat()).out
    assert "The first 2 nights are over" in over

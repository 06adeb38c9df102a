"""A home with millions of mentions, as seven years of nights would leave it: the real schema, keys, chain and accounts.

What a sweep would take weeks to store is put in by SQL, a few hundred thousand rows a transaction, oldest first: facts are
drawn from the number of the row, words are really sealed under keys of their own. Incidents go through `store_nights`, as
at night, and on through the protocol's own table of steps. Two things are not as in life: the audit rows of the mentions
have the right shape but are not chained, and only posts in an incident have stored bytes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from bench.desk_incidents import move_incidents, store_incidents
from flows.home import Home, read_school
from incidents.permissions import fingerprint
from mentionwatch.ids import digest
from town.home import write_home
from warehouse import files
from warehouse.about import NUMBER
from warehouse.connection import Warehouse
from warehouse.session import Writing
from warehouse.subjects import note_all_read
from warehouse.words import Words, seal_words

YEARS: Final = 7
NIGHTS: Final = YEARS * 365
SOURCES: Final = 40
INCIDENTS: Final = 320
BATCH: Final = 200_000
DAYS_WITH_DIGEST: Final = 400
NOWHERE: Final = "http://127.0.0.1:9"

_OPENINGS = (
    "Lovely evening at Ysgol Aberwylan", "Ysgol Aberwylan is raising money again", "Noson wych yn Ysgol Aberwylan",
    "Roadworks outside Ysgol Aberwylan until Friday", "Three pupils of Ysgol Aberwylan sang at the eisteddfod",
    "Does anybody know when Ysgol Aberwylan opens after the holidays", "Mae Ysgol Aberwylan ar gau heddiw",
)  # fmt: skip
_REST = "the hall was full and the tea was hot and people walked home along the river talking of next year's fair".split()
_ASKS = '[{"why":"is unsure between neutral and concern","weight":0.4},{"why":"says hall","weight":0.2,"span":[0,4]}]'


@dataclass(frozen=True, slots=True)
class Shape:
    """How many of what. Few of a kind stay few however many mentions there are."""

    mentions: int
    last_night: datetime

    @property
    def concern_step(self) -> int:
        """One in so many is a concern: 3,000 of five million."""
        return max(40, self.mentions // 3_000)

    @property
    def ask_step(self) -> int:
        """One in so many asks for a person: 6,000 of five million."""
        return max(30, self.mentions // 6_000)

    def night_of(self, number: int) -> datetime:
        """The night that stored the mention of this number."""
        return self.last_night - timedelta(days=NIGHTS - 1 - number * NIGHTS // self.mentions)


def mention_of(number: int) -> str:
    """The id of the mention with this number, as SQL computes it in `_FACTS`."""
    return "01" + digest(f"m{number}".encode())[:30]


_FACTS = """
CREATE OR REPLACE TEMP TABLE fact AS
SELECT w.i, '01' || left(sha256('m' || w.i), 30) AS id, w.sealed, w.key_id,
       ?::TIMESTAMPTZ - to_days((? - 1 - w.i * ? // ?)::INTEGER) AS found_at,
       'source-' || lpad((hash(w.i, 1) % ?)::VARCHAR, 2, '0') AS source,
       CASE WHEN w.i % ? = 7 THEN 'concern' WHEN hash(w.i, 2) % 10 < 4 THEN 'positive' ELSE 'neutral' END AS label,
       w.i % ? = 3 AS asks, hash(w.i, 3) % 200 = 0 AS is_gone, hash(w.i, 4) % 10 < 3 AS is_welsh
FROM temp.word AS w ORDER BY w.i
"""

_INSERTS = (
    "INSERT INTO mentions BY NAME SELECT id, source, 'n' || i AS native_id, 'post' AS kind, 'https://' || source || '.example/post/' || i AS canonical_url, "
    "found_at AS first_seen_at, 1 AS revision, sha256(id) AS content_sha256, strftime(found_at, 'sweep-%Y-%m-%d') AS seen_run_id, false AS is_sealed, is_gone, "
    "CASE WHEN is_gone THEN found_at + INTERVAL 1 DAY END AS gone_at, CASE WHEN is_gone THEN 'not in the feed' END AS gone_basis, "
    "CASE WHEN is_gone THEN strftime(found_at, 'sweep-%Y-%m-%d') END AS gone_run_id FROM fact ORDER BY i",
    "INSERT INTO revisions BY NAME SELECT id AS mention_id, 1 AS revision, strftime(found_at, 'sweep-%Y-%m-%d') AS run_id, "
    "'https://' || source || '.example/post/' || i AS url, CASE WHEN is_welsh THEN 'cy' ELSE 'en' END AS lang, found_at - to_minutes((hash(i, 5) % 1440)::INTEGER) AS posted_at, "
    "'feed' AS posted_at_basis, found_at AS captured_at, sha256(id) AS content_sha256, CASE WHEN hash(i, 6) % 9 = 0 THEN 'possible' ELSE 'certain' END AS scope, "
    "0.9 AS scope_score, []::VARCHAR[] AS flags, '' AS place, '' AS parent_id, sealed, key_id FROM fact ORDER BY i",
    "INSERT INTO classifications BY NAME SELECT id AS mention_id, 1 AS revision, label, 0.1 AS p_positive, 0.7 AS p_neutral, 0.1 AS p_concern, 0.1 AS p_inappropriate, "
    "[]::VARCHAR[] AS harms, 'none' AS route, asks AS needs_person, false AS is_sample, asks AS is_doubtful, CASE WHEN is_welsh THEN 'cy' ELSE 'en' END AS lang, "
    "'bench 1' AS model, false AS stop_image, found_at AS classified_at FROM fact ORDER BY i",
    "INSERT INTO evidence BY NAME SELECT id AS mention_id, 1 AS revision, found_at + INTERVAL 2 SECOND AS captured_at, 'guarded_http' AS method, "
    "'https://' || source || '.example/post/' || i AS url_requested, 'https://' || source || '.example/post/' || i AS url_final, "
    "CASE WHEN hash(i, 7) % 12 = 0 THEN NULL ELSE 200 END AS http_status, sha256('p' || i) AS page_sha256, []::VARCHAR[] AS redirects, '192.0.2.7' AS remote_ip, "
    "'allowed' AS robots, false AS truncated, 'bench' AS software, CASE WHEN hash(i, 7) % 12 = 0 THEN 'timeout' END AS fault_kind, "
    "CASE WHEN hash(i, 7) % 12 = 0 THEN 'no answer' END AS fault_detail FROM fact ORDER BY i",
    "INSERT INTO subjects_read SELECT id, 1, $profile FROM fact ORDER BY i",
    "INSERT INTO subjects SELECT id, CASE hash(i, 8) % 10 WHEN 0 THEN 'chair' WHEN 1 THEN 'deputy' WHEN 2 THEN 'deputy' ELSE 'head' END FROM fact WHERE hash(i, 9) % 100 = 0",
    "INSERT INTO audit BY NAME SELECT $seq + row_number() OVER (ORDER BY i) AS seq, found_at AS happened_at, 'mentionwatch' AS actor, 'pipeline' AS role, 'captured' AS verb, "
    "'revision' AS object_kind, id || '/1' AS object_id, 'manifest sha256 ' || sha256('e' || i) AS reason, md5('s' || i) AS salt, sha256('c' || i) AS commitment, "
    "'' AS pack, sha256('h' || (i - 1)) AS prev_hash, sha256('h' || i) AS hash FROM fact ORDER BY i",
)  # fmt: skip

_DECISIONS = (
    "INSERT INTO decisions BY NAME SELECT (SELECT coalesce(max(id), 0) FROM decisions) + row_number() OVER (ORDER BY i) AS id, id AS mention_id, 1 AS revision, "
    "label AS was_label, CASE WHEN hash(i, 10) % 4 = 0 THEN 'concern' ELSE 'neutral' END AS label, 'bench' AS actor, 'head' AS role, 'read it' AS reason, "
    "found_at + INTERVAL 8 HOUR AS decided_at, []::VARCHAR[] AS harms, NULL AS route, 'bench 1' AS was_model FROM fact WHERE asks AND found_at < $until"
)


def _words(number: int, *, asks: bool) -> Words:
    opening, turn = _OPENINGS[number % len(_OPENINGS)], number % len(_REST)
    told = " ".join((*_REST[turn:], *_REST[:turn], *_REST[turn // 2 :]))
    return Words(opening, f"{opening}. {told} ({number})", f"user{number % 99_991}", _ASKS if asks else "[]")


def _store_batch(writing: Writing, shape: Shape, numbers: range, profile: str) -> None:
    sealed, keys = [], []
    for number in numbers:
        words = _words(number, asks=number % shape.ask_step == 3)
        body, key = seal_words(writing.keys, words, mention_of(number), 1)
        sealed.append(body)
        keys.append(key)
    writing.run(
        "CREATE OR REPLACE TEMP TABLE word AS SELECT unnest(?::BIGINT[]) AS i, unnest(?::BLOB[]) AS sealed, unnest(?::BIGINT[]) AS key_id",
        [list(numbers), sealed, keys],
    )
    writing.run(
        _FACTS,
        [shape.last_night, NIGHTS, NIGHTS, shape.mentions, SOURCES, shape.concern_step, shape.ask_step],
    )
    seq = (writing.row("SELECT coalesce(max(seq), 0) FROM audit") or (0,))[0]
    until = shape.last_night - timedelta(days=20)
    filed = f"INSERT INTO audit_about SELECT seq, {NUMBER} FROM audit WHERE seq > $seq"  # noqa: S608 -- our own text
    for sql in (*_INSERTS, filed, _DECISIONS):
        sql = sql.replace("$profile", f"'{profile}'").replace("$seq", str(seq))
        writing.run(sql.replace("$until", f"'{until.isoformat()}'::TIMESTAMPTZ"))
    writing.run(
        "INSERT INTO chain_heads SELECT 'audit', seq, hash FROM audit ORDER BY seq DESC LIMIT 1 "
        "ON CONFLICT (chain) DO UPDATE SET seq = excluded.seq, hash = excluded.hash"
    )
    writing.run("DROP TABLE temp.word; DROP TABLE temp.fact")


def _store_ledger(writing: Writing, shape: Shape) -> None:
    a_night = shape.mentions // NIGHTS
    writing.run(
        "INSERT INTO runs BY NAME SELECT strftime(begun_at, 'sweep-%Y-%m-%d') AS run_id, begun_at AS started_at, begun_at + INTERVAL 9 MINUTE AS finished_at, "
        "CASE WHEN n % 9 = 0 THEN 'degraded' ELSE 'mentions' END AS verdict, 'llanbedrog' AS pack, 'minute 7' AS authority, 'bench' AS software, "
        "? AS collected, ? AS out_of_scope, 5 AS possible, ? AS positive, ? AS neutral, 1 AS concern, 0 AS inappropriate, "
        "'[]' AS incidents_opened_json, '' AS digest FROM (SELECT n, ?::TIMESTAMPTZ - to_days(n::INTEGER) AS begun_at FROM range(?) AS r(n)) ORDER BY begun_at",
        [a_night * 2, a_night, a_night // 3, a_night // 2, shape.last_night, NIGHTS],
    )
    writing.run(
        "INSERT INTO run_sources BY NAME SELECT r.run_id, 'source-' || lpad(s::VARCHAR, 2, '0') AS source, 'feed' AS collector, "
        "CASE WHEN hash(s, r.run_id) % 60 = 0 THEN 'blind' WHEN hash(s, r.run_id) % 60 = 1 THEN 'degraded' ELSE 'mentions' END AS verdict, 100 AS fetched, "
        "? AS new, 0 AS edited, 0 AS gone, 50 AS out_of_scope, CASE WHEN hash(s, r.run_id) % 60 = 0 THEN 'timeout' END AS fault_kind, "
        "CASE WHEN hash(s, r.run_id) % 60 = 0 THEN 'no answer' END AS fault_detail, r.started_at AS last_ok_at, '[]' AS not_looked_at_json, r.finished_at AS stored_at "
        "FROM runs AS r, range(?) AS x(s) ORDER BY r.started_at, s",
        [max(1, a_night // SOURCES), SOURCES],
    )
    writing.run(
        "INSERT INTO cursors SELECT source, 'feed', '{}', arg_max(run_id, stored_at), max(last_ok_at), max(stored_at) FROM run_sources GROUP BY source "
        "ON CONFLICT (source) DO UPDATE SET run_id = excluded.run_id, last_ok_at = excluded.last_ok_at"
    )


def make_home(folder: Path, mentions: int) -> Home:
    """A home at `folder` whose last night was today's; seven years back from there."""
    # Hundreds of thousands of random keys at once touch the whole of every index; a night brings some thousand.
    files.MEMORY_MB = 12_000
    write_home(folder, NOWHERE)
    home = Home(folder)
    _list_sources(home)
    now = datetime.now(UTC)
    last = now.replace(hour=2, minute=30, second=0, microsecond=0)
    shape = Shape(mentions, last if last < now else last - timedelta(days=1))
    school, pack = read_school(home)
    warehouse, profile = Warehouse(folder), fingerprint(school.profile)
    size = min(BATCH, max(1, mentions // 25))
    batches = [range(start, min(start + size, mentions)) for start in range(0, mentions, size)]
    for place, numbers in enumerate(batches):
        share = range(INCIDENTS * place // len(batches), INCIDENTS * (place + 1) // len(batches))
        with warehouse.writer() as writing:
            _store_batch(writing, shape, numbers, profile)
            store_incidents(writing, share, shape.night_of(numbers[-1]), INCIDENTS, pack.version)
        print(json.dumps({"mentions": numbers[-1] + 1}), flush=True)
    with warehouse.writer() as writing:
        _store_ledger(writing, shape)
        move_incidents(writing, pack.version)
        note_all_read(writing, profile)
    _write_days(home, shape)
    return home


def _list_sources(home: Home) -> None:
    names = [f"source-{number:02}" for number in range(SOURCES)]
    rows = (
        f'[[source]]\nname = "{name}"\ncollector = "feed"\nurl = "{NOWHERE}/{name}.xml"\nterms_ok_by = "The bench"\nterms_ok_on = 2026-09-01\n'
        for name in names
    )
    home.sources_file.write_text('[fetch]\ncontact = "bench@example.org"\n\n' + "\n".join(rows), "utf-8")


def _write_days(home: Home, shape: Shape) -> None:
    home.digests.mkdir(mode=0o700, exist_ok=True)
    for back in range(DAYS_WITH_DIGEST):
        day = (shape.last_night - timedelta(days=back)).date()
        (home.digests / f"{day.isoformat()}.html").write_text("<!doctype html><title>digest</title>", "utf-8")

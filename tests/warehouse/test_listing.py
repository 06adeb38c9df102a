"""Lists of mentions read little of many: each row once and none left out, whatever is asked and however they came (L31)."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Final

from mentionwatch.ids import mention_id
from mentionwatch.labels import Label
from tests.warehouse.factory import NOW, make_night, make_write
from warehouse.clause import Clause
from warehouse.connection import Warehouse
from warehouse.custody import mentions_among, mentions_of
from warehouse.erase import erase
from warehouse.figures import asking_mentions
from warehouse.reading import TIES, MentionFilter, list_mentions
from warehouse.session import Reading
from warehouse.store import store_nights
from warehouse.tied import find_untied

LABELS: Final = (Label.POSITIVE, Label.NEUTRAL, Label.NEUTRAL, Label.CONCERN, Label.INAPPROPRIATE)
_PLAIN = """
SELECT m.id, r.captured_at, c.label, m.source FROM mentions AS m JOIN revisions AS r ON r.mention_id = m.id AND r.revision = m.revision
JOIN classifications AS c ON c.mention_id = m.id AND c.revision = m.revision ORDER BY r.captured_at DESC, r.posted_at DESC NULLS LAST, m.id
"""


def fill(warehouse: Warehouse, seed: int) -> None:
    """Three years of nights: new posts, edits of old ones, the same twice in one run, one erased and one that comes again."""
    dice = random.Random(seed)
    known = list[str]()
    for night in range(24):
        at = NOW - timedelta(days=45 * (24 - night))
        names = [f"p{night}-{number}" for number in range(dice.randint(1, 9))]
        edits = dice.sample(known, min(len(known), dice.randint(0, 3)))
        writes = [
            make_write(name, f"{name} in night {night}", label=dice.choice(LABELS), at=at)
            for name in (*names, *edits)
        ]
        if night % 5 == 0:
            writes.append(
                make_write(names[0], "said otherwise in the same night", label=Label.CONCERN, at=at)
            )
        with warehouse.writer() as writing:
            store_nights(writing, [make_night(f"run-{night:02}", writes, at=at)], at)
        known += names
    erase(warehouse, [mention_id("paper", known[3])], "asked", NOW, "A Person")


def plain(reading: Reading) -> list[tuple[str, datetime, str, str]]:
    """What is there, by the joins alone: the slow way."""
    return [(row[0], row[1], row[2], row[3]) for row in reading.rows(_PLAIN)]


def test_every_list_says_what_the_plain_joins_say(warehouse: Warehouse) -> None:
    """By label, source, time and id, with and without a limit: the same rows in the same order."""
    fill(warehouse, 1)
    with warehouse.live_reader() as reading:
        whole = plain(reading)
        assert len(whole) > 90
        assert [row.id for row in list_mentions(reading)] == [row[0] for row in whole]
        since, until = whole[70][1], whole[20][1]
        asked = [
            *((MentionFilter(label=label), {row[0] for row in whole if row[2] == label}) for label in Label),
            (MentionFilter(source="paper"), {row[0] for row in whole if row[3] == "paper"}),
            (MentionFilter(source="nobody"), set[str]()),
            (MentionFilter(since=since), {row[0] for row in whole if row[1] >= since}),
            (MentionFilter(until=until), {row[0] for row in whole if row[1] < until}),
            (MentionFilter(since=since, until=until), {row[0] for row in whole if since <= row[1] < until}),
        ]
        for wanted, ids in asked:
            assert [row.id for row in list_mentions(reading, wanted)] == [
                row[0] for row in whole if row[0] in ids
            ]
        for few in (1, 39, 40, 41, 55, len(whole)):
            some = tuple(row[0] for row in random.Random(few).sample(whole, few))
            expected = [row[0] for row in whole if row[0] in some]
            assert [row.id for row in list_mentions(reading, MentionFilter(ids=(*some, some[0])))] == expected


def test_pages_show_each_row_once(warehouse: Warehouse) -> None:
    """Page after page, however far back a page has to look for enough: nothing twice, nothing left out, then nothing."""
    fill(warehouse, 2)
    odd = Clause("right(m.id, 1) IN (SELECT unnest(?::VARCHAR[]))", (list("13579bdf"),))
    with warehouse.live_reader() as reading:
        for label in (None, *Label):
            for seen in (MentionFilter().seen, odd):
                whole = [row.id for row in list_mentions(reading, MentionFilter(label=label, seen=seen))]
                for a_page in (3, 7, 50):
                    paged = list[str]()
                    for offset in range(0, len(whole) + 2 * a_page, a_page):
                        wanted = MentionFilter(label=label, seen=seen, limit=a_page, offset=offset)
                        paged += [row.id for row in list_mentions(reading, wanted)]
                    assert paged == whole, (label, a_page)


def test_a_revision_is_tied_to_its_mention_in_exactly_one_way(warehouse: Warehouse) -> None:
    """What the lists leave out of the reading rests on this: no pair may have no tie, and none two."""
    fill(warehouse, 3)
    pairs = "FROM revisions AS r JOIN mentions AS m ON m.id = r.mention_id AND m.revision = r.revision"
    with warehouse.live_reader() as reading:
        ties = [reading.rows(f"SELECT m.id {pairs} AND {tie}") for tie in TIES]
        found = sorted(row[0] for tie in ties for row in tie)
        assert found == sorted(row[0] for row in reading.rows(f"SELECT m.id {pairs}"))
        assert all(ties), "posts that were edited since, and posts that were not"
        judged = "SELECT count(*) FROM revisions AS r JOIN classifications AS c USING (mention_id, revision)"
        assert reading.row(f"{judged} WHERE c.classified_at <> r.captured_at") == (0,)
        assert find_untied(reading) == ()


def test_what_asks_for_a_person_is_found_as_the_whole_join_finds_it(warehouse: Warehouse) -> None:
    """Nothing that asks is missed for being looked for in few columns."""
    fill(warehouse, 4)
    with warehouse.writer() as writing:
        writing.run("UPDATE classifications SET needs_person = true WHERE label = 'concern'")
        writing.run("UPDATE mentions SET is_sealed = true WHERE id = (SELECT min(id) FROM mentions)")
    with warehouse.live_reader() as reading:
        slow = reading.rows(
            "SELECT m.id FROM mentions AS m JOIN classifications AS c ON c.mention_id = m.id AND c.revision = m.revision "
            "WHERE m.incident_id IS NULL AND (c.needs_person OR m.is_sealed OR c.label = 'inappropriate') ORDER BY m.first_seen_at, m.id"
        )
        assert len(slow) > 5
        assert asking_mentions(reading, MentionFilter().seen, 1000) == tuple(row[0] for row in slow)
        assert asking_mentions(reading, MentionFilter().seen, 4) == tuple(row[0] for row in slow[:4])
        ids = [row[0] for row in slow]
        assert mentions_among(reading, ids) == {id_: mentions_of(reading, id_) for id_ in ids}

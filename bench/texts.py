"""The words of the bench: local news of an invented coast, a chosen share of it about the invented school.

Seeded, so every run and every contender reads the same bytes.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from xml.sax.saxutils import escape

TOWNS = "Penmorfa Trefollwyn Llanfeurig Glanwern Porthgain Bryncoed Marlscombe Ottersby Fenwick Harrowgate".split()
PEOPLE = (
    "a councillor, a farmer, the harbour master, a volunteer, one resident, the treasurer, a driver".split(
        ", "
    )
)
OPENINGS = (
    "Drivers on the {town} road face a fortnight of delays while gas mains are renewed.",
    "The {town} lifeboat was called out twice on {day} after a yacht lost its rudder.",
    "Plans for forty homes behind the old creamery in {town} go before the committee on {day}.",
    "{town} Town drew two all with their neighbours in a match that turned after the break.",
    "A bakery that has stood on {town} high street since 1911 is looking for a new tenant.",
    "Bin collections in {town} move to {day} from next month, the council has confirmed.",
    "The {town} show will go ahead in August in spite of a wet spring, its committee says.",
    "Police in {town} are asking for dashcam pictures after a van was taken from a driveway.",
    "Choirs from five valleys sang at {town} chapel on {day} in aid of the air ambulance.",
    "The library in {town} reopens on {day} with a new roof and longer hours.",
    "The primary school in {town} held its harvest supper on {day}, with soup and a raffle.",
    "Sheep farmers near {town} have been told to expect lower prices until the autumn sales.",
)
MIDDLES = (
    "“We have been asking for this since {year}, and nobody should be surprised,” said {person}.",
    "The work costs {sum},000 pounds and should be done before the clocks change.",
    "About {sum} people came, some of them from as far as {town}.",
    "A meeting is to be held in the memorial hall at half past seven; all are welcome.",
    "The road was closed for {sum} minutes while the lorry was recovered.",
    "“It means a great deal to the village,” said {person}, who first came here in {year}.",
    "The council said it had received {sum} comments, most of them against.",
    "Rain is expected from the west by evening, with gusts on the higher ground.",
    "Anyone with information is asked to ring the usual number and quote reference {sum}.",
    "The next stage depends on a grant that is decided in {town} next spring.",
)
ABOUT = (
    "Pupils at Ysgol Aberwylan in Aberwylan raised {sum} pounds for the lifeboat with a sponsored swim. Well done all.",
    "Ysgol Aberwylan closes at noon on {day} because of work on the boiler, the school has told parents.",
    "I am really unhappy with how Ysgol Aberwylan in Aberwylan dealt with the bus on {day}; nobody answered the phone.",
    "A big thank you to the staff of Ysgol Aberwylan, Aberwylan, from a grateful family: the concert was a joy.",
    "Parking outside Ysgol Aberwylan in Aberwylan is dangerous again and the school does nothing about it.",
    "Governors of Ysgol Aberwylan meet on {day}; the budget for Aberwylan is on the agenda.",
    "The way they treat children at Ysgol Aberwylan in Aberwylan is a disgrace, and the head is a useless liar.",
    "Ysgol Aberwylan came second in the county hockey, and Aberwylan is proud of them.",
)
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


@dataclass(frozen=True, slots=True)
class Item:
    """One item of one feed; `about_us` by construction."""

    path: str
    title: str
    text: str
    day: int
    about_us: bool


def _fill(pattern: str, dice: random.Random) -> str:
    return pattern.format(
        town=dice.choice(TOWNS),
        day=dice.choice(DAYS),
        person=dice.choice(PEOPLE),
        year=dice.randint(1970, 2020),
        sum=dice.randint(12, 980),
    )


def write_items(feed: int, items: int, one_in: int) -> list[Item]:
    """The items of feed number `feed`, newest first; every `one_in`-th item of all feeds is about the school."""
    dice = random.Random(f"bench {feed}")
    written = []
    for number in range(items):
        about = (feed * items + number) % one_in == one_in // 2
        opening = _fill(dice.choice(ABOUT if about else OPENINGS), dice)
        rest = " ".join(_fill(middle, dice) for middle in dice.sample(MIDDLES, 6 if not about else 2))
        title = " ".join(opening.split()[:8]).rstrip(".,;")
        written.append(
            Item(
                path=f"/{feed}/story-{number}.html",
                title=title,
                text=f"{opening} {rest}",
                day=20 - number % 18,
                about_us=about,
            )
        )
    return written


def write_feed(base: str, feed: int, items: list[Item]) -> bytes:
    """RSS 2.0, as small papers serve it."""
    rows = "".join(
        f"<item><title>{escape(item.title)}</title><link>{base}{item.path}</link>"
        f'<guid isPermaLink="true">{base}{item.path}</guid>'
        f"<pubDate>{item.day:02} Nov 2026 {feed % 24:02}:{number % 60:02}:00 GMT</pubDate>"
        f"<description>{escape(f'<p>{item.text}</p>')}</description></item>"
        for number, item in enumerate(items)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
        f"<title>Paper {feed}</title><link>{base}/</link><description>News</description>{rows}</channel></rss>"
    ).encode()


def write_page(item: Item) -> bytes:
    """The item's own page, some 6 kB with navigation around the story."""
    links = "".join(f'<li><a href="/section/{n}">Section {n}</a></li>' for n in range(60))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(item.title)}</title></head>'
        f"<body><nav><ul>{links}</ul></nav><article><h1>{escape(item.title)}</h1><p>{escape(item.text)}</p></article>"
        f"<footer>{'Terms. Privacy. Contact the newsroom. ' * 40}</footer></body></html>"
    ).encode()

"""The home of the demo: a school profile, its sources in the town, and the key for the town's Reddit."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

from town.reddit_api import CLIENT_ID, CLIENT_SECRET
from town.server import BROKEN_FEED, FAILING_FEED
from town.story import (
    CHAIR,
    DEPUTY,
    HEAD,
    NAMESAKE,
    NAMESAKE_PLACES,
    OTHER_NAMES,
    PLACES,
    POSTCODE,
    SCHOOL,
    WEBSITE,
    Venue,
)
from town.story_reddit import SUBREDDIT


def _listed(texts: tuple[str, ...]) -> str:
    return "[" + ", ".join(f'"{text}"' for text in texts) + "]"


def school_toml(pack: str = "llanbedrog") -> str:
    """school.toml of the invented school."""
    return f"""# The invented school of the demo.
[school]
name = "{SCHOOL}"
names = {_listed(OTHER_NAMES)}
places = {_listed(PLACES)}
postcodes = ["{POSTCODE}"]
websites = ["{WEBSITE}"]
handles = ["ysgolaberwylan"]
head_surnames = ["{HEAD}"]
deputy_surnames = ["{DEPUTY}"]
chair_surnames = ["{CHAIR}"]
lang = "cy"

[[school.look_alike]]
name = "{NAMESAKE}"
places = {_listed(NAMESAKE_PLACES)}

[policy]
pack = "{pack}"

[authority]
decision = "Invented minute 7 of the invented governors"
on = 2026-09-01

[dpia]
reference = "DPIA-DEMO"
on = 2026-09-01

[judging]
# Three nights are too few for a fortnight: the demo opens its incidents at once.
shadow_nights = 0

[digest]
lang = "en"
"""


def _source(name: str, collector: str, agreed_on: date, *lines: str) -> str:
    own = "".join(f"{line}\n" for line in lines)
    agreed = f'terms_ok_by = "The demo"\nterms_ok_on = {agreed_on.isoformat()}\n'
    return f'[[source]]\nname = "{name}"\ncollector = "{collector}"\n{own}{agreed}\n'


def sources_toml(base: str, agreed_on: date = date(2026, 9, 1)) -> str:
    """sources.toml for a town at `base`. Two of the feeds are broken on purpose."""
    here = 'place = "Aberwylan, Sir Wylan"'
    return "".join(
        (
            "# The demo looks at an invented town on this machine.\n[fetch]\n",
            'contact = "demo@ysgolaberwylan.example"\nallow_networks = ["127.0.0.1/32"]\nsecond_look_seconds = 0\n\n',
            _source(Venue.PAPER, "feed", agreed_on, f'url = "{base}/paper/feed.xml"', here),
            _source(Venue.PAPUR, "feed", agreed_on, f'url = "{base}/papur/feed.xml"', here),
            _source(Venue.BLOG, "feed", agreed_on, f'url = "{base}/blog/atom.xml"', here, 'kind = "post"'),
            _source(
                Venue.REDDIT,
                "reddit",
                agreed_on,
                f'api_url = "{base}/reddit"',
                f'oauth_url = "{base}/reddit-api/"',
                f'subreddits = ["{SUBREDDIT}"]',
                here,
            ),
            _source(
                Venue.WIKI,
                "wikipedia",
                agreed_on,
                f'api_url = "{base}/wiki/w/api.php"',
                f'pages = ["{SCHOOL}"]',
                "search = true",
            ),
            _source("parish-notices", "feed", agreed_on, f'url = "{base}{BROKEN_FEED}"', here),
            _source("bay-radio", "feed", agreed_on, f'url = "{base}{FAILING_FEED}"', here),
        )
    )


def credentials_toml() -> str:
    """keys/credentials.toml: what the town's own Reddit accepts, and nothing else does."""
    return f'[reddit]\nclient_id = "{CLIENT_ID}"\nclient_secret = "{CLIENT_SECRET}"\n'


def write_home(folder: Path, base: str, pack: str = "llanbedrog") -> None:
    """Write the three files; the key's folder is 0700 and its file 0600 from the moment it exists."""
    keys = folder / "keys"
    keys.mkdir(parents=True, exist_ok=True)
    keys.chmod(0o700)
    (folder / "school.toml").write_text(school_toml(pack), encoding="utf-8")
    (folder / "sources.toml").write_text(sources_toml(base), encoding="utf-8")
    path = keys / "credentials.toml"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(credentials_toml())
    path.chmod(0o600)

"""`init`: a new home with commented files that a technician can read top to bottom."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

from flows.commands.common import home_of, say
from flows.home import Home, read_pack
from mentionwatch.errors import ConfigError
from mentionwatch.policy import PolicyPack
from mentionwatch.profiles import derive_profile, profile_from_register
from mentionwatch.school import SchoolProfile
from mentionwatch.tables import Table


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _listed(texts: tuple[str, ...]) -> str:
    return "[" + ", ".join(_quoted(text) for text in texts) + "]"


def _school_toml(
    profile: SchoolProfile, pack: PolicyPack, pack_name: str, arguments: argparse.Namespace
) -> str:
    own_clause = pack.monitoring_clause
    authority_note = (
        f"# {pack.title} lets the school watch public postings itself ({own_clause.cite()}); nothing more is needed here."
        if own_clause
        else f"# {pack.title} has no clause that lets the school watch public postings. Until the governors decide to,\n"
        "# and the decision is recorded here, every sweep refuses (exit 5)."
    )
    decision = (
        f"decision = {_quoted(arguments.authority)}"
        if arguments.authority
        else '# decision = "Minute 7 of the governing body"'
    )
    decided = f"on = {arguments.authority_on}" if arguments.authority_on else "# on = 2026-09-01"
    dpia = f"reference = {_quoted(arguments.dpia)}" if arguments.dpia else '# reference = "DPIA-2026-04"'
    assessed = f"on = {arguments.dpia_on}" if arguments.dpia_on else "# on = 2026-09-01"
    rivals = "".join(
        f"\n[[school.look_alike]]\nname = {_quoted(rival.name)}\nplaces = {_listed(rival.places)}\n"
        for rival in profile.look_alikes
    )
    return f"""# One school. Lines that begin with # are notes; the program does not read them.

[school]
name = {_quoted(profile.name)}
# Other names people use for it, in English and Welsh: short forms, former names, hashtags.
names = {_listed(profile.names)}
# What tells it from schools of the same name: village, town, county.
places = {_listed(profile.places)}
postcodes = {_listed(profile.postcodes)}
# Its own web sites (host only) and public accounts.
websites = {_listed(profile.websites)}
handles = {_listed(profile.handles)}
# A text with one of these is never about this school.
exclude = {_listed(profile.exclude)}
# Surnames of the people who decide, so that nobody decides about a post on themselves (recusal).
# They are never searched for.
head_surnames = {_listed(profile.head_surnames)}
deputy_surnames = {_listed(profile.deputy_surnames)}
chair_surnames = {_listed(profile.chair_surnames)}
has_deputy = {str(profile.has_deputy).lower()}
lang = {_quoted(profile.lang)}
register_id = {_quoted(profile.register_id)}
{rivals}
[policy]
# The school's own policy as data: one that ships with mentionwatch, or a .toml file beside this one.
pack = {_quoted(pack_name)}

[authority]
{authority_note}
{decision}
{decided}

[dpia]
# The data protection impact assessment (UK GDPR Article 35). Without it every sweep refuses (exit 5).
{dpia}
{assessed}

[judging]
# In so many first nights the program opens no incident by itself: it shows what it would have opened. Only a
# possible indecent image, a report by a person and a post whose incident has ended open one. See: mentionwatch shadow
shadow_nights = 14
# One in so many of the mentions it is sure of is shown to a person all the same; 0 is none.
# sample_every = 20

[calendar]
# Days on which nobody is at school, for clocks in school days; weekends and bank holidays are known.
# closed = ["2026-10-26 to 2026-10-30", "2026-12-21 to 2027-01-01"]

# What the policy leaves open the school may adopt, dated; see: mentionwatch policy show
# [adopt.NAME]                    # a point that your policy leaves open
# values = ["..."]
# adopted_on = 2026-09-01

# How people sign in to the desk, where the school has a directory; see: docs/how-to/people-and-sign-in.md
# [sign_in]
# issuer = "https://login.school.example/realm"
# client_id = "mentionwatch"
# address = "https://desk.school.example"

[digest]
# The language of the digest: "en" or "cy".
lang = {_quoted(arguments.lang)}
# The e-mail goes out from 07:00 on school days. On other days: "hold", "send", or a role that is on the rota.
# holidays = "hold"
# Who is told at any hour, without content, that something cannot wait: a role. Without it nobody is.
# duty = "deputy"

[desk]
# Where people open the desk; the e-mail's link leads there. https, or http to this machine.
# desk_url = "https://desk.school.example"
"""


SOURCES_TOML = """# Where to look. Take the # off the examples you want and mend them.
# A source runs only when a person has read its terms: terms_ok_by and terms_ok_on say who and when.
# Keys and passwords never belong in this file: put them into keys/credentials.toml (mode 0600) or the
# environment.

[fetch]
# Who to write to when somebody wonders about our visits; sent with every request.
contact = ""
# Private networks that may be visited, for source addresses written in this file only.
allow_networks = []

# [[source]]
# name = "local-paper"
# collector = "feed"
# url = "https://news.example/rss"
# place = "the town this paper writes about"
# terms_ok_by = "A. Jones, business manager"
# terms_ok_on = 2026-09-01

# [[source]]
# name = "google-news"
# collector = "feed"
# preset = "google_news"          # the search is made from the school's names
# terms_ok_by = ""
# terms_ok_on = 2026-09-01

# [[source]]
# name = "foi-requests"
# collector = "feed"
# preset = "whatdotheyknow"
# url = "https://www.whatdotheyknow.com/body/your_school"
# about_us = true                 # everything there is about the school
# terms_ok_by = ""
# terms_ok_on = 2026-09-01

# [[source]]
# name = "reddit"
# collector = "reddit"            # needs MENTIONWATCH_REDDIT_CLIENT_ID and _SECRET
# subreddits = ["your_county"]
# terms_ok_by = ""
# terms_ok_on = 2026-09-01

# [[source]]
# name = "wikipedia"
# collector = "wikipedia"
# pages = ["Your School"]
# about_us = true
# terms_ok_by = ""
# terms_ok_on = 2026-09-01
"""


def _profile(arguments: argparse.Namespace) -> SchoolProfile:
    places = tuple(" ".join(place.split()) for group in arguments.place for place in group if place.strip())
    if arguments.register:
        path = Path(arguments.register)
        try:
            raw = path.read_bytes()
        except OSError as error:
            raise ConfigError(
                str(path), "", f"cannot be read: {error.strerror}", "Name the register's CSV file"
            ) from None
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("cp1252", errors="replace")
        found = profile_from_register(text, arguments.id, arguments.lang)
        return replace(found, places=tuple(dict.fromkeys((*places, *found.places))))
    if not arguments.name.strip():
        raise ConfigError(
            "init", "--name", "is missing", 'Write --name "Ysgol Llanfair", or --register CSV --id ID'
        )
    return derive_profile(arguments.name.strip(), places, arguments.lang)


def _make_folders(home: Home) -> None:
    home.folder.mkdir(parents=True, exist_ok=True)
    home.keys.mkdir(mode=0o700, exist_ok=True)
    home.keys.chmod(0o700)
    for folder in (home.digests, home.exhibits, home.logs):
        folder.mkdir(mode=0o700, exist_ok=True)


def init(arguments: argparse.Namespace) -> int:
    """Write a new home. An existing one is never overwritten."""
    home = home_of(arguments)
    for path in (home.school_file, home.sources_file):
        if path.exists():
            raise ConfigError(str(path), "", "is already there", "Edit it, or choose another --home")
    pack = read_pack(arguments.pack, Table(str(home.school_file), {}))
    profile = _profile(arguments)
    _make_folders(home)
    home.school_file.write_text(_school_toml(profile, pack, arguments.pack, arguments), encoding="utf-8")
    home.sources_file.write_text(SOURCES_TOML, encoding="utf-8")
    say(f"Wrote {home.school_file}")
    say(f"Wrote {home.sources_file}: now name at least one source in it")
    if not pack.monitoring_clause and not arguments.authority:
        say(
            "Before the first sweep: record the governors' decision to monitor under [authority] in school.toml"
        )
    if not arguments.dpia:
        say("Before the first sweep: record the DPIA under [dpia] in school.toml")
    return 0


def install_pictures(arguments: argparse.Namespace) -> int:
    """Packages are installed by ./run before anything else is loaded, never by the program itself."""
    raise ConfigError(
        "mentionwatch",
        arguments.command,
        "is done by the run script beside README.md",
        "Run: ./run install-pictures",
    )

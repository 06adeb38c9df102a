"""One home = one school: where its files are, and how they are read."""

from __future__ import annotations

import json
import os
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path

from collectors.base import Collector, Secret
from collectors.registry import make_collector
from incidents.transitions import BY_NAME
from mentionwatch.calendar import SchoolCalendar
from mentionwatch.errors import ConfigError
from mentionwatch.labels import Channel
from mentionwatch.model import SourceSpec
from mentionwatch.policy import PolicyPack
from mentionwatch.policy_file import parse_pack, read_adopted
from mentionwatch.registers import Registers
from mentionwatch.registers_file import parse_registers
from mentionwatch.school import SchoolFile, SchoolProfile, parse_school
from mentionwatch.settings import Environment, FetchSettings, parse_fetch
from mentionwatch.tables import Table

REGISTERS_TEMPLATE = "docs/how-to/keep-the-registers.md"


@dataclass(frozen=True, slots=True)
class Home:
    """The places of one home folder. Nothing is created by naming it."""

    folder: Path

    @property
    def school_file(self) -> Path:
        return self.folder / "school.toml"

    @property
    def sources_file(self) -> Path:
        return self.folder / "sources.toml"

    @property
    def analysis(self) -> Path:
        return self.folder / "analysis.duckdb"

    @property
    def keys(self) -> Path:
        return self.folder / "keys"

    @property
    def digests(self) -> Path:
        return self.folder / "digests"

    @property
    def exhibits(self) -> Path:
        return self.folder / "exhibits"

    @property
    def letters(self) -> Path:
        return self.folder / "letters"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def prefect(self) -> Path:
        return self.folder / "prefect"

    @property
    def lock(self) -> Path:
        return self.folder / ".sweep.lock"


@dataclass(frozen=True, slots=True)
class HomeConfig:
    """Everything a night needs to know, read once. `credentials` are keyed `collector.name`."""

    home: Home
    school: SchoolFile
    pack: PolicyPack
    fetch: FetchSettings
    collectors: tuple[Collector, ...]
    credentials: Mapping[str, Secret]


def find_home(option: str | None, environment: Environment) -> Home:
    """`--home`, else MENTIONWATCH_HOME, else ./var."""
    return Home(Path(option or environment.home or "var").expanduser().resolve())


def read_text(path: Path, how_to_get_one: str) -> str:
    """A text file a person wrote. Raises `ConfigError` when it is not there or not text."""
    try:
        # Windows editors put a byte order mark in front, which TOML does not know.
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(str(path), "", "there is no such file", how_to_get_one) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            str(path), "", f"cannot be read: {error}", "Save it as UTF-8 text that you may read"
        ) from None


def parse_toml(file: str, text: str) -> Table:
    """TOML text as a strict table. Raises `ConfigError` with the line of a syntax error."""
    try:
        return Table(file, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            file, "", f"is not valid TOML: {error}", "Mend that line; texts need double quotes"
        ) from None


def read_toml(path: Path, how_to_get_one: str) -> Table:
    """A TOML file as a strict table."""
    return parse_toml(str(path), read_text(path, how_to_get_one))


def list_packs() -> tuple[str, ...]:
    """The packs that ship with mentionwatch."""
    names = (item.name for item in files("mentionwatch.packs").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def read_pack(name: str, asked_by: Table) -> PolicyPack:
    """A policy pack: a file beside school.toml (`my-pack.toml`), else one that ships with mentionwatch."""
    if name.endswith(".toml"):
        path = Path(asked_by.file).parent / name
        text = read_text(path, "Name the file beside school.toml, or a pack that ships with mentionwatch")
        return checked(parse_pack(parse_toml(str(path), text), text), str(path))
    if name not in list_packs():
        raise ConfigError(
            asked_by.file,
            "policy.pack",
            f"there is no pack {name!r}",
            f"Write one of: {', '.join(list_packs())}; or the name of your own .toml file",
        )
    text = files("mentionwatch.packs").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return checked(parse_pack(parse_toml(f"pack {name}", text), text), f"pack {name}")


def checked(pack: PolicyPack, file: str) -> PolicyPack:
    """The pack, after its questions were held against the protocol. Raises `ConfigError`."""
    for number, question in enumerate(pack.questions, 1):
        for event in question.events:
            if event not in BY_NAME:
                raise ConfigError(
                    file,
                    f"question[{number}].events",
                    f"{event!r} is no step of the protocol",
                    "See docs/protocol-diagram.md",
                )
    return pack


def read_school(home: Home) -> tuple[SchoolFile, PolicyPack]:
    """school.toml and the pack it names."""
    table = read_toml(
        home.school_file, f"Run: mentionwatch init --home {home.folder} --name NAME --pack PACK"
    )
    school = parse_school(table)
    pack = read_pack(school.pack, table)
    return school, read_adopted(Table(table.file, json.loads(school.adopted), "adopt"), pack)


def read_registers(home: Home) -> Registers | None:
    """registers.toml of a home; None when the school keeps none. Raises `ConfigError` when it is wrong."""
    path = home.folder / "registers.toml"
    if not path.exists():
        return None
    return parse_registers(read_toml(path, f"Copy the template in {REGISTERS_TEMPLATE}"))


def calendar_of(school: SchoolFile, pack: PolicyPack, now: datetime) -> SchoolCalendar:
    """School days around `now`: the nation's bank holidays, and the days the school says it is closed."""
    # Here, because only clocks need it and the library takes a twentieth of a second to load.
    import holidays

    nation = {"england": "ENG", "wales": "WLS"}[pack.nation]
    years = range(now.year - 2, now.year + 3)
    return SchoolCalendar(
        school.closures, frozenset(holidays.country_holidays("GB", subdiv=nation, years=years))
    )


def _channel(table: Table) -> Channel:
    name = table.text("channel", Channel.OTHER.value)
    if name not in tuple(Channel):
        raise table.wrong("channel", f"is {name!r}", f"Write one of: {', '.join(Channel)}")
    return Channel(name)


def _read_spec(table: Table, seen: set[str]) -> SourceSpec:
    name = table.text("name", example='"local-paper"')
    if name in seen:
        raise table.wrong("name", f"{name!r} is used twice", "Give every source a name of its own")
    seen.add(name)
    channel = _channel(table)
    return SourceSpec(
        name=name,
        collector=table.text("collector", example='"feed"'),
        # What stands on the school's own account is always its business (L04).
        about_us=table.flag("about_us") or channel is Channel.SCHOOL_ACCOUNT,
        place=table.text("place", ""),
        channel=channel,
        terms_ok_by=table.text("terms_ok_by", ""),
        terms_ok_on=table.day("terms_ok_on"),
    )


def read_sources(home: Home, profile: SchoolProfile) -> tuple[FetchSettings, tuple[Collector, ...]]:
    """sources.toml as collectors, in the order written."""
    table = read_toml(
        home.sources_file, f"Run: mentionwatch init --home {home.folder} --name NAME --pack PACK"
    )
    fetch = parse_fetch(table.table("fetch"))
    seen: set[str] = set()
    collectors: list[Collector] = []
    for row in table.tables("source"):
        collector = make_collector(_read_spec(row, seen), row, profile)
        row.finish()
        collectors.append(collector)
    table.finish()
    if not collectors:
        raise ConfigError(
            str(home.sources_file),
            "source",
            "there is no source to look at",
            "Take the # off one of the examples in the file, or add a [[source]]",
        )
    return fetch, tuple(collectors)


def read_fetch(home: Home) -> FetchSettings:
    """How this home's door is set, for what is fetched besides sources. Sources are not looked at."""
    return parse_fetch(
        read_toml(
            home.sources_file, f"Run: mentionwatch init --home {home.folder} --name NAME --pack PACK"
        ).table("fetch")
    )


def read_credentials(home: Home, environment: Environment) -> Mapping[str, Secret]:
    """keys/credentials.toml (mode 0600), overlaid by the environment. Values are never printed."""
    found: dict[str, Secret] = {}
    path = home.keys / "credentials.toml"
    if path.exists():
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise ConfigError(
                str(path), "", "other users of this machine can read it", f"Run: chmod 600 {path}"
            )
        table = read_toml(path, "Write it as [reddit] client_id = ...")
        for collector in table.names():
            group = table.table(collector)
            found |= {f"{collector}.{name}": Secret(group.text(name)) for name in group.names()}
    found |= {name: Secret(value) for name, value in environment.credentials.items()}
    return found


def read_home(home: Home, environment: Environment) -> HomeConfig:
    """All of a home's configuration. Raises `ConfigError` (exit 2) naming file, key and mend."""
    school, pack = read_school(home)
    fetch, collectors = read_sources(home, school.profile)
    return HomeConfig(home, school, pack, fetch, collectors, read_credentials(home, environment))

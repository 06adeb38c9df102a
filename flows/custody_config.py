"""custody.toml: who stamps the custody log's checkpoints, and who keeps them elsewhere. No file: nobody does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from evidence.stamp import TimeStamper, check_stampers
from flows.home import Home, read_toml
from flows.mailing import ADDRESS
from mentionwatch.errors import ConfigError
from mentionwatch.tables import Table

FILE = "custody.toml"
WANTED = 2
"""Stamps a checkpoint needs, of authorities with different owners: one that is lost or lies is then not the only witness."""

TEMPLATE = """\
# Who vouches for the time and the whole of the custody log. All of it may stay away: evidence is then signed by this
# school's own key, every checkpoint stays pending, and each exhibit says so.

# Time-stamping authorities (RFC 3161), two of different owners. Only a SHA-256 leaves the school. roots: the authority's root
# certificate(s) as PEM, fetched by a person from its own site, beside this file. signers: the common name(s) of the
# certificates that sign its stamps; "Name *" stands for names that go on with a year.
# [[authority]]
# name = "first"
# url = "https://tsa.example.org/"
# owner = "Example Ltd"
# roots = "first-roots.pem"
# signers = ["Example Timestamp 2026"]

# One line a checkpoint goes to a folder on another machine, or to the Chair of Governors' mailbox ([smtp] must be set).
# [witness]
# folder = "//server/chair/mentionwatch"
# mail = "chair@school.example"
"""


@dataclass(frozen=True, slots=True)
class CustodyConfig:
    """custody.toml, read. `witness_folder` and `witness_mail` are empty where nobody keeps the lines."""

    stampers: tuple[TimeStamper, ...] = ()
    witness_folder: Path | None = None
    witness_mail: str = ""

    @property
    def wanted(self) -> int:
        """How many stamps make a checkpoint complete."""
        return min(WANTED, len(self.stampers))


def _stamper(row: Table, folder: Path) -> TimeStamper:
    name, url, owner = row.text("name"), row.text("url"), row.text("owner")
    if not url.startswith(("https://", "http://")):
        raise row.wrong("url", f"{url!r} is no web address", 'Write url = "https://..."')
    file = folder / row.text("roots", example='"roots.pem"')
    try:
        roots = file.read_bytes()
    except OSError as error:
        raise row.wrong(
            "roots", f"{file} cannot be read: {error.strerror}", "Put the authority's root certificate there"
        ) from None
    stamper = TimeStamper(name, url, roots, owner, row.texts("signers"))
    row.finish()
    return stamper


def read_custody(home: Home) -> CustodyConfig:
    """custody.toml of a home. Raises `ConfigError` naming file, key and mend."""
    path = home.folder / FILE
    if not path.exists():
        return CustodyConfig()
    table = read_toml(path, f"Copy the template in docs/how-to/keep-evidence.md to {FILE}")
    stampers = tuple(_stamper(row, home.folder) for row in table.tables("authority"))
    check_stampers(stampers, str(path))
    witness = table.table("witness")
    folder, mail = witness.text("folder", ""), witness.text("mail", "")
    witness.finish()
    table.finish()
    if mail and not ADDRESS.fullmatch(mail):
        raise ConfigError(
            str(path), "witness.mail", f"{mail!r} is no plain e-mail address", 'Write mail = "chair@..."'
        )
    return CustodyConfig(stampers, Path(folder) if folder else None, mail)

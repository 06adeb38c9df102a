"""One page for the police about a post that may show an indecent image of a child: where it is, and nothing of it (B13)."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from flows.custody import sign_custody
from flows.custody_end import settle_end
from flows.home import Home
from flows.private_files import write_whole
from mentionwatch.errors import ConfigError, Refused
from mentionwatch.labels import Role
from mentionwatch.model import AuditEvent
from mentionwatch.school import SchoolFile
from warehouse.chain import append_audit
from warehouse.connection import Warehouse
from warehouse.custody import mentions_of
from warehouse.custody_rows import write_purpose
from warehouse.reading import MentionFilter, MentionRow, list_mentions

_CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f\u2028-\u202e\u2066-\u2069]+")

PAGE = """\
FOR THE POLICE ONLY                                     I'R HEDDLU YN UNIG

A post may show, or lead to, an indecent image of a child.
Gall neges ddangos, neu arwain at, ddelwedd anweddus o blentyn.

  Our reference · Ein cyfeirnod:   {reference}
  School · Ysgol:                  {school}
  First seen · Gwelwyd gyntaf:     {seen_at} (UTC)
  Source · Ffynhonnell:            {source}
  Address · Cyfeiriad:
    {url}

The school has not opened the address. Its software fetched nothing from it and
kept no image, no copy and no words of the post. Whoever reads this page must not
open the address, copy it or send it on by e-mail.
Nid yw'r ysgol wedi agor y cyfeiriad. Ni nolodd ei meddalwedd ddim oddi yno, ac ni
chadwodd ddelwedd, copi na geiriau'r neges. Ni chaiff neb sy'n darllen y
dudalen hon agor y cyfeiriad, ei gopïo na'i anfon ymlaen drwy e-bost.

Given by (name, role) · Rhoddwyd gan (enw, rôl):  ______________________________
To (name, number) · I (enw, rhif):                ______________________________
Police reference · Cyfeirnod yr heddlu:           ______________________________
Date and time · Dyddiad ac amser:                 ______________________________
"""


def write_referral(home: Home, school: SchoolFile, id_: str, role: Role, actor: str, now: datetime) -> Path:
    """Write `exhibits/<id>-police.txt` for what is under the stop rule; who did so, and when, is entered and signed first.

    Raises `Refused` for any role but the safeguarding lead and for a post that is not sealed, `ConfigError` for an unknown id.
    """
    if role is not Role.DSL:
        raise Refused(
            "refused: the address is given out by the designated safeguarding lead alone "
            "[duty above every policy: indecent images of children]"
        )
    with Warehouse(home.folder).live_reader() as reading:
        ids = mentions_of(reading, id_)
        rows = [row for row in list_mentions(reading, MentionFilter(ids=ids)) if row.is_sealed] if ids else []
    if not ids:
        raise ConfigError(
            "evidence referral",
            "ID",
            f"nothing is stored under {id_!r}",
            "List them with: mentionwatch incident list",
        )
    if not rows:
        raise Refused(
            f"refused: {id_} is not under the stop rule. Its evidence goes out with: mentionwatch evidence export"
        )
    kind = "mention" if id_ in ids else "incident"
    event = AuditEvent(
        now, actor, role, "handed_over", kind, id_, write_purpose("police", "one page, address only")
    )
    with Warehouse(home.folder).writer() as writing:
        append_audit(writing, [event])
        sign_custody(writing, home)
    settle_end(home)
    path = home.exhibits / f"{id_}-police.txt"
    write_whole(path, "\n\f\n".join(_page(row, id_, school) for row in rows).encode())
    return path


def _page(row: MentionRow, id_: str, school: SchoolFile) -> str:
    def plain(text: str) -> str:
        return _CONTROL.sub(" ", text).strip()

    return PAGE.format(
        reference=row.incident or id_,
        school=plain(school.profile.name),
        seen_at=f"{row.first_seen_at:%Y-%m-%d %H:%M:%S}",
        source=plain(row.source),
        url=plain(row.url),
    )

"""Two papers of an exhibit: the statement for a witness to sign, and the extract for a letter or a site's report.

The extract gives each comment with the date and time it was made (Llanbedrog, Annex B; section 4 for a report to the
site: address, dates, times). Neither says more than the record does, nor anything of law.
"""

from __future__ import annotations

from collections.abc import Sequence

from evidence.exhibit_page import (
    Blank,
    Block,
    Facts,
    Heading,
    Paragraph,
    Points,
    Table,
    Title,
    one_line,
    same,
)
from evidence.exhibit_values import Exhibit, ExhibitRevision
from evidence.exhibit_words import (
    BASES,
    BLANKS,
    COVERED_PICTURE,
    DOES_NOT_SHOW,
    HANDED_IN_PICTURE,
    LABELS,
    LIMITS,
    METHODS,
    PICTURE_KINDS,
    READ_FIRST,
    SHOWS,
    UNKNOWN,
    Pair,
    Tongue,
    say_moment,
)


def capture_limits(row: ExhibitRevision, variant: str, *, has_loose_warc: bool = False) -> tuple[Pair, ...]:
    """What this capture does not show, one line each. The order is fixed."""
    found = list[Pair]()
    if row.posted_at is None:
        found.append(LIMITS["posted"])
    if row.fault_kind:
        found.append(_fill(LIMITS["fault"], one_line(row.fault_kind)))
    if row.truncated:
        found.append(LIMITS["truncated"])
    if has_loose_warc:
        found.append(LIMITS["loose"])
    if row.warc_withheld or row.handed_in:
        found.append(LIMITS[_picture_limit(row, variant)])
    if row.method in ("manual", "api"):
        found.append(LIMITS[row.method])
    shown = row.redacted if variant == "covered" else row.pictures or row.redacted
    if shown:
        found.append(LIMITS["rendering"])
        found += [LIMITS["cut"]] if any(one.is_cut for one in shown) else []
        found += [LIMITS["no_passage"]] if not all(one.has_passage for one in shown) else []
    elif row.no_picture:
        found.append((row.no_picture.cause, row.no_picture.cause_cy))
    else:
        found.append(LIMITS["no_picture"])
    if variant == "covered":
        found.append(LIMITS["covered"])
    return tuple(found)


def _picture_limit(row: ExhibitRevision, variant: str) -> str:
    if variant == "covered":
        return "covered_stays"
    if row.handed_in is None or not row.handed_in.may_leave:
        return "stays"
    return "cleaned" if row.handed_in.body else "uncleaned"


def _fill(pair: Pair, word: str) -> Pair:
    return pair[0].format(word), pair[1].format(word)


def say_posted(row: ExhibitRevision) -> Pair:
    """When it was posted and by whose word; unknown stays unknown (L18)."""
    if row.posted_at is None:
        return UNKNOWN
    basis = BASES.get(row.posted_at_basis)
    moments = say_moment(row.posted_at, Tongue.EN), say_moment(row.posted_at, Tongue.CY)
    return (f"{moments[0]}, {basis[0]}", f"{moments[1]}, {basis[1]}") if basis else moments


def say_captured(row: ExhibitRevision) -> Pair:
    """When this software received it."""
    return say_moment(row.captured_at, Tongue.EN), say_moment(row.captured_at, Tongue.CY)


def _say_pictures(row: ExhibitRevision, variant: str) -> list[tuple[Pair, Pair]]:
    found = list[tuple[Pair, Pair]]()
    for picture in row.pictures if variant == "whole" else ():
        found += [
            (LABELS["picture"], PICTURE_KINDS[picture.kind.value]),
            (LABELS["pixels"], same(picture.sha256)),
        ]
    for picture in row.redacted:
        kind = PICTURE_KINDS[picture.kind.value]
        covered = f"{kind[0]}, {COVERED_PICTURE[0]}", f"{kind[1]}, {COVERED_PICTURE[1]}"
        found += [(LABELS["picture"], covered), (LABELS["pixels"], same(picture.sha256))]
    if variant == "whole" and row.handed_in and row.handed_in.may_leave and row.handed_in.body:
        found.append((LABELS["picture"], HANDED_IN_PICTURE))
    return found


def capture_facts(row: ExhibitRevision, variant: str) -> Facts:
    """What was received, when, from where, by what."""
    rows = [(LABELS["address"], same(row.url)), (LABELS["source"], same(row.source))]
    rows += [(LABELS["posted"], say_posted(row)), (LABELS["captured"], say_captured(row))]
    rows.append((LABELS["how"], METHODS.get(row.method, same(row.method))))
    if row.http_status is not None:
        rows.append((LABELS["status"], same(str(row.http_status))))
    if row.remote_ip:
        rows.append((LABELS["server"], same(row.remote_ip)))
    rows.append((LABELS["by"], same(row.software)))
    if row.warc_sha256:
        rows.append((LABELS["sha256"], same(row.warc_sha256)))
    return Facts(tuple(rows + _say_pictures(row, variant)))


def name_capture(number: int, row: ExhibitRevision) -> Heading:
    """Capture 1 · Copi 1, with the folder of its files."""
    folder = folder_of(row)
    en, cy = LABELS["number"]
    return Heading((f"{en} {number} ({folder})", f"{cy} {number} ({folder})"))


def folder_of(row: ExhibitRevision) -> str:
    """Where a capture's own files are. Ids are ASCII letters and digits; what is not is left out."""
    safe = "".join(char for char in row.mention_id if char.isascii() and (char.isalnum() or char in "-_"))
    return f"{safe or 'mention'}/revision-{row.revision}"


def exhibit_facts(exhibit: Exhibit) -> Facts:
    """Which exhibit, for which school, made when and by what."""
    made = say_moment(exhibit.made_at, Tongue.EN), say_moment(exhibit.made_at, Tongue.CY)
    return Facts((
        (LABELS["exhibit"], same(exhibit.id)), (LABELS["school"], same(exhibit.school)), (LABELS["made"], made),
        (LABELS["by"], same(exhibit.software)),
    ))  # fmt: skip


def write_statement(exhibit: Exhibit, variant: str, limits: Sequence[tuple[Pair, ...]]) -> tuple[Block, ...]:
    """The statement. `limits` are those of each capture, in order."""
    id_ = one_line(exhibit.id)
    blocks: list[Block] = [
        Title((f"Witness statement to exhibit {id_}", f"Datganiad tyst i arddangosyn {id_}")),
        Paragraph((
            "To be read, filled in and signed by a person. Cross out whatever you cannot say yourself.",
            "I'w ddarllen, ei lenwi a'i lofnodi gan berson. Croeswch allan unrhyw beth na allwch ei ddweud eich hun.",
        )),
        exhibit_facts(exhibit),
        Heading(("What the software recorded", "Beth a gofnododd y feddalwedd")),
    ]  # fmt: skip
    for number, (row, ends) in enumerate(zip(exhibit.revisions, limits, strict=True), 1):
        blocks += [name_capture(number, row), capture_facts(row, variant), Points(ends)]
    blocks += [
        Heading(("What this shows, and what it does not prove", "Beth mae hyn yn ei ddangos, a beth nad yw'n ei brofi")),
        Points((*SHOWS, *DOES_NOT_SHOW, READ_FIRST[variant])),
        Heading(("What I can say myself", "Yr hyn y gallaf fi ei ddweud")),
        Points((
            (
                "[  ] I had this exhibit made by the software named above, and have changed nothing in it.",
                "[  ] Trefnais i'r feddalwedd a enwir uchod wneud yr arddangosyn hwn, ac nid wyf wedi newid dim ynddo.",
            ),
            (
                "[  ] I checked it with verify.py, which found nothing wrong.",
                "[  ] Gwiriais ef â verify.py, ac ni chafwyd dim o'i le.",
            ),
        )),
        Blank(("I saw", "Gwelais"), 3),
        *(Blank(label) for label in BLANKS.values()),
    ]  # fmt: skip
    return tuple(blocks)


def write_extract(exhibit: Exhibit, variant: str) -> tuple[Block, ...]:
    """The cited comments, each with date and time of posting and of capture, address and words."""
    id_ = one_line(exhibit.id)
    heads = LABELS["number"], LABELS["posted"], LABELS["captured"], LABELS["address"], LABELS["words"]
    rows = tuple(
        (
            same(str(number)),
            say_posted(row),
            say_captured(row),
            same(row.url),
            (said := cited_words(row), said),
        )
        for number, row in enumerate(exhibit.revisions, 1)
    )
    return (
        Title((f"Extracts from exhibit {id_}", f"Darnau o arddangosyn {id_}")),
        exhibit_facts(exhibit),
        Table(
            (
                "The comments, with the date and time each was made",
                "Y sylwadau, gyda'r dyddiad a'r amser y gwnaed pob un",
            ),
            heads,
            rows,
        ),
        Points((DOES_NOT_SHOW[0], DOES_NOT_SHOW[2], READ_FIRST[variant])),
    )


def cited_words(row: ExhibitRevision) -> str:
    """The words the extract gives: title and text as the source delivered them, else the cited passage of the page."""
    return "\n\n".join(part for part in (row.title, row.text or row.passage) if part)

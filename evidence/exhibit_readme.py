"""README.txt: the limits on page one, then what is in the exhibit and how to check it without mentionwatch."""

from __future__ import annotations

from collections.abc import Sequence

from evidence.exhibit_custody import signature_commands, stamp_commands, stamp_limits
from evidence.exhibit_page import (
    Block,
    Commands,
    Heading,
    Paragraph,
    Points,
    Title,
    one_line,
    write_text,
)
from evidence.exhibit_statement import capture_facts, exhibit_facts, name_capture
from evidence.exhibit_values import Exhibit
from evidence.exhibit_words import DOES_NOT_SHOW, LABELS, READ_FIRST, SHOWS, Pair, Tongue

_FILES: tuple[tuple[str, Pair], ...] = (
    ("statement", ("statement.*: for a witness to fill in and sign", "statement.*: i dyst ei lenwi a'i lofnodi")),
    ("extract", (
        "extract.*: each comment with the date and time it was made",
        "extract.*: pob sylw gyda'r dyddiad a'r amser y'i gwnaed",
    )),
    ("captures.wacz", (
        "captures.wacz: the answers of the web sites, byte for byte (WACZ 1.1.1 with WARC 1.1, ISO 28500)",
        "captures.wacz: atebion y gwefannau, beit am feit (WACZ 1.1.1 gyda WARC 1.1, ISO 28500)",
    )),
    ("words.txt", (
        "words.txt: the words of the post as its source delivered them",
        "words.txt: geiriau'r neges fel y daethant o'r ffynhonnell",
    )),
    ("page.txt", ("page.txt: the readable words of the page", "page.txt: geiriau darllenadwy'r dudalen")),
    ("delivered.bin", (
        "delivered.bin: what the source's interface delivered, byte for byte",
        "delivered.bin: yr hyn a ddaeth o ryngwyneb y ffynhonnell, beit am feit",
    )),
    ("picture", (
        "picture-*.png: renderings of the text; covered-*.png: the same with solid boxes",
        "picture-*.png: darluniau o'r testun; covered-*.png: yr un peth gyda blychau solet",
    )),
    ("handed-in", (
        "handed-in.*: a screenshot that was handed in and checked by a person",
        "handed-in.*: sgrinlun a roddwyd i mewn ac a wiriwyd gan berson",
    )),
    ("manifest.json", ("manifest.json: every address, time and SHA-256", "manifest.json: pob cyfeiriad, amser a SHA-256")),
    ("custody.json", (
        "custody.json: what was done with the evidence since",
        "custody.json: beth a wnaed â'r dystiolaeth ers hynny",
    )),
    ("custody/", (
        "custody/: signed entries of the custody log, their proofs, checkpoints, time stamps, public keys",
        "custody/: cofnodion llofnodedig o'r log gwarchodaeth, eu profion, gwirbwyntiau, stampiau amser, allweddi cyhoeddus",
    )),
    ("verify.py", ("verify.py: checks all of it", "verify.py: yn gwirio'r cyfan")),
)  # fmt: skip


def _list_files(names: Sequence[str]) -> Points:
    leaves = [name.rpartition("/")[2] for name in names]
    return Points(
        tuple(
            words
            for key, words in _FILES
            if key == "verify.py"
            or (key.endswith("/") and any(name.startswith(key) for name in names))
            or any(
                leaf.startswith(key) or (key == "picture" and leaf.startswith("covered-")) for leaf in leaves
            )
        )
    )


def _gather_limits(limits: Sequence[tuple[Pair, ...]]) -> tuple[Pair, ...]:
    """Each limit once, with the captures it is about."""
    numbers = dict[Pair, list[str]]()
    for number, ends in enumerate(limits, 1):
        for end in ends:
            numbers.setdefault(end, []).append(str(number))
    return tuple(
        (
            f"{LABELS['number'][0]} {', '.join(about)}: {en}",
            f"{LABELS['number'][1]} {', '.join(about)}: {cy}",
        )
        for (en, cy), about in numbers.items()
    )


def _ways(exhibit: Exhibit) -> list[Block]:
    blocks: list[Block] = [
        Heading(("How to check it", "Sut i'w wirio")),
        Paragraph((
            "Neither the internet nor mentionwatch is needed. In the unpacked folder, with Python 3.8 or later "
            "(signatures and time stamps: with the packages cryptography and rfc3161-client):",
            "Nid oes angen y rhyngrwyd na mentionwatch. Yn y ffolder heb ei sipio, gyda Python 3.8 neu'n ddiweddarach "
            "(llofnodion a stampiau amser: gyda'r pecynnau cryptography ac rfc3161-client):",
        )),
        Commands(("python3 verify.py",)),
        Paragraph(("Without Python; on Windows the second line, file by file:", "Heb Python; ar Windows yr ail linell, fesul ffeil:")),
        Commands(("sha256sum -c SHA256SUMS", "certutil -hashfile FILE SHA256")),
    ]  # fmt: skip
    signatures, stamps = signature_commands(exhibit.signed, exhibit.list_kid), stamp_commands(exhibit.signed)
    if signatures:
        blocks += [
            Paragraph(("Signatures, with OpenSSL 3:", "Llofnodion, gydag OpenSSL 3:")),
            Commands(signatures),
        ]
    if stamps:
        blocks += [
            Paragraph(("Time stamps, with OpenSSL:", "Stampiau amser, gydag OpenSSL:")),
            Commands(stamps),
        ]
    if exhibit.signed.public_keys:
        kids = tuple(f"ed25519 {kid} {public.hex()}" for kid, public in exhibit.signed.public_keys)
        blocks += [
            Paragraph((
                "The signatures prove only as much as the key does. Compare it with the one the school made known elsewhere:",
                "Nid yw'r llofnodion yn profi ond cymaint â'r allwedd. Cymharwch hi â'r un a wnaeth yr ysgol yn hysbys mewn man arall:",
            )),
            Commands(kids),
            Paragraph((
                "verify.py can compare: save that key in a file outside the folder, as a line like the one above, and name the file. "
                "Without it verify.py shows which key signed, but not that it is the school's.",
                "Gall verify.py gymharu: cadwch yr allwedd honno mewn ffeil y tu allan i'r ffolder, yn llinell fel yr un uchod, ac enwch "
                "y ffeil. Hebddi mae verify.py yn dangos pa allwedd a lofnododd, ond nid mai allwedd yr ysgol ydyw.",
            )),
            Commands(("python3 verify.py --public FILE",)),
        ]  # fmt: skip
    return blocks


def write_readme(
    exhibit: Exhibit, variant: str, limits: Sequence[tuple[Pair, ...]], names: Sequence[str]
) -> str:
    """English, then Welsh. `limits` are those of each capture, in order; `names` the files of the exhibit."""
    id_ = one_line(exhibit.id)
    blocks: list[Block] = [
        Title((f"Exhibit {id_}", f"Arddangosyn {id_}")),
        exhibit_facts(exhibit),
        Heading(("What it shows", "Beth mae'n ei ddangos")),
        Points(SHOWS),
        Heading(("What it does not show", "Beth nad yw'n ei ddangos")),
        Points((*DOES_NOT_SHOW, *_gather_limits(limits), *stamp_limits(exhibit.signed), READ_FIRST[variant])),
        Heading(("What was captured", "Beth a gipiwyd")),
    ]
    for number, row in enumerate(exhibit.revisions, 1):
        blocks += [name_capture(number, row), capture_facts(row, variant)]
    blocks += [Heading(("What is in it", "Beth sydd ynddo")), _list_files(names), *_ways(exhibit)]
    parts = [write_text(blocks, tongue) for tongue in Tongue]
    return f"{parts[0]}\n\n{parts[1]}"

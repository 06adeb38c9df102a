"""One ZIP for a solicitor, the police or a platform: the evidence, its circumstances, its limits, its own verifier.

Two variants: whole, and covered, which shows nobody whose name was to be covered and leaves out the raw bytes. In
neither: who reported the post, the account it was seen through, anything of a sealed post (L20, L21; B13).
"""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files

from evidence.exhibit_cover import (
    blank_exhibit,
    cover_exhibit,
    find_leaks,
    find_names,
    read_zip,
)
from evidence.exhibit_custody import LIST, LIST_SIG, custody_files, custody_rows
from evidence.exhibit_manifest import (
    Contents,
    gather_covered,
    gather_whole,
    write_manifest,
)
from evidence.exhibit_page import write_html, write_text
from evidence.exhibit_picture import clean_picture
from evidence.exhibit_readme import write_readme
from evidence.exhibit_statement import (
    capture_limits,
    cited_words,
    folder_of,
    write_extract,
    write_statement,
)
from evidence.exhibit_unknown import find_unknown
from evidence.exhibit_values import (
    CustodyLine,
    Exhibit,
    ExhibitIncident,
    ExhibitRevision,
    HandedIn,
    NamesToCover,
    NoExhibit,
    Opening,
    ProvenEntry,
    SignedCheckpoint,
    SignedCustody,
    Stamp,
    StepLine,
)
from evidence.exhibit_words import CODES, LIMITS, MARK, Tongue
from evidence.signing_keys import SigningKey
from evidence.wacz import resource_types, write_zip
from mentionwatch.errors import Refused
from mentionwatch.ids import digest

__all__ = [
    "CustodyLine",
    "Exhibit",
    "ExhibitIncident",
    "ExhibitRevision",
    "HandedIn",
    "NamesToCover",
    "NoExhibit",
    "Opening",
    "ProvenEntry",
    "SignedCheckpoint",
    "SignedCustody",
    "Stamp",
    "StepLine",
    "build_covered",
    "build_exhibit",
]


def build_exhibit(exhibit: Exhibit, signer: SigningKey | None = None) -> bytes:
    """The ZIP with everything (for the police, a solicitor). The same values give the same bytes.

    `signer` signs the list of digests; without it nobody can tell the ZIP from one that was made up.
    A handed-in picture is in it only with a person's tick. Raises `Refused` when any of it is sealed.
    """
    _refuse_sealed(exhibit)
    whole = _name_signer(_hold_back_all(exhibit), signer)
    return write_zip(_sign(_finish(whole, "whole", gather_whole(whole), None), signer), exhibit.made_at)


def build_covered(
    exhibit: Exhibit, names: NamesToCover, signer: SigningKey | None = None
) -> bytes | NoExhibit:
    """The ZIP with identities covered: redacted pictures and the extract; no page, no raw bytes, no words of either.

    `NoExhibit` when nothing safe is left to show, or when a name can still be found in what was built. Raises
    `Refused` when any of it is sealed.
    """
    _refuse_sealed(exhibit)
    if names.checked_by_role in ("", "pipeline"):
        return NoExhibit(
            "nobody has said that the names to cover are all there are; a person must",
            "nid oes neb wedi dweud mai dyna'r holl enwau i'w cuddio; rhaid i berson ei ddweud",
        )
    finder = find_names(names.names)
    if finder is None:
        return NoExhibit(
            "a name to cover has fewer than two letters or digits",
            "mae gan enw i'w guddio lai na dwy lythyren neu ddigid",
        )
    if not names.names:
        return NoExhibit(
            "no name to cover was given: say whom the copy must not show",
            "ni roddwyd enw i'w guddio: dywedwch pwy na ddylai'r copi ei ddangos",
        )
    if unknown := ", ".join(map(str, find_unknown(exhibit, names.names))):
        return NoExhibit(
            f"of name {unknown} (in the order they were given) nothing is in it: look at the spelling again",
            f"nid oes dim o enw {unknown} (yn y drefn y'u rhoddwyd) ynddo: edrychwch eto ar y sillafiad",
        )
    if any(not one.covered for row in exhibit.revisions for one in row.redacted):
        return NoExhibit(
            "a picture that should have names covered has none covered",
            "mae llun a ddylai fod ag enwau wedi'u cuddio heb yr un wedi'i guddio",
        )
    covered = cover_exhibit(_name_signer(_hold_back_all(exhibit), signer), finder.cover)
    said = "".join(cited_words(row) for row in covered.revisions).replace(MARK, "")
    if not any(row.redacted for row in covered.revisions) and not any(char.isalnum() for char in said):
        return NoExhibit(
            "there is neither a picture with names covered nor a word left to show",
            "nid oes na llun ag enwau wedi'u cuddio na gair ar ôl i'w ddangos",
        )
    made = _finish(covered, "covered", gather_covered(covered), names)
    body = write_zip(made, exhibit.made_at)
    blank = blank_exhibit(covered)
    nothing = _finish(blank, "covered", gather_covered(blank), names)
    leaks = find_leaks(read_zip(body), nothing, finder, names.names)
    leaks += ["file names"] if any(finder.count(row.mention_id) for row in exhibit.revisions) else []
    leaks += ["number of the exhibit"] if finder.count(exhibit.id) else []
    if leaks:
        where = ", ".join(leaks)
        return NoExhibit(
            f"a name to cover can still be found in: {where}",
            f"gellir dod o hyd i enw i'w guddio o hyd yn: {where}",
        )
    return body if signer is None else write_zip(_sign(made, signer), exhibit.made_at)


def _name_signer(exhibit: Exhibit, signer: SigningKey | None) -> Exhibit:
    """The exhibit that says who signs its list, with that key among its keys."""
    if signer is None:
        return exhibit
    keys = dict(exhibit.signed.public_keys) | {signer.kid: signer.public}
    signed = replace(exhibit.signed, public_keys=tuple(sorted(keys.items())))
    return replace(exhibit, signed=signed, list_kid=signer.kid)


def _sign(made: dict[str, bytes], signer: SigningKey | None) -> dict[str, bytes]:
    return made if signer is None else made | {LIST_SIG: signer.sign(made[LIST])}


def _refuse_sealed(exhibit: Exhibit) -> None:
    if exhibit.is_sealed:
        raise Refused(
            "refused: this may concern an indecent or intimate image: it is shown, copied and exported by nobody "
            "[duty above every policy: indecent images of children]. The designated safeguarding lead speaks to the police"
        )


def _hold_back_all(exhibit: Exhibit) -> Exhibit:
    return replace(exhibit, revisions=tuple(_hold_back(row) for row in exhibit.revisions))


def _hold_back(row: ExhibitRevision) -> ExhibitRevision:
    """What a person handed in stays, unless it is words, or a picture that was ticked and could be cleaned (L21)."""
    handed_in = row.handed_in
    if handed_in:
        body = clean_picture(handed_in.body, handed_in.media_type) if handed_in.may_leave else b""
        handed_in = replace(handed_in, body=body)
    if row.method != "manual":
        return replace(row, handed_in=handed_in)
    try:
        is_words = all(kind == "text/plain" for kind in resource_types(row.warc))
    except ValueError:
        is_words = False
    if is_words:
        return replace(row, handed_in=handed_in)
    why = row.warc_withheld or LIMITS["stays"][Tongue.EN]
    return replace(row, warc=b"", raw=b"", warc_withheld=why, handed_in=handed_in)


def _finish(
    exhibit: Exhibit, variant: str, contents: Contents, names: NamesToCover | None
) -> dict[str, bytes]:
    """All files: the evidence that was gathered, the papers about it, the manifest, the verifier, the list of digests."""
    folders = [folder_of(row) for row in exhibit.revisions]
    if len(set(folders)) < len(folders):
        raise ValueError("two captures of an exhibit have the same mention and revision")
    found = dict(contents.files)
    limits = [
        capture_limits(row, variant, has_loose_warc=row.warc_sha256 in contents.loose)
        for row in exhibit.revisions
    ]
    found["custody.json"] = custody_rows(exhibit, with_notes=variant == "whole")
    found |= custody_files(exhibit.signed, {one.sha256: one.file for one in contents.objects})
    papers = {
        "statement": write_statement(exhibit, variant, limits),
        "extract": write_extract(exhibit, variant),
    }
    titles = {"statement": ("Witness statement", "Datganiad tyst"), "extract": ("Extracts", "Darnau")}
    for name, blocks in papers.items():
        for tongue in Tongue:
            found[f"{name}.{CODES[tongue]}.txt"] = (write_text(blocks, tongue) + "\n").encode()
        found[f"{name}.html"] = write_html(titles[name], blocks).encode()
    # The list of what is in it must know of itself too.
    others = (*found, "manifest.json", "verify.py")
    found["README.txt"] = (write_readme(exhibit, variant, limits, others) + "\n").encode()
    found["manifest.json"] = write_manifest(exhibit, variant, limits, contents, found, names)
    found["verify.py"] = files("evidence").joinpath("verifier_template.py").read_bytes()
    sums = "".join(f"{digest(body)}  {name}\n" for name, body in sorted(found.items()))
    return found | {LIST: sums.encode()}

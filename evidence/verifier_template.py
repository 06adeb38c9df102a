"""Checks this exhibit: is every file still what it was when the exhibit was made, and does its custody record hold?

Needs Python 3.8 or later: no network, no database, no mentionwatch. Run it in the unpacked folder, or give it the
folder or the ZIP:  python verify.py [exhibit.zip] [--public FILE]
FILE: the school's public key as it was kept elsewhere (ed25519 KEYID HEX). One is enough where the school has changed its
key since or before: the old key signed the new one, and the exhibit holds what it signed.
Digests and inclusion proofs need nothing else. Signatures need the package cryptography, time stamps the package
rfc3161-client too; without them one line for each says what was not checked, and which command does it instead.
Whoever changes the files can write the digests anew, but not the signature over their list: only with it is all right.
Exit code 0: all right; 1: something is wrong; 2: nothing is wrong so far, but parts were not checked.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import re
import sys
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

LIST, LIST_SIG, MANIFEST, PROOFS = "SHA256SUMS", "SHA256SUMS.sig", "manifest.json", "custody/proofs.json"
ROWS = "custody.json"
UNSIGNED = "is not signed: whoever changed the files can have written it anew"
SIGNED_VERBS = (
    "captured sealed viewed verified verify_failed exported redacted handed_over received_back held released rechecked"
).split()
WRONG, UNCHECKED, NOTE = "WRONG", "NOT CHECKED", "NOTE"


def read_folder(folder: Path) -> tuple[dict[str, bytes], list[str]]:
    """Every file of a folder, by its name with slashes."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}, []


def read_zip(path: Path) -> tuple[dict[str, bytes], list[str]]:
    """Every file of a ZIP, and what could not be read in it."""
    found: dict[str, bytes] = {}
    troubles: list[str] = []
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name in found:
                troubles.append(name + ": is in the ZIP twice")
            try:
                found[name] = archive.read(name)
            except Exception as error:  # noqa: BLE001 -- zlib.error has no common parent; any failure is a finding
                troubles.append(name + ": cannot be unpacked: " + type(error).__name__)
                found.setdefault(name, b"")
    return found, troubles


def read_list(text: str) -> tuple[dict[str, str], list[str]]:
    """The lines of SHA256SUMS: digest, two spaces, name."""
    wanted: dict[str, str] = {}
    troubles: list[str] = []
    *lines, rest = text.split("\n")
    troubles += [LIST + ": its last line is damaged"] if rest else []
    for number, line in enumerate(lines, 1):
        good = re.fullmatch(r"([0-9a-f]{64})  (.+)", line, re.S)
        if not good or good[2] in wanted:
            troubles.append(f"{LIST}: line {number} is damaged")
        else:
            wanted[good[2]] = good[1]
    return wanted, troubles


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def check(found: dict[str, bytes]) -> list[str]:
    """What is wrong with the files, one line each; empty when nothing is."""
    if LIST not in found:
        return [LIST + ": is missing"]
    wanted, troubles = read_list(found[LIST].decode("utf-8", "replace"))
    for name in sorted(wanted):
        if name not in found:
            troubles.append(name + ": is missing")
        elif sha(found[name]) != wanted[name]:
            troubles.append(name + ": was changed after the exhibit was made")
    foreign = sorted(set(found) - set(wanted) - {LIST, LIST_SIG})
    troubles += [name + ": does not belong to the exhibit" for name in foreign]
    manifest = read_json(found.get(MANIFEST, b""))
    try:
        stated = {row["name"]: row["sha256"] for row in manifest["files"]}
        objects = [check_object(found, row) for row in manifest["objects"]]
    except (ValueError, KeyError, TypeError, AttributeError):
        return [*troubles, MANIFEST + ": cannot be read"]
    others = [name for name in sorted(stated) if stated[name] != sha(found.get(name, b""))]
    troubles += [f"{name}: does not have the SHA-256 that {MANIFEST} states" for name in others]
    unlisted = sorted(set(found) - set(stated) - {LIST, LIST_SIG, MANIFEST, "verify.py"})
    return (
        troubles + [f"{name}: is not in {MANIFEST}" for name in unlisted] + [line for line in objects if line]
    )


def read_json(data: bytes) -> dict[str, Any]:
    """The object a JSON file holds; an empty one when it holds none."""
    try:
        shown = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):
        shown = None
    return shown if isinstance(shown, dict) else {}


def check_object(found: dict[str, bytes], row: dict[str, Any]) -> str:
    """Does a stored object have the SHA-256 it was stored under? A WARC is cut out of the WACZ first."""
    data = found.get(row["file"], b"")
    try:
        if "member" in row:
            archived = zipfile.ZipFile(io.BytesIO(data)).read(row["member"])
            data = gzip.decompress(archived[row["from"] : row["to"]])
    except Exception:  # noqa: BLE001 -- many kinds of damage, one finding
        data = b""
    return "" if sha(data) == row["sha256"] else f"{row['file']}: holds another {row['what']} than was stored"


def leads_to(leaf: bytes, index: int, size: int, path: list[bytes], root: bytes) -> bool:
    """Is the leaf in the tree with that root? (RFC 9162 section 2.1.3.2)"""
    if not 0 <= index < size:
        return False
    at, last, node = index, size - 1, leaf
    for beside in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            node = hashlib.sha256(b"\x01" + beside + node).digest()
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            node = hashlib.sha256(b"\x01" + node + beside).digest()
        at, last = at >> 1, last >> 1
    return last == 0 and node == root


class Custody:
    """Checks the custody extract; `lines` are what it found."""

    def __init__(self, found: dict[str, bytes], given: dict[str, bytes] | None = None) -> None:
        self.found = found
        self.given = given
        self.lines: list[tuple[str, str]] = []
        self.proofs: dict[str, Any] = read_json(found.get(PROOFS, b""))
        self.keys: dict[str, bytes] = {}
        self.rotations: list[dict[str, Any]] = sorted(
            self.proofs.get("rotations", []), key=lambda row: row["seq"]
        )
        self.turns: list[tuple[int, str, str, Any]] = []
        self.manifest: dict[str, Any] = read_json(found.get(MANIFEST, b""))
        self.objects = {row["sha256"] for row in self.manifest["objects"]}
        self.rows: list[dict[str, Any]] = read_json(found.get(ROWS, b"")).get("rows", [])
        self.opened: set[str] = set()
        self.records: set[str] = set()

    def read(self, name: str) -> bytes:
        if name in (LIST, LIST_SIG):
            return self.found.get(name, b"")
        if not re.fullmatch(r"custody/[a-z0-9.-]+", name):
            raise ValueError("a name that no exhibit gives; commands with it may do harm")
        return self.found.get(name, b"")

    def say(self, kind: str, name: str, words: str) -> None:
        self.lines.append((kind, f"{name}: {words}"))

    def run(self) -> list[tuple[str, str]]:
        for key in self.proofs["keys"]:
            file, public = key["file"], bytes.fromhex(key["public"])
            coded = base64.b64encode(bytes.fromhex("302a300506032b6570032100") + public)  # RFC 8410
            if sha(public)[:16] != key["kid"] or self.read(file).split(b"\n")[1:2] != [coded]:
                self.say(WRONG, file, "is not the key it is said to be")
            else:
                self.keys[key["kid"]] = public
                self.say(NOTE, file, f"ed25519 {key['kid']} {key['public']}: compare with the school's")
        trees = {row["tree_size"]: self.check_checkpoint(row) for row in self.proofs["checkpoints"]}
        before = (0, "")
        for row in sorted(self.proofs["entries"] + self.rotations, key=lambda one: one["seq"]):
            before = self.check_entry(row, trees, before)
        self.check_turns()
        if self.given is not None:
            self.check_given(self.given)
        self.check_rows()
        for row in self.manifest["captures"]:
            self.check_capture(row)
        self.check_list()
        return self.lines

    def check_turns(self) -> None:
        """Each key signs in its turn: its last entry hands over, and names the next key by the SHA-256 of it."""
        for row in self.rotations:
            file = row["file"] + ".json"
            shown = read_json(self.read(file))
            commit, kid = str(shown.get("object_commit")), str(shown.get("kid"))
            following = commit[:16]
            if shown.get("event") != "key_rotated" or sha(self.keys.get(following, b"")) != commit:
                self.say(WRONG, file, "does not hand over to a key that is here")
            elif following in [kid] + [turn[1] for turn in self.turns]:
                self.say(WRONG, file, f"hands over to key {following}, which has had its turn")
            else:
                self.say(NOTE, file, f"key {kid} signed that key {following} goes on")
            self.turns.append((row["seq"], kid, following, row["tree_size"]))
        signed = [
            (row["file"] + ".json", row["kid"], row["seq"]) for row in self.proofs["entries"] + self.rotations
        ]
        signed += [
            (row["file"] + ".json", row["kid"], row["tree_size"] + 1) for row in self.proofs["checkpoints"]
        ]
        if self.manifest.get("list_signed_by"):
            signed.append((LIST, self.manifest["list_signed_by"], float("inf")))
        signed.sort(key=lambda one: one[2])
        for name, kid, seq in signed:
            turn = self.find_turn(seq, signed[0][1])
            if kid != turn:
                self.say(WRONG, name, f"is signed by key {kid}, though it was the turn of {turn}")

    def find_turn(self, seq: float, first: str) -> str:
        for last, kid, _, _ in self.turns:
            if seq <= last:
                return kid
        return self.turns[-1][2] if self.turns else first

    def check_given(self, given: dict[str, bytes]) -> None:
        """Forwards a key vouches for the one it handed over to, backwards for the one whose handing over it counted."""
        known = {kid for kid in given if self.keys.get(kid) == given[kid]}
        for _, kid, following, _ in self.turns:
            known |= {following} if kid in known else set()
        sizes = {row["tree_size"] for row in self.proofs["checkpoints"] if row["kid"] in known}
        whole = self.manifest.get("list_signed_by") in known
        for _, kid, following, size in reversed(self.turns):
            known |= {kid} if following in known and (whole or size in sizes) else set()
        used = {row["kid"] for row in self.proofs["entries"] + self.rotations + self.proofs["checkpoints"]}
        for kid in sorted(used | {self.manifest.get("list_signed_by") or ""}):
            if kid and kid not in known:
                self.say(WRONG, "key " + kid, "nothing leads to it from the key that you gave")

    def check_list(self) -> None:
        """The list of digests covers all files: what its signature covers, nobody has written anew."""
        kid = self.manifest.get("list_signed_by")
        if kid and LIST_SIG in self.found and re.fullmatch("[0-9a-f]{16}", kid):
            self.check_signature(LIST, kid, LIST)
            self.say(NOTE, LIST, f"is signed by key {kid}: compare it with the school's")
        elif kid or LIST_SIG in self.found or self.proofs["keys"]:
            self.say(WRONG, LIST_SIG, f"is missing, or {MANIFEST} does not name its key")
        else:
            self.say(UNCHECKED, LIST, UNSIGNED)

    def check_capture(self, row: dict[str, Any]) -> None:
        """Are the bytes of a capture here, and does an entry of the custody log speak of them?"""
        main = row["warc_sha256"] or row["page_text_sha256"] or row["delivered_sha256"]
        if self.manifest["variant"] != "whole" or row.get("handed_in") or not main:
            return
        if main not in self.objects:
            self.say(WRONG, row["folder"], "the bytes of this capture are not here")
        elif main not in self.opened and self.proofs["entries"]:
            self.say(WRONG, row["folder"], "no entry of the custody log speaks of the bytes of this capture")

    def check_rows(self) -> None:
        """Each signed entry names its row of the audit log by that row's hash, and each such row has its entry."""
        for row in self.rows if self.records else ():
            if row["verb"] in SIGNED_VERBS and row["hash"] not in self.records:
                self.say(WRONG, ROWS, f"no signed entry speaks of row {row['seq']}")

    def check_record(self, file: str, shown: dict[str, Any]) -> None:
        record = shown.get("record")
        if not record:
            return
        self.records.add(record)
        for row in self.rows:
            if row["hash"] == record:
                if row["role"] != shown.get("role") or not same_time(row["at"], shown.get("at")):
                    self.say(WRONG, ROWS, f"row {row['seq']} is not what {file} says")
                return
        self.say(WRONG, ROWS, f"the row that {file} was signed for is not here")

    def check_signature(self, name: str, kid: str, body: str = "") -> None:
        body, sig = body or name + ".json", name + ".sig"
        if kid not in self.keys:
            self.say(WRONG, body, f"is signed by key {kid}, which is not here")
            return
        try:
            from cryptography.exceptions import InvalidSignature
            from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
        except ImportError:
            command = f"openssl pkeyutl -verify -pubin -inkey custody/key-{kid}.pem -rawin -in {body} -sigfile {sig}"
            self.say(UNCHECKED, sig, "no package cryptography here; instead: " + command)
            return
        try:
            Ed25519PublicKey.from_public_bytes(self.keys[kid]).verify(self.read(sig), self.read(body))
        except (InvalidSignature, ValueError):
            self.say(WRONG, sig, f"is not the signature of {body} under key {kid}")

    def check_checkpoint(self, row: dict[str, Any]) -> bytes:
        """Signature, contents, stamps. Returns its root."""
        name = row["file"]
        file, body, sealed = name + ".json", self.read(name + ".json"), self.read(name + ".sealed")
        shown = read_json(body)
        if any(shown.get(key) != row[key] for key in ("tree_size", "root", "kid")):
            self.say(WRONG, file, f"is not the checkpoint that {PROOFS} names")
        if not same_time(shown.get("at"), row["at"]):
            self.say(WRONG, file, f"names another time than {PROOFS}")
        if sealed != body + self.read(name + ".sig"):
            self.say(WRONG, name + ".sealed", "is not the checkpoint with its signature")
        self.check_signature(name, row["kid"])
        for stamp in row["stamps"]:
            if stamp["state"] == "pending":
                self.say(NOTE, file, f"the stamp of {stamp['tsa']} was pending when the exhibit was made")
            else:
                self.check_stamp(stamp, sealed, name)
        if not row["stamps"]:
            self.say(NOTE, file, "carries no time stamp")
        return bytes.fromhex(row["root"])

    def check_entry(self, row: Any, trees: dict[int, bytes], before: tuple[int, str]) -> tuple[int, str]:
        """Signature, place in the log, what it speaks of. Returns its place and SHA-256."""
        file, seq, size = row["file"] + ".json", row["seq"], row["tree_size"]
        body = self.read(file)
        shown = read_json(body)
        if sha(body) != row["sha256"] or (shown.get("seq"), shown.get("kid")) != (seq, row["kid"]):
            self.say(WRONG, file, f"is not the entry that {PROOFS} names")
        if before[0] + 1 == seq > 1 and shown.get("prev") != before[1]:
            self.say(WRONG, file, "does not follow on from the entry before")
        self.check_signature(row["file"], row["kid"])
        path = [bytes.fromhex(one) for one in row["path"]]
        if not size:
            self.say(NOTE, file, "no checkpoint had counted it when the exhibit was made")
        elif size not in trees:
            self.say(WRONG, file, f"its checkpoint of {size} entries is not here")
        elif not leads_to(hashlib.sha256(b"\x00" + body).digest(), seq - 1, size, path, trees[size]):
            self.say(WRONG, file, f"its inclusion proof does not lead to the checkpoint of {size} entries")
        if shown.get("event") != "key_rotated":
            self.check_record(file, shown)
        opening = row.get("opening")
        if opening:
            self.opened.add(opening["sha256"])
            commit = sha(bytes.fromhex(opening["salt"]) + bytes.fromhex(opening["sha256"]))
            if shown.get("object_commit") != commit or opening["sha256"] not in self.objects:
                self.say(WRONG, file, f"does not speak of the object that {PROOFS} names")
        return seq, sha(body)

    def check_stamp(self, stamp: dict[str, Any], sealed: bytes, name: str) -> None:
        file, pem, tsa = stamp["file"] + ".tsr", stamp["file"] + ".roots.pem", stamp["tsa"]
        token, certificates = self.read(file), self.read(pem)
        command = f"openssl ts -verify -data {name}.sealed -in {file} -CAfile {pem}"
        if stamp["stamped_at"]:
            at = datetime.fromisoformat(stamp["stamped_at"].replace("Z", "+00:00"))
            command += f" -attime {int(at.timestamp())}"
        try:
            from cryptography import x509
            from rfc3161_client import decode_timestamp_response
            from rfc3161_client.verify import VerifierBuilder
        except ImportError:
            return self.say(UNCHECKED, file, "no package rfc3161-client here; instead: " + command)
        try:
            response = decode_timestamp_response(token)
        except ValueError:
            return self.say(UNCHECKED, file, "rfc3161-client cannot read it; instead: " + command)
        try:
            roots = x509.load_pem_x509_certificates(certificates)
            VerifierBuilder(roots=roots).build().verify(response, hashlib.sha256(sealed).digest())
            said = response.tst_info.gen_time.isoformat()
        except Exception as error:  # noqa: BLE001 -- whatever stops a stamp from being verified is a finding
            words = " ".join(str(error).split())[:120]
            return self.say(WRONG, file, f"is not a stamp of {tsa} over {name}.sealed: {words}")
        if stamp["stamped_at"] and not same_time(said, stamp["stamped_at"]):
            self.say(WRONG, file, f"names another time than {PROOFS}")
        self.say(NOTE, file, f"stamped by {tsa} at {said}, under roots of SHA-256 {sha(certificates)}")


def same_time(one: Any, other: Any) -> bool:
    """The same moment, written `2026-11-21T02:30:00Z`, `...00.000000Z` or `...00+00:00`?"""
    form = r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|\+00:00)"
    first, second = (re.fullmatch(form, str(said)) for said in (one, other))
    pair = [match and (match[1], (match[2] or "").rstrip("0")) for match in (first, second)]
    return pair[0] is not None and pair[0] == pair[1]


def read_given(data: bytes) -> dict[str, bytes]:
    """Key id to key, of a file in which the school's public keys were kept, as editors and shells save it."""
    text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "replace")
    pairs = re.findall(r"ed25519 ([0-9a-f]{16}) ([0-9a-f]{64})\b", text)
    return {kid: bytes.fromhex(key) for kid, key in pairs if sha(bytes.fromhex(key))[:16] == kid}


def check_custody(found: dict[str, bytes], given: dict[str, bytes] | None = None) -> list[tuple[str, str]]:
    """Kind and words, one pair for each thing to be said of the custody extract."""
    manifest = read_json(found.get(MANIFEST, b""))
    is_said = manifest.get("has_signed_custody") or manifest.get("list_signed_by") or LIST_SIG in found
    if not is_said and not any(name.startswith("custody/") for name in found):
        return [
            (NOTE, "this exhibit holds no entry of the signed custody log"),
            (UNCHECKED, f"{LIST}: {UNSIGNED}"),
        ]
    try:
        return Custody(found, given).run()
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        return [(WRONG, PROOFS + ": cannot be read")]


def main(arguments: list[str]) -> int:
    """Check the folder or ZIP named, or the folder this file is in."""
    rest, given = arguments[1:], None
    if "--public" in rest[:-1]:
        kept = Path(rest.pop(rest.index("--public") + 1))
        rest.remove("--public")
        try:
            given = read_given(kept.read_bytes())
        except OSError as error:
            sys.stdout.write(f"{kept}: cannot be opened: {error}\n")
            return 1
        if not given:
            sys.stdout.write(f"{kept}: holds no public key (ed25519 KEYID HEX)\n")
            return 1
    place = Path(rest[0]) if rest else Path(__file__).resolve().parent
    try:
        found, troubles = read_folder(place) if place.is_dir() else read_zip(place)
    except (OSError, zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        sys.stdout.write(f"{place}: cannot be opened: {error}\n")
        return 1
    lines = [(WRONG, line) for line in sorted(set(troubles + check(found)))] + check_custody(found, given)
    for kind, words in sorted(set(lines)):
        plain = "".join(char if " " <= char <= "~" else ascii(char)[1:-1] for char in words)
        sys.stdout.write(f"{kind:13}{plain}\n")
    if any(kind == WRONG for kind, _ in lines):
        return 1
    sys.stdout.write(f"SHA-256 of {LIST}: {sha(found[LIST])}\n")
    if any(kind == UNCHECKED for kind, _ in lines):
        sys.stdout.write("Nothing wrong was found, BUT some parts were not checked: see the lines above\n")
        return 2
    sys.stdout.write(f"OK: {len(found)} files are as they were when this exhibit was made\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))

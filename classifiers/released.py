"""The models of this release: the digest of each one's manifest, which holds the digest of its bytes.

Changed only together with the files; `mentionwatch train --out` prints the line to put here.
"""

from __future__ import annotations

RELEASED = {
    "e5": "5d4284a0374253d2dda9cd6f0d273c146cbaff470d43dc80faba52d8ffa6572e",
    "word": "4030d2dc28dd99ae828ef2944c1ad92d53e5cb42e9e947fa5e9d342666e0089d",
}

"""The models of this release: the digest of each one's manifest, which holds the digest of its bytes.

Changed only together with the files; `mentionwatch train --out` prints the line to put here.
"""

from __future__ import annotations

RELEASED = {
    "e5": "6791c2743fc77fe79e67a70ed017f3b1a4cb1c957daad352eabaa0d2b5def584",
    "word": "50edc2e0a148c124218963d468999c7ae2272c2074c3323c9d2107ae323a66a1",
}

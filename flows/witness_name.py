"""The short id under which a witness keeps a school's lines."""

from __future__ import annotations

import re
import unicodedata

from mentionwatch.school import SchoolFile


def short_name(school: SchoolFile) -> str:
    """The school's name in letters, digits and hyphens, at most 40: `ysgol-llanbedrog`."""
    plain = unicodedata.normalize("NFKD", school.profile.name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "school"

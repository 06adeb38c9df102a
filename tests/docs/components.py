"""The packages the product is made of, as CycloneDX 1.6, from the locked requirements. Writes docs/components.cdx.json.

Run `python -m tests.docs.components`. No time and no serial number: the same lock gives the same bytes (ASVS V15.1.2).
"""

from __future__ import annotations

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIST = ROOT / "docs" / "components.cdx.json"
LOCKS = {"requirements.txt": "required", "requirements-picture.txt": "optional"}
"""Which lock says what is needed; what is only there to check the code is in no release."""

_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[a-z0-9,_-]+\])?==([^\s;\\]+)", re.MULTILINE)


def pinned(lock: str) -> dict[str, str]:
    """Package to version, as one lock pins them."""
    return dict(_PIN.findall((ROOT / lock).read_text(encoding="utf-8")))


def find_components() -> list[dict[str, object]]:
    """One component for each package and version; `scope` optional: in the lock for pictures alone."""
    found: dict[tuple[str, str], str] = {}
    for lock, scope in LOCKS.items():
        for pin in pinned(lock).items():
            found.setdefault(pin, scope)
    components: list[dict[str, object]] = []
    for (name, version), scope in sorted(found.items()):
        purl = f"pkg:pypi/{re.sub(r'[-_.]+', '-', name).lower()}@{version}"
        components.append(
            {
                "type": "library",
                "bom-ref": purl,
                "name": name,
                "version": version,
                "scope": scope,
                "purl": purl,
            }
        )
    return components


def write_list() -> str:
    """The whole list as JSON."""
    about = {"component": {"type": "application", "bom-ref": "mentionwatch", "name": "mentionwatch"}}
    whole = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": about,
        "components": find_components(),
    }
    return json.dumps(whole, indent=1) + "\n"


if __name__ == "__main__":
    LIST.write_text(write_list(), encoding="utf-8")

"""The page about the desk's safety says what the code does, and lists what there is (ASVS V2.1, V6.1, V7.1, V11.1, V15.1, V16.1)."""

from __future__ import annotations

import re
from datetime import timedelta

from desk import passwords
from desk.report_form import MOST_ADDRESS, MOST_LINE, MOST_TEXT
from desk.web.forms import MOST_FIELDS, MOST_FORM, MOST_UPLOAD
from desk.web.guard import MOST_PATH
from flows.accounts_people import INVITATION_LASTS
from flows.accounts_signing import FIRST_KEY_LASTS
from tests.docs.components import LIST, find_components, pinned, write_list
from tests.docs.test_docs import ROOT
from warehouse.accounts_sessions import ABSOLUTE, IDLE
from warehouse.accounts_throttle import FIRST_S, FORGOTTEN, FREE_ACCOUNT, FREE_ADDRESS, KNOWN_FOR, MOST_S

PAGE = (ROOT / "docs" / "desk-security.md").read_text(encoding="utf-8")
WORDS = " ".join(PAGE.split())
NUMBERS = {4: "four", 20: "twenty"}


def hours(span: timedelta) -> int:
    return int(span.total_seconds() // 3600)


def test_the_figures_on_the_page_are_those_of_the_code() -> None:
    """ASVS V2.1.1, V2.1.3, V5.1.1, V6.1.1, V7.1.1, V15.1.3."""
    for said in (
        f"{MOST_PATH:,} octets", f"{MOST_FORM // 1024} KiB, {MOST_FIELDS} fields", f"{MOST_UPLOAD // 1024 // 1024} MiB",
        f"{MOST_ADDRESS:,} signs", f"{MOST_TEXT:,} signs", f"| {MOST_LINE} signs", f"{passwords.LEAST} signs at least",
        f"no more than {passwords._AT_ONCE} run at once", f"{NUMBERS[FREE_ACCOUNT]} wrong tries", f"after {NUMBERS[FREE_ADDRESS]}",
        f"from {FIRST_S} seconds doubling to {MOST_S // 60} minutes", f"last {KNOWN_FOR.days} days", f"after {hours(FORGOTTEN)} hours",
        f"after {int(IDLE.total_seconds() // 60)} minutes without a page and after {hours(ABSOLUTE)} hours",
        f"within {hours(INVITATION_LASTS)} hours; the link of the first account within {hours(FIRST_KEY_LASTS)}",
    ):  # fmt: skip
        assert said in WORDS, said


def test_every_key_file_is_on_the_page() -> None:
    """ASVS V11.1.1, V11.1.2: every file the code keeps under keys/, found by its name."""
    found = set()
    for package in ("flows", "warehouse", "evidence"):
        for path in sorted((ROOT / package).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            found |= set(re.findall(r'"([a-z_]+\.key)"', text))
            found |= set(re.findall(r'"keys" / "([a-z_.]+)"', text)) | set(
                re.findall(r"\bkeys/([a-z_]+\.[a-z]+)", text)
            )
    assert {"school.key", "accounts.key", "custody.key", "credentials.toml"} <= found
    missing = [name for name in sorted(found) if f"`keys/{name}`" not in PAGE]
    assert missing == []


def test_every_class_of_data_and_every_log_has_its_row() -> None:
    """ASVS V14.1.2, V16.1.1, V16.2.3: each row is whole; every file of errors and every chain is there."""
    for head in ("| class |", "| log |"):
        table = PAGE[PAGE.index(head) :].split("\n\n")[0].splitlines()
        width = table[0].count("|")
        assert len(table) > 4 and all(line.count("|") == width for line in table)
        assert all(cell.strip() for line in table[2:] for cell in line.strip("|").split("|"))
    for log in ("`audit`", "custody log", "`logs/errors.log`", "Prefect's own"):
        assert f"| {log}" in PAGE
    written = {
        name
        for package in ("flows", "warehouse", "desk", "evidence", "collectors")
        for path in sorted((ROOT / package).rglob("*.py"))
        for name in re.findall(r'logs / "([a-z_.]+)"', path.read_text(encoding="utf-8"))
    }
    assert "errors.log" in written and [name for name in written if f"`logs/{name}`" not in PAGE] == []


def test_fix_times_are_written_down() -> None:
    """ASVS V15.1.1."""
    assert "critical within 48 hours, high within 7 days, all others within 30 days" in WORDS
    assert "desk-security.md" in (ROOT / "SECURITY.md").read_text(encoding="utf-8")


def test_the_list_of_components_is_what_is_locked() -> None:
    """ASVS V15.1.2: CycloneDX, current, every locked package once with its version, and no address of anybody."""
    assert LIST.read_text(encoding="utf-8") == write_list()
    components = find_components()
    listed = {(str(one["name"]), str(one["version"])) for one in components}
    assert listed == set(pinned("requirements.txt").items()) | set(pinned("requirements-picture.txt").items())
    assert len({str(one["bom-ref"]) for one in components}) == len(components) > 100
    assert "http" not in LIST.read_text(encoding="utf-8").replace("httpx", "").replace("httpcore", "").replace("httptools", "")  # fmt: skip

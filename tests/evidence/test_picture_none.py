"""Cards, evidence that is never opened, and browsers that are missing, fail, hang or die."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from evidence import browser as starting
from evidence.browser import choose_options
from evidence.picture import Cover, Covered, NoPicture, NoPictureKind, Picture, PictureKind, Renderer
from evidence.warc import write_resource
from tests.evidence.pictures import NAME, WORDS, drawn, keep, read_pixels, require_browser, thread

ROOT = Path(__file__).resolve().parents[2]
AT = datetime(2026, 11, 21, 2, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer(require_browser()) as opened:
        yield opened


@pytest.mark.browser
def test_what_an_api_delivered_is_set_out_on_a_card(renderer: Renderer) -> None:
    data = {
        "kind": "t1",
        "data": {
            "ups": 3,
            "body": f"{WORDS} <script>x</script>",
            "author": NAME,
            "more": [None, {"a": True}],
        },
    }
    warc = write_resource("https://example.org/c/1", json.dumps(data).encode(), "application/json", AT)
    picture = drawn(renderer.draw(warc, WORDS))
    assert picture.kind is PictureKind.CARD and picture.has_passage
    long = write_resource(
        "https://example.org/c/1", json.dumps({"body": "so " * 9000 + WORDS}).encode(), "application/json", AT
    )
    heading = read_pixels(picture.png)[:70]
    assert read_pixels(drawn(renderer.draw(long, WORDS)).png)[:70] == heading, (
        "it always says whose work it is"
    )
    covered = drawn(renderer.draw(warc, WORDS, cover=[Cover(NAME, "third party")]))
    assert covered.covered == (Covered("third party", 1),) and covered.sha256 != picture.sha256
    plain = write_resource("https://example.org/c/1", WORDS.encode(), "text/plain", AT)
    assert drawn(renderer.draw(plain, WORDS)).kind is PictureKind.CARD


@pytest.mark.parametrize("media_type", ["image/png", "IMAGE/SVG+XML", "video/mp4", "audio/ogg; codecs=x"])
def test_media_are_never_opened(media_type: str) -> None:
    """L21: what a person handed in as a picture is evidence, and is not decoded; no browser is even started."""
    with Renderer(Path("/nowhere")) as opened:
        for warc in (write_resource("https://example.org/", b"x", media_type, AT), keep(b"x", media_type)):
            assert opened.draw(warc) == NoPicture(NoPictureKind.MEDIA)
        other = write_resource("https://example.org/", b"%PDF", "application/pdf", AT)
        assert opened.draw(other) == NoPicture(NoPictureKind.NOT_TEXT)


def test_without_a_browser_there_is_no_picture_and_it_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with Renderer(tmp_path / "none") as opened:
        outcome = opened.draw(keep(thread(3, 1)), WORDS)
    assert isinstance(outcome, NoPicture) and outcome.cause == "no picture: no browser on this machine"
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(starting, "_INSTALLED", ())
    with Renderer() as opened:
        assert opened.draw(keep(thread(3, 1)), WORDS) == NoPicture(NoPictureKind.NO_BROWSER)


def test_the_library_that_steers_the_browser_may_be_missing() -> None:
    code = (
        "import sys; sys.modules['playwright'] = None\n"
        "from pathlib import Path; from evidence.picture import Renderer; from evidence.warc import write_resource\n"
        "from datetime import UTC, datetime\n"
        "warc = write_resource('https://x.example/', b'words', 'text/plain', datetime.now(UTC))\n"
        "with Renderer(Path(sys.executable)) as opened: print(opened.draw(warc).kind.value)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("no_browser", "")


def test_every_reason_has_its_line_in_both_languages() -> None:
    for kind in NoPictureKind:
        reason = NoPicture(kind)
        assert reason.cause.startswith("no picture: ") and reason.cause_cy.startswith("dim llun: ")
        assert "\n" not in reason.cause + reason.cause_cy


@pytest.mark.browser
def test_a_program_that_is_no_browser_is_a_value() -> None:
    with Renderer(Path("/bin/false")) as opened:
        assert opened.draw(keep(thread(3, 1)), WORDS) == NoPicture(NoPictureKind.BROWSER_FAILED)


def processes_of(home: str) -> list[int]:
    """Our browser's processes: those whose home is the folder made for it."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and f"HOME={home}\0".encode() in (entry / "environ").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are looked up in /proc")
def test_a_browser_that_dies_or_hangs_is_replaced_and_none_is_left_behind(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """And while it draws and after, the words of the page stand in no file of it."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with Renderer(require_browser()) as opened:
        drawn(opened.draw(keep(thread(3, 1)), WORDS))
        (home,) = tmp_path.glob("mentionwatch-browser-*")
        files = [file for file in tmp_path.rglob("*") if file.is_file() and not file.is_symlink()]
        assert files and not any(b"crossing was not" in file.read_bytes() for file in files)
        for process in processes_of(str(home)):
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                continue
        outcomes = [opened.draw(keep(thread(3, 1)), WORDS) for _ in range(2)]
        assert isinstance(outcomes[1], Picture)
        opened._timeout_s = 0.001
        assert opened.draw(keep(thread(3, 1)), WORDS) == NoPicture(NoPictureKind.TIMED_OUT)
        opened._timeout_s = 20
        drawn(opened.draw(keep(thread(3, 1)), WORDS))
        (home,) = tmp_path.glob("mentionwatch-browser-*")
        assert processes_of(str(home))
    assert processes_of(str(home)) == []
    assert list(tmp_path.glob("mentionwatch-browser-*")) == []


@pytest.mark.browser
def test_it_draws_beside_a_running_event_loop(renderer: Renderer) -> None:
    async def inside() -> Picture | NoPicture:
        return renderer.draw(keep(thread(3, 1)), WORDS)

    drawn(asyncio.run(inside()))


@pytest.mark.parametrize(("user", "is_sandboxed"), [(0, False), (1000, True)])
def test_only_root_goes_without_the_sandbox(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, user: int, is_sandboxed: bool
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: user, raising=False)
    monkeypatch.setenv("A_SECRET", "x")
    options = choose_options(Path("/x"), tmp_path, 1.0)
    assert options["chromium_sandbox"] is is_sandboxed
    assert not any("sandbox" in argument for argument in options["args"])
    assert "A_SECRET" not in options.get("env", {})

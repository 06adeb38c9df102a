"""Hostile feeds stall nobody: the child that reads them is bounded, killed and replaced."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from collectors.parser_pool import ParsedFeed, ParserPool
from mentionwatch.fetching import Fault
from mentionwatch.labels import FaultKind

ROOT = Path(__file__).resolve().parents[2]


def rss(*items: str) -> bytes:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>{"".join(items)}</channel></rss>'.encode()


def many(count: int) -> bytes:
    return rss(
        *(
            f"<item><title>n{n}</title><guid>g{n}</guid><description>{'word ' * 60}</description></item>"
            for n in range(count)
        )
    )


@pytest.fixture(scope="module")
def pool() -> Iterator[ParserPool]:
    running = ParserPool(workers=2)
    yield running
    running.close()


def parsed(result: ParsedFeed | Fault) -> ParsedFeed:
    assert isinstance(result, ParsedFeed), result
    return result


AUTHOR = "a.b-c+d" * 4500
HOSTILE = {
    "author of 31 KB": rss(f"<item><title>t</title><author>{AUTHOR}</author></item>"),
    "atom author": f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>x</title><author><name>{AUTHOR}</name><email>{AUTHOR}</email></author></entry></feed>'.encode(),
    "50,000 attributes": rss("<item><title " + " ".join(f'a{n}="x"' for n in range(50_000)) + ">t</title></item>"),
    "40,000 short attributes in many tags": rss("<item><x " + " ".join(f'a{n}=""' for n in range(2000)) + "/></item>"),
    "100,000 nested elements": rss("<item>" + "<x>" * 100_000 + "</x>" * 100_000 + "</item>"),
    "nested HTML": rss("<item><description>" + "&lt;div&gt;" * 100_000 + "end</description></item>"),
    "entity bomb": b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]>" + rss("<item><title>&j;</title></item>")[21:],
    "external entity": b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + rss("<item><title>&x;</title></item>")[21:],
    "only angle brackets": b"<rss><channel>" + b"<" * 200_000,
    "open items": b"<rss version='2.0'><channel>" + b"<item>" * 30_000,
    "20,000 entries": many(20_000),
    "bad references": rss("<item><title>a&#xFFFFFFFF;b&#55357;c&#0;d & e</title></item>"),
    "random bytes": bytes(range(256)) * 400,
    "UTF-16": rss("<item><title>x</title></item>").decode().encode("utf-16"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_feed_is_over_in_time_whatever_it_is(name: str, pool: ParserPool) -> None:
    start = time.monotonic()
    result = pool.parse(HOSTILE[name], "https://paper.example/feed")
    assert time.monotonic() - start < 30
    if isinstance(result, Fault):
        assert result.kind in (FaultKind.TOO_LARGE, FaultKind.NOT_A_FEED)
    else:
        assert all("root:" not in item.title and len(item.title) <= 1024 for item in result.items)
    assert len(parsed(pool.parse(many(3))).items) == 3


def test_loading_the_parser_does_not_count_against_a_job() -> None:
    """A child takes longer than this to start even on a quiet machine."""
    pool = ParserPool(workers=1, seconds=0.03)
    try:
        assert isinstance(pool.parse(many(1)), ParsedFeed)
    finally:
        pool.close()


def test_a_child_that_overruns_is_killed_while_another_feed_is_still_read() -> None:
    """The limit is made short instead of the feed endless: 2,000 long entries take several times as much."""
    long_item = f"<item><title>x</title><description>{'y &lt;b&gt; z&lt;/b&gt; ' * 600}</description></item>"
    heavy = rss(*([long_item] * 2000))
    pool = ParserPool(workers=2, seconds=0.6)
    try:
        warm = [pool.parse(many(1)) for _ in range(2)]
        assert all(isinstance(result, ParsedFeed) for result in warm)
        with ThreadPoolExecutor(2) as threads:
            stuck = threads.submit(pool.parse, heavy)
            good = [threads.submit(pool.parse, many(5)) for _ in range(5)]
            assert all(len(parsed(job.result()).items) == 5 for job in good)
            result = stuck.result()
        assert isinstance(result, Fault) and result.kind is FaultKind.TOO_LARGE and "stopped" in result.detail
        assert isinstance(pool.parse(many(1)), ParsedFeed)
    finally:
        pool.close()


def test_many_threads_share_the_pool(pool: ParserPool) -> None:
    with ThreadPoolExecutor(8) as threads:
        sizes = list(threads.map(lambda n: len(parsed(pool.parse(many(n))).items), range(1, 40)))
    assert sizes == list(range(1, 40))


def test_a_child_that_dies_is_replaced(pool: ParserPool) -> None:
    parsed(pool.parse(many(1)))
    for worker in pool._idle:
        os.kill(worker.pid, signal.SIGKILL)
    results = [pool.parse(many(2)) for _ in range(4)]
    assert [isinstance(result, ParsedFeed) for result in results[-2:]] == [True, True]
    assert all(result.kind is FaultKind.NOT_A_FEED for result in results if isinstance(result, Fault))


@pytest.mark.skipif(sys.platform == "win32", reason="no memory limit there")
def test_memory_is_limited() -> None:
    """A child with little room gives up on a feed that needs more, and says so or dies; the parent lives."""
    pool = ParserPool(workers=1, megabytes=80)
    try:
        big = rss("<item><title>x</title><description>" + "y &lt;b&gt;" * 1_500_000 + "</description></item>")
        result = pool.parse(big)
        assert isinstance(result, Fault) and result.kind in (FaultKind.TOO_LARGE, FaultKind.NOT_A_FEED)
    finally:
        pool.close()


def test_a_closed_pool_leaves_no_child_and_answers_with_a_fault() -> None:
    pool = ParserPool(workers=1)
    parsed(pool.parse(many(1)))
    pid = pool._idle[0].pid
    pool.close()
    assert isinstance(pool.parse(many(1)), Fault)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_children_end_when_the_parent_is_killed_outright() -> None:
    script = (
        "import sys, time; sys.path.insert(0, sys.argv[1])\n"
        "from collectors.parser_pool import ParserPool\n"
        "pool = ParserPool(1); pool.parse(b'<rss version=\"2.0\"/>'); print(pool._idle[0].pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", script, str(ROOT)], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    for _ in range(100):
        try:
            os.kill(child, 0)
            if (
                Path(f"/proc/{child}/stat").exists()
                and Path(f"/proc/{child}/stat").read_text().split()[2] == "Z"
            ):
                break
        except (ProcessLookupError, FileNotFoundError):
            break
        time.sleep(0.02)
    else:
        pytest.fail("the child outlived its parent")


def test_credentials_in_the_environment_never_reach_the_child(
    pool: ParserPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MENTIONWATCH_REDDIT_SECRET", "hush")
    fresh = ParserPool(workers=1)
    try:
        parsed(fresh.parse(many(1)))
        if Path("/proc").exists():
            assert b"hush" not in Path(f"/proc/{fresh._idle[0].pid}/environ").read_bytes()
    finally:
        fresh.close()


def test_the_newest_entries_are_kept_when_there_are_too_many(pool: ParserPool) -> None:
    def dated(numbers: range) -> bytes:
        return rss(
            *(f"<item><guid>{n}</guid><pubDate>2026-11-{n:02} 10:00</pubDate></item>" for n in numbers)
        )

    newest_first, newest_last = dated(range(20, 0, -1)), dated(range(1, 21))
    for body in (newest_first, newest_last):
        result = parsed(pool.parse(body, most=5))
        assert result.more == 15 and {item.native_id for item in result.items} == {
            "16",
            "17",
            "18",
            "19",
            "20",
        }

"""Clips of cited posts with a warm browser, beside the floor: a blank page opened and taken by the same browser build.

python -m bench.pictures [--pages 40] [--rounds 3]

Pages are invented forum threads of 20 posts, one to five sentences each, with styles of their own. The floor takes
a fresh context and a picture of 1,024 x 400 pixels of an empty page: what any browser costs before it has drawn a word.
Both take turns. Peak memory is not measured.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import time
from datetime import UTC, datetime
from html import escape

from bench.texts import DAYS, MIDDLES, OPENINGS, PEOPLE, TOWNS
from evidence.browser import find_browser
from evidence.picture import NoPicture, Renderer
from evidence.warc import write_exchange
from mentionwatch.fetching import Fetched

POSTS = 20
STYLE = "<style>body{max-width:860px;margin:auto;font:15px sans-serif}article{border:1px solid #bbb;margin:10px;padding:8px}</style>"


def write_thread(seed: int) -> tuple[bytes, str]:
    """The WARC of one thread, and the words of the post that is cited."""
    dice = random.Random(seed)
    fields = {"sum": "40", "year": "1987"}
    posts = []
    for _ in range(POSTS):
        sentences = [dice.choice(OPENINGS), *dice.sample(MIDDLES, dice.randint(0, 4))]
        text = " ".join(sentences)
        posts.append(
            text.format(town=dice.choice(TOWNS), day=dice.choice(DAYS), person=dice.choice(PEOPLE), **fields)
        )
    cited = dice.randrange(POSTS)
    posts[cited] += f" Number {seed}."
    rows = "".join(
        f"<article><b>Writer {at}</b><p>{escape(post)}</p></article>" for at, post in enumerate(posts)
    )
    body = f"<!doctype html><meta charset=utf-8><title>t</title>{STYLE}<h1>Talk</h1>{rows}".encode()
    url = f"https://example.org/{seed}"
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    warc = write_exchange(
        Fetched(url, url, 200, "OK", headers, body, body, datetime(2026, 11, 21, tzinfo=UTC))
    )
    return warc, posts[cited]


def time_floor(pages: int) -> list[float]:
    """Seconds of each blank picture, after one that warms the browser."""
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    took = []
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=find_browser(), args=arguments)
        for _ in range(pages + 1):
            began = time.perf_counter()
            context = browser.new_context(viewport={"width": 1024, "height": 1200}, java_script_enabled=False)
            context.new_page().screenshot(clip={"x": 0, "y": 0, "width": 1024, "height": 400})
            context.close()
            took.append(time.perf_counter() - began)
        browser.close()
    return took[1:]


def time_clips(threads: list[tuple[bytes, str]]) -> tuple[list[float], list[int]]:
    """Seconds and bytes of each clip, after one that warms the browser."""
    took, sizes = [], []
    with Renderer() as renderer:
        renderer.draw(*threads[0])
        for warc, words in threads:
            began = time.perf_counter()
            picture = renderer.draw(warc, words)
            took.append(time.perf_counter() - began)
            if isinstance(picture, NoPicture):
                sys.exit(picture.cause)
            sizes.append(len(picture.png))
            if not picture.has_passage:
                sys.exit("a passage was not found")
    return took, sizes


def main() -> None:
    """Rounds of floor and clips in turn; medians over all, and clips a second."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--pages", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    if find_browser() is None:
        sys.exit("no browser on this machine")
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, load average before: {load}")
    threads = [write_thread(seed) for seed in range(given.pages)]
    floor: list[float] = []
    clips: list[float] = []
    sizes: list[int] = []
    for _ in range(given.rounds):
        floor += time_floor(given.pages)
        took, sizes = time_clips(threads)
        clips += took
    middle, base = statistics.median(clips), statistics.median(floor)
    print(f"blank page  {1 / statistics.mean(floor):5.2f} a second, median {base * 1000:5.0f} ms")
    print(
        f"clip        {1 / statistics.mean(clips):5.2f} a second, median {middle * 1000:5.0f} ms, {middle / base:.2f} times the floor"
    )
    ordered = sorted(sizes)
    at = min(len(ordered) - 1, int(len(ordered) * 0.95))
    print(
        f"size        median {ordered[len(ordered) // 2] / 1000:.0f} kB, 95th percentile {ordered[at] / 1000:.0f} kB"
    )


if __name__ == "__main__":
    main()

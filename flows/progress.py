"""How far a long piece of work is: a bar in a terminal, nothing in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_advance = None


@contextmanager
def show_progress(total: int) -> Iterator[None]:
    """A bar on stderr for the length of the block when that is a terminal. `advance()` moves it."""
    global _advance
    if not sys.stderr.isatty() or total < 1:
        yield
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Looking at sources", total=total)
        _advance = lambda steps: bar.advance(task, steps)  # noqa: E731
        try:
            yield
        finally:
            _advance = None


def advance(steps: int) -> None:
    """So many more sources are done. Without a bar on screen this does nothing."""
    if _advance is not None:
        _advance(steps)

"""What is kept of an unexpected error: its type and the call stack. A message could quote a post or a credential."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from flows.home import Home
from mentionwatch.errors import Fatal, MentionwatchError


def log_crash(home: Home, error: BaseException) -> Path | None:
    """Add the error to `logs/errors.log`; the file's path, or None where nothing can be written.

    Never raises `OSError`: on a full disk the error that is being told must not be hidden by a second one.
    """
    if not home.folder.is_dir():
        return None
    path = home.logs / "errors.log"
    try:
        home.logs.mkdir(mode=0o700, exist_ok=True)
        with path.open("a", encoding="utf-8") as log:
            log.write(f"--- {datetime.now(UTC).isoformat()} {type(error).__name__}\n")
            log.writelines(
                f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}\n'
                for frame in traceback.extract_tb(error.__traceback__)
            )
    except OSError:
        return None
    return path


@contextmanager
def plainly_failing(home: Home) -> Iterator[None]:
    """Whatever Prefect sees fail, fails with one plain line: Prefect stores and prints the messages of errors."""
    try:
        yield
    except MentionwatchError:
        raise
    except Exception as error:  # noqa: BLE001 -- raised again at once, without the message
        path = log_crash(home, error)
        raise Fatal(
            f"unexpected {type(error).__name__} in the night's work" + (f"; see {path}" if path else "")
        ) from None

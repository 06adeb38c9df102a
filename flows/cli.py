"""The command line of mentionwatch: arguments in, exit code out. See docs/how-to/commands.md."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from flows.arguments import build_parser
from mentionwatch.errors import MentionwatchError

__all__ = ["build_parser", "main"]


def _log_crash(home: str | None, error: Exception) -> Path | None:
    from flows.crashes import log_crash
    from flows.home import find_home
    from mentionwatch.settings import read_environment

    return log_crash(find_home(home, read_environment()), error)


_BEGIN = """\
mentionwatch: no command was given. To begin with:

  ./run demo                 three nights in an invented town, on this machine
  ./run init --help          set up your own school's folder
  ./run sweep --home DIR     one nightly run: look at every source once
  ./run digest --home DIR    the morning digest
  ./run desk --home DIR      the pages people sign in to
  ./run status --home DIR    is it healthy?

Every command: ./run --help. What one takes: ./run COMMAND --help
To read on: README.md, docs/how-to/commands.md
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit code of the contract."""
    if not (sys.argv[1:] if argv is None else argv):
        sys.stderr.write(_BEGIN)
        raise SystemExit(2)
    parser = build_parser()
    for word in sys.argv[1:] if argv is None else argv:
        if any("\ud800" <= sign <= "\udfff" for sign in word):
            parser.error("an argument is not text in UTF-8: type it anew")
    arguments = parser.parse_args(argv)
    try:
        command = getattr(importlib.import_module(f"flows.commands.{arguments.module}"), arguments.function)
        code: int = command(arguments)
        return code
    except MentionwatchError as error:
        print(f"mentionwatch: {error}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        print("mentionwatch: stopped by hand; the next run carries on where this one was", file=sys.stderr)
        return 130
    except Exception as error:  # noqa: BLE001 -- the outermost edge: one plain line, the traceback in the log
        path = _log_crash(arguments.home, error)
        where = f"; see {path}" if path else ""
        print(
            f"mentionwatch: unexpected {type(error).__name__} in {arguments.command}{where}", file=sys.stderr
        )
        return 1


if __name__ == "__main__":
    sys.exit(main())

"""Sets up the project's own environment on first use, then runs one of the two commands inside it.

Standard library only: it runs on whatever Python (3.11 or newer) the machine has, before anything is
installed, and also where that Python refuses global installs. Called by run, run.cmd, check, check.cmd.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def stop(line: str) -> None:
    """Say in one line what is missing, and end with the code for wrong set-up."""
    sys.stderr.write(f"mentionwatch: {line}\n")
    raise SystemExit(2)


def make_venv() -> None:
    """Create .venv, unless one that works is there."""
    if PYTHON.exists() and subprocess.run([PYTHON, "-c", "import pip"], capture_output=True).returncode == 0:  # noqa: S603
        return
    if VENV.exists():
        shutil.rmtree(VENV)
    made = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, text=True)  # noqa: S603
    if made.returncode:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        stop(
            f"Python {version} cannot make a virtual environment; on Debian or Ubuntu: apt-get install python3-venv"
        )


def install(requirements: Path) -> None:
    """Install the hash-pinned file once; a stamp remembers which version of it is in."""
    # The place counts too: an environment does not survive being moved.
    wanted = hashlib.sha256(requirements.read_bytes() + str(ROOT).encode()).hexdigest()
    stamp = VENV / f"{requirements.stem}.installed"
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted and PYTHON.exists():
        return
    make_venv()
    sys.stderr.write(
        f"mentionwatch: installing {requirements.name} into .venv (first use, a minute or two)\n"
    )
    command = [
        str(PYTHON),
        "-m",
        "pip",
        "install",
        "-q",
        "--disable-pip-version-check",
        "--no-input",
        "--require-hashes",
        "--no-deps",
    ]
    done = subprocess.run([*command, "-r", str(requirements)], capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        errors = [
            line for line in done.stderr.splitlines() if line.startswith("ERROR")
        ] or done.stderr.splitlines()
        stop(
            f"the packages of {requirements.name} could not be installed: {errors[-1] if errors else 'pip gave no reason'}"
        )
    site = subprocess.run(  # noqa: S603
        [PYTHON, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    (Path(site) / "mentionwatch.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    stamp.write_text(wanted, encoding="ascii")


def main() -> int:
    """`bootstrap.py run ARGS…`, `bootstrap.py run install-pictures` or `bootstrap.py check ARGS…`."""
    if sys.version_info < (3, 11):  # noqa: UP036 -- this file runs on whatever Python there is
        stop(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}")
    what, arguments = sys.argv[1], sys.argv[2:]
    if what == "run" and arguments == ["install-pictures"]:
        install(ROOT / "requirements-picture.txt")
        sys.stderr.write(
            "mentionwatch: pictures are drawn from now on, where a Chromium is on this machine\n"
        )
        return 0
    if what == "check" and arguments:
        # It takes none: whatever is said of that needs nothing installed.
        checks = [sys.executable, "-P", str(ROOT / "tests" / "run_checks.py"), *arguments]
        return subprocess.run(checks).returncode  # noqa: S603
    install(ROOT / ("requirements-dev.txt" if what == "check" else "requirements.txt"))
    # -P: a folder called flows where the user stands must not be taken for ours.
    command: list[str] = [
        str(PYTHON),
        "-P",
        "-m",
        "tests.run_checks" if what == "check" else "flows.cli",
        *arguments,
    ]
    if os.name == "posix":
        os.execv(command[0], command)  # noqa: S606 -- one process, so that signals and exit codes are the command's own
    return subprocess.run(command).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())

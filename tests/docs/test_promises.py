"""Promises of docs/promises.md that no one package can keep alone."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import NoReturn

import pytest
import yaml

from mentionwatch.errors import Fatal
from town.home import write_home

ROOT = Path(__file__).resolve().parent.parent.parent
WORDS = "words of a post and a pass-word"
WORKERS = {
    "flows.sweep.sweep": "run_night",
    "flows.recheck.recheck": "recheck_posts",
    "flows.digest_flow.digest": "write_digest",
    "flows.retention.retention": "purge_for_good",
    "flows.train.train": "build_challenger",
    "flows.verify.verify": "watch_evidence",
}
"""Each scheduled flow, and the function that does its work."""


def _fail(*_: object, **__: object) -> NoReturn:
    raise LookupError(WORDS)


def test_every_scheduled_flow_is_looked_at_here() -> None:
    plan = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))
    assert {each["entrypoint"] for each in plan["deployments"]} == set(WORKERS)


@pytest.mark.parametrize("entrypoint", WORKERS)
def test_what_prefect_sees_of_a_flow_that_crashes_holds_no_words(
    entrypoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Logs and Prefect hold no words: Prefect stores the message of whatever a flow raises."""
    write_home(tmp_path, "http://127.0.0.1:9")
    module_name, _, name = entrypoint.rpartition(".")
    module = importlib.import_module(module_name)
    monkeypatch.setattr(module, WORKERS[entrypoint], _fail)
    with pytest.raises(Fatal) as caught:
        getattr(module, name).fn(str(tmp_path))
    assert WORDS not in str(caught.value)
    assert "unexpected LookupError" in str(caught.value)
    assert caught.value.__cause__ is None and caught.value.__suppress_context__
    log = (tmp_path / "logs" / "errors.log").read_text(encoding="utf-8")
    assert "LookupError" in log and WORDS not in log

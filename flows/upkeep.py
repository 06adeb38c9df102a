"""Keeps the custody log in order after a night or a second look: sign, checkpoint, stamp, tell the witness."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from evidence.stamp import Stamped
from flows.accounts_audit import hand_over
from flows.checkpoints import CheckpointState, make_checkpoint, read_state, stamp_latest, tell_witness
from flows.crashes import log_crash
from flows.custody_config import CustodyConfig, read_custody
from flows.custody_end import settle_end
from flows.exhibit_files import sweep_partials
from flows.home import Home, HomeConfig
from flows.mailing import send_line, wants_mail
from flows.records import finish_forgetting
from flows.running import make_door, running_clock
from flows.witness_name import keep_witness_name
from mentionwatch.errors import MentionwatchError
from mentionwatch.school import SchoolFile
from mentionwatch.settings import FetchSettings, read_environment
from warehouse.connection import Warehouse

_PATIENCE_S = 10.0


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What was done. `is_new`: a checkpoint was made; `troubles`: what a person should know, a line each."""

    is_new: bool
    state: CheckpointState
    stamped: int
    troubles: tuple[str, ...]


def keep_custody(home: Home, school: SchoolFile, fetch: FetchSettings, now: datetime) -> Upkeep:
    """Sign what waits, make a checkpoint of it, ask for the stamps it lacks and tell the witness. Never waits.

    Also removes what a kill left of an exhibit that was not put in place.

    Raises `ConfigError` for a wrong custody.toml or key: nothing may be signed by a stranger.
    """
    custody = read_custody(home)
    name = keep_witness_name(home, school)
    warehouse = Warehouse(home.folder)
    with warehouse.writer() as writing:
        sweep_partials(home)
        made = make_checkpoint(writing, home, now)
    settle_end(home)
    stamped = _stamp(home, fetch, custody, now)
    environment = read_environment()

    def send(line: str) -> None:
        send_line(home, environment, custody.witness_mail, line)

    mail = send if custody.witness_mail and wants_mail(home, environment) else None
    troubles = tell_witness(warehouse, custody, name, mail, now)
    with warehouse.live_reader() as reading:
        state = read_state(reading, custody)
    return Upkeep(made is not None, state, stamped, (*troubles, *state.causes))


def _stamp(home: Home, fetch: FetchSettings, custody: CustodyConfig, now: datetime) -> int:
    if not custody.stampers:
        return 0
    urls = [stamper.url for stamper in custody.stampers]
    door = make_door(fetch, (), running_clock(now), urls)
    try:
        results = stamp_latest(home, custody, door, now)
    finally:
        door.close()
    return sum(isinstance(result, Stamped) for result in results)


def keep_after_night(config: HomeConfig, now: datetime) -> None:
    """As `keep_custody`; what stands in its way is written to the log and costs no night: what waits is signed later."""
    try:
        # What a kill left of a deletion waits no longer than until the next night.
        finish_forgetting(config.home)
    except MentionwatchError as error:
        log_crash(config.home, error)
    try:
        keep_custody(config.home, config.school, config.fetch, now)
    except MentionwatchError as error:
        log_crash(config.home, error)
    try:
        # What people did at the desk while the night wrote, if the desk itself has stopped meanwhile.
        hand_over(config.home.folder, _PATIENCE_S)
    except MentionwatchError as error:
        log_crash(config.home, error)

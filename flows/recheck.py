"""The second look as a Prefect flow."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from prefect import flow

from flows.crashes import plainly_failing
from flows.home import Home, read_home
from flows.morning_mail import tell_duty
from flows.rechecking import recheck_posts
from flows.upkeep import keep_after_night
from mentionwatch.settings import read_environment


@flow(name="recheck", persist_result=False)
def recheck(home: str, now: str = "") -> int:
    """Look again at the posts of open incidents; how many were looked at."""
    moment = datetime.fromisoformat(now) if now else datetime.now(UTC).replace(microsecond=0)
    place = Home(Path(home))
    with plainly_failing(place):
        config = read_home(place, read_environment())
        looked = len(recheck_posts(config, moment))
        keep_after_night(config, moment)
        tell_duty(place, moment)
        return looked

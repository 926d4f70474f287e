"""What is run: the quarterly build, sign-off and publication; when, and on what sign."""

from datetime import datetime
from hashlib import sha256

import dagster as dg

from assets.errors import LandingError
from assets.io import settings
from assets.landing import candidates, period_of, sign_of
from assets.partitions import QUARTERLY
from assets.sign_off import SIGN_OFF, SITE
from schemas.quarter import PROGRAMME_START, Quarter

PEOPLE_START = dg.AssetSelection.assets(SIGN_OFF, SITE)
OWNED = {"team": "connect-to-work-statistics"}

quarterly_build = dg.define_asset_job(
    "quarterly_build",
    selection=dg.AssetSelection.all() - PEOPLE_START,
    description="Return packs in, a protected and checked draft release out, for one quarter.",
    partitions_def=QUARTERLY,
    executor_def=dg.in_process_executor,
    tags=OWNED,
)
sign_off_release = dg.define_asset_job(
    "sign_off_release",
    selection=dg.AssetSelection.assets(SIGN_OFF),
    description="Approve the newest version of a quarter's release by name, exactly as it is.",
    partitions_def=QUARTERLY,
    executor_def=dg.in_process_executor,
    tags=OWNED,
)
publish_release = dg.define_asset_job(
    "publish_release",
    selection=dg.AssetSelection.assets(SITE),
    description="Publish a signed-off release at or after 09:30 London time on its release date.",
    partitions_def=QUARTERLY,
    executor_def=dg.in_process_executor,
    tags=OWNED,
)


@dg.schedule(
    job=quarterly_build,
    cron_schedule="0 7 1 1,4,7,10 *",
    execution_timezone="Europe/London",
    description="Build the quarter that has ended, at 07:00 London time on the first day after it.",
)
def quarterly(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Ask for a build of the quarter before the one that the schedule fires in."""
    fired: datetime = context.scheduled_execution_time
    quarter = Quarter.containing(fired.date()).previous
    key = quarter.start.isoformat()
    return dg.RunRequest(run_key=key, partition_key=key)


@dg.sensor(
    job=quarterly_build,
    minimum_interval_seconds=60,
    description="Build a quarter again when a return pack for it arrives in the landing folder.",
)
def new_packs(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Look for packs that were not there at the last look, and ask for their quarters."""
    try:
        names = [sign_of(path) for path in candidates(settings().incoming)]
    except LandingError as nothing:
        return dg.SkipReason(str(nothing))
    seen = set((context.cursor or "").split("\n"))
    fresh = [name for name in names if name not in seen]
    periods = {period_of(name) for name in fresh} - {None}
    ready = sorted(
        p for p in periods if p and p >= PROGRAMME_START and p.start.isoformat() in _keys()
    )
    if not ready:
        return dg.SkipReason(f"No new pack among {len(names)} in the landing folder.")
    requests = [
        dg.RunRequest(
            run_key=f"{quarter.id}:{len(names)}:{hash_of(fresh)}",
            partition_key=quarter.start.isoformat(),
            tags={"new_packs": str(sum(period_of(n) == quarter for n in fresh))},
        )
        for quarter in ready
    ]
    return dg.SensorResult(run_requests=requests, cursor="\n".join(names))


def _keys() -> set[str]:
    return set(QUARTERLY.get_partition_keys())


def hash_of(names: list[str]) -> str:
    """Name a set of packs, so that the same look asks for one run."""
    return sha256("\n".join(names).encode()).hexdigest()[:12]


JOBS = [quarterly_build, sign_off_release, publish_release]
SCHEDULES = [quarterly]
SENSORS = [new_packs]

"""The jobs: the quarterly build, sign-off and publication; their schedule and sensors."""

from datetime import datetime

import dagster as dg

from assets.arrivals import packs_in, request
from assets.common import TEAM
from assets.executor import in_turn
from assets.partitions import QUARTERLY
from assets.runs import BUILD, end_interrupted
from assets.sign_off import SIGN_OFF, SITE
from operations.errors import LandingError
from operations.home.settings import settings
from schemas.quarter import Quarter

PEOPLE_START = dg.AssetSelection.assets(SIGN_OFF, SITE)
OWNED = {"team": TEAM}

quarterly_build = dg.define_asset_job(
    BUILD,
    selection=dg.AssetSelection.all() - PEOPLE_START,
    description="Return packs in, a protected and checked draft release out, for one quarter.",
    partitions_def=QUARTERLY,
    executor_def=in_turn,
    tags={**OWNED, "ctw/builds": "yes"},
)
sign_off_release = dg.define_asset_job(
    "sign_off_release",
    selection=dg.AssetSelection.assets(SIGN_OFF),
    description="Approve the newest version of a quarter's release by name, exactly as it is.",
    partitions_def=QUARTERLY,
    executor_def=in_turn,
    tags=OWNED,
)
publish_release = dg.define_asset_job(
    "publish_release",
    selection=dg.AssetSelection.assets(SITE),
    description="Publish a signed-off release at or after 09:30 London time on its release date.",
    partitions_def=QUARTERLY,
    executor_def=in_turn,
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
    description=(
        "Build a quarter again when a return pack for it arrives in the landing folder, and until "
        "a build of it has succeeded."
    ),
)
def new_packs(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Ask for the quarters whose packs no successful run has seen as they are now.

    Requests and builds are recorded in the runs; the sensor itself keeps no state.
    """
    context.update_cursor("")
    try:
        found = packs_in(settings().incoming)
    except LandingError as nothing:
        return dg.SkipReason(str(nothing))
    keys = QUARTERLY.get_partition_keys()
    answers = [
        request(context.instance, quarter, packs)
        for quarter, packs in sorted(found.items())
        if quarter.start.isoformat() in keys
    ]
    requests = [answer for answer in answers if isinstance(answer, dg.RunRequest)]
    if not requests:
        reasons = "; ".join(str(answer) for answer in answers)
        return dg.SkipReason(f"Nothing to build: {reasons or 'no pack of a quarter that is over'}.")
    return dg.SensorResult(run_requests=requests)


@dg.sensor(
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="End runs whose process was killed, so that none of them blocks those that wait.",
)
def interrupted_runs(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """End runs whose process is gone."""
    ended = end_interrupted(settings(), context.instance)
    return dg.SkipReason(f"Ended as interrupted: {', '.join(ended) or 'no run'}.")


JOBS = [quarterly_build, sign_off_release, publish_release]
SCHEDULES = [quarterly]
SENSORS = [new_packs, interrupted_runs]

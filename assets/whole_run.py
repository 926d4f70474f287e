"""The release is written last, by a run that has made and checked everything itself."""

from collections.abc import Iterable

import dagster as dg
from dagster import DagsterEventType

from assets import attack, protected, reconciliation, returns, statistics, warehouse
from assets.common import room
from assets.partitions import quarter_of_run
from schemas.texts import counted

ROOMS = (returns, warehouse, reconciliation, statistics, protected, attack)
MADE_BEFORE = [key for room in ROOMS for asset in room.ASSETS for key in asset.keys]
CHECKED_BEFORE = [
    key for room in ROOMS for check in getattr(room, "CHECKS", []) for key in check.check_keys
]
# Those that nothing else waits for: whoever waits for them waits for all.
LAST_BEFORE = sorted(
    set(MADE_BEFORE)
    - {
        key
        for room in ROOMS
        for asset in room.ASSETS
        for made in asset.keys
        for key in asset.asset_deps[made]
    }
)
EVERY_STEP = dg.AssetKey(["protected", "every_step"])


@dg.asset(
    key=EVERY_STEP,
    deps=LAST_BEFORE,
    description=(
        "Waits for all that is made before publication, also for what no page shows: the reports "
        "to areas, the whole warehouse and its copy for analysts. Holds no figure."
    ),
    **room("protected"),
    kinds={"python"},
)
def every_step(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
    """Say how many assets were made before."""
    quarter_of_run(context)
    return dg.MaterializeResult(metadata={"assets made before": str(len(MADE_BEFORE))})


def require_whole(
    context: dg.AssetExecutionContext,
    made: Iterable[dg.AssetKey],
    checked: Iterable[dg.AssetCheckKey],
) -> None:
    """Raise `dg.Failure` unless this very run has made these assets and passed these checks."""
    events = context.instance.all_logs(
        context.run_id,
        of_type={DagsterEventType.ASSET_MATERIALIZATION, DagsterEventType.ASSET_CHECK_EVALUATION},
    )
    done = {
        entry.asset_materialization.asset_key for entry in events if entry.asset_materialization
    }
    passed = {
        found.asset_check_key
        for entry in events
        if (found := entry.asset_check_evaluation)
        and (found.passed or found.severity is dg.AssetCheckSeverity.WARN)
    }
    missing = [key.to_user_string() for key in made if key not in done]
    missing += [f"check {key.name}" for key in checked if key not in passed]
    if missing:
        raise dg.Failure(
            f"No version was written: this run has not made {_listed(missing)} itself, and a "
            "version of parts from different runs may be of different returns. Launch the whole "
            "job quarterly_build for this quarter.",
            allow_retries=False,
        )


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:3])
    more = counted(len(names) - 3, "more step", "more steps")
    return shown if len(names) <= 3 else f"{shown} and {more}"

"""Builds that made no version: of which quarter, and why, as Dagster has it on record."""

from __future__ import annotations

import os

from assets.build_runs import BuildRuns
from assets.instance import instance, store_of
from assets.ways import for_the_command_line
from operations.desk.outlook import BuildRun
from operations.home.settings import Settings
from schemas.quarter import Quarter

ENDED = {"failed": "failed", "stopped": "was stopped by somebody"}


def stopped_builds(settings: Settings) -> dict[Quarter, str]:
    """Return why the last build of a quarter made no version, by quarter; lines to be shown.

    Empty where no run is on record, and for somebody who may not read the records of runs.
    """
    store = store_of(settings)
    if not (store.is_file() and os.access(store, os.R_OK | os.W_OK)):
        return {}
    held = instance(settings)
    try:
        runs = BuildRuns(held)
        last = [runs.latest(quarter) for quarter in sorted(runs.quarters())]
    finally:
        held.dispose()
    return {run.quarter: _said(run) for run in last if run and run.state in ENDED}


def _said(run: BuildRun) -> str:
    begun = f"The last build, run {run.name}, {ENDED[run.state]} and made no version"
    return f"{begun}: {for_the_command_line(run.fault)}" if run.fault else f"{begun}."

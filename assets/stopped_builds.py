"""Builds that made no version: of which quarter, and why, as Dagster has it on record."""

from __future__ import annotations

import os
from collections.abc import Iterator

from dagster import DagsterInstance

from assets.build_runs import BuildRuns
from assets.instance import instance, store_of
from assets.runs import INTERRUPTED, is_lost
from assets.ways import for_the_command_line
from operations.desk.outlook import BuildRun
from operations.errors import OperationError
from operations.home.settings import Settings
from operations.releases.release_store import latest
from operations.releases.run_records import run_of
from schemas.quarter import Quarter

ENDED = {"failed": "failed", "stopped": "was stopped by somebody"}


def stopped_builds(settings: Settings) -> dict[Quarter, str]:
    """Return why the last build of a quarter made no version, by quarter; lines to be shown.

    Empty where no run is on record, and for somebody who may not read the records of runs. A build
    whose process is gone was interrupted, whether or not anybody has ended its run since.
    """
    store = store_of(settings)
    if not (store.is_file() and os.access(store, os.R_OK | os.W_OK)):
        return {}
    held = instance(settings)
    try:
        return dict(_said(settings, held))
    finally:
        held.dispose()


def _said(settings: Settings, held: DagsterInstance) -> Iterator[tuple[Quarter, str]]:
    runs = BuildRuns(held)
    for quarter in sorted(runs.quarters()):
        run = runs.latest(quarter)
        if run is None or _wrote_a_version(settings, run):
            continue
        if run.fault == INTERRUPTED or is_lost(settings, held, run.run_id):
            yield quarter, _interrupted(run)
        elif run.state in ENDED:
            yield quarter, _ended(run)


def _wrote_a_version(settings: Settings, run: BuildRun) -> bool:
    """Whether the newest version is of this run, which ended after it had written."""
    try:
        record = run_of(settings, run.quarter, latest(settings, run.quarter))
    except OperationError:
        return False
    return record is not None and record.run_id == run.run_id


def _interrupted(run: BuildRun) -> str:
    began = f", which began at {run.began_at:%H:%M:%S on %-d %B %Y}," if run.began_at else ""
    return (
        f"The last build, run {run.name}{began} was interrupted and made no version: its process "
        "was stopped, killed or lost its machine. Nothing of it is in the way. All there is to do "
        f"is to run it again: ctw build {run.quarter.id}"
    )


def _ended(run: BuildRun) -> str:
    begun = f"The last build, run {run.name}, {ENDED[run.state]} and made no version"
    return f"{begun}: {for_the_command_line(run.fault)}" if run.fault else f"{begun}."

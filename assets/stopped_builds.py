"""Builds that made no version: which quarter, and why, as Dagster has it on record."""

from __future__ import annotations

import os

from dagster import DagsterEventType, DagsterInstance, DagsterRunStatus, RunsFilter

from assets.faults import fault_in
from assets.instance import instance, store_of
from assets.partitions import quarter_of
from assets.runs import BUILD, PARTITION
from assets.ways import for_the_command_line
from operations.home.settings import Settings
from schemas.quarter import Quarter

ENDED = {DagsterRunStatus.FAILURE: "failed", DagsterRunStatus.CANCELED: "was stopped by somebody"}
TELLING = {DagsterEventType.ASSET_CHECK_EVALUATION, DagsterEventType.STEP_FAILURE}


def stopped_builds(settings: Settings) -> dict[Quarter, str]:
    """Return why the last build of a quarter made no version, by quarter; lines to be shown.

    Empty where no run is on record, and for somebody who may not read the records of runs.
    """
    store = store_of(settings)
    if not (store.is_file() and os.access(store, os.R_OK | os.W_OK)):
        return {}
    held = instance(settings)
    try:
        keys = dict(held.get_run_tags([PARTITION])).get(PARTITION, set())
        said = {quarter_of(key): _last(held, key) for key in sorted(keys)}
    finally:
        held.dispose()
    return {quarter: words for quarter, words in said.items() if words}


def _last(held: DagsterInstance, key: str) -> str:
    """Say why the last build of a partition made no version; "" when it made one, or goes on."""
    asked = RunsFilter(job_name=BUILD, tags={PARTITION: key})
    found = [record.dagster_run for record in held.get_run_records(asked, limit=1)]
    if not found or found[0].status not in ENDED:
        return ""
    [run] = found
    entries = held.all_logs(run.run_id, of_type=TELLING)
    events = [entry.dagster_event for entry in entries if entry.dagster_event]
    why = for_the_command_line(fault_in(events, run.run_id))
    begun = f"The last build, run {run.run_id[:8]}, {ENDED[run.status]} and made no version"
    return f"{begun}: {why}" if why else f"{begun}."

"""What the system wants to be run: asked for until a run of it has succeeded, and never twice."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import dagster as dg
from dagster import DagsterInstance, DagsterRunStatus, RunsFilter
from dagster._core.execution.backfill import BulkActionsFilter, BulkActionStatus

from assets.partitions import named
from assets.runs import BUILD, PARTITION
from operations.home.clock import LONDON
from schemas.quarter import Quarter

UNDER_WAY = {
    DagsterRunStatus.QUEUED,
    DagsterRunStatus.NOT_STARTED,
    DagsterRunStatus.STARTING,
    DagsterRunStatus.STARTED,
    DagsterRunStatus.CANCELING,
}
UNDONE = {DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED}
# What failed is tried again after a minute, then two, four, up to an hour.
FIRST_RETRY, LAST_RETRY = 60.0, 3600.0
LOOKED_AT = 8


@dataclass(frozen=True)
class Wish:
    """A job to be run for a quarter, once, for what `tag` and `value` say of its runs.

    `doing`, `done` and `failed` continue the name of the quarter in words. After `tries` failures
    in a row a person has to look; 0 is without end.
    """

    quarter: Quarter
    tag: str
    value: str
    job: str = BUILD
    doing: str = "is being built"
    done: str = "was built"
    failed: str = "failed"
    config: dict[str, Any] = field(default_factory=dict)
    tries: int = 0

    @property
    def partition(self) -> str:
        """The partition of the quarter."""
        return self.quarter.start.isoformat()


def answer(
    requests: Iterable[dg.RunRequest | str], nothing: str
) -> dg.SensorResult | dg.SkipReason:
    """Return what a sensor asks for, or why it asks for nothing."""
    listed = list(requests)
    wanted = [one for one in listed if isinstance(one, dg.RunRequest)]
    if wanted:
        return dg.SensorResult(run_requests=wanted)
    return dg.SkipReason("; ".join(map(str, listed)) or nothing)


def ask(instance: DagsterInstance, wish: Wish) -> dg.RunRequest | str:
    """Ask for a run, or say in words why none is wanted now.

    The key of a request names the last run of the quarter, so each failure allows another try.
    """
    label, tags = wish.quarter.label, {PARTITION: wish.partition}
    runs = instance.get_run_records(RunsFilter(job_name=wish.job, tags=tags), limit=LOOKED_AT)
    if any(record.dagster_run.status in UNDER_WAY for record in runs):
        return f"{label} {wish.doing}"
    if wish.job == BUILD and _is_in_backfill(instance, wish.partition):
        return f"{label} {wish.doing}, or will be, by a backfill"
    if _was_done(instance, wish):
        return f"{label} {wish.done}"
    if 0 < wish.tries <= failures(runs, wish.tag, wish.value):
        return f"{label} {wish.failed} {wish.tries} times; a person has to look why"
    again = next_try(runs, wish.tag, wish.value)
    if time.time() < again:
        return f"{label} {wish.failed}, to be tried again at {_clock_time(again)}"
    last = runs[0].dagster_run.run_id if runs else "none"
    return dg.RunRequest(
        job_name=wish.job,
        run_key=f"{wish.quarter.id}:{wish.value}:after {last}",
        partition_key=wish.partition,
        tags={wish.tag: wish.value, **named(wish.partition)},
        run_config=wish.config,
    )


def _is_in_backfill(instance: DagsterInstance, partition: str) -> bool:
    """Whether a backfill that has not ended takes a quarter; one of assets may take any."""
    asked = instance.get_backfills(BulkActionsFilter(statuses=[BulkActionStatus.REQUESTED]))
    return any(one.partition_names is None or partition in one.partition_names for one in asked)


def _was_done(instance: DagsterInstance, wish: Wish) -> bool:
    tags = {PARTITION: wish.partition, wish.tag: wish.value}
    done = RunsFilter(job_name=wish.job, tags=tags, statuses=[DagsterRunStatus.SUCCESS])
    return instance.get_runs_count(done) > 0


def failures(runs: Sequence[dg.RunRecord], tag: str, value: str) -> int:
    """Count the newest runs with this tag that failed one after the other."""
    failed = 0
    for record in runs:
        run = record.dagster_run
        if run.status not in UNDONE or run.tags.get(tag) != value:
            break
        failed += 1
    return failed


def next_try(runs: Sequence[dg.RunRecord], tag: str, value: str) -> float:
    """Return when to try again, in seconds; 0 when the last run did not fail with this tag.

    `runs` come newest first.
    """
    failed = failures(runs, tag, value)
    if not failed:
        return 0.0
    ended = runs[0].end_time or runs[0].update_timestamp.timestamp()
    return ended + min(FIRST_RETRY * 2.0 ** (failed - 1), LAST_RETRY)


def _clock_time(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, LONDON):%H:%M}"

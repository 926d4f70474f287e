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

from assets.faults import fault_of_run, is_blocking
from assets.partitions import named
from assets.runs import BUILD, PARTITION
from assets.ways import with_ways
from operations.home.clock import LONDON
from operations.home.code import code_now, refusal
from schemas.quarter import Quarter
from schemas.texts import counted

# The tag of a run that says which packs it found in the drop folder.
PACKS = "ctw/packs"
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
    in a row a person has to look; 0 is without end. A build of exactly the `packs` (a digest) that
    lie there does as well, whoever started it.
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
    packs: str = ""

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
    return dg.SkipReason("; ".join(dict.fromkeys(map(str, listed))) or nothing)


class Left(str):
    """Why a run is not asked for any more: a person has to look."""

    __slots__ = ()


def ask(instance: DagsterInstance, wish: Wish) -> dg.RunRequest | str:
    """Ask for a run, or say in words why none is wanted now.

    The key of a request names the last run of the quarter, so each failure allows another try.
    """
    tags = {PARTITION: wish.partition}
    runs = instance.get_run_records(RunsFilter(job_name=wish.job, tags=tags), limit=LOOKED_AT)
    why_not = _under_way(instance, runs, wish) or _done(instance, wish)
    left = "" if why_not else _left_to_people(instance, runs, wish)
    if left:
        return Left(f"{wish.quarter.label} {left}")
    why_not = why_not or _later(instance, runs, wish)
    if why_not:
        return f"{wish.quarter.label} {why_not}"
    if wish.job == BUILD and (refused := refusal(code_now())):
        return with_ways(f"No build starts by itself. {refused}")
    last = runs[0].dagster_run.run_id if runs else "none"
    return dg.RunRequest(
        job_name=wish.job,
        run_key=f"{wish.quarter.id}:{wish.value}:after {last}",
        partition_key=wish.partition,
        tags={wish.tag: wish.value, **named(wish.partition)},
        run_config=wish.config,
    )


def _under_way(instance: DagsterInstance, runs: Sequence[dg.RunRecord], wish: Wish) -> str:
    if any(record.dagster_run.status in UNDER_WAY for record in runs):
        return wish.doing
    is_asked_for = wish.job == BUILD and _is_in_backfill(instance, wish.partition)
    return f"{wish.doing}, or will be, by a backfill" if is_asked_for else ""


def _done(instance: DagsterInstance, wish: Wish) -> str:
    if _was_done(instance, wish, wish.tag, wish.value):
        return wish.done
    is_same = wish.packs and _was_done(instance, wish, PACKS, wish.packs)
    return "was built with these packs already" if is_same else ""


def _left_to_people(instance: DagsterInstance, runs: Sequence[dg.RunRecord], wish: Wish) -> str:
    if 0 < wish.tries <= failures(runs, wish.tag, wish.value):
        times = counted(wish.tries, "time", "times")
        return f"{wish.failed} {times}; a person has to look why{_why_failed(instance, runs)}"
    check = stopped_by(instance, runs, wish)
    if not check:
        return ""
    return (
        f"was stopped by the check {check}, and would be again with the same packs; the page of "
        f"run {runs[0].dagster_run.run_id[:8]} says what a person has to do"
    )


def _later(instance: DagsterInstance, runs: Sequence[dg.RunRecord], wish: Wish) -> str:
    again = next_try(runs, wish.tag, wish.value)
    if time.time() >= again:
        return ""
    return f"{wish.failed}, to be tried again at {_clock_time(again)}{_why_failed(instance, runs)}"


def _why_failed(instance: DagsterInstance, runs: Sequence[dg.RunRecord]) -> str:
    """Return, to follow a statement, what the newest run says of its end; "" for nothing."""
    run_id = runs[0].dagster_run.run_id
    words = " ".join(fault_of_run(instance, run_id).split())
    return f". Run {run_id[:8]} says: {words}" if words else ""


def _is_in_backfill(instance: DagsterInstance, partition: str) -> bool:
    """Whether a backfill that has not ended takes a quarter; one of assets may take any."""
    asked = instance.get_backfills(BulkActionsFilter(statuses=[BulkActionStatus.REQUESTED]))
    return any(one.partition_names is None or partition in one.partition_names for one in asked)


def _was_done(instance: DagsterInstance, wish: Wish, tag: str, value: str) -> bool:
    tags = {PARTITION: wish.partition, tag: value}
    done = RunsFilter(job_name=wish.job, tags=tags, statuses=[DagsterRunStatus.SUCCESS])
    return instance.get_runs_count(done) > 0


def stopped_by(instance: DagsterInstance, runs: Sequence[dg.RunRecord], wish: Wish) -> str:
    """Return the name of the check that stopped the newest run, if that is of this wish.

    A check gives the same verdict on the same packs: another try would end as the last did.
    """
    if not failures(runs, wish.tag, wish.value):
        return ""
    kind = {dg.DagsterEventType.ASSET_CHECK_EVALUATION}
    found = (
        entry.asset_check_evaluation
        for entry in instance.all_logs(runs[0].dagster_run.run_id, of_type=kind)
    )
    names = (one.asset_check_key.name for one in found if one is not None and is_blocking(one))
    return next(names, "")


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

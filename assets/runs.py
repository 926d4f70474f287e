"""Runs and their processes: one build at a time, and the end of runs whose process is gone."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

import dagster as dg
from dagster import DagsterInstance, DagsterRun, DagsterRunStatus, RunsFilter

from assets.partitions import quarter_of
from operations.home.locks import (
    Say,
    Wait,
    claim,
    holding,
    is_held,
    lock_in,
    named,
    patience,
    to_terminal,
    waiting_together,
)
from operations.home.settings import Settings

BUILD = "quarterly_build"
SIGN, PUBLISH, REMIND = "sign_off_release", "publish_release", "remind_areas"
EXPLAIN, CORRECT, TREAT = "explain_quality", "correct_release", "treat_missing"
KNOWN_WRONG, WAIVE = "name_wrong_tables", "accept_questions"
FEED_BACK = "write_feedback"
# The tag by which builds queue for each other, and nothing else does: see dagster.yaml.
QUEUED = {"ctw/builds": "yes"}
NOT_BUILDS = frozenset(
    {CORRECT, EXPLAIN, KNOWN_WRONG, TREAT, WAIVE, SIGN, PUBLISH, REMIND, FEED_BACK}
)
NOT_BUILT = frozenset(
    {
        dg.AssetKey(["publications", "correction"]),
        dg.AssetKey(["publications", "explanations"]),
        dg.AssetKey(["publications", "known_errors"]),
        dg.AssetKey(["publications", "treatment"]),
        dg.AssetKey(["publications", "sign_off"]),
        dg.AssetKey(["publications", "site"]),
        dg.AssetKey(["returns", "feedback"]),
        dg.AssetKey(["returns", "reminder"]),
        dg.AssetKey(["returns", "waiver"]),
    }
)
PARTITION = "dagster/partition"
INTERRUPTED = (
    "This run was interrupted: its process was stopped, killed or lost its machine before the "
    "run was done. Nothing of it is in the way. Run it again."
)
UNFINISHED = [
    DagsterRunStatus.NOT_STARTED,
    DagsterRunStatus.STARTING,
    DagsterRunStatus.STARTED,
    DagsterRunStatus.CANCELING,
]
# Seconds that a process may need from its launch until it claims its run.
STARTUP = 300.0
_kept: list[IO[bytes]] = []


def claim_of(settings: Settings, run_id: str) -> Path:
    """Name the file that the process of a run holds locked while it lives."""
    return settings.home / "locks" / f"run-{run_id}.lock"


def claim_for_life(settings: Settings, run_id: str) -> None:
    """Show that the process of a run lives, until this process ends."""
    _kept.append(claim(claim_of(settings, run_id)))


@contextmanager
def claimed(settings: Settings, instance: DagsterInstance, run_id: str) -> Iterator[None]:
    """Show that the process of a run lives, while the block runs; then the run has ended."""
    with claim(claim_of(settings, run_id)):
        try:
            yield
        finally:
            _end(instance, run_id)
            claim_of(settings, run_id).unlink(missing_ok=True)


@contextmanager
def building(settings: Settings, name: str, say: Say = to_terminal) -> Iterator[None]:
    """Be the only run of this home that builds; `name` is shown to others.

    Stores, staging and drafts are shared by all quarters. Raises `BusyError` when another build
    takes too long.
    """
    wait = Wait(f"the stores in {settings.home}", patience("build"), say)
    with named(name), ExitStack() as turn:
        with dg.raise_execution_interrupts():
            turn.enter_context(holding(lock_in(settings.home, "build"), wait))
        yield


@contextmanager
def releasing(settings: Settings) -> Iterator[None]:
    """Be the only process that lists, writes, signs off or publishes versions.

    It takes seconds, so nobody waits long. Raises `BusyError` after a minute.
    """
    wait = Wait(f"the releases in {settings.home}", patience("release"))
    with holding(lock_in(settings.home, "release"), wait):
        yield


@contextmanager
def looking(settings: Settings) -> Iterator[None]:
    """Read versions while nobody writes, signs off or publishes one; others may read too.

    Raises `BusyError` after a minute. What the block opens it waits for half as long as a writer
    waits for the block: a reader without a store costs nobody a publication.
    """
    wait = Wait(f"the releases in {settings.home}", patience("release"))
    with (
        holding(lock_in(settings.home, "release"), wait, shared=True),
        waiting_together("release", share=0.5),
    ):
        yield


def name_of(job: str, partition: str | None, run_id: str) -> str:
    """Name a run by its job, quarter and the first part of its number."""
    quarter = f" of {quarter_of(partition).label}" if partition else ""
    return f"{'the build' if job == BUILD else job}{quarter}, run {run_id[:8]}"


def builds(run: DagsterRun) -> bool:
    """Whether a run makes anything that builds share: no decision, no reminder, no check."""
    if run.job_name in NOT_BUILDS:
        return False
    if not run.asset_selection:
        return not run.asset_check_selection
    return not run.asset_selection <= NOT_BUILT


def end_interrupted(
    settings: Settings, instance: DagsterInstance, startup: float = STARTUP
) -> list[str]:
    """End as failed every run whose process is gone, free what it held, and list these runs.

    A process that has not claimed its run yet is given `startup` seconds from its launch.
    """
    ended = []
    for record in instance.get_run_records(RunsFilter(statuses=UNFINISHED)):
        run_id = record.dagster_run.run_id
        # It may have ended well since it was listed: a process ends its run before it goes.
        if not _lives(settings, record, startup) and _end(instance, run_id):
            ended.append(run_id)
    _tidy(settings)
    return ended


def is_lost(settings: Settings, instance: DagsterInstance, run_id: str) -> bool:
    """Whether a run is not over on record, and its process is gone; nothing is changed."""
    asked = RunsFilter(run_ids=[run_id], statuses=UNFINISHED)
    records = instance.get_run_records(asked)
    return any(not _lives(settings, record, STARTUP) for record in records)


def _end(instance: DagsterInstance, run_id: str) -> bool:
    """End a run as failed, and free what it held; False when it has ended or never was."""
    run = instance.get_run_by_id(run_id)
    if run is None or run.is_finished:
        return False
    instance.report_run_failed(run, INTERRUPTED)
    instance.event_log_storage.free_concurrency_slots_for_run(run_id)
    return True


def _lives(settings: Settings, record: dg.RunRecord, startup: float) -> bool:
    """Whether the process of a run lives, or may still be on its way to claim its run."""
    place = claim_of(settings, record.dagster_run.run_id)
    if place.is_file():
        return is_held(place)
    waits = record.dagster_run.status is DagsterRunStatus.NOT_STARTED
    return waits or time.time() - record.update_timestamp.timestamp() < startup


def _tidy(settings: Settings) -> None:
    """Remove the claims of processes that are gone."""
    for place in claim_of(settings, "any").parent.glob("run-*.lock"):
        if not is_held(place):
            place.unlink(missing_ok=True)

"""Which return packs lie in the drop folder, by quarter, and which quarters want a build for it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import dagster as dg
from dagster import DagsterInstance, DagsterRunStatus, RunsFilter

from assets.runs import BUILD, PARTITION
from operations.home.clock import LONDON
from operations.landing.receive import candidates, period_of
from schemas.quarter import PROGRAMME_START, Quarter

# The tag of a run that says which packs it found in the drop folder.
PACKS = "ctw/packs"
UNDER_WAY = {
    DagsterRunStatus.QUEUED,
    DagsterRunStatus.STARTING,
    DagsterRunStatus.STARTED,
    DagsterRunStatus.CANCELING,
}
UNDONE = {DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED}
# A quarter whose build fails is tried again after a minute, then two, four, up to an hour.
FIRST_RETRY, LAST_RETRY = 60.0, 3600.0
LOOKED_AT = 8


def packs_in(folder: Path) -> dict[Quarter, str]:
    """Return a digest of the packs of each quarter: names, sizes and times, none of them readable.

    It changes when a pack comes, goes, grows or is replaced. Raises `LandingError` when there is
    no folder or nothing in it.
    """
    marks: dict[Quarter, list[bytes]] = {}
    for path in candidates(folder):
        period = period_of(path.name)
        if period is not None and period >= PROGRAMME_START:
            marks.setdefault(period, []).extend(_marks(path))
    return {
        quarter: sha256(b"\0".join(sorted(found))).hexdigest()[:16]
        for quarter, found in marks.items()
    }


def _marks(pack: Path) -> Iterator[bytes]:
    """Yield what identifies each file of a pack; links are not followed."""
    inside = (Path(at, name) for at, _, names in os.walk(pack) for name in names)
    for path in (pack, *inside):
        try:
            found = path.lstat()
        except OSError:  # it went while we looked
            continue
        kind = 0 if path.is_dir() else found.st_size
        yield os.fsencode(path.relative_to(pack.parent)) + f":{kind}:{found.st_mtime_ns}".encode()


def note_packs(context: dg.AssetExecutionContext, folder: Path, quarter: Quarter) -> None:
    """Tag a run with the packs that it finds, so that no second build is requested for them."""
    packs = packs_in(folder).get(quarter)
    if packs:
        context.instance.add_run_tags(context.run_id, {PACKS: packs})


def request(instance: DagsterInstance, quarter: Quarter, packs: str) -> dg.RunRequest | str:
    """Ask for a build of a quarter with these packs, or say in words why none is wanted now."""
    partition = quarter.start.isoformat()
    tags = {PARTITION: partition}
    runs = instance.get_run_records(RunsFilter(job_name=BUILD, tags=tags), limit=LOOKED_AT)
    if any(record.dagster_run.status in UNDER_WAY for record in runs):
        return f"{quarter.label} is being built"
    if _was_built(instance, {**tags, PACKS: packs}):
        return f"{quarter.label} was built with these packs"
    again = next_try(runs, packs)
    if time.time() < again:
        return f"{quarter.label} failed, to be tried again at {_clock_time(again)}"
    last = runs[0].dagster_run.run_id if runs else "none"
    return dg.RunRequest(
        run_key=f"{quarter.id}:{packs}:after {last}",
        partition_key=partition,
        tags={PACKS: packs},
    )


def _was_built(instance: DagsterInstance, tags: dict[str, str]) -> bool:
    done = RunsFilter(job_name=BUILD, tags=tags, statuses=[DagsterRunStatus.SUCCESS])
    return instance.get_runs_count(done) > 0


def next_try(runs: Sequence[dg.RunRecord], packs: str) -> float:
    """Return when to try these packs again, in seconds; 0 when the last run did not fail on them.

    `runs` come newest first.
    """
    failed = 0
    for record in runs:
        run = record.dagster_run
        if run.status not in UNDONE or run.tags.get(PACKS) != packs:
            break
        failed += 1
    if not failed:
        return 0.0
    ended = runs[0].end_time or runs[0].update_timestamp.timestamp()
    return ended + min(FIRST_RETRY * 2.0 ** (failed - 1), LAST_RETRY)


def _clock_time(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, LONDON):%H:%M}"

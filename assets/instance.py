"""The Dagster instance of this state, and runs of its jobs from the command line."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from select import select
from typing import Any
from uuid import uuid4

import dagster as dg
from dagster._core.remote_origin import (
    RegisteredCodeLocationOrigin,
    RemoteJobOrigin,
    RemoteRepositoryOrigin,
)

# Dagster's own way to hold a signal back until a step can be stopped
from dagster._utils.interrupts import capture_interrupts

from assets.account import ACCOUNT
from assets.forms import LOCATION
from assets.partitions import named as named_quarter
from assets.partitions import taken_for_now
from assets.runs import NOT_BUILDS, building, claimed, end_interrupted, name_of
from operations.errors import StoppedError
from operations.home.clock import now
from operations.home.identity import account_here, sealed_account
from operations.home.locks import Wait, holding, named, patience
from operations.home.settings import ROOT, Settings

REPOSITORY = "__repository__"
"""How Dagster names the definitions of a module."""
STOPPED = "Stopped before it was done. Run the same command again to do all of it."
STARTING = "another ctw command that is starting"
QUIET: dict[str, Any] = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def environment(settings: Settings) -> dict[str, str]:
    """Return the variables under which Dagster finds its configuration and keeps its runs.

    The store of runs is there afterwards: made by one process, and whole however that ends.
    """
    storage = settings.home / "dagster"
    wait = Wait(f"the list of runs in {settings.home}", patience("store"))
    with named(STARTING), holding(settings.home / "locks" / "dagster.lock", wait):
        if not store_of(settings).is_file():
            _make_store(settings, storage)
    return _variables(settings, storage)


def store_of(settings: Settings) -> Path:
    """Name the file in which Dagster keeps its runs."""
    return settings.home / "dagster" / "history" / "runs.db"


def _make_store(settings: Settings, storage: Path) -> None:
    """Make the store of runs beside its place, and put it there in one step."""
    fresh = settings.home / ".dagster.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    os.environ.update(_variables(settings, fresh))
    dg.DagsterInstance.get().dispose()
    shutil.rmtree(storage, ignore_errors=True)  # it holds no run
    fresh.replace(storage)


def _variables(settings: Settings, storage: Path) -> dict[str, str]:
    return {
        "DAGSTER_HOME": str(ROOT),
        "CTW_DAGSTER": str(storage),
        "CTW_HOME": str(settings.home),
        "CTW_UI_PORT": str(settings.ui_port),
        "DAGSTER_DISABLE_TELEMETRY": "true",
    }


def instance(settings: Settings) -> dg.DagsterInstance:
    """Open the instance that the UI shows too."""
    os.environ.update(environment(settings))
    return dg.DagsterInstance.get()


def run(
    settings: Settings, job: str, partition: str, config: Mapping[str, Any] | None = None
) -> dg.ExecuteInProcessResult:
    """Run one job for one quarter in this process; the instance keeps its events.

    Runs that were killed are ended first, and a build waits for its turn. Raises `StoppedError`
    when it is interrupted. The quarters that can be built are those that are over by the clock,
    also in a rehearsal.
    """
    # importing the definitions takes seconds: only commands that run a job pay for it
    from assets.definitions import defs  # noqa: PLC0415

    run_id = str(uuid4())
    with (
        shown_on_the_timeline(instance(settings), job) as held,
        taken_for_now(now(settings)),
        _stoppable() as was_stopped,
    ):
        end_interrupted(settings, held)
        with claimed(settings, held, run_id), ExitStack() as turn:
            if job not in NOT_BUILDS:
                turn.enter_context(building(settings, name_of(job, partition, run_id)))
            if was_stopped():
                raise StoppedError(STOPPED)
            result = defs.resolve_job_def(job).execute_in_process(
                run_config={**QUIET, **(config or {})},
                instance=held,
                partition_key=partition,
                raise_on_error=False,
                run_id=run_id,
                tags={
                    **named_quarter(partition),
                    ACCOUNT: sealed_account(settings, run_id, account_here()),
                },
            )
        if not result.success and was_stopped():
            raise StoppedError(STOPPED)
        return result


@contextmanager
def shown_on_the_timeline(held: dg.DagsterInstance, job: str) -> Iterator[dg.DagsterInstance]:
    """Open an instance whose runs of a job say of which code they are, as those of the UI do.

    The timeline leaves out runs that do not, and a run in this process has no other way to say it.
    """
    code = RemoteRepositoryOrigin(RegisteredCodeLocationOrigin(LOCATION), REPOSITORY)
    made = partial(held.create_run_for_job, remote_job_origin=RemoteJobOrigin(code, job))
    with held:
        vars(held)["create_run_for_job"] = made
        yield held


@contextmanager
def _stoppable() -> Iterator[Callable[[], bool]]:
    """Let Ctrl-C and SIGTERM stop the block where that is safe; gives whether one has come."""
    received, sent = os.pipe()
    os.set_blocking(received, False)
    os.set_blocking(sent, False)
    before = signal.set_wakeup_fd(sent, warn_on_full_buffer=False)
    try:
        with capture_interrupts():
            yield lambda: bool(select([received], [], [], 0)[0])
    except dg.DagsterExecutionInterruptedError:
        raise StoppedError(STOPPED) from None
    finally:
        signal.set_wakeup_fd(before)
        os.close(received)
        os.close(sent)

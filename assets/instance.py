"""The Dagster instance of this state, and runs of its jobs from the command line."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg

from assets.settings import ROOT, Settings

ROOMS = ("assets", "pipelines", "publications", "schemas", "disclosure", "reference")
QUIET: dict[str, Any] = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def environment(settings: Settings) -> dict[str, str]:
    """Return the variables under which Dagster finds its configuration and keeps its runs."""
    storage = settings.home / "dagster"
    storage.mkdir(parents=True, exist_ok=True)
    return {
        "DAGSTER_HOME": str(ROOT),
        "CTW_DAGSTER": str(storage),
        "CTW_HOME": str(settings.home),
        "DAGSTER_DISABLE_TELEMETRY": "true",
    }


def instance(settings: Settings) -> dg.DagsterInstance:
    """Open the instance that the UI shows too."""
    os.environ.update(environment(settings))
    return dg.DagsterInstance.get()


def run(
    settings: Settings, job: str, partition: str, config: Mapping[str, Any] | None = None
) -> dg.ExecuteInProcessResult:
    """Run one job for one quarter in this process; the instance keeps its events."""
    # importing the definitions takes seconds: only commands that run a job pay for it
    from assets.definitions import defs  # noqa: PLC0415

    with instance(settings) as held:
        return defs.resolve_job_def(job).execute_in_process(
            run_config={**QUIET, **(config or {})},
            instance=held,
            partition_key=partition,
            raise_on_error=False,
        )


def fault_of(result: dg.ExecuteInProcessResult) -> str:
    """Return, in one message, why a run failed: a check's words, an error of ours, or the cause."""
    held = [
        found.description
        for found in result.get_asset_check_evaluations()
        if not found.passed and found.severity == dg.AssetCheckSeverity.ERROR and found.description
    ]
    if held:
        return " ".join(held)
    for event in result.all_events:
        if event.is_step_failure and event.step_failure_data.error is not None:
            causes = list(_chain(event.step_failure_data.error))
            own = [text for text in map(_own_message, causes) if text]
            return own[0] if own else f"{event.step_key}: {causes[-1]}"
    blocked = [e.asset_check_key.name for e in result.get_asset_check_evaluations() if not e.passed]
    return (
        f"The run failed; checks not passed: {', '.join(blocked) or 'none'}. Open the UI: make ui"
    )


def _chain(error: Any) -> Iterator[str]:
    while error is not None:
        yield error.message.strip()
        error = error.cause


def _own_message(message: str) -> str:
    """Return a message of ours without its class; empty for any other."""
    found = re.fullmatch(r"(\w+)\.[\w.]+: (.*)", message, re.DOTALL)
    return found[2] if found and found[1] in ROOMS else ""

"""The queue of runs: checks for which nobody chose a quarter look at the one made last."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dagster as dg
from dagster._core.run_coordinator import QueuedRunCoordinator, SubmitRunContext

from assets.account import ACCOUNT
from assets.partitions import named
from assets.runs import BUILD, PARTITION, QUEUED, builds
from assets.ways import with_ways
from operations.home.code import code_now, refusal
from operations.home.identity import Account, sealed_account
from operations.home.settings import settings
from operations.serving.proxy import ACCOUNT as HEADER
from operations.serving.proxy import name_in

NO_VARIABLES = (
    "A field of the form asks for a variable of the environment ({env: NAME}). The environment can "
    "hold keys, so forms take plain text only. Nothing was started. Write the text itself."
)


class ByQuarter(QueuedRunCoordinator):
    """Dagster's queue, which gives every run of checks a quarter before it waits.

    Assets that somebody picks queue as builds do: else they would fill the places of sign-off and
    publication while they wait for each other. The button "Execute all" of the UI chooses none, and
    a check of no quarter cannot be run. A run that somebody launches who has logged in at the proxy
    bears their account.
    """

    def submit_run(self, context: SubmitRunContext) -> dg.DagsterRun:
        """Queue a run, with the quarter that it looks at and the account that launched it.

        A run whose form asks for a variable of the environment fails at once, and so does a build
        of code that nobody can name.
        """
        run = context.dagster_run
        refused = NO_VARIABLES if asks_environment(run.run_config) else unknown_code(run)
        if refused:
            self._instance.report_run_failed(run, refused)
            return self._instance.get_run_by_id(run.run_id) or run
        tags = {
            **quarter_to_check(self._instance, run),
            **queue_of(run),
            **launched_by(run, name_in(context.get_request_header(HEADER))),
        }
        if not tags:
            return super().submit_run(context)
        self._instance.add_run_tags(run.run_id, tags)
        chosen = self._instance.get_run_by_id(run.run_id) or run
        return super().submit_run(SubmitRunContext(chosen, context.workspace))


def queue_of(run: dg.DagsterRun) -> dict[str, str]:
    """Return the tags with which a run of assets that somebody picked queues like a build."""
    if not builds(run) or QUEUED.items() <= run.tags.items():
        return {}
    return {**QUEUED, **(named(run.tags[PARTITION]) if PARTITION in run.tags else {})}


def unknown_code(run: dg.DagsterRun) -> str:
    """Say why a build cannot start with the code as it is now; "" for a trial and other runs."""
    if run.job_name != BUILD or is_trial(run.run_config):
        return ""
    return with_ways(refused) if (refused := refusal(code_now())) else ""


def is_trial(config: Mapping[str, Any]) -> bool:
    """Whether the form of a build allows code that nobody can name."""
    step = config.get("ops", {}).get("returns__received", {})
    return step.get("config", {}).get("allow_unknown_code") is True


def asks_environment(config: object) -> bool:
    """Whether a form has `env: NAME` in the place of a text, which Dagster would look up."""
    if isinstance(config, Mapping):
        return set(config) == {"env"} or any(map(asks_environment, config.values()))
    return isinstance(config, list) and any(map(asks_environment, config))


def launched_by(run: dg.DagsterRun, name: str) -> dict[str, str]:
    """Return the sealed tag of the account that launches a run; empty when none is known."""
    if not name:
        return {}
    return {ACCOUNT: sealed_account(settings(), run.run_id, Account(name, "proxy"))}


def quarter_to_check(instance: dg.DagsterInstance, run: dg.DagsterRun) -> dict[str, str]:
    """Return the tags of the quarter that was made last, for a run of checks without a quarter.

    Empty for any other run, and when nothing was made yet.
    """
    checks = sorted(run.asset_check_selection or ())
    if not checks or run.asset_selection or PARTITION in run.tags:
        return {}
    event = instance.get_latest_materialization_event(checks[0].asset_key)
    made = event.asset_materialization if event else None
    if made is None or made.partition is None:
        return {}
    return {PARTITION: made.partition, **named(made.partition)}

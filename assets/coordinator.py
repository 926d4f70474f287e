"""The queue of runs: checks for which nobody chose a quarter look at the one made last."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dagster as dg
from dagster._core.run_coordinator import QueuedRunCoordinator, SubmitRunContext
from dagster._core.storage.tags import ASSET_PARTITION_RANGE_START_TAG as RANGE

from assets.account import ACCOUNT
from assets.definitions import defs
from assets.partitions import named, quarter_typed
from assets.runs import BUILD, PARTITION, QUEUED, builds
from assets.ways import WAYS, with_ways
from operations.home.clock import now
from operations.home.code import code_now, refusal
from operations.home.identity import Account, sealed_account
from operations.home.settings import settings
from operations.serving.proxy import ACCOUNT as HEADER
from operations.serving.proxy import name_in
from schemas.quarter import not_yet_made

NO_VARIABLES = (
    "A field of the form asks for a variable of the environment ({env: NAME}). The environment can "
    "hold keys, so forms take plain text only. Nothing was started. Write the text itself."
)
CHOOSE = "Nothing was started. Choose one quarter under Partition, and launch again."
NONE_CHOSEN = f"This run is for one quarter, and none was chosen. {CHOOSE}"
NO_QUARTER = (
    "What was chosen under Partition is no quarter. It has to be the first day of one, such as "
    f"2026-07-01 for 2026-27 Q2. {CHOOSE}"
)
BLANK = (
    "Somebody has to fill in {fields}, and the form leaves that blank. Nothing was started. "
    "Fill it in, and launch again."
)
NOTHING_TO_CHECK = (
    "A check looks at a quarter that was built, and nothing was built yet. Nothing was started. "
    "Build a quarter first: ctw build QUARTER"
)


class ByQuarter(QueuedRunCoordinator):
    """Dagster's queue, which gives every run of checks a quarter before it waits.

    Assets that somebody picks queue as builds do: else they would fill the places of sign-off and
    publication while they wait for each other. The button "Execute all" of the UI chooses none, and
    a check of no quarter cannot be run. A run that somebody launches who has logged in at the proxy
    bears their account.
    """

    def submit_run(self, context: SubmitRunContext) -> dg.DagsterRun:
        """Queue a run, with the name of its quarter and the account that launched it.

        A run whose form asks for a variable of the environment fails at once. So do one whose form
        leaves blank what it requires, a run without the quarter that it needs, one of a quarter
        that is not over, and a build of code that nobody can name.
        """
        run = context.dagster_run
        to_check = quarter_to_check(self._instance, run)
        run = self._tagged(run, {**to_check, **name_of_quarter({**run.tags, **to_check})})
        if refused := refused_start(run):
            self._instance.report_run_failed(run, refused)
            return self._instance.get_run_by_id(run.run_id) or run
        account = launched_by(run, name_in(context.get_request_header(HEADER)))
        run = self._tagged(run, {**queue_of(run), **account})
        return super().submit_run(SubmitRunContext(run, context.workspace))

    def _tagged(self, run: dg.DagsterRun, tags: dict[str, str]) -> dg.DagsterRun:
        """Give a run these tags, also on record."""
        if tags.items() <= run.tags.items():
            return run
        self._instance.add_run_tags(run.run_id, tags)
        return self._instance.get_run_by_id(run.run_id) or run


def name_of_quarter(tags: Mapping[str, str]) -> dict[str, str]:
    """Return the tags that name the quarter of a run; empty when it has none.

    A form that a link opened, and a run of assets or checks that somebody picked, bring the key of
    the quarter alone.
    """
    key = tags.get(PARTITION, "")
    return named(key) if quarter_typed(key) else {}


def queue_of(run: dg.DagsterRun) -> dict[str, str]:
    """Return the tag by which a run waits for builds; empty for one that makes nothing shared."""
    return QUEUED if builds(run) else {}


def refused_start(run: dg.DagsterRun) -> str:
    """Say why a run cannot start as it was launched; "" when it can."""
    if asks_environment(run.run_config):
        return NO_VARIABLES
    return left_blank(run.run_config) or unfit_quarter(run) or unknown_code(run)


def left_blank(config: Mapping[str, Any]) -> str:
    """Say which fields that a form requires have no more than blanks; "" when none has.

    Dagster itself launches no run whose form lacks such a field, and takes blanks for a text.
    """
    steps = config.get("ops", {})
    typed = ((way.form, steps.get(way.step, {}).get("config", {})) for way in WAYS.values())
    blank = [
        name
        for form, given in typed
        for name, field in form.model_fields.items()
        if field.is_required() and not str(given.get(name, name)).strip()
    ]
    return BLANK.format(fields=", ".join(blank)) if blank else ""


def unfit_quarter(run: dg.DagsterRun) -> str:
    """Say why a run cannot start for the quarter that was chosen, or without one; "" if it can.

    Its job says whether it needs one. A run of a range of quarters is left to its steps.
    """
    if defs.resolve_job_def(run.job_name).partitions_def is None or RANGE in run.tags:
        return ""
    if PARTITION not in run.tags:
        only_checks = run.asset_check_selection and not run.asset_selection
        return with_ways(NOTHING_TO_CHECK) if only_checks else NONE_CHOSEN
    quarter = quarter_typed(run.tags[PARTITION])
    return not_yet_made(quarter, now(settings()).date()) if quarter else NO_QUARTER


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
    """Return the tag of the quarter that was made last, for a run of checks without a quarter.

    Empty for any other run, and when nothing was made yet.
    """
    checks = sorted(run.asset_check_selection or ())
    if not checks or run.asset_selection or PARTITION in run.tags:
        return {}
    event = instance.get_latest_materialization_event(checks[0].asset_key)
    made = event.asset_materialization if event else None
    if made is None or made.partition is None:
        return {}
    return {PARTITION: made.partition}

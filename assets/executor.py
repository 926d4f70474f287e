"""How runs that the UI, a schedule or a sensor starts are executed: in one process, in turn."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import dagster as dg
from dagster import DagsterRunStatus, RunsFilter

from assets.arrivals import digest_of
from assets.faults import blocked_by
from assets.partitions import named, quarter_of
from assets.runs import BUILD, PARTITION, building, builds, claim_for_life, name_of
from assets.wishes import PACKS
from operations.home.settings import Settings, settings

SENSOR = "dagster/sensor_name"


class InTurn(dg.Executor):
    """Execute a run as `inner` does, once no other build works on the stores of this home."""

    def __init__(self, inner: dg.Executor) -> None:
        self._inner = inner

    @property
    def retries(self) -> Any:
        """Whether steps are tried again, as `inner` does."""
        return self._inner.retries

    def execute(self, plan_context: Any, execution_plan: Any) -> Iterator[dg.DagsterEvent]:
        """Claim the run for this process, wait for the turn of a build, and execute it."""
        state, run = settings(), plan_context.dagster_run
        claim_for_life(state, run.run_id)
        if PARTITION in run.tags:
            plan_context.instance.add_run_tags(run.run_id, named(run.tags[PARTITION]))
        name = name_of(run.job_name, run.tags.get(PARTITION), run.run_id)
        with ExitStack() as stack:
            if builds(run):
                stack.enter_context(building(state, name, plan_context.log.info))
            since = built_since(state, plan_context.instance, run)
            if since:
                plan_context.log.info(f"Nothing is built: run {since[:8]} {SAME}")
                return
            blocked = []
            for event in self._inner.execute(plan_context, execution_plan):
                blocked += blocked_by(event)
                yield event
            # Dagster's own last lines name the checks that stopped a run, and not what to do.
            for words in blocked:
                plan_context.log.error(words)


SAME = "has built this quarter with these packs while this one waited."


def built_since(state: Settings, instance: dg.DagsterInstance, run: dg.DagsterRun) -> str:
    """Return the run that did, while this one waited, what a sensor asked this one for; or "".

    A run that a person has started is never spared.
    """
    if SENSOR not in run.tags or run.job_name != BUILD:
        return ""
    own = instance.get_run_record_by_id(run.run_id)
    packs = digest_of(state.incoming, state.received, quarter_of(run.tags[PARTITION]))
    if own is None or not packs:
        return ""
    done = RunsFilter(
        job_name=BUILD,
        tags={PARTITION: run.tags[PARTITION], PACKS: packs},
        statuses=[DagsterRunStatus.SUCCESS],
        updated_after=own.create_timestamp,
    )
    return next((other.run_id for other in instance.get_runs(done, limit=1)), "")


def _create(init: dg.InitExecutorContext) -> dg.Executor:
    create = dg.in_process_executor.executor_creation_fn
    assert create is not None
    return InTurn(create(init))


in_turn = dg.ExecutorDefinition(
    name="in_turn",
    description="All steps of a run in one process; builds wait for each other.",
    config_schema=dg.in_process_executor.config_schema.as_field(),
    executor_creation_fn=_create,
)

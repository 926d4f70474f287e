"""The runs of the quarterly build as the desk shows them, read from Dagster's records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import dagster as dg
from dagster import DagsterEventType, DagsterInstance, DagsterRunStatus, RunsFilter

from assets.definitions import defs
from assets.faults import TELLING, fault_on_record
from assets.partitions import quarter_typed
from assets.runs import BUILD, PARTITION
from operations.desk.outlook import BuildRun, CheckOutcome, Outcome, State
from operations.home.clock import LONDON
from schemas.quarter import Quarter

STATES: Mapping[DagsterRunStatus, State] = {
    DagsterRunStatus.SUCCESS: "succeeded",
    DagsterRunStatus.FAILURE: "failed",
    DagsterRunStatus.CANCELED: "stopped",
    DagsterRunStatus.STARTED: "running",
    DagsterRunStatus.CANCELING: "running",
}


@dataclass(frozen=True)
class BuildRuns:
    """The runs that an instance has on record."""

    instance: DagsterInstance

    def latest(self, quarter: Quarter | None = None) -> BuildRun | None:
        """Return the run that was launched last, of a quarter or of any; None for none.

        A run that was launched without a quarter was refused, and is passed over.
        """
        asked = [quarter] if quarter else sorted(self.quarters())
        tags = {PARTITION: [one.start.isoformat() for one in asked]}
        return self._first(RunsFilter(job_name=BUILD, tags=tags)) if asked else None

    def run(self, run_id: str) -> BuildRun | None:
        """Return the run with this number; None when it is on record no more."""
        return self._first(RunsFilter(run_ids=[run_id]))

    def quarters(self) -> frozenset[Quarter]:
        """Return the quarters that a run was launched for."""
        tags = dict(self.instance.get_run_tags([PARTITION]))
        typed = map(quarter_typed, tags.get(PARTITION, ()))
        return frozenset(quarter for quarter in typed if quarter)

    def _first(self, asked: RunsFilter) -> BuildRun | None:
        records = self.instance.get_run_records(asked, limit=1)
        return self._shown(records[0]) if records else None

    def _shown(self, record: dg.RunRecord) -> BuildRun | None:
        run = record.dagster_run
        quarter = quarter_typed(run.tags.get(PARTITION, ""))
        if quarter is None:
            return None
        state = STATES.get(run.status, "waiting")
        entries = self.instance.all_logs(run.run_id, of_type=TELLING)
        events = [entry.dagster_event for entry in entries if entry.dagster_event]
        return BuildRun(
            run_id=run.run_id,
            quarter=quarter,
            state=state,
            began_at=_moment(record.start_time),
            ended_at=_moment(record.end_time),
            fault=fault_on_record(events, run.run_id) if state == "failed" else "",
            verdicts=tuple(_verdicts(events)),
        )


def _moment(seconds: float | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, LONDON) if seconds else None


def _verdicts(events: Iterable[dg.DagsterEvent]) -> Iterable[CheckOutcome]:
    """Give how each check of a run came out, in the order in which they were made."""
    for event in events:
        if event.event_type is DagsterEventType.ASSET_CHECK_EVALUATION:
            found = event.asset_check_evaluation_data
            yield CheckOutcome(
                check=found.check_name,
                asset=found.asset_key.to_user_string(),
                asks=_asks().get(found.asset_check_key, ""),
                outcome=_outcome(found),
                found=found.description or "",
            )


def _outcome(found: dg.AssetCheckEvaluation) -> Outcome:
    if found.passed:
        return "passed"
    return "warned" if found.severity is dg.AssetCheckSeverity.WARN else "stopped"


@cache
def _asks() -> dict[dg.AssetCheckKey, str]:
    """Return what each check asks for, as it is declared, without the marks of Markdown."""
    graph = defs.resolve_asset_graph()
    asked = {key: graph.get(key).description or "" for key in graph.asset_check_keys}
    return {key: words.replace("`", "") for key, words in asked.items()}

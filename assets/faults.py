"""Why a run or a command failed, in one message; traces are kept for those who mend the system."""

from __future__ import annotations

import builtins
import re
import traceback
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import dagster as dg
from dagster import DagsterEventType

from assets.refusals import ROOMS
from assets.runs import INTERRUPTED
from assets.ways import for_the_command_line
from operations.home.durable import replace_file

TRACE = "last_fault.txt"
BEGUN = {DagsterEventType.RUN_ENQUEUED, DagsterEventType.RUN_START}
TELLING = {
    *BEGUN,
    DagsterEventType.ASSET_CHECK_EVALUATION,
    DagsterEventType.STEP_FAILURE,
    DagsterEventType.RUN_FAILURE,
}
"""The events of a run that say how it went."""


def fault_of(result: dg.ExecuteInProcessResult) -> str:
    """Return, in one message for the command line, why a run failed."""
    words = for_the_command_line(fault_in(result.all_events, result.run_id))
    return words or "The run failed. What it did is in the UI: make ui"


def fault_in(events: Iterable[dg.DagsterEvent], run_id: str) -> str:
    """Return, in one message, why a run with these events failed; "" when none of them says so.

    It is a check that stopped the run, an error of ours, or a fault. The message says what to do on
    the command line, and in a line of its own what to do in the UI.
    """
    events = list(events)
    blocked = [words for event in events for words in blocked_by(event)]
    if blocked:
        return "\n".join(blocked) + "\nAll checks of the run are in the UI: make ui"
    failed = next((event for event in events if event.is_step_failure), None)
    return _fault_of_step(failed, run_id) if failed else ""


def fault_on_record(events: Iterable[dg.DagsterEvent], run_id: str) -> str:
    """Return, in one message, why a run ended as failed; "" when its record gives no reason.

    `events` are all of those that are `TELLING`. A run that was refused before it queued, or whose
    process is gone, has its reason in the event of its end.
    """
    events = list(events)
    if words := fault_in(events, run_id):
        return words
    is_refused = not any(event.event_type in BEGUN for event in events)
    ends = [e.message or "" for e in events if e.event_type is DagsterEventType.RUN_FAILURE]
    return next((words for words in ends if is_refused or INTERRUPTED in words), "")


def fault_of_run(instance: dg.DagsterInstance, run_id: str) -> str:
    """Return, in one message, why a run ended as failed; "" when its record gives no reason."""
    entries = instance.all_logs(run_id, of_type=TELLING)
    return fault_on_record([one.dagster_event for one in entries if one.dagster_event], run_id)


def blocked_by(event: dg.DagsterEvent) -> list[str]:
    """Return what the check says that stops a run with this event, if it is one."""
    if event.event_type is not DagsterEventType.ASSET_CHECK_EVALUATION:
        return []
    check = event.asset_check_evaluation_data
    return [_words_of(check)] if is_blocking(check) else []


def is_blocking(check: dg.AssetCheckEvaluation) -> bool:
    """Whether the result of a check stops a run."""
    return not check.passed and check.severity is dg.AssetCheckSeverity.ERROR


def _words_of(check: dg.AssetCheckEvaluation) -> str:
    name = check.asset_check_key.name
    return check.description or f"The check {name} did not pass."


def _fault_of_step(event: dg.DagsterEvent, run_id: str) -> str:
    """Return what a step said when it refused; of a fault, its kind and where its trace is."""
    failure = event.step_failure_data
    if failure.user_failure_data and failure.user_failure_data.description:
        return failure.user_failure_data.description
    causes = list(_chain(failure.error))
    if any(cause.cls_name == dg.DagsterExecutionInterruptedError.__name__ for cause in causes):
        return INTERRUPTED
    own = [text for text in map(_own_message, causes) if text]
    if own:
        return own[0]
    step, last = str(event.step_key).replace("__", "/"), causes[-1] if causes else None
    if last is not None and _is_of_the_machine(last):
        return f"The step {step} stopped: {_text(last)}. Mend that, and run the same again."
    kind = last.cls_name if last else "no reason given"
    return (
        f"The step {step} stopped because of a fault in the system ({kind}), and nothing that it "
        f"made is used. The trace is in the UI (make ui), on the page of the run {run_id[:8]}: "
        "give it to those who maintain the system."
    )


def _chain(error: Any) -> Iterator[Any]:
    while error is not None:
        yield error
        error = error.cause


def _own_message(error: Any) -> str:
    """Return a message of ours without its class; empty for any other."""
    found = re.fullmatch(r"(\w+)\.[\w.]+: (.*)", error.message.strip(), re.DOTALL)
    return found[2] if found and found[1] in ROOMS else ""


def _is_of_the_machine(error: Any) -> bool:
    """Whether an error tells of the disk, a file or the memory, which a user can mend."""
    kind = getattr(builtins, error.cls_name or "", None)
    return isinstance(kind, type) and issubclass(kind, OSError | MemoryError)


def _text(error: Any) -> str:
    return str(error.message.strip().removeprefix(f"{error.cls_name}: "))


def keep_trace(home: Path, error: Exception) -> str:
    """Keep the trace of a fault where only the owner of the home reads it; return what to say."""
    stopped = f"The command stopped because of a fault in the system ({type(error).__name__}). "
    try:
        replace_file(home / TRACE, "".join(traceback.format_exception(error)).encode())
    except OSError:
        return f"{stopped}Its trace could not be kept: {home} cannot be written to."
    return f"{stopped}Its trace is in {home / TRACE}: give it to those who maintain the system."

"""How a command runs a job of one step, and what its messages begin with."""

from __future__ import annotations

from datetime import date
from typing import Any

import typer

from assets.user_errors import stop
from operations.home.clock import now
from operations.home.settings import Settings
from schemas.quarter import Quarter


def today(settings: Settings) -> date:
    """Return the day by the clock of a home, which a rehearsal sets."""
    return now(settings).date()


def rehearsal(settings: Settings) -> str:
    """Return what a message of a rehearsal begins with; "" in an everyday home."""
    return "Rehearsal: " if settings.is_rehearsal else ""


def say(settings: Settings, words: str) -> None:
    """Write what a command has to say of a home: of a rehearsal it begins with that."""
    typer.echo(f"{rehearsal(settings)}{words}")


def run_step(job: str, quarter: str, ops: dict[str, Any]) -> None:
    """Run a job of one step for a quarter; ends with a message where the job fails."""
    from assets.faults import fault_of  # noqa: PLC0415 dagster is slow to import
    from assets.instance import run  # noqa: PLC0415 likewise
    from assets.partitions import key_of  # noqa: PLC0415 likewise
    from assets.typed import check_typed  # noqa: PLC0415 likewise

    settings, asked = Settings.read(), Quarter.parse(quarter)
    key = key_of(asked, today(settings))
    for step in ops.values():
        check_typed(settings, job, asked, step["config"])
    result = run(settings, job, key, {"ops": ops} if ops else {})
    if not result.success:
        raise stop(fault_of(result))

"""Whether everything that came was answered: each receipt has a submission, and that a report."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from operations.errors import LandingError
from schemas.texts import counted


def check_answered(numbers: Collection[str], submissions: Collection[str], reports: Path) -> None:
    """Raise `LandingError` when a receipt has no submission or no report.

    `numbers` are those of the receipts in landing, `submissions` the numbers on record, and
    `reports` is the folder with one folder for each quarter and report in it.
    """
    recorded = set(submissions)
    reported = reported_in(reports)
    unrecorded = sorted(set(numbers) - recorded)
    unreported = sorted(set(numbers) & recorded - reported)
    if unrecorded or unreported:
        raise LandingError(
            f"Of {counted(len(set(numbers)), 'receipt', 'receipts')} in landing, "
            f"{counted(len(unrecorded), 'has', 'have')} no submission on record and "
            f"{len(unreported):,} no report: receipts "
            f"{', '.join((unrecorded + unreported)[:10])}. Everything that came is answered, or "
            "nothing is built. Build again; if this stays, tell the developers."
        )


def reported_in(reports: Path) -> set[str]:
    """Return the numbers of the submissions that have a report."""
    return {file.parent.name.rpartition(".")[2] for file in reports.glob("*/*/report.html")}

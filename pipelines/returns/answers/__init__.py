"""What an area gets back for each pack, as a page, as CSV and as a workbook: no identifier."""

from pipelines.returns.answers.answering import days_late
from pipelines.returns.answers.content import Report, checks_not_run, day_of, report
from pipelines.returns.answers.for_areas import (
    frames_for_areas,
    judged_for_areas,
    statuses_for_areas,
)
from pipelines.returns.answers.page import as_html
from pipelines.returns.answers.sheet import as_csv
from pipelines.returns.answers.workbook import as_xlsx

__all__ = [
    "Report",
    "as_csv",
    "as_html",
    "as_xlsx",
    "checks_not_run",
    "day_of",
    "days_late",
    "report",
    "statuses_for_areas",
    "judged_for_areas",
    "frames_for_areas",
]

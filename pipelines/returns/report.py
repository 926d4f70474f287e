"""What an area gets back: a report per submission in plain English, with no identifier in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
import polars as pl

from pipelines.returns.judging.levels import has_limits
from pipelines.returns.process import Judged
from schemas.quarter import Quarter
from schemas.returns.declaration import CATEGORIES

_COLUMNS = {
    "file": "File",
    "row_number": "Row",
    "field": "Field",
    "severity": "What it means",
    "message": "What was found",
    "fix": "What to do",
    "rule_id": "Rule",
}
MEANINGS = {
    "reject_file": "The pack was refused",
    "reject_row": "The row was left out",
    "query": "Please answer",
    "note": "For information",
}
# Packs that break one of these are refused for what was found in their rows.
JUDGED_AND_REFUSED = [
    "pack.participants_are_there",
    "pack.enough_rows_are_accepted",
    "pack.most_participants_stay",
    "pack.columns_are_in_their_places",
]
MOST_ROWS_IN_HTML = 2_000
_TEMPLATE = Path(__file__).with_name("report.html")


@dataclass(frozen=True)
class Report:
    """The report on one submission: its row of `submissions`, its findings, what was not run."""

    submission: Mapping[str, Any]
    findings: pl.DataFrame
    not_run: tuple[str, ...]


def report(judged: Judged, submission_id: str) -> Report:
    """Return the report on one submission; the findings that cost most come first."""
    submission = judged.submissions.row(
        by_predicate=pl.col("submission_id") == submission_id, named=True
    )
    order = pl.col("severity").replace_strict({s: at for at, s in enumerate(MEANINGS)})
    findings = (
        judged.findings.filter(pl.col("submission_id") == submission_id)
        .sort(order, "file", "row_number", "rule_id", nulls_last=False)
        .with_columns(pl.col("severity").replace(MEANINGS))
        .select(*_COLUMNS)
    )
    people = judged.participants.filter(pl.col("submission_id") == submission_id)
    not_run = [*checks_not_run(submission, findings), *_limits_not_run(submission, people)]
    return Report(submission, findings, tuple(not_run))


def _limits_not_run(submission: Mapping[str, Any], people: pl.DataFrame) -> list[str]:
    """Say that starts were not held against control limits, where too few quarters came before."""
    if submission["status"] in {"pending", "rejected"}:
        return []
    days = people["start_date"].drop_nulls().to_list()
    if has_limits(days, Quarter.parse(submission["period_id"])):
        return []
    return ["Control limits of the starts: they need more quarters before, with more starts."]


def checks_not_run(submission: Mapping[str, Any], findings: pl.DataFrame) -> tuple[str, ...]:
    """Say which later checks could not be made because of what was found."""
    if submission["status"] == "pending":
        return ("All checks of what is in the pack: they are made with its quarter.",)
    rows_were_judged = findings["rule_id"].is_in(JUDGED_AND_REFUSED).any()
    if submission["status"] == "rejected" and not rows_were_judged:
        return tuple(f"{at} {title}" for at, title in CATEGORIES.items() if at > 1)
    notes = []
    if submission["status"] != "rejected" and submission["compared_with"] is None:
        notes.append("Comparisons with the return before: none with participants was accepted.")
    if findings["rule_id"].str.ends_with(".is_valid").any():
        notes.append("Comparisons with a value that is wrong: correct it and more may be found.")
    if (findings["rule_id"] == "events.episode_was_accepted").any():
        notes.append("Events of participants whose row was left out, beyond their own fields.")
    if (findings["rule_id"] == "pack.row_can_be_read").any():
        notes.append("All checks of rows that cannot be read.")
    return tuple(notes)


def as_csv(made: Report) -> str:
    """Return the findings as CSV for a spreadsheet: one row per finding."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS.values())
    for row in made.findings.iter_rows():
        writer.writerow([_harmless(cell) for cell in row])
    return text.getvalue()


def _harmless(cell: object) -> str:
    """Keep a spreadsheet from reading a cell as a formula."""
    text = "" if cell is None else str(cell)
    return "'" + text if text.startswith(("=", "+", "-", "@")) else text


def as_html(made: Report) -> str:
    """Return the report as a page: what came, what was kept, what was found, what to do."""
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    counts = made.findings.group_by("severity").len().rows()
    order = list(MEANINGS.values())
    return environment.from_string(_TEMPLATE.read_text(encoding="utf-8")).render(
        submission=made.submission,
        counts=sorted(counts, key=lambda row: order.index(row[0])),
        headings=list(_COLUMNS.values()),
        findings=made.findings.head(MOST_ROWS_IN_HTML).rows(),
        left_out=max(made.findings.height - MOST_ROWS_IN_HTML, 0),
        not_run=made.not_run,
    )

"""The report to an area as one CSV file, each line saying which part of the report it is of."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

import polars as pl

from pipelines.returns.answers.content import Report, labels
from pipelines.returns.answers.earlier import RETURNS

PART = "Part"
COLUMNS = {
    "file": "File",
    "row_number": "Row",
    "first_rows": "First rows",
    "field": "Field",
    "severity": "What it means",
    "count": "How many",
    "message": "What was found",
    "fix": "What to do",
    "follows_from": "Can follow from",
    "rule_id": "Rule",
}
Line = dict[str, object]


def as_csv(made: Report) -> str:
    """Return the report as CSV: what was received, then findings by rule, then by row.

    The column `Part` says what a line is: received (pack, before it was sent), what to do, not
    checked, rule, row, earlier return, since the version before.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([PART, *COLUMNS.values()])
    for part, line in _lines(made):
        writer.writerow([part, *(_harmless(line.get(name)) for name in COLUMNS)])
    return text.getvalue()


def _lines(made: Report) -> Iterator[tuple[str, Line]]:
    """Return the lines of the report in order, each with its part."""
    pack = [f"Validation report: {made.submission['pack_name']}", *labels(made), made.outcome]
    facts = [f"{name}: {value}" for name, value in made.facts]
    parts: dict[str, Iterable[Line]] = {
        "received" if made.is_sent else "pack": _said("message", (*pack, *facts, made.deadline)),
        "what to do": _said("fix", made.todo),
        "not checked": _said("message", (*made.not_run, *made.notes)),
        "rule": made.rules.rows(named=True),
        "row": made.findings.rows(named=True),
        "earlier return": _said("message", _returns(made.returns)),
        "since the version before": _changes(made),
    }
    return ((part, line) for part, lines in parts.items() for line in lines)


def _said(column: str, lines: Iterable[str]) -> Iterator[Line]:
    return ({column: words} for words in lines)


def _returns(returns: pl.DataFrame | None) -> Iterator[str]:
    """Say each return of the area in one line."""
    for row in returns.rows(named=True) if returns is not None else ():
        yield "; ".join(f"{words}: {row[name]}" for name, words in RETURNS.items())


def _changes(made: Report) -> Iterator[Line]:
    for row in made.changes.rows(named=True) if made.changes is not None else ():
        words = f"{row['change']}: {row['before']} in {made.before}, {row['now']} here"
        yield {**row, "count": row["now"], "message": words}


def _harmless(cell: object) -> str:
    """Keep a spreadsheet from reading a cell as a formula, or as the end of a row."""
    text = "" if cell is None else str(cell)
    harmless = "'" + text if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
    # The writer of CSV puts no quotes around a carriage return before Python 3.13.
    return harmless.replace("\r", " ")

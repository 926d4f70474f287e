"""The report to an area as a workbook: the same bytes for the same report."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import polars as pl
import xlsxwriter

from pipelines.returns.answers.content import FINDINGS, RULES, Report, labels, totals
from pipelines.returns.answers.earlier import CHANGES, RETURNS

# Workbooks carry a date; a fixed one keeps the bytes the same.
MADE = datetime(2025, 4, 1)  # noqa: DTZ001 - a workbook's date has no zone
WIDE = {"What was found": 70, "What to do": 60, "Can follow from": 40, "Rule": 44}
NARROW = 18
_PLAIN = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def as_xlsx(made: Report) -> bytes:
    """Return the report as an XLSX workbook: what was received, rules, rows, earlier returns.

    Each sheet begins with its title and the labels of the report. Text is written as text: no
    cell is a formula or a link.
    """
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, _PLAIN) as book:
        book.set_properties({"created": MADE, "title": "Validation report"})
        formats = _Formats(book)
        _summary(book.add_worksheet("Report"), made, formats)
        for name, title, headings, frame in _tables(made):
            sheet = book.add_worksheet(name)
            at = _heading(sheet, (title, *labels(made)), formats)
            _table(sheet, at, headings, [] if frame is None else frame.rows(), formats)
    return data.getvalue()


class _Formats:
    """The two formats of a workbook: bold headings, and cells that wrap."""

    def __init__(self, book: Any) -> None:
        self.bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})


def _tables(made: Report) -> Iterable[tuple[str, str, dict[str, str], pl.DataFrame | None]]:
    """List the sheets after the first: name, title, headings, rows; none for what is not there."""
    yield "By rule", "Findings by rule, causes before what follows from them", RULES, made.rules
    yield "By row", "One row per finding; rows are lines of the file", FINDINGS, made.findings
    if made.returns is not None:
        yield "Your returns", "Beside your own earlier returns", RETURNS, made.returns
    if made.changes is not None:
        yield "Since last version", f"What changed since {made.before}", CHANGES, made.changes


def _summary(sheet: Any, made: Report, formats: _Formats) -> None:
    """Write what was received, what became of it, what to do and what was not checked."""
    title = f"Validation report: {made.submission['pack_name']}"
    at = _heading(sheet, (title, *labels(made)), formats)
    lines = [
        ("What became of it", made.outcome),
        *made.facts,
        *((words, f"{count:,}") for words, count in totals(made)),
        ("Deadline", made.deadline),
        *(("What to do", words) for words in made.todo),
        *(("Not checked", words) for words in (*made.not_run, *made.notes)),
    ]
    for row, (name, value) in enumerate(lines, start=at):
        sheet.write_string(row, 0, name, formats.bold)
        sheet.write_string(row, 1, value, formats.wrapped)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)


def _heading(sheet: Any, lines: Sequence[str], formats: _Formats) -> int:
    """Write the first lines of a sheet; return the row after a blank one."""
    for row, words in enumerate(lines):
        sheet.write_string(row, 0, words, formats.bold if row == 0 else None)
    return len(lines) + 1


def _table(
    sheet: Any, at: int, headings: dict[str, str], rows: Sequence[Any], formats: _Formats
) -> None:
    for column, words in enumerate(headings.values()):
        sheet.write_string(at, column, words, formats.bold)
        sheet.set_column(column, column, WIDE.get(words, NARROW))
    for number, row in enumerate(rows, start=at + 1):
        for column, cell in enumerate(row):
            if isinstance(cell, int | float):
                sheet.write_number(number, column, cell, formats.wrapped)
            else:
                sheet.write_string(number, column, cell or "", formats.wrapped)
    sheet.freeze_panes(at + 1, 0)

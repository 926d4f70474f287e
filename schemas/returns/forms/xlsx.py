"""A form as an XLSX workbook, with drop-down lists and checks of what is typed."""

from __future__ import annotations

import io
from datetime import date, datetime, time
from typing import Any

import xlsxwriter

from schemas.fields import Entry
from schemas.returns.forms.book import Book, Cell, FormCells, FormSheet

# Workbooks carry a date; a fixed one keeps the bytes the same.
MADE = datetime(2025, 4, 1)  # noqa: DTZ001 - a workbook's date has no zone
LONGEST_TITLE, LONGEST_MESSAGE = 32, 255
_FORMATS = {"text": "@", "date": "yyyy-mm-dd", "whole": "0", "decimal": "General"}


def write_xlsx(book: Book) -> bytes:
    """Write a form: the same form always gives the same bytes."""
    data = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(data, options) as made:
        made.set_properties({"title": book.title, "created": MADE})
        bold = made.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        formats = {
            form: made.add_format({"num_format": shown, "valign": "top"})
            for form, shown in _FORMATS.items()
        }
        for sheet in book.sheets:
            _write(made.add_worksheet(sheet.name), sheet, book, bold, formats)
    return data.getvalue()


def _write(to: Any, sheet: FormSheet, book: Book, bold: Any, formats: dict[str, Any]) -> None:
    to.freeze_panes(sheet.heading + 1, 0)
    is_list = any(place.last > place.first for place in sheet.places)
    shown = {place.column: formats[place.entry.form] for place in sheet.places}
    for column, width in enumerate(sheet.widths):
        to.set_column(column, column, width, shown.get(column) if is_list else None)
    for at, row in enumerate(sheet.rows):
        words = bold if at <= sheet.heading else formats["text"]
        for column, cell in enumerate(row):
            _write_cell(to, at, column, cell, words, formats["date"])
    for place in sheet.places:
        if not is_list and not sheet.rows[place.first][place.column]:
            to.write_blank(place.first, place.column, None, formats[place.entry.form])
        to.data_validation(place.first, place.column, place.last, place.column, _check(place, book))


def _write_cell(to: Any, row: int, column: int, cell: Cell, words: Any, dated: Any) -> None:
    if isinstance(cell, date):
        to.write_datetime(row, column, datetime.combine(cell, time()), dated)
    elif isinstance(cell, str):
        to.write_string(row, column, cell, words)
    elif cell is not None:
        to.write_number(row, column, cell)


def _check(place: FormCells, book: Book) -> dict[str, Any]:
    message = place.message
    if len(message) > LONGEST_MESSAGE:
        message = f"{message[: LONGEST_MESSAGE - 24].rpartition(' ')[0]} (see Guidance)"
    return {
        **_allowed(place.entry, book),
        "ignore_blank": True,
        "input_title": place.title[:LONGEST_TITLE],
        "input_message": message,
        "error_title": place.title[:LONGEST_TITLE],
        "error_message": message,
    }


def _allowed(entry: Entry, book: Book) -> dict[str, Any]:
    if entry.codes:
        found = book.ranges[entry.codes]
        column = f"${found.letters}"
        source = f"='{found.sheet}'!{column}$2:{column}${found.last + 1}"
        return {"validate": "list", "source": source}
    if entry.words:
        return {"validate": "list", "source": list(entry.words)}
    if entry.low is None:
        return {"validate": "any"}
    kinds = {"text": "length", "date": "date", "whole": "integer", "decimal": "decimal"}
    between = {"criteria": "between", "minimum": entry.low, "maximum": entry.high}
    return {"validate": kinds[entry.form], **between}

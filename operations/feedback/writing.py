"""Feedback to an area as a page, as CSV and as a workbook: the same bytes for the same feedback."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path

import jinja2
import xlsxwriter

from operations.feedback.content import (
    Feedback,
    Section,
    areas_of,
    feedback,
    public_quarter,
)
from operations.home.settings import Settings
from schemas.quarter import Quarter

# Workbooks carry a date; a fixed one keeps the bytes the same.
MADE = datetime(2025, 4, 1)  # noqa: DTZ001 - a workbook's date has no zone
WIDTH = 28
_TEMPLATE = Path(__file__).with_name("feedback.html")
_PLAIN = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def write_all(
    settings: Settings, quarter: Quarter, area: str = "", folder: Path | None = None
) -> list[Feedback]:
    """Write the feedback on a public quarter to every area, or to one, and return it.

    It goes to a folder for each area in `folder`, else below `landing/feedback` of the home. Raises
    `FeedbackError` as `public_quarter` and `feedback`; nothing is written then.
    """
    public = public_quarter(settings, quarter)
    areas = [area] if area else areas_of(quarter)
    made = {code: feedback(settings, public, code) for code in areas}
    for code, words in made.items():
        write(words, (folder or settings.feedback / quarter.id) / code)
    return list(made.values())


def write(made: Feedback, folder: Path) -> None:
    """Write the three forms of the feedback to an area into a folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "feedback.html").write_text(as_page(made), encoding="utf-8")
    (folder / "feedback.csv").write_text(as_csv(made), encoding="utf-8")
    (folder / "feedback.xlsx").write_bytes(as_workbook(made))


def as_page(made: Feedback) -> str:
    """Return the feedback as a page."""
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    return environment.from_string(_TEMPLATE.read_text(encoding="utf-8")).render(made=made)


def as_csv(made: Feedback) -> str:
    """Return the feedback as CSV: each line begins with the part of the feedback that it is of.

    A section begins with a line of its headings.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("Feedback", made.title))
    writer.writerows(("Feedback", label) for label in made.labels)
    writer.writerows(("Feedback", *fact) for fact in made.facts)
    for section in made.sections:
        writer.writerows((section.title, note) for note in section.notes)
        writer.writerow((section.title, *section.headings))
        writer.writerows((section.title, *map(_harmless, row)) for row in section.rows)
    return text.getvalue()


def _harmless(cell: object) -> str:
    """Keep a spreadsheet from reading a cell as a formula, or as the end of a row."""
    text = "" if cell is None else str(cell)
    harmless = "'" + text if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
    # The writer of CSV puts no quotes around a carriage return before Python 3.13.
    return harmless.replace("\r", " ")


def as_workbook(made: Feedback) -> bytes:
    """Return the feedback as an XLSX workbook: what it is, then one sheet for each section.

    Text is written as text: no cell is a formula or a link.
    """
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, _PLAIN) as book:
        book.set_properties({"created": MADE, "title": made.title})
        first = Section("Feedback", made.labels, ("What this is", ""), made.facts)
        for section in (first, *made.sections):
            _sheet(book, section, made)
    return data.getvalue()


def _sheet(book: xlsxwriter.Workbook, section: Section, made: Feedback) -> None:
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet(section.title.removeprefix("Your ").capitalize()[:31])
    lines = (made.title, section.title, *made.labels, *section.notes)
    for at, line in enumerate(dict.fromkeys(lines)):
        sheet.write_string(at, 0, line, bold if at == 0 else None)
    top = len(dict.fromkeys(lines)) + 1
    sheet.set_column(0, max(len(section.headings) - 1, 0), WIDTH)
    for column, heading in enumerate(section.headings):
        sheet.write_string(top, column, heading, bold)
    for number, row in enumerate(section.rows, start=top + 1):
        for column, cell in enumerate(row):
            if isinstance(cell, int | float):
                sheet.write_number(number, column, cell, wrapped)
            else:
                sheet.write_string(number, column, "" if cell is None else str(cell), wrapped)
    sheet.freeze_panes(top + 1, 0)

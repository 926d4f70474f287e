"""The worksheet of the figures that a release revises: the rows of the list in the open data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from publications.release.public import PublicRelease
from publications.release.table import Figure, Value
from publications.spreadsheet.sheets import MIXED, Entry, Heading, Sheet
from publications.views.revised_figures import revision_rows
from publications.wording.explanations import shorthand
from publications.wording.naming import revisions_path
from publications.words import Words

COLUMNS: Mapping[str, float] = {
    "since": 3.4,
    "table_title": 9.0,
    "row": 9.0,
    "measure_label": 6.0,
    "unit": 3.4,
    "old_value": 4.6,
    "new_value": 4.6,
    "difference": 3.4,
    "reason_label": 15.0,
}
"""The columns of the list that the worksheet shows, in its order, with their widths in cm."""
FIGURES = {"old_value": "old_marker", "new_value": "new_marker", "difference": ""}
"""The columns of figures, each with the column of the marker that stands in its place."""


def revised_figures(release: PublicRelease, about: tuple[str, ...]) -> Sheet | None:
    """Return the worksheet, with lines `about` every worksheet first; None without a revision."""
    if not release.revisions.found:
        return None
    words = release.words
    listed = list(revision_rows(release))
    titles = words.section("data.columns")
    return Sheet(
        name=sheet_of_revisions(words),
        title=words.say("revisions.file_title", quarter=release.quarter.label),
        intro=(*about, *_lines(release, listed)),
        headings=tuple(
            Heading(titles[name], MIXED if name in FIGURES else "text", width=width)
            for name, width in COLUMNS.items()
        ),
        rows=tuple(tuple(_entry(row, name) for name in COLUMNS) for row in listed),
    )


def sheet_of_revisions(words: Words) -> str:
    """Return the name of the worksheet."""
    return words.say("spreadsheet.revisions.sheet")


def _lines(release: PublicRelease, listed: list[dict[str, str]]) -> Iterator[str]:
    words = release.words
    yield from words.listed("revisions.notes")
    used = {row[marker] for row in listed for marker in FIGURES.values() if marker} - {""}
    yield from shorthand(sorted(used), words)
    yield words.say("spreadsheet.revisions.blanks")
    yield words.say("spreadsheet.table.data", file=revisions_path(release.quarter))


def _entry(row: Mapping[str, str], name: str) -> Entry:
    """Return a cell: a figure as a number or date, the marker in its place, or words."""
    if name not in FIGURES:
        return row[name]
    marker = FIGURES[name]
    if row[name]:
        return Figure(_value(row[name]))
    return Figure(None, row[marker]) if marker and row[marker] else ""


def _value(text: str) -> Value:
    try:
        return Decimal(text)
    except ArithmeticError:
        return date.fromisoformat(text)

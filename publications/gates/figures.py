"""Gates on figures: none too small, none missing without a marker, the same in every format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from publications.gates.expected import Expected
from publications.gates.reading import (
    Files,
    header,
    header_position,
    known_sheets,
    rows_of,
    shorthand_columns,
)
from publications.gates.words import LETTER
from publications.views.layout import Key, Layout
from publications.wording.naming import csv_path, sheet_name
from schemas.texts import counted

NULLS = {"null", "none", "nan", "na", "n/a", "#n/a", "-", "..", ":", "*", "nat", "<na>"}


def small_counts(release: Expected, files: Files) -> list[str]:
    """No count of one to four people stands in the open data, and none off its grid."""
    problems = []
    for table in release.tables:
        path = csv_path(release.quarter, table)
        for line, row in enumerate(rows_of(files, path), start=2):
            grid = release.grids.get((table.id, row["measure"]))
            value = Decimal(row["value"] or 0)
            if grid is not None and 0 < value < 5:
                problems.append(
                    f"{path}: line {line} holds a count of 1 to 4 people. "
                    "Check the protection of its population; do not publish."
                )
            elif grid is not None and value % grid:
                problems.append(
                    f"{path}: line {line} holds a count of people that is no multiple of {grid}. "
                    "Check the protection of its population; do not publish."
                )
    return problems


def no_null_symbols(release: Expected, files: Files) -> list[str]:
    """No symbol stands for a missing value, and a CSV value is empty only beside a marker."""
    problems = []
    for table in release.tables:
        path = csv_path(release.quarter, table)
        lines = rows_of(files, path)
        shown = [name for name in lines[0] if not name.endswith("_code")] if lines else []
        nulls = _nulls(row.get(name, "") for row in lines for name in shown)
        for line, row in enumerate(lines, start=2):
            if nulls and any(row.get(name, "") in nulls for name in shown):
                problems.append(f"{path}: line {line} holds a symbol for a missing value.")
            if not (row["value"] or row["marker"] or row.get("date")):
                problems.append(f"{path}: line {line} has neither a value nor a marker.")
    for name, rows in known_sheets(files, release).items():
        if name.startswith("Table_"):
            body = rows[header_position(rows) + 1 :]
            bad = _nulls(str(cell) for cell in {cell for row in body for cell in row})
            problems += [f"worksheet {name} holds a symbol for a missing value."] if bad else []
    return problems


def _nulls(cells: Iterable[str]) -> set[str]:
    """Return the cells that look like a missing value; codes come from code lists and may."""
    return {cell for cell in set(cells) if cell.strip().lower() in NULLS}


def same_in_spreadsheet(release: Expected, files: Files) -> list[str]:
    """Every figure of the spreadsheet is the figure of the open data."""
    books = known_sheets(files, release)
    problems = []
    for layout in release.layouts:
        name, path = sheet_name(layout.table), csv_path(release.quarter, layout.table)
        known = _open_figures(layout, rows_of(files, path))
        problems += [
            f"worksheet {name}, {fault}: not as in {path}."
            for fault in _unlike(layout, books[name], known)
        ]
    return problems


Known = dict[Key, tuple[str, str]]


def _open_figures(layout: Layout, rows: list[dict[str, str]]) -> Known:
    """Return the value and marker of every figure of a CSV file."""
    dimensions = [f"{column.id}_code" for column in layout.table.dimensions]
    return {
        (row["measure"], tuple(row[d] for d in dimensions)): (
            row.get("date") or row["value"],
            row["marker"],
        )
        for row in rows
    }


def _unlike(layout: Layout, rows: list[list[Any]], known: Known) -> Iterator[str]:
    """Name the rows of a worksheet whose figures are not the known ones."""
    start = header_position(rows) + 1
    own = shorthand_columns(header(rows), layout.words)
    keys = list(layout.keys())
    if len(keys) != len(rows) - start:
        yield f"{counted(len(rows) - start, 'row', 'rows')} in place of {len(keys)}"
        return
    for line, (row, expected) in enumerate(zip(rows[start:], keys, strict=True), start=1):
        found = [_same(figure) for figure in _figures(row, own, len(layout.labels))]
        if found != [_same(known.get(key, ("", ""))) for key in expected]:
            yield f"row {line} of the table"


def _figures(row: list[Any], own: list[bool], first: int) -> Iterator[tuple[str, str]]:
    """Give the value and marker of each figure of a worksheet's row."""
    place = first
    while place < len(own):
        cell = row[place]
        marker = str(row[place + 1]) if place + 1 < len(own) and own[place + 1] else ""
        place += 2 if place + 1 < len(own) and own[place + 1] else 1
        text = str(cell)
        if LETTER.fullmatch(text):
            yield "", text[1]
        else:
            yield text, marker.strip("[]")


def _same(figure: tuple[str, str]) -> tuple[object, str]:
    value, marker = figure
    try:
        return (Decimal(value) if value else ""), marker
    except InvalidOperation:
        return value[:10], marker

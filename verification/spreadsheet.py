"""Whether the spreadsheet shows the same figures as the open data, and no others."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from verification.findings import INTEGRITY, Finding
from verification.folder import Folder
from verification.language import REVISED, ReleaseWords
from verification.revised_sheet import differs_from_list
from verification.sheets import SheetLayout, as_written, layout
from verification.tables import Table
from verification.unpacking import packed_again, unpacked

SHEET = re.compile(r"Table_(\d+)(_.*)?")
Sheets = Mapping[str, list[list[Any]]]


def differences(folder: Folder, tables: Sequence[Table]) -> list[Finding]:
    """List every figure that the spreadsheet and the open data do not show alike."""
    books = [path for path in folder.files if path.endswith(".ods")]
    if len(books) != 1:
        return [Finding(INTEGRITY, f"The release holds {len(books)} spreadsheets, not one.")]
    try:
        held = packed_again(unpacked(folder.files[books[0]]))
        book = CalamineWorkbook.from_filelike(io.BytesIO(held))
        sheets = {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in book.sheet_names
        }
    except (CalamineError, ValueError) as fault:
        return [Finding(INTEGRITY, f"{books[0]} cannot be read ({fault}).")]
    revised = sheets.pop(folder.words.texts[REVISED], None)
    problems = [*_compared(sheets, tables, folder.words), *differs_from_list(folder, revised)]
    return [Finding(INTEGRITY, f"{books[0]}: {words}") for words in problems]


def _compared(sheets: Sheets, tables: Sequence[Table], words: ReleaseWords) -> Iterator[str]:
    numbered = {int(m[1]): name for name in sheets if (m := SHEET.fullmatch(name))}
    for name in sheets:
        if name not in words.sheets and name not in numbered.values():
            yield f"the sheet {name} is none of the tables."
    for number in sorted(numbered.keys() - {table.number for table in tables}):
        yield f"the sheet {numbered[number]} has no table in the open data."
    for table in tables:
        if table.number in numbered:
            yield from _sheet(table, sheets[numbered[table.number]], words)
        else:
            yield f"Table {table.number} has no sheet."


def _sheet(table: Table, rows: list[list[Any]], words: ReleaseWords) -> Iterator[str]:
    top = next((i for i, row in enumerate(rows) if all(row[:2]) and len(row) > 1), len(rows))
    heading = [str(word) for word in rows[top]] if top < len(rows) else []
    found = layout(table, heading, rows[top + 1 :], words)
    if found is None:
        yield f"the columns of Table {table.number} are not those of {table.path}."
        return
    for title in found.stray(heading, rows[top + 1 :]):
        yield f"Table {table.number}: the column {title!r} has numbers that the open data has not."
    yield from _figures(table, found, found.shown(heading, rows[top + 1 :]))


def _figures(
    table: Table, found: SheetLayout, cells: Sequence[tuple[tuple[str, ...], str]]
) -> Iterator[str]:
    shown = dict(cells)
    if len(shown) < len(cells):
        yield f"Table {table.number} has two rows with the same words."
    for figure in table.figures:
        key = found.key(figure)
        wanted = as_written(figure)
        written = "" if key is None else shown.pop(key, "")
        left_out = found.across is not None and key is None and figure.marker == "z"
        if written != wanted and not left_out:
            yield f"{figure.place}: shown as {written or 'nothing'}, in the open data as {wanted}."
    for key, written in shown.items():
        if written:
            words = ", ".join(key)
            yield f"Table {table.number}, {words}: shown as {written}, not in the open data."

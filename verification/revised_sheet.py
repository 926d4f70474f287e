"""Whether the worksheet of revised figures shows the list of them in the open data."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from verification.folder import Folder

LIST = "-revisions.csv"
COLUMNS = (
    *("since", "table_title", "row", "measure_label", "unit"),
    *("old_value", "new_value", "difference", "reason_label"),
)
MARKERS = {"old_value": "old_marker", "new_value": "new_marker"}


def differs_from_list(folder: Folder, sheet: Sequence[Sequence[Any]] | None) -> Iterator[str]:
    """Say where the worksheet and the list do not show the same rows; both can be missing.

    A release from before there was such a worksheet has a list alone.
    """
    if sheet is None:
        return
    listed = _listed(folder)
    top = next((i for i, row in enumerate(sheet) if len(row) > 1 and all(row)), len(sheet))
    rows = sheet[top + 1 :]
    if len(rows) != len(listed):
        yield f"{len(rows)} revised figures are shown, and the open data lists {len(listed)}."
    for number, (shown, row) in enumerate(zip(rows, listed, strict=False), start=1):
        if [_text(cell) for cell in shown] != [_wanted(row, name) for name in COLUMNS]:
            yield f"the revised figure in row {number} is not that of the open data."


def _listed(folder: Folder) -> list[Mapping[str, str]]:
    found = [content for path, content in folder.files.items() if path.endswith(LIST)]
    text = found[0].decode(errors="replace") if len(found) == 1 else ""
    return list(csv.DictReader(io.StringIO(text)))


def _wanted(row: Mapping[str, str], name: str) -> str:
    """Return what a cell is to show: words, a number, a date, or a marker in brackets."""
    value = row.get(name) or ""
    if name not in (*MARKERS, "difference"):
        return value
    marker = row.get(MARKERS.get(name, ""), "")
    if not value:
        return f"[{marker}]" if marker else ""
    try:
        return repr(float(value))
    except ValueError:
        return value


def _text(cell: Any) -> str:
    if isinstance(cell, bool) or not isinstance(cell, int | float | datetime.date):
        return str(cell)
    return cell.isoformat()[:10] if isinstance(cell, datetime.date) else repr(float(cell))

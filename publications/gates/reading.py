"""Finished files as gates read them: rows, cells, worksheets, texts."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from publications.model import Release
from publications.naming import workbook_path

Files = Mapping[str, bytes]


def rows_of(files: Files, path: str) -> list[dict[str, str]]:
    """Read a CSV file as rows by heading."""
    return list(csv.DictReader(io.StringIO(files[path].decode())))


def cell_at(files: Files, reference: str) -> str | None:
    """Read a cell by its address, `data/file.csv#cell=4,9` (rows and columns from 1)."""
    path, _, place = reference.partition("#cell=")
    row, column = (int(part) for part in place.split(","))
    if path not in files:
        return None
    lines = list(csv.reader(io.StringIO(files[path].decode())))
    if row > len(lines) or column > len(lines[row - 1]):
        return None
    return lines[row - 1][column - 1] or None


def sheets(release: Release, files: Files) -> dict[str, list[list[Any]]]:
    """Read the worksheets with another library than the one that wrote them."""
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 - needed here alone

    book = CalamineWorkbook.from_filelike(io.BytesIO(files[workbook_path(release.quarter)]))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def top(rows: list[list[Any]]) -> int:
    """Return the place of the header row: the first row with more than one filled cell."""
    return next(i for i, row in enumerate(rows) if sum(cell != "" for cell in row) > 1)


def header(rows: list[list[Any]]) -> list[str]:
    """Return the headings of a worksheet's table."""
    return [str(cell) for cell in rows[top(rows)]]


def texts(files: Files) -> Iterator[tuple[str, str]]:
    """Give every file as text; the parts of a spreadsheet one by one."""
    for path, content in files.items():
        if path.endswith(".ods"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                for name in archive.namelist():
                    yield f"{path} ({name})", archive.read(name).decode(errors="replace")
        else:
            yield path, content.decode(errors="replace")

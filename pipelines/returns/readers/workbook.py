"""Packs as one workbook, XLSX or ODS: a sheet for each return, and a cover that is the manifest."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from python_calamine import CalamineWorkbook

from pipelines.returns.errors import Fault, PackFault
from pipelines.returns.readers.cells import Cell
from pipelines.returns.readers.cover import cover_fields, listed, other_cells
from pipelines.returns.readers.layout import ALIKE, LONGEST_NAME, MOST_LISTED
from pipelines.returns.readers.ods_parts import ods_parts
from pipelines.returns.readers.parts import Parts, SheetParts
from pipelines.returns.readers.reader import ReturnSheet
from pipelines.returns.readers.table import PLAIN, above_header, table
from pipelines.returns.readers.xlsx_parts import xlsx_parts
from schemas.returns import Pack, Return
from schemas.returns.pack import COVER, HELP_SHEETS
from schemas.texts import counted


class WorkbookReader:
    """Packs that are one workbook of a kind. `file` is the name that it has once it is received."""

    lists_files = False

    def __init__(self, file: str, parts: Callable[[bytes], Parts]) -> None:
        self.file = file
        self._parts = lru_cache(maxsize=1)(parts)

    @property
    def called(self) -> Mapping[str, str]:
        """The sheet that stands for each file of a pack of CSV files."""
        return CALLED

    def knows(self, names: Collection[str]) -> bool:
        """Say whether the workbook is among these names."""
        return self.file in names

    def files(self, pack: Pack) -> tuple[str, ...]:
        """List the workbook."""
        return (self.file,)

    def missing(self, files: Mapping[str, bytes], pack: Pack) -> list[Fault]:
        """List the sheets of returns that are not there."""
        with _answered():
            book = self._open(files)
            lacking = [one for one in pack.files if book.find(one.sheet) is None]
            return [
                Fault("files_are_there", one.file, book.instead_of(one.sheet, pack))
                for one in lacking
            ]

    def manifest(self, files: Mapping[str, bytes], pack: Pack) -> dict[str, Any]:
        """Return the fields of the cover, and the organisations of their sheet."""
        with _answered():
            book = self._open(files)
            if book.find(COVER) is None:
                raise PackFault("cover_is_there", found=book.instead_of(COVER, pack))
            fields = cover_fields(book.rows(COVER), pack.manifest)
            declared = pack.organisations
            rows = book.rows(declared.sheet) if book.find(declared.sheet) else iter(())
            fields[declared.name] = listed(rows, declared)
            return fields

    def notes(self, files: Mapping[str, bytes], pack: Pack) -> list[Fault]:
        """Say what the workbook as a whole holds beyond the template."""
        with _answered():
            return self._open(files).notes(pack)

    def beside(self, files: Mapping[str, bytes], pack: Pack) -> Iterator[tuple[str, str]]:
        """Yield what the workbook holds beside fields: see `_Book.beside`."""
        with _answered():
            yield from list(self._open(files).beside(pack))

    def count(self, files: Mapping[str, bytes], pack: Pack) -> int:
        """Count the rows of the sheets that hold anything, less their headers."""
        with _answered():
            book = self._open(files)
            there = [one.sheet for one in pack.files if book.find(one.sheet)]
            return sum(max(sum(map(_is_filled, book.rows(sheet))) - 1, 0) for sheet in there)

    def read(
        self, files: Mapping[str, bytes], declared: Return, optional: Sequence[str] = ()
    ) -> ReturnSheet:
        """Read the sheet of one return; see `Reader.read`."""
        with _answered(declared.file):
            book = self._open(files)
            parts = book.find(declared.sheet)
            if parts is None:
                raise PackFault("files_are_there", declared.file)
            return table(book.rows(declared.sheet), parts, book.left(parts), declared, optional)

    def _open(self, files: Mapping[str, bytes]) -> _Book:
        data = files[self.file]
        parts = self._parts(data)
        if parts.counts_from_1904:
            raise PackFault("workbook_counts_days_from_1900")
        return _Book(CalamineWorkbook.from_filelike(io.BytesIO(data)), parts)


@dataclass(frozen=True)
class _Book:
    """An open workbook. Sheets are found by their names, whatever their letters and spaces."""

    values: CalamineWorkbook
    parts: Parts

    def find(self, name: str) -> SheetParts | None:
        """Return what was found in a sheet, None when there is none of this name."""
        found = [parts for key, parts in self.parts.sheets.items() if _plain(key) == _plain(name)]
        if len(found) > 1:
            raise PackFault("names_are_distinct")
        return found[0] if found else None

    def rows(self, name: str) -> Iterator[list[Cell]]:
        """Yield the rows of a sheet from its first one on."""
        parts = self.find(name)
        return iter(self.values.get_sheet_by_name(parts.name).iter_rows()) if parts else iter(())

    def left(self, parts: SheetParts) -> int:
        """Return how many empty columns stand before the first filled one."""
        start = self.values.get_sheet_by_name(parts.name).start
        return start[1] if start else 0

    def instead_of(self, name: str, pack: Pack) -> str:
        """Say which sheets a workbook has that the template has not, in place of one it lacks.

        They are counted from the left: the names that somebody gave them could be anything.
        """
        other = {
            at: _plain(sheet)
            for at, sheet in enumerate(self.parts.sheets, 1)
            if _plain(sheet) not in _known(pack)
        }
        begun = f"It has no sheet {name}."
        if not other:
            return begun
        like = [at for at, sheet in other.items() if _looks_like(sheet, name)]
        places = ", ".join(map(str, list(other)[:MOST_LISTED]))
        rest = f"The template does not have its sheet number {places}, counted from the left."
        return f"{begun} {f'Sheet number {like[0]} may be {name}.' if like else rest}"

    def beside(self, pack: Pack) -> Iterator[tuple[str, str]]:
        """Yield names of sheets, cells of the cover, rows above headers, comments, properties."""
        for at, name in enumerate(self.parts.sheets, 1):
            if _plain(name) not in _known(pack):
                yield f"the name of sheet number {at}, counted from the left", name
        for row, text in other_cells(self.rows(COVER), pack.manifest):
            yield f"row {row} of sheet {COVER}", text
        for declared in pack.files:
            for row, text in above_header(self.rows(declared.sheet), declared):
                yield f"row {row} of sheet {declared.sheet}, above the header", text
        yield from self.parts.beside

    def notes(self, pack: Pack) -> list[Fault]:
        """Say what the workbook holds beyond the template."""
        read = _read(pack)
        others = sum(_plain(name) not in _known(pack) for name in self.parts.sheets)
        hidden = sum(
            one.is_hidden and _plain(name) in read for name, one in self.parts.sheets.items()
        )
        said = (
            (others, counted(others, "more sheet was not read.", "more sheets were not read.")),
            (hidden, counted(hidden, "hidden sheet was read.", "hidden sheets were read.")),
            (self.parts.has_links, "Links to other files were not followed."),
        )
        words = " ".join(sentence for holds, sentence in said if holds)
        return [Fault(PLAIN, found=words)] if words else []


def _plain(name: str) -> str:
    return name.strip().casefold()


def _read(pack: Pack) -> set[str]:
    """Return the plain names of the sheets that are read."""
    return {_plain(each) for each in (COVER, *(one.sheet for one in pack.returns))}


def _known(pack: Pack) -> set[str]:
    """Return the plain names of the sheets of the template."""
    return _read(pack) | {_plain(each) for each in HELP_SHEETS}


def _looks_like(sheet: str, name: str) -> bool:
    return bool(get_close_matches(sheet[:LONGEST_NAME], [_plain(name)], n=1, cutoff=ALIKE))


def _is_filled(row: Sequence[Cell]) -> bool:
    return any(not isinstance(cell, str) or cell.strip() for cell in row)


@contextmanager
def _answered(file: str = "pack") -> Iterator[None]:
    """Turn what the libraries raise on a damaged workbook into a fault of the pack.

    A panic of the library that reads values is no `Exception`.
    """
    try:
        yield
    except (PackFault, MemoryError):
        raise
    except BaseException as trouble:
        if isinstance(trouble, Exception) or type(trouble).__name__ == "PanicException":
            raise PackFault("pack_can_be_read", file, "The workbook is damaged.") from trouble
        raise


CALLED = {
    f"{name}.csv": f"sheet {name.capitalize()}"
    for name in ("participants", "events", "aggregate", "organisations")
} | {"manifest.json": f"sheet {COVER}"}
XLSX = WorkbookReader("return.xlsx", xlsx_parts)
ODS = WorkbookReader("return.ods", ods_parts)

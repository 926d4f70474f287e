"""The rows of one sheet of a workbook as text with their places; the header is looked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import polars as pl

from pipelines.returns.errors import Fault, PackFault
from pipelines.returns.readers.cells import Cell, as_text, is_number
from pipelines.returns.readers.layout import differences
from pipelines.returns.readers.parts import SheetParts
from pipelines.returns.readers.reader import ReturnSheet
from schemas.returns import Return
from schemas.texts import counted

PLAIN = "workbook_is_plain"
# The header is looked for in so many rows: people write titles above it.
ROWS_BEFORE_HEADER = 20


@dataclass(frozen=True)
class Header:
    """The header of a sheet: its row, the first being 0, and the name of each column."""

    row: int
    names: tuple[str, ...]

    def place(self, name: str) -> int | None:
        """Return the column of a name; None when there is none."""
        return self.names.index(name) if name in self.names else None


def table(
    cells: Iterable[Sequence[Cell]],
    parts: SheetParts,
    left: int,
    declared: Return,
    optional: Sequence[str] = (),
) -> ReturnSheet:
    """Return the rows below the header, in the columns of a return; see `Reader.read`.

    `left` counts the empty columns before the first cell of a row. Rows with an error of the
    spreadsheet, or a formula without a value, are broken. Raises `PackFault` when no row is the
    header.
    """
    rows = iter(cells)
    lead = list(islice(rows, ROWS_BEFORE_HEADER))
    header = _header(lead, declared, optional)
    faulty = _faulty(parts, left, header)
    numbers: list[int] = []
    kept: list[Sequence[Cell]] = []
    broken: dict[int, str] = {}
    at = last = header.row
    for row in (*lead[header.row + 1 :], *rows):
        at += 1
        wrong = faulty.get(at) or _beside(row, header)
        if wrong:
            broken[at + 1] = wrong
        elif any(_is_filled(cell) for cell in row):
            numbers.append(at + 1)
            kept.append(row)
        else:
            continue
        last = at
    blank = last - header.row - len(kept) - len(broken)
    places = {name: header.place(name) for name in declared.names}
    texts = {n: [None if p is None else as_text(row[p]) for row in kept] for n, p in places.items()}
    schema = {"row_number": pl.Int64(), **dict.fromkeys(declared.names, pl.String())}
    frame = pl.DataFrame({"row_number": numbers, **texts}, schema=schema)
    remarks = [*_layout(parts, header, blank, declared), *_numbers(kept, places, declared)]
    return ReturnSheet(declared.file, frame, broken, tuple(remarks), blank)


def above_header(cells: Iterable[Sequence[Cell]], declared: Return) -> Iterator[tuple[int, str]]:
    """Yield what stands above the header, after its row from 1, the words of a row together.

    The header is the first row with at least half of the columns; without one nothing is read.
    """
    above: list[tuple[int, str]] = []
    for number, row in enumerate(islice(cells, ROWS_BEFORE_HEADER), start=1):
        if 2 * len(set(_names(row)) & set(declared.names)) >= len(declared.names):
            yield from above
            return
        texts = [text for cell in row if (text := as_text(cell))]
        above.append((number, " ; ".join(texts)))


def _header(lead: Sequence[Sequence[Cell]], declared: Return, optional: Sequence[str]) -> Header:
    """Return the first row that is the header; raises `PackFault` on the likeliest when none is."""
    named = [Header(at, _names(row)) for at, row in enumerate(lead)]
    filled = [header for header in named if any(header.names)]
    if not filled:
        raise PackFault("file_is_not_empty", declared.file)
    for header in filled:
        if not differences(header.names, declared.names, optional):
            return header
    likeliest = max(filled, key=lambda header: len(set(header.names) & set(declared.names)))
    wrong = differences(likeliest.names, declared.names, optional)
    raise PackFault("columns_are_those_of_the_template", declared.file, " ".join(wrong))


def _names(row: Sequence[Cell]) -> tuple[str, ...]:
    return tuple((as_text(cell) or "").strip().lower() for cell in row)


def _is_filled(cell: Cell) -> bool:
    return not isinstance(cell, str) or bool(cell.strip())


def _beside(row: Sequence[Cell], header: Header) -> str:
    """Say when a row holds something in a column that has no header."""
    spare = (cell for cell, name in zip(row, header.names, strict=True) if not name)
    return (
        "It holds something in a column that has no header." if any(map(_is_filled, spare)) else ""
    )


def _faulty(parts: SheetParts, left: int, header: Header) -> dict[int, str]:
    """Say by row, the first being 0, which columns hold an error, or a formula without a value."""
    kinds = (
        (parts.errors, "an error of the spreadsheet, such as #N/A"),
        (parts.unstored, "a formula whose value is not in the file"),
    )
    found: dict[int, str] = {}
    for places, words in kinds:
        by_row: dict[int, list[str]] = {}
        for row, column in sorted(places):
            at = column - left
            is_named = 0 <= at < len(header.names) and header.names[at]
            by_row.setdefault(row, []).append(header.names[at] if is_named else "another column")
        for row, names in by_row.items():
            found.setdefault(row, f"It holds {words}, in {', '.join(dict.fromkeys(names))}.")
    return found


def _layout(parts: SheetParts, header: Header, blank: int, declared: Return) -> list[Fault]:
    """Note what the sheet holds beyond a header and rows of values."""
    formulas = parts.formulas - len(parts.unstored)
    begun = [f"Its header is on row {header.row + 1}."] if header.row else []
    said = (
        (blank, "empty row between the others.", "empty rows between the others."),
        (
            formulas,
            "formula; its stored value was read.",
            "formulas; their stored values were read.",
        ),
        (parts.merged, "merged cell; its value was read.", "merged cells; their values were read."),
        (parts.hidden_rows, "hidden row; it was read.", "hidden rows; they were read."),
    )
    held = [f"It has {counted(number, one, more)}" for number, one, more in said if number]
    words = " ".join([*begun, *held])
    return [Fault(PLAIN, declared.file, words)] if words else []


def _numbers(
    rows: Sequence[Sequence[Cell]], places: Mapping[str, int | None], declared: Return
) -> list[Fault]:
    """Note references that the spreadsheet keeps as numbers: noughts at their front are gone."""
    counts = {
        field.name: sum(is_number(row[at]) for row in rows)
        for field in declared.fields
        if field.kind.is_reference and (at := places[field.name]) is not None
    }
    said = [
        f"{name}: {counted(number, 'number', 'numbers')}."
        for name, number in counts.items()
        if number
    ]
    words = " ".join(said)
    return [Fault("references_are_text", declared.file, words)] if words else []

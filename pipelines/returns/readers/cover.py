"""The cover of a pack, as a sheet or CSV file: a name and a value in each row, as a manifest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.returns.errors import PackFault
from pipelines.returns.readers.cells import Cell, as_text
from pipelines.returns.readers.layout import differences
from pipelines.returns.readers.manifests import given_twice
from schemas.fields import Field, Flag
from schemas.returns import Return

LONDON = ZoneInfo("Europe/London")
_FLAGS = {"true": "true", "false": "false"}
# A spreadsheet can keep the truth value of a formula such as =TRUE() as a number.
_AS_NUMBERS = {"1": "true", "0": "false"}


class Placed(dict[str, Any]):
    """An entry of a list, with the row that it stands in."""

    row: int = 0


class CoverFields(dict[str, Any]):
    """The fields of a manifest that is a sheet; `rows` says in which row of it each stands."""

    def __init__(self, fields: Mapping[str, Any], rows: Mapping[str, int]) -> None:
        super().__init__(fields)
        self.rows = dict(rows)


def cover_fields(rows: Iterable[Sequence[Cell]], declared: Return) -> CoverFields:
    """Return the fields of the manifest that the rows of a cover give, as text.

    A row gives a field when its first filled cell is the name of one; the cell after it is the
    value, None when it is blank. A time of day without an offset is London's. Raises `PackFault`
    when a field stands twice.
    """
    fields: dict[str, Any] = {}
    names = []
    places: dict[str, int] = {}
    for at, row in enumerate(rows, start=1):
        filled = [column for column, cell in enumerate(row) if as_text(cell)]
        name = (as_text(row[filled[0]]) or "").strip().lower() if filled else ""
        if name in declared.names:
            names.append(name)
            places[name] = at
            beside = row[filled[0] + 1 :]
            fields[name] = _value(beside[0], declared.field(name)) if beside else None
    if len(fields) < len(names):
        raise given_twice(names)
    return CoverFields(fields, places)


def other_cells(rows: Iterable[Sequence[Cell]], declared: Return) -> Iterator[tuple[int, str]]:
    """Yield what a cover holds beside fields, their values and the template's words, after its row.

    Rows count from 1.
    """
    words = {f"{field.description}: {field.kind.expected}" for field in declared.fields}
    for number, row in enumerate(rows, start=1):
        filled = [(at, text) for at, cell in enumerate(row) if (text := as_text(cell))]
        is_field = bool(filled) and filled[0][1].strip().lower() in declared.names
        ours = {filled[0][0], filled[0][0] + 1} if is_field else set()
        yield from ((number, text) for at, text in filled if at not in ours and text not in words)


def _value(cell: Cell, field: Field) -> str | None:
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=LONDON).isoformat()
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day, tzinfo=LONDON).isoformat()
    text = (as_text(cell) or "").strip()
    if isinstance(field.kind, Flag):
        text = _AS_NUMBERS.get(text, text)
    return _FLAGS.get(text.lower(), text) or None


def listed(rows: Iterable[Sequence[Cell]], declared: Return) -> list[Placed]:
    """Return the rows below the header of a list as entries of the manifest, blank rows left out.

    Raises `PackFault` when the first row has other columns than the list.
    """
    header: list[str] = []
    entries = []
    for at, row in enumerate(rows, start=1):
        texts = [(as_text(cell) or "").strip() or None for cell in row]
        if not any(texts):
            continue
        if not header:
            header = [(text or "").lower() for text in texts]
            optional = [field.name for field in declared.fields if field.required is False]
            wrong = differences(header, declared.names, optional)
            if wrong:
                raise PackFault("columns_are_those_of_the_template", declared.file, " ".join(wrong))
            continue
        entry = Placed(zip(header, texts, strict=False))
        entry.row = at
        entries.append(entry)
    return entries

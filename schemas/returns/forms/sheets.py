"""The form as sheets: the cover, one sheet for each list, guidance, examples, code lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import reference
from schemas.fields import Code, Field, codes
from schemas.quarter import Quarter
from schemas.returns.declaration import Pack, Return
from schemas.returns.dictionary import ILLUSTRATIVE
from schemas.returns.forms.book import Book, CodeRange, FormCells, FormSheet, Row
from schemas.returns.forms.examples import Rows, example_rows
from schemas.returns.pack import COVER, HELP_SHEETS, PACK

ROWS_TO_FILL = 20_000
GUIDANCE, EXAMPLES, LISTS = HELP_SHEETS
COVER_HEADING = ("Field", "Value", "What to write")
_EXAMPLE_AREA = "CTW-EN01"


def form(
    area: str | None,
    quarter: Quarter,
    pack: Pack = PACK,
    rows: Mapping[str, Rows] | None = None,
    cover: Mapping[str, str | None] | None = None,
) -> Book:
    """Return the form of an area and quarter, or of any area when none is given.

    `rows` are already filled in, by the name of the return, and so is what `cover` gives.
    """
    filled = rows or {}
    lists, ranges = _code_lists(pack)
    given = known_fields(area, quarter, pack) | dict(cover or {})
    examples = example_rows(area or _EXAMPLE_AREA, quarter, pack)
    title = f"Connect to Work return {pack.template_id} {pack.template_version}"
    data = (_data(each, filled.get(each.name, ())) for each in (pack.organisations, *pack.files))
    sheets = (
        _cover(title, given, pack),
        *data,
        _guidance(title, pack),
        _examples(examples, pack),
        lists,
    )
    return Book(title, sheets, ranges)


def known_fields(area: str | None, quarter: Quarter, pack: Pack = PACK) -> dict[str, str | None]:
    """Return what the cover says before anybody fills it in, by the name of the field."""
    known = {
        "template_id": pack.template_id,
        "template_version": pack.template_version,
        "delivery_area_code": area,
        "period_id": quarter.id,
        "submission_sequence": "1",
    }
    return {name: known.get(name) for name in pack.manifest.names}


def _cover(title: str, given: Mapping[str, str | None], pack: Pack) -> FormSheet:
    lines: list[Row] = [(title,), (f"{ILLUSTRATIVE}. Fill in the second column.",), COVER_HEADING]
    top = len(lines)
    fields = pack.manifest.fields
    for field in fields:
        value = field.kind.entry.typed(given[field.name])
        lines.append((field.name, value, f"{field.description}: {field.kind.expected}"))
    places = tuple(_place(field, 1, top + at, top + at) for at, field in enumerate(fields))
    return FormSheet(COVER, tuple(lines), top - 1, (28, 36, 90), places)


def _data(declared: Return, rows: Rows) -> FormSheet:
    fields = declared.fields
    typed = (tuple(f.kind.entry.typed(row[f.name]) for f in fields) for row in rows)
    places = tuple(_place(field, at, 1, ROWS_TO_FILL) for at, field in enumerate(fields))
    return FormSheet(declared.sheet, (declared.names, *typed), 0, _wide(declared), places)


def _wide(declared: Return) -> tuple[int, ...]:
    return tuple(max(14, len(name) + 2) for name in declared.names)


def _place(field: Field, column: int, first: int, last: int) -> FormCells:
    message = f"{field.description}. Write {field.kind.expected}. Filled: {field.needed}."
    return FormCells(column, first, last, field.kind.entry, field.name, message)


def _guidance(title: str, pack: Pack) -> FormSheet:
    """List every field with what to write in it."""
    lines: list[Row] = [
        (title,),
        (f"{ILLUSTRATIVE}. Fill in the sheets before this one, a row for each line to send.",),
        ("Days are dates, or written 2026-09-30. Leave a cell empty where nothing is known.",),
        ("Sheet", "Field", "What it holds", "What to write", "Filled", "Since"),
    ]
    sheets: Sequence[tuple[str, Return]] = (
        (COVER, pack.manifest),
        *((each.sheet, each) for each in (pack.organisations, *pack.files)),
    )
    for sheet, declared in sheets:
        lines += [
            (sheet, f.name, f.description, f.kind.expected, f.needed, f.introduced)
            for f in declared.fields
        ]
    return FormSheet(GUIDANCE, tuple(lines), 3, (18, 26, 60, 60, 36, 8))


def _examples(examples: Mapping[str, Rows], pack: Pack) -> FormSheet:
    """Show each return's header and example rows. Nothing here is read."""
    lines: list[Row] = [("Made-up rows, to look at. What stands on this sheet is not read.",)]
    for declared in (pack.organisations, *pack.files):
        fields = declared.fields
        lines += [(), (declared.sheet,), declared.names]
        lines += [tuple(row[f.name] for f in fields) for row in examples[declared.name]]
    return FormSheet(EXAMPLES, tuple(lines), 0, _wide(pack.participants))


def _code_lists(pack: Pack) -> tuple[FormSheet, dict[str, CodeRange]]:
    """Write every code list in two columns; return where the codes of each stand."""
    kinds = [field.kind for declared in pack.returns for field in declared.fields]
    names = sorted({kind.name for kind in kinds if isinstance(kind, Code)})
    columns: list[Sequence[str]] = []
    for name in names:
        labels = _labels(name)
        columns.append((f"{name}: code", *codes(name)))
        columns.append((f"{name}: label", *(labels.get(code, "") for code in codes(name))))
    height = max(map(len, columns))
    rows = [tuple(c[at] if at < len(c) else None for c in columns) for at in range(height)]
    ranges = {name: CodeRange(LISTS, 2 * at, len(codes(name))) for at, name in enumerate(names)}
    return FormSheet(LISTS, tuple(rows), 0, (24,) * len(columns)), ranges


def _labels(name: str) -> dict[str, str]:
    if name == "delivery_area":
        places = reference.delivery_areas().select("delivery_area_code", "delivery_area_name")
    elif name == "local_authority":
        places = reference.local_authorities().select("la_code", "la_name")
    else:
        places = reference.code_list(name).select("code", "label")
    return dict(places.rows())

"""The files of the template: a workbook of each kind, and CSV files for `ctw seal`."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

from schemas.quarter import Quarter
from schemas.returns.declaration import Pack
from schemas.returns.dictionary import dictionary
from schemas.returns.forms.book import Row
from schemas.returns.forms.examples import Rows
from schemas.returns.forms.ods import write_ods
from schemas.returns.forms.sheets import COVER_HEADING, form, known_fields
from schemas.returns.forms.xlsx import write_xlsx
from schemas.returns.pack import COVER_FILES, HELP_SHEETS, PACK
from schemas.returns.specification import as_json, changelog, data_package


def template_files(area: str | None, quarter: Quarter, pack: Pack = PACK) -> dict[str, bytes]:
    """Return the files of the template by their path: named as an area sends them, if one is given.

    The same declarations give the same bytes.
    """
    name = f"{area}_{quarter.id}_v1" if area else "return-form"
    book = form(area, quarter, pack)
    help_sheets = {s.name: s.rows for s in book.sheets if s.name in HELP_SHEETS}
    return {
        f"{name}.xlsx": write_xlsx(book),
        f"{name}.ods": write_ods(book),
        **{f"{name}/{file}": data for file, data in csv_files(area, quarter, pack).items()},
        **{
            f"help/{title.lower().replace(' ', '-')}.csv": _csv(rows)
            for title, rows in help_sheets.items()
        },
        "help/data-dictionary.md": dictionary(pack).encode(),
        "help/datapackage.json": as_json(data_package(pack)).encode(),
        "help/changes.md": changelog(pack).encode(),
    }


def csv_files(
    area: str | None,
    quarter: Quarter,
    pack: Pack = PACK,
    rows: Mapping[str, Rows] | None = None,
    cover: Mapping[str, str | None] | None = None,
) -> dict[str, bytes]:
    """Return the CSV files of a pack before it is sealed, by name; see `sheets.form`."""
    filled = rows or {}
    given = known_fields(area, quarter, pack) | dict(cover or {})
    lists = (pack.organisations, *pack.files)
    about: list[Row] = [COVER_HEADING]
    about += [(f.name, given[f.name], f.kind.expected) for f in pack.manifest.fields]
    made = {COVER_FILES[0]: _csv(about)}
    for one in lists:
        body = (tuple(row[name] for name in one.names) for row in filled.get(one.name, ()))
        made[one.file] = _csv([one.names, *body])
    return made


def _csv(rows: Iterable[Row]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()

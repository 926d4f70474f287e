"""The blank form of the return, from its declarations: a workbook, and the headers of the CSVs."""

from __future__ import annotations

import io
import json
from datetime import datetime
from typing import Any

import xlsxwriter

import reference
from schemas.fields import Code, CodeSet, Flag, codes
from schemas.returns.declaration import Pack, Return
from schemas.returns.dictionary import ILLUSTRATIVE
from schemas.returns.pack import PACK

# Workbooks carry a date; a fixed one keeps the bytes the same.
MADE = datetime(2025, 4, 1)  # noqa: DTZ001 - a workbook's date has no zone
ROWS_WITH_LISTS = 20_000


def csv_headers(pack: Pack = PACK) -> dict[str, str]:
    """Return the header line of each CSV file, by the name of the file."""
    return {declared.file: ",".join(declared.names) + "\n" for declared in pack.files}


def blank_manifest(pack: Pack = PACK) -> str:
    """Return a manifest to fill in: right values where they are known, examples elsewhere."""
    filled: dict[str, Any] = {
        field.name: field.kind.example == "true"
        if isinstance(field.kind, Flag)
        else field.kind.example
        for field in pack.manifest.fields
    }
    filled |= {"template_id": pack.template_id, "template_version": pack.template_version}
    filled["submission_sequence"] = 1
    filled["files"] = [
        {field.name: field.kind.example for field in pack.manifest_files.fields}
        | {"name": declared.file, "rows": 0}
        for declared in pack.files
    ]
    filled["organisations"] = [
        {field.name: field.kind.example for field in pack.organisations.fields}
    ]
    return json.dumps(filled, indent=2) + "\n"


def blank_form(pack: Pack = PACK) -> bytes:
    """Return the form as an XLSX workbook: instructions, one sheet per file, the code lists.

    Every cell of the data sheets is text, so that dates and codes stay as they are typed. The
    same declarations give the same bytes.
    """
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties(
            {"title": f"{pack.template_id} {pack.template_version}", "created": MADE}
        )
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        text = book.add_format({"num_format": "@"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        _instructions(book.add_worksheet("Instructions"), pack, bold, wrapped)
        sheets = [(book.add_worksheet(one.title[:31]), one) for one in pack.files]
        places = _code_lists(book.add_worksheet("Code lists"), pack, bold)
        for sheet, declared in sheets:
            _data_sheet(sheet, declared, places, bold, text)
    return data.getvalue()


def _instructions(sheet: Any, pack: Pack, bold: Any, wrapped: Any) -> None:
    """List every field with what to write in it."""
    sheet.write(0, 0, f"Connect to Work return {pack.template_id} {pack.template_version}", bold)
    sheet.write(1, 0, f"{ILLUSTRATIVE}. Save each data sheet as CSV in UTF-8.")
    for column, title in enumerate(("File", "Field", "What it holds", "What to write", "Filled")):
        sheet.write(3, column, title, bold)
    at = 4
    for declared in pack.returns:
        for field in declared.fields:
            row = (declared.title, field.name, field.description, field.kind.expected, field.needed)
            for column, cell in enumerate(row):
                sheet.write_string(at, column, cell, wrapped)
            at += 1
    sheet.set_column(0, 1, 24)
    sheet.set_column(2, 3, 60)
    sheet.set_column(4, 4, 36)


def _code_lists(sheet: Any, pack: Pack, bold: Any) -> dict[str, str]:
    """Write every code list in two columns; return where the codes of each stand."""
    names = sorted({f.kind.name for r in pack.files for f in r.fields if isinstance(f.kind, Code)})
    places: dict[str, str] = {}
    for at, name in enumerate(names):
        labels = _labels(name)
        sheet.write(0, 2 * at, f"{name}: code", bold)
        sheet.write(0, 2 * at + 1, f"{name}: label", bold)
        for row, code in enumerate(codes(name), start=1):
            sheet.write_string(row, 2 * at, code)
            sheet.write_string(row, 2 * at + 1, labels.get(code, ""))
        letter = _letter(2 * at)
        places[name] = f"='Code lists'!${letter}$2:${letter}${len(codes(name)) + 1}"
    return places


def _labels(name: str) -> dict[str, str]:
    if name == "delivery_area":
        places = reference.delivery_areas().select("delivery_area_code", "delivery_area_name")
    elif name == "local_authority":
        places = reference.local_authorities().select("la_code", "la_name")
    else:
        places = reference.code_list(name).select("code", "label")
    return dict(places.rows())


def _data_sheet(sheet: Any, declared: Return, places: dict[str, str], bold: Any, text: Any) -> None:
    for column, field in enumerate(declared.fields):
        sheet.write_string(0, column, field.name, bold)
        sheet.set_column(column, column, max(14, len(field.name) + 2), text)
        if isinstance(field.kind, Code) and not isinstance(field.kind, CodeSet):
            place = places[field.kind.name]
            choice = {"validate": "list", "source": place, "ignore_blank": True}
            sheet.data_validation(1, column, ROWS_WITH_LISTS, column, choice)


def _letter(column: int) -> str:
    """Return the letters of a column, the first being 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters

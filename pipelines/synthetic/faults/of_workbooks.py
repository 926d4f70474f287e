"""Packs that are one workbook: read as they are, and with what spreadsheets bring along."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from pipelines.synthetic.draft import Draft
from pipelines.synthetic.faults.declared import Make, PlantedPackFault, read
from schemas.quarter import Quarter
from schemas.returns import PACK
from schemas.returns.forms import Book, FormSheet, form, write_ods, write_xlsx
from schemas.returns.pack import COVER

Parts = dict[str, bytes]
# The beginning of the kind of file that a workbook with a password is.
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
_ENCRYPTED = _OLD + "EncryptedPackage".encode("utf-16-le") + bytes(600)


def book_of(draft: Draft) -> Book:
    """Return the form of a pack's area, filled in with the rows and the cover of the pack."""
    manifest = draft.manifest
    rows = {one.name: tuple(read(draft.files[one.file]).to_dicts()) for one in PACK.files}
    cover = {name: _as_word(manifest[name]) for name in PACK.manifest.names}
    rows["organisations"] = tuple(manifest["organisations"])
    quarter = Quarter.parse(manifest["period_id"])
    return form(manifest["delivery_area_code"], quarter, rows=rows, cover=cover)


def _as_word(value: object) -> str | None:
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)


def workbook(
    write: Callable[[Book], bytes], edit: Callable[[Book], Book] = lambda book: book
) -> Make:
    """Return what writes a pack as one workbook, changed before it is written."""
    suffix = ".xlsx" if write is write_xlsx else ".ods"
    return lambda draft, out: _file(out / f"{draft.name}{suffix}", write(edit(book_of(draft))))


def parts(edit: Callable[[Parts], Parts]) -> Make:
    """Return what writes a pack as an XLSX workbook whose parts are changed."""

    def make(draft: Draft, out: Path) -> Path:
        with zipfile.ZipFile(io.BytesIO(write_xlsx(book_of(draft)))) as archive:
            held = {name: archive.read(name) for name in archive.namelist()}
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in edit(held).items():
                archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
        return _file(out / f"{draft.name}.xlsx", data.getvalue())

    return make


def _file(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def _without_cover(book: Book) -> Book:
    named = (replace(s, name="Front") if s.name == COVER else s for s in book.sheets)
    return replace(book, sheets=tuple(named))


def _with_a_sheet(book: Book) -> Book:
    more = FormSheet("Workings", (("Made up",),), 0, (14,))
    return replace(book, sheets=(*book.sheets, more))


def _with_numbers(book: Book) -> Book:
    """Keep the reference of one specialist as a number."""
    return replace(book, sheets=tuple(map(_numbered, book.sheets)))


def _numbered(sheet: FormSheet) -> FormSheet:
    if sheet.name != PACK.participants.sheet:
        return sheet
    at = PACK.participants.names.index("specialist_ref")
    rows = list(sheet.rows)
    first = next(n for n, row in enumerate(rows) if n and row[at] is not None)
    rows[first] = (*rows[first][:at], 7001.0, *rows[first][at + 1 :])
    return replace(sheet, rows=tuple(rows))


def _from_1904(held: Parts) -> Parts:
    name = "xl/workbook.xml"
    return {**held, name: held[name].replace(b"<workbookPr ", b'<workbookPr date1904="1" ', 1)}


def _with_an_author(held: dict[str, bytes]) -> dict[str, bytes]:
    """Name whose copy of Excel saved the workbook, as Excel does."""
    name = "docProps/core.xml"
    creator = b"<dc:creator>Gwen Davies</dc:creator>"
    core = re.sub(rb"<dc:creator>[^<]*</dc:creator>|<dc:creator/>", b"", held[name])
    return {**held, name: core.replace(b"</cp:coreProperties>", creator + b"</cp:coreProperties>")}


WORKBOOK_FAULTS = (
    PlantedPackFault("XLSX workbook", (), workbook(write_xlsx)),
    PlantedPackFault("ODS workbook", (), workbook(write_ods)),
    PlantedPackFault(
        "workbook with a password",
        ("pack.pack_has_no_password",),
        lambda draft, out: _file(out / f"{draft.name}.xlsx", _ENCRYPTED),
    ),
    PlantedPackFault(
        "workbook with macros",
        ("pack.pack_has_no_macros",),
        parts(lambda held: {**held, "xl/vbaProject.bin": b"x"}),
    ),
    PlantedPackFault(
        "workbook that counts days from 1904",
        ("pack.workbook_counts_days_from_1900",),
        parts(_from_1904),
    ),
    PlantedPackFault(
        "workbook that names its author",
        ("pack.workbook_names_no_author",),
        parts(_with_an_author),
    ),
    PlantedPackFault(
        "workbook without a cover",
        ("pack.cover_is_there",),
        workbook(write_xlsx, _without_cover),
        ("pack.workbook_is_plain",),
    ),
    PlantedPackFault(
        "workbook with workings", ("pack.workbook_is_plain",), workbook(write_ods, _with_a_sheet)
    ),
    PlantedPackFault(
        "workbook with a reference as a number",
        ("pack.references_are_text",),
        workbook(write_xlsx, _with_numbers),
    ),
)

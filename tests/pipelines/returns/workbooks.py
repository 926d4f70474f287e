"""Workbooks with something wrong or odd in them, each made from the filled-in form of one area."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.pipelines.returns.forms import NAME, as_ods, as_xlsx, written

Edit = Callable[[dict[str, bytes]], None]
PARTICIPANTS = "xl/worksheets/sheet3.xml"
CONTENT = "content.xml"


def edited(pack: Path, edit: Edit) -> Path:
    """Change the parts of a workbook in place."""
    with zipfile.ZipFile(pack) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    edit(parts)
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    pack.write_bytes(data.getvalue())
    return pack


def xlsx(edit: Edit) -> Callable[[Path], Path]:
    return lambda out: edited(as_xlsx(out), edit)


def ods(edit: Edit) -> Callable[[Path], Path]:
    return lambda out: edited(as_ods(out), edit)


def cell(place: str, new: str, part: str = PARTICIPANTS) -> Edit:
    """Put another cell in a place of an XLSX sheet; `new` is what stands between its marks."""

    def edit(parts: dict[str, bytes]) -> None:
        pattern = rf'<c r="{place}"[^>]*?(?:/>|>.*?</c>)'.encode()
        changed, times = re.subn(pattern, new.replace("@", f'r="{place}"').encode(), parts[part])
        assert times == 1
        parts[part] = changed

    return edit


def text(old: str, new: str, part: str) -> Edit:
    """Change the first place of a text in a part."""

    def edit(parts: dict[str, bytes]) -> None:
        assert old.encode() in parts[part], old
        parts[part] = parts[part].replace(old.encode(), new.encode(), 1)

    return edit


def part(name: str, data: bytes = b"x") -> Edit:
    """Add a part."""
    return lambda parts: parts.update({name: data})


def old_file(content: bytes) -> Callable[[Path], Path]:
    """Write a file of the kind that old and encrypted workbooks are."""
    start = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    return lambda out: written(out / f"{NAME}.xlsx", start + content + bytes(600))


ENCRYPTED = old_file("EncryptedPackage".encode("utf-16-le"))
ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    b'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">&b;</workbook>'
)
SHEET, ROW, CELL = "<table:table ", "<table:table-row", "<table:table-cell"
FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
MANY = (
    f'{ROW} table:number-rows-repeated="1000000">{CELL} table:number-columns-repeated="1000" '
    'office:value-type="float" office:value="1"/></table:table-row></table:table>'
)

# What refuses a workbook: how it is made, the rule, and a word of what is said.
REFUSED: dict[str, tuple[Callable[[Path], Path], str, str]] = {
    "a password": (ENCRYPTED, "pack_has_no_password", "The workbook has one."),
    "a password, ODS": (
        ods(text("<manifest:file-entry", "<manifest:encryption-data/><manifest:file-entry",
                 "META-INF/manifest.xml")),
        "pack_has_no_password", "The workbook has one.",
    ),
    "macros": (xlsx(part("xl/vbaProject.bin")), "pack_has_no_macros", ""),
    "macros of Excel 4": (xlsx(part("xl/macrosheets/sheet1.xml")), "pack_has_no_macros", ""),
    "macros, ODS": (ods(part("Basic/Standard/Module1.xml")), "pack_has_no_macros", ""),
    "an old workbook": (old_file(b"Workbook"), "pack_is_of_a_known_kind", "(.xls)"),
    "no workbook": (
        lambda out: written(out / f"{NAME}.xlsx", b"<html>"), "pack_can_be_read", "damaged"),
    "a document": (
        lambda out: edited(as_xlsx(out), lambda parts: parts.pop("xl/workbook.xml")),
        "pack_can_be_read", "is not a workbook",
    ),
    "a bomb": (xlsx(part("xl/media/x.bin", bytes(90_000_000))), "pack_is_within_limits", "times"),
    "a huge bomb": (xlsx(part("x.bin", bytes(110_000_000))), "pack_is_within_limits", "bytes"),
    "too many parts": (
        xlsx(lambda parts: parts.update({f"x{n}": b"" for n in range(1_001)})),
        "pack_is_within_limits", "1,000",
    ),
    "entities": (xlsx(part("xl/workbook.xml", ENTITIES)), "pack_can_be_read", "entities"),
    "a cell far away": (
        xlsx(text("</sheetData>", FAR, PARTICIPANTS)), "pack_is_within_limits", "1,048,576"),
    "a row a million times": (
        ods(text("</table:table>", MANY, CONTENT)), "pack_is_within_limits", "1,000"),
    "a sheet cut short": (
        xlsx(lambda p: p.update({PARTICIPANTS: p[PARTICIPANTS][:900]})), "pack_can_be_read", ""),
    "content cut short": (
        ods(lambda p: p.update({CONTENT: p[CONTENT][:9000]})), "pack_can_be_read", ""),
    "no cover": (
        xlsx(text('name="Cover"', 'name="Front"', "xl/workbook.xml")), "cover_is_there", ""),
    "no sheet of events": (
        xlsx(text('name="Events"', 'name="Jane Example"', "xl/workbook.xml")),
        "files_are_there", "It has no sheet Events. The template does not have its sheet number",
    ),
    "a sheet with nearly the right name": (
        xlsx(text('name="Events"', 'name="Event"', "xl/workbook.xml")),
        "files_are_there", "It has no sheet Events. Sheet number 4 may be Events.",
    ),
    "a cover with nearly the right name": (
        xlsx(text('name="Cover"', 'name="The cover"', "xl/workbook.xml")),
        "cover_is_there", "It has no sheet Cover. Sheet number 1 may be Cover.",
    ),
    "two sheets with one name": (
        xlsx(text('name="Guidance"', 'name=" EVENTS"', "xl/workbook.xml")),
        "names_are_distinct", "",
    ),
    "days from 1904": (
        xlsx(text("<workbookPr ", '<workbookPr date1904="1" ', "xl/workbook.xml")),
        "workbook_counts_days_from_1900", "",
    ),
    "another header": (
        ods(text(">referral_route<", ">Jane Example<", CONTENT)),
        "columns_are_those_of_the_template", "It lacks referral_route.",
    ),
}  # fmt: skip
STRING = '<c @ t="inlineStr"><is><t>{}</t></is></c>'
# What is read with a note: how it is made, the rule, and what is said.
NOTED: dict[str, tuple[Callable[[Path], Path], str, str]] = {
    "a formula": (
        xlsx(cell("C2", "<c @><f>0+1</f><v>1</v></c>")), "workbook_is_plain",
        "It has 1 formula; its stored value was read."),
    "a formula, ODS": (
        ods(text('office:value-type="float" office:value="20.5"',
                 'table:formula="of:=20+0.5" office:value-type="float" office:value="20.5"',
                 CONTENT)),
        "workbook_is_plain", "It has 1 formula"),
    "merged cells": (
        xlsx(text("</sheetData>", '</sheetData><mergeCells count="1"><mergeCell ref="A5:B5"/>'
                  "</mergeCells>", PARTICIPANTS)),
        "workbook_is_plain", "It has 1 merged cell; its value was read."),
    "a hidden row": (
        xlsx(text('<row r="2"', '<row r="2" hidden="1"', PARTICIPANTS)), "workbook_is_plain",
        "It has 1 hidden row; it was read."),
    "a hidden sheet": (
        xlsx(text('name="Events"', 'name="Events" state="veryHidden"', "xl/workbook.xml")),
        "workbook_is_plain", "1 hidden sheet was read."),
    "another sheet": (
        xlsx(text('name="Guidance"', 'name="Workings"', "xl/workbook.xml")),
        "workbook_is_plain", "1 more sheet was not read."),
    "links to other files": (
        xlsx(part("xl/externalLinks/externalLink1.xml")), "workbook_is_plain",
        "Links to other files were not followed."),
    "an author": (
        xlsx(text("<dc:creator>", "<dc:creator>Jane Hughes", "docProps/core.xml")),
        "workbook_names_no_author", "The properties of the workbook name its author."),
    "a title above the header": (
        xlsx(lambda p: p.update({PARTICIPANTS: lower(p[PARTICIPANTS])})), "workbook_is_plain",
        "Its header is on row 3. It has 1 empty row between the others."),
    "a reference that is a number": (
        xlsx(cell("Z2", "<c @><v>7001</v></c>")), "references_are_text",
        "specialist_ref: 1 number."),
    "a day as a number": (
        xlsx(cell("W2", "<c @><v>46204</v></c>")), "values_have_the_form_of_the_template",
        "referral_date: 1 written as numbers of days"),
    "a month as a day": (
        xlsx(cell("D2", STRING.format("1984-05-01"))), "values_have_the_form_of_the_template",
        "birth_year_month: 1 written as the first day of the month"),
}  # fmt: skip


def lower(sheet: bytes) -> bytes:
    """Move the header two rows and the others three rows down."""

    def moved(found: re.Match[bytes]) -> bytes:
        row = int(found[2])
        return found[1] + str(row + (2 if row == 1 else 3)).encode() + b'"'

    return re.sub(rb'(<(?:row|c) r="[A-Z]*)(\d+)"', moved, sheet)

"""The template that areas fill in: lists, checks, guidance and examples come from declarations."""

from __future__ import annotations

import csv
import re
import zipfile
from io import BytesIO, StringIO

import pytest
from python_calamine import CalamineWorkbook

from schemas.fields import Code, CodeSet, Date, codes
from schemas.quarter import Quarter
from schemas.returns import PACK
from schemas.returns.forms import example_rows, form, template_files, write_ods, write_xlsx
from schemas.returns.pack import COVER, HELP_SHEETS

QUARTER, AREA = Quarter(2026, 2), "CTW-EN03"
NAME = f"{AREA}_{QUARTER.id}_v1"
WRITERS = {"xlsx": write_xlsx, "ods": write_ods}
BOOK = form(AREA, QUARTER)


def sheets(kind: str) -> CalamineWorkbook:
    return CalamineWorkbook.from_filelike(BytesIO(WRITERS[kind](BOOK)))


def part(kind: str, name: str) -> str:
    with zipfile.ZipFile(BytesIO(WRITERS[kind](BOOK))) as archive:
        return archive.read(name).decode()


@pytest.mark.parametrize("kind", WRITERS)
def test_a_form_has_a_sheet_for_the_cover_each_list_and_help(kind: str):
    lists = [one.sheet for one in (PACK.organisations, *PACK.files)]
    assert sheets(kind).sheet_names == [COVER, *lists, *HELP_SHEETS]
    for one in (PACK.organisations, *PACK.files):
        rows = sheets(kind).get_sheet_by_name(one.sheet).to_python()
        assert rows == [list(one.names)]


@pytest.mark.parametrize("kind", WRITERS)
def test_the_cover_knows_the_area_the_quarter_and_the_template(kind: str):
    rows = sheets(kind).get_sheet_by_name(COVER).to_python()
    given = {row[0]: row[1] for row in rows[3:]}
    assert set(given) == set(PACK.manifest.names)
    assert given["delivery_area_code"] == AREA
    assert given["period_id"] == QUARTER.id
    assert given["template_version"] == PACK.template_version
    assert given["contact_email"] == ""
    assert "not DWP's" in str(rows[1][0])


@pytest.mark.parametrize("kind", WRITERS)
def test_the_guidance_explains_every_field(kind: str):
    rows = sheets(kind).get_sheet_by_name("Guidance").to_python()
    explained = {(row[0], row[1]) for row in rows}
    for one in (PACK.organisations, *PACK.files):
        for field in one.fields:
            assert (one.sheet, field.name) in explained


@pytest.mark.parametrize("kind", WRITERS)
def test_the_examples_stand_on_a_sheet_of_their_own(kind: str):
    rows = sheets(kind).get_sheet_by_name("Examples").to_python()
    person = example_rows(AREA, QUARTER)["participants"][0]["participant_ref"]
    assert any(person in row for row in rows)


def test_every_field_with_a_code_list_has_a_list_to_choose_from_in_both_workbooks():
    for at, declared in enumerate(PACK.files, start=3):
        listed = [f for f in declared.fields if type(f.kind) is Code]
        xml = part("xlsx", f"xl/worksheets/sheet{at}.xml")
        assert xml.count('type="list"') == len(listed)
    content = part("ods", "content.xml")
    lists = re.findall(r"cell-content-is-in-list\(\[(.*?)\]\)", content)
    of_lists = [
        f
        for declared in (PACK.manifest, PACK.organisations, *PACK.files)
        for f in declared.fields
        if isinstance(f.kind, Code) and not isinstance(f.kind, CodeSet)
    ]
    assert len(lists) == len(of_lists)


def test_a_list_to_choose_from_ends_with_the_last_code_of_its_list():
    found = BOOK.ranges["sex"]
    rows = sheets("xlsx").get_sheet_by_name("Code lists").to_python()
    column = [row[found.column] for row in rows]
    assert column[0] == "sex: code"
    assert tuple(column[1 : found.last + 1]) == codes("sex")
    assert (column + [""])[found.last + 1] == ""
    assert f"${found.letters}$2:.${found.letters}${found.last + 1}" in part("ods", "content.xml")


def test_days_are_checked_and_headings_stay_in_view():
    days = [f for declared in PACK.files for f in declared.fields if type(f.kind) is Date]
    participants = part("xlsx", "xl/worksheets/sheet3.xml")
    assert participants.count('type="date"') == 4
    assert 'ySplit="1"' in participants
    assert 'state="frozen"' in participants
    assert part("ods", "content.xml").count("cell-content-is-date()") == len(days) == 6
    assert part("ods", "settings.xml").count('config:name="VerticalSplitMode"') == len(BOOK.sheets)


def test_the_files_of_the_template_are_named_as_an_area_sends_them():
    files = template_files(AREA, QUARTER)
    assert {f"{NAME}.xlsx", f"{NAME}.ods", f"{NAME}/cover.csv"} <= set(files)
    for one in (PACK.organisations, *PACK.files):
        header = next(csv.reader(StringIO(files[f"{NAME}/{one.file}"].decode())))
        assert tuple(header) == one.names
    assert {"help/guidance.csv", "help/examples.csv", "help/code-lists.csv"} <= set(files)
    assert all(name.startswith(("return-form", "help/")) for name in template_files(None, QUARTER))


def test_the_same_declarations_give_the_same_bytes():
    for write in WRITERS.values():
        assert write(form(AREA, QUARTER)) == write(form(AREA, QUARTER))

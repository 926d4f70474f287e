"""The spreadsheet keeps every rule, one test for each (E essential, D desirable, U usability)."""

from __future__ import annotations

import re
import zipfile
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from publications.spreadsheet.ods import letters, write_ods
from publications.spreadsheet.sheets import Heading, Sheet, Workbook
from publications.spreadsheet.workbook import workbook
from publications.wording.naming import workbook_path
from publications.words import words_in
from tests.publications.ods_file import NOTE, SHORTHAND, OdsFile, attribute
from tests.publications.release_sample import sample

GAF = set("abcefkprtuwxz")


@pytest.fixture(scope="module")
def ods(files, release):
    return OdsFile(files[workbook_path(release.quarter)])


@pytest.fixture(scope="module")
def tables(ods):
    return [sheet for sheet in ods.sheets if sheet.name != "Cover"]


def test_t01_every_sheet_but_the_cover_has_a_marked_up_table_with_a_header_row(ods, tables):
    assert all(sheet.top is not None for sheet in tables)
    assert len(ods.ranges) == len(tables)
    for sheet, address in zip(tables, ods.ranges.values(), strict=True):
        last = f"{letters(len(sheet.header))}{len(sheet.rows)}"
        assert address == f"{sheet.name}.A{sheet.top + 1}:{sheet.name}.{last}"
    for found in ods.find(ods.content, "//table:database-range"):
        assert attribute(found, "table:contains-header") == "true"


def test_t02_tables_have_meaningful_unique_names(ods):
    assert len(set(ods.ranges)) == len(ods.ranges)
    for name in ods.ranges:
        assert " " not in name
        assert not re.fullmatch(r"[A-Za-z]{1,3}\d+|Table\d*", name)


def test_t03_no_cells_are_merged(ods):
    assert not ods.find(ods.content, "//@table:number-columns-spanned")
    assert not ods.find(ods.content, "//table:covered-table-cell")
    assert not ods.find(ods.content, "//@table:number-rows-repeated")


def test_t04_and_t05_tables_are_full_rectangles_under_unique_headings(tables):
    for sheet in tables:
        headings = [cell.text for cell in sheet.header]
        assert all(headings)
        assert len(set(headings)) == len(headings)
        for row in sheet.body:
            assert len(row) == len(headings)
            assert any(cell.text for cell in row)


def test_t06_text_is_wrapped(ods):
    for style in ods.find(ods.content, "//style:style[@style:family='table-cell']"):
        wrap = ods.find(style, "./style:table-cell-properties/@fo:wrap-option")
        assert wrap == ["wrap"]


def test_t07_no_filter_buttons_and_no_frozen_panes(ods):
    for found in ods.find(ods.content, "//table:database-range"):
        assert attribute(found, "table:display-filter-buttons") == "false"
    items = ods.find(ods.part("settings.xml"), "//config:config-item/@config:name")
    assert not {"HorizontalSplitMode", "VerticalSplitMode"} & set(items)


def test_t08_empty_cells_are_explained_on_the_sheet(tables):
    for sheet in tables:
        if any(not cell.text for row in sheet.body for cell in row):
            assert any(row[0].text.startswith("Blank cells") for row in sheet.intro)
            blank = {i for row in sheet.body for i, cell in enumerate(row) if not cell.text}
            assert all(sheet.header[i].text.endswith(": shorthand") for i in blank)


def test_t09_nothing_is_hidden(ods):
    assert not ods.find(ods.content, "//@table:visibility")
    assert set(ods.find(ods.content, "//style:table-properties/@table:display")) == {"true"}


def test_t10_columns_have_a_sensible_width(ods):
    for sheet in ods.sheets:
        for width in sheet.columns:
            assert 2 <= width <= 18
        assert sheet.columns[0] >= 6


def test_t10_numbers_and_dates_fit_their_columns(ods):
    """Where one does not fit, a program shows signs instead. Digits of Arial 12 take 0.235 cm."""
    for sheet in (sheet for sheet in ods.sheets if sheet.top is not None):
        for row in sheet.body:
            for cell, width in zip(row, sheet.columns, strict=True):
                if cell.kind in {"float", "date"}:
                    longest = "30 September 2025" if cell.kind == "date" else cell.text
                    taken = sum(0.118 if sign in " ,." else 0.235 for sign in longest)
                    assert width >= taken + 0.3, (sheet.name, cell.text)


def test_n01_to_n04_notes_are_words_in_brackets_defined_and_used(ods, tables):
    notes = next(sheet for sheet in tables if sheet.name == "Notes")
    defined = {row[0].text.removeprefix("note ") for row in notes.body}
    used = {n for sheet in tables for n in NOTE.findall(sheet.title)}
    assert used == defined
    for sheet in tables:
        if sheet.name.startswith("Table_"):
            assert not any(NOTE.search(cell.text) for row in sheet.body for cell in row)
            if NOTE.search(sheet.title):
                assert any("worksheet called Notes" in row[0].text for row in sheet.intro)


def test_f01_links_have_descriptive_text_and_lead_to_a_sheet(ods):
    names = {sheet.name for sheet in ods.sheets}
    links = ods.find(ods.content, "//text:a")
    assert links
    for link in links:
        assert attribute(link, "xlink:href").removeprefix("#").removesuffix(".A1") in names
        assert link.text not in ("here", "link", "click")
        assert "://" not in link.text


def test_f02_text_is_arial_of_twelve_points_or_more(ods):
    sizes = ods.find(ods.content, "//@fo:font-size") + ods.find(ods.styles, "//@fo:font-size")
    assert all(float(size.removesuffix("pt")) >= 12 for size in sizes)
    fonts = ods.find(ods.styles, "//@style:font-name")
    assert set(fonts) == {"Arial"}


def test_f03_no_italics_and_underline_for_links_only(ods):
    for part in (ods.content, ods.styles):
        assert not ods.find(part, "//@fo:font-style")
    underlined = ods.find(ods.styles, "//style:style[.//@style:text-underline-style]")
    assert [attribute(style, "style:name") for style in underlined] == ["Internet_20_link"]


def test_f04_and_f05_every_sheet_has_a_unique_title_in_its_first_cell_with_heading_style(ods):
    titles = [sheet.title for sheet in ods.sheets]
    assert len(set(titles)) == len(titles)
    assert all(titles)
    assert {sheet.rows[0][0].style for sheet in ods.sheets} == {"Heading_20_1"}


def test_f06_no_symbol_stands_for_data(tables):
    for sheet in tables:
        assert not {cell.text for row in sheet.body for cell in row} & {
            "..",
            "-",
            "*",
            "n/a",
            "#",
            ":",
            "NA",
            "None-",
        }


def test_f07_no_headers_footers_or_floating_objects(ods):
    for part in ("header", "footer"):
        elements = ods.find(ods.styles, f"//style:master-page/style:{part}")
        assert [attribute(e, "style:display") for e in elements] == ["false"]
        assert all(len(e) == 0 for e in elements)
    assert not ods.content.xpath("//*[local-name()='frame' or local-name()='shapes']")


def test_f08_to_f11_no_fill_no_images_dark_text_and_no_rotation(ods):
    for part in (ods.content, ods.styles):
        assert not ods.find(part, "//@fo:background-color")
        assert not part.xpath("//@*[local-name()='rotation-angle']")
        colours = ods.find(part, "//@fo:color")
        assert all(contrast(colour) >= 4.5 for colour in colours)
    assert not [n for n in ods.archive.namelist() if n.startswith(("Pictures", "Basic", "Object"))]


def contrast(colour: str) -> float:
    """The contrast of a colour with white."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 1.05 / (light + 0.05)


def test_s01_and_s10_sheet_names_are_short_unique_words(ods):
    names = [sheet.name for sheet in ods.sheets]
    assert len(set(names)) == len(names)
    for name in names:
        assert len(name) <= 31
        assert re.fullmatch(r"[A-Za-z]\w*", name)


def test_s02_to_s05_text_stands_in_column_a_and_nothing_below_the_table(tables):
    for sheet in tables:
        assert all(len(row) == 1 for row in sheet.intro)
        assert all(row[0].text for row in sheet.intro)
        assert sheet.header[0].text


def test_s06_every_sheet_says_how_many_tables_it_has(tables):
    for sheet in tables:
        assert sheet.rows[1][0].text == "This worksheet contains one table."


def test_s08_cover_then_contents_with_a_link_to_every_sheet_then_notes(ods):
    names = [sheet.name for sheet in ods.sheets]
    assert names[:3] == ["Cover", "Contents", "Notes"]
    contents = ods.find(ods.content, "//table:table[@table:name='Contents']//text:a/@xlink:href")
    assert {link[1:].removesuffix(".A1") for link in contents} == set(names) - {"Contents"}


def test_s09_the_cover_states_period_date_status_contact_and_shorthand(ods):
    text = " ".join(row[0].text for row in ods.sheets[0].rows)
    for words in ("Reference period", "9:30am on 17 December 2026", "Contact", "[c] means"):
        assert words in text


def test_p01_to_p03_the_document_has_title_language_and_an_organisation_as_author(ods):
    meta = ods.part("meta.xml")
    assert ods.find(meta, "//dc:title/text()") == [
        "Connect to Work statistics: July to September 2026: data tables"
    ]
    assert ods.find(meta, "//dc:language/text()") == ["en-GB"]
    assert ods.find(meta, "//dc:creator/text()") == ["Connect to Work statistics"]
    assert set(ods.find(ods.styles, "//@fo:language")) == {"en"}


def test_p04_it_opens_on_the_first_cell_of_the_first_sheet(ods):
    items = {
        attribute(i, "config:name"): i.text
        for i in ods.find(ods.part("settings.xml"), "//config:config-item")
    }
    assert items["ActiveTable"] == "Cover"
    assert (items["CursorPositionX"], items["CursorPositionY"]) == ("0", "0")


def test_v01_and_v05_figures_are_numbers_or_dates_and_never_text(tables):
    for sheet in tables:
        if sheet.name.startswith("Table_"):
            for row in sheet.body:
                for cell in row:
                    number_like = re.fullmatch(r"[\d,.]+", cell.text)
                    assert not number_like or cell.kind == "float", (sheet.name, cell)


def test_v02_number_columns_are_right_aligned_and_text_columns_left(ods, tables):
    sides = {
        attribute(style, "style:name"): ods.find(
            style, "./style:paragraph-properties/@fo:text-align"
        )[0]
        for style in ods.find(ods.content, "//style:style[@style:family='table-cell']")
    }
    for sheet in tables:
        for i, head in enumerate(sheet.header):
            kinds = {row[i].kind for row in sheet.body}
            side = "end" if kinds & {"float", "date"} else "start"
            if kinds - {"string", ""} or not sheet.name.startswith("Table_"):
                assert sides[head.style] == side
                assert {sides[row[i].style] for row in sheet.body} == {side}


def test_v03_v04_numbers_show_commas_and_the_same_decimals_down_a_column(ods):
    formats = ods.find(ods.content, "//number:number-style/number:number")
    assert formats
    for style in formats:
        assert attribute(style, "number:grouping") == "true"
        assert attribute(style, "number:min-integer-digits") == "1"
        places = attribute(style, "number:decimal-places")
        assert attribute(style, "number:min-decimal-places") == places


def test_v06_v07_shorthand_is_from_the_list_and_explained_on_its_sheet(tables):
    for sheet in tables:
        used = {m for row in sheet.body for cell in row for m in SHORTHAND.findall(cell.text)}
        assert used <= GAF
        explained = {row[0].text[1] for row in sheet.intro if row[0].text.startswith("[")}
        assert used <= explained


def test_v08_dates_read_day_month_year(tables):
    dates = [c for s in tables for row in s.body for c in row if c.kind == "date"]
    assert dates
    for cell in dates:
        assert re.fullmatch(r"\d{1,2} [A-Z][a-z]+ \d{4}", cell.text)
        assert date.fromisoformat(cell.value)


def test_v09_no_formulas_or_external_links(ods):
    assert not ods.find(ods.content, "//@table:formula")
    assert all(link.startswith("#") for link in ods.find(ods.content, "//@xlink:href"))


def test_v10_totals_come_first_in_each_group_of_rows(release):
    for table in release.tables:
        seen = set()
        for row in table.rows:
            for place in range(len(row.codes)):
                seen.add((place, row.codes[:place], row.codes[place]))
        for place, column in enumerate(table.dimensions):
            first = {}
            for row in table.rows:
                first.setdefault(row.codes[:place], row.codes[place])
            assert len(set(first.values())) == 1, column.id
            assert set(first.values()) <= {"total", "K04000001"}


def test_z01_the_package_starts_with_its_media_type_and_lists_every_part(ods):
    first = ods.archive.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert ods.archive.read("mimetype") == b"application/vnd.oasis.opendocument.spreadsheet"
    listed = ods.find(
        ods.part("META-INF/manifest.xml"), "//manifest:file-entry/@manifest:full-path"
    )
    parts = set(ods.archive.namelist()) - {"mimetype", "META-INF/manifest.xml"}
    assert set(listed) == parts | {"/"}


def test_z02_the_package_has_fixed_times_and_states_the_release_date(ods, release):
    assert {entry.date_time for entry in ods.archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert ods.find(ods.part("meta.xml"), "//dc:date/text()") == [release.release_at.isoformat()]


def test_z05_style_names_have_two_characters_or_more(ods):
    for part in (ods.content, ods.styles):
        names = ods.find(part, "//style:style/@style:name")
        assert all(len(name) >= 2 for name in names)


def test_every_used_style_is_defined(ods):
    used = set(ods.find(ods.content, "//@table:style-name | //@text:style-name"))
    defined = set(ods.find(ods.content, "//style:style/@style:name"))
    defined |= set(ods.find(ods.styles, "//style:style/@style:name"))
    assert used <= defined


@pytest.mark.slow
def test_every_sheet_says_that_the_data_are_synthetic_and_none_does_otherwise(ods):
    for sheet in ods.sheets:
        assert any(row[0].text.startswith("Synthetic data") for row in sheet.rows)
    real = OdsFile(write_ods(workbook(sample(synthetic=False))))
    assert b"ynthetic" not in real.archive.read("content.xml")


def test_another_reader_finds_the_same_figures(files, release):
    path = workbook_path(release.quarter)
    book = CalamineWorkbook.from_filelike(__import__("io").BytesIO(files[path]))
    rows = book.get_sheet_by_name("Table_2_Starts_by_quarter").to_python()
    top = next(i for i, row in enumerate(rows) if row[0] == "Area")
    starts = release.table("starts_by_quarter")
    for row in rows[top + 1 :]:
        for label, value in zip(rows[top][3:], row[3:], strict=True):
            code = "total" if label == "Programme to date" else label.replace(" Q", "Q")
            figure = starts.figure("starts", delivery_area=row[1], quarter=code)
            assert value == figure.value


def test_an_estimate_keeps_its_value_and_gets_a_marker_in_a_column_of_its_own(ods):
    sheet = next(s for s in ods.sheets if s.name == "Table_25_Rollout")
    headings = [cell.text for cell in sheet.header]
    place = headings.index("Planned starts (people)")
    assert headings[place + 1] == "Planned starts (people): shorthand"
    row = sheet.body[0]
    assert row[place].kind == "float"
    assert row[place + 1].text == "[e]"


def test_text_is_escaped_and_never_a_formula():
    rows = [("A & B <c>", "=1+1")] * 3
    sheet = Sheet("Table_1_Test", "Title", ("Line",), (Heading("Name"), Heading("More")), rows)
    book = Workbook("T", "A & B", "2026-12-17T09:30:00+00:00", words_in(), (sheet,))
    ods = OdsFile(write_ods(book))
    assert [cell.text for cell in ods.sheets[0].body[0]] == ["A & B <c>", "=1+1"]
    assert ods.sheets[0].body[0][1].kind == "string"

"""A release folder is whole: its files are those of the manifest, and show the same figures."""

import json

import pytest

from tests.verification.drawn import as_csv, as_ods, seal, sheet_of, world, write
from verification import FolderError, verify

SHEET = "Table_6_starts"
PATH = "data/ctw-table-06-starts.csv"


@pytest.fixture
def folder(tmp_path, tables):
    return write(tmp_path / "release", tables)


def found(folder, *previous):
    return [finding.message for finding in verify(folder, *previous).findings]


def test_an_altered_file_is_found(folder):
    (folder / "index.html").write_text("<p>Another bulletin.</p>")
    assert found(folder) == [
        "index.html was altered after the release was made: its hash is not that of manifest.json."
    ]


def test_a_wrong_hash_is_found(folder):
    sums = (folder / "SHA256SUMS").read_text()
    (folder / "SHA256SUMS").write_text("0" * 64 + sums[64:])
    assert found(folder) == ["SHA256SUMS does not agree with manifest.json about data/codes.csv."]


def test_a_missing_and_an_extra_file_are_found(folder):
    (folder / "index.html").rename(folder / "index2.html")
    (folder / "SHA256SUMS").unlink()
    assert found(folder) == [
        "index.html is missing.",
        "index2.html is not part of the release.",
        "SHA256SUMS is missing.",
    ]


def test_a_fault_of_the_previous_release_is_reported_as_its_own(folder, tmp_path):
    before = write(tmp_path / "before", world("2026-27Q1"), period="2026-27Q1")
    (before / "index.html").write_text("")
    reported = found(folder, before)
    assert reported[0].startswith("Release of 2026-27Q1: index.html was altered")


def test_a_later_release_is_not_the_previous_one(folder, tmp_path):
    later = write(tmp_path / "later", world("2026-27Q3"), period="2026-27Q3")
    with pytest.raises(FolderError, match="is of a later quarter"):
        verify(folder, later)


def test_what_is_no_release_is_refused(tmp_path):
    with pytest.raises(FolderError, match="There is no folder"):
        verify(tmp_path / "nowhere")
    with pytest.raises(FolderError, match="holds no manifest.json"):
        verify(tmp_path)
    for content in ("{", "[]", json.dumps({"period": {"id": "2026-27Q2"}, "files": [1]})):
        (tmp_path / "manifest.json").write_text(content)
        with pytest.raises(FolderError, match="cannot be read as the manifest"):
            verify(tmp_path)


def test_a_release_without_tables_is_not_sound(tmp_path):
    (tmp_path / "index.html").write_text("")
    seal(tmp_path)
    assert found(tmp_path) == [
        "The release holds no table as open data.",
        "data/codes.csv is missing, so no sums were made.",
        "The release holds 0 spreadsheets, not one.",
    ]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "it has no rows, or not the columns measure"),
        (b"measure,measure_label,unit,value,marker,true\na,A,,1,,2\n", "it has the column true"),
        (b"measure,measure_label,unit,value,marker\na,A,,one,\n", "'one' is no plain decimal"),
    ],
)
def test_open_data_that_cannot_be_read_is_reported(folder, content, fault):
    (folder / PATH).write_bytes(content)
    seal(folder)
    assert f"{PATH} cannot be read as a table ({fault}" in found(folder)[0]


def test_data_of_an_unknown_kind_is_reported(folder):
    (folder / "data" / "persons.csv").write_text("nino\n")
    seal(folder)
    assert found(folder) == ["data/persons.csv is none of the known kinds of data."]


def changed(folder, tables, name, rows):
    """What is found when one sheet of the spreadsheet is another."""
    return [
        words.removeprefix("tables/all.ods: ") for words in _changed(folder, tables, name, rows)
    ]


def _changed(folder, tables, name, rows):
    return found(write(folder, tables, sheets={name: rows}))


def test_a_figure_that_differs_between_spreadsheet_and_open_data_is_found(folder, tables):
    rows = sheet_of(tables[6])
    rows[3][-1] += 5
    assert changed(folder, tables, SHEET, rows) == [
        "Table 6, England and Wales, 2026-27 Q2, Starts: shown as 2740, in the open data as 2735."
    ]


def test_a_value_where_the_open_data_withholds_is_found(folder, tables):
    rows = sheet_of(tables[21])
    place = next(i for i, row in enumerate(rows) if "[c]" in row)
    rows[place][rows[place].index("[c]")] = 12
    assert changed(folder, tables, "Table_21_health-settings", rows) == [
        "Table 21, GP surgery, Mersey, 2026-27 Q2, Settings: shown as 12, in the open data as [c]."
    ]


def test_a_row_that_only_the_spreadsheet_has_is_found(folder, tables):
    rows = sheet_of(tables[9])
    again = [[*rows[3][:-1], 7], ["", "", "", "", "", "", ""]]
    assert changed(folder, tables, "Table_9_starts-by-sex", [*rows, *again]) == [
        "the columns of Table 9 are not those of data/ctw-table-09-starts-by-sex.csv."
    ]
    assert changed(folder, tables, "Table_9_starts-by-sex", [*rows, again[0]]) == [
        "Table 9 has two rows with the same words.",
        "Table 9, England and Wales, All, Starts: shown as 7, in the open data as 5150.",
    ]


def test_a_row_of_words_that_the_open_data_does_not_combine_is_found(folder, tables):
    kept = {p: f for p, f in tables[9].figures.items() if p[:2] != ("W92000004", "NS")}
    rows = sheet_of(tables[9])
    tables[9].figures = kept
    without = [*rows[:-1], [*rows[-1][:-1], ""]]
    assert changed(folder, tables, "Table_9_starts-by-sex", without) == []
    assert changed(folder, tables, "Table_9_starts-by-sex", rows) == [
        "Table 9, W92000004, NS, Starts (people): shown as 50, not in the open data."
    ]


def test_a_row_that_the_spreadsheet_lacks_is_found(folder, tables):
    rows = sheet_of(tables[9])
    assert changed(folder, tables, "Table_9_starts-by-sex", rows[:-1]) == [
        "Table 9, Wales, Not stated, Starts: shown as nothing, in the open data as 50."
    ]


def test_a_column_that_only_the_spreadsheet_has_is_found(folder, tables):
    rows = sheet_of(tables[9])
    wider = [*rows[:2], [*rows[2], "True count"], *([*row, 123] for row in rows[3:])]
    assert changed(folder, tables, "Table_9_starts-by-sex", wider) == [
        "Table 9: the column 'True count' has numbers that the open data has not."
    ]


def test_a_sheet_of_another_layout_is_reported(folder, tables):
    assert changed(folder, tables, SHEET, [["Nothing"]]) == [
        "the columns of Table 6 are not those of data/ctw-table-06-starts.csv."
    ]


def test_headings_that_the_open_data_does_not_have_are_reported(folder, tables):
    rows = sheet_of(tables[6])
    rows[2][3:] = ["First", "Second", "All"]
    assert len(changed(folder, tables, SHEET, rows)) == 1
    rows = sheet_of(tables[9])
    rows[2][-1] = "Begun"
    reported = changed(folder, tables, "Table_9_starts-by-sex", rows)
    assert reported[0] == "Table 9: the column 'Begun' has numbers that the open data has not."
    assert reported[1].endswith("All, Starts: shown as nothing, in the open data as 5150.")


def test_sheets_are_those_of_the_tables(tmp_path, tables):
    sheets = {"Secret": [["x"]], "Table_7": [["x"]]}
    assert found(write(tmp_path, tables, sheets=sheets)) == [
        "tables/all.ods: the sheet Secret is none of the tables.",
        "tables/all.ods: the sheet Table_7 has no table in the open data.",
    ]
    (tmp_path / "data" / "ctw-table-07-more.csv").write_bytes(as_csv(tables[6]))
    (tmp_path / "tables" / "all.ods").write_bytes(as_ods({SHEET: sheet_of(tables[6])}))
    seal(tmp_path)
    reported = found(tmp_path)
    assert "tables/all.ods: Table 7 has no sheet." in reported


def test_a_spreadsheet_that_cannot_be_read_is_reported(folder):
    (folder / "tables" / "all.ods").write_bytes(b"no spreadsheet")
    seal(folder)
    assert found(folder)[0].startswith("tables/all.ods cannot be read")


LEFT_OUT = ("A3", ("E12000002", "E92000001", "K04000001"))


def without_one_return(tables, marker):
    """The tables without the latest claims of one area, the sums over it marked like this."""
    area, wholes = LEFT_OUT
    own = tables[24].figures[area, "funding_claimed"][0]
    tables[24].put(area, "funding_claimed", marker="x")
    tables[24].put(area, "claimed_per_start", marker="x")
    for whole in wholes:
        left = tables[24].figures[whole, "funding_claimed"][0] - own
        people = tables[24].figures[whole, "starts"][0]
        tables[24].put(whole, "funding_claimed", value=left, marker=marker)
        tables[24].put(whole, "claimed_per_start", value=round(left / people), marker=marker)
    return tables


@pytest.mark.parametrize("marker", ["", "i"])
def test_a_sum_that_leaves_out_an_area_is_marked(tmp_path, tables, marker):
    reported = found(write(tmp_path / "release", without_one_return(tables, marker)))
    unmarked = [line for line in reported if "is not marked as incomplete" in line]
    assert reported == unmarked
    assert {line.split(", ")[1] for line in unmarked} == (set() if marker else {"North West"})

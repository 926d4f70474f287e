"""What a version withholds, counted by table and area from files of a drawn release."""

import csv
import io
import json

import pytest

from operations.desk.release_files import ReleaseFiles
from operations.desk.withheld import NO_AREA, gather_withheld
from operations.errors import StoreError
from schemas.quarter import Quarter

QUARTER = Quarter(2026, 2)
STARTS, ROLLOUT = "data/x-table-06-starts.csv", "data/x-table-25-rollout.csv"
HEAD = ("delivery_area", "delivery_area_level", "value", "marker", "date")
AREA, COUNTRY = "Delivery area", "Country"
FIGURES = [
    ("West London", AREA, "25", "", ""),
    ("West London", AREA, "", "c", ""),
    ("Essex", AREA, "", "c", ""),
    ("Essex", AREA, "", "c", ""),
    ("Kent", AREA, "10", "p", ""),
    ("Kent", AREA, "", "x", ""),
    ("England", COUNTRY, "35", "", ""),
]
OPENED = [("West London", AREA, "", "", "2025-06-01"), ("Essex", AREA, "", "z", "")]
MANIFEST = {
    "tables": [
        {"number": 6, "title": "Starts", "measures": [{"population": "starts"}]},
        {"number": 25, "title": "Rollout", "measures": [{"population": "register"}, {}]},
    ]
}
REPORT = {
    "populations": [
        {
            "name": "starts",
            "title": "People",
            "by_reason": {"threshold": 2, "cover": 1},
        },
        {"name": "register", "title": "The register", "by_reason": {"cover": 4}},
        {"name": "funding", "title": "Funding", "by_reason": {}},
    ]
}


def table(rows, head=HEAD):
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows([head, *rows])
    return text.getvalue().encode()


def release(**others):
    files = {
        "manifest.json": json.dumps(MANIFEST).encode(),
        "disclosure-control.json": json.dumps(REPORT).encode(),
        STARTS: table(FIGURES),
        ROLLOUT: table(OPENED),
        "data/x-returns.csv": b"not figures",
        "data/codes.csv": b"not figures either",
        "index.html": b"<p>",
        **others,
    }
    return ReleaseFiles(QUARTER, 3, files)


@pytest.fixture(scope="module")
def withheld():
    return gather_withheld(release())


def test_each_figure_of_a_table_is_shown_withheld_or_marked(withheld):
    starts, rollout = withheld.tables
    assert (starts.shown, starts.withheld, starts.marked) == (3, 3, 1)
    assert (rollout.shown, rollout.withheld, rollout.marked) == (1, 0, 1)
    assert starts.shown + starts.withheld + starts.marked == len(FIGURES)


def test_reasons_stand_at_tables_that_withhold_something_and_at_no_other(withheld):
    assert [table.reasons for table in withheld.tables] == [("threshold", "cover"), ()]


def test_reasons_of_populations_are_listed_with_their_cells_and_titles(withheld):
    assert [(one.population, one.reason, one.cells) for one in withheld.reasons] == [
        ("People", "threshold", 2),
        ("People", "cover", 1),
        ("The register", "cover", 4),
    ]


def test_areas_are_listed_also_where_nothing_is_withheld_of_them(withheld):
    assert withheld.numbers == (6,)
    assert [(one.area, one.level, one.counts, one.total) for one in withheld.areas] == [
        ("West London", AREA, (1,), 1),
        ("Essex", AREA, (2,), 2),
        ("Kent", AREA, (0,), 0),
        ("England", COUNTRY, (0,), 0),
    ]


def test_a_table_without_areas_is_counted_for_all_areas():
    rows = [("", "c"), ("5", "")]
    [area] = gather_withheld(release(**{STARTS: table(rows, ("value", "marker"))})).areas
    assert (area.area, area.level, area.total) == (NO_AREA, "", 1)


def test_the_label_names_the_quarter_and_the_version(withheld):
    assert withheld.label == f"{QUARTER.label} v3"


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("manifest.json", b"{"),
        ("manifest.json", b"{}"),
        ("disclosure-control.json", b"[]"),
        ("disclosure-control.json", b'{"populations": [{"name": "starts"}]}'),
        (STARTS, b"\xff"),
        (STARTS, b"value\n5\n"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_what_to_do(path, content):
    with pytest.raises(StoreError) as error:
        gather_withheld(release(**{path: content}))
    assert f"The file {path} of {QUARTER.label} v3 cannot be read" in str(error.value)
    assert f"ctw build {QUARTER.id}" in str(error.value)


def test_lists_of_codes_and_returns_hold_no_figures():
    assert [path for path, _ in release().figures()] == [STARTS, ROLLOUT]


def test_a_file_is_found_by_the_end_of_its_name_or_said_to_be_missing():
    assert release().named("-rollout.csv") == ROLLOUT
    with pytest.raises(StoreError, match=r"data/\*-key-figures.csv .*it is not there"):
        release().named("-key-figures.csv")


def test_files_of_another_quarter_have_the_names_of_that_quarter():
    later = QUARTER.next
    files = ReleaseFiles(QUARTER, 1, {"data/a-2026-27-q2-b.csv": b"x"})
    assert files.as_of(later) == {"data/a-2026-27-q3-b.csv": b"x"}
    assert files.as_of(QUARTER) == files.files

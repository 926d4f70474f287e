"""Each gate finds its fault in finished files, and none in a good release."""

from __future__ import annotations

import pytest

from publications.data.manifest import sealed
from publications.gates.screener import GATES, screen, screen_files
from publications.release.table import Figure
from publications.spreadsheet.ods import write_ods
from publications.spreadsheet.workbook import workbook
from publications.wording.naming import csv_path, workbook_path
from tests.publications.gates.finished import problems_of
from tests.publications.release_sample import sample, with_figure

EW = "K04000001"


def resealed(release, files):
    """The same files with a manifest that agrees, so that only the other gates can object."""
    rest = {p: c for p, c in files.items() if p not in ("manifest.json", "SHA256SUMS")}
    return rest | sealed(release, rest)


def edited(release, files, path, old, new, count=1):
    """The files with one text replaced."""
    content = files[path].decode()
    assert old in content
    return resealed(release, {**files, path: content.replace(old, new, count).encode()})


def small_count(release):
    """The open data of a table, and a count of people in its second line, changed to three."""
    table = release.table("starts_by_quarter")
    text = ",starts,Starts,people,{},"
    value = table.rows[1].figures[0].value
    return csv_path(release.quarter, table), text.format(value), text.format(3)


def test_a_good_release_passes_every_gate(release, files):
    assert screen(release, files) == {name: [] for name in GATES}


@pytest.mark.slow
@pytest.mark.parametrize("quarter", ["2025-26Q1", "2025-26Q4", "2027-28Q1"])
def test_other_quarters_pass_too(quarter):
    from publications.folder import render

    release = sample(quarter)
    assert not any(screen(release, render(release)).values())


def test_a_count_of_one_to_four_people_is_found(release, files):
    bad = edited(release, files, *small_count(release))
    assert "line 3 holds a count of 1 to 4 people" in problems_of("small_counts", release, bad)[0]
    assert problems_of("same_in_spreadsheet", release, bad)


def test_a_figure_that_differs_between_files_is_found(release, files):
    other = with_figure(
        release, "funding", "funding_claimed", Figure(7), delivery_area=EW, quarter="2026-27"
    )
    path = workbook_path(release.quarter)
    bad = resealed(release, {**files, path: write_ods(workbook(other))})
    problems = problems_of("same_in_spreadsheet", release, bad)
    assert "worksheet Table_24_Funding" in problems[0]


def test_a_typed_number_is_found(release, files):
    bad = edited(
        release, files, "index.html", '<h2 id="status">', '<p>About 70 people.</p><h2 id="status">'
    )
    assert "'About 70 people.'" in problems_of("bound_on_pages", release, bad)[0]


def test_a_number_that_differs_from_its_cell_is_found(release, files):
    table = release.table("starts_by_quarter")
    starts = table.figure("starts", delivery_area=EW, quarter="total").value
    shown, more = f">{starts:,}</data>", f">{starts + 5:,}</data>"
    bad = edited(release, files, "index.html", shown, more)
    assert "is not the one in figures.json" in problems_of("numbers_in_prose", release, bad)[0]
    raw, other = f'"raw": "{starts}"', f'"raw": "{starts + 5}"'
    wrong = edited(release, files, "figures.json", raw, other)
    assert f"its cells give {starts}" in problems_of("numbers_in_prose", release, wrong)[0]


def test_a_symbol_for_a_missing_value_is_found(release, files):
    path = csv_path(release.quarter, release.table("health_settings"))
    bad = edited(release, files, path, ",,z,,\n", ",NULL,z,,\n")
    assert "symbol for a missing value" in problems_of("no_null_symbols", release, bad)[0]
    empty = edited(release, files, path, ",,z,,\n", ",,,,\n")
    assert "neither a value nor a marker" in problems_of("no_null_symbols", release, empty)[0]


def test_a_heading_that_stands_twice_is_found(release, files):
    path = csv_path(release.quarter, release.table("starts_by_model"))
    bad = edited(release, files, path, "measure,measure_label", "measure,measure")
    assert "'measure' stands there twice" in problems_of("unique_headers", release, bad)[0]


@pytest.mark.parametrize("text", ["QQ123456C", "qq 12 34 56 c", "AB123456A"])
def test_what_looks_like_a_national_insurance_number_is_found(release, files, text):
    bad = edited(release, files, "quality.html", "</main>", f"{text}</main>")
    found = problems_of("no_identifiers", release, bad)
    assert bool(found) == (text[0].upper() != "Q")
    assert not any(text in problem for problem in found)


def test_a_page_that_hides_that_the_data_are_synthetic_is_found(release, files):
    bad = edited(release, files, "quality.html", "Synthetic data", "Data", count=9)
    assert "quality.html does not say" in problems_of("said_synthetic", release, bad)[0]


def test_unexplained_shorthand_is_found(release, files):
    path = csv_path(release.quarter, release.table("health_settings"))
    bad = edited(release, files, path, ",,z,,\n", ",,q,,\n")
    assert "the marker 'q' is not shorthand" in problems_of("explained_shorthand", release, bad)[0]


@pytest.mark.slow
def test_a_folder_is_screened_alone_as_with_the_system(release, files):
    """Only what the files are written from differs: the release, or the open data of the folder."""
    assert screen_files(files) == []
    bad = edited(release, files, *small_count(release))
    found = screen(release, bad)
    again = found.pop("written_again")
    alone = [
        problem for problem in screen_files(bad) if "differs from the data behind it" not in problem
    ]
    assert sorted(alone) == sorted(sum(found.values(), []))
    assert [problem.split(" ")[0] for problem in again] == [small_count(release)[0]]


def test_files_that_are_no_release_are_said_in_one_line(files):
    assert "cannot be read back as a release" in screen_files({})[0]
    broken = {**files, "manifest.json": b"[]"}
    assert len(screen_files(broken)) == 1

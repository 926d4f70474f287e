"""What a release revises of an earlier version: found by comparison, with reasons from records."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from decimal import Decimal

import pytest

from operations.home.durable import replace_folder
from publications.data.open_data import as_csv
from publications.data.published import Published
from publications.data.revised import with_revisions
from publications.folder import render
from publications.gates.expected import expected_of
from publications.gates.reading import header_position, sheets
from publications.gates.revised_sheet import same_in_revised_figures
from publications.gates.screener import screen_folder
from publications.release.revisions import size
from publications.release.table import Figure
from publications.wording.naming import revisions_path
from tests.publications.html_page import name_of, page
from tests.publications.release_sample import sample, treated, with_figure, with_version
from verification.folder import opened
from verification.spreadsheet import differences
from verification.tables import tables

pytestmark = pytest.mark.slow
PLACE = {"setting_type": "total", "delivery_area": "K04000001", "quarter": "2026-27Q1"}
AREA = "CTW-EN20"


def published(release):
    return Published(release.quarter, release.version, render(release))


def with_returns(release, used, **others):
    """The release with the return that each area's figures rest on."""
    returns = tuple(
        replace(area, return_used=others.get(area.delivery_area_code.replace("-", "_"), used))
        for area in release.quality.returns
    )
    return replace(release, quality=replace(release.quality, returns=returns))


@pytest.fixture(scope="module")
def first():
    return with_returns(sample("2026-27Q1"), "2026-27Q1 v1")


@pytest.fixture(scope="module")
def second():
    """The next quarter, in which one figure of the quarter before is another."""
    later = with_returns(sample("2026-27Q2"), "2026-27Q2 v1")
    return with_figure(later, "health_settings", "settings_embedded", Figure(7), **PLACE)


@pytest.fixture(scope="module")
def revised(first, second):
    return with_revisions(second, [published(first)], "")


def own(release):
    """The revisions of the figure that was changed by hand."""
    found = release.revisions.found
    return [
        o for o in found if (o.measure, o.codes) == ("settings_embedded", tuple(PLACE.values()))
    ]


def test_a_revised_figure_is_listed_with_old_and_new_and_marked_everywhere(revised):
    (change,) = own(revised)
    assert change.since == "2026-27 Q1 v1"
    assert change.new == ("7", "")
    assert change.difference == 7 - Decimal(change.old[0])
    assert revised.table("health_settings").figure("settings_embedded", **PLACE) == Figure(7, "r")
    files = render(revised)
    assert screen_folder(files) == []
    rows = list(csv.DictReader(io.StringIO(files[revisions_path(revised.quarter)].decode())))
    assert len(rows) == len(revised.revisions.found)
    listed = [row for row in rows if row["measure"] == "settings_embedded"]
    assert listed[0]["codes"] == "setting_type=total; delivery_area=K04000001; quarter=2025-26Q1"
    assert "7" in {row["new_value"] for row in listed}


def test_periods_that_were_under_way_are_no_revisions(revised):
    periods = {code for one in revised.revisions.found for code in one.codes if "20" in code[:2]}
    assert periods <= {"2025-26", "2025-26Q1", "2025-26Q2", "2025-26Q3", "2025-26Q4", "2026-27Q1"}


def test_the_mark_cannot_be_set_or_taken_away_by_hand(revised):
    files = render(revised)
    path = next(p for p in files if p.endswith("-health-settings.csv"))
    marked = files[path].replace(b",7,r,7,7\n", b",7,,7,7\n", 1)
    assert marked != files[path]
    problems = screen_folder({**files, path: marked})
    assert any("was revised and is not marked [r]" in problem for problem in problems)
    by_hand = files[path].replace(b",,7,7\n", b",r,7,7\n", 1)
    problems = screen_folder({**files, path: by_hand})
    assert any("the list of revisions does not have it" in problem for problem in problems)


SHEET = "Revised_figures"


def sheet_of(files, release, name=SHEET):
    """The rows of a worksheet below its heading, with the heading first."""
    rows = sheets(files, release.quarter)[name]
    return rows[header_position(rows) :]


def test_the_worksheet_of_revised_figures_shows_the_list_of_the_open_data(revised):
    files = render(revised)
    heading, *rows = sheet_of(files, revised)
    listed = list(csv.DictReader(io.StringIO(files[revisions_path(revised.quarter)].decode())))
    assert heading[5:8] == ["Old value", "New value", "Difference"]
    assert len(rows) == len(listed) > 0
    for shown, row in zip(rows, listed, strict=True):
        assert shown[2] == row["row"]
        assert shown[8] == row["reason_label"]
        if row["difference"]:
            assert shown[5:8] == [float(row[n]) for n in ("old_value", "new_value", "difference")]
    contents = sheet_of(files, revised, "Contents")
    assert [SHEET, "Revised figures, 2026-27 Q2", "Old and new figures"] in contents


def test_a_release_that_revises_nothing_has_no_worksheet_of_revised_figures(first):
    assert SHEET not in sheets(render(first), first.quarter)


def test_a_worksheet_of_revised_figures_that_differs_from_the_list_is_found(revised, tmp_path):
    files = render(revised)
    path = revisions_path(revised.quarter)
    heading, first, *others = csv.reader(io.StringIO(files[path].decode()))
    place = heading.index("row")
    renamed = [*first[:place], "Elsewhere", *first[place + 1 :]]
    altered = {**files, path: as_csv(heading, [renamed, *others])}
    expected = expected_of(revised)
    assert same_in_revised_figures(expected, files) == []
    assert any("is not that of the list" in p for p in same_in_revised_figures(expected, altered))
    shorter = {**files, path: as_csv(heading, others)}
    assert any("it does not have" in p for p in same_in_revised_figures(expected, shorter))
    for given, words in ((altered, "revised figure in row"), (shorter, "the open data lists")):
        beside = tmp_path / str(len(given[path]))
        replace_folder(beside, given)
        folder = opened(beside)
        found = [one.message for one in differences(folder, tables(folder)[0])]
        assert any(words in message for message in found), found
    replace_folder(tmp_path / "good", files)
    good = opened(tmp_path / "good")
    assert differences(good, tables(good)[0]) == []


def test_the_quality_page_gives_sizes_by_table_and_measure(revised):
    files = render(revised)
    sizes = json.loads(files["quality.json"])["revisions"]["sizes"]
    embedded = next(line for line in sizes if line["measure"] == "settings_embedded")
    assert embedded["since"] == "2026-27 Q1 v1"
    assert embedded["compared"] > embedded["revised"] > 0
    text = name_of(page(files["quality.html"]).get_element_by_id("main"))
    assert "Compared with 2026-27 Q1 v1." in text


def test_without_an_earlier_version_there_is_no_list_and_the_page_says_so(first):
    files = render(with_revisions(first, [], ""))
    assert revisions_path(first.quarter) not in files
    text = name_of(page(files["quality.html"]).get_element_by_id("main"))
    assert "No version of these statistics was public before this one" in text


def reasons_of(old, new, explanation=""):
    made = with_revisions(new, [published(old)], explanation)
    (change,) = own(made)
    return made, change.reasons


def test_a_newer_return_of_an_area_is_a_correction_by_the_area(first, second):
    assert reasons_of(first, second)[1] == ("area_correction",)


def test_a_return_that_was_missing_then_is_a_late_return(first, second):
    late = with_returns(first, "2026-27Q1 v1", CTW_EN20="")
    same = with_returns(second, "2026-27Q1 v1")
    assert reasons_of(late, same)[1] == ("late_return",)


def test_an_area_that_opened_since_sent_no_late_return(first, second):
    quality = first.quality
    returns = tuple(
        replace(area, status="not yet open", return_used="")
        if area.delivery_area_code == AREA
        else area
        for area in quality.returns
    )
    before = replace(first, quality=replace(quality, returns=returns))
    assert reasons_of(before, with_returns(second, "2026-27Q1 v1", CTW_EN20="2026-27Q2 v1"))[1] == (
        "not_known",
    )


def test_an_estimate_in_place_of_a_return_is_an_imputation():
    drawn = treated(sample("2026-27Q1", missing=(AREA,)), "carry_forward")
    before = with_returns(drawn, "2026-27Q1 v1", CTW_EN20="")
    made = with_revisions(with_returns(sample(), "2026-27Q1 v1"), [published(before)], "")
    why = {
        (change.table, change.codes): change.reasons
        for change in made.revisions.found
        if change.measure == "starts" and change.codes[-1] == "2026-27Q1"
    }
    by_area = why["starts_by_delivery_area", ("K04000001", "2026-27Q1")]
    assert by_area == ("late_return", "imputation")
    assert why["starts_by_model", ("total", "total", "2026-27Q1")] == ("late_return",)


def test_a_figure_that_is_withheld_now_has_protection_as_its_reason(first, second):
    hidden = with_figure(second, "health_settings", "settings_embedded", Figure(None, "c"), **PLACE)
    made, why = reasons_of(first, hidden)
    assert why == ("area_correction", "protection")
    (change,) = own(made)
    assert (change.new, change.difference) == (("", "c"), None)
    shown = made.table("health_settings").figure("settings_embedded", **PLACE)
    assert shown == Figure(None, "c"), "a mark in place of a figure stays"


def test_another_method_is_a_reason_beside_the_others(first, second):
    old = published(first)
    manifest = json.loads(old.files["manifest.json"])
    manifest["policies"]["settings"]["minimum_denominator"] = 99
    other = replace(old, files={**old.files, "manifest.json": json.dumps(manifest).encode()})
    made = with_revisions(second, [other], "")
    assert {one.reasons for one in own(made)} == {("method", "area_correction")}


def test_other_code_is_the_reason_only_where_there_is_no_other(first, second):
    same = with_returns(second, "2026-27Q1 v1")
    assert reasons_of(replace(first, code_version="other"), same)[1] == ("system",)
    assert reasons_of(replace(first, code_version="other"), second)[1] == ("area_correction",)


def test_a_revision_without_a_reason_on_record_says_so_and_shows_the_explanation(first, second):
    same = with_returns(second, "2026-27Q1 v1")
    made, why = reasons_of(first, same)
    assert why == ("not_known",)
    main = page(render(made)["quality.html"]).get_element_by_id("main")
    assert "No explanation was given." in name_of(main)
    made, _ = reasons_of(first, same, "An amount was typed twice.")
    files = render(made)
    assert "An amount was typed twice." in name_of(page(files["quality.html"]))
    assert screen_folder(files) == []


def test_a_release_of_old_code_that_states_no_tables_is_compared_with_nothing(first, second):
    old = published(first)
    files = {"manifest.json": b"{}"}
    made = with_revisions(second, [replace(old, files=files)], "")
    assert made.revisions.since == ("2026-27 Q1 v1",)
    assert not made.revisions.found
    assert not made.revisions.sizes


def test_a_further_version_of_a_quarter_is_compared_in_all_periods(first):
    again = with_figure(first, "health_settings", "settings_embedded", Figure(7), **PLACE)
    made = with_revisions(with_version(again, 2), [published(first)], "")
    assert made.revisions.since == ("2026-27 Q1 v1",)
    changed = {one.codes for one in made.revisions.found if one.measure == "settings_embedded"}
    assert changed == {tuple(PLACE.values())}


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([("10", "13"), ("20", "18"), ("5", "5")], (3, 2, "0.33", "1.67")),
        ([("10", "10")], (1, 0, "0.00", "0.00")),
        ([("10", ""), ("", "4")], (0, 0, None, None)),
    ],
)
def test_sizes_are_means_of_new_minus_old(pairs, expected):
    found = size("2026-27 Q1 v1", ("t", "m"), [((a, ""), (b, "")) for a, b in pairs])
    means = (found.mean, found.mean_absolute)
    shown = tuple(None if mean is None else str(mean) for mean in means)
    assert (found.compared, found.revised, *shown) == expected

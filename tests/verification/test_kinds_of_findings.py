"""Each finding says which check found it: files, people, or an exposed fact."""

from __future__ import annotations

import pytest

from tests.verification.drawn import SEXES, codes_of, seal, world, write
from verification import verify
from verification.findings import EXPOSED, INTEGRITY, PEOPLE

LATEST, SETTINGS = "2026-27Q2", "settings_embedded"


def shown_beside_a_withheld_cell(tables):
    tables[21].put("GP_PRACTICE", "A4", LATEST, SETTINGS, value=15)


def withheld_in_one_table_alone(tables):
    tables[22].withhold(("A1", LATEST, SETTINGS))


def shown_differently_in_two_tables(tables):
    tables[9].put("E92000001", "total", "starts", value=2_945)


def three_people(tables):
    for area in ("K04000001", "W92000004"):
        tables[9].put(area, "NS", "starts", value=3)


def parts_that_leave_few_people(tables):
    kept = {"K04000001": tables[9].dimensions["delivery_area"]["K04000001"]}
    tables[9].dimensions["delivery_area"] = kept
    counts = {"total": 5, "F": 20, "M": 10, "NS": 10}
    tables[9].figures = {("K04000001", sex, "starts"): [counts[sex], ""] for sex in SEXES}
    for number in (6, 21, 22, 24):
        del tables[number]


def parts_that_do_not_add_up(tables):
    tables[21].put("HOSPITAL", "W1", "2026-27Q1", SETTINGS, value=70)


def a_total_that_hides_a_gap(tables):
    tables[24].put("W1", "funding_claimed", marker="x")
    tables[24].put("W1", "claimed_per_start", marker="x")


def a_rate_of_a_withheld_amount(tables):
    tables[24].withhold(("A3", "funding_claimed"), ("A4", "funding_claimed"))


def a_rate_of_a_true_count(tables):
    tables[24].put("A3", "claimed_per_start", value=879)


CASES = [
    (shown_beside_a_withheld_cell, "can be calculated", EXPOSED),
    (withheld_in_one_table_alone, "[c], but Table 21", EXPOSED),
    (shown_differently_in_two_tables, "2,945, but Table 6", INTEGRITY),
    (three_people, "is a small count of people", PEOPLE),
    (parts_that_leave_few_people, "can only stand for 1 to 2 people", EXPOSED),
    (parts_that_do_not_add_up, "but its parts add up to", INTEGRITY),
    (a_total_that_hides_a_gap, "is not marked as incomplete", INTEGRITY),
    (a_rate_of_a_withheld_amount, "is shown though Funding claimed is withheld", EXPOSED),
    (a_rate_of_a_true_count, "so it gives back the true Starts", EXPOSED),
]


@pytest.mark.parametrize(("change", "words", "check"), CASES, ids=[c[0].__name__ for c in CASES])
def test_a_finding_about_figures_names_its_check(tmp_path, tables, change, words, check):
    change(tables)
    found = [f for f in verify(write(tmp_path, tables)).findings if words in f.message]
    assert {finding.check for finding in found} == {check}


def checks(folder, words, *previous):
    return {f.check for f in verify(folder, *previous).findings if words in f.message}


def test_a_narrow_range_of_a_withheld_count_is_an_exposed_fact(tmp_path):
    few = {("GP_PRACTICE", "A1", LATEST): 1, ("PCN", "A1", LATEST): 0}
    tables = world(settings=few)
    for kind in ("GP_PRACTICE", "PCN"):
        tables[21].withhold(*((kind, area, LATEST, SETTINGS) for area in ("A1", "A2")))
    assert checks(write(tmp_path, tables), "[c] can only be 0 to 1") == {EXPOSED}


def test_a_cell_shown_in_one_release_and_withheld_in_another_is_an_exposed_fact(tmp_path, tables):
    now, before = write(tmp_path / "now", tables), world("2026-27Q1")
    old = write(tmp_path / "old", before, period="2026-27Q1")
    assert checks(now, "which the release of 2026-27Q1 withholds", old) == {EXPOSED}
    tables[21].withhold(("HOSPITAL", "A1", "2026-27Q1", SETTINGS))
    now = write(tmp_path / "withheld", tables)
    assert checks(now, "[c], but the release of 2026-27Q1 shows", old) == {EXPOSED}


def test_what_is_wrong_with_files_is_about_integrity(tmp_path, tables):
    folder = write(tmp_path / "release", tables, sheets={"Secret": [["x"]]})
    (folder / "index.html").write_text("<p>About 965 people.</p>")
    seal(folder)
    (folder / "note.txt").write_text("Not listed.")
    found = verify(folder).findings
    assert {finding.check for finding in found} == {INTEGRITY}
    assert len(found) == 3


@pytest.mark.parametrize("text", ["", "dimension,code,label,level,parent\na,b\n"])
def test_codes_that_cannot_be_read_are_about_integrity(tmp_path, tables, text):
    folder = write(tmp_path, tables)
    (folder / "data" / "codes.csv").write_text(text)
    seal(folder)
    assert checks(folder, "data/codes.csv cannot be read") == {INTEGRITY}


def test_codes_that_contradict_the_figures_are_about_integrity(tmp_path, tables):
    rows = [
        (dimension, code, label, level, "E12000002" if code == "A1" else parent)
        for dimension, code, label, level, parent in codes_of(tables)
    ]
    assert checks(write(tmp_path, tables, codes=rows), "sums of starts do not hold") == {INTEGRITY}


def test_people_whose_figures_the_manifest_does_not_explain_are_about_people(tmp_path, tables):
    folder = write(tmp_path, tables, readings={})
    assert checks(folder, "does not say how figures of starts are to be read") == {PEOPLE}


def test_a_release_with_no_files_to_speak_of_is_about_integrity(tmp_path):
    (tmp_path / "index.html").write_text("")
    seal(tmp_path)
    assert {finding.check for finding in verify(tmp_path).findings} == {INTEGRITY}

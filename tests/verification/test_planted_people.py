"""Counts of people that were planted too small or too certain: each one is found."""

import pytest

from tests.verification.drawn import AREAS, SEXES, Drawn


def test_a_count_of_three_people_is_reported(reported, tables):
    for area in ("K04000001", "W92000004"):
        tables[9].put(area, "NS", "starts", value=3)
    assert reported(tables)[0] == (
        "Table 9, England and Wales, Not stated, Starts: 3 is a small count of people "
        "and no multiple of 5."
    )


def test_a_small_count_is_reported_though_the_manifest_calls_its_figures_exact(reported, tables):
    for area in ("K04000001", "W92000004"):
        tables[9].put(area, "NS", "starts", value=3)
    messages = "Table 9, England and Wales, Not stated, Starts: 3 is a small count of people."
    assert messages in reported(tables, readings={"starts": {"kind": "exact"}})


def test_people_whose_figures_the_manifest_does_not_explain_are_reported(reported, tables):
    messages = "manifest.json does not say how figures of starts are to be read."
    assert messages in reported(tables, readings={})


def test_a_true_count_of_people_is_reported(reported, tables):
    tables[9].put("K04000001", "F", "starts", value=2_137)
    assert "2,137 is no multiple of 5" in reported(tables)[0]


@pytest.mark.parametrize(
    ("name", "unit"), [("starts", "settings"), ("starts", ""), ("planned_people", "people")]
)
def test_a_small_count_is_reported_whatever_its_unit_and_name_where_the_manifest_says_people(
    reported, name, unit
):
    table = Drawn(9, "starts-by-sex", {"sex": {"T": ("All", "Total")}}, {name: ("Starts", unit)})
    table.figures = {("T", name): [3, ""]}
    exact = {name: {"kind": "exact"}}
    message = "Table 9, All, Starts: 3 is a small count of people."
    assert message in reported({9: table}, readings=exact, people=True)
    assert message not in reported({9: table}, readings=exact)


def people(**counts):
    """Starts by sex of one area, as published."""
    areas = {"K04000001": AREAS["K04000001"]}
    table = Drawn(
        9, "starts-by-sex", {"delivery_area": areas, "sex": SEXES}, {"starts": ("Starts", "people")}
    )
    table.figures = {("K04000001", sex, "starts"): [counts[sex], ""] for sex in SEXES}
    return {9: table}


def test_parts_and_totals_of_people_that_leave_only_small_counts_are_reported(reported):
    assert reported(people(total=5, F=20, M=10, NS=10)) == [
        f"Table 9, England and Wales, {sex}, Starts: 10 can only stand for 1 to 2 people, "
        "since parts and totals must agree."
        for sex in ("Male", "Not stated")
    ]


def test_parts_and_totals_of_people_that_leave_one_count_only_are_reported(reported):
    tables = people(total=5, F=20, M=10, NS=10)
    tables[9].dimensions["sex"] = {**SEXES, "X": ("Another term", "Category")}
    tables[9].figures["K04000001", "X", "starts"] = [10, ""]
    found = reported(tables)
    assert len(found) == 5
    assert found[0] == (
        "Table 9, England and Wales, All, Starts: 5 can only stand for 14 people, "
        "since parts and totals must agree."
    )


def test_parts_and_totals_of_people_that_leave_room_are_safe(reported):
    assert reported(people(total=15, F=20, M=10, NS=10)) == []

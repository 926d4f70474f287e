"""Imputation of missing returns, on rows worked out on paper, and what stays without a figure."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.statistics.gaps import gaps
from pipelines.statistics.imputation import Imputed, impute
from publications.populations import FUNDING, HEALTH_SETTINGS, ROLLOUT, STARTS
from publications.tables import TABLES

Q1, Q2, Q3 = "2025-26Q1", "2025-26Q2", "2025-26Q3"
SECRET = b"a secret of imputation"


def availability(**marks):
    """One mark for each of the three quarters of each area."""
    rows = [
        (area, quarter, "" if mark == "." else mark)
        for area, text in marks.items()
        for quarter, mark in zip((Q1, Q2, Q3), text, strict=True)
    ]
    return pl.DataFrame(rows, schema=["delivery_area", "quarter", "mark"], orient="row")


def people(*counts):
    """One row per person, from (area, quarter, how many)."""
    rows = [
        (f"{area}-{quarter}-{i}", area, quarter, "F" if i % 2 else "M")
        for area, quarter, count in counts
        for i in range(count)
    ]
    names = ["episode_id", "delivery_area", "quarter", "sex"]
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def counted(found):
    rows = found.rows.group_by("delivery_area", "quarter").len().sort(pl.all()).rows()
    return {(area, quarter): count for area, quarter, count in rows}


def test_a_carried_area_has_the_people_of_its_last_quarter_again():
    rows = people(("A", Q1, 3), ("A", Q2, 4), ("B", Q2, 10), ("B", Q3, 15))
    known = availability(A="..x", B="z..")
    found = impute(STARTS, rows, known, "carry_forward", SECRET)
    assert found.filled == {("A", Q3)}
    own = found.rows.filter((pl.col("delivery_area") == "A") & (pl.col("quarter") == Q3))
    then = rows.filter((pl.col("delivery_area") == "A") & (pl.col("quarter") == Q2))
    assert own["episode_id"].to_list() == then["episode_id"].to_list()
    assert found.availability.filter(pl.col("mark") == "x").is_empty()
    assert found.rows.head(rows.height).equals(rows)


def test_an_estimate_has_the_growth_of_the_areas_that_reported_both_quarters():
    rows = people(("A", Q2, 4), ("B", Q2, 10), ("B", Q3, 15), ("C", Q3, 100))
    known = availability(A="z.x", B="z..", C="zz.")
    found = impute(STARTS, rows, known, "estimate", SECRET)
    assert counted(found)["A", Q3] == 6  # 4 people, and 15 for every 10; C was not there before
    again = impute(STARTS, rows, known, "estimate", SECRET)
    assert again.rows.equals(found.rows)


def test_an_estimate_of_fewer_leaves_some_people_out_and_invents_none():
    rows = people(("A", Q2, 9), ("B", Q2, 9), ("B", Q3, 6))
    found = impute(STARTS, rows, availability(A="z.x", B="z.."), "estimate", SECRET)
    own = found.rows.filter((pl.col("delivery_area") == "A") & (pl.col("quarter") == Q3))
    assert own.height == 6
    assert own["episode_id"].n_unique() == 6
    assert set(own["episode_id"]) <= set(rows["episode_id"])


def test_two_missing_quarters_are_both_imputed_from_the_last_return():
    rows = people(("A", Q1, 5))
    found = impute(STARTS, rows, availability(A=".xx"), "carry_forward", SECRET)
    assert counted(found) == {("A", Q1): 5, ("A", Q2): 5, ("A", Q3): 5}


def test_an_area_that_never_reported_stays_without_a_figure():
    rows = people(("B", Q2, 1))
    known = availability(A="zxx", B="z.x")
    found = impute(STARTS, rows, known, "carry_forward", SECRET)
    assert found.filled == {("B", Q3)}
    left = found.availability.filter(pl.col("mark") == "x")
    assert left.select("delivery_area", "quarter").rows() == [("A", Q2), ("A", Q3)]


def test_nothing_is_imputed_when_areas_are_left_out_and_for_facts_of_the_register():
    rows, known = people(("A", Q2, 4)), availability(A="z.x")
    assert impute(STARTS, rows, known, "leave_out", SECRET).rows.equals(rows)
    assert impute(ROLLOUT, rows, known, "carry_forward", SECRET).filled == frozenset()


def money():
    columns = {
        "delivery_area": pl.String,
        "quarter": pl.String,
        "funding_allocated": pl.Int64,
        "funding_claimed": pl.Int64,
    }
    rows = [
        ("A", Q2, 1_000, 300),
        ("A", Q2, 0, None),
        ("B", Q2, 500, 100),
        ("B", Q3, 0, 150),
    ]
    return pl.DataFrame(rows, schema=columns, orient="row")


def test_an_amount_of_a_quarter_grows_and_one_of_a_year_stays_as_it_was_reported():
    found = impute(FUNDING, money(), availability(A="z.x", B="z.."), "estimate", SECRET)
    own = found.rows.filter((pl.col("delivery_area") == "A") & (pl.col("quarter") == Q3))
    assert own["funding_claimed"].to_list() == [450, None]
    assert own["funding_allocated"].to_list() == [0, 0]
    listed = gaps(FUNDING, TABLES, found.rows, found.availability, found.filled)
    part = (("delivery_area", "A"), ("quarter", Q3))
    assert ("funding_claimed", part, True) in listed
    assert not [name for name, _, _ in listed if name == "funding_allocated"]


LAST, FIRST = "2025-26Q4", "2026-27Q1"


def test_an_allocation_of_a_year_of_which_the_area_reported_no_quarter_is_unknown():
    rows = money().with_columns(quarter=pl.col("quarter").replace({Q2: LAST, Q3: FIRST}))
    marks = [("A", LAST, ""), ("A", FIRST, "x"), ("B", LAST, ""), ("B", FIRST, "")]
    known = pl.DataFrame(marks, schema=["delivery_area", "quarter", "mark"], orient="row")
    found = impute(FUNDING, rows, known, "carry_forward", SECRET)
    own = found.rows.filter((pl.col("delivery_area") == "A") & (pl.col("quarter") == FIRST))
    assert own["funding_allocated"].to_list() == [None, None]
    part = (("delivery_area", "A"), ("quarter", FIRST))
    for treated in (found, Imputed(rows, known)):
        listed = gaps(FUNDING, TABLES, treated.rows, treated.availability, treated.filled)
        assert [p for name, p, _ in listed if name == "funding_allocated"] == [part]


def test_a_missing_quarter_leaves_an_allocation_complete_that_another_quarter_reported():
    listed = gaps(FUNDING, TABLES, money(), availability(A="z.x", B="z.."))
    part = (("delivery_area", "A"), ("quarter", Q3))
    assert ("funding_claimed", part, False) in listed
    assert not [name for name, _, _ in listed if name == "funding_allocated"]


def test_settings_are_carried_with_the_staff_behind_them():
    rows = pl.DataFrame(
        {
            "delivery_area": ["A"],
            "quarter": [Q2],
            "setting_type": ["GP"],
            "settings_embedded": [7],
            "staff": [2],
        }
    )
    found = impute(HEALTH_SETTINGS, rows, availability(A="z.x"), "carry_forward", SECRET)
    assert found.rows.rows()[1] == ("A", Q3, "GP", 7, 2)


@pytest.mark.parametrize("treatment", ["carry_forward", "estimate"])
@given(
    own=st.integers(0, 30),
    then=st.integers(0, 40),
    now=st.integers(0, 40),
    mark=st.sampled_from("x."),
)
def test_rows_of_returns_never_change_and_estimates_are_within_half_of_the_ratio(
    treatment, own, then, now, mark
):
    rows = people(("A", Q2, own), ("B", Q2, then), ("B", Q3, now))
    found = impute(STARTS, rows, availability(A=f"z.{mark}", B="z.."), treatment, SECRET)
    assert found.rows.head(rows.height).equals(rows)
    made = found.rows.height - rows.height
    if mark == ".":
        assert made == 0
    else:
        exact = own * now / then if treatment == "estimate" and then else own
        assert abs(made - exact) <= 0.5

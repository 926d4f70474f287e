"""Which cells have one name, so one key and one figure: those that public facts show to be one."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.statistics.count import count
from pipelines.statistics.names import cell_names
from publications.populations import CASELOAD, STARTS
from schemas.dimension import BY_QUARTER, DELIVERY_AREA, GEOGRAPHY, MODEL, QUARTER, REGION, Codes
from schemas.quarter import Quarter
from schemas.table import Measure, StatisticalTable

SECRET = b"a secret of at least 16 bytes"
NOW = Quarter(2026, 1)
AREAS = GEOGRAPHY.codes(NOW).leaves
PERIODS = QUARTER.codes(NOW).leaves
NORTH_EAST, TEES, WALES = "CTW-EN18", "CTW-EN30", "CTW-WA01"
"""Two of the areas of the region North East, and one of Wales."""
ENGLAND, REGION_NE = "E92000001", "E12000001"


def available(*open_: tuple[str, str], absent: str = "z") -> pl.DataFrame:
    """Every area and quarter, with a mark unless it is among `open_`."""
    rows = [(a, q, "" if (a, q) in open_ else absent) for a in AREAS for q in PERIODS]
    return pl.DataFrame(rows, schema=["delivery_area", "quarter", "mark"], orient="row")


def counted(rows, marks, *by, population=STARTS):
    """Count people, one row each (area, quarter, model), into cells that `by` shows."""
    frame = pl.DataFrame(rows, schema=["delivery_area", "quarter", "model"], orient="row")
    frame = frame.with_columns(
        episode_id=pl.Series([f"e{i}" for i in range(len(rows))], dtype=pl.String)
    )
    measures = (Measure(population, population.relation, population.title),)
    drawn = StatisticalTable(1, "drawn", "Drawn", measures, by)
    return count(population, [drawn], frame, marks, NOW, SECRET).cells


def key(cells, **codes):
    found = cells.filter(pl.col(name) == code for name, code in codes.items())
    assert len(found) == 1
    return found["cell_key"][0]


ONE = [(NORTH_EAST, "2025-26Q1", "IPS")] * 12
ONLY = available((NORTH_EAST, "2025-26Q1"))


def test_a_region_in_which_one_area_is_open_has_the_key_of_that_area():
    cells = counted(ONE, ONLY, DELIVERY_AREA, MODEL)
    whole = {
        key(cells, delivery_area=place, model="total")
        for place in (NORTH_EAST, REGION_NE, ENGLAND, "K04000001")
    }
    assert len(whole) == 1
    assert key(cells, delivery_area=REGION_NE, model="IPS") not in whole


@pytest.mark.parametrize("absent", ["z", "x"])
def test_a_region_has_its_own_key_when_a_second_area_has_figures(absent):
    marks = available((NORTH_EAST, "2025-26Q1"), (TEES, "2025-26Q1"), absent=absent)
    cells = counted(ONE, marks, DELIVERY_AREA)
    assert key(cells, delivery_area=REGION_NE) != key(cells, delivery_area=NORTH_EAST)
    assert key(cells, delivery_area=REGION_NE) == key(cells, delivery_area="K04000001")


def test_the_key_of_a_part_does_not_depend_on_the_parts_beside_it():
    alone = counted(ONE, ONLY, DELIVERY_AREA)
    marks = available((NORTH_EAST, "2025-26Q1"), (TEES, "2025-26Q1"))
    beside = counted(ONE, marks, DELIVERY_AREA)
    assert key(alone, delivery_area=NORTH_EAST) == key(beside, delivery_area=NORTH_EAST)


def test_an_area_that_opened_this_quarter_has_one_key_for_quarter_year_and_to_date():
    marks = available((NORTH_EAST, "2025-26Q1"), (NORTH_EAST, "2025-26Q2"), (WALES, "2025-26Q2"))
    rows = [*ONE, *[(WALES, "2025-26Q2", "IPS")] * 8]
    cells = counted(rows, marks, DELIVERY_AREA, BY_QUARTER)
    of_wales = {key(cells, delivery_area=WALES, quarter=q) for q in ("2025-26Q2", "total")}
    assert len(of_wales) == 1
    to_date = key(cells, delivery_area=NORTH_EAST, quarter="total")
    assert to_date != key(cells, delivery_area=NORTH_EAST, quarter="2025-26Q1")


def test_a_figure_to_date_has_a_new_key_each_quarter_and_a_quarter_that_is_over_keeps_its_own():
    """Nobody started in the second quarter. Were the figures to date the same, that would show."""
    first = available((NORTH_EAST, "2025-26Q1"))
    both = available((NORTH_EAST, "2025-26Q1"), (NORTH_EAST, "2025-26Q2"))
    then = counted(ONE, first, DELIVERY_AREA, BY_QUARTER)
    now = counted(ONE, both, DELIVERY_AREA, BY_QUARTER)
    place = {"delivery_area": NORTH_EAST}
    assert key(then, **place, quarter="total") != key(now, **place, quarter="total")
    quarters = [key(cells, **place, quarter="2025-26Q1") for cells in (then, now)]
    assert quarters[0] == quarters[1]


def test_a_stock_of_two_quarters_has_two_keys():
    both = available((NORTH_EAST, "2025-26Q1"), (NORTH_EAST, "2025-26Q2"))
    rows = [(NORTH_EAST, q, "IPS") for q in ("2025-26Q1", "2025-26Q2")]
    cells = counted(rows, both, DELIVERY_AREA, BY_QUARTER, population=CASELOAD)
    found = [key(cells, delivery_area=NORTH_EAST, quarter=q) for q in ("2025-26Q1", "2025-26Q2")]
    assert found[0] != found[1]


def test_a_table_that_shows_a_further_dimension_renames_no_cell():
    marks = available((NORTH_EAST, "2025-26Q1"), (TEES, "2025-26Q1"))
    plain = counted(ONE, marks, REGION)
    split = counted(ONE, marks, REGION, MODEL)
    place = {"delivery_area": REGION_NE}
    assert key(plain, **place) == key(split, **place, model="total")
    by_time = counted(ONE, marks, REGION, BY_QUARTER)
    assert key(plain, **place) == key(by_time, **place, quarter="total")


def test_a_dimension_with_one_category_adds_nothing_to_the_name():
    alone = Codes(
        pl.DataFrame(
            [("all", "All", None), ("group", "Group", "all"), ("only", "Only", "group")],
            schema=["code", "label", "parent"],
            orient="row",
        )
    )
    codes = {GEOGRAPHY.name: GEOGRAPHY.codes(NOW), QUARTER.name: QUARTER.codes(NOW), "kind": alone}
    marks = available((NORTH_EAST, "2025-26Q1"), (WALES, "2025-26Q2"))
    cells = pl.DataFrame({"statistic": "starts", "kind": ["all", "group", "only"]})
    names = cell_names(STARTS, cells, marks.filter(pl.col("mark") == ""), codes)
    assert names.unique().to_list() == ["starts\x1fstarts\x1fquarter=2025-26 to 2025-26Q2"]


spots = st.tuples(st.sampled_from((NORTH_EAST, TEES, WALES)), st.sampled_from(PERIODS[:3]))


@settings(max_examples=25, deadline=None)
@given(st.sets(spots, min_size=1))
def test_places_and_periods_share_a_key_exactly_when_they_cover_the_same_areas_and_quarters(drawn):
    """Eight people stand in every open area and quarter; the cover is worked out from the lists."""
    cells = counted(
        [(a, q, "IPS") for a, q in sorted(drawn)] * 8, available(*drawn), DELIVERY_AREA, BY_QUARTER
    )
    covers: dict[frozenset[tuple[str, str]], set[int]] = {}
    above = {a: GEOGRAPHY.codes(NOW).ancestors(a) for a, _ in drawn}
    during = {q: QUARTER.codes(NOW).ancestors(q) for _, q in drawn}
    shown = cells.select("delivery_area", "quarter", "cell_key").drop_nulls()
    for place, period, found in shown.iter_rows():
        held = frozenset((a, q) for a, q in drawn if place in above[a] and period in during[q])
        covers.setdefault(held, set()).add(found)
    assert all(len(keys) == 1 for keys in covers.values())
    assert len({found for keys in covers.values() for found in keys}) == len(covers)

"""Counting: every cell once, zeros from code lists, totals that are sums, public marks."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure import KEY_MODULUS, cell_keys, record_keys
from pipelines.statistics.count import columns
from pipelines.statistics.errors import UncountableError
from publications.populations import (
    CASELOAD,
    STARTS,
    people,
)
from schemas.dimension import (
    BY_QUARTER,
    DELIVERY_AREA,
    MODEL,
    NATION,
    REGION,
)
from tests.pipelines.statistics.drawn_counts import (
    OPEN,
    SECRET,
    counted,
    starts,
    table,
    value,
)


def test_a_count_is_made_for_every_code_and_zeros_come_from_the_lists():
    cells = counted(starts(("CTW-EN18", "2025-26Q1", "IPS")), table(STARTS, MODEL, NATION))
    assert len(cells) == 3 * 3
    assert value(cells, model="SEQF", delivery_area="W92000004")["value"] == 0
    assert value(cells, model="total", delivery_area="E92000001")["value"] == 1


def test_a_cell_that_two_tables_share_is_counted_once():
    rows = starts(("CTW-EN18", "2025-26Q1", "IPS"), ("CTW-WA01", "2025-26Q2", "SEQF"))
    cells = counted(rows, table(STARTS, MODEL, NATION), table(STARTS, NATION, BY_QUARTER, number=2))
    assert not cells.select("model", "delivery_area", "quarter", "statistic").is_duplicated().any()
    assert value(cells, model="total", delivery_area="K04000001", quarter="total")["value"] == 2


def test_the_cell_key_is_made_of_the_name_of_the_cell_and_the_record_keys_of_its_people():
    rows = starts(*[("CTW-EN18", "2025-26Q1", "IPS")] * 7)
    cells = counted(rows, table(STARTS, NATION, MODEL))
    people_key = record_keys(rows["episode_id"], SECRET).sum() % KEY_MODULUS
    name = "\x1f".join(
        ["starts", "starts", "delivery_area=E92000001", "model=IPS", "quarter=2025-26 to 2025-26Q2"]
    )
    cell = value(cells, delivery_area="E92000001", model="IPS")
    assert cell["cell_key"] == cell_keys(pl.Series([name]), pl.Series([people_key]), SECRET)[0]
    others = cells.filter(pl.col("value") == 7)["cell_key"]
    assert len(others) == others.n_unique() == 4


areas = st.sampled_from(["CTW-EN18", "CTW-EN35", "CTW-WA01"])
models = st.sampled_from(["IPS", "SEQF"])
periods = st.sampled_from(["2025-26Q1", "2025-26Q2"])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(areas, periods, models), min_size=1, max_size=40))
def test_the_parts_of_every_total_add_up_and_no_row_is_lost(drawn):
    cells = counted(starts(*drawn), table(STARTS, MODEL, DELIVERY_AREA, BY_QUARTER))
    whole = {"model": "total", "delivery_area": "K04000001", "quarter": "total"}
    assert value(cells, **whole)["value"] == len(drawn)
    for name, parts in {
        "model": ["IPS", "SEQF"],
        "delivery_area": ["E92000001", "W92000004"],
        "quarter": ["2025-26Q1", "2025-26Q2"],
    }.items():
        held = [value(cells, **(whole | {name: part}))["value"] or 0 for part in parts]
        assert sum(held) == len(drawn)


@settings(max_examples=15, deadline=None)
@given(
    st.permutations(
        [("CTW-EN18", "2025-26Q1", "IPS")] * 3 + [("CTW-WA01", "2025-26Q2", "SEQF")] * 2
    )
)
def test_the_order_of_rows_does_not_matter_to_the_counts(drawn):
    expected = counted(starts(*sorted(drawn)), table(STARTS, MODEL, REGION))
    assert (
        counted(starts(*drawn), table(STARTS, MODEL, REGION))
        .drop("cell_key")
        .equals(expected.drop("cell_key"))
    )


def test_an_area_that_was_not_open_or_not_received_has_a_mark_and_no_value():
    availability = OPEN.with_columns(
        mark=pl.when(pl.col("delivery_area") == "CTW-EN35")
        .then(pl.lit("z"))
        .when((pl.col("delivery_area") == "CTW-WA01") & (pl.col("quarter") == "2025-26Q2"))
        .then(pl.lit("x"))
        .otherwise(pl.lit(""))
    )
    rows = starts(("CTW-EN18", "2025-26Q1", "IPS"), ("CTW-WA01", "2025-26Q1", "IPS"))
    cells = counted(rows, table(STARTS, DELIVERY_AREA, BY_QUARTER), availability=availability)
    marks = {
        (area, quarter): value(cells, delivery_area=area, quarter=quarter)["mark"]
        for area in ("CTW-EN35", "CTW-WA01", "W92000004", "K04000001")
        for quarter in ("2025-26Q1", "2025-26Q2", "total")
    }
    assert [marks["CTW-EN35", q] for q in ("2025-26Q1", "2025-26Q2", "total")] == ["z", "z", "z"]
    assert [marks["CTW-WA01", q] for q in ("2025-26Q1", "2025-26Q2", "total")] == ["", "x", ""]
    assert [marks["K04000001", q] for q in ("2025-26Q1", "2025-26Q2", "total")] == ["", "", ""]
    assert marks["W92000004", "2025-26Q2"] == "x"
    assert cells.filter(pl.col("mark") != "")["value"].null_count() == (cells["mark"] != "").sum()


def test_what_an_area_reported_is_never_dropped_for_a_mark():
    availability = OPEN.with_columns(mark=pl.lit("z"))
    rows = starts(("CTW-EN18", "2025-26Q1", "IPS"))
    cells = counted(rows, table(STARTS, DELIVERY_AREA, BY_QUARTER), availability=availability)
    assert value(cells, delivery_area="CTW-EN18", quarter="2025-26Q1")["value"] == 1


def test_a_row_with_a_code_outside_its_list_stops_the_count_and_is_named():
    with pytest.raises(UncountableError, match="1 row has a model .* OLD_MODEL"):
        counted(starts(("CTW-EN18", "2025-26Q1", "OLD_MODEL")), table(STARTS, MODEL, NATION))


def test_a_stock_has_no_total_over_quarters():
    rows = starts(("CTW-EN18", "2025-26Q1", "IPS"), ("CTW-EN18", "2025-26Q2", "IPS"))
    cells = counted(rows, table(CASELOAD, NATION, BY_QUARTER), population=CASELOAD)
    assert set(cells["quarter"]) == {"2025-26Q1", "2025-26Q2"}


def test_counting_asks_the_relation_for_no_more_than_it_needs():
    """Area and quarter say whose return is missing, whatever the tables show."""
    needed = {"model", "delivery_area", "quarter", "episode_id"}
    assert set(columns(STARTS, [table(STARTS, MODEL)])) == needed


def test_a_population_of_people_is_declared_by_its_relation_and_title():
    leavers = people("leavers", "Leavers")
    rows = starts(("CTW-EN18", "2025-26Q1", "IPS"))
    cells = counted(rows, table(leavers, NATION), population=leavers)
    assert value(cells, "leavers", delivery_area="K04000001")["value"] == 1

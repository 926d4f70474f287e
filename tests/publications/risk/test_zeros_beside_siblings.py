"""What a published 0 says beside its total and its only other part, in worlds counted as ours."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from disclosure import KEY_MODULUS, protect, record_keys
from disclosure.tables.cells import CellTable
from pipelines.statistics.count import count
from publications.policies import PEOPLE
from publications.populations import STARTS
from schemas.dimension import DELIVERY_AREA, GEOGRAPHY, MODEL, QUARTER
from schemas.quarter import Quarter
from schemas.table import Measure, StatisticalTable

NOW = Quarter(2025, 4)
SECRET = b"a secret of at least 16 bytes"
AREAS = GEOGRAPHY.codes(NOW).leaves
MEASURES = (Measure(STARTS, "starts", "Starts"),)
DRAWN = StatisticalTable(1, "drawn", "Drawn", MEASURES, (DELIVERY_AREA, MODEL))
PERCENT = 95
pytestmark = pytest.mark.slow


def world(seed: int) -> pl.DataFrame:
    """One row per person: 0 to 30 in each area, of whom none to four have the rarer model."""
    rng = np.random.default_rng(seed)
    rows = [
        (area, QUARTER.codes(NOW).leaves[rng.integers(4)], "SEQF" if number < rare else "IPS")
        for area in AREAS
        for people, rare in [(rng.integers(0, 30), rng.integers(0, 5) * rng.integers(0, 2))]
        for number in range(people)
    ]
    frame = pl.DataFrame(rows, schema=["delivery_area", "quarter", "model"], orient="row")
    return frame.with_columns(episode_id=pl.Series([f"{seed} {n}" for n in range(len(rows))]))


def counted(rows: pl.DataFrame) -> CellTable:
    codes = QUARTER.codes(NOW).leaves
    is_open = [(area, quarter, "") for area in AREAS for quarter in codes]
    marks = pl.DataFrame(is_open, schema=["delivery_area", "quarter", "mark"], orient="row")
    return count(STARTS, [DRAWN], rows, marks, NOW, SECRET)


def by_people_alone(table: CellTable, rows: pl.DataFrame) -> CellTable:
    """Give every cell the sum of the keys of its people, whatever the cell is called."""
    keyed = rows.with_columns(record_keys(rows["episode_id"], SECRET).alias("key"))
    above = {area: GEOGRAPHY.codes(NOW).ancestors(area) for area in AREAS}
    sums: dict[tuple[str, str], int] = {}
    for area, model, key in keyed.select("delivery_area", "model", "key").iter_rows():
        for place in above[area]:
            for kind in (model, "total"):
                sums[place, kind] = (sums.get((place, kind), 0) + key) % KEY_MODULUS
    places = table.cells.select("delivery_area", "model").iter_rows()
    return replace(
        table, cells=table.cells.with_columns(cell_key=pl.Series([sums.get(p) for p in places]))
    )


def zeros_beside(table: CellTable) -> list[int]:
    """Return the true counts of shown zeros whose total and only other part, above zero, differ."""
    shown = protect(table, PEOPLE.methods).cells.filter(pl.col("status") == "")
    keys = ["delivery_area", "model"]
    both = shown.join(table.cells.select(*keys, true="value"), on=keys)
    rows = both.select(*keys, "value", "true").iter_rows()
    figures = {(area, model): (value, true) for area, model, value, true in rows}
    found = []
    for area in both["delivery_area"].unique():
        total, *parts = (figures.get((area, kind)) for kind in ("total", "IPS", "SEQF"))
        if total is None or None in parts:
            continue
        for (zero, true), (other, _) in (parts, parts[::-1]):
            if zero == 0 and other > 0 and other != total[0]:
                found.append(true)
    return found


@pytest.fixture(scope="module")
def worlds():
    rows = [world(seed) for seed in range(12)]
    return [(counted(one), one) for one in rows]


def test_a_0_beside_a_total_and_a_sibling_that_differ_is_often_zero(worlds):
    """Were the key that of the people alone, it would be certain not to be."""
    alike = [true for table, rows in worlds for true in zeros_beside(by_people_alone(table, rows))]
    assert len(alike) > 20
    assert 0 not in alike
    found = [true for table, _ in worlds for true in zeros_beside(table)]
    assert len(found) > 40
    assert 0.25 < found.count(0) / len(found) < 0.75


def test_no_shown_part_of_an_area_is_as_likely_small_or_zero_as_the_limit(worlds):
    """By trying every pair of counts behind the two parts of each area."""
    ptable = PEOPLE.methods[0].ptable
    seen = set()
    for table, _ in worlds:
        shown = protect(table, PEOPLE.methods).cells.filter(pl.col("status") == "")
        areas = shown.pivot("model", index="delivery_area", values="value").drop_nulls()
        seen |= {*areas.select("IPS", "SEQF", "total").iter_rows()}
    assert len(seen) > 60
    for one, other, total in seen:
        for part, beside in ((one, other), (other, one)):
            if part < 15:
                assert 100 * max(chances(ptable, part, beside, total)) < PERCENT


def chances(ptable, part: int, beside: int, total: int) -> tuple[float, float]:
    """Return the chance that a part is 1 to 4, and that it is zero."""
    weights = dict.fromkeys(range(part + 10), 0.0)
    for number in weights:
        for other in range(max(beside - 9, 0), beside + 10):
            likely = ptable.chance(number, part) * ptable.chance(other, beside)
            if likely:
                weights[number] += float(likely * ptable.chance(number + other, total))
    whole = sum(weights.values())
    return sum(weights[n] for n in range(1, 5)) / whole, weights[0] / whole

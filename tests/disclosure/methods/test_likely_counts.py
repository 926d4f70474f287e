"""Withholding what makes a small count likely, in random tables of two dimensions."""

from __future__ import annotations

from itertools import product

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure import KEY_MODULUS, CellKey, Round, WithholdCertain, design, protect
from disclosure.methods.treated import untreated
from disclosure.perturbation.splits import UNKNOWN, likeliest
from disclosure.tables.drawn import draw

TABLE = design(5, 8.0, 9)
AREAS, SEXES = ("A", "B", "C"), ("M", "F")
counts = st.lists(st.sampled_from([0, 0, 1, 2, 3, 4, 7, 13, 40]), min_size=6, max_size=6)
seeds = st.integers(0, 10**6)


def drawn(leaves, seed):
    """Three areas by two sexes with all totals, and a random key for every cell with people."""
    rng = np.random.default_rng(seed)
    of = dict(zip(product(AREAS, SEXES), leaves, strict=True))
    lines = ["area sex value cell_key"]
    for area, sex in product(("All", *AREAS), ("T", *SEXES)):
        value = sum(n for (a, s), n in of.items() if area in ("All", a) and sex in ("T", s))
        lines.append(f"{area} {sex} {value} {rng.integers(KEY_MODULUS)}")
    return draw("\n".join(lines), area="All: A B C", sex="T: M F")


@settings(max_examples=40, deadline=None)
@given(counts, seeds, st.sampled_from([70, 80, 90, 95]))
def test_no_count_that_is_left_is_as_likely_as_the_limit(leaves, seed, percent):
    table = drawn(leaves, seed)
    shown = protect(table, [CellKey(), Round(5), WithholdCertain(percent=percent)])
    figures = table.cells.join(shown.cells, on=["area", "sex", "statistic"], maintain_order="left")
    published = figures["value_right"].fill_null(UNKNOWN).to_numpy()
    small, zero = likeliest(TABLE, table.relations, published, np.ones(len(published), dtype=bool))
    assert max(small.max(), zero.max()) * 100 < percent


@settings(max_examples=40, deadline=None)
@given(counts, seeds)
def test_what_is_withheld_follows_from_what_would_be_published_alone(leaves, seed):
    """Other counts that are shown alike have the same marks."""
    table = drawn(leaves, seed)
    before = CellKey().treat(untreated(table))
    marks = WithholdCertain(percent=80).treat(before).cells["status"].to_list()
    figures = before.cells["published"]
    other = before.with_columns_replaced(value=pl.lit(3, pl.Int64), published=figures)
    assert WithholdCertain(percent=80).treat(other).cells["status"].to_list() == marks

"""Perturbation tables in the form of ONS: what is read from them, and what is refused."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure.errors import DesignError
from disclosure.perturbation.ons import PERIOD, read_ons_table

quick = settings(max_examples=40, deadline=None)

KEYS = 3


def change(pcv: int, ckey: int) -> int:
    """A rule that differs for every row and key: up or down by at most two, never below zero."""
    return max((pcv * 7 + ckey * 3) % 5 - 2, -pcv)


def drawn(last: int = 500, keys: int = KEYS) -> pl.DataFrame:
    rows = [(pcv, ckey, change(pcv, ckey)) for pcv in range(1, last + 1) for ckey in range(keys)]
    return pl.DataFrame(rows, schema=["pcv", "ckey", "pvalue"], orient="row")


TABLE = read_ons_table(drawn())


def published(count: int, key: int) -> int:
    return int(TABLE.perturb(np.array([count]), np.array([key]))[0])


def without(pcv: int, ckey: int) -> pl.DataFrame:
    return drawn().filter(~((pl.col("pcv") == pcv) & (pl.col("ckey") == ckey)))


def with_value(name: str, value: object) -> pl.DataFrame:
    table = drawn().cast(pl.Float64)
    at = pl.int_range(pl.len()) == 7
    return table.with_columns(pl.when(at).then(pl.lit(value)).otherwise(pl.col(name)).alias(name))


def ten_five_rule(keys: int = 4, last: int = 750) -> pl.DataFrame:
    """ONS's sample rule: counts under 10 become 0, others go to the nearest multiple of 5."""
    nearest = {0: 0, 1: -1, 2: -2, 3: 2, 4: 1}
    rows = [
        (pcv, ckey, -pcv if pcv < 10 else nearest[pcv % 5])
        for pcv in range(1, last + 1)
        for ckey in range(keys)
    ]
    return pl.DataFrame(rows, schema=["pcv", "ckey", "pvalue"], orient="row")


@quick
@given(st.integers(1, 500), st.integers(0, KEYS - 1))
def test_each_count_and_key_gets_the_change_of_its_row(count, key):
    assert published(count, key) == count + change(count, key)


@quick
@given(st.integers(0, 10**6), st.integers(0, KEYS - 1), st.integers(0, 10**6))
def test_keys_are_sums_of_record_keys_modulo_the_number_of_keys(count, key, times):
    assert TABLE.keys == KEYS
    assert published(count, key + times * KEYS) == published(count, key)


@quick
@given(st.integers(251, 10**6), st.integers(0, KEYS - 1), st.integers(1, 40))
def test_counts_that_differ_by_a_multiple_of_250_are_changed_alike_from_the_last_rows_on(
    count, key, times
):
    far = count + times * PERIOD
    assert published(far, key) - far == published(count, key) - count


def test_the_first_rows_are_of_their_own_counts_only():
    """Count 1 of a table of 500 rows is that of row 1; 501 takes row 251 and not row 1."""
    special = drawn().with_columns(
        pvalue=pl.when(pl.col("pcv") == 1).then(9).otherwise(pl.col("pvalue"))
    )
    found = read_ons_table(special).perturb(np.array([1, 251, 501, 751]), np.zeros(4, dtype=int))
    assert (found - [1, 251, 501, 751]).tolist() == [9, *[change(251, 0)] * 3]


def test_zero_stays_zero_with_every_key():
    found = TABLE.perturb(np.zeros(KEYS, dtype=np.int64), np.arange(KEYS))
    assert found.tolist() == [0] * KEYS


def test_the_order_of_rows_and_columns_of_the_file_does_not_matter():
    mixed = drawn().sample(fraction=1, shuffle=True, seed=5).select("pvalue", "pcv", "ckey")
    assert (read_ons_table(mixed).change == TABLE.change).all()


@pytest.mark.parametrize("dtype", [pl.Int16, pl.UInt32, pl.Float64, pl.String])
def test_whole_numbers_are_read_however_the_file_stores_them(dtype):
    stored = drawn().with_columns(pvalue=pl.lit(1)).cast(dtype)
    assert (read_ons_table(stored).change[1:] == 1).all()


@pytest.mark.parametrize("name", ["pcv", "ckey", "pvalue"])
@pytest.mark.parametrize("value", [None, 0.5, float("nan"), float("inf")])
def test_a_number_that_is_missing_or_no_whole_number_is_refused_and_its_column_named(name, value):
    """A missing change would otherwise be whatever the machine makes of it."""
    with pytest.raises(DesignError, match=rf"whole numbers in each row of \['{name}'\]"):
        read_ons_table(with_value(name, value))


def test_text_is_refused_as_a_change():
    with pytest.raises(DesignError, match=r"\['pvalue'\]"):
        read_ons_table(drawn().with_columns(pvalue=pl.lit("two")))


def test_a_file_without_rows_is_no_table():
    with pytest.raises(DesignError, match=r"\['pcv', 'ckey', 'pvalue'\]"):
        read_ons_table(drawn()[:0])


@pytest.mark.parametrize(
    "table",
    [
        without(1, 0),
        without(499, 2),
        without(500, 2),
        pl.concat([drawn(), drawn().filter(pcv=3)]),
        drawn().with_columns(ckey=pl.col("ckey") + 1),
        drawn().with_columns(ckey=pl.col("ckey") * 2),
        drawn().with_columns(pcv=pl.col("pcv") - 1),
        pl.concat([without(1, 0), drawn().filter(pcv=2, ckey=0)]),
    ],
    ids=["first", "inner", "last", "twice", "keys from 1", "odd keys", "counts from 0", "swapped"],
)
def test_a_table_with_a_gap_or_a_pair_twice_is_refused(table):
    with pytest.raises(DesignError, match="one row for each pcv from 1 to"):
        read_ons_table(table)


@pytest.mark.parametrize("last", [1, 249, 251, 499])
def test_a_table_must_end_where_its_last_250_rows_can_repeat(last):
    with pytest.raises(DesignError, match=f"multiple of 250, not {last}"):
        read_ons_table(drawn(last))


def test_the_smallest_table_has_250_rows_and_repeats_all_of_them():
    small = read_ons_table(drawn(250))
    counts = np.array([1, 251, 501])
    assert (small.perturb(counts, np.zeros(3, dtype=int)) - counts).tolist() == [change(1, 0)] * 3


@pytest.mark.parametrize("ckey", range(KEYS))
def test_one_key_that_would_make_a_count_negative_spoils_the_table(ckey):
    at = (pl.col("pcv") == 4) & (pl.col("ckey") == ckey)
    just = drawn().with_columns(pvalue=pl.when(at).then(-4).otherwise(pl.col("pvalue")))
    assert read_ons_table(just).change[4, ckey] == -4
    below = just.with_columns(pvalue=pl.when(at).then(-5).otherwise(pl.col("pvalue")))
    with pytest.raises(DesignError, match="negative counts"):
        read_ons_table(below)


def test_a_table_of_ons_gives_the_result_of_ons():
    table = read_ons_table(ten_five_rule())
    counts = np.array([0, 1, 9, 10, 12, 13, 750, 751, 999, 1000, 1003, 10**6 + 4])
    found = table.perturb(counts, np.arange(len(counts)) * 7)
    assert found.tolist() == [0, 0, 0, 10, 10, 15, 750, 750, 1000, 1000, 1005, 10**6 + 5]
    assert table.keys == 4


def test_counts_beyond_a_table_of_ons_reuse_its_last_250_rows():
    marked = ten_five_rule(keys=2).with_columns(pvalue=pl.col("pcv"))
    table = read_ons_table(marked)
    counts = np.array([750, 751, 1000, 1001, 1250])
    rows = table.perturb(counts, np.zeros(5, dtype=np.int64)) - counts
    assert rows.tolist() == [750, 501, 750, 501, 750]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.drop("ckey"), r"no \['ckey'\]"),
        (lambda t: t[1:], "one row for each pcv"),
        (lambda t: pl.concat([t, t[:1]]), "one row for each pcv"),
        (lambda t: t.filter(pl.col("pcv") <= 600), "multiple of 250"),
        (lambda t: t.with_columns(pvalue=-pl.col("pcv") - 1), "negative counts"),
    ],
)
def test_a_broken_table_of_ons_is_refused(change, message):
    with pytest.raises(DesignError, match=message):
        read_ons_table(change(ten_five_rule()))

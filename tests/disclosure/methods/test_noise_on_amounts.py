"""Noise on amounts: how often each size occurs, and how well it hides the largest contributor."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import duckdb
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure import KEY_MODULUS, protect
from disclosure.errors import DesignError, TableError
from disclosure.methods.magnitudes import (
    LARGEST,
    PERTURB_MAGNITUDES_SQL,
    STEPS,
    CellKeyMagnitude,
    noisy,
)
from disclosure.methods.treated import untreated
from disclosure.tables.drawn import draw
from disclosure.tables.keys import RECORD_KEYS_SQL

quick = settings(max_examples=25, deadline=None)

amounts = st.lists(
    st.tuples(st.integers(0, 10**9), st.integers(0, KEY_MODULUS - 1), st.integers(0, 10**9)).map(
        lambda t: (t[0] + t[2], t[1], t[2])
    ),
    min_size=1,
    max_size=40,
)

bounds = st.tuples(st.integers(1, 999), st.integers(1, 999)).map(sorted)

LEVEL = KEY_MODULUS // (2 * STEPS)

KEYS = np.arange(2 * STEPS, dtype=np.int64) * LEVEL


def moves(largest: int, least: int, most: int, keys: np.ndarray = KEYS) -> list[int]:
    value = np.full(len(keys), largest, dtype=np.int64)
    return (noisy(value, keys, value, least, most) - value).tolist()


def exact(largest: int, least: int, most: int, step: int) -> int:
    """The size at one of the even steps from least to most, halves away from zero."""
    share = Fraction(least) + Fraction((most - least) * step, STEPS - 1)
    return int(share * largest / 1000 + Fraction(1, 2))


CLAIMS = """
    area  statistic value cell_key   largest largest_other
    Total paid      1500  1000000000 400     300
    A     paid      900   400000000  400     200
    B     paid      600   600000000  200     300
    Total bodies    9     1000000000 .       .
    A     bodies    5     400000000  .       .
    B     bodies    4     600000000  .       .
"""


@quick
@given(amounts)
def test_noise_on_amounts_agrees_in_both_forms_and_keeps_its_bounds(rows):
    value, key, largest = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    plain = noisy(value, key, largest, 50, 150)
    size = np.abs(plain - value)
    assert (size >= largest * 50 // 1000).all()
    assert (size <= -(-largest * 150 // 1000)).all()
    assert (plain >= 0).all()
    table = pl.DataFrame(
        {"row": range(len(rows)), "value": value, "cell_key": key, "largest": largest}
    )
    with duckdb.connect() as connection:
        connection.register("magnitudes", table.to_arrow())
        found = connection.execute(PERTURB_MAGNITUDES_SQL, {"least": 50, "most": 150}).fetchall()
    assert [row[-1] for row in sorted(found)] == plain.tolist()


@quick
@given(st.integers(0, 10**9))
def test_noise_on_amounts_has_exactly_no_bias(largest):
    middle = KEY_MODULUS // (2 * STEPS)
    keys = np.arange(2 * STEPS, dtype=np.int64) * middle  # one key of each level
    value = np.full(2 * STEPS, largest, dtype=np.int64)
    assert (noisy(value, keys, value, 50, 150) - value).sum() == 0
    assert KEY_MODULUS % (2 * STEPS) == 0
    assert str(KEY_MODULUS) in RECORD_KEYS_SQL
    assert str(KEY_MODULUS) in PERTURB_MAGNITUDES_SQL


def test_amounts_are_protected_as_a_method():
    table = draw(
        """
        area value cell_key largest largest_other
        A    1000  5        400     600
        B    500   77       .       .
        C    x     .        .       .
        """
    )
    treated = CellKeyMagnitude().treat(untreated(table))
    published, least, most = (treated.cells[c].to_list() for c in ("published", "least", "most"))
    assert 30 <= abs(published[0] - 1000) <= 90
    assert least[0] <= 1000 <= most[0]
    assert published[1:] == [500, None]
    with pytest.raises(TableError, match="no cell key"):
        CellKeyMagnitude().treat(untreated(draw("area value largest\nA 10 4")))
    with pytest.raises(TableError, match="no contribution may be above"):
        CellKeyMagnitude().treat(
            untreated(draw(f"area value cell_key largest\nA {10**14} 5 {10**14}"))
        )
    for least_noise, most_noise in [(0, 5), (9, 5), (5, 1000)]:
        with pytest.raises(DesignError, match="thousandths"):
            CellKeyMagnitude(least_noise, most_noise)


@pytest.mark.parametrize("share", [150, 500, 999])
def test_the_range_of_a_noisy_amount_contains_it_after_rounding_too(share):
    keys = [key * (KEY_MODULUS // 120) for key in range(120)]
    rows = [f"P{key}_{value} {value} {key} {value} 0" for key in keys for value in range(1, 9)]
    drawn = draw("\n".join(["place value cell_key largest largest_other", *rows]))
    cells = CellKeyMagnitude(share, share).treat(untreated(drawn)).cells
    assert (cells["least"] <= cells["value"]).all()
    assert (cells["value"] <= cells["most"]).all()


@quick
@given(st.integers(0, 10**9), bounds)
def test_sizes_are_even_steps_from_least_to_most_each_down_and_up(largest, ends):
    expected = [exact(largest, *ends, step) for step in range(STEPS)]
    assert moves(largest, *ends) == [-size for size in expected] + expected


@pytest.mark.parametrize("level", [0, 1, STEPS - 1, STEPS, 2 * STEPS - 1])
def test_all_keys_of_a_level_move_alike_and_the_next_key_is_of_the_next(level):
    """4,294,967,280 keys in 120 levels: 35,791,394 keys each, none left over."""
    assert LEVEL * 2 * STEPS == KEY_MODULUS
    first, last = level * LEVEL, (level + 1) * LEVEL - 1
    keys = np.array([first, first + 1, last - 1, last], dtype=np.int64)
    assert len(set(moves(10**6, 50, 150, keys))) == 1
    if level not in (STEPS - 1, 2 * STEPS - 1):
        beside = np.array([last, last + 1], dtype=np.int64)
        assert len(set(moves(10**6, 50, 150, beside))) == 2


def test_both_sides_and_all_sizes_are_equally_frequent():
    sizes = Counter(moves(60_000, 50, 150))
    assert set(sizes.values()) == {1}
    assert sum(sizes) == 0
    assert len(sizes) == 2 * STEPS
    gaps = np.diff(sorted(size for size in sizes if size > 0))
    assert gaps.max() - gaps.min() <= 1


@quick
@given(st.integers(1, 10**9), bounds)
def test_the_largest_contributor_is_never_closer_than_the_least_noise(largest, ends):
    """A sole contributor is published at least `least` thousandths off, except for
    half a unit of rounding."""
    for move in moves(largest, *ends):
        assert Fraction(ends[0] * largest, 1000) - Fraction(1, 2) <= abs(move)
        assert abs(move) <= Fraction(ends[1] * largest, 1000) + Fraction(1, 2)


@quick
@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, KEY_MODULUS - 1), bounds)
def test_a_larger_contribution_never_gets_less_noise(one, other, key, ends):
    small, large = sorted((one, other))
    keys = np.array([key], dtype=np.int64)
    assert abs(moves(small, *ends, keys)[0]) <= abs(moves(large, *ends, keys)[0])


@quick
@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, KEY_MODULUS - 1))
def test_noise_depends_on_the_largest_and_the_key_and_not_on_the_rest(rest, more, key):
    value = np.array([5_000 + rest, 5_000 + rest + more], dtype=np.int64)
    keys, largest = np.full(2, key, dtype=np.int64), np.full(2, 5_000, dtype=np.int64)
    first, second = noisy(value, keys, largest, 50, 150) - value
    assert first == second


def test_both_forms_agree_at_the_largest_contribution_there_may_be():
    """10^13 of a thousandth's 999 still fits 64 bits, in numpy and DuckDB."""
    rows = [(place, LARGEST, int(key), LARGEST) for place, key in enumerate(KEYS)]
    table = pl.DataFrame(rows, schema=["row", "value", "cell_key", "largest"], orient="row")
    plain = [LARGEST + move for move in moves(LARGEST, 1, 999)]
    assert plain == [
        LARGEST + sign * exact(LARGEST, 1, 999, step) for sign in (-1, 1) for step in range(STEPS)
    ]
    with duckdb.connect() as connection:
        connection.register("magnitudes", table.to_arrow())
        found = connection.execute(PERTURB_MAGNITUDES_SQL, {"least": 1, "most": 999}).fetchall()
    assert [row[-1] for row in sorted(found)] == plain


def test_the_noise_is_in_proportion_to_the_largest_of_all_also_when_that_one_is_public():
    """Of B the largest is a public body's 300: its rival must not be found through it."""
    cells = CellKeyMagnitude(100, 100).treat(untreated(draw(CLAIMS, area="Total: A B"))).cells
    moved = (cells["published"] - cells["value"]).abs().to_list()
    assert moved[:3] == [40, 40, 30]
    assert moved[3:] == [0, 0, 0]


def test_statistics_that_are_not_named_stay_exact():
    table = draw(CLAIMS, area="Total: A B")
    treated = CellKeyMagnitude(statistics=("paid",)).treat(untreated(table))
    assert treated.bases == {"paid": 1}
    kept = treated.cells.filter(statistic="bodies")
    assert kept["published"].equals(kept["value"], check_names=False)
    assert kept["least"].equals(kept["most"], check_names=False)
    changed = treated.cells.filter(statistic="paid")
    assert (changed["published"] != changed["value"]).all()


def test_noisy_parts_need_not_add_to_their_total_and_the_audit_knows_it():
    table = draw(CLAIMS, area="Total: A B")
    protected = protect(table, [CellKeyMagnitude(statistics=("paid",))])
    shown = dict(protected.cells.filter(statistic="paid").select("area", "value").iter_rows())
    assert shown["Total"] != shown["A"] + shown["B"]
    assert protected.report.exposed == 0


@quick
@given(
    st.lists(st.tuples(st.integers(1, 2000), st.integers(0, KEY_MODULUS - 1)), min_size=1), bounds
)
def test_the_range_depends_on_the_figure_alone_and_contains_the_truth(rows, ends):
    """Equal figures are read alike, whatever is behind them."""
    lines = [f"A{i} {value} {key} {value}" for i, (value, key) in enumerate(rows)]
    table = draw("\n".join(["area value cell_key largest", *lines]))
    cells = CellKeyMagnitude(*ends).treat(untreated(table)).cells
    read: dict[int, tuple[int, int]] = {}
    names = ("published", "least", "value", "most")
    for figure, least, value, most in cells.select(names).iter_rows():
        assert least <= value <= most
        assert read.setdefault(figure, (least, most)) == (least, most)

"""Conventional and random rounding, for single figures, sums and all cell keys."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from disclosure import KEY_MODULUS, CellTable, Round
from disclosure.errors import DesignError, TableError
from disclosure.methods.rounding import RandomRound
from disclosure.methods.treated import TreatedTable, untreated
from disclosure.tables.drawn import draw

quick = settings(max_examples=40, deadline=None)


def two_way(leaves: list[int], keys: bool = False) -> CellTable:
    """Two areas by three ages, with margins."""
    a = np.array(leaves).reshape(2, 3)
    rows = [(f"A{i}", f"g{j}", a[i, j]) for i in range(2) for j in range(3)]
    rows += [(f"A{i}", "T", a[i].sum()) for i in range(2)]
    rows += [("All", f"g{j}", a[:, j].sum()) for j in range(3)] + [("All", "T", a.sum())]
    head = "area age value cell_key\n"
    text = head + "\n".join(
        f"{r} {c} {v} {(31 * i) if keys else '.'}" for i, (r, c, v) in enumerate(rows)
    )
    return draw(text, area="All: A0 A1", age="T: g0 g1 g2")


bases = st.sampled_from([2, 3, 5, 10])


def line(counts: list[int]) -> CellTable:
    """A total and its parts."""
    names = [f"P{i}" for i in range(len(counts))]
    text = "\n".join(f"{name} {count}" for name, count in zip(names, counts, strict=True))
    return draw(f"area value\nAll {sum(counts)}\n{text}", area=f"All: {' '.join(names)}")


def alone(counts: list[int], keys: list[int] | None = None) -> CellTable:
    """Cells that are in no sum."""
    given_keys = keys or [0] * len(counts)
    rows = [f"P{i} {c} {k}" for i, (c, k) in enumerate(zip(counts, given_keys, strict=True))]
    return draw("\n".join(["area value cell_key", *rows]))


def shown(treated: TreatedTable) -> list[int]:
    return treated.cells["published"].to_list()


def ranges(treated: TreatedTable) -> list[tuple[int, int]]:
    return treated.cells.select("least", "most").rows()


def over_all_keys(base: int, count: int) -> dict[int, Fraction]:
    """The exact chance of each figure: keys of one range give one figure, so ends are enough."""
    made = RandomRound(base)
    edge = [round(KEY_MODULUS * part / base) for part in range(base + 1)]
    keys = sorted({min(max(e + d, 0), KEY_MODULUS - 1) for e in edge for d in (-1, 0)})
    figures = shown(made.treat(untreated(alone([count] * len(keys), keys))))
    chance: dict[int, Fraction] = {}
    for (key, figure), after in zip(
        zip(keys, figures, strict=True), [*keys[1:], KEY_MODULUS], strict=True
    ):
        chance[figure] = chance.get(figure, Fraction(0)) + Fraction(after - key, KEY_MODULUS)
    return chance


@quick
@given(st.lists(st.integers(0, 40), min_size=6, max_size=6), st.sampled_from([2, 3, 5, 10]))
def test_conventional_rounding_goes_to_the_nearest_multiple(leaves, base):
    treated = Round(base).treat(untreated(two_way(leaves)))
    cells = treated.cells
    assert (cells["published"] % base == 0).all()
    assert ((cells["published"] - cells["value"]).abs() * 2 <= base).all()
    assert ((cells["least"] <= cells["value"]) & (cells["value"] <= cells["most"])).all()
    again = Round(base).treat(treated).cells
    assert again.select("published", "least", "most").equals(
        cells.select("published", "least", "most")
    )


def test_rounding_leaves_withheld_and_marked_cells_alone():
    table = draw("area value\nA 7\nB x\nC 8")
    first = untreated(table).withhold(np.array([True, False, False]), "by hand")
    assert Round(5).treat(first).cells["published"].to_list() == [None, None, 10]


def test_multiples_by_chance_are_still_read_as_rounded():
    treated = Round(5).treat(untreated(draw("area value\nA 10\nB 15")))
    assert treated.cells["least"].to_list() == [8, 13]
    assert treated.cells["most"].to_list() == [12, 17]


def test_random_rounding_takes_a_neighbouring_multiple_and_leaves_multiples():
    table = two_way([0, 5, 11, 12, 13, 14], keys=True)
    cells = RandomRound(5).treat(untreated(table)).cells
    change = (cells["published"] - cells["value"]).abs()
    assert (change < 5).all()
    assert (change.filter(cells["value"] % 5 == 0) == 0).all()


@pytest.mark.parametrize("base", [2, 3, 5, 10])
def test_rounding_up_and_down_is_balanced_over_a_whole_period_of_an_odd_base(base):
    """An even base has one count, the half, that always goes up: that is all its bias."""
    period = list(range(7 * base, 8 * base))
    change = sum(shown(Round(base).treat(untreated(alone(period))))) - sum(period)
    assert change == (base // 2 if base % 2 == 0 else 0)


@quick
@given(st.lists(st.integers(0, 200), min_size=2, max_size=8), bases)
def test_a_larger_count_never_has_a_smaller_figure(counts, base):
    figures = shown(Round(base).treat(untreated(alone(sorted(counts)))))
    assert all(one <= other for one, other in pairwise(figures))


@quick
@given(st.lists(st.integers(0, 60), min_size=1, max_size=6), bases)
def test_the_parts_of_a_total_are_off_by_at_most_half_a_base_each(counts, base):
    """What users lose: between a rounded total and its rounded parts, half a base for each."""
    total, *parts = shown(Round(base).treat(untreated(line(counts))))
    assert 2 * abs(total - sum(parts)) <= base * (len(parts) + 1)


def test_rounding_to_one_is_no_rounding():
    table = line([3, 4])
    assert Round(1).treat(untreated(table)).cells.equals(untreated(table).cells)


@quick
@given(bases, bases, st.integers(0, 60))
def test_figures_rounded_twice_are_read_as_all_counts_that_lead_to_them(first, second, count):
    """To 5 and then to 10: 10 is 5 or 10 before, so 3 to 12 people, and no others."""

    def twice(counts: list[int]) -> TreatedTable:
        return Round(second).treat(Round(first).treat(untreated(alone(counts))))

    every = list(range(100))
    figures = shown(twice(every))
    able = [n for n, figure in zip(every, figures, strict=True) if figure == figures[count]]
    assume(max(able) < 90)
    assert ranges(twice([count])) == [(min(able), max(able))]


def test_statistics_rounded_to_different_bases_keep_their_own():
    table = draw("area statistic value\nA people 13\nA places 13")
    treated = Round(5, ("people",)).treat(untreated(table))
    treated = Round(3, ("places",)).treat(treated)
    assert shown(treated) == [15, 12]
    assert treated.bases == {"people": 5, "places": 3}
    assert ranges(treated) == [(13, 17), (11, 13)]


@pytest.mark.parametrize("base", [2, 3, 5, 10])
@pytest.mark.parametrize("more", [0, 1, 50])
def test_random_rounding_goes_up_in_proportion_to_the_remainder(base, more):
    """Fellegi (1975): a count of m * base + r goes up with chance r / base, without bias."""
    for rest in range(base):
        low = more * base
        expected = {low: 1 - Fraction(rest, base), low + base: Fraction(rest, base)}
        found = over_all_keys(base, low + rest)
        assert found == {figure: chance for figure, chance in expected.items() if chance}
        assert sum(figure * chance for figure, chance in found.items()) == low + rest


@quick
@given(st.integers(0, 10**6), st.integers(0, KEY_MODULUS - 1), bases)
def test_the_same_key_rounds_the_same_count_alike_wherever_it_stands(count, key, base):
    first = shown(RandomRound(base).treat(untreated(alone([count], [key]))))
    other = shown(RandomRound(base).treat(untreated(alone([7, count, 3], [1, key, 2]))))
    assert first == [other[1]]


@quick
@given(st.integers(0, 100), st.integers(0, KEY_MODULUS - 1), bases)
def test_the_range_of_a_randomly_rounded_figure_is_less_than_a_base_either_way(count, key, base):
    treated = RandomRound(base).treat(untreated(alone([count], [key])))
    (figure,), ((least, most),) = shown(treated), ranges(treated)
    assert least == max(figure - base + 1, 0)
    assert most == figure + base - 1
    assert least <= count <= most


@pytest.mark.parametrize("base", [0, -5, 7])
def test_a_base_that_random_rounding_cannot_have_is_refused_when_it_is_declared(base):
    with pytest.raises(DesignError, match=str(base)):
        RandomRound(base)


def test_random_rounding_needs_a_key_for_every_count():
    with pytest.raises(TableError, match="has no cell key"):
        RandomRound(5).treat(untreated(draw("area value\nA 3")))

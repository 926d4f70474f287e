"""Every table of whole numbers, counted out: what the library concludes is what they say.

Systems are tiny, so that nothing need be trusted: all patterns are tried for the cheapest safe
one, all tables for the range of a cell, all roundings for the nearest, all keys for a probability.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import combinations, product

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import sparse

from disclosure import (
    GroupDisclosure,
    Round,
    TableSystem,
    Threshold,
    WithholdCertain,
    attack,
    protect,
    suppress,
    verify,
)
from disclosure.attacker.one_system import Knowledge
from disclosure.errors import CertificateError, ClashError, ExposureError
from disclosure.methods.controlled import ControlledRound
from disclosure.methods.ranges import ends, small_counts_of
from disclosure.methods.treated import untreated
from disclosure.perturbation.ptable import design
from disclosure.proof.certificate import Certificate
from disclosure.tables.cells import KEY_MODULUS
from disclosure.tables.drawn import draw
from disclosure.tables.sums import relation_matrix
from tests.disclosure.drawn_systems import counts, grid
from tests.disclosure.exact_sums import determined
from tests.disclosure.suppression_oracle import (
    exactly_known,
    intervals,
    is_protected,
    tables_that_fit,
)

quick = settings(max_examples=40)
small = st.sampled_from([0, 1, 2, 3, 5, 6])
two_by_two = st.lists(st.lists(small, min_size=2, max_size=2), min_size=2, max_size=2)


def patterns(system: TableSystem) -> list[np.ndarray]:
    """Every pattern that withholds all sensitive cells and shows all that must be shown."""
    free = np.flatnonzero(~system.sensitive & ~system.publish).tolist()
    found = []
    for size in range(len(free) + 1):
        for chosen in combinations(free, size):
            pattern = system.sensitive.copy()
            pattern[list(chosen)] = True
            found.append(pattern)
    return found


def loss(system: TableSystem, pattern: np.ndarray) -> float:
    return float(system.cost[pattern & ~system.sensitive].sum())


def answer(system: TableSystem, **asked):
    """Return the engine's verified pattern, or None where it says that there is none."""
    try:
        pattern = suppress(system, **({"budget_seconds": 1} | asked))
    except ClashError:
        return None
    verify(system, pattern.suppressed, pattern.certificate)
    return pattern


# ---- suppression ----


@quick
@given(two_by_two)
def test_the_cost_is_that_of_the_cheapest_of_all_safe_patterns(inner):
    """Interval protection in 2 by 2 tables: of at most 512 patterns each is tried on all tables."""
    system = grid(inner)
    pattern = answer(system)
    safe = [p for p in patterns(system) if is_protected(system, p)]
    assert (pattern is None) == (not safe)
    if pattern is not None:
        least = min(loss(system, p) for p in safe)
        assert is_protected(system, pattern.suppressed)
        assert pattern.cost == loss(system, pattern.suppressed) >= least
        assert pattern.bound <= least
        assert pattern.cost <= 1.5 * least


@quick
@given(two_by_two)
def test_exact_protection_exists_when_and_only_when_some_pattern_hides_every_value(inner):
    system = grid(inner)
    pattern = answer(system, protect="exact")
    safe = [p for p in patterns(system) if not exactly_known(system, p)]
    assert (pattern is None) == (not safe)
    if pattern is not None:
        assert not exactly_known(system, pattern.suppressed)
        assert pattern.bound <= min(loss(system, p) for p in safe) <= pattern.cost


@quick
@given(two_by_two)
def test_no_cell_can_be_taken_from_a_pattern_and_leave_it_exactly_safe(inner):
    system = grid(inner)
    pattern = answer(system, protect="exact")
    assume(pattern is not None)
    for cell in np.flatnonzero(pattern.suppressed & ~system.sensitive & (system.cost > 0)):
        weaker = pattern.suppressed.copy()
        weaker[cell] = False
        assert exactly_known(system, weaker)


@quick
@given(two_by_two)
def test_the_reason_of_a_cover_names_sensitive_cells_and_every_cover_has_one(inner):
    system = grid(inner)
    pattern = answer(system)
    assume(pattern is not None)
    covers = set(np.flatnonzero(pattern.suppressed & ~system.sensitive).tolist())
    assert set(pattern.reason) == covers
    for cover in covers:
        assert pattern.reason[cover]
        assert system.sensitive[list(pattern.reason[cover])].all()


random_sums = st.lists(
    st.tuples(st.integers(2, 3), st.randoms(use_true_random=False)), min_size=1, max_size=3
)


@st.composite
def linked_systems(draw_from):
    """Three or four small counts, and totals over two or three of them that may overlap."""
    leaves = draw_from(st.lists(st.sampled_from([1, 2, 3, 5]), min_size=3, max_size=4))
    values, sums = list(leaves), []
    for width, random in draw_from(random_sums):
        parts = tuple(sorted(random.sample(range(len(leaves)), width)))
        if parts not in [p for _, p in sums]:
            values.append(sum(leaves[p] for p in parts))
            sums.append((len(values) - 1, parts))
    publish = np.zeros(len(values), dtype=bool)
    publish[len(leaves)] = draw_from(st.booleans()) and values[len(leaves)] > 4
    return counts(values, sums, publish=publish)


@quick
@given(linked_systems())
def test_linked_totals_are_protected_wherever_any_pattern_protects_them(system):
    pattern = answer(system)
    safe = [p for p in patterns(system) if is_protected(system, p)]
    assert (pattern is None) == (not safe)
    if pattern is not None:
        assert is_protected(system, pattern.suppressed)
        assert pattern.bound <= min(loss(system, p) for p in safe) <= pattern.cost


@quick
@given(linked_systems())
def test_the_prime_field_and_fractions_agree_on_linked_totals(system):
    pattern = answer(system, protect="exact")
    assume(pattern is not None)
    hidden = np.flatnonzero(pattern.suppressed).tolist()
    assert not determined(system.constraints, hidden) & set(np.flatnonzero(system.sensitive))


# ---- the attacker ----


@quick
@given(linked_systems(), st.data())
def test_the_attacker_of_any_pattern_finds_what_all_tables_leave(system, data):
    """Any set of cells withheld, safe or not; the ends of his ranges are met by some table."""
    shown = data.draw(st.sets(st.integers(0, len(system) - 1), max_size=3))
    hidden = np.ones(len(system), dtype=bool)
    hidden[list(shown)] = False
    most = int(system.values.max())
    informed = Knowledge.of_pattern(system, hidden).assuming(hidden, 0, most)
    tables = tables_that_fit(system, hidden, most)
    tables = tables[(tables <= most).all(axis=1)]
    low, high = tables.min(axis=0), tables.max(axis=0)
    report = attack(system, informed)
    unsafe = {
        cell
        for cell in np.flatnonzero(system.sensitive).tolist()
        if low[cell] > system.values[cell] - system.down[cell]
        or high[cell] < system.values[cell] + system.up[cell]
    }
    exact = determined(system.constraints, np.flatnonzero(hidden).tolist())
    exposed = {fact.cell for fact in report.facts}
    assert exposed <= unsafe | exact | set(np.flatnonzero(~hidden).tolist())
    for fact in report.facts:
        if fact.kind == "exact":
            assert fact.low == low[fact.cell] == high[fact.cell]


@quick
@given(two_by_two, st.sets(st.integers(0, 8), min_size=1, max_size=6))
def test_a_range_that_the_attacker_states_holds_the_true_value_and_every_other_table(inner, cells):
    system = grid(inner)
    hidden = np.isin(np.arange(9), list(cells))
    low, high = intervals(system, hidden)
    report = attack(system, hidden)
    for fact in report.facts:
        assert fact.low <= system.values[fact.cell] <= fact.high
        if fact.kind == "interval":
            cell, value = fact.cell, system.values[fact.cell]
            assert fact.low <= low[cell]
            assert fact.high >= high[cell]
            below, above = fact.low > value - system.down[cell], fact.high < value + system.up[cell]
            assert below or above
            assert not below or fact.low == low[cell]
            assert not above or fact.high == high[cell]


# ---- certificates ----


def truly_proves(system: TableSystem, pattern: np.ndarray, given_proof: Certificate) -> bool:
    """Say whether a certificate of counts proves its claim, by making the tables that it names."""
    steps = given_proof.vectors.toarray()
    for cell in np.flatnonzero(system.sensitive).tolist():
        place = given_proof.cells.tolist().index(cell)
        reached = []
        for rows, signs in (
            (given_proof.up, given_proof.up_sign),
            (given_proof.down, given_proof.down_sign),
        ):
            other = system.values + signs[place] * steps[rows[place]]
            agrees = (other == system.values)[~pattern].all()
            adds = not (system.constraints.toarray().astype(int) @ other).any()
            if not (agrees and adds and (other >= 0).all()):
                return False
            reached.append(other[cell] - system.values[cell])
        if reached[0] < system.up[cell] or -reached[1] < system.down[cell]:
            return False
    return True


@cache
def certified() -> tuple[TableSystem, np.ndarray, Certificate]:
    system = grid([[3, 8, 20], [9, 7, 2], [6, 10, 40]])
    pattern = suppress(system, budget_seconds=2)
    return system, pattern.suppressed, pattern.certificate


def test_the_engine_s_certificates_name_complete_other_tables():
    system, pattern, proof = certified()
    verify(system, pattern, proof)
    assert truly_proves(system, pattern, proof)


@settings(max_examples=120)
@given(st.data())
def test_a_certificate_with_one_number_changed_is_refused_unless_it_still_proves(data):
    """Whatever is altered, the checker says no more than complete tables, made by hand, say."""
    system, pattern, proof = certified()
    field = data.draw(st.sampled_from(["vectors", "up", "down", "up_sign", "down_sign"]))
    if field == "vectors":
        dense = proof.vectors.toarray()
        row = data.draw(st.integers(0, dense.shape[0] - 1))
        column = data.draw(st.integers(0, dense.shape[1] - 1))
        dense[row, column] += data.draw(st.sampled_from([-2, -1, 1, 2]))
        altered = replace(proof, vectors=sparse.csr_matrix(dense))
    else:
        numbers = getattr(proof, field).copy()
        place = data.draw(st.integers(0, len(numbers) - 1))
        sign = field.endswith("sign")
        choices = [-1, 1] if sign else list(range(proof.vectors.shape[0]))
        numbers[place] = data.draw(st.sampled_from(choices))
        altered = replace(proof, **{field: numbers})
    try:
        verify(system, pattern, altered)
    except CertificateError:
        return
    assert truly_proves(system, pattern, altered)


@settings(max_examples=60)
@given(st.sets(st.integers(0, 15), min_size=4, max_size=16))
def test_no_certificate_passes_for_a_pattern_that_all_tables_call_unsafe(cells):
    system, _, proof = certified()
    pattern = np.isin(np.arange(16), list(cells))
    try:
        verify(system, pattern, proof)
    except CertificateError:
        return
    assert truly_proves(system, pattern, proof)


# ---- rounding ----


def every_rounding(values: list[int], base: int) -> list[list[int]]:
    """Both neighbouring multiples of each value; a multiple has itself alone."""
    return [sorted({value // base * base, -(-value // base) * base}) for value in values]


@quick
@given(st.lists(st.integers(0, 23), min_size=4, max_size=4), st.sampled_from([2, 3, 5]))
def test_controlled_rounding_of_a_hierarchy_is_the_nearest_of_all_that_add(leaves, base):
    a, b, c, d = leaves
    values = [sum(leaves), a + b, c + d, a, b, c, d]
    names = ["All", "North", "South", "A", "B", "C", "D"]
    lines = "\n".join(f"{name} {value}" for name, value in zip(names, values, strict=True))
    table = draw(f"area value\n{lines}", area="All: North South; North: A B; South: C D")
    cells = ControlledRound(base).treat(untreated(table)).cells
    adding = [
        figures
        for figures in product(*every_rounding(values, base))
        if figures[0] == figures[1] + figures[2]
        and figures[1] == figures[3] + figures[4]
        and figures[2] == figures[5] + figures[6]
    ]
    off = min(sum(abs(f - v) for f, v in zip(row, values, strict=True)) for row in adding)
    assert tuple(cells["published"]) in adding
    assert (cells["published"] - cells["value"]).abs().sum() == off


@quick
@given(st.lists(st.integers(0, 12), min_size=2, max_size=3), st.sampled_from([3, 5]))
def test_the_audit_of_rounding_is_right_about_every_count_that_it_calls_certain(parts, base):
    """Count out all tables whose rounded figures are the published ones."""
    values = [sum(parts), *parts]
    names = ["All", "A", "B", "C"][: len(values)]
    lines = "\n".join(f"{name} {value}" for name, value in zip(names, values, strict=True))
    table = draw(f"area value\n{lines}", area="All: " + " ".join(names[1:]))
    treated = Round(base).treat(untreated(table))
    figures = treated.cells["published"].to_list()
    half = base // 2
    agree = [
        (sum(other), *other)
        for other in product(range(13 + base), repeat=len(parts))
        if [(v + half) // base * base for v in (sum(other), *other)] == figures
    ]
    ranges = [(min(column), max(column)) for column in zip(*agree, strict=True)]
    certain = small_counts_of(treated, *ends(treated))
    for place, (low, high) in enumerate(ranges):
        assert bool(certain[place]) == (low >= 1 and high < base)


@quick
@given(st.lists(st.integers(0, 12), min_size=2, max_size=3))
def test_figures_withheld_because_they_were_certain_leave_nothing_certain(parts):
    values = [sum(parts), *parts]
    names = ["All", "A", "B", "C"][: len(values)]
    lines = "\n".join(f"{name} {value}" for name, value in zip(names, values, strict=True))
    table = draw(f"area value\n{lines}", area="All: " + " ".join(names[1:]))
    after = WithholdCertain().treat(Round(5).treat(untreated(table)))
    shown = after.cells["published"].to_list()
    agree = [
        (sum(other), *other)
        for other in product(range(16), repeat=len(parts))
        if all(
            figure in (None, (v + 2) // 5 * 5)
            for figure, v in zip(shown, (sum(other), *other), strict=True)
        )
    ]
    for place in range(len(values)):
        found = {row[place] for row in agree}
        assert not found <= {1, 2, 3, 4}
    withheld = after.cells["status"].to_list().count("c")
    assert withheld != 1


# ---- the cell key ----

TABLES = {
    (2, 1.5, 3): [0, 1, 2, 5, 40],
    (3, 3.0, 4): [0, 1, 2, 3, 4, 31],
    (5, 8.0, 9): [0, 1, 3, 5, 8, 12, 100],
}


def keys_that_give(table, count: int) -> dict[int, int]:
    """Return how many of all keys publish `count` as each figure, by walking the keys' ranges."""
    rows = table.frame.filter(pl.col("row_number") == int(table.row(np.array([count]))[0]))
    found: dict[int, int] = {}
    for first, last in rows.select("first_key", "last_key").iter_rows():
        edges = np.array([first, (first + last) // 2, last])
        figures = set(table.perturb(np.full(3, count), edges).tolist())
        assert len(figures) == 1
        figure = figures.pop()
        found[figure] = found.get(figure, 0) + last - first + 1
    return found


@pytest.mark.parametrize("parameters", TABLES)
def test_probabilities_are_shares_of_all_keys_in_exact_fractions(parameters):
    table = design(*parameters)
    for count in TABLES[parameters]:
        keys = keys_that_give(table, count)
        assert sum(keys.values()) == KEY_MODULUS
        for figure, number in keys.items():
            assert table.chance(count, figure) == Fraction(number, KEY_MODULUS)


@pytest.mark.parametrize("parameters", TABLES)
def test_the_mean_of_all_keys_is_the_count_itself_and_the_variance_is_as_promised(parameters):
    base, variance, largest = parameters
    table = design(*parameters)
    for count in TABLES[parameters]:
        keys = keys_that_give(table, count)
        mean = sum(Fraction(number, KEY_MODULUS) * figure for figure, number in keys.items())
        spread = sum(
            Fraction(number, KEY_MODULUS) * (figure - count) ** 2 for figure, number in keys.items()
        )
        assert mean == count
        assert spread <= Fraction(variance)
        assert all(figure % base == 0 and abs(figure - count) <= largest for figure in keys)


@pytest.mark.parametrize("parameters", TABLES)
def test_the_range_told_of_a_figure_is_that_of_all_counts_that_can_give_it(parameters):
    table = design(*parameters)
    for figure in range(0, 40, parameters[0]):
        able = [count for count in range(80) if table.chance(count, figure)]
        assert table.plausible(figure) == (min(able), max(able))


@pytest.mark.parametrize("parameters", TABLES)
def test_every_figure_of_a_range_can_be_given_by_more_than_one_count(parameters):
    """Or the figure would be the count. Zero is the one count that stays as it is."""
    table = design(*parameters)
    for figure in range(0, 40, parameters[0]):
        able = [count for count in range(80) if table.chance(count, figure)]
        assert len(able) >= 2


# ---- group disclosure ----


def groups_in_one_category(rows: dict[tuple[str, str], int]) -> set[str]:
    """Return the areas whose people, by sex, are all in one of two or more categories."""
    split: dict[str, list[int]] = {}
    for (area, sex), value in rows.items():
        if sex != "T":
            split.setdefault(area, []).append(value)
    return {area for area, values in split.items() if sum(v > 0 for v in values) == 1}


@settings(max_examples=40)
@given(st.lists(st.sampled_from([0, 0, 2, 5, 9]), min_size=6, max_size=6))
def test_groups_in_one_category_are_withheld_and_no_other_group_without_need(leaves):
    rows = {}
    for place, area in enumerate("ABC"):
        men, women = leaves[2 * place : 2 * place + 2]
        rows |= {(area, "M"): men, (area, "F"): women, (area, "T"): men + women}
    for sex in "MFT":
        rows["All", sex] = sum(rows[area, sex] for area in "ABC")
    lines = "\n".join(f"{area} {sex} {value}" for (area, sex), value in rows.items())
    table = draw(f"area sex value\n{lines}", area="All: A B C", sex="T: M F")
    treated = GroupDisclosure(("sex",)).treat(untreated(table))
    hidden = {
        (area, sex)
        for area, sex, status in treated.cells.select("area", "sex", "status").iter_rows()
        if status == "c"
    }
    one = groups_in_one_category(rows)
    assert {(area, sex) for area in one for sex in "MF"} <= hidden
    assert bool(hidden) == bool(one)
    places = [list(rows).index(cell) for cell in sorted(hidden)]
    exact = determined(relation_matrix(table.relations, len(rows)), places)
    assert not exact & set(np.flatnonzero(treated.sensitive).tolist())


# ---- the door ----


@settings(max_examples=40)
@given(st.lists(st.integers(0, 9), min_size=3, max_size=4))
def test_a_threshold_without_cover_passes_the_audit_when_and_only_when_all_tables_allow(parts):
    """The audit of `protect` against every table of whole numbers with the same total."""
    values = [sum(parts), *parts]
    names = ["All", "A", "B", "C", "D"][: len(values)]
    lines = "\n".join(f"{name} {value}" for name, value in zip(names, values, strict=True))
    table = draw(f"area value\n{lines}", area="All: " + " ".join(names[1:]))
    hidden = [1 <= value <= 3 for value in values]
    total = values[0] if not hidden[0] else None
    agree = [
        (sum(other), *other)
        for other in product(range(13), repeat=len(parts))
        if all(h or o == v for h, o, v in zip(hidden[1:], other, parts, strict=True))
        and total in (None, sum(other))
    ]
    safe = True
    for place in np.flatnonzero(hidden):
        found = [row[place] for row in agree]
        safe &= min(found) == 0
        safe &= max(found) >= 4
    try:
        protect(table, [Threshold(4)])
    except ExposureError:
        assert not safe
    else:
        assert safe

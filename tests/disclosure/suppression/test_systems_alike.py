"""A system described in two ways is protected alike, and a further system never weakens another.

Metamorphic: no right answer is known beforehand, only how two answers must stand to each other.
Where ties could be broken differently, what must agree is whether every cell is safe; where the
question is literally the same, the patterns and costs must be equal.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import sparse

from disclosure import TableSystem, attack, suppress, verify
from disclosure.errors import CertificateError, ClashError
from tests.disclosure.drawn_systems import counts, cube, grid
from tests.disclosure.exact_sums import determined
from tests.disclosure.suppression_oracle import is_protected

quick = settings(max_examples=20)

numbers = st.sampled_from([0, 1, 2, 3, 5, 6, 8])

inner_cells = st.integers(2, 3).flatmap(
    lambda width: st.lists(
        st.lists(numbers, min_size=width, max_size=width), min_size=2, max_size=3
    )
)

FIELDS = ("values", "sensitive", "lower_protection", "upper_protection", "cost", "publish")


def reordered(system: TableSystem, order: list[int]) -> TableSystem:
    """The same cells in another order."""
    parts = {name: getattr(system, name)[order] for name in FIELDS}
    single = system.single_contributor
    return replace(
        system,
        **parts,
        constraints=system.constraints[:, order],
        single_contributor=None if single is None else single[order],
    )


def side_by_side(one: TableSystem, other: TableSystem) -> TableSystem:
    """Two systems without a cell in common, as one."""
    parts = {n: np.concatenate([getattr(one, n), getattr(other, n)]) for n in FIELDS}
    both = sparse.block_diag([one.constraints, other.constraints], format="csr")
    return TableSystem(**parts, constraints=both, integer=one.integer)


def answer(system: TableSystem, **asked):
    """Return the engine's verified pattern, or None where it says that there is none."""
    try:
        pattern = suppress(system, **({"budget_seconds": 1} | asked))
    except ClashError:
        return None
    verify(system, pattern.suppressed, pattern.certificate)
    return pattern


def facts(system: TableSystem, hidden: np.ndarray) -> set[tuple[int, str]]:
    return {(fact.cell, fact.kind) for fact in attack(system, hidden).facts}


AREAS = {"All": None, "N": "All", "S": "All", "N1": "N", "N2": "N", "S1": "S", "S2": "S"}

SEXES = {"T": None, "F": "T", "M": "T"}

leaf_values = st.lists(st.sampled_from([1, 2, 5, 7, 9, 12]), min_size=8, max_size=8)


def renamed(hierarchy: dict, names: dict) -> dict:
    return {names[code]: names.get(parent) for code, parent in hierarchy.items()}


def magnitudes(values: np.ndarray, factor: float) -> TableSystem:
    """A two-way table of amounts; its two smallest inner cells are sensitive, to a quarter."""
    system = grid(values)
    chosen = np.zeros(len(system), dtype=bool)
    width = values.shape[1] + 1
    inside = [r * width + c for r in range(values.shape[0]) for c in range(values.shape[1])]
    chosen[sorted(inside, key=lambda cell: system.values[cell])[:2]] = True
    level = np.where(chosen, system.values / 4, 0.0) * factor
    return TableSystem(
        system.values * factor, system.constraints, chosen, level, level,
        system.values * factor, np.zeros(len(system), dtype=bool), integer=False,
    )  # fmt: skip


@quick
@given(inner_cells)
def test_the_reverse_order_of_cells_is_as_safe(inner):
    system = grid(inner)
    order = list(range(len(system)))[::-1]
    one, other = answer(system), answer(reordered(system, order))
    assert (one is None) == (other is None)
    if one is not None:
        back = np.empty(len(system), dtype=bool)
        back[order] = other.suppressed
        assert is_protected(system, back)


@quick
@given(inner_cells, st.randoms(use_true_random=False))
def test_the_attacker_finds_the_known_together_whatever_the_order_of_cells(inner, random):
    system = grid(inner)
    hidden = system.sensitive.copy()
    order = list(range(len(system)))
    random.shuffle(order)
    shuffled = facts(reordered(system, order), hidden[order])
    assert {(order[cell], kind) for cell, kind in shuffled} == facts(system, hidden)


@quick
@given(inner_cells, st.randoms(use_true_random=False))
def test_the_order_and_the_sign_of_sums_change_nothing(inner, random):
    system = grid(inner)
    lines = list(range(system.constraints.shape[0]))
    random.shuffle(lines)
    signs = sparse.diags_array(np.array([random.choice([-1, 1]) for _ in lines]), dtype=np.int8)
    mixed = replace(system, constraints=sparse.csr_matrix(signs @ system.constraints[lines]))
    assert facts(mixed, system.sensitive) == facts(system, system.sensitive)
    one, other = answer(system), answer(mixed)
    assert (one is None) == (other is None)
    if one is not None:
        assert is_protected(system, other.suppressed)
        verify(system, other.suppressed, other.certificate)
        verify(mixed, one.suppressed, one.certificate)


@quick
@given(inner_cells)
def test_a_table_turned_on_its_side_is_the_same_table(inner):
    system = grid(inner)
    turned = grid(np.array(inner).T)
    height, width = len(inner) + 1, len(inner[0]) + 1
    place = np.arange(height * width).reshape(height, width).T.ravel()
    assert {(int(place[cell]), kind) for cell, kind in facts(turned, turned.sensitive)} == facts(
        system, system.sensitive
    )
    one, other = answer(system), answer(turned)
    assert (one is None) == (other is None)


@settings(max_examples=12)
@given(leaf_values)
def test_codes_with_other_names_in_the_same_order_are_withheld_alike(leaves):
    full = cube({"area": AREAS, "sex": SEXES}, leaves)
    names = {code: f"code {place:02}" for place, code in enumerate(AREAS)}
    other = full.with_columns(pl.col("area").replace_strict(names))
    first = TableSystem.from_tables({"t": full}, {"area": AREAS, "sex": SEXES})
    second = TableSystem.from_tables({"t": other}, {"area": renamed(AREAS, names), "sex": SEXES})
    one, two = answer(first), answer(second)
    assert one.suppressed[first.rows["t"]].tolist() == two.suppressed[second.rows["t"]].tolist()
    assert one.cost == two.cost


@settings(max_examples=12)
@given(leaf_values, st.randoms(use_true_random=False))
def test_rows_of_a_table_in_any_order_leave_every_cell_safe(leaves, random):
    full = cube({"area": AREAS, "sex": SEXES}, leaves)
    order = list(range(full.height))
    random.shuffle(order)
    mixed = TableSystem.from_tables({"t": full[order]}, {"area": AREAS, "sex": SEXES})
    pattern = answer(mixed)
    hidden = np.flatnonzero(pattern.suppressed).tolist()
    assert not determined(mixed.constraints, hidden) & set(np.flatnonzero(mixed.sensitive))


@settings(max_examples=12)
@given(leaf_values)
def test_a_table_split_by_rows_withholds_the_same_cells(leaves):
    """Which table shows a cell says nothing: the cells and their sums are the same."""
    full = cube({"area": AREAS, "sex": SEXES}, leaves)
    hierarchies = {"area": AREAS, "sex": SEXES}
    whole = TableSystem.from_tables({"all": full}, hierarchies)
    north = pl.col("area").str.starts_with("N")
    split = TableSystem.from_tables(
        {"north": full.filter(north), "others": full.filter(~north)}, hierarchies
    )
    assert len(whole) == len(split)
    one, two = answer(whole), answer(split)
    back = {label: place for place, label in enumerate(whole.labels)}
    order = [back[label] for label in split.labels]
    same = np.empty(len(whole), dtype=bool)
    same[order] = two.suppressed
    verify(whole, one.suppressed, one.certificate)
    hidden = np.flatnonzero(same).tolist()
    assert not determined(whole.constraints, hidden) & set(np.flatnonzero(whole.sensitive))


@settings(max_examples=12)
@given(leaf_values)
def test_a_table_that_repeats_cells_of_another_changes_nothing(leaves):
    full = cube({"area": AREAS, "sex": SEXES}, leaves)
    hierarchies = {"area": AREAS, "sex": SEXES}
    once = TableSystem.from_tables({"all": full}, hierarchies)
    again = full.filter(pl.col("sex") == "T").drop("sex")
    twice = TableSystem.from_tables({"all": full, "areas": again}, hierarchies)
    assert twice.labels == once.labels
    assert (answer(twice).suppressed == answer(once).suppressed).all()


@quick
@given(inner_cells, inner_cells)
def test_two_unrelated_systems_are_each_protected_as_alone(inner, other_inner):
    """In both together a cell is safe exactly when it is in its own; the costs add or are less."""
    one, other = grid(inner), grid(other_inner)
    both = side_by_side(one, other)
    alone = answer(one), answer(other)
    together = answer(both)
    assert (together is None) == (None in alone)
    if together is not None:
        first, second = together.suppressed[: len(one)], together.suppressed[len(one) :]
        assert is_protected(one, first)
        assert is_protected(other, second)
        assert together.bound == pytest.approx(sum(p.bound for p in alone), abs=1e-6)


@quick
@given(inner_cells, inner_cells)
def test_an_attack_on_two_unrelated_systems_is_both_attacks(inner, other_inner):
    one, other = grid(inner), grid(other_inner)
    both = side_by_side(one, other)
    moved = {(cell + len(one), kind) for cell, kind in facts(other, other.sensitive)}
    assert facts(both, both.sensitive) == facts(one, one.sensitive) | moved


@quick
@given(inner_cells)
def test_a_system_without_sensitive_cells_loses_none_to_its_neighbour(inner):
    one = grid(inner)
    calm = grid([[10, 20], [30, 40]])
    together = answer(side_by_side(one, calm))
    if together is not None:
        assert not together.suppressed[len(one) :].any()


@quick
@given(inner_cells)
def test_a_further_total_never_makes_a_pattern_safer(inner):
    """Sums are knowledge: what is exposed without a sum is exposed with it."""
    system = grid(inner)
    corner = (system.values[0] + system.values[len(inner[0]) + 2]).item()
    values = np.append(system.values, corner)
    more = sparse.hstack([system.constraints, sparse.csr_matrix((system.constraints.shape[0], 1))])
    line = np.zeros((1, len(values)), dtype=int)
    line[0, [len(values) - 1, 0, len(inner[0]) + 2]] = 1, -1, -1
    parts = {
        name: np.append(getattr(system, name), 0).astype(getattr(system, name).dtype)
        for name in FIELDS[1:]
    }
    wider = TableSystem(
        values=values, constraints=sparse.vstack([more, sparse.csr_matrix(line)]).tocsr(), **parts
    )
    hidden = system.sensitive
    before = {cell for cell, _ in facts(system, hidden)}
    after = {cell for cell, _ in facts(wider, np.append(hidden, False))}
    assert before <= after
    assert answer(system) is not None or answer(wider) is None


@pytest.mark.parametrize("factor", [0.01, 2.5, 1000.0])
@pytest.mark.parametrize("seed", range(3))
def test_amounts_in_another_unit_are_withheld_alike(seed, factor):
    """Pounds or pence: the same cells, and the cost in the other unit."""
    values = np.random.default_rng(seed).permutation(np.arange(3, 15)).reshape(3, 4) * 40
    one, other = magnitudes(values, 1.0), magnitudes(values, factor)
    first, second = answer(one), answer(other)
    assert first.suppressed.tolist() == second.suppressed.tolist()
    assert second.cost == pytest.approx(first.cost * factor)
    verify(one, second.suppressed, first.certificate)


@pytest.mark.parametrize("seed", range(3))
def test_an_attack_on_amounts_in_another_unit_gives_ranges_in_that_unit(seed):
    values = np.random.default_rng(seed).permutation(np.arange(3, 15)).reshape(3, 4) * 40
    one, other = magnitudes(values, 1.0), magnitudes(values, 8.0)
    hidden = one.sensitive
    facts = attack(one, hidden).facts
    assert facts
    for first, second in zip(facts, attack(other, hidden).facts, strict=True):
        assert (first.cell, first.kind) == (second.cell, second.kind)
        assert (second.low, second.high) == (first.low * 8, first.high * 8)


@quick
@given(inner_cells)
def test_asking_for_more_protection_never_costs_less_than_the_bound_of_less(inner):
    """Whoever is safe to 2 is safe to 1, so the bound for 1 holds for 2 as well."""
    system = grid(inner)
    wider = replace(system, upper_protection=system.upper_protection * 2)
    one, other = answer(system), answer(wider)
    if other is not None:
        assert one is not None
        assert one.bound <= other.cost
        assert is_protected(system, other.suppressed)
        verify(system, other.suppressed, other.certificate)


@quick
@given(inner_cells)
def test_interval_protection_is_exact_protection_and_more(inner):
    system = grid(inner)
    pattern = answer(system)
    assume(pattern is not None)
    hidden = np.flatnonzero(pattern.suppressed).tolist()
    assert not determined(system.constraints, hidden) & set(np.flatnonzero(system.sensitive))
    exact = answer(system, protect="exact")
    assert exact is not None
    assert exact.bound <= pattern.cost


@quick
@given(inner_cells, st.integers(1, 9))
def test_costs_times_a_number_choose_the_same_cells(inner, times):
    system = grid(inner)
    costlier = replace(system, cost=system.cost * times)
    one, other = answer(system), answer(costlier)
    assert (one is None) == (other is None)
    if one is not None:
        assert other.cost == pytest.approx(
            float(costlier.cost[other.suppressed & ~system.sensitive].sum())
        )
        assert is_protected(system, other.suppressed)


@quick
@given(inner_cells, st.data())
def test_withholding_more_never_exposes_what_was_safe(inner, data):
    """Taking figures away takes knowledge away: no fact appears, except that facts may vanish."""
    system = grid(inner)
    more = system.sensitive.copy()
    extra = data.draw(st.sets(st.integers(0, len(system) - 1), max_size=4))
    more[list(extra)] = True
    before = {cell for cell, _ in facts(system, system.sensitive)}
    after = {cell for cell, _ in facts(system, more)}
    assert after <= before


@quick
@given(inner_cells, st.data())
def test_a_certificate_holds_for_every_wider_pattern(inner, data):
    system = grid(inner)
    pattern = answer(system)
    assume(pattern is not None)
    wider = pattern.suppressed.copy()
    extra = data.draw(st.sets(st.integers(0, len(system) - 1), max_size=4))
    wider[[cell for cell in extra if not system.publish[cell]]] = True
    verify(system, wider, pattern.certificate)
    assert attack(system, wider).facts == ()


def test_a_certificate_does_not_hold_for_another_table_with_the_same_totals():
    """Two cells of the corner are empty there, so the vector that lowers them is no table."""
    system = grid([[3, 8, 20], [9, 7, 30], [6, 10, 40]])
    pattern = answer(system)
    other = grid([[11, 0, 20], [1, 15, 30], [6, 10, 40]])
    margins = [3, 7, 11, 12, 13, 14, 15]
    assert other.values[margins].tolist() == system.values[margins].tolist()
    judged = replace(other, sensitive=system.sensitive, publish=np.zeros(len(system), dtype=bool))
    with pytest.raises(CertificateError, match="cell 0 does not reach up by 1"):
        verify(judged, pattern.suppressed, pattern.certificate)


def test_a_drawn_system_beside_itself_doubles_cost_and_bound():
    system = grid([[3, 8, 20], [9, 7, 30], [6, 10, 40]])
    one, two = answer(system), answer(side_by_side(system, system))
    assert two.cost == 2 * one.cost
    assert two.bound == pytest.approx(2 * one.bound)
    assert two.suppressed.tolist() == [*one.suppressed.tolist()] * 2


def test_a_cell_in_no_sum_is_withheld_alone_beside_any_system():
    lone = counts([3], [])
    system = grid([[3, 8], [9, 7]])
    pattern = answer(side_by_side(system, lone))
    assert pattern.suppressed[-1]
    assert pattern.cost == answer(system).cost

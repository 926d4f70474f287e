"""Suppression against brute force: all tables of whole numbers that fit what is published."""

import importlib
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from disclosure import TableSystem, suppress, verify
from disclosure.algebra.effort import Effort
from disclosure.errors import CertificateError, ClashError
from tests.disclosure.drawn_systems import counts, crossed, cube, grid, instance
from tests.disclosure.suppression_oracle import exactly_known, intervals, is_protected

engine = importlib.import_module("disclosure.suppression.engine")

tiny_grids = st.lists(
    st.lists(st.sampled_from([0, 1, 2, 3, 5, 6, 8]), min_size=3, max_size=3),
    min_size=2,
    max_size=3,
)
AREAS = {"E": None, "N": "E", "S": "E", "N1": "N", "N2": "N", "S1": "S", "S2": "S"}
SEXES = {"all": None, "F": "all", "M": "all"}


def safe(system, **asked):
    pattern = suppress(system, **({"budget_seconds": 2} | asked))
    assert pattern.unproven == ()
    verify(system, pattern.suppressed, pattern.certificate)
    return pattern


def outcome(system, **asked):
    """Return a verified pattern, or None where there is provably none."""
    try:
        return safe(system, **asked)
    except ClashError:
        return None


def refusal(system):
    """Return the error that says why there is no pattern, or None where there is one."""
    try:
        suppress(system, budget_seconds=2)
    except ClashError as error:
        return error
    return None


def test_a_small_count_of_a_row_is_withheld_with_three_others():
    pattern = safe(grid([[3, 8, 20], [9, 7, 30], [6, 10, 40]]))
    drawn = pattern.suppressed.reshape(4, 4)
    assert drawn.tolist() == [
        [True, True, False, False],
        [True, True, False, False],
        [False, False, False, False],
        [False, False, False, False],
    ]
    assert pattern.cost == 24
    assert dict(pattern.reason) == {1: (0,), 4: (0,), 5: (0,)}
    assert len(pattern.reason) == 3
    assert pattern.bound <= 24
    assert pattern.gap == pytest.approx((24 - pattern.bound) / 24)
    with pytest.raises(KeyError):
        pattern.reason[0]
    with pytest.raises(KeyError):
        pattern.reason[15]


def test_without_sensitive_cells_nothing_is_withheld():
    pattern = safe(grid([[8, 9], [7, 6]]))
    assert not pattern.suppressed.any()
    assert pattern.cost == pattern.bound == pattern.gap == 0


def test_a_single_cell_stands_alone():
    system = counts([3], [])
    assert safe(system).suppressed.tolist() == [True]


def test_all_sensitive_needs_nothing_more():
    values = grid([[1, 2], [2, 1]]).values
    system = grid([[1, 2], [2, 1]], sensitive=np.ones(len(values), dtype=bool))
    assert safe(system).cost == 0


def test_a_total_that_must_be_published_clashes_with_its_only_part():
    system = counts(
        [3, 3], [(0, [1])], sensitive=np.array([False, True]), publish=np.array([True, False]),
        labels=["England", "York"],
    )  # fmt: skip
    with pytest.raises(ClashError, match="York is sensitive.*exactly known.*England") as found:
        suppress(system)
    assert found.value.sensitive == 1
    assert found.value.forced == (0,)


def test_only_the_smallest_clashing_set_is_named():
    system = counts(
        [10, 3, 7, 20, 10], [(0, [1, 2]), (3, [0, 4])], publish=np.array([1, 0, 1, 1, 1]) > 0
    )
    with pytest.raises(ClashError) as found:
        suppress(system, protect="exact")
    assert found.value.forced == (0, 2)


def test_what_the_sums_alone_give_away_is_no_fault_of_a_cell():
    system = counts([3, 3, 0], [(0, [1]), (0, [1, 2])], sensitive=np.array([False, False, True]))
    with pytest.raises(ClashError, match="the sums do it alone"):
        suppress(system)


def test_a_bound_that_is_too_tight_is_a_clash_by_interval_and_none_by_calculation():
    publish = np.array([1, 0, 0], dtype=bool)
    wide = {"lower_protection": np.ones(3), "upper_protection": np.array([0, 9.0, 0])}
    system = counts([7, 3, 4], [(0, [1, 2])], publish=publish, **wide)
    sensitive = replace(system, sensitive=np.array([False, True, False]))
    assert safe(sensitive, protect="exact").suppressed.tolist() == [False, True, True]
    with pytest.raises(ClashError, match="bounded from above.*cell 0") as found:
        suppress(sensitive)
    assert found.value.forced == (0,)


def test_a_cell_may_go_up_by_one_vector_and_down_by_another():
    levels = {"lower_protection": np.array([0, 0, 4.0, 0]), "upper_protection": np.full(4, 6.0)}
    system = counts([30, 6, 4, 20], [(0, [1, 2, 3])], sensitive=np.arange(4) == 2, **levels)
    pattern = safe(system)
    assert is_protected(system, pattern.suppressed, most=32)


@settings(max_examples=40, deadline=None)
@given(tiny_grids)
def test_every_sensitive_cell_has_its_interval(inner):
    system = grid(inner)
    pattern = outcome(system)
    if pattern is not None:
        low, high = intervals(system, pattern.suppressed)
        cells = system.sensitive
        assert (low <= system.values - system.down)[cells].all()
        assert (high >= system.values + system.up)[cells].all()
        assert exactly_known(system, pattern.suppressed) == []


@settings(max_examples=25, deadline=None)
@given(tiny_grids)
def test_no_sensitive_cell_can_be_calculated_in_exact_protection(inner):
    system = grid(inner)
    pattern = outcome(system, protect="exact")
    if pattern is not None:
        assert exactly_known(system, pattern.suppressed) == []


@settings(max_examples=25, deadline=None)
@given(tiny_grids)
def test_a_clash_is_true_and_smallest(inner):
    system = grid(inner)
    error = refusal(system)
    if error is not None and "exactly" in str(error):
        pattern = np.ones(len(system), dtype=bool)
        pattern[list(error.forced)] = False
        assert error.sensitive in exactly_known(system, pattern)
        for one in error.forced:
            pattern[one] = True
            assert error.sensitive not in exactly_known(system, pattern)
            pattern[one] = False


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from([0, 1, 2, 4, 5, 7, 9, 12]), min_size=8, max_size=8))
def test_hierarchies_are_protected_at_every_level(leaves):
    system = crossed({"area": AREAS, "sex": SEXES}, leaves)
    pattern = outcome(system)
    if pattern is not None:
        assert exactly_known(system, pattern.suppressed) == []


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from([1, 2, 5, 7, 9, 12]), min_size=8, max_size=8))
def test_linked_tables_are_protected_together(leaves):
    full = cube({"area": AREAS, "sex": SEXES}, leaves)
    tables = {
        "areas": full.filter(sex="all").drop("sex"),
        "both": full.filter(pl.col("area") != "N"),
    }
    system = TableSystem.from_tables(tables, {"area": AREAS, "sex": SEXES})
    pattern = safe(system)
    assert exactly_known(system, pattern.suppressed) == []


@settings(max_examples=15, deadline=None)
@given(tiny_grids, st.randoms(use_true_random=False))
def test_the_order_of_the_cells_does_not_weaken_protection(inner, random):
    system = grid(inner)
    order = list(range(len(system)))
    random.shuffle(order)
    shuffled = TableSystem(
        values=system.values[order],
        constraints=system.constraints[:, order],
        sensitive=system.sensitive[order],
        lower_protection=system.lower_protection[order],
        upper_protection=system.upper_protection[order],
        cost=system.cost[order],
        publish=system.publish[order],
    )
    one, other = outcome(system), outcome(shuffled)
    assert (one is None) == (other is None)
    if other is not None:
        assert is_protected(shuffled, other.suppressed)


@settings(max_examples=15, deadline=None)
@given(tiny_grids)
def test_a_redundant_sum_changes_nothing(inner):
    system = grid(inner)
    doubled = replace(system, constraints=sparse.vstack([system.constraints] * 2).tocsr())
    one, other = outcome(system), outcome(doubled)
    assert (one is None) == (other is None)
    if one is not None:
        assert is_protected(system, other.suppressed)
        verify(doubled, other.suppressed, other.certificate)


def test_a_split_table_is_the_same_system():
    full = cube({"area": AREAS, "sex": SEXES}, [3, 9, 8, 7, 6, 5, 12, 11])
    hierarchies = {"area": AREAS, "sex": SEXES}
    whole = TableSystem.from_tables({"all": full}, hierarchies)
    parts = {"a": full.filter(sex="F"), "b": full.filter(pl.col("sex") != "F")}
    split = TableSystem.from_tables(parts, hierarchies)
    one, other = safe(whole), safe(split)
    withheld = {str(whole.labels[cell]) for cell in np.flatnonzero(one.suppressed)}
    assert withheld == {str(split.labels[cell]) for cell in np.flatnonzero(other.suppressed)}


def test_magnitudes_get_their_protection():
    values = np.array([100.5, 20.25, 30.25, 50.0, 40.0, 10.0, 12.0, 18.0, 60.5, 10.25, 18.25, 32.0])
    sums = [(0, [1, 2, 3]), (4, [5, 6, 7]), (8, [9, 10, 11])]
    sums += [(0, [4, 8]), (1, [5, 9]), (2, [6, 10]), (3, [7, 11])]
    rows = np.zeros((len(sums), 12), dtype=int)
    for number, (total, parts) in enumerate(sums):
        rows[number, total], rows[number, parts] = 1, -1
    level = np.where(np.arange(12) == 5, 2.4, 0)
    system = TableSystem(
        values, sparse.csr_matrix(rows), np.arange(12) == 5, level, level, values,
        np.zeros(12, dtype=bool), integer=False,
    )  # fmt: skip
    pattern = safe(system)
    assert pattern.suppressed.sum() == 4
    assert exactly_known(system, pattern.suppressed) == []
    assert safe(system, protect="exact").suppressed.sum() == 4


def test_a_contributor_cannot_work_out_another_cell():
    inner = [[1, 1, 20, 9], [9, 7, 30, 8], [8, 9, 6, 5]]
    single = grid(inner).values == 1
    open_system, system = grid(inner), grid(inner, single_contributor=single)
    assert safe(open_system).cost < safe(system).cost
    pattern = safe(system)
    for known in np.flatnonzero(single):
        informed = pattern.suppressed.copy()
        informed[known] = False
        others = exactly_known(replace(system, sensitive=system.sensitive), informed)
        assert not set(others) - {int(known)}
    with pytest.raises(CertificateError, match="single contributors"):
        verify(system, pattern.suppressed, replace(pattern.certificate, apart=None))


def test_a_parent_with_one_contributor_is_no_leak_to_that_contributor():
    system = crossed({"area": AREAS, "sex": SEXES}, [1, 0, 9, 9, 8, 8, 7, 7])
    marked = replace(system, single_contributor=system.values == 1)
    safe(marked)


def test_same_input_and_seed_same_pattern():
    system = instance("f2_300")
    one, other = safe(system, seed=1), safe(system, seed=1)
    assert (one.suppressed == other.suppressed).all()
    assert (one.certificate.vectors != other.certificate.vectors).nnz == 0


@pytest.mark.parametrize(("name", "most"), [("f2_300", 170), ("m2_300", 227_000)])
def test_instances_cost_no_more_than_others_find(name, most):
    pattern = safe(instance(name))
    assert pattern.cost <= most
    assert pattern.bound <= {"f2_300": 161, "m2_300": 208_538}[name]


def test_without_budget_unproven_cells_are_named():
    system = instance("m2_300")
    pattern = suppress(system, budget_seconds=0)
    assert pattern.unproven
    assert pattern.suppressed[list(pattern.unproven)].all()
    with pytest.raises(CertificateError, match="has no witness"):
        verify(system, pattern.suppressed, pattern.certificate)


def test_without_budget_no_sensitive_cell_can_be_calculated():
    """What elimination withholds stays withheld while any cell lacks its witness."""
    system = grid([[3, 20, 30], [20, 30, 40], [30, 40, 50]], upper_protection=np.full(16, 4.0))
    pattern = suppress(system, budget_seconds=0)
    assert pattern.unproven == (0,)
    assert not exactly_known(system, pattern.suppressed)
    assert pattern.suppressed.sum() == 4
    assert set(pattern.reason.values()) == {(0,)}
    assert pattern.gap is None


def test_cells_withheld_against_a_contributor_have_their_reason():
    single = np.isin(np.arange(16), [4])
    pattern = suppress(grid([[3, 8, 20], [3, 7, 30], [6, 10, 40]], single_contributor=single))
    assert pattern.unproven == ()
    assert all(pattern.reason.values())


def test_a_magnitude_may_have_to_reach_down_to_zero():
    """The vector takes all that the cell has: its step and its level are equal as fractions."""
    level = np.array([0, 275.0, 124.0, 0])
    given = counts(
        [704.0, 275.0, 124.0, 305.0], [(0, [1, 2, 3])], sensitive=level > 0, integer=False,
        lower_protection=level, upper_protection=1.5 * level,
    )  # fmt: skip
    assert safe(given).unproven == ()


def test_without_budget_contributors_are_still_separated():
    """In exact protection elimination does it, and that has no budget."""
    inner = [[1, 1, 20, 9], [9, 7, 30, 8], [8, 9, 6, 5]]
    system = grid(inner, single_contributor=grid(inner).values == 1)
    safe(system, protect="exact", budget_seconds=0)


def test_a_solver_that_fails_protects_nothing(monkeypatch):
    repair = importlib.import_module("disclosure.suppression.repair")
    monkeypatch.setattr(repair, "solve", lambda *_: None)
    system = instance("m2_300")
    pattern = suppress(system, budget_seconds=2)
    assert pattern.unproven


def test_a_solver_that_lies_protects_nothing(monkeypatch):
    repair = importlib.import_module("disclosure.suppression.repair")
    monkeypatch.setattr(repair, "solve", lambda program, *_: np.ones(len(program.cost)))
    pattern = suppress(instance("m2_300"), budget_seconds=2)
    assert pattern.unproven


@pytest.mark.parametrize(
    "asked",
    [
        {"protect": "well"},
        {"budget_seconds": -1},
        {"budget_seconds": float("nan")},
        {"budget_seconds": float("inf")},
        {"budget_seconds": "5"},
        {"seed": -1},
        {"seed": 0.5},
    ],
)
def test_questions_that_make_no_sense_are_refused(asked):
    with pytest.raises(ValueError, match="not"):
        suppress(counts([3], []), **asked)


def test_a_budget_is_counted_in_work_and_the_clock_only_stops_what_runs_away():
    effort = Effort(10)
    assert effort.enough()
    effort.spend(9)
    assert effort.enough()
    assert not effort.enough(share=0.5)
    effort.spend(2)
    assert not effort.enough()
    assert not Effort(10, started=-1e9).enough()

"""Elimination: what may be published, in plain Python and compiled, against rank by brute force."""

import logging
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from disclosure.algebra import basis as basis_module
from disclosure.algebra import compiled_engine, field, kernel, ratios
from disclosure.algebra.basis import constraint_basis, difference_basis
from disclosure.algebra.elimination import eliminate
from disclosure.algebra.prime import PRIME
from disclosure.algebra.tuning import TUNING
from tests.disclosure.drawn_systems import counts, grid, instance
from tests.disclosure.suppression_oracle import exactly_known

residues = st.integers(1, PRIME - 1)
small_grids = st.integers(2, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 9), min_size=width, max_size=width), min_size=2, max_size=4
    )
)


def decided(system, engine="plain", seed=0):
    forced = np.flatnonzero(system.publish)
    rest = np.flatnonzero(~system.publish & ~system.sensitive)
    costliest = rest[np.argsort(-system.cost[rest], kind="stable")]
    basis = constraint_basis(system.constraints, system.cost)
    order = np.concatenate([forced, costliest])
    watched = np.flatnonzero(system.sensitive)
    return eliminate(basis, order, len(forced), watched, seed=seed, engine=engine)


def withheld(system, found):
    pattern = system.sensitive.copy()
    pattern[list(found.withheld)] = True
    return pattern


@pytest.fixture
def uncompiled(monkeypatch):
    """Every compiled function as the plain one that it was."""
    for module in (field, ratios, kernel):
        for name, function in list(vars(module).items()):
            if hasattr(function, "py_func"):
                monkeypatch.setattr(module, name, function.py_func)


@settings(deadline=None)
@given(residues, residues)
def test_the_field_multiplies_subtracts_and_inverts(a, b):
    x, y = np.uint64(a), np.uint64(b)
    for multiply, subtract, invert in (
        (field.multiply, field.subtract, field.invert),
        (field.multiply.py_func, field.subtract.py_func, field.invert.py_func),
    ):
        assert int(multiply(x, y)) == a * b % PRIME
        assert int(subtract(x, y)) == (a - b) % PRIME
        assert int(multiply(x, invert(x))) == 1


def test_residues_stand_for_signed_numbers():
    assert field.signed(np.array([1, PRIME - 2], dtype=np.uint64)).tolist() == [1, -2]
    left = np.array([3, PRIME - 1], dtype=np.uint64)
    assert field.multiply_all.py_func(left, left).tolist() == [9, 1]


def test_one_small_count_of_a_row_takes_another_with_it():
    system = grid([[3, 8, 20], [9, 7, 30], [6, 10, 40]])
    found = decided(system)
    assert len(found.withheld) == 3
    assert set(found.withheld.values()) == {0}
    assert exactly_known(system, withheld(system, found)) == []


def test_the_costliest_cells_are_published_first():
    system = counts([60, 3, 7, 50], [(0, [1, 2, 3])])
    assert decided(system).withheld == {2: 1}


def test_a_cell_exposed_by_forced_cells_names_the_last_of_them():
    system = counts([10, 3, 7], [(0, [1, 2])], publish=np.array([True, False, True]))
    for engine in ("plain", "compiled"):
        assert decided(system, engine).lost == {1: 2}


@settings(max_examples=25, deadline=None)
@given(small_grids)
def test_columns_in_neither_list_stay_withheld(inner):
    system = grid(inner)
    pattern = withheld(system, decided(system))
    published, watched = np.flatnonzero(~pattern), np.flatnonzero(system.sensitive)
    basis = constraint_basis(system.constraints, system.cost)
    for engine in ("plain", "compiled"):
        again = eliminate(basis, published, len(published), watched, seed=7, engine=engine)
        assert set(again.lost) == set(exactly_known(system, pattern))


def test_a_cell_exposed_by_the_sums_alone_names_no_forced_cell():
    system = counts([3, 3, 0], [(0, [1]), (0, [1, 2])], sensitive=np.array([False, False, True]))
    for engine in ("plain", "compiled"):
        assert decided(system, engine).lost == {2: -1}


def test_cells_parallel_to_a_lost_cell_are_lost_too():
    system = counts([4, 4, 9, 13], [(0, [1]), (3, [0, 2])], publish=np.array([0, 0, 1, 1]) > 0)
    for engine in ("plain", "compiled"):
        assert set(decided(system, engine).lost) == {0, 1}


@settings(max_examples=60, deadline=None)
@given(small_grids, st.integers(0, 3))
def test_no_cell_is_disclosed_and_both_engines_agree(inner, seed):
    system = grid(inner)
    plain, compiled = decided(system), decided(system, "compiled", seed)
    assert plain.withheld.keys() == compiled.withheld.keys()
    assert plain.lost.keys() == compiled.lost.keys()
    lost = set(plain.lost)
    assert set(exactly_known(system, withheld(system, plain))) == lost


@settings(max_examples=25, deadline=None)
@given(small_grids)
def test_every_withheld_cell_was_needed_when_it_was_decided(inner):
    system = grid(inner)
    found = decided(system)
    pattern = withheld(system, found)
    before = set(exactly_known(system, pattern))
    cheapest = min(found.withheld, key=lambda cell: system.cost[cell], default=None)
    if cheapest is not None:
        pattern[cheapest] = False
        assert set(exactly_known(system, pattern)) > before


@settings(max_examples=25, deadline=None)
@given(small_grids)
def test_the_rows_left_span_all_changes_with_merged_cells_restored(inner):
    system = grid(inner)
    for engine in ("plain", "compiled"):
        found = decided(system, engine)
        pattern = withheld(system, found)
        part = system.constraints.toarray()[:, pattern]
        dimension = pattern.sum() - (np.linalg.matrix_rank(part) if part.size else 0)
        assert found.rows.shape[0] == dimension
        assert not (found.rows.toarray()[:, ~pattern]).any()
        totals = found.rows.toarray().astype(object) @ system.constraints.toarray().T
        assert not (totals % PRIME).any()


def test_the_compiled_engine_is_the_plain_one_on_an_instance():
    system = instance("f3_2k")
    plain, compiled = decided(system), decided(system, "compiled")
    assert plain.withheld.keys() == compiled.withheld.keys()
    assert len(plain.withheld) == 177
    assert sum(system.cost[list(plain.withheld)]) == 2856


@pytest.mark.filterwarnings("ignore:overflow")
def test_the_compiled_loop_is_tested_line_by_line_in_python(uncompiled):
    system = instance("f2_300")
    assert decided(system, "compiled").withheld.keys() == decided(system).withheld.keys()
    for inner in ([[3, 0, 8], [4, 9, 2], [0, 1, 7]], [[1, 1], [0, 5]], [[4, 0], [0, 4]]):
        system = grid(inner)
        assert decided(system, "compiled").withheld.keys() == decided(system).withheld.keys()
    for system in (
        counts([10, 3, 7], [(0, [1, 2])], publish=np.array([True, False, True])),
        counts([3, 3, 0], [(0, [1]), (0, [1, 2])], sensitive=np.array([False, False, True])),
    ):
        assert decided(system, "compiled").lost == decided(system).lost
    basis, nothing = sparse.identity(3, dtype=int, format="csr"), np.empty(0, dtype=int)
    assert eliminate(basis, np.arange(2), 2, nothing, engine="compiled").rows.shape == (1, 3)
    basis = sparse.csr_matrix([[1, 1, 0], [1, 2, 1]])
    left = eliminate(basis, np.arange(1), 1, nothing, engine="compiled").rows
    assert left.toarray().tolist() == [[0, 1, 1]]


def test_colliding_ratios_are_still_found_after_others_are_removed():
    keys, used = np.zeros(8, dtype=np.uint64), np.zeros(8, dtype=bool)
    holder = np.zeros(8, dtype=np.int64)
    slot_of, forget = ratios.slot_of.py_func, ratios.forget.py_func
    kept = [np.uint64(k) for k in range(1, 7)]
    with np.errstate(over="ignore"):
        for number, key in enumerate(kept):
            slot = slot_of(key, keys, used)
            keys[slot], used[slot], holder[slot] = key, True, number
        for number, key in enumerate(kept[:3]):
            forget(slot_of(key, keys, used), keys, used, holder)
            assert used.sum() == 5 - number
            for other, left in enumerate(kept[number + 1 :], number + 1):
                assert holder[slot_of(left, keys, used)] == other


@pytest.mark.filterwarnings("ignore:overflow")
def test_vectors_that_happen_to_be_zero_have_a_ratio_too(uncompiled):
    vectors = np.array([[0, 1], [0, 1], [0, 2]], dtype=np.uint64)
    labels, ones = np.array([0, 1, 2], dtype=np.int32), np.ones(3, dtype=np.uint64)
    start, length = np.array([0]), np.array([3])
    parts = kernel.run(start, length, labels, ones, 1, 0, 2, 2, vectors)
    reason, into = parts[4], parts[6]
    assert reason.tolist() == [1]
    assert into.tolist() == [1, 1]


@pytest.mark.filterwarnings("ignore:overflow")
def test_a_ratio_that_changes_leaves_no_trace_of_the_old_one(uncompiled):
    """Labels 1 and 2 are watched; row 0 holds label 1 as well, so its ratio moves when it goes."""
    vectors = np.array([[1, 2], [1, 3], [1, 5]], dtype=np.uint64)
    watch = ratios.watch_for(1, 2, 2, vectors)
    assert ratios.guarding(1, watch) >= 0
    ratios.follow(0, np.array([1]), np.array([2], dtype=np.uint64), watch)
    assert field.signed(watch.vectors[1]).tolist() == [-1, -1]
    assert sorted(watch.keys[watch.used].tolist()) == [1, 5]
    assert ratios.guarding(0, watch) == -1


def test_many_cells_are_tried_in_one_order_only(monkeypatch):
    monkeypatch.setattr(basis_module, "TUNING", replace(TUNING, two_orders_cells=0))
    system = grid([[3, 8], [9, 7]])
    assert constraint_basis(system.constraints, system.cost).shape == (4, 9)


def test_a_first_call_warns_that_it_compiles(monkeypatch, tmp_path, caplog):
    compiled_engine._warn_of_compilation.cache_clear()
    monkeypatch.setattr(compiled_engine, "__file__", str(tmp_path / "compiled_engine.py"))
    with caplog.at_level(logging.WARNING):
        compiled_engine._warn_of_compilation()
    assert "Compiling" in caplog.text


def test_the_basis_from_hierarchies_spans_all_that_keeps_the_sums():
    geography = np.array([-1, 0, 0, 1, 1])
    sex = np.array([-1, 0, 0])
    basis = difference_basis([geography, sex])
    constraints = []
    for place in range(5):
        children = np.flatnonzero(geography == place)
        for other in range(3):
            line = np.zeros((5, 3), dtype=int)
            line[place, other], line[children, other] = 1, -1
            constraints += [line.ravel()] if children.size else []
    for place in range(5):
        line = np.zeros((5, 3), dtype=int)
        line[place] = 1, -1, -1
        constraints.append(line.ravel())
    matrix = sparse.csr_matrix(np.array(constraints))
    assert not (matrix @ basis.T.astype(int)).nnz
    dimension = 15 - np.linalg.matrix_rank(matrix.toarray())
    assert np.linalg.matrix_rank(basis.toarray()) == basis.shape[0] == dimension
    found = constraint_basis(matrix, np.ones(15))
    assert found.shape == basis.shape
    assert not (matrix.astype(int) @ found.T).nnz


def test_without_sums_every_cell_moves_alone():
    found = constraint_basis(sparse.csr_matrix((0, 3), dtype=np.int8), np.ones(3))
    assert found.toarray().tolist() == np.eye(3).tolist()


@pytest.mark.parametrize("factor", [2, -3])
def test_a_basis_with_other_numbers_gives_the_same_answer(factor):
    system = grid([[3, 8, 20], [9, 7, 30], [6, 10, 40]])
    basis = constraint_basis(system.constraints, system.cost)
    order, watched = np.arange(1, 16), np.array([0])
    once = eliminate(basis, order, 0, watched)
    again = eliminate(sparse.csr_matrix(basis * factor), order, 0, watched)
    assert once.withheld == again.withheld

"""Sums over a few cells, programs by rows and by columns, and the work of parts."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from disclosure.algebra import section as section_module
from disclosure.algebra.effort import Effort
from disclosure.algebra.section import section
from disclosure.algebra.solver import Program, solve, steps_of
from tests.disclosure.drawn_systems import grid

SYSTEM = grid([[3, 8, 20], [9, 7, 30], [6, 10, 40]])


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_the_part_of_sums_over_some_cells_is_that_of_scipy(data):
    count = len(SYSTEM)
    cells = np.array(data.draw(st.permutations(range(count)))[: data.draw(st.integers(1, count))])
    whole = SYSTEM.columns[:, cells].tocsr()
    found, kept = section(SYSTEM.columns, cells, np.ones(8, dtype=np.int64))
    assert kept.tolist() == np.flatnonzero(np.diff(whole.indptr)).tolist()
    assert (found.toarray() == whole[kept].toarray()).all()
    lengths = np.diff(SYSTEM.constraints.indptr).astype(np.int64)
    found, kept = section(SYSTEM.columns, cells, lengths)
    assert kept.tolist() == np.flatnonzero(np.diff(whole.indptr) == lengths).tolist()
    assert (found.toarray() == whole[kept].toarray()).all()


def test_the_compiled_section_is_that_of_plain_python():
    columns = SYSTEM.columns
    needed = np.diff(SYSTEM.constraints.indptr).astype(np.int64)
    for cells in (np.array([3, 0, 1, 2]), np.array([5]), np.arange(16)):
        given = (cells, columns.indptr, columns.indices, columns.data, needed)
        quick, plain = section_module._section(*given), section_module._section.py_func(*given)
        assert all((one == two).all() for one, two in zip(quick, plain, strict=True))


@pytest.mark.parametrize("integral", [False, True])
def test_a_program_by_rows_and_one_by_columns_have_one_solution(integral):
    sums = SYSTEM.columns.astype(float)
    lower, upper = -SYSTEM.values.astype(float), np.full(16, 100.0)
    lower[0] = upper[0] = 2.0
    program = Program.of_steps(sums, lower, upper, SYSTEM.cost + 1.0)
    assert (program.matrix.toarray() == np.hstack([sums.toarray(), -sums.toarray()])).all()
    program = replace(program, integral=integral)
    by_rows = replace(program, matrix=sparse.csr_matrix(program.matrix))
    one, two = solve(program, 10_000), solve(by_rows, 10_000)
    assert steps_of(one) == pytest.approx(steps_of(two))
    assert steps_of(one)[0] == 2
    assert (SYSTEM.constraints @ steps_of(one)).any() == np.False_


def test_work_of_a_part_counts_in_the_whole():
    whole = Effort(10)
    part = whole.part(3)
    inner = part.part(100)
    assert (part.seconds, inner.seconds) == (3, 3)
    inner.spend(2)
    assert (whole.spent, part.spent, inner.spent) == (2, 2, 2)
    assert (whole.left(), part.left()) == (8, 1)
    part.spend(1)
    assert not part.enough()
    assert whole.enough()

"""Why there is no pattern: in large systems, what is near is found first, and nothing is left out.

What holds for systems of any size is tested in `test_repair`.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure import suppress
from disclosure.errors import ClashError
from disclosure.suppression import clash
from disclosure.suppression.clash import explain
from disclosure.suppression.tuning import TUNING
from tests.disclosure.drawn_systems import counts, grid

quick = settings(max_examples=60, deadline=None)


def exposed(system, published, cell):
    """Whether the sums and the published cells determine a cell: by rank, in floats."""
    open_cells = np.setdiff1d(np.arange(len(system)), published)
    sums = system.constraints[:, open_cells].toarray().astype(float)
    line = (open_cells == cell).astype(float)
    return np.linalg.matrix_rank(np.vstack([sums, line])) == np.linalg.matrix_rank(sums)


@pytest.fixture(params=["near", "far"])
def large(request, monkeypatch):
    """Small systems are taken for large ones, and looked at near the cell or as a whole."""
    near = {"near": TUNING.clash_near_sums, "far": 0}[request.param]
    monkeypatch.setattr(
        clash, "TUNING", replace(TUNING, clash_compared_cells=0, clash_near_sums=near)
    )


def drawn_grid(publish):
    system = grid([[3, 8, 20], [9, 7, 30], [6, 10, 40]])
    levels = system.sensitive * 1.0
    return counts(
        system.values.tolist(),
        [
            (row.indices[row.data == 1][0], row.indices[row.data == -1])
            for row in system.constraints
        ],
        sensitive=system.sensitive,
        publish=np.isin(np.arange(16), sorted(publish)) & ~system.sensitive,
        lower_protection=levels,
        upper_protection=levels,
    )


@quick
@given(st.sets(st.integers(0, 15), max_size=14))
def test_the_named_forced_cells_expose_a_cell_and_none_can_be_left_out(publish):
    with pytest.MonkeyPatch.context() as patch:
        for near in (500, 6, 0):
            tuning = replace(TUNING, clash_compared_cells=0, clash_near_sums=near)
            patch.setattr(clash, "TUNING", tuning)
            system = drawn_grid(publish)
            (cell,) = np.flatnonzero(system.sensitive)
            error = explain(system, cell, "exact")
            assert (error is not None) == exposed(system, np.flatnonzero(system.publish), cell)
            if error is not None:
                forced = np.array(error.forced, dtype=int)
                assert system.publish[forced].all()
                assert exposed(system, forced, cell)
                for one in forced:
                    assert not exposed(system, forced[forced != one], cell)


def test_a_clash_of_a_large_system_is_named_by_its_cells(large):
    system = drawn_grid({1, 2, 3, 10, 11})
    with pytest.raises(ClashError, match="exactly known .* cell 1; cell 2; cell 3. Allow") as found:
        suppress(system)
    assert found.value.forced == (1, 2, 3)


def test_a_bound_is_found_in_large_systems_too(large):
    system = counts(
        [20, 4, 24, 30, 6],
        [(2, [0, 1]), (3, [2, 4])],
        sensitive=np.arange(5) == 1,
        publish=np.arange(5) == 3,
        upper_protection=np.full(5, 27.0),
    )
    assert explain(system, 1, "interval").forced == (3,)
    assert explain(system, 1, "exact") is None


def test_in_very_large_systems_the_cells_named_need_not_be_fewest(large, monkeypatch):
    monkeypatch.setattr(clash, "TUNING", replace(clash.TUNING, clash_smallest_cells=0))
    system = drawn_grid({1, 2, 3})
    with pytest.raises(ClashError, match=r"in all; fewer may be enough") as found:
        suppress(system)
    assert set(found.value.forced) >= {1, 2, 3}


def test_sums_alone_that_give_a_cell_away_need_no_forced_cell(large):
    sums = [(0, [1, 2]), (0, [1, 2, 3])]
    system = counts(
        [5, 2, 3, 0], sums, sensitive=np.arange(4) == 3, publish=np.zeros(4, dtype=bool)
    )
    error = explain(system, 3, "exact")
    assert error.forced == ()
    assert "the sums do it alone" in str(error)


def test_of_many_cells_some_are_named():
    values = [100, 1, *[3] * 33]
    system = counts(
        values,
        [(0, range(1, 35))],
        sensitive=np.arange(35) == 1,
        publish=np.arange(35) != 1,
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clash, "TUNING", replace(TUNING, clash_cells_named=3))
        with pytest.raises(ClashError, match="cell 0; cell 2; cell 3; and 31 more. Allow") as found:
            suppress(system, protect="exact")
    assert len(found.value.forced) == 34

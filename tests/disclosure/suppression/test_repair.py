"""Witnesses for single cells: where they are sought, and what happens when there is none."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from disclosure import suppress, verify
from disclosure.algebra import solver
from disclosure.algebra.effort import Effort
from disclosure.algebra.prime import PRIME
from disclosure.errors import ClashError
from disclosure.proof.witness import Witness, served
from disclosure.suppression import clash, engine, intervals, reduction, repair
from disclosure.suppression.clash import explain
from disclosure.suppression.cover import Cover
from disclosure.suppression.improve import improve
from disclosure.suppression.intervals import protect_all, whole_rows
from disclosure.suppression.reduction import reduced
from disclosure.suppression.repair import Need, Router
from disclosure.suppression.tuning import TUNING, Look
from tests.disclosure.drawn_systems import counts, grid, instance
from tests.disclosure.suppression_oracle import is_protected

SYSTEM = grid([[3, 8, 20], [9, 7, 30], [6, 10, 40]])

NEARBY = (Look(400, 1.0),)


def route(system, need, looks=NEARBY, suppressed=None, banned=None):
    router = Router(system, Effort(5))
    suppressed = system.sensitive if suppressed is None else suppressed
    banned = system.publish if banned is None else banned
    return router.route(need, suppressed, banned, looks)


def broken(system, monkeypatch, answers):
    """Let the linear program answer with fractions, and count what is asked."""
    asked = []
    honest = repair.solve

    def solve(program, limit, effort=None):
        asked.append(program.integral)
        found = honest(program, limit, effort)
        return found if program.integral and answers else np.where(found > 0, 0.5, 0)

    monkeypatch.setattr(repair, "solve", solve)
    return asked


def test_the_cheapest_rectangle_is_found():
    way = route(SYSTEM, Need(0, 1.0))
    assert way.cells[0] == 0
    assert SYSTEM.cost[way.cells].sum() == 27
    assert abs(way.steps).tolist() == [1, 1, 1, 1]


def test_needs_up_and_down_move_the_cell_in_that_direction():
    assert route(SYSTEM, Need(0, 2.0, 1)).steps[0] == 2
    assert route(SYSTEM, Need(0, 2.0, -1)).steps[0] == -2


def test_a_cell_that_must_stay_still_is_not_moved():
    assert 5 not in route(SYSTEM, Need(0, 1.0, still=5)).cells


def test_no_witness_moves_cells_that_must_be_published():
    banned = np.ones(16, dtype=bool)
    assert route(SYSTEM, Need(0, 1.0), banned=banned) is None


def test_large_systems_do_not_begin_with_the_wide_look(monkeypatch):
    assert repair.looks_for(SYSTEM) == ((TUNING.wide_look,), *TUNING.looks)
    monkeypatch.setattr(repair, "TUNING", replace(TUNING, wide_look_cells=len(SYSTEM)))
    assert repair.looks_for(SYSTEM) == TUNING.looks


def test_a_look_that_never_succeeds_is_skipped():
    router = Router(SYSTEM, Effort(5))
    look = Look(400, 1.0)
    router.tries[look] = TUNING.tries_before_hopeless + 1
    assert router.route(Need(0, 1.0), SYSTEM.sensitive, SYSTEM.publish, (look,)) is None


def test_cells_are_seen_nearest_in_cost_first_compiled_or_not():
    price = np.log2(1 + SYSTEM.cost)
    price[15] = np.inf
    columns, rows = SYSTEM.columns, SYSTEM.constraints
    seen = [
        look(0, 7, price, columns.indptr, columns.indices, rows.indptr, rows.indices).tolist()
        for look in (repair.nearest, repair.nearest.py_func)
    ]
    assert seen[0] == seen[1]
    assert seen[0][0] == 0
    assert len(seen[0]) == 7
    everything = repair.nearest.py_func(
        0, 16, price, columns.indptr, columns.indices, rows.indptr, rows.indices
    )
    assert sorted(everything) == list(range(15))


def test_fractions_are_solved_again_in_whole_numbers(monkeypatch):
    asked = broken(SYSTEM, monkeypatch, answers=True)
    way = route(SYSTEM, Need(0, 1.0), looks=(Look(400, 1.0, whole=True),))
    assert asked == [False, True]
    assert way.cells.tolist() == [0, 1, 4, 5]


def test_whole_numbers_that_break_a_sum_are_no_witness(monkeypatch):
    lie = np.append(1.0, np.zeros(31))
    monkeypatch.setattr(repair, "solve", lambda program, *_: lie[: len(program.cost)])
    assert route(SYSTEM, Need(0, 1.0)) is None


def test_fractions_are_no_witness(monkeypatch):
    asked = broken(SYSTEM, monkeypatch, answers=False)
    assert route(SYSTEM, Need(0, 1.0), looks=(Look(400, 1.0, whole=True),)) is None
    assert asked == [False, True]


def test_a_solver_that_fails_at_whole_numbers_finds_no_witness(monkeypatch):
    honest = repair.solve
    monkeypatch.setattr(
        repair,
        "solve",
        lambda p, *rest: None if p.integral else np.where(honest(p, *rest) > 0, 0.5, 0),
    )
    assert route(SYSTEM, Need(0, 1.0), looks=(Look(400, 1.0, whole=True),)) is None


def test_a_whole_number_program_is_counted_as_work():
    effort = Effort(5)
    rows = sparse.csr_matrix([[1.0, 1.0]])
    one, zero = np.ones(2), np.zeros(2)
    program = solver.Program(rows, np.array([1.5]), np.array([9.0]), zero, one, one)
    assert solver.solve(program, 1_000, effort).sum() == pytest.approx(1.5)
    little = effort.spent
    assert solver.solve(program.whole(), 1_000, effort).tolist() == [1, 1]
    assert effort.spent > 2 * little > 0


def test_fractions_modulo_the_prime_become_whole_rows():
    half, third = pow(2, -1, PRIME), pow(3, -1, PRIME)
    signed = [value if value <= PRIME // 2 else value - PRIME for value in (half, third)]
    assert intervals._small(np.array([*signed, 1])).tolist() == [3, 2, 6]
    hopeless = np.array([pow(n, -1, PRIME) for n in (1_000_003, 999_983, 999_979)])
    assert intervals._small(hopeless) is None


def test_rows_that_break_a_sum_are_no_witnesses():
    rows = sparse.csr_matrix(np.eye(16, dtype=np.int64)[:1])
    assert whole_rows(SYSTEM, rows) == []
    wild = sparse.csr_matrix([[pow(1_000_003, -1, PRIME) % (1 << 59)] + [0] * 15])
    assert len(whole_rows(SYSTEM, wild)) == 0


def test_long_rows_are_reduced_until_they_are_witnesses():
    short = Witness(np.array([0, 1, 4, 5]), np.array([1, -1, -1, 1]))
    long = Witness(np.array([0, 1, 2, 4, 5, 6]), np.array([10, -9, -1, -10, 9, 1]))
    assert not served(SYSTEM, long.cells, long.steps)[0].any()
    found = reduced(SYSTEM, [short, long])
    assert len(found[1].cells) == 4
    assert served(SYSTEM, found[1].cells, found[1].steps)[0].any()
    assert reduced(SYSTEM, []) == []


def test_the_reduction_stops_after_its_steps(monkeypatch):
    monkeypatch.setattr(reduction, "TUNING", replace(TUNING, reduction_steps_per_row=0))
    long = Witness(np.array([0, 1, 4, 5]), np.array([5, -5, -5, 5]))
    assert reduced(SYSTEM, [long])[0].steps.tolist() == [5, -5, -5, 5]


def test_large_systems_are_not_searched_for_clashes(monkeypatch):
    monkeypatch.setattr(intervals, "TUNING", replace(TUNING, explained_cells=2))
    system = counts(
        [7, 3, 4],
        [(0, [1, 2])],
        sensitive=np.arange(3) == 1,
        publish=np.arange(3) == 0,
        upper_protection=np.full(3, 9.0),
    )
    assert suppress(system).unproven == (1,)


def test_where_nothing_clashes_nothing_is_explained():
    assert explain(SYSTEM, 0, "exact") is None
    assert explain(SYSTEM, 0, "interval") is None
    free = replace(SYSTEM, lower_protection=np.zeros(16))
    assert explain(free, 0, "interval") is None


def test_weights_that_prove_nothing_when_made_whole_are_no_clash(monkeypatch):
    def nearly(program, _):
        """Break every rule by a millionth: with weights this large, enough for any bound."""
        return np.full(len(program.cost), 1e-5)

    publish = np.arange(16) == 2
    monkeypatch.setattr(clash, "solve", nearly)
    assert explain(replace(SYSTEM, publish=publish), 0, "exact") is None
    assert explain(replace(SYSTEM, publish=publish), 0, "interval") is None


def test_weights_that_no_solver_confirms_are_no_clash(monkeypatch):
    answers = iter([np.ones(9), None])
    monkeypatch.setattr(clash, "solve", lambda *_: next(answers))
    assert explain(replace(SYSTEM, publish=np.arange(16) == 2), 0, "exact") is None


def test_a_solver_that_uses_its_tolerance_is_asked_for_more(monkeypatch):
    """It claims a bound without any cell that must be published; no such claim is a proof."""
    asked = []

    def claims(program, _):
        asked.append(program)
        return np.zeros(len(program.cost))

    monkeypatch.setattr(clash, "solve", claims)
    assert explain(replace(SYSTEM, publish=np.arange(16) == 2), 0, "interval") is None
    assert len(asked) == 2 * (1 + 2 * len(TUNING.clash_room_shares))


def test_a_published_zero_total_alone_gives_its_parts_away(monkeypatch):
    sensitive, publish = np.arange(3) == 1, np.array([True, False, True])
    system = counts([0, 0, 0], [(0, [1, 2])], sensitive=sensitive, publish=publish)
    with pytest.raises(ClashError, match="bounded from above") as found:
        suppress(system)
    assert found.value.forced == (0,)
    with pytest.raises(ClashError, match="exactly known") as found:
        suppress(system, protect="exact")
    assert found.value.forced == (0, 2)
    monkeypatch.setattr(clash, "TUNING", replace(TUNING, clash_compared_cells=2))
    with pytest.raises(ClashError, match="exactly known"):
        suppress(system)


def test_a_bound_from_below_is_explained_too():
    publish = np.array([True, False, True, False])
    system = counts(
        [20, 4, 13, 3],
        [(0, [1, 2, 3])],
        sensitive=np.arange(4) == 1,
        publish=publish,
        upper_protection=np.full(4, 2.0),
        lower_protection=np.full(4, 4.0),
    )
    assert not suppress(system).unproven
    tight = counts(
        [20, 4, 24, 30, 6],
        [(2, [0, 1]), (3, [2, 4])],
        sensitive=np.arange(5) == 1,
        publish=np.array([False, False, False, True, False]),
        upper_protection=np.full(5, 27.0),
    )
    error = explain(tight, 1, "interval")
    assert "from above" in str(error)
    assert error.forced == (3,)


def test_too_many_rows_are_not_reduced(monkeypatch):
    monkeypatch.setattr(engine, "TUNING", replace(TUNING, reduced_rows=0))
    assert not suppress(instance("f2_300"), budget_seconds=1).unproven


def test_a_known_basis_is_used(monkeypatch):
    basis = engine.constraint_basis(SYSTEM.constraints, SYSTEM.cost)
    monkeypatch.setattr(engine, "constraint_basis", None)
    known = replace(SYSTEM, basis=basis)
    assert suppress(known).cost == 24


def test_what_is_lost_and_cannot_be_explained_is_unproven(monkeypatch):
    monkeypatch.setattr(engine, "explain", lambda *_: None)
    monkeypatch.setattr(intervals, "explain", lambda *_: None)
    system = counts([10, 3, 7], [(0, [1, 2])], publish=np.array([True, False, True]))
    assert suppress(system).unproven == (1,)


def test_improving_stops_when_nothing_is_left_to_spend():
    system = instance("m2_300")
    suppressed = system.sensitive.copy()
    cover, effort = Cover(system), Effort(5)
    suppressed = protect_all(system, cover, suppressed, effort)
    assert not len(cover.open_cells())
    lean, pattern = improve(cover, suppressed, Effort(0))
    assert not (pattern & ~suppressed).any()
    better, less = improve(lean, pattern, effort)
    assert system.cost[less].sum() <= system.cost[pattern].sum()
    assert not len(better.open_cells())


def test_a_patient_router_tries_looks_that_never_succeeded():
    banned = np.ones(16, dtype=bool)
    for patient in (False, True):
        router = Router(SYSTEM, Effort(50), patient=patient)
        look = Look(400, 1.0)
        for _ in range(60):
            assert router.route(Need(0, 1.0), SYSTEM.sensitive, banned, (look,)) is None
        found = router.route(Need(0, 1.0), SYSTEM.sensitive, SYSTEM.publish, (look,))
        assert (found is not None) == patient


def test_cells_that_hasty_looks_left_open_are_looked_at_again(monkeypatch):
    """The budget is spent before a cell is left without its proof."""
    hasty = replace(TUNING, tries_before_hopeless=-1, hopeless_ratio=0)
    monkeypatch.setattr(repair, "TUNING", hasty)
    pattern = suppress(SYSTEM, budget_seconds=20)
    assert pattern.unproven == ()
    verify(SYSTEM, pattern.suppressed, pattern.certificate)
    assert is_protected(SYSTEM, pattern.suppressed)

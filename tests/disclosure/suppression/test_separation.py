"""No contributor works out another's cell, and no more is withheld for that than needed."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure import suppress, verify
from disclosure.algebra.basis import constraint_basis
from disclosure.algebra.effort import Effort
from disclosure.errors import ClashError
from disclosure.proof.witness import Witness
from disclosure.suppression import engine, separation
from disclosure.suppression.cover import Cover
from disclosure.suppression.intervals import separate
from disclosure.suppression.moves import Moves
from disclosure.suppression.separation import Separation
from disclosure.suppression.tuning import TUNING
from disclosure.suppression.whole_numbers import Rivals, keep_apart
from tests.disclosure.drawn_systems import counts, crossed, grid, instance
from tests.disclosure.exact_sums import determined
from tests.disclosure.suppression_oracle import is_protected, tables_that_fit

AREAS = {"E": None, "N": "E", "S": "E", "N1": "N", "N2": "N", "S1": "S", "S2": "S"}

SEXES = {"all": None, "F": "all", "M": "all"}

grids = st.lists(
    st.lists(st.sampled_from([0, 1, 1, 2, 6, 8, 9]), min_size=3, max_size=3),
    min_size=2,
    max_size=3,
)


def empty_for_all(system):
    """Return the cells that are published as zero, and those that a sum then leaves nothing for."""
    shown = set(np.flatnonzero(system.publish).tolist())
    before = -1
    while before < len(shown):
        before = len(shown)
        for line in system.constraints.toarray():
            hidden = [cell for cell in np.flatnonzero(line).tolist() if cell not in shown]
            rest = sum(line[cell] * system.values[cell] for cell in shown)
            if rest == 0 and len(set(line[hidden].tolist())) == 1:
                shown |= set(hidden)
    return np.isin(np.arange(len(system)), sorted(shown)) & (system.values == 0)


def alike(system):
    """Return for each cell the cells that are the same fact: a parent and its only child."""
    same = {cell: {cell} for cell in range(len(system))}
    empty = empty_for_all(system)
    for line in system.constraints.toarray():
        cells = [cell for cell in np.flatnonzero(line).tolist() if not empty[cell]]
        if len(cells) == 2 and line[cells].sum() == 0:
            one = same[cells[0]] | same[cells[1]]
            same.update(dict.fromkeys(one, one))
    return same


def separable(system, suppressed):
    """Return the pairs (contributor's cell, sensitive cell they can work out), in fractions."""
    hidden = set(np.flatnonzero(suppressed).tolist())
    same = alike(system)
    found = set()
    for own in np.flatnonzero(system.singles & suppressed).tolist():
        known = determined(system.constraints, hidden - {own}) - same[own]
        found |= {(own, cell) for cell in known if system.sensitive[cell]}
    return found


def separable_in_whole_numbers(system, suppressed):
    """Return the same pairs, by all tables of whole numbers that agree with what is published."""
    tables, same = tables_that_fit(system, suppressed, int(system.values.max()) + 2), alike(system)
    found = set()
    for own in np.flatnonzero(system.singles & suppressed).tolist():
        left = tables[tables[:, own] == system.values[own]]
        known = np.flatnonzero((left == system.values).all(axis=0) & system.sensitive)
        found |= {(own, cell) for cell in known.tolist() if cell not in same[own]}
    return found


def withheld_against_contributors(system, **asked):
    """Return a verified pattern in which no contributor works anything out; None if none."""
    try:
        pattern = suppress(system, **({"budget_seconds": 2} | asked))
    except ClashError:
        return None
    if pattern.unproven:
        return None
    verify(system, pattern.suppressed, pattern.certificate)
    assert separable(system, pattern.suppressed) == set()
    assert set(pattern.reason) == set(np.flatnonzero(pattern.suppressed & ~system.sensitive))
    assert all(pattern.reason.values())
    return pattern


whole = st.lists(
    st.lists(st.sampled_from([0, 1, 1, 2, 3]), min_size=3, max_size=3), min_size=2, max_size=3
)


@settings(max_examples=150, deadline=None)
@given(whole, st.lists(st.booleans(), min_size=16, max_size=16))
def test_no_contributor_works_out_another_count_in_whole_numbers(inner, alone):
    """Zeros may be withheld, so that sums leave counts free which whole numbers pin."""
    size = len(grid(inner))
    system = grid(
        inner,
        single_contributor=np.array(alone[:size]),
        publish=np.zeros(size, dtype=bool),
    )
    pattern = withheld_against_contributors(system)
    if pattern is not None:
        assert separable_in_whole_numbers(system, pattern.suppressed) == set()


@settings(max_examples=80, deadline=None)
@given(whole, st.lists(st.booleans(), min_size=16, max_size=16))
def test_no_cell_that_covers_another_has_one_possible_value(inner, alone):
    """Such a cell would cover nothing, and a reader could calculate it."""
    size = len(grid(inner))
    publish = np.zeros(size, dtype=bool)
    system = grid(inner, single_contributor=np.array(alone[:size]), publish=publish)
    for asked in (system, replace(system, single_contributor=None)):
        pattern = withheld_against_contributors(asked)
        if pattern is not None:
            fitting = tables_that_fit(asked, pattern.suppressed, int(asked.values.max()) + 2)
            certain = (fitting == asked.values).all(axis=0)
            assert not np.flatnonzero(certain & pattern.suppressed & (asked.values > 0)).tolist()


def with_singles(name):
    system = instance(name)
    return replace(system, single_contributor=np.arange(len(system)) % 3 == 0)


@settings(max_examples=60, deadline=None)
@given(grids, st.sampled_from(["exact", "interval"]))
def test_no_contributor_works_out_another_and_every_interval_holds(inner, how):
    blind = grid(inner)
    system = grid(inner, single_contributor=blind.values == 1)
    pattern = withheld_against_contributors(system, protect=how)
    if pattern is not None and how == "interval":
        assert is_protected(system, pattern.suppressed)


@settings(max_examples=40, deadline=None)
@given(grids, st.lists(st.booleans(), min_size=16, max_size=16))
def test_contributors_may_be_alone_in_any_cell(inner, alone):
    """As with magnitudes: a cell of one contributor need be neither small nor sensitive."""
    alone = np.array(alone[: len(grid(inner))])
    withheld_against_contributors(grid(inner, single_contributor=alone))


def test_cells_that_move_among_themselves_are_withheld_for_the_sensitive_cells_beside_them():
    """The one vector of the certificate does not move all of them; they keep contributors apart."""
    inner = [[1, 8, 0], [0, 6, 8]]
    alone = np.array([1, 1, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1], dtype=bool)
    system = grid(inner, single_contributor=alone)
    pattern = withheld_against_contributors(system, protect="exact")
    moved = (pattern.certificate.vectors.toarray() != 0).any(axis=0)
    assert (pattern.suppressed & ~moved).any()
    assert dict(pattern.reason) == dict.fromkeys([1, 3, 6, 7, 9, 10], (0, 8))


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from([0, 1, 2, 7, 9, 12]), min_size=8, max_size=8))
def test_contributors_learn_nothing_at_any_level_of_hierarchies(leaves):
    system = crossed({"area": AREAS, "sex": SEXES}, leaves)
    single = replace(system, single_contributor=system.values == 1)
    for how in ("exact", "interval"):
        withheld_against_contributors(single, protect=how)


@settings(max_examples=40, deadline=None)
@given(grids, st.data())
def test_moves_find_the_exposed_pairs_that_fractions_find(inner, data):
    blind = grid(inner)
    system = grid(inner, single_contributor=blind.values == 1)
    suppressed = ~system.publish
    basis = constraint_basis(system.constraints, system.cost)
    moves = Moves(system, separation._rows(basis, suppressed), Effort(1))
    for cell in data.draw(st.permutations(np.flatnonzero(suppressed & ~system.sensitive))):
        pairs, without = moves.exposed_without(int(cell)), suppressed.copy()
        without[cell] = False
        known = {one for _, one in separable(system, without)}
        known |= determined(system.constraints, set(np.flatnonzero(without)))
        known &= moves.sensitive
        assert {one for one, _ in pairs} >= known - moves.given_up
        assert bool(pairs) == bool(known)
        if not pairs:
            moves.publish(int(cell))
            suppressed = without


def test_a_move_that_is_taken_back_leaves_no_trace():
    system = grid([[1, 8, 2], [9, 7, 6]], single_contributor=np.arange(12) == 0)
    moves = Moves(system, constraint_basis(system.constraints, system.cost)[:1], Effort(1))
    before = [list(vector) for vector in moves.vectors], dict(moves.ratio)
    moves.add(Witness(np.array([0, 1, 4, 5]), np.array([1, -1, -1, 1])))
    assert moves.matrix().shape[0] == 2
    moves.take_back(1)
    assert (moves.vectors, moves.ratio) == before
    assert moves.matrix().shape[0] == 1


def test_rerouting_withholds_less():
    system = with_singles("f2_300")
    basis = constraint_basis(system.constraints, system.cost)
    plain = suppress(instance("f2_300"), budget_seconds=2)
    cover = Cover(system)
    cover.add_all(
        Witness(np.sort(row.indices).astype(np.int64), row.data[np.argsort(row.indices)])
        for row in plain.certificate.vectors
    )
    found = Separation(cover, system.sensitive, basis, Effort(5))
    before = found.cost
    found.reroute()
    assert found.cost < before


@pytest.mark.parametrize(("name", "how"), [("f2_300", "exact"), ("m2_300", "interval")])
def test_instances_with_contributors_are_safe(name, how):
    system = with_singles(name)
    assert withheld_against_contributors(system, protect=how) is not None


def test_same_input_same_pattern_with_contributors():
    system = with_singles("f2_300")
    one, other = (suppress(system, budget_seconds=2) for _ in range(2))
    assert (one.suppressed == other.suppressed).all()
    assert (one.certificate.apart != other.certificate.apart).nnz == 0


def test_large_systems_are_opened_pair_by_pair(monkeypatch):
    for module in (separation, engine):
        monkeypatch.setattr(module, "TUNING", replace(TUNING, separated_whole_cells=0))
    inner = [[1, 1, 20, 9], [9, 7, 30, 8], [8, 9, 6, 5]]
    system = grid(inner, single_contributor=grid(inner).values == 1)
    for how in ("exact", "interval"):
        assert withheld_against_contributors(system, protect=how) is not None


def test_rows_without_whole_numbers_are_replaced_by_witnesses(monkeypatch):
    """Then witnesses, also those that separate contributors, are sought one by one."""
    monkeypatch.setattr(separation, "whole_rows", lambda *_: [])
    for name in ("f2_300", "m2_300"):
        system = with_singles(name)
        assert withheld_against_contributors(system, protect="exact") is not None


def test_a_contributor_whose_sum_gives_the_other_away_is_not_declared_safe():
    """Two cells of which the total must be published: each contributor knows the other's."""
    publish = np.array([True, False, False])
    system = counts([5, 3, 2], [(0, [1, 2])], publish=publish, single_contributor=~publish)
    system = replace(system, sensitive=~publish)
    for how in ("exact", "interval"):
        pattern = suppress(system, protect=how, budget_seconds=1)
        assert pattern.unproven == (1, 2)


def test_without_a_budget_contributors_are_not_separated_pair_by_pair():
    system = grid([[1, 1, 9], [9, 9, 9]], single_contributor=np.arange(12) == 0)
    one = Witness(np.array([0, 1, 4, 5]), np.array([1, -1, -1, 1]))
    suppressed = np.isin(np.arange(12), one.cells)
    assert separate(system, [one], suppressed, Effort(0))[2].tolist() == [1]
    assert separate(system, [one], suppressed, Effort(1))[2].tolist() == []


def test_without_a_budget_counts_are_not_separated_in_whole_numbers():
    system = grid([[1, 1, 9], [9, 9, 9]], single_contributor=np.arange(12) == 0)
    one = Witness(np.array([0, 1, 4, 5]), np.array([1, -1, -1, 1]))
    other = Witness(np.array([1, 2, 5, 6]), np.array([1, -1, -1, 1]))
    assert keep_apart(system, [one], [], Effort(0))[1].tolist() == [1]
    assert keep_apart(system, [one], [], Effort(1))[1].tolist() == []
    assert keep_apart(system, [one], [other], Effort(0))[0] == [other]


def test_a_witness_that_leads_below_zero_separates_nobody():
    system = grid([[1, 1, 9], [9, 9, 9]], single_contributor=np.arange(12) == 0)
    one = Witness(np.array([0, 1, 4, 5]), np.array([1, -1, -1, 1]))
    far = Witness(np.array([1, 2, 5, 6]), np.array([10, -10, -10, 10]))
    assert Rivals(system, [one, far]).of(1) == 0
    assert keep_apart(system, [one], [far], Effort(0))[1].tolist() == [1]


def test_while_witnesses_are_lacking_nothing_that_elimination_withholds_is_published():
    system = with_singles("m2_300")
    pattern = suppress(system, budget_seconds=0)
    assert pattern.unproven
    assert pattern.gap is None
    hidden = set(np.flatnonzero(pattern.suppressed))
    assert not determined(system.constraints, hidden) & set(np.flatnonzero(system.sensitive))


def test_a_zero_that_may_be_withheld_separates_contributors():
    """The only witness that leaves the contributor's own cell unchanged lets a zero rise."""
    inner = [[1, 2, 0], [3, 4, 0], [5, 6, 0]]
    singles = np.zeros(16, dtype=bool)
    singles[0] = True
    sensitive = np.isin(np.arange(16), [0, 1])
    system = grid(
        inner, sensitive=sensitive, single_contributor=singles, publish=np.zeros(16, dtype=bool)
    )
    pattern = suppress(system, budget_seconds=20)
    assert pattern.unproven == ()
    verify(system, pattern.suppressed, pattern.certificate)


def test_a_step_of_any_size_separates_contributors_of_amounts():
    """Separating them needs less than an interval: amounts may be small beside the level."""
    system = counts(
        [1.5, 2.5, 4.0, 0.001, 4.001],
        [(2, (0, 1)), (4, (2, 3))],
        sensitive=np.isin(np.arange(5), [0]),
        upper_protection=np.full(5, 2.0),
        lower_protection=np.full(5, 1.0),
        single_contributor=np.isin(np.arange(5), [1]),
        publish=np.zeros(5, dtype=bool),
        integer=False,
    )
    pattern = suppress(system, budget_seconds=20)
    assert pattern.unproven == ()
    verify(system, pattern.suppressed, pattern.certificate)

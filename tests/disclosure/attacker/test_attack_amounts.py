"""The attacker of amounts finds what exact fractions find, however they were rounded in floats."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from disclosure.attacker.one_system import Entries, Knowledge, attack
from disclosure.errors import DesignError, TableError
from disclosure.inference.deduction import propagate
from disclosure.inference.programs import Extremes
from disclosure.tables.system import TableSystem

quick = settings(max_examples=100, deadline=None)

# parts 0 to 5 in rows of three, rows 6 and 7, columns 8 to 10, all 11
SUMS = ((6, 0, 1, 2), (7, 3, 4, 5), (8, 0, 3), (9, 1, 4), (10, 2, 5), (11, 6, 7), (11, 8, 9, 10))
MATRIX = np.array([[(c in s) * (1 if c == s[0] else -1) for c in range(12)] for s in SUMS])
PARENTS = {s[0]: s[1:] for s in reversed(SUMS)}


def amounts(parts, withheld, share, single=None):
    """A table of decimals, each of which is the float next to it, totals summed in floats."""
    values = [float(part) for part in parts]
    for total in range(6, 12):
        values.append(sum(values[part] for part in PARENTS[total]))
    values = np.array(values)
    sensitive = np.isin(np.arange(12), sorted(withheld))
    level = np.where(sensitive, np.round(values * share, 2), 0.0)
    return TableSystem(
        values, sparse.csr_matrix(MATRIX), sensitive, level, level, values,
        np.zeros(12, dtype=bool), single, integer=False,
    )  # fmt: skip


def exact(parts):
    values = list(parts)
    for total in range(6, 12):
        values.append(sum(values[part] for part in PARENTS[total]))
    return values


def lines(withheld):
    """Return, for each withheld cell, how it moves with each free one: Gauss and Jordan."""
    columns = sorted(withheld)
    work = [[Fraction(int(row[c])) for c in columns] for row in MATRIX]
    pivots = []
    for column in range(len(columns)):
        rest = range(len(pivots), len(work))
        found = next((row for row in rest if work[row][column]), None)
        if found is None:
            continue
        place = len(pivots)
        work[place], work[found] = work[found], work[place]
        work[place] = [v / work[place][column] for v in work[place]]
        for row in set(range(len(work))) - {place}:
            times = work[row][column]
            work[row] = [a - times * b for a, b in zip(work[row], work[place], strict=True)]
        pivots.append(column)
    free = [c for c in range(len(columns)) if c not in pivots]
    moves = {columns[f]: [Fraction(int(f == other)) for other in free] for f in free}
    for row, pivot in enumerate(pivots):
        moves[columns[pivot]] = [-work[row][f] for f in free]
    return moves


def interval(values, moves, ends, cell):
    """Return the ends of a cell over all tables, by Fourier and Motzkin; None is endless."""
    rows = set()
    for other, move in moves.items():
        low, high = ends[other]
        rows.add((*(-m for m in move), Fraction(0), values[other] - low))
        if high is not None:
            rows.add((*move, Fraction(0), high - values[other]))
    rows.add((*moves[cell], Fraction(-1), Fraction(0)))
    rows.add((*(-m for m in moves[cell]), Fraction(1), Fraction(0)))
    for step in range(len(moves[cell])):
        up, down = ([r for r in rows if r[step] * way > 0] for way in (1, -1))
        rows = {r for r in rows if not r[step]}
        for a, b in product(up, down):
            rows.add(tuple(x / a[step] - y / b[step] for x, y in zip(a, b, strict=True)))
    most = [r[-1] / r[-2] for r in rows if r[-2] > 0]
    least = [r[-1] / r[-2] for r in rows if r[-2] < 0]
    return values[cell] + max(least), values[cell] + min(most) if most else None


DECIMALS = st.integers(0, 99_999).map(lambda n: Fraction(n, 100))
UNIT = st.sampled_from([1, 1_000, 10**6])
UNITS = st.one_of(
    st.just([1] * 6), UNIT.map(lambda n: [n] * 6), st.lists(UNIT, min_size=6, max_size=6)
)
PARTS = st.lists(st.one_of(st.just(Fraction(0)), DECIMALS), min_size=6, max_size=6)
SHARES = st.sampled_from([0.0, 0.1, 0.5, 1.0, 1.5])


@quick
@given(PARTS, UNITS, st.sets(st.integers(0, 11), min_size=1, max_size=7), SHARES, st.data())
def test_the_amounts_exposed_are_those_that_exact_fractions_expose(
    parts, units, withheld, share, data
):
    parts = [part * unit for part, unit in zip(parts, units, strict=True)]
    system, values, moves = amounts(parts, withheld, share), exact(parts), lines(withheld)
    capped = data.draw(st.sets(st.sampled_from(sorted(withheld))))
    wide = [Fraction(n, 10) for n in data.draw(st.tuples(st.integers(1, 20), st.integers(1, 20)))]
    ends = {cell: (Fraction(0), None) for cell in withheld}
    knowledge = Knowledge.of_pattern(system, system.sensitive)
    for cell in capped:
        ends[cell] = max(values[cell] * (1 - wide[0]), 0), values[cell] * (1 + wide[1])
        least, most = (float(end) for end in ends[cell])
        knowledge = knowledge.assuming(np.arange(12) == cell, least, most)
    report = attack(system, knowledge)
    exposed = {fact.cell: fact for fact in report.facts}
    for cell in withheld:
        low, high = interval(values, moves, ends, cell)
        down, up = (float(values[cell]) + e[cell] for e in (-system.down, system.up))
        off = 1e-5 * max(up - down, 1e-6), 1e-8 * max(float(values[11]), 1.0)
        assert report.low[cell] <= float(low) + off[1]
        assert high is None or report.high[cell] >= float(high) - off[1]
        beyond = [float(low) - down, up - float(high) if high is not None else -1.0]
        if not any(beyond_by > 0 for beyond_by in beyond):
            assert cell not in exposed or low == high, (cell, exposed[cell])
        if any(beyond_by > max(off) for beyond_by in beyond):
            assert cell in exposed, (cell, low, high)
    assert report.complete


@quick
@given(PARTS, st.sets(st.integers(0, 11), max_size=7))
def test_decimals_that_add_up_never_contradict_themselves(parts, withheld):
    system = amounts(parts, withheld, 1.0)
    assert attack(system, system.sensitive).complete


def test_sums_of_decimals_agree_though_their_floats_do_not():
    values = np.array([1406.0800000000002, 641.44, 2047.52])
    nothing = np.zeros(3)
    system = TableSystem(
        values, sparse.csr_matrix([[-1, -1, 1]]), nothing == 1, nothing, nothing, values,
        nothing == 1, integer=False,
    )  # fmt: skip
    assert attack(system, np.zeros(3, dtype=bool)).facts == ()


def test_sums_that_a_table_system_just_accepts_agree():
    values = np.array([1e9, 1e9, 2e9 * (1 + 1.9e-9)])
    sensitive = np.array([True, True, False])
    system = TableSystem(
        values, sparse.csr_matrix([[-1, -1, 1]]), sensitive, values * sensitive,
        values * sensitive / 2, values, np.zeros(3, dtype=bool), integer=False,
    )  # fmt: skip
    assert attack(system, sensitive).facts == ()
    assert attack(system, ~sensitive).facts != ()


def test_facts_do_not_depend_on_the_last_digits_of_amounts():
    parts = [Fraction(n, 10) for n in (1, 2, 7, 3, 6, 9)]
    system = amounts(parts, [0, 1, 3, 4], 1.5)
    facts = attack(system, system.sensitive).facts
    assert facts
    for fact in facts:
        assert "e-" not in fact.derivation
        assert fact.low == pytest.approx(round(fact.low, 9), abs=1e-12)


def test_propagation_widens_each_sum_by_its_slack():
    none = np.zeros(3, dtype=np.int64)
    sums = Entries(none, np.arange(3), np.array([1, -1, -1]), 1)
    low, high = propagate(sums, np.array([10.0, 0, 0]), np.array([10.0, 4, 9]), np.array([0.5]))
    assert low.tolist() == [10, 0.5, 5.5]
    assert high.tolist() == [10, 4, 9]


def test_a_zero_amount_that_zeros_pin_is_exposed_without_any_level():
    parts = [Fraction(0), Fraction(3, 2), Fraction(5), Fraction(0), Fraction(1), Fraction(7)]
    system = amounts(parts, [0, 3], 0.0)
    withheld = np.isin(np.arange(12), [0, 1, 3, 4])
    assert {fact.cell for fact in attack(system, withheld).facts} == {0, 3}


def test_values_that_other_figures_contradict_are_no_place_to_start():
    """The figures say 10, the values add up to 12: each part is 0 to 10, not 2 to 10."""
    none = np.zeros(3, dtype=np.int64)
    sums = Entries(none, np.arange(3), np.array([1, -1, -1]), 1)
    ends = np.array([10.0, 0, 0]), np.array([10.0, 10, 10])
    extremes = Extremes(sums, *ends, values=np.array([12.0, 5, 7]))
    assert extremes.examine(1, -np.inf, np.inf) == (0, 10)


def test_knowledge_with_missing_or_crossed_ends_names_the_cells():
    system = amounts([Fraction(n, 10) for n in (1, 2, 7, 3, 6, 9)], [0, 1, 3, 4], 1.0)
    known = Knowledge.of_pattern(system, system.sensitive)
    nothing = np.full(12, np.nan)
    for wrong in (
        Knowledge(nothing, known.most, known.withheld),
        Knowledge(known.least, nothing, known.withheld),
    ):
        with pytest.raises(TableError, match="cell 0: .* missing, and in 11 cells more") as fault:
            attack(system, wrong)
        assert fault.value.cells == tuple(range(12))
    with pytest.raises(TableError, match="cell 3: the least that is known is above the most") as f:
        attack(system, known.assuming(np.arange(12) == 3, 2.0, 1.0))
    assert f.value.cells == (3,)
    for wrong in (
        Knowledge(known.least, known.most[:-1], known.withheld),
        Knowledge(known.least, known.most, known.withheld[:-1]),
    ):
        with pytest.raises(TableError, match="Knowledge of 11 cells for 12 cells"):
            attack(system, wrong)


def test_knowledge_that_no_table_fits_names_a_cell():
    system = amounts([Fraction(n, 10) for n in (1, 2, 7, 3, 6, 9)], [0, 1, 3, 4], 1.0)
    known = Knowledge.of_pattern(system, system.sensitive)
    with pytest.raises(TableError, match="contradicts itself.* shows at cell"):
        attack(system, known.assuming(np.arange(12) == 0, 500.0, np.inf))


def test_an_amount_known_to_all_but_its_last_digit_counts_as_known():
    system = amounts([Fraction(n, 10) for n in (1, 2, 7, 3, 6, 9)], [0], 1.0)
    known = Knowledge.of_pattern(system, np.zeros(12, dtype=bool))
    value = known.most[6]
    again = known.assuming(np.arange(12) == 6, 0.0, np.nextafter(value, 0))
    assert [fact.kind for fact in attack(system, again).facts] == ["published"]


@pytest.mark.parametrize("budget", [float("nan"), -1, -0.001, "60", None])
def test_a_budget_is_0_seconds_or_more(budget):
    system = amounts([Fraction(1)] * 6, [0], 1.0)
    with pytest.raises(DesignError, match="A budget is 0 seconds or more"):
        attack(system, system.sensitive, budget_seconds=budget)


# ---- several who are alone ----


@quick
@given(
    st.lists(st.integers(1, 9), min_size=6, max_size=6),
    st.sets(st.integers(0, 11), min_size=2, max_size=7),
    st.data(),
)
def test_facts_are_the_cells_that_another_single_contributor_can_work_out(parts, withheld, data):
    """A single contributor knows one more figure, and all that follows from it."""
    alone = data.draw(st.sets(st.sampled_from(sorted(withheld))))
    single = np.isin(np.arange(12), sorted(alone))
    system = amounts([Fraction(part, 10) for part in parts], withheld, 0.1, single)
    report = attack(system, system.sensitive)
    reported = {fact.cell for fact in report.facts if fact.kind == "own"}

    def stuck(some):
        moves = lines(some)
        return {cell for cell in some if not any(moves[cell])}

    already = stuck(withheld)
    # no part is zero, so nobody's cell is another's too, but for totals of a single part: none here
    expected = set().union(*(stuck(withheld - {own}) for own in alone - already)) - already
    assert reported == expected


def test_one_contributor_in_two_cells_hides_no_other_contributor():
    """A total of one part is that part; the contributor to the other part still exposes it."""
    matrix = sparse.csr_matrix([[1, -1, -1, -1, 0], [0, -1, 0, 0, 1]])
    for order in ([0, 1, 2, 3, 4], [4, 0, 1, 2, 3], [2, 1, 4, 3, 0]):
        for singles in ({2}, {1, 2}, {2, 4}, {1, 2, 4}):
            target = np.array(order) == 1
            system = TableSystem(
                np.array([10, 3, 2, 5, 3])[order], matrix[:, order], target, target * 1.0,
                target * 1.0, np.ones(5), np.zeros(5, dtype=bool), np.isin(order, list(singles)),
            )  # fmt: skip
            (fact,) = attack(system, np.isin(order, [1, 2, 4])).facts
            assert fact.kind == "own"
            assert f"the only contributor to cell {order.index(2)} can" in fact.derivation
        system = TableSystem(
            np.array([10, 3, 2, 5, 3])[order], matrix[:, order], target, target * 1.0,
            target * 1.0, np.ones(5), np.zeros(5, dtype=bool), np.isin(order, [1, 4]),
        )  # fmt: skip
        assert attack(system, np.isin(order, [1, 2, 4])).facts == ()

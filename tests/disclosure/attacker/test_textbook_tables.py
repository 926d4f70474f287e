"""Tables of the literature, whose ranges can be worked out on paper, attacked and protected."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from disclosure import attack, suppress, verify
from disclosure.attacker.one_system import Knowledge
from disclosure.errors import CertificateError
from tests.disclosure.drawn_systems import counts, grid

# Fischetti and Salazar-Gonzalez (2000), Models and algorithms for optimizing cell suppression in
# tabular data with linear constraints: investment by activity (rows) and region (columns). The cell
# of activity II in region C, 22, is sensitive; II and III are withheld in regions A and C.
#
#            A    B    C  all
#      I    20   50   10   80
#     II     8   19   22   49
#    III    17   32   12   61
#    all    45  101   44  190

INVESTMENT = [[20, 50, 10], [8, 19, 22], [17, 32, 12]]
II_A, II_C, III_A, III_C = 4, 6, 8, 10
CORNERS = np.isin(np.arange(16), [II_A, II_C, III_A, III_C])
SENSITIVE = np.arange(16) == II_C


def investment(down: float = 1, up: float = 1):
    return grid(
        INVESTMENT,
        sensitive=SENSITIVE,
        lower_protection=np.where(SENSITIVE, float(down), 0.0),
        upper_protection=np.where(SENSITIVE, float(up), 0.0),
        publish=np.zeros(16, dtype=bool),
    )


def test_each_withheld_cell_of_the_square_has_the_range_that_one_unknown_leaves():
    """With x in II A, the others are 30 - x, 25 - x and 4 + x: x is 0 to 25."""
    everything = replace(investment(), sensitive=CORNERS, upper_protection=np.full(16, 99.0))
    report = attack(everything, CORNERS)
    ends = {cell: (report.low[cell], report.high[cell]) for cell in np.flatnonzero(CORNERS)}
    assert ends == {II_A: (0, 25), II_C: (5, 30), III_A: (0, 25), III_C: (4, 29)}


@pytest.mark.parametrize(
    ("down", "up", "exposed"),
    [(17, 8, False), (18, 8, True), (17, 9, True), (1, 1, False), (0, 8, False), (17, 0, False)],
)
def test_the_sensitive_cell_can_be_5_to_30_and_no_protection_beyond_that_is_met(down, up, exposed):
    facts = attack(investment(down, up), CORNERS).facts
    assert [(fact.kind, fact.cell, fact.low, fact.high) for fact in facts] == (
        [("interval", II_C, 5, 30)] if exposed else []
    )


@pytest.mark.parametrize("cell", [II_A, III_A, III_C])
def test_one_corner_published_gives_the_sensitive_cell(cell):
    facts = attack(investment(), CORNERS & (np.arange(16) != cell)).facts
    assert [(fact.kind, fact.low) for fact in facts] == [("exact", 22)]


@pytest.mark.parametrize(("down", "up"), [(1, 1), (17, 8), (18, 8), (17, 9), (22, 40)])
def test_the_engine_protects_it_as_far_as_is_asked_and_the_attacker_agrees(down, up):
    system = investment(down, up)
    pattern = suppress(system, budget_seconds=2)
    verify(system, pattern.suppressed, pattern.certificate)
    assert attack(system, pattern.suppressed).facts == ()
    beyond = investment(down=22, up=1_000)
    with pytest.raises(CertificateError):
        verify(beyond, pattern.suppressed, pattern.certificate)


def test_a_reader_who_knows_a_bound_of_one_corner_knows_the_same_of_all():
    """III A is known to be 15 to 20, so II A is 5 to 10 and II C 20 to 25."""
    system = investment(17, 8)
    knowing = Knowledge.of_pattern(system, CORNERS).assuming(np.arange(16) == III_A, 15, 20)
    (fact,) = attack(system, knowing).facts
    assert (fact.low, fact.high) == (20, 25)


# A table of which all rows and columns hold two withheld cells, in a ring of six: one unknown too.
#
#     x   .   .          withheld: 3 and 5 in row one, 4 and 6 in row two, 2 and 8 in row three
#     .   x   .          x, 8 - x, 1 + x, 9 - x, ... as one follows the ring

RING = [[3, 5, 30], [40, 4, 6], [2, 50, 8]]
AROUND = [0, 1, 5, 6, 8, 10]


def test_a_ring_of_six_leaves_one_unknown_between_its_smallest_cells():
    """Every second cell rises as the others fall: until the 2, or the 3, is nothing."""
    withheld = np.isin(np.arange(16), AROUND)
    system = grid(RING, sensitive=withheld, upper_protection=np.full(16, 9.0))
    report = attack(system, withheld)
    rising, falling = [0, 5, 10], [1, 6, 8]
    values = system.values
    least_rising, least_falling = (min(values[group]) for group in (rising, falling))
    for cell in rising:
        assert (report.low[cell], report.high[cell]) == (
            values[cell] - least_rising,
            values[cell] + least_falling,
        )
    for cell in falling:
        assert (report.low[cell], report.high[cell]) == (
            values[cell] - least_falling,
            values[cell] + least_rising,
        )


def test_a_ring_with_a_zero_can_turn_one_way_only():
    """With nothing in one of its cells the others can move in one direction, as all know."""
    rows = [[0, 5, 30], [40, 4, 6], [2, 50, 8]]
    withheld = np.isin(np.arange(16), AROUND)
    system = grid(rows, sensitive=withheld & (np.arange(16) > 0), publish=np.zeros(16, dtype=bool))
    report = attack(system, withheld)
    assert [(report.low[c], report.high[c]) for c in (1, 5, 8)] == [(3, 5), (4, 6), (0, 2)]
    assert {fact.cell for fact in report.facts} == {1, 5, 6, 8, 10}


# Three pairs share three totals: in fractions each part is free, in whole numbers parity decides.


@pytest.mark.parametrize("totals", [(5, 7, 6), (2, 2, 2), (9, 4, 9), (0, 3, 3)])
def test_three_totals_of_two_parts_each_give_all_three_parts(totals):
    """a + b, b + c and a + c give a as half of the first and last less the middle one."""
    first, middle, last = totals
    parts = [
        (first + last - middle) // 2,
        (first + middle - last) // 2,
        (middle + last - first) // 2,
    ]
    values = [*parts, first, middle, last]
    sums = [(3, [0, 1]), (4, [1, 2]), (5, [0, 2])]
    sensitive = np.array([value > 0 for value in parts] + [False] * 3)
    system = counts(values, sums, sensitive=sensitive, publish=np.zeros(6, dtype=bool))
    facts = attack(system, np.arange(6) < 3).facts
    assert {fact.cell: fact.low for fact in facts} == {
        cell: value for cell, value in enumerate(parts) if value
    }
    assert {fact.kind for fact in facts} <= {"exact"}


@pytest.mark.parametrize(("share", "safe"), [(3, True), (4, False)])
def test_a_cube_whose_faces_are_published_moves_in_steps_of_one_corner(share, safe):
    """Of a 2 by 2 by 2 cube with all faces published, corners rise and fall by turns.

    The smallest falling corner is 3: the sensitive one can rise by 3 and by no more.
    """
    corners = np.array([2, 9, 3, 7, 8, 4, 6, 5])
    signs = np.array([1, -1, -1, 1, -1, 1, 1, -1])
    edges = [
        (low, low + step)
        for step in (1, 2, 4)
        for low in range(8)
        if not low & step
    ]  # fmt: skip
    values = np.append(corners, [corners[low] + corners[high] for low, high in edges])
    sums = [(8 + number, edge) for number, edge in enumerate(edges)]
    first = np.arange(20) == 0
    system = counts(
        values,
        sums,
        sensitive=first,
        lower_protection=np.zeros(20),
        upper_protection=np.where(first, float(share), 0.0),
        publish=np.zeros(20, dtype=bool),
    )
    report = attack(system, np.arange(20) < 8)
    assert (report.facts == ()) == safe
    wide = replace(system, sensitive=np.arange(20) < 8, upper_protection=np.full(20, 99.0))
    found = attack(wide, np.arange(20) < 8)
    rise, fall = corners[signs < 0].min(), corners[signs > 0].min()
    for corner, sign in enumerate(signs):
        down, up = (fall, rise) if sign > 0 else (rise, fall)
        assert (found.low[corner], found.high[corner]) == (
            corners[corner] - down,
            corners[corner] + up,
        )

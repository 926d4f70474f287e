"""Brute force: every table of whole numbers that agrees with what is published.

Shares nothing with the engine. Only for tiny systems: every withheld cell takes every value up to
the largest that could matter, and the sums sort out what fits.
"""

from itertools import product

import numpy as np
from hypothesis import reject
from scipy.optimize import linprog

MOST_TABLES = 60_000
"""Systems with more candidates are not examples that Hypothesis may use here."""


def tables_that_fit(system, suppressed, most):
    """Return all tables of whole numbers, withheld cells from 0 to `most`, that keep every sum."""
    constraints = system.constraints.toarray().astype(int)
    withheld = np.flatnonzero(suppressed)
    withheld = withheld[np.argsort(system.values[withheld], kind="stable")]
    free, bound = _split(constraints, withheld)
    if (most + 1) ** len(free) > MOST_TABLES:
        reject()
    found = []
    for choice in product(range(most + 1), repeat=len(free)):
        table = system.values.astype(int).copy()
        table[free] = choice
        if _complete(table, constraints, bound, set(free.tolist())) and (table >= 0).all():
            found.append(table)
    return np.array(found)


def _split(constraints, withheld):
    """Return the withheld cells to choose, and in which order the others follow (cell, sum)."""
    known = set(range(constraints.shape[1])) - set(withheld.tolist())
    free, bound = [], []
    for cell in withheld.tolist():
        if cell in known:
            continue
        free.append(cell)
        known.add(cell)
        again = True
        while again:
            again = False
            for number, line in enumerate(constraints):
                open_cells = [c for c in np.flatnonzero(line) if c not in known]
                if len(open_cells) == 1:
                    bound.append((open_cells[0], number))
                    known.add(open_cells[0])
                    again = True
    return np.array(free, dtype=int), bound


def _complete(table, constraints, bound, free):
    for cell, number in bound:
        line = constraints[number]
        rest = line @ table - line[cell] * table[cell]
        table[cell] = -rest * line[cell]
        if table[cell] < 0:
            return False
    return not (constraints @ table).any()


def intervals(system, suppressed, most=None):
    """Return the least and largest value of every cell over all tables that fit."""
    if most is None:
        most = _largest_choice(system, suppressed)
    tables = tables_that_fit(system, suppressed, most)
    return tables.min(axis=0), tables.max(axis=0)


def _largest_choice(system, suppressed):
    """Return two more than the largest value that is chosen and does not follow."""
    withheld = np.flatnonzero(suppressed)
    withheld = withheld[np.argsort(system.values[withheld], kind="stable")]
    free, _ = _split(system.constraints.toarray(), withheld)
    return int(system.values[free].max(initial=0)) + 2


def is_protected(system, suppressed, most=None):
    """Tell whether every sensitive cell can be as far down and up as it must."""
    low, high = intervals(system, suppressed, most)
    cells = np.flatnonzero(system.sensitive)
    down = (low <= system.values - system.down)[cells]
    up = (high >= system.values + system.up)[cells]
    return bool((down & up).all())


def exactly_known(system, suppressed):
    """Return the sensitive cells that the published ones determine, by rank over the rationals."""
    constraints = system.constraints.toarray().astype(float)
    withheld = np.flatnonzero(suppressed)
    part = constraints[:, withheld]
    rank = np.linalg.matrix_rank(part) if part.size else 0
    known = []
    for place, cell in enumerate(withheld.tolist()):
        unit = np.zeros((1, len(withheld)))
        unit[0, place] = 1
        same = np.linalg.matrix_rank(np.vstack([part, unit])) == rank
        if system.sensitive[cell] and same:
            known.append(cell)
    return known


def is_safe(system, suppressed):
    """Tell by scipy whether every sensitive cell can move, in fractions, as far as it must."""
    withheld = np.flatnonzero(suppressed)
    sums = system.constraints.toarray()[:, withheld]
    for cell in np.flatnonzero(system.sensitive):
        for way, level in ((1, system.up[cell]), (-1, system.down[cell])):
            aim = np.where(withheld == cell, -way, 0)
            bounds = [(-value, 10_000) for value in system.values[withheld]]
            found = linprog(aim, A_eq=sums, b_eq=np.zeros(len(sums)), bounds=bounds)
            if -found.fun < level - 1e-6:
                return False
    return True

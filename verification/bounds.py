"""Between which counts a cell must lie, by linear programs over all sums that it is in."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array

from verification.cells import Cell
from verification.knowledge import Known
from verification.relations import Sum
from verification.tuning import TUNING

Floats = NDArray[np.float64]
IsNarrow = Callable[[float, float], bool]
"""Whether an interval is too narrow to be safe. Then all intervals inside it are, too."""


@dataclass(frozen=True)
class CellProgram:
    """Cells that are tied by sums: the bounds of each cell, and the total of each sum."""

    cells: tuple[Known, ...]
    matrix: csr_array
    total: Floats
    least: Floats
    most: Floats


@dataclass(frozen=True)
class Interval:
    """The least and the greatest whole number that a cell can be, by all sums together."""

    cell: Known
    least: int
    most: float


def program(sums: Sequence[Sum], values: Mapping[Cell, Fraction]) -> CellProgram:
    """Write sums as a linear program over the cells that are neither exact nor calculated."""
    cells: dict[Cell, Known] = {}
    places: dict[Cell, int] = {}
    entries: list[tuple[int, int, int]] = []
    total = []
    for row, sum_ in enumerate(sums):
        known = Fraction(0)
        for k, sign in sum_.cells:
            if k.is_exact or k.cell in values:
                known += sign * values.get(k.cell, k.least)
            else:
                cells.setdefault(k.cell, k)
                entries.append((row, places.setdefault(k.cell, len(places)), sign))
        total.append(-float(known))
    rows, columns, signs = np.array(entries, dtype=np.int64).reshape(-1, 3).T
    matrix = csr_array((signs.astype(float), (rows, columns)), shape=(len(total), len(cells)))
    least = np.array([float(k.least) for k in cells.values()])
    most = np.array([math.inf if k.most is None else float(k.most) for k in cells.values()])
    return CellProgram(tuple(cells.values()), matrix, np.array(total), least, most)


def intervals(program: CellProgram, is_narrow: IsNarrow) -> list[Interval] | None:
    """Bound all cells; those that are not narrow are left out. None: no counts fit.

    A few linear programs in all directions at once show that most cells are far from bounded; only
    the others are examined one by one.
    """
    if not program.cells:
        return []
    seen = _directions(program, is_narrow)
    if seen is None:
        return None
    low, high = seen
    found = []
    for i in range(len(program.cells)):
        if is_narrow(low[i], high[i]):
            ends = _ends(program, i)
            if ends is not None and is_narrow(*ends):
                found.append(Interval(program.cells[i], int(ends[0]), ends[1]))
    return found


def _directions(program: CellProgram, is_narrow: IsNarrow) -> tuple[Floats, Floats] | None:
    """Return the least and the greatest value that was found for each cell."""
    low, high = np.full(len(program.cells), math.inf), np.full(len(program.cells), -math.inf)
    generator = np.random.default_rng(TUNING.seed)
    left = np.arange(len(program.cells))
    for _ in range(TUNING.tries):
        goal = np.zeros(len(program.cells))
        signs = generator.choice([-1.0, 1.0], len(left))
        goal[left] = generator.uniform(*TUNING.weights, len(left)) * signs
        for sign in (1.0, -1.0):
            point = _point(program, sign * goal)
            if point is None:
                return None
            low, high = np.minimum(low, point), np.maximum(high, point)
        left = np.array([i for i in left if is_narrow(low[i], high[i])], dtype=np.int64)
        if not len(left):
            break
    return low, high


def _point(program: CellProgram, goal: Floats) -> Floats | None:
    """Return counts that fit all sums and make the goal least."""
    answer = linprog(
        goal,
        A_eq=program.matrix,
        b_eq=program.total,
        bounds=np.column_stack([program.least, _capped(program)]),
        method="highs",
    )
    return None if answer.x is None else np.asarray(answer.x, dtype=np.float64)


def _capped(program: CellProgram) -> Floats:
    """Return the greatest counts; where there is none, a number far beyond all figures."""
    known = program.most[np.isfinite(program.most)]
    cap = TUNING.times_beyond * (1.0 + float(np.abs(program.total).sum()) + float(known.sum()))
    return np.where(np.isinf(program.most), cap, program.most)


def _ends(program: CellProgram, place: int) -> tuple[float, float] | None:
    """Return the ends of one cell in whole numbers; None when the sums allow none."""
    goal = np.zeros(len(program.cells))
    goal[place] = 1.0
    least, most = _whole(program, goal), _whole(program, -goal)
    if least is None or most is None:
        return None
    return math.ceil(least - TUNING.slack), math.floor(-most + TUNING.slack)


def _whole(program: CellProgram, goal: Floats) -> float | None:
    """Return the lower bound that the solver proved for whole counts that fit the sums."""
    answer = milp(
        goal,
        constraints=LinearConstraint(program.matrix, program.total, program.total),
        integrality=np.ones(len(goal)),
        bounds=Bounds(program.least, _capped(program)),
        options={"time_limit": TUNING.seconds, "mip_rel_gap": 0.0},
    )
    return None if answer.mip_dual_bound is None else float(answer.mip_dual_bound)

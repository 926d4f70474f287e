"""To which code of a higher level each code belongs, from the published figures alone.

The release does not say in which region an area lies. A reader who knows it needs nothing; one who
does not can find it: only one way of sharing the areas among the regions gives all published sums.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from verification.cells import Dimension
from verification.knowledge import Knowledge, Known, families

ROUNDS = 12
SECONDS = 5.0
INFEASIBLE = 2
Column = Mapping[str, Known]
Choice = dict[str, str]


@dataclass(frozen=True)
class Parents:
    """The parts of each code ("" for the root), and remarks on what could not be found."""

    parts: Mapping[str, tuple[str, ...]]
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class Puzzle:
    """The codes of one level, the codes they may belong to, and columns of figures to explain."""

    codes: tuple[str, ...]
    wholes: tuple[str, ...]
    columns: tuple[Column, ...]
    possible: NDArray[np.bool_]


def parents(dimension: Dimension, known: Knowledge) -> Parents:
    """Find the parts of every code, level by level from the top."""
    codes = [code for code in dimension.levels if code != dimension.root]
    levels = list(dict.fromkeys(dimension.levels[code] for code in codes))
    columns = list(families(known, dimension.name).values())
    parts: dict[str, tuple[str, ...]] = {
        "": tuple(code for code in codes if dimension.levels[code] == levels[0])
    }
    remarks = []
    for depth, level in enumerate(levels[1:], 1):
        above = [c for c in codes if dimension.levels[c] in levels[:depth] and c not in parts]
        below = [c for c in codes if dimension.levels[c] == level]
        found, told = _level(below, above, columns)
        parts.update(found)
        remarks += [f"{level} ({dimension.name}): {words}" for words in told]
    return Parents(parts, tuple(remarks))


def _level(
    below: Sequence[str], above: Sequence[str], columns: Sequence[Column]
) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """Share codes of one level among those above; only what is certain is returned."""
    puzzle, choice = _solvable(below, above, columns)
    if choice is None:
        return {}, ["to which code above each belongs could not be found, so no sums were made."]
    certain = _certain(puzzle, choice)
    doubtful = [i for i, code in enumerate(puzzle.codes) if code not in certain]
    clear = [w for j, w in enumerate(puzzle.wholes) if not puzzle.possible[doubtful, j].any()]
    parts = {w: tuple(c for c in certain if certain[c] == w) for w in clear}
    remarks = [f"it is uncertain to what {puzzle.codes[i]} belongs." for i in doubtful]
    return {whole: own for whole, own in parts.items() if own}, remarks


def _solvable(
    below: Sequence[str], above: Sequence[str], columns: Sequence[Column]
) -> tuple[Puzzle, Choice | None]:
    """Set the puzzle and solve it, without one column where a wrong figure forbids all ways."""
    puzzle = _puzzle(below, above, columns)
    choice, is_settled = _solved(puzzle)
    if choice is not None or not is_settled:
        return puzzle, choice
    for left_out in puzzle.columns:
        fewer = _puzzle(below, above, [column for column in columns if column is not left_out])
        choice = _solved(fewer)[0] if fewer.codes == puzzle.codes else None
        if choice is not None:
            return fewer, choice
    return puzzle, None


def _puzzle(below: Sequence[str], above: Sequence[str], columns: Sequence[Column]) -> Puzzle:
    """Set the puzzle of all codes that have some figure; the others add nothing to any sum."""
    busy = tuple(code for code in below if any(_is_busy(column.get(code)) for column in columns))
    possible = np.ones((len(busy), len(above)), dtype=bool)
    for column in columns:
        for i, code in enumerate(busy):
            for j, whole in enumerate(above):
                possible[i, j] &= _is_possible(column.get(code), column.get(whole))
    full = [c for c in columns if all(_is_told(c.get(code)) for code in (*busy, *above))]
    used = tuple(column for column in full if any(_is_busy(column[code]) for code in busy))
    return Puzzle(busy, tuple(above), used, possible)


def _is_busy(cell: Known | None) -> bool:
    return cell is not None and cell.most != 0


def _is_told(cell: Known | None) -> bool:
    return cell is not None and cell.most is not None


def _is_possible(part: Known | None, whole: Known | None) -> bool:
    """Whether a part is not greater than its whole."""
    if part is None or whole is None or whole.most is None or whole.is_absent:
        return True
    return part.least <= whole.most


def _certain(puzzle: Puzzle, choice: Choice) -> Choice:
    """Return what all solutions have in common: ask for others until there is surely none."""
    certain = dict(choice)
    for _ in range(ROUNDS):
        if not certain:
            break
        other, is_settled = _solved(puzzle, apart_from=certain)
        if other is None:
            return certain if is_settled else {}
        certain = {code: whole for code, whole in certain.items() if other[code] == whole}
    return {}


def _solved(puzzle: Puzzle, apart_from: Choice | None = None) -> tuple[Choice | None, bool]:
    """Share the codes so that every sum holds, differing somewhere from another sharing.

    Says also whether the answer is settled: a solver that ran out of time settles nothing.
    """
    if not puzzle.codes:
        return {}, True
    all_used, is_settled = _shared(puzzle, apart_from, 1.0)
    return (all_used, is_settled) if all_used else _shared(puzzle, apart_from, 0.0)


def _shared(
    puzzle: Puzzle, apart_from: Choice | None, each_has_parts: float
) -> tuple[Choice | None, bool]:
    matrix, least, most = _program(puzzle, apart_from)
    sharing = puzzle.possible.astype(float).ravel()
    top = np.concatenate([sharing, np.ones(len(puzzle.wholes))])
    low = np.concatenate([0 * sharing, np.full(len(puzzle.wholes), each_has_parts)])
    answer = milp(
        np.zeros(len(top)),
        constraints=LinearConstraint(matrix, least, most),
        integrality=np.ones(len(top)),
        bounds=Bounds(low, top),
        options={"time_limit": SECONDS},
    )
    if answer.x is None:
        return None, answer.status == INFEASIBLE
    places = answer.x[: sharing.size].reshape(puzzle.possible.shape).argmax(axis=1)
    wholes = [puzzle.wholes[place] for place in places]
    return dict(zip(puzzle.codes, wholes, strict=True)), True


def _program(
    puzzle: Puzzle, apart_from: Choice | None
) -> tuple[coo_array, NDArray[np.float64], NDArray[np.float64]]:
    """Each code has one whole; a whole has no parts, or parts that add up in every column."""
    codes, wholes = len(puzzle.codes), len(puzzle.wholes)
    rows: list[tuple[dict[int, float], float, float]] = [
        ({i * wholes + j: 1.0 for j in range(wholes)}, 1.0, 1.0) for i in range(codes)
    ]
    for j in range(wholes):
        has = codes * wholes + j
        rows += [({i * wholes + j: 1.0, has: -1.0}, -1.0, 0.0) for i in range(codes)]
        for column in puzzle.columns:
            rows += _sum(puzzle, column, j, has)
    if apart_from is not None:
        at = {code: i for i, code in enumerate(puzzle.codes)}
        same = {
            at[code] * wholes + puzzle.wholes.index(whole): 1.0
            for code, whole in apart_from.items()
        }
        rows.append((same, 0.0, len(same) - 1.0))
    return _matrix(rows, codes * wholes + wholes)


def _sum(
    puzzle: Puzzle, column: Column, j: int, has: int
) -> Iterable[tuple[dict[int, float], float, float]]:
    """At least the parts' least counts fit into the whole, and their greatest ones fill it."""
    whole = column[puzzle.wholes[j]]
    places = {
        i: i * len(puzzle.wholes) + j for i in range(len(puzzle.codes)) if puzzle.possible[i, j]
    }
    cells = {place: column[puzzle.codes[i]] for i, place in places.items()}
    scale = max([1.0, float(whole.most or 0), *(float(c.most or 0) for c in cells.values())])
    least = {place: float(c.least) / scale for place, c in cells.items() if c.least}
    most = {place: float(c.most or 0) / scale for place, c in cells.items() if c.most}
    least[has], most[has] = -float(whole.most or 0) / scale, -float(whole.least) / scale
    if least == most:
        yield least, -1e-9, 1e-9
        return
    yield least, -np.inf, 1e-9
    yield most, -1e-9, np.inf


def _matrix(
    rows: Sequence[tuple[Mapping[int, float], float, float]], width: int
) -> tuple[coo_array, NDArray[np.float64], NDArray[np.float64]]:
    entries = [(i, j, value) for i, (row, _, _) in enumerate(rows) for j, value in row.items()]
    i, j, values = (np.array(part) for part in zip(*entries, strict=True))
    matrix = coo_array((values, (i, j)), shape=(len(rows), width))
    return matrix, np.array([row[1] for row in rows]), np.array([row[2] for row in rows])

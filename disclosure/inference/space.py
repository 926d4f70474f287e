"""Every way in which the open cells of a component can move together.

Tables that agree with what is known differ by null vectors of the sums over the open cells. Few
vectors span them, and most cells move in proportion to others: a component of ten thousand open
cells has some hundred free steps and some thousand groups. The attacker's programs work with these;
`reach` says how far a cell can go.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from scipy import sparse

from disclosure.algebra.basis import constraint_basis
from disclosure.algebra.prime import PRIME
from disclosure.algebra.residues import LARGEST, denominator
from disclosure.inference.deduction import Floats, Ints, Mask


@dataclass(frozen=True, eq=False)
class Space:
    """A component of open cells around a table that agrees with what is known.

    A cell is `start` + `factor` * y[`group`], and y = `moves` @ steps. Steps are free; each is the
    move of one cell, so the steps of counts are whole. `least` and `most` bound y. For counts, y is
    whole exactly where all cells of its group are; `is_whole` says where whole steps ensure that.
    `ties` @ steps is zero; there are ties only where no short vectors were found. `sums` are those
    of the component over its `cells`.
    """

    cells: Ints
    sums: Any
    start: Floats
    group: Ints
    factor: Ints
    moves: Any
    ties: Any
    is_whole: Mask
    least: Floats
    most: Floats

    @property
    def steps(self) -> int:
        """How many free steps there are."""
        return int(self.moves.shape[1])

    def table(self, moved: Floats) -> Floats:
        """Return the cells where the groups have moved."""
        result: Floats = self.start + self.factor * moved[self.group]
        return result


def space(cells: Ints, sums: Any, rank: int, start: Floats, ends: tuple[Floats, Floats]) -> Space:
    """Return the space of the `cells` around `start` that keeps `sums` and lies between `ends`.

    `rank` is how many of the sums are independent.
    """
    found = short(sums, rank, start)
    ties = sparse.csr_matrix((0, len(cells) - rank))
    if found is None:
        found = sparse.identity(len(cells), dtype=np.int64, format="csr"), np.ones(len(cells))
        ties = sums
    vectors, unit = found
    group, factor, lines = grouped(vectors.tocsc())
    moves = sparse.csr_matrix(lines @ sparse.diags_array(1 / unit))
    whole = np.ones(lines.shape[0], dtype=bool)
    entries = lines.tocoo()
    whole[entries.row[entries.data % unit[entries.col] != 0]] = False
    least, most = bounds(group, factor, ends[0] - start, ends[1] - start)
    return Space(cells, sums, start, group, factor, moves, ties, whole, least, most)


def short(sums: Any, rank: int, start: Floats) -> tuple[Any, Floats] | None:
    """Return whole-number vectors that span what keeps `sums`, and each one's step in its own cell.

    Each vector moves a cell that no other moves, so they are independent; and as many as there are
    cells less independent sums span everything. Returns None where these conditions fail, or where
    the numbers are not small: then cells move one by one, tied by the sums.
    """
    basis = sparse.csr_matrix(constraint_basis(sums, start))
    rows = [whole_numbers(basis.data[a:b]) for a, b in pairwise(basis.indptr.tolist())]
    if any(row is None for row in rows):
        return None
    data = np.concatenate([np.empty(0, dtype=np.int64), *(row for row in rows if row is not None)])
    vectors = sparse.csr_matrix((data, basis.indices, basis.indptr), shape=basis.shape)
    by_cell = vectors.tocsc()
    alone = by_cell.indptr[:-1][np.diff(by_cell.indptr) == 1]
    own = np.full(basis.shape[0], LARGEST + 1)
    np.minimum.at(own, by_cell.indices[alone], np.abs(by_cell.data[alone]))
    spans = basis.shape[0] == len(start) - rank and (own <= LARGEST).all()
    keeps = not (sums.astype(np.int64) @ vectors.T).count_nonzero()
    return (vectors, own.astype(np.float64)) if spans and keeps else None


def whole_numbers(residues: Ints) -> Ints | None:
    """Return fractions, given modulo the prime, times their denominators; None if not small."""
    numbers, times = [int(value) for value in residues.tolist()], 1
    while (large := next((n for n in numbers if abs(n) > LARGEST), None)) is not None:
        factor = denominator(large)
        times *= factor
        if factor == 1 or times > LARGEST:
            return None
        scaled = [value * factor % PRIME for value in numbers]
        numbers = [value - PRIME if value > PRIME // 2 else value for value in scaled]
    return np.array(numbers, dtype=np.int64)


def grouped(columns: Any) -> tuple[Ints, Ints, Any]:
    """Return, per cell, its group and factor, and per group the direction of its cells.

    Cells are in one group when their columns are proportional; factors have no common divisor.
    """
    edges = columns.indptr.tolist()
    numbers: dict[tuple[bytes, bytes], int] = {}
    group, times = (
        np.zeros(len(edges) - 1, dtype=np.int64),
        np.zeros(len(edges) - 1, dtype=np.int64),
    )
    lines: list[tuple[Ints, Ints]] = []
    for cell, (a, b) in enumerate(pairwise(edges)):
        at, data = columns.indices[a:b], columns.data[a:b]
        times[cell] = int(np.gcd.reduce(data)) * int(np.sign(data[0])) if b > a else 1
        line = data // times[cell]
        group[cell] = numbers.setdefault((at.tobytes(), line.tobytes()), len(lines))
        if group[cell] == len(lines):
            lines.append((at, line))
    common = np.zeros(len(lines), dtype=np.int64)
    np.gcd.at(common, group, times)
    data = np.concatenate([line * n for (_, line), n in zip(lines, common.tolist(), strict=True)])
    indptr = np.cumsum([0, *(len(at) for at, _ in lines)])
    at = np.concatenate([at for at, _ in lines])
    matrix = sparse.csr_matrix((data, at, indptr), shape=(len(lines), columns.shape[0]))
    return group, times // common[group], matrix


def bounds(group: Ints, factor: Ints, below: Floats, above: Floats) -> tuple[Floats, Floats]:
    """Return how far each group can move when its cells may go from `below` to `above`."""
    ends = below / factor, above / factor
    count = int(group.max(initial=-1)) + 1
    least, most = np.full(count, -np.inf), np.full(count, np.inf)
    np.maximum.at(least, group, np.minimum(*ends))
    np.minimum.at(most, group, np.maximum(*ends))
    return least, most

"""How withheld cells can move together, and which of them a single contributor could work out.

Cells that move in the same proportion have equal ratios in two random null vectors of the pattern,
modulo the prime: a contributor who knows one of them knows the other. To publish a cell, its column
is eliminated. Both vectors are updated, and only the cells of one row change their ratio.
Source: single contributors in the elimination as in Langsrud (2024), "Secondary cell suppression
by Gaussian elimination", PSD 2024; the two vectors are our own.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from scipy import sparse

from disclosure.algebra.effort import Effort
from disclosure.algebra.elimination import combinations
from disclosure.algebra.field import signed
from disclosure.algebra.prime import PRIME
from disclosure.proof.witness import Witness
from disclosure.suppression.tuning import TUNING
from disclosure.tables.knowledge import known_together
from disclosure.tables.system import TableSystem

Pairs = list[tuple[int, int]]


class Moves:
    """Rows that span what may move, and the sensitive cells that no contributor can work out.

    `given_up` are sensitive cells that a contributor can work out whatever is withheld here.
    """

    def __init__(
        self, system: TableSystem, rows: sparse.csr_matrix, effort: Effort, seed: int = 0
    ) -> None:
        self.width = len(system)
        self.effort = effort
        self.rows: dict[int, dict[int, int]] = {}
        self.through: dict[int, set[int]] = {}
        self.vectors: list[list[int]] = combinations(rows, seed).tolist()
        self.facts: list[int] = known_together(system).tolist()
        self.singles = set(np.flatnonzero(system.singles).tolist())
        self.sensitive = set(np.flatnonzero(system.sensitive).tolist())
        self.ratio: dict[int, int] = {}
        self.groups: dict[int, set[int]] = {}
        self._added: list[tuple[int, list[int]]] = []
        self._weights = np.random.default_rng(seed + 1)
        data = [value % PRIME for value in rows.data.tolist()]
        indices = rows.indices.tolist()
        for start, stop in pairwise(rows.indptr.tolist()):
            self._add_row(dict(zip(indices[start:stop], data[start:stop], strict=True)))
        watched = sorted(self.singles | self.sensitive)
        self._file(self._ratios(watched))
        self.given_up = {cell for cell, _ in self._exposed(watched)}
        self.sensitive -= self.given_up

    def exposed_without(self, cell: int) -> Pairs:
        """Return the pairs that publishing a cell would create.

        A pair is a sensitive cell and the contributor's cell from which it could be worked out; a
        sensitive cell that could be calculated by everybody is paired with itself.
        """
        held = self.through.get(cell)
        if not held:
            return []
        pivot = self._pivot(cell, held)
        factors = [vector[cell] for vector in self.vectors]
        before = {other: self.ratio[other] for other in pivot if other in self.ratio}
        found = self._exposed(self._shift(pivot, [-factor for factor in factors]))
        self._shift(pivot, factors, before)
        return found

    def publish(self, cell: int) -> None:
        """Publish a cell: only moves that leave it unchanged remain."""
        held = self.through.get(cell)
        if not held:
            return
        pivot = self._pivot(cell, held)
        self._shift(pivot, [-vector[cell] for vector in self.vectors])
        self.effort.spend(TUNING.seconds_per_row_entry * len(pivot) * len(held))
        for number in sorted(held):
            self._subtract(number, self.rows[number][cell], pivot)

    def add(self, witness: Witness) -> None:
        """Add a witness as another move."""
        residues = [step % PRIME for step in witness.steps.tolist()]
        row = dict(zip(witness.cells.tolist(), residues, strict=True))
        weights: list[int] = self._weights.integers(1, PRIME, size=2).tolist()
        self._shift(row, weights)
        self._added.append((self._add_row(row), weights))

    def take_back(self, count: int) -> None:
        """Remove the moves added last; nothing may have been published since."""
        for number, weights in [self._added.pop() for _ in range(count)]:
            row = self.rows.pop(number)
            self._shift(row, [-weight for weight in weights])
            for cell in row:
                self.through[cell].discard(number)

    def matrix(self) -> sparse.csr_matrix:
        """Return the rows, in signed integers."""
        rows = [row for row in self.rows.values() if row]
        lengths = np.cumsum([0] + [len(row) for row in rows])
        cells = np.array([cell for row in rows for cell in row], dtype=np.int64)
        data = np.array([value for row in rows for value in row.values()], dtype=np.int64)
        return sparse.csr_matrix((signed(data), cells, lengths), shape=(len(rows), self.width))

    def _add_row(self, row: dict[int, int]) -> int:
        number = len(self.rows)
        self.rows[number] = row
        for cell in row:
            self.through.setdefault(cell, set()).add(number)
        return number

    def _pivot(self, cell: int, held: set[int]) -> dict[int, int]:
        """Return the shortest row through a cell, scaled so that the cell moves by one."""
        row = min((self.rows[number] for number in sorted(held)), key=len)
        inverse = pow(row[cell], -1, PRIME)
        return {other: value * inverse % PRIME for other, value in row.items()}

    def _shift(
        self, row: dict[int, int], factors: list[int], ratios: dict[int, int] | None = None
    ) -> list[int]:
        """Add multiples of a row to both vectors; return the watched cells that it moves.

        `ratios` are their ratios afterwards, if known.
        """
        self.effort.spend(TUNING.seconds_per_row_entry * len(row))
        for vector, factor in zip(self.vectors, factors, strict=True):
            for cell, value in row.items():
                vector[cell] = (vector[cell] + factor * value) % PRIME
        touched = [cell for cell in row if cell in self.ratio]
        for cell in touched:
            self.groups[self.ratio[cell]].discard(cell)
        self._file(ratios or self._ratios(touched))
        return touched

    def _ratios(self, cells: list[int]) -> dict[int, int]:
        self.effort.spend(TUNING.seconds_per_ratio * len(cells))
        return {cell: _ratio(*(vector[cell] for vector in self.vectors)) for cell in cells}

    def _file(self, ratios: dict[int, int]) -> None:
        for cell, ratio in ratios.items():
            self.ratio[cell] = ratio
            self.groups.setdefault(ratio, set()).add(cell)

    def _exposed(self, touched: list[int]) -> Pairs:
        """Return a pair for each sensitive cell that is exposed, among the cells touched."""
        found = []
        for ratio in sorted({self.ratio[cell] for cell in touched}):
            group = self.groups[ratio]
            for cell in sorted(group & self.sensitive):
                rivals = group if ratio < 0 else group & self.singles
                facts = [one for one in sorted(rivals) if self.facts[one] != self.facts[cell]]
                if facts or ratio < 0:
                    found.append((cell, facts[0] if facts else cell))
        return found

    def _subtract(self, number: int, factor: int, pivot: dict[int, int]) -> None:
        row = self.rows[number]
        for cell, value in pivot.items():
            left = (row.get(cell, 0) - factor * value) % PRIME
            if left:
                row[cell] = left
                self.through[cell].add(number)
            else:
                del row[cell]
                self.through[cell].discard(number)


def _ratio(first: int, second: int) -> int:
    """Return the ratio of two residues; -1 when both are zero: the cell cannot move."""
    if first:
        return second * pow(first, -1, PRIME) % PRIME
    return PRIME if second else -1

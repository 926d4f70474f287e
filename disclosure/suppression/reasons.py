"""Why a cell is withheld: the sensitive cells whose witnesses move it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from disclosure.proof.certificate import Certificate
from disclosure.proof.witness import Witness, matrix_of
from disclosure.tables.system import TableSystem


class Reasons(Mapping[int, tuple[int, ...]]):
    """For each complementary cell, the sensitive cells that it protects; found when asked for.

    These are the cells that the certificate names for the vectors that move it. A vector that the
    certificate names for no cell separates cells from a contributor's, or moves cells one way only:
    it protects the sensitive cells that it moves, or else those that move with its cells. A cell
    that no vector moves is withheld for the sensitive cell in `guarded`, which could otherwise be
    calculated.
    """

    def __init__(
        self,
        system: TableSystem,
        suppressed: np.ndarray,
        certificate: Certificate,
        witnesses: list[Witness],
        guarded: Mapping[int, int],
    ) -> None:
        self._cells = np.flatnonzero(suppressed & ~system.sensitive)
        self._witnesses, self._sensitive, self._guarded = witnesses, system.sensitive, guarded
        self._users = matrix_of(witnesses, len(system)).tocsc()
        self._served: dict[int, set[int]] = {}
        for rows in (certificate.up, certificate.down):
            for cell, row in zip(certificate.cells.tolist(), rows.tolist(), strict=True):
                self._served.setdefault(row, set()).add(cell)

    def __getitem__(self, cell: int) -> tuple[int, ...]:
        place = int(np.searchsorted(self._cells, cell))
        if place == len(self._cells) or self._cells[place] != cell:
            raise KeyError(cell)
        users = self._users.indices[self._users.indptr[cell] : self._users.indptr[cell + 1]]
        served = set().union(*(self._cells_of(int(row)) for row in users))
        return tuple(sorted(served or {self._guarded[cell]}))

    def _cells_of(self, row: int) -> set[int]:
        return self._served.get(row) or self._moved_by(row) or self._beside(row)

    def _moved_by(self, row: int) -> set[int]:
        moved = self._witnesses[row].cells
        return set(moved[self._sensitive[moved]].tolist())

    def _beside(self, row: int) -> set[int]:
        """Return the sensitive cells that move with some cell of a vector that moves none."""
        users = self._users[:, self._witnesses[row].cells].indices
        return set().union(*(self._moved_by(int(user)) for user in np.unique(users)))

    def __iter__(self) -> Iterator[int]:
        return iter(self._cells.tolist())

    def __len__(self) -> int:
        return len(self._cells)

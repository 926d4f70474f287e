"""Why a cell is withheld: the sensitive cells whose witnesses run through it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from disclosure.certificate import Certificate
from disclosure.witness import Witness, matrix_of


class Reasons(Mapping[int, tuple[int, ...]]):
    """For each complementary cell, the sensitive cells that it protects; found when asked for."""

    def __init__(
        self, certificate: Certificate, witnesses: list[Witness], complementary: np.ndarray
    ) -> None:
        self._cells = np.flatnonzero(complementary)
        self._users = matrix_of(witnesses, len(complementary)).tocsc()
        self._served: dict[int, set[int]] = {}
        for rows in (certificate.up, certificate.down):
            for cell, row in zip(certificate.cells.tolist(), rows.tolist(), strict=True):
                self._served.setdefault(row, set()).add(cell)

    def __getitem__(self, cell: int) -> tuple[int, ...]:
        place = int(np.searchsorted(self._cells, cell))
        if place == len(self._cells) or self._cells[place] != cell:
            raise KeyError(cell)
        users = self._users.indices[self._users.indptr[cell] : self._users.indptr[cell + 1]]
        return tuple(sorted(set().union(*(self._served.get(int(row), ()) for row in users))))

    def __iter__(self) -> Iterator[int]:
        return iter(self._cells.tolist())

    def __len__(self) -> int:
        return len(self._cells)

"""The witnesses found so far, and which sensitive cells still lack one.

A cell is done when one vector moves it up and one moves it down as far as it needs. One vector may
serve many cells.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from disclosure.proof.certificate import Certificate
from disclosure.proof.witness import Witness, matrix_of, served
from disclosure.tables.system import TableSystem


class Cover:
    """Witnesses in the order found; for each cell, the first that moves it up, and down.

    `up` and `down` give their numbers: -1 where one is lacking, -2 where none is needed.
    """

    def __init__(self, system: TableSystem, exact: bool = False) -> None:
        self.system = system
        self.exact = exact
        self.witnesses: list[Witness] = []
        self.pool: list[Witness] = []
        self.up = np.where(system.sensitive & ((system.up > 0) | exact), -1, -2)
        self.down = np.where(system.sensitive & (system.down > 0) & (not exact), -1, -2)
        self.up_sign = np.zeros(len(system), dtype=np.int8)
        self.down_sign = np.zeros(len(system), dtype=np.int8)

    def open_cells(self) -> np.ndarray:
        """Return the sensitive cells that lack a witness."""
        return np.flatnonzero((self.up == -1) | (self.down == -1))

    def is_open(self, cell: int) -> bool:
        """Say whether a cell lacks a witness."""
        return bool(self.up[cell] == -1 or self.down[cell] == -1)

    def lacks(self, cell: int, way: int) -> bool:
        """Say whether a cell lacks a witness in one direction."""
        return bool((self.up if way > 0 else self.down)[cell] == -1)

    def add(self, witness: Witness) -> bool:
        """Keep a witness if it serves a cell that had none, and say whether it does."""
        cells = witness.cells
        up, down = self.serves(witness)
        if up.any() or down.any():
            self.pool.append(witness)
        new_up = (up != 0) & (self.up[cells] == -1)
        new_down = (down != 0) & (self.down[cells] == -1)
        if not (new_up.any() or new_down.any()):
            return False
        number = len(self.witnesses)
        self.witnesses.append(witness)
        self.up[cells[new_up]], self.up_sign[cells[new_up]] = number, up[new_up]
        self.down[cells[new_down]], self.down_sign[cells[new_down]] = number, down[new_down]
        return True

    def serves(self, witness: Witness) -> tuple[np.ndarray, np.ndarray]:
        """Return, for each cell of a witness, the sign with which it serves it up, and down."""
        if self.exact:
            return np.sign(witness.steps), np.zeros(len(witness.cells), dtype=np.int8)
        return served(self.system, witness.cells, witness.steps)

    def add_all(self, witnesses: Iterable[Witness]) -> None:
        """Keep the witnesses that serve a cell that had none."""
        for witness in witnesses:
            self.add(witness)

    def certificate(self) -> Certificate:
        """Return the certificate of the cells that have their witnesses."""
        done = self.system.sensitive & (self.up != -1) & (self.down != -1)
        cells = np.flatnonzero(done)
        return Certificate(
            protect="exact" if self.exact else "interval",
            cells=cells,
            vectors=matrix_of(self.witnesses, len(self.system)),
            up=self.up[cells],
            up_sign=self.up_sign[cells],
            down=self.down[cells],
            down_sign=self.down_sign[cells],
        )

"""Which cell is which: codes, statistic, population and period, as numbers and in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, overload

import numpy as np

from disclosure.tables.variables import Variable

_LIMIT = 2**62

Identity = tuple[str, str, str]


class Cell(NamedTuple):
    """What a cell is: its sorted (variable, code) pairs, statistic, population and period."""

    codes: tuple[tuple[str, str], ...]
    statistic: str
    population: str
    period: str

    def __str__(self) -> str:
        where = ", ".join(f"{variable} {code}" for variable, code in self.codes) or "the total"
        return " | ".join(part for part in (where, *self[1:]) if part)


@dataclass(frozen=True, eq=False)
class Coordinates(Sequence[Cell]):
    """One row per cell, in numbers. As a sequence it gives the cells in words.

    `codes` has one array per variable (0: the top, or a table without the variable); `identity`
    is the place in `identities` of a cell's statistic, population and period.
    """

    variables: tuple[Variable, ...]
    codes: tuple[np.ndarray, ...]
    identities: tuple[Identity, ...]
    identity: np.ndarray

    def __len__(self) -> int:
        return len(self.identity)

    @overload
    def __getitem__(self, place: int) -> Cell: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Cell, ...]: ...
    def __getitem__(self, place: int | slice) -> Cell | tuple[Cell, ...]:
        if isinstance(place, slice):
            return tuple(self[at] for at in range(*place.indices(len(self))))
        pairs = (
            (variable.name, variable.codes[codes[place] - 1])
            for variable, codes in zip(self.variables, self.codes, strict=True)
            if codes[place]
        )
        return Cell(tuple(sorted(pairs)), *self.identities[self.identity[place]])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def picked(self, places: np.ndarray) -> Coordinates:
        """Return the rows at `places`."""
        codes = tuple(column[places] for column in self.codes)
        return Coordinates(self.variables, codes, self.identities, self.identity[places])

    def keys(self, fastest: int | None = None) -> np.ndarray:
        """Return one number per cell.

        The number grows by one with each number of the variable `fastest`.
        """
        columns = [(self.identity, len(self.identities))]
        columns += [
            (codes, variable.size)
            for place, (codes, variable) in enumerate(zip(self.codes, self.variables, strict=True))
            if place != fastest
        ]
        if fastest is not None:
            columns.append((self.codes[fastest], self.variables[fastest].size))
        return numbered(columns)


def numbered(columns: Sequence[tuple[np.ndarray, int]]) -> np.ndarray:
    """Return one number per row, ordered by the columns; the last column runs fastest.

    Each column comes with a number that all of its entries are below.
    """
    result, below = np.zeros(len(columns[0][0]), dtype=np.int64), 1
    for column, size in columns:
        if below * size > _LIMIT:
            present, result = np.unique(result, return_inverse=True)
            below = len(present)
        result = result * size + column
        below *= size
    return result

"""A table system: every cell that is published or withheld, and every sum that ties them.

One release is one system, so a cell that several tables share is one cell here. `linking` finds the
cells of named tables; `suppression` decides what is withheld.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from scipy import sparse

from disclosure.algebra.basis import keeps_sums
from disclosure.errors import TableError
from disclosure.tables.linking import link
from disclosure.tables.variables import Hierarchy

LARGEST = 2**52
"""The largest value or protection: up to here whole numbers and their sums are exact as floats."""

_SHOWN = 5


@dataclass(frozen=True, eq=False)
class TableSystem:
    """Cells with values, tied by `constraints @ values == 0`, and what must stay hidden.

    One entry per cell in every array. A sensitive cell must be withheld, and an attacker's interval
    for it must reach down to value - lower_protection (not below zero, since nobody expects
    negative values) and up to value + upper_protection. `cost` is what is lost when a cell is
    withheld. A cell in `publish` must not be withheld. The value of a cell with a single
    contributor is known to that contributor. `least`, if given, is what every reader knows a value
    to be at least when it is withheld; otherwise that is 0. `contributor`, if given, has equal
    numbers for cells of the same single contributor. With `integer`, values are counts, and
    an attacker knows it. `tolerance` is by how much a sum may be off, in the unit of the values:
    amounts that were rounded one by one; a billionth of what is added up is always forgiven for
    amounts. `labels` names the cells in messages; `rows` says, for each named table,
    which cell each of its rows is. `basis`, if known, spans the null space of the constraints.

    Raises TableError, naming the cells, when the input is not additive or not a table system.
    """

    values: np.ndarray
    constraints: sparse.csr_matrix
    sensitive: np.ndarray
    lower_protection: np.ndarray
    upper_protection: np.ndarray
    cost: np.ndarray
    publish: np.ndarray
    single_contributor: np.ndarray | None = None
    least: np.ndarray | None = None
    contributor: np.ndarray | None = None
    integer: bool = True
    tolerance: float = 0.0
    labels: Sequence[object] | None = field(default=None, repr=False)
    rows: Mapping[str, np.ndarray] = field(default_factory=dict, repr=False)
    basis: sparse.csr_matrix | None = field(default=None, repr=False)

    @classmethod
    def from_tables(
        cls,
        tables: Mapping[str, pl.DataFrame],
        hierarchies: Mapping[str, Hierarchy | Sequence[Hierarchy]],
        *,
        integer: bool = True,
        tolerance: float = 0.0,
    ) -> TableSystem:
        """Build one system from named tables that share cells; see `linking.link`."""
        return cls(**link(tables, hierarchies), integer=integer, tolerance=tolerance)

    def __post_init__(self) -> None:
        values = _numbers("values", self.values)
        count = len(values) if values.ndim == 1 else 0
        if not count:
            raise TableError(
                "A table system needs at least one cell and one value for each; the values have "
                f"shape {values.shape}."
            )
        if not (np.isfinite(self.tolerance) and self.tolerance >= 0):
            raise TableError(f"A tolerance is a number from 0, not {self.tolerance!r}.")
        _check_shapes(self, count)
        _check_values(self, values)
        self._set("values", values.astype(np.int64 if self.integer else np.float64))
        for name in ("lower_protection", "upper_protection", "cost"):
            self._set(name, _numbers(name, getattr(self, name)).astype(np.float64))
        for name in ("sensitive", "publish", "single_contributor"):
            if name != "single_contributor" or self.single_contributor is not None:
                flags = _numbers(name, getattr(self, name))
                _refuse(
                    self, ~np.isin(flags, (0, 1)), f"has a {name} that is neither true nor false"
                )
                self._set(name, flags.astype(bool))
        _check_least(self)
        _check_constraints(self, count)
        _check_basis(self, count)
        _check_protection(self)

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def __len__(self) -> int:
        return len(self.values)

    def name(self, cell: int) -> str:
        """Return the label of a cell, or its position when it has none."""
        return f"cell {cell}" if self.labels is None else str(self.labels[cell])

    @cached_property
    def singles(self) -> np.ndarray:
        """Cells that only their one contributor knows.

        A zero is known to everybody, unless it is sensitive: then its contributor alone knows it.
        """
        if self.single_contributor is None:
            return np.zeros(len(self), dtype=bool)
        result: np.ndarray = self.single_contributor & ((self.values > 0) | self.sensitive)
        return result

    @cached_property
    def room(self) -> np.ndarray:
        """How far each value may fall before it is below what every reader knows."""
        result: np.ndarray = self.values if self.least is None else self.values - self.least
        return result

    @cached_property
    def down(self) -> np.ndarray:
        """How far each interval must reach down: whole numbers for counts, never below `least`."""
        return self._level(np.minimum(self.lower_protection, self.room))

    @cached_property
    def up(self) -> np.ndarray:
        """How far each interval must reach up: whole numbers for counts.

        A sensitive cell without any level must still not be disclosed: its level is 1, or a
        millionth of an amount.
        """
        level = self._level(self.upper_protection)
        least = 1 if self.integer else 1e-6 * np.maximum(self.values, 1.0)
        result: np.ndarray = np.where(
            self.sensitive & (level == 0) & (self.down == 0), least, level
        )
        return result

    def _level(self, protection: np.ndarray) -> np.ndarray:
        level = np.where(self.sensitive, protection, 0.0)
        result: np.ndarray = np.ceil(level).astype(np.int64) if self.integer else level
        return result

    @cached_property
    def columns(self) -> sparse.csc_matrix:
        """The constraints by cell."""
        return self.constraints.tocsc()


def tolerated(tolerance: float, total: np.ndarray) -> np.ndarray:
    """Return by how much sums may be off; 0.1 + 0.2 is not quite 0.3, so a little more."""
    result: np.ndarray = tolerance + (1e-12 * total if tolerance else 0.0 * total)
    return result


def _numbers(name: str, given: object) -> np.ndarray:
    """Return an array of numbers; None in it is missing."""
    array = np.asarray(given)
    if array.dtype.kind == "O":
        with suppress(TypeError, ValueError):
            array = array.astype(np.float64)
    if array.dtype.kind not in "biuf":
        raise TableError(f"The {name} are not numbers but {array.dtype}.")
    return array


def _check_shapes(system: TableSystem, count: int) -> None:
    names = ["sensitive", "lower_protection", "upper_protection", "cost", "publish"]
    names += [
        n for n in ("single_contributor", "least", "contributor") if getattr(system, n) is not None
    ]
    for name in names:
        shape = np.shape(getattr(system, name))
        if shape != (count,):
            raise TableError(f"{name} has shape {shape}; {count} cells need shape ({count},).")
    if np.shape(system.constraints)[1:] != (count,):
        shape = np.shape(system.constraints)
        raise TableError(f"constraints have shape {shape}; they need {count} columns.")
    if system.labels is not None and len(system.labels) != count:
        raise TableError(f"There are {len(system.labels)} labels for {count} cells.")


def _check_values(system: TableSystem, values: np.ndarray) -> None:
    finite = np.isfinite(values.astype(np.float64))
    _refuse(system, ~finite, "has a value that is missing or infinite")
    _refuse(system, values < 0, "has a negative value")
    if system.integer:
        _refuse(system, values != np.floor(values), "has a fractional value, but counts are whole")
    _refuse(system, values > LARGEST, "has a value above 2^52; state it in a larger unit")


def _check_least(system: TableSystem) -> None:
    if system.least is None:
        return
    least = _numbers("least", system.least)
    _refuse(
        system, ~((least >= 0) & (least <= system.values)), "has a least that is not 0 to its value"
    )
    if system.integer:
        _refuse(system, least != np.floor(least), "has a fractional least, but counts are whole")
    system._set("least", least.astype(system.values.dtype))


def _check_constraints(system: TableSystem, count: int) -> None:
    try:
        constraints = sparse.csr_matrix(system.constraints).copy()
    except (TypeError, ValueError) as fault:
        raise TableError(f"The constraints are no matrix of numbers: {fault}") from fault
    constraints.sum_duplicates()
    constraints.eliminate_zeros()
    other = ~np.isin(constraints.data, (-1, 1))
    if other.any():
        cells = tuple(int(cell) for cell in np.unique(constraints.indices[other]))
        raise TableError(
            f"Constraints may hold +1 and -1 only, not {constraints.data[other][0]}, as for "
            f"{_listed(system, cells)}.",
            cells,
        )
    constraints = constraints.astype(np.int8)
    system._set("constraints", constraints)
    wide = constraints.astype(system.values.dtype)
    faults = np.abs(wide @ system.values)
    known = 0 if system.integer else 1e-9 * (abs(wide) @ system.values)
    allowed = np.maximum(known, tolerated(system.tolerance, abs(wide) @ system.values))
    wrong = np.flatnonzero(faults > allowed)
    if wrong.size:
        start, stop = constraints.indptr[wrong[0] : wrong[0] + 2]
        cells = tuple(int(cell) for cell in constraints.indices[start:stop])
        raise TableError(
            f"{wrong.size} sum(s) do not add up; the first is off by {faults[wrong[0]]}, over "
            f"{_listed(system, cells)}. Count totals from the same records as their parts, or "
            "state as tolerance by how much rounded amounts may be off.",
            cells,
        )


def _check_basis(system: TableSystem, count: int) -> None:
    if system.basis is None:
        return
    columns = system.basis.shape[1]
    if columns != count:
        raise TableError(f"The basis has {columns} columns; it needs {count}, one per cell.")
    if not keeps_sums(system.basis, system.constraints):
        raise TableError(
            "The basis does not keep the sums: it was made for other constraints. Leave it out."
        )


def _check_protection(system: TableSystem) -> None:
    for name in ("lower_protection", "upper_protection", "cost"):
        given: np.ndarray = getattr(system, name)
        _refuse(system, ~(np.isfinite(given) & (given >= 0)), f"has a {name} that is not 0 or more")
    unreachable = system.sensitive & (system.upper_protection > LARGEST)
    _refuse(system, unreachable, "has an upper_protection above 2^52; state it in a larger unit")
    both = system.sensitive & system.publish
    _refuse(system, both, "is sensitive and must be published; it cannot be both")


def _refuse(system: TableSystem, faulty: np.ndarray, fault: str) -> None:
    cells = tuple(int(cell) for cell in np.flatnonzero(faulty))
    if cells:
        more = f" ({len(cells)} cells in all)" if len(cells) > 1 else ""
        raise TableError(f"{_listed(system, cells[:1])} {fault}{more}.", cells)


def _listed(system: TableSystem, cells: tuple[int, ...]) -> str:
    shown: list[Any] = [system.name(cell) for cell in cells[:_SHOWN]]
    rest = len(cells) - _SHOWN
    return ", ".join(shown) + (f" and {rest} more" if rest > 0 else "")

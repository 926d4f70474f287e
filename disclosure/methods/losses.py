"""What readers lose with each cell, by its codes alone. What a pattern then costs is elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from disclosure.errors import DesignError
from disclosure.tables.cells import CellTable

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ReaderLoss:
    """How much readers lose with a cell: one weight by its place, one by each other dimension.

    `places` is the dimension of places. A place is national (the root and its parts that have
    parts), a region (any other code that has parts) or an area (a code without parts); `national`,
    `region` and `area` are their weights. Any other dimension, periods included, weighs `total` at
    its root, `group` at a code that has parts, and `part` at a code without. What readers lose with
    a cell is the product, so a total weighs more than its parts, and a national figure that is
    split by nothing, as headline tables show it, weighs most. A dimension without a total (the
    quarters of a stock) weighs the same everywhere. A table without places is national.

    Only codes decide, which everybody knows; two cells with the same levels weigh the same,
    whatever they hold. Raises `DesignError` for weights that are not in this order.
    """

    places: str
    national: int = 1_024
    region: int = 32
    area: int = 1
    total: int = 16
    group: int = 4
    part: int = 1

    def __post_init__(self) -> None:
        by_place = (self.national, self.region, self.area)
        by_other = (self.total, self.group, self.part)
        if not all(first > second > third > 0 for first, second, third in (by_place, by_other)):
            raise DesignError(
                f"What readers lose falls from national to area and from total to part, and stays "
                f"above 0; {by_place} and {by_other} do not."
            )

    def of(self, table: CellTable) -> Floats:
        """Return the weight of each cell of a table, in its order."""
        loss = np.full(table.cells.height, float(self.national))
        if self.places in table.dimensions:
            loss = self._along(table, self.places)
        for dimension in table.dimensions:
            if dimension != self.places:
                loss = loss * self._along(table, dimension)
        return loss

    def _along(self, table: CellTable, dimension: str) -> Floats:
        parents = table.hierarchies.get(dimension, {})
        is_place = dimension == self.places
        codes = table.cells[dimension].unique().to_list()
        weights = {code: self._weight(code, parents, is_place=is_place) for code in codes}
        found = table.cells[dimension].replace_strict(weights, return_dtype=pl.Float64)
        return np.asarray(found.to_numpy())

    def _weight(self, code: str, parents: Mapping[str, str], *, is_place: bool) -> int:
        """Return the weight of a code by where it stands in its hierarchy."""
        has_parts, is_root = code in parents.values(), code not in parents
        if is_place:
            is_national = is_root or (has_parts and parents[code] not in parents)
            return self.national if is_national else self.region if has_parts else self.area
        if not parents:
            return self.part
        return self.total if is_root else self.group if has_parts else self.part

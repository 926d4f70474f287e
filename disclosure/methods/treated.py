"""The working state of protection: true cells beside what would be published. CONFIDENTIAL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import polars as pl

from disclosure.errors import DesignError
from disclosure.perturbation.ptable import PerturbationTable
from disclosure.perturbation.readings import FigureReading
from disclosure.tables.cells import CellTable

Mask = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


class AmountRule(Protocol):
    """A rule about the contributions to an amount: it judges a cell or any union of cells."""

    @property
    def statistics(self) -> tuple[str, ...]:
        """The statistics that it judges; all, when none are named."""

    def levels(self, value: Ints, largest: Ints, other: Ints) -> tuple[Ints, Ints]:
        """Return how far below and above its value each amount must seem to reach; -1: safe.

        `largest` is the largest confidential contribution (0: none), `other` that of anybody else.
        """


@dataclass(frozen=True)
class TreatedTable:
    """One row per cell of `source`, in its order: the true cell and what is to be published of it.

    `cells` has the columns of the source and: "published" (Int64 or null: the figure that would be
    published), "status" (String: "", "c", "x", "z"), "reason" (String: what withheld it, or ""),
    "least" and "most" (Int64: what a reader who knows the method can conclude about the true value
    from the figure alone; `most` null where there is no figure), "lower_protection" and
    "upper_protection" (Int64: for sensitive cells, how far below and above the true value an
    attacker's interval must reach; null for others).

    `bases`: for statistics published as multiples of a base, that base. `draws`: for statistics
    whose figures are drawn from a perturbation table, that table. `likely`: how likely in percent a
    reader may at most think a drawn count to be under its base, or zero (0: no limit). `pattern` is
    the engine's answer, if cells were suppressed, and `solved` the rows that it was about, for the
    audit. `singletons` says whether the only contributor to a cell is assumed to know it.
    `rules` judged the cells by their contributions, and judge unions of withheld cells too
    (`methods.unions`).
    `loss` is what readers lose with each cell, where a method declares it (null: its value).
    `standing` marks the cells that readers already have.
    """

    source: CellTable
    cells: pl.DataFrame
    bases: Mapping[str, int] = field(default_factory=dict)
    draws: Mapping[str, PerturbationTable] = field(default_factory=dict)
    likely: int = 0
    pattern: Any = None
    solved: Ints | None = None
    singletons: bool = True
    standing: Mask | None = None
    rules: tuple[AmountRule, ...] = ()
    loss: npt.NDArray[np.float64] | None = None

    @property
    def withheld(self) -> Mask:
        """Whether each cell is withheld by a method (status "c")."""
        return self.mask(pl.col("status") == "c")

    @property
    def sensitive(self) -> Mask:
        """Whether a rule found each cell sensitive."""
        return self.mask(pl.col("lower_protection").is_not_null())

    def mask(self, condition: pl.Expr) -> Mask:
        """Return where `condition` holds; false where it is null."""
        found = self.cells.select(condition.fill_null(value=False)).to_series()
        return found.to_numpy().astype(np.bool_)

    def of(self, statistics: tuple[str, ...]) -> Mask:
        """Return the cells without a mark, of `statistics`, or of all when none are named.

        Raises `DesignError` for a statistic that the table does not have: it would protect nothing.
        """
        if unknown := sorted(set(statistics) - set(self.source.statistics)):
            raise DesignError(
                f"{self.source.name} has no statistic {', '.join(unknown)}; it has "
                f"{', '.join(self.source.statistics)}."
            )
        named = pl.col("statistic").is_in(statistics) if statistics else pl.lit(value=True)
        return self.mask((pl.col("mark") == "") & named)

    def among(self, statistics: tuple[str, ...]) -> Mask:
        """Return the cells that still have a figure, of `statistics` (of all if none are named)."""
        return self.of(statistics) & self.mask(pl.col("published").is_not_null())

    def withhold(self, where: Mask, reason: str, *, least: int = 0) -> TreatedTable:
        """Withhold the figures in `where`; a cell without a figure keeps its status and reason.

        `least` is what a reader who knows the method can conclude about the true values.
        """
        hit = pl.Series(where) & (self.cells["status"] == "")
        return self.with_columns_replaced(
            published=pl.when(hit).then(None).otherwise(pl.col("published")),
            status=pl.when(hit).then(pl.lit("c")).otherwise(pl.col("status")),
            reason=pl.when(hit).then(pl.lit(reason)).otherwise(pl.col("reason")),
            least=pl.when(hit).then(least).otherwise(pl.col("least")),
            most=pl.when(hit).then(None).otherwise(pl.col("most")),
        )

    def guard(
        self, where: Mask, lower: Ints, upper: Ints, reason: str, *, least: int = 0
    ) -> TreatedTable:
        """Withhold sensitive cells and note how far an attacker's interval must reach.

        A cell that several rules find sensitive gets the widest protection.
        `least` is what a reader can conclude about the true values.
        """
        sensitive = pl.Series(where) & self.cells["status"].is_in(["", "c"])
        widened = {
            name: pl.when(sensitive)
            .then(pl.max_horizontal(pl.col(name), pl.Series(width, dtype=pl.Int64)))
            .otherwise(pl.col(name))
            for name, width in (("lower_protection", lower), ("upper_protection", upper))
        }
        return self.with_columns_replaced(**widened).withhold(where, reason, least=least)

    def judged_by(self, rule: AmountRule) -> TreatedTable:
        """Return the table with one more rule that unions of withheld cells must pass."""
        return replace(self, rules=(*self.rules, rule))

    def read_as(self, where: Mask, published: Ints, reading: FigureReading) -> TreatedTable:
        """Replace the figures in `where`, and with them what `reading` says of their true values.

        `published` is 0 elsewhere.
        """
        values, place = np.unique(published, return_inverse=True)
        ends = np.array([reading.ends(int(value)) for value in values], dtype=np.int64)
        read = self.shown(where, published, ends[place, 0], ends[place, 1], reading.base)
        if reading.table is None:
            return read
        return replace(
            read, draws={**read.draws, **dict.fromkeys(self.named(where), reading.table)}
        )

    def shown(
        self, where: Mask, published: Ints, least: Ints, most: Ints, base: int
    ) -> TreatedTable:
        """Replace the figures in `where`, and what can be concluded from them."""
        hit = pl.Series(where)
        columns = {"published": published, "least": least, "most": most}
        replaced = {
            name: pl.when(hit).then(pl.Series(values, dtype=pl.Int64)).otherwise(pl.col(name))
            for name, values in columns.items()
        }
        return self.with_columns_replaced(**replaced).on_grid(where, base)

    def on_grid(self, where: Mask, base: int) -> TreatedTable:
        """Note that the statistics of the cells in `where` are published as multiples of `base`."""
        named = self.named(where)
        draws = {name: table for name, table in self.draws.items() if name not in named}
        return replace(self, bases={**self.bases, **dict.fromkeys(named, base)}, draws=draws)

    def named(self, where: Mask) -> list[str]:
        """Return the statistics of the cells in `where`."""
        found = self.cells.filter(pl.Series(where))["statistic"].unique(maintain_order=True)
        return [str(name) for name in found]

    def with_columns_replaced(self, **columns: pl.Expr | pl.Series) -> TreatedTable:
        """Return the same table with these columns replaced."""
        return replace(self, cells=self.cells.with_columns(**columns))


def untreated(table: CellTable, standing: pl.DataFrame | None = None) -> TreatedTable:
    """Return the state before any method: every figure as it is, marked cells with their marks.

    `standing` are the keys of cells that readers already have.
    """
    cells = table.cells.with_columns(
        published=pl.col("value"),
        status=pl.col("mark"),
        reason=pl.lit(""),
        least=pl.col("value").fill_null(0),
        most=pl.col("value"),
        lower_protection=pl.lit(None, dtype=pl.Int64),
        upper_protection=pl.lit(None, dtype=pl.Int64),
    )
    if standing is None:
        return TreatedTable(table, cells)
    keys = [*table.dimensions, "statistic"]
    known = standing.select(*keys, known=True)
    found = cells.join(known, on=keys, how="left", maintain_order="left")["known"]
    return TreatedTable(table, cells, standing=found.fill_null(value=False).to_numpy())

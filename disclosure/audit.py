"""The audit that ends every protection: an attack on what would be published."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from disclosure.complementary import figures, system
from disclosure.deduction import Mask, computable, propagate
from disclosure.errors import ExposureError
from disclosure.report import DisclosureReport
from disclosure.treated import TreatedTable

if TYPE_CHECKING:
    from disclosure.deduction import Floats


def audit(table: TreatedTable) -> DisclosureReport:
    """Attack what would be published; return the report, or raise ExposureError with the facts.

    The attacker knows every figure, mark, sum and method. Exposed is: a figure off the grid of its
    statistic; a withheld cell that can be calculated from figures that are exact; a sensitive cell
    whose interval is narrower than its protection; a perturbed or rounded count that is known to be
    1 to base - 1, or a withheld one that is known exactly.
    """
    low, high = ends(table)
    facts = [
        *off_grid(table),
        *calculable(table),
        *too_narrow(table, low, high),
        *small_counts(table, low, high),
    ]
    if facts:
        raise ExposureError(
            f"{table.source.name}: what would be published gives {len(facts)} facts away. "
            f"{' '.join(facts[:5])} Add or strengthen a method of this population.",
            tuple(facts),
        )
    return summary(table, low, high)


def ends(table: TreatedTable) -> tuple[Floats, Floats]:
    """Return what every figure and sum together allow each true value to be."""
    least = table.cells["least"].to_numpy().astype(np.float64)
    most = table.cells["most"].cast(pl.Float64).fill_null(np.inf).to_numpy()
    marked = table.mask(pl.col("mark") != "")
    least, most = np.where(marked, 0.0, least), np.where(marked, 0.0, most)
    return propagate(table.source.relations, least, most)


def off_grid(table: TreatedTable) -> list[str]:
    """Figures that are not multiples of the base of their statistic."""
    return [
        f"{table.source.key(row)} would be published off the grid of {base}."
        for statistic, base in table.bases.items()
        for row in rows(
            table.mask((pl.col("statistic") == statistic) & (pl.col("published") % base != 0))
        )
    ]


def calculable(table: TreatedTable) -> list[str]:
    """Return the sensitive cells of exact statistics that follow from published ones."""
    exact = table.sensitive & table.mask(~pl.col("statistic").is_in(list(table.bases)))
    unknown = table.mask(pl.col("published").is_null() & (pl.col("mark") == ""))
    found = computable(table.source.relations, unknown) if (unknown & exact).any() else []
    return [
        f"{table.source.key(row)} is withheld but can be calculated." for row in found if exact[row]
    ]


def too_narrow(table: TreatedTable, low: Floats, high: Floats) -> list[str]:
    """Sensitive cells that are bounded inside their protection, or that no certificate protects."""
    sensitive = table.sensitive
    if not sensitive.any():
        return []
    value = table.cells["value"].fill_null(0).to_numpy()
    down = np.maximum(value - table.cells["lower_protection"].fill_null(0).to_numpy(), 0)
    up = value + table.cells["upper_protection"].fill_null(0).to_numpy()
    bounded = rows(sensitive & ((low > down) | (high < up)))
    facts = [f"{table.source.key(r)} is bounded inside its protection." for r in bounded]
    if table.pattern is not None:
        from disclosure.certificate import verify  # noqa: PLC0415 scipy, only where needed

        withheld = table.withheld[figures(table)]
        verify(system(table), withheld, table.pattern.certificate)
    return facts


def small_counts(table: TreatedTable, low: Floats, high: Floats) -> list[str]:
    """Return the rounded counts that are certain to be small, or certain though withheld."""
    return [
        f"{table.source.key(row)} is certain to be small, or certain though withheld."
        for row in rows(small_counts_of(table, low, high))
    ]


def small_counts_of(table: TreatedTable, low: Floats, high: Floats) -> Mask:
    """Whether each count is certain to be 1 to base - 1, or is withheld but certain."""
    result = np.zeros(table.cells.height, dtype=np.bool_)
    for statistic, base in table.bases.items():
        of = table.mask((pl.col("statistic") == statistic) & (pl.col("mark") == ""))
        result |= of & (low >= 1) & ((high < base) | (table.withheld & (low == high)))
    return result


def rows(mask: Mask) -> list[int]:
    """Return the rows where `mask` holds."""
    return [int(row) for row in np.flatnonzero(mask)]


def summary(table: TreatedTable, low: Floats, high: Floats) -> DisclosureReport:
    """Return the report of a table that withstood the attack."""
    cells, withheld = table.cells, table.withheld
    counts = cells.filter(pl.Series(withheld))["reason"].value_counts().sort("reason")
    total = max(int(cells["value"].fill_null(0).sum()), 1)
    pattern = table.pattern
    return DisclosureReport(
        cells=cells.height,
        shown=int((cells["status"] == "").sum()),
        withheld=int(withheld.sum()),
        marked=int(cells["status"].is_in(["x", "z"]).sum()),
        by_reason=dict(counts.iter_rows()),
        cost=None if pattern is None else round(100 * pattern.cost / total),
        bound=None
        if pattern is None or pattern.bound is None
        else round(100 * pattern.bound / total),
        gap=None if pattern is None or pattern.gap is None else round(pattern.gap, 2),
        exposed=0,
        certified=pattern is not None,
        attacker=knowable(table, low, high),
    )


def knowable(table: TreatedTable, low: Floats, high: Floats) -> tuple[str, ...]:
    """Return what somebody who knows the methods can still bound, without any true value."""
    lines = []
    for statistic, base in table.bases.items():
        of = table.mask((pl.col("statistic") == statistic) & (pl.col("status") == ""))
        if of.any():
            width = int((high - low)[of].min())
            lines.append(
                f"{statistic}: figures are multiples of {base}; the narrowest range that figures "
                f"and sums together leave for a true count spans {width}."
            )
    if table.pattern is not None:
        lines.append("Every sensitive cell may lie anywhere in its protection interval.")
    return tuple(lines)

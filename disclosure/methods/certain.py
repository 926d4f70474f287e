"""Withholds figures that, together with the sums, would make a small count as good as certain."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from disclosure.errors import ExposureError
from disclosure.methods.method import Method
from disclosure.methods.ranges import ends, small_counts_of, too_likely
from disclosure.methods.rules import check_whole
from disclosure.methods.treated import Mask, TreatedTable
from disclosure.phrase import Phrase


@dataclass(frozen=True)
class WithholdCertain(Method):
    """Withhold figures that would make it certain or too likely that a count is 1 to base - 1.

    Every published figure leaves a range of true counts, and sums tie the ranges together: when a
    total is published far below its parts, all the ranges may shrink to almost nothing. That is
    rare (a few sums in ten thousand), but then a reader who knows the method knows a small count.
    Long before a count is certain it can be likely: `percent` or more, for a reader of all figures
    of one sum who knows the perturbation table and thought every count as likely as any other
    (`perturbation.splits`). The same holds for a count that is shown and as good as certain to be
    zero.

    The figure itself is withheld, and in each of its sums the smallest other one, so that the marks
    do not show which of the two it was. Where a count stays certain, the figures in its sums are
    withheld too, smallest first. All this is decided from published figures alone.

    Source: ours; the ranges are those of the feasibility intervals of Fischetti and Salazar (2001).
    """

    percent: int = 95

    def __post_init__(self) -> None:
        check_whole("The percentage of what is likely", self.percent, 51, 100)

    def treat(self, table: TreatedTable) -> TreatedTable:
        """Withhold until neither ranges nor chances give a small count away."""
        table = replace(table, likely=self.percent)
        while (certain := small_counts_of(table, *ends(table)) | too_likely(table)).any():
            table = table.withhold(chosen(table, certain), "would make a small count certain")
        return table

    @property
    def likely_percent(self) -> int:
        """The percentage."""
        return self.percent

    def words(self) -> Phrase:
        """Return the sentence, with the percentage."""
        return Phrase("withhold_certain", {"percent": self.percent})


def chosen(table: TreatedTable, certain: Mask) -> Mask:
    """Return the next figures to withhold: the certain ones, and one beside each in its sums."""
    shown = table.mask(pl.col("status") == "")
    published = table.cells["published"].fill_null(0).to_numpy()
    result = certain & shown
    hidden = result | table.withheld
    stuck = not result.any()
    for total, parts in table.source.relations:
        cells = np.append(parts, total)
        alone = hidden[cells].sum() == 1 and result[cells].any()
        if alone or (stuck and certain[cells].any()):
            others = parts[shown[parts] & ~hidden[parts]]
            beside = others if others.size else cells[shown[cells] & ~hidden[cells]]
            if beside.size:
                result[beside[np.argmin(published[beside])]] = True
                hidden |= result
    if not result.any():
        raise ExposureError(f"{table.source.name}: a small count follows from the marks alone.")
    return result

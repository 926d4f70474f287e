"""Group disclosure: when all of a group share a category, each member's category is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from disclosure import algebra, tables
from disclosure.methods.losses import Floats, ReaderLoss
from disclosure.methods.method import OfStatistics
from disclosure.methods.treated import Mask, TreatedTable
from disclosure.phrase import Phrase
from disclosure.tables.relations import Ints, Relations


@dataclass(frozen=True)
class GroupDisclosure(OfStatistics):
    """Withhold the split of a group by a sensitive dimension when one category holds all of it.

    A group is a cell with the other dimensions fixed; its categories are its parts along one of
    `dimensions`. When exactly one part of a group is published above zero, everybody in the group
    appears to share that category. Then all parts of the group, zeros included, and whatever is
    below them, are withheld; the total of the group stays.

    For perturbed counts this is decided from the published figures alone, never from the true ones,
    so the mark says only what a reader could see from the figures that it replaces. A true group of
    one category whose published figures show two needs no mark, since no reader can see it.

    A withheld part must not be recovered through another margin (the same category in all other
    areas, subtracted from the region). Perturbed parts do not add up to perturbed totals, so such a
    difference is only an estimate; but the pattern is as strict as if they did. By elimination,
    further cells are withheld until no withheld part is a sum or difference of shown cells. The
    total of such a group is withheld only when nothing else is enough. Of the others those are kept
    first with which readers would lose most, as `loss` says by their codes, and among equals those
    with large published figures: again nothing is judged by true counts.

    Source: Hundepool et al. (2012), Statistical Disclosure Control, section 5.2 (group disclosure);
    the further cells withheld in perturbed tables are ours.
    """

    dimensions: tuple[str, ...]
    statistics: tuple[str, ...] = ()
    loss: ReaderLoss | None = None

    def treat(self, table: TreatedTable) -> TreatedTable:
        """Withhold the parts of one-category groups, and what they could be recovered from."""
        among = table.among(self.statistics)
        found, totals = np.zeros_like(among), np.zeros_like(among)
        published = table.cells["published"].fill_null(0).to_numpy()
        for dimension in self.dimensions:
            one_category(table.source.relations, dimension, published, among, found, totals)
        if not found.any():
            return table
        none = np.zeros(len(found), dtype=np.int64)
        guarded = table.guard(found, none, none, "group disclosure")
        loss = none if self.loss is None else self.loss.of(table.source)
        beside = needed_beside(guarded, published, loss, totals & ~found)
        return guarded.withhold(beside, "beside a withheld group")

    @property
    def guards(self) -> tuple[str, ...]:
        """The sensitive dimensions."""
        return self.dimensions

    @property
    def named(self) -> tuple[str, ...]:
        """The sensitive dimensions, and that of places."""
        return (*self.guards, *(() if self.loss is None else (self.loss.places,)))

    def words(self) -> Phrase:
        """Return the sentence, with the names of the sensitive dimensions."""
        return Phrase("group_disclosure", {"dimensions": self.dimensions})


def one_category(
    sums: Relations, dimension: str, published: Ints, among: Mask, found: Mask, totals: Mask
) -> None:
    """Note in `found` and `totals` the parts and totals of one-category groups of `dimension`."""
    along = (sums.dimension == dimension)[sums.relation] & (sums.coefficient < 0)
    of, part = sums.relation[along], sums.cell[along]
    parts = np.bincount(of, minlength=sums.count)
    positive = np.bincount(of, published[part] > 0, sums.count)
    whole = np.bincount(of, among[part], sums.count) == parts
    one = (parts > 1) & (positive == 1) & whole
    totals[sums.total[one]] = True
    hit = np.zeros_like(found)
    hit[part[one[of]]] = True
    before = -1
    while before != hit.sum():
        before = int(hit.sum())
        hit[part[hit[sums.total[of]]]] = True
    found |= hit & among


def needed_beside(table: TreatedTable, published: Ints, loss: Ints | Floats, totals: Mask) -> Mask:
    """Return the cells to withhold so that no sensitive one is a combination of shown ones.

    Shown are, in this order, totals of groups, cells with a great loss, and large figures.
    """
    cells = table.cells.height
    known = table.mask(pl.col("mark") != "")
    watched = np.flatnonzero(table.sensitive)
    candidates = np.flatnonzero(~table.withheld & ~known)
    first = (candidates, -published[candidates], -loss[candidates], ~totals[candidates])
    order = candidates[np.lexsort(first)]
    sums = tables.relation_matrix(table.source.relations, cells)
    basis = algebra.constraint_basis(sums, published.astype(np.float64))
    beside = np.zeros(cells, dtype=np.bool_)
    beside[list(algebra.eliminate(basis, order, 0, watched).withheld)] = True
    return beside

"""Group disclosure: when all of a group share one category, the category is known of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from disclosure.relations import Ints, Relations
from disclosure.treated import Mask, TreatedTable


@dataclass(frozen=True)
class GroupDisclosure:
    """Withhold the split of a group by a sensitive dimension when one category holds all of it.

    A group is a cell with the other dimensions fixed; its categories are its parts along one of
    `dimensions`. When exactly one part of a group is published above zero, everybody in the group
    appears to share that category. Then all parts of the group, zeros included, and whatever is
    below them, are withheld; the total of the group stays.

    For perturbed counts this is decided from the published figures alone, never from the true
    ones: the mark says only what a reader could see from the figures that it replaces. A true
    group of one category whose published figures show two needs no mark, since no reader can tell.

    A withheld part must not come back through another margin (the same category in all other areas,
    taken from the region). Perturbed parts do not add to perturbed totals, so such a difference is
    an estimate, yet the pattern is made as strict as if they did: in every sum among the cells,
    beside a withheld cell another is withheld, the smallest published one first and again by the
    published figures alone, until no sum holds a single withheld cell.

    Source: Hundepool et al. (2012), Statistical Disclosure Control, section 5.2 (group disclosure);
    the closing under sums for perturbed tables is ours.
    """

    dimensions: tuple[str, ...]
    statistics: tuple[str, ...] = ()

    def treat(self, table: TreatedTable) -> TreatedTable:
        """Withhold the parts of one-category groups, and what would give them back."""
        among = table.among(self.statistics)
        found = np.zeros_like(among)
        sums = table.source.relations
        published = table.cells["published"].fill_null(0).to_numpy()
        for dimension in self.dimensions:
            found |= self.one_category(sums, dimension, published, among)
        if not found.any():
            return table
        beside = close(sums, found, published, among) & ~found
        return table.withhold(found, "group disclosure").withhold(beside, "beside a withheld group")

    def one_category(self, sums: Relations, dimension: str, published: Ints, among: Mask) -> Mask:
        """The parts of every group all of which is published in one part of `dimension`."""
        along = [
            (total, parts)
            for (total, parts), name in zip(sums, sums.dimension, strict=True)
            if name == dimension
        ]
        found = np.zeros_like(among)
        for _, parts in along:
            one = len(parts) > 1 and int((published[parts] > 0).sum()) == 1
            if one and among[parts].all():
                found[parts] = True
        return below(along, found)


def below(along: list[tuple[int, Ints]], found: Mask) -> Mask:
    """`found`, and everything that is part of what is found."""
    result = found.copy()
    while True:
        before = int(result.sum())
        for total, parts in along:
            if result[total]:
                result[parts] = True
        if int(result.sum()) == before:
            return result


def close(sums: Relations, found: Mask, published: Ints, among: Mask) -> Mask:
    """`found`, and in every sum that would hold a single withheld cell the smallest other one."""
    result = found.copy()
    relations = [np.append(parts, total) for total, parts in sums]
    changed = True
    while changed:
        changed = False
        for cells in relations:
            if int(result[cells].sum()) != 1 or not found[cells].any() and not result[cells].any():
                continue
            others = [int(c) for c in cells if not result[c] and among[c]]
            if others:
                result[min(others, key=lambda c: (published[c], c))] = True
                changed = True
    return result

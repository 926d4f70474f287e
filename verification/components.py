"""Sums that share no unknown cell can be solved separately."""

from __future__ import annotations

from collections.abc import Sequence

from verification.cells import Cell
from verification.relations import Sum


def components(sums: Sequence[Sum]) -> list[list[Sum]]:
    """Split sums into sets that have no unknown cell in common; known sums are left out."""
    leader: dict[Cell, Cell] = {}
    open_sums = [(sum_, unknown) for sum_ in sums if (unknown := unknowns(sum_))]
    for _, unknown in open_sums:
        top = _top(leader, unknown[0])
        for cell in unknown[1:]:
            leader[_top(leader, cell)] = top
    found: dict[Cell, list[Sum]] = {}
    for sum_, unknown in open_sums:
        found.setdefault(_top(leader, unknown[0]), []).append(sum_)
    return list(found.values())


def unknowns(sum_: Sum) -> list[Cell]:
    """Return the cells of a sum that are not known exactly."""
    return [known.cell for known, _ in sum_.cells if not known.is_exact]


def _top(leader: dict[Cell, Cell], cell: Cell) -> Cell:
    """Return the cell that stands for a whole set, shortening the way to it."""
    while leader.setdefault(cell, cell) != cell:
        leader[cell] = leader.setdefault(leader[cell], leader[cell])
        cell = leader[cell]
    return cell

"""Sums that share no unknown cell can be reasoned about apart."""

from __future__ import annotations

from collections.abc import Sequence

from verification.cells import Cell
from verification.relations import Sum


def components(sums: Sequence[Sum]) -> list[list[Sum]]:
    """Split sums into sets that have no unknown cell in common; known sums are left out."""
    leader: dict[Cell, Cell] = {}
    open_sums = [(told, unknown) for told in sums if (unknown := unknowns(told))]
    for _, unknown in open_sums:
        top = _top(leader, unknown[0])
        for cell in unknown[1:]:
            leader[_top(leader, cell)] = top
    found: dict[Cell, list[Sum]] = {}
    for told, unknown in open_sums:
        found.setdefault(_top(leader, unknown[0]), []).append(told)
    return list(found.values())


def unknowns(told: Sum) -> list[Cell]:
    """Return the cells of a sum that are not known exactly."""
    return [known.cell for known, _ in told.cells if not known.is_exact]


def _top(leader: dict[Cell, Cell], cell: Cell) -> Cell:
    """Return the cell that stands for a whole set, shortening the way to it."""
    while leader.setdefault(cell, cell) != cell:
        leader[cell] = leader.setdefault(leader[cell], leader[cell])
        cell = leader[cell]
    return cell

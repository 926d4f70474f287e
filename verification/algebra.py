"""Withheld cells that can be calculated exactly, by elimination in exact fractions.

The value of a withheld cell is found in three ways, the simplest first, until nothing new follows:
parts of a total of zero are zero; a sum with one unknown gives it; and several sums together give
one when all other unknowns cancel out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeVar

from verification.cells import Cell
from verification.knowledge import Known
from verification.relations import Sum

K = TypeVar("K")


@dataclass(frozen=True)
class Term:
    """One figure of a calculation: how often it is added, and its value."""

    cell: Known
    factor: Fraction
    value: Fraction


@dataclass(frozen=True)
class Solution:
    """A withheld cell that can be calculated: its value, as a sum of other figures."""

    cell: Known
    value: Fraction
    terms: tuple[Term, ...]


@dataclass
class Equation:
    """One equation in progress: its unknowns, and the sums that it was made of."""

    unknown: dict[Cell, Fraction]
    made_of: dict[int, Fraction] = field(default_factory=dict)


@dataclass(frozen=True)
class Solved:
    """What follows from some sums: calculated cells, and whether the sums contradict."""

    solutions: tuple[Solution, ...]
    is_consistent: bool


def solve(sums: Sequence[Sum]) -> Solved:
    """Calculate every withheld cell that follows exactly from sums without negative figures."""
    values: dict[Cell, Fraction] = {}
    solutions: dict[Cell, Solution] = {}
    while True:
        found = {**_nothings(sums, values), **_singles(sums, values)}
        if not found:
            found, is_consistent = _combined(sums, values)
            if not found or not is_consistent:
                return Solved(tuple(solutions.values()), is_consistent)
        for cell, solution in found.items():
            values[cell] = solution.value
            solutions.setdefault(cell, solution)


def _unknown(sum_: Sum, values: Mapping[Cell, Fraction]) -> list[tuple[Known, int]]:
    return [(k, s) for k, s in sum_.cells if k.most is None and k.cell not in values]


def _worth(known: Known, values: Mapping[Cell, Fraction]) -> Fraction:
    """Return the value of a cell: 0 as long as it is unknown."""
    return values.get(known.cell, Fraction(0)) if known.most is None else known.least


def _known(sum_: Sum, values: Mapping[Cell, Fraction]) -> Fraction:
    """Return the sum of what is known of an equation, signs included."""
    return sum((s * _worth(k, values) for k, s in sum_.cells), Fraction(0))


def _nothings(sums: Iterable[Sum], values: Mapping[Cell, Fraction]) -> dict[Cell, Solution]:
    """Withheld cells that are zero because nothing is left for any of them."""
    found = {}
    for sum_ in sums:
        unknown = _unknown(sum_, values)
        if len({sign for _, sign in unknown}) == 1 and _known(sum_, values) == 0:
            for cell, _ in unknown:
                found[cell.cell] = Solution(cell, Fraction(0), ())
    return found


def _singles(sums: Iterable[Sum], values: Mapping[Cell, Fraction]) -> dict[Cell, Solution]:
    """Withheld cells that are alone in some sum."""
    found = {}
    for sum_ in sums:
        unknown = _unknown(sum_, values)
        if len(unknown) == 1:
            cell, sign = unknown[0]
            others = [(k, Fraction(-s * sign)) for k, s in sum_.cells if k is not cell]
            terms = tuple(Term(k, factor, _worth(k, values)) for k, factor in others)
            found[cell.cell] = Solution(cell, -sign * _known(sum_, values), terms)
    return found


def _combined(
    sums: Sequence[Sum], values: Mapping[Cell, Fraction]
) -> tuple[dict[Cell, Solution], bool]:
    """Withheld cells that follow when several sums are added and subtracted."""
    cells = {k.cell: k for sum_ in sums for k, _ in sum_.cells}
    reduced, empty = _reduced(sums, values)
    constants = [_known(sum_, values) for sum_ in sums]
    is_consistent = all(_value(row, constants) == 0 for row in empty)
    found = {}
    for row in reduced:
        if len(row.unknown) == 1:
            [(cell, factor)] = row.unknown.items()
            terms = _terms(row, sums, cell, factor)
            worth = tuple(Term(k, weight, _worth(k, values)) for k, weight in terms)
            found[cell] = Solution(cells[cell], -_value(row, constants) / factor, worth)
    return found, is_consistent


def _value(row: Equation, constants: Sequence[Fraction]) -> Fraction:
    return sum((factor * constants[i] for i, factor in row.made_of.items()), Fraction(0))


def _terms(
    row: Equation, sums: Sequence[Sum], cell: Cell, factor: Fraction
) -> list[tuple[Known, Fraction]]:
    """Return the other cells of a combination of sums; what cancels out is left out."""
    total: dict[Cell, tuple[Known, Fraction]] = {}
    for i, weight in row.made_of.items():
        for known, sign in sums[i].cells:
            held = total.get(known.cell, (known, Fraction(0)))[1]
            total[known.cell] = (known, held - weight * sign / factor)
    return [(k, weight) for k, weight in total.values() if weight and k.cell != cell]


def _reduced(
    sums: Sequence[Sum], values: Mapping[Cell, Fraction]
) -> tuple[list[Equation], list[Equation]]:
    """Bring the sums to reduced row echelon form; return also the rows without unknowns."""
    pivots: dict[Cell, Equation] = {}
    empty = []
    for i, sum_ in enumerate(sums):
        unknown = {k.cell: Fraction(s) for k, s in _unknown(sum_, values)}
        row = Equation(unknown, {i: Fraction(1)})
        for cell in [c for c in row.unknown if c in pivots]:
            _subtract(row, pivots[cell], cell)
        if not row.unknown:
            empty.append(row)
            continue
        pivot = next(iter(row.unknown))
        for other in pivots.values():
            if pivot in other.unknown:
                _subtract(other, row, pivot)
        pivots[pivot] = row
    return list(pivots.values()), empty


def _subtract(row: Equation, other: Equation, cell: Cell) -> None:
    """Subtract a multiple of another row so that a cell vanishes from this one."""
    factor = row.unknown[cell] / other.unknown[cell]
    _take(row.unknown, other.unknown, factor)
    _take(row.made_of, other.made_of, factor)


def _take(own: dict[K, Fraction], theirs: Mapping[K, Fraction], factor: Fraction) -> None:
    for key, weight in theirs.items():
        left = own.get(key, Fraction(0)) - factor * weight
        if left:
            own[key] = left
        else:
            own.pop(key, None)

"""Plain elimination in fractions, for tests: what follows exactly from published cells.

Shares nothing with the library: no prime field, no order of cells, no floats.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

Row = dict[int, Fraction]


def determined(constraints, withheld: Iterable[int]) -> set[int]:
    """Return the withheld cells that every table with these sums and published cells agrees on."""
    return {pivot for pivot, row in solved(constraints, withheld).items() if len(row) == 1}


def solved(constraints, withheld: Iterable[int]) -> dict[int, Row]:
    """Return the sums over the withheld cells, each solved for a cell that no other one holds."""
    open_cells = set(withheld)
    rows: dict[int, Row] = {}
    matrix = constraints.tocsr()
    for start, stop in zip(matrix.indptr, matrix.indptr[1:], strict=False):
        pairs = zip(matrix.indices[start:stop], matrix.data[start:stop], strict=True)
        row = {int(cell): Fraction(int(sign)) for cell, sign in pairs if int(cell) in open_cells}
        for pivot in [cell for cell in row if cell in rows]:
            take(row, rows[pivot], row[pivot])
        if row:
            pivot = min(row)
            share = row[pivot]
            scaled = {cell: value / share for cell, value in row.items()}
            for other in rows.values():
                if pivot in other:
                    take(other, scaled, other[pivot])
            rows[pivot] = scaled
    return rows


def take(row: Row, other: Row, times: Fraction) -> None:
    """Take `times` times `other` from `row`."""
    for cell, value in other.items():
        left = row.get(cell, Fraction(0)) - times * value
        if left:
            row[cell] = left
        else:
            row.pop(cell, None)


def moves(constraints, withheld: Iterable[int]) -> list[dict[int, Fraction]]:
    """Return a basis of the ways in which tables that agree can differ: cell -> step."""
    open_cells = sorted(set(withheld))
    rows = solved(constraints, open_cells)
    free = [cell for cell in open_cells if cell not in rows]
    return [
        {one: Fraction(1)} | {pivot: -row[one] for pivot, row in rows.items() if one in row}
        for one in free
    ]


def alone_in_a_sum(constraints, withheld: Iterable[int]) -> set[int]:
    """Return the withheld cells that are the only one of some sum: one subtraction tells them."""
    open_cells = set(withheld)
    matrix = constraints.tocsr()
    found = set()
    for start, stop in zip(matrix.indptr, matrix.indptr[1:], strict=False):
        inside = [int(cell) for cell in matrix.indices[start:stop] if int(cell) in open_cells]
        if len(inside) == 1:
            found.add(inside[0])
    return found

"""Sums drawn as text, for tests of the arithmetic alone: `t = a + b`, with what is known."""

from __future__ import annotations

from fractions import Fraction

from verification.cells import Cell
from verification.knowledge import Known
from verification.relations import Sum
from verification.tables import Figure


def known(name, value=None, least=0, most=None):
    """A cell that is withheld, exact, or between two counts."""
    cell = Cell("settings", (("area", name),))
    marker = "" if value else "c"
    figure = Figure(1, "settings", cell.codes, value, marker, "", (name, "Settings"))
    low, high = (value, value) if value is not None else (least, most)
    top = None if high is None else Fraction(high)
    return Known(cell, figure, "2026-27Q2", Fraction(low), top)


def equations(text, **figures):
    """Sums of a text, one a line; names that are not told are withheld."""
    cells = {}
    found = []
    for line in text.strip().splitlines():
        whole, parts = line.split("=")
        names = [whole.strip(), *(part.strip() for part in parts.split("+"))]
        for name in names:
            value = figures.get(name)
            ends = {"least": value[0], "most": value[1]} if isinstance(value, tuple) else {}
            number = value if isinstance(value, int) else None
            cells.setdefault(name, known(name, number, **ends))
        found.append(Sum(cells[names[0]], tuple(cells[name] for name in names[1:])))
    return found


def name_of(cell):
    return dict(cell.codes)["area"]

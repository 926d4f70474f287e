"""What a reader knows of each cell: its figure, that it is withheld, or that there is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from verification.cells import Cell, Edition
from verification.methods import Reading
from verification.tables import Figure

ABSENT = ("z", "x")


@dataclass(frozen=True)
class Known:
    """One cell as a reader has it, from the release of a period.

    From `least` to `most` is what can stand behind it; withheld cells have no `most`. A cell that
    has no figure (z, x) adds nothing to a total.
    """

    cell: Cell
    figure: Figure
    period: str
    least: Fraction
    most: Fraction | None
    is_absent: bool = False

    @property
    def is_exact(self) -> bool:
        """Whether the figure is the count itself."""
        return self.least == self.most


Knowledge = Mapping[Cell, Known]
Families = Mapping[Cell, Mapping[str, Known]]
"""Cells that differ in one dimension only: their cell at its root, then their code."""


def knowledge(editions: Sequence[Edition], reading: Reading) -> dict[Cell, Known]:
    """Gather what one release shows, and what older ones show beyond it; rates are left out."""
    found: dict[Cell, Known] = {}
    for edition in editions:
        for cell, figures in edition.shown.items():
            if cell.measure in reading.rates or any(figure.date for figure in figures):
                continue
            told = _known(cell, figures, edition.period, reading)
            held = found.get(cell)
            if held is None or (held.most is None and told.most is not None and not told.is_absent):
                found[cell] = told
    return found


def _known(cell: Cell, figures: Iterable[Figure], period: str, reading: Reading) -> Known:
    figure = min(figures, key=lambda f: (f.value is None, f.marker != "c"))
    if figure.value is None:
        absent = figure.marker in ABSENT or not figure.marker
        return Known(cell, figure, period, Fraction(0), Fraction(0) if absent else None, absent)
    if cell.measure in reading.perturbed:
        least, most = reading.ends(cell.measure, figure.value)
        return Known(cell, figure, period, Fraction(least), Fraction(most))
    return Known(cell, figure, period, figure.value, figure.value)


def families(known: Knowledge, dimension: str) -> Families:
    """Group cells that differ in one dimension only: by their cell at its root, then by code."""
    found: dict[Cell, dict[str, Known]] = {}
    for cell, told in known.items():
        code = dict(cell.codes).get(dimension, "")
        found.setdefault(cell.at(dimension, ""), {})[code] = told
    return {root: cells for root, cells in found.items() if len(cells) > 1}

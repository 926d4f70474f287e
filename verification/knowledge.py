"""What a reader knows of each cell: its figure, that it is withheld, or that there is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from verification.cells import Cell, EditionCells
from verification.methods import StatedMethods
from verification.tables import Figure

ABSENT = ("z", "x")
INCOMPLETE = "i"
"""Marks a figure that leaves out a part which is not available."""
ESTIMATED = "e"
"""Marks an estimate, or a figure that holds one."""
RELEASE = "release"


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
    def is_shown(self) -> bool:
        """Whether there is a figure."""
        return self.most is not None and not self.is_absent

    @property
    def is_lacking(self) -> bool:
        """Whether a total with this part leaves something out."""
        return self.figure.marker in ("x", INCOMPLETE)

    @property
    def is_exact(self) -> bool:
        """Whether the figure is the count itself."""
        return self.least == self.most


Knowledge = Mapping[Cell, Known]
Families = Mapping[Cell, Mapping[str, Known]]
"""Cells that differ in one dimension only: their cell at its root, then their code."""


def knowledge(edition: EditionCells, methods: StatedMethods) -> dict[Cell, Known]:
    """Gather what one release shows of each cell; rates and dates are left out.

    So are estimates of counts of people: they are no count, and add up to none.
    """
    return {
        cell: _known(cell, counted, edition.period, methods)
        for cell, figures in edition.shown.items()
        if cell.measure not in methods.rates and not any(figure.date for figure in figures)
        if (counted := _counted(figures, is_drawn=cell.measure in methods.perturbed))
    }


def _counted(figures: Iterable[Figure], *, is_drawn: bool) -> list[Figure]:
    return [figure for figure in figures if not (is_drawn and figure.marker == ESTIMATED)]


def together(*releases: Knowledge) -> list[dict[Cell, Known]]:
    """Return what is known from each of several releases, given the others, by its own cells.

    The newest come first. A cell that releases show alike is one cell, and so is one that some of
    them withhold: what the newest shows that has a figure is taken for it. A figure that was
    revised stands for a cell of its own.
    """
    best: dict[Cell, Known] = {}
    for release in releases:
        for cell, theirs in release.items():
            if cell not in best or (best[cell].most is None and theirs.is_shown):
                best[cell] = theirs
    return [
        {cell: _as_known(best[cell], theirs, number) for cell, theirs in release.items()}
        for number, release in enumerate(releases)
    ]


def _as_known(best: Known, theirs: Known, number: int) -> Known:
    """Return what is known of a cell from one release (`theirs`) and from the newest (`best`)."""
    if best.figure.shown == theirs.figure.shown or (theirs.most is None and best.is_shown):
        return best
    of = (RELEASE, f"{theirs.period} ({number})")
    return replace(theirs, cell=Cell(theirs.cell.measure, (*theirs.cell.codes, of)))


def _known(cell: Cell, figures: Iterable[Figure], period: str, methods: StatedMethods) -> Known:
    figure = min(figures, key=lambda f: (f.value is None, f.marker != "c"))
    if figure.value is None:
        absent = figure.marker in ABSENT or not figure.marker
        return Known(cell, figure, period, Fraction(0), Fraction(0) if absent else None, absent)
    if cell.measure in methods.perturbed:
        least, most = methods.ends(cell.measure, figure.value)
        return Known(cell, figure, period, Fraction(least), Fraction(most))
    return Known(cell, figure, period, figure.value, figure.value)


def families(known: Knowledge, dimensions: Iterable[str]) -> dict[str, Families]:
    """Group cells by each dimension: those that differ in its code only are one family."""
    return {dimension: _families(known, dimension) for dimension in dimensions}


def _families(known: Knowledge, dimension: str) -> Families:
    found: dict[Cell, dict[str, Known]] = {}
    for cell, own in known.items():
        code = cell.code(dimension)
        root = cell.at(dimension, "") if code else cell
        found.setdefault(root, {})[code] = own
    return {root: cells for root, cells in found.items() if len(cells) > 1}

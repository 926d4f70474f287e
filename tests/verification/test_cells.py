"""One cell in several tables: its figures agree, but for an estimate beside an area left out."""

from __future__ import annotations

from fractions import Fraction

import pytest

from verification.cells import Cell, EditionCells, contradictions
from verification.tables import Figure

CELL = Cell("starts", (("quarter", "2026-27Q2"),))


def places(*shown: str) -> list[str]:
    """Return the tables that contradict others; each shows one figure, such as "950 e"."""
    figures = []
    for table, words in enumerate(shown, 1):
        value, _, marker = words.partition(" ")
        about = (table, "starts", CELL.codes, Fraction(value), marker, "", ("England",))
        figures.append(Figure(*about))
    found = contradictions(EditionCells("2026-27Q2", {}, {CELL: tuple(figures)}))
    return [finding.message.split(",")[0] for finding in found]


@pytest.mark.parametrize(
    ("shown", "found"),
    [
        (("900", "900"), []),
        (("900", "905"), ["Table 2"]),
        (("900 i", "950 e"), []),
        (("900 i", "950 e", "950 e", "900 i"), []),
        (("900 i", "950 e", "960 e"), ["Table 3"]),
        (("950 e", "900 i", "905 i"), ["Table 3"]),
        (("900 i", "950 e", "950"), ["Table 3"]),
        (("900 p", "900 p", "905 p"), ["Table 3"]),
    ],
)
def test_figures_of_a_cell_agree_with_those_made_in_the_same_way(shown, found):
    assert places(*shown) == found

"""Counts that the published figures of one sum make too likely to be small, or to be zero."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from disclosure.attacker.linked import Linked
from disclosure.attacker.one_system import Fact
from disclosure.attacker.what_is_shown import Reading
from disclosure.inference.deduction import Ints
from disclosure.perturbation.splits import NOTHING, UNKNOWN, likeliest


def likely_facts(linked: Linked, readings: Mapping[str, Reading]) -> Iterator[Fact]:
    """Give a fact for every count that is likelier than its reading allows, shown or withheld."""
    figures = figures_of(linked, readings)
    for statistic, reading in readings.items():
        drawn = reading.figures.table
        if drawn is None or not reading.likely_percent:
            continue
        of = (linked.cells["statistic"] == statistic).to_numpy() & (figures != NOTHING)
        small, zero = likeliest(drawn, linked, figures, of)
        likely = np.maximum(small, zero) * 100 >= reading.likely_percent
        for row in np.flatnonzero(likely & of).tolist():
            is_zero = zero[row] > small[row]
            low, high = (0, 0) if is_zero else (1, drawn.base - 1)
            words = f"{linked.codes(row)} is {low} to {high} with a chance of "
            words += f"{100 * max(small[row], zero[row]):.0f} in 100 by the figures of one sum"
            yield Fact(row, "likely", low, high, words, place_of(linked, row))


def figures_of(linked: Linked, readings: Mapping[str, Reading]) -> Ints:
    """Return one number per cell: its figure where it is first shown, `UNKNOWN` or `NOTHING`."""
    columns = linked.cells.select("statistic", "values", "status").iter_rows()
    return np.array(
        [figure(values, marks, readings.get(name, Reading())) for name, values, marks in columns],
        dtype=np.int64,
    )


def figure(
    values: Sequence[int | None] | None, marks: Sequence[str] | None, reading: Reading
) -> int:
    """Return the first figure of a cell, else `NOTHING` if its marks mean zero, or `UNKNOWN`."""
    shown = [value for value in values or () if value is not None]
    if shown:
        return shown[0]
    empty = any(reading.ends(None, mark) == (0.0, 0.0) for mark in marks or ())
    return NOTHING if empty else UNKNOWN


def place_of(linked: Linked, row: int) -> dict[str, str]:
    """Return the codes and the statistic of a cell, by column."""
    cell = linked.cells.row(row, named=True)
    return {name: str(cell[name]) for name in (*linked.dimensions, "statistic")}

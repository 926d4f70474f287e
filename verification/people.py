"""Counts of people as they stand: none that is not a multiple of the base, so none of 1 to 4."""

from __future__ import annotations

from collections.abc import Iterable

from verification.findings import PEOPLE, Finding
from verification.methods import Reading
from verification.tables import Table


def unprotected(tables: Iterable[Table], reading: Reading) -> list[Finding]:
    """List the counts of people that were not perturbed to a multiple of the base."""
    found = []
    for table in tables:
        for figure in table.figures:
            told = reading.perturbed.get(figure.measure)
            if told is None or figure.value is None:
                continue
            if figure.value < 0 or figure.value % told.base:
                small = "a small count of people and " if 0 < figure.value < told.base else ""
                says = f"{figure.place}: {figure.shown} is {small}no multiple of {told.base}."
                found.append(Finding(PEOPLE, says))
    return found

"""Counts of people as they stand: changed as the manifest says, and never small."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from verification.findings import PEOPLE, Finding
from verification.methods import StatedMethods
from verification.tables import Figure, Table


def unprotected(tables: Iterable[Table], methods: StatedMethods) -> list[Finding]:
    """List the counts that are small or off their base, and those that nothing explains."""
    found = [
        Finding(PEOPLE, f"manifest.json does not say how figures of {measure} are to be read.")
        for measure in sorted(methods.unstated)
    ]
    figures = (figure for table in tables for figure in table.figures)
    return found + [
        Finding(PEOPLE, f"{figure.place}: {figure.shown} is {fault}.")
        for figure in figures
        for fault in _faults(figure, methods)
    ]


def _faults(figure: Figure, methods: StatedMethods) -> Iterator[str]:
    """Say what is wrong with one figure, if it is of people or was changed."""
    behind, value = methods.perturbed.get(figure.measure), figure.value
    if value is None or not (behind or figure.measure in methods.people):
        return
    is_small = figure.measure in methods.people and value in methods.small(figure.measure)
    small = "a small count of people" if is_small else ""
    off = f"no multiple of {behind.base}" if behind and (value < 0 or value % behind.base) else ""
    if small or off:
        yield " and ".join(filter(None, (small, off)))

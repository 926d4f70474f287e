"""The ranges that the open data state: each is what the manifest says of such a figure."""

from __future__ import annotations

from collections.abc import Iterable

from verification.findings import INTEGRITY, Finding
from verification.knowledge import ESTIMATED, INCOMPLETE
from verification.methods import StatedMethods
from verification.tables import Figure, Table

NO_RANGE = ("", "")


def wrong_ranges(
    tables: Iterable[Table], methods: StatedMethods, *, is_earlier: bool = False
) -> list[Finding]:
    """List the figures whose stated range is not that of their value.

    A rate, a date and an estimate have no range. A figure that leaves out areas can hold estimates
    of others, and then has none. A release of an earlier form states none, but one that states
    ranges states them in every table. The first to state them, which `is_earlier`, give an
    estimate the range of its value.
    """
    known = [(table, any(f.ends is not None for f in table.figures)) for table in tables]
    if not any(states for _, states in known):
        return []
    missing = [
        Finding(INTEGRITY, f"{table.path} has no columns lower and upper, which other tables have.")
        for table, states in known
        if not states
    ]
    return missing + [
        Finding(INTEGRITY, f"{figure.place}: the range of {figure.shown} is not as stated.")
        for table, states in known
        if states
        for estimated in [_estimated(table)]
        for figure in table.figures
        if figure.ends not in _allowed(figure, estimated, methods, is_earlier)
    ]


def _estimated(table: Table) -> frozenset[str]:
    """Return the measures of a table of which it shows an estimate."""
    return frozenset(figure.measure for figure in table.figures if figure.marker == ESTIMATED)


def _allowed(
    figure: Figure, estimated: frozenset[str], methods: StatedMethods, is_earlier: bool
) -> tuple[tuple[str, str], ...]:
    """Return the ranges that the open data can state of a figure."""
    if figure.marker == ESTIMATED and not is_earlier:
        return (NO_RANGE,)
    own = _ends(figure, methods)
    is_mixed = figure.marker == INCOMPLETE and figure.measure in estimated
    return (own, NO_RANGE) if is_mixed else (own,)


def _ends(figure: Figure, methods: StatedMethods) -> tuple[str, str]:
    """Return both ends as the open data should have them."""
    if figure.value is not None and figure.measure in methods.stated:
        return str(figure.value), str(figure.value)
    if figure.value is None or figure.measure not in methods.perturbed:
        return NO_RANGE
    lower, upper = methods.ends(figure.measure, figure.value)
    return str(lower), str(upper)

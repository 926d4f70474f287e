"""Figures of periods that are not settled, and their mark `[p]`, by a declared rule."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from publications.release.table import Figure
from schemas.dimension import QUARTER, TOTAL, Codes
from schemas.measure import Measure
from schemas.quarter import PROGRAMME_START, Quarter, quarters
from schemas.table import StatisticalTable

PROVISIONAL = "p"


def unsettled(periods: Codes, quarter: Quarter, settles_after: int) -> Collection[str]:
    """Return the codes of the periods of which a release of `quarter` has provisional figures.

    These are the last `settles_after` quarters, that of the release among them, and every period
    that contains one: its year, and the programme to date. None with `settles_after` 0.
    """
    latest = quarters(PROGRAMME_START, quarter)[-settles_after:] if settles_after else ()
    return frozenset(code for one in latest for code in periods.ancestors(one.id))


def provisional(
    figures: Mapping[tuple[str, ...], Figure],
    table: StatisticalTable,
    measure: Measure,
    quarter: Quarter,
) -> Mapping[tuple[str, ...], Figure]:
    """Return the figures of a measure by their codes, `[p]` beside those that are provisional.

    A figure that has another mark keeps it. `figures` are by the codes of the table's dimensions.
    """
    periods = unsettled(QUARTER.codes(quarter), quarter, table.settles_after(measure))
    return {
        codes: _marked(figure) if _period(codes, table) in periods else figure
        for codes, figure in figures.items()
    }


def _marked(figure: Figure) -> Figure:
    is_plain = figure.value is not None and not figure.marker
    return replace(figure, marker=PROVISIONAL) if is_plain else figure


def _period(codes: Sequence[str], table: StatisticalTable) -> str:
    """Return the period of a figure: to date in a table without periods."""
    pairs = zip(table.by, codes, strict=True)
    return next((c for b, c in pairs if b.dimension.source == QUARTER.source), TOTAL)

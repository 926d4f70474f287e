"""Estimates in place of missing returns, made of published figures and of nothing else.

`carry_forward` repeats the published figure of the area's last quarter; `estimate` changes it by
the growth of the published figures of the areas that have both quarters (ratio imputation). A
reader can work each of them out from the release, so they reveal nothing more than it does. Only
counts of people in tables by area and quarter are estimated, and the sums of those.

Source: de Waal, Pannekoek and Scholtus (2011), Handbook of Statistical Data Editing and Imputation,
chapter 7.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

import polars as pl

from disclosure import ProtectedTable
from publications.release.table import Gap, Part
from reference import ENGLAND_AND_WALES
from schemas.coverage import CARRY_FORWARD, ESTIMATE, GROWTH_BASE
from schemas.dimension import GEOGRAPHY, QUARTER, TOTAL
from schemas.population import Population
from schemas.quarter import Quarter
from schemas.table import StatisticalTable

AREA, PERIOD = GEOGRAPHY.name, QUARTER.name
ALONG = frozenset({AREA, PERIOD})
ROOTS = (TOTAL, ENGLAND_AND_WALES)


@dataclass(frozen=True, eq=False)
class StandIns:
    """The estimates of one statistic, by the area and quarter without a return.

    `protected` are the published cells and `gaps` the parts of which no return gave a figure;
    those of other statistics count for nothing. `method` is one of `schemas.coverage.TREATMENTS`.
    """

    population: Population
    statistic: str
    protected: ProtectedTable
    gaps: Collection[Gap]
    quarter: Quarter
    method: str

    @cached_property
    def by_part(self) -> Mapping[Part, int]:
        """The estimate of each part that has one, in people; a multiple of the rounding base.

        There is none for a method that leaves areas out, for a population that does not count
        people by area and quarter, for an area without a published figure of a quarter before, and
        where growth would be that of fewer than `GROWTH_BASE` people.
        """
        if self.method not in (CARRY_FORWARD, ESTIMATE) or not self._can_be:
            return {}
        return dict(self._estimates())

    @property
    def _can_be(self) -> bool:
        return self.population.people and set(self.protected.dimensions) >= ALONG

    def _estimates(self) -> Iterable[tuple[Part, int]]:
        for (area, period), part in self._missing.items():
            donor = self._last_before(area, period)
            found = None if donor is None else self._estimate(area, donor, period)
            if found is not None:
                yield part, found

    @cached_property
    def _missing(self) -> Mapping[tuple[str, str], Part]:
        """The parts without a return, by area and quarter."""
        of = (self.population.relation, self.statistic)
        parts = (gap.part for gap in self.gaps if (gap.population, gap.statistic) == of)
        return {
            (codes[AREA], codes[PERIOD]): part
            for part in parts
            for codes in [dict(part)]
            if codes.keys() == ALONG
        }

    @cached_property
    def _figures(self) -> Mapping[tuple[str, str], int]:
        """The published figures from returns, by delivery area and quarter."""
        others = [name for name in self.protected.dimensions if name not in ALONG]
        shown = self.protected.cells.filter(
            pl.col("statistic") == self.statistic,
            pl.col("status") == "",
            pl.col(AREA).is_in(GEOGRAPHY.codes(self.quarter).leaves),
            pl.col(PERIOD).is_in(QUARTER.codes(self.quarter).leaves),
            *(pl.col(name).is_in(ROOTS) for name in others),
        )
        rows = shown.select(AREA, PERIOD, "value").rows()
        return {
            (area, period): value
            for area, period, value in rows
            if (area, period) not in self._missing
        }

    def _last_before(self, area: str, period: str) -> str | None:
        """Return the last quarter before of which the area has a figure; None without one."""
        held = (known for own, known in self._figures if own == area and known < period)
        return max(held, default=None)

    def _estimate(self, area: str, donor: str, period: str) -> int | None:
        figure = self._figures[area, donor]
        if self.method == CARRY_FORWARD:
            return figure
        growth = self._growth(donor, period)
        base = self.population.reading(self.statistic).base
        return None if growth is None else base * _rounded(figure * growth / base)

    def _growth(self, donor: str, period: str) -> Fraction | None:
        """Return the growth of the areas with both figures; None from too few people."""
        both = {a for a, one in self._figures if one == donor and (a, period) in self._figures}
        then, now = (sum(self._figures[a, one] for a in both) for one in (donor, period))
        return Fraction(now, then) if then >= GROWTH_BASE else None


def can_hold_estimates(dimensions: Iterable[str], estimable: Iterable[bool]) -> bool:
    """Whether a table can hold estimates: one by area and quarter, whose figures all stay alike.

    `estimable` says of each of its populations whether it counts people or is a public fact, which
    lacks no return. In any other table areas are left out, so that what it shows adds up.
    """
    return set(dimensions) <= ALONG and all(estimable)


def of_entry(
    entry: Mapping[str, Any], populations: Mapping[str, Any], gaps: Iterable[Gap]
) -> tuple[Gap, ...]:
    """Return the same for a table as the manifest of a release records it.

    A record of old code that does not say whom it counts is taken for a public fact.
    """
    named = (measure.get("population") for measure in entry["measures"])
    records = [populations[name] for name in named if name in populations]
    held = can_hold_estimates(
        (dimension["id"] for dimension in entry["dimensions"]),
        (record.get("people") or not record.get("methods") for record in records),
    )
    return tuple(gap if held else replace(gap, is_imputed=False) for gap in gaps)


def of_table(table: StatisticalTable, gaps: Iterable[Gap]) -> tuple[Gap, ...]:
    """Return the gaps as they are to one table: none is imputed where it can hold no estimates."""
    held = can_hold_estimates(
        (breakdown.name for breakdown in table.by),
        (population.people or not population.protection for population in table.populations),
    )
    return tuple(gap if held else replace(gap, is_imputed=False) for gap in gaps)


def _rounded(exact: Fraction) -> int:
    """Round half up to a whole number."""
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


def imputed(
    gaps: Collection[Gap],
    populations: Iterable[Population],
    protected: Mapping[str, ProtectedTable],
    quarter: Quarter,
    method: str,
) -> tuple[Gap, ...]:
    """Return the gaps in their order, each saying whether an estimate stands in for it.

    `protected` has the published cells of each of the populations by its name.
    """
    found: dict[tuple[str, str], Mapping[Part, int]] = {
        (population.relation, statistic.name): StandIns(
            population, statistic.name, protected[population.relation], gaps, quarter, method
        ).by_part
        for population in populations
        if population.people
        for statistic in population.statistics
    }
    return tuple(
        replace(gap, is_imputed=gap.part in found.get((gap.population, gap.statistic), {}))
        for gap in gaps
    )

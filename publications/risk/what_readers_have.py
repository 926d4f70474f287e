"""What a reader of a release knows, for the attack on it: figures, sums, rates, the past.

It contains only what is published: protected cells, code lists, declared methods.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import log10

import polars as pl

from disclosure import ProtectedTable
from disclosure.attacker.what_is_shown import Hierarchies, Reading, ShownRate, ShownTable
from publications.release.table import Gap, Row
from publications.release.table import PublishedTable as Tabulated
from publications.release.tabulate import tabulate
from publications.risk.earlier import Earlier, newest, spans, tenable, time_adds_up
from reference import ENGLAND_AND_WALES
from schemas.dimension import GEOGRAPHY, QUARTER, TOTAL
from schemas.population import Population
from schemas.quarter import Quarter
from schemas.table import Measure, StatisticalTable
from schemas.table import Rate as DeclaredRate

LAST_DAY = "last_day_of"
"""The quarter of a stock: a dimension of its own, since last days do not add to a total."""
DIVISOR = "divisor"
AS_PUBLISHED = "the figure that a rate is divided by"
"""The figure that a rate divides by, as published: a dimension of its own, without sums."""


@dataclass(frozen=True)
class PublishedSoFar:
    """All that is published: of this release, and of the versions before it, newest first.

    `tables` are the declarations of `protected`, and `gaps` the parts that its figures leave out.
    """

    quarter: Quarter
    tables: tuple[StatisticalTable, ...]
    protected: tuple[ProtectedTable, ...]
    earlier: tuple[Earlier, ...] = ()
    gaps: tuple[Gap, ...] = ()

    @property
    def populations(self) -> dict[str, Population]:
        """The populations of the tables, by name."""
        return {p.relation: p for table in self.tables for p in table.populations}

    @property
    def hierarchies(self) -> Hierarchies:
        """How the codes of every dimension add; time also as what there was then, and since."""
        found = {b.dimension for table in self.tables for b in table.by}
        plain: dict[str, list[Mapping[str, str]]] = {
            d.name: [d.codes(self.quarter).parents] for d in found
        }
        if self.earlier:
            then = [before.quarter for before in self.earlier]
            plain[QUARTER.name] = time_adds_up(self.quarter, *then)
        return dict(sorted(plain.items()))


def readings(population: Population) -> dict[str, Reading]:
    """Return how a reader who knows the methods reads the figures of each statistic.

    It must not be certain that a count is under the base, nor likelier than a method allows. Notes
    to the tables say that a return that was not received is in no total.
    """
    known = {s.name: population.reading(s.name) for s in population.statistics}
    limits = [m.likely_percent for m in population.protection if m.likely_percent]
    likely = min(limits, default=0)
    return {
        name: Reading(r, small=r.base, likely_percent=likely, absent_is_zero=True)
        for name, r in known.items()
    }


def shown_table(population: Population, table: ProtectedTable, when: str = "") -> ShownTable:
    """Return a population as one published table; dates add to nothing and are left out."""
    dates = [s.name for s in population.statistics if s.kind == "date"]
    cells = table.cells.filter(~pl.col("statistic").is_in(dates))
    dimensions = table.dimensions
    if population.stock:
        cells = cells.rename({QUARTER.name: LAST_DAY}, strict=False)
        dimensions = tuple(LAST_DAY if d == QUARTER.name else d for d in dimensions)
    return ShownTable(population.title + when, dimensions, cells)


def shown_earlier(published: PublishedSoFar, population: Population) -> dict[str, ShownTable]:
    """Return, by release, the earlier figures that reveal something of this population.

    Public facts have nothing to hide, so their past is left out. So are figures that counted other
    returns: a return was missing then and is here now, or the other way round.
    """
    if not population.protection:
        return {}
    now = {t.name: t for t in published.protected}[population.relation]
    shown, read = shown_table(population, now), readings(population)
    return newest(
        {
            before.label: tenable(
                shown,
                of_the_same_returns(
                    shown_table(population, table, f" (release of {before.label})"),
                    other_returns(published, before, population),
                ),
                spans(published.quarter, before.quarter),
                read,
            )
            for before in published.earlier
            for table in before.protected
            if table.name == population.relation and table.dimensions == now.dimensions
        }
    )


def other_returns(
    published: PublishedSoFar, before: Earlier, population: Population
) -> frozenset[tuple[str, str, str]]:
    """Return the figures then that left out other parts than they would now.

    Each is a statistic, a place and a period, by their codes. There are none where the earlier
    release did not publish what it left out: its figures are taken to have counted the same.
    """
    if before.gaps is None:
        return frozenset()
    own = {
        (gap.statistic, gap.part) for gap in before.gaps if gap.population == population.relation
    }
    since = {
        (gap.statistic, gap.part)
        for gap in published.gaps
        if gap.population == population.relation
        and dict(gap.part).get(QUARTER.name, "") <= before.quarter.id
    }
    places, periods = GEOGRAPHY.codes(before.quarter), QUARTER.codes(before.quarter)
    found = set()
    for statistic, part in own ^ since:
        codes = dict(part)
        areas = places.ancestors(codes.get(GEOGRAPHY.name, places.root))
        times = periods.ancestors(codes.get(QUARTER.name, periods.root))
        found |= {(statistic, area, time) for area in areas for time in times}
    return frozenset(found)


def of_the_same_returns(then: ShownTable, others: Collection[tuple[str, str, str]]) -> ShownTable:
    """Return an earlier table without the figures that counted other returns."""
    if not others:
        return then
    roots = {GEOGRAPHY.name: ENGLAND_AND_WALES, QUARTER.name: TOTAL}
    names = ["statistic", *roots]
    known = pl.DataFrame(sorted(others), schema=names, orient="row")
    whole = then.cells.with_columns(
        pl.lit(root).alias(name) for name, root in roots.items() if name not in then.dimensions
    )
    cells = whole.join(known, on=names, how="anti").select(then.cells.columns)
    return ShownTable(then.name, then.dimensions, cells)


def rates(
    published: PublishedSoFar, population: Population
) -> tuple[list[ShownRate], list[ShownTable]]:
    """Return the published rates over a population's figures, and the figures they divide by.

    A rate is made from published figures, so its divisor is the figure that is published, which
    for people is not the true count; a cell of its own, tied to nothing else.
    """
    by_name = {t.name: t for t in published.protected}
    pairs = [
        pair
        for table in published.tables
        for rate, over in _declared(table, population)
        for pair in _read(table, rate, over, tabulate(table, by_name, published.quarter))
    ]
    cells = pl.DataFrame(
        [(rate.where, AS_PUBLISHED, divisor, "") for rate, divisor in pairs],
        schema=[DIVISOR, "statistic", "value", "status"],
        orient="row",
    )
    divisors = [ShownTable("The divisors of rates", (DIVISOR,), cells)] if pairs else []
    return [rate for rate, _ in pairs], divisors


def _read(
    declared: StatisticalTable, rate: DeclaredRate, over: Measure, table: Tabulated
) -> Iterator[tuple[ShownRate, int]]:
    """Give every figure of a rate as a percentage, with the figure that it was divided by."""
    names = [column.id for column in table.measures]
    percent, divisor = names.index(rate.id), names.index(rate.denominator)
    for number, row in enumerate(table.rows, 1):
        figure, below = row.figures[percent].value, row.figures[divisor].value
        if not isinstance(figure, Decimal) or not isinstance(below, int):
            continue
        where = f"{rate.title} of table {table.number} row {number}"
        known = ShownRate(
            where=where,
            percent=float(100 * figure / rate.per),
            decimals=rate.decimals - 2 + round(log10(rate.per)),
            numerator=_cell(declared, row, over),
            denominator={DIVISOR: where, "statistic": AS_PUBLISHED},
        )
        yield known, below


def _declared(
    table: StatisticalTable, population: Population
) -> Iterator[tuple[DeclaredRate, Measure]]:
    """Give the rates of a table whose numerator is a measure of the population."""
    measures = {m.id: m for m in table.measures if isinstance(m, Measure)}
    for rate in table.measures:
        if isinstance(rate, DeclaredRate) and measures[rate.numerator].population == population:
            yield rate, measures[rate.numerator]


def _cell(table: StatisticalTable, row: Row, measure: Measure) -> Mapping[str, str]:
    """Return the codes of the cell that a row of a published table shows of a measure."""
    stock = measure.population.stock
    names = [LAST_DAY if stock and b.name == QUARTER.name else b.name for b in table.by]
    return dict(zip(names, row.codes, strict=True)) | {"statistic": measure.statistic}

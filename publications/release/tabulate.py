"""Published tables as views of protected cells. Rates are made here, from protected cells only.

A sum that leaves out a part without a figure is marked here as incomplete, one that holds an
estimate in place of a return as estimated, and one of a period that is not settled as provisional.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from itertools import product

import polars as pl

import reference
from disclosure import ProtectedTable, small_denominator
from publications.errors import UnknownFigure
from publications.release.imputation import StandIns, of_table
from publications.release.provisional import PROVISIONAL, provisional
from publications.release.table import Column, Figure, Gap, Part, PublishedTable, Row
from reference import ENGLAND_AND_WALES
from schemas.coverage import LEAVE_OUT
from schemas.dimension import GEOGRAPHY, TOTAL, Breakdown, Codes
from schemas.population import Statistic
from schemas.quarter import Quarter
from schemas.table import Measure, Rate, StatisticalTable

EPOCH = date(1970, 1, 1)
NOT_APPLICABLE = Figure(None, "z")
COMPLETE: frozenset[Part] = frozenset()

Lookup = Mapping[tuple[str, ...], Figure]


@dataclass(frozen=True)
class Context:
    """What the figures of one table are made of: protected cells, and the parts they lack."""

    table: StatisticalTable
    protected: Mapping[str, ProtectedTable]
    quarter: Quarter
    gaps: Collection[Gap]
    method: str


def tabulate(
    table: StatisticalTable,
    protected: Mapping[str, ProtectedTable],
    quarter: Quarter,
    gaps: Collection[Gap] = (),
    method: str = LEAVE_OUT,
) -> PublishedTable:
    """Lay out one table: every combination of its codes, every measure, in published order.

    A combination that a population does not have is not applicable, `[z]`. A figure that leaves out
    one of the `gaps` is incomplete, `[i]`, and says which; one that holds an estimate, made by
    `method`, in place of an imputed part is estimated, `[e]`. One of a period that holds a quarter
    in which its population is not settled is provisional, `[p]`, unless it has one of these marks.
    """
    codes = [breakdown.dimension.codes(quarter) for breakdown in table.by]
    combinations = list(product(*map(_shown, table.by, codes, [(table, quarter)] * len(codes))))
    columns = _columns(
        Context(table, protected, quarter, of_table(table, gaps), method), combinations
    )
    labels = [listed.labels for listed in codes]
    rows = tuple(
        Row(
            codes=combination,
            labels=tuple(names[code] for names, code in zip(labels, combination, strict=True)),
            figures=tuple(columns[measure.id][i] for measure in table.measures),
        )
        for i, combination in enumerate(combinations)
    )
    return PublishedTable(
        number=table.number,
        id=table.id,
        title=table.title,
        dimensions=tuple(Column(b.name, b.dimension.title, "label") for b in table.by),
        measures=tuple(map(column_of, table.measures)),
        rows=rows,
        notes=table.notes,
    )


def _shown(
    breakdown: Breakdown, codes: Codes, context: tuple[StatisticalTable, Quarter]
) -> tuple[str, ...]:
    table, quarter = context
    listed = codes.at(breakdown.levels)
    if table.latest and breakdown.dimension.source == "quarters":
        return tuple(code for code in listed if code in (quarter.id, TOTAL))
    return listed


def _columns(context: Context, combinations: list[tuple[str, ...]]) -> dict[str, list[Figure]]:
    columns: dict[str, list[Figure]] = {}
    for measure in context.table.measures:
        if isinstance(measure, Measure):
            found = _lookup(measure, context)
            figures = provisional(found, context.table, measure, context.quarter)
            columns[measure.id] = [figures.get(key, NOT_APPLICABLE) for key in combinations]
    for rate in context.table.measures:
        if isinstance(rate, Rate):
            pairs = zip(columns[rate.numerator], columns[rate.denominator], strict=True)
            least = context.table.minimum_denominator(rate)
            columns[rate.id] = [divided(rate, over, under, least) for over, under in pairs]
    return columns


def _named(protected: Mapping[str, ProtectedTable], measure: Measure) -> ProtectedTable:
    name = measure.population.relation
    if name not in protected:
        raise UnknownFigure(f"The population {name!r} was not protected for this release.")
    return protected[name]


def _lookup(measure: Measure, context: Context) -> Lookup:
    """Return the figures of one measure by the codes of the table's dimensions.

    A dimension that the population does not have holds its root.
    """
    breakdowns = context.table.by
    by = [breakdown.name for breakdown in breakdowns]
    cells = _named(context.protected, measure)
    statistic = measure.population.statistic(measure.statistic)
    roots = {b.name: b.dimension.root for b in breakdowns}
    frame = cells.cells.filter(pl.col("statistic") == measure.statistic).with_columns(
        pl.lit(roots[name]).alias(name) for name in by if name not in cells.dimensions
    )
    others = [name for name in cells.dimensions if name not in by]
    roots_only = [pl.col(name).is_in([TOTAL, ENGLAND_AND_WALES]) for name in others]
    chosen = frame.filter(pl.lit(True), *roots_only)
    doubted = _estimated(statistic, context.quarter)
    of = (measure.population.relation, measure.statistic)
    codes = {b.name: b.dimension.codes(context.quarter) for b in breakdowns}
    lacking, imputed = (
        missing_parts(of, codes, context.gaps),
        imputed_parts(of, codes, context.gaps),
    )
    stand_ins = _stand_ins(measure, cells, context) if imputed else {}
    return {
        tuple(codes): _figure(
            _completed(
                Figure(
                    value,
                    marker,
                    lacking.get(tuple(codes), COMPLETE),
                    imputed.get(tuple(codes), COMPLETE),
                ),
                stand_ins,
            ),
            statistic,
            is_estimate=bool(doubted & set(codes)),
        )
        for *codes, value, marker in chosen.select(*by, "value", "status").rows()
    }


def _stand_ins(measure: Measure, cells: ProtectedTable, context: Context) -> Mapping[Part, int]:
    return StandIns(
        measure.population,
        measure.statistic,
        cells,
        context.gaps,
        context.quarter,
        context.method,
    ).by_part


def _completed(figure: Figure, stand_ins: Mapping[Part, int]) -> Figure:
    """Add the estimates to a figure; one that is withheld or not applicable stays as it is."""
    if not figure.imputed or figure.marker in ("c", "z"):
        return figure
    received = figure.value if isinstance(figure.value, int) else 0
    whole = received + sum(stand_ins[part] for part in figure.imputed)
    return replace(figure, value=whole, marker="")


def missing_parts(
    of: tuple[str, str], codes_of: Mapping[str, Codes], gaps: Collection[Gap]
) -> Mapping[tuple[str, ...], frozenset[Part]]:
    """Return, for the codes of each figure that leaves parts out, these parts.

    `of` names the population and the statistic, `codes_of` has the codes of each dimension of the
    table by name. A part belongs to all codes that contain its own; along a dimension that does not
    narrow it down, it belongs to every code.
    """
    return _parts_by_codes(of, codes_of, (gap for gap in gaps if not gap.is_imputed))


def imputed_parts(
    of: tuple[str, str], codes_of: Mapping[str, Codes], gaps: Collection[Gap]
) -> Mapping[tuple[str, ...], frozenset[Part]]:
    """Return, for the codes of each figure that holds imputed parts, these parts; likewise."""
    return _parts_by_codes(of, codes_of, (gap for gap in gaps if gap.is_imputed))


def _parts_by_codes(
    of: tuple[str, str], codes_of: Mapping[str, Codes], gaps: Iterable[Gap]
) -> Mapping[tuple[str, ...], frozenset[Part]]:
    above = cache(lambda name, code: codes_of[name].ancestors(code))
    found: dict[tuple[str, ...], set[Part]] = {}
    for gap in gaps:
        if (gap.population, gap.statistic) == of:
            narrowed = dict(gap.part)
            sides = [
                above(name, narrowed[name]) if name in narrowed else tuple(codes.frame["code"])
                for name, codes in codes_of.items()
            ]
            for codes in product(*sides):
                found.setdefault(codes, set()).add(gap.part)
    return {codes: frozenset(parts) for codes, parts in found.items()}


def _figure(cell: Figure, statistic: Statistic, *, is_estimate: bool) -> Figure:
    """Return the figure of a cell; "incomplete" takes precedence over "estimated"."""
    value = cell.value
    if not isinstance(value, int):
        return Figure(None, cell.marker)
    shown = EPOCH + timedelta(days=value) if statistic.kind == "date" else value
    marker = "i" if cell.lacks else "e" if is_estimate or cell.imputed else cell.marker
    return Figure(shown, marker, cell.lacks, cell.imputed)


def _estimated(statistic: Statistic, quarter: Quarter) -> set[str]:
    """Return the places whose figure is this project's own, or rests on a fact not verified."""
    places = GEOGRAPHY.codes(quarter)
    if statistic.is_spread:
        return set(places.frame["code"])
    if not statistic.mark_column:
        return set()
    register = reference.rollout(quarter.end).select("delivery_area_code", statistic.mark_column)
    doubted = [area for area, mark in register.rows() if mark != "V"]
    return {place for area in doubted for place in places.ancestors(area)}


def divided(rate: Rate, over: Figure, under: Figure, least: int) -> Figure:
    """Divide two published figures; `[c]`, `[x]`, `[z]` pass on, a divisor under `least` is `[c]`.

    Figures that leave out the same parts give an incomplete rate, `[i]`; others do not belong
    together, so there is no rate, `[x]`. A rate of an estimate is one, `[e]`, and any other rate of
    a provisional figure is provisional, `[p]`. Half is rounded up, so that a reader can redo the
    division from the table.
    """
    for marker in ("z", "x", "c"):
        if marker in (over.marker, under.marker):
            return Figure(None, marker)
    if not isinstance(over.value, int) or not isinstance(under.value, int):
        return Figure(None, "x")
    if over.lacks != under.lacks:
        return Figure(None, "x")
    if small_denominator(under.value, least):
        return Figure(None, "c")
    exact = Decimal(over.value) * rate.per / Decimal(under.value)
    shown = exact.quantize(Decimal(1).scaleb(-rate.decimals), ROUND_HALF_UP)
    marker = next((m for m in ("e", PROVISIONAL) if m in (over.marker, under.marker)), "")
    imputed = over.imputed | under.imputed
    return Figure(shown, "i" if over.lacks else marker, over.lacks, imputed)


def column_of(measure: Measure | Rate) -> Column:
    """Return the heading of a measure: its title, kind, unit and decimals."""
    if isinstance(measure, Rate):
        return Column(measure.id, measure.title, "rate", measure.unit, measure.decimals)
    kind = measure.population.statistic(measure.statistic).kind
    return Column(measure.id, measure.title, kind, measure.unit)

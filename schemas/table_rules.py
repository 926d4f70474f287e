"""What a published table cannot be: rules of its name, measures, breakdowns, periods and size.

What it may show of people is in `schemas.crossing`.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from schemas.dimension import QUARTER, Breakdown
from schemas.errors import DeclarationError
from schemas.measure import Measure, Rate
from schemas.population import Population
from schemas.quarter import PROGRAMME_START
from schemas.texts import check_name, check_title, check_tuple
from schemas.units import PERCENT
from schemas.worksheet import LONGEST_SHEET_NAME, sheet_words

LARGEST_NUMBER = 999
MOST_ROWS = 1_048_576
"""Rows that a worksheet can have."""
FIGURE_COLUMNS = (
    *("measure", "measure_label", "unit", "value", "marker", "lower", "upper"),
    *("date", "table", "codes", "since"),
)
"""The columns of open data that say what a figure is."""
RATE_WORDS = ("_per_", "_percent", "_rate", "_share", "_change")
"""Parts of the id of a rate in another unit: so readers of open data know it from an amount."""


def check_identity(number: object, table_id: str, title: str) -> None:
    """Raise unless number, id and title can name worksheets and files."""
    is_number = isinstance(number, int) and not isinstance(number, bool)
    if not is_number or not 1 <= number <= LARGEST_NUMBER:  # type: ignore[operator]
        raise DeclarationError(
            f"The number of the table {table_id!r} is {number!r}. Give a whole number from 1 to "
            f"{LARGEST_NUMBER}."
        )
    check_name(f"The id of table {number}", table_id)
    check_title(f"The title of table {number} ({table_id})", title)
    if not sheet_words(int(str(number)), table_id):
        raise DeclarationError(
            f"The id of table {number} is {table_id!r}, whose first word does not fit into the "
            f"{LONGEST_SHEET_NAME} characters of a worksheet's name. Use shorter words."
        )


def check_measures(table: str, measures: Sequence[Measure | Rate]) -> None:
    """Raise unless there is a measure, each id and title is there once, and rates have parts."""
    check_tuple(f"{table}: measures", measures, Measure, Rate)
    if not measures:
        raise DeclarationError(f"{table} has no measure. Give one statistic of a population.")
    ids = [measure.id for measure in measures]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        raise DeclarationError(f"{table} has two measures of the same id: {', '.join(twice)}.")
    for rate in measures:
        if isinstance(rate, Rate):
            _check_parts(table, rate, measures)


def _check_parts(table: str, rate: Rate, measures: Sequence[Measure | Rate]) -> None:
    counted = {m.id: m for m in measures if isinstance(m, Measure)}
    parts = (rate.numerator, rate.denominator)
    unknown = [part for part in parts if part not in counted]
    if unknown:
        raise DeclarationError(
            f"{table}: the rate {rate.id} needs the measures {rate.numerator} and "
            f"{rate.denominator}, but {unknown[0]!r} is not counted in the table. Its counts and "
            f"sums are: {', '.join(counted) or 'none'}."
        )
    dates = [part for part in parts if counted[part].is_date]
    if dates:
        raise DeclarationError(f"{table}: the rate {rate.id} divides a date, {dates[0]}.")
    if rate.unit != PERCENT and not any(word in rate.id for word in RATE_WORDS):
        raise DeclarationError(
            f"{table}: the rate {rate.id} is in {rate.unit}. Let its id say that it is a rate, "
            f"with one of {', '.join(RATE_WORDS)}."
        )


def check_by(table: str, by: Sequence[Breakdown]) -> None:
    """Raise unless there are breakdowns, by different dimensions."""
    check_tuple(f"{table}: by", by, Breakdown)
    if not by:
        raise DeclarationError(f"{table} has no dimension. Give it one breakdown, such as NATION.")
    names = [breakdown.name for breakdown in by]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DeclarationError(
            f"{table} breaks down twice by the same dimension: {', '.join(twice)}."
        )


def check_columns(table: str, by: Sequence[Breakdown], populations: Sequence[Population]) -> None:
    """Raise unless each dimension is a filled column, with these codes, of some population."""
    for breakdown in by:
        holding = [p for p in populations if breakdown.name in p.columns]
        if not holding and all(p.columns for p in populations):
            raise DeclarationError(_unknown(table, breakdown, populations))
        for population in holding:
            _check_column(table, breakdown, population)
    for population in populations:
        if population.columns and not any(b.name in population.columns for b in by):
            raise DeclarationError(
                f"{table} counts {population.relation}, but breaks it down by nothing that it has. "
                f"Its dimensions are {', '.join(population.dimensions)}."
            )


def check_dates(table: str, by: Sequence[Breakdown], measures: Sequence[Measure | Rate]) -> None:
    """Raise when a date has no place: it stands for single areas, and no total is made of dates."""
    for measure in measures:
        if not isinstance(measure, Measure) or not measure.is_date:
            continue
        for breakdown in by:
            if breakdown.name in measure.population.columns and not breakdown.shows_leaves:
                raise DeclarationError(
                    f"{table} shows the date {measure.id}, but no {breakdown.dimension.levels[-1]} "
                    f"of {breakdown.name}, and larger places have no date. Show them, or leave the "
                    "date out."
                )


def _unknown(table: str, breakdown: Breakdown, populations: Sequence[Population]) -> str:
    known = dict.fromkeys(name for p in populations for name in p.dimensions)
    relations = " or ".join(p.relation for p in populations)
    return (
        f"{table} breaks down by {breakdown.name!r}, which is no dimension of {relations}. The "
        f"dimensions are {', '.join(known)}."
    )


def _check_column(table: str, breakdown: Breakdown, population: Population) -> None:
    name, held = breakdown.name, population.columns[breakdown.name].refers_to
    if breakdown.dimension.refers_to != held:
        raise DeclarationError(
            f"{table} breaks down by {name} with the codes of {breakdown.dimension.refers_to}, but "
            f"the column {name} of {population.relation} holds "
            f"{f'those of {held}' if held else 'no codes'}."
        )
    if name in population.blank:
        raise DeclarationError(
            f"{table} breaks down {population.relation} by {name}, which can be blank, and "
            f"{held} has no code for what is not stated. Count those that have it, or add a code."
        )


def check_periods(
    table: str,
    by: Sequence[Breakdown],
    measures: Sequence[Measure | Rate],
    *,
    is_latest: bool,
) -> None:
    """Raise when something needs quarters that the table does not show, or cannot be in one."""
    if any(b.name == QUARTER.name and b.shows_leaves for b in by):
        _check_yearly(table, measures)
        return
    counted = dict.fromkeys(m.population for m in measures if isinstance(m, Measure))
    stocks = [population.relation for population in counted if population.stock]
    if stocks:
        raise DeclarationError(
            f"{table} has no quarters, but {' and '.join(stocks)} is counted on the last day of "
            "each quarter. Break it down by BY_QUARTER."
        )
    if is_latest:
        raise DeclarationError(
            f"{table} keeps the latest quarter, but has no quarters. Leave out latest, or break it "
            "down by BY_QUARTER."
        )


def _check_yearly(table: str, measures: Sequence[Measure | Rate]) -> None:
    """Raise for an amount of a whole year: which quarter of it would lack what is not known."""
    for measure in measures:
        if isinstance(measure, Measure) and measure.is_yearly:
            raise DeclarationError(
                f"{table} shows {measure.id} by quarter, but it is of a whole financial year. "
                "Break it down by BY_FINANCIAL_YEAR, or leave it out."
            )


def check_ids(table: str, by: Sequence[Breakdown], measures: Sequence[Measure | Rate]) -> None:
    """Raise when a measure has the id of a dimension, or of a column of the open data."""
    columns = (f"{b.name}{what}" for b in by for what in ("", "_code", "_level"))
    taken = [*columns, *FIGURE_COLUMNS]
    for measure in measures:
        if measure.id in taken:
            raise DeclarationError(
                f"{table} has a measure with the id {measure.id!r}, which is a dimension or a "
                f"column of its open data. Give it another; taken are {', '.join(taken)}."
            )


def check_headings(table: str, by: Sequence[Breakdown], measures: Sequence[Measure | Rate]) -> None:
    """Raise when two columns of the worksheet would have one heading."""
    headings = ["Measure", *(h for b in by for h in _headings(b)), *(m.title for m in measures)]
    folded = [heading.casefold() for heading in headings]
    twice = sorted({heading for heading in headings if folded.count(heading.casefold()) > 1})
    if twice:
        raise DeclarationError(
            f"{table} has two columns with the heading {twice[0]!r}. Give dimensions and measures "
            "different titles."
        )


def _headings(breakdown: Breakdown) -> list[str]:
    title = breakdown.dimension.title
    return [title, *(f"{title} {what}" for what in ("code", "type", "level"))]


def check_size(table: str, by: Sequence[Breakdown]) -> None:
    """Raise when a worksheet has not enough rows for the codes; quarters go across."""
    rows = prod(len(b.codes(PROGRAMME_START)) for b in by if b.name != QUARTER.name)
    if rows > MOST_ROWS:
        raise DeclarationError(
            f"{table} has {rows:,} rows, and a worksheet has room for {MOST_ROWS:,}. Cross fewer "
            "dimensions."
        )

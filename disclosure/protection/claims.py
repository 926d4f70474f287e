"""Whether what the methods say of themselves is so in the table that they made.

A release states how its figures are read and what was withheld from what its methods say. So the
audit compares each answer of a method with the cells, and a method that says more than it does
stops the table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

import numpy as np
import polars as pl

from disclosure.errors import DesignError
from disclosure.methods.group import one_category
from disclosure.methods.method import NEARLY_ALL, Method, applies, reading_of
from disclosure.methods.rules import SAFE, amounts, column
from disclosure.methods.treated import Ints, Mask, TreatedTable
from disclosure.perturbation.readings import Exact, FigureReading

UNLIKELY = Fraction(1, 1_000_000)
"""Figures that all stay as they are with less than this chance were not changed at all."""
NOTHING = (1, 0)
"""The ends of a range that holds no value."""


def false_claims(table: TreatedTable, methods: Sequence[Method]) -> list[str]:
    """Return what the methods say of themselves and the table shows to be otherwise; in words.

    No true value is named. An answer that nothing in this table could contradict counts as true.
    """
    return [*misread(table, methods), *not_withheld(table, methods), *not_noted(table, methods)]


def misread(table: TreatedTable, methods: Sequence[Method]) -> Iterator[str]:
    """Yield the shown figures that are not to be read as the methods say."""
    for statistic in table.source.statistics:
        where = shown(table, statistic)
        if not where.any():
            continue
        reading = reading_of(methods, statistic)
        if noted(table, statistic) != said(reading):
            yield (
                f"{statistic} is not published as its methods say that it is read: `reading` and "
                "what `treat` notes (`TreatedTable.read_as`) have to agree."
            )
        for row in np.flatnonzero(where & ~within(table, where, reading)):
            yield f"{table.source.key(int(row))} is shown, but not as its methods say."
        if all_unchanged(table, where, reading):
            yield f"{statistic} is shown as it was counted, and its methods say that it is changed."


def shown(table: TreatedTable, statistic: str) -> Mask:
    """Return where figures of a statistic are shown.

    Exact ones that a rule found sensitive are left out: the audit names them already.
    """
    found = table.mask((pl.col("statistic") == statistic) & (pl.col("status") == ""))
    return found if statistic in table.bases else found & ~table.sensitive


def noted(table: TreatedTable, statistic: str) -> tuple[object, ...]:
    """Return what the table holds of a statistic: whether it is changed, its base, its draws."""
    is_changed = statistic in table.bases
    return is_changed, table.bases.get(statistic, 1), table.draws.get(statistic)


def said(reading: FigureReading) -> tuple[object, ...]:
    """Return the same as `noted`, as the methods say it."""
    return reading != Exact(), reading.base, reading.table


def within(table: TreatedTable, where: Mask, reading: FigureReading) -> Mask:
    """Return where the true value is among those that the methods and the table say."""
    true, figures = column(table, "value"), column(table, "published")
    values, place = np.unique(np.where(where, figures, 0), return_inverse=True)
    low, high = np.array([ends(reading, int(value)) for value in values], dtype=np.int64)[place].T
    is_read: Mask = (low <= true) & (true <= high) & (figures % reading.base == 0)
    return is_read & (column(table, "least") <= true) & (true <= column(table, "most"))


def ends(reading: FigureReading, figure: int) -> tuple[int, int]:
    """Return the ends that a reading gives; `NOTHING` where it says that no figure is like that."""
    try:
        return reading.ends(figure)
    except DesignError:
        return NOTHING


def all_unchanged(table: TreatedTable, where: Mask, reading: FigureReading) -> bool:
    """Say whether no figure differs from its count, where that is too unlikely to be an accident.

    Counts that are equal and have one key count once.
    """
    cells = table.cells.filter(pl.Series(where))
    if reading == Exact() or (cells["published"] != cells["value"]).any():
        return False
    chance = Fraction(1)
    for value in cells.select("value", "cell_key").unique()["value"]:
        chance *= unchanged(reading, int(value))
        if chance < UNLIKELY:
            return True
    return False


def unchanged(reading: FigureReading, value: int) -> Fraction:
    """Return the chance that a count is shown as it is.

    A drawn figure has that of its table. Zeros, and multiples of a base, may always stay; any other
    figure is as likely as all that stand for the same counts.
    """
    if reading.table is not None:
        return reading.table.chance(value, value)
    if value == 0 or reading.base > 1:
        return Fraction(1)
    low, high = reading.ends(value)
    return Fraction(1, high - low + 1)


def not_withheld(table: TreatedTable, methods: Iterable[Method]) -> Iterator[str]:
    """Yield the shown cells that a method says it withholds."""
    for method in methods:
        hit = np.zeros(table.cells.height, dtype=np.bool_)
        for statistic in table.source.statistics:
            hit |= shown(table, statistic) & to_withhold(table, method, statistic)
        hit |= of_one_category(table, method)
        for row in np.flatnonzero(hit):
            yield (
                f"{table.source.key(int(row))} is shown, and {type(method).__name__} says that it "
                "withholds such a figure."
            )


def to_withhold(table: TreatedTable, method: Method, statistic: str) -> Mask:
    """Return the cells that a method says it withholds, if they are of `statistic`."""
    value, largest, other = amounts(table)
    contributors = column(table, "contributors")
    is_few = (contributors > 0) & (contributors < method.least_contributors(statistic))
    hit = (value > 0) & ((value < method.withholds_below(statistic)) | is_few)
    rule = method.amount_rule
    if method.withholds_sole(statistic):
        total, nearly, _ = NEARLY_ALL
        has_all = (largest > 0) & (total * largest >= nearly * value)
        hit |= (value > 0) & (contributors == 1 if rule is None else has_all)
    if rule is not None and applies(rule.statistics, statistic):
        hit |= rule.levels(value, largest, other)[0] != SAFE
    return hit


def of_one_category(table: TreatedTable, method: Method) -> Mask:
    """Return the parts of groups that a method says it guards and one category holds, all shown."""
    published: Ints = column(table, "published")
    found, totals = np.zeros((2, table.cells.height), dtype=np.bool_)
    for dimension in method.guards:
        among = table.among(method.applies_to)
        one_category(table.source.relations, dimension, published, among, found, totals)
    return found


def not_noted(table: TreatedTable, methods: Iterable[Method]) -> Iterator[str]:
    """Yield what the audit was to examine for a method, and the table does not hold."""
    certificate = None if table.pattern is None else table.pattern.certificate
    for method in methods:
        percent = method.likely_percent
        faults = {
            "amount_rule, but unions of cells are not judged by it": (
                method.amount_rule is not None and method.amount_rule not in table.rules
            ),
            f"likely_percent {percent}, but the table allows more": (
                percent > 0 and not 0 < table.likely <= percent
            ),
            "covers_singletons, but the pattern is without": (
                method.covers_singletons and not table.singletons
            ),
            "that its pattern proves intervals, but it does not": (
                method.proves == "interval"
                and certificate is not None
                and certificate.protect != "interval"
            ),
        }
        for fault, is_so in faults.items():
            if is_so:
                yield f"{type(method).__name__} says {fault}."

"""Whether rates reveal the true counts: each must follow from published figures."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations

from verification.findings import EXPOSED, Finding
from verification.measures import StatedRate
from verification.methods import StatedMethods
from verification.tables import Figure, Table, number

Rows = Sequence[Mapping[str, Figure]]


@dataclass(frozen=True)
class Made:
    """A rate of one table: its measure, what it divides, and half of its last digit."""

    measure: str
    rate: StatedRate
    half: Fraction

    @property
    def parts(self) -> tuple[str, str]:
        """The numerator and the denominator."""
        return self.rate.numerator, self.rate.denominator


def revealing_rates(tables: Sequence[Table], methods: StatedMethods) -> list[Finding]:
    """List the rates that reveal more than the figures beside them."""
    return [
        finding
        for table in tables
        for measure in table.measures
        if measure in methods.rates
        for finding in _of_table(table, measure, methods)
    ]


def _of_table(table: Table, measure: str, methods: StatedMethods) -> Iterator[Finding]:
    rows = _rows(table)
    rate = methods.rates[measure]
    half = _half(rate, (figure for row in rows if (figure := row.get(measure))))
    made = Made(measure, rate, half)
    hidden = [p for p in made.parts if p not in table.measures or p in methods.rates]
    if hidden:
        words = f"{table.measures[measure][0]} is made of {hidden[0]}, which it does not show."
        yield Finding(EXPOSED, f"Table {table.number}: {words}")
        return
    yield from _revealing(table, made, rows, methods)


def _rows(table: Table) -> Rows:
    rows: dict[tuple[tuple[str, str], ...], dict[str, Figure]] = {}
    for figure in table.figures:
        rows.setdefault(figure.codes, {})[figure.measure] = figure
    return list(rows.values())


def _half(rate: StatedRate, figures: Iterator[Figure]) -> Fraction:
    """Return half of the last digit of a rate: as stated, or as shown where that is finer."""
    digits = (len(f"{float(f.value):.6f}".rstrip("0").split(".")[1]) for f in figures if f.value)
    return Fraction(1, 2 * 10 ** max(rate.decimals, *digits, 0))


def _is_full(row: Mapping[str, Figure], made: Made) -> bool:
    figures = [row.get(name) for name in (made.measure, *made.parts)]
    return all(figure is not None and figure.value is not None for figure in figures) and bool(
        row[made.rate.denominator].value
    )


def _value(row: Mapping[str, Figure], measure: str) -> Fraction:
    return row[measure].value or Fraction(0)


def _is_exact(row: Mapping[str, Figure], made: Made) -> bool:
    over, under = (_value(row, part) for part in made.parts)
    return abs(made.rate.per * over / under - _value(row, made.measure)) <= made.half


def _ends(
    row: Mapping[str, Figure], measure: str, methods: StatedMethods
) -> tuple[Fraction, Fraction]:
    value = _value(row, measure)
    if measure not in methods.perturbed:
        return value, value
    least, most = methods.ends(measure, value)
    return Fraction(least), Fraction(most)


def _revealing(table: Table, made: Made, rows: Rows, methods: StatedMethods) -> Iterator[Finding]:
    for row in rows:
        rate = row.get(made.measure)
        if rate is None or rate.value is None:
            continue
        if missing := [part for part in made.parts if part not in row]:
            words = f"{rate.shown} is shown without {table.measures[missing[0]][0]}"
            yield Finding(EXPOSED, f"{rate.place}: {words}, which it is made of.")
            continue
        for name, other in permutations(made.parts):
            if row[name].is_withheld and row[other].value:
                yield Finding(EXPOSED, _withheld(table, made, row, name))
        if _is_full(row, made) and not _is_exact(row, made):
            yield Finding(EXPOSED, _other_count(table, made, row, methods))


def _withheld(table: Table, made: Made, row: Mapping[str, Figure], name: str) -> str:
    rate, label = row[made.measure], table.measures[name][0]
    shown = _value(row, made.measure)
    if name == made.rate.numerator:
        other = _value(row, made.rate.denominator)
        about = shown * other / made.rate.per
        sum_ = f"{number(shown)} x {number(other)}"
    else:
        other = _value(row, made.rate.numerator)
        about = made.rate.per * other / shown if shown else Fraction(0)
        sum_ = f"{number(other)} / {number(shown)}"
    per = f" ({made.rate.per} times)" if made.rate.per != 1 else ""
    words = f"{rate.place}: {rate.shown} is shown though {label} is withheld: "
    return f"{words}{sum_}{per} is about {number(Fraction(round(about)))}."


def _other_count(
    table: Table, made: Made, row: Mapping[str, Figure], methods: StatedMethods
) -> str:
    """Say what the rate was calculated from, if not from the figures beside it."""
    rate, top = _value(row, made.measure), made.rate.per * _value(row, made.rate.numerator)
    bottom = _value(row, made.rate.denominator)
    label = table.measures[made.rate.denominator][0]
    words = f"{row[made.measure].place}: {number(rate)} does not follow from {number(top)} and "
    low, high = _ends(row, made.rate.denominator, methods)
    least = max(low, Fraction(math.ceil(top / (rate + made.half))))
    most = min(high, Fraction(math.floor(top / (rate - made.half)))) if rate > made.half else high
    behind = number(least) if least == most else f"{number(least)} to {number(most)}"
    if made.rate.denominator in methods.perturbed and least <= most:
        return f"{words}{number(bottom)}, so it gives back the true {label}: {behind}."
    return f"{words}{number(bottom)}, so it was made of figures that are not published."

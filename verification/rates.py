"""Whether rates reveal the true counts: each must follow from published figures."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations

from verification.findings import EXPOSED, Finding
from verification.methods import Reading
from verification.tables import Figure, Table, number

SCALES = (1, 100, 1000)
ENOUGH = Fraction(9, 10)
Rows = Sequence[Mapping[str, Figure]]


@dataclass(frozen=True)
class Made:
    """How a rate is made: numerator / denominator x scale, to within `half` a last digit."""

    rate: str
    numerator: str
    denominator: str
    scale: int
    half: Fraction


def given_back(tables: Sequence[Table], reading: Reading) -> tuple[list[Finding], list[str]]:
    """List the rates that reveal more than the figures beside them, and what was not understood."""
    findings: list[Finding] = []
    remarks = []
    for table in tables:
        rows = _rows(table)
        for rate in (measure for measure in table.measures if measure in reading.rates):
            made = _made(table, rate, rows, reading)
            if made is None:
                label = table.measures[rate][0]
                remarks.append(f"Table {table.number}: what {label} is made of was not found.")
            else:
                findings += _revealing(table, made, rows, reading)
    return findings, remarks


def _rows(table: Table) -> Rows:
    rows: dict[tuple[tuple[str, str], ...], dict[str, Figure]] = {}
    for figure in table.figures:
        rows.setdefault(figure.codes, {})[figure.measure] = figure
    return list(rows.values())


def _made(table: Table, rate: str, rows: Rows, reading: Reading) -> Made | None:
    """Find the two measures whose published figures explain most of a rate, if nearly all."""
    half = _half(figure for row in rows if (figure := row.get(rate)))
    others = [measure for measure in table.measures if measure not in reading.rates]
    best: tuple[Fraction, Made] | None = None
    for pair in permutations(others, 2):
        for scale in SCALES:
            made = Made(rate, *pair, scale, half)
            full = [row for row in rows if _is_full(row, made)]
            near = [row for row in full if _is_near(row, made, reading)]
            exact = [row for row in full if _is_exact(row, made)]
            if full and len(near) >= ENOUGH * len(full):
                share = Fraction(len(exact) + len(near), len(full))
                best = max(best or (share, made), (share, made), key=lambda found: found[0])
    return best[1] if best else None


def _half(figures: Iterator[Figure]) -> Fraction:
    """Return half of the last digit that a rate is published to."""
    digits = [len(f"{float(f.value):.6f}".rstrip("0").split(".")[1]) for f in figures if f.value]
    return Fraction(1, 2 * 10 ** max(digits, default=0))


def _is_full(row: Mapping[str, Figure], made: Made) -> bool:
    names = (made.rate, made.numerator, made.denominator)
    figures = [row.get(name) for name in names]
    return all(figure is not None and figure.value is not None for figure in figures) and bool(
        row[made.denominator].value
    )


def _value(row: Mapping[str, Figure], measure: str) -> Fraction:
    return row[measure].value or Fraction(0)


def _is_exact(row: Mapping[str, Figure], made: Made) -> bool:
    ratio = made.scale * _value(row, made.numerator) / _value(row, made.denominator)
    return abs(ratio - _value(row, made.rate)) <= made.half


def _is_near(row: Mapping[str, Figure], made: Made, reading: Reading) -> bool:
    """Whether counts that can stand behind the figures give the rate."""
    tops = _ends(row, made.numerator, reading)
    bottoms = _ends(row, made.denominator, reading)
    rate = _value(row, made.rate)
    least = made.scale * tops[0] / bottoms[1]
    return least <= rate + made.half and rate - made.half <= made.scale * tops[1] / max(
        Fraction(1), bottoms[0]
    )


def _ends(row: Mapping[str, Figure], measure: str, reading: Reading) -> tuple[Fraction, Fraction]:
    value = _value(row, measure)
    if measure not in reading.perturbed:
        return value, value
    least, most = reading.ends(measure, value)
    return Fraction(least), Fraction(most)


def _revealing(table: Table, made: Made, rows: Rows, reading: Reading) -> Iterator[Finding]:
    for row in rows:
        rate = row.get(made.rate)
        if rate is None or rate.value is None:
            continue
        for name, other in permutations((made.numerator, made.denominator)):
            if row[name].is_withheld and row[other].value:
                yield Finding(EXPOSED, _withheld(table, made, row, name))
        if _is_full(row, made) and not _is_exact(row, made):
            yield Finding(EXPOSED, _other_count(table, made, row, reading))


def _withheld(table: Table, made: Made, row: Mapping[str, Figure], name: str) -> str:
    rate, label = row[made.rate], table.measures[name][0]
    shown = _value(row, made.rate)
    if name == made.numerator:
        other = _value(row, made.denominator)
        about = shown * other / made.scale
        sum_ = f"{number(shown)} x {number(other)}"
    else:
        other = _value(row, made.numerator)
        about = made.scale * other / shown if shown else Fraction(0)
        sum_ = f"{number(other)} / {number(shown)}"
    per = f" ({made.scale} times)" if made.scale != 1 else ""
    words = f"{rate.place}: {rate.shown} is shown though {label} is withheld: "
    return f"{words}{sum_}{per} is about {number(Fraction(round(about)))}."


def _other_count(table: Table, made: Made, row: Mapping[str, Figure], reading: Reading) -> str:
    """Say what the rate was calculated from, if not from the figures beside it."""
    rate, top = _value(row, made.rate), made.scale * _value(row, made.numerator)
    bottom = _value(row, made.denominator)
    label = table.measures[made.denominator][0]
    words = f"{row[made.rate].place}: {number(rate)} does not follow from {number(top)} and "
    low, high = _ends(row, made.denominator, reading)
    least = max(low, Fraction(math.ceil(top / (rate + made.half))))
    most = min(high, Fraction(math.floor(top / (rate - made.half)))) if rate > made.half else high
    behind = number(least) if least == most else f"{number(least)} to {number(most)}"
    if made.denominator in reading.perturbed and least <= most:
        return f"{words}{number(bottom)}, so it gives back the true {label}: {behind}."
    return f"{words}{number(bottom)}, so it was made of figures that are not published."

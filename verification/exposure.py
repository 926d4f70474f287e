"""What exposes too much, and how: withheld cells and counts of people, in plain English.

A withheld cell that is certainly 0 is not an exposed fact: such cells are withheld to cover others,
and what they reveal about those is in the same sums. A narrow range of several values is not one
either where a certificate is stated, since the certificate proves a wide range for every cell that
the rules withhold. A single possible value is always an exposed fact. The limits for "too narrow"
are in this module; below which base counts of people are small is as the release states it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from verification.algebra import Solution, Term, solve
from verification.bounds import Interval, intervals, program
from verification.components import components
from verification.findings import EXPOSED, Finding
from verification.methods import StatedMethods
from verification.relations import Sum
from verification.tables import number
from verification.tuning import TUNING

FEWEST_VALUES = 3
"""A withheld count that can be fewer whole numbers is known too closely."""
AMOUNT_UNITS = ("pounds",)
NARROWEST_AMOUNT = Fraction(1, 100)
"""A withheld amount that is known to within this share of itself is known too closely."""
MOST_TERMS = 8
"""How many figures of a calculation a finding names; the others it counts."""


@dataclass(frozen=True)
class Attack:
    """What the sums of one or two releases reveal, and the sums that contradict each other.

    `narrow` are the cells in a narrow range of several values that a certificate covers.
    """

    findings: tuple[Finding, ...]
    zeros: int
    contradicting: tuple[Sum, ...]
    narrow: tuple[Interval, ...] = ()


def attack(
    sums: Sequence[Sum], methods: StatedMethods, units: dict[str, str], period: str
) -> Attack:
    """Find every withheld cell and every count of people that the sums make too certain."""
    findings: list[Finding] = []
    narrow: list[Interval] = []
    zeros, contradicting = 0, []
    for own in components(sums):
        found = _attacked(own, methods, units, period)
        if found is None:
            contradicting += own
            continue
        findings += found.findings
        narrow += found.narrow
        zeros += found.zeros
    return Attack(tuple(findings), zeros, tuple(contradicting), tuple(narrow))


def _attacked(
    sums: list[Sum], methods: StatedMethods, units: dict[str, str], period: str
) -> Attack | None:
    """Attack sums that hang together; None when they contradict each other."""
    measure = sums[0].whole.cell.measure
    if measure in methods.perturbed:
        bounded = intervals(
            program(sums, {}), partial(is_narrow_for_people, methods.small(measure))
        )
        if bounded is None:
            return None
        return Attack(tuple(_people(i) for i in bounded if i.most > 0), 0, ())
    solved = solve(sums)
    values = {solution.cell.cell: solution.value for solution in solved.solutions}
    if not solved.is_consistent or any(value < 0 for value in values.values()):
        return None
    is_amount = units.get(measure) in AMOUNT_UNITS
    narrow = is_narrow_for_amounts if is_amount else is_narrow_for_counts
    bounded = intervals(program(sums, values), narrow)
    if bounded is None:
        return None
    findings = [_calculated(s, period) for s in solved.solutions if s.value]
    tight = tuple(i for i in bounded if i.most > 0)
    is_certified = measure in methods.certified
    cover = tuple(i for i in tight if is_certified and i.least < i.most)
    findings += [_bounded(i, len(sums)) for i in tight if i not in cover]
    zeros = len([s for s in solved.solutions if not s.value])
    return Attack(tuple(findings), zeros + len(bounded) - len(tight), (), cover)


def is_narrow_for_counts(least: float, most: float) -> bool:
    """Whether a withheld count can be fewer than `FEWEST_VALUES` whole numbers."""
    return math.floor(most + TUNING.slack) - math.ceil(least - TUNING.slack) + 1 < FEWEST_VALUES


def is_narrow_for_amounts(least: float, most: float) -> bool:
    """Whether a withheld amount is known to within `NARROWEST_AMOUNT` of itself."""
    return most - least < max(FEWEST_VALUES - 1, float(NARROWEST_AMOUNT) * most)


def is_narrow_for_people(small: range, least: float, most: float) -> bool:
    """Whether a count of people can be one number only, or only small numbers."""
    first, last = math.ceil(least - TUNING.slack), math.floor(most + TUNING.slack)
    return first >= last or (first in small and last in small)


def _calculated(solution: Solution, period: str) -> Finding:
    cell = solution.cell
    terms = [term for term in solution.terms if term.value]
    words = "".join(_term(term, solution, i == 0) for i, term in enumerate(terms[:MOST_TERMS]))
    more = len(terms) - MOST_TERMS
    rest = f" and {more} more figure{'s' if more > 1 else ''}" if more > 0 else ""
    claim = f"[c] can be calculated: {words.strip()}{rest} = {number(solution.value)}"
    return Finding(EXPOSED, f"{cell.figure.place}{_release(cell.period, period)}: {claim}.")


def _term(term: Term, solution: Solution, is_first: bool) -> str:
    size = abs(term.factor)
    sign = "-" if term.factor < 0 else "+"
    times = "" if size == 1 else f"{number(size)} x "
    lead = ("-" if sign == "-" else "") if is_first else f" {sign} "
    return f"{lead}{times}{number(term.value)} ({_name(term, solution)})"


def _name(term: Term, solution: Solution) -> str:
    """Name a figure by what differs from the cell in question."""
    mine, other = solution.cell.figure, term.cell.figure
    held = set(mine.labels)
    words = [label for label in other.labels if label not in held]
    if other.table != mine.table:
        words.insert(0, f"Table {other.table}")
    if term.cell.period != solution.cell.period:
        words.append(f"release of {term.cell.period}")
    return ", ".join(words) or other.labels[0]


def _release(own: str, period: str) -> str:
    return "" if own == period else f" (release of {own})"


def _bounded(interval: Interval, sums: int) -> Finding:
    figure = interval.cell.figure
    range_ = _range(interval)
    claim = f"[c] can only be {range_}, by the {sums} sums that tie it to published figures"
    return Finding(EXPOSED, f"{figure.place}: {claim}.")


def _people(interval: Interval) -> Finding:
    figure = interval.cell.figure
    claim = f"{figure.shown} can only stand for {_range(interval)} people, since parts and totals"
    return Finding(EXPOSED, f"{figure.place}: {claim} must agree.")


def _range(interval: Interval) -> str:
    least, most = Fraction(interval.least), Fraction(int(interval.most))
    return number(least) if least == most else f"{number(least)} to {number(most)}"

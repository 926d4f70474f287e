"""What the published methods say of a figure: which counts can stand behind it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from verification.tables import Table

RATE_UNITS = ("per cent", "percent", "%")
RATE_NAME = re.compile(r".*(_per_|_percent|_rate|_share|_change).*")
PLANNED = "planned_"
PEOPLE_UNIT = "people"


@dataclass(frozen=True)
class Perturbation:
    """A figure is a multiple of `base`, and less than `change` + 1 away from the count."""

    base: int = 5
    change: int = 9

    def behind(self, value: int) -> tuple[int, int]:
        """Return the least and the greatest count that a figure can stand for.

        An empty cell is never changed, so a figure that is not 0 stands for at least 1.
        """
        return (max(1, value - self.change) if value else 0, value + self.change)


@dataclass(frozen=True)
class Reading:
    """Which measures are perturbed counts of people, which are rates; all others are exact."""

    perturbed: Mapping[str, Perturbation]
    rates: frozenset[str]

    def is_exact(self, measure: str) -> bool:
        """Whether figures of a measure are what was counted, and add up."""
        return measure not in self.perturbed and measure not in self.rates

    def ends(self, measure: str, value: Fraction) -> tuple[int, int]:
        """Return the least and the greatest count that stands behind a figure of people."""
        return self.perturbed[measure].behind(int(value))


def reading(methods: Mapping[str, Sequence[str]], tables: Iterable[Table]) -> Reading:
    """Say how each measure is read, by its unit, its name and the methods of its population."""
    units = {m: unit for table in tables for m, (_, unit) in table.measures.items()}
    rates = {m for m, unit in units.items() if unit in RATE_UNITS or RATE_NAME.fullmatch(m)}
    people = [
        measure
        for measure, unit in units.items()
        if unit == PEOPLE_UNIT and measure not in rates and not measure.startswith(PLANNED)
    ]
    return Reading({m: _perturbation(methods.get(m, ())) for m in people}, frozenset(rates))


def _perturbation(methods: Sequence[str]) -> Perturbation:
    """Read base and largest change from methods such as `CellKey(base=5, largest_change=9)`."""
    told = " ".join(methods)
    base = re.search(r"\bbase=(\d+)", told)
    change = re.search(r"\blargest_change=(\d+)", told)
    if base is None:
        return Perturbation()
    return Perturbation(int(base[1]), int(change[1]) if change else int(base[1]) // 2)

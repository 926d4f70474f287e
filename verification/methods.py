"""What the manifest says of a figure: which counts can stand behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Protocol

from verification.errors import FolderError
from verification.measures import Rates
from verification.tables import Table

PLANNED = "planned_"
PEOPLE_UNIT = "people"
MOST_STEPS = 8
"""How many roundings one upon another are followed."""
FEWEST_SHOWN = 5
"""Counts of people of 1 or more under it are small, also where a release states a lower base."""
Record = Mapping[str, Any]


class Behind(Protocol):
    """Which counts stand behind a figure. Every figure is a multiple of `base`."""

    @property
    def base(self) -> int:
        """What every figure is a multiple of."""
        ...

    def behind(self, value: int) -> tuple[int, int]:
        """Return the least and the greatest count that a figure can stand for."""
        ...


@dataclass(frozen=True)
class Within:
    """The count is at most `below` under the figure and at most `above` over it.

    With `keeps_zero` an empty cell is never changed, so any figure but 0 stands for 1 or more.
    """

    base: int
    below: int
    above: int
    keeps_zero: bool = False

    def behind(self, value: int) -> tuple[int, int]:
        """Return both ends; no count is negative."""
        least = 1 if self.keeps_zero and value else 0
        return max(least, value - self.below), value + self.above


@dataclass(frozen=True)
class Share:
    """The figure is at most `thousandths` of the true amount away from it, and half a unit."""

    thousandths: int
    base: int = 1

    def behind(self, value: int) -> tuple[int, int]:
        """Return both ends, as whole numbers."""
        low = value * 1000 // (1000 + self.thousandths)
        return low, (2 * value + 1) * 500 // (1000 - self.thousandths)


@dataclass(frozen=True)
class Nearest:
    """The figure is the nearest multiple of `base`, halves up, of one that is read as `before`."""

    base: int
    before: Behind

    def behind(self, value: int) -> tuple[int, int]:
        """Return the ends of the least and the greatest figure that was rounded to this one."""
        half, grid = self.base // 2, self.before.base
        first = max(0, -(-(value - half) // grid) * grid)
        last = (value + self.base - 1 - half) // grid * grid
        return self.before.behind(first)[0], self.before.behind(last)[1]


EXACT = Within(1, 0, 0)


@dataclass(frozen=True)
class StatedMethods:
    """Which measures are changed, and how; which are rates, and of what; all others are exact.

    `people` are the measures that count people, and `unstated` those of them of which the manifest
    does not say how they are to be read. `certified` are those for which it states a certificate:
    that every cell which the rules withhold can be lower and higher by its protection. `stated` are
    those of which it says that figures are what was counted.
    """

    perturbed: Mapping[str, Behind]
    rates: Rates
    people: frozenset[str] = frozenset()
    unstated: frozenset[str] = frozenset()
    certified: frozenset[str] = frozenset()
    stated: frozenset[str] = frozenset()

    def is_exact(self, measure: str) -> bool:
        """Whether figures of a measure are what was counted, and add up."""
        return measure not in self.perturbed and measure not in self.rates

    def small(self, measure: str) -> range:
        """Return the counts that are small: of people, also those under the base that is stated."""
        is_based = measure in self.people and measure in self.perturbed
        return range(1, max(FEWEST_SHOWN, self.perturbed[measure].base if is_based else 1))

    def ends(self, measure: str, value: Fraction) -> tuple[int, int]:
        """Return the least and the greatest count that stands behind a figure that was changed."""
        return self.perturbed[measure].behind(int(value))


def stated_methods(
    stated: Mapping[str, Record],
    rates: Rates,
    tables: Iterable[Table],
    certified: frozenset[str] = frozenset(),
    counted: frozenset[str] = frozenset(),
) -> StatedMethods:
    """Say how each measure is read, from what the manifest states of it and its unit.

    People are counted by the measures in `counted`, of populations that the manifest says are
    people, whatever their unit and name; and by those in the unit people, unless they are planned.
    Raises `FolderError` for a way to read figures that is not known here.
    """
    units = {m: unit for table in tables for m, (_, unit) in table.measures.items()}
    people = frozenset(
        measure
        for measure, unit in units.items()
        if measure not in rates
        and (measure in counted or unit == PEOPLE_UNIT and not measure.startswith(PLANNED))
    )
    read = {m: as_stated(stated[m]) for m in units if m in stated and m not in rates}
    perturbed = {measure: way for measure, way in read.items() if way != EXACT}
    exact = frozenset(read.keys() - perturbed.keys())
    return StatedMethods(perturbed, rates, people, people - read.keys(), certified, exact)


def as_stated(record: Record, steps: int = MOST_STEPS) -> Behind:
    """Return what a record of the manifest states; docs/disclosure/methods.md lists the kinds.

    Raises `FolderError` for another kind, and for more than `steps` roundings one upon another:
    each doubles the work of every figure.
    """
    if steps < 0:
        raise FolderError(f"manifest.json states a figure rounded over {MOST_STEPS} times.")
    try:
        match record["kind"]:
            case "exact":
                return EXACT
            case "range":
                return _within(record)
            case "distribution":
                return replace(_within(record), keeps_zero=True)
            case "proportion":
                return Share(whole(record, "thousandths", 0, 999))
            case "rounded":
                return Nearest(whole(record, "base", 1), as_stated(record["before"], steps - 1))
    except (KeyError, TypeError) as fault:
        raise FolderError(f"manifest.json states a reading without {fault}: {record}.") from fault
    raise FolderError(
        f"manifest.json states the reading {record['kind']!r}, which this verifier does not know. "
        "Use the verifier of the release's own code version."
    )


def _within(record: Record) -> Within:
    base = whole(record, "base", 1)
    return Within(base, whole(record, "below", 0), whole(record, "above", 0))


def whole(record: Record, name: str, least: int, most: int = 1_000_000) -> int:
    """Return a whole number of a record; raises `FolderError` when it is none or out of range."""
    value = record[name]
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise FolderError(
            f"manifest.json states a reading or method of which {name!r} is no whole number "
            f"from {least} to {most:,}."
        )
    return value

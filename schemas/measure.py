"""Columns of figures of a published table: statistics as protected, and rates made of them."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.declared import declared
from schemas.errors import DeclarationError
from schemas.population import Population
from schemas.texts import check_name, check_title, is_whole
from schemas.units import PERCENT, UNITS, check_unit

MOST_DECIMALS = 6
MOST_PER = 1_000_000


@declared
@dataclass(frozen=True)
class Measure:
    """One column of figures: a statistic of a population, as protected.

    Raises `DeclarationError` for a statistic that the population does not have.
    """

    population: Population
    statistic: str
    title: str

    def __post_init__(self) -> None:
        if not isinstance(self.population, Population):
            raise DeclarationError(
                f"A measure counts {self.population!r}, which is no population. Take one of "
                "publications/populations.py."
            )
        self.population.statistic(self.statistic)
        check_title(f"The title of the measure {self.statistic}", self.title)

    @property
    def id(self) -> str:
        """The column name in open data."""
        return self.statistic

    @property
    def unit(self) -> str:
        """The unit shown beside the title."""
        return self.population.statistic(self.statistic).unit

    @property
    def is_date(self) -> bool:
        """Whether the figures are dates."""
        return self.population.statistic(self.statistic).kind == "date"

    @property
    def is_yearly(self) -> bool:
        """Whether the figures are of whole financial years."""
        return self.population.statistic(self.statistic).is_yearly


@declared
@dataclass(frozen=True)
class Rate:
    """One column made from two measures of the same table, from protected figures only.

    Shown as numerator / denominator x `per`, with so many `decimals`; withheld `[c]` when either
    part is withheld, and when the protected denominator is under the minimum of its population's
    policy.
    """

    id: str
    title: str
    numerator: str
    denominator: str
    per: int = 100
    decimals: int = 1
    unit: str = PERCENT

    def __post_init__(self) -> None:
        check_name("The id of a rate", self.id)
        name = f"The rate {self.id}"
        check_title(f"{name}: its title", self.title)
        check_unit(f"{name}: its unit", self.unit, UNITS)
        check_name(f"{name}: its numerator", self.numerator)
        check_name(f"{name}: its denominator", self.denominator)
        if self.numerator == self.denominator:
            raise DeclarationError(f"{name} divides {self.numerator} by itself.")
        if not is_whole(self.per) or not 1 <= self.per <= MOST_PER:
            raise DeclarationError(
                f"{name} is per {self.per!r}. Give a whole number from 1 to {MOST_PER:,}."
            )
        if self.unit == PERCENT and self.per != 100:
            raise DeclarationError(
                f"{name} has the unit {self.unit} and is per {self.per}. A percentage is per 100; "
                "name another unit."
            )
        if not is_whole(self.decimals) or not 0 <= self.decimals <= MOST_DECIMALS:
            raise DeclarationError(
                f"{name} has {self.decimals!r} decimals. Give a whole number from 0 to "
                f"{MOST_DECIMALS}."
            )

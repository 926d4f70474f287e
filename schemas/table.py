"""Published tables as declarations: what is shown, broken down by what, with which notes."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.crossing import check_crossing, check_special
from schemas.dimension import Breakdown
from schemas.errors import DeclarationError
from schemas.population import Population


@dataclass(frozen=True)
class Measure:
    """One column of figures: a statistic of a population, as protected.

    `decimals` are those shown; figures are whole numbers unless a `Rate` makes them.
    """

    population: Population
    statistic: str
    title: str

    @property
    def id(self) -> str:
        """The column name in open data."""
        return self.statistic

    @property
    def unit(self) -> str:
        """The unit shown beside the title."""
        return self.population.statistic(self.statistic).unit


@dataclass(frozen=True)
class Rate:
    """One column made from two measures of the same table, from protected figures only.

    Shown as numerator / denominator x `per`; withheld `[c]` when either part is withheld, and when
    the protected denominator is under the minimum of its population's policy.
    """

    id: str
    title: str
    numerator: str
    denominator: str
    per: int = 100
    decimals: int = 1
    unit: str = "per cent"


@dataclass(frozen=True)
class StatisticalTable:
    """One published table: every cell its measures have for every combination of `by`.

    `latest` keeps only the reference quarter and the programme to date.
    """

    number: int
    id: str
    title: str
    measures: tuple[Measure | Rate, ...]
    by: tuple[Breakdown, ...]
    notes: tuple[str, ...] = ()
    latest: bool = False

    def __post_init__(self) -> None:
        names = [b.name for b in self.by]
        if len(set(names)) != len(names):
            raise DeclarationError(f"Table {self.number} breaks down twice by the same dimension.")
        known = {m.id for m in self.measures}
        if len(known) != len(self.measures):
            raise DeclarationError(f"Table {self.number} has two measures of the same id.")
        counted = {m.id for m in self.measures if isinstance(m, Measure)}
        for rate in self.measures:
            if isinstance(rate, Rate) and not {rate.numerator, rate.denominator} <= counted:
                raise DeclarationError(
                    f"Table {self.number}: the rate {rate.id} needs the measures "
                    f"{rate.numerator} and {rate.denominator}."
                )
        self._check_privacy()

    def _check_privacy(self) -> None:
        """Refuse what would show people too closely, however it is written."""
        name = f"Table {self.number} ({self.id})"
        of_people = [population for population in self.populations if population.people]
        check_crossing(name, self.by, counts_people=bool(of_people))
        for population in of_people:
            check_special(name, self.by, population.policy)

    def minimum_denominator(self, rate: Rate) -> int:
        """Return the least published figure that a rate may divide by, as its policy says."""
        measures = (measure for measure in self.measures if isinstance(measure, Measure))
        divisor = next(measure for measure in measures if measure.id == rate.denominator)
        return divisor.population.policy.minimum_denominator

    @property
    def populations(self) -> tuple[Population, ...]:
        """The populations that the table draws on, each once."""
        return tuple(dict.fromkeys(m.population for m in self.measures if isinstance(m, Measure)))

"""Published tables as declarations: what is shown, broken down by what, with which notes."""

from __future__ import annotations

from dataclasses import dataclass, field

from schemas.crossing import check_crossing, check_special
from schemas.declared import declared, declaring_file
from schemas.dimension import Breakdown
from schemas.measure import Measure, Rate
from schemas.population import Population
from schemas.table_rules import (
    check_by,
    check_columns,
    check_dates,
    check_headings,
    check_identity,
    check_ids,
    check_measures,
    check_periods,
    check_size,
)
from schemas.texts import check_notes

__all__ = ["Measure", "Rate", "StatisticalTable"]


@declared
@dataclass(frozen=True)
class StatisticalTable:
    """One published table: every cell its measures have for every combination of `by`.

    `latest` keeps only the reference quarter and the programme to date. A table that cannot be
    counted, shown or published raises `DeclarationError` when it is made; `declared_in` is the file
    that makes it.
    """

    number: int
    id: str
    title: str
    measures: tuple[Measure | Rate, ...]
    by: tuple[Breakdown, ...]
    notes: tuple[str, ...] = ()
    latest: bool = False
    declared_in: str = field(default="", init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "declared_in", declaring_file())
        check_identity(self.number, self.id, self.title)
        check_notes(self.name, self.notes)
        check_measures(self.name, self.measures)
        check_by(self.name, self.by)
        self._check_privacy()
        check_columns(self.name, self.by, self.populations)
        check_dates(self.name, self.by, self.measures)
        check_periods(self.name, self.by, self.measures, is_latest=self.latest)
        check_ids(self.name, self.by, self.measures)
        check_headings(self.name, self.by, self.measures)
        check_size(self.name, self.by)

    def _check_privacy(self) -> None:
        """Refuse what would show people too closely, however it is written."""
        of_people = [population for population in self.populations if population.people]
        check_crossing(self.name, self.by, counts_people=bool(of_people))
        for population in of_people:
            check_special(self.name, self.by, population.policy)

    @property
    def name(self) -> str:
        """What messages call the table: `Table 6 (starts_by_delivery_area)`."""
        return f"Table {self.number} ({self.id})"

    def minimum_denominator(self, rate: Rate) -> int:
        """Return the least published figure that a rate may divide by, as its policy says."""
        measures = (measure for measure in self.measures if isinstance(measure, Measure))
        divisor = next(measure for measure in measures if measure.id == rate.denominator)
        return divisor.population.policy.minimum_denominator

    def settles_after(self, measure: Measure | Rate) -> int:
        """For how many later quarters figures of a measure stay provisional; 0 where none do.

        A rate is provisional as long as one of the two figures that it divides.
        """
        counted = {one.id: one.population for one in self.measures if isinstance(one, Measure)}
        if isinstance(measure, Rate):
            parts = (counted[measure.numerator], counted[measure.denominator])
            return max(part.settles_after for part in parts)
        return measure.population.settles_after

    @property
    def populations(self) -> tuple[Population, ...]:
        """The populations that the table draws on, each once."""
        return tuple(dict.fromkeys(m.population for m in self.measures if isinstance(m, Measure)))

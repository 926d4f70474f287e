"""Populations: who or what is counted, from which relation, under which policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from disclosure import FigureReading, Method, reading_of
from schemas.errors import DeclarationError
from schemas.policy import Policy


@dataclass(frozen=True)
class Statistic:
    """One figure of a population.

    `count` counts units; `sum` adds the whole-number column `name`; `date` is the first day in
    the column `name` (only where one row stands alone: no total is made of dates). `mark_column`
    names the column of the rollout register that says how sure the fact is: figures whose mark is
    not `V` are shown as estimates, `[e]`.
    """

    name: str
    title: str
    kind: Literal["count", "sum", "date"] = "count"
    unit: str = ""
    mark_column: str = ""


@dataclass(frozen=True)
class Population:
    """All cells that any table publishes of one relation: counted once, protected once.

    `relation` has one row per unit, its dimension columns and, for people, `episode_id`, from
    which record keys are derived. `stock` populations stand on the last day of each quarter and
    have no total over quarters. A relation without the column of a dimension has figures for the
    total of that dimension only. Optional columns: `contributor` and `contributor_is_public` say
    whose amount a row is; `staff` how many people stand behind it. Populations `from_returns` have
    no figure `[x]` where an area's return was not received and none `[z]` before the area opened.
    """

    relation: str
    title: str
    unit: str
    statistics: tuple[Statistic, ...]
    policy: Policy
    people: bool = False
    stock: bool = False
    from_returns: bool = True

    def __post_init__(self) -> None:
        if self.people and not (self.policy.methods and self.policy.minimum_behind_change):
            raise DeclarationError(
                f"The population {self.relation} counts people, but its policy "
                f"{self.policy.name} does not protect people. It needs methods, and a "
                "minimum_behind_change of 1 or more."
            )

    @property
    def protection(self) -> tuple[Method, ...]:
        """The methods of the population's policy, in order."""
        return self.policy.methods

    def reading(self, statistic: str) -> FigureReading:
        """Return what a reader who knows the methods knows of a shown figure of a statistic."""
        return reading_of(self.policy.methods, statistic)

    def statistic(self, name: str) -> Statistic:
        """Return the statistic of that name, or raise `DeclarationError`."""
        for statistic in self.statistics:
            if statistic.name == name:
                return statistic
        raise DeclarationError(
            f"The population {self.relation} has no statistic {name!r}; it has "
            + ", ".join(s.name for s in self.statistics)
        )

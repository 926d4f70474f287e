"""Populations: who or what is counted, from which relation, under which policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import reference
from disclosure import FigureReading, Method, reading_of, shown_too_closely
from schemas.contributors import CONTRIBUTOR, STAFF, check_contributors
from schemas.declared import declared, declaring_file
from schemas.errors import DeclarationError
from schemas.policy import Policy
from schemas.texts import check_name, check_title, check_tuple
from schemas.units import check_unit
from schemas.warehouse import RelationColumn, population_relation
from schemas.warehouse.column_list import DATE, WHOLE
from schemas.warehouse.relations import dimension_columns

Kind = Literal["count", "sum", "date"]
PERSON = "episode_id"
"""The column of a relation whose rows are people: record keys are derived from it."""
PEOPLE = "people"
"""The unit of populations and statistics that count people."""
PLANNED = "planned_"
"""How the names of statistics begin whose people are planned, and not counted."""
HELPING = (CONTRIBUTOR, "contributor_is_public", STAFF)
"""The columns that say who stands behind a row, for the methods that protect figures."""
TYPES: Mapping[str, str] = {"sum": WHOLE, "date": DATE}
"""The type of the column that a statistic of a kind is made of; a count needs none."""


@declared
@dataclass(frozen=True)
class Statistic:
    """One figure of a population.

    `count` counts units; `sum` adds the whole-number column `name`; `date` is the first day in
    the column `name` (only where one row stands alone: no total is made of dates). `mark_column`
    names the column of the rollout register that says how sure the fact is: figures whose mark is
    not `V` are shown as estimates, `[e]`. So is every figure of a sum that `is_spread`: this
    project spread a total evenly over quarters. A sum that `is_yearly` belongs to a whole
    financial year, so no missing quarter of it can be imputed from the one before.
    """

    name: str
    title: str
    kind: Kind = "count"
    unit: str = ""
    mark_column: str = ""
    is_yearly: bool = False
    is_spread: bool = False

    def __post_init__(self) -> None:
        check_name("The name of a statistic", self.name)
        what = f"The statistic {self.name}"
        check_title(f"{what}: its title", self.title)
        if self.kind not in get_args(Kind):
            raise DeclarationError(
                f"{what} has the kind {self.kind!r}; the kinds are {', '.join(get_args(Kind))}."
            )
        if self.unit:
            check_unit(f"{what}: its unit", self.unit)
        if self.is_yearly and self.kind != "sum":
            raise DeclarationError(f"{what} is a {self.kind}; only a sum can be of a whole year.")
        marks = [name for name in reference.rollout().columns if name.endswith("_mark")]
        if self.mark_column and self.mark_column not in marks:
            raise DeclarationError(
                f"{what} has the mark_column {self.mark_column!r}, which the rollout register does "
                f"not have; it has {', '.join(marks)}."
            )


@declared
@dataclass(frozen=True)
class Population:
    """All cells that any table publishes of one relation: counted once, protected once.

    `relation` has one row per unit, its dimension columns and, for people, `episode_id`, from
    which record keys are derived. `stock` populations stand on the last day of each quarter and
    have no total over quarters. A relation without the column of a dimension has figures for the
    total of that dimension only. Optional columns: `contributor` and `contributor_is_public` say
    whose amount a row is; `staff` how many people stand behind it. Populations `from_returns` have
    no figure `[x]` where an area's return was not received and none `[z]` before the area opened.
    Figures of a quarter are provisional, `[p]`, until the release `settles_after` quarters later:
    0 where returns come with every event (schemas/settling.py says why they may not).
    """

    relation: str
    title: str
    unit: str
    statistics: tuple[Statistic, ...]
    policy: Policy
    people: bool = False
    stock: bool = False
    from_returns: bool = True
    settles_after: int = 0

    def __post_init__(self) -> None:
        check_name("The relation of a population", self.relation)
        what = f"The population {self.relation}"
        check_title(f"{what}: its title", self.title)
        check_unit(f"{what}: its unit", self.unit)
        check_tuple(f"{what}: statistics", self.statistics, Statistic)
        names = [statistic.name for statistic in self.statistics]
        if not names:
            raise DeclarationError(f"{what} has no statistic.")
        if len(set(names)) != len(names):
            raise DeclarationError(f"{what} has two statistics of one name: {', '.join(names)}.")
        self._check_units(what)
        self._check_policy()
        self._check_settling(what)
        if self.columns:
            self._check_relation(what)

    def _check_units(self, what: str) -> None:
        """Raise unless whatever counts people says so, in both units and by people=True.

        Programs that read a release know a count of people by its unit. Plans count nobody yet:
        their statistics are of a register, and their names begin with `PLANNED`.
        """
        if (self.unit == PEOPLE) != self.people:
            raise DeclarationError(
                f"{what} is declared with people={self.people} and the unit {self.unit!r}. "
                f"People, and nothing else, are counted in {PEOPLE!r}: mend one of the two."
            )
        for one in self.statistics:
            is_planned = one.name.startswith(PLANNED)
            if self.people and (one.unit != PEOPLE or is_planned):
                raise DeclarationError(
                    f"{what} counts people, and its statistic {one.name} has the unit "
                    f"{one.unit!r}. Give it the unit {PEOPLE!r}, and a name that does not begin "
                    f"with {PLANNED!r}: it would pass as no count of people."
                )
            if one.unit == PEOPLE and not self.people and (self.from_returns or not is_planned):
                raise DeclarationError(
                    f"{what} is declared with people=False, and its statistic {one.name} has the "
                    f"unit {PEOPLE!r}. Say people=True, or, where it is planned and from a "
                    f"register, begin its name with {PLANNED!r}."
                )

    def _check_relation(self, what: str) -> None:
        """Raise unless the relation of the warehouse has what is counted."""
        if self.people != (PERSON in self.columns):
            has = "has" if PERSON in self.columns else "has no"
            raise DeclarationError(
                f"{what} is declared with people={self.people}, and its relation {has} "
                f"{PERSON}. Rows with {PERSON} are people, who are protected as people."
            )
        self._check_origin(what)
        if CONTRIBUTOR not in self.columns:
            judging = [m for m in self.policy.methods if m.amount_rule is not None]
            if judging:
                raise DeclarationError(
                    f"{what} has the policy {self.policy.name}, whose method "
                    f"{type(judging[0]).__name__} judges by the column {CONTRIBUTOR}, and its "
                    "relation has none, so it would withhold nothing. Take another policy."
                )
        names = [statistic.name for statistic in self.statistics]
        check_contributors(what, self.policy, self.columns, names)
        for statistic in self.statistics:
            if statistic.name in HELPING:
                raise DeclarationError(
                    f"{what}: the statistic {statistic.name} is a column that says who stands "
                    "behind a row. It protects figures, and is not published itself."
                )
            column = self.columns.get(statistic.name)
            wanted = TYPES.get(statistic.kind)
            if wanted and (column is None or column.sql_type != wanted):
                listed = [c.name for c in self.columns.values() if c.sql_type == wanted]
                raise DeclarationError(
                    f"{what}: the statistic {statistic.name} is a {statistic.kind}, and the "
                    f"relation has no {wanted} column of that name; it has "
                    f"{', '.join(listed) or 'none'}."
                )

    def _check_origin(self, what: str) -> None:
        """Raise unless the population is said to be what the warehouse declares of its relation."""
        held = population_relation(self.relation)
        for name in ("stock", "from_returns"):
            declared, is_so = getattr(self, name), getattr(held, name)
            if declared != is_so:
                raise DeclarationError(
                    f"{what} is declared with {name}={declared}, and the warehouse declares its "
                    f"relation with {name}={is_so} (schemas/warehouse/populations.py). Say {is_so}."
                )

    def _check_settling(self, what: str) -> None:
        quarters = self.settles_after
        if not isinstance(quarters, int) or isinstance(quarters, bool) or quarters < 0:
            raise DeclarationError(
                f"{what} has settles_after {quarters!r}. Give a whole number of quarters, 0 or "
                "more: 0 for figures that are not provisional."
            )
        if quarters and not self.from_returns:
            raise DeclarationError(
                f"{what} has settles_after {quarters}, but its figures are not from returns, so no "
                "later return adds to them. Leave settles_after out."
            )

    def _check_policy(self) -> None:
        if not isinstance(self.policy, Policy):
            raise DeclarationError(
                f"The population {self.relation} has the policy {self.policy!r}, which is none. "
                "Take one of publications/policies.py."
            )
        if self.people and not (self.policy.methods and self.policy.minimum_behind_change):
            raise DeclarationError(
                f"The population {self.relation} counts people, but its policy "
                f"{self.policy.name} does not protect people. It needs methods, and a "
                "minimum_behind_change of 1 or more."
            )
        self._check_methods()
        if self.from_returns and not self.policy.methods:
            held = population_relation(self.relation)
            public = " or, where the figures are public facts, say from_returns=False"
            raise DeclarationError(
                f"The population {self.relation} is from returns, which are confidential, and its "
                f"policy {self.policy.name} has no methods. Take one that protects it"
                f"{'' if held is not None and held.from_returns else public}."
            )

    def _check_methods(self) -> None:
        """Raise for a method of no statistic, and for people whose small counts would be known."""
        names = [statistic.name for statistic in self.statistics]
        for method in self.policy.methods:
            unknown = [name for name in method.applies_to if name not in names]
            if unknown:
                raise DeclarationError(
                    f"The population {self.relation} has a policy, {self.policy.name}, with the "
                    f"method {type(method).__name__} for the statistic {unknown[0]!r}, which it "
                    f"does not have; it has {', '.join(names)}."
                )
        for name in names if self.people else ():
            small = shown_too_closely(self.policy.methods, name)
            if small:
                raise DeclarationError(
                    f"The population {self.relation} counts people, but under its policy "
                    f"{self.policy.name} a reader would know {name} of {small} exactly, or be "
                    "right about it more often than not. Use methods that change small counts "
                    "enough, such as CellKey with a base of 5, or withhold them, such as "
                    "Threshold of 5 with ComplementarySuppression."
                )

    @property
    def protection(self) -> tuple[Method, ...]:
        """The methods of the population's policy, in order."""
        return self.policy.methods

    @property
    def columns(self) -> Mapping[str, RelationColumn]:
        """The columns of its relation by name; none where the warehouse has no such relation."""
        relation = population_relation(self.relation)
        return {column.name: column for column in relation.columns} if relation else {}

    @property
    def blank(self) -> tuple[str, ...]:
        """The columns with codes that can be blank, so that no table can break down by them."""
        relation = population_relation(self.relation)
        return relation.blank if relation else ()

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The columns that tables can break down by."""
        relation = population_relation(self.relation)
        held = dimension_columns(relation) if relation else ()
        return tuple(name for name in held if name not in self.blank)

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


def check_relations(populations: tuple[Population, ...]) -> tuple[Population, ...]:
    """Return populations that the warehouse has, each once; raises `DeclarationError` otherwise."""
    relations = [population.relation for population in populations]
    for place, population in enumerate(populations):
        if population.relation in relations[:place]:
            raise DeclarationError(
                f"The population {population.relation} is listed twice. Each relation is counted "
                "and protected once: leave one of the two out.",
                declaring_file(),
            )
        if not population.columns:
            raise DeclarationError(
                f"The population {population.relation} counts a relation that the warehouse does "
                "not have. The relations of populations are declared in schemas/warehouse.",
                declaring_file(),
            )
    return populations

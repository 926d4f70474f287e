"""The attacker on one table system, who reads what is published and nothing else."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Real

import numpy as np

from disclosure import inference, tables
from disclosure.attacker.tuning import TUNING
from disclosure.errors import DesignError, TableError
from disclosure.inference.deduction import (
    Floats,
    Ints,
    Mask,
    Row,
    computable,
    propagate,
    reduced,
    told_by_own,
)
from disclosure.inference.words import between, equation, squeeze

FORGIVEN = 2e-9
"""Sums of amounts hold to this share of what they add: twice what a `TableSystem` forgives."""
DIGITS = 1e-12
"""So much of what they add, sums of floats are off without any fault in the figures."""


@dataclass(frozen=True)
class Entries:
    """Constraints as entries; see `deduction.Sums`."""

    relation: Ints
    cell: Ints
    coefficient: Ints
    count: int


@dataclass(frozen=True, eq=False)
class Knowledge:
    """What the attacker reads or assumes: the interval of each cell; exact where both ends meet.

    `withheld` marks the cells without a figure: to know one of these is an exposure.
    """

    least: Floats
    most: Floats
    withheld: Mask

    @classmethod
    def of_pattern(cls, system: tables.TableSystem, suppressed: Mask) -> Knowledge:
        """Return what a reader knows when `suppressed` is withheld and all else is exact."""
        hidden = np.asarray(suppressed, dtype=bool)
        if hidden.shape != system.values.shape:
            raise TableError(f"Knowledge of {hidden.size} cells for {len(system)} cells.")
        values = system.values.astype(np.float64)
        return cls(np.where(hidden, 0.0, values), np.where(hidden, np.inf, values), hidden)

    def assuming(self, where: Mask, least: float, most: float) -> Knowledge:
        """Return the knowledge of one who also knows that the cells in `where` are in a range.

        The rule-aware attacker knows that a primary suppression is 1 to threshold - 1.
        """
        low = np.where(where, np.maximum(self.least, least), self.least)
        high = np.where(where, np.minimum(self.most, most), self.most)
        return Knowledge(low, high, self.withheld)


@dataclass(frozen=True)
class Fact:
    """Something that is exposed, with its `derivation` in plain English.

    `kind`: "published", "exact", "own" (one contributor tells another's), "interval"; of a release
    also "small", "disagreement" and "previous".
    """

    cell: int
    kind: str
    low: float
    high: float
    derivation: str


@dataclass(frozen=True, eq=False)
class AttackReport:
    """The facts exposed, and what is known of each cell. `complete`: no program was left out."""

    facts: tuple[Fact, ...]
    low: Floats
    high: Floats
    complete: bool


def attack(
    system: tables.TableSystem, knowledge: Knowledge | Mask, *, budget_seconds: float = 60.0
) -> AttackReport:
    """Attack `system` with what is published; return the exposed facts with their derivations.

    `knowledge` is a `Knowledge`, or a mask of the withheld cells when all others are exact. In
    turn: sensitive cells that are published; cells that follow exactly from sums; cells that one
    contributor can tell from his own; sensitive cells that are bounded inside their protection.

    Counts are bounded in whole numbers. That one is not exposed, a table shows that keeps every
    sum, checked in whole numbers. That one is, the prices of a linear program prove to a
    millionth; where only whole numbers stop short of the protection, it is the solver's word.
    Amounts are judged to a millionth of their protection, and their sums hold as closely as the
    figures do: a `TableSystem` forgives a billionth of what is added. `complete` says that no cell
    was left open: the budget sufficed, and no program failed.

    Raises TableError, naming the cells, for knowledge that is missing or contradicts itself;
    DesignError for a budget that is not 0 or more seconds.
    """
    if not isinstance(budget_seconds, Real) or not budget_seconds >= 0:
        raise DesignError(f"A budget is 0 seconds or more, not {budget_seconds!r}.")
    if not isinstance(knowledge, Knowledge):
        knowledge = Knowledge.of_pattern(system, np.asarray(knowledge))
    knowledge = checked(system, knowledge)
    until = time.monotonic() + budget_seconds
    matrix = system.constraints.tocoo()
    sums = Entries(
        matrix.row.astype(np.int64),
        matrix.col.astype(np.int64),
        matrix.data.astype(np.int64),
        matrix.shape[0],
    )
    unknown = knowledge.least < knowledge.most
    rows = reduced(sums, unknown)
    facts = published(system, unknown) + exact(system, sums, unknown, rows)
    told = {fact.cell for fact in facts}
    facts += by_own(system, rows, unknown, told)
    slack = 0.0 if system.integer else forgiven(system, knowledge)
    low, high = propagate(sums, knowledge.least, knowledge.most, slack)
    try:
        programs = inference.Extremes(
            sums, low, high, system.integer, system.values, unknown, rows, slack, until
        )
        found, complete = bounded(system, programs, unknown, told)
    except TableError as fault:
        (cell,) = fault.cells
        raise TableError(f"{fault} It shows at {system.name(cell)}.", fault.cells) from fault
    return AttackReport(tuple(facts + found), programs.low, programs.high, complete)


def forgiven(system: tables.TableSystem, knowledge: Knowledge) -> Floats:
    """Return by how much each sum of amounts may fail to be zero: as much as its figures do.

    Not more than what a `TableSystem` forgives: then what is known contradicts itself.
    """
    figures = np.clip(system.values, knowledge.least, knowledge.most)
    total = abs(system.constraints) @ figures
    fault = np.abs(system.constraints @ figures)
    result: Floats = np.minimum(2 * fault, FORGIVEN * total) + DIGITS * total
    return result


def checked(system: tables.TableSystem, knowledge: Knowledge) -> Knowledge:
    """Return the knowledge, where two ends of an amount are the same but for its last digits.

    Raises TableError, naming the cells, where there is none for each cell.
    """
    least, most = knowledge.least, knowledge.most
    for ends in (least, most, knowledge.withheld):
        if np.shape(ends) != system.values.shape:
            raise TableError(f"Knowledge of {np.size(ends)} cells for {len(system)} cells.")
    over = 0.0 if system.integer else FORGIVEN * np.abs(np.where(np.isinf(most), 0.0, most))
    missing = np.isnan(least) | np.isnan(most) | np.isposinf(least) | np.isneginf(most)
    for faulty, fault in (
        (missing, "an end of what is known is missing"),
        (least > most + over, "the least that is known is above the most"),
    ):
        found = np.flatnonzero(faulty)
        if found.size:
            more = f", and in {found.size - 1} cells more" if found.size > 1 else ""
            raise TableError(f"{system.name(int(found[0]))}: {fault}{more}.", tuple(found.tolist()))
    return Knowledge(least, np.maximum(least, most), knowledge.withheld)


def published(system: tables.TableSystem, unknown: Mask) -> list[Fact]:
    """Return the sensitive cells that are simply there."""
    return [
        Fact(c, "published", v, v, f"{system.name(c)} is sensitive and published")
        for c, v in cells(system, system.sensitive & ~unknown)
    ]


def exact(
    system: tables.TableSystem, sums: Entries, unknown: Mask, rows: Mapping[int, Row]
) -> list[Fact]:
    """Return the sensitive cells that follow from published ones, with the sum that tells them."""
    found = [cell for cell in computable(rows) if system.sensitive[cell]]
    parts = inference.components(sums, unknown)
    facts = []
    for number, cell in enumerate(found):
        value = float(system.values[cell])
        words = "its value follows from the published sums"
        if number < TUNING.derivations_shown:
            factors = inference.combination(sums, parts, cell)
            words = equation(factors, system.values.tolist(), system.name) if factors else words
        facts.append(Fact(cell, "exact", value, value, f"{system.name(cell)}: {words}"))
    return facts


def by_own(
    system: tables.TableSystem, rows: Mapping[int, Row], unknown: Mask, told: set[int]
) -> list[Fact]:
    """Return the sensitive cells that a single contributor can tell from his own cell.

    A total of which his cell is the only part above zero is his own fact again, and no leak.
    """
    if not system.singles.any():
        return []
    alike = tables.same_fact(system)
    facts = []
    for cell, owners in told_by_own(rows, system.singles & unknown).items():
        if not system.sensitive[cell] or cell in told:
            continue
        other = next((own for own in owners if alike[own] != alike[cell]), None)
        if other is not None:
            words = f"who is alone in {system.name(other)} can tell {system.name(cell)}"
            value = float(system.values[cell])
            facts.append(Fact(cell, "own", value, value, words))
    return facts


def bounded(
    system: tables.TableSystem, programs: inference.Extremes, unknown: Mask, told: set[int]
) -> tuple[list[Fact], bool]:
    """Return the sensitive cells bounded inside their protection, and whether all were settled."""
    facts = []
    for cell, value in cells(system, system.sensitive & unknown):
        if cell in told:
            continue
        down, up = value - float(system.down[cell]), value + float(system.up[cell])
        low, high = programs.examine(cell, down, up)
        slack = 0.0 if system.integer else inference.tolerance(up - down)
        if low > down + slack or high < up - slack:
            words = squeeze(programs.sums, programs.low, programs.high, cell, system.name)
            wanted = f"its protection is {between(down, up)}"
            facts.append(Fact(cell, "interval", low, high, f"{words}; {wanted}"))
    return facts, not programs.unsettled


def cells(system: tables.TableSystem, where: Mask) -> list[tuple[int, float]]:
    """Return the cells in `where` with their values."""
    return [(int(c), float(system.values[c])) for c in np.flatnonzero(where)]

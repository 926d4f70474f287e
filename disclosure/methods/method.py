"""What a disclosure-control method is: how it treats cells, and what follows from it.

The code that attacks, audits, explains or records a population asks its methods these questions and
names no method. A new method is one class.
"""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, ClassVar, Literal, Protocol

import numpy as np

from disclosure.methods.treated import AmountRule, TreatedTable
from disclosure.perturbation.readings import Exact, FigureReading
from disclosure.phrase import Phrase

NEARLY_ALL = (1_000, 990, 1)
"""An amount, the largest contribution to it, and the largest of anybody else."""
OF_FEW = (NEARLY_ALL, (1_000, 901, 10), (1_000, 600, 400), (1_000, 500, 455))
"""Amounts like `NEARLY_ALL` that rules have to find: one contributor has 99%, or just over 90%; two
have all; the second largest could estimate the largest to within 9%."""
FEWEST = 3
"""Two contributors know each other's part of a figure, so three are the least."""
REACH = 10
"""What every figure withheld as of few must be able to be, for a reader who knows all sums."""
DOUBT = 10
"""How many percent of an amount noise must leave in doubt to take the place of a rule."""
DOUBTED = (10_000, 1_000_000, 100_000_000)
"""Amounts like a provider's in a quarter, an area's in a year, and the whole programme's: noise of
one size is much for the first and nothing for the last."""
SMALL = 5
"""Counts of people from 1 to one less are small: readers may not know them too closely."""
LIKELIEST = 50
"""The greatest chance, in percent, that a reader may give one small count by a shown figure."""
Record = dict[str, Any]
"""A method as JSON values: "method", the name of its class, and its parameters by name."""


class Method(Protocol):
    """One disclosure-control method: a frozen dataclass whose fields are its parameters.

    A subclass has to answer `treat` and `words`. The other answers are those of a method that
    withholds figures and changes none. `covers_zeros`: it withholds zeros only to stand beside
    other marks, so that a reader who finds that such a cell is zero has learned nothing.
    """

    covers_zeros: ClassVar[bool] = False

    @abstractmethod
    def treat(self, table: TreatedTable) -> TreatedTable:
        """Return the table with this method applied to the figures that are still there."""

    @abstractmethod
    def words(self) -> Phrase:
        """Return which sentence says what the method does, with its parameters as figures."""

    def reading(self, statistic: str, before: FigureReading) -> FigureReading:
        """Return what a reader knows of a shown figure of `statistic` after this method.

        `before` is what was known of it before the method: `Exact` for the first one.
        """
        del statistic
        return before

    @property
    def marks(self) -> bool:
        """Whether it judges true figures and marks sensitive ones: a pattern must follow it."""
        return False

    def withholds_below(self, statistic: str) -> int:
        """Return the least count of `statistic` that is not withheld for being small.

        0 for a method that withholds no count for that reason.
        """
        del statistic
        return 0

    @property
    def guards(self) -> tuple[str, ...]:
        """The dimensions in which it hides that a whole group falls into one category."""
        return ()

    @property
    def named(self) -> tuple[str, ...]:
        """The dimensions that its parameters name."""
        return self.guards

    @property
    def applies_to(self) -> tuple[str, ...]:
        """The statistics that its parameters name; none where it treats all."""
        return ()

    @property
    def likely_percent(self) -> int:
        """How likely a reader may think it that a count is small; 0 for a method without a limit.

        In percent, by one sum of published figures: see `perturbation.splits`.
        """
        return 0

    @property
    def proves(self) -> Literal["interval", "exact"] | None:
        """What the certificate of its pattern proves; None for a method that makes no pattern."""
        return None

    @property
    def amount_rule(self) -> AmountRule | None:
        """The rule by which it judges contributions to amounts; None for a method of another kind.

        Changes between releases are judged by it too: see `methods.changes`.
        """
        return None

    def withholds_sole(self, statistic: str) -> bool:
        """Whether it withholds a figure of `statistic` that is one contributor's, or nearly.

        A rule about contributions is asked of an amount of which one has 99%.
        """
        return finds(self, statistic, NEARLY_ALL)

    def least_contributors(self, statistic: str) -> int:
        """Return the least number of contributors to a figure that it does not withhold as few.

        0 for a method that withholds no figure of `statistic` for that reason.
        """
        del statistic
        return 0

    def reach_of_few(self, statistic: str) -> int:
        """Return the count that no reader can rule out of a figure that it withholds as of few.

        0 for a method that withholds no figure of `statistic` for that reason.
        """
        del statistic
        return 0

    @property
    def covers_singletons(self) -> bool:
        """Whether its pattern assumes that the only contributor to a figure knows that figure."""
        return False

    def assuming(self, table: TreatedTable) -> TreatedTable:
        """Return the table with what the method assumes that readers know besides figures."""
        return table


class OfStatistics(Method):
    """A method with a parameter `statistics`: the names of those it treats, none for all."""

    statistics: tuple[str, ...]

    @property
    def applies_to(self) -> tuple[str, ...]:
        """Those of the parameter."""
        return self.statistics


def applies(statistics: tuple[str, ...], statistic: str) -> bool:
    """Say whether a method for these statistics (all, when none are named) treats this one."""
    return not statistics or statistic in statistics


def reading_of(methods: Iterable[Method], statistic: str) -> FigureReading:
    """Return what a reader knows of a shown figure of `statistic` after all these methods."""
    known: FigureReading = Exact()
    for method in methods:
        known = method.reading(statistic, known)
    return known


def shown_too_closely(methods: Iterable[Method], statistic: str) -> int:
    """Return the least small count that readers would know too closely; 0 where there is none.

    Small are counts under `SMALL` that no method withholds for being small. One is known too
    closely where some figure makes it likelier than `LIKELIEST`.
    """
    used = tuple(methods)
    least = max((method.withholds_below(statistic) for method in used), default=0)
    return too_likely(reading_of(used, statistic), least)


def too_likely(known: FigureReading, least: int = 0) -> int:
    """Return the first count from 1 to `SMALL` - 1 that is likelier than `LIKELIEST`, or 0.

    It is judged by every figure that can stand for it, and by a reader who thought every count from
    `least` on as likely as any other. Counts from twice `SMALL` on are left out, which can only
    make the reader surer.
    """
    below, _ = known.off or (0, 0)
    counts = range(least, 2 * SMALL)
    found = set[int]()
    for figure in range(0, SMALL + below, known.base):
        chances = {count: known.chance(count, figure) for count in counts}
        most = sum(chances.values()) * LIKELIEST / 100
        found |= {count for count in range(1, SMALL) if chances.get(count, 0) > most}
    return min(found, default=0)


def finds(method: Method, statistic: str, amount: tuple[int, int, int]) -> bool:
    """Say whether the rule of a method, if it has one, finds such an amount sensitive."""
    rule = method.amount_rule
    if rule is None or not applies(rule.statistics, statistic):
        return False
    below, _ = rule.levels(*(np.array([part]) for part in amount))
    return bool(below[0] >= 0)


def shows_sole(methods: Iterable[Method], statistic: str, *, amounts: bool) -> bool:
    """Whether readers would know a figure of too few contributors, or what one contributed.

    With `amounts` the contributions to an amount count: each of `OF_FEW` has to be withheld, or all
    amounts be changed by as much as `DOUBT` asks. Without, figures of fewer contributors than
    `FEWEST` have to be withheld up to a range of `REACH`, or all be changed so much that no small
    one is `too_likely`.
    """
    used = tuple(methods)
    known = reading_of(used, statistic)
    if amounts:
        found = (any(finds(method, statistic, amount) for method in used) for amount in OF_FEW)
        return not all(found) and not in_doubt(known)
    wide = [method for method in used if method.reach_of_few(statistic) >= REACH]
    least = max((method.least_contributors(statistic) for method in wide), default=0)
    return least < FEWEST and too_likely(known) > 0


def in_doubt(known: FigureReading) -> bool:
    """Say whether a reader of a shown amount doubts as much of it, up and down, as `DOUBT` asks.

    Of each amount of `DOUBTED`, as the multiple of the base at or below it, or else the first.
    """
    figures = [max(amount // known.base, 1) * known.base for amount in DOUBTED]
    doubts = [min(one - known.ends(one)[0], known.ends(one)[1] - one) for one in figures]
    return all(100 * doubt >= DOUBT * one for doubt, one in zip(doubts, figures, strict=True))


def record(method: Method) -> Record:
    """Return the published record of a method: its name and parameters as JSON values."""
    parameters: Any = method
    values = {"method": type(method).__name__, **asdict(parameters)}
    made: Record = json.loads(json.dumps(values))
    return made

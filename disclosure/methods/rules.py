"""Rules that say which cells are sensitive, and how far an attacker must be kept from them.

The functions take whole columns and return two: how far below and above the true value an
attacker's interval must reach, and -1 where the cell is not sensitive. The methods apply them to a
population. `tables.contributions` says what a contributor is, with weights and holdings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from disclosure import tables
from disclosure.errors import DesignError
from disclosure.methods.method import OfStatistics, applies
from disclosure.methods.treated import AmountRule, Mask, TreatedTable
from disclosure.phrase import Phrase

Ints = npt.NDArray[np.int64]
Levels = tuple[Ints, Ints]
SAFE = -1
LARGEST = 2**52


def threshold(value: Ints, minimum: int, *, zeros: bool = False) -> Levels:
    """Return levels for counts of 1 to `minimum` - 1, and with `zeros` for zeros too.

    An attacker must not be able to rule out zero, nor `minimum`.
    Source: Hundepool et al. (2012), Statistical Disclosure Control, section 5.2.
    """
    hit = (value < minimum) & ((value > 0) | zeros)
    return levels(hit, value, minimum - value, value)


def fixed_range(value: Ints, least: Ints, reach: int) -> Levels:
    """Return levels for an interval that holds `least` and `reach`, whatever the value.

    A reader who knows the rule learns nothing from it. A level that depends on the value, such as
    its double, could be put back into the sums.
    """
    return value - least, np.maximum(reach - value, 0)


def dominance(value: Ints, top: Ints, k: int) -> Levels:
    """Return levels where the n largest contributions, `top`, are over `k` percent of the value.

    The cell would be safe at top * 100 / k, so the interval must reach that far.
    Source: Hundepool et al. (2012), section 4.2.2, (n, k) rule; 4.2.4 for the levels.
    """
    hit = 100 * top > k * value
    width = -(-100 * top // k) - value
    return levels(hit, width, width, value)


def prior_posterior(value: Ints, largest: Ints, other: Ints, p: int, q: int = 100) -> Levels:
    """Return levels where the largest contribution could be estimated to within `p` percent.

    The best informed attacker is the second largest contributor, who knows `other`, their own
    amount, and all that remains to within `q` percent beforehand. The cell is sensitive when q
    percent of the remainder is less than p percent of the largest. With q = 100 this is the p%
    rule. Source: Hundepool et al. (2012), section 4.2.2, p% and pq rules; 4.2.4 for the levels.
    """
    short = p * largest - q * (value - largest - other)
    hit = (short > 0) & (largest > 0)
    width = -(-short // q)
    return levels(hit, width, width, value)


def small_denominator(denominator: Ints | int, minimum: int) -> npt.NDArray[np.bool_]:
    """Say whether a rate or a mean must be withheld: its denominator is under `minimum`.

    How many are too few is for a policy to say; 1 withholds what divides by zero. A rate over few
    people is a count again: 33.3% of 3 is 1. Use the published denominator, so that the mark
    reveals nothing else.
    """
    return np.asarray(denominator < minimum)


def levels(hit: npt.NDArray[np.bool_], lower: Ints, upper: Ints, value: Ints) -> Levels:
    """Return both levels where a rule hits; the lower one never reaches below zero."""
    return (
        np.where(hit, np.minimum(lower, value), SAFE),
        np.where(hit, np.maximum(upper, 1), SAFE),
    )


def is_whole(number: object) -> bool:
    """Say whether a parameter is a whole number, which True and 2.0 are not."""
    return isinstance(number, int) and not isinstance(number, bool)


def check_whole(what: str, number: object, least: int, most: int = LARGEST) -> None:
    """Raise `DesignError` unless a parameter is a whole number from `least` to `most`."""
    if not is_whole(number) or not least <= number <= most:  # type: ignore[operator]
        upto = "or more" if most == LARGEST else f"to {most}"
        raise DesignError(f"{what} is {number!r}. Give a whole number, {least} {upto}.")


def check_statistics(statistics: object) -> None:
    """Raise `DesignError` unless the statistics of a method are a tuple of names."""
    if not isinstance(statistics, tuple) or not all(isinstance(one, str) for one in statistics):
        raise DesignError(f"The statistics of a method are {statistics!r}. Give a tuple of names.")


def guarded(
    table: TreatedTable, statistics: tuple[str, ...], found: Levels, reason: str
) -> TreatedTable:
    """Return the table with the cells of `statistics` that a rule found sensitive withheld."""
    lower, upper = found
    return table.guard(table.of(statistics) & (lower != SAFE), lower, upper, reason)


def column(table: TreatedTable, name: str) -> Ints:
    """Return a column of the true cells, null as 0."""
    return table.cells[name].fill_null(0).to_numpy()


def amounts(table: TreatedTable) -> tuple[Ints, Ints, Ints]:
    """Return each cell's value, largest confidential contribution and largest other one."""
    return column(table, "value"), column(table, "largest"), column(table, "largest_other")


def judged(table: TreatedTable, rule: AmountRule, reason: str) -> TreatedTable:
    """Return the table with the amounts withheld that `rule` finds sensitive.

    The table keeps the rule, since unions of withheld cells must pass it too.
    """
    found = rule.levels(*amounts(table))
    return guarded(table.judged_by(rule), rule.statistics, found, reason)


@dataclass(frozen=True)
class Threshold(OfStatistics):
    """Withhold counts of 1 to `minimum` - 1, and zeros with `zeros`. See `threshold`."""

    minimum: int = 5
    zeros: bool = False
    statistics: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_statistics(self.statistics)
        if not is_whole(self.minimum) or self.minimum < 2:
            raise DesignError(
                f"The threshold is {self.minimum!r}. Give a whole number, 2 or more: "
                "a threshold below 2 protects nobody."
            )

    def treat(self, table: TreatedTable) -> TreatedTable:
        """Mark small counts as sensitive."""
        found = threshold(column(table, "value"), self.minimum, zeros=self.zeros)
        return guarded(table, self.statistics, found, "threshold")

    @property
    def marks(self) -> bool:
        """Small counts are marked."""
        return True

    def withholds_below(self, statistic: str) -> int:
        """Return the minimum."""
        return self.minimum if applies(self.statistics, statistic) else 0

    def words(self) -> Phrase:
        """Return the sentence, with the parameters of the rule."""
        name = "threshold_and_zeros" if self.zeros else "threshold"
        return Phrase(name, {"minimum": self.minimum})


@dataclass(frozen=True)
class MinimumContributors(OfStatistics):
    """Withhold cells with 1 to `minimum` - 1 contributors; a cell without contributors stays.

    Whatever count above 0 such a cell holds, an attacker must not be able to rule out 1 (for a
    total: 1 for each part that is not zero), nor `reach`. The demand does not depend on the count,
    so knowing it narrows nothing. A value above `reach` must be able to fall, and need not rise.
    Zeros of such cells are withheld too, so that marks do not show which cells have a value. Sums
    may still show that a cell is zero, so the others are protected as if the attacker knew all
    zeros.
    Source: Hundepool et al. (2012), Statistical Disclosure Control, section 4.2.1; Fischetti and
    Salazar (2001), section 2, for intervals of a fixed width.
    """

    covers_zeros: ClassVar[bool] = True
    minimum: int = 3
    reach: int = 10
    statistics: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_statistics(self.statistics)
        if not is_whole(self.minimum) or self.minimum < 2:
            raise DesignError(
                f"The minimum is a whole number of contributors from 2, not {self.minimum!r}: "
                "below two it protects nobody."
            )
        if not is_whole(self.reach) or not 2 <= self.reach <= LARGEST:
            raise DesignError(
                f"The reach is a whole number from 2 to 2^52, not {self.reach!r}: "
                "a range from 1 to 1 protects nobody."
            )

    def treat(self, table: TreatedTable) -> TreatedTable:
        """Mark the cells of too few contributors as sensitive."""
        value, contributors = column(table, "value"), column(table, "contributors")
        few = table.of(self.statistics) & (contributors > 0) & (contributors < self.minimum)
        hit = few & (value > 0)
        down, up = fixed_range(value, least_of(table, hit), self.reach)
        sensitive = table.guard(hit, down, up, "minimum contributors", least=1)
        return sensitive.withhold(few, "cover")

    @property
    def marks(self) -> bool:
        """Cells of too few contributors are marked."""
        return True

    def withholds_sole(self, statistic: str) -> bool:
        """One contributor is always too few."""
        return applies(self.statistics, statistic)

    def least_contributors(self, statistic: str) -> int:
        """Return the minimum."""
        return self.minimum if applies(self.statistics, statistic) else 0

    def reach_of_few(self, statistic: str) -> int:
        """Return the reach."""
        return self.reach if applies(self.statistics, statistic) else 0

    def words(self) -> Phrase:
        """Return the sentence, with the parameters of the rule."""
        return Phrase("minimum_contributors", {"minimum": self.minimum, "reach": self.reach})


def least_of(table: TreatedTable, hit: Mask) -> Ints:
    """Return what `hit` cells are at least, for a reader who knows of each that it is not zero.

    A total of three such parts is at least 3.
    """
    sums = tables.relation_matrix(table.source.relations, table.cells.height)
    parts, totals = (sums < 0).astype(np.int64), (sums > 0).tocsr().indices
    known = hit.astype(np.int64)
    while True:
        least = known.copy()
        np.maximum.at(least, totals, np.where(hit[totals], parts @ known, 0))
        if (least == known).all():
            return least
        known = least


@dataclass(frozen=True)
class PPercent(OfStatistics):
    """Withhold cells from which one contributor could be estimated to within `p` percent.

    The best informed attacker is the second largest contributor, who subtracts their own amount
    from the total. The cell is sensitive when what remains beside the two largest is less than p
    percent of the largest. Only confidential contributors are protected: "largest" is the largest
    of these, null when there is none; "largest_other" is the largest of all others. See
    `prior_posterior`.
    """

    p: int = 10
    statistics: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_statistics(self.statistics)
        check_whole("The percentage p", self.p, 1)

    def treat(self, table: TreatedTable) -> TreatedTable:
        """Mark as sensitive the cells that would give a contributor away."""
        return judged(table, self, "p percent rule")

    @property
    def marks(self) -> bool:
        """Amounts that would give a contributor away are marked."""
        return True

    @property
    def amount_rule(self) -> AmountRule:
        """The rule itself."""
        return self

    def levels(self, value: Ints, largest: Ints, other: Ints) -> Levels:
        """Return the levels of amounts that would give a contributor away."""
        return prior_posterior(value, largest, other, self.p)

    def words(self) -> Phrase:
        """Return the sentence, with the parameters of the rule."""
        return Phrase("p_percent", {"p": self.p})


@dataclass(frozen=True)
class PriorPosterior(OfStatistics):
    """Withhold cells by the pq rule: `PPercent` where contributors know the rest to `q` %."""

    p: int = 10
    q: int = 100
    statistics: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_statistics(self.statistics)
        check_whole("The percentage p", self.p, 1, 100)
        check_whole("The percentage q", self.q, 1, 100)
        if not self.p < self.q:
            raise DesignError("The pq rule needs 1 <= p < q <= 100.")

    def treat(self, table: TreatedTable) -> TreatedTable:
        """Mark as sensitive the cells that would give a contributor away."""
        return judged(table, self, "pq rule")

    @property
    def marks(self) -> bool:
        """Amounts that would give a contributor away are marked."""
        return True

    @property
    def amount_rule(self) -> AmountRule:
        """The rule itself."""
        return self

    def levels(self, value: Ints, largest: Ints, other: Ints) -> Levels:
        """Return the levels of amounts that would give a contributor away."""
        return prior_posterior(value, largest, other, self.p, self.q)

    def words(self) -> Phrase:
        """Return the sentence, with the parameters of the rule."""
        return Phrase("prior_posterior", {"p": self.p, "q": self.q})


@dataclass(frozen=True)
class Dominance(OfStatistics):
    """Withhold cells of which the `n` (1 or 2) largest contributions are over `k` percent.

    Only cells with a confidential contributor are judged; with n = 2 the second is the largest of
    all others. For more than two, use the function `dominance` on the result of `facts`.
    """

    n: int = 1
    k: int = 85
    statistics: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_statistics(self.statistics)
        check_whole("The number n of dominating contributors", self.n, 1, 2)
        check_whole("The percentage k", self.k, 1, 100)

    def treat(self, table: TreatedTable) -> TreatedTable:
        """Mark dominated cells as sensitive."""
        return judged(table, self, "dominance")

    @property
    def marks(self) -> bool:
        """Amounts that would give a contributor away are marked."""
        return True

    @property
    def amount_rule(self) -> AmountRule:
        """The rule itself."""
        return self

    def levels(self, value: Ints, largest: Ints, other: Ints) -> Levels:
        """Return the levels of dominated amounts."""
        top = largest + (other if self.n == 2 else 0)
        return dominance(value, np.where(largest > 0, top, 0), self.k)

    def words(self) -> Phrase:
        """Return the sentence, with the parameters of the rule."""
        name = "dominance_by_two" if self.n == 2 else "dominance"
        return Phrase(name, {"k": self.k})

"""Changes: how figures of the same areas compare, at two times or with what was planned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cached_property

from markupsafe import Markup

from publications.commentary.prose import (
    SMALLEST_BASE,
    Imputed,
    Incomplete,
    Ledger,
    Number,
    Withheld,
    imputed_in,
    missing_from,
    whole,
)

SPREADS = 3
"""How many times what figures are off, added up as chance adds it up, a sum of them can be off."""


@dataclass(frozen=True)
class Change:
    """How one figure compares with an earlier one, as shown: complete figures of returns only."""

    now: Number
    before: Number

    @cached_property
    def difference(self) -> Decimal:
        """The shown difference, positive for an increase; raises `Incomplete` or `Imputed`."""
        lacks = missing_from((self.now, self.before))
        if lacks:
            raise Incomplete("a figure that leaves out areas cannot be compared", lacks)
        stand_in = imputed_in((self.now, self.before))
        if stand_in:
            raise Imputed("a figure with estimates in place of returns is not compared", stand_in)
        return self.now.known - self.before.known

    @property
    def unchanged(self) -> bool:
        """Whether the true values can be the same: what they can be overlaps."""
        _ = self.difference
        return self.now.low <= self.before.high and self.before.low <= self.now.high

    @property
    def direction(self) -> str:
        """`increase`, `decrease` or `unchanged`: the sign of the difference, if that is certain."""
        if self.unchanged:
            return "unchanged"
        return "increase" if self.difference > 0 else "decrease"

    @property
    def size(self) -> Number:
        """The size of the difference."""
        return Number(
            self.now.ledger,
            abs(self.difference),
            self.now.places + self.before.places,
            "difference",
            self.now.decimals,
        )

    @property
    def percent(self) -> Number:
        """The difference in per cent of the earlier figure; withheld from a small base."""
        base = self.before.known
        if base < SMALLEST_BASE:
            reason = f"a change in per cent needs a base of {SMALLEST_BASE}"
            return Number(self.now.ledger, None, reason=reason)
        share = whole(abs(self.difference) * 100 / base)
        places = self.now.places + self.before.places
        return Number(self.now.ledger, share, places, "per cent change", form="percent")

    @property
    def words(self) -> Markup:
        """`an increase of 250 (6%)`, or `broadly unchanged`."""
        words = self.now.ledger.words
        if self.unchanged:
            return words.html("commentary.changes.unchanged")
        key = f"commentary.changes.{self.direction}"
        if self.percent.there and self.percent.known:
            return words.html(f"{key}_in_percent", size=self.size, percent=self.percent)
        return words.html(key, size=self.size)


@dataclass(frozen=True)
class LikeForLike:
    """The same areas at two times: how many they are, and how their figures add up and compare."""

    areas: Number
    change: Change


def like_for_like(now: Sequence[Number], before: Sequence[Number], ledger: Ledger) -> LikeForLike:
    """Compare the areas that have a figure from returns at both times, given in the same order.

    Raises `Withheld` when there is none.
    """
    both = [pair for pair in zip(now, before, strict=True) if all(map(_is_whole, pair))]
    if not both:
        raise Withheld("no area has a figure for both")
    first, second = ([pair[i] for pair in both] for i in (0, 1))
    places = tuple(place for one in first for place in one.places)
    areas = Number(ledger, len(both), places, "cells")
    return LikeForLike(areas, Change(_sum(first, ledger), _sum(second, ledger)))


def _is_whole(number: Number) -> bool:
    return number.there and not number.lacks and not number.imputed


def _sum(numbers: Sequence[Number], ledger: Ledger) -> Number:
    places = tuple(place for one in numbers for place in one.places)
    total = sum((one.known for one in numbers), Decimal(0))
    return Number(ledger, total, places, "sum", ends=range_of_sum(numbers))


def range_of_sum(numbers: Sequence[Number]) -> tuple[int, int]:
    """Return what the sum of the true values can be.

    That is the sum of the ranges. Figures drawn apart do not all err the same way: the range of
    their sum is no wider than `SPREADS` times the root of the sum of the squares of what each can
    be off. The variance of one figure is under that square, by far for the methods in use, so that
    by Chebyshev's inequality the true sum is outside in fewer than one case in `SPREADS` squared.
    """
    total = sum((one.known for one in numbers), Decimal(0))
    off = [max(one.known - one.low, one.high - one.known) for one in numbers]
    low = sum((one.low for one in numbers), Decimal(0))
    high = sum((one.high for one in numbers), Decimal(0))
    if all(one.is_drawn for one in numbers):
        most = SPREADS * sum((each * each for each in off), Decimal(0)).sqrt()
        low, high = max(low, total - most), min(high, total + most)
    return int(low.to_integral_value(ROUND_FLOOR)), int(high.to_integral_value(ROUND_CEILING))

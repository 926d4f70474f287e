"""Changes: how figures of the same areas compare, at two times or with what was planned.

A change of figures of different areas cannot be made: `Change` refuses them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from markupsafe import Markup

from publications.commentary.areas import areas_in
from publications.commentary.prose import (
    SMALLEST_BASE,
    FigurePlace,
    Incomplete,
    Ledger,
    MissingFigure,
    Number,
    imputed_in,
    missing_from,
    whole,
)

SPREADS = 3
"""How many times what figures are off, added up as chance adds it up, a sum of them can be off."""


class DifferentAreas(MissingFigure):
    """Two figures are not of the same areas, or it is not known of which they are."""


@dataclass(frozen=True)
class Change:
    """How one figure compares with another of the same areas, as shown.

    Raises `MissingFigure` when one is not there, `Incomplete` when one leaves out areas or holds
    estimates in place of returns, `DifferentAreas` when they are not of the same areas.
    """

    now: Number
    before: Number

    def __post_init__(self) -> None:
        both = (self.now, self.before)
        lacks, imputed = missing_from(both), imputed_in(both)
        if lacks or imputed:
            raise Incomplete("only complete figures from returns are compared", lacks, imputed)
        _ = [one.known for one in both]
        if not self.now.areas or self.now.areas != self.before.areas:
            raise DifferentAreas("the two figures are not known to be of the same areas")

    @property
    def difference(self) -> Decimal:
        """The shown difference, positive for an increase."""
        return self.now.known - self.before.known

    @property
    def unchanged(self) -> bool:
        """Whether the true values can be the same: what they can be overlaps."""
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
            self._places,
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
        return Number(self.now.ledger, share, self._places, "per cent change", form="percent")

    @property
    def _places(self) -> tuple[FigurePlace, ...]:
        against = tuple(replace(place, against=True) for place in self.before.places)
        return self.now.places + against

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
    """The same areas in two figures: how many they are, and how their figures compare.

    `estimated` counts the areas whose second figure is marked as an estimate, as plans are that no
    public source states.
    """

    areas: Number
    estimated: Number
    change: Change


@dataclass(frozen=True)
class Side:
    """One of two figures to compare: that of all areas together, and that of each area.

    `each` has a figure for every delivery area. `together` is made of the same counts: of an area
    that it lacks it holds what the area's own figure shows, or nothing where that has none.
    """

    together: Number
    each: Sequence[Number]

    def of(self, areas: Sequence[int], ledger: Ledger) -> Number:
        """Return the sum of some areas, by their places in `each`.

        It is the sum of their figures, or that of all areas less the figures of the others,
        whichever has the narrower range: each figure in a sum can be off.
        """
        own = [self.each[at] for at in areas]
        added = _sum(own, ledger)
        others = self._others(areas)
        if others is None:
            return added
        left = _sum([self.together], ledger, less=others, areas=added.areas)
        return min((added, left), key=lambda one: one.high - one.low)

    def _others(self, areas: Sequence[int]) -> list[Number] | None:
        """Return the figures that the one of all areas holds besides; None when one is unknown."""
        if not self.together.there or self.together.imputed:
            return None
        lacks, lacking = self.together.lacks, areas_in(self.together.lacks)
        others = [one for at, one in enumerate(self.each) if at not in areas and one.areas]
        held = [one for one in others if one.there or not one.areas <= lacking]
        is_known = all(one.there and not one.imputed and one.lacks <= lacks for one in held)
        return held if is_known else None


def like_for_like(now: Side, before: Side, ledger: Ledger) -> LikeForLike:
    """Compare the areas that have a figure from returns at both times, given in the same order.

    Raises `MissingFigure` when there is none.
    """
    both = [
        at
        for at, pair in enumerate(zip(now.each, before.each, strict=True))
        if all(one.is_whole for one in pair)
    ]
    if not both:
        raise MissingFigure("no area has a figure for both")
    first, second = ([side.each[at] for at in both] for side in (now, before))
    change = Change(now.of(both, ledger), before.of(both, ledger))
    return LikeForLike(_counted(first, ledger), _estimated(second, ledger), change)


def of_all(change: Change, shown: Sequence[Number], before: Sequence[Number]) -> LikeForLike:
    """Compare the published figures of all areas together, of which `shown` has one figure each.

    `before` has the second figure by area, where it is published.
    """
    own = [one for one in before if one.there and one.areas <= change.now.areas]
    ledger = change.now.ledger
    return LikeForLike(_counted(shown, ledger), _estimated(own, ledger), change)


def _counted(figures: Sequence[Number], ledger: Ledger) -> Number:
    """Return how many figures these are: one per area."""
    return Number(ledger, len(figures), _places(figures), "cells")


def _estimated(figures: Sequence[Number], ledger: Ledger) -> Number:
    marked = sum(one.marker == "e" for one in figures)
    return Number(ledger, marked, _places(figures), "estimated")


def _places(numbers: Sequence[Number]) -> tuple[FigurePlace, ...]:
    return tuple(place for one in numbers for place in one.places)


def _sum(
    numbers: Sequence[Number],
    ledger: Ledger,
    less: Sequence[Number] = (),
    areas: frozenset[str] = frozenset(),
) -> Number:
    """Return what some figures make together `less` others; of their own areas, or of `areas`."""
    total = _total(numbers) - _total(less)
    own = frozenset(area for one in numbers for area in one.areas)
    taken = tuple(replace(place, less=True) for place in _places(less))
    ends = range_of_sum(numbers, less)
    places = _places(numbers) + taken
    return Number(ledger, total, places, "sum", areas=areas or own, ends=ends)


def _total(numbers: Sequence[Number]) -> Decimal:
    return sum((one.known for one in numbers), Decimal(0))


def range_of_sum(numbers: Sequence[Number], less: Sequence[Number] = ()) -> tuple[int, int]:
    """Return what the sum of the true values can be, less that of others.

    That is the sum of the ranges. Figures drawn apart do not all err the same way: the range of
    their sum is no wider than `SPREADS` times the root of the sum of the squares of what each can
    be off. The variance of one figure is under that square, by far for the methods in use, so that
    by Chebyshev's inequality the true sum is outside in fewer than one case in `SPREADS` squared.
    """
    total = _total(numbers) - _total(less)
    low = sum((one.low for one in numbers), Decimal(0)) - sum(one.high for one in less)
    high = sum((one.high for one in numbers), Decimal(0)) - sum(one.low for one in less)
    every = (*numbers, *less)
    off = [max(one.known - one.low, one.high - one.known) for one in every]
    if all(one.is_drawn for one in every):
        most = SPREADS * sum((each * each for each in off), Decimal(0)).sqrt()
        low, high = max(low, total - most), min(high, total + most)
    return int(low.to_integral_value(ROUND_FLOOR)), int(high.to_integral_value(ROUND_CEILING))

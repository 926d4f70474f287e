"""Numbers that a text may cite, and the phrases made of them: from published cells or not at all.

Every phrase is made of shown figures only, so that a reader can redo it from the tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import cached_property

from markupsafe import Markup, escape

from publications.release.table import Part, Value
from publications.wording.format import marked, plain, raw
from publications.words import Words

SMALLEST_BASE = 100
TENTHS_WITHIN = Decimal(2)
SPREADS = 3
"""How many times what figures are off, added up as chance adds it up, a sum of them can be off."""
MOST_MORE = 3
"""How many parts more than it was asked for a ranking may list, where the last are too close."""
MOST_ADDRESSES = 4
"""How many cells a page names for one number; figures.json names all of them."""


class Withheld(Exception):
    """A sentence needs a figure that is not there: the sentence is replaced or left out.

    `marker` is the shorthand that stands in place of the figure, "" where something else is wrong.
    """

    def __init__(self, reason: str, marker: str = "") -> None:
        super().__init__(reason)
        self.marker = marker


class Incomplete(Withheld):
    """A sentence needs complete figures, and some leave out the parts `lacks`."""

    def __init__(self, reason: str, lacks: frozenset[Part]) -> None:
        super().__init__(reason, "i")
        self.lacks = lacks


class Imputed(Withheld):
    """A sentence needs figures that returns gave, and some stand in for the returns of `parts`."""

    def __init__(self, reason: str, parts: frozenset[Part]) -> None:
        super().__init__(reason, "e")
        self.parts = parts


@dataclass(frozen=True)
class Place:
    """Where a figure is published: file and cell (RFC 7111), table, measure and codes."""

    file: str
    row: int
    column: int
    table: str = ""
    measure: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)

    @property
    def reference(self) -> str:
        """The address of the cell within the release folder."""
        return f"{self.file}#cell={self.row},{self.column}"


class Ledger:
    """The numbers that one sentence cites, in order, each with its id, and the words for them."""

    def __init__(self, sentence: str, words: Words) -> None:
        self.sentence = sentence
        self.words = words
        self.numbers: list[tuple[str, Number]] = []

    def enter(self, cited: Number) -> str:
        """Note a number and return its id."""
        key = f"{self.sentence.replace('_', '-')}-{len(self.numbers) + 1}"
        self.numbers.append((key, cited))
        return key


@dataclass(frozen=True)
class Number:
    """One number for the text: `value` None (with a reason) when the figure is not there.

    `operation` says how it follows from the figures at `places`: cell, sum, cells (how many they
    are), estimated (how many are marked so), difference and per cent change (of the first half of
    them from the second), share, tenths, count, or fact (then `source` says whose). `form` is the
    last name of the text of `commentary.numbers` that says what the figure is, "" for a figure
    alone. `lacks` are the parts that the figures leave out, `imputed` those whose figures stand in
    for a return. `ends` are the least and the greatest true value behind it, None where the figure
    is the true value; one that `is_drawn` was changed on its own and is right on average. `limits`
    are the places where these ends are published.
    """

    ledger: Ledger = field(repr=False, compare=False)
    value: Value
    places: tuple[Place, ...] = ()
    operation: str = "cell"
    decimals: int = 0
    form: str = ""
    marker: str = ""
    reason: str = ""
    source: str = ""
    lacks: frozenset[Part] = frozenset()
    imputed: frozenset[Part] = frozenset()
    ends: tuple[int, int] | None = None
    is_drawn: bool = False
    limits: tuple[Place, ...] = ()

    @property
    def low(self) -> Decimal:
        """The least that the true value can be."""
        return self.known if self.ends is None else Decimal(self.ends[0])

    @property
    def high(self) -> Decimal:
        """The most that the true value can be."""
        return self.known if self.ends is None else Decimal(self.ends[1])

    @property
    def there(self) -> bool:
        """Whether the figure may be shown."""
        return self.value is not None

    @property
    def known(self) -> Decimal:
        """The value for phrases; raises `Withheld` when there is none."""
        if self.value is None or not isinstance(self.value, int | Decimal):
            raise Withheld(self.reason or "the figure is no number", self.marker)
        return Decimal(self.value)

    @property
    def shown(self) -> str:
        """The text that readers see."""
        if self.value is None:
            raise Withheld(self.reason, self.marker)
        words = self.ledger.words
        figure = plain(self.value, words, self.decimals)
        return words.say(f"commentary.numbers.{self.form}", figure=figure) if self.form else figure

    @property
    def address(self) -> str:
        """What `data-source` says: the cells, the files of many cells, or the source of a fact."""
        cells = [place.reference for place in self.places]
        files = dict.fromkeys(place.file for place in self.places)
        return self.source or " ".join(cells if len(cells) <= MOST_ADDRESSES else files)

    def __html__(self) -> Markup:
        shown = self.shown
        key = self.ledger.enter(self)
        text = Markup('<data value="{}" id="{}" data-source="{}">{}</data>').format(
            raw(self.value, self.decimals), key, self.address, shown
        )
        if not self.marker:
            return text
        name = self.ledger.words.section("shorthand.names")[self.marker]
        return text + Markup(' <abbr title="{}">{}</abbr>').format(name, marked(self.marker))


def end(number: Number, which: int) -> Number:
    """Cite the least (0) or the greatest (1) true value behind a published figure."""
    if number.ends is None:
        raise Withheld(number.reason or "the figure has no range", number.marker)
    return Number(
        number.ledger,
        number.ends[which],
        (number.limits[which],),
        "sum",
        lacks=number.lacks,
        imputed=number.imputed,
    )


def missing_from(numbers: Iterable[Number]) -> frozenset[Part]:
    """Return every part that some of these numbers leave out."""
    return frozenset(part for one in numbers for part in one.lacks)


def imputed_in(numbers: Iterable[Number]) -> frozenset[Part]:
    """Return every part whose figure, in some of these numbers, stands in for a return."""
    return frozenset(part for one in numbers for part in one.imputed)


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


def whole(value: Decimal) -> Decimal:
    """Round to a whole number, half up."""
    return value.quantize(Decimal(1), ROUND_HALF_UP)


def share(part: Number, total: Number) -> Number:
    """Return what per cent `part` is of `total`; withheld for a small total."""
    check_alike((part, total))
    if total.known < SMALLEST_BASE:
        raise Withheld(f"a share needs a base of {SMALLEST_BASE}")
    percent = whole(part.known * 100 / total.known)
    places = part.places + total.places
    return Number(
        part.ledger,
        percent,
        places,
        "share",
        form="percent",
        lacks=missing_from((part, total)),
        imputed=imputed_in((part, total)),
    )


def check_alike(numbers: Sequence[Number]) -> None:
    """Raise `Incomplete` unless all numbers leave out the same parts, or none."""
    if len({one.lacks for one in numbers}) > 1:
        raise Incomplete("the figures do not leave out the same areas", missing_from(numbers))


def x_in_10(part: Number, total: Number) -> Markup:
    """Say `around 7 in 10` when the share is within two points of it; the share otherwise."""
    percent = share(part, total)
    exact = part.known * 100 / total.known
    tenths = whole(exact / 10)
    if abs(exact - tenths * 10) > TENTHS_WITHIN or not 0 < tenths < 10:
        return escape(percent)
    spoken = replace(percent, value=tenths, operation="tenths", form="tenths")
    return part.ledger.words.html("commentary.numbers.around", share=spoken)


@dataclass(frozen=True)
class Ranked:
    """One of the largest parts of a whole: its name and its figure."""

    label: str
    number: Number

    def __html__(self) -> Markup:
        words = self.number.ledger.words
        return words.html("commentary.numbers.ranked", label=self.label, number=self.number)


def ranked(parts: Sequence[Ranked], top: int) -> tuple[Ranked, ...]:
    """Return the largest parts, about `top` of them; withheld when a part is hidden.

    Every part of the list is certainly larger than every part outside of it. So it is longer or
    shorter than asked where figures are too close, and withheld where no list of two or more will
    do. Parts that are too close to each other stand in published order: `in_no_order` names them.
    Raises `Incomplete` where the parts do not leave out the same areas.
    """
    for part in parts:
        if not part.number.there:
            raise Withheld(f"{part.label}: {part.number.reason}", part.number.marker)
    check_alike([part.number for part in parts])
    return _cut(close_groups(parts), top)


def close_groups(parts: Sequence[Ranked]) -> list[list[Ranked]]:
    """Return the parts in groups, the largest first; each is certainly larger than the next.

    Within a group, which keeps the published order, no figure can be told from its neighbour.
    """
    groups: list[list[Ranked]] = []
    least = Decimal(0)
    for part in sorted(parts, key=lambda part: -part.number.known):
        if groups and part.number.high >= least:
            groups[-1].append(part)
        else:
            groups.append([part])
            least = part.number.low
        least = min(least, part.number.low)
    return [sorted(group, key=parts.index) for group in groups]


def _cut(groups: Sequence[Sequence[Ranked]], top: int) -> tuple[Ranked, ...]:
    """Return the groups that make a list of `top` parts, or else of some more, or else of fewer."""
    lists = [tuple(p for group in groups[:end] for p in group) for end in range(1, len(groups) + 1)]
    longer = [found for found in lists if top <= len(found) <= top + MOST_MORE]
    shorter = [found for found in lists if 2 <= len(found) < top]
    everything = lists[-1:] if lists and len(lists[-1]) < top else []
    found = [*longer[:1], *everything, *shorter[-1:]]
    if not found:
        raise Withheld("the figures are too close to each other to be ranked")
    return found[0]


def in_no_order(parts: Sequence[Ranked], words: Words) -> Markup:
    """Name the parts of a ranking that are too close to each other; nothing where none are."""
    groups = [list_and([p.label for p in g], words) for g in close_groups(parts) if len(g) > 1]
    said = [words.html("commentary.numbers.in_no_order", labels=labels) for labels in groups]
    return Markup("").join(said)


def list_and(items: Sequence[object], words: Words) -> Markup:
    """Write a list of anything that a page can show: `a`, `a and b`, `a, b and c`."""
    if not items:
        raise Withheld("the list is empty")
    written = [escape(item) for item in items]
    if len(written) == 1:
        return written[0]
    joined = Markup(words.say("format.lists.separator")).join(written[:-1])  # noqa: S704 - ours
    return words.html("format.lists.last", items=joined, last=written[-1])

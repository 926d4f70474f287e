"""Numbers that a text may cite, and the phrases made of them: from published cells or not at all.

Every phrase is made of shown figures only, so that a reader can redo it from the tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal

from markupsafe import Markup, escape

from publications.release.table import Part, Value
from publications.wording.format import marked, plain, raw
from publications.words import Words

SMALLEST_BASE = 100
TENTHS_WITHIN = Decimal(2)
MOST_ADDRESSES = 4
"""How many cells a page names for one number; figures.json names all of them."""


class MissingFigure(Exception):
    """A sentence needs a figure that is not there: the sentence is replaced or left out.

    `marker` is the shorthand that stands in place of the figure, "" where something else is wrong.
    """

    def __init__(self, reason: str, marker: str = "") -> None:
        super().__init__(reason)
        self.marker = marker


class Incomplete(MissingFigure):
    """A sentence needs complete figures from returns, and some are not.

    They leave out the parts `lacks`, or hold estimates in place of the returns of `imputed`, or
    both: then what is left out weighs more.
    """

    def __init__(
        self,
        reason: str,
        lacks: frozenset[Part] = frozenset(),
        imputed: frozenset[Part] = frozenset(),
    ) -> None:
        super().__init__(reason, "i" if lacks else "e")
        self.parts = lacks | imputed


@dataclass(frozen=True)
class FigurePlace:
    """Where a figure is published: file and cell (RFC 7111), table, measure and codes.

    In the places of a sum, `less` says that this figure is taken off; in those of a change,
    `against` says that it belongs to the figure that is compared with.
    """

    file: str
    row: int
    column: int
    table: str = ""
    measure: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)
    less: bool = False
    against: bool = False

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
    are), estimated (how many are marked so), difference and per cent change (from the sum of those
    `against`), share, tenths, count, or fact (then `source` says whose). `form` is the
    last name of the text of `commentary.numbers` that says what the figure is, "" for a figure
    alone. `lacks` are the parts that the figures leave out, `imputed` those whose figures stand in
    for a return. `areas` are the codes of the delivery areas that the figure is of, without those
    that had not opened; empty where that is not known. `ends` are the least and the greatest true
    value behind it, None where the figure is the true value; one that `is_drawn` was changed on its
    own and is right on average. `limits` are the places where these ends are published.
    """

    ledger: Ledger = field(repr=False, compare=False)
    value: Value
    places: tuple[FigurePlace, ...] = ()
    operation: str = "cell"
    decimals: int = 0
    form: str = ""
    marker: str = ""
    reason: str = ""
    source: str = ""
    lacks: frozenset[Part] = frozenset()
    imputed: frozenset[Part] = frozenset()
    areas: frozenset[str] = frozenset()
    ends: tuple[int, int] | None = None
    is_drawn: bool = False
    limits: tuple[FigurePlace, ...] = ()

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
    def is_whole(self) -> bool:
        """Whether the figure is there, leaves nothing out and holds no estimate for a return."""
        return self.there and not self.lacks and not self.imputed

    @property
    def known(self) -> Decimal:
        """The value for phrases; raises `MissingFigure` when there is none."""
        if self.value is None or not isinstance(self.value, int | Decimal):
            raise MissingFigure(self.reason or "the figure is no number", self.marker)
        return Decimal(self.value)

    @property
    def shown(self) -> str:
        """The text that readers see."""
        if self.value is None:
            raise MissingFigure(self.reason, self.marker)
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
        raise MissingFigure(number.reason or "the figure has no range", number.marker)
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


def whole(value: Decimal) -> Decimal:
    """Round to a whole number, half up."""
    return value.quantize(Decimal(1), ROUND_HALF_UP)


def share(part: Number, total: Number) -> Number:
    """Return what per cent `part` is of `total`; withheld for a small total."""
    check_alike((part, total))
    if total.known < SMALLEST_BASE:
        raise MissingFigure(f"a share needs a base of {SMALLEST_BASE}")
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
        lacks, imputed = missing_from(numbers), imputed_in(numbers)
        raise Incomplete("the figures do not leave out the same areas", lacks, imputed)


def x_in_10(part: Number, total: Number) -> Markup:
    """Say `around 7 in 10` when the share is within two points of it; the share otherwise."""
    percent = share(part, total)
    exact = part.known * 100 / total.known
    tenths = whole(exact / 10)
    if abs(exact - tenths * 10) > TENTHS_WITHIN or not 0 < tenths < 10:
        return escape(percent)
    spoken = replace(percent, value=tenths, operation="tenths", form="tenths")
    return part.ledger.words.html("commentary.numbers.around", share=spoken)


def list_and(items: Sequence[object], words: Words) -> Markup:
    """Write a list of anything that a page can show: `a`, `a and b`, `a, b and c`."""
    if not items:
        raise MissingFigure("the list is empty")
    written = [escape(item) for item in items]
    if len(written) == 1:
        return written[0]
    joined = Markup(words.say("format.lists.separator")).join(written[:-1])  # noqa: S704 - ours
    return words.html("format.lists.last", items=joined, last=written[-1])

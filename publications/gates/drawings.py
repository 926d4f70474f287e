"""The geometry of a chart: label, bar and figure are tied by place, and bars are to scale.

Only what is drawn is read: rectangles and texts, with their places. Places across are per cent of
the width, those down are pixels.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from lxml import etree

from schemas.texts import counted

Element = etree._Element
GROUND, AXIS, BAR = "#ffffff", "#0b0c0c", "#1d4f91"
SAME = Decimal("0.02")
PIXEL, THIN = Decimal(1), Decimal(2)
ABOVE, BELOW, YEAR = 8, 22, 44
"""How far a figure stands above its bar, a label and a year below the line."""


@dataclass(frozen=True)
class Wanted:
    """What is to be drawn of one bar: the group where it begins, its label, value and figure."""

    group: str
    label: str
    value: Decimal
    shown: str


@dataclass(frozen=True)
class Box:
    """A rectangle that is drawn."""

    x: Decimal
    y: Decimal
    width: Decimal
    height: Decimal
    fill: str

    @property
    def bottom(self) -> Decimal:
        """Where it ends below."""
        return self.y + self.height


@dataclass(frozen=True)
class DrawnText:
    """A text that is drawn: where it starts, or its middle, and its base line."""

    x: Decimal
    y: Decimal
    content: str


def drawn_wrongly(svg: Element, bars: Sequence[Wanted]) -> Iterator[str]:
    """Say what is wrong with a drawing of these bars, in their order."""
    try:
        boxes = [_box(one) for one in svg.iter("{*}rect")]
        texts = [_text(one) for one in svg.iter("{*}text")]
        height = Decimal(svg.get("height", ""))
    except InvalidOperation:
        yield "a place or a size in the drawing is no number."
        return
    shown = [box for box in boxes if box.fill == BAR]
    if not _are_plain(boxes):
        yield "something is drawn over the bars."
    if any(max(0, y) != y or y > height for y in (*(b.bottom for b in shown), *_lines(texts))):
        yield "a bar or a text stands outside of the drawing."
    if len(shown) != len(bars):
        yield f"it shows {counted(len(shown), 'bar', 'bars')} in place of {len(bars)}."
    elif all(box.x == 0 for box in shown):
        yield from _down(shown, texts, bars)
    else:
        yield from _across(shown, texts, bars)


def without_foot(svg: Element, said: str) -> bool:
    """Take what is said of the release off the foot of a drawing; whether it stands there alone.

    Nothing is taken from a drawing with another text there, or with a bar or a text further down,
    or with a place that is no number.
    """
    texts = list(svg.iter("{*}text"))
    foot: list[Element] = []
    while texts and len(_spoken(foot)) < len(said):
        foot.insert(0, texts.pop())
    if not said or _spoken(foot) != said or not _is_below(svg, texts, foot):
        return False
    for one in foot:
        svg.remove(one)
    return True


def _is_below(svg: Element, texts: Sequence[Element], foot: Sequence[Element]) -> bool:
    """Whether a foot stands below all bars and the other texts, and inside of the drawing."""
    try:
        bottoms = [_box(one).bottom for one in svg.iter("{*}rect")][1:]
        least = max([*bottoms, *(_text(one).y for one in texts)], default=Decimal(0))
        most = Decimal(svg.get("height", ""))
        return all(text.x == 0 and least < text.y <= most for text in map(_text, foot))
    except InvalidOperation:
        return False


def _spoken(texts: Sequence[Element]) -> str:
    return " ".join(_text(one).content for one in texts)


def _are_plain(boxes: Sequence[Box]) -> bool:
    """Whether nothing is drawn but a ground below all, the bars, and a thin line at their foot."""
    before, after = boxes[:1], boxes[-1:]
    bars = [box for box in boxes if box.fill == BAR]
    ground = [box for box in before if box.fill == GROUND]
    line = [
        box for box in after if box.fill == AXIS and box.height <= THIN and box.y >= _foot(bars)
    ]
    return [*ground, *bars, *line] == list(boxes)


def _foot(bars: Sequence[Box]) -> Decimal:
    return max((bar.bottom for bar in bars), default=Decimal(0))


def _lines(texts: Sequence[DrawnText]) -> Iterator[Decimal]:
    return (text.y for text in texts)


def _down(boxes: Sequence[Box], texts: list[DrawnText], bars: Sequence[Wanted]) -> Iterator[str]:
    """Check bars below each other: the label stands above its bar, the figure at its end."""
    if not _to_scale([box.width for box in boxes], bars, SAME):
        yield "the bars of the drawing are not to scale."
    if len({box.height for box in boxes}) > 1:
        yield "the bars of the drawing are not equally thick."
    above, last, rest = Decimal(-1), "", list(texts)
    for box, bar in zip(boxes, bars, strict=True):
        labels = [text for text in rest if above < text.y <= box.y and text.x == 0]
        figures = [t for t in rest if box.y < t.y <= box.bottom and abs(t.x - box.width) <= SAME]
        heading = [bar.group] if bar.group != last else []
        if (
            _joined(labels) != " ".join([*heading, bar.label]).strip()
            or _joined(figures) != bar.shown
        ):
            yield "the label or the figure of a bar is not beside it."
        above, last = box.bottom, bar.group
        rest = [text for text in rest if text not in labels and text not in figures]
    if rest:
        yield "the drawing holds a text that belongs to no bar."


def _across(boxes: Sequence[Box], texts: list[DrawnText], bars: Sequence[Wanted]) -> Iterator[str]:
    """Check bars side by side: the figure on top, the label below, a year where it begins."""
    if not _to_scale([box.height for box in boxes], bars, PIXEL):
        yield "the bars of the drawing are not to scale."
    if len({box.bottom for box in boxes}) > 1 or len({box.width for box in boxes}) > 1:
        yield "the bars of the drawing do not stand on one line, or are not equally wide."
    if any(one.x + one.width > other.x for one, other in zip(boxes, boxes[1:], strict=False)):
        yield "the bars of the drawing are not in order."
    expected, last = [], ""
    for box, bar in zip(boxes, bars, strict=True):
        middle = box.x + box.width / 2
        expected += [(middle, box.y - ABOVE, bar.shown), (middle, box.bottom + BELOW, bar.label)]
        expected += [(box.x, box.bottom + YEAR, bar.group)] if bar.group != last else []
        last = bar.group
    found = [(text.x, text.y, text.content) for text in texts]
    if len(found) != len(expected) or not all(map(_is_at, found, expected)):
        yield "the labels of the drawing are not beside the bars of their figures."


def _is_at(found: tuple[Decimal, Decimal, str], wanted: tuple[Decimal, Decimal, str]) -> bool:
    return abs(found[0] - wanted[0]) <= SAME and found[1:] == wanted[1:]


def _to_scale(sizes: Sequence[Decimal], bars: Sequence[Wanted], rounding: Decimal) -> bool:
    """Whether bars are as long as their values ask, so that a longer one has a larger value."""
    largest = max((bar.value for bar in bars), default=Decimal(0)) or Decimal(1)
    longest = max(sizes, default=Decimal(0))
    return all(
        size >= 0 and abs(size - longest * bar.value / largest) <= rounding
        for size, bar in zip(sizes, bars, strict=True)
    )


def _joined(texts: Sequence[DrawnText]) -> str:
    """Return lines below each other as one text."""
    return " ".join(text.content for text in sorted(texts, key=lambda text: text.y))


def _box(rect: Element) -> Box:
    x, y, width, height = (_size(rect, name) for name in ("x", "y", "width", "height"))
    return Box(x, y, width, height, rect.get("fill", ""))


def _text(element: Element) -> DrawnText:
    content = " ".join("".join(map(str, element.itertext())).split())
    return DrawnText(_size(element, "x"), _size(element, "y"), content)


def _size(element: Element, name: str) -> Decimal:
    return Decimal(element.get(name, "0").removesuffix("%"))

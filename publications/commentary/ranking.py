"""Rankings: the largest parts of a whole, as far as the published figures can tell them apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from publications.commentary.prose import MissingFigure, Number, check_alike, list_and
from publications.words import Words

MOST_MORE = 3
"""How many parts more than it was asked for a ranking may list, where the last are too close."""


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
            raise MissingFigure(f"{part.label}: {part.number.reason}", part.number.marker)
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
        raise MissingFigure("the figures are too close to each other to be ranked")
    return found[0]


def in_no_order(parts: Sequence[Ranked], words: Words) -> Markup:
    """Name the parts of a ranking that are too close to each other; nothing where none are."""
    groups = [list_and([p.label for p in g], words) for g in close_groups(parts) if len(g) > 1]
    said = [words.html("commentary.numbers.in_no_order", labels=labels) for labels in groups]
    return Markup("").join(said)

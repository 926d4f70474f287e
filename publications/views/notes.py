"""The notes of a release, numbered by first use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from publications.views.layout import Layout
from publications.words import Words


@dataclass(frozen=True)
class Notes:
    """The notes of a release, numbered by first use, each text once."""

    layouts: tuple[Layout, ...]

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each note text."""
        texts = [text for layout in self.layouts for text in layout.notes]
        return {text: i for i, text in enumerate(dict.fromkeys(texts), start=1)}

    def __iter__(self) -> Iterator[tuple[str, int]]:
        return iter(self.numbers.items())

    def references(self, layout: Layout) -> str:
        """Return the references of one table, `[note 1] [note 4]`."""
        numbers = sorted(self.numbers[text] for text in layout.notes)
        return " ".join(reference(number, layout.words) for number in numbers)

    def tables(self, text: str) -> str:
        """Return the tables that a note belongs to."""
        using = [str(lo.table.number) for lo in self.layouts if text in lo.notes]
        return self.layouts[0].words.say("format.lists.separator").join(using)


def reference(number: int, words: Words) -> str:
    """Return the reference to a note: `[note 1]`."""
    return words.say("notes.reference", number=number)

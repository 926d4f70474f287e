"""The notes of a release, numbered by first use."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from publications.views.layout import Layout


@dataclass(frozen=True)
class Notes:
    """The notes of a release, numbered by first use, each text once."""

    layouts: tuple[Layout, ...]

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each note text."""
        texts = [text for layout in self.layouts for text in layout.notes]
        return {text: i for i, text in enumerate(dict.fromkeys(texts), start=1)}

    def references(self, layout: Layout) -> str:
        """Return the references of one table, `[note 1] [note 4]`."""
        numbers = sorted(self.numbers[text] for text in layout.notes)
        return " ".join(f"[note {number}]" for number in numbers)

    def tables(self, text: str) -> str:
        """Return the tables that a note belongs to."""
        using = [str(lo.table.number) for lo in self.layouts if text in lo.notes]
        return ", ".join(using)

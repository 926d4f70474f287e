"""How a spreadsheet takes the values of a field: as what, and which it refuses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True)
class Entry:
    """What may be typed into a cell.

    `form` says what the cell holds. Numbers and days go from `low` to `high`, texts have as many
    characters. `codes` names the code list to choose from, `words` the words.
    """

    form: Literal["text", "date", "whole", "decimal"] = "text"
    low: float | date | None = None
    high: float | date | None = None
    codes: str = ""
    words: tuple[str, ...] = ()

    def typed(self, text: str | None) -> str | float | date | None:
        """Return a right value, given as text, as the cell holds it."""
        if text is None or self.form == "text":
            return text
        if self.form == "date":
            return date.fromisoformat(text)
        return int(text) if self.form == "whole" else float(text)

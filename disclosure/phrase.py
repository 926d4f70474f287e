"""What methods and readings say about themselves: which phrase, with which figures.

The library holds no texts. The publisher keeps the texts by id, in one catalogue per language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Phrase:
    """The id of a text and the figures that it names; a tuple of texts names dimensions."""

    id: str
    figures: Mapping[str, int | float | str | tuple[str, ...]] = field(
        default_factory=dict, hash=False
    )

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Phrase:
        """Return the phrase that these values write; lists, which JSON has, become tuples again."""
        figures = values["figures"].items()
        named = {name: tuple(one) if isinstance(one, list) else one for name, one in figures}
        return cls(values["id"], named)

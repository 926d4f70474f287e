"""What methods and readings say about themselves: which sentence, with which figures.

The library holds no sentences. Who publishes keeps a catalogue by id, one for each language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Sentence:
    """The id of a sentence and the figures that it names; several texts are names of dimensions."""

    id: str
    figures: Mapping[str, int | float | str | tuple[str, ...]] = field(
        default_factory=dict, hash=False
    )

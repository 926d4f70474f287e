"""What two releases reveal together and neither reveals alone: a cell shown and withheld."""

from __future__ import annotations

from collections.abc import Sequence

from verification.cells import EditionCells
from verification.findings import EXPOSED, Finding
from verification.tables import Figure


def revealed(now: EditionCells, before: EditionCells) -> list[Finding]:
    """List the cells that one release shows and the other withholds."""
    found = []
    for cell, figures in now.shown.items():
        new, old = _best(figures), _best(before.shown.get(cell, ()))
        if new is None or old is None:
            continue
        if new.is_withheld and old.value is not None:
            message = f"{new.place}: [c], but the release of {before.period} shows {old.shown}."
            found.append(Finding(EXPOSED, message))
        elif old.is_withheld and new.value is not None:
            message = f"{new.place}: {new.shown}, which the release of {before.period} withholds."
            found.append(Finding(EXPOSED, message))
    return found


def revised(now: EditionCells, before: EditionCells) -> int:
    """Count the cells that both releases show, but not alike."""
    pairs = [(_best(f), _best(before.shown.get(cell, ()))) for cell, f in now.shown.items()]
    both = [(n.value, o.value) for n, o in pairs if n is not None and o is not None]
    return len([1 for new, old in both if new is not None and old is not None and new != old])


def _best(figures: Sequence[Figure]) -> Figure | None:
    """Return the figure that reveals most about a cell."""
    return min(figures, key=lambda figure: figure.value is None, default=None)

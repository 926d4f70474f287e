"""The codes of a variable and how they add up. No cells here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from disclosure.errors import TableError

Hierarchy = Mapping[str, str | None]
"""Code -> parent; the top has the parent None, or is named only as a parent."""

Family = tuple[int, np.ndarray]
"""The number of a parent, and those of its children."""


@dataclass(frozen=True)
class Variable:
    """The codes of one variable, its top (None: there is no total), and children by parent.

    Each code has a number. 0 is the top; it also stands for a table without the variable, which is
    the same thing where there is a top. `trees` is the number of hierarchies.
    """

    name: str
    codes: tuple[str, ...]
    top: str | None
    children: tuple[tuple[str, tuple[str, ...]], ...]
    trees: int

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each code."""
        return {
            code: 0 if code == self.top else place for place, code in enumerate(self.codes, start=1)
        }

    @property
    def size(self) -> int:
        """How many numbers there are."""
        return len(self.codes) + 1

    @cached_property
    def families(self) -> tuple[Family, ...]:
        """Every parent with its children, by number."""
        return tuple(
            (self.numbers[parent], np.array([self.numbers[child] for child in children]))
            for parent, children in self.children
        )


def variable(name: str, given: Hierarchy | Sequence[Hierarchy]) -> Variable:
    """Return the variable that one hierarchy, or several with the same top, describe.

    Raises TableError for a cycle, and for hierarchies with different tops.
    """
    hierarchies = [given] if isinstance(given, Mapping) else list(given)
    codes: dict[str, None] = {}
    families: list[tuple[str, tuple[str, ...]]] = []
    tops: set[str] = set()
    for hierarchy in hierarchies:
        children: dict[str, list[str]] = {}
        for code, parent in hierarchy.items():
            if parent is not None:
                children.setdefault(parent, []).append(code)
        every = dict.fromkeys([*children, *hierarchy])
        codes |= every
        _refuse_cycle(name, hierarchy)
        roots = [code for code in every if hierarchy.get(code) is None]
        tops.add(roots[0] if len(roots) == 1 else "")
        families += [(parent, tuple(family)) for parent, family in children.items()]
    if len(tops) > 1:
        raise TableError(f"The hierarchies of {name} have different tops: {sorted(tops)}.")
    top = tops.pop() if tops else ""
    return Variable(name, tuple(codes), top or None, tuple(families), len(hierarchies))


def _refuse_cycle(name: str, hierarchy: Hierarchy) -> None:
    settled: set[str] = set()
    for start in hierarchy:
        seen: list[str] = []
        code: str | None = start
        while code is not None and code not in settled:
            if code in seen:
                loop = " > ".join([*seen[seen.index(code) :], code])
                raise TableError(f"The hierarchy of {name} has a cycle: {loop}.")
            seen.append(code)
            code = hierarchy.get(code)
        settled.update(seen)

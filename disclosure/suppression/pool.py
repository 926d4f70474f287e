"""All witnesses found so far: which of them a pattern allows, and which needs they serve."""

from __future__ import annotations

import numpy as np

from disclosure.proof.witness import Witness
from disclosure.suppression.cover import Cover
from disclosure.suppression.repair import Need


class Pool:
    """Witnesses, the needs that they serve and the complementary cells that they touch.

    A need has a number: the number of a cell for its way up, and the number of all cells more for
    its way down. `allow` sets the pattern that is considered; `supply` counts, for each need, the
    witnesses that this pattern allows.
    """

    def __init__(self, cover: Cover, witnesses: list[Witness]) -> None:
        self.cover, self.system = cover, cover.system
        self.wanted = np.concatenate([cover.up != -2, cover.down != -2])
        self.witnesses: list[Witness] = []
        self.serves: list[np.ndarray] = []
        self.touches: list[np.ndarray] = []
        self.users: dict[int, list[int]] = {}
        self.allowed: list[bool] = []
        self.supply = np.zeros(len(self.wanted), dtype=np.int64)
        self._flat = (_Lists(), _Lists())
        for witness in witnesses:
            self.add(witness)

    @property
    def size(self) -> int:
        """How many numbers `allow` goes through."""
        return sum(len(part.values) for part in self._flat)

    def add(self, witness: Witness) -> None:
        """Add a witness that the present pattern allows."""
        up, down = self.cover.serves(witness)
        cells = witness.cells
        needs = np.concatenate([cells[up != 0], cells[down != 0] + len(self.system)])
        needs = needs[self.wanted[needs]]
        touched = cells[~self.system.sensitive[cells]]
        for cell in touched.tolist():
            self.users.setdefault(cell, []).append(len(self.witnesses))
        self.witnesses.append(witness)
        self.serves.append(needs)
        self.touches.append(touched)
        self.allowed.append(True)
        self.supply[needs] += 1

    def allow(self, suppressed: np.ndarray) -> None:
        """Consider a pattern: witnesses that touch a published cell do not count."""
        touched, served = self._flat
        within = touched.of(self.touches).all(suppressed)
        needs = served.of(self.serves).values[np.repeat(within, served.lengths)]
        self.allowed = within.tolist()
        self.supply = np.bincount(needs, minlength=len(self.wanted))

    def lacking(self) -> np.ndarray:
        """Return the needs that no allowed witness serves."""
        return np.flatnonzero(self.wanted & (self.supply == 0))

    def need(self, number: int) -> Need:
        """Return a need by its number."""
        down, cell = divmod(number, len(self.system))
        level = self.system.down if down else self.system.up
        return Need(cell, float(level[cell]), -1 if down else 1)

    def serving(self, number: int) -> list[Witness]:
        """Return the allowed witnesses that serve a need."""
        served = self._flat[1].of(self.serves)
        owners = np.repeat(np.arange(len(served.lengths)), served.lengths)
        found = owners[served.values == number]
        return [self.witnesses[owner] for owner in found if self.allowed[owner]]

    def release(self, cell: int) -> bool:
        """Drop all witnesses through a cell, unless a need would lose its last; say whether."""
        gone = [number for number in self.users.get(cell, ()) if self.allowed[number]]
        for number in gone:
            self.supply[self.serves[number]] -= 1
        needs = np.concatenate([self.serves[number] for number in gone] or [np.empty(0, int)])
        if (self.supply[needs] <= 0).any():
            for number in gone:
                self.supply[self.serves[number]] += 1
            return False
        for number in gone:
            self.allowed[number] = False
        return True

    def release_costliest(self, cells: np.ndarray) -> None:
        """Release those of `cells` that can be released, costliest first."""
        cost = self.system.cost[cells]
        for cell in cells[np.argsort(-cost, kind="stable")].tolist():
            self.release(cell)

    def pattern(self) -> np.ndarray:
        """Return the sensitive cells and all cells that allowed witnesses touch."""
        touched = self._flat[0].of(self.touches)
        suppressed = self.system.sensitive.copy()
        suppressed[touched.values[np.repeat(np.array(self.allowed, bool), touched.lengths)]] = True
        return suppressed

    def dependants(self) -> np.ndarray:
        """Return, for each cell, how many needs the allowed witnesses through it serve."""
        touched = self._flat[0].of(self.touches)
        count = self._flat[1].of(self.serves).lengths * np.array(self.allowed, dtype=np.int64)
        weights = np.repeat(count, touched.lengths)
        return np.bincount(touched.values, weights, minlength=len(self.system))

    def covering(self) -> Cover:
        """Return the allowed witnesses as a cover."""
        cover = Cover(self.system, self.cover.exact)
        cover.add_all(
            witness
            for witness, allowed in zip(self.witnesses, self.allowed, strict=True)
            if allowed
        )
        return cover


class _Lists:
    """Lists of numbers, end to end; `of` appends the lists that are new."""

    def __init__(self) -> None:
        self.values = np.empty(0, dtype=np.int64)
        self.lengths = np.empty(0, dtype=np.int64)

    def of(self, lists: list[np.ndarray]) -> _Lists:
        """Return the lists, which are the same as before and perhaps some more."""
        new = lists[len(self.lengths) :]
        if new:
            self.values = np.concatenate([self.values, *new])
            self.lengths = np.append(self.lengths, [len(one) for one in new])
        return self

    def all(self, marked: np.ndarray) -> np.ndarray:
        """Say for each list whether all its numbers are marked."""
        missing = np.append(0, np.cumsum(~marked[self.values]))
        ends = np.cumsum(self.lengths)
        whole: np.ndarray = missing[ends] == missing[ends - self.lengths]
        return whole

"""How far the cells of a component can go: linear programs first, then whole-number ones.

The results are checked: a table in whole numbers against all sums and ends, a linear bound by its
own prices. Only the solver says that no table in whole numbers goes farther; that answer is not
checked.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
from scipy.sparse import bmat, identity, vstack

from disclosure.inference.deduction import Floats, Ints, Mask
from disclosure.inference.space import Space
from disclosure.inference.step_programs import StepProgram, free, whole_steps
from disclosure.inference.tuning import TUNING


class Reach:
    """How far the groups of a `space` move, up and down: what is shown and what is proven.

    `shown` and `proven`, by sign (1: up, -1: down): how far some table moves each group, and how
    far no table can move it. `unsettled`: the groups for which a program failed.
    """

    def __init__(self, space: Space, *, integer: bool, until: float = np.inf) -> None:
        self.space, self.integer, self.until = space, integer, until
        stuck = np.diff(space.moves.indptr) == 0
        up, down = (np.where(stuck, 0, np.maximum(end, 0)) for end in (space.most, -space.least))
        self.limit = {1: np.floor(up) if integer else up, -1: np.floor(down) if integer else down}
        self.proven = {sign: limit.copy() for sign, limit in self.limit.items()}
        self.shown = {sign: np.zeros(len(up)) for sign in (1, -1)}
        self.unsettled: set[int] = set()
        self.by_step = space.moves.tocsc()
        self.walk: StepProgram | None = None
        if not space.ties.shape[0]:
            self.take_steps()

    def take_steps(self) -> None:
        """Take each step alone, in both directions, as far as it goes: that needs no program."""
        edges = self.by_step.indptr.tolist()
        for a, b in zip(edges[:-1], edges[1:], strict=True):
            groups, moves = self.by_step.indices[a:b], self.by_step.data[a:b]
            if self.integer and not self.space.is_whole[groups].all():
                continue
            for sign in (1, -1):
                way = sign * moves
                ends = np.where(way > 0, self.limit[1][groups], self.limit[-1][groups])
                times = float(np.min(ends / np.abs(way)))
                self.show(groups, way * (np.floor(times) if self.integer else times))

    def show(self, groups: Ints, moved: Floats) -> None:
        """Note that some table moves the groups by `moved`."""
        for sign, shown in self.shown.items():
            shown[groups] = np.maximum(shown[groups], sign * moved)

    def explore(self, group: int, sign: int, need: float) -> None:
        """Find out whether a group moves by `need`; if `need` is infinite, how far it moves."""
        if self.goes(group, sign, need) or self.shown[sign][group] >= self.proven[sign][group]:
            return
        if time.process_time() >= self.until:
            self.unsettled.add(group)
            return
        steps = self.farthest(group, sign, need)
        if steps is None or not self.integer:
            return
        for _ in range(TUNING.units_lowered):
            target = min(need, self.proven[sign][group])
            if self.shown[sign][group] >= target or target < need < np.inf:
                return
            if not self.in_whole_numbers(group, sign, target, steps):
                break
        self.unsettled.add(group)

    def goes(self, group: int, sign: int, need: float) -> bool:
        """Say whether a table was found that moves a group by `need`."""
        return bool(self.shown[sign][group] >= need - self.slack(need))

    def slack(self, size: float) -> float:
        """Return the tolerance for a float of this size."""
        return TUNING.slack if self.integer or np.isinf(size) else tolerance(size)

    def farthest(self, group: int, sign: int, need: float) -> Floats | None:
        """Move a group as far as a linear program can, up to `need`; None without an answer."""
        line = self.space.moves[[group]]
        most = {1: self.limit[1][group], -1: self.limit[-1][group]}
        most[sign] = min(most[sign], need)
        status, steps, prices = self.program().least(
            line.indices, -sign * line.data, group, (-most[-1], most[1])
        )
        if status != "Optimal":
            if status != "Unbounded":
                self.unsettled.add(group)
            return None
        end = sign * float((line @ steps)[0])
        self.see(steps)
        if end < need - self.slack(need):
            sure = self.by_prices(group, sign, prices, most)
            allowed = TUNING.slack * max(abs(end), 1.0)
            if self.integer:
                sure, end = np.floor(sure + TUNING.slack), float(np.floor(end + TUNING.slack))
                allowed = 0.0
            if end + allowed < sure < np.inf:
                self.unsettled.add(group)
            self.proven[sign][group] = min(self.proven[sign][group], end)
        return steps

    def program(self) -> StepProgram:
        """Return the linear program of the space, made once."""
        if self.walk is None:
            nothing = np.zeros(self.space.ties.shape[0])
            self.walk = StepProgram(
                vstack([self.space.moves, self.space.ties], format="csr"),
                (np.append(-self.limit[-1], nothing), np.append(self.limit[1], nothing)),
                self.until,
            )
        return self.walk

    def by_prices(self, group: int, sign: int, prices: Floats, most: dict[int, float]) -> float:
        """Return how far a group cannot go beyond, given the prices of a linear program.

        The price of a row multiplies the end of that row. What the prices leave of the objective is
        bounded by how far each step can go at all, and infinite where that is infinite.
        Source: Neumaier and Shcherbina (2004), Safe bounds in linear programming.
        """
        up, down = self.limit[1].copy(), self.limit[-1].copy()
        up[group], down[group] = most[1], most[-1]
        count = len(up)
        # the program minimises: a price above zero means that its row is at the lower end
        pays = prices[:count] * np.where(np.isinf(np.where(prices[:count] > 0, down, up)), 0.0, 1.0)
        left = -sign * self.space.moves[[group]].toarray()[0] - self.space.moves.T @ pays
        left -= self.space.ties.T @ prices[count:]
        ends = np.where(pays > 0, down, np.where(pays < 0, up, 0.0))
        room = self.room()
        rest = np.abs(left) * np.where(left == 0, 0.0, room)
        total = float(np.abs(pays) @ ends) + float(rest.sum())
        return total * (1 + TUNING.digits)

    def room(self) -> Floats:
        """Return how far each step can go, judged by the groups that only this step moves."""
        alone = np.flatnonzero(np.diff(self.space.moves.indptr) == 1)
        at = self.space.moves.indptr[alone]
        farthest = np.maximum(self.limit[1], self.limit[-1])[alone]
        room = np.full(self.space.steps, np.inf)
        np.minimum.at(
            room, self.space.moves.indices[at], farthest / np.abs(self.space.moves.data[at])
        )
        return room

    def see(self, steps: Floats) -> bool:
        """Note how far steps move every group; for counts, only if they give a true table."""
        moved = self.space.moves @ (np.rint(steps) if self.integer else steps)
        if self.integer:
            whole = np.rint(moved)
            inside = (whole <= self.limit[1]) & (whole >= -self.limit[-1])
            if not inside.all() or np.abs(moved - whole).max(initial=0.0) > TUNING.slack:
                return False
            change = (self.space.factor * whole[self.space.group]).astype(np.int64)
            if (self.space.sums.astype(np.int64) @ change).any():
                return False
            moved = whole
        self.show(np.arange(len(moved)), moved)
        return True

    def in_whole_numbers(self, group: int, sign: int, target: float, steps: Floats) -> bool:
        """Find a table in whole numbers that moves a group by `target`, or prove there is none.

        Returns whether one of the two was achieved. The search is first between the whole numbers
        around the linear answer, then among the steps near it, then among all.
        """
        around = np.floor(steps + TUNING.slack), np.ceil(steps - TUNING.slack)
        everything = np.arange(self.space.steps)
        status = ""
        for some in (None, *self.near(group, steps), everything):
            inside = everything if some is None else some
            box = (
                around
                if some is None
                else (np.full(len(some), -np.inf), np.full(len(some), np.inf))
            )
            status = self.whole(group, sign, target, inside, box)
            if status == "Optimal":
                return True
        if status == "Infeasible":
            self.proven[sign][group] = target - 1
        return status == "Infeasible"

    def near(self, group: int, steps: Floats) -> Iterator[Ints]:
        """Yield growing sets of steps: those taken, and those that move the same groups."""
        inside = np.abs(steps) > TUNING.slack
        inside[self.space.moves[[group]].indices] = True
        for size in (size for size in TUNING.near_steps if size < self.space.steps):
            while len(new := self.beside(inside)[: max(size - int(inside.sum()), 0)]):
                inside[new] = True
            yield np.flatnonzero(inside)

    def beside(self, inside: Mask) -> Ints:
        """Return the steps that move the same groups as those inside."""
        rows = np.unique(self.by_step[:, np.flatnonzero(inside)].indices)
        reached: Ints = np.unique(self.space.moves[rows].indices).astype(np.int64)
        return reached[~inside[reached]]

    def whole(
        self, group: int, sign: int, target: float, inside: Ints, box: tuple[Floats, Floats]
    ) -> str:
        """Look for whole steps, of those `inside` and in a box, that move a group by `target`."""
        columns = self.by_step[:, inside].tocsr()
        rows = np.flatnonzero(np.diff(columns.indptr) > 0)
        low, high = -self.limit[-1][rows], self.limit[1][rows]
        aim = rows == group
        low[aim], high[aim] = (target, high[aim]) if sign > 0 else (low[aim], -target)
        matrix, also = columns[rows], ~self.space.is_whole[rows]
        # groups that need not be whole when steps are get whole-number variables of their own
        lines = identity(len(rows), format="csr")[also]
        ties = self.space.ties.tocsc()[:, inside]
        matrix = bmat(
            [[matrix, None], [matrix[also], -lines @ lines.T], [ties, None]], format="csr"
        )
        nothing = np.zeros(matrix.shape[0] - len(rows))
        ends = np.append(low, nothing), np.append(high, nothing)
        more = free(int(also.sum()))
        box = np.append(box[0], more[0]), np.append(box[1], more[1])
        status, found = whole_steps(matrix, ends, box, self.until)
        if status == "Optimal":
            steps = np.zeros(self.space.steps)
            steps[inside] = found[: len(inside)]
            self.see(steps)
            return status if self.shown[sign][group] >= target else "Failed"
        return status


def tolerance(size: float) -> float:
    """Return the tolerance for a distance of amounts: a millionth, or half of a tiny distance."""
    return min(TUNING.slack * max(abs(size), 1.0), abs(size) / 2)

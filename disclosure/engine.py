"""The steps of `suppress`, in order; each lives in a module of its own.

First the elimination, which no sensitive cell survives exactly disclosed; then, for intervals, a
witness for every sensitive cell, with ways opened where there is none; then less is withheld
where the witnesses allow it, in small components to the optimum; last a bound, and the
certificate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from disclosure.basis import constraint_basis
from disclosure.bounds import prices
from disclosure.clash import explain
from disclosure.cover import Cover
from disclosure.effort import Effort
from disclosure.elimination import Elimination, eliminate
from disclosure.improve import cost_of, improve, pattern_of
from disclosure.intervals import protect_all, separate, whole_rows
from disclosure.optimum import optimum
from disclosure.reasons import Reasons
from disclosure.reduction import reduced
from disclosure.suppress import Pattern, Protect
from disclosure.system import TableSystem
from disclosure.twins import apart

REDUCED = 4_000
"""More rows than this are not reduced against each other: all pairs are looked at."""


def run(system: TableSystem, protect: Protect, budget_seconds: float, seed: int) -> Pattern:
    """Return a pattern and its certificate; see `suppress.suppress`."""
    decided = _eliminated(system, seed, protect)
    effort = Effort(budget_seconds)
    suppressed = system.sensitive.copy()
    suppressed[list(decided.withheld)] = True
    cover = Cover(system, exact=protect == "exact")
    rows = whole_rows(system, decided.rows)
    cover.add_all(rows)
    if len(cover.open_cells()) and len(rows) <= REDUCED:
        cover.add_all(reduced(system, rows))
    suppressed = protect_all(system, cover, suppressed, effort)
    cover, suppressed = improve(cover, suppressed, effort, rounds=0)
    if len(cover.open_cells()):
        suppressed = protect_all(system, cover, suppressed, effort)
    bound = float(prices(system).sum())
    covers = [cover]
    if protect == "interval" and effort.enough() and not len(cover.open_cells()):
        best, bound = optimum(cover, effort)
        covers += [best] if cost_of(best) < cost_of(cover) else []
    elif effort.enough() and cost_of(cover) > bound:
        covers[-1], _ = improve(cover, suppressed, effort)
    patterns = [
        _pattern(each, bound, effort, decided.withheld)
        for each in covers[-2 if system.singles.any() else -1 :]
    ]
    return min(patterns, key=lambda pattern: (len(pattern.unproven), pattern.cost))


def _pattern(cover: Cover, bound: float, effort: Effort, guarded: Mapping[int, int]) -> Pattern:
    """Return what the witnesses touch; where some are lacking, also what elimination withheld."""
    system = cover.system
    suppressed = pattern_of(cover)
    certificate, left = cover.certificate(), cover.open_cells()
    if left.size:
        suppressed[list(guarded)] = True
    if system.singles.any():
        own = Effort(effort.seconds)
        witnesses, suppressed, known = separate(system, cover.witnesses, suppressed, own)
        left = np.union1d(left, known)
        certificate = replace(certificate, apart=apart(system, witnesses))
        cover.witnesses = witnesses
    cost = float(system.cost[suppressed & ~system.sensitive].sum())
    return Pattern(
        suppressed=suppressed,
        reason=Reasons(system, suppressed, certificate, cover.witnesses, guarded),
        cost=cost,
        bound=bound,
        gap=_gap(cost, bound) if not left.size else None,
        certificate=certificate,
        unproven=tuple(left.tolist()),
    )


def _gap(cost: float, bound: float) -> float:
    return (cost - bound) / cost if cost else 0.0


def _eliminated(system: TableSystem, seed: int, protect: Protect = "exact") -> Elimination:
    basis = system.basis
    if basis is None:
        basis = constraint_basis(system.constraints, system.cost)
    forced = np.flatnonzero(system.publish)
    forced = forced[np.argsort(system.values[forced], kind="stable")]
    open_cells = np.flatnonzero(~system.publish & ~system.sensitive)
    dearest = open_cells[np.argsort(-system.cost[open_cells], kind="stable")]
    order = np.concatenate([forced, dearest])
    watched = np.flatnonzero(system.sensitive)
    decided = eliminate(basis, order, len(forced), watched, seed=seed)
    if decided.lost:
        cell = min(decided.lost)
        error = explain(system, cell, protect)
        if error is not None:
            raise error
    return decided

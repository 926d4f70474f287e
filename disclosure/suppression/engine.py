"""What is withheld beside the sensitive cells. The steps are in modules of their own.

First elimination: after it no sensitive cell can be calculated. Then, for intervals, a witness for
every sensitive cell; where there is none, more is withheld. Then less is withheld where the
witnesses allow it, in small components down to the optimum. Last, a bound and the certificate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import inf
from numbers import Integral, Real

import numpy as np
from scipy import sparse

from disclosure.algebra.basis import constraint_basis
from disclosure.algebra.effort import Effort
from disclosure.algebra.elimination import Elimination, eliminate
from disclosure.errors import DesignError
from disclosure.proof.witness import Witness, matrix_of
from disclosure.suppression.bounds import prices
from disclosure.suppression.clash import explain
from disclosure.suppression.contributors import separating_vectors
from disclosure.suppression.cover import Cover
from disclosure.suppression.improve import cost_of, improve, pattern_of
from disclosure.suppression.intervals import protect_all, separate, whole_rows
from disclosure.suppression.optimum import optimum
from disclosure.suppression.pattern import Pattern, Protect
from disclosure.suppression.reasons import Reasons
from disclosure.suppression.reduction import reduced
from disclosure.suppression.separation import Separation
from disclosure.suppression.tuning import TUNING
from disclosure.suppression.whole_numbers import keep_apart
from disclosure.tables.system import TableSystem


def suppress(
    system: TableSystem,
    protect: Protect = "interval",
    budget_seconds: float = TUNING.budget_seconds,
    seed: int = 0,
) -> Pattern:
    """Return a pattern that protects every sensitive cell of `system`, with its certificate.

    "exact": no sensitive cell can be calculated from what is published. "interval": whatever an
    attacker calculates leaves each sensitive cell its protection, up and down; counts move in whole
    numbers. In both, the only contributor to a cell cannot calculate another cell. The budget is
    counted in work, so the same input and seed give the same pattern on any machine; the clock
    ends a run only when it takes five times its budget and a minute.

    Raises ClashError, naming a smallest set, when cells that must be published expose a sensitive
    one; DesignError for another `protect`, or for a budget or seed below 0.
    Source: docs/disclosure/engine.md describes the method and its literature.
    """
    if protect not in ("exact", "interval"):
        raise DesignError(f'protect is "exact" or "interval", not {protect!r}.')
    if not isinstance(budget_seconds, Real) or not 0 <= budget_seconds < inf:
        raise DesignError(f"A budget is 0 seconds or more, not {budget_seconds!r}.")
    if not isinstance(seed, Integral) or seed < 0:
        raise DesignError(f"A seed is a whole number, 0 or more, not {seed!r}.")
    return _run(system, protect, float(budget_seconds), int(seed))


def _run(system: TableSystem, protect: Protect, budget_seconds: float, seed: int) -> Pattern:
    basis = _basis(system)
    decided = _eliminated(system, seed, protect, basis)
    effort = Effort(
        budget_seconds
        * (TUNING.counted_share / 2 if system.singles.any() else TUNING.counted_share)
    )
    suppressed = system.sensitive.copy()
    suppressed[list(decided.withheld)] = True
    cover = Cover(system, exact=protect == "exact")
    if cover.exact and system.singles.any() and len(system) <= TUNING.separated_whole_cells:
        bound = float(prices(system).sum())
        return _separated([cover], basis, bound, effort, decided.withheld)
    rows = whole_rows(system, decided.rows)
    cover.add_all(rows)
    if len(cover.open_cells()) and len(rows) <= TUNING.reduced_rows:
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
    if system.singles.any():
        return _separated(covers[-2:], basis, bound, effort, decided.withheld)
    return _pattern(covers[-1], covers[-1].witnesses, bound, decided.withheld)


def _separated(
    covers: list[Cover],
    basis: sparse.csr_matrix,
    bound: float,
    effort: Effort,
    guarded: Mapping[int, int],
) -> Pattern:
    """Return the cheapest pattern in which no contributor can work out another's cell."""
    system, own = covers[0].system, Effort(effort.seconds)
    kept = [system.sensitive if one.exact else _kept(one, guarded) for one in covers]
    found = [Separation(*pair, basis, own) for pair in zip(covers, kept, strict=True)]
    for one in sorted(found, key=_merit):
        if not one.cover.exact:
            one.reroute()
    best = min(found, key=_merit)
    cover, witnesses = best.result()
    if system.integer and not cover.exact:
        return _in_whole_numbers(cover, witnesses, bound, guarded, Effort(effort.seconds))
    suppressed = best.kept.copy()
    for witness in witnesses:
        suppressed[witness.cells] = True
    witnesses, _, known = separate(system, witnesses, suppressed, Effort(effort.seconds))
    return _pattern(cover, witnesses, bound, guarded, known, separating_vectors(system, witnesses))


def _in_whole_numbers(
    cover: Cover,
    witnesses: list[Witness],
    bound: float,
    guarded: Mapping[int, int],
    effort: Effort,
) -> Pattern:
    """Return the pattern of a cover with what keeps contributors apart in whole numbers.

    While some contributor still knows a cell, all that separates cells by sums stays withheld.
    """
    system, own = cover.system, cover.witnesses
    found, known = keep_apart(system, own, cover.pool + witnesses[len(own) :], effort)
    kept = witnesses if known.size else own
    return _pattern(cover, kept + found, bound, guarded, known, matrix_of(found, len(system)))


def _merit(separation: Separation) -> tuple[int, float]:
    return len(separation.cover.open_cells()), separation.cost


def _kept(cover: Cover, guarded: Mapping[int, int]) -> np.ndarray:
    """Return the cells that stay withheld; while witnesses are lacking, elimination's too."""
    kept = cover.system.sensitive.copy()
    if len(cover.open_cells()):
        kept = pattern_of(cover)
        kept[list(guarded)] = True
    return kept


def _pattern(
    cover: Cover,
    witnesses: list[Witness],
    bound: float,
    guarded: Mapping[int, int],
    known: np.ndarray | None = None,
    apart: sparse.csr_matrix | None = None,
) -> Pattern:
    """Return the cells that witnesses touch; where some are lacking, elimination's cells too."""
    system = cover.system
    suppressed = _kept(cover, guarded)
    certificate, left = cover.certificate(), cover.open_cells()
    for witness in witnesses:
        suppressed[witness.cells] = True
    if known is not None:
        left = np.union1d(left, known)
        certificate = replace(certificate, apart=apart)
    cost = float(system.cost[suppressed & ~system.sensitive].sum())
    return Pattern(
        suppressed=suppressed,
        reason=Reasons(system, suppressed, certificate, witnesses, guarded),
        cost=cost,
        bound=bound,
        gap=_gap(cost, bound) if not left.size else None,
        certificate=certificate,
        unproven=tuple(left.tolist()),
    )


def _gap(cost: float, bound: float) -> float:
    return (cost - bound) / cost if cost else 0.0


def _basis(system: TableSystem) -> sparse.csr_matrix:
    if system.basis is not None:
        return system.basis
    return constraint_basis(system.constraints, system.cost)


def _eliminated(
    system: TableSystem,
    seed: int,
    protect: Protect = "exact",
    basis: sparse.csr_matrix | None = None,
) -> Elimination:
    if basis is None:
        basis = _basis(system)
    forced = np.flatnonzero(system.publish)
    forced = forced[np.argsort(system.values[forced], kind="stable")]
    open_cells = np.flatnonzero(~system.publish & ~system.sensitive)
    costliest = open_cells[np.argsort(-system.cost[open_cells], kind="stable")]
    order = np.concatenate([forced, costliest])
    watched = np.flatnonzero(system.sensitive)
    decided = eliminate(basis, order, len(forced), watched, seed=seed)
    if decided.lost:
        cell = min(decided.lost)
        error = explain(system, cell, protect)
        if error is not None:
            raise error
    return decided

"""The audit that ends every protection: an attack on what would be published."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from disclosure import proof
from disclosure.attacker.one_system import attack
from disclosure.errors import ExposureError, TableError
from disclosure.inference.deduction import Floats, Mask
from disclosure.methods.complementary import figures, lost_with, system
from disclosure.methods.method import Method
from disclosure.methods.ranges import ends, small_counts_of, too_likely
from disclosure.methods.treated import TreatedTable
from disclosure.methods.unions import sensitive_unions
from disclosure.phrase import Phrase
from disclosure.protection.claims import false_claims
from disclosure.protection.report import DisclosureReport

KINDS = {
    "published": "is sensitive but published",
    "exact": "is withheld but can be calculated",
    "own": "can be worked out by the only contributor to another cell",
    "interval": "is bounded inside its protection",
}


def audit(table: TreatedTable, methods: Sequence[Method]) -> DisclosureReport:
    """Attack what would be published; return the report, or raise ExposureError.

    The attacker knows every figure, mark, sum and method. These are exposed: a figure that is not a
    multiple of the base of its statistic; a sensitive cell that is published, can be calculated,
    can be worked out by a contributor from their own cell, or is bounded inside its protection; a
    sum of withheld cells that published sums give and that a rule for amounts finds sensitive; a
    perturbed or rounded count that is certain to be 1 to base - 1, or withheld but certain; a drawn
    count that is likelier to be 1 to base - 1, or zero, than the methods allow; and whatever is not
    as a method says: see `protection.claims`.
    """
    refuse_loose(table)
    low, high = ends(table)
    facts = [
        *off_grid(table),
        *given_away(table),
        *unions_given_away(table),
        *small_counts(table, low, high),
        *false_claims(table, methods),
    ]
    if facts:
        raise ExposureError(
            f"{table.source.name}: what would be published gives {len(facts)} facts away. "
            f"{' '.join(facts[:5])} Add or strengthen a method of this population.",
            tuple(facts),
        )
    return summary(table, low, high)


def refuse_loose(table: TreatedTable) -> None:
    """Raise when a table that needs protection has totals that exceed their parts.

    Such a total bounds its parts from above by an amount that no relation states, so no pattern
    and no range could be trusted.
    """
    loose = table.source.relations.loose
    if len(loose) and (table.bases or table.sensitive.any()):
        raise TableError(
            f"{table.source.name}: {table.source.key(int(loose[0]))} is more than its parts that "
            'have figures, as others are not available ("x"). Make totals of what was received.',
            tuple(loose.tolist()),
        )


def off_grid(table: TreatedTable) -> list[str]:
    """Return the figures that are not multiples of the base of their statistic."""
    return [
        f"{table.source.key(row)} would be published off the grid of {base}."
        for statistic, base in table.bases.items()
        for row in rows(
            table.mask((pl.col("statistic") == statistic) & (pl.col("published") % base != 0))
        )
    ]


def given_away(table: TreatedTable) -> list[str]:
    """Return the sensitive cells of exact statistics that are not protected as they must be.

    The engine's pattern is proved by its certificate, checked against what would now be published.
    Without a pattern the sums are attacked; an attack that did not finish counts as exposure.
    """
    exact = figures(table)
    if not table.sensitive[exact].any():
        return []
    chosen, withheld = system(table), table.withheld[exact]
    if table.pattern is not None:
        proof.verify(chosen, withheld & ~chosen.publish, table.pattern.certificate)
        return []
    report = attack(chosen, withheld)
    facts = [f"{chosen.name(fact.cell)} {KINDS[fact.kind]}." for fact in report.facts]
    return facts if report.complete else [*facts, "There was no time to attack every cell."]


def unions_given_away(table: TreatedTable) -> list[str]:
    """Return the unions of withheld cells that sums give and that would give a contributor away."""
    return [
        f"{union.words(table)} can be calculated, and would give a contributor away."
        for union in sensitive_unions(table, table.withheld)
    ]


def small_counts(table: TreatedTable, low: Floats, high: Floats) -> list[str]:
    """Return the changed counts that are certain or too likely to be small; see `audit`."""
    return [
        f"{table.source.key(row)} is certain to be small, or certain though withheld."
        for row in rows(small_counts_of(table, low, high))
    ] + [
        f"{table.source.key(row)} is too likely to be small, or zero."
        for row in rows(too_likely(table))
    ]


def rows(mask: Mask) -> list[int]:
    """Return the rows where `mask` holds."""
    return [int(row) for row in np.flatnonzero(mask)]


def summary(table: TreatedTable, low: Floats, high: Floats) -> DisclosureReport:
    """Return the report of a table that withstood the attack."""
    cells, withheld = table.cells, table.withheld
    counts = cells.filter(pl.Series(withheld))["reason"].value_counts().sort("reason")
    total = max(float(lost_with(table)[figures(table)].sum()), 1.0)
    pattern = table.pattern
    return DisclosureReport(
        cells=cells.height,
        shown=int((cells["status"] == "").sum()),
        withheld=int(withheld.sum()),
        marked=int(cells["status"].is_in(["x", "z"]).sum()),
        by_reason=dict(counts.iter_rows()),
        cost=None if pattern is None else round(100 * pattern.cost / total),
        bound=None
        if pattern is None or pattern.bound is None
        else round(100 * pattern.bound / total),
        gap=None if pattern is None or pattern.gap is None else round(pattern.gap, 2),
        exposed=0,
        certified=pattern is not None,
        attacker=knowable(table, low, high),
        tolerance=table.source.tolerance,
    )


def knowable(table: TreatedTable, low: Floats, high: Floats) -> tuple[Phrase, ...]:
    """Return what somebody who knows the methods can still bound, without any true value."""
    found = []
    for base in dict.fromkeys(table.bases.values()):
        names = [name for name, own in table.bases.items() if own == base]
        of = table.mask(pl.col("statistic").is_in(names) & (pl.col("status") == ""))
        if of.any():
            width = int((high - low)[of].min())
            found.append(Phrase("narrowest_range", {"base": base, "width": width}))
    if table.pattern is not None:
        found.append(Phrase("anywhere_in_protection"))
    if table.source.tolerance:
        found.append(Phrase("totals_differ", {"tolerance": table.source.tolerance}))
    return tuple(found)

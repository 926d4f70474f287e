"""The proof sheet of a perturbation table: what it guarantees, computed from its weights alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import log2

from disclosure.perturbation.ptable import PerturbationTable
from disclosure.perturbation.tuning import TUNING
from disclosure.tables.cells import KEY_MODULUS


@dataclass(frozen=True)
class CountProof:
    """What a table guarantees for one true count. `bias` and `variance` are exact."""

    count: int
    bias: Fraction
    variance: Fraction
    stays: Fraction
    entropy: float


@lru_cache(maxsize=TUNING.tables_kept)
def rows(table: PerturbationTable) -> tuple[CountProof, ...]:
    """Return one proof per row of the table."""
    found = []
    for count, (changes, weights) in enumerate(zip(table.changes, table.weights, strict=True)):
        shares = [Fraction(weight, KEY_MODULUS) for weight in weights]
        pairs = list(zip(shares, changes, strict=True))
        found.append(
            CountProof(
                count,
                sum((share * change for share, change in pairs), Fraction(0)),
                sum((share * change**2 for share, change in pairs), Fraction(0)),
                sum((share for share, change in pairs if change == 0), Fraction(0)),
                sum(float(share) * log2(1 / share) for share in shares if share),
            )
        )
    return tuple(found)


def check(table: PerturbationTable, variance: float, largest_change: int) -> list[str]:
    """Return the promises of `ptable.design` that the table breaks; an empty list if none."""
    faults = []
    for row, changes, weights in zip(rows(table), table.changes, table.weights, strict=True):
        promises = {
            "weights are above zero and add to the number of keys": sum(weights) == KEY_MODULUS
            and min(weights) > 0,
            "no bias": row.bias == 0,
            "variance": row.variance <= Fraction(variance),
            "largest change": max(map(abs, changes)) <= largest_change,
            "not negative": row.count + min(changes) >= 0,
            "multiples of the base": all((row.count + c) % table.base == 0 for c in changes),
        }
        faults += [f"{row.count}: {name}" for name, kept in promises.items() if not kept]
    return faults


def posterior(
    table: PerturbationTable, smaller: int, larger: int, differences: Iterable[int]
) -> dict[int, Fraction]:
    """Return the probability of each true difference of two groups published as these counts.

    The attacker knows that one group contains the other, knows nothing else about the smaller group
    and thinks each of `differences` equally likely. The groups are two cells, so their keys are
    independent, also where the people are the same.
    """
    least, most = table.plausible(smaller)
    weights: dict[int, Fraction] = {}
    for difference in differences:
        weight = Fraction(0)
        for count in range(least, most + 1):
            other = table.chance(count + difference, larger)
            weight += table.chance(count, smaller) * other
        weights[difference] = weight
    total = sum(weights.values())
    return {d: weight / total for d, weight in weights.items()} if total else {}


def greatest_certainty(table: PerturbationTable, difference: int, among: int = 5) -> Fraction:
    """Return the greatest posterior of a true `difference` over all pairs of published counts.

    Among differences of 0 to `among`: the attacker knows that the groups are nearly the same.
    """
    figures = range(0, table.top + 3 * table.base, table.base)
    return max(
        posterior(table, low, high, range(among + 1)).get(difference, Fraction(0))
        for low in figures
        for high in figures
    )


def proof_sheet(table: PerturbationTable) -> str:
    """Return the proof sheet in Markdown: one row per true count, then differencing."""
    lines = [
        "| true count | published (probability) | bias | variance | entropy (bits) |",
        "|--:|---|--:|--:|--:|",
    ]
    for row, changes, weights in zip(rows(table), table.changes, table.weights, strict=True):
        shares = ", ".join(
            f"{row.count + change} ({weight / KEY_MODULUS:.4f})"
            for change, weight in zip(changes, weights, strict=True)
        )
        lines.append(
            f"| {row.count} | {shares} | {row.bias} "
            f"| {float(row.variance):.4f} | {row.entropy:.3f} |"
        )
    lines += [
        "",
        f"Counts from {table.top} on repeat the last {table.base} rows.",
        "",
        "| true difference of two groups, known to be 0 to 5 | greatest certainty of an attacker |",
        "|--:|--:|",
    ]
    lines += [f"| {d} | {float(greatest_certainty(table, d)):.3f} |" for d in range(1, 5)]
    return "\n".join(lines) + "\n"

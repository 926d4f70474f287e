"""What the manifest says each measure is: a rate with the measures it divides, or no rate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from verification.findings import INTEGRITY, Finding
from verification.folder import Folder
from verification.tables import Table

RATE = "rate"
MOST_DECIMALS = 18
UNREADABLE = (LookupError, TypeError, AttributeError, ValueError)


@dataclass(frozen=True)
class StatedRate:
    """How a rate is made: numerator / denominator x `per`, rounded to so many `decimals`."""

    numerator: str
    denominator: str
    per: int
    decimals: int


Rates = Mapping[str, StatedRate]


def rates(folder: Folder, tables: Iterable[Table]) -> tuple[dict[str, StatedRate], list[Finding]]:
    """Return the rates by measure, and the measures of which the manifest does not say enough.

    A measure of a table is a rate or not; one without a statement, and a rate that two tables make
    in two ways, are findings. A manifest that cannot be read states no rate, which is one as well.
    """
    try:
        stated = dict(_stated(folder.manifest))
    except UNREADABLE:
        return {}, [Finding(INTEGRITY, "manifest.json does not say which measures are rates.")]
    found: dict[str, StatedRate] = {}
    faults = []
    for table in tables:
        for measure, (label, _) in table.measures.items():
            if (table.number, measure) not in stated:
                faults.append(f"Table {table.number}: manifest.json does not say what {label} is.")
                continue
            rate = stated[table.number, measure]
            if rate and found.setdefault(measure, rate) != rate:
                faults.append(f"manifest.json states two ways in which {label} is made.")
    return found, [Finding(INTEGRITY, words) for words in faults]


def _stated(manifest: Mapping[str, Any]) -> Iterator[tuple[tuple[int, str], StatedRate | None]]:
    """Give what each measure of each table is: a rate, or None for a count, a sum or a date."""
    for table in manifest["tables"]:
        for measure in table["measures"]:
            is_rate = _text(measure["kind"]) == RATE
            yield (table["number"], measure["id"]), _rate(measure) if is_rate else None


def _rate(measure: Mapping[str, Any]) -> StatedRate:
    return StatedRate(
        _text(measure["numerator"]),
        _text(measure["denominator"]),
        _whole(measure["per"], 1, 1_000_000),
        _whole(measure["decimals"], 0, MOST_DECIMALS),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def _whole(value: object, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise ValueError(f"no whole number from {least} to {most:,}")
    return value

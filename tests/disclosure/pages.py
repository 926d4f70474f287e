"""Pages of a release drawn as text, and what an attacker writes under them."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from disclosure.attacker.what_is_shown import Reading, ShownTable
from disclosure.attacker.whole_release import ShownRelease, attack_release

EXACT = {"starts": Reading(small=5)}


def page(name: str, text: str, statistic: str = "starts") -> ShownTable:
    """A published table drawn as text: its columns, then one line per cell; a word is a mark."""
    names, *rows = (line.split() for line in text.strip().splitlines())
    frame = pl.DataFrame(rows, schema=names, orient="row")
    figure = pl.col("value").cast(pl.Int64, strict=False)
    mark = pl.when(figure.is_null()).then(pl.col("value")).otherwise(pl.lit(""))
    cells = frame.with_columns(statistic=pl.lit(statistic), value=figure, status=mark)
    return ShownTable(name, tuple(n for n in names if n != "value"), cells)


def attacked(
    *pages: ShownTable,
    hierarchies: Mapping,
    readings: Mapping[str, Reading] = EXACT,
    programs: int = 400,
    **more,
):
    """What an attack on a release of these pages reports; its counts are exact unless told."""
    return attack_release(ShownRelease(pages, hierarchies, readings, **more), programs=programs)


def sentences(*pages: ShownTable, **given) -> list[str]:
    """The derivation of each fact that the attack finds."""
    return [fact.derivation for fact in attacked(*pages, **given).facts]

"""Tables drawn as text, for examples in documents and tests."""

from __future__ import annotations

import polars as pl

from disclosure.tables.cells import FACTS, CellTable


def draw(text: str, statistic: str = "count", name: str = "drawn", **codes: str) -> CellTable:
    """Return the cell table that `text` draws: a line of column names, then one line per cell.

    Columns are "value", other facts of a cell, "statistic" if there are several, and dimensions. A
    value of "x" or "z" is a mark; "." is null. `codes` gives the hierarchy of a dimension, with
    totals before colons: `area="All: North South; North: A B"`.
    """
    lines = [line.split() for line in text.strip().splitlines()]
    names, rows = lines[0], lines[1:]
    dimensions = tuple(n for n in names if n not in (*FACTS, "statistic"))
    drawn = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    marked = pl.col("value").is_in(["x", "z"])
    facts = [
        (pl.col(fact) if fact in names else pl.lit(None)).cast(pl.Int64, strict=False).alias(fact)
        for fact in FACTS
    ]
    words = pl.col("statistic") if "statistic" in names else pl.lit(statistic)
    cells = drawn.select(
        *dimensions,
        words.alias("statistic"),
        *facts,
        pl.when(marked).then(pl.col("value")).otherwise(pl.lit("")).alias("mark"),
    )
    return CellTable(
        name=name,
        dimensions=dimensions,
        hierarchies={dimension: parents(codes.get(dimension, "")) for dimension in dimensions},
        statistics=tuple(cells["statistic"].unique(maintain_order=True)),
        cells=cells,
    )


def parents(text: str) -> dict[str, str]:
    """Return code -> parent code from "All: North South; North: A B"."""
    families = [family.split(":") for family in text.split(";") if family.strip()]
    return {part: total.strip() for total, parts in families for part in parts.split()}

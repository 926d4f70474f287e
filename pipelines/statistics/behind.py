"""Who stands behind figures and behind their changes. Confidential: rows of people, by keyed hash.

When a figure changes between two versions, readers know that the people in its cell changed. This
module counts how many different people changed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import polars as pl

from pipelines.statistics.record_keys import keys_of_records
from schemas.dimension import Dimension
from schemas.quarter import Quarter

UNIT, PERSON = "episode_id", "person_id"


def people_counted(
    rows: pl.DataFrame,
    persons: pl.DataFrame,
    dimensions: Sequence[str],
    secret: bytes,
    kept: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Return who was counted: one row per unit of `rows`, sorted.

    Columns: `record` and `person`, keyed hashes of the unit and of the person (of the unit where
    no person is known), and the codes of the dimensions. `persons` has one row per `episode_id`
    with its `person_id`, null where not known. `kept` is as in `keys_of_records`.
    """
    known = rows.select(UNIT, *dimensions).join(
        persons.select(UNIT, PERSON), on=UNIT, how="left", maintain_order="left"
    )
    who = known.select(pl.coalesce(PERSON, UNIT)).to_series()
    return known.select(
        keys_of_records(known[UNIT], secret, kept).alias("record"),
        keys_of_records(who, secret, kept).alias("person"),
        *dimensions,
    ).sort(pl.all())


def compared(
    now: pl.DataFrame,
    then: pl.DataFrame,
    counted: Sequence[tuple[pl.DataFrame, pl.DataFrame]],
    dimensions: Sequence[Dimension],
    quarter: Quarter,
) -> pl.DataFrame:
    """Return the cells that two versions show, and how many people stand behind each change.

    `now` and `then` have one row per published cell: dimensions, statistic, value, status.
    `counted` pairs who was counted now and then, as `people_counted` returns it: one pair for each
    way in which both can have been made; the fewest people count. One row per cell of both: its
    keys, `value`, `status`, `value_then`, `status_then`, `is_changed`, and `people` (null where
    nothing changed, and where no pair is given).
    """
    keys = [*(d.name for d in dimensions), "statistic"]
    both = now.join(then, on=keys, how="inner", suffix="_then", maintain_order="left").with_columns(
        is_changed=pl.col("value").ne_missing(pl.col("value_then"))
        | (pl.col("status") != pl.col("status_then"))
    )
    cells = both.filter("is_changed")
    found = {
        str(number): _behind_each(cells, *pair, dimensions, quarter)
        for number, pair in enumerate(counted)
    }
    fewest = pl.min_horizontal(pl.lit(None, pl.Int64), *found)
    people = cells.select(keys).with_columns(**found).select(*keys, fewest.alias("people"))
    return both.join(people, on=keys, how="left", maintain_order="left")


def _behind_each(
    cells: pl.DataFrame,
    now: pl.DataFrame,
    then: pl.DataFrame,
    dimensions: Sequence[Dimension],
    quarter: Quarter,
) -> pl.Series:
    """Count the people behind the change of each cell, along the dimensions that both have."""
    shared = [d for d in dimensions if d.name in now.columns and d.name in then.columns]
    return people_behind(cells, moved(now, then, [d.name for d in shared]), shared, quarter)


def moved(now: pl.DataFrame, then: pl.DataFrame, dimensions: Sequence[str]) -> pl.DataFrame:
    """Return the rows of people that one version counted and the other did not, or elsewhere.

    One row per record and codes: `sign` (1 where the record is counted now, -1 where it was then)
    and `person`, the list of persons that the record is of. A record that moved has a row where it
    was and one where it is.
    """
    keys = ["record", *dimensions]
    signed = [
        frame.select("person", *keys).with_columns(sign=pl.lit(sign))
        for frame, sign in ((now, 1), (then, -1))
    ]
    counted = pl.concat(signed).group_by(keys).agg(pl.col("sign").sum(), pl.col("person").unique())
    return counted.filter(pl.col("sign") != 0)


def people_behind(
    cells: pl.DataFrame,
    rows: pl.DataFrame,
    dimensions: Sequence[Dimension],
    quarter: Quarter,
) -> pl.Series:
    """Return how many different people came into each of `cells` or left it, in their order.

    `rows` are those of `moved`; a person who moved within a cell is not behind its change.
    Different people are different persons and different records: the lesser of the two counts.
    """
    numbered = cells.select(d.name for d in dimensions).with_row_index("cell")
    found = [_inside(part, rows, along, quarter) for along, part in _alike(numbered, dimensions)]
    none = pl.DataFrame(schema={"cell": pl.UInt32, "people": pl.UInt32})
    counted = numbered.join(pl.concat([none, *found]), on="cell", how="left", maintain_order="left")
    return counted["people"].fill_null(0).cast(pl.Int64)


def _alike(
    cells: pl.DataFrame, dimensions: Sequence[Dimension]
) -> Iterator[tuple[list[Dimension], pl.DataFrame]]:
    """Give the cells that are below the root of the same dimensions, with these."""
    below = [(pl.col(d.name) != d.root).alias(f"below_{d.name}") for d in dimensions]
    names = [f"below_{d.name}" for d in dimensions]
    for flags, part in cells.with_columns(below).group_by(names, maintain_order=True):
        yield [d for d, is_below in zip(dimensions, flags, strict=True) if is_below], part


def _inside(
    cells: pl.DataFrame, rows: pl.DataFrame, along: Sequence[Dimension], quarter: Quarter
) -> pl.DataFrame:
    """Count the people of cells that are at the root of every other dimension."""
    names = [d.name for d in along]
    spread = rows.select("record", "person", "sign", *names)
    for dimension in along:
        wanted = set(cells[dimension.name])
        above = _containing(spread[dimension.name].unique(), dimension, wanted, quarter)
        spread = spread.join(above, on=dimension.name).drop(dimension.name)
        spread = spread.rename({"within": dimension.name})
    if not names:
        spread, cells = spread.with_columns(all=0), cells.with_columns(all=0)
        names = ["all"]
    return (
        cells.select("cell", *names)
        .join(spread, on=names)
        .group_by("cell", "record")
        .agg(pl.col("sign").sum(), pl.col("person").explode())
        .filter(pl.col("sign") != 0)
        .group_by("cell")
        .agg(records=pl.col("record").n_unique(), persons=pl.col("person").explode().n_unique())
        .select("cell", people=pl.min_horizontal("records", "persons").cast(pl.UInt32))
    )


def _containing(
    held: pl.Series, dimension: Dimension, wanted: Collection[str], quarter: Quarter
) -> pl.DataFrame:
    """Return one row per code that rows hold and wanted code that contains it, or is it."""
    parents: Mapping[str, str] = dimension.codes(quarter).parents
    pairs = []
    for code in held:
        up: str | None = code
        while up is not None:
            if up in wanted:
                pairs.append((code, up))
            up = parents.get(up)
    return pl.DataFrame(
        pairs, schema={dimension.name: pl.String, "within": pl.String}, orient="row"
    )

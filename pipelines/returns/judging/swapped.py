"""Columns whose values stand in each other's place: one cause for a whole file."""

from __future__ import annotations

from itertools import combinations

import polars as pl

from pipelines.returns.errors import PackFault
from schemas.fields import Code, Field
from schemas.returns import Return

# So many values of a column say enough about it, when so large a share of them is wrong or right.
LEAST_VALUES = 5
SHARE = 0.9


def swapped(text: pl.DataFrame, declared: Return) -> dict[int, PackFault]:
    """Return the packs of which two columns of codes look swapped, with the names of the columns.

    Nearly all values of each are wrong in their own column, and right in the other.
    """
    coded = [field for field in declared.fields if isinstance(field.kind, Code)]
    faults = {}
    for number, wrong in _wrong(text, coded).items():
        own = text.filter(pl.col("pack") == number)
        pairs = [
            f"Columns {one.name} and {other.name} look swapped."
            for one, other in combinations(wrong, 2)
            if _fits(own, one, other) and _fits(own, other, one)
        ]
        if pairs:
            found = " ".join(pairs)
            faults[number] = PackFault("columns_are_in_their_places", declared.file, found)
    return faults


def _wrong(text: pl.DataFrame, coded: list[Field]) -> dict[int, list[Field]]:
    """List, by pack, the columns nearly all of whose values are wrong."""
    if not text.height or not coded:
        return {}
    wrong = text.group_by("pack").agg(
        ((_right(field, field).not_().mean() > SHARE) & (_cell(field).count() >= LEAST_VALUES))
        .fill_null(value=False)
        .alias(field.name)
        for field in coded
    )
    listed = {
        row["pack"]: [field for field in coded if row[field.name]] for row in wrong.to_dicts()
    }
    return {pack: fields for pack, fields in listed.items() if len(fields) > 1}


def _fits(rows: pl.DataFrame, values: Field, kind: Field) -> bool:
    share = rows.select(_right(values, kind).mean()).item()
    return share is not None and share > SHARE


def _right(values: Field, kind: Field) -> pl.Expr:
    """Say of each value of a column whether it is right in the column of another field."""
    return kind.kind.permits(kind.kind.parse(_cell(values)))


def _cell(field: Field) -> pl.Expr:
    cell = pl.col(field.name).str.strip_chars()
    return pl.when(cell != "").then(cell)

"""Columns whose values stand in each other's place: one cause for a whole file."""

from __future__ import annotations

from itertools import combinations

import polars as pl

from pipelines.returns.errors import PackFault
from schemas.fields import Code, Date, Field
from schemas.returns import Return

# A column with at least this many values is judged, by whether this share is wrong or right.
LEAST_VALUES = 5
SHARE = 0.9


# The share of rows with one of two dates that has to be in the wrong order.
MOST = 0.5
SAID = "Columns {} and {} look swapped."
NAMED = SAID.replace(".", r"\.").replace("{}", r"(\w+)")
"""How two columns are named in a finding, for those who read it."""


def swapped(text: pl.DataFrame, values: pl.DataFrame, declared: Return) -> dict[int, PackFault]:
    """Return the packs of which two columns look swapped, with the names of the columns.

    `text` holds the cells of a return and `values` what was read in them, for several packs. Of two
    columns of codes nearly all values are wrong in their own column, and right in the other; of two
    columns of dates nearly all that can be compared are in the wrong order, and are most of them.
    """
    coded = [field for field in declared.fields if isinstance(field.kind, Code)]
    found = _in_wrong_order(values, declared)
    for number, wrong in _wrong(text, coded).items():
        own = text.filter(pl.col("pack") == number)
        found += [
            (number, one.name, other.name)
            for one, other in combinations(wrong, 2)
            if _fits(own, one, other) and _fits(own, other, one)
        ]
    words: dict[int, str] = {}
    for number, one_name, other_name in found:
        said = SAID.format(one_name, other_name)
        words[number] = f"{words.get(number, '')} {said}".strip()
    return {
        number: PackFault("columns_are_in_their_places", declared.file, said)
        for number, said in words.items()
    }


def _in_wrong_order(values: pl.DataFrame, declared: Return) -> list[tuple[int, str, str]]:
    """List packs and two columns of dates that nearly always break a rule until exchanged."""
    found = []
    for one, other, holds in _ordered(declared):
        is_both = pl.col(one).is_not_null() & pl.col(other).is_not_null()
        is_any = pl.col(one).is_not_null() | pl.col(other).is_not_null()
        exchanged = values.rename({one: other, other: one})
        shares = (
            values.select("pack", is_both=is_both, is_any=is_any, kept=holds)
            .with_columns(exchanged.select(mended=holds))
            .group_by("pack")
            .agg(
                values=pl.col("is_both").sum(),
                filled=pl.col("is_any").sum(),
                broken=(pl.col("is_both") & ~pl.col("kept")).sum(),
                mended=(pl.col("is_both") & pl.col("mended")).sum(),
            )
        )
        clear = (
            (pl.col("values") >= LEAST_VALUES)
            & (pl.min_horizontal("broken", "mended") > SHARE * pl.col("values"))
            & (pl.col("broken") > MOST * pl.col("filled"))
        )
        found += [(number, one, other) for number in shares.filter(clear)["pack"].sort()]
    return found


def _ordered(declared: Return) -> list[tuple[str, str, pl.Expr]]:
    """List two columns of dates and what holds of them, for each rule on just two."""
    days = [field.name for field in declared.fields if isinstance(field.kind, Date)]
    ruled = [rule.holds for rule in declared.rules if rule.holds is not None]
    named = [([day for day in days if day in holds.meta.root_names()], holds) for holds in ruled]
    return [
        (names[0], names[1], holds)
        for names, holds in named
        if len(names) == 2 and set(holds.meta.root_names()) == set(names)
    ]


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

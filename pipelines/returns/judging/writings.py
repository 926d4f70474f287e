"""Values written in another way than the template's, read where they have one meaning only.

Each pack and column gets one note that says what was read how. What has no single meaning stays
as it was sent, and the rules of its field say so.
"""

from __future__ import annotations

import polars as pl

from pipelines.returns.judging import findings
from schemas.fields import Field, Writing
from schemas.returns import Return

RULE = "pack.values_have_the_form_of_the_template"
DOUBTFUL = "pack.values_have_one_meaning"


def rewritten(text: pl.DataFrame, declared: Return) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return text rows with `pack` in the form of the template, and the notes on what was changed.

    Whether the cells of a column leave one meaning is decided in each pack by itself.
    """
    notes = []
    unfitting = _unfitting(text, declared)
    for field in declared.fields:
        if not unfitting.get(field.name):
            continue
        for writing in field.kind.writings:
            cells = text.select(
                "pack",
                _written(field, writing).alias("read"),
                _only_so(field, writing).alias("is_doubtful"),
            )
            changed = cells["read"].is_not_null()
            doubtful = cells.filter("is_doubtful")
            if doubtful.height:
                notes.append(_notes(doubtful, DOUBTFUL, field, writing, declared))
            if changed.any():
                text = text.with_columns(
                    pl.coalesce(cells["read"], pl.col(field.name)).alias(field.name)
                )
                notes.append(_notes(cells.filter(changed), RULE, field, writing, declared))
    return text, findings.combine(notes)


def _unfitting(text: pl.DataFrame, declared: Return) -> dict[str, bool]:
    """Say of each column that can be written in other ways whether some cell is not right."""
    writable = [field for field in declared.fields if field.kind.writings]
    if not text.height or not writable:
        return {}
    return text.select(_other(field).is_not_null().any() for field in writable).row(0, named=True)


def _other(field: Field) -> pl.Expr:
    """Return the stripped cells of a column that are not right as they stand, else null."""
    cell = pl.col(field.name).str.strip_chars()
    value = field.kind.parse(cell)
    right = (value.is_not_null() & field.kind.permits(value)).fill_null(value=False)
    return pl.when((cell != "") & ~right).then(cell).alias(field.name)


def _written(field: Field, writing: Writing) -> pl.Expr:
    """Return what a writing makes of the cells that are not right; null where it is not allowed."""
    other = _other(field)
    filled = other.drop_nulls()
    decided = writing.decided(filled).over("pack")
    read = writing.read(other)
    value = field.kind.parse(read)
    right = (value.is_not_null() & field.kind.permits(value)).fill_null(value=False)
    return pl.when(decided & right).then(read)


def _only_so(field: Field, writing: Writing) -> pl.Expr:
    """Say of cells that are not right that all could be written so, and another way too."""
    other = _other(field)
    filled = other.drop_nulls()
    all_so = writing.read(filled).is_not_null().all().over("pack")
    return other.is_not_null() & all_so & ~writing.decided(filled).over("pack")


def _notes(
    cells: pl.DataFrame, rule: str, field: Field, writing: Writing, declared: Return
) -> pl.DataFrame:
    """One finding per pack: the column, how many of its values were written how."""
    return (
        cells.group_by("pack")
        .agg(changed=pl.len())
        .sort("pack")
        .select(
            "pack",
            pl.lit(declared.file).alias("file"),
            pl.lit(rule).alias("rule_id"),
            pl.format(f"{field.name}: {{}} written {writing.words}.", "changed").alias("found"),
        )
    )

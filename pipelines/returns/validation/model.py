"""The validator of a return, made from its declaration: casts first, then a Pandera model."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pandera.errors
import pandera.polars as pa
import polars as pl

from schemas.fields import Field
from schemas.returns import Return, Rule, rules


def cast(text: pl.DataFrame, declared: Return) -> tuple[pl.DataFrame, dict[str, pl.Series]]:
    """Turn text into values, and say for each field which rows hold a value of another form.

    Columns that are not declared stay as they are.
    """
    cells = {field.name: _stripped(field) for field in declared.fields}
    values = text.with_columns(
        field.kind.parse(cells[field.name]).alias(field.name) for field in declared.fields
    )
    failed = text.select(cells[name].is_not_null().alias(name) for name in cells).select(
        (pl.col(name) & values[name].is_null()).alias(name) for name in cells
    )
    return values, {name: failed[name] for name in cells if failed[name].any()}


@lru_cache(maxsize=64)
def model(declared: Return) -> pa.DataFrameSchema:
    """Build the Pandera model of a return: one typed column per field, with one check of its rules.

    A frame that it validates has the columns of `held` beside those of the return.
    """
    columns = {
        field.name: pa.Column(field.kind.dtype, checks=_checks(field, declared), nullable=True)
        for field in declared.fields
    }
    return pa.DataFrameSchema(columns, name=declared.name, strict=False)


def held(rows: pl.DataFrame, declared: Return) -> pl.DataFrame:
    """Say of every row, in one pass, which rules hold: one column of truth values per rule.

    One row per row given. A column is called as `_name` says. A rule that cannot be judged, for a
    null, holds. Raises `TypeError` for a frame in which a rule cannot be worked out.
    """
    try:
        return rows.select(_holds(rule).alias(_name(rule)) for rule in rules(declared))
    except pl.exceptions.PolarsError as error:
        raise TypeError(
            f"The frame does not fit its declaration: {type(error).__name__}."
        ) from None


def broken(rows: pl.DataFrame, declared: Return) -> dict[str, pl.Series]:
    """Return, for each rule that some row breaks, which rows break it.

    `rows` is a typed frame with the context columns of the return. It must be a DataFrame:
    Pandera looks at the schema only when it is given a LazyFrame.
    """
    if not isinstance(rows, pl.DataFrame):
        raise TypeError("Rows are judged in a DataFrame; collect the LazyFrame first.")
    found = held(rows, declared)
    try:
        model(declared).validate(rows.hstack(found), lazy=True)
    except pandera.errors.SchemaErrors as errors:
        fields = [_field_of(error) for error in errors.schema_errors]
        failed = [rule for field in fields for rule in _rules_of(field, declared)]
        rows_of = {rule.id: ~found[_name(rule)].rename("broken") for rule in failed}
        return {rule: where for rule, where in rows_of.items() if where.any()}
    return {}


def _stripped(field: Field) -> pl.Expr:
    text = pl.col(field.name).str.strip_chars()
    return pl.when(text != "").then(text)


def _rules_of(field: str, declared: Return) -> list[Rule]:
    return [rule for rule in rules(declared) if rule.field == field]


def _checks(field: Field, declared: Return) -> list[pa.Check]:
    """Return the check that a row keeps every rule of a field; none where it has no rule.

    Pandera runs three queries for each check, so one for each rule would take most of the time.
    No failure case is collected: it would be a personal value.
    """
    names = [_name(rule) for rule in _rules_of(field.name, declared)]
    if not names:
        return []
    kept = pl.all_horizontal(names).alias("kept")
    return [
        pa.Check(
            lambda data: data.lazyframe.select(kept),
            name=field.name,
            ignore_na=False,
            n_failure_cases=0,
        )
    ]


def _name(rule: Rule) -> str:
    """Return the name of a column that no field can have."""
    return f"rule {rule.id}"


def _holds(rule: Rule) -> pl.Expr:
    if rule.holds is None:
        raise TypeError(f"The rule {rule.id} is on rows and needs an expression.")
    return rule.holds.fill_null(value=True)


def _field_of(error: Any) -> str:
    """Return the field; what Pandera raises unasked (a wrong dtype) is a fault of ours."""
    if getattr(error.check, "name", None) is None or error.check_output is None:
        raise TypeError(f"The frame does not fit its declaration: {error.reason_code}.")
    return str(error.check.name)

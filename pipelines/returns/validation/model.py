"""The validator of a return, made from its declaration: casts first, then a Pandera model."""

from __future__ import annotations

from collections.abc import Callable
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
    """Build the Pandera model of a return: one typed column per field, one check per rule."""
    by_field: dict[str, list[pa.Check]] = {field.name: [] for field in declared.fields}
    for rule in rules(declared):
        by_field[rule.field].append(_check(rule))
    columns = {
        field.name: pa.Column(field.kind.dtype, checks=by_field[field.name], nullable=True)
        for field in declared.fields
    }
    return pa.DataFrameSchema(columns, name=declared.name, strict=False)


def broken(rows: pl.DataFrame, declared: Return) -> dict[str, pl.Series]:
    """Return, for each rule that some row breaks, which rows break it.

    `rows` is a typed frame with the context columns of the return. It must be a DataFrame:
    Pandera looks at the schema only when it is given a LazyFrame.
    """
    if not isinstance(rows, pl.DataFrame):
        raise TypeError("Rows are judged in a DataFrame; collect the LazyFrame first.")
    try:
        model(declared).validate(rows, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        return {_rule_of(error): _rows_of(error) for error in errors.schema_errors}
    return {}


def _stripped(field: Field) -> pl.Expr:
    text = pl.col(field.name).str.strip_chars()
    return pl.when(text != "").then(text)


def _check(rule: Rule) -> pa.Check:
    # No failure case is collected: it would be a personal value.
    return pa.Check(_holds(rule), name=rule.id, ignore_na=False, n_failure_cases=0)


def _holds(rule: Rule) -> Callable[[Any], pl.LazyFrame]:
    if rule.holds is None:
        raise TypeError(f"The rule {rule.id} is on rows and needs an expression.")
    held = rule.holds.fill_null(value=True).alias("held")
    return lambda data: data.lazyframe.select(held)


def _rule_of(error: Any) -> str:
    """Return the id of the rule; what Pandera raises unasked (a wrong dtype) is a fault of ours."""
    if getattr(error.check, "name", None) is None or error.check_output is None:
        raise TypeError(f"The frame does not fit its declaration: {error.reason_code}.")
    return str(error.check.name)


def _rows_of(error: Any) -> pl.Series:
    output: pl.DataFrame = error.check_output
    return ~output.to_series().rename("broken")

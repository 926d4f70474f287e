"""One row per pack received: the fields of its manifest, what was counted, and its status."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.returns.packs.names import PackName
from pipelines.returns.packs.opened import Opened
from schemas.quarter import Quarter
from schemas.returns import PACK, Severity
from schemas.returns.declaration import is_plain_version
from schemas.returns.landing import SUBMISSIONS, polars_schema
from schemas.returns.statuses import Status

# The fields that a pack's name and its manifest both give.
_NAMED = ("delivery_area_code", "submission_sequence")
_GIVEN = ("template_version", "prepared_at", "synthetic", "nil_return")


def submissions(
    opened: list[Opened],
    manifests: pl.DataFrame,
    found: pl.DataFrame,
    quarantine: pl.DataFrame,
    received: Mapping[int, int],
    compared: Mapping[int, str],
    quarter: Quarter,
) -> pl.DataFrame:
    """Return one row per pack, with the columns of `schemas.returns.landing.SUBMISSIONS`.

    `received` and `compared` give, by pack, the rows of its files and the returns before that it
    was compared with. Rows of a refused pack count as rejected, all of them. `is_current` is filled
    in later. A pack is of the `quarter` it was judged for: one that is refused because it names
    another quarter is answered there too.
    """
    given = manifests.select("pack", *_NAMED, *_GIVEN)
    rejected = pl.when("is_refused").then("rows_received").otherwise("rows_quarantined")
    schema = polars_schema(SUBMISSIONS)
    return (
        _opened(opened, received)
        .join(given, on="pack", how="left", suffix="_given", maintain_order="left")
        .join(_severities(found), on="pack", how="left", maintain_order="left")
        .join(_rejected_rows(quarantine), on="pack", how="left", maintain_order="left")
        .with_columns(pl.coalesce(f"{name}_given", name).alias(name) for name in _NAMED)
        .with_columns(_right(name) for name in _NAMED)
        .with_columns(_plain("template_version"))
        .with_columns(pl.col("queries", "rows_quarantined", "entries_quarantined").fill_null(0))
        .with_columns(rows_rejected=rejected)
        .with_columns(
            rows_accepted=pl.col("rows_received") - pl.col("rows_rejected"),
            status=_status(),
            compared_with=pl.col("pack").replace_strict(
                dict(compared), default=None, return_dtype=pl.String
            ),
            period_id=pl.lit(quarter.id),
            is_current=pl.lit(value=False),
        )
        .select(pl.col(name).cast(dtype) for name, dtype in schema.items())
    )


def with_more(submitted: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Count findings that were made when all packs of the run were known.

    One row per submission.
    """
    more = found.group_by("submission_id").agg(
        more=(pl.col("severity") == Severity.QUERY.value).cast(pl.Int64).sum()
    )
    return (
        submitted.join(more, on="submission_id", how="left", maintain_order="left")
        .with_columns(queries=pl.col("queries") + pl.col("more").fill_null(0))
        .with_columns(
            status=pl.when((pl.col("status") == Status.ACCEPTED) & (pl.col("queries") > 0))
            .then(pl.lit(Status.QUERIED))
            .otherwise("status")
        )
        .drop("more")
    )


def _right(name: str) -> pl.Expr:
    """Keep the fields of a manifest only if they are valid: an invalid one could be anything."""
    right = PACK.manifest.field(name).kind.permits(pl.col(name))
    return pl.when(right).then(pl.col(name)).alias(name)


def _plain(name: str) -> pl.Expr:
    """Keep a version only if nothing but a version has its form."""
    return pl.col(name).map_elements(
        lambda text: text if is_plain_version(text) else None, return_dtype=pl.String
    )


def _status() -> pl.Expr:
    """Refused, or without some row or entry, or kept with questions, or kept."""
    return (
        pl.when("is_refused")
        .then(pl.lit(Status.REJECTED))
        .when(pl.col("rows_rejected") + pl.col("entries_quarantined") > 0)
        .then(pl.lit(Status.PARTIAL))
        .when(pl.col("queries") > 0)
        .then(pl.lit(Status.QUERIED))
        .otherwise(pl.lit(Status.ACCEPTED))
    )


def _opened(opened: list[Opened], received: Mapping[int, int]) -> pl.DataFrame:
    rows = []
    for one in opened:
        parsed = PackName.parse(one.landed.name)
        rows.append(
            {
                "pack": one.number,
                "submission_id": one.submission_id,
                "pack_name": one.landed.name,
                "sha256": one.landed.sha256,
                "received_at": one.landed.received_at,
                "rows_received": received.get(one.number, one.lines),
                "is_refused": bool(one.faults),
                "delivery_area_code": parsed.delivery_area_code if parsed else None,
                "submission_sequence": parsed.submission_sequence if parsed else None,
            }
        )
    overrides: dict[str, pl.DataType] = {
        "pack": pl.Int64(),
        "received_at": pl.Datetime("us", "UTC"),
        "delivery_area_code": pl.String(),
        "submission_sequence": pl.Int64(),
        "rows_received": pl.Int64(),
    }
    return pl.DataFrame(rows, schema_overrides=overrides)


def _severities(found: pl.DataFrame) -> pl.DataFrame:
    def count(severity: Severity) -> pl.Expr:
        return (pl.col("severity") == severity.value).cast(pl.Int64).sum()

    return found.group_by("pack").agg(queries=count(Severity.QUERY))


def _rejected_rows(quarantine: pl.DataFrame) -> pl.DataFrame:
    """Count the rows of the CSV files, and the entries of the manifest, that were not kept."""
    is_row = pl.col("file").str.ends_with(".csv")
    return quarantine.group_by("pack").agg(
        rows_quarantined=is_row.cast(pl.Int64).sum(),
        entries_quarantined=(~is_row).cast(pl.Int64).sum(),
    )

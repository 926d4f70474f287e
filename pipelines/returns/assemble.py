"""Put the parts of a run together: frames with their declared columns, findings with words."""

from __future__ import annotations

import polars as pl

from pipelines.returns import findings
from pipelines.returns.rounds import Part, numbers
from pipelines.returns.submissions import submissions
from schemas.returns import Pack, judged_columns, polars_schema


def submissions_of(part: Part, pack: Pack) -> pl.DataFrame:
    """One row per pack of a part, as in `Judged.submissions`."""
    found = findings.explained(part.findings, pack)
    rejected = findings.quarantined(part.findings, pack)
    return submissions(part.opened, part.manifests, found, rejected, part.received)


def assembled(
    parts: list[Part], submitted: pl.DataFrame, before: pl.DataFrame, pack: Pack
) -> dict[str, pl.DataFrame]:
    """Return the frames of `Judged` by name. `before` holds the submissions of earlier runs."""
    columns = judged_columns(pack)
    landed = {
        name: pl.concat(
            [
                polars_schema(columns[name]).to_frame(),
                *(f for p in parts for f in p.landed.get(name, [])),
            ]
        )
        for name in ("participants", "events", "aggregate", "organisations")
    }
    found = pl.concat([findings.SCHEMA.to_frame(), *(part.findings for part in parts)])
    found = pl.concat([found, _elsewhere(landed["participants"], parts)])
    explained = _named(findings.explained(found, pack), parts).join(
        submitted.select("submission_id", "delivery_area_code"), on="submission_id", how="left"
    )
    quarantine = _named(findings.quarantined(found, pack), parts)
    order = ["submission_id", "file", "row_number", "rule_id"]
    return {
        "submissions": _with_current(submitted, before),
        **landed,
        "findings": explained.select(polars_schema(columns["findings"]).names()).sort(order),
        "quarantine": quarantine.select(polars_schema(columns["quarantine"]).names()).sort(
            order[:3]
        ),
    }


def _named(frame: pl.DataFrame, parts: list[Part]) -> pl.DataFrame:
    return frame.join(
        numbers([one for part in parts for one in part.opened]),
        on="pack",
        how="left",
        maintain_order="left",
    )


def _with_current(submitted: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """Say which packs are the latest accepted ones, earlier runs considered."""
    accepted = pl.col("status").is_in(["pending", "rejected"]).not_()
    highest = (
        pl.concat([before, submitted])
        .filter(accepted)
        .group_by("delivery_area_code", "period_id")
        .agg(highest=pl.col("submission_sequence").max())
    )
    return (
        submitted.join(
            highest, on=["delivery_area_code", "period_id"], how="left", maintain_order="left"
        )
        .with_columns(is_current=accepted & (pl.col("submission_sequence") == pl.col("highest")))
        .with_columns(pl.col("is_current").fill_null(value=False))
        .drop("highest")
    )


def _elsewhere(participants: pl.DataFrame, parts: list[Part]) -> pl.DataFrame:
    """One finding per accepted row of a person who stands in the packs of several areas."""
    areas = pl.col("delivery_area_code").n_unique().over("person_id")
    return (
        participants.filter(pl.col("person_id").is_not_null())
        .filter(areas > 1)
        .join(
            numbers([one for part in parts for one in part.opened]),
            on="submission_id",
            how="left",
            maintain_order="left",
        )
        .select(
            "pack",
            pl.lit("participants.csv").alias("file"),
            "row_number",
            pl.lit("participants.person_is_in_one_area").alias("rule_id"),
        )
    )

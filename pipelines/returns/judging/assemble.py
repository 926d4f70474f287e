"""Put the parts of a run together: frames with their declared columns, findings with words."""

from __future__ import annotations

import polars as pl

from pipelines.returns.judging import findings, identity
from pipelines.returns.judging.places import in_words_of_senders
from pipelines.returns.judging.rounds import Part, numbers
from pipelines.returns.packs.submissions import submissions, with_more
from schemas.quarter import Quarter
from schemas.returns import Pack, judged_columns, polars_schema


def submissions_of(part: Part, quarter: Quarter, pack: Pack) -> pl.DataFrame:
    """One row per pack of a part, as in `Judged.submissions`."""
    found = findings.explained(part.findings, pack)
    rejected = findings.quarantined(part.findings, pack)
    return submissions(
        part.opened, part.manifests, found, rejected, part.received, part.compared, quarter
    )


def assembled(
    parts: list[Part],
    submitted: pl.DataFrame,
    before: pl.DataFrame,
    others: pl.DataFrame,
    pack: Pack,
) -> dict[str, pl.DataFrame]:
    """Return the frames of `Judged` by name.

    `before` holds the submissions of earlier runs, and `others` the people of the returns of
    other areas that count, as they were judged in earlier runs.
    """
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
    submitted = _with_current(submitted, before)
    elsewhere = _elsewhere(landed["participants"], submitted, others, parts, pack)
    found = findings.combine([*(part.findings for part in parts), elsewhere])
    explained = _named(in_words_of_senders(findings.explained(found, pack), parts), parts).join(
        submitted.select("submission_id", "delivery_area_code"), on="submission_id", how="left"
    )
    refused = [one.number for part in parts for one in part.opened if one.faults]
    kept = found.filter(~pl.col("pack").is_in(refused))
    quarantine = _named(in_words_of_senders(findings.quarantined(kept, pack), parts), parts)
    order = ["submission_id", "file", "row_number", "rule_id"]
    return {
        "submissions": with_more(submitted, _named(findings.explained(elsewhere, pack), parts)),
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


def _elsewhere(
    participants: pl.DataFrame,
    submitted: pl.DataFrame,
    others: pl.DataFrame,
    parts: list[Part],
    pack: Pack,
) -> pl.DataFrame:
    """Look for the numbers and people of the packs that count in the returns of other areas."""
    current = submitted.filter("is_current")
    rows = participants.join(
        numbers([one for part in parts for one in part.opened]),
        on="submission_id",
        how="left",
        maintain_order="left",
    ).join(current, on="submission_id", how="semi", maintain_order="left")
    elsewhere = others.join(current, on="delivery_area_code", how="anti")
    return identity.across_areas(rows, elsewhere, pack.participants)

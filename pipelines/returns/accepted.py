"""Questions to areas that were accepted for a time: they stay on record and need no answer."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import polars as pl

from pipelines.returns.answers.by_rule import by_rule
from pipelines.returns.process import Judged
from schemas.quarter import Quarter
from schemas.returns import Severity
from schemas.returns.statuses import Status


@dataclass(frozen=True)
class Accepted:
    """The findings of a rule on the returns of an area, accepted up to the quarter `until`.

    `most` says how many there were when they were accepted: more than that are asked about again.
    """

    rule_id: str
    delivery_area_code: str
    until: Quarter
    most: int


def with_accepted(judged: Judged, accepted: Collection[Accepted]) -> Judged:
    """Return what was judged, with the accepted questions as notes that say until when.

    Frames are as in `Judged`. A pack without another question is `accepted`.
    """
    findings, packs = judged.findings, judged.submissions
    for one in accepted:
        own = packs.filter(pl.col("delivery_area_code") == one.delivery_area_code)["submission_id"]
        for number in own:
            if 0 < found_of(findings, number, one.rule_id) <= one.most:
                findings = _noted(findings, number, one)
    open_ones = findings.filter(pl.col("severity") == Severity.QUERY.value)
    counts = dict(open_ones.group_by("submission_id").len().rows())
    queries = pl.col("submission_id").replace_strict(counts, default=0, return_dtype=pl.Int64)
    packs = packs.with_columns(queries=queries).with_columns(
        status=pl.when((pl.col("status") == Status.QUERIED) & (pl.col("queries") == 0))
        .then(pl.lit(Status.ACCEPTED))
        .otherwise("status")
    )
    return replace(judged, findings=findings, submissions=packs)


def found_of(findings: pl.DataFrame, submission_id: str, rule_id: str) -> int:
    """Return on how many rows, or how often, a rule was found broken in a pack."""
    own = (pl.col("submission_id") == submission_id) & (pl.col("rule_id") == rule_id)
    return int(by_rule(findings.filter(own))["count"].sum())


def _noted(findings: pl.DataFrame, number: str, one: Accepted) -> pl.DataFrame:
    """Turn the questions of a rule in a pack into notes."""
    is_it = (
        (pl.col("submission_id") == number)
        & (pl.col("rule_id") == one.rule_id)
        & (pl.col("severity") == Severity.QUERY.value)
    )
    said = f" It was accepted until {one.until.label}, so it needs no answer."
    message, note = pl.col("message") + said, pl.lit(Severity.NOTE.value)
    return findings.with_columns(
        message=pl.when(is_it).then(message).otherwise("message"),
        severity=pl.when(is_it).then(note).otherwise("severity"),
    )

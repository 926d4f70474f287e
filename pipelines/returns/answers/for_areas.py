"""What areas are told of what was found: nothing of who stands in the return of another area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby

import polars as pl

from pipelines.returns.judging.identity import ELSEWHERE
from pipelines.returns.process import Judged
from schemas.returns import Severity
from schemas.returns.statuses import Status

# Anybody could learn who takes part in the programme by sending a number in the name of an area,
# so questions across areas are for the department, which knows both returns.
ACROSS = [f"participants.{rule}" for rule in ELSEWHERE.values()]


def judged_for_areas(judged: Judged) -> Judged:
    """Return what areas may be told of what was judged: frames as in `Judged`."""
    packs, findings = frames_for_areas(judged.submissions, judged.findings)
    return replace(judged, submissions=packs, findings=findings)


def frames_for_areas(
    packs: pl.DataFrame, findings: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return submissions and findings without what was found across areas.

    The questions of each pack are counted without it, and one that was accepted with no other
    question is `accepted`.
    """
    is_across = pl.col("rule_id").is_in(ACROSS)
    asked = findings.filter(is_across & (pl.col("severity") == Severity.QUERY.value))
    counts = dict(asked.group_by("submission_id").len().rows())
    across = pl.col("submission_id").replace_strict(counts, default=0, return_dtype=pl.Int64)
    queries = (pl.col("queries") - across).alias("queries")
    alone = (pl.col("status") == Status.QUERIED.value) & (queries == 0) & (across > 0)
    status = pl.when(alone).then(pl.lit(Status.ACCEPTED.value)).otherwise("status")
    return packs.with_columns(queries, status=status), findings.filter(~is_across)


def statuses_for_areas(history: Sequence[tuple[str, datetime]]) -> list[tuple[str, datetime]]:
    """Return the statuses that a pack had, the first first, and since when.

    Whether every row was kept with a question or without is one status here: a return of another
    area can change it.
    """
    kept = {Status.ACCEPTED.value, Status.QUERIED.value}
    runs = groupby(history, key=lambda one: Status.ACCEPTED.value if one[0] in kept else one[0])
    return [(status, next(run)[1]) for status, run in runs]

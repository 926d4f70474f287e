"""Whether the starts of a quarter are in line with those of the area's quarters before."""

from __future__ import annotations

from collections import Counter
from datetime import date
from math import sqrt

import polars as pl

from pipelines.returns.judging import findings
from schemas.quarter import Quarter

# Illustrative control limits, not DWP's. Starts are counts, so their limits are those of a Poisson
# variable, three standard errors of the difference from the mean of up to four quarters. The
# programme grows from quarter to quarter, so a change counts only beyond three times the most, or
# below a third of the least, of these quarters too.
QUARTERS = 4
LEAST_QUARTERS = 3
LEAST_MEAN = 10.0
STANDARD_ERRORS = 3.0
FACTOR = 3.0
LEAST_MEAN_OF_ZERO = 5.0


def judge_levels(participants: pl.DataFrame, packs: pl.DataFrame, quarter: Quarter) -> pl.DataFrame:
    """One finding per pack whose starts of the quarter fell to zero at once, or are out of line.

    `participants` are accepted rows, and `packs` gives the number of each submission.
    """
    days = participants.filter(pl.col("start_date").is_not_null()).select(
        "submission_id", of=pl.col("start_date")
    )
    numbers = packs.select("submission_id", "pack").rows()
    found = []
    for submission, number in numbers:
        own = days.filter(pl.col("submission_id") == submission)["of"].to_list()
        found += [(number, *one) for one in _out_of_line(own, quarter)]
    schema = {"pack": pl.Int64, "rule_id": pl.String, "found": pl.String}
    frame = pl.DataFrame(found, schema=schema, orient="row")
    return findings.combine([frame.with_columns(file=pl.lit("participants.csv"))])


def has_limits(days: list[date], quarter: Quarter) -> bool:
    """Say whether starts on these days give the starts of a quarter limits to be judged by."""
    past = _counts(days, quarter)[:-1][-QUARTERS:]
    return len(past) >= LEAST_QUARTERS and sum(past) / len(past) >= LEAST_MEAN


def _out_of_line(days: list[date], quarter: Quarter) -> list[tuple[str, str]]:
    counts = _counts(days, quarter)
    if len(counts) < 2:
        return []
    now, past = counts[-1], counts[:-1][-QUARTERS:]
    mean = sum(past) / len(past)
    before = "the quarter" if len(past) == 1 else f"the {len(past)} quarters"
    words = f"{now:,} are dated in {quarter.label}; the mean of {before} before is "
    if now == 0:
        return [_one("area_is_not_at_zero", words, mean)] if mean >= LEAST_MEAN_OF_ZERO else []
    apart = abs(now - mean) > STANDARD_ERRORS * sqrt(mean + mean / len(past))
    far = now > FACTOR * max(past) or now < min(past) / FACTOR
    if has_limits(days, quarter) and apart and far:
        return [_one("starts_are_within_control_limits", words, mean)]
    return []


def _counts(days: list[date], quarter: Quarter) -> list[int]:
    """Count the starts of each quarter, from that of the first start up to `quarter`."""
    of_quarters = Counter(Quarter.containing(day) for day in days)
    counts: list[int] = []
    while of_quarters and quarter >= min(of_quarters):
        counts.insert(0, of_quarters[quarter])
        quarter = quarter.previous
    return counts


def _one(rule: str, words: str, mean: float) -> tuple[str, str]:
    return f"pack.{rule}", f"{words}{mean:,.1f}."

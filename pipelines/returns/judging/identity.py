"""Whose National Insurance number it is: rows that share one and may not be one person.

Nobody is merged on a number that is in doubt. A person is the number, the month of birth and the
sex together; each row whose number is in doubt counts as a person of its own.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from pipelines.returns.judging import findings
from schemas.returns import Return

_FILE = ["pack", "nino"]
_STILL_OPEN = pl.lit(date.max)
# The kind of doubt, and the rule that asks the area.
OWN_FILE = {
    "nino_is_shared": "nino_is_of_one_person",
    "nino_is_used_at_once": "nino_has_one_episode_at_a_time",
}
ELSEWHERE = {
    "nino_is_shared_elsewhere": "nino_is_of_one_person_across_areas",
    "is_elsewhere": "person_is_in_one_area",
}
COMPARED = ("delivery_area_code", "number_id", "person_id")


def doubted(accepted: pl.DataFrame) -> pl.DataFrame:
    """Say of accepted participants of several packs which numbers are in doubt in their file.

    One row per row given, an accepted participant. `nino_is_shared`: rows of the number differ in
    sex or month of birth. `nino_is_used_at_once`: episodes of the number overlap in time, which
    those of one person in one area cannot.
    """
    given = pl.col("nino").is_not_null()
    people = pl.struct("sex", "birth_year_month").n_unique().over(_FILE)
    return accepted.with_columns(_overlaps(accepted).alias("nino_is_used_at_once")).with_columns(
        nino_is_shared=given & (people > 1),
        nino_is_used_at_once=given & pl.col("nino_is_used_at_once").any().over(_FILE),
    )


def _overlaps(rows: pl.DataFrame) -> pl.Series:
    """Say of each row whether it starts before an earlier started episode of its number ended."""
    ended = pl.col("end_date").fill_null(_STILL_OPEN).cum_max().shift(1).over(_FILE)
    return (
        rows.select(*_FILE, "start_date", "end_date")
        .with_row_index("at")
        .sort("start_date", "end_date", nulls_last=True)
        .with_columns(overlaps=(pl.col("start_date") < ended).fill_null(value=False))
        .sort("at")["overlaps"]
    )


def in_own_file(rows: pl.DataFrame, declared: Return) -> pl.DataFrame:
    """One finding per row and doubt about its number within its file."""
    return _found(rows, declared, OWN_FILE)


def across_areas(
    participants: pl.DataFrame, others: pl.DataFrame, declared: Return
) -> pl.DataFrame:
    """One finding per row whose number or person stands in the return of another area too.

    `participants` are accepted rows with their `pack`, of the packs that count, and `others` the
    rows (`COMPARED`) of the returns that count of the other areas. A number is shared when its
    rows are not all the same person; a row without a person is a different person from all others.
    """
    held = pl.concat(
        [participants.select("pack", "row_number", *COMPARED), others.select(COMPARED)],
        how="diagonal",
    )
    areas = pl.col("delivery_area_code").n_unique()
    people = pl.col("person_id").n_unique().over("number_id")
    marked = held.with_columns(
        nino_is_shared_elsewhere=pl.col("number_id").is_not_null()
        & (areas.over("number_id") > 1)
        & ((people > 1) | pl.col("person_id").is_null()),
        is_elsewhere=pl.col("person_id").is_not_null() & (areas.over("person_id") > 1),
    )
    return _found(marked.filter(pl.col("pack").is_not_null()), declared, ELSEWHERE)


def _found(rows: pl.DataFrame, declared: Return, doubts: dict[str, str]) -> pl.DataFrame:
    found = [
        rows.filter(doubt).select("pack", "row_number", *findings.named(declared, rule))
        for doubt, rule in doubts.items()
    ]
    return findings.combine(found)

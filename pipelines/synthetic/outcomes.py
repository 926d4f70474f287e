"""Compare what the product made of difficulties with what it must make of them, case by case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

import reference
from pipelines.returns import day_of, days_late
from pipelines.synthetic.difficulties import DIFFICULTIES, CaseMeasure
from pipelines.synthetic.faults import TruthKind

CASE = ["difficulty", "case_no"]
COLUMNS = (*CASE, "measure", "pack", "line", "expected", "found")


@dataclass(frozen=True)
class Outcomes:
    """What became of the difficulties of a synthetic world.

    `by_difficulty` has one row per difficulty that was asked for: how many cases were `asked`,
    how many `happened` and of how many of these the product made what it must (`right`). `wrong`
    has one row per case, or pack of one, of which it did not: `COLUMNS`, with `found` null where
    a row or a pack of it was not accepted.
    """

    by_difficulty: pl.DataFrame
    wrong: pl.DataFrame

    @property
    def is_perfect(self) -> bool:
        """Whether the product made of every case what it must."""
        return self.wrong.is_empty()


@dataclass(frozen=True)
class Product:
    """What the product made of packs: frames with the columns that they have in landing."""

    submissions: pl.DataFrame
    participants: pl.DataFrame

    def with_packs(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Add to rows of the truth the submission that their pack became, null where none did.

        One row per row given.
        """
        listed = self.submissions.select(
            "sha256", "submission_id", "period_id", "received_at", "is_current"
        ).unique("sha256", keep="first", maintain_order=True)
        return rows.join(listed, on="sha256", how="left", maintain_order="left")

    def with_people(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Add the accepted row that stands on each line, of the packs that count.

        One row per row given.
        """
        accepted = self.participants.select(
            "submission_id",
            "residence_la_code",
            line="row_number",
            person=pl.coalesce("person_id", "episode_id"),
        )
        counting = self.with_packs(rows).with_columns(
            submission_id=pl.when("is_current").then("submission_id")
        )
        return counting.join(
            accepted, on=["submission_id", "line"], how="left", maintain_order="left"
        )


def outcomes(
    submissions: pl.DataFrame, participants: pl.DataFrame, truth: pl.DataFrame
) -> Outcomes:
    """Measure what became of each case in the truth (as `read_truth` gives it)."""
    happened = truth.filter(kind=TruthKind.HAPPENED.value).rename({"fault": "difficulty"})
    product = Product(submissions, participants)
    measured = pl.concat(
        [
            measure(happened.filter(measure=name.value), product).select(
                *COLUMNS[:-1], pl.col("found").cast(pl.Int64)
            )
            for name, measure in MEASURES.items()
        ]
    ).sort("difficulty", "case_no", "pack", "line")
    wrong = measured.filter(~pl.col("found").eq_missing(pl.col("expected")))
    return Outcomes(_by_difficulty(measured, wrong, truth), wrong)


def _by_difficulty(
    measured: pl.DataFrame, wrong: pl.DataFrame, truth: pl.DataFrame
) -> pl.DataFrame:
    asked = truth.filter(kind=TruthKind.ASKED.value)
    table = asked.select(difficulty="fault", asked="expected")
    for name, rows in (("happened", measured), ("wrong", wrong)):
        cases = rows.group_by("difficulty").agg(pl.col("case_no").n_unique().alias(name))
        table = table.join(cases, on="difficulty", how="left")
    order = pl.Enum(list(DIFFICULTIES))
    return (
        table.with_columns(pl.col("happened", "wrong").fill_null(0).cast(pl.Int64))
        .sort(pl.col("difficulty").cast(order))
        .select("difficulty", "asked", "happened", right=pl.col("happened") - pl.col("wrong"))
    )


def _starts(rows: pl.DataFrame, product: Product) -> pl.DataFrame:
    """As how many people the accepted rows of each case count; one row per case."""
    people = pl.col("person")
    return (
        product.with_people(rows)
        .group_by(CASE, maintain_order=True)
        .agg(
            pl.col("measure", "pack", "line", "expected").first(),
            found=pl.when(people.is_not_null().all()).then(people.n_unique()),
        )
    )


def _current_codes(rows: pl.DataFrame, product: Product) -> pl.DataFrame:
    current = reference.local_authorities()["la_code"].to_list()
    return product.with_people(rows).with_columns(found=pl.col("residence_la_code").is_in(current))


def _rows(rows: pl.DataFrame, product: Product) -> pl.DataFrame:
    sizes = product.participants.group_by("submission_id").agg(accepted=pl.len())
    return (
        product.with_packs(rows)
        .join(sizes, on="submission_id", how="left", maintain_order="left")
        .with_columns(found=pl.when("is_current").then(pl.col("accepted").fill_null(0)))
    )


def _days_late(rows: pl.DataFrame, product: Product) -> pl.DataFrame:
    packs = product.with_packs(rows)
    late = [
        None if at is None else days_late(period, day_of(at))
        for period, at in packs.select("period_id", "received_at").rows()
    ]
    return packs.with_columns(found=pl.Series(late, dtype=pl.Int64))


def _submissions(rows: pl.DataFrame, product: Product) -> pl.DataFrame:
    """Count the submissions of the area and quarter that each pack is named for."""
    key = ["delivery_area_code", "period_id"]
    parts = pl.col("pack").str.split("_")
    counts = product.submissions.group_by(key).agg(found=pl.len())
    return (
        rows.with_columns(parts.list.get(at).alias(name) for at, name in enumerate(key))
        .join(counts, on=key, how="left", maintain_order="left")
        .with_columns(pl.col("found").fill_null(0))
    )


def _counts(rows: pl.DataFrame, product: Product) -> pl.DataFrame:
    return product.with_packs(rows).with_columns(found="is_current")


MEASURES: Mapping[CaseMeasure, Callable[[pl.DataFrame, Product], pl.DataFrame]] = {
    CaseMeasure.STARTS: _starts,
    CaseMeasure.CURRENT_CODES: _current_codes,
    CaseMeasure.ROWS: _rows,
    CaseMeasure.DAYS_LATE: _days_late,
    CaseMeasure.SUBMISSIONS: _submissions,
    CaseMeasure.COUNTS: _counts,
}

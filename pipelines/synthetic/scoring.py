"""Compare what was found in synthetic packs with what was planted: precision and recall by rule."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pipelines.synthetic.faults import TruthKind
from schemas.returns import catalogue

_PLACE = ["sha256", "rule_id"]


@dataclass(frozen=True)
class Score:
    """How well planted faults were found.

    `by_rule` has one row per rule that was planted or found: how often it was `planted`, how many
    of these were `found`, how many findings were `unexpected`; `recall_percent` and
    `precision_percent` are null where nothing was planted or nothing found. `missed` are planted
    faults that were not found, `unexpected` findings that neither were planted nor follow from what
    was, with `is_clean` where nothing wrong was planted in the pack. `not_received` are packs of
    the truth that were never judged.
    """

    by_rule: pl.DataFrame
    missed: pl.DataFrame
    unexpected: pl.DataFrame
    clean_packs: int
    not_received: tuple[str, ...]

    @property
    def is_perfect(self) -> bool:
        """Whether all that was planted was found, and nothing in packs without a fault."""
        nothing_lost = self.missed.is_empty() and not self.not_received
        return nothing_lost and not self.unexpected["is_clean"].any()


def score(submissions: pl.DataFrame, findings: pl.DataFrame, truth: pl.DataFrame) -> Score:
    """Compare findings with the truth (as `read_truth` gives it), pack by pack.

    A pack is known by the hash of its receipt, so findings on packs that are not of the truth are
    left out. A planted fault without a line is found when its rule is found in the pack at all.
    """
    hashes = submissions.select("submission_id", "sha256").unique()
    found = findings.join(hashes, on="submission_id").join(
        truth.select("sha256").unique(), on="sha256", how="semi"
    )
    planted = truth.filter(kind=TruthKind.PLANTED.value)
    follows = truth.filter(kind=TruthKind.FOLLOWS.value)
    missed = _without(planted, found, "line", "row_number")
    extra = _without(found, pl.concat([planted, follows]), "row_number", "line")
    clean = truth.filter(kind=TruthKind.CLEAN.value)["sha256"].unique()
    unexpected = extra.with_columns(is_clean=pl.col("sha256").is_in(clean.to_list()))
    sent = truth.filter(pl.col("sha256").is_not_null())
    lost = sent.join(hashes, on="sha256", how="anti")["pack"].unique().sort()
    right = _without(found, extra, "row_number", "row_number")
    return Score(
        _by_rule(planted, missed, right, follows, unexpected),
        missed,
        unexpected.join(truth.select("sha256", "pack").unique("sha256"), on="sha256", how="left"),
        int(clean.is_in(hashes["sha256"].implode()).sum()),
        tuple(lost),
    )


def _without(rows: pl.DataFrame, others: pl.DataFrame, line: str, other: str) -> pl.DataFrame:
    """Return rows of which no other has the pack, the rule and the line; no line stands for any."""
    anywhere = others.filter(pl.col(other).is_null()) if line == "row_number" else others
    alone = rows.filter(pl.col(line).is_null()) if line == "line" else rows
    placed = rows.filter(pl.col(line).is_not_null()) if line == "line" else None
    if placed is None:
        left = alone.join(anywhere, on=_PLACE, how="anti")
        return left.join(others, left_on=[*_PLACE, line], right_on=[*_PLACE, other], how="anti")
    return pl.concat(
        [
            alone.join(others, on=_PLACE, how="anti"),
            placed.join(others, left_on=[*_PLACE, line], right_on=[*_PLACE, other], how="anti"),
        ]
    )


def _by_rule(
    planted: pl.DataFrame,
    missed: pl.DataFrame,
    right: pl.DataFrame,
    follows: pl.DataFrame,
    unexpected: pl.DataFrame,
) -> pl.DataFrame:
    frames = {"planted": planted, "missed": missed, "unexpected": unexpected}
    rule_ids = catalogue().select("rule_id", "severity")
    for name, frame in frames.items():
        counts = frame.group_by("rule_id").agg(pl.len().cast(pl.Int64).alias(name))
        rule_ids = rule_ids.join(counts, on="rule_id", how="left", maintain_order="left")
    counted = rule_ids.with_columns(pl.col(*frames).fill_null(0)).with_columns(
        found=pl.col("planted") - pl.col("missed")
    )
    ratio = pl.col("found") + pl.col("unexpected")
    return counted.filter((pl.col("planted") > 0) | (pl.col("unexpected") > 0)).select(
        "rule_id",
        "severity",
        "planted",
        "found",
        "unexpected",
        recall_percent=_percent(pl.col("found"), pl.col("planted")),
        precision_percent=_percent(pl.col("found"), ratio),
    )


def _percent(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    return pl.when(whole > 0).then((part / whole * 100).round(1))

"""Findings while a batch is judged: which rule was broken where, by the number of the pack."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from pipelines.returns.errors import Fault
from schemas.returns import Pack, Return, Severity, catalogue, rule_id, rules

# `pack` is the position of the pack in the run; row_number is null for a whole file, and `found`
# where there is no more to say than the rule's message.
SCHEMA = pl.Schema(
    {
        "pack": pl.Int64,
        "file": pl.String,
        "row_number": pl.Int64,
        "rule_id": pl.String,
        "found": pl.String,
    }
)


def of_rows(rows: pl.DataFrame, declared: Return, broken: Mapping[str, pl.Series]) -> pl.DataFrame:
    """One row per row of a return and rule that it breaks."""
    return together(
        rows.filter(where).select("pack", "row_number", *named(declared, rule))
        for rule, where in broken.items()
    )


def named(declared: Return, rule: str) -> tuple[pl.Expr, pl.Expr]:
    """Return the columns `file` and `rule_id` of findings on the rows of a return."""
    return (
        pl.lit(file_name(declared.name)).alias("file"),
        pl.lit(f"{declared.name}.{rule}").alias("rule_id"),
    )


def together(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Put findings together; a frame may lack columns that it does not fill."""
    return pl.concat([SCHEMA.to_frame(), *frames], how="diagonal")


def of_pack(pack: int, faults: Iterable[Fault]) -> pl.DataFrame:
    """One row per pack rule that a pack breaks."""
    listed = [(pack, f.file, None, f"pack.{f.rule}", f.found or None) for f in faults]
    return pl.DataFrame(listed, schema=SCHEMA, orient="row")


def of_lines(pack: int, file: str, lines: Mapping[int, str]) -> pl.DataFrame:
    """One row per line of a file that holds no readable row; `lines` says what was found there."""
    listed = [(pack, file, at, "pack.row_can_be_read", found) for at, found in lines.items()]
    return pl.DataFrame(listed, schema=SCHEMA, orient="row")


def file_name(declared: str) -> str:
    """Return the file an area finds the rows of a return in."""
    is_csv = declared in {"participants", "events", "aggregate"}
    return f"{declared}.csv" if is_csv else "manifest.json"


def rejecting(declared: Return) -> frozenset[str]:
    """Return the ids, within the return, of the rules that cost a row its place."""
    costly = (Severity.REJECT_ROW, Severity.REJECT_FILE)
    return frozenset(rule.id for rule in rules(declared) if rule.severity in costly)


def quarantined(findings: pl.DataFrame, pack: Pack) -> pl.DataFrame:
    """One row per row that was not kept: pack, file, row_number, rule_ids."""
    costly = [rule_id("pack", r) for r in pack.rules if r.severity is Severity.REJECT_ROW]
    for declared in pack.returns:
        costly += [f"{declared.name}.{rule}" for rule in rejecting(declared)]
    return (
        findings.filter(pl.col("row_number").is_not_null() & pl.col("rule_id").is_in(costly))
        .group_by("pack", "file", "row_number")
        .agg(rule_ids=pl.col("rule_id").unique().sort().str.join(";"))
        .sort("pack", "file", "row_number")
    )


def explained(findings: pl.DataFrame, pack: Pack) -> pl.DataFrame:
    """Add what the catalogue says of each rule; the message ends with what was found here."""
    words = catalogue(pack).drop("file")
    found = pl.when(pl.col("found").is_null()).then(pl.lit("")).otherwise(" " + pl.col("found"))
    return findings.join(words, on="rule_id", how="left", maintain_order="left").with_columns(
        message=pl.col("message") + found
    )

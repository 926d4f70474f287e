"""Findings while a batch is judged: which rule was broken where, by the number of the pack."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from schemas.returns import Pack, Return, Severity, catalogue, rule_id, rules

# `pack` is the position of the pack in the run; row_number is null for a whole file.
SCHEMA = pl.Schema(
    {"pack": pl.Int64, "file": pl.String, "row_number": pl.Int64, "rule_id": pl.String}
)


def of_rows(rows: pl.DataFrame, declared: Return, broken: Mapping[str, pl.Series]) -> pl.DataFrame:
    """One row per row of a return and rule that it breaks."""
    found = [
        rows.filter(where).select(
            "pack",
            pl.lit(file_name(declared.name)).alias("file"),
            "row_number",
            pl.lit(f"{declared.name}.{rule}").alias("rule_id"),
        )
        for rule, where in broken.items()
    ]
    return pl.concat([SCHEMA.to_frame(), *found])


def of_pack(pack: int, faults: Iterable[tuple[str, str]]) -> pl.DataFrame:
    """One row per pack rule that a pack breaks; a fault is the rule's id and the file."""
    listed = [(pack, file, None, f"pack.{rule}") for rule, file in faults]
    return pl.DataFrame(listed, schema=SCHEMA, orient="row")


def of_lines(pack: int, file: str, lines: Iterable[int]) -> pl.DataFrame:
    """One row per line of a file that holds no readable row."""
    listed = [(pack, file, line, "pack.row_can_be_read") for line in lines]
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
    """Add what the catalogue says of each rule."""
    words = catalogue(pack).drop("file")
    return findings.join(words, on="rule_id", how="left", maintain_order="left")

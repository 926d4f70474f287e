"""Findings while a batch is judged: which rule was broken where, by the number of the pack."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import polars as pl

from pipelines.returns.errors import Fault
from schemas.returns import Pack, Return, Severity, catalogue, rule_id, rules

# `pack` is the position of the pack in the run; row_number is null for a whole file, and `found`
# where there is no more to say than the rule's message. `rows_in_file` counts the rows of the file.
SCHEMA = pl.Schema(
    {
        "pack": pl.Int64,
        "file": pl.String,
        "row_number": pl.Int64,
        "rule_id": pl.String,
        "found": pl.String,
        "rows_in_file": pl.Int64,
    }
)
# A rule that more rows of a file break than this gets one finding for all of them.
MOST_ROWS_APIECE = 1_000
# One that costs every row of a file its place is one cause: it gets one finding as well.
LEAST_ROWS = 5
LINES_SHOWN = 10


def of_rows(
    rows: pl.DataFrame,
    declared: Return,
    broken: Mapping[str, pl.Series],
    crowded: Collection[int] = (),
) -> pl.DataFrame:
    """One row per row of a return and rule that it breaks, or per rule that very many rows break.

    Rules that cost rows their place keep a finding on each, from which the quarantine is made, but
    for the packs that are `crowded`.
    """
    costly = rejecting(declared)
    return combine(
        _bounded(
            rows.filter(where).select(
                "pack", "row_number", *named(declared, rule), _found(rule, declared)
            ),
            crowded if rule in costly else None,
        )
        for rule, where in broken.items()
    )


def crowded(
    rows: pl.DataFrame, declared: Return, broken: Mapping[str, pl.Series], most: int
) -> frozenset[int]:
    """Return the packs whose rows break rules that cost them their place more than `most` times."""
    costly = {rule: where for rule, where in broken.items() if rule in rejecting(declared)}
    if not costly:
        return frozenset()
    times = rows.select("pack").hstack(pl.DataFrame(costly)).group_by("pack").sum()
    total = pl.sum_horizontal(pl.exclude("pack").cast(pl.Int64))
    return frozenset(times.filter(total > most)["pack"])


def _bounded(found: pl.DataFrame, packs: Collection[int] | None) -> pl.DataFrame:
    """Put the findings of one rule on very many rows of a pack into one; `packs` None is all."""
    is_of = pl.lit(value=True) if packs is None else pl.col("pack").is_in(list(packs))
    is_many = is_of & (pl.len().over("pack") > MOST_ROWS_APIECE)
    many = found.filter(is_many)
    if many.is_empty():
        return found
    return combine(
        [found.filter(~is_many), _in_one(many.with_columns(is_whole=pl.lit(value=False)))]
    )


def _found(rule_: str, declared: Return) -> pl.Expr:
    """Return what a rule says of each row that breaks it; null where its message says it all."""
    found = next((rule.found for rule in rules(declared) if rule.id == rule_), None)
    return (pl.lit(None, pl.String) if found is None else found).alias("found")


def named(declared: Return, rule: str) -> tuple[pl.Expr, pl.Expr]:
    """Return the columns `file` and `rule_id` of findings on the rows of a return."""
    return (
        pl.lit(file_name(declared.name)).alias("file"),
        pl.lit(f"{declared.name}.{rule}").alias("rule_id"),
    )


def combine(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Put findings together; a frame may lack columns that it does not fill.

    One row per finding.
    """
    return pl.concat([SCHEMA.to_frame(), *frames], how="diagonal")


def of_pack(pack: int, faults: Iterable[Fault]) -> pl.DataFrame:
    """One row per pack rule that a pack breaks."""
    listed = [(pack, f.file, None, f"pack.{f.rule}", f.found or None, None) for f in faults]
    return pl.DataFrame(listed, schema=SCHEMA, orient="row")


def of_lines(pack: int, file: str, lines: Mapping[int, str], rows: int) -> pl.DataFrame:
    """One row per line of a file that holds no readable row; `lines` says what was found there.

    `rows` counts the rows of the file.
    """
    rule = "pack.row_can_be_read"
    listed = [(pack, file, at, rule, found, rows) for at, found in lines.items()]
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
    """Add what the catalogue says of each rule; the message ends with what was found here.

    One row per finding. One cause for a whole file is one finding, and so is a rule that very many
    rows break.
    """
    words = catalogue(pack).drop("file")
    found = pl.when(pl.col("found").is_null()).then(pl.lit("")).otherwise(" " + pl.col("found"))
    return (
        _gathered(findings, words)
        .join(words, on="rule_id", how="left", maintain_order="left")
        .with_columns(message=pl.col("message") + found)
    )


def _gathered(findings: pl.DataFrame, words: pl.DataFrame) -> pl.DataFrame:
    """Put the findings of one rule on a whole file, or on very many rows, into one."""
    cause = ["pack", "file", "rule_id"]
    costly = words.filter(pl.col("severity") == Severity.REJECT_ROW.value)["rule_id"].implode()
    count = pl.len().over(cause)
    is_whole = (
        (count == pl.col("rows_in_file")) & (count >= LEAST_ROWS) & pl.col("rule_id").is_in(costly)
    ).fill_null(value=False)
    on_rows = findings.filter(pl.col("row_number").is_not_null()).with_columns(is_whole=is_whole)
    many = on_rows.filter(pl.col("is_whole") | (count > MOST_ROWS_APIECE))
    if many.is_empty():
        return findings
    others = findings.join(
        many.select(*cause, "row_number"), on=[*cause, "row_number"], how="anti", nulls_equal=True
    )
    return combine([others, _in_one(many)])


def _in_one(many: pl.DataFrame) -> pl.DataFrame:
    """One finding per pack, file and rule: on how many rows it is so, and on which first.

    `is_whole` says whether these are all rows of the file.
    """
    cause = ["pack", "file", "rule_id"]
    return (
        many.sort("row_number")
        .group_by(cause, maintain_order=True)
        .agg(
            pl.len().alias("count"),
            pl.col("is_whole").first(),
            pl.col("found").first(),
            (pl.col("found").n_unique() > 1).alias("differs"),
            pl.col("row_number").head(LINES_SHOWN).cast(pl.String).str.join(", ").alias("lines"),
        )
        .select(*cause, pl.lit(None, pl.Int64).alias("row_number"), _in_words().alias("found"))
    )


def _in_words() -> pl.Expr:
    """Say on how many rows a rule is broken, after what was found on all of them."""
    said = (
        pl.when(pl.col("found").is_null() | pl.col("differs"))
        .then(pl.lit(""))
        .otherwise(pl.col("found") + " ")
    )
    whole = pl.format("It is so on all {} rows of the file.", "count")
    some = pl.format("It is so on {} rows; the first are {}.", "count", "lines")
    return said + pl.when("is_whole").then(whole).otherwise(some)

"""The findings of a pack by rule: how many, where first, what to do, and what causes what."""

from __future__ import annotations

import re
from collections.abc import Collection

import polars as pl

from pipelines.returns.judging.swapped import NAMED
from pipelines.returns.readers.workbook import CALLED
from schemas.returns import PACK, Pack, Rule, Severity, catalogue, rule_id, rules
from schemas.returns.context import OF_RECORDS

ROWS_SHOWN = 10
COSTS = [Severity.REJECT_FILE.value, Severity.REJECT_ROW.value, Severity.QUERY.value]
ORDER = {severity: at for at, severity in enumerate((*COSTS, Severity.NOTE.value))}
# A rule of the pack, or on a look-up, that is broken because of rows that other rules left out, and
# the files of these rows.
_FOLLOWS = {
    "events.episode_was_accepted": ("participants.csv",),
    "pack.enough_rows_are_accepted": ("participants.csv",),
    "pack.participants_stay": ("participants.csv",),
    "pack.figures_stay": ("aggregate.csv",),
    "pack.counts_to_date_do_not_fall": ("participants.csv", "events.csv"),
    "pack.manifest_is_complete": ("manifest.json",),
}
_SWAPPED = "pack.columns_are_in_their_places"
COLUMNS = {
    "rule_id": pl.String(),
    "file": pl.String(),
    "field": pl.String(),
    "severity": pl.String(),
    "count": pl.Int64(),
    "first_rows": pl.String(),
    "message": pl.String(),
    "fix": pl.String(),
    "follows_from": pl.String(),
}
# How the findings of one rule on very many rows are put into one (judging/findings.py).
_GATHERED = r"It is so on (?:all )?(\d+) rows"
_FIRST = r"It is so on \d+ rows; the first are ([\d, ]+)\."


def by_rule(findings: pl.DataFrame, pack: Pack = PACK) -> pl.DataFrame:
    """One row per rule and file with findings: `COLUMNS`; causes first, then what costs most.

    `count` is the number of rows, or of findings on the pack and its files. `first_rows` holds up
    to ten line numbers; it is blank for the file as a whole. `follows_from` names the rules whose
    rows can be the reason that this one is broken; blank for a cause.
    """
    words = catalogue(pack).select("rule_id", general="message")
    found = (
        findings.join(words, on="rule_id", how="left")
        .group_by("rule_id", "file")
        .agg(
            pl.col("field", "severity", "category", "fix").first(),
            count=_rows().sum(),
            first_rows=_first_rows(),
            message=_message(),
        )
        .with_columns(follows_from=_follows_from(findings, pack))
    )
    severity = pl.col("severity").replace_strict(ORDER, return_dtype=pl.Int64)
    cause_first = pl.col("follows_from") != ""
    return found.sort(
        cause_first, severity, "category", -pl.col("count"), "file", "rule_id"
    ).select(pl.col(name).cast(dtype) for name, dtype in COLUMNS.items())


def _rows() -> pl.Expr:
    """Return how many rows a finding is on; 1 for the pack or a file as a whole."""
    gathered = pl.col("message").str.extract(_GATHERED).cast(pl.Int64)
    return pl.when(pl.col("row_number").is_null()).then(gathered.fill_null(1)).otherwise(1)


def _first_rows() -> pl.Expr:
    """Return the first lines of a file that a rule is broken on, apart by commas."""
    lines = pl.col("row_number").drop_nulls().unique().sort().head(ROWS_SHOWN)
    gathered = pl.col("message").str.extract(_FIRST).drop_nulls().first()
    return (
        pl.when(pl.col("row_number").is_not_null().any())
        .then(lines.cast(pl.String).str.join(", "))
        .otherwise(gathered.fill_null(""))
    )


def _message() -> pl.Expr:
    """Return what was found when it is the same everywhere, else what the catalogue says."""
    message = pl.col("message")
    is_same = (message.n_unique() == 1) | pl.col("general").first().is_null()
    return pl.when(is_same).then(message.first()).otherwise(pl.col("general").first())


def follows(pack: Pack = PACK) -> dict[str, tuple[str, ...]]:
    """Return, by rule, the files whose faulty rows can be why it is broken.

    Rules on figures of the aggregate file follow by the counts of records that they read.
    """
    counted = {
        rule_id(pack.aggregate.name, rule): tuple(f"{name}.csv" for name in sorted(read))
        for rule in rules(pack.aggregate)
        if (read := {name for column in _read(rule) for name in OF_RECORDS.get(column, ())})
    }
    return _FOLLOWS | counted


def _read(rule: Rule) -> list[str]:
    return [] if rule.holds is None else rule.holds.meta.root_names()


def _follows_from(findings: pl.DataFrame, pack: Pack) -> pl.Expr:
    """Return the rules that a rule can follow from, apart by commas; blank for a cause."""
    by_file = follows(pack)
    broken = by_file.keys() & set(findings["rule_id"])
    later = {rule: _causes(findings, by_file[rule], by_file) for rule in sorted(broken)}
    causes = {rule: ", ".join(found) for rule, found in later.items()}
    swapped = _rules_of_swapped(findings, pack)
    by_rule = pl.col("rule_id").replace_strict(causes, default="", return_dtype=pl.String)
    return pl.when(pl.col("rule_id").is_in(swapped)).then(pl.lit(_SWAPPED)).otherwise(by_rule)


def _rules_of_swapped(findings: pl.DataFrame, pack: Pack) -> list[str]:
    """List the rules that read a column which looks swapped."""
    said = findings.filter(pl.col("rule_id") == _SWAPPED).select("file", "message").rows()
    if not said:
        return []
    found = []
    for declared in pack.files:
        files = (declared.file, CALLED[declared.file])
        words = " ".join(message for file, message in said if file in files)
        names = {name for pair in re.findall(NAMED, words) for name in pair}
        found += [
            rule_id(declared.name, rule)
            for rule in rules(declared)
            if names & {rule.field, *_read(rule)}
        ]
    return found


def _causes(findings: pl.DataFrame, files: Collection[str], later: Collection[str]) -> list[str]:
    """List the rules that cost rows of these files their place or a value, causes alone."""
    sheets = [CALLED[file] for file in files]
    is_costly = pl.col("severity") == Severity.REJECT_ROW.value
    costly = findings.filter(
        pl.col("file").is_in([*files, *sheets])
        & (is_costly | pl.col("rule_id").str.ends_with(".is_valid"))
        & ~pl.col("rule_id").is_in(list(later))
    )
    return sorted(costly["rule_id"].unique())

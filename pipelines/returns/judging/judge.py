"""Judge the rows of a batch of packs: casts, field rules, row rules, case rules, section rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from pipelines.returns import validation
from pipelines.returns.judging import context, findings, totals
from schemas.returns import Pack, Return, Severity, rules
from schemas.returns.declaration import MOST_FINDINGS


@dataclass(frozen=True)
class TypedRows:
    """Typed rows of one return with `pack`, `row_number`, context columns and `is_accepted`.

    `invalid` says by field which rows hold no valid value in it, and `crowded` which packs have
    more findings than are listed one by one.
    """

    rows: pl.DataFrame
    findings: pl.DataFrame
    invalid: Mapping[str, pl.Series]
    crowded: frozenset[int] = frozenset()

    @property
    def accepted(self) -> pl.DataFrame:
        """The rows that are kept.

        One row per accepted row of a file.
        """
        return self.rows.filter("is_accepted")


@dataclass(frozen=True)
class Batch:
    """What came of one batch, by the name of the return."""

    judged: Mapping[str, TypedRows]

    @property
    def findings(self) -> pl.DataFrame:
        """All findings of the batch.

        One row per finding.
        """
        return pl.concat([rows.findings for rows in self.judged.values()])


def judge_rows(
    text: pl.DataFrame,
    declared: Return,
    add_context: Callable[[pl.DataFrame], pl.DataFrame] = lambda rows: rows,
    most: int = MOST_FINDINGS,
) -> TypedRows:
    """Judge text rows with the columns `pack` and `row_number` by all rules of their return.

    `most` findings on rows that lose their place are listed one by one for each pack.
    """
    values, failed = validation.cast(text, declared)
    rows = add_context(values)
    wrong = validation.broken(rows, declared) if rows.height else {}
    for name, where in failed.items():
        # A value of another form is wrong, not missing.
        wrong[f"{name}.is_valid"] = wrong.get(f"{name}.is_valid", where) | where
        if f"{name}.is_given" in wrong:
            wrong[f"{name}.is_given"] = wrong[f"{name}.is_given"] & ~where
    wrong = _one_finding_a_cell(wrong, declared)
    costly = findings.rejecting(declared)
    refused = pl.repeat(False, rows.height, dtype=pl.Boolean, eager=True)
    for name, where in wrong.items():
        if name in costly:
            refused = refused | where
    kept = _without_wrong_cells(rows, declared, wrong).with_columns((~refused).alias("is_accepted"))
    invalid = {
        name: wrong[f"{name}.is_valid"] for name in declared.names if f"{name}.is_valid" in wrong
    }
    crowded = findings.crowded(rows, declared, wrong, most)
    return TypedRows(kept, findings.of_rows(rows, declared, wrong, crowded), invalid, crowded)


def _one_finding_a_cell(wrong: Mapping[str, pl.Series], declared: Return) -> dict[str, pl.Series]:
    """Leave out findings that rest on a cell which is no valid value: that is the one finding.

    A rule is not judged on a row where a field that it reads is wrong in itself. Scans for
    personal data are: the area has to hear of it whatever else is wrong with the cell.
    """
    invalid = {name: wrong.get(f"{name}.is_valid") for name in declared.names}
    kept = {}
    for rule in rules(declared):
        where = wrong.get(rule.id)
        if where is None:
            continue
        of_cell = rule.id.startswith(f"{rule.field}.") and not rule.id.endswith(".is_given")
        if not of_cell and rule.holds is not None:
            for name in rule.holds.meta.root_names():
                cells = invalid.get(name)
                where = where if cells is None else where & ~cells
        if where.any():
            kept[rule.id] = where
    return kept


def _without_wrong_cells(
    rows: pl.DataFrame, declared: Return, wrong: Mapping[str, pl.Series]
) -> pl.DataFrame:
    """Blank the values that are wrong but do not cost the row, so that they are not used."""
    blanked = [
        pl.when(~wrong[rule.id]).then(pl.col(rule.field)).alias(rule.field)
        for rule in rules(declared)
        if rule.id in wrong
        and rule.severity is Severity.QUERY
        and rule.id == f"{rule.field}.is_valid"
    ]
    return rows.with_columns(blanked)


def judge_batch(
    texts: Mapping[str, pl.DataFrame], packs: pl.DataFrame, organisations: pl.DataFrame, pack: Pack
) -> Batch:
    """Judge the CSV files of a batch.

    `texts` holds the text rows by the name of the return, `packs` one row per pack (pack,
    delivery_area_code, period_end, area_opened_on), `organisations` the listed organisations.
    """
    participants = judge_rows(
        texts["participants"],
        pack.participants,
        lambda rows: context.of_participants(rows, packs, organisations),
        pack.most_findings,
    )
    events = judge_rows(
        texts["events"],
        pack.events,
        lambda rows: context.of_events(rows, participants.rows, packs),
        pack.most_findings,
    )
    unread = pl.concat([totals.unread(one.rows, one.invalid) for one in (participants, events)])
    aggregate = judge_rows(
        texts["aggregate"],
        pack.aggregate,
        lambda rows: totals.of_aggregate(
            rows, participants.rows, events.rows, packs, organisations, unread
        ),
        pack.most_findings,
    )
    return Batch({"participants": participants, "events": events, "aggregate": aggregate})

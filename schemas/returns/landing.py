"""Columns of what leaves the returns room: names, types and comments, from the declarations."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from schemas.returns.declaration import Pack, Return
from schemas.returns.pack import PACK
from schemas.returns.statuses import STATUSES

TEXT, WHOLE = pl.String(), pl.Int64()
MOMENT = pl.Datetime("us", "UTC")
_SQL = {
    TEXT: "VARCHAR",
    WHOLE: "BIGINT",
    MOMENT: "TIMESTAMP WITH TIME ZONE",
    pl.Boolean(): "BOOLEAN",
}


@dataclass(frozen=True)
class LandedColumn:
    """One column of a landing table."""

    name: str
    dtype: pl.DataType
    sql_type: str
    comment: str


def _column(name: str, dtype: pl.DataType, comment: str) -> LandedColumn:
    return LandedColumn(name, dtype, _SQL[dtype], comment)


SUBMISSION_ID = _column("submission_id", TEXT, "The submission: one pack received once")
AREA = _column("delivery_area_code", TEXT, "The delivery area of the pack; null when unknown")
PROVENANCE = (
    SUBMISSION_ID,
    AREA,
    _column("period_id", TEXT, "The quarter of the pack, such as 2026-27Q2"),
    _column("submission_sequence", WHOLE, "1 for the first pack of the quarter, then 2, 3"),
    _column("row_number", WHOLE, "Line of the file, the header being line 1"),
)
SUBMISSIONS = (
    SUBMISSION_ID,
    _column("pack_name", TEXT, "Name of the folder or file, without its suffix"),
    AREA,
    _column("period_id", TEXT, "The quarter of the pack, from the manifest or else the name"),
    _column("submission_sequence", WHOLE, "1 for the first pack of the quarter, then 2, 3"),
    _column("template_version", TEXT, "Version of the template the manifest names"),
    _column("sha256", TEXT, "Hash of the names and contents of the files of the pack"),
    _column("received_at", MOMENT, "When the pack arrived in the drop folder"),
    _column("prepared_at", MOMENT, "When the area made the pack"),
    _column("status", TEXT, "One of: " + ", ".join(STATUSES)),
    _column("is_current", pl.Boolean(), "The latest accepted pack of its area and quarter"),
    _column("rows_received", WHOLE, "Rows of the three returns in the pack"),
    _column("rows_accepted", WHOLE, "Rows that were kept"),
    _column("rows_rejected", WHOLE, "Rows in quarantine, or all rows of a rejected pack"),
    _column("queries", WHOLE, "Findings that the area has to answer"),
    _column("synthetic", pl.Boolean(), "The pack holds made-up people"),
    _column(
        "compared_with", TEXT, "Earlier returns it was compared with; null when there were none"
    ),
    _column("nil_return", pl.Boolean(), "The area says that it has nothing to report"),
)
FINDINGS = (
    SUBMISSION_ID,
    AREA,
    _column("file", TEXT, "File or sheet of the pack, or pack"),
    _column("row_number", WHOLE, "Line of the file; null for the file as a whole"),
    _column("field", TEXT, "Field the finding is on; empty for the row or file"),
    _column("rule_id", TEXT, "Rule of the catalogue that was broken"),
    _column("category", WHOLE, "1 file, 2 value, 3 record, 4 case, 5 section, 6 history"),
    _column("severity", TEXT, "reject_file, reject_row, query or note"),
    _column("message", TEXT, "What was found and what was expected; no value of a participant"),
    _column("fix", TEXT, "What the area can do"),
)
QUARANTINE = (
    SUBMISSION_ID,
    _column("file", TEXT, "File or sheet of the pack"),
    _column("row_number", WHOLE, "Line of the file, the header being line 1"),
    _column("rule_ids", TEXT, "Rules that cost the row its place, apart by semicolons"),
)


def landing_columns(declared: Return) -> tuple[LandedColumn, ...]:
    """List the columns of a return after pseudonymisation: no identifier is among them."""
    pseudonyms = [_column(p.name, TEXT, p.description) for p in declared.pseudonyms]
    derived = [LandedColumn(d.name, d.dtype, d.sql_type, d.description) for d in declared.derived]
    kept = [
        LandedColumn(f.name, f.kind.dtype, f.kind.sql_type, f.description)
        for f in declared.fields
        if not f.stays
    ]
    return (*PROVENANCE, *pseudonyms, *derived, *kept)


def judged_columns(pack: Pack = PACK) -> dict[str, tuple[LandedColumn, ...]]:
    """List the columns of every frame of `Judged`, by the name of the frame."""
    landed = (pack.participants, pack.events, pack.aggregate, pack.organisations)
    return {
        "submissions": SUBMISSIONS,
        **{declared.name: landing_columns(declared) for declared in landed},
        "findings": FINDINGS,
        "quarantine": QUARANTINE,
    }


def polars_schema(columns: tuple[LandedColumn, ...]) -> pl.Schema:
    """Return the Polars schema of the columns."""
    return pl.Schema({column.name: column.dtype for column in columns})

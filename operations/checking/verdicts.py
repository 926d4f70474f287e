"""The verdict on a pack in a form that can be compared: what two ends must agree on."""

from __future__ import annotations

from typing import Any

import polars as pl

from operations.checking.packs import rules_across_areas
from pipelines.returns import Judged

COMPARED = (
    "pack_name", "delivery_area_code", "period_id", "submission_sequence", "sha256",
    "rows_received", "rows_accepted", "rows_rejected", "synthetic", "nil_return",
)  # fmt: skip
FINDING = ("file", "row_number", "field", "rule_id", "category", "severity", "message", "fix")


def verdict(judged: Judged, submission_id: str) -> dict[str, Any]:
    """Return what is compared of one pack: facts, status, findings, and rows that were left out.

    Rules across areas are left out: only a build can check them. `is_across` says whether they
    found something, in which case the status can rest on them and is None.
    """
    own = pl.col("submission_id") == submission_id
    row = judged.submissions.row(by_predicate=own, named=True)
    found = judged.findings.filter(own)
    across = pl.col("rule_id").is_in(rules_across_areas())
    is_across = not found.filter(across).is_empty()
    return {
        **{name: row[name] for name in COMPARED},
        "is_across": is_across,
        "status": None if is_across else row["status"],
        "findings": sorted(map(str, found.filter(~across).select(FINDING).rows())),
        "left_out": sorted(map(str, judged.quarantine.filter(own).drop("submission_id").rows())),
    }

"""What a check says: the quarter, where, what was observed and expected, and what to do."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Any, TypedDict

import dagster as dg
import polars as pl

from assets.links import desk_checks
from assets.metadata import preview
from assets.partitions import QUARTERLY
from assets.ways import forms_of, with_ways
from schemas.quarter import Quarter

# Checks with partitions are a preview in this Dagster, whose version the lock file holds. Its
# warning would stand on the screen of everybody who builds.
warnings.filterwarnings("ignore", category=dg.PreviewWarning, message=".*partitions_def")

NAMED_FINDINGS = 3
SHOWN = 200
TABLE = ("where", "observed", "expected")


class CheckArguments(TypedDict):
    """The arguments that every check has."""

    blocking: bool
    partitions_def: dg.PartitionsDefinition[str]


# Each blocks, as what comes next waits for it: a warning lets that go on.
CHECK = CheckArguments(blocking=True, partitions_def=QUARTERLY)


@dataclass(frozen=True)
class CheckFinding:
    """One thing that is not as it should be: an area, table or file, and how it differs."""

    where: str
    observed: str
    expected: str

    def __str__(self) -> str:
        return f"{self.where}: {self.observed}; expected: {self.expected}."


def verdict(
    quarter: Quarter,
    findings: Sequence[CheckFinding],
    todo: str,
    severity: dg.AssetCheckSeverity = dg.AssetCheckSeverity.ERROR,
    **facts: Any,
) -> dg.AssetCheckResult:
    """Return the result of a check, passed when there is no finding; `facts` are shown beside it.

    An underscore in the name of a fact is shown as a space. Dagster plots each number over time, so
    what never changes is given as text.
    """
    beside = {name.replace("_", " "): fact for name, fact in facts.items()}
    return dg.AssetCheckResult(
        passed=not findings,
        severity=severity,
        description=_description(quarter, findings, todo),
        metadata=shown(quarter, findings, todo) | beside,
    )


def shown(quarter: Quarter, findings: Sequence[CheckFinding], todo: str) -> dict[str, Any]:
    """Return the metadata of a result: quarter, desk, a table of the findings, and what to do."""
    words: dict[str, Any] = {
        "quarter": quarter.label,
        "findings": len(findings),
        **desk_checks(quarter),
    }
    if findings:
        rows = [astuple(finding) for finding in findings]
        words["found"] = preview(pl.DataFrame(rows, schema=TABLE, orient="row"), SHOWN)
        words["what to do"] = with_ways(todo)
        words |= forms_of(todo, quarter)
    return words


def _description(quarter: Quarter, findings: Sequence[CheckFinding], todo: str) -> str:
    if not findings:
        return f"{quarter.label}: as expected."
    more = f" And {len(findings) - NAMED_FINDINGS} more." if len(findings) > NAMED_FINDINGS else ""
    return (
        f"{quarter.label}: {' '.join(map(str, findings[:NAMED_FINDINGS]))}{more} {with_ways(todo)}"
    )

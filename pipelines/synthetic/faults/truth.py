"""The truth about planted faults: what was made wrong where, and which rule must find it.

It is a CSV file beside the folder of the packs, one row per planted fault, consequence of one, or
pack without a fault. Everything in it is made up, which its first column says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import polars as pl

from schemas.errors import SchemaError
from schemas.quarter import Quarter

SUFFIX = "-truth.csv"
COLUMNS = {
    "is_synthetic": pl.Boolean(),
    "quarter": pl.String(),
    "kind": pl.String(),
    "pack": pl.String(),
    "sha256": pl.String(),
    "file": pl.String(),
    "line": pl.Int64(),
    "rule_id": pl.String(),
    "fault": pl.String(),
}


class TruthKind(StrEnum):
    """What a row of the truth says.

    `planted`: the rule must be found there. `follows`: it may be found there, as a consequence.
    `clean`: nothing was planted in the pack, so nothing may be found but what `follows`.
    `not sent`: an area whose pack never came.
    """

    PLANTED = "planted"
    FOLLOWS = "follows"
    CLEAN = "clean"
    NOT_SENT = "not sent"


@dataclass(frozen=True)
class Planted:
    """One row of the truth; `line` is None where a rule is found on a pack or file as a whole.

    `pack` is the name under which the pack was dropped, and `sha256` the hash of its receipt.
    """

    kind: TruthKind
    fault: str
    pack: str
    sha256: str | None = None
    file: str | None = None
    line: int | None = None
    rule_id: str | None = None


class TruthError(SchemaError):
    """A file is not the truth of a synthetic world."""


def truth_of(folder: Path) -> Path:
    """Return where the truth of the packs in a folder stands: beside it, where no intake looks."""
    whole = folder.resolve()
    return whole.with_name(whole.name + SUFFIX)


def write_truth(planted: Iterable[Planted], quarter: Quarter, path: Path) -> None:
    """Write the truth about the packs of a quarter: the same faults always give the same bytes."""
    rows = [
        (True, quarter.id, p.kind.value, p.pack, p.sha256, p.file, p.line, p.rule_id, p.fault)
        for p in planted
    ]
    frame = pl.DataFrame(rows, schema=COLUMNS, orient="row").unique()
    by = ["pack", "kind", "file", "line", "rule_id", "fault", "sha256"]
    path.write_bytes(frame.sort(by, nulls_last=False).write_csv().encode())


def read_truth(path: Path) -> pl.DataFrame:
    """Read the truth, with the columns of `COLUMNS`. Raises `TruthError` for any other file."""
    if not path.is_file():
        raise TruthError(
            f"{path} is no file. Name the truth that ctw simulate --faults wrote beside its packs: "
            f"the name of their folder and {SUFFIX}."
        )
    try:
        frame = pl.read_csv(path, schema_overrides=COLUMNS)
    except (pl.exceptions.PolarsError, UnicodeDecodeError):
        frame = pl.DataFrame()
    if frame.schema != pl.Schema(COLUMNS):
        raise TruthError(
            f"{path} is not the truth of synthetic packs: the columns {', '.join(COLUMNS)} were "
            "expected. Name the file that ctw simulate --faults wrote."
        )
    kinds = {kind.value for kind in TruthKind}
    whole = frame.drop_nulls(["is_synthetic", "quarter", "kind", "pack"])
    if whole.height < frame.height or not set(frame["kind"]) <= kinds:
        raise TruthError(
            f"{path} is cut or altered: each row has a quarter, a pack and one of the kinds "
            f"{', '.join(sorted(kinds))}. Name the file as ctw simulate --faults wrote it."
        )
    if frame.is_empty():
        raise TruthError(
            f"{path} lists nothing, and a score of nothing would look perfect. Name the file as "
            "ctw simulate --faults wrote it, or make the packs again."
        )
    return frame

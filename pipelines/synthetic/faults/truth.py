"""The truth about planted faults: what was made wrong where, and which rule must find it.

It is a CSV file beside the folder of the packs, one row per planted fault, consequence of one,
pack without a fault, or row of a difficulty. Everything in it is made up, which its first column
says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
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
    "case_no": pl.Int64(),
    "measure": pl.String(),
    "expected": pl.Int64(),
}
OF_THE_WORLD = "as the made-up world is"
# What is true of the made-up world without a fault: numbers that come late, people over 66, areas
# that help many to keep their work, and the three areas that have one or two specialists for many.
TRUE_OF_THE_WORLD = (
    "participants.nino_is_given",
    "participants.is_66_or_under",
    "aggregate.retention_is_a_small_share_of_the_caseload",
    "aggregate.caseload_is_manageable",
    "aggregate.starts_are_within_staffing",
    "aggregate.specialists_named_are_in_post",
)


class TruthKind(StrEnum):
    """What a row of the truth says.

    `planted`: the rule must be found there. `follows`: it may be found there, as a consequence.
    `clean`: nothing wrong was planted in the pack, so nothing may be found but what is planted as
    right, or `follows`. `not sent`: an area whose pack never came. `happened`: a row or a pack of a
    case of a difficulty, and what the product must make of it. `asked`: how many cases of a
    difficulty were to be made.
    """

    PLANTED = "planted"
    FOLLOWS = "follows"
    CLEAN = "clean"
    NOT_SENT = "not sent"
    HAPPENED = "happened"
    ASKED = "asked"


@dataclass(frozen=True)
class Planted:
    """One row of the truth; `line` is None where a rule is found on a pack or file as a whole.

    `pack` is the name under which the pack was dropped, and `sha256` the hash of its receipt.
    Rows of one case of a difficulty have one `case_no`; `measure` and `expected` say what the
    product must make of it. `quarter` is that of the pack, None for the quarter of the truth.
    """

    kind: TruthKind
    fault: str
    pack: str | None
    sha256: str | None = None
    file: str | None = None
    line: int | None = None
    rule_id: str | None = None
    case_no: int | None = None
    measure: str | None = None
    expected: int | None = None
    quarter: str | None = None

    def row(self, quarter: str) -> tuple[object, ...]:
        """Return the cells of the row in the truth about a quarter."""
        place = (self.pack, self.sha256, self.file, self.line, self.rule_id, self.fault)
        case = (self.case_no, self.measure, self.expected)
        return (True, self.quarter or quarter, self.kind.value, *place, *case)


class TruthError(SchemaError):
    """A file is not the truth of a synthetic world."""


def truth_of(folder: Path) -> Path:
    """Return where the truth of the packs in a folder stands: beside it, where no intake looks."""
    whole = folder.resolve()
    return whole.with_name(whole.name + SUFFIX)


def write_truth(planted: Iterable[Planted], quarter: Quarter, path: Path) -> None:
    """Write the truth about the packs of a quarter: the same faults always give the same bytes."""
    rows = [one.row(quarter.id) for one in planted]
    frame = pl.DataFrame(rows, schema=COLUMNS, orient="row").unique()
    by = dict.fromkeys(("pack", "kind", "file", "line", "rule_id", "fault", *COLUMNS))
    path.write_bytes(frame.sort(list(by), nulls_last=False).write_csv().encode())


def with_world(listed: Iterable[Planted], path: Path, sha256: str) -> list[Planted]:
    """Return rows about a pack, with its name and hash, and what is true of the world in it."""
    named = [replace(one, pack=path.name, sha256=sha256) for one in listed]
    return named + [
        Planted(TruthKind.FOLLOWS, OF_THE_WORLD, path.name, sha256, rule_id=rule)
        for rule in TRUE_OF_THE_WORLD
    ]


def read_truth(path: Path) -> pl.DataFrame:
    """Read the truth, with the columns of `COLUMNS`. Raises `TruthError` for any other file.

    One row per place or pack of which something is true.
    """
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
    whole = frame.drop_nulls(["is_synthetic", "quarter", "kind"])
    if whole.height < frame.height or not set(frame["kind"]) <= kinds:
        raise TruthError(
            f"{path} is cut or altered: each row has a quarter and one of the kinds "
            f"{', '.join(sorted(kinds))}. Name the file as ctw simulate --faults wrote it."
        )
    if frame.is_empty():
        raise TruthError(
            f"{path} lists nothing, and a score of nothing would look perfect. Name the file as "
            "ctw simulate --faults wrote it, or make the packs again."
        )
    return frame

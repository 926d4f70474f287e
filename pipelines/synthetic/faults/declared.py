"""What a planted fault is: the rule that must find it, and how a row or a pack is made wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import polars as pl

from pipelines.synthetic.draft import Draft
from schemas.returns.aggregate import AGGREGATE

Cells = Mapping[str, str | None | pl.Expr]
_KEY = frozenset(AGGREGATE.key)
ANY_ROW = pl.lit(value=True)


class SendingWay(StrEnum):
    """How faults of rows are sent: many in one pack, each in a pack of its own, or as changes."""

    TOGETHER = "together"
    ALONE = "alone"
    CHANGED = "changed"


@dataclass(frozen=True)
class RowFault:
    """A fault of one row: which cells are changed, in a row that `where` allows, and the rule.

    Cells are text, null where blank; an expression is worked out on the row as it was. `adds` puts
    the changed row below the others and leaves the row itself alone; `drops` takes the row away.
    `borrows` names cells that are taken from another row, of another area's pack if `elsewhere`.
    The rule is found on the changed row, and with `on_both` on the other one too. With `beside` it
    is found on the first row that `beside` allows and that stands for the same day; `beside_cells`
    are changed there. `then` lists rules that may be broken as a consequence.
    """

    fault: str
    rule_id: str
    cells: Cells
    where: pl.Expr = field(default=ANY_ROW, compare=False)
    then: tuple[str, ...] = ()
    way: SendingWay = SendingWay.TOGETHER
    adds: bool = False
    drops: bool = False
    borrows: tuple[str, ...] = ()
    elsewhere: bool = False
    on_both: bool = False
    beside: pl.Expr | None = field(default=None, compare=False)
    beside_cells: Cells = field(default_factory=dict)

    @property
    def file(self) -> str:
        """The name of the return whose row is wrong."""
        return self.rule_id.partition(".")[0]

    @property
    def renames_figures(self) -> bool:
        """Whether it gives a figure another key than the right one has."""
        return self.file == AGGREGATE.name and bool({*self.cells, *self.beside_cells} & _KEY)


Make = Callable[[Draft, Path], Path]


@dataclass(frozen=True)
class PlantedPackFault:
    """A fault of a pack as a whole: how the pack is made, and the rules that must find it.

    `make` gets the pack with the number of its version, and the folder to write to; it returns what
    was written. It raises `NotPlantable` where the pack has nothing to make wrong. Without rules
    the pack has to be read without a finding. `is_last`: its rows differ from those of the version
    before, so no other version may follow.
    """

    fault: str
    rules: tuple[str, ...]
    make: Make
    then: tuple[str, ...] = ()
    is_last: bool = False


class NotPlantable(Exception):
    """A pack has no row that a fault could be planted in."""


def changed(rows: pl.DataFrame, at: int, cells: Cells) -> pl.DataFrame:
    """Return rows with other cells in one of them.

    One row per row given.
    """
    here = pl.int_range(pl.len()) == at
    return rows.with_columns(
        pl.when(here).then(value if isinstance(value, pl.Expr) else pl.lit(value, pl.String))
        .otherwise(pl.col(name))
        .alias(name)
        for name, value in cells.items()
    )  # fmt: skip


def read(data: bytes) -> pl.DataFrame:
    """Return the rows of a CSV file as text.

    One row per line below the header.
    """
    return pl.read_csv(data, infer_schema=False)


def written(rows: pl.DataFrame) -> bytes:
    """Return rows as a CSV file; columns that only helped to choose a row are left out."""
    return rows.select(n for n in rows.columns if not n.startswith("_")).write_csv().encode()

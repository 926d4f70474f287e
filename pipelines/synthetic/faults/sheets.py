"""The files of packs as rows to plant faults in, with what a fault has to know to choose a row."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np
import polars as pl

import reference
from pipelines.synthetic.draft import Draft
from pipelines.synthetic.faults.declared import Cells, changed, read, written
from schemas.quarter import Quarter

EPISODE = ("participant_ref", "episode_no")


@dataclass
class PackSheet:
    """One file of one pack: its rows as they were (`base`) and as they are now, and which are used.

    `planted` names the faults that are in it, and `faulty` says in how many rows.
    `base` has columns of its own, with names that begin with `_`, that help to choose a row.
    """

    base: pl.DataFrame
    rows: pl.DataFrame
    used: set[int] = field(default_factory=set)
    planted: set[str] = field(default_factory=set)
    faulty: int = 0

    @classmethod
    def of(cls, rows: pl.DataFrame, **helpers: pl.Expr) -> PackSheet:
        """Return a sheet of rows of which none is used."""
        return cls(rows.with_columns(**helpers), rows)

    def candidates(self, where: pl.Expr) -> list[int]:
        """Return the rows that `where` allows and that are not used, by their places."""
        rows = self.base.with_columns(_fits=where.fill_null(value=False))
        return [at for at in rows["_fits"].arg_true().to_list() if at not in self.used]

    def pick(self, where: pl.Expr, random: np.random.Generator) -> int | None:
        """Draw a row that `where` allows; None when there is none left."""
        free = self.candidates(where)
        return int(random.choice(free)) if free else None

    def text(self, at: int, cells: Cells) -> dict[str, str | None]:
        """Return cells as the text that they come to on a row as it was."""
        asked = [
            (v if isinstance(v, pl.Expr) else pl.lit(v, pl.String)).cast(pl.String).alias(n)
            for n, v in cells.items()
        ]
        return self.base[[at]].select(asked).row(0, named=True) if asked else {}

    def change(self, at: int, cells: Cells) -> int:
        """Change cells of a row; return its line in the file."""
        self.rows = changed(self.rows, at, self.text(at, cells)) if cells else self.rows
        return at + 2

    def add(self, at: int, cells: Cells) -> int:
        """Add a changed copy of a row at the end; return its line in the file."""
        self.rows = pl.concat([self.rows, changed(self.rows[[at]], 0, self.text(at, cells))])
        return self.rows.height + 1

    def drop(self, at: int) -> None:
        """Take a row away."""
        self.rows = self.rows.filter(pl.int_range(pl.len()) != at)


@dataclass
class Sheets:
    """The files of one pack, by the name of the return."""

    draft: Draft
    files: dict[str, PackSheet]

    @classmethod
    def of(cls, draft: Draft) -> Sheets:
        """Read the files of a pack; somebody who has not started is kept for events of nobody."""
        quarter = Quarter.parse(draft.manifest["period_id"])
        end = pl.lit(quarter.end.isoformat())
        people, events, figures = (
            read(draft.files[f"{n}.csv"]) for n in ("participants", "events", "aggregate")
        )
        waiting = people.with_row_index("_at").filter(
            pl.col("start_date").is_null() & (pl.col("episode_no") == "1")
        )
        files = {
            "participants": _participants(people, events, draft, end),
            "events": _events(events, people, waiting, end),
            "aggregate": _figures(figures, people, quarter),
        }
        files["participants"].used |= set(waiting["_at"].head(1))
        return cls(draft, files)

    def done(self) -> Draft:
        """Return the pack with its rows as they are now, sealed."""
        files = {f"{name}.csv": written(sheet.rows) for name, sheet in self.files.items()}
        return replace(self.draft, files={**self.draft.files, **files}).sealed()


def _participants(
    people: pl.DataFrame, events: pl.DataFrame, draft: Draft, end: pl.Expr
) -> PackSheet:
    counts = events.group_by(EPISODE).agg(_events=pl.len())
    counted = people.join(counts, on=EPISODE, how="left", maintain_order="left")
    sheet = PackSheet.of(
        people,
        _period_end=end,
        _area=pl.lit(draft.manifest["delivery_area_code"]),
        _events=pl.lit(counted["_events"].fill_null(0)),
        _returns=pl.len().over("participant_ref") > 1,
        _code_retired=pl.lit(_retired()),
    )
    # People with two episodes are compared with themselves: nothing is planted there.
    sheet.used |= set(sheet.base["_returns"].arg_true().to_list())
    return sheet


def _events(
    events: pl.DataFrame, people: pl.DataFrame, waiting: pl.DataFrame, end: pl.Expr
) -> PackSheet:
    known = people.select(*EPISODE, _end="end_date", _journey="journey_type")
    beside = events.select(EPISODE).join(known, on=EPISODE, how="left", maintain_order="left")
    ref = waiting["participant_ref"].head(1).to_list() or [None]
    return PackSheet.of(
        events,
        _period_end=end,
        _end=pl.lit(beside["_end"]),
        _journey=pl.lit(beside["_journey"]),
        _not_started_ref=pl.lit(ref[0], pl.String),
    )


def _figures(figures: pl.DataFrame, people: pl.DataFrame, quarter: Quarter) -> PackSheet:
    end = pl.lit(quarter.end.isoformat())
    return PackSheet.of(
        figures,
        _period_end=end,
        _starts=_starts(end),
        _named=pl.lit(_named(people)),
        _active=pl.lit(_active(people, quarter)),
    )


def _named(people: pl.DataFrame) -> int:
    """Count the specialists of people in support."""
    active = people.filter(pl.col("start_date").is_not_null() & pl.col("end_date").is_null())
    return active["specialist_ref"].n_unique()


def _active(people: pl.DataFrame, quarter: Quarter) -> int:
    """Count the episodes in support on some day of a quarter."""
    ended = pl.col("end_date") < pl.lit(quarter.start.isoformat())
    started = people.filter(pl.col("start_date").is_not_null())
    return started.filter(~ended.fill_null(value=False)).height


def _starts(end: pl.Expr) -> pl.Expr:
    total = (pl.col("measure_code") == "STARTS_TO_DATE") & (pl.col("as_at") == end)
    return pl.col("value").filter(total).first()


@cache
def _retired() -> str:
    """Return the authority code that was retired last, for one successor."""
    listed = reference.retired_authorities().filter(pl.len().over("old_code") == 1)
    return str(listed.sort("effective_date", "old_code")["old_code"][-1])

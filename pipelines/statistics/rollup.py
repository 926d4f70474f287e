"""Margins: the finest cells summed up each hierarchy, one dimension at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce

import polars as pl

from schemas.dimension import Codes


@dataclass(frozen=True)
class Levels(Mapping[str, tuple[str, ...]]):
    """The codes shown of each dimension, and the hierarchies that they belong to."""

    shown: dict[str, tuple[str, ...]]
    codes: dict[str, Codes]

    def __getitem__(self, name: str) -> tuple[str, ...]:
        return self.shown[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.shown)

    def __len__(self) -> int:
        return len(self.shown)


def rolled_up(cells: pl.DataFrame, levels: Levels, extra: tuple[str, ...] = ()) -> pl.DataFrame:
    """Sum cells of leaves into every shown code of every dimension, keeping the `extra` keys.

    One row per cell: a shown code of each dimension, and the `extra` keys. Every other column is
    summed as Int64 (a sum of smaller integers would wrap silently). Dimensions that show few codes
    come first, so that the frame shrinks at once.
    """
    keys = [*levels, *extra]
    values = [name for name in cells.columns if name not in keys]
    for name in sorted(levels, key=lambda name: len(levels[name])):
        within = containing(levels.codes[name], levels[name], name)
        cells = (
            cells.join(within, on=name, how="inner")
            .drop(name)
            .rename({"shown": name})
            .group_by(keys)
            .agg(pl.col(values).cast(pl.Int64).sum())
        )
    return cells


def grid(levels: Levels) -> pl.DataFrame:
    """Return one row per combination of the shown codes, in published order."""
    sides = [pl.DataFrame({name: levels[name]}, schema={name: pl.String}) for name in levels]
    return reduce(lambda left, right: left.join(right, how="cross"), sides)


def containing(codes: Codes, shown: tuple[str, ...], name: str) -> pl.DataFrame:
    """Return one row per leaf and shown code that contains it."""
    wanted = set(shown)
    pairs = [(leaf, up) for leaf in codes.leaves for up in codes.ancestors(leaf) if up in wanted]
    return pl.DataFrame(pairs, schema={name: pl.String, "shown": pl.String}, orient="row")

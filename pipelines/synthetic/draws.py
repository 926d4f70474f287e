"""Draw made-up values: from weights where a field is modelled, else from its kind."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import singledispatch

import numpy as np
import polars as pl
from numpy.typing import NDArray

from schemas.fields import (
    Code,
    CodeSet,
    Date,
    DateTime,
    Decimal,
    Email,
    Field,
    Flag,
    FreeText,
    Integer,
    Kind,
    NationalInsuranceNumber,
    PostcodeDistrict,
    Text,
    YearMonth,
    codes,
)

Numbers = NDArray[np.int64]
SHARE_OF_OPTIONAL = 0.5
# Letters that may stand in front; with digits from 0 to 9999 the numbers start with 00.
_FIRST = np.array(list("ABCEGHJKLMNPRSTWXYZ"))
_SECOND = np.array(list("ABCEGHJKLMNPRSTWXYZ"))
_NEVER = {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}


@dataclass(frozen=True)
class Source:
    """A seed and a place in the world: every column draws from its own stream of numbers."""

    seed: int
    place: int

    def stream(self, name: str) -> np.random.Generator:
        """Return the stream of a column; another column never changes it."""
        return np.random.default_rng([self.seed, self.place, zlib.crc32(name.encode())])


def choose(
    random: np.random.Generator, size: int, name: str, weights: Mapping[str, float]
) -> pl.Series:
    """Draw codes of a list; a code without a weight is rare, so a longer list needs no edit."""
    listed = codes(name)
    rare = 0.002 * sum(weights.values())
    share = np.array([weights.get(code, rare) for code in listed])
    at = np.searchsorted(np.cumsum(share / share.sum()), random.random(size), side="right")
    return pl.Series(listed)[np.minimum(at, len(listed) - 1)]


def ninos(number: Numbers) -> pl.Series:
    """Return National Insurance numbers of the right form, one per number.

    The six digits start with 00, which marks them as made up.
    """
    prefixes = [a + b for a in _FIRST for b in _SECOND if a + b not in _NEVER and b != "O"]
    scattered = (number * 1_000_003) % (len(prefixes) * 10_000 * 4)
    prefix = pl.Series(prefixes)[scattered % len(prefixes)]
    digits = pl.Series((scattered // len(prefixes)) % 10_000).cast(pl.String).str.zfill(6)
    last = pl.Series(list("ABCD"))[scattered // (len(prefixes) * 10_000)]
    return prefix + digits + last


def fill(field: Field, source: Source, size: int) -> pl.Series:
    """Draw a field that nothing models, from its kind; an optional field is blank half the time."""
    random = source.stream(field.name)
    drawn = draw(field.kind, random, size).cast(pl.String)
    if field.required is False:
        blank = pl.Series(random.random(size) >= SHARE_OF_OPTIONAL)
        drawn = drawn.to_frame("drawn").select(pl.when(~blank).then("drawn")).to_series()
    return drawn.rename(field.name)


@singledispatch
def draw(kind: Kind, random: np.random.Generator, size: int) -> pl.Series:
    """Draw `size` right values of a kind, as text or as something that is written as that text."""
    return pl.repeat(kind.example, size, eager=True)


@draw.register
def _(kind: Text, random: np.random.Generator, size: int) -> pl.Series:
    letters = np.array(list("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"))
    length = min(max(kind.min, 6), kind.max)
    text = pl.Series(["".join(row) for row in letters[random.integers(0, 34, (size, length))]])
    fits = text.to_frame("text").select(kind.permits(pl.col("text"))).to_series()
    return text if size == 0 or fits.all() else pl.repeat(kind.example, size, eager=True)


@draw.register
def _(kind: Code, random: np.random.Generator, size: int) -> pl.Series:
    listed = codes(kind.name)
    return pl.Series(listed)[random.integers(0, len(listed), size)]


@draw.register
def _(kind: CodeSet, random: np.random.Generator, size: int) -> pl.Series:
    listed = pl.Series(codes(kind.name))
    first = random.integers(0, len(listed), size)
    second = (first + 1 + random.integers(0, max(len(listed) - 1, 1), size)) % len(listed)
    return pl.select(
        pl.when(pl.Series(random.random(size) < 0.7))
        .then(listed[first])
        .otherwise(listed[first] + ";" + listed[second])
    ).to_series()


@draw.register
def _(kind: Integer, random: np.random.Generator, size: int) -> pl.Series:
    return pl.Series(random.integers(kind.min, kind.max + 1, size))


@draw.register
def _(kind: Decimal, random: np.random.Generator, size: int) -> pl.Series:
    top = min(kind.max, kind.min + 1_000_000)
    return pl.Series(np.round(random.uniform(kind.min, top, size), kind.places))


@draw.register
def _(kind: Date, random: np.random.Generator, size: int) -> pl.Series:
    # Between 2025-04-01 and the end of that June: in the past for every pack.
    return pl.Series(20179 + random.integers(0, 90, size)).cast(pl.Int32).cast(pl.Date)


@draw.register
def _(kind: YearMonth, random: np.random.Generator, size: int) -> pl.Series:
    year = pl.Series(random.integers(1965, 2000, size)).cast(pl.String)
    return year + "-" + pl.Series(random.integers(1, 13, size)).cast(pl.String).str.zfill(2)


@draw.register
def _(kind: DateTime, random: np.random.Generator, size: int) -> pl.Series:
    return pl.repeat("2025-06-30T12:00:00+00:00", size, eager=True)


@draw.register
def _(kind: NationalInsuranceNumber, random: np.random.Generator, size: int) -> pl.Series:
    return ninos(random.integers(0, 10_000_000, size))


@draw.register
def _(kind: PostcodeDistrict, random: np.random.Generator, size: int) -> pl.Series:
    letters = pl.Series(["AL", "B", "CB", "DH", "E", "GL", "KT", "LL", "M", "SA"])
    return letters[random.integers(0, 10, size)] + pl.Series(random.integers(1, 21, size)).cast(
        pl.String
    )


@draw.register
def _(kind: FreeText, random: np.random.Generator, size: int) -> pl.Series:
    notes = ("Prefers mornings", "Interpreter arranged", "Seen with support worker", None)
    drawn = weighted(random, size, notes, (0.01, 0.005, 0.005, 0.98))
    return drawn.str.slice(0, kind.max)


@draw.register
def _(kind: Email, random: np.random.Generator, size: int) -> pl.Series:
    return pl.repeat("returns@council.example", size, eager=True)


@draw.register
def _(kind: Flag, random: np.random.Generator, size: int) -> pl.Series:
    return pl.repeat("true", size, eager=True)


def weighted(
    random: np.random.Generator, size: int, values: Sequence[str | None], weights: Sequence[float]
) -> pl.Series:
    """Draw among a few values."""
    at = np.searchsorted(np.cumsum(weights) / sum(weights), random.random(size), side="right")
    return pl.Series(values, dtype=pl.String)[np.minimum(at, len(values) - 1)]
